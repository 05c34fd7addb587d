//! Against the real `minisign` (Debian's package of that name); left out, with a notice, where it is not installed.

use crate::{COMPONENT, trust_in};
use cartwright_package::{AuthorKey, Digest, Signature, SignatureError, Statement};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The program, unless it is missing.
fn minisign(folder: &Path, arguments: &[&str]) -> Option<Output> {
    match Command::new("minisign").args(arguments).current_dir(folder).output() {
        Ok(output) => Some(output),
        Err(error) => {
            let required = std::env::var_os("CARTWRIGHT_SERVICES").is_some_and(|value| value == "required");
            assert!(!required, "minisign: {error}; `apt-get install minisign`");
            eprintln!("this test is left out: minisign: {error}; to get it: `apt-get install minisign`");
            None
        }
    }
}

fn statement() -> String {
    Statement { package: "flat-rate".into(), version: "1.0.0".into(), digest: Digest::of(COMPONENT) }.to_string()
}

#[test]
fn minisign_verifies_what_is_signed_here() {
    let folder = tempfile::tempdir().unwrap();
    let key = AuthorKey::generate(None).unwrap();
    let signature = key.sign(COMPONENT, "flat-rate", "1.0.0").unwrap();
    fs::write(folder.path().join("plugin.wasm"), COMPONENT).unwrap();
    fs::write(folder.path().join("plugin.wasm.minisig"), signature.to_string()).unwrap();
    fs::write(folder.path().join("acme.pub"), key.public_key().to_file()).unwrap();
    let Some(output) = minisign(folder.path(), &["-V", "-Q", "-p", "acme.pub", "-m", "plugin.wasm"]) else { return };
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), statement());
}

#[test]
fn minisign_signs_with_a_key_from_here_and_is_verified_here() {
    let folder = tempfile::tempdir().unwrap();
    let key = AuthorKey::generate(None).unwrap();
    key.write_new(&folder.path().join("acme.key")).unwrap();
    fs::write(folder.path().join("plugin.wasm"), COMPONENT).unwrap();
    let arguments = ["-S", "-s", "acme.key", "-t", &statement(), "-m", "plugin.wasm"];
    let Some(output) = minisign(folder.path(), &arguments) else { return };
    assert!(output.status.success(), "{output:?}");
    let signature = fs::read_to_string(folder.path().join("plugin.wasm.minisig")).unwrap();
    let signature = Signature::parse(&signature).unwrap();
    assert_eq!(trust_in("acme", &key).verify(COMPONENT, &signature, "flat-rate", "1.0.0").unwrap().name, "acme");
}

#[test]
fn a_key_of_minisign_signs_here() {
    let folder = tempfile::tempdir().unwrap();
    // `-W`: without a password.
    let Some(output) = minisign(folder.path(), &["-G", "-W", "-p", "acme.pub", "-s", "acme.key"]) else { return };
    assert!(output.status.success(), "{output:?}");
    let key = AuthorKey::read(&folder.path().join("acme.key"), None).unwrap();
    let public = fs::read_to_string(folder.path().join("acme.pub")).unwrap();
    assert_eq!(public.parse::<cartwright_package::PublicKey>().unwrap(), key.public_key());
    let signature = key.sign(COMPONENT, "flat-rate", "1.0.0").unwrap();
    assert!(trust_in("acme", &key).verify(COMPONENT, &signature, "flat-rate", "1.0.0").is_ok());
}

#[test]
fn minisigns_legacy_signatures_and_other_comments_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let key = AuthorKey::generate(None).unwrap();
    key.write_new(&folder.path().join("acme.key")).unwrap();
    fs::write(folder.path().join("plugin.wasm"), COMPONENT).unwrap();
    let signed = |arguments: &[&str]| {
        let arguments = [&["-S", "-s", "acme.key", "-m", "plugin.wasm"], arguments].concat();
        let output = minisign(folder.path(), &arguments)?;
        assert!(output.status.success(), "{output:?}");
        Some(Signature::parse(&fs::read_to_string(folder.path().join("plugin.wasm.minisig")).unwrap()))
    };
    let Some(legacy) = signed(&["-l", "-t", &statement()]) else { return };
    assert_eq!(legacy, Err(SignatureError::Legacy));
    let Some(plain) = signed(&[]) else { return };
    let error = trust_in("acme", &key).verify(COMPONENT, &plain.unwrap(), "flat-rate", "1.0.0").unwrap_err();
    assert!(matches!(error, SignatureError::NoStatement { .. }), "{error}");
}
