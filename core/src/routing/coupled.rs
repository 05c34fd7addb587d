//! Where items share more than the source itself: units that a source can pick, freight by the mass of the whole shipment.
//!
//! The bound knows neither; here assignments are made to keep to them and priced as they are, and the assignments of one set of
//! sources are gone through when nothing less proves the cheapest.
//!
//! What this module must not know: which sets of sources are looked at.

use super::cells::Cells;
use super::problem::{Problem, Take};
use super::search::Incumbent;
use alloc::vec;
use alloc::vec::Vec;

/// Items and cells of a set that are gone through: each is a call within the one before it, and a sandbox's stack is small.
const MOST_DEEP: usize = 1_000;

/// What a source of the set still takes, and what it holds.
#[derive(Debug, Clone, Copy)]
struct Load {
    picks: u64,
    heaviest: u64,
    grams: u64,
    used: u32,
}

#[derive(Debug)]
pub struct Coupled {
    idle: bool,
    /// One a source of the problem, as it is before anything is taken.
    empty: Vec<Load>,
    loads: Vec<Load>,
    order: Vec<u32>,
    /// What the items from here on cost at least, in `order`.
    rest: Vec<i64>,
    takes: Vec<Take>,
    sorted: Vec<Take>,
    pub steps: u64,
}

/// What does not change while the assignments of one set are gone through.
struct Walk<'a> {
    problem: &'a Problem,
    cells: &'a Cells,
    open: &'a [bool],
    limit: u64,
}

impl Coupled {
    pub fn new(problem: &Problem) -> Self {
        let idle = !problem.coupled();
        let empty = if idle { Vec::new() } else { loads(problem) };
        let (order, rest, takes, sorted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { idle, loads: empty.clone(), empty, order, rest, takes, sorted, steps: 0 }
    }

    /// Nothing is shared: what the cells say is what it costs.
    pub fn is_idle(&self) -> bool {
        self.idle
    }

    fn reset(&mut self, source: u32) {
        self.loads[source as usize] = self.empty[source as usize];
    }

    /// What these takes cost; where a source cannot do what is asked, its units move to the other sources of the takes or are
    /// left out. `None` when a shipment is not carried even so. Takes are sorted, before and after.
    pub fn real(&mut self, problem: &Problem, takes: &mut Vec<Take>) -> Option<i64> {
        self.steps += 4 * (takes.len() + problem.items.len()) as u64;
        let mut over: Vec<(u32, u32)> = Vec::new();
        let mut sources: Vec<u32> = takes.iter().map(|take| take.source).collect();
        sources.dedup();
        for source in &sources {
            self.reset(*source);
        }
        for take in takes.iter_mut() {
            let wanted = take.units;
            take.units = self.add(problem, take.item, take.source, wanted);
            if take.units < wanted {
                over.push((take.item, wanted - take.units));
            }
        }
        // An item once, so that it comes to each source once.
        over.sort_unstable();
        over.dedup_by(|more, kept| {
            let same = more.0 == kept.0;
            kept.1 += if same { more.1 } else { 0 };
            same
        });
        let sorted = takes.len();
        let mut by_cost = Vec::with_capacity(sources.len());
        for (item, units) in over {
            let mut left = units;
            self.steps += 8 * sources.len() as u64;
            by_cost.clone_from(&sources);
            by_cost.sort_by_key(|&source| problem.cost(item as usize, source as usize));
            for &source in &by_cost {
                let had = takes[..sorted].binary_search_by_key(&(source, item), |take| (take.source, take.item)).ok();
                let already = had.map_or(0, |at| takes[at].units);
                let most = problem.most(item as usize, source as usize).saturating_sub(already).min(left);
                if most == 0 || problem.cost(item as usize, source as usize) > problem.items[item as usize].backorder {
                    continue;
                }
                let units = self.add(problem, item, source, most);
                match had {
                    Some(at) => takes[at].units += units,
                    None if units > 0 => takes.push(Take { source, item, units }),
                    None => {}
                }
                left -= units;
            }
        }
        takes.retain(|take| take.units > 0);
        takes.sort_unstable();
        problem.price(takes)
    }

    /// Loads what goes in; how much that is.
    fn add(&mut self, problem: &Problem, item: u32, source: u32, units: u32) -> u32 {
        let of = problem.items[item as usize];
        let load = &mut self.loads[source as usize];
        let by_mass = load.heaviest.saturating_sub(load.grams).checked_div(of.grams).unwrap_or(u64::MAX);
        let by_picks = load.picks / u64::from(of.picks.max(1));
        let units = u64::from(units).min(by_mass).min(by_picks) as u32;
        load.picks -= u64::from(units) * u64::from(of.picks.max(1));
        load.grams += u64::from(units) * of.grams;
        units
    }

    /// Goes through the assignments of one set of sources that could be cheaper than the best; false when the effort ended first.
    pub fn exhaust(
        &mut self,
        problem: &Problem,
        cells: &Cells,
        open: &[bool],
        best: &mut Incumbent,
        limit: u64,
    ) -> bool {
        let cells_open = cells.source.iter().filter(|source| open[**source as usize]).count();
        self.steps += (cells.source.len() + cells.items()) as u64;
        if cells_open + cells.items() > MOST_DEEP {
            return false;
        }
        for (source, _) in open.iter().enumerate().filter(|(_, open)| **open) {
            self.reset(cells.origin[source]);
        }
        self.order.clear();
        self.order.extend(0..cells.items() as u32);
        let heavy = |item: &u32| {
            let of = problem.items[*item as usize];
            core::cmp::Reverse((of.grams + u64::from(of.picks)).saturating_mul(u64::from(of.quantity)))
        };
        self.order.sort_by_key(heavy);
        let mut fixed = cells.constant + cells.price_of_shipment * i64::from(problem.most_shipments.unwrap_or(0));
        for (source, _) in open.iter().enumerate().filter(|(_, open)| **open) {
            fixed += cells.fixed[source] - cells.price_of_shipment;
        }
        self.rest.clear();
        self.rest.resize(self.order.len() + 1, 0);
        for place in (0..self.order.len()).rev() {
            let item = self.order[place] as usize;
            self.rest[place] = self.rest[place + 1] + least(cells, item, open);
        }
        self.takes.clear();
        if open.iter().all(|open| !open) {
            return true;
        }
        let walk = Walk { problem, cells, open, limit };
        self.item(&walk, 0, fixed, best)
    }

    /// The next item of the order.
    fn item(&mut self, walk: &Walk<'_>, place: usize, cost: i64, best: &mut Incumbent) -> bool {
        self.steps += 1;
        if self.steps >= walk.limit {
            return false;
        }
        if cost + self.rest[place] >= best.total {
            return true;
        }
        if place == self.order.len() {
            let mut sorted = core::mem::take(&mut self.sorted);
            sorted.clone_from(&self.takes);
            sorted.sort_unstable();
            if let Some(total) = walk.problem.price(&sorted)
                && total < best.total
            {
                *best = Incumbent { total, takes: sorted.clone() };
            }
            self.steps += 4 * (sorted.len() + walk.problem.items.len()) as u64;
            self.sorted = sorted;
            return true;
        }
        let item = self.order[place] as usize;
        let cell = walk.cells.of(item).start;
        let left = walk.cells.quantity[item];
        self.cell(walk, place, cell, left, 0, cost, best)
    }

    /// The next source of an item, with so many units still to be placed and so many sources taken.
    #[allow(clippy::too_many_arguments)] // one step of a recursion
    fn cell(
        &mut self,
        walk: &Walk<'_>,
        place: usize,
        cell: usize,
        left: u32,
        taken: u32,
        cost: i64,
        best: &mut Incumbent,
    ) -> bool {
        let item = self.order[place] as usize;
        let cells = walk.cells;
        let end = cells.of(item).end;
        let mut cell = cell;
        while cell < end && !walk.open[cells.source[cell] as usize] {
            cell += 1;
        }
        // Each cell of the item may be looked at, for the next that is open and for the cheapest.
        self.steps += 4 + (end - walk.cells.of(item).start) as u64 / 2;
        if self.steps >= walk.limit {
            return false;
        }
        if cell == end || left == 0 {
            // A whole item's first source has its rebate in the cells; of another's it stands in the constant.
            let spread = match (cells.whole[item], taken) {
                (true, 0) => 0,
                (true, taken) => i64::from(taken) - 1,
                (false, 0) => 1,
                (false, taken) => i64::from(taken),
            };
            let cost = cost + spread * cells.spread + i64::from(left) * cells.backorder[item];
            return self.item(walk, place + 1, cost, best);
        }
        // The dearest units of what is left cost at least the cheapest that there are.
        let cheapest = (cell..end).filter(|&at| walk.open[cells.source[at] as usize]).map(|at| cells.unit[at]).min();
        let least = i64::from(left) * cheapest.unwrap_or(i64::MAX).min(cells.backorder[item]);
        if cost + least + self.rest[place + 1] >= best.total {
            return true;
        }
        let source = cells.origin[cells.source[cell] as usize];
        let of = walk.problem.items[item];
        let before = self.loads[source as usize];
        let most = self.add(walk.problem, item as u32, source, cells.most[cell].min(left));
        self.loads[source as usize] = before;
        let mut complete = true;
        for units in (0..=most).rev() {
            if units > 0 {
                let load = &mut self.loads[source as usize];
                load.picks = before.picks - u64::from(units) * u64::from(of.picks.max(1));
                load.grams = before.grams + u64::from(units) * of.grams;
                load.used = before.used + 1;
                self.takes.push(Take { source, item: item as u32, units });
            }
            let more = i64::from(units) * cells.unit[cell];
            let taken = taken + u32::from(units > 0);
            complete &= self.cell(walk, place, cell + 1, left - units, taken, cost + more, best);
            if units > 0 {
                self.takes.pop();
                self.loads[source as usize] = before;
            }
            if !complete {
                return false;
            }
        }
        true
    }
}

/// What an item costs at least from these sources.
fn least(cells: &Cells, item: usize, open: &[bool]) -> i64 {
    let range = cells.of(item);
    let quantity = i64::from(cells.quantity[item]);
    let from = |cell: &usize| open[cells.source[*cell] as usize];
    let unit = range.filter(from).map(|cell| cells.unit[cell]).min();
    unit.map_or(i64::MAX, |unit| unit * quantity).min(quantity * cells.backorder[item])
        + if cells.whole[item] { 0 } else { cells.spread }
}

fn loads(problem: &Problem) -> Vec<Load> {
    let mut loads = vec![];
    for source in &problem.sources {
        let heaviest = source.freight.map_or(u64::MAX, |freight| {
            let freight = &problem.freights[freight as usize];
            [&freight.plain, &freight.hazardous]
                .into_iter()
                .filter_map(|steps| steps.last())
                .map(|step| step.up_to)
                .max()
                .unwrap_or(0)
        });
        let picks = source.unit_capacity.map_or(u64::MAX, u64::from);
        loads.push(Load { picks, heaviest, grams: 0, used: 0 });
    }
    loads
}
