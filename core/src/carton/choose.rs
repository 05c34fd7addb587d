//! The choice of several boxes: a beam search over box and filling rule, as wide as what may be spent allows.

use alloc::vec::Vec;

use super::order::{Filled, Order, Plan, Rank};
use super::rules::{BULK_RULE, PLAIN_RULE, RULES, Rule};
use super::whole::Work;
use crate::sort;

/// How many of [`RULES`] the beam search fills boxes by.
const BEAM_RULES: usize = 4;
const BEAM_WIDTH: usize = 4;
/// Above so many units a filled box is repeated while its contents last.
const REPEAT_ABOVE: u64 = 100;
/// The least steps that a fill is thought to take.
const LEAST_FILL: u64 = 8;

/// Boxes that are filled one after the other: stock, rule, how often.
type Trail = Vec<(u32, Rule, u32)>;

struct State {
    counts: Vec<u32>,
    available: Vec<u32>,
    trail: Trail,
    rank: Rank,
    /// Estimated cost when all is packed, then volume left.
    outlook: (u64, u64),
}

/// How a beam goes about it.
#[derive(Clone, Copy)]
pub(super) struct Beam {
    /// States that go on from one level to the next.
    pub width: usize,
    /// 0 for the plain rules.
    pub shake: u32,
    /// One box and one rule a level: quick, and ends with a packing unless boxes are too few.
    pub narrow: bool,
}

/// The boxes that a level of the beam tries.
struct Choices {
    stocks: Vec<u32>,
    rules: usize,
}

impl Order<'_> {
    /// The cheapest packing that the beam finds in a rank below `below`. Unless narrow, it ends at [`Work::halt`].
    pub fn beam(&self, counts: &[u32], available: &[u32], below: Rank, beam: Beam, work: &mut Work) -> Option<Plan> {
        let units: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        let mut best: Option<(Trail, Option<Filled>)> = None;
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
        'levels: while !states.is_empty() {
            let mut waiting = states.len() as u64;
            for state in &states {
                if !beam.narrow && work.steps() > work.halt {
                    break 'levels;
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
                        best = Some((state.trail.clone(), Some(last)));
                    }
                }
                if (state.rank.0.saturating_add(self.at_least(&state.counts, 2)), state.rank.1 + 2)
                    >= (limit.0, limit.1)
                {
                    continue;
                }
                let choices = if beam.narrow { self.plainest(state) } else { self.choices(state, waiting, work) };
                waiting -= 1;
                self.expand(state, &choices, limit, beam, units, &mut next, work);
            }
            states.clear();
            // Those that pack all are packings, the others the next level.
            for state in next.drain(..) {
                if state.counts.iter().any(|&count| count > 0) {
                    states.push(state);
                } else if state.rank < limit {
                    limit = state.rank;
                    best = Some((state.trail, None));
                }
            }
        }
        best.map(|(trail, last)| self.retrace(counts, &trail, last, limit, work))
    }

    /// The roomiest box for its cost that holds the largest unit.
    fn plainest(&self, state: &State) -> Choices {
        let left = state.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let largest = left.max_by_key(|&(kind, _)| (self.kinds[kind].volume, core::cmp::Reverse(kind)));
        let only = largest.and_then(|(kind, _)| self.plain_choice(kind, &state.available));
        Choices { stocks: only.into_iter().map(|stock| stock as u32).collect(), rules: 1 }
    }

    /// As many boxes and rules as can probably be tried before the halt, when `waiting` states share what is left: the most
    /// promising boxes.
    fn choices(&self, state: &State, waiting: u64, work: &Work) -> Choices {
        let mut stocks: Vec<u32> =
            (0..self.stocks.len() as u32).filter(|&stock| state.available[stock as usize] > 0).collect();
        let (weight, volume) = (self.weight(&state.counts), self.volume(&state.counts));
        let levels = self.boxes_at_least(weight, volume);
        let fills =
            work.halt.saturating_sub(work.steps()) / (waiting.max(1) * levels * work.fill_steps.max(LEAST_FILL));
        if fills >= (stocks.len() * BEAM_RULES) as u64 {
            return Choices { stocks, rules: BEAM_RULES };
        }
        let fills = fills.max(1) as usize;
        let rules = (fills / stocks.len().max(1)).clamp(1, BEAM_RULES);
        sort::by_key(&mut stocks, |stock| self.estimate(stock as usize, weight, volume));
        stocks.truncate(fills.div_ceil(rules));
        Choices { stocks, rules }
    }

    #[allow(clippy::too_many_arguments)] // one call, one loop body
    fn expand(
        &self,
        state: &State,
        choices: &Choices,
        limit: Rank,
        beam: Beam,
        units: u64,
        next: &mut Vec<State>,
        work: &mut Work,
    ) {
        let plain = [if work.steps() > work.halt { BULK_RULE } else { PLAIN_RULE }];
        let rules = if beam.narrow { &plain } else { &RULES[..choices.rules] };
        for &index in &choices.stocks {
            let stock = &self.stocks[index as usize];
            if state.rank.0.saturating_add(stock.tariff.empty_cost) >= limit.0 {
                continue;
            }
            for &rule in rules {
                let mut rule = rule;
                rule.noise = if beam.shake == 0 { 0 } else { beam.shake ^ index << 8 };
                let before = work.filler.steps;
                work.filler.limit = work.halt.saturating_sub(work.exhaust.steps);
                work.filler.fill(self.kinds, &stock.room, &state.counts, rule, false);
                work.filler.limit = u64::MAX;
                if work.filler.cut_short {
                    if !beam.narrow {
                        return;
                    }
                    rule = BULK_RULE;
                    work.filler.fill(self.kinds, &stock.room, &state.counts, rule, false);
                }
                // A running mean: boxes become emptier on the way.
                work.fill_steps = work.fill_steps.midpoint(work.filler.steps - before);
                if work.filler.blocks.is_empty() {
                    break;
                }
                let left = &work.filler.left;
                let mut times = 1;
                if units > REPEAT_ABOVE {
                    times = repeats(&state.counts, left, state.available[index as usize]);
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
                if available[index as usize] != u32::MAX {
                    available[index as usize] -= times;
                }
                let outlook = if done { 0 } else { self.outlook(&counts, &available) };
                let outlook = (rank.0.saturating_add(outlook), self.volume(&counts));
                if next.iter().any(|other| other.rank <= rank && other.counts == counts) {
                    continue;
                }
                let mut trail = state.trail.clone();
                trail.push((index, rule, times));
                let place = next.partition_point(|other| other.outlook <= outlook);
                next.insert(place, State { counts, available, trail, rank, outlook });
                next.truncate(beam.width);
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

    /// A quick packing, and then one below it by the beam, before [`Work::halt`].
    pub fn construct(&self, counts: &[u32], available: &[u32], below: Rank, work: &mut Work) -> Option<Plan> {
        let quick = self.beam(counts, available, below, Beam { width: 1, shake: 0, narrow: true }, work);
        let below = quick.as_ref().map_or(below, |plan| plan.rank);
        self.beam(counts, available, below, Beam { width: BEAM_WIDTH, shake: 0, narrow: false }, work).or(quick)
    }
}

/// How often the box that leaves `after` of `before` can be filled alike.
pub(super) fn repeats(before: &[u32], after: &[u32], available: u32) -> u32 {
    let taken = before.iter().zip(after).filter(|(before, after)| before > after);
    taken.map(|(before, after)| before / (before - after)).min().unwrap_or(1).min(available).max(1)
}
