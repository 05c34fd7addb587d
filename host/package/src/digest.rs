//! What content is addressed by.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::str::FromStr;

/// The SHA-256 of some bytes; printed and parsed as `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digest = [0; 32];
        digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
        Self(digest)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The value of a `content-digest` header (RFC 9530): `sha-256=:<base64>:`.
    pub fn to_header(self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(self.0))
    }

    /// The SHA-256 out of a `content-digest` header, which may name digests by other algorithms beside it.
    ///
    /// # Errors
    /// When the header is none, or names no SHA-256; the error says which.
    pub fn from_header(value: &str) -> Result<Self, DigestError> {
        let wrong = |why| DigestError::Header { value: shortened(value), why };
        let mut found = None;
        for member in value.split(',') {
            // Parameters behind a `;` are allowed and mean nothing here.
            let member = member.split(';').next().unwrap_or_default().trim();
            let Some((algorithm, digest)) = member.split_once('=') else {
                return Err(wrong("a member has no `=`"));
            };
            if algorithm != "sha-256" {
                continue;
            }
            let base64 = digest.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
            let base64 = base64.ok_or_else(|| wrong("its digest does not stand between colons"))?;
            let bytes = STANDARD.decode(base64).map_err(|_| wrong("its digest is not base64"))?;
            // As in every dictionary of structured fields, the last of a name counts.
            found = Some(Self(bytes.try_into().map_err(|_| wrong("its digest has not 32 bytes"))?));
        }
        found.ok_or_else(|| wrong("it names no `sha-256`"))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let wrong = || DigestError::Text(shortened(text));
        let hex = text.strip_prefix("sha256:").filter(|hex| hex.len() == 64).ok_or_else(wrong)?;
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            // Upper case would give one content two names.
            _ => None,
        };
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0]).zip(digit(pair[1])).map(|(high, low)| high << 4 | low).ok_or_else(wrong)?;
        }
        Ok(Self(digest))
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a text is no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("`{0}` is not a digest; it looks like `sha256:` and 64 hexadecimal digits in lower case")]
    Text(String),
    #[error(
        "the header `content-digest: {value}` cannot be used: {why}; it looks like `sha-256=:<base64 of 32 bytes>:`"
    )]
    Header {
        /// As it came, shortened.
        value: String,
        why: &'static str,
    },
}

/// As much of a foreign text as a message can bear.
pub(crate) fn shortened(text: &str) -> String {
    const ENOUGH: usize = 100;
    match text.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", text[..end].escape_debug()),
        None => text.escape_debug().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_HELLO: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    #[test]
    fn a_digest_reads_as_it_prints() {
        let digest = Digest::of(b"hello");
        assert_eq!(digest.to_string(), OF_HELLO);
        assert_eq!(OF_HELLO.parse(), Ok(digest));
        assert_eq!(serde_json::to_string(&digest).unwrap(), format!("\"{OF_HELLO}\""));
        assert_eq!(serde_json::from_str::<Digest>(&format!("\"{OF_HELLO}\"")).unwrap(), digest);
    }

    #[test]
    fn one_content_has_one_name() {
        for wrong in ["", "sha256:", &OF_HELLO.to_uppercase(), &OF_HELLO[7..], &OF_HELLO[..70], &format!("{OF_HELLO}0")]
        {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
        let upper = format!("sha256:{}", OF_HELLO[7..].to_uppercase());
        assert_eq!(upper.parse::<Digest>(), Err(DigestError::Text(upper)));
    }

    #[test]
    fn the_header_is_that_of_rfc_9530() {
        // The example of RFC 9530, appendix D: `{"hello": "world"}` and a line feed.
        let digest = Digest::of(b"{\"hello\": \"world\"}\n");
        assert_eq!(digest.to_header(), "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
        assert_eq!(Digest::from_header(&digest.to_header()), Ok(digest));
    }

    #[test]
    fn other_algorithms_may_stand_beside_it() {
        let digest = Digest::of(b"hello");
        let header = format!("sha-512=:AAAA:, {} ; note=1", digest.to_header());
        assert_eq!(Digest::from_header(&header), Ok(digest));
    }

    #[test]
    fn a_wrong_header_says_what_is_wrong() {
        let why = |header: &str| match Digest::from_header(header) {
            Err(DigestError::Header { why, .. }) => why,
            other => panic!("{header}: {other:?}"),
        };
        assert_eq!(why("sha-512=:AAAA:"), "it names no `sha-256`");
        assert_eq!(why("sha-256=AAAA"), "its digest does not stand between colons");
        assert_eq!(why("sha-256=:A*:"), "its digest is not base64");
        assert_eq!(why("sha-256=:AAAA:"), "its digest has not 32 bytes");
        assert_eq!(why(OF_HELLO), "a member has no `=`");
    }
}
