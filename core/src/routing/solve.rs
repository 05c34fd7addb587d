//! From a problem to its cheapest assignment, with the proof or the gap that is left.
//!
//! What this module must not know: the contract, the merchant's rules.

use super::cells::{Cells, without_dominated};
use super::problem::{Problem, Take, TooLarge};
use super::search::{Incumbent, Search, Status};
use alloc::vec::Vec;

/// How long to search, in steps: cells of the problem looked at. A step takes a few nanoseconds, and 50 to 100 instructions in a
/// sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    pub steps: u64,
}

impl Effort {
    /// What fits a call's default fuel with room for everything around the search.
    pub const ORDER: Self = Self { steps: 2_000_000 };
}

/// An assignment, what it costs, and what every assignment costs at least.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// Sorted by source and item.
    pub takes: Vec<Take>,
    pub total: i64,
    /// Equal to `total` when this is proven to be the cheapest.
    pub bound: i64,
    pub steps: u64,
}

/// Rounds of subgradients before the first branch.
const ROOT_ROUNDS: usize = 60;

/// The cheapest assignment, or the best that the effort finds.
///
/// # Errors
/// When amounts are beyond what this solver reckons with.
pub fn solve(problem: &Problem, effort: Effort) -> Result<Solution, TooLarge> {
    problem.check()?;
    // Nothing shipped: always possible.
    let nobody = problem.items.iter().map(|item| item.backorder * i64::from(item.quantity)).sum();
    let best = Incumbent { total: nobody, takes: Vec::new() };
    let all: Vec<u32> = (0..problem.sources.len() as u32).filter(|source| useful(problem, *source)).collect();
    if all.is_empty() || problem.most_shipments == Some(0) {
        return Ok(Solution { takes: best.takes, total: nobody, bound: nobody, steps: 0 });
    }
    let sources = without_dominated(problem, &all);
    let (mut search, root) = root(problem, &sources, best, effort.steps);
    let mut steps = search.steps();
    if root < search.best.total {
        // Only what is left open goes into the search, as a problem of its own.
        let left: Vec<u32> = (0..search.status.len())
            .filter(|source| search.status[*source] != Status::Shut)
            .map(|source| search.cells.origin[source])
            .collect();
        let price = search.cells.price_of_shipment;
        let best = core::mem::take(&mut search.best);
        let cells = Cells::new(problem, &left, price);
        search = Search::new(problem, cells, best, effort.steps.saturating_sub(steps).max(1));
        search.dual.ascend(&search.cells);
        search.adjust(4);
        search.polish(ROOT_ROUNDS);
        search.run();
        steps += search.steps();
    }
    let bound = if root >= search.best.total { search.best.total } else { search.unexplored.max(root) };
    let Incumbent { total, takes } = search.best;
    // The dual begins below zero where it holds rebates; costs do not.
    Ok(Solution { takes, total, bound: bound.min(total).max(0), steps })
}

fn useful(problem: &Problem, source: u32) -> bool {
    (0..problem.items.len()).any(|item| {
        problem.most(item, source as usize) > 0 && problem.cost(item, source as usize) <= problem.items[item].backorder
    })
}

/// The bound before any branch, the first assignments, and what both shut at once.
fn root<'p>(problem: &'p Problem, sources: &[u32], best: Incumbent, limit: u64) -> (Search<'p>, i64) {
    let mut search = Search::new(problem, Cells::new(problem, sources, 0), best, limit);
    search.dual.ascend(&search.cells);
    let mut bound = search.bound();
    let mut set = search.paid_for();
    search.try_set(&mut set);
    if let Some(most) = problem.most_shipments {
        (search, bound) = priced_shipments(problem, sources, search, bound, most);
        set = search.paid_for();
    }
    if bound < search.best.total {
        search.decide(search.bound());
        search.adjust(8);
        bound = bound.max(search.bound());
        search.improve(&mut set);
        search.decide(search.bound());
        bound = bound.max(search.polish(ROOT_ROUNDS));
        let mut set = search.paid_for();
        search.improve(&mut set);
        search.decide(search.bound());
    }
    (search, bound)
}

/// Finds a price for a shipment at which the bound of a limited number of shipments is high.
fn priced_shipments<'p>(
    problem: &'p Problem,
    sources: &[u32],
    first: Search<'p>,
    bound: i64,
    most: u32,
) -> (Search<'p>, i64) {
    let limit = first.limit;
    let mut spent = first.steps();
    let (mut kept, mut highest) = (first, bound);
    let mut price = kept.cells.fixed.iter().copied().max().unwrap_or(0).max(64) / 4;
    let mut step = price;
    for _ in 0..12 {
        let best = kept.best.clone();
        let cells = Cells::new(problem, sources, price);
        let made = cells.source.len() as u64;
        let mut trial = Search::new(problem, cells, best, limit.saturating_sub(spent).max(1));
        trial.walked += made;
        trial.dual.ascend(&trial.cells);
        let bound = trial.bound();
        let mut set = trial.paid_for();
        trial.try_set(&mut set);
        let shipments = set.iter().filter(|open| **open).count();
        spent += trial.steps();
        kept.best = trial.best.clone();
        if bound > highest {
            (kept, highest) = (trial, bound);
        }
        if shipments > most as usize {
            price += step;
            step *= 2;
        } else {
            step /= 4;
            price = (price - step).max(0);
        }
        // The search that comes after needs the other half.
        if step < 8 || highest >= kept.best.total || spent >= limit / 2 {
            break;
        }
        if price > super::problem::MOST_COST / i64::from(most.max(1)) {
            break;
        }
    }
    kept.walked += spent - kept.steps();
    kept.limit = limit;
    (kept, highest)
}
