//! Authors' keys, in the files of minisign: what `minisign -G` makes can be used here, and the other way round.

use crate::digest::shortened;
use crate::package::{NameError, check_name, check_version};
use crate::signature::Signature;
use crate::statement::Statement;
use crate::{Digest, SignatureError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign::{KeyPair, SecretKey, SecretKeyBox};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

/// Ed25519, as minisign's keys name it.
const ALGORITHM: &[u8] = b"Ed";
/// A secret key in bytes, and where in it stand: how it is encrypted, and its checksum.
const SECRET_BYTES: usize = 158;
const ENCRYPTION: Range<usize> = 2..4;
const CHECKSUM: Range<usize> = 126..158;
/// A secret key's file has two lines of some 230 bytes.
const MAX_FILE: u64 = 16 << 10;
const SIGNATURE_COMMENT: &str = "signature of a Cartwright package";

/// The number by which a signature names its key; printed as minisign prints it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(u64);

impl KeyId {
    pub(crate) fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What an author's signatures are checked with. Text form: the second line of minisign's `.pub` file, `RW` and 54 characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; 42]);

impl PublicKey {
    pub fn id(&self) -> KeyId {
        let mut id = [0; 8];
        id.copy_from_slice(&self.0[2..10]);
        KeyId::from_bytes(id)
    }

    /// The content of a `.pub` file, for `minisign -V -p`.
    pub fn to_file(&self) -> String {
        format!("untrusted comment: minisign public key {}\n{self}\n", self.id())
    }

    pub(crate) fn inner(self) -> minisign::PublicKey {
        minisign::PublicKey::from_bytes(&self.0).expect("42 bytes are a whole key")
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads the one line, or the two of a `.pub` file.
impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
        let bytes = STANDARD.decode(line).ok().and_then(|bytes| <[u8; 42]>::try_from(bytes).ok());
        match bytes {
            Some(bytes) if bytes.starts_with(ALGORITHM) => Ok(Self(bytes)),
            _ => Err(KeyError::NotPublic(shortened(line))),
        }
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What an author signs with.
pub struct AuthorKey {
    secret: SecretKey,
    /// As its file says it: encrypted, if a password was given.
    file: String,
}

impl AuthorKey {
    /// A new key from the system's randomness. With a password its file is encrypted (scrypt; takes some hundred milliseconds).
    ///
    /// # Errors
    /// When the system gives no randomness, or the memory for scrypt is not there.
    pub fn generate(password: Option<&str>) -> Result<Self, KeyError> {
        let comment = if password.is_some() { "minisign encrypted secret key" } else { "minisign secret key" };
        let pair = match password {
            Some(password) => KeyPair::generate_encrypted_keypair(Some(password.into())),
            None => KeyPair::generate_unencrypted_keypair(),
        };
        let file = pair.and_then(|pair| pair.sk.to_box(Some(comment))).map_err(|error| KeyError::other(&error))?;
        Self::from_file_text(&file.into_string(), password)
    }

    /// Out of the content of a secret key's file.
    ///
    /// # Errors
    /// When it is no secret key, or the password is missing or wrong.
    pub fn from_file_text(text: &str, password: Option<&str>) -> Result<Self, KeyError> {
        let line = text.lines().nth(1).unwrap_or_default().trim();
        let bytes =
            STANDARD.decode(line).ok().filter(|bytes| bytes.len() == SECRET_BYTES && bytes.starts_with(ALGORITHM));
        let bytes = bytes.ok_or(KeyError::NotSecret)?;
        let file = SecretKeyBox::from(text.to_owned());
        let secret = if bytes[ENCRYPTION] != [0, 0] {
            // minisign asks the terminal when it is given no password; here, only the caller may ask.
            let password = password.ok_or(KeyError::PasswordMissing)?;
            file.into_secret_key(Some(password.into())).map_err(|error| match error.kind() {
                minisign::ErrorKind::Verify => KeyError::WrongPassword,
                minisign::ErrorKind::KDF => KeyError::other(&error),
                _ => KeyError::NotSecret,
            })?
        } else if bytes[CHECKSUM].iter().all(|byte| *byte == 0) {
            // `minisign -G -W` writes none.
            SecretKey::from_bytes(&bytes).map_err(|_| KeyError::NotSecret)?
        } else {
            file.into_unencrypted_secret_key().map_err(|_| KeyError::NotSecret)?
        };
        works(&secret)?;
        Ok(Self { secret, file: text.into() })
    }

    /// From its file.
    ///
    /// # Errors
    /// As [`AuthorKey::from_file_text`], and when the file cannot be read.
    pub fn read(path: &Path, password: Option<&str>) -> Result<Self, KeyError> {
        let failed = |source| KeyError::Io { doing: "reading", path: path.display().to_string(), source };
        let mut text = String::new();
        let read = File::open(path).and_then(|file| file.take(MAX_FILE).read_to_string(&mut text));
        match read {
            Ok(_) => Self::from_file_text(&text, password),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(KeyError::NotSecret),
            Err(error) => Err(failed(error)),
        }
    }

    /// To a new file that only its owner may read (mode 0600). A file that is there stays: a lost key cannot be made again.
    ///
    /// # Errors
    /// When the file is there, or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        let failed = |source| KeyError::Io { doing: "writing", path: path.display().to_string(), source };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        file.write_all(self.file.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
    }

    /// The content of its file.
    pub fn to_file_text(&self) -> &str {
        &self.file
    }

    pub fn public_key(&self) -> PublicKey {
        let key = minisign::PublicKey::from_secret_key(&self.secret).expect("a secret key holds its public one");
        PublicKey(key.to_bytes().try_into().expect("a public key has 42 bytes"))
    }

    /// Says: these bytes are this version of this package.
    ///
    /// # Errors
    /// When name or version cannot be a package's.
    pub fn sign(&self, component: &[u8], name: &str, version: &str) -> Result<Signature, KeyError> {
        check_name(name)?;
        check_version(version)?;
        let statement =
            Statement { package: name.into(), version: version.into(), digest: Digest::of(component) }.to_string();
        let signed = minisign::sign(None, &self.secret, component, Some(&statement), Some(SIGNATURE_COMMENT))
            .map_err(|error| KeyError::other(&error))?;
        Ok(Signature::parse(&signed.into_string())?)
    }
}

/// Whether both halves of the key belong together: a damaged one would give signatures that nobody can verify.
fn works(secret: &SecretKey) -> Result<(), KeyError> {
    let public = minisign::PublicKey::from_secret_key(secret).map_err(|_| KeyError::NotSecret)?;
    minisign::sign(Some(&public), secret, io::empty(), None, None).map(drop).map_err(|_| KeyError::NotSecret)
}

/// Never the key itself.
impl fmt::Debug for AuthorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthorKey").field(&self.public_key().id()).finish()
    }
}

/// Why a key cannot be made, read, kept or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "`{0}` is not a public key; it is one line of 56 characters that begins with `RW`, as `cartwright keygen` prints it"
    )]
    NotPublic(String),
    #[error("this is not a secret key of minisign: two lines, a comment and the key in base64")]
    NotSecret,
    #[error("the key is encrypted, and there is no password")]
    PasswordMissing,
    #[error("the password is wrong")]
    WrongPassword,
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("{doing} `{path}` failed: {source}")]
    Io { doing: &'static str, path: String, source: io::Error },
    #[error("minisign: {0}")]
    Other(String),
}

impl KeyError {
    fn other(error: &minisign::PError) -> Self {
        Self::Other(error.to_string())
    }
}

/// A signature that was just made is well-formed; if it is not, minisign has changed.
impl From<SignatureError> for KeyError {
    fn from(error: SignatureError) -> Self {
        Self::Other(error.to_string())
    }
}
