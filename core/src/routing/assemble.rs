//! The solver's problem for one order, after the rules: items, sources, costs, freight.
//!
//! What this module must not know: how it is solved, how an answer is worded.

use super::carriage::{Carriage, Goods, lateness};
use super::order::Order;
use super::policy::Policy;
use super::problem::{Item, Problem, Source};
use super::rules::Outcome;
use crate::money::{Minor, PartsPerMillion};
use crate::rate::Destination;
use alloc::vec::Vec;
use cartwright_contract::order_routing::Request;

/// A problem, and what its numbers stand for.
#[derive(Debug)]
pub struct Assembly {
    pub problem: Problem,
    /// The request's location of each source.
    pub sources: Vec<u32>,
    /// What lateness adds to a source's fixed cost; that of a service is in its freight.
    pub late: Vec<i64>,
    pub carriage: Carriage,
    /// A unit's penalty, by place in the order's lines.
    pub backorder: Vec<i64>,
}

pub fn assemble(policy: &Policy, request: &Request, order: &Order<'_>, outcome: &Outcome) -> Assembly {
    let mut problem = Problem {
        split: policy.penalties.split,
        spread: policy.penalties.spread,
        most_shipments: request.constraints.maximum_shipments.into_iter().chain(outcome.most_shipments).min(),
        ..Problem::default()
    };
    let backorder: Vec<i64> = order
        .lines
        .iter()
        .map(|line| {
            let price = Minor(request.lines[*line as usize].unit_price);
            let share =
                price.share(PartsPerMillion(policy.penalties.backorder_share)).map_or(i64::MAX, |share| share.0);
            policy.penalties.backorder.saturating_add(share)
        })
        .collect();
    let quantity = |place: u32| request.lines[order.lines[place as usize] as usize].quantity;
    for members in &order.items {
        problem.items.push(item(request, order, members, &backorder));
    }
    // A location with nothing of this order is no source.
    let has = |at: usize| (0..order.lines.len()).any(|place| order.units(place, at) > 0);
    let staying = (0..request.locations.len()).filter(|&at| outcome.taken_out[at].is_none() && has(at));
    let mut sources: Vec<u32> = staying.map(|at| at as u32).collect();
    let grams = problem.items.iter().map(|item| item.grams.saturating_mul(u64::from(item.quantity))).sum();
    let goods = Goods {
        destination: Destination::new(&request.destination, None),
        value: Minor(order.value),
        tags: order.lines.iter().map(|line| request.lines[*line as usize].tags.as_slice()).collect(),
        grams,
        hazardous: order.hazardous,
    };
    let mut carriage = Carriage::default();
    let mut late = Vec::new();
    let services = !policy.services.is_empty();
    sources.retain(|&at| {
        let location = &request.locations[at as usize];
        let standing = &order.standings[at as usize];
        let freight =
            services.then(|| carriage.of(policy, request, &goods, location, order.positions[at as usize])).flatten();
        // Where services are given, a location that none of them leaves from ships nothing.
        if services && freight.is_none() {
            return false;
        }
        let lateness = if services { 0 } else { lateness(policy, request.constraints.promised, location.arrives) };
        let fixed = location.shipment_cost.saturating_add(standing.shipment).saturating_add(lateness);
        problem.sources.push(Source { fixed, unit_capacity: location.unit_capacity, freight });
        late.push(lateness);
        true
    });
    let cost = |place: u32, at: u32| {
        let line = order.lines[place as usize] as usize;
        let given = request.locations[at as usize].unit_costs.get(line).copied().unwrap_or(0);
        given.saturating_add(order.standings[at as usize].unit)
    };
    for members in &order.items {
        for &at in &sources {
            if let [place] = members[..] {
                problem.stock.push(order.units(place as usize, at as usize));
                problem.costs.push(cost(place, at));
            } else {
                let all = members.iter().all(|&place| order.units(place as usize, at as usize) >= quantity(place));
                problem.stock.push(u32::from(all));
                let sum = members.iter().fold(0i64, |sum, &place| {
                    sum.saturating_add(cost(place, at).saturating_mul(i64::from(quantity(place))))
                });
                problem.costs.push(sum);
            }
        }
    }
    problem.freights = core::mem::take(&mut carriage.freights);
    Assembly { problem, sources, late, carriage, backorder }
}

fn item(request: &Request, order: &Order<'_>, members: &[u32], backorder: &[i64]) -> Item {
    let line = |place: u32| &request.lines[order.lines[place as usize] as usize];
    if let [place] = *members {
        let line = line(place);
        return Item {
            quantity: line.quantity,
            picks: 1,
            grams: u64::from(line.weight),
            hazardous: line.hazardous,
            backorder: backorder[place as usize],
        };
    }
    // A group goes as one unit: all of it, or nothing.
    let units = |place: u32| u64::from(line(place).quantity);
    Item {
        quantity: 1,
        picks: u32::try_from(members.iter().map(|&place| units(place)).sum::<u64>()).unwrap_or(u32::MAX),
        grams: members.iter().map(|&place| units(place) * u64::from(line(place).weight)).sum(),
        hazardous: members.iter().any(|&place| line(place).hazardous),
        backorder: members.iter().fold(0i64, |sum, &place| {
            let all = backorder[place as usize].saturating_mul(i64::from(line(place).quantity));
            sum.saturating_add(all)
        }),
    }
}
