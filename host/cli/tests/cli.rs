//! The built binary, as a user meets it: help, exit codes, and what it says when something is wrong. Plugins that answer are
//! asked in the crate of end-to-end tests.

#[path = "cli/packages.rs"]
mod packages;

#[path = "cli/operate.rs"]
mod operate;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

struct Ended {
    code: i32,
    out: String,
    err: String,
}

/// Runs the command in a folder, with neither a terminal nor the user's environment.
fn cartwright(folder: &Path, words: &[&str]) -> Ended {
    cartwright_with(folder, words, &[])
}

/// The same with some variables.
fn cartwright_with(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_cartwright"))
        .args(words)
        .current_dir(folder)
        .env_remove("CARTWRIGHT_CACHE")
        .env_remove("CARTWRIGHT_SDK")
        .env_remove("CARTWRIGHT_SHOPS")
        .env_remove("CARTWRIGHT_LISTEN")
        .env_remove("CARTWRIGHT_KEY")
        .env_remove("CARTWRIGHT_SERVER")
        .env_remove("CARTWRIGHT_TOKEN")
        .env_remove("CARTWRIGHT_TOKEN_FILE")
        .env_remove("CARTWRIGHT_CONTEXT")
        .env_remove("CARTWRIGHT_STORE")
        .env_remove("CARTWRIGHT_KEY_PASSWORD")
        .env_remove("CARTWRIGHT_REGISTRY_USER")
        .env_remove("CARTWRIGHT_REGISTRY_PASSWORD")
        .env_remove("CARTWRIGHT_REGISTRY_TOKEN")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CARGO_TARGET_DIR")
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("COLUMNS", "100")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

const CART: &[u8] = br#"{"currency":"USD","destination":{"country":"US"},"lines":[{"id":"1","sku":"MUG","quantity":1,"unitPrice":1400,"weight":380}]}"#;
const COMMANDS: [&str; 12] =
    ["new", "build", "inspect", "run", "bench", "keygen", "sign", "verify", "push", "pull", "serve", "completions"];

#[test]
fn the_help_is_what_a_newcomer_reads() {
    let here = folder(&[]);
    let help = cartwright(here.path(), &["--help"]);
    assert_eq!(help.code, 0);
    insta::assert_snapshot!("help", help.out);
    insta::assert_snapshot!("help_run", cartwright(here.path(), &["run", "--help"]).out);
}

#[test]
fn every_command_has_examples() {
    let here = folder(&[]);
    for command in COMMANDS {
        let help = cartwright(here.path(), &[command, "--help"]);
        assert_eq!(help.code, 0, "{command}");
        assert!(help.out.contains("Examples:\n  cartwright "), "{command}: {}", help.out);
    }
}

#[test]
fn nothing_is_coloured_when_nobody_looks_and_everything_when_asked() {
    let here = folder(&[]);
    assert!(!cartwright(here.path(), &["inspect", "none.wasm"]).err.contains('\u{1b}'));
    assert!(cartwright(here.path(), &["inspect", "none.wasm", "--color", "always"]).err.contains('\u{1b}'));
}

#[test]
fn a_command_line_that_is_not_understood_is_exit_code_2_and_names_what_is_right() {
    let here = folder(&[("cart.json", CART), ("plugin.wasm", b"")]);
    for (words, says) in [
        (&["quote"][..], "unrecognized subcommand 'quote'"),
        (&["run", "plugin.wasm", "cart.json", "--memory", "2G"], "a sandbox has at most 512MiB"),
        (&["run", "plugin.wasm", "cart.json", "--deadline", "500"], "such as 500ms"),
        (&["run", "plugin.wasm", "cart.json", "--fuel", "lots"], "50_000_000"),
        (&["run", "plugin.wasm", "cart.json", "--at", "today"], "2026-11-21T15:00:00Z"),
        (&["run", "plugin.wasm"], "no INPUT was given"),
        (&["run", "cart.json"], "`cart.json` is no component"),
        (&["inspect"], "no component was given"),
        (&["build"], "there is no Cargo.toml in `.` or above it"),
        (&["serve"], "--shops <DIR>"),
    ] {
        let ended = cartwright(here.path(), words);
        assert_eq!(ended.code, 2, "{words:?}: {}", ended.err);
        assert!(ended.err.contains(says), "{words:?}: {}", ended.err);
    }
}

#[test]
fn a_file_that_is_missing_is_exit_code_1_and_named() {
    let here = folder(&[("plugin.wasm", b""), ("cart.json", CART)]);
    for (words, says) in [
        (
            &["inspect", "none.wasm"][..],
            "reading the component `none.wasm` failed: there is no such file\nhint: check the path",
        ),
        (&["run", "none.wasm", "cart.json"], "reading the component `none.wasm` failed"),
        (&["run", "plugin.wasm", "none.json"], "reading the input `none.json` failed"),
        (&["bench", "plugin.wasm", "-s", "none.json", "cart.json"], "reading the settings `none.json` failed"),
    ] {
        let ended = cartwright(here.path(), words);
        assert_eq!(ended.code, 1, "{words:?}: {}", ended.err);
        assert!(ended.err.contains(says), "{words:?}: {}", ended.err);
    }
}

#[test]
fn what_is_no_plugin_is_exit_code_3_and_says_why() {
    let import = r#"(component (import "wasi:sockets/tcp@0.2.0" (instance)))"#;
    let here = folder(&[
        ("cart.json", CART),
        ("text.wasm", b"#!/bin/sh"),
        ("module.wasm", &wasm("(module)")),
        ("cut.wasm", &wasm(import)[..12]),
        ("import.wasm", &wasm(import)),
        ("empty.wasm", &wasm("(component)")),
    ]);
    for (file, says) in [
        ("text.wasm", "error: `text.wasm`: this is not a WebAssembly component"),
        ("module.wasm", "it is a core module; build one with `cargo build --target wasm32-wasip2 --release`"),
        ("cut.wasm", "this is not a WebAssembly component"),
        ("import.wasm", "the component imports `wasi:sockets/tcp@0.2.0`, which the host does not offer"),
        ("empty.wasm", "does not export `cartwright:plugin/settings@1.0.0`; it exports nothing"),
    ] {
        for command in ["run", "bench"] {
            let ended = cartwright(here.path(), &[command, file, "cart.json"]);
            assert_eq!(ended.code, 3, "{command} {file}: {}", ended.err);
            assert!(ended.err.contains(says), "{command} {file}: {}", ended.err);
        }
    }
    for file in ["text.wasm", "module.wasm"] {
        assert_eq!(cartwright(here.path(), &["inspect", file]).code, 3, "{file}");
    }
}

#[test]
fn inspect_marks_an_import_that_the_host_does_not_offer() {
    let component =
        r#"(component (import "cartwright:plugin/log@1.0.0" (instance)) (import "wasi:sockets/tcp@0.2.0" (instance)))"#;
    let here = folder(&[("plugin.wasm", &wasm(component))]);
    let shown = cartwright(here.path(), &["inspect", "plugin.wasm"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    insta::assert_snapshot!("inspect", shown.out);
    let shown = cartwright(here.path(), &["inspect", "plugin.wasm", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(json["imports"][0]["offered"], true);
    assert_eq!(json["imports"][1], serde_json::json!({ "name": "wasi:sockets/tcp@0.2.0", "offered": false }));
    assert_eq!(cartwright(here.path(), &["inspect", "plugin.wasm", "--schema"]).code, 1);
}

#[test]
fn an_input_that_is_no_request_is_exit_code_4_with_its_place_and_pointer() {
    let wrong = String::from_utf8(CART.to_vec()).unwrap().replace("380", "\"380 g\"");
    let here = folder(&[("wrong.json", wrong.as_bytes()), ("cut.json", &CART[..40]), ("plugin.wasm", b"\0asm")]);
    let ended = cartwright(here.path(), &["run", "plugin.wasm", "wrong.json", "cut.json"]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("error: 2 of 2 inputs got no answer"), "{}", ended.err);
    let says = "INVALID_REQUEST at /lines/0/weight: invalid type: string \"380 g\", expected a whole number from 0 to 4294967295 (line 1 column 126)";
    assert!(ended.out.contains(says), "{}", ended.out);
    assert!(ended.out.contains("INVALID_JSON at /destination: EOF while parsing a string"), "{}", ended.out);

    let ended = cartwright(here.path(), &["run", "plugin.wasm", "wrong.json", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((json["input"].as_str(), json["error"]["code"].as_str()), (Some("wrong.json"), Some("INVALID_REQUEST")));
    assert_eq!(json["error"]["failure"]["field"], "/lines/0/weight");
    assert_eq!(json["usage"]["fuel"], 0);
}

#[test]
fn new_makes_a_project_and_touches_nothing_that_is_there() {
    let here = folder(&[("taken", b"a file")]);
    fs::create_dir(here.path().join("empty")).unwrap();
    for name in ["my-quote", "empty"] {
        let ended = cartwright(here.path(), &["new", name]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let manifest = fs::read_to_string(here.path().join(name).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{manifest}");
    }
    for (name, says) in [
        ("my-quote", "`my-quote` is already there and not an empty folder"),
        ("taken", "`taken` is already there"),
        ("crate", "meaning of its own"),
        ("../up", "'.' is neither"),
    ] {
        let ended = cartwright(here.path(), &["new", name]);
        assert_eq!(ended.code, 2, "{name}: {}", ended.err);
        assert!(ended.err.contains(says) && ended.err.contains("\nhint: "), "{name}: {}", ended.err);
    }
    let ended = cartwright(here.path(), &["new", "other", "--sdk", "empty"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("`empty` is not the folder of the crate cartwright-sdk"), "{}", ended.err);
    assert!(!here.path().join("other").exists());
}

#[test]
fn a_project_that_was_not_built_says_so() {
    let here = folder(&[]);
    assert_eq!(cartwright(here.path(), &["new", "my-quote"]).code, 0);
    let project = here.path().join("my-quote");
    let ended = cartwright(&project, &["run"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.err.contains("the plugin `my-quote` has not been built"), "{}", ended.err);
    assert!(ended.err.contains("hint: run `cartwright build` first"), "{}", ended.err);
}

#[test]
fn shops_that_are_described_wrongly_are_exit_code_3() {
    let here = folder(&[]);
    fs::create_dir_all(here.path().join("shops/demo")).unwrap();
    fs::write(here.path().join("shops/demo/shop.json"), r#"{ "name": "Demo", "plugin": {} }"#).unwrap();
    let ended = cartwright(here.path(), &["serve", "--shops", "shops", "--listen", "127.0.0.1:0"]);
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("shop.json: /plugin: "), "{}", ended.err);
}

#[test]
fn completions_know_every_command() {
    let here = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = cartwright(here.path(), &["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(COMMANDS.iter().all(|command| script.out.contains(command)), "{shell}");
    }
}
