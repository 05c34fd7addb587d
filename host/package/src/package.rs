//! A plugin with the name and the version it is published under.

use crate::digest::{Digest, shortened};
use crate::signature::Signature;

/// The largest component that is published, pulled or pushed, in bytes.
pub const MAX_COMPONENT: usize = 64 << 20;
/// The longest name and the longest version, in bytes: together they must fit a registry's tag and a path.
const MAX_WORD: usize = 128;

/// A plugin as it travels: its component, and what cannot stand in the component's bytes.
///
/// Manifest and settings schema are not here a second time: they are sections of the component, and whoever wants them reads the
/// bytes that the digest and the signature hold for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    name: String,
    version: String,
    digest: Digest,
    component: Vec<u8>,
    signature: Option<Signature>,
}

impl Package {
    /// Without a signature.
    ///
    /// # Errors
    /// When name or version cannot be a package's.
    pub fn new(
        name: impl Into<String>,
        version: impl Into<String>,
        component: impl Into<Vec<u8>>,
    ) -> Result<Self, NameError> {
        let (name, version, component) = (name.into(), version.into(), component.into());
        check_name(&name)?;
        check_version(&version)?;
        Ok(Self { name, version, digest: Digest::of(&component), component, signature: None })
    }

    /// With this signature; nothing is verified here, that is [`crate::Trust::verify_package`]'s.
    #[must_use]
    pub fn with_signature(self, signature: Signature) -> Self {
        Self { signature: Some(signature), ..self }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    /// Of the component's bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    pub fn component(&self) -> &[u8] {
        &self.component
    }

    pub fn into_component(self) -> Vec<u8> {
        self.component
    }

    pub fn signature(&self) -> Option<&Signature> {
        self.signature.as_ref()
    }
}

/// Whether a package may have this name: 1 to 128 letters, digits, `-`, `_`, `.`; the first is a letter or a digit.
///
/// # Errors
/// When it may not; the error says what may stand there.
pub fn check_name(name: &str) -> Result<(), NameError> {
    check("package name", name, "")
}

/// Whether a package's version may be called this: as a name, and `+` may occur, as in a semantic version.
///
/// # Errors
/// When it may not; the error says what may stand there.
pub fn check_version(version: &str) -> Result<(), NameError> {
    check("version", version, "+")
}

// A signature's comment, a path of the API, a registry's annotation and a file's name hold these characters as they are.
fn check(what: &'static str, value: &str, also: &'static str) -> Result<(), NameError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c) || also.contains(c);
    let begins = value.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins && value.len() <= MAX_WORD && value.chars().all(fits) {
        return Ok(());
    }
    let marks = if also.is_empty() { "`-`, `_`, `.`" } else { "`-`, `_`, `.`, `+`" };
    Err(NameError { what, value: shortened(value), marks })
}

/// A name or a version that a package cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a {what}: 1 to 128 ASCII letters, digits, {marks}; the first is a letter or a digit")]
pub struct NameError {
    /// `package name` or `version`.
    pub what: &'static str,
    /// As it came, shortened.
    pub value: String,
    marks: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_a_path_a_tag_and_a_comment() {
        for good in ["flat-rate", "a", "acme.flat_rate", "X", &"x".repeat(128)] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for wrong in ["", "-x", ".x", "a b", "a/b", "a=b", "a\nb", "ä", "a+b", &"x".repeat(129)] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_version_may_have_build_metadata() {
        assert_eq!(check_version("1.0.0-rc.1+build.7"), Ok(()));
        assert_eq!(
            check_version("v 1").unwrap_err().to_string(),
            "`v 1` is not a version: 1 to 128 ASCII letters, digits, `-`, `_`, `.`, `+`; the first is a letter or a digit"
        );
    }

    #[test]
    fn the_digest_is_that_of_the_component() {
        let package = Package::new("flat-rate", "1.0.0", b"hello".to_vec()).unwrap();
        assert_eq!(package.digest(), Digest::of(b"hello"));
    }
}
