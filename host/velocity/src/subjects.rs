//! What an order is counted by, hashed at once: nothing personal goes further than this file.

use crate::event::{KINDS, Tag};
use crate::key::Key;
use crate::normal;
use cartwright_contract::order_screening::{Request, VelocityKey};

/// The kinds, in the order in which they are kept and told.
pub(crate) const KEYS: [VelocityKey; KINDS] =
    [VelocityKey::Card, VelocityKey::Email, VelocityKey::Ip, VelocityKey::Device, VelocityKey::ShippingAddress];

/// An order of a shop, and what it is counted by. Holds keyed hashes, no personal data.
#[allow(clippy::struct_field_names)] // as in the event that it becomes
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subjects {
    pub(crate) shop: Tag,
    pub(crate) order: Tag,
    pub(crate) currency: [u8; 3],
    pub(crate) subjects: [Option<Tag>; KINDS],
}

impl Subjects {
    pub(crate) fn of(key: &Key, ipv6_prefix: u8, shop: &str, request: &Request) -> Self {
        let values = [
            request.payment.card_fingerprint.as_deref().and_then(normal::opaque),
            request.customer.as_ref().and_then(|customer| customer.email.as_deref()).and_then(normal::email),
            request.session.ip.as_deref().and_then(|ip| normal::ip(ip, ipv6_prefix)),
            request.session.device.as_deref().and_then(normal::opaque),
            normal::address(&request.shipping),
        ];
        let mut subjects = [None; KINDS];
        for ((subject, value), kind) in subjects.iter_mut().zip(&values).zip(KINDS_IN_HASHES) {
            *subject = value.as_ref().map(|value| tag(key, kind, shop, value));
        }
        let mut currency = [0; 3];
        for (kept, letter) in currency.iter_mut().zip(request.currency.bytes()) {
            *kept = letter.to_ascii_uppercase();
        }
        Self { shop: tag(key, "shop", shop, ""), order: tag(key, "order", shop, &request.order), currency, subjects }
    }

    /// Whether there is anything to count by.
    pub fn is_empty(&self) -> bool {
        self.subjects.iter().all(Option::is_none)
    }
}

/// Names of the kinds within hashes; what is kept depends on them.
const KINDS_IN_HASHES: [&str; KINDS] = ["card", "email", "ip", "device", "shipping-address"];

/// BLAKE3 under the operator's key, each part with its length before it.
fn tag(key: &Key, kind: &str, shop: &str, value: &str) -> Tag {
    let mut hasher = blake3::Hasher::new_keyed(key.bytes());
    for part in [kind, shop, value] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let hash = hasher.finalize();
    let first = hash.as_bytes().first_chunk().expect("a hash has 32 bytes");
    // Zero does not happen, and would do no harm as one.
    Tag::new(u128::from_le_bytes(*first).max(1)).expect("at least one")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartwright_contract::types::Customer;

    fn request() -> Request {
        let mut request = Request { order: "1001".into(), currency: "USD".into(), ..Request::default() };
        request.payment.card_fingerprint = Some("fp-1".into());
        request.customer = Some(Customer { email: Some("jo@example.com".into()), ..Customer::default() });
        request.session.ip = Some("203.0.113.7".into());
        request.session.device = Some("fp-1".into());
        request.shipping.country = "US".into();
        request.shipping.lines = vec!["12 Main St".into()];
        request
    }

    fn of(key: u8, shop: &str, request: &Request) -> Subjects {
        Subjects::of(&Key::from_bytes([key; 32]), 64, shop, request)
    }

    #[test]
    fn the_same_value_is_another_subject_for_another_key_shop_or_kind() {
        let one = of(1, "a", &request());
        assert_eq!(of(1, "a", &request()), one);
        assert!(one.subjects.iter().all(Option::is_some));
        assert_ne!(one.subjects[0], one.subjects[3], "the card and the device have the same text");
        for other in [of(2, "a", &request()), of(1, "b", &request())] {
            assert_ne!(other.order, one.order);
            assert_ne!(other.shop, one.shop);
            assert!(one.subjects.iter().zip(other.subjects).all(|(one, other)| *one != other));
        }
    }

    #[test]
    fn what_an_order_lacks_it_is_not_counted_by() {
        assert!(of(1, "a", &Request::default()).is_empty());
        let mut request = request();
        request.session.ip = Some(" ".into());
        request.customer = None;
        let present: Vec<_> = of(1, "a", &request).subjects.iter().map(Option::is_some).collect();
        assert_eq!(present, [true, false, false, true, true]);
    }

    #[test]
    fn nothing_personal_is_left() {
        let text = format!("{:?}", of(1, "shop-a", &request()));
        for value in ["1001", "fp-1", "jo@", "203.", "Main", "shop-a"] {
            assert!(!text.contains(value), "{value} in {text}");
        }
    }
}
