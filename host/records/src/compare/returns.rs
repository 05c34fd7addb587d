//! What may come back, for how much, and where to.

use super::{Change, Compared, Comparison, Delta, Outcome, name};
use cartwright_contract::Reason;
use cartwright_contract::return_policy::{Answer, Decision, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

/// For each requested return what was decided of its units: `approve`, or `approve+review` when they are split.
fn verdicts(answer: &Answer) -> BTreeMap<u32, String> {
    let mut of_requested: BTreeMap<u32, BTreeSet<Verdict>> = BTreeMap::new();
    for decision in &answer.decisions {
        of_requested.entry(decision.requested).or_default().insert(decision.verdict);
    }
    let joined = |verdicts: BTreeSet<Verdict>| verdicts.into_iter().map(name).collect::<Vec<_>>().join("+");
    of_requested.into_iter().map(|(requested, verdicts)| (requested, joined(verdicts))).collect()
}

fn refunds(answer: &Answer) -> BTreeMap<u32, i64> {
    let mut refunds = BTreeMap::new();
    for decision in &answer.decisions {
        let sum: &mut i64 = refunds.entry(decision.requested).or_default();
        *sum = sum.saturating_add(decision.refund).saturating_add(decision.bonus_credit);
    }
    refunds
}

/// What becomes of the goods.
fn handled(decision: &Decision) -> impl PartialEq + '_ {
    (
        (decision.requested, decision.quantity, decision.status, decision.keep, decision.disposition),
        (&decision.destination, decision.remedy, &decision.remedies, decision.until, decision.receive_by),
    )
}

impl Compared for Answer {
    fn outcome(&self, outcome: &mut Outcome) {
        let all: BTreeSet<_> = self.decisions.iter().map(|decision| decision.verdict).collect();
        outcome.verdict = match all.len() {
            0 => None,
            1 => all.first().map(name),
            _ => Some("mixed".into()),
        };
        outcome.amount = Some(self.total_refund.saturating_add(self.total_credit).saturating_add(self.total_exchange));
        outcome.count = u32::try_from(self.decisions.len()).ok();
    }

    fn differences(old: &Self, new: &Self, found: &mut Comparison) {
        let (before, mut after) = (verdicts(old), verdicts(new));
        for (requested, before) in before {
            // Answers to one request decide on the same returns; the contract is checked before anything is recorded.
            found.verdict(before, after.remove(&requested).unwrap_or_default());
        }
        for (_, after) in after {
            found.verdict(String::new(), after);
        }
        let totals = [
            ("refund", old.total_refund, new.total_refund),
            ("credit", old.total_credit, new.total_credit),
            ("exchange", old.total_exchange, new.total_exchange),
        ];
        let said = totals.into_iter().filter(|(_, old, new)| (*old, *new) != (0, 0));
        found.money.extend(said.map(|(of, old, new)| Delta { of: of.into(), old, new }));
        let money = totals.into_iter().any(|(_, old, new)| old != new) || refunds(old) != refunds(new);
        found.note(Change::Refund, money);
        let handled = old.decisions.iter().map(handled).eq(new.decisions.iter().map(handled));
        found.note(Change::Handling, !handled || old.labels != new.labels);
    }

    fn take_reasons(&mut self) -> Vec<Reason> {
        let of_decisions = self.decisions.iter_mut().flat_map(|decision| take(&mut decision.reasons));
        let mut reasons: Vec<_> = of_decisions.collect();
        reasons.append(&mut self.reasons);
        reasons
    }
}
