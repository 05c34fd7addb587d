//! Whether some units go into one box, and which box that holds them is the cheapest.

use alloc::vec::Vec;

use super::bound::refuted;
use super::exhaust::{Exhaust, MOST_EXHAUSTED, Outcome};
use super::fill::{Block, Filler, next_random};
use super::geometry::fits;
use super::kind::Room;
use super::order::{Order, Rank, holds};
use super::rules::{BULK_RULE, RULES, Rule};
use crate::sort;

/// Places that the exhaustive search of one box looks at: enough for nearly all orders of up to [`FEW`] units.
const FEW_TRIES: u64 = 12_000;
const FEW: u64 = 5;
/// The same for more units, where it finds what the rules just missed.
const TRIES: u64 = 1_500;
/// After so many steps no further rule is tried to pack some units into one box. Only orders of many kinds get there.
const WHOLE_STEPS: u64 = 20_000;
/// And after so great a part of what may still be spent.
const WHOLE_PART: u64 = 4;
/// Of more kinds than these the first rules alone are tried: two on a box that the goods would fill to 5/6 or more, and four
/// when the units are many. What they miss the others rarely find, and each takes long.
const MANY_KINDS: usize = 6;
const MANY_UNITS: u64 = 20;
/// Contents that are remembered not to have gone into a box.
const FAILED_SLOTS: usize = 512;

/// Scratch of the choice.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub filler: Filler,
    pub exhaust: Exhaust,
    /// The blocks of the last successful [`Order::pack_whole`].
    pub found: Vec<Block>,
    by_cost: Vec<(u64, u64, u32)>,
    /// Contents that did not go into a box, by hash, so that they are not tried again.
    failed: Vec<u64>,
    /// See [`super::Effort`].
    tries: u32,
    /// Steps after which the search ends with what it has, and what must still be packed is packed in the quickest way.
    pub halt: u64,
    /// Steps that one fill takes, about.
    pub fill_steps: u64,
    /// Something did not go into a box, and nobody proved that it cannot.
    pub doubt: bool,
}

impl Work {
    pub fn steps(&self) -> u64 {
        self.filler.steps + self.exhaust.steps
    }

    pub fn start(&mut self, tries: u32) {
        self.tries = tries;
        self.halt = u64::MAX;
        self.doubt = false;
        self.fill_steps = 0;
        self.filler.steps = 0;
        self.filler.limit = u64::MAX;
        self.exhaust.steps = 0;
        self.failed.clear();
    }
}

impl Order<'_> {
    /// The one unit in the corner of the room, as low as it lies.
    fn lying_low(&self, counts: &[u32], room: &Room) -> Option<Block> {
        let kind = counts.iter().position(|&count| count > 0)?;
        let ways = self.kinds[kind].turned().iter().filter(|&&unit| fits(unit, room.sides));
        let unit = *ways.min_by_key(|unit| (unit[2], unit[1]))?;
        Some(Block { kind: kind as u32, unit, count: [1; 3], low: [0; 3] })
    }

    /// [`Self::pack_whole`] where little is left to spend: one fill, which proves nothing when it fails.
    fn pack_quickly(&self, stock: u32, counts: &[u32], work: &mut Work) -> bool {
        let packed = work.filler.fill(self.kinds, &self.stocks[stock as usize].room, counts, BULK_RULE, true);
        if packed {
            work.found.clone_from(&work.filler.blocks);
        }
        work.doubt |= !packed;
        packed
    }

    /// Whether all these units go into one box of this stock; their blocks are then in `work.found`. The caller has seen to
    /// weight, volume and that each unit alone fits.
    pub fn pack_whole(&self, stock: u32, counts: &[u32], work: &mut Work) -> bool {
        let room = &self.stocks[stock as usize].room;
        let units: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        if units == 1 {
            work.found.clear();
            work.found.extend(self.lying_low(counts, room));
            return !work.found.is_empty();
        }
        if work.steps() > work.halt {
            return self.pack_quickly(stock, counts, work);
        }
        if refuted::<2>(self.kinds, counts, room) {
            return false;
        }
        let key = hash(stock, counts);
        let slot = key as usize % FAILED_SLOTS;
        if work.failed.get(slot) == Some(&key) {
            work.doubt = true;
            return false;
        }
        let part = work.halt.saturating_sub(work.steps()) / WHOLE_PART;
        let stop = work.steps() + part.min(WHOLE_STEPS * (1 + u64::from(work.tries)));
        work.filler.limit = work.halt.saturating_sub(work.exhaust.steps);
        let packed = self.pack_by_rules(room, counts, stop, units, work);
        work.filler.limit = u64::MAX;
        if packed == Some(false) {
            work.doubt = true;
            if work.failed.is_empty() {
                work.failed.resize(FAILED_SLOTS, 0);
            }
            work.failed[slot] = key;
        }
        packed == Some(true)
    }

    /// `None`: it is proven that they do not.
    fn pack_by_rules(&self, room: &Room, counts: &[u32], stop: u64, units: u64, work: &mut Work) -> Option<bool> {
        let many_kinds = work.tries == 0 && counts.iter().filter(|&&count| count > 0).count() > MANY_KINDS;
        let rules = match many_kinds {
            true if self.volume(counts) / 5 > room.volume / 6 => 2,
            true if units > MANY_UNITS => 4,
            _ => RULES.len(),
        };
        for (tried, rule) in RULES.into_iter().take(rules).enumerate() {
            if work.steps() > stop {
                break;
            }
            if tried == 2 && refuted::<3>(self.kinds, counts, room) {
                return None;
            }
            if work.filler.fill(self.kinds, room, counts, rule, true) {
                work.found.clone_from(&work.filler.blocks);
                return Some(true);
            }
        }
        if rules <= 2 && refuted::<3>(self.kinds, counts, room) {
            return None;
        }
        for attempt in 0..work.tries {
            if work.steps() > stop {
                break;
            }
            let noise = (next_random(u64::from(attempt)) >> 32) as u32 | 1;
            let rule = Rule { noise, ..RULES[attempt as usize % RULES.len()] };
            if work.filler.fill(self.kinds, room, counts, rule, true) {
                work.found.clone_from(&work.filler.blocks);
                return Some(true);
            }
        }
        let places = if units <= FEW { FEW_TRIES } else { TRIES } * (1 + u64::from(work.tries));
        if units <= u64::from(MOST_EXHAUSTED) && work.exhaust.pack(self.kinds, room, counts, places) == Outcome::Packed
        {
            work.found.clone_from(&work.exhaust.blocks);
            return Some(true);
        }
        Some(false)
    }

    /// The cheapest stock that holds all these units in one box and costs less than `below`; blocks in `work.found`.
    pub fn one_box(&self, counts: &[u32], available: &[u32], below: Rank, work: &mut Work) -> Option<(u32, Rank)> {
        let (weight, volume) = (self.weight(counts), self.volume(counts));
        let common = self.common(counts);
        let mut by_cost = core::mem::take(&mut work.by_cost);
        by_cost.clear();
        for (index, stock) in self.stocks.iter().enumerate() {
            if available[index] == 0
                || !holds(&common, index)
                || volume > stock.room.volume
                || weight > stock.room.capacity
            {
                continue;
            }
            let (cost, billable) = (stock.tariff.cost(weight), stock.tariff.billable(weight));
            if (cost, 1, billable) < below {
                by_cost.push((cost, billable, index as u32));
            }
        }
        sort::by(&mut by_cost, |a, b| a < b);
        let found = by_cost
            .iter()
            .find(|&&(_, _, stock)| self.pack_whole(stock, counts, work))
            .map(|&(cost, billable, stock)| (stock, (cost, 1, billable)));
        work.by_cost = by_cost;
        found
    }
}

/// FNV-1a.
fn hash(stock: u32, counts: &[u32]) -> u64 {
    counts.iter().fold(0xcbf2_9ce4_8422_2325 ^ u64::from(stock).wrapping_mul(0x9E37_79B9_7F4A_7C15), |hash, &count| {
        (hash ^ u64::from(count)).wrapping_mul(0x0100_0000_01b3)
    })
}
