//! Of several screenings the strictest verdict stands.

use super::{Compose, reason};
use crate::hooks::OrderScreening;
use cartwright_contract::Reason;
use cartwright_contract::order_screening::{Answer, Request, Verdict};

impl Compose for OrderScreening {
    fn stand_in(request: &Request) -> Option<Answer> {
        Some(Self::fallback(request))
    }

    /// The answer with the strictest verdict, of those the one with the highest score, of those the first; with the reasons of
    /// all. The score is not a sum: two plugins that look at the same signal would count it twice.
    fn merge(_: &Request, mut answers: Vec<Answer>) -> Answer {
        let rank = |answer: &Answer| (answer.verdict, answer.score);
        let strictest = (0..answers.len()).rev().max_by_key(|&index| rank(&answers[index])).unwrap_or(0);
        let mut merged = answers.remove(strictest);
        merged.reasons.extend(answers.into_iter().flat_map(|answer| answer.reasons));
        merged
    }

    /// Held for review.
    fn fallback(_: &Request) -> Answer {
        let reasons = vec![reason("SCREENING_FAILED", "the order could not be screened, so a person looks at it")];
        Answer { verdict: Verdict::Review, reasons, ..Answer::default() }
    }

    fn reasons(answer: &mut Answer) -> &mut Vec<Reason> {
        &mut answer.reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(verdict: Verdict, score: u32) -> Answer {
        Answer { verdict, score, reasons: vec![reason(&format!("{verdict:?}"), "")], ..Answer::default() }
    }

    #[test]
    fn the_strictest_verdict_stands_with_everybodys_reasons() {
        let all = vec![answer(Verdict::Accept, 10), answer(Verdict::Reject, 700), answer(Verdict::Review, 900)];
        let merged = OrderScreening::merge(&Request::default(), all);
        assert_eq!((merged.verdict, merged.score), (Verdict::Reject, 700));
        assert_eq!(
            merged.reasons.iter().map(|reason| reason.code.as_str()).collect::<Vec<_>>(),
            ["Reject", "Accept", "Review"]
        );
    }

    #[test]
    fn a_screening_that_failed_is_no_reason_to_accept_or_to_let_a_rejected_order_pass() {
        let stand_in = || OrderScreening::stand_in(&Request::default()).expect("screening has one");
        let beside = |verdict| OrderScreening::merge(&Request::default(), vec![answer(verdict, 0), stand_in()]).verdict;
        assert_eq!(beside(Verdict::Accept), Verdict::Review);
        assert_eq!(beside(Verdict::Reject), Verdict::Reject);
    }
}
