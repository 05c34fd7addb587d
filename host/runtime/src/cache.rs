//! Compiled plugins on disk, so that a restart installs them without compiling.
//!
//! A compiled file is machine code, so only what this host wrote is loaded: each entry carries a MAC under a key that lies in the
//! folder, readable by its owner only. An entry that is cut, changed or from another version is treated as absent.

use cartwright_contract::settings::Issue;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder of compiled plugins.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    key: [u8; 32],
}

/// What is kept of an install besides the machine code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The plugin's warnings about its settings.
    pub warnings: Vec<Issue>,
    /// Why every call configures itself, for a component that cannot be snapshotted.
    pub unsnapshotted: Option<String>,
    /// Digest of the snapshotted component.
    pub snapshot: String,
    /// Fuel that `configure` burnt.
    pub configure_fuel: u64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    mac: String,
    entry: Entry,
}

impl Cache {
    /// Opens the folder, and makes it when it is not there.
    ///
    /// # Errors
    /// When it cannot be made, read, or restricted to its owner.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        restrict(&folder)?;
        let key = key(&folder.join("key"))?;
        Ok(Self { folder, key })
    }

    /// The path of the machine code and what belongs to it, if the entry is there and unharmed.
    pub fn get(&self, digest: &str) -> Option<(PathBuf, Entry)> {
        let code = self.folder.join(format!("{digest}.cwasm"));
        let sealed: Sealed =
            serde_json::from_slice(&fs::read(self.folder.join(format!("{digest}.json"))).ok()?).ok()?;
        let mac = self.mac(&sealed.entry, &fs::read(&code).ok()?);
        if mac.to_hex().as_str() != sealed.mac {
            tracing::warn!(entry = digest, "a cached plugin was changed or cut; it is compiled again");
            return None;
        }
        Some((code, sealed.entry))
    }

    /// Keeps an entry; a reader sees all of it or nothing.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn put(&self, digest: &str, entry: &Entry, code: &[u8]) -> io::Result<()> {
        let mac = self.mac(entry, code).to_hex().to_string();
        let sealed = serde_json::to_vec(&Sealed { mac, entry: entry.clone() })?;
        replace(&self.folder.join(format!("{digest}.cwasm")), code)?;
        replace(&self.folder.join(format!("{digest}.json")), &sealed)
    }

    fn mac(&self, entry: &Entry, code: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&serde_json::to_vec(entry).unwrap_or_default());
        hasher.update(code);
        hasher.finalize()
    }
}

/// The folder's key; made on first use.
fn key(path: &Path) -> io::Result<[u8; 32]> {
    if !path.exists() {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|e| io::Error::other(e.to_string()))?;
        replace(path, &key)?;
    }
    fs::read(path)?.try_into().map_err(|_| io::Error::other(format!("{} is not a key; remove it", path.display())))
}

/// Writes beside the target and renames, so that a crash leaves the old file or the new one.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.{:?}.tmp", std::process::id(), std::thread::current().id()));
    let mut file = fs::File::create(&beside)?;
    restrict(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> io::Result<()> {
    Ok(())
}
