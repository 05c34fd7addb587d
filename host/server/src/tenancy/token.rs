//! How a token reads: `cw_<platform|admin|checkout>_<id>_<secret>`.
//!
//! The secret is 256 random bits, so that its plain SHA-256 is as good as a slow hash: nobody tries them all. The kind stands in it for
//! people and for programs that look for tokens that leaked. What this module must not know: where tokens are kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cartwright_store::{NewToken, TokenKind};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

/// Bytes of a secret.
const SECRET: usize = 32;
/// No token is longer.
const LONGEST: usize = 128;

/// A new token: what the store keeps of it, and what is shown once.
pub struct Issued {
    pub new: NewToken,
    /// The token's whole text. It cannot be made again.
    pub text: String,
}

/// A new secret for a token that there is.
pub struct Renewed {
    pub hash: Vec<u8>,
    /// The token's whole text. It cannot be made again.
    pub text: String,
}

/// A token as a client shows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a> {
    pub kind: TokenKind,
    /// A UUID in its usual form, so that nothing else ever reaches the store.
    pub id: &'a str,
    pub hash: [u8; 32],
}

/// A token for a shop, or for the platform without one; `expires` in seconds UTC. `id` is an id that is kept to, as of an idempotency key.
pub fn issue(kind: TokenKind, shop: Option<&str>, label: &str, expires: Option<i64>, id: Option<String>) -> Issued {
    let id = id.unwrap_or_else(|| Uuid::now_v7().to_string());
    let Renewed { hash, text } = renew(kind, &id);
    let new = NewToken { id: Some(id), kind, shop: shop.map(str::to_owned), label: label.into(), expires, hash };
    Issued { new, text }
}

/// Another secret for the token of this id.
pub fn renew(kind: TokenKind, id: &str) -> Renewed {
    let mut secret = [0; SECRET];
    // The system's source of randomness fails on no system that this runs on; without it no secret may be made.
    SystemRandom::new().fill(&mut secret).expect("the system has randomness");
    let text = format!("cw_{}_{id}_{}", word(kind), URL_SAFE_NO_PAD.encode(secret));
    Renewed { hash: hash(&secret).to_vec(), text }
}

fn hash(secret: &[u8]) -> [u8; 32] {
    digest(&SHA256, secret).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn word(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Platform => "platform",
        TokenKind::ShopAdmin => "admin",
        TokenKind::ShopCheckout => "checkout",
    }
}

impl<'a> Shown<'a> {
    /// The text as a token, if it has the form of one.
    pub fn read(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (kind, rest) = text.strip_prefix("cw_")?.split_once('_')?;
        let kind = TokenKind::ALL.iter().copied().find(|known| word(*known) == kind)?;
        let (id, secret) = rest.split_once('_')?;
        let parsed = Uuid::try_parse(id).ok()?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok().filter(|secret| secret.len() == SECRET)?;
        let usual = parsed.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == id;
        usual.then(|| Self { kind, id, hash: hash(&secret) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_reads_as_what_it_was_issued_as() {
        for kind in TokenKind::ALL {
            let Issued { new, text } = issue(*kind, Some("demo"), "till", Some(7), None);
            assert!(text.starts_with(&format!("cw_{}_", word(*kind))), "{text}");
            let shown = Shown::read(&text).expect("a token");
            assert_eq!((shown.kind, Some(shown.id), &shown.hash[..]), (*kind, new.id.as_deref(), &new.hash[..]));
            assert_eq!((new.shop.as_deref(), new.expires), (Some("demo"), Some(7)));
            assert!(text.len() <= LONGEST);
        }
    }

    #[test]
    fn no_two_secrets_are_the_same_and_none_is_kept() {
        let [one, other] = [(); 2].map(|()| issue(TokenKind::Platform, None, "", None, Some(Uuid::nil().to_string())));
        assert!(one.text != other.text && one.new.hash != other.new.hash);
        let secret = one.text.rsplit_once('_').map(|(_, secret)| secret.as_bytes().to_vec());
        assert_ne!(secret, Some(one.new.hash));
    }

    #[test]
    fn what_is_not_written_exactly_so_is_no_token() {
        let good = issue(TokenKind::ShopAdmin, Some("demo"), "", None, None).text;
        assert!(Shown::read(&good).is_some());
        let mut wrong = vec![
            String::new(),
            "cw_".into(),
            good.to_uppercase(),
            good.replace("_admin_", "_root_"),
            good.replace('-', ""),
            format!("{good}A"),
            format!("{good}="),
            format!(" {good}"),
            good.replace("cw_admin_", &format!("cw_admin_{{{}", "")),
            "x".repeat(1 << 20),
        ];
        wrong.extend((0..good.len()).map(|end| good[..end].to_owned()));
        for text in wrong {
            assert!(Shown::read(&text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "(cw_)?(platform|admin|checkout)?_?\\PC{0,100}") {
            let _ = Shown::read(&text);
        }
    }
}
