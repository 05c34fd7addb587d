//! The orders of one subject in the order of their times, with running sums: a window is two binary searches.

use cartwright_contract::types::Instant;
use std::collections::VecDeque;

/// Where an order lies among its shop's.
pub(crate) type Slot = u32;

/// Orders of one currency.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// By time, then slot.
    entries: VecDeque<Entry>,
    /// The running sum before the first entry.
    base: i128,
}

#[derive(Debug)]
struct Entry {
    at: Instant,
    slot: Slot,
    /// The sum of all amounts up to this one, from whenever the list began. 128 bits: amounts go up to 10^14, and nobody wants to think
    /// about how many of them there may be.
    through: i128,
}

impl List {
    pub fn insert(&mut self, at: Instant, slot: Slot, amount: i64) {
        let position = self.position(at, slot);
        let before = self.before(position);
        self.entries.insert(position, Entry { at, slot, through: before + i128::from(amount) });
        self.shift(position, position + 1, i128::from(amount));
    }

    pub fn remove(&mut self, at: Instant, slot: Slot, amount: i64) {
        let position = self.position(at, slot);
        debug_assert!(self.entries.get(position).is_some_and(|entry| (entry.at, entry.slot) == (at, slot)));
        self.entries.remove(position);
        self.shift(position, position, -i128::from(amount));
    }

    /// Raises the sums from entry `after` on by so much, or lowers those before it instead, whichever are fewer: only differences count.
    /// Nearly always that is none, for orders come at the end and go at the front. `before` is how many are older than what came or
    /// went.
    fn shift(&mut self, before: usize, after: usize, by: i128) {
        if before < self.entries.len() - after {
            self.base -= by;
            self.entries.range_mut(..after).for_each(|entry| entry.through -= by);
        } else {
            self.entries.range_mut(after..).for_each(|entry| entry.through += by);
        }
    }

    /// Orders and amounts after `from`, up to `to`.
    pub fn count(&self, from: Instant, to: Instant) -> (usize, i128) {
        let first = self.entries.partition_point(|entry| entry.at <= from);
        let end = self.entries.partition_point(|entry| entry.at <= to);
        if end <= first { (0, 0) } else { (end - first, self.before(end) - self.before(first)) }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, at: Instant, slot: Slot) -> usize {
        self.entries.partition_point(|entry| (entry.at, entry.slot) < (at, slot))
    }

    fn before(&self, position: usize) -> i128 {
        if position == 0 { self.base } else { self.entries[position - 1].through }
    }
}
