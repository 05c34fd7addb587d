//! Signatures of packages, by minisign: made by [`crate::AuthorKey::sign`], checked against a list of authors.

use crate::digest::{Digest, shortened};
use crate::keys::{KeyId, PublicKey};
use crate::package::Package;
use crate::statement::Statement;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::io::Cursor;
use std::str::FromStr;

/// The longest signature, in bytes of its text: four lines, of which the comments may have some hundred characters.
const MAX_TEXT: usize = 4 << 10;
const UNTRUSTED: &str = "untrusted comment: ";
const TRUSTED: &str = "trusted comment: ";
/// Signs a BLAKE2b hash of the file.
const PREHASHED: &[u8] = b"ED";
/// Signs the file itself, as minisign did before 0.10.
const LEGACY: &[u8] = b"Ed";

/// The four lines of a `.minisig` file. Being well-formed is all that is known of it; who made it, [`Trust::verify`] says.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    text: String,
    key: KeyId,
    comment: String,
}

impl Signature {
    /// Reads a `.minisig` file.
    ///
    /// # Errors
    /// When it is none, or of the legacy kind.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        let malformed = SignatureError::Malformed;
        if text.len() > MAX_TEXT {
            return Err(malformed("it is longer than 4 KiB"));
        }
        let mut lines = text.lines();
        let mut line = || lines.next().ok_or(malformed("it has fewer than four lines"));
        let (untrusted, signature, trusted, global) = (line()?, line()?, line()?, line()?);
        if lines.any(|line| !line.trim().is_empty()) {
            return Err(malformed("it has more than four lines"));
        }
        if !untrusted.starts_with(UNTRUSTED) {
            return Err(malformed("its first line does not begin with `untrusted comment: `"));
        }
        let comment =
            trusted.strip_prefix(TRUSTED).ok_or(malformed("its third line does not begin with `trusted comment: `"))?;
        let bytes = STANDARD.decode(signature.trim()).ok().and_then(|bytes| <[u8; 74]>::try_from(bytes).ok());
        let bytes = bytes.ok_or(malformed("its second line is not base64 of 74 bytes"))?;
        let global = STANDARD.decode(global.trim()).ok().filter(|bytes| bytes.len() == 64);
        global.ok_or(malformed("its fourth line is not base64 of 64 bytes"))?;
        match &bytes[..2] {
            PREHASHED => {}
            LEGACY => return Err(SignatureError::Legacy),
            _ => return Err(malformed("its algorithm is not Ed25519 over a BLAKE2b hash")),
        }
        let mut key = [0; 8];
        key.copy_from_slice(&bytes[2..10]);
        Ok(Self { text: text.into(), key: KeyId::from_bytes(key), comment: comment.trim().into() })
    }

    /// The value of the header `cartwright-signature`: base64 of the text.
    pub fn to_header(&self) -> String {
        STANDARD.encode(&self.text)
    }

    /// Reads the header `cartwright-signature`.
    ///
    /// # Errors
    /// When it is not base64, and as [`Signature::parse`].
    pub fn from_header(value: &str) -> Result<Self, SignatureError> {
        let text = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        Self::parse(&text.ok_or(SignatureError::Malformed("it is not base64 of a text"))?)
    }

    /// The key that it says it was made with.
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// What it says, whether or not that is true.
    ///
    /// # Errors
    /// When its comment is not that of a package.
    pub fn claim(&self) -> Result<Statement, SignatureError> {
        Statement::parse(&self.comment)
            .map_err(|why| SignatureError::NoStatement { comment: shortened(&self.comment), why })
    }
}

/// The four lines.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature").field("key", &self.key).field("comment", &self.comment).finish_non_exhaustive()
    }
}

impl FromStr for Signature {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Self, SignatureError> {
        Self::parse(text)
    }
}

/// Somebody whose packages are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub key: PublicKey,
}

/// The authors whose signatures count.
#[derive(Debug, Clone, Default)]
pub struct Trust(Vec<Author>);

impl Trust {
    /// An author may have several keys, and so come several times.
    pub fn new(authors: impl IntoIterator<Item = Author>) -> Self {
        Self(authors.into_iter().collect())
    }

    /// Who signed this component as this version of this package.
    ///
    /// Hashes the component twice: some milliseconds for a megabyte.
    ///
    /// # Errors
    /// When nobody here did; the error says why.
    pub fn verify(
        &self,
        component: &[u8],
        signature: &Signature,
        name: &str,
        version: &str,
    ) -> Result<&Author, SignatureError> {
        self.verify_digested(component, Digest::of(component), signature, name, version)
    }

    /// As [`Trust::verify`], for a package; one without a signature is refused.
    ///
    /// # Errors
    /// When nobody here did; the error says why.
    pub fn verify_package(&self, package: &Package) -> Result<&Author, SignatureError> {
        let signature = package.signature().ok_or(SignatureError::Missing)?;
        self.verify_digested(package.component(), package.digest(), signature, package.name(), package.version())
    }

    fn verify_digested(
        &self,
        component: &[u8],
        digest: Digest,
        signature: &Signature,
        name: &str,
        version: &str,
    ) -> Result<&Author, SignatureError> {
        let author = self.author_of(component, digest, signature)?;
        // From here on, the comment is what the author said.
        let said = signature.claim()?;
        if said.digest != digest {
            return Err(SignatureError::OtherBytes { signed: said.digest, found: digest });
        }
        if said.package != name {
            return Err(SignatureError::OtherPackage { signed: said.package, wanted: shortened(name) });
        }
        if said.version != version {
            let wanted = shortened(version);
            return Err(SignatureError::OtherVersion { package: said.package, signed: said.version, wanted });
        }
        Ok(author)
    }

    /// Whose key made the signature over these bytes and its comment.
    fn author_of(&self, component: &[u8], digest: Digest, signature: &Signature) -> Result<&Author, SignatureError> {
        let parsed = minisign::SignatureBox::from_string(&signature.text)
            .map_err(|_| SignatureError::Malformed("minisign cannot read it"))?;
        // Two keys may have the same number: it is drawn at random, or chosen by somebody who wants to be taken for another.
        let mut named = self.0.iter().filter(|author| author.key.id() == signature.key).peekable();
        let Some(first) = named.peek().map(|author| author.name.clone()) else {
            let known = self.0.iter().map(|author| format!("{} ({})", author.name, author.key.id())).collect();
            return Err(SignatureError::UnknownKey { key: signature.key, known: Known(known) });
        };
        let fits = |author: &&Author| {
            minisign::verify(&author.key.inner(), &parsed, Cursor::new(component), true, false, false).is_ok()
        };
        named.find(fits).ok_or_else(|| match signature.claim() {
            // Only for the message: which bytes were meant.
            Ok(claim) if claim.digest != digest => SignatureError::OtherBytes { signed: claim.digest, found: digest },
            _ => SignatureError::Forged { author: first, key: signature.key },
        })
    }
}

/// Authors as an error names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known(Vec<String>);

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ENOUGH: usize = 5;
        if self.0.is_empty() {
            return f.write_str("no author is known");
        }
        write!(f, "known are {}", self.0[..self.0.len().min(ENOUGH)].join(", "))?;
        match self.0.len().checked_sub(ENOUGH) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the package has no signature; sign it with `cartwright sign`")]
    Missing,
    #[error("the signature is not one of minisign: {0}")]
    Malformed(&'static str),
    #[error(
        "the signature is of minisign's legacy kind, which signs the file and not its hash; sign again without `-l`"
    )]
    Legacy,
    #[error("the signature was made with the key {key}, which belongs to no known author; {known}")]
    UnknownKey { key: KeyId, known: Known },
    #[error("the signature was made for other bytes: they have {signed}, these have {found}; sign what is published")]
    OtherBytes { signed: Digest, found: Digest },
    #[error("the signature names the key {key} of `{author}`, but was not made with it")]
    Forged { author: String, key: KeyId },
    #[error(
        "the signature does not say which package and version it is for (`{comment}`: {why}); use `cartwright sign`"
    )]
    NoStatement {
        /// The signature's trusted comment, shortened.
        comment: String,
        why: String,
    },
    #[error("the signature is for the package `{signed}`, not for `{wanted}`")]
    OtherPackage { signed: String, wanted: String },
    #[error("the signature is for version {signed} of `{package}`, not for {wanted}")]
    OtherVersion { package: String, signed: String, wanted: String },
}
