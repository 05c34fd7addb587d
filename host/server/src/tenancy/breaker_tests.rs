use super::*;
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

fn rules() -> BreakerRules {
    BreakerRules {
        in_a_row: 3,
        rate: 500,
        least: 10,
        window: 10 * SECOND,
        pause: 5 * SECOND,
        longest_pause: 15 * SECOND,
        trial: 2 * SECOND,
    }
}

fn opened(now: Instant) -> Breaker {
    let mut breaker = Breaker::new(rules(), now);
    let last = (0..3).map(|_| breaker.record(Allowed::Yes, false, now)).last().flatten();
    assert_eq!(last, Some(Transition::Opened { pause: 5 * SECOND, why: Why::InARow { failures: 3 } }));
    breaker
}

#[test]
fn failures_in_a_row_open_it_and_a_success_in_between_does_not_let_them_add_up() {
    let now = Instant::now();
    let mut breaker = Breaker::new(rules(), now);
    for ok in [false, false, true, false, false] {
        assert_eq!(breaker.record(Allowed::Yes, ok, now), None);
    }
    assert_eq!(breaker.allow(now), Allowed::Yes);
    assert!(breaker.record(Allowed::Yes, false, now).is_some());
    assert_eq!(breaker.allow(now), Allowed::No { again: 5 * SECOND });
}

#[test]
fn too_many_failures_among_the_calls_of_the_window_open_it_too() {
    let now = Instant::now();
    let mut breaker = Breaker::new(rules(), now);
    let mut ends = [true, false].into_iter().cycle().map(|ok| breaker.record(Allowed::Yes, ok, now));
    assert!(ends.by_ref().take(9).all(|transition| transition.is_none()), "too few calls to say");
    let why = Why::Rate { failures: 5, calls: 10, window: 10 * SECOND };
    assert_eq!(ends.next().flatten(), Some(Transition::Opened { pause: 5 * SECOND, why }));
    assert_eq!(why.to_string(), "5 of the last 10 calls failed, within 10s");
}

#[test]
fn what_lies_further_back_than_the_window_does_not_count() {
    let mut now = Instant::now();
    let mut breaker = Breaker::new(rules(), now);
    for ok in [false, true].into_iter().cycle().take(8) {
        assert_eq!(breaker.record(Allowed::Yes, ok, now), None);
    }
    now += 11 * SECOND;
    for ok in [true, true, true, true, false, true, false, true, true, false] {
        assert_eq!(breaker.record(Allowed::Yes, ok, now), None, "three of ten, not seven of eighteen");
    }
}

#[test]
fn after_the_pause_one_call_is_tried_and_its_end_decides() {
    let mut now = Instant::now();
    let mut breaker = opened(now);
    now += 5 * SECOND;
    assert_eq!(breaker.allow(now), Allowed::Trial);
    assert_eq!(breaker.allow(now), Allowed::No { again: Duration::ZERO }, "only one");
    assert_eq!(breaker.record(Allowed::Trial, true, now), Some(Transition::Closed));
    assert_eq!(breaker.allow(now), Allowed::Yes);
    assert_eq!(breaker.record(Allowed::Yes, false, now), None, "closed is closed: it takes three again");
}

#[test]
fn the_pause_doubles_up_to_its_bound() {
    let mut now = Instant::now();
    let mut breaker = opened(now);
    for (waited, next) in [(5, 10), (10, 15), (15, 15)] {
        now += waited * SECOND;
        assert_eq!(breaker.allow(now), Allowed::Trial);
        assert_eq!(breaker.record(Allowed::Trial, false, now), Some(Transition::StillOpen { pause: next * SECOND }));
    }
}

#[test]
fn a_trial_that_is_given_up_or_never_heard_of_makes_room_for_the_next() {
    let mut now = Instant::now();
    let mut breaker = opened(now);
    now += 5 * SECOND;
    assert_eq!(breaker.allow(now), Allowed::Trial);
    breaker.abandon(now);
    assert_eq!(breaker.allow(now), Allowed::Trial);
    now += 2 * SECOND;
    assert_eq!(breaker.allow(now), Allowed::Trial, "its time was up");
}

#[test]
fn calls_from_before_it_opened_change_nothing() {
    let mut now = Instant::now();
    let mut breaker = opened(now);
    assert_eq!(breaker.record(Allowed::Yes, true, now), None);
    assert_eq!(breaker.position(), Position::Open);
    now += 5 * SECOND;
    assert_eq!(breaker.allow(now), Allowed::Trial);
    assert_eq!(breaker.record(Allowed::Yes, true, now), None);
    assert_eq!(breaker.record(Allowed::Yes, false, now), None);
    assert_eq!(breaker.position(), Position::HalfOpen, "the trial is still out");
}

#[test]
fn a_breaker_that_was_open_elsewhere_begins_open() {
    let now = Instant::now();
    let mut breaker = Breaker::new(rules(), now).opened(3 * SECOND, now);
    assert_eq!(breaker.allow(now), Allowed::No { again: 3 * SECOND });
    assert_eq!(breaker.allow(now + 3 * SECOND), Allowed::Trial);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Ask,
    /// The oldest call that is out ends, well or not.
    End(bool),
    Abandon,
    Pass(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Ask),
        4 => any::<bool>().prop_map(Step::End),
        1 => Just(Step::Abandon),
        1 => (0u64..20_000).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 0..400)
}

proptest! {
    /// Whatever happens, in whatever order: an open breaker allows nothing before its pause is over, there is never more than one trial,
    /// every opening is told once and ended by one closing, and it never stays shut for ever.
    #[test]
    fn it_is_never_stuck_and_tells_every_change_once(steps in steps()) {
        let mut now = Instant::now();
        let mut breaker = Breaker::new(rules(), now);
        let (mut out, mut trial, mut shut_until) = (0u32, None::<Instant>, None::<Instant>);
        for step in steps {
            match step {
                Step::Ask => match breaker.allow(now) {
                    Allowed::Yes => {
                        prop_assert_eq!(shut_until, None);
                        out += 1;
                    }
                    Allowed::Trial => {
                        prop_assert!(shut_until.is_some_and(|until| until <= now));
                        prop_assert!(trial.is_none_or(|until| until <= now), "one trial at a time");
                        trial = Some(now + rules().trial);
                    }
                    Allowed::No { again } => {
                        prop_assert!(shut_until.is_some());
                        prop_assert!(again <= rules().longest_pause);
                    }
                },
                Step::End(ok) if trial.is_some() => {
                    trial = None;
                    match breaker.record(Allowed::Trial, ok, now) {
                        Some(Transition::Closed) => {
                            prop_assert!(ok && shut_until.is_some());
                            shut_until = None;
                        }
                        Some(Transition::StillOpen { pause }) => {
                            prop_assert!(!ok && pause <= rules().longest_pause);
                            shut_until = Some(now + pause);
                        }
                        other => prop_assert!(false, "{other:?}"),
                    }
                }
                Step::End(ok) if out > 0 => {
                    out -= 1;
                    if let Some(transition) = breaker.record(Allowed::Yes, ok, now) {
                        prop_assert!(!ok && shut_until.is_none(), "{transition:?}");
                        shut_until = Some(now + rules().pause);
                    }
                }
                Step::End(_) => {}
                Step::Abandon => {
                    breaker.abandon(now);
                    if trial.take().is_some() {
                        shut_until = Some(now);
                    }
                }
                Step::Pass(millis) => now += Duration::from_millis(millis),
            }
        }
        let later = now + rules().longest_pause + rules().trial;
        prop_assert!(breaker.allow(later).is_yes());
    }
}
