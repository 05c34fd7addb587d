//! Keys and their files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cartwright_package::{AuthorKey, KeyError, PublicKey};
use std::fs;

#[test]
fn a_key_comes_back_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.key");
    let key = AuthorKey::generate(None).unwrap();
    key.write_new(&path).unwrap();
    assert_eq!(AuthorKey::read(&path, None).unwrap().public_key(), key.public_key());
    // A password that was not needed does no harm: it may be there for other keys.
    assert_eq!(AuthorKey::read(&path, Some("any")).unwrap().public_key(), key.public_key());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_secret_key() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.key");
    AuthorKey::generate(None).unwrap().write_new(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_key_that_is_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.key");
    let first = AuthorKey::generate(None).unwrap();
    first.write_new(&path).unwrap();
    let error = AuthorKey::generate(None).unwrap().write_new(&path).unwrap_err();
    assert!(matches!(error, KeyError::Io { doing: "writing", .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), first.to_file_text());
}

#[test]
fn an_encrypted_key_wants_its_password() {
    let key = AuthorKey::generate(Some("correct horse")).unwrap();
    let text = key.to_file_text();
    assert_eq!(AuthorKey::from_file_text(text, Some("correct horse")).unwrap().public_key(), key.public_key());
    assert!(matches!(AuthorKey::from_file_text(text, Some("wrong")), Err(KeyError::WrongPassword)));
    assert!(matches!(AuthorKey::from_file_text(text, None), Err(KeyError::PasswordMissing)));
}

#[test]
fn a_key_is_not_shown_where_it_is_debugged() {
    let key = AuthorKey::generate(None).unwrap();
    assert_eq!(format!("{key:?}"), format!("AuthorKey({})", key.public_key().id()));
}

#[test]
fn what_is_no_key_is_refused() {
    let key = AuthorKey::generate(None).unwrap();
    let text = key.to_file_text();
    for wrong in ["", "x", "a\nb", "a\nRWQ=", &text[..text.len() / 2], &key.public_key().to_file()] {
        assert!(matches!(AuthorKey::from_file_text(wrong, None), Err(KeyError::NotSecret)), "{wrong}");
    }
    for wrong in ["", "RWQ=", "hello", text] {
        assert!(matches!(wrong.parse::<PublicKey>(), Err(KeyError::NotPublic(_))), "{wrong}");
    }
}

#[test]
fn a_damaged_key_is_refused_with_and_without_a_checksum() {
    let key = AuthorKey::generate(None).unwrap();
    // Byte by byte: 2 algorithm, 2 encryption, 2 checksum's algorithm, 32 salt, 16 limits, 8 number, 64 key, 32 checksum.
    let changed = |damage: usize, checksum: bool| {
        let mut bytes = STANDARD.decode(key.to_file_text().lines().nth(1).unwrap()).unwrap();
        bytes[damage] ^= 1;
        if !checksum {
            // As `minisign -G -W` leaves it.
            bytes[126..].fill(0);
        }
        AuthorKey::from_file_text(&format!("untrusted comment: x\n{}\n", STANDARD.encode(bytes)), None)
    };
    for checksum in [true, false] {
        // The salt of an unencrypted key means nothing.
        assert_eq!(changed(10, checksum).unwrap().public_key(), key.public_key());
        for damage in [62, 80, 94, 125] {
            let refused = matches!(changed(damage, checksum), Err(KeyError::NotSecret));
            assert!(refused, "byte {damage}, checksum {checksum}");
        }
    }
    assert!(matches!(changed(56, true), Err(KeyError::NotSecret)), "the number is under the checksum");
}

#[test]
fn a_public_key_is_one_line_or_its_file() {
    let key = AuthorKey::generate(None).unwrap().public_key();
    assert_eq!(key.to_string().len(), 56);
    assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
    assert_eq!(key.to_file().parse::<PublicKey>().unwrap(), key);
    assert_eq!(serde_json::from_value::<PublicKey>(serde_json::to_value(key).unwrap()).unwrap(), key);
}
