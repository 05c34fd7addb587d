//! Whose signature counts, and what an error says of one that does not.

use crate::{COMPONENT, package, signed_with, trust_in};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cartwright_package::{Author, AuthorKey, Digest, Package, Signature, SignatureError, Trust};

fn key() -> AuthorKey {
    AuthorKey::generate(None).unwrap()
}

#[test]
fn a_signature_tells_the_author() {
    let (acme, other) = (key(), key());
    let author = |name: &str, key: &AuthorKey| Author { name: name.into(), key: key.public_key() };
    let trust = Trust::new([author("other", &other), author("acme", &acme)]);
    assert_eq!(trust.verify_package(&signed_with(&acme)).unwrap().name, "acme");
    assert_eq!(trust.verify_package(&signed_with(&other)).unwrap().name, "other");
}

#[test]
fn a_signature_says_what_it_is_for() {
    let signature = key().sign(COMPONENT, "flat-rate", "1.0.0").unwrap();
    let text = signature.to_string();
    let comment =
        format!("trusted comment: cartwright package=flat-rate version=1.0.0 digest={}", Digest::of(COMPONENT));
    assert_eq!(text.lines().nth(2), Some(comment.as_str()));
    let claim = signature.claim().unwrap();
    assert_eq!((claim.package.as_str(), claim.version.as_str()), ("flat-rate", "1.0.0"));
}

#[test]
fn no_signature_is_no_author() {
    assert_eq!(trust_in("acme", &key()).verify_package(&package()), Err(SignatureError::Missing));
}

#[test]
fn an_unknown_key_is_named_beside_the_known() {
    let (acme, other) = (key(), key());
    let error = trust_in("acme", &acme).verify_package(&signed_with(&other)).unwrap_err();
    let (acme, other) = (acme.public_key().id(), other.public_key().id());
    let message = format!("made with the key {other}, which belongs to no known author; known are acme ({acme})");
    assert!(error.to_string().contains(&message), "{error}");
    let nobody = Trust::default().verify_package(&signed_with(&key())).unwrap_err();
    assert!(nobody.to_string().ends_with("no author is known"), "{nobody}");
}

#[test]
fn a_signature_does_not_hold_for_other_bytes() {
    let key = key();
    let signature = signed_with(&key).signature().unwrap().clone();
    let other = Package::new("flat-rate", "1.0.0", b"\0asm other".to_vec()).unwrap().with_signature(signature);
    assert_eq!(
        trust_in("acme", &key).verify_package(&other),
        Err(SignatureError::OtherBytes { signed: Digest::of(COMPONENT), found: other.digest() })
    );
}

#[test]
fn an_old_version_cannot_be_passed_off_as_a_new_one() {
    let key = key();
    let signature = signed_with(&key).signature().unwrap().clone();
    let trust = trust_in("acme", &key);
    let verify =
        |name: &str, version: &str| trust.verify(COMPONENT, &signature, name, version).unwrap_err().to_string();
    assert_eq!(verify("flat-rate", "2.0.0"), "the signature is for version 1.0.0 of `flat-rate`, not for 2.0.0");
    assert_eq!(verify("free-rate", "1.0.0"), "the signature is for the package `flat-rate`, not for `free-rate`");
}

/// Line `line` of the signature's four, changed.
fn changed(signature: &Signature, line: usize, change: impl Fn(&str) -> String) -> Result<Signature, SignatureError> {
    let text = signature.to_string();
    let lines: Vec<_> =
        text.lines().enumerate().map(|(at, text)| if at == line { change(text) } else { text.into() }).collect();
    Signature::parse(&lines.join("\n"))
}

#[test]
fn what_a_signature_says_cannot_be_changed() {
    let key = key();
    let signature = signed_with(&key).signature().unwrap().clone();
    let forged = changed(&signature, 2, |line| line.replace("1.0.0", "2.0.0")).unwrap();
    assert_eq!(
        trust_in("acme", &key).verify(COMPONENT, &forged, "flat-rate", "2.0.0"),
        Err(SignatureError::Forged { author: "acme".into(), key: key.public_key().id() })
    );
    // The first line is not covered, and says nothing.
    let renamed = changed(&signature, 0, |_| "untrusted comment: by somebody else".into()).unwrap();
    assert!(trust_in("acme", &key).verify(COMPONENT, &renamed, "flat-rate", "1.0.0").is_ok());
}

#[test]
fn a_key_with_the_number_of_another_is_not_the_other() {
    let (acme, impostor) = (key(), key());
    // As `impostor`, but with the number of `acme`.
    let bytes_of = |key: &AuthorKey| STANDARD.decode(key.public_key().to_string()).unwrap();
    let mut bytes = bytes_of(&impostor);
    bytes[2..10].copy_from_slice(&bytes_of(&acme)[2..10]);
    let twin = Author { name: "impostor".into(), key: STANDARD.encode(bytes).parse().unwrap() };
    let acme_author = Author { name: "acme".into(), key: acme.public_key() };
    let package = signed_with(&acme);
    let only_twin = Trust::new([twin.clone()]).verify_package(&package).cloned();
    assert!(matches!(only_twin, Err(SignatureError::Forged { author, .. }) if author == "impostor"));
    assert_eq!(Trust::new([twin, acme_author]).verify_package(&package).unwrap().name, "acme");
}

#[test]
fn every_character_of_what_was_signed_counts() {
    let key = key();
    let trust = trust_in("acme", &key);
    let signature = signed_with(&key).signature().unwrap().clone();
    let text = signature.to_string();
    let covered = text.find('\n').unwrap() + 1;
    for at in covered..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        // The last character of base64 holds bits that mean nothing; reading them strictly refuses those too.
        let verified = Signature::parse(&changed)
            .and_then(|changed| trust.verify(COMPONENT, &changed, "flat-rate", "1.0.0").cloned());
        assert!(verified.is_err() || changed.trim() == text.trim(), "{at}: {changed}");
    }
}

#[test]
fn what_is_no_signature_says_why() {
    let good = signed_with(&key()).signature().unwrap().clone();
    let why = |text: &str| match Signature::parse(text) {
        Err(SignatureError::Malformed(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(""), "it has fewer than four lines");
    assert_eq!(why(&format!("{good}more\n")), "it has more than four lines");
    assert_eq!(why(&"x".repeat(5000)), "it is longer than 4 KiB");
    assert_eq!(why("a\nb\nc\nd"), "its first line does not begin with `untrusted comment: `");
    let malformed = |line, text: &str| match changed(&good, line, |_| text.into()) {
        Err(SignatureError::Malformed(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(malformed(1, "AAAA"), "its second line is not base64 of 74 bytes");
    assert_eq!(malformed(1, &"A".repeat(100)), "its second line is not base64 of 74 bytes");
    assert_eq!(malformed(2, "comment"), "its third line does not begin with `trusted comment: `");
    assert_eq!(malformed(3, "AAAA"), "its fourth line is not base64 of 64 bytes");
}

#[test]
fn a_signature_travels_in_a_header() {
    let signature = signed_with(&key()).signature().unwrap().clone();
    assert_eq!(Signature::from_header(&signature.to_header()), Ok(signature));
    assert!(matches!(Signature::from_header("%"), Err(SignatureError::Malformed("it is not base64 of a text"))));
}

#[test]
fn a_name_that_a_comment_cannot_hold_is_not_signed() {
    let key = key();
    for (name, version) in [("flat rate", "1.0.0"), ("flat-rate", "1.0.0 digest=x"), ("", "1.0.0")] {
        assert!(key.sign(COMPONENT, name, version).is_err(), "{name} {version}");
    }
}
