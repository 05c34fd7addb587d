//! Which location ships which unit of an order, at the least total cost, with the proof.
//!
//! A [`policy::Policy`] is made once from a merchant's settings; [`route`] answers an order:
//!
//! 1. `order`: what is asked, what each location may ship of it, groups that leave together.
//! 2. `rules`: the merchant's rules, in their order, take locations out and say what the order as a whole is to do.
//! 3. `carriage` and `assemble`: costs and freight tables become a [`problem::Problem`] of numbers.
//! 4. [`solve`](mod@solve): the cheapest assignment and the bound that proves it. `cells` and `dual` make the bound, `fill` shares one
//!    item among sources, `polish` brings the bound closer, `search` and `tree` branch, `coupled` keeps to what items share. [`checker`] knows none of them.
//! 5. `greedy`: what other ways of routing would have cost.
//! 6. `answer` and `explain`: shipments, costs, reasons.
//!
//! Two simplifications are part of the model. A unit is not shipped where its own cost is above its backorder penalty. Lines that
//! must leave together leave whole, from one location, or not at all.
//!
//! What this room must not know: how settings are written, and who asks.

#![allow(clippy::cast_possible_wrap)] // units, lines and locations are few beside 2^63; amounts are checked by `Problem::check`

mod answer;
mod assemble;
mod carriage;
mod cells;
pub mod checker;
mod coupled;
mod dual;
mod explain;
mod fill;
pub mod greedy;
mod order;
pub mod policy;
mod polish;
pub mod problem;
mod rules;
mod search;
pub mod solve;
#[cfg(test)]
mod tests;
mod tree;

use alloc::format;
use alloc::vec::Vec;
use answer::Decided;
use assemble::Assembly;
use cartwright_contract::order_routing::{Answer, Disposition, Request};
use cartwright_contract::validate::Validate;
use cartwright_contract::{Failure, Unit};
use order::Order;
use policy::{Incomplete, Mode, Policy};
use problem::{Problem, Take, TooLarge};
use rules::{Outcome, reason};
use solve::{Effort, Solution, solve};

/// Locations that may be left out, one after another, for shipments of too little value.
const MOST_LEFT_OUT: usize = 8;

/// Steps that the services of one location stand for.
const PRICED: u64 = 150;

/// What each of several searches gets at least.
const LEAST_STEPS: u64 = 1_000;

/// Routes an order.
///
/// # Errors
/// When the request is outside of the contract's ranges, or in another currency than the policy's, or its costs are beyond
/// [`problem::MOST_COST`].
pub fn route(policy: &Policy, request: &Request) -> Result<Answer, Failure> {
    request.validate()?;
    if !policy.currency.is_empty() && request.currency != policy.currency {
        return Err(Failure {
            code: "CURRENCY_NOT_SOLD".into(),
            message: format!("the shop's costs are in {}; {} was asked for", policy.currency, request.currency),
            field: Some("/currency".into()),
        });
    }
    let order = Order::new(policy, request);
    if order.lines.is_empty() {
        let nothing = reason("NOTHING_TO_SHIP", "Nothing in the order is shipped.".into(), &[]);
        return Ok(Answer { reasons: [nothing].into(), ..Answer::default() });
    }
    let mut outcome = rules::apply(policy, request, &order);
    let cancel_at = policy.cancel_after.map(|after| request.placed.unwrap_or(request.at).saturating_add(after));
    if let Some(cancel_at) = cancel_at.filter(|cancel_at| request.at >= *cancel_at) {
        let figures = [("cancelAt", cancel_at, Unit::Instant), ("at", request.at, Unit::Instant)];
        let message = "The day on which the order is given up has passed.".into();
        outcome.reasons.push(reason("AUTO_CANCEL_DATE_PASSED", message, &figures));
        return Ok(given_up(outcome));
    }
    if outcome.cancel.is_some() {
        return Ok(given_up(outcome));
    }
    let assembly = assemble::assemble(policy, request, &order, &outcome);
    let solved = decide(policy, request, &order, &outcome, &assembly).map_err(|TooLarge| too_large())?;
    let decided = Decided { policy, request, order: &order, assembly: &assembly, solved: &solved, cancel_at };
    Ok(decided.answer(outcome))
}

/// Routes an order for a shop without a policy, or whose plugin failed: by [`Policy::fallback`].
///
/// # Errors
/// As [`route`].
pub fn route_by_default(request: &Request) -> Result<Answer, Failure> {
    route(&Policy::fallback(), request)
}

fn given_up(mut outcome: Outcome) -> Answer {
    outcome.reasons.retain(answer::holds_when_given_up);
    Answer { disposition: Disposition::Cancel, reasons: outcome.reasons, ..Answer::default() }
}

fn too_large() -> Failure {
    Failure {
        code: "AMOUNT_TOO_LARGE".into(),
        message: format!(
            "the costs of this order add up to more than {} minor units; split the order",
            problem::MOST_COST
        ),
        field: Some("/lines".into()),
    }
}

/// What was found.
#[derive(Debug)]
struct Solved {
    takes: Vec<Take>,
    total: i64,
    bound: i64,
    /// The cheapest, where another rule decided.
    optimum: Option<Solution>,
    steps: u64,
    /// Sources left out for shipments of too little value.
    left_out: Vec<u32>,
}

fn decide(
    policy: &Policy,
    request: &Request,
    order: &Order<'_>,
    outcome: &Outcome,
    assembly: &Assembly,
) -> Result<Solved, TooLarge> {
    let effort = policy.effort.unwrap_or(Effort::ORDER);
    let problem = &assembly.problem;
    // Where poor shipments may have to go, what comes after needs a part of the effort, too.
    let later = outcome.least_shipment_value > 0 && policy.mode == Mode::Optimal;
    // Pricing the carriers' services for each location is work, too.
    let priced = if policy.services.is_empty() { 0 } else { PRICED * problem.sources.len() as u64 };
    let mut left = effort.steps.saturating_sub(priced).max(effort.steps / 8);
    let mut part = |spent: u64| {
        left = left.saturating_sub(spent);
        Effort { steps: if later { left / 2 } else { left }.max(LEAST_STEPS) }
    };
    let mut solution = solve_complete(problem, outcome, part(0))?;
    if solution.total > solution.bound {
        let ways = greedy::ways(problem, &by_rank(order, assembly), &by_distance(order, assembly));
        no_dearer(problem, outcome, &mut solution, ways.map(|(_, takes)| takes));
    }
    let bound = solution.bound;
    let mut left_out = Vec::new();
    if policy.mode == Mode::Ranked {
        let takes = ranked_takes(problem, outcome, &by_rank(order, assembly));
        if let Some(total) = problem.price(&takes) {
            let steps = solution.steps;
            return Ok(Solved { takes, total, bound: bound.min(total), optimum: Some(solution), steps, left_out });
        }
    }
    let mut steps = solution.steps;
    if outcome.least_shipment_value > 0 {
        let mut without = problem.clone();
        while let Some(source) = poorest(request, order, assembly, &solution.takes, outcome.least_shipment_value) {
            if left_out.len() == MOST_LEFT_OUT {
                break;
            }
            left_out.push(source);
            let width = without.sources.len();
            without.stock.iter_mut().skip(source as usize).step_by(width).for_each(|stock| *stock = 0);
            solution = solve_complete(&without, outcome, part(solution.steps))?;
            steps += solution.steps;
        }
    }
    let Solution { takes, total, .. } = solution;
    Ok(Solved { takes, total, bound: bound.min(total), optimum: None, steps, left_out })
}

/// Where all of an order must ship or none, shipping comes before every cost; when not all can, the penalties decide again.
fn solve_complete(problem: &Problem, outcome: &Outcome, effort: Effort) -> Result<Solution, TooLarge> {
    let mut spent = 0;
    if outcome.incomplete != Incomplete::Partial {
        problem.check()?;
        if let Some(complete) = at_any_cost(problem)
            && let Ok(solution) = solve(&complete, Effort { steps: (effort.steps / 2).max(1) })
        {
            spent = solution.steps;
            if is_whole(problem, &solution.takes) {
                return Ok(solution);
            }
        }
    }
    let mut solution = solve(problem, Effort { steps: effort.steps.saturating_sub(spent).max(1) })?;
    solution.steps += spent;
    Ok(solution)
}

/// Each location what it has, by rank; all that there is where the order ships complete, whatever a unit costs.
fn ranked_takes(problem: &Problem, outcome: &Outcome, ranked: &[u32]) -> Vec<Take> {
    if outcome.incomplete != Incomplete::Partial
        && let Some(complete) = at_any_cost(problem)
    {
        let takes = greedy::in_order(&complete, ranked);
        if is_whole(problem, &takes) {
            return takes;
        }
    }
    greedy::in_order(problem, ranked)
}

/// The same problem where not shipping a unit costs more than everything else together.
fn at_any_cost(problem: &Problem) -> Option<Problem> {
    let penalty = worse_than_all(problem)?;
    let mut complete = problem.clone();
    complete.items.iter_mut().for_each(|item| item.backorder = penalty);
    Some(complete)
}

/// Where the search ended early, what it found must not cost more than a greedy way.
fn no_dearer(problem: &Problem, outcome: &Outcome, solution: &mut Solution, ways: [Vec<Take>; 3]) {
    for takes in ways {
        if let Some(total) = problem.price(&takes)
            && total < solution.total
            && (outcome.incomplete == Incomplete::Partial || is_whole(problem, &takes))
        {
            (solution.takes, solution.total) = (takes, total);
        }
    }
}

/// Whether every unit ships.
fn is_whole(problem: &Problem, takes: &[Take]) -> bool {
    let mut left: Vec<u32> = problem.items.iter().map(|item| item.quantity).collect();
    for take in takes {
        left[take.item as usize] -= take.units;
    }
    left.iter().all(|left| *left == 0)
}

/// More than shipping everything in the dearest way costs.
fn worse_than_all(problem: &Problem) -> Option<i64> {
    let width = problem.sources.len().max(1);
    let mut sum = 1i64;
    for (item, row) in problem.items.iter().zip(problem.costs.chunks(width)) {
        sum = sum.checked_add(row.iter().max()?.checked_mul(i64::from(item.quantity))?)?;
        sum = sum.checked_add(problem.spread.checked_mul(width.min(item.quantity as usize) as i64)?)?;
    }
    for source in &problem.sources {
        let freight = source.freight.map(|freight| &problem.freights[freight as usize]);
        let dearest = |steps: &[problem::Step]| steps.iter().map(|step| step.price).max().unwrap_or(0);
        let freight = freight.map_or(0, |freight| dearest(&freight.plain).max(dearest(&freight.hazardous)));
        sum = sum.checked_add(source.fixed)?.checked_add(problem.split)?.checked_add(freight)?;
    }
    Some(sum)
}

/// The source of the shipment with the least goods, when there are several and its are worth too little.
fn poorest(request: &Request, order: &Order<'_>, assembly: &Assembly, takes: &[Take], least: i64) -> Option<u32> {
    let shipments = || takes.chunk_by(|a, b| a.source == b.source);
    if shipments().count() < 2 {
        return None;
    }
    let worth = |takes: &[Take]| {
        let units = answer::line_units(order, assembly, request, takes);
        units.iter().map(|(line, units)| answer::value(&request.lines[*line as usize], *units)).sum::<i64>()
    };
    let poorest = shipments().map(|takes| (worth(takes), takes[0].source)).min()?;
    (poorest.0 < least).then_some(poorest.1)
}

fn by_rank(order: &Order<'_>, assembly: &Assembly) -> Vec<u32> {
    let rank = |source: &u32| order.standings[assembly.sources[*source as usize] as usize].rank.unwrap_or(u32::MAX);
    let mut all: Vec<u32> = (0..assembly.sources.len() as u32).collect();
    all.sort_by_key(rank);
    all
}

fn by_distance(order: &Order<'_>, assembly: &Assembly) -> Vec<u32> {
    let distance = |source: &u32| order.distances[assembly.sources[*source as usize] as usize].unwrap_or(u32::MAX);
    let mut all: Vec<u32> = (0..assembly.sources.len() as u32).collect();
    all.sort_by_key(distance);
    all
}
