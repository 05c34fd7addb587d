//! One order as it is kept, and the seam to whatever keeps it.

use crate::error::OpenError;
use cartwright_contract::types::{Instant, MinorUnits};
use std::fmt::{self, Debug};
use std::hash::{BuildHasherDefault, Hasher};
use std::io;
use std::num::NonZeroU128;

/// The first 128 bits of a keyed hash: stands for an order, a card, an address ... Never zero, so that there being none takes no memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(NonZeroU128);

impl Tag {
    /// `None` for zero.
    pub fn new(number: u128) -> Option<Self> {
        NonZeroU128::new(number).map(Self)
    }

    pub fn number(self) -> u128 {
        self.0.get()
    }
}

/// An order that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub shop: Tag,
    pub order: Tag,
    /// When it was first recorded to have been placed.
    pub at: Instant,
    pub amount: MinorUnits,
    /// ISO 4217.
    pub currency: [u8; 3],
    /// By kind, in the order of the contract's `VelocityKey`.
    pub subjects: [Option<Tag>; KINDS],
}

impl Event {
    /// Bytes of [`Event::to_bytes`].
    pub const BYTES: usize = 1 + 16 + 16 + 8 + 8 + 3 + 16 * KINDS;
    const FORM: u8 = 1;

    /// The event for another process, or for a store that does not read it.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let tag = |tag: Option<Tag>| tag.map_or(0, Tag::number).to_le_bytes();
        let subjects = self.subjects.map(tag);
        let mut parts: Vec<&[u8]> = Vec::with_capacity(6 + KINDS);
        let (shop, order) = (tag(Some(self.shop)), tag(Some(self.order)));
        let (at, amount) = (self.at.to_le_bytes(), self.amount.to_le_bytes());
        parts.extend([&[Self::FORM][..], &shop, &order, &at, &amount, &self.currency]);
        parts.extend(subjects.iter().map(<[u8; 16]>::as_slice));
        let (mut bytes, mut from) = ([0; Self::BYTES], 0);
        for part in parts {
            bytes[from..from + part.len()].copy_from_slice(part);
            from += part.len();
        }
        bytes
    }

    /// The event of these bytes; `None` when they are none, or of a form that this version does not know.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::BYTES] = bytes.try_into().ok()?;
        let [form, rest @ ..] = bytes;
        let mut rest = rest.as_slice();
        let tag = |rest: &mut &[u8]| Some(Tag::new(u128::from_le_bytes(take(rest)?)));
        if *form != Self::FORM {
            return None;
        }
        let (shop, order) = (tag(&mut rest)??, tag(&mut rest)??);
        let (at, amount) = (Instant::from_le_bytes(take(&mut rest)?), MinorUnits::from_le_bytes(take(&mut rest)?));
        let currency = take(&mut rest)?;
        let mut subjects = [None; KINDS];
        for subject in &mut subjects {
            *subject = tag(&mut rest)?;
        }
        Some(Self { shop, order, at, amount, currency, subjects })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

/// How many kinds of subjects there are.
pub(crate) const KINDS: usize = 5;

/// What has been appended so far, for [`Store::settle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Where events outlive the process. An event replaces an earlier one of the same shop and order.
pub trait Store: Debug + Send + Sync {
    /// Hands over every event in the order in which they were appended. Called once, before anything else. Events from before `oldest`
    /// may be left out.
    ///
    /// # Errors
    /// When what was kept cannot be read.
    fn load(&mut self, oldest: Instant, each: &mut dyn FnMut(Event)) -> Result<(), OpenError>;

    /// Keeps an event. Events of one shop are appended one after the other, events of several at the same time.
    ///
    /// # Errors
    /// When it was not kept; the next one may be.
    fn append(&self, event: &Event) -> io::Result<Ticket>;

    /// Returns when everything up to the ticket is as safe as the operator wants it.
    ///
    /// # Errors
    /// When that cannot be said.
    fn settle(&self, ticket: Ticket) -> io::Result<()>;

    /// Lets go of what was placed before `oldest`, when that is easily done.
    ///
    /// # Errors
    /// When something could not be removed; nothing depends on it.
    fn forget_before(&self, oldest: Instant) -> io::Result<()>;
}

impl Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Tags are hashes already, under a key that no caller knows.
#[derive(Default)]
pub(crate) struct TagHasher(u64);

pub(crate) type TagMap<V> = std::collections::HashMap<Tag, V, BuildHasherDefault<TagHasher>>;

impl Hasher for TagHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u128(&mut self, tag: u128) {
        self.0 = tag as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_comes_back_from_its_bytes_and_from_no_others() {
        let tag = |number| Tag::new(number).expect("not zero");
        let event = Event {
            shop: tag(1),
            order: tag(u128::MAX),
            at: 1_795_000_000,
            amount: -5,
            currency: *b"USD",
            subjects: [Some(tag(2)), None, Some(tag(3)), None, Some(tag(4))],
        };
        let bytes = event.to_bytes();
        assert_eq!(Event::from_bytes(&bytes), Some(event));
        assert_eq!(Event::from_bytes(&bytes[1..]), None);
        assert_eq!(Event::from_bytes(&[2; Event::BYTES]), None, "another form");
        assert_eq!(Event::from_bytes(&[&[1][..], &[0; Event::BYTES - 1]].concat()), None, "no shop");
    }
}
