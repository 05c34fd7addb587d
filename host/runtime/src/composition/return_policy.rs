//! Of several return policies the most restrictive decision stands, for each return that was asked for.

use super::{Compose, reason};
use crate::hooks::ReturnPolicy;
use cartwright_contract::return_policy::{
    Answer, Decision, RefundKind, Remedy, Request, ReturnLabel, RmaStatus, Verdict,
};
use cartwright_contract::{MinorUnits, Reason};
use std::cmp::Reverse;

impl Compose for ReturnPolicy {
    fn stand_in(request: &Request) -> Option<Answer> {
        // What a failed policy would have paid nobody knows, so it must not lower what another one pays: see `merge`.
        Some(Self::fallback(request))
    }

    /// For each requested return: the decisions of the plugin with the strictest verdict on it, of those the one that pays
    /// least, of those the first. A review promises no money, so it outranks any approval. Of the shipping, the least that
    /// anybody refunds.
    fn merge(request: &Request, answers: Vec<Answer>) -> Answer {
        let mut merged = Answer::default();
        for requested in 0..u32::try_from(request.returns.len()).unwrap_or(u32::MAX) {
            let strictness = |answer: &Answer| {
                let of_it = || answer.decisions.iter().filter(|decision| decision.requested == requested);
                let verdict = of_it().map(|decision| decision.verdict).max().unwrap_or(Verdict::Approve);
                (verdict, Reverse(of_it().map(|decision| decision.refund).sum::<MinorUnits>()))
            };
            let strictest = (0..answers.len()).rev().max_by_key(|&index| strictness(&answers[index])).unwrap_or(0);
            adopt(&mut merged, &answers[strictest], requested);
        }
        merged.shipping_refund = answers.iter().map(|answer| answer.shipping_refund).min().unwrap_or(0);
        merged.reasons = answers.into_iter().flat_map(|answer| answer.reasons).collect();
        let approved = |wanted: &[Remedy]| -> MinorUnits {
            let of_it = |decision: &&Decision| {
                decision.verdict == Verdict::Approve && decision.remedy.is_some_and(|remedy| wanted.contains(&remedy))
            };
            merged.decisions.iter().filter(of_it).map(|decision| decision.refund + decision.bonus_credit).sum()
        };
        merged.total_refund = approved(&[Remedy::Refund, Remedy::KeepItem]) + merged.shipping_refund;
        merged.total_credit = approved(&[Remedy::StoreCredit]);
        merged.total_exchange = approved(&[Remedy::Exchange]);
        merged
    }

    /// A person decides, and nothing is promised.
    fn fallback(request: &Request) -> Answer {
        let decision = |(index, requested): (usize, &cartwright_contract::return_policy::RequestedReturn)| Decision {
            requested: u32::try_from(index).unwrap_or(u32::MAX),
            verdict: Verdict::Review,
            quantity: requested.quantity,
            status: if has_ended(requested.status) { RmaStatus::Requested } else { requested.status },
            ..Decision::default()
        };
        Answer {
            decisions: request.returns.iter().enumerate().map(decision).collect(),
            reasons: vec![reason("RETURN_POLICY_FAILED", "the return could not be decided, so a person does")],
            ..Answer::default()
        }
    }

    fn reasons(answer: &mut Answer) -> &mut Vec<Reason> {
        &mut answer.reasons
    }
}

/// A person cannot decide any more about what is over; asked about it anyhow, it begins anew.
fn has_ended(status: RmaStatus) -> bool {
    matches!(status, RmaStatus::Declined | RmaStatus::Closed | RmaStatus::Cancelled | RmaStatus::Expired)
}

/// Takes over the decisions on one requested return, with the labels that belong to them. There is one label for each
/// destination; its fee is what its decisions hold back for it.
fn adopt(merged: &mut Answer, from: &Answer, requested: u32) {
    for (index, decision) in from.decisions.iter().enumerate().filter(|(_, decision)| decision.requested == requested) {
        let place = u32::try_from(merged.decisions.len()).unwrap_or(u32::MAX);
        merged.decisions.push(decision.clone());
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let Some(label) = from.labels.iter().find(|label| label.decisions.contains(&index)) else { continue };
        let held_back: MinorUnits =
            decision.parts.iter().filter(|part| part.kind == RefundKind::LabelFee).map(|part| -part.amount).sum();
        match merged.labels.iter_mut().find(|other| other.destination == label.destination) {
            Some(other) => {
                other.decisions.push(place);
                other.fee += held_back;
            }
            None => merged.labels.push(ReturnLabel { fee: held_back, decisions: vec![place], ..label.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Approve, Decline, Review};
    use cartwright_contract::return_policy::{DeliveredLine, RefundPart, RemedyOffer, RequestedReturn};

    /// What is not declined is refunded, less a fee for its label.
    fn decision(requested: u32, verdict: Verdict, refund: MinorUnits, fee: MinorUnits) -> Decision {
        let given = verdict != Decline;
        let parts = [(RefundKind::Goods, refund + fee), (RefundKind::LabelFee, -fee)];
        Decision {
            requested,
            verdict,
            refund,
            quantity: 1,
            status: if given { RmaStatus::Approved } else { RmaStatus::Declined },
            remedies: if given { vec![RemedyOffer::default()] } else { vec![] },
            remedy: given.then_some(Remedy::Refund),
            parts: if given { parts.map(|(kind, amount)| RefundPart { kind, amount }).to_vec() } else { vec![] },
            destination: given.then(|| "w".into()),
            ..Decision::default()
        }
    }

    fn answer(decisions: Vec<Decision>, shipping_refund: MinorUnits) -> Answer {
        let labelled = |(index, decision): (usize, &Decision)| {
            decision.destination.is_some().then(|| u32::try_from(index).expect("few"))
        };
        let decided = decisions.iter().enumerate().filter_map(labelled).collect();
        let label = ReturnLabel { destination: "w".into(), decisions: decided, ..ReturnLabel::default() };
        Answer { decisions, labels: vec![label], shipping_refund, ..Answer::default() }
    }

    #[test]
    fn each_return_gets_its_most_restrictive_decision_and_the_money_adds_up() {
        let delivered = DeliveredLine { paid: 1_000, ..DeliveredLine::default() };
        let asked = |line| RequestedReturn { line, quantity: 1, ..RequestedReturn::default() };
        let request = Request {
            lines: vec![delivered; 3],
            returns: vec![asked(0), asked(1), asked(2)],
            shipping_paid: 50,
            ..Request::default()
        };
        let lenient = vec![decision(0, Approve, 900, 0), decision(1, Approve, 500, 100), decision(2, Review, 0, 0)];
        let strict = vec![decision(0, Approve, 800, 200), decision(1, Approve, 600, 0), decision(2, Decline, 0, 0)];
        let merged = ReturnPolicy::merge(&request, vec![answer(lenient, 50), answer(strict, 0)]);
        let seen: Vec<_> = merged.decisions.iter().map(|d| (d.requested, d.verdict, d.refund)).collect();
        assert_eq!(seen, [(0, Approve, 800), (1, Approve, 500), (2, Decline, 0)]);
        assert_eq!((merged.shipping_refund, merged.total_refund), (0, 1_300));
        assert_eq!(merged.labels.len(), 1, "one label for one destination");
        assert_eq!((merged.labels[0].fee, merged.labels[0].decisions.as_slice()), (300, &[0, 1][..]));
        assert_eq!(merged.check(&request), Ok(()));
    }

    #[test]
    fn a_policy_that_failed_leaves_the_decision_to_a_person() {
        let over = RequestedReturn { quantity: 1, status: RmaStatus::Closed, ..RequestedReturn::default() };
        let delivered = DeliveredLine { paid: 1_000, ..DeliveredLine::default() };
        let request = Request { lines: vec![delivered], returns: vec![over], ..Request::default() };
        let stand_in = ReturnPolicy::stand_in(&request).expect("returns have one");
        assert_eq!(stand_in.check(&request), Ok(()));
        let merged = ReturnPolicy::merge(&request, vec![answer(vec![decision(0, Approve, 900, 0)], 0), stand_in]);
        assert_eq!((merged.decisions[0].verdict, merged.total_refund), (Review, 0));
        assert_eq!(merged.check(&request), Ok(()));
    }
}
