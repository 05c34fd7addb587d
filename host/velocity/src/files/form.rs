//! How the journal looks in bytes. Numbers are little-endian.
//!
//! A file: a head of 48 bytes, then events of 140 bytes each. As all are of one length, one that is damaged hides none that follows.
//!
//! | head | bytes | | event | bytes |
//! |---|---|---|---|---|
//! | `CWVELOC1` | 8 | | check | 8 |
//! | number of the file | 8 | | shop | 16 |
//! | begun at | 8 | | order | 16 |
//! | check of the key | 16 | | at | 8 |
//! | check of the head | 8 | | amount | 8 |
//! | | | | currency, 1 zero | 4 |
//! | | | | subjects, 0 for none | 5 x 16 |
//!
//! Checks are BLAKE3. That of an event is keyed and covers the file's number and the event's place too, so nobody without the key can
//! change, move or repeat one unnoticed.

use crate::event::{Event, KINDS, Tag};
use crate::key::Key;
use cartwright_contract::types::Instant;

pub(super) const HEAD: usize = 48;
pub(super) const EVENT: usize = 8 + 16 + 16 + 8 + 8 + 4 + 16 * KINDS;
const MAGIC: &[u8; 8] = b"CWVELOC1";

/// The form under one key.
#[derive(Debug)]
pub(super) struct Form {
    key: Box<[u8; 32]>,
    key_check: [u8; 16],
}

/// What a head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    Good { begun: Instant },
    OtherKey,
    Damaged,
}

impl Form {
    pub fn new(key: &Key) -> Self {
        let key = blake3::derive_key("cartwright velocity journal v1", key.bytes());
        let mut key_check = [0; 16];
        blake3::Hasher::new_keyed(&key).update(b"key").finalize_xof().fill(&mut key_check);
        Self { key: Box::new(key), key_check }
    }

    pub fn head(&self, number: u64, begun: Instant) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        let mut to = Writer(&mut head);
        to.put(MAGIC);
        to.put(&number.to_le_bytes());
        to.put(&begun.to_le_bytes());
        to.put(&self.key_check);
        let check = short(blake3::hash(&head[..HEAD - 8]));
        head[HEAD - 8..].copy_from_slice(&check);
        head
    }

    pub fn read_head(&self, head: &[u8; HEAD], number: u64) -> Head {
        let mut from = Reader(head);
        let good = from.take() == *MAGIC && u64::from_le_bytes(from.take()) == number;
        let begun = i64::from_le_bytes(from.take());
        let key_check: [u8; 16] = from.take();
        if !good || short(blake3::hash(&head[..HEAD - 8])) != head[HEAD - 8..] {
            return Head::Damaged;
        }
        if key_check == self.key_check { Head::Good { begun } } else { Head::OtherKey }
    }

    pub fn event(&self, event: &Event, number: u64, index: u64) -> [u8; EVENT] {
        let mut bytes = [0; EVENT];
        let mut to = Writer(&mut bytes[8..]);
        to.put(&event.shop.number().to_le_bytes());
        to.put(&event.order.number().to_le_bytes());
        to.put(&event.at.to_le_bytes());
        to.put(&event.amount.to_le_bytes());
        to.put(&event.currency);
        to.put(&[0]);
        for subject in event.subjects {
            to.put(&subject.map_or(0, Tag::number).to_le_bytes());
        }
        let check = self.check(&bytes, number, index);
        bytes[..8].copy_from_slice(&check);
        bytes
    }

    /// The event, when it is whole and in its place.
    pub fn read_event(&self, bytes: &[u8; EVENT], number: u64, index: u64) -> Option<Event> {
        let mut from = Reader(bytes);
        if from.take() != self.check(bytes, number, index) {
            return None;
        }
        let shop = Tag::new(u128::from_le_bytes(from.take()))?;
        let order = Tag::new(u128::from_le_bytes(from.take()))?;
        let at = i64::from_le_bytes(from.take());
        let amount = i64::from_le_bytes(from.take());
        let currency = from.take();
        let [_] = from.take();
        let subjects = std::array::from_fn(|_| Tag::new(u128::from_le_bytes(from.take())));
        Some(Event { shop, order, at, amount, currency, subjects })
    }

    fn check(&self, bytes: &[u8; EVENT], number: u64, index: u64) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&number.to_le_bytes()).update(&index.to_le_bytes()).update(&bytes[8..]);
        short(hasher.finalize())
    }
}

fn short(hash: blake3::Hash) -> [u8; 8] {
    *hash.as_bytes().first_chunk().expect("a hash has 32 bytes")
}

struct Writer<'b>(&'b mut [u8]);

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let (here, rest) = std::mem::take(&mut self.0).split_at_mut(bytes.len());
        here.copy_from_slice(bytes);
        self.0 = rest;
    }
}

struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (here, rest) =
            self.0.split_first_chunk().expect("heads and events have a length that holds all their parts");
        self.0 = rest;
        *here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(number: u128) -> Option<Tag> {
        Tag::new(number)
    }

    fn event() -> Event {
        Event {
            shop: tag(1).unwrap(),
            order: tag(2).unwrap(),
            at: -3,
            amount: i64::MIN,
            currency: *b"USD",
            subjects: [tag(4), None, tag(u128::MAX), None, None],
        }
    }

    #[test]
    fn an_event_comes_back_as_it_was_and_only_in_its_place() {
        let form = Form::new(&Key::from_bytes([7; 32]));
        let bytes = form.event(&event(), 3, 9);
        assert_eq!(form.read_event(&bytes, 3, 9), Some(event()));
        assert_eq!(form.read_event(&bytes, 3, 10), None);
        assert_eq!(form.read_event(&bytes, 4, 9), None);
        assert_eq!(Form::new(&Key::from_bytes([8; 32])).read_event(&bytes, 3, 9), None);
    }

    #[test]
    fn no_bit_can_change_unnoticed() {
        let form = Form::new(&Key::from_bytes([7; 32]));
        let bytes = form.event(&event(), 3, 9);
        for bit in 0..EVENT * 8 {
            let mut changed = bytes;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(form.read_event(&changed, 3, 9), None, "bit {bit}");
        }
        let head = form.head(3, 100);
        assert_eq!(form.read_head(&head, 3), Head::Good { begun: 100 });
        assert_eq!(form.read_head(&head, 4), Head::Damaged);
        assert_eq!(Form::new(&Key::from_bytes([8; 32])).read_head(&head, 3), Head::OtherKey);
        for bit in 0..HEAD * 8 {
            let mut changed = head;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(form.read_head(&changed, 3), Head::Damaged, "bit {bit}");
        }
    }
}
