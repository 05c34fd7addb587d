//! The choice of boxes: one box that holds everything, in the order of cost, or a beam search over box and filling rule.
//! Knows the order only as kinds and counts.

use alloc::vec::Vec;

use super::billing::Tariff;
use super::bound::refuted;
use super::exhaust::{Exhaust, MOST_EXHAUSTED, Outcome};
use super::fill::{Aim, Block, Filler, First, LAYERS, Measure, Rule, SIDE_WALLS, WALLS, next_random};
use super::kind::{Kind, Room};

const fn rule(first: First, aim: Aim, axes: [usize; 3], blocks: bool) -> Rule {
    Rule { first, aim, axes, blocks, noise: 0 }
}

/// The rules that are tried to pack a whole order into one box, the most successful first.
pub(super) const RULES: [Rule; 8] = [
    rule(First::Unit(Measure::Volume), Aim::Low, LAYERS, true),
    rule(First::Unit(Measure::Longest), Aim::Tight, LAYERS, false),
    rule(First::Space, Aim::Large, LAYERS, true),
    rule(First::Unit(Measure::Face), Aim::Low, LAYERS, false),
    rule(First::Unit(Measure::Longest), Aim::Low, WALLS, true),
    rule(First::Space, Aim::Tight, WALLS, true),
    rule(First::Unit(Measure::Volume), Aim::Tight, SIDE_WALLS, true),
    rule(First::Unit(Measure::Volume), Aim::Low, SIDE_WALLS, false),
];

/// How many of [`RULES`] the beam search fills boxes by.
const BEAM_RULES: usize = 4;
const BEAM_WIDTH: usize = 4;
/// Places that the exhaustive search of one box looks at.
const TRIES: u64 = 1_500;
/// After so many steps the beam narrows to one state and one box a level, which always ends.
const WIDE_STEPS: u64 = 400_000;
/// Above so many units a filled box is repeated while its contents last.
const REPEAT_ABOVE: u64 = 100;

/// A box of the shop that can be used for this order.
#[derive(Debug, Clone)]
pub(super) struct Stock {
    /// Index into the shop's boxes.
    pub carton: u32,
    pub room: Room,
    pub tariff: Tariff,
}

/// Equal boxes with equal contents.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    /// Index into the stocks.
    pub stock: u32,
    pub times: u32,
    /// Units of each kind in one of them.
    pub counts: Vec<u32>,
    pub blocks: Vec<Block>,
    /// Of one of them.
    pub weight: u64,
}

/// What packings are compared by: cost, boxes, billable weight.
pub(super) type Rank = (u64, u64, u64);

#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub boxes: Vec<Filled>,
    pub rank: Rank,
}

/// What is known of an order before boxes are tried.
pub(super) struct Order<'a> {
    pub kinds: &'a [Kind],
    pub stocks: &'a [Stock],
    /// For each kind the stocks that hold one unit, as bits.
    pub fits: Vec<[u64; 4]>,
    /// For each kind the least cost of a parcel with one unit.
    least: Vec<u64>,
    least_fixed: u64,
    least_empty: u64,
    /// The least cost of a parcel whatever is in it.
    pub least_parcel: u64,
    /// Cost and volume of the empty stock that has most volume for its cost.
    roomiest: (u64, u64),
}

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
    /// Something did not go into a box, and nobody proved that it cannot.
    pub doubt: bool,
}

const FAILED_SLOTS: usize = 512;

impl Work {
    pub fn steps(&self) -> u64 {
        self.filler.steps + self.exhaust.steps
    }

    pub fn start(&mut self, tries: u32) {
        self.tries = tries;
        self.doubt = false;
        self.filler.steps = 0;
        self.exhaust.steps = 0;
        self.failed.clear();
    }
}

struct State {
    counts: Vec<u32>,
    available: Vec<u32>,
    trail: Vec<(u32, Rule, u32)>,
    rank: Rank,
    /// Estimated cost when all is packed, then volume left.
    outlook: (u64, u64),
}

impl<'a> Order<'a> {
    /// None of the lists may be empty, and each kind must fit some stock.
    pub fn new(kinds: &'a [Kind], stocks: &'a [Stock]) -> Self {
        let mut least_all = Vec::with_capacity(kinds.len());
        let mut fits_all = Vec::with_capacity(kinds.len());
        for kind in kinds {
            let mut bits = [0u64; 4];
            let mut least = u64::MAX;
            for (index, stock) in stocks.iter().enumerate() {
                if kind.weight <= stock.room.capacity && kind.fits_size(stock.room.sides) {
                    bits[index / 64] |= 1 << (index % 64);
                    least = least.min(stock.tariff.cost(kind.weight));
                }
            }
            fits_all.push(bits);
            least_all.push(least);
        }
        let mut roomiest = (u64::MAX, 1);
        for stock in stocks {
            let cost = stock.tariff.cost(0);
            if u128::from(cost) * u128::from(roomiest.1) < u128::from(roomiest.0) * u128::from(stock.room.volume) {
                roomiest = (cost, stock.room.volume);
            }
        }
        let least_of = |of: fn(&Tariff) -> u64| stocks.iter().map(|stock| of(&stock.tariff)).min().unwrap_or(0);
        Self {
            kinds,
            stocks,
            fits: fits_all,
            least: least_all,
            least_fixed: least_of(|tariff| tariff.fixed),
            least_empty: least_of(|tariff| tariff.empty),
            least_parcel: least_of(|tariff| tariff.cost(0)),
            roomiest,
        }
    }

    pub fn weight(&self, counts: &[u32]) -> u64 {
        self.kinds.iter().zip(counts).map(|(kind, &count)| kind.weight * u64::from(count)).sum()
    }

    pub fn volume(&self, counts: &[u32]) -> u64 {
        self.kinds.iter().zip(counts).fold(0, |sum, (kind, &count)| sum.saturating_add(kind.volume * u64::from(count)))
    }

    /// No packing of these units in `parcels` or more boxes costs less.
    pub fn at_least(&self, counts: &[u32], parcels: u64) -> u64 {
        let (mut weight, mut volume, mut dearest) = (0u64, 0u64, 0u64);
        for (index, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            weight += self.kinds[index].weight * u64::from(count);
            volume = volume.saturating_add(self.kinds[index].volume * u64::from(count));
            dearest = dearest.max(self.least[index]);
        }
        if volume == 0 {
            return 0;
        }
        let others = parcels.saturating_sub(1);
        let by_volume = u128::from(volume) * u128::from(self.roomiest.0) / u128::from(self.roomiest.1.max(1));
        let carriage = self.stocks[0].tariff.carriage(weight.saturating_add(parcels * self.least_empty));
        (dearest.saturating_add(others.saturating_mul(self.least_parcel)))
            .max(carriage.saturating_add(parcels.saturating_mul(self.least_fixed)))
            .max(u64::try_from(by_volume).unwrap_or(u64::MAX))
    }

    /// The stocks that hold each of these units alone, as bits.
    fn common(&self, counts: &[u32]) -> [u64; 4] {
        let mut bits = [u64::MAX; 4];
        for (fits, _) in self.fits.iter().zip(counts).filter(|(_, count)| **count > 0) {
            for (bits, fits) in bits.iter_mut().zip(fits) {
                *bits &= fits;
            }
        }
        bits
    }

    /// Whether all these units go into one box of this stock; their blocks are then in `work.found`. The caller has seen to
    /// weight, volume and that each unit alone fits.
    pub fn pack_whole(&self, stock: u32, counts: &[u32], work: &mut Work) -> bool {
        let room = &self.stocks[stock as usize].room;
        let units: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        if units > 1 && refuted(self.kinds, counts, room, 2) {
            return false;
        }
        let key = hash(stock, counts);
        let slot = key as usize % FAILED_SLOTS;
        if work.failed.get(slot) == Some(&key) {
            work.doubt = true;
            return false;
        }
        for (tried, rule) in RULES.into_iter().enumerate() {
            if tried == 2 && refuted(self.kinds, counts, room, 3) {
                return false;
            }
            if work.filler.fill(self.kinds, room, counts, rule, true) {
                work.found.clear();
                work.found.extend_from_slice(&work.filler.blocks);
                return true;
            }
        }
        for attempt in 0..work.tries {
            let noise = (next_random(u64::from(attempt)) >> 32) as u32 | 1;
            let rule = Rule { noise, ..RULES[attempt as usize % RULES.len()] };
            if work.filler.fill(self.kinds, room, counts, rule, true) {
                work.found.clear();
                work.found.extend_from_slice(&work.filler.blocks);
                return true;
            }
        }
        let places = TRIES * (1 + u64::from(work.tries));
        if units <= u64::from(MOST_EXHAUSTED) && work.exhaust.pack(self.kinds, room, counts, places) == Outcome::Packed
        {
            work.found.clear();
            work.found.extend_from_slice(&work.exhaust.blocks);
            return true;
        }
        work.doubt = true;
        if work.failed.is_empty() {
            work.failed.resize(FAILED_SLOTS, 0);
        }
        work.failed[slot] = key;
        false
    }

    /// The cheapest stock that holds all these units in one box and costs less than `below`; blocks in `work.found`.
    pub fn one_box(&self, counts: &[u32], available: &[u32], below: Rank, work: &mut Work) -> Option<(u32, Rank)> {
        let (weight, volume) = (self.weight(counts), self.volume(counts));
        let common = self.common(counts);
        let mut by_cost = core::mem::take(&mut work.by_cost);
        by_cost.clear();
        for (index, stock) in self.stocks.iter().enumerate() {
            if available[index] == 0
                || common[index / 64] & 1 << (index % 64) == 0
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
        by_cost.sort_unstable();
        let found = by_cost
            .iter()
            .find(|&&(_, _, stock)| self.pack_whole(stock, counts, work))
            .map(|&(cost, billable, stock)| (stock, (cost, 1, billable)));
        work.by_cost = by_cost;
        found
    }

    /// The cost that the rest will probably have: the cheapest box that could hold it, or its share of roomy boxes.
    fn outlook(&self, counts: &[u32], available: &[u32]) -> u64 {
        let (weight, volume) = (self.weight(counts), self.volume(counts));
        let common = self.common(counts);
        let one = self
            .stocks
            .iter()
            .enumerate()
            .filter(|&(index, stock)| {
                available[index] > 0
                    && common[index / 64] & 1 << (index % 64) != 0
                    && volume <= stock.room.volume / 16 * 15
                    && weight <= stock.room.capacity
            })
            .map(|(_, stock)| stock.tariff.cost(weight))
            .min();
        one.unwrap_or_else(|| {
            let bound = self.at_least(counts, 2);
            bound.saturating_add(bound / 8)
        })
    }

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
                    let total = (state.rank.0 + rank.0, state.rank.1 + 1, state.rank.2 + rank.2);
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
                self.expand(state, limit, shake, if narrow { 1 } else { width }, narrow, units, &mut next, work);
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
        next: &mut Vec<State>,
        work: &mut Work,
    ) {
        let only = if narrow { self.plain_choice(state) } else { None };
        for (index, stock) in self.stocks.iter().enumerate() {
            if state.available[index] == 0
                || only.is_some_and(|only| only != index)
                || state.rank.0.saturating_add(stock.tariff.cost(0)) >= limit.0
            {
                continue;
            }
            for mut rule in RULES.into_iter().take(if narrow { 1 } else { BEAM_RULES }) {
                rule.noise = if shake == 0 { 0 } else { shake ^ (index as u32) << 8 };
                work.filler.fill(self.kinds, &stock.room, &state.counts, rule, false);
                if work.filler.blocks.is_empty() {
                    break;
                }
                let left = &work.filler.left;
                let mut times = 1;
                if units > REPEAT_ABOVE {
                    let pairs = state.counts.iter().zip(left).filter(|(before, after)| before > after);
                    times = pairs.map(|(before, after)| before / (before - after)).min().unwrap_or(1);
                    times = times.min(state.available[index]).max(1);
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

    /// The roomiest box for its cost that holds the largest unit that is left.
    fn plain_choice(&self, state: &State) -> Option<usize> {
        let left = state.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let (kind, _) = left.max_by_key(|&(kind, _)| (self.kinds[kind].volume, core::cmp::Reverse(kind)))?;
        let holds = |index: usize| state.available[index] > 0 && self.fits[kind][index / 64] & 1 << (index % 64) != 0;
        (0..self.stocks.len()).filter(|&index| holds(index)).min_by(|&a, &b| {
            let (a, b) = (&self.stocks[a], &self.stocks[b]);
            let one = u128::from(a.tariff.cost(0)) * u128::from(b.room.volume);
            one.cmp(&(u128::from(b.tariff.cost(0)) * u128::from(a.room.volume)))
        })
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

/// FNV-1a.
fn hash(stock: u32, counts: &[u32]) -> u64 {
    counts.iter().fold(0xcbf2_9ce4_8422_2325 ^ u64::from(stock).wrapping_mul(0x9E37_79B9_7F4A_7C15), |hash, &count| {
        (hash ^ u64::from(count)).wrapping_mul(0x0100_0000_01b3)
    })
}
