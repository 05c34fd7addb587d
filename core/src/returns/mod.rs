//! The return-policy hook's decision: what may come back, how, for how much, and where to.
//!
//! A [`Policy`] is made once from a merchant's settings; [`decide`] answers a request:
//!
//! 1. `eligibility`: each requested return is approved, declined or shown to a person ([`matching`], [`window`], [`serial`]).
//! 2. `bundles`: what comes back whole or not at all.
//! 3. [`money`]: what the units are worth, what is approved first, then what a person decides.
//! 4. [`destination`]: where what is approved goes, all of it together; labels and their fees.
//! 5. [`grade`]: what each remedy comes to, and what each grade would give.
//! 6. `shipping` and the totals.
//!
//! **Two ways of rules.** With [`Combine::FirstMatch`] the first rule that matches governs alone, in the merchant's order; with
//! [`Combine::MostRestrictive`] all that match govern together, the strictest of each term holds, and the order of the rules makes
//! no difference. Overrides (final sale, hygiene, dangerous goods) stand above either. Verdicts only ever get stricter on the
//! way: approve, review, decline.
//!
//! What this module must not know: how settings are written, and who asks.

pub mod checker;
pub mod destination;
mod eligibility;
pub mod grade;
mod label;
pub mod matching;
pub mod money;
pub mod policy;
mod reasons;
pub mod rma;
mod sending;
pub mod serial;
mod settlement;
mod shipping;
#[cfg(test)]
mod tests;
pub mod window;

pub use policy::{Combine, Policy};

use crate::calendar::{Day, Instant};
use crate::money::Minor;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::Failure;
use cartwright_contract::return_policy::{Answer, Request, RequestedReturn, RmaStatus, Verdict};
use cartwright_contract::validate::Validate;
use eligibility::{Finding, Judge};
use money::{Accounts, Worth};
use policy::{BundleRule, Fault};
use reasons::reason;
use rma::{Actor, Event};

/// One requested return on its way to a decision.
struct Case {
    finding: Finding,
    status: RmaStatus,
    receive_by: Option<Day>,
    worth: Worth,
    way: sending::Sent,
}

/// Decides about every requested return, one decision each and in their order.
///
/// # Errors
/// When the request is outside of the contract's ranges, or in another currency than the shop's.
pub fn decide(policy: &Policy, request: &Request) -> Result<Answer, Failure> {
    request.validate()?;
    if request.currency != policy.currency {
        return Err(Failure {
            code: "CURRENCY_NOT_SOLD".into(),
            message: format!("the shop sells in {}; {} was asked for", policy.currency, request.currency),
            field: Some("/currency".into()),
        });
    }
    let mut accounts = Accounts::new(&request.lines);
    let mut cases = findings(policy, request, &accounts);
    bundles(request, &accounts, &mut cases);
    for (case, requested) in cases.iter_mut().zip(&request.returns) {
        advance(policy, request, requested, case);
    }
    value(request, &mut accounts, &mut cases);
    let labels = sending::send(policy, request, &mut cases);
    settlement::settle(policy, request, cases, labels).map_err(|_| too_large())
}

fn findings(policy: &Policy, request: &Request, accounts: &Accounts) -> Vec<Case> {
    let worth = |requested: &RequestedReturn| accounts.gross(requested.line as usize, requested.quantity);
    let gross: Vec<Minor> = request.returns.iter().map(worth).collect();
    let judge = Judge::new(policy, request, &gross);
    let case = |index: usize| Case {
        finding: judge.find(index),
        status: request.returns[index].status,
        receive_by: None,
        worth: Worth::default(),
        way: sending::Sent::default(),
    };
    (0..request.returns.len()).map(case).collect()
}

/// Bundles that come back whole or not at all. What is the merchant's fault is not held to it.
fn bundles(request: &Request, accounts: &Accounts, cases: &mut [Case]) {
    let whole =
        |case: &Case| case.finding.governing.bundle == BundleRule::Whole && case.finding.fault == Fault::Shopper;
    // The bundles that somebody's rule wants whole, by the first of their lines, once each.
    let mut wanted: Vec<usize> = Vec::new();
    for (case, requested) in cases.iter().zip(&request.returns) {
        let lines = accounts.together(requested.line as usize);
        let open = requested.status == RmaStatus::Requested && case.finding.verdict != Verdict::Decline;
        if lines.len() > 1 && open && whole(case) && !wanted.contains(&lines[0]) {
            wanted.push(lines[0]);
        }
    }
    for first in wanted {
        let lines = accounts.together(first);
        let of_bundle = |requested: &RequestedReturn| lines.binary_search(&(requested.line as usize)).is_ok();
        let all: u64 = lines.iter().map(|&line| u64::from(request.lines[line].line.quantity)).sum();
        let before: u64 = lines.iter().map(|&line| u64::from(accounts.back(line))).sum();
        let mine = || request.returns.iter().enumerate().filter(|(_, requested)| of_bundle(requested));
        let coming = mine().filter(|(index, _)| cases[*index].finding.verdict != Verdict::Decline);
        let back = before + coming.map(|(_, requested)| u64::from(requested.quantity)).sum::<u64>();
        let reviewed = mine().any(|(index, _)| cases[index].finding.verdict == Verdict::Review);
        let mine: Vec<usize> = mine().map(|(index, _)| index).collect();
        for index in mine {
            let open = request.returns[index].status == RmaStatus::Requested;
            let finding = &mut cases[index].finding;
            if !open || finding.verdict == Verdict::Decline || finding.fault == Fault::Merchant {
                continue;
            }
            if back < all {
                let message = format!("It was sold in a bundle of {all} units that comes back whole; {back} do.");
                let figures = [reasons::count("bundle-units", all), reasons::count("returned-units", back)];
                finding.verdict = Verdict::Decline;
                finding.reasons.push(reason("BUNDLE_INCOMPLETE", message, figures));
            } else if reviewed && finding.verdict == Verdict::Approve {
                let message = "A person decides on part of its bundle, which comes back whole.";
                finding.verdict = Verdict::Review;
                finding.reasons.push(reason("BUNDLE_UNDER_REVIEW", message, []));
            }
        }
    }
}

/// Where the return stands after the verdict, and until when it must be received.
fn advance(policy: &Policy, request: &Request, requested: &RequestedReturn, case: &mut Case) {
    let local = |moment: i64| policy.zone.to_local(Instant(moment)).0;
    let status = requested.status;
    let today = local(request.at);
    let event = match (status, case.finding.verdict) {
        (RmaStatus::Requested, Verdict::Approve) => Some((Event::Approve, Actor::Merchant)),
        (RmaStatus::Requested, Verdict::Decline) => Some((Event::Decline, Actor::Merchant)),
        (RmaStatus::Approved | RmaStatus::InTransit, _) => {
            // Without the moment of approval nobody can say that it is late.
            case.receive_by =
                requested.authorised.and_then(|moment| rma::receive_by(&policy.deadlines, status, local(moment)));
            case.receive_by.filter(|last| today > *last).map(|last| {
                let date = reasons::date(last);
                let message = format!("It had to be received until {date}.");
                let figures = [reasons::day("receive-by", last), reasons::day("today", today)];
                case.finding.verdict = Verdict::Decline;
                case.finding.reasons.push(reason("NOT_RECEIVED_IN_TIME", message, figures));
                (Event::Expire, Actor::Clock)
            })
        }
        (RmaStatus::Received, _) if requested.grade.is_some() => Some((Event::Inspect, Actor::Warehouse)),
        _ => None,
    };
    if let Some((event, actor)) = event {
        // The pairs above are all allowed; a state that is not left stays.
        case.status = rma::transition(status, event, actor).unwrap_or(status);
        if event == Event::Approve {
            case.receive_by = rma::receive_by(&policy.deadlines, RmaStatus::Approved, today);
        }
    }
}

/// What the units are worth. What is approved comes first: a person may still decline the rest, and what was given would then
/// rest on units that never come back.
fn value(request: &Request, accounts: &mut Accounts, cases: &mut [Case]) {
    for (case, requested) in cases.iter().zip(&request.returns) {
        if case.finding.verdict != Verdict::Decline && case.finding.fault == Fault::Shopper {
            accounts.value_bundle(requested.line as usize, case.finding.governing.bundle);
        }
    }
    // A repaired good goes back to the shopper and stays paid for; what the other remedies would give is told last.
    let passes =
        [(Verdict::Approve, false), (Verdict::Review, false), (Verdict::Approve, true), (Verdict::Review, true)];
    for (verdict, repairs) in passes {
        for (case, requested) in cases.iter_mut().zip(&request.returns) {
            let repaired = case.finding.offered().is_some_and(|offered| offered.terms.remedy == REPAIR);
            if case.finding.verdict == verdict && repaired == repairs {
                case.worth = accounts.take(requested.line as usize, requested.quantity);
            }
        }
    }
}

const REPAIR: cartwright_contract::return_policy::Remedy = cartwright_contract::return_policy::Remedy::Repair;

/// The failure of a request whose sums leave 64 bits, which the contract's ranges keep from happening for what was paid.
fn too_large() -> Failure {
    Failure {
        code: "AMOUNT_TOO_LARGE".into(),
        message: String::from("an amount of this request does not fit 64 bits; split it"),
        field: Some("/returns".into()),
    }
}
