//! What is sealed in the store, and the key that opens it: merchants' secrets, shops' data keys, the key of estimate bundles.
//!
//! What this module must not know: who wants to read it.

use crate::files;
use cartwright_records::{DataKey, KeyError, MasterKey, MasterKeys};
use cartwright_store::{Store, StoreError};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Seals and opens under the operator's master key.
#[derive(Debug)]
pub struct Keys {
    masters: MasterKeys,
}

/// Why something sealed cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("it is not UTF-8")]
    Text,
}

/// Bytes of a master key.
const MASTER: usize = 32;

impl Keys {
    /// The master key of this file: 64 hexadecimal digits. Where `make` allows it, a file that is missing is made, readable by its owner only.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn open(file: &Path, make: bool) -> io::Result<Self> {
        let text = match fs::read_to_string(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && make => {
                let fresh = MasterKey::generate().map_err(|error| io::Error::other(error.to_string()))?;
                let text = hex(fresh.as_slice());
                if let Some(folder) = file.parent() {
                    fs::create_dir_all(folder)?;
                }
                files::write_once(file, text.as_bytes())?;
                fs::read_to_string(file)?
            }
            read => read.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?,
        };
        let bytes = unhex(text.trim()).ok_or_else(|| {
            let message = format!(
                "{}: this is not a master key; give {} hexadecimal digits, as `openssl rand -hex {MASTER}` writes them",
                file.display(),
                2 * MASTER
            );
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
        Ok(Self { masters: MasterKeys::new(MasterKey::new(&bytes)) })
    }

    /// # Errors
    /// When the system gives no randomness.
    pub fn seal_secret(&self, shop: &str, name: &str, value: &str) -> Result<Vec<u8>, KeyError> {
        self.masters.seal(&secret_about(shop, name), value.as_bytes())
    }

    /// # Errors
    /// When it was sealed under a key that is not known, for something else, or changed.
    pub fn open_secret(&self, shop: &str, name: &str, sealed: &[u8]) -> Result<String, SealError> {
        let plain = self.masters.open(&secret_about(shop, name), sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| SealError::Text)
    }

    /// # Errors
    /// When the system gives no randomness.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.masters.seal(about, plain)
    }

    /// # Errors
    /// When it was sealed under a key that is not known, for something else, or changed.
    pub fn open_sealed(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.masters.open(about, sealed).map(|plain| plain.to_vec())
    }

    /// The key for what is personal in a shop's records from now on; made when there is none.
    ///
    /// # Errors
    /// When the store is not available, or the key was wrapped under a master key that is not known.
    pub async fn data_key(&self, store: &Store, shop: &str) -> Result<Arc<DataKey>, SealError> {
        let fresh = DataKey::generate()?.wrap(&self.masters, shop)?;
        let there = store.data_key_or(shop, &fresh).await?;
        Ok(Arc::new(self.unwrap(shop, there.wrapped.as_deref().unwrap_or_default())?))
    }

    /// Every data key of a shop that was not destroyed, to open records with.
    ///
    /// # Errors
    /// When the store is not available.
    pub async fn data_keys(&self, store: &Store, shop: &str) -> Result<Vec<DataKey>, SealError> {
        let there = store.data_keys(shop).await?;
        let wrapped = there.iter().filter_map(|key| key.wrapped.as_deref());
        Ok(wrapped.map(|wrapped| self.unwrap(shop, wrapped)).collect::<Result<_, _>>()?)
    }

    fn unwrap(&self, shop: &str, wrapped: &[u8]) -> Result<DataKey, KeyError> {
        DataKey::unwrap(wrapped, &self.masters, shop)
    }
}

fn secret_about(shop: &str, name: &str) -> String {
    format!("secret/{shop}/{name}")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<[u8; MASTER]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * MASTER || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = [0; MASTER];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_opens_what_it_sealed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("state/master.key");
        assert!(Keys::open(&file, false).is_err(), "nobody makes it unasked");
        let keys = Keys::open(&file, true).expect("made");
        let sealed = keys.seal_secret("demo", "RATES_KEY", "s3cret").expect("sealed");
        let again = Keys::open(&file, false).expect("read");
        assert_eq!(again.open_secret("demo", "RATES_KEY", &sealed).expect("opened"), "s3cret");
        assert!(again.open_secret("other", "RATES_KEY", &sealed).is_err(), "it belongs to its shop");
        assert!(!sealed.windows(6).any(|bytes| bytes == b"s3cret"));
    }

    #[test]
    fn a_file_that_is_no_key_is_told_with_the_remedy() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("master.key");
        fs::write(&file, "too short").expect("written");
        let error = Keys::open(&file, true).map(|_| ()).expect_err("refused").to_string();
        assert!(error.contains("master.key") && error.contains("openssl rand -hex 32"), "{error}");
    }
}
