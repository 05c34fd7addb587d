//! Routing as it is done without reckoning: locations in some order, each ships what it has.
//!
//! What this module must not know: bounds, proofs.

use super::problem::{Problem, Take};
use alloc::vec::Vec;

/// What is left of an order and of the locations while they are gone through.
struct Left<'p> {
    problem: &'p Problem,
    units: Vec<u32>,
    takes: Vec<Take>,
    shipments: u32,
}

impl<'p> Left<'p> {
    fn new(problem: &'p Problem) -> Self {
        let units = problem.items.iter().map(|item| item.quantity).collect();
        Self { problem, units, takes: Vec::new(), shipments: 0 }
    }

    /// What a location would ship now.
    fn of(&self, source: u32, mut each: impl FnMut(Take)) {
        let problem = self.problem;
        let of = problem.sources[source as usize];
        let mut picks = of.unit_capacity.map_or(u64::MAX, u64::from);
        let heaviest = of.freight.map_or(u64::MAX, |freight| {
            let freight = &problem.freights[freight as usize];
            let last = |steps: &[super::problem::Step]| steps.last().map_or(0, |step| step.up_to);
            if problem.items.iter().any(|item| item.hazardous) {
                last(&freight.plain).min(last(&freight.hazardous))
            } else {
                last(&freight.plain)
            }
        });
        let mut grams = heaviest;
        for (index, item) in problem.items.iter().enumerate() {
            let by_mass = grams.checked_div(item.grams).unwrap_or(u64::MAX);
            let by_picks = picks / u64::from(item.picks.max(1));
            let most = problem.most(index, source as usize).min(self.units[index]);
            let units = u64::from(most).min(by_mass).min(by_picks) as u32;
            if units > 0 && problem.cost(index, source as usize) <= item.backorder {
                picks -= u64::from(units) * u64::from(item.picks.max(1));
                grams -= u64::from(units) * item.grams;
                each(Take { source, item: index as u32, units });
            }
        }
    }

    fn ship(&mut self, source: u32) {
        if self.problem.most_shipments.is_some_and(|most| self.shipments >= most) {
            return;
        }
        let before = self.takes.len();
        let mut takes = core::mem::take(&mut self.takes);
        self.of(source, |take| takes.push(take));
        self.takes = takes;
        for take in &self.takes[before..] {
            self.units[take.item as usize] -= take.units;
        }
        self.shipments += u32::from(self.takes.len() > before);
    }

    fn done(&self) -> bool {
        self.units.iter().all(|units| *units == 0)
    }

    fn sorted(mut self) -> Vec<Take> {
        self.takes.sort_unstable();
        self.takes
    }
}

/// Each location of this order ships what it has of what is left.
#[must_use]
pub fn in_order(problem: &Problem, order: &[u32]) -> Vec<Take> {
    let mut left = Left::new(problem);
    for &source in order {
        if left.done() {
            break;
        }
        left.ship(source);
    }
    left.sorted()
}

/// The three ways that answers compare with, by name: locations by these two orders, and the fewest splits.
#[must_use]
pub fn ways(problem: &Problem, ranked: &[u32], near: &[u32]) -> [(&'static str, Vec<Take>); 3] {
    [
        ("ranked-rule", in_order(problem, ranked)),
        ("nearest-first", in_order(problem, near)),
        ("fewest-splits", fewest_splits(problem, near)),
    ]
}

/// Pairs of item and location that are looked at for [`fewest_splits`]; beyond, it goes on in the given order.
const MOST_LOOKS: usize = 4_000_000;

/// Always the location that ships most units of what is left; of equals the first of this order. Of very many locations only the
/// first 256 are looked at.
#[must_use]
pub fn fewest_splits(problem: &Problem, order: &[u32]) -> Vec<Take> {
    let mut left = Left::new(problem);
    let mut rest: Vec<u32> = order.iter().copied().take(256).collect();
    let mut looks = MOST_LOOKS;
    while !left.done() && !rest.is_empty() {
        looks = looks.saturating_sub(rest.len() * problem.items.len());
        if looks == 0 {
            for source in rest {
                left.ship(source);
            }
            break;
        }
        let units = |source: u32| {
            let mut sum = 0u64;
            left.of(source, |take| sum += u64::from(take.units) * u64::from(problem.items[take.item as usize].picks));
            sum
        };
        let Some((units, place)) =
            rest.iter().enumerate().map(|(place, &source)| (units(source), usize::MAX - place)).max()
        else {
            break;
        };
        if units == 0 {
            break;
        }
        let source = rest.remove(usize::MAX - place);
        left.ship(source);
        if problem.most_shipments.is_some_and(|most| left.shipments >= most) {
            break;
        }
    }
    left.sorted()
}
