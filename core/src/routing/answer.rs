//! From an assignment to the hook's answer: shipments, costs broken down, comparisons, what is to become of the order.
//!
//! What this module must not know: how the assignment was found.

use super::assemble::Assembly;
use super::carriage;
use super::explain;
use super::greedy;
use super::order::Order;
use super::policy::{Incomplete, Mode, Policy};
use super::problem::{Step, Take};
use super::rules::{Outcome, reason};
use super::{Solved, by_distance, by_rank};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_routing::{Answer, Comparison, Cost, CostKind, Disposition, Request, Shipment};
use cartwright_contract::{Instant, Line, LineUnits, Reason, Unit};

/// The queue of orders that wait for stock.
pub const BACKORDER_QUEUE: &str = "backorder";

/// Everything that an answer is made of.
pub struct Decided<'a> {
    pub policy: &'a Policy,
    pub request: &'a Request,
    pub order: &'a Order<'a>,
    pub assembly: &'a Assembly,
    pub solved: &'a Solved,
    pub cancel_at: Option<Instant>,
}

/// Whether a reason is still true of an order that is given up: nothing waits or ships then.
pub fn holds_when_given_up(reason: &Reason) -> bool {
    !["HELD_BY_RULE", "PROVEN_CHEAPEST", "GAP_LEFT", "RANKED_RULE", "SPLIT_CHEAPER", "SPLIT_NEEDED", "ARRIVES_LATE"]
        .contains(&reason.code.as_str())
}

/// What so many units of a line are worth, after their part of the discount.
pub fn value(line: &Line, units: u32) -> i64 {
    let whole = line.unit_price * i64::from(line.quantity) - line.discount;
    let part = i128::from(whole) * i128::from(units) / i128::from(line.quantity.max(1));
    i64::try_from(part).unwrap_or(whole)
}

/// Takes as lines of the request with units, by line.
pub fn line_units(order: &Order<'_>, assembly: &Assembly, request: &Request, takes: &[Take]) -> Vec<(u32, u32)> {
    let mut units = Vec::new();
    for take in takes {
        let members = &order.items[take.item as usize];
        for &place in members {
            let line = order.lines[place as usize];
            let quantity = if members.len() == 1 { take.units } else { request.lines[line as usize].quantity };
            units.push((line, quantity));
        }
    }
    debug_assert!(assembly.problem.items.len() == order.items.len());
    units.sort_unstable();
    units
}

impl Decided<'_> {
    pub fn answer(&self, mut outcome: Outcome) -> Answer {
        let mut answer = Answer { total: self.solved.total, bound: self.solved.bound, ..Answer::default() };
        for takes in self.solved.takes.chunk_by(|a, b| a.source == b.source) {
            answer.shipments.push(self.shipment(takes));
        }
        answer.backordered = self.left_over(&answer.shipments);
        answer.costs = self.order_costs(&answer);
        answer.comparisons = self.comparisons();
        answer.reasons = core::mem::take(&mut outcome.reasons);
        explain::shipments(self, &mut answer);
        explain::left_over(self, &outcome, &mut answer);
        self.dispose(&outcome, &mut answer);
        answer
    }

    fn shipment(&self, takes: &[Take]) -> Shipment {
        let problem = &self.assembly.problem;
        let source = takes[0].source as usize;
        let at = self.assembly.sources[source] as usize;
        let location = &self.request.locations[at];
        let units = line_units(self.order, self.assembly, self.request, takes);
        let lines = units.into_iter().map(|(line, quantity)| LineUnits { line, quantity }).collect();
        let late = self.assembly.late[source];
        let mut costs = vec![Cost { kind: CostKind::Shipment, amount: problem.sources[source].fixed - late }];
        let of_units = takes.iter().map(|take| i64::from(take.units) * problem.cost(take.item as usize, source)).sum();
        costs.push(Cost { kind: CostKind::Units, amount: of_units });
        let (mut late, mut service, mut arrives) = (late, None, location.arrives);
        if let Some((step, freight)) = self.step(takes) {
            let of = &self.policy.services[step.service as usize];
            service = Some(of.id.clone());
            if let Some(lane) = self.assembly.carriage.lane(freight, step.service) {
                late += lane.late;
                arrives = carriage::arrives(self.policy, of, lane.zone(), self.request.at).or(arrives);
                costs.push(Cost { kind: CostKind::Freight, amount: step.price - lane.late });
            }
        }
        if late > 0 {
            costs.push(Cost { kind: CostKind::Late, amount: late });
        }
        Shipment { location: location.id.clone(), lines, costs, service, arrives }
    }

    /// The freight of a shipment, and its table.
    fn step(&self, takes: &[Take]) -> Option<(Step, u32)> {
        let problem = &self.assembly.problem;
        let freight = problem.sources[takes[0].source as usize].freight?;
        let item = |take: &Take| problem.items[take.item as usize];
        let grams = takes.iter().map(|take| item(take).grams * u64::from(take.units)).sum();
        let hazardous = takes.iter().any(|take| item(take).hazardous);
        Some((*problem.freights[freight as usize].step(grams, hazardous)?, freight))
    }

    fn left_over(&self, shipments: &[Shipment]) -> Vec<LineUnits> {
        let mut left: Vec<u32> = self.request.lines.iter().map(|line| line.quantity).collect();
        for units in shipments.iter().flat_map(|shipment| &shipment.lines) {
            left[units.line as usize] = left[units.line as usize].saturating_sub(units.quantity);
        }
        let of = |&line: &u32| LineUnits { line, quantity: left[line as usize] };
        self.order.lines.iter().map(of).filter(|units| units.quantity > 0).collect()
    }

    fn order_costs(&self, answer: &Answer) -> Vec<Cost> {
        let problem = &self.assembly.problem;
        let split = problem.split * (answer.shipments.len() as i64 - 1).max(0);
        let mut sources = vec![0i64; problem.items.len()];
        self.solved.takes.iter().for_each(|take| sources[take.item as usize] += 1);
        let spread = sources.iter().map(|count| problem.spread * (count - 1).max(0)).sum();
        let mut place = vec![0usize; self.request.lines.len()];
        self.order.lines.iter().enumerate().for_each(|(at, line)| place[*line as usize] = at);
        let penalty = |units: &LineUnits| self.assembly.backorder[place[units.line as usize]];
        let backorder = answer.backordered.iter().map(|units| i64::from(units.quantity) * penalty(units)).sum();
        let all = [(CostKind::Split, split), (CostKind::Spread, spread), (CostKind::Backorder, backorder)];
        all.into_iter().filter(|(_, amount)| *amount != 0).map(|(kind, amount)| Cost { kind, amount }).collect()
    }

    fn comparisons(&self) -> Vec<Comparison> {
        let problem = &self.assembly.problem;
        let (ranked, near) = (by_rank(self.order, self.assembly), by_distance(self.order, self.assembly));
        let mut all = Vec::from(greedy::ways(problem, &ranked, &near));
        if self.policy.mode == Mode::Ranked {
            all.remove(0);
            let optimum = self.solved.optimum.as_ref().map(|solution| solution.takes.clone());
            all.extend(optimum.map(|takes| ("optimal", takes)));
        }
        let units: u64 =
            self.order.lines.iter().map(|line| u64::from(self.request.lines[*line as usize].quantity)).sum();
        let compare = |(rule, takes): (&str, Vec<Take>)| {
            let total = problem.price(&takes)?;
            let shipped = line_units(self.order, self.assembly, self.request, &takes);
            let shipped: u64 = shipped.iter().map(|(_, units)| u64::from(*units)).sum();
            Some(Comparison {
                rule: rule.into(),
                total,
                shipments: takes.chunk_by(|a, b| a.source == b.source).count() as u32,
                backordered: u32::try_from(units - shipped).unwrap_or(u32::MAX),
            })
        };
        all.into_iter().filter_map(compare).collect()
    }

    /// What is to become of the order.
    fn dispose(&self, outcome: &Outcome, answer: &mut Answer) {
        let short = !answer.backordered.is_empty();
        let units = answer.backordered.iter().map(|units| i64::from(units.quantity)).sum();
        let figures = [("units", units, Unit::Count)];
        let mut queue: Option<String> = outcome.hold.as_ref().map(|(queue, _)| queue.clone());
        let mut cancel = false;
        if short {
            match &outcome.incomplete {
                Incomplete::Hold(waits) => {
                    let message = "Not all of the order can ship, and it ships complete: it waits.".into();
                    answer.reasons.push(reason("HELD_INCOMPLETE", message, &figures));
                    queue = queue.or_else(|| Some(waits.clone()));
                }
                Incomplete::Cancel => {
                    let message = "Not all of the order can ship, and it ships complete: it is given up.".into();
                    answer.reasons.push(reason("CANCELLED_INCOMPLETE", message, &figures));
                    cancel = true;
                }
                Incomplete::Partial if answer.shipments.is_empty() && !self.request.constraints.backorder => {
                    let message = "Nothing of the order can ship, and it may not wait: it is given up.".into();
                    answer.reasons.push(reason("CANCELLED_UNSHIPPABLE", message, &figures));
                    cancel = true;
                }
                Incomplete::Partial if answer.shipments.is_empty() => {
                    let message = "Nothing of the order can ship now: it waits.".into();
                    answer.reasons.push(reason("BACKORDERED", message, &figures));
                    queue = queue.or_else(|| Some(BACKORDER_QUEUE.into()));
                }
                Incomplete::Partial if self.request.constraints.backorder => {
                    let message = "What cannot ship now waits; the rest ships.".into();
                    answer.reasons.push(reason("PARTIAL_SHIPMENT", message, &figures));
                }
                Incomplete::Partial => {
                    let message = "What cannot ship is cancelled; the rest ships.".into();
                    answer.reasons.push(reason("UNITS_CANCELLED", message, &figures));
                }
            }
        }
        if cancel {
            let mut reasons = core::mem::take(&mut answer.reasons);
            reasons.retain(holds_when_given_up);
            *answer = Answer { disposition: Disposition::Cancel, reasons, ..Answer::default() };
        } else if queue.is_some() {
            answer.disposition = Disposition::Hold;
            answer.queue = queue;
            answer.cancel_at = self.cancel_at;
        }
    }
}
