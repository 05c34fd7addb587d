//! When a delivery that failed is tried again: soon, then ever later, for three days.
//!
//! What this module must not know: why it failed.

use std::time::Duration;

/// After the first failure.
const FIRST: Duration = Duration::from_secs(5);
/// Each time so many times longer ...
const FACTOR: u32 = 4;
/// ... up to this.
const LONGEST: Duration = Duration::from_hours(12);
/// How long an event is worth being told.
pub const WORTH: Duration = Duration::from_hours(72);

/// How long to wait after attempt `attempt` (from 1) of an event that is `age` old; `None` to give it up. `chance` is 0 to 1: receivers
/// that were down are not all asked again at the same moment. `wished` is what the receiver asked for.
pub fn wait(attempt: u32, age: Duration, chance: f64, wished: Option<Duration>) -> Option<Duration> {
    let by_attempts = FIRST.saturating_mul(FACTOR.saturating_pow(attempt.saturating_sub(1)));
    // Neither an event that is old before its first attempt nor attempts that were never sent put the next one far off.
    let by_age = age.saturating_mul(FACTOR - 1).max(FIRST);
    let wait = by_attempts.min(by_age).min(LONGEST).mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0));
    let wait = wait.max(wished.unwrap_or_default().min(LONGEST));
    (age + wait <= WORTH).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All waits of a delivery that never succeeds.
    fn waits(chance: f64) -> Vec<Duration> {
        let mut age = Duration::ZERO;
        (1..).map_while(|attempt| wait(attempt, age, chance, None).inspect(|wait| age += *wait)).collect()
    }

    #[test]
    fn it_is_tried_soon_and_then_ever_later_for_three_days() {
        let waits = waits(0.5);
        assert_eq!(waits[..4], [5, 15, 60, 240].map(Duration::from_secs));
        assert!(waits.is_sorted());
        let in_all: Duration = waits.iter().sum();
        assert!(in_all <= WORTH && in_all + LONGEST > WORTH, "{in_all:?}");
        assert!((10..=14).contains(&waits.len()), "{}", waits.len());
    }

    #[test]
    fn chance_spreads_it_by_a_fifth_each_way() {
        assert_eq!(wait(1, Duration::ZERO, 0.0, None), Some(Duration::from_secs(4)));
        assert_eq!(wait(1, Duration::ZERO, 1.0, None), Some(Duration::from_secs(6)));
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_but_not_for_ever() {
        let wished = |wish| wait(1, Duration::ZERO, 0.5, Some(wish));
        assert_eq!(wished(Duration::from_mins(10)), Some(Duration::from_mins(10)));
        assert_eq!(wished(Duration::from_secs(1)), Some(Duration::from_secs(5)));
        assert_eq!(wished(Duration::MAX), Some(LONGEST));
    }

    #[test]
    fn an_old_event_is_tried_again_soon_and_so_is_a_young_one_with_many_attempts() {
        assert_eq!(wait(1, Duration::from_hours(24), 0.5, None), Some(Duration::from_secs(5)));
        assert_eq!(wait(20, Duration::from_secs(10), 0.5, None), Some(Duration::from_secs(30)));
    }

    #[test]
    fn an_old_event_or_a_huge_count_of_attempts_breaks_nothing() {
        assert_eq!(wait(1, WORTH, 0.5, None), None);
        assert!(wait(u32::MAX, Duration::ZERO, 1.0, None).is_some());
        assert!(wait(0, Duration::ZERO, 2.0, None).is_some());
    }
}
