//! The choice of several boxes: a beam search over box and filling rule.

use alloc::vec::Vec;

use super::fill::Rule;
use super::order::{Filled, NO_LIMIT, Order, Plan, Rank};
use super::rules::{PLAIN_RULE, RULES};
use super::whole::Work;

/// How many of [`RULES`] the beam search fills boxes by.
const BEAM_RULES: usize = 4;
const BEAM_WIDTH: usize = 4;
/// After so many steps the beam narrows to one state and one box a level, which always ends.
const WIDE_STEPS: u64 = 400_000;
/// Above so many units a filled box is repeated while its contents last.
const REPEAT_ABOVE: u64 = 100;

struct State {
    counts: Vec<u32>,
    available: Vec<u32>,
    trail: Vec<(u32, Rule, u32)>,
    rank: Rank,
    /// Estimated cost when all is packed, then volume left.
    outlook: (u64, u64),
}

impl Order<'_> {
    /// The cheapest packing that the beam finds in a rank below `below`, and below the rank `base` of what is packed
    /// already. `shake` is 0 for the plain rules.
    pub fn beam(
        &self,
        counts: &[u32],
        available: &[u32],
        below: Rank,
        shake: u32,
        width: usize,
        work: &mut Work,
    ) -> Option<Plan> {
        let start = work.steps();
        let units: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        let mut best: Option<Plan> = None;
        let mut limit = below;
        let root = State {
            counts: counts.to_vec(),
            available: available.to_vec(),
            trail: Vec::new(),
            rank: (0, 0, 0),
            outlook: (0, 0),
        };
        let mut states = alloc::vec![root];
        let mut next: Vec<State> = Vec::new();
        while !states.is_empty() {
            for state in &states {
                // What is known already is an answer; without one the beam goes on, narrow.
                if work.steps() > work.halt || (below != NO_LIMIT && work.steps() - start > WIDE_STEPS) {
                    return best;
                }
                if (state.rank.0.saturating_add(self.at_least(&state.counts, 1)), state.rank.1 + 1)
                    >= (limit.0, limit.1)
                {
                    continue;
                }
                // Ranks below `limit` when the rest is one box more; `None` when no box can be.
                let rest = (
                    limit.0.saturating_sub(state.rank.0),
                    limit.1.saturating_sub(state.rank.1),
                    limit.2.saturating_sub(state.rank.2),
                );
                if let Some((stock, rank)) = self.one_box(&state.counts, &state.available, rest, work) {
                    let total = (state.rank.0 + rank.0, state.rank.1 + 1, state.rank.2.saturating_add(rank.2));
                    if total < limit {
                        limit = total;
                        let last = Filled {
                            stock,
                            times: 1,
                            counts: state.counts.clone(),
                            blocks: work.found.clone(),
                            weight: self.weight(&state.counts),
                        };
                        best = Some(self.retrace(counts, &state.trail, Some(last), total, work));
                    }
                }
                let narrow = work.steps() - start > WIDE_STEPS;
                if (state.rank.0.saturating_add(self.at_least(&state.counts, 2)), state.rank.1 + 2)
                    >= (limit.0, limit.1)
                {
                    continue;
                }
                self.expand(
                    state,
                    limit,
                    shake,
                    if narrow { 1 } else { width },
                    narrow,
                    units,
                    start + WIDE_STEPS,
                    &mut next,
                    work,
                );
            }
            states.clear();
            // Those that pack all are packings, the others the next level.
            for state in next.drain(..) {
                if state.counts.iter().any(|&count| count > 0) {
                    states.push(state);
                } else if state.rank < limit {
                    limit = state.rank;
                    best = Some(self.retrace(counts, &state.trail, None, limit, work));
                }
            }
        }
        best
    }

    #[allow(clippy::too_many_arguments)] // one call, one loop body
    fn expand(
        &self,
        state: &State,
        limit: Rank,
        shake: u32,
        width: usize,
        narrow: bool,
        units: u64,
        wide_until: u64,
        next: &mut Vec<State>,
        work: &mut Work,
    ) {
        let left = state.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let largest = left.max_by_key(|&(kind, _)| (self.kinds[kind].volume, core::cmp::Reverse(kind)));
        let only = largest.filter(|_| narrow).and_then(|(kind, _)| self.plain_choice(kind, &state.available));
        for (index, stock) in self.stocks.iter().enumerate() {
            if state.available[index] == 0
                || only.is_some_and(|only| only != index)
                || state.rank.0.saturating_add(stock.tariff.cost(0)) >= limit.0
            {
                continue;
            }
            if !next.is_empty() && work.steps() > wide_until {
                return;
            }
            let rules = if narrow { core::slice::from_ref(&PLAIN_RULE) } else { &RULES[..BEAM_RULES] };
            for &rule in rules {
                let mut rule = rule;
                rule.noise = if shake == 0 { 0 } else { shake ^ (index as u32) << 8 };
                work.filler.fill(self.kinds, &stock.room, &state.counts, rule, false);
                if work.filler.blocks.is_empty() {
                    break;
                }
                let left = &work.filler.left;
                let mut times = 1;
                if units > REPEAT_ABOVE {
                    times = repeats(&state.counts, left, state.available[index]);
                }
                let copies = u64::from(times);
                let weight = work.filler.weight;
                let rank = (
                    state.rank.0.saturating_add(stock.tariff.cost(weight).saturating_mul(copies)),
                    state.rank.1 + copies,
                    state.rank.2.saturating_add(stock.tariff.billable(weight).saturating_mul(copies)),
                );
                let mut counts = state.counts.clone();
                for (count, after) in counts.iter_mut().zip(left) {
                    *count -= (*count - after) * times;
                }
                if rank.0.saturating_add(self.at_least(&counts, 1)) > limit.0 {
                    continue;
                }
                let done = counts.iter().all(|&count| count == 0);
                let mut available = state.available.clone();
                if available[index] != u32::MAX {
                    available[index] -= times;
                }
                let outlook = if done { 0 } else { self.outlook(&counts, &available) };
                let outlook = (rank.0.saturating_add(outlook), self.volume(&counts));
                if next.iter().any(|other| other.rank <= rank && other.counts == counts) {
                    continue;
                }
                let mut trail = state.trail.clone();
                trail.push((index as u32, rule, times));
                let place = next.partition_point(|other| other.outlook <= outlook);
                next.insert(place, State { counts, available, trail, rank, outlook });
                next.truncate(width);
            }
        }
    }

    /// Fills the boxes of a trail again, to have their blocks.
    fn retrace(
        &self,
        counts: &[u32],
        trail: &[(u32, Rule, u32)],
        last: Option<Filled>,
        rank: Rank,
        work: &mut Work,
    ) -> Plan {
        let mut counts = counts.to_vec();
        let mut boxes = Vec::with_capacity(trail.len() + 1);
        for &(stock, rule, times) in trail {
            let filler = &mut work.filler;
            filler.fill(self.kinds, &self.stocks[stock as usize].room, &counts, rule, false);
            let inside: Vec<u32> = counts.iter().zip(&filler.left).map(|(before, after)| before - after).collect();
            for (count, inside) in counts.iter_mut().zip(&inside) {
                *count -= inside * times;
            }
            boxes.push(Filled { stock, times, counts: inside, blocks: filler.blocks.clone(), weight: filler.weight });
        }
        boxes.extend(last);
        Plan { boxes, rank }
    }

    /// The beam with its usual width.
    pub fn construct(&self, counts: &[u32], available: &[u32], below: Rank, work: &mut Work) -> Option<Plan> {
        self.beam(counts, available, below, 0, BEAM_WIDTH, work)
    }
}

/// How often the box that leaves `after` of `before` can be filled alike.
pub(super) fn repeats(before: &[u32], after: &[u32], available: u32) -> u32 {
    let taken = before.iter().zip(after).filter(|(before, after)| before > after);
    taken.map(|(before, after)| before / (before - after)).min().unwrap_or(1).min(available).max(1)
}
