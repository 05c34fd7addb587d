//! What an order-screening answer has to keep to.

use super::breach;
use crate::order_screening::{Answer, Request, Verdict};
use crate::types::{Failure, Reason};
use alloc::format;

/// The ends of a score.
pub const HIGHEST_SCORE: u32 = 1_000;

impl Answer {
    /// # Errors
    /// The first field, as a JSON pointer into the answer, that is not what the contract says of it: a score above 1000 or that is not
    /// the sum of its contributions, a reason without a code, an order that is kept back for no reason.
    pub fn check(&self, _request: &Request) -> Result<(), Failure> {
        if self.score > HIGHEST_SCORE {
            let message = format!("{} is out of range; give 0 to {HIGHEST_SCORE}", self.score);
            return Err(breach("/score".into(), message));
        }
        for (index, contribution) in self.contributions.iter().enumerate() {
            coded(&contribution.reason, || format!("/contributions/{index}/reason/code"))?;
        }
        for (index, reason) in self.reasons.iter().enumerate() {
            coded(reason, || format!("/reasons/{index}/code"))?;
        }
        // A plugin that does not break its score down says nothing wrong.
        let sum: i64 = self.contributions.iter().map(|contribution| i64::from(contribution.points)).sum();
        if !self.contributions.is_empty() && sum.clamp(0, HIGHEST_SCORE.into()) != i64::from(self.score) {
            let message = format!(
                "the contributions add up to {sum} and the score is {}; it is their sum, held within 0 and {HIGHEST_SCORE}",
                self.score
            );
            return Err(breach("/contributions".into(), message));
        }
        if self.verdict != Verdict::Accept && self.reasons.is_empty() {
            let message = format!("the verdict is {:?} for no reason; give at least one", self.verdict);
            return Err(breach("/reasons".into(), message));
        }
        Ok(())
    }
}

fn coded(reason: &Reason, field: impl Fn() -> alloc::string::String) -> Result<(), Failure> {
    if reason.code.is_empty() {
        return Err(breach(field(), "a reason has no code; give one in upper snake case".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order_screening::Contribution;
    use alloc::vec;

    fn reason() -> Reason {
        Reason { code: "AVS_NO_MATCH".into(), ..Reason::default() }
    }

    fn answer() -> Answer {
        let contributions =
            vec![Contribution { reason: reason(), points: 400 }, Contribution { reason: reason(), points: -100 }];
        Answer { verdict: Verdict::Review, score: 300, contributions, reasons: vec![reason()] }
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Answer));

    #[test]
    fn every_breach_is_named_and_a_sound_answer_passes() {
        let request = Request::default();
        assert_eq!(answer().check(&request), Ok(()));
        assert_eq!(Answer::default().check(&request), Ok(()));
        let breaches: [Breach; 6] = [
            ("/score", |a| a.score = 1_001),
            ("/contributions", |a| a.score = 301),
            ("/contributions", |a| a.contributions = vec![Contribution { reason: reason(), points: i32::MAX }; 3]),
            ("/contributions/1/reason/code", |a| a.contributions[1].reason.code.clear()),
            ("/reasons/0/code", |a| a.reasons[0].code.clear()),
            ("/reasons", |a| a.reasons.clear()),
        ];
        for (field, breach) in breaches {
            let mut answer = answer();
            breach(&mut answer);
            assert_eq!(answer.check(&request).err().and_then(|failure| failure.field).as_deref(), Some(field));
        }
    }

    #[test]
    fn a_score_is_held_within_its_ends() {
        for (points, score) in [(-500, 0), (5_000, 1_000)] {
            let contributions = vec![Contribution { reason: reason(), points }];
            let answer = Answer { score, contributions, ..Answer::default() };
            assert_eq!(answer.check(&Request::default()), Ok(()));
        }
    }
}
