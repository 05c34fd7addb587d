//! Why an order ships as it does, and why units do not ship: which constraints contradict each other, by name.
//!
//! What this module must not know: how the assignment was found.

use super::answer::Decided;
use super::problem::Source;
use super::rules::{Outcome, names, reason};
use alloc::format;
use alloc::vec::Vec;
use cartwright_contract::Unit;
use cartwright_contract::order_routing::{Answer, CostKind, Location};

/// Lines that are explained one by one.
const MOST_LINES_TOLD: usize = 20;

/// The shipments, and the proof.
pub fn shipments(decided: &Decided<'_>, answer: &mut Answer) {
    let request = decided.request;
    let (total, bound) = (answer.total, answer.bound);
    let figures = [
        ("total", total, Unit::MinorUnits),
        ("bound", bound, Unit::MinorUnits),
        ("steps", i64::try_from(decided.solved.steps).unwrap_or(i64::MAX), Unit::Count),
    ];
    let reasons = &mut answer.reasons;
    if decided.solved.optimum.is_some() {
        let message = "Locations ship in the order of their ranks, each what it has.".into();
        reasons.push(reason("RANKED_RULE", message, &figures));
    } else if total == bound {
        reasons.push(reason("PROVEN_CHEAPEST", "No assignment of units to locations costs less.".into(), &figures));
    } else {
        let message = format!("The best assignment found; none costs less than {bound}.");
        reasons.push(reason("GAP_LEFT", message, &figures));
    }
    if !decided.solved.left_out.is_empty() {
        let at = |source: &u32| &request.locations[decided.assembly.sources[*source as usize] as usize];
        let left_out: Vec<&Location> = decided.solved.left_out.iter().map(at).collect();
        let message = format!("Shipments of too little value were avoided: {} left out.", names(&left_out));
        let count = [("leftOut", left_out.len() as i64, Unit::Count)];
        reasons.push(reason("LEAST_SHIPMENT_VALUE", message, &count));
    }
    let problem = &decided.assembly.problem;
    let whole =
        |source: usize| problem.items.iter().enumerate().all(|(item, of)| problem.most(item, source) == of.quantity);
    let count = [("shipments", answer.shipments.len() as i64, Unit::Count)];
    if answer.shipments.len() > 1 {
        if (0..problem.sources.len()).any(whole) {
            let message = "One location has everything, but shipping all from there costs more than splitting.".into();
            reasons.push(reason("SPLIT_CHEAPER", message, &count));
        } else {
            let message = "No one location that may ship has everything.".into();
            reasons.push(reason("SPLIT_NEEDED", message, &count));
        }
    }
    for (index, shipment) in answer.shipments.iter().enumerate() {
        let Some(late) = shipment.costs.iter().find(|cost| cost.kind == CostKind::Late) else { continue };
        let arrives = i64::from(shipment.arrives.unwrap_or_default());
        let promised = i64::from(request.constraints.promised.unwrap_or_default());
        let message = format!("Shipment {} from {} arrives after the promised day.", index + 1, shipment.location);
        let figures = [
            ("arrives", arrives, Unit::Day),
            ("promised", promised, Unit::Day),
            ("penalty", late.amount, Unit::MinorUnits),
        ];
        reasons.push(reason("ARRIVES_LATE", message, &figures));
    }
    let known = |id: &str| decided.policy.services.iter().any(|service| service.id == id);
    if !request.service.is_empty() && !decided.policy.services.is_empty() && !known(&request.service) {
        let message = format!("The service {} is not in the settings; the cheapest was taken.", request.service);
        reasons.push(reason("SERVICE_UNKNOWN", message, &[]));
    }
}

/// What a location may have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Full {
    Picks,
    Mass,
}

/// Whether some source has more of an item, and cannot take one more unit of it.
fn full(decided: &Decided<'_>, item: usize, of: Full) -> bool {
    let problem = &decided.assembly.problem;
    let takes = &decided.solved.takes;
    (0..problem.sources.len()).any(|source| {
        let start = takes.partition_point(|take| (take.source as usize) < source);
        let shipment = takes[start..].iter().take_while(|take| take.source as usize == source);
        let (mut picks, mut grams, mut had) = (0u64, 0u64, 0);
        let mut hazardous = problem.items[item].hazardous;
        for take in shipment {
            let loaded = problem.items[take.item as usize];
            picks += u64::from(take.units) * u64::from(loaded.picks);
            grams += u64::from(take.units) * loaded.grams;
            hazardous |= loaded.hazardous;
            had += if take.item as usize == item { take.units } else { 0 };
        }
        if problem.stock[item * problem.sources.len() + source] <= had {
            return false;
        }
        match (of, problem.sources[source]) {
            (Full::Picks, Source { unit_capacity: Some(most), .. }) => {
                picks + u64::from(problem.items[item].picks) > u64::from(most)
            }
            (Full::Mass, Source { freight: Some(freight), .. }) => {
                let grams = grams + problem.items[item].grams;
                problem.freights[freight as usize].step(grams, hazardous).is_none()
            }
            _ => false,
        }
    })
}

/// Units that nobody ships, line by line.
pub fn left_over(decided: &Decided<'_>, outcome: &Outcome, answer: &mut Answer) {
    let Decided { request, order, assembly, .. } = decided;
    let width = request.locations.len();
    let mut item_of = alloc::vec![0usize; order.lines.len()];
    for (item, members) in order.items.iter().enumerate() {
        for place in members {
            item_of[*place as usize] = item;
        }
    }
    let mut reasons = Vec::new();
    for units in answer.backordered.iter().take(MOST_LINES_TOLD) {
        let Some(place) = order.lines.iter().position(|line| *line == units.line) else { continue };
        let line = &request.lines[units.line as usize];
        let wanted = u64::from(line.quantity);
        let sum = |keep: &dyn Fn(usize) -> bool| -> u64 {
            (0..width).filter(|&at| keep(at)).map(|at| u64::from(order.units(place, at))).sum()
        };
        let allowed = sum(&|_| true);
        let staying = sum(&|at| outcome.taken_out[at].is_none());
        let on_shelves = order.on_shelves[place];
        let members = &order.items[item_of[place]];
        let group = members.len() > 1;
        let problem = &assembly.problem;
        let reach: u64 = (0..problem.sources.len()).map(|at| u64::from(problem.most(item_of[place], at))).sum();
        let name = format!("{} ({})", line.id, line.sku);
        let (code, message) = if on_shelves < wanted {
            ("OUT_OF_STOCK", format!("Line {name}: {on_shelves} of {wanted} units are on shelves."))
        } else if allowed < wanted {
            let by = order.ruled_out(request, place);
            (
                "CONSTRAINTS_CONTRADICT",
                format!(
                    "Line {name}: {on_shelves} units are on shelves, but only {allowed} of {wanted} where they may ship from. \
                     Ruled out by {by}."
                ),
            )
        } else if staying < wanted {
            let mut rules: Vec<&str> = Vec::new();
            for at in (0..width).filter(|&at| order.units(place, at) > 0) {
                if let Some(rule) = outcome.taken_out[at].and_then(|rule| decided.policy.rules.get(rule as usize))
                    && !rules.contains(&rule.name.as_str())
                {
                    rules.push(&rule.name);
                }
            }
            let rules = rules.join(", ");
            (
                "RULES_LEAVE_TOO_LITTLE",
                format!(
                    "Line {name}: {allowed} units could ship, but these rules leave only {staying} of {wanted}: {rules}."
                ),
            )
        } else if group && reach == 0 {
            let lines = members.len();
            (
                "GROUP_IN_NO_LOCATION",
                format!(
                    "Line {name} leaves together with {} more, and no location has all {lines} of them.",
                    lines - 1
                ),
            )
        } else if !group && reach < wanted {
            (
                "NOT_CARRIED",
                format!(
                    "Line {name}: locations that a service leaves from and whose capacity allows have {reach} of {wanted} units."
                ),
            )
        } else if decided.solved.left_out.iter().any(|&source| problem.most(item_of[place], source as usize) > 0) {
            (
                "LEAST_SHIPMENT_VALUE_BINDS",
                format!(
                    "Line {name}: a location that has it was left out, as its shipment would be of too little value."
                ),
            )
        } else if problem.most_shipments.is_some_and(|most| answer.shipments.len() >= most as usize) {
            let most = problem.most_shipments.unwrap_or(0);
            ("SHIPMENT_LIMIT_BINDS", format!("Line {name}: with at most {most} shipments these units do not ship."))
        } else if full(decided, item_of[place], Full::Picks) {
            ("CAPACITY_BINDS", format!("Line {name}: a location that has it can pick no more of it today."))
        } else if full(decided, item_of[place], Full::Mass) {
            (
                "HEAVIER_THAN_CARRIED",
                format!("Line {name}: with it a shipment would be heavier than any service carries."),
            )
        } else {
            ("BACKORDER_CHEAPER", format!("Line {name}: shipping these units costs more than the penalty for waiting."))
        };
        let figures = [
            ("units", i64::from(units.quantity), Unit::Count),
            ("onShelves", i64::try_from(on_shelves).unwrap_or(i64::MAX), Unit::Count),
            ("allowed", i64::try_from(allowed).unwrap_or(i64::MAX), Unit::Count),
            ("afterRules", i64::try_from(staying).unwrap_or(i64::MAX), Unit::Count),
        ];
        reasons.push(reason(code, message, &figures));
    }
    if answer.backordered.len() > MOST_LINES_TOLD {
        let more = (answer.backordered.len() - MOST_LINES_TOLD) as i64;
        let message = format!("{more} further lines are short.");
        reasons.push(reason("MORE_LINES_SHORT", message, &[("lines", more, Unit::Count)]));
    }
    answer.reasons.append(&mut reasons);
}
