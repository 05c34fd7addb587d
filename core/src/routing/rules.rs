//! The merchant's rules on one order, in their order: which locations stay, and what the order as a whole is to do.
//!
//! What this module must not know: costs.

use super::order::Order;
use super::policy::{Action, Incomplete, Policy, Selector, When};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::order_routing::{Location, Request};
use cartwright_contract::{Figure, Reason, Unit};

/// What the rules made of an order.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The rule that took a location out, by its place in the policy; `None` for one that stays.
    pub taken_out: Vec<Option<u32>>,
    pub least_shipment_value: i64,
    pub most_shipments: Option<u32>,
    pub incomplete: Incomplete,
    /// Queue and rule.
    pub hold: Option<(String, u32)>,
    pub cancel: Option<u32>,
    pub reasons: Vec<Reason>,
}

/// A reason with its figures.
pub fn reason(code: &str, message: String, figures: &[(&str, i64, Unit)]) -> Reason {
    let figures = figures.iter().map(|&(name, value, unit)| Figure { name: name.into(), value, unit }).collect();
    Reason { code: code.into(), message, figures }
}

/// Applies all rules.
pub fn apply(policy: &Policy, request: &Request, order: &Order<'_>) -> Outcome {
    let mut outcome = Outcome { taken_out: alloc::vec![None; request.locations.len()], ..Outcome::default() };
    for (index, rule) in policy.rules.iter().enumerate() {
        if !applies(&rule.when, request, order) {
            continue;
        }
        let index = index as u32;
        let name = &rule.name;
        match &rule.action {
            Action::Include(who) => take_out(&mut outcome, request, index, name, "INCLUDED_LOCATIONS", |at| {
                !who.names(&request.locations[at])
            }),
            Action::Exclude(who) => take_out(&mut outcome, request, index, name, "EXCLUDED_LOCATIONS", |at| {
                who.names(&request.locations[at])
            }),
            Action::Within(metres) => {
                if order.distances.iter().all(Option::is_none) {
                    let message = format!("{name}: no distance is known, so the limit on it was not applied");
                    outcome.reasons.push(reason("DISTANCE_UNKNOWN", message, &[]));
                }
                take_out(&mut outcome, request, index, name, "DISTANCE_LIMIT", |at| {
                    order.distances[at].is_some_and(|distance| distance > *metres)
                });
            }
            Action::OrdersADay(most) => take_out(&mut outcome, request, index, name, "ORDER_LIMIT_REACHED", |at| {
                request.locations[at].orders_today >= *most
            }),
            Action::Ranks(ranks) => ranked(&mut outcome, request, order, index, name, ranks),
            Action::LeastShipmentValue(least) => {
                outcome.least_shipment_value = outcome.least_shipment_value.max(*least);
            }
            Action::Shipments(most) => {
                outcome.most_shipments = Some(outcome.most_shipments.map_or(*most, |before| before.min(*most)));
                let message = format!("{name}: at most {most} shipments.");
                outcome.reasons.push(reason("SHIPMENT_LIMIT", message, &[("most", i64::from(*most), Unit::Count)]));
            }
            Action::Incomplete(what) => outcome.incomplete = what.clone(),
            Action::Hold { queue } => {
                if outcome.hold.is_none() {
                    let message = format!("{name}: the order waits in the queue {queue}.");
                    outcome.reasons.push(reason("HELD_BY_RULE", message, &[]));
                    outcome.hold = Some((queue.clone(), index));
                }
            }
            Action::Cancel => {
                if outcome.cancel.is_none() {
                    outcome.reasons.push(reason("CANCELLED_BY_RULE", format!("{name}: the order is given up."), &[]));
                    outcome.cancel = Some(index);
                }
            }
        }
    }
    outcome
}

fn take_out(outcome: &mut Outcome, request: &Request, rule: u32, name: &str, code: &str, goes: impl Fn(usize) -> bool) {
    let (mut gone, mut stays) = (0, 0);
    for at in 0..request.locations.len() {
        if outcome.taken_out[at].is_none() {
            if goes(at) {
                outcome.taken_out[at] = Some(rule);
                gone += 1;
            } else {
                stays += 1;
            }
        }
    }
    if gone > 0 {
        let message = format!("{name}: {gone} locations were left out, {stays} stay.");
        outcome.reasons.push(reason(code, message, &[("leftOut", gone, Unit::Count), ("stay", stays, Unit::Count)]));
    }
}

/// The first ranks that together have every unit.
fn ranked(outcome: &mut Outcome, request: &Request, order: &Order<'_>, rule: u32, name: &str, ranks: &[Selector]) {
    let mut chosen = alloc::vec![false; request.locations.len()];
    let mut missing: Vec<u64> =
        order.lines.iter().map(|line| u64::from(request.lines[*line as usize].quantity)).collect();
    for (rank, who) in ranks.iter().enumerate() {
        for (at, location) in request.locations.iter().enumerate() {
            if !chosen[at] && outcome.taken_out[at].is_none() && who.names(location) {
                chosen[at] = true;
                for (place, missing) in missing.iter_mut().enumerate() {
                    *missing = missing.saturating_sub(u64::from(order.units(place, at)));
                }
            }
        }
        if missing.iter().all(|missing| *missing == 0) {
            let code = "PRIORITY_RANK";
            take_out(outcome, request, rule, &format!("{name}: rank {} has everything", rank + 1), code, |at| {
                !chosen[at]
            });
            return;
        }
    }
    let message = format!("{name}: the ranks together do not have everything, so all locations stay.");
    outcome.reasons.push(reason("PRIORITY_RANKS_SHORT", message, &[]));
}

/// Whether a rule is about this order.
fn applies(when: &When, request: &Request, order: &Order<'_>) -> bool {
    let any = |wanted: &[String], found: &[String]| wanted.is_empty() || found.iter().any(|one| wanted.contains(one));
    let customer = request.customer.as_ref().map_or(&[][..], |customer| &customer.tags);
    let line_tags = || {
        order.lines.iter().any(|line| request.lines[*line as usize].tags.iter().any(|tag| when.line_tags.contains(tag)))
    };
    (when.countries.is_empty() || when.countries.contains(&request.destination.country))
        && (when.channels.is_empty() || when.channels.contains(&request.channel))
        && any(&when.tags, &request.tags)
        && any(&when.customer_tags, customer)
        && (when.line_tags.is_empty() || line_tags())
        && when.value_from.is_none_or(|from| order.value >= from)
        && when.value_to.is_none_or(|to| order.value <= to)
        && when.hazardous.is_none_or(|hazardous| hazardous == order.hazardous)
}

/// What a location is called in a message.
pub fn names(locations: &[&Location]) -> String {
    let shown: Vec<&str> = locations.iter().take(5).map(|location| location.id.as_str()).collect();
    let more = locations.len().saturating_sub(shown.len());
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
