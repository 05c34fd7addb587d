//! Leaves a host alone that fails, so that a shop's calls do not all wait for its timeouts.
//!
//! One breaker for a shop and a host: what one shop's plugin does to itself touches no other shop. Closed, it opens after so many
//! failures in a row within the window; open, it refuses until the pause is over; then half open, it lets one request through, whose end
//! closes or opens it.

use crate::clock::Clock;
use crate::error::Problem;
use crate::hosts::Target;
use crate::options::BreakerOptions;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(crate) struct Breakers {
    options: BreakerOptions,
    clock: Arc<dyn Clock>,
    /// Only those with a failure to remember.
    all: Mutex<HashMap<Key, State>>,
}

type Key = (String, String);

#[derive(Debug)]
enum State {
    /// When the last failures in a row were, the oldest first.
    Closed(VecDeque<Instant>),
    Open {
        until: Instant,
    },
    HalfOpen,
}

/// How a breaker stands that is not simply closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakerStatus {
    pub shop: String,
    /// With its port, where that is not the usual one.
    pub host: String,
    pub position: BreakerPosition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerPosition {
    /// Requests go through; so many have failed in a row.
    Closed { failures: usize },
    /// Requests are refused for so long.
    Open { again: Duration },
    /// One request is under way to see whether the host is back.
    HalfOpen,
}

/// The leave to ask a host. Whoever drops it without a word (a call that was given up) says nothing about the host.
pub(crate) struct Pass<'b> {
    breakers: &'b Breakers,
    key: Option<Key>,
    probe: bool,
}

impl Breakers {
    pub fn new(options: BreakerOptions, clock: Arc<dyn Clock>) -> Self {
        Self { options, clock, all: Mutex::default() }
    }

    pub fn pass(&self, shop: &str, target: &Target) -> Result<Pass<'_>, Problem> {
        let key = (shop.to_owned(), target.to_string());
        let now = self.clock.now();
        let mut all = self.lock();
        let again = match all.get_mut(&key) {
            None | Some(State::Closed(_)) => return Ok(Pass { breakers: self, key: Some(key), probe: false }),
            Some(State::Open { until }) if *until > now => *until - now,
            Some(State::HalfOpen) => Duration::ZERO,
            Some(state @ State::Open { .. }) => {
                *state = State::HalfOpen;
                observe(&key, 1.0);
                return Ok(Pass { breakers: self, key: Some(key), probe: true });
            }
        };
        Err(Problem::BreakerOpen { host: key.1, again })
    }

    pub fn status(&self) -> Vec<BreakerStatus> {
        let now = self.clock.now();
        let mut all: Vec<_> = self
            .lock()
            .iter()
            .map(|((shop, host), state)| BreakerStatus {
                shop: shop.clone(),
                host: host.clone(),
                position: match state {
                    State::Closed(failures) => BreakerPosition::Closed { failures: failures.len() },
                    State::Open { until } => BreakerPosition::Open { again: until.saturating_duration_since(now) },
                    State::HalfOpen => BreakerPosition::HalfOpen,
                },
            })
            .collect();
        all.sort_by(|a, b| (&a.shop, &a.host).cmp(&(&b.shop, &b.host)));
        all
    }

    pub fn forget(&self, shop: &str) {
        self.lock().retain(|key, _| {
            let stays = key.0 != shop;
            if !stays {
                observe(key, 0.0);
            }
            stays
        });
    }

    fn settle(&self, key: Key, probe: bool, verdict: Option<bool>) {
        let now = self.clock.now();
        let mut all = self.lock();
        match (all.get_mut(&key), probe, verdict) {
            (Some(State::HalfOpen), true, Some(true)) => {
                all.remove(&key);
                tracing::info!(shop = key.0, host = key.1, "the breaker is closed: the host answers again");
                observe(&key, 0.0);
            }
            (Some(State::HalfOpen), true, Some(false)) => self.open(&mut all, key, now),
            // A probe that was given up: the next request is one.
            (Some(state @ State::HalfOpen), true, None) => *state = State::Open { until: now },
            (Some(State::Closed(_)), false, Some(true)) => {
                all.remove(&key);
            }
            (None | Some(State::Closed(_)), false, Some(false)) => {
                let state = all.entry(key.clone()).or_insert_with(|| State::Closed(VecDeque::new()));
                let State::Closed(failures) = state else { return };
                failures.push_back(now);
                while failures.front().is_some_and(|first| now - *first > self.options.window) {
                    failures.pop_front();
                }
                if failures.len() >= self.options.failures {
                    self.open(&mut all, key, now);
                }
            }
            // A request from before the breaker opened, of which the probe knows better; or one that was given up.
            _ => {}
        }
    }

    fn open(&self, all: &mut HashMap<Key, State>, key: Key, now: Instant) {
        tracing::warn!(shop = key.0, host = key.1, pause = ?self.options.pause, "the breaker is open: the host keeps failing");
        metrics::counter!("cartwright_outside_breaker_opened_total", "shop" => key.0.clone(), "host" => key.1.clone())
            .increment(1);
        observe(&key, 2.0);
        all.insert(key, State::Open { until: now + self.options.pause });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, State>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 0 closed, 1 half open, 2 open.
fn observe(key: &Key, position: f64) {
    metrics::gauge!("cartwright_outside_breaker", "shop" => key.0.clone(), "host" => key.1.clone()).set(position);
}

impl Pass<'_> {
    /// Whether the host did its part.
    pub fn settle(mut self, well: bool) {
        if let Some(key) = self.key.take() {
            self.breakers.settle(key, self.probe, Some(well));
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.breakers.settle(key, self.probe, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use url::Url;

    const SECOND: Duration = Duration::from_secs(1);

    fn host(name: &str) -> Target {
        Target::of(&Url::parse(&format!("https://{name}/")).unwrap()).unwrap()
    }

    fn breakers() -> (Breakers, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new());
        let options = BreakerOptions { failures: 3, window: 10 * SECOND, pause: 5 * SECOND };
        (Breakers::new(options, clock.clone()), clock)
    }

    fn fail(breakers: &Breakers, times: usize) {
        for _ in 0..times {
            breakers.pass("a", &host("x.example")).ok().unwrap().settle(false);
        }
    }

    fn is_open(breakers: &Breakers) -> bool {
        breakers.pass("a", &host("x.example")).is_err()
    }

    #[test]
    fn it_opens_after_so_many_failures_in_a_row_for_that_shop_and_host_only() {
        let (breakers, _) = breakers();
        fail(&breakers, 2);
        breakers.pass("a", &host("x.example")).ok().unwrap().settle(true);
        fail(&breakers, 2);
        assert!(!is_open(&breakers), "a success in between starts the count again");
        fail(&breakers, 1);
        assert!(is_open(&breakers));
        assert!(breakers.pass("b", &host("x.example")).is_ok());
        assert!(breakers.pass("a", &host("y.example")).is_ok());
        assert_eq!(breakers.status()[0].position, BreakerPosition::Open { again: 5 * SECOND });
    }

    #[test]
    fn failures_that_lie_further_apart_than_the_window_do_not_add_up() {
        let (breakers, clock) = breakers();
        for _ in 0..10 {
            fail(&breakers, 1);
            clock.advance(6 * SECOND);
        }
        assert!(!is_open(&breakers));
        fail(&breakers, 2);
        assert!(is_open(&breakers), "one of six seconds ago and two of now");
    }

    #[test]
    fn after_the_pause_one_request_goes_through_and_its_end_decides() {
        let (breakers, clock) = breakers();
        fail(&breakers, 3);
        clock.advance(5 * SECOND);
        let probe = breakers.pass("a", &host("x.example")).ok().unwrap();
        assert!(is_open(&breakers), "only one");
        assert_eq!(breakers.status()[0].position, BreakerPosition::HalfOpen);
        probe.settle(false);
        assert!(is_open(&breakers));
        clock.advance(5 * SECOND);
        breakers.pass("a", &host("x.example")).ok().unwrap().settle(true);
        assert_eq!(breakers.status(), []);
        fail(&breakers, 2);
        assert!(!is_open(&breakers), "closed is closed: it takes three again");
    }

    #[test]
    fn a_probe_that_was_given_up_makes_room_for_the_next() {
        let (breakers, clock) = breakers();
        fail(&breakers, 3);
        clock.advance(5 * SECOND);
        drop(breakers.pass("a", &host("x.example")).ok().unwrap());
        breakers.pass("a", &host("x.example")).ok().unwrap().settle(true);
        assert!(!is_open(&breakers));
    }

    #[test]
    fn requests_from_before_it_opened_change_nothing() {
        let (breakers, clock) = breakers();
        let early: Vec<_> = (0..2).map(|_| breakers.pass("a", &host("x.example")).ok().unwrap()).collect();
        fail(&breakers, 3);
        let mut early = early.into_iter();
        early.next().unwrap().settle(true);
        assert!(is_open(&breakers));
        clock.advance(5 * SECOND);
        let _probe = breakers.pass("a", &host("x.example")).ok().unwrap();
        early.next().unwrap().settle(true);
        assert!(is_open(&breakers), "the probe is still out");
    }

    #[test]
    fn a_shop_that_goes_takes_its_breakers_along() {
        let (breakers, _) = breakers();
        fail(&breakers, 3);
        breakers.forget("a");
        assert!(!is_open(&breakers));
    }
}
