//! The orders of one shop, and what each subject of theirs adds up to.
//!
//! What this module must not know: hashing, files, locks, other shops.

use crate::event::{Event, Tag, TagMap};
use crate::list::{List, Slot};
use cartwright_contract::types::Instant;
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub(crate) struct Orders {
    by_order: TagMap<Slot>,
    /// By slot. A slot that is free holds what was there.
    events: Vec<Event>,
    free: Vec<Slot>,
    /// By time, then slot.
    by_time: VecDeque<(Instant, Slot)>,
    by_subject: TagMap<Series>,
}

/// The orders of one subject. Most have one.
#[derive(Debug)]
enum Series {
    One(Slot),
    #[allow(clippy::box_collection)] // half the size of the entry that nearly all subjects have
    Many(Box<Vec<([u8; 3], List)>>),
}

/// What a window adds up to; the amount is of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sum {
    pub orders: usize,
    pub amount: i128,
}

impl Orders {
    pub fn len(&self) -> usize {
        self.by_order.len()
    }

    pub fn get(&self, order: Tag) -> Option<&Event> {
        self.by_order.get(&order).map(|slot| &self.events[*slot as usize])
    }

    /// Puts an order in, in the place of an earlier one of the same name.
    pub fn put(&mut self, event: Event) {
        if let Some(slot) = self.by_order.get(&event.order) {
            self.remove(*slot);
        }
        let slot = if let Some(slot) = self.free.pop() {
            self.events[slot as usize] = event;
            slot
        } else {
            self.events.push(event);
            Slot::try_from(self.events.len() - 1).expect("the options allow fewer orders than slots")
        };
        self.by_order.insert(event.order, slot);
        let place = self.by_time.partition_point(|entry| *entry < (event.at, slot));
        self.by_time.insert(place, (event.at, slot));
        for subject in event.subjects.into_iter().flatten() {
            let events = &self.events;
            self.by_subject
                .entry(subject)
                .and_modify(|series| series.insert(events, slot))
                .or_insert(Series::One(slot));
        }
    }

    /// Removes what was placed before `oldest`, and says how much that was.
    pub fn forget_before(&mut self, oldest: Instant) -> usize {
        let before = self.len();
        while let Some((at, slot)) = self.by_time.front()
            && *at < oldest
        {
            self.remove(*slot);
        }
        self.shrink();
        before - self.len()
    }

    /// Removes so many of the oldest, and says how many there were.
    pub fn forget_oldest(&mut self, count: usize) -> usize {
        let before = self.len();
        for _ in 0..count {
            let Some((_, slot)) = self.by_time.front() else { break };
            self.remove(*slot);
        }
        before - self.len()
    }

    /// What a subject adds up to after `from`, up to `to`.
    pub fn count(&self, subject: Tag, currency: [u8; 3], from: Instant, to: Instant) -> Sum {
        match self.by_subject.get(&subject) {
            None => Sum::default(),
            Some(Series::One(slot)) => Sum::default().with(&self.events[*slot as usize], currency, from, to),
            Some(Series::Many(lists)) => lists.iter().fold(Sum::default(), |sum, (of, list)| {
                let (orders, amount) = list.count(from, to);
                let amount = if *of == currency { amount } else { 0 };
                Sum { orders: sum.orders + orders, amount: sum.amount + amount }
            }),
        }
    }

    fn remove(&mut self, slot: Slot) {
        let event = self.events[slot as usize];
        self.by_order.remove(&event.order);
        let place = self.by_time.partition_point(|entry| *entry < (event.at, slot));
        self.by_time.remove(place);
        for subject in event.subjects.into_iter().flatten() {
            let std::collections::hash_map::Entry::Occupied(mut entry) = self.by_subject.entry(subject) else {
                continue;
            };
            if entry.get_mut().remove(&event, slot) {
                entry.remove();
            }
        }
        self.free.push(slot);
    }

    /// Gives memory back after a busy week.
    fn shrink(&mut self) {
        if self.by_order.is_empty() {
            *self = Self::default();
        } else if self.by_subject.capacity() > 1_024 && self.by_subject.len() < self.by_subject.capacity() / 8 {
            self.by_subject.shrink_to_fit();
            self.by_order.shrink_to_fit();
        }
    }
}

impl Series {
    fn insert(&mut self, events: &[Event], slot: Slot) {
        if let Self::One(first) = *self {
            let mut lists = Vec::with_capacity(1);
            add(&mut lists, &events[first as usize], first);
            *self = Self::Many(Box::new(lists));
        }
        if let Self::Many(lists) = self {
            add(lists, &events[slot as usize], slot);
        }
    }

    /// Whether nothing is left.
    fn remove(&mut self, event: &Event, slot: Slot) -> bool {
        match self {
            Self::One(_) => true,
            Self::Many(lists) => {
                if let Some(at) = lists.iter().position(|(currency, _)| *currency == event.currency) {
                    lists[at].1.remove(event.at, slot, event.amount);
                    if lists[at].1.is_empty() {
                        lists.swap_remove(at);
                    }
                }
                lists.is_empty()
            }
        }
    }
}

fn add(lists: &mut Vec<([u8; 3], List)>, event: &Event, slot: Slot) {
    let at = lists.iter().position(|(currency, _)| *currency == event.currency).unwrap_or_else(|| {
        lists.push((event.currency, List::default()));
        lists.len() - 1
    });
    lists[at].1.insert(event.at, slot, event.amount);
}

impl Sum {
    fn with(self, event: &Event, currency: [u8; 3], from: Instant, to: Instant) -> Self {
        if event.at <= from || event.at > to {
            return self;
        }
        let amount = if event.currency == currency { i128::from(event.amount) } else { 0 };
        Self { orders: self.orders + 1, amount: self.amount + amount }
    }

    /// Without an order that is among what was counted.
    pub fn without(self, event: &Event, currency: [u8; 3], from: Instant, to: Instant) -> Self {
        let one = Self::default().with(event, currency, from, to);
        Self { orders: self.orders - one.orders, amount: self.amount - one.amount }
    }
}
