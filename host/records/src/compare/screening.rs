//! Whether an order is safe, and how sure that is.

use super::{Change, Compared, Comparison, Outcome, name};
use cartwright_contract::Reason;
use cartwright_contract::order_screening::Answer;
use std::mem::take;

impl Compared for Answer {
    fn outcome(&self, outcome: &mut Outcome) {
        outcome.verdict = Some(name(self.verdict));
        outcome.score = Some(self.score);
    }

    fn differences(old: &Self, new: &Self, found: &mut Comparison) {
        found.verdict(name(old.verdict), name(new.verdict));
        found.note(Change::Score, old.score != new.score);
    }

    fn take_reasons(&mut self) -> Vec<Reason> {
        let of_contributions = self.contributions.iter_mut().map(|contribution| take(&mut contribution.reason));
        let mut reasons: Vec<_> = of_contributions.collect();
        reasons.append(&mut self.reasons);
        reasons
    }
}
