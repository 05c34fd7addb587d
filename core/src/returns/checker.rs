//! Holds an answer against its request and policy, written independently of what found it: money is conserved to the cent, parts add
//! up, units neither appear nor vanish, everything goes where it may go.
//!
//! What this file must not know: how an answer was found; it shares no reckoning with the rest of the room.

use super::policy::{Policy, Reasons};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::return_policy::{
    Answer, Decision, DestinationKind, RefundKind, Remedy, Request, RmaStatus, Verdict,
};

/// Everything that is wrong with an answer.
///
/// # Errors
/// One sentence for each breach.
pub fn check(policy: &Policy, request: &Request, answer: &Answer) -> Result<(), Vec<String>> {
    let mut wrong = Vec::new();
    if let Err(failure) = answer.check(request) {
        wrong.push(format!("{failure}"));
    }
    if answer.decisions.len() != request.returns.len() {
        wrong.push(format!("{} decisions on {} returns", answer.decisions.len(), request.returns.len()));
        return Err(wrong);
    }
    conserved(request, answer, &mut wrong);
    spread(request, answer, &mut wrong);
    for (index, decision) in answer.decisions.iter().enumerate() {
        one(policy, request, answer, index, decision, &mut wrong);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn part(decision: &Decision, kind: RefundKind) -> i128 {
    decision.parts.iter().filter(|part| part.kind == kind).map(|part| i128::from(part.amount)).sum()
}

/// All that is given, in whatever form, is no more than all that was paid less all that was given before.
fn conserved(request: &Request, answer: &Answer, wrong: &mut Vec<String>) {
    let paid: i128 = request.lines.iter().map(|line| i128::from(line.paid) + i128::from(line.tax)).sum();
    let before: i128 = request.lines.iter().map(|line| i128::from(line.refunded)).sum();
    let shipping = i128::from(request.shipping_paid) - i128::from(request.shipping_refunded);
    let totals = [answer.total_refund, answer.total_credit, answer.total_exchange];
    let given: i128 = totals.iter().map(|total| i128::from(*total)).sum();
    let approved = answer.decisions.iter().filter(|decision| decision.verdict == Verdict::Approve);
    let bonus: i128 = approved.map(|decision| i128::from(decision.bonus_credit)).sum();
    if given - bonus > paid - before + shipping {
        wrong.push(format!(
            "{given} given, of it {bonus} as bonus; {paid} paid, {before} given before, {shipping} shipping"
        ));
    }
}

/// Each line's goods and tax are spread to within one minor unit of the exact share, and a line that comes back whole is whole.
fn spread(request: &Request, answer: &Answer, wrong: &mut Vec<String>) {
    // By line: units, goods, tax of what is not repaired or declined.
    let mut lines: BTreeMap<u32, (i128, i128, i128)> = BTreeMap::new();
    for (decision, requested) in answer.decisions.iter().zip(&request.returns) {
        if decision.verdict == Verdict::Decline || matches!(decision.remedy, None | Some(Remedy::Repair)) {
            continue;
        }
        let (goods, tax) = (part(decision, RefundKind::Goods), part(decision, RefundKind::Tax));
        let line = &request.lines[requested.line as usize];
        let (units, all) = (i128::from(requested.quantity), i128::from(line.line.quantity));
        for (what, part, paid) in [("goods", goods, line.paid), ("tax", tax, line.tax)] {
            // Two roundings of half a unit each.
            if (part * all - units * i128::from(paid)).abs() > all {
                wrong.push(format!("{what} of {units} of {all} units are {part}, of {paid} paid"));
            }
        }
        let sum = lines.entry(requested.line).or_default();
        *sum = (sum.0 + units, sum.1 + goods, sum.2 + tax);
    }
    for (index, (units, goods, tax)) in lines {
        let line = &request.lines[index as usize];
        let whole = units == i128::from(line.line.quantity) && line.returned == 0;
        if whole && (goods, tax) != (i128::from(line.paid), i128::from(line.tax)) {
            wrong.push(format!(
                "line {index} comes back whole with {goods} and {tax} of {} and {}",
                line.paid, line.tax
            ));
        }
    }
}

fn one(
    policy: &Policy,
    request: &Request,
    answer: &Answer,
    index: usize,
    decision: &Decision,
    wrong: &mut Vec<String>,
) {
    let requested = &request.returns[index];
    let mut say = |what: String| wrong.push(format!("decision {index}: {what}"));
    if decision.requested as usize != index || decision.quantity != requested.quantity {
        say(format!("it is on {} units of {}", decision.quantity, decision.requested));
    }
    if decision.reasons.is_empty() {
        say("it has no reason".into());
    }
    for part in &decision.parts {
        let sign = match part.kind {
            RefundKind::Goods | RefundKind::Tax => part.amount > 0,
            RefundKind::Bundle => true,
            _ => part.amount < 0,
        };
        if !sign {
            say(format!("{part:?} has the wrong sign"));
        }
    }
    let approved = decision.verdict == Verdict::Approve;
    if !approved && (decision.keep || decision.destination.is_some()) {
        say("it is not approved and has a way".into());
    }
    if let Some(remedy) = decision.remedy {
        if remedy != Remedy::Repair {
            let before_label = i128::from(decision.refund) - part(decision, RefundKind::LabelFee);
            let offer = decision.remedies.iter().find(|offer| offer.remedy == remedy);
            let offered = offer.map(|offer| i128::from(offer.amount) - i128::from(offer.bonus));
            if offered != Some(before_label) {
                say(format!("{remedy:?} is offered for {offered:?} and gives {before_label} before the label"));
            }
        }
        let bears = fault(&policy.reasons, &requested.reason);
        let fees = part(decision, RefundKind::RestockingFee) + part(decision, RefundKind::Condition);
        if !bears && fees != 0 {
            say(format!("the merchant is at fault and the shopper pays {fees}"));
        }
        if !decision.by_grade.is_empty() {
            let expected = policy.grading.expected(requested.condition);
            let found = decision.by_grade.iter().find(|graded| graded.grade == expected).map(|graded| graded.refund);
            // With a label's fee that is shared, what is held back here may differ by what another decision left of it.
            let shared = answer.labels.iter().any(|label| label.decisions.len() > 1);
            if found != Some(decision.refund) && !shared {
                say(format!("the expected grade gives {found:?} and the refund is {}", decision.refund));
            }
        }
    }
    way(policy, request, answer, index, decision, wrong);
}

fn fault(reasons: &Reasons, reason: &str) -> bool {
    reasons.known.get(reason).is_none_or(|fault| *fault == super::policy::Fault::Shopper)
}

/// What is sent is on one label, to a destination that takes it.
fn way(
    policy: &Policy,
    request: &Request,
    answer: &Answer,
    index: usize,
    decision: &Decision,
    wrong: &mut Vec<String>,
) {
    let requested = &request.returns[index];
    let Some(id) = &decision.destination else { return };
    let labels = answer.labels.iter().filter(|label| label.decisions.contains(&(index as u32))).count();
    let made = requested.destination.is_some();
    if labels != usize::from(!made) {
        wrong.push(format!("decision {index} is on {labels} labels"));
    }
    if made || !matches!(requested.status, RmaStatus::Requested | RmaStatus::Approved) {
        return;
    }
    let own: Vec<_> = policy.destinations.iter().map(|place| &place.destination).collect();
    let given: Vec<_> = request.destinations.iter().collect();
    let Some(to) = (if given.is_empty() { own } else { given }).into_iter().find(|to| to.id == *id) else {
        wrong.push(format!("decision {index} goes to {id:?}, which nobody knows"));
        return;
    };
    let line = &request.lines[requested.line as usize];
    let serves = to.locations.is_empty() || to.locations.contains(&line.location);
    let kinds = &policy.grading.of(policy.grading.expected(requested.condition)).kinds;
    let kind = to.kind == DestinationKind::Supplier || kinds.contains(&to.kind);
    let local = policy.cross_border || to.country == request.origin.country;
    for (holds, what) in
        [(serves, "its location"), (kind, "its grade"), (local, "its country"), (line.line.physical, "it")]
    {
        if !holds {
            wrong.push(format!("decision {index} goes to {id:?}, which does not take {what}"));
        }
    }
}

/// What of each line was given over a sequence of answers to the same order, tax included: what a platform would book. For tests of
/// sequences.
#[must_use]
pub fn booked(request: &Request, answer: &Answer) -> Vec<(u32, i64)> {
    let mut lines = vec![(0, 0); request.lines.len()];
    for (decision, requested) in answer.decisions.iter().zip(&request.returns) {
        let back = decision.verdict == Verdict::Approve && decision.remedy != Some(Remedy::Repair);
        if back {
            let line = &mut lines[requested.line as usize];
            *line = (line.0 + decision.quantity, line.1 + decision.refund);
        }
    }
    lines
}
