//! For few units: all ways to share them out over boxes, cut off where they cannot become cheaper than what is known.

use alloc::vec::Vec;

use super::order::{Filled, Order, Plan, Rank, holds};
use super::whole::Work;
use crate::sort;

/// The most units that are shared out in all ways.
pub(super) const MOST_SHARED: usize = 10;

/// Not yet tried, holds, does not hold.
const UNTRIED: u8 = 0;
const HOLDS: u8 = 1;
const FAILS: u8 = 2;

struct Search<'o, 'a, 'w> {
    order: &'o Order<'a>,
    work: &'w mut Work,
    /// The kind of each unit, large ones first.
    units: Vec<u32>,
    /// Whether a set of units (as bits) goes into a stock, by set and stock.
    memo: Vec<u8>,
    available: Vec<u32>,
    chosen: Vec<(u32, u32)>,
    best: Vec<(u32, u32)>,
    limit: Rank,
    counts: Vec<u32>,
    stop: u64,
    /// Sets looked at, which is work too.
    looked: u64,
}

/// A packing below `below` if there is one, and whether all ways were tried before `stop` steps.
pub(super) fn share(
    order: &Order<'_>,
    counts: &[u32],
    available: &[u32],
    below: Rank,
    stop: u64,
    work: &mut Work,
) -> (Option<Plan>, bool) {
    let mut units = Vec::with_capacity(MOST_SHARED);
    for (kind, &count) in counts.iter().enumerate() {
        units.extend((0..count).map(|_| kind as u32));
    }
    sort::by_key(&mut units, |kind| !order.kinds[kind as usize].volume);
    let all = (1u32 << units.len()) - 1;
    let mut search = Search {
        order,
        memo: alloc::vec![UNTRIED; (all as usize + 1) * order.stocks.len()],
        units,
        available: available.to_vec(),
        chosen: Vec::new(),
        best: Vec::new(),
        limit: below,
        counts: alloc::vec![0; counts.len()],
        stop,
        looked: 0,
        work,
    };
    let whole = search.split(all, (0, 0, 0));
    if search.best.is_empty() {
        return (None, whole);
    }
    let best = core::mem::take(&mut search.best);
    let mut boxes = Vec::with_capacity(best.len());
    for (set, stock) in best {
        search.count(set);
        // It was packed before, by the same rules, so it is again.
        if !search.order.pack_whole(stock, &search.counts, search.work) {
            return (None, false);
        }
        boxes.push(Filled {
            stock,
            times: 1,
            counts: search.counts.clone(),
            blocks: search.work.found.clone(),
            weight: order.weight(&search.counts),
        });
    }
    (Some(Plan { boxes, rank: search.limit }), whole)
}

impl Search<'_, '_, '_> {
    fn count(&mut self, set: u32) {
        self.counts.fill(0);
        for (unit, &kind) in self.units.iter().enumerate() {
            self.counts[kind as usize] += set >> unit & 1;
        }
    }

    /// Of equal units the first ones are taken, so that equal shares are not tried twice.
    fn canonical(&self, set: u32, rest: u32) -> bool {
        (1..self.units.len()).all(|unit| {
            self.units[unit] != self.units[unit - 1]
                || set >> unit & 1 == 0
                || rest >> (unit - 1) & 1 == 0
                || set >> (unit - 1) & 1 == 1
        })
    }

    /// Shares out the units of `rest`; the first of them goes into the next box. False when the steps ran out.
    fn split(&mut self, rest: u32, packed: Rank) -> bool {
        if rest == 0 {
            if packed < self.limit {
                self.limit = packed;
                self.best.clone_from(&self.chosen);
            }
            return true;
        }
        let first = 1 << rest.trailing_zeros();
        let others = rest ^ first;
        let mut part = others;
        loop {
            let set = part | first;
            if self.canonical(set, rest) && !self.boxes_for(set, rest, packed) {
                return false;
            }
            if part == 0 {
                return true;
            }
            part = (part - 1) & others;
        }
    }

    fn boxes_for(&mut self, set: u32, rest: u32, packed: Rank) -> bool {
        self.looked += 4;
        if self.work.steps() + self.looked > self.stop {
            return false;
        }
        let later = rest ^ set;
        self.count(later);
        let after = self.order.at_least(&self.counts, 1);
        self.count(set);
        let least = packed.0.saturating_add(after).saturating_add(self.order.at_least(&self.counts, 1));
        let more = 1 + u64::from(later != 0);
        if (least, packed.1 + more) >= (self.limit.0, self.limit.1) && least >= self.limit.0 {
            return true;
        }
        let (weight, volume) = (self.order.weight(&self.counts), self.order.volume(&self.counts));
        for stock in 0..self.order.stocks.len() {
            let box_ = &self.order.stocks[stock];
            if self.available[stock] == 0 || weight > box_.room.capacity || volume > box_.room.volume {
                continue;
            }
            self.looked += 1;
            let rank = (
                packed.0.saturating_add(box_.tariff.cost(weight)),
                packed.1 + 1,
                packed.2.saturating_add(box_.tariff.billable(weight)),
            );
            let end = (rank.0.saturating_add(after), rank.1 + u64::from(later != 0), rank.2);
            if end >= self.limit || !self.holds(set, stock) {
                continue;
            }
            if self.available[stock] != u32::MAX {
                self.available[stock] -= 1;
            }
            self.chosen.push((set, stock as u32));
            let whole = self.split(later, rank);
            self.chosen.pop();
            // What is not limited is already as high as it goes.
            self.available[stock] = self.available[stock].saturating_add(1);
            if !whole {
                return false;
            }
            self.count(set);
        }
        true
    }

    fn holds(&mut self, set: u32, stock: usize) -> bool {
        let place = set as usize * self.order.stocks.len() + stock;
        if self.memo[place] == UNTRIED {
            let alone = self
                .counts
                .iter()
                .zip(&self.order.alone)
                .all(|(&count, alone)| count == 0 || holds(&alone.fits, stock));
            let packed = alone && self.order.pack_whole(stock as u32, &self.counts, self.work);
            self.memo[place] = if packed { HOLDS } else { FAILS };
        }
        self.memo[place] == HOLDS
    }
}
