//! `cartwright new`, `build`, `run` as the README says them, in a folder outside of the workspace.

use cartwright_tests::root;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("this test's own path");
    tests.parent().and_then(|deps| deps.parent()).expect("it lies in the target folder").join("cartwright")
}

fn cartwright(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder);
    // Built once for all runs of this test, and apart from the workspace's own files.
    command.env("CARGO_TARGET_DIR", binary().with_file_name("new-plugin"));
    command.output().expect("the binary that cargo test built")
}

fn succeeds(folder: &Path, arguments: &[&str]) -> String {
    let output = cartwright(folder, arguments);
    let both = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cartwright {}: {both}", arguments.join(" "));
    both
}

#[test]
fn a_new_plugin_tests_builds_and_answers_as_it_comes() {
    let folder = tempfile::tempdir().expect("a folder");
    let sdk = root().join("guest-sdk");
    succeeds(folder.path(), &["new", "my-quote", "--sdk", sdk.to_str().expect("a path in UTF-8")]);
    let project = folder.path().join("my-quote");

    let tests = Command::new(env!("CARGO"))
        .arg("test")
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", binary().with_file_name("new-plugin"))
        .output()
        .expect("cargo");
    assert!(tests.status.success(), "{}", String::from_utf8_lossy(&tests.stdout));

    succeeds(&project, &["build"]);
    let answer = succeeds(&project, &["run"]);
    assert!(answer.contains("fuel") && answer.contains("USD"), "{answer}");
    let json = cartwright(&project, &["run", "--json"]);
    let line: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one JSON object for the one cart");
    assert!(line["answer"]["quotes"][0]["price"].is_number(), "{line}");
    let inspected = succeeds(&project, &["inspect"]);
    assert!(inspected.contains("shipping-quote"), "{inspected}");
}
