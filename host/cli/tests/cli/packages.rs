//! From a key to a registry and back: keygen, sign, verify, push, pull.

use super::{Ended, cartwright, folder, wasm};
use cartwright_test_services::{Registry, or_leave_out};
use std::fs;
use std::path::Path;

/// A component that says of itself only its name and version.
fn component(version: &str) -> Vec<u8> {
    let manifest = format!(r#"{{\"name\":\"flat-rate\",\"version\":\"{version}\",\"description\":\"One price\"}}"#);
    wasm(&format!(r#"(component (@custom "cartwright:manifest" "{manifest}"))"#))
}

fn done(folder: &Path, words: &[&str]) -> Ended {
    let ended = cartwright(folder, words);
    assert_eq!(ended.code, 0, "{words:?}: {}", ended.err);
    ended
}

/// Fails with this exit code, and says this.
fn refused(folder: &Path, words: &[&str], code: i32, says: &str) {
    let ended = cartwright(folder, words);
    assert_eq!(ended.code, code, "{words:?}: {}", ended.err);
    assert!(ended.err.contains(says), "{words:?}: {}", ended.err);
}

#[test]
fn what_an_author_signs_is_verified_by_the_public_line() {
    let here = folder(&[("plugin.wasm", &component("1.0.0"))]);
    let line = done(here.path(), &["keygen"]).out;
    assert!(line.starts_with("RW") && line.trim().len() == 56, "{line}");
    assert!(here.path().join("config/cartwright/author.key").is_file());
    let signed = done(here.path(), &["sign", "plugin.wasm"]);
    assert!(signed.err.contains("Signed flat-rate 1.0.0 (sha256:"), "{}", signed.err);
    let named = format!("acme={}", line.trim());
    assert_eq!(done(here.path(), &["verify", "plugin.wasm", "--author", &named]).out, "acme\n");
    assert_eq!(
        done(here.path(), &["verify", "plugin.wasm", "--author", "me=config/cartwright/author.pub"]).out,
        "me\n"
    );
    // Without a name the key's number is one; without an author, it is the own key.
    let own = done(here.path(), &["verify", "plugin.wasm"]).out;
    assert_eq!(own.trim().len(), 16, "{own}");
}

#[test]
fn a_signature_that_does_not_hold_is_exit_code_3_and_says_why() {
    let here = folder(&[("plugin.wasm", &component("1.0.0")), ("other.wasm", &component("2.0.0"))]);
    refused(here.path(), &["verify", "plugin.wasm"], 2, "hint: name one with --author");
    done(here.path(), &["keygen"]);
    done(here.path(), &["keygen", "--key", "other.key"]);
    refused(here.path(), &["verify", "plugin.wasm"], 3, "the package has no signature; sign it with `cartwright sign`");
    done(here.path(), &["sign", "plugin.wasm"]);
    refused(
        here.path(),
        &["verify", "plugin.wasm", "--author", "acme=other.pub"],
        3,
        "belongs to no known author; known are acme (",
    );
    refused(
        here.path(),
        &["verify", "plugin.wasm", "--as", "2.0.0"],
        3,
        "for version 1.0.0 of `flat-rate`, not for 2.0.0",
    );
    refused(
        here.path(),
        &["verify", "plugin.wasm", "--name", "free-rate"],
        3,
        "for the package `flat-rate`, not for `free-rate`",
    );
    refused(
        here.path(),
        &["verify", "other.wasm", "--signature", "plugin.wasm.minisig"],
        3,
        "was made for other bytes",
    );
    refused(here.path(), &["verify", "plugin.wasm", "--author", "acme=nonsense"], 2, "`nonsense` is not a public key");
    fs::write(here.path().join("plugin.wasm.minisig"), "hello").unwrap();
    refused(
        here.path(),
        &["verify", "plugin.wasm"],
        3,
        "the signature is not one of minisign: it has fewer than four lines",
    );
}

#[test]
fn a_key_is_never_overwritten_and_its_password_is_wanted() {
    let here = folder(&[("plugin.wasm", &component("1.0.0")), ("password", b"correct horse\n"), ("wrong", b"wrong\n")]);
    refused(here.path(), &["sign", "plugin.wasm"], 1, "hint: make one with `cartwright keygen`");
    let made = done(here.path(), &["keygen", "--key", "acme.key", "--password-file", "password"]);
    assert!(!made.err.contains("has no password"), "{}", made.err);
    let before = fs::read(here.path().join("acme.key")).unwrap();
    refused(here.path(), &["keygen", "--key", "acme.key"], 1, "`acme.key` is there already");
    assert_eq!(fs::read(here.path().join("acme.key")).unwrap(), before);
    refused(
        here.path(),
        &["sign", "plugin.wasm", "--key", "acme.key"],
        1,
        "the key is encrypted, and there is no password",
    );
    let wrong = ["sign", "plugin.wasm", "--key", "acme.key", "--password-file", "wrong"];
    refused(here.path(), &wrong, 1, "the password is wrong");
    done(here.path(), &["sign", "plugin.wasm", "--key", "acme.key", "--password-file", "password"]);
    assert_eq!(done(here.path(), &["verify", "plugin.wasm", "--author", "acme=acme.pub"]).out, "acme\n");
}

#[test]
fn what_has_no_name_is_named_by_the_author() {
    let here = folder(&[("plugin.wasm", &wasm("(component)"))]);
    done(here.path(), &["keygen"]);
    refused(here.path(), &["sign", "plugin.wasm"], 2, "`plugin.wasm` says no name");
    refused(
        here.path(),
        &["sign", "plugin.wasm", "--name", "flat rate", "--as", "1"],
        2,
        "`flat rate` is not a package name",
    );
    done(here.path(), &["sign", "plugin.wasm", "--name", "flat-rate", "--as", "1.0.0"]);
}

#[test]
fn a_package_goes_to_a_registry_and_comes_back_verified() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let here = folder(&[("plugin.wasm", &component("1.0.0"))]);
    let place = format!("{}/acme/flat-rate", registry.address());
    done(here.path(), &["keygen"]);
    done(here.path(), &["sign", "plugin.wasm"]);
    let pushed = done(here.path(), &["push", &place, "plugin.wasm"]);
    assert!(pushed.out.starts_with(&format!("{place}:1.0.0@sha256:")), "{}", pushed.out);
    assert!(done(here.path(), &["push", &place, "plugin.wasm"]).err.contains("Unchanged flat-rate 1.0.0"));
    // By what push printed.
    let author = "acme=config/cartwright/author.pub";
    let pulled = done(here.path(), &["pull", pushed.out.trim(), "--author", author]);
    assert_eq!(pulled.out, pushed.out);
    assert_eq!(fs::read(here.path().join("flat-rate-1.0.0.wasm")).unwrap(), component("1.0.0"));
    assert_eq!(done(here.path(), &["verify", "flat-rate-1.0.0.wasm", "--author", author]).out, "acme\n");
    // Without an author it comes as well, and says so.
    let tagged = format!("{place}:1.0.0");
    let unchecked = done(here.path(), &["pull", &tagged, "-o", "unchecked.wasm"]);
    assert!(unchecked.err.contains("nobody's signature was checked"), "{}", unchecked.err);
    // What nobody known has signed is not written.
    done(here.path(), &["keygen", "--key", "other.key"]);
    refused(
        here.path(),
        &["pull", &tagged, "-o", "refused.wasm", "--author", "other.pub"],
        3,
        "belongs to no known author",
    );
    assert!(!here.path().join("refused.wasm").exists());
    let expect = format!("sha256:{}", "0".repeat(64));
    refused(here.path(), &["pull", &tagged, "--expect", &expect], 3, "its tag was moved");
}

#[test]
fn a_registry_s_version_never_changes() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let here = folder(&[("plugin.wasm", &component("1.0.0")), ("next.wasm", &component("1.1.0"))]);
    let place = format!("{}/flat-rate", registry.address());
    let pushed = done(here.path(), &["push", &place, "plugin.wasm"]);
    assert!(pushed.err.contains("the package is not signed"), "{}", pushed.err);
    refused(here.path(), &["push", &place, "next.wasm", "--as", "1.0.0"], 3, "a version never changes, so count it up");
    done(here.path(), &["push", &place, "next.wasm"]);
}

#[test]
fn a_registry_that_cannot_be_asked_says_what_to_do() {
    let here = folder(&[("plugin.wasm", &component("1.0.0"))]);
    for (words, code, says) in [
        (
            &["push", "flat-rate:1.0.0", "plugin.wasm"][..],
            2,
            "it names no registry; it looks like `ghcr.io/acme/flat-rate:1.0.0`",
        ),
        (&["pull", "127.0.0.1:1/x"], 2, "hint: add the version as a tag"),
        (&["pull", "127.0.0.1:1/x:1"], 1, "the registry `127.0.0.1:1` cannot be reached: Connection refused"),
        (&["push", "127.0.0.1:1/x", "plugin.wasm"], 1, "cannot be reached"),
        (&["pull", "127.0.0.1:1/x:1", "--expect", "123"], 2, "`123` is not a digest"),
    ] {
        refused(here.path(), words, code, says);
    }
}
