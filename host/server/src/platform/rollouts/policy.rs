//! When a revision goes on to its next stage, and when it is taken back: a rule over counted calls, and nothing else.
//!
//! What this module must not know: where the counts come from, who acts on the verdict.

use crate::shops::Stage;
use cartwright_contract::Failure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Rules for an install's candidates, and for a revision that has just gone live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Policy {
    /// Whether stages follow each other by themselves. What breaks a limit is taken back in any case.
    pub automatic: bool,
    pub shadow: Shadow,
    pub canary: Canary,
    /// How long a revision that has gone live is watched: within that time it is taken back when it breaks a limit. In seconds.
    pub watch: Watch,
    pub limits: Limits,
}

/// What a shadow must have gone through before it becomes a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Shadow {
    pub calls: u64,
    pub seconds: i64,
}

impl Default for Shadow {
    fn default() -> Self {
        Self { calls: 1_000, seconds: 3_600 }
    }
}

/// What a canary must have gone through before it goes live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Canary {
    /// Requests of a thousand that it answers when it gets there by itself.
    #[schema(minimum = 1, maximum = 1_000)]
    pub share: u32,
    pub calls: u64,
    pub seconds: i64,
}

impl Default for Canary {
    fn default() -> Self {
        Self { share: 100, calls: 1_000, seconds: 3_600 }
    }
}

/// Seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Watch(pub i64);

impl Default for Watch {
    fn default() -> Self {
        Self(3_600)
    }
}

/// What a revision may do wrong, of a thousand calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Limits {
    /// Calls in which this plugin gave no answer.
    pub error_rate: u64,
    /// Calls in which nobody did, so that the fallback answered.
    pub fallback_rate: u64,
    /// Calls that took longer than `slowMillis`.
    pub slow_rate: u64,
    pub slow_millis: u64,
    /// Of a shadow: answers that differ from the live ones. Left out, they may all differ: a new version is there to decide differently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference_rate: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { error_rate: 10, fallback_rate: 10, slow_rate: 10, slow_millis: 50, difference_rate: None }
    }
}

/// What was counted of one revision in one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    pub calls: u64,
    pub errors: u64,
    pub fallbacks: u64,
    pub slow: u64,
    pub different: u64,
}

/// What is to be done with a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Wait,
    /// To its next stage.
    Promote,
    /// Out of its stage, for this reason.
    TakeBack(String),
}

/// Single failures say nothing, however few calls there were.
const LEAST_FAILURES: u64 = 3;
/// Rates are taken over so many calls at least.
const LEAST_CALLS: u64 = 100;

impl Policy {
    /// An install's rules; the defaults where it has none, or has some that this version of the software does not understand.
    pub fn of(document: Option<&serde_json::Value>) -> Self {
        document.and_then(|document| Self::read(&document.to_string()).ok()).unwrap_or_default()
    }

    /// Reads and checks a policy.
    ///
    /// # Errors
    /// The first place that is wrong.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let policy: Self = crate::json::read(text.as_bytes()).map_err(|wrong| Failure {
            code: "MALFORMED".into(),
            message: wrong.message,
            field: Some(wrong.pointer),
        })?;
        let Limits { error_rate, fallback_rate, slow_rate, difference_rate, .. } = policy.limits;
        let rates = [
            ("/limits/errorRate", error_rate, 0),
            ("/limits/fallbackRate", fallback_rate, 0),
            ("/limits/slowRate", slow_rate, 0),
            ("/limits/differenceRate", difference_rate.unwrap_or(0), 0),
            ("/canary/share", policy.canary.share.into(), 1),
        ];
        match rates.into_iter().find(|(_, rate, least)| !(*least..=1_000).contains(rate)) {
            None => Ok(policy),
            Some((field, rate, least)) => Err(Failure {
                code: "OUT_OF_RANGE".into(),
                message: format!("{rate} is out of range; give {least} to 1000, of a thousand"),
                field: Some(field.into()),
            }),
        }
    }

    /// What is to be done with a revision that has been in its stage for so many seconds.
    pub fn judge(&self, stage: Stage, counted: &Counted, seconds: i64) -> Verdict {
        if let Some(why) = self.broken(stage, counted) {
            let watched = stage != Stage::Live || seconds <= self.watch.0;
            return if watched { Verdict::TakeBack(why) } else { Verdict::Wait };
        }
        let (calls, least) = match stage {
            Stage::Shadow => (self.shadow.calls, self.shadow.seconds),
            Stage::Canary => (self.canary.calls, self.canary.seconds),
            Stage::Live => return Verdict::Wait,
        };
        if self.automatic && counted.calls >= calls && seconds >= least { Verdict::Promote } else { Verdict::Wait }
    }

    fn broken(&self, stage: Stage, counted: &Counted) -> Option<String> {
        let limits = &self.limits;
        let differences = limits.difference_rate.filter(|_| stage == Stage::Shadow).unwrap_or(1_000);
        let rules = [
            ("gave no answer", counted.errors, limits.error_rate),
            ("ended in the fallback", counted.fallbacks, limits.fallback_rate),
            ("were slow", counted.slow, limits.slow_rate),
            ("gave another answer than the live revision", counted.different, differences),
        ];
        rules.into_iter().find_map(|(what, count, limit)| {
            let over = count >= LEAST_FAILURES && count * 1_000 > limit * counted.calls.max(LEAST_CALLS);
            over.then(|| format!("{count} of {} calls {what}, more than {limit} of a thousand", counted.calls))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTOMATIC: &str =
        r#"{"automatic":true,"shadow":{"calls":100,"seconds":60},"canary":{"calls":200,"seconds":120,"share":50}}"#;

    fn calls(calls: u64) -> Counted {
        Counted { calls, ..Counted::default() }
    }

    #[test]
    fn a_candidate_goes_on_when_it_has_had_both_its_calls_and_its_time() {
        let policy = Policy::read(AUTOMATIC).expect("a policy");
        assert_eq!(policy.judge(Stage::Shadow, &calls(99), 61), Verdict::Wait);
        assert_eq!(policy.judge(Stage::Shadow, &calls(100), 59), Verdict::Wait);
        assert_eq!(policy.judge(Stage::Shadow, &calls(100), 60), Verdict::Promote);
        assert_eq!(policy.judge(Stage::Canary, &calls(200), 120), Verdict::Promote);
        assert_eq!(policy.judge(Stage::Live, &calls(1_000_000), 1_000_000), Verdict::Wait);
        assert_eq!(Policy::default().judge(Stage::Shadow, &calls(u64::MAX / 2_000), i64::MAX), Verdict::Wait);
    }

    #[test]
    fn what_breaks_a_limit_is_taken_back_and_the_reason_has_the_figures() {
        let policy = Policy::default();
        let wrong = Counted { errors: 11, ..calls(1_000) };
        let Verdict::TakeBack(why) = policy.judge(Stage::Canary, &wrong, 1) else { panic!("taken back") };
        assert_eq!(why, "11 of 1000 calls gave no answer, more than 10 of a thousand");
        assert_eq!(policy.judge(Stage::Canary, &Counted { errors: 10, ..calls(1_000) }, 1), Verdict::Wait);
        for wrong in [Counted { fallbacks: 11, ..calls(1_000) }, Counted { slow: 11, ..calls(1_000) }] {
            assert!(matches!(policy.judge(Stage::Shadow, &wrong, 1), Verdict::TakeBack(_)), "{wrong:?}");
        }
    }

    #[test]
    fn two_failures_are_chance_and_three_in_a_few_calls_are_not() {
        let policy = Policy::default();
        assert_eq!(policy.judge(Stage::Canary, &Counted { errors: 2, ..calls(2) }, 1), Verdict::Wait);
        assert!(matches!(policy.judge(Stage::Canary, &Counted { errors: 3, ..calls(3) }, 1), Verdict::TakeBack(_)));
    }

    #[test]
    fn a_live_revision_is_taken_back_while_it_is_watched_and_not_after() {
        let policy = Policy { watch: Watch(600), ..Policy::default() };
        let wrong = Counted { errors: 500, ..calls(1_000) };
        assert!(matches!(policy.judge(Stage::Live, &wrong, 600), Verdict::TakeBack(_)));
        assert_eq!(policy.judge(Stage::Live, &wrong, 601), Verdict::Wait);
    }

    #[test]
    fn differences_count_only_where_the_merchant_says_so() {
        let different = Counted { different: 1_000, ..calls(1_000) };
        assert_eq!(Policy::default().judge(Stage::Shadow, &different, 1), Verdict::Wait);
        let strict = Policy::read(r#"{"limits":{"differenceRate":5}}"#).expect("a policy");
        assert!(matches!(strict.judge(Stage::Shadow, &different, 1), Verdict::TakeBack(_)));
        assert_eq!(strict.judge(Stage::Canary, &different, 1), Verdict::Wait, "a canary is not compared");
    }

    #[test]
    fn a_rate_above_a_thousand_is_refused_with_its_place() {
        let failure = Policy::read(r#"{"limits":{"slowRate":2000}}"#).expect_err("refused");
        assert_eq!(failure.field.as_deref(), Some("/limits/slowRate"));
    }
}
