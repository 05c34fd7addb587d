//! The operator's book as it stands: the commands of docs/operator.md in a shell, from an empty folder to three replicas and back from a
//! copy of the database; what is printed below a command must be among what it says. And the files of deploy/, as far as they can be read here.

use cartwright_platform_tests::{binary, component, root};
use cartwright_test_services::{Nats, Postgres, or_leave_out};
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Between the outputs of two commands; no program here writes this.
const NEXT: &str = "@@@ next ";

/// A command with what is printed below it.
struct Step {
    command: String,
    shown: Vec<String>,
}

/// The blocks marked `console` of one chapter.
fn steps(book: &str, chapter: &str) -> Vec<Step> {
    let heading = format!("\n## {chapter}\n");
    let begin = book.find(&heading).unwrap_or_else(|| panic!("the book has no chapter {chapter:?}")) + heading.len();
    let chapter = book[begin..].split("\n## ").next().expect("a text has a beginning");
    let blocks = chapter.split("```console\n").skip(1).map(|rest| rest.split("```").next().expect("a beginning"));
    let mut steps: Vec<Step> = Vec::new();
    for line in blocks.flat_map(str::lines) {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { command: command.to_owned(), shown: Vec::new() });
        } else if let Some(more) = line.strip_prefix("> ") {
            let step = steps.last_mut().expect("a command begins with `$ `");
            step.command.push('\n');
            step.command.push_str(more);
        } else {
            steps.last_mut().expect("output follows a command").shown.push(line.to_owned());
        }
    }
    assert!(!steps.is_empty());
    steps
}

/// Whether a line is as it is shown, where `…` stands for anything.
fn fits(shown: &str, line: &str) -> bool {
    let mut parts = shown.trim().split('…');
    let Some(mut rest) = line.trim().strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        let found =
            if last { rest.len().checked_sub(part.len()).filter(|_| rest.ends_with(part)) } else { rest.find(part) };
        let Some(at) = found else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

/// Runs the steps in one shell in a folder of their own; each must succeed and say what is shown.
fn run(steps: &[Step], words: &[(&str, String)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |from: &Path, name: &str| fs::copy(from, folder.path().join(name)).expect("the book's files");
    place(&component("shipping_quote"), "shipping_quote.wasm");
    place(&root().join("xtask/demo/shops/demo/shipping-quote.json"), "quotes.json");
    let filled = |text: &str| words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
    // What the steps started ends with them.
    let mut script =
        String::from("set -eu -o pipefail\ntrap 'kill -KILL $(jobs -p) 2> /dev/null || true' EXIT\nexec 2>&1\n");
    for (number, step) in steps.iter().enumerate() {
        let _ = writeln!(script, "echo '{NEXT}{number}'\n{}", filled(&step.command));
    }
    let programs = binary().parent().expect("the binary lies in a folder").display().to_string();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(folder.path()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARTWRIGHT_")) {
        command.env_remove(name);
    }
    let output = command.env("PATH", path).env("XDG_CONFIG_HOME", folder.path()).env("HOME", folder.path()).output();
    let output = output.expect("there is a bash");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}\n{}", told, logs(folder.path()));
    let mut outputs = told.split(NEXT).skip(1);
    for step in steps {
        let said: Vec<&str> = outputs.next().expect("an output for each command").lines().skip(1).collect();
        let mut rest = said.iter();
        for shown in &step.shown {
            assert!(
                rest.any(|line| fits(shown, line)),
                "`{}` does not say `{shown}`, but:\n{}",
                step.command,
                said.join("\n")
            );
        }
    }
}

fn logs(folder: &Path) -> String {
    let files = fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path());
    let logs = files.filter(|path| path.extension().is_some_and(|extension| extension == "log"));
    let read = |path: PathBuf| format!("{}:\n{}", path.display(), fs::read_to_string(&path).unwrap_or_default());
    logs.map(read).collect::<Vec<_>>().join("\n")
}

fn book() -> String {
    fs::read_to_string(root().join("docs/operator.md")).expect("the operator's book")
}

/// The ports of the book, each with one that is free.
fn ports() -> Vec<(&'static str, String)> {
    let held: Vec<_> = (0..4).map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port")).collect();
    let free = held.iter().map(|listener| listener.local_addr().expect("its address").port().to_string());
    ["8080", "8081", "8082", "8083"].into_iter().zip(free).collect()
}

#[test]
fn one_process_is_run_as_the_book_says() {
    run(&steps(&book(), "One process"), &ports());
}

#[test]
fn three_replicas_are_run_as_the_book_says() {
    let Some(postgres) = or_leave_out(Postgres::shared()) else { return };
    let Some(nats) = or_leave_out(Nats::start()) else { return };
    let addresses = [
        ("postgres://cartwright@db.example/cartwright", postgres.database()),
        ("nats://nats.example:4222", nats.url()),
    ];
    // The ports first: an address may hold the digits of one.
    let words: Vec<_> = ports().into_iter().chain(addresses).collect();
    run(&steps(&book(), "Three replicas"), &words);
}

#[test]
fn what_is_shown_may_leave_out_what_differs() {
    assert!(fits("ready", "  ready"));
    assert!(fits("…\"revision\":2…", "{\"plugins\":[{\"revision\":2}]}"));
    assert!(fits("Wrote … to `x`", "Wrote a token to `x`"));
    assert!(!fits("ready", "readyness"));
    assert!(!fits("a…b", "ac"));
    assert!(!fits("aa…aa", "aaa"), "what stands on both sides is there twice");
}

/// Compose and Kubernetes name options, variables and files that there are.
#[test]
fn the_files_of_deploy_are_yaml_and_name_what_there_is() {
    let deploy = root().join("deploy");
    let yaml = "import sys, yaml\nfor name in sys.argv[1:]: assert all(yaml.safe_load_all(open(name)))";
    let files = ["compose.yaml", "kubernetes.yaml"].map(|name| deploy.join(name));
    let python = |script: &str| Command::new("python3").arg("-c").arg(script).args(&files).output();
    if python("import yaml").is_ok_and(|output| output.status.success()) {
        let read = python(yaml).expect("it ran a moment ago");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    }
    let help = Command::new(binary()).args(["serve", "--help"]).output().expect("the binary runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let texts = ["compose.yaml", "kubernetes.yaml", "Dockerfile"]
        .map(|name| fs::read_to_string(deploy.join(name)).expect(name));
    for text in texts {
        let words = || text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "_-".contains(letter)));
        for name in words().filter(|word| word.starts_with("CARTWRIGHT_")) {
            assert!(help.contains(name), "the server knows no variable {name}");
        }
        for line in text.lines().filter(|line| line.contains("serve") && !line.trim_start().starts_with('#')) {
            let options = line.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
            for option in options.filter(|word| word.starts_with("--") && word.len() > 2) {
                assert!(help.contains(option), "the server knows no option {option}");
            }
        }
    }
    assert!(deploy.join("haproxy.cfg").is_file(), "compose.yaml mounts it");
}
