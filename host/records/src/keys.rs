//! Keys: a shop's data key seals its records, the server's master key wraps the data keys.
//!
//! Sealed form: version (1 byte), key id (8), nonce (12, random), ciphertext, tag (16); AES-256-GCM. The key id tells which key opens it,
//! so that keys can be rotated while older ones still open what they sealed. Up to 2^32 seals a key are safe with random nonces: a
//! shop that records 1,000 decisions a second rotates within 49 days.

use crate::error::KeyError;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use zeroize::Zeroizing;

const FORM: u8 = 1;
const HEAD: usize = 1 + 8;
const SEALED_AT: usize = HEAD + NONCE_LEN;
const TAG: usize = 16;
/// Bytes of a key.
const KEY: usize = 32;

/// Names a key; tells nothing about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u64);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What both kinds of key can do.
#[derive(Clone)]
struct Key {
    id: KeyId,
    cipher: LessSafeKey,
}

impl Key {
    fn new(id: KeyId, bytes: &[u8; KEY]) -> Self {
        // A key of the cipher's length is never refused.
        let key = UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are a key of AES-256");
        Self { id, cipher: LessSafeKey::new(key) }
    }

    fn seal(&self, about: &[u8], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut nonce = [0; NONCE_LEN];
        random(&mut nonce)?;
        let mut sealed = Vec::with_capacity(SEALED_AT + plain.len() + TAG);
        sealed.push(FORM);
        sealed.extend_from_slice(&self.id.0.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = self
            .cipher
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut sealed[SEALED_AT..])
            .map_err(|_| KeyError::Form("more than 64 GiB cannot be sealed".into()))?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    fn open(&self, about: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let id = sealed_with(sealed)?;
        if id != self.id {
            return Err(KeyError::Unknown { needed: id, known: self.id.to_string() });
        }
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&sealed[HEAD..SEALED_AT]);
        let mut plain = Zeroizing::new(sealed[SEALED_AT..].to_vec());
        let opened = self.cipher.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut plain);
        let length = opened.map_err(|_| KeyError::Tampered(id))?.len();
        plain.truncate(length);
        Ok(plain)
    }
}

/// The key under which these bytes were sealed.
///
/// # Errors
/// When they are no sealed bytes.
pub fn sealed_with(sealed: &[u8]) -> Result<KeyId, KeyError> {
    match sealed {
        [FORM, rest @ ..] if sealed.len() >= SEALED_AT + TAG => {
            let mut id = [0; 8];
            id.copy_from_slice(&rest[..8]);
            Ok(KeyId(u64::from_be_bytes(id)))
        }
        [FORM, ..] => Err(KeyError::Form(format!("{} bytes are too few", sealed.len()))),
        [version, ..] => Err(KeyError::Form(format!("version {version}"))),
        [] => Err(KeyError::Form("nothing is there".into())),
    }
}

fn random(bytes: &mut [u8]) -> Result<(), KeyError> {
    SystemRandom::new().fill(bytes).map_err(|_| KeyError::NoRandomness)
}

/// The operator's key, 32 random bytes that never lie beside the data.
#[derive(Clone)]
pub struct MasterKey(Key);

impl MasterKey {
    /// Its id is made from the key, so that every replica calls it the same.
    pub fn new(bytes: &[u8; 32]) -> Self {
        let hash = digest(&SHA256, &[b"cartwright master key 1\0".as_slice(), bytes].concat());
        let mut id = [0; 8];
        id.copy_from_slice(&hash.as_ref()[..8]);
        Self(Key::new(KeyId(u64::from_be_bytes(id)), bytes))
    }

    /// 32 random bytes for a new one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let mut bytes = Zeroizing::new([0; KEY]);
        random(bytes.as_mut_slice())?;
        Ok(bytes)
    }

    pub fn id(&self) -> KeyId {
        self.0.id
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.0.id)
    }
}

/// The master key that seals, and older ones that still open.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    current: MasterKey,
    older: Vec<MasterKey>,
}

impl MasterKeys {
    pub fn new(current: MasterKey) -> Self {
        Self { current, older: Vec::new() }
    }

    #[must_use]
    pub fn with_older(mut self, older: MasterKey) -> Self {
        self.older.push(older);
        self
    }

    /// The id of the key that seals: what was sealed under another may be sealed again.
    pub fn current(&self) -> KeyId {
        self.current.id()
    }

    /// Seals something small, such as a shop's secret. `about` says what it is (`secret/SHOP/NAME`): opening needs the same words.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.current.0.seal(about.as_bytes(), plain)
    }

    /// What was sealed, with the current key or an older one.
    ///
    /// # Errors
    /// When the key is not known, or the bytes or `about` are not what was sealed.
    pub fn open(&self, about: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let needed = sealed_with(sealed)?;
        let known = || std::iter::once(&self.current).chain(&self.older);
        let Some(key) = known().find(|key| key.id() == needed) else {
            let known: Vec<_> = known().map(|key| key.id().to_string()).collect();
            return Err(KeyError::Unknown { needed, known: known.join(", ") });
        };
        key.0.open(about.as_bytes(), sealed)
    }
}

/// A shop's key for what is personal in its records.
#[derive(Clone)]
pub struct DataKey {
    key: Key,
    bytes: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// A new one, with a random id.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Self, KeyError> {
        let (mut id, mut bytes) = ([0; 8], Zeroizing::new([0; KEY]));
        random(&mut id)?;
        random(bytes.as_mut_slice())?;
        Ok(Self { key: Key::new(KeyId(u64::from_be_bytes(id)), &bytes), bytes })
    }

    pub fn id(&self) -> KeyId {
        self.key.id
    }

    /// The key as it may lie in a store.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn wrap(&self, masters: &MasterKeys, shop: &str) -> Result<Vec<u8>, KeyError> {
        let mut plain = Zeroizing::new([0; 8 + KEY]);
        plain[..8].copy_from_slice(&self.key.id.0.to_be_bytes());
        plain[8..].copy_from_slice(self.bytes.as_slice());
        masters.seal(&wrapped_about(shop), plain.as_slice())
    }

    /// The key from what [`DataKey::wrap`] gave.
    ///
    /// # Errors
    /// When the master key is not known, or the bytes are not what was wrapped for this shop.
    pub fn unwrap(wrapped: &[u8], masters: &MasterKeys, shop: &str) -> Result<Self, KeyError> {
        let plain = masters.open(&wrapped_about(shop), wrapped)?;
        let (Some(id), Some(key)) = (plain.first_chunk::<8>(), plain.last_chunk::<KEY>()) else {
            return Err(KeyError::Form("a wrapped key has 40 bytes".into()));
        };
        let bytes = Zeroizing::new(*key);
        Ok(Self { key: Key::new(KeyId(u64::from_be_bytes(*id)), &bytes), bytes })
    }

    /// Seals; `about` is what opening must name too.
    pub(crate) fn seal(&self, about: &[u8], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.key.seal(about, plain)
    }

    pub(crate) fn open(&self, about: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.key.open(about, sealed)
    }
}

fn wrapped_about(shop: &str) -> String {
    format!("data-key/{shop}")
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.key.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masters(byte: u8) -> MasterKeys {
        MasterKeys::new(MasterKey::new(&[byte; 32]))
    }

    #[test]
    fn a_wrapped_key_opens_what_the_key_sealed() {
        let key = DataKey::generate().unwrap();
        let sealed = key.seal(b"about", b"plain").unwrap();
        let again = DataKey::unwrap(&key.wrap(&masters(1), "shop").unwrap(), &masters(1), "shop").unwrap();
        assert_eq!(again.id(), key.id());
        assert_eq!(sealed_with(&sealed), Ok(key.id()));
        assert_eq!(again.open(b"about", &sealed).unwrap().as_slice(), b"plain");
    }

    #[test]
    fn a_wrapped_key_is_of_one_shop_and_one_master_key() {
        let key = DataKey::generate().unwrap();
        let wrapped = key.wrap(&masters(1), "shop").unwrap();
        let needed = masters(1).current();
        assert_eq!(DataKey::unwrap(&wrapped, &masters(1), "other").unwrap_err(), KeyError::Tampered(needed));
        let error = DataKey::unwrap(&wrapped, &masters(2), "shop").unwrap_err();
        assert_eq!(error, KeyError::Unknown { needed, known: masters(2).current().to_string() });
    }

    #[test]
    fn after_a_rotation_the_older_master_key_still_opens() {
        let old = masters(1).seal("secret/shop/KEY", b"value").unwrap();
        let rotated = masters(2).with_older(MasterKey::new(&[1; 32]));
        assert_eq!(rotated.open("secret/shop/KEY", &old).unwrap().as_slice(), b"value");
        let new = rotated.seal("secret/shop/KEY", b"value").unwrap();
        assert_eq!(sealed_with(&new), Ok(rotated.current()));
        assert!(masters(1).open("secret/shop/KEY", &new).is_err());
    }

    #[test]
    fn no_byte_can_be_changed_and_none_left_out() {
        let keys = masters(1);
        let sealed = keys.seal("about", b"plain").unwrap();
        assert!(keys.open("About", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(keys.open("about", &changed).is_err(), "{at}");
            assert!(keys.open("about", &sealed[..at]).is_err(), "{at}");
        }
    }

    #[test]
    fn the_same_sealed_twice_looks_different_and_debug_shows_no_key() {
        let key = DataKey::generate().unwrap();
        assert_ne!(key.seal(b"", b"x").unwrap(), key.seal(b"", b"x").unwrap());
        assert_eq!(format!("{key:?}"), format!("DataKey({})", key.id()));
    }
}
