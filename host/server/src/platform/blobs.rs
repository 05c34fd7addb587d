//! Components and settings by their digest: in memory, on this machine's disk, and only then from the store.
//!
//! The disk's copy lets a machine answer for shops that it knows while the store is away. What is read is compared with its digest, wherever it
//! comes from. What this module must not know: what the bytes are.

use crate::files;
use cartwright_package::Digest;
use lru::LruCache;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that are kept in memory.
const BUDGET: usize = 128 << 20;

/// Bytes by digest.
#[derive(Debug)]
pub struct Blobs {
    folder: Option<PathBuf>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    blobs: LruCache<Box<str>, Arc<[u8]>>,
    bytes: usize,
}

impl Blobs {
    /// With a folder of copies, or in memory only.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: Option<PathBuf>) -> io::Result<Self> {
        if let Some(folder) = &folder {
            fs::create_dir_all(folder)?;
        }
        Ok(Self { folder, kept: Mutex::new(Kept { blobs: LruCache::unbounded(), bytes: 0 }) })
    }

    /// What is here under this digest, `sha256:<hex>`.
    pub fn get(&self, digest: &str) -> Option<Arc<[u8]>> {
        if let Some(kept) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).blobs.get(digest) {
            return Some(kept.clone());
        }
        let bytes = fs::read(self.path(digest)?).ok()?;
        if Digest::of(&bytes).to_string() != digest {
            tracing::warn!(digest, "a copy on this machine's disk was changed or cut; it is fetched again");
            return None;
        }
        Some(self.keep(digest, bytes.into()))
    }

    /// Keeps bytes that were fetched, if they are what the digest says.
    ///
    /// # Errors
    /// When they are not.
    pub fn put(&self, digest: &str, bytes: Vec<u8>) -> Result<Arc<[u8]>, WrongDigest> {
        let found = Digest::of(&bytes).to_string();
        if found != digest {
            return Err(WrongDigest { wanted: digest.to_owned(), found });
        }
        if let Some(path) = self.path(digest)
            && !path.exists()
            && let Err(error) = files::replace(&path, &bytes)
        {
            tracing::warn!(digest, %error, "no copy could be kept on this machine's disk");
        }
        Ok(self.keep(digest, bytes.into()))
    }

    fn keep(&self, digest: &str, bytes: Arc<[u8]>) -> Arc<[u8]> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += bytes.len();
        if let Some((_, before)) = kept.blobs.push(digest.into(), bytes.clone()) {
            kept.bytes -= before.len();
        }
        while kept.bytes > BUDGET {
            let Some((_, gone)) = kept.blobs.pop_lru() else { break };
            kept.bytes -= gone.len();
        }
        bytes
    }

    fn path(&self, digest: &str) -> Option<PathBuf> {
        let name: String = digest.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        Some(self.folder.as_ref()?.join(name))
    }
}

/// Bytes are not what they were said to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bytes have the digest {found}, not {wanted}; something changed them")]
pub struct WrongDigest {
    wanted: String,
    found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_there_after_a_restart_and_what_was_changed_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = || Blobs::open(Some(folder.path().to_owned())).expect("a folder");
        let digest = Digest::of(b"component").to_string();
        assert!(open().get(&digest).is_none());
        open().put(&digest, b"component".to_vec()).expect("the right digest");
        assert_eq!(open().get(&digest).as_deref(), Some(&b"component"[..]));
        let file = fs::read_dir(folder.path()).expect("the folder").next().expect("a file").expect("an entry").path();
        fs::write(file, b"companent").expect("written");
        assert!(open().get(&digest).is_none());
    }

    #[test]
    fn bytes_of_another_digest_are_refused() {
        let blobs = Blobs::open(None).expect("no folder");
        let digest = Digest::of(b"component").to_string();
        assert!(blobs.put(&digest, b"companent".to_vec()).is_err());
        assert!(blobs.get(&digest).is_none());
    }
}
