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
