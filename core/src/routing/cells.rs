//! A problem as the lower bound sees it: for each item the sources that have some of it, the cheapest first, in flat lists.
//!
//! The bound is the dual of this relaxation, with `F` the fixed cost of a source (its shipment, the penalty for a split, what
//! its freight costs at least) and `m` the units it could ship of an item of quantity `q`:
//! an item pays `V` in all, `V / q` a unit, never more than the backorder penalty; what it offers a source above that
//! source's own cost, `m (V / q - c) - spread`, goes towards `F`. No source may be offered more than its `F`; what it is offered
//! beyond is taken off again. The sum of all `V` then bounds the cost of every assignment from below.
//!
//! What this module must not know: how the dual is raised.

use super::problem::{Problem, Step};
use alloc::vec;
use alloc::vec::Vec;

/// What an item's offer rises by when it pays one more: shares of this.
pub const MOST_SHIFT: u32 = 20;

#[derive(Debug, Default)]
pub struct Cells {
    /// Where each item's cells begin, and where the last one's end.
    pub start: Vec<u32>,
    /// The source, as an index of this list of sources.
    pub source: Vec<u32>,
    /// What the item has to pay before the source is offered anything.
    pub from: Vec<i64>,
    /// `m / q` in shares of `1 << shift`, rounded up.
    pub rate: Vec<i64>,
    /// What one unit costs at least.
    pub unit: Vec<i64>,
    /// `m`.
    pub most: Vec<u32>,
    /// Every source of the item has all of it.
    pub whole: Vec<bool>,
    /// Units that can be shipped at all.
    pub quantity: Vec<u32>,
    /// What the item pays at most.
    pub cap: Vec<i64>,
    pub backorder: Vec<i64>,
    /// `F`.
    pub fixed: Vec<i64>,
    /// The source's index in the problem.
    pub origin: Vec<u32>,
    /// What every assignment costs beside: rebates of the first shipment and of each item's first source, units that nobody has.
    pub constant: i64,
    pub shift: u32,
    pub spread: i64,
    /// Added to `F` and taken off the constant for each shipment that is allowed.
    pub price_of_shipment: i64,
}

/// The line below a table: a fixed part, and so many millionths of a minor unit a gram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minorant {
    pub fixed: i64,
    pub slope: u64,
}

/// A line below every step of these tables up to `total` grams, as high as can be at the end.
pub fn minorant(plain: &[Step], hazardous: &[Step], total: u64) -> Minorant {
    // A line that is below the right ends of the steps is below the steps.
    let ends = || {
        [plain, hazardous].into_iter().flat_map(|steps| {
            let last = steps.partition_point(|step| step.up_to < total);
            steps.iter().take(last + 1).map(|step| (step.up_to.min(total).max(1), step.price))
        })
    };
    let Some((end, at_end)) = ends().max_by_key(|(grams, price)| (*grams, -*price)) else { return Minorant::default() };
    let micro = |price: i64| u128::from(price.max(0).unsigned_abs()) * 1_000_000;
    // Through the last end and below the others; or through nothing and below all.
    let others = || ends().filter(|(grams, _)| *grams < end);
    let tangent = others().map(|(grams, price)| micro(at_end - price).div_ceil(u128::from(end - grams))).max();
    let ray = ends().map(|(grams, price)| micro(price) / u128::from(grams)).min();
    let line = |slope: u128| {
        let slope = u64::try_from(slope).ok()?;
        let under = |(grams, price)| i128::from(price) * 1_000_000 - i128::from(slope) * i128::from(grams);
        let fixed = ends().map(under).min().filter(|micro: &i128| *micro >= 0)? / 1_000_000;
        let fixed = i64::try_from(fixed).ok()?;
        Some((i128::from(fixed) * 1_000_000 + i128::from(slope) * i128::from(end), fixed, slope))
    };
    let lines = [tangent, ray, Some(0)].into_iter().flatten().filter_map(line);
    lines.max().map_or_else(Minorant::default, |(_, fixed, slope)| Minorant { fixed, slope })
}

impl Cells {
    /// With these sources only; `price_of_shipment` is the multiplier of the limit on shipments.
    pub fn new(problem: &Problem, sources: &[u32], price_of_shipment: i64) -> Self {
        let mut cells = Self { spread: problem.spread, price_of_shipment, ..Self::default() };
        cells.origin = sources.to_vec();
        let total: u64 = problem.items.iter().map(|item| item.grams * u64::from(item.quantity)).sum();
        let lines: Vec<Minorant> =
            problem.freights.iter().map(|freight| minorant(&freight.plain, &freight.hazardous, total)).collect();
        let line =
            |source: usize| problem.sources[source].freight.map_or_else(Minorant::default, |at| lines[at as usize]);
        let fixed = |&source: &u32| {
            let source = source as usize;
            problem.sources[source].fixed + problem.split + line(source).fixed + price_of_shipment
        };
        cells.fixed = sources.iter().map(fixed).collect();
        cells.constant = -problem.split - price_of_shipment * i64::from(problem.most_shipments.unwrap_or(0));
        let greatest = cells.fixed.iter().copied().max().unwrap_or(0);
        let dearest = problem.items.iter().map(|item| item.backorder * i64::from(item.quantity)).max().unwrap_or(0);
        let bits = 64 - (greatest.max(dearest) + problem.spread + 1).leading_zeros();
        cells.shift = 61u32.saturating_sub(bits).min(MOST_SHIFT);
        cells.start.push(0);
        let slopes: Vec<u64> = sources.iter().map(|source| line(*source as usize).slope).collect();
        let mut found: Vec<(i64, u32, i64, u32)> = Vec::with_capacity(sources.len());
        for item in 0..problem.items.len() {
            cells.item(problem, sources, item, &slopes, &mut found);
        }
        cells
    }

    fn item(
        &mut self,
        problem: &Problem,
        sources: &[u32],
        item: usize,
        slopes: &[u64],
        found: &mut Vec<(i64, u32, i64, u32)>,
    ) {
        let of = problem.items[item];
        found.clear();
        let mut all = 0u64;
        let mut least = u32::MAX;
        for (index, &source) in sources.iter().enumerate() {
            let most = problem.most(item, source as usize);
            let cost = problem.cost(item, source as usize);
            // Dearer than not shipping it: never taken.
            if most > 0 && cost <= of.backorder {
                all += u64::from(most);
                least = least.min(most);
                let freight = (slopes[index].checked_mul(of.grams).unwrap_or(0) / 1_000_000) as i64;
                found.push((0, index as u32, cost + freight, most));
            }
        }
        let quantity = u32::try_from(all.min(u64::from(of.quantity))).unwrap_or(u32::MAX);
        self.constant += of.backorder * i64::from(of.quantity - quantity);
        let whole = least >= quantity;
        let (units, spread) = (i64::from(quantity), self.spread);
        for cell in found.iter_mut() {
            cell.3 = cell.3.min(quantity);
            // For the cheapest of all it is the rebate that pays the spread.
            cell.0 = units * cell.2 + if whole { 0 } else { spread * units / i64::from(cell.3) };
        }
        found.sort_unstable();
        for &(from, source, unit, most) in found.iter() {
            self.source.push(source);
            self.from.push(from);
            let rate = ((u64::from(most) << self.shift).div_ceil(u64::from(quantity))) as i64;
            self.rate.push(rate);
            self.unit.push(unit);
            self.most.push(most);
        }
        if !whole {
            self.constant -= spread;
        }
        self.start.push(self.source.len() as u32);
        self.whole.push(whole);
        self.quantity.push(quantity);
        self.backorder.push(of.backorder);
        self.cap.push(units * of.backorder);
    }

    pub fn items(&self) -> usize {
        self.whole.len()
    }

    pub fn sources(&self) -> usize {
        self.fixed.len()
    }

    pub fn of(&self, item: usize) -> core::ops::Range<usize> {
        self.start[item] as usize..self.start[item + 1] as usize
    }
}

/// Sources that another one can replace whatever the rest does: no dearer, and with all that they could ship. Of equals the
/// first stays.
pub fn without_dominated(problem: &Problem, sources: &[u32]) -> Vec<u32> {
    if problem.coupled() || sources.len() > 1_024 {
        return sources.to_vec();
    }
    let words = problem.items.len().div_ceil(64);
    let width = problem.sources.len();
    let mut some = vec![0u64; words * sources.len()];
    let mut full = vec![0u64; words * sources.len()];
    for (item, of) in problem.items.iter().enumerate() {
        let row = &problem.stock[item * width..(item + 1) * width];
        for (index, &source) in sources.iter().enumerate() {
            let (word, bit) = (index * words + item / 64, 1u64 << (item % 64));
            let stock = row[source as usize];
            if stock > 0 {
                some[word] |= bit;
            }
            if stock >= of.quantity {
                full[word] |= bit;
            }
        }
    }
    let covers = |better: usize, worse: usize| {
        let (full, some) = (&full[better * words..], &some[worse * words..]);
        (0..words).all(|word| some[word] & !full[word] == 0)
    };
    let cheaper = |better: usize, worse: usize| {
        let (b, w) = (sources[better] as usize, sources[worse] as usize);
        (0..words).all(|word| {
            let mut bits = some[worse * words + word];
            while bits != 0 {
                let item = word * 64 + bits.trailing_zeros() as usize;
                if problem.costs[item * width + b] > problem.costs[item * width + w] {
                    return false;
                }
                bits &= bits - 1;
            }
            true
        })
    };
    let mut order: Vec<u32> = (0..sources.len() as u32).collect();
    order.sort_by_key(|&index| problem.sources[sources[index as usize] as usize].fixed);
    let mut kept: Vec<u32> = Vec::with_capacity(sources.len());
    for &worse in &order {
        // Whoever is before it in this order costs no more, and whoever was left out before has its better one among the kept.
        let dominated = kept
            .iter()
            .any(|&better| covers(better as usize, worse as usize) && cheaper(better as usize, worse as usize));
        if !dominated {
            kept.push(worse);
        }
    }
    kept.sort_unstable();
    kept.iter().map(|&index| sources[index as usize]).collect()
}
