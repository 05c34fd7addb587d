//! The operator's key: who does not have it learns nothing from a hash, also not by trying all cards or addresses there are.

use crate::error::OpenError;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// 32 bytes that nobody else knows. Another key is other counters: nothing recorded under the old one is found.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// To be kept where nobody reads them.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// One that nobody knows.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn random() -> Result<Self, OpenError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|e| OpenError::Random(e.to_string()))?;
        Ok(Self(bytes))
    }

    /// The file's; made when there is none, readable by its owner only.
    pub(crate) fn in_file(path: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Io { path: path.to_owned(), error };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let key = Self::random()?;
                write(path, &key.0).map_err(failed)?;
                return Ok(key);
            }
            Err(error) => return Err(failed(error)),
        };
        let found = bytes.len();
        bytes.try_into().map(Self).map_err(|_| OpenError::BadKey { path: path.to_owned(), found })
    }
}

/// Beside the target first, so that a crash leaves a whole key or none.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("tmp");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private(&mut options);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// What is made with these options is its owner's alone.
#[cfg(unix)]
pub(crate) fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
pub(crate) fn private(_: &mut OpenOptions) {}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}
