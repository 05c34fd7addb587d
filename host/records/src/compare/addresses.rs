//! Whether a parcel would reach an address, and what the address should say. What it says stays here: addresses are personal.

use super::{Change, Compared, Comparison, Outcome, name};
use cartwright_contract::Reason;
use cartwright_contract::address_validation::{Answer, Issue};
use std::mem::take;

/// The same without the sentence, which may be worded anew.
fn unworded(issue: &Issue) -> Issue {
    Issue { message: String::new(), ..issue.clone() }
}

impl Compared for Answer {
    fn outcome(&self, outcome: &mut Outcome) {
        outcome.verdict = Some(name(self.verdict));
        outcome.count = u32::try_from(self.issues.len()).ok();
    }

    fn differences(old: &Self, new: &Self, found: &mut Comparison) {
        found.verdict(name(old.verdict), name(new.verdict));
        found.note(Change::Corrected, old.corrected != new.corrected);
        let issues = !old.issues.iter().map(unworded).eq(new.issues.iter().map(unworded));
        found.note(Change::Issues, issues || old.fields != new.fields);
    }

    fn take_reasons(&mut self) -> Vec<Reason> {
        // An issue's sentence is text as a reason's is.
        let sentence = |issue: &mut Issue| Reason {
            code: issue.code.clone(),
            message: take(&mut issue.message),
            figures: Vec::new(),
        };
        let mut reasons: Vec<_> = self.issues.iter_mut().map(sentence).collect();
        reasons.append(&mut self.reasons);
        reasons
    }
}
