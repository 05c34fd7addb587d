//! Of several return policies the most restrictive decision stands, for each return that was asked for.

use super::{Compose, reason};
use crate::hooks::ReturnPolicy;
use cartwright_contract::return_policy::{Answer, Decision, Request, ReturnLabel, Verdict};
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
        let refunds: MinorUnits = merged.decisions.iter().map(|decision| decision.refund).sum();
        let fees: MinorUnits = merged.labels.iter().map(|label| label.fee).sum();
        merged.total_refund = (refunds + merged.shipping_refund - fees).max(0);
        merged
    }

    /// A person decides, and nothing is promised.
    fn fallback(request: &Request) -> Answer {
        let decision = |(index, requested): (usize, &cartwright_contract::return_policy::RequestedReturn)| Decision {
            requested: u32::try_from(index).unwrap_or(u32::MAX),
            verdict: Verdict::Review,
            quantity: requested.quantity,
            status: requested.status,
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

/// Takes over the decisions on one requested return, and the labels that belong to them. One label for each destination: of
/// two, the one with the higher fee.
fn adopt(merged: &mut Answer, from: &Answer, requested: u32) {
    for (index, decision) in from.decisions.iter().enumerate().filter(|(_, decision)| decision.requested == requested) {
        let place = u32::try_from(merged.decisions.len()).unwrap_or(u32::MAX);
        merged.decisions.push(decision.clone());
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        for label in from.labels.iter().filter(|label| label.decisions.contains(&index)) {
            match merged.labels.iter_mut().find(|other| other.destination == label.destination) {
                Some(other) => {
                    other.decisions.push(place);
                    if label.fee > other.fee {
                        (other.fee, other.paid_by) = (label.fee, label.paid_by);
                    }
                }
                None => merged.labels.push(ReturnLabel { decisions: vec![place], ..label.clone() }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Approve, Decline, Review};
    use cartwright_contract::return_policy::RequestedReturn;

    fn decision(requested: u32, verdict: Verdict, refund: MinorUnits) -> Decision {
        Decision { requested, verdict, refund, quantity: 1, destination: Some("w".into()), ..Decision::default() }
    }

    fn answer(decisions: Vec<Decision>, fee: MinorUnits, shipping_refund: MinorUnits) -> Answer {
        let all = (0..u32::try_from(decisions.len()).expect("few")).collect();
        let label = ReturnLabel { destination: "w".into(), fee, decisions: all, ..ReturnLabel::default() };
        Answer { decisions, labels: vec![label], shipping_refund, ..Answer::default() }
    }

    #[test]
    fn each_return_gets_its_most_restrictive_decision_and_the_money_adds_up() {
        let request = Request { returns: vec![RequestedReturn::default(); 3], ..Request::default() };
        let lenient =
            answer(vec![decision(0, Approve, 900), decision(1, Approve, 500), decision(2, Review, 0)], 100, 50);
        let strict =
            answer(vec![decision(0, Approve, 800), decision(1, Approve, 600), decision(2, Decline, 0)], 200, 0);
        let merged = ReturnPolicy::merge(&request, vec![lenient, strict]);
        let seen: Vec<_> = merged.decisions.iter().map(|d| (d.requested, d.verdict, d.refund)).collect();
        assert_eq!(seen, [(0, Approve, 800), (1, Approve, 500), (2, Decline, 0)]);
        assert_eq!(merged.shipping_refund, 0);
        assert_eq!(merged.labels.len(), 1, "one label for one destination");
        assert_eq!((merged.labels[0].fee, merged.labels[0].decisions.as_slice()), (200, &[0, 1, 2][..]));
        assert_eq!(merged.total_refund, 800 + 500 - 200);
    }

    #[test]
    fn a_policy_that_failed_leaves_the_decision_to_a_person() {
        let request = Request { returns: vec![RequestedReturn::default()], ..Request::default() };
        let stand_in = ReturnPolicy::stand_in(&request).expect("returns have one");
        let merged =
            ReturnPolicy::merge(&request, vec![answer(vec![decision(0, Verdict::Approve, 900)], 0, 0), stand_in]);
        assert_eq!((merged.decisions[0].verdict, merged.total_refund), (Verdict::Review, 0));
    }
}
