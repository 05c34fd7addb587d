//! The key that bundles are signed with: Ed25519, the server's own, for all its shops.
//!
//! What this module must not know: what is signed.

use crate::files;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::fs;
use std::io;
use std::path::Path;

/// Bytes of a signature.
pub const SIGNATURE: usize = 64;
const SEED: usize = 32;
const FILE: &str = "estimate-signing.key";

/// Signs; pages that know [`SigningKey::public`] can tell what this server published.
#[derive(Debug)]
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: String,
    /// Whether it outlives the process.
    kept: bool,
}

impl SigningKey {
    /// The key of this folder, made on first use and readable by its owner only; without a folder one for this process.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds no key.
    pub fn open(folder: Option<&Path>) -> io::Result<Self> {
        let Some(folder) = folder else { return Self::of(&Self::fresh()?, false) };
        fs::create_dir_all(folder)?;
        let file = folder.join(FILE);
        match fs::read(&file) {
            Ok(seed) => Self::of(&seed, true)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let seed = Self::fresh()?;
                files::write_once(&file, &seed)?;
                Self::of(&fs::read(&file)?, true)
            }
            Err(error) => Err(error),
        }
    }

    /// The seed of a new key.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn fresh() -> io::Result<[u8; SEED]> {
        let mut seed = [0; SEED];
        SystemRandom::new().fill(&mut seed).map_err(|_| io::Error::other("the system gives no randomness"))?;
        Ok(seed)
    }

    /// Whether it outlives the process.
    pub fn kept(&self) -> bool {
        self.kept
    }

    /// # Errors
    /// When these bytes are no key's seed.
    pub fn of(seed: &[u8], kept: bool) -> io::Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| {
            let message = format!(
                "a signing key is {SEED} bytes; take the file away and a new one is made, which pages must be told of"
            );
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key());
        Ok(Self { pair, public, kept })
    }

    /// The public key, 32 bytes as base64url without padding.
    pub fn public(&self) -> &str {
        &self.public
    }

    pub fn sign(&self, bytes: &[u8]) -> [u8; SIGNATURE] {
        let mut signature = [0; SIGNATURE];
        signature.copy_from_slice(self.pair.sign(bytes).as_ref());
        signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{ED25519, UnparsedPublicKey};

    fn verifies(key: &SigningKey, bytes: &[u8], signature: &[u8]) -> bool {
        let public = URL_SAFE_NO_PAD.decode(key.public()).unwrap();
        UnparsedPublicKey::new(&ED25519, public).verify(bytes, signature).is_ok()
    }

    #[test]
    fn a_folders_key_stays_the_same_and_signs_what_only_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::open(Some(folder.path())).unwrap();
        let again = SigningKey::open(Some(folder.path())).unwrap();
        assert_eq!(key.public(), again.public());
        let signature = key.sign(b"bundle");
        assert!(verifies(&again, b"bundle", &signature));
        assert!(!verifies(&again, b"bundlf", &signature));
        assert!(!verifies(&SigningKey::open(None).unwrap(), b"bundle", &signature));
    }

    #[test]
    fn a_file_that_is_no_key_is_told_and_left() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "too short").unwrap();
        let error = SigningKey::open(Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains(FILE) && error.contains("32 bytes"), "{error}");
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), b"too short");
    }
}
