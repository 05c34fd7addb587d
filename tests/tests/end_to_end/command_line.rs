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

/// A project as `cartwright new` makes it, whose own tests pass.
fn new_project(folder: &Path, name: &str, hook: &str) -> PathBuf {
    let sdk = root().join("guest-sdk");
    succeeds(folder, &["new", name, "--hook", hook, "--sdk", sdk.to_str().expect("a path in UTF-8")]);
    let project = folder.join(name);

    let tests = Command::new(env!("CARGO"))
        .arg("test")
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", binary().with_file_name("new-plugin"))
        .output()
        .expect("cargo");
    assert!(tests.status.success(), "{}", String::from_utf8_lossy(&tests.stdout));
    project
}

#[test]
fn a_new_plugin_tests_builds_and_answers_as_it_comes() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = new_project(folder.path(), "my-quote", "shipping-quote");
    succeeds(&project, &["build"]);
    let answer = succeeds(&project, &["run"]);
    assert!(answer.contains("fuel") && answer.contains("USD"), "{answer}");
    let json = cartwright(&project, &["run", "--json"]);
    let line: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one JSON object for the one cart");
    assert!(line["answer"]["quotes"][0]["price"].is_number(), "{line}");
    let inspected = succeeds(&project, &["inspect"]);
    assert!(inspected.contains("shipping-quote"), "{inspected}");
}

/// The commands of docs/plugin-author.md, "An own routing rule".
#[test]
fn a_new_routing_rule_tests_builds_and_routes_as_the_guide_says() {
    let guide = std::fs::read_to_string(root().join("docs/plugin-author.md")).expect("the guide");
    for command in
        ["cartwright new my-routing --hook order-routing", "cartwright build", "cartwright run", "cartwright bench"]
    {
        assert!(guide.contains(command), "the guide no longer says `{command}`");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let project = new_project(folder.path(), "my-routing", "order-routing");
    succeeds(&project, &["build"]);
    let answer = succeeds(&project, &["run"]);
    assert!(answer.contains("portland-store") && answer.contains("release"), "{answer}");
    let json = cartwright(&project, &["run", "--json"]);
    let line: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one JSON object for the one order");
    // One TENT and two stoves: the store has all of it.
    assert_eq!(line["answer"]["shipments"].as_array().map(Vec::len), Some(1), "{line}");
    assert_eq!(line["answer"]["total"], 900 + 300 + 2 * 150);
    let bench = succeeds(&project, &["bench", "--calls", "100"]);
    assert!(bench.contains("median"), "{bench}");
}

#[test]
fn a_project_for_every_other_hook_tests_green_as_it_comes() {
    let folder = tempfile::tempdir().expect("a folder");
    for hook in ["order-screening", "address-validation", "return-policy"] {
        let project = new_project(folder.path(), &format!("my-{hook}"), hook);
        assert!(project.join("requests/one.json").is_file());
    }
}
