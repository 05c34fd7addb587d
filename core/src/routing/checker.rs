//! Whether an assignment keeps to a problem, and what it costs: written apart from the solver, to hold the solver to account.
//!
//! What this module must not know: how an assignment was found.

use super::problem::{Problem, Take};
use alloc::collections::{BTreeMap, BTreeSet};

/// What is wrong with an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// An index of nothing, or no units.
    Take(Take),
    /// The same item twice from one source.
    Twice(Take),
    /// More than the source has.
    Stock(Take),
    /// More units than were asked for.
    TooMany { item: u32 },
    /// More units than the source can pick.
    UnitCapacity { source: u32 },
    /// More shipments than allowed.
    Shipments(usize),
    /// The carrier does not take the shipment.
    NotCarried { source: u32 },
}

/// The total cost.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(problem: &Problem, takes: &[Take]) -> Result<i64, Wrong> {
    let width = problem.sources.len();
    let mut seen = BTreeSet::new();
    let mut units: BTreeMap<u32, u64> = BTreeMap::new();
    let mut sources: BTreeMap<u32, i64> = BTreeMap::new();
    let mut picks: BTreeMap<u32, u64> = BTreeMap::new();
    let mut mass: BTreeMap<u32, (u64, bool)> = BTreeMap::new();
    let mut total = 0;
    for &take in takes {
        let (item, source) = (take.item as usize, take.source as usize);
        if item >= problem.items.len() || source >= width || take.units == 0 {
            return Err(Wrong::Take(take));
        }
        if !seen.insert((take.item, take.source)) {
            return Err(Wrong::Twice(take));
        }
        if take.units > problem.stock[item * width + source] {
            return Err(Wrong::Stock(take));
        }
        *units.entry(take.item).or_default() += u64::from(take.units);
        *sources.entry(take.item).or_default() += 1;
        *picks.entry(take.source).or_default() += u64::from(take.units) * u64::from(problem.items[item].picks);
        let of = mass.entry(take.source).or_default();
        of.0 += u64::from(take.units) * problem.items[item].grams;
        of.1 |= problem.items[item].hazardous;
        total += i64::from(take.units) * problem.costs[item * width + source];
    }
    for (&source, &(grams, hazardous)) in &mass {
        let Some(of) = problem.sources.get(source as usize) else { continue };
        total += of.fixed;
        if of.unit_capacity.is_some_and(|capacity| picks[&source] > u64::from(capacity)) {
            return Err(Wrong::UnitCapacity { source });
        }
        if let Some(freight) = of.freight {
            let freight = &problem.freights[freight as usize];
            let steps = if hazardous { &freight.hazardous } else { &freight.plain };
            let step = steps.iter().find(|step| grams <= step.up_to).ok_or(Wrong::NotCarried { source })?;
            total += step.price;
        }
    }
    if problem.most_shipments.is_some_and(|most| mass.len() > most as usize) {
        return Err(Wrong::Shipments(mass.len()));
    }
    if !mass.is_empty() {
        total += problem.split * (mass.len() as i64 - 1);
    }
    for (index, item) in problem.items.iter().enumerate() {
        let index = index as u32;
        let shipped = units.get(&index).copied().unwrap_or(0);
        let Some(short) = u64::from(item.quantity).checked_sub(shipped) else {
            return Err(Wrong::TooMany { item: index });
        };
        total += item.backorder * short as i64;
        total += problem.spread * sources.get(&index).map_or(0, |count| count - 1);
    }
    Ok(total)
}
