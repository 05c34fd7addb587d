//! How often a shop may ask: so many requests a second, and a burst after a silence.
//!
//! Each replica counts for itself: a counter that all shared would put the network between a shopper and the answer. What this module
//! must not know: what is asked for.

use crate::problem::{Kind, Problem};
use crate::tenancy::limits::ShopLimits;
use arc_swap::ArcSwap;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

type Limiter<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// A shop's rate.
#[derive(Debug)]
pub struct Rate<C: Clock = DefaultClock> {
    limiter: ArcSwap<Limiter<C>>,
    clock: C,
}

impl Rate {
    pub fn new(limits: &ShopLimits) -> Self {
        Self::with_clock(limits, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rate<C> {
    fn with_clock(limits: &ShopLimits, clock: C) -> Self {
        Self { limiter: ArcSwap::from_pointee(limiter(limits, clock.clone())), clock }
    }

    /// From now on with these limits; the shop may use its burst anew.
    pub fn set(&self, limits: &ShopLimits) {
        self.limiter.store(Arc::new(limiter(limits, self.clock.clone())));
    }

    /// Takes one request.
    ///
    /// # Errors
    /// How long until the next may come.
    pub fn take(&self) -> Result<(), Duration> {
        self.limiter.load().check().map_err(|wait| wait.wait_time_from(self.clock.now()))
    }
}

fn limiter<C: Clock>(limits: &ShopLimits, clock: C) -> Limiter<C> {
    // The document's ranges begin at 1.
    let number = |value| NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::per_second(number(limits.requests_per_second)).allow_burst(number(limits.burst));
    RateLimiter::direct_with_clock(quota, clock)
}

/// What a client reads that asks too often.
pub fn too_often(limits: &ShopLimits, wait: Duration) -> Problem {
    let ShopLimits { requests_per_second, burst, .. } = limits;
    let detail = format!(
        "the shop asks more than {requests_per_second} times a second ({burst} at once); wait, or have the platform raise its limits"
    );
    Problem::new(Kind::TooManyRequests, detail).after(wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn taken<C: Clock + Clone>(rate: &Rate<C>) -> usize {
        (0..1_000).take_while(|_| rate.take().is_ok()).count()
    }

    #[test]
    fn a_shop_has_its_burst_and_then_its_rate() {
        let clock = FakeRelativeClock::default();
        let limits = ShopLimits { requests_per_second: 10, burst: 25, ..ShopLimits::default() };
        let rate = Rate::with_clock(&limits, clock.clone());
        assert_eq!(taken(&rate), 25);
        assert_eq!(rate.take(), Err(Duration::from_millis(100)), "a tenth of a second each");
        clock.advance(Duration::from_millis(500));
        assert_eq!(taken(&rate), 5);
        clock.advance(Duration::from_mins(1));
        assert_eq!(taken(&rate), 25, "a silence saves up no more than the burst");
    }

    #[test]
    fn new_limits_hold_from_the_next_request() {
        let clock = FakeRelativeClock::default();
        let rate = Rate::with_clock(&ShopLimits { burst: 3, ..ShopLimits::default() }, clock);
        assert_eq!(taken(&rate), 3);
        rate.set(&ShopLimits { burst: 5, ..ShopLimits::default() });
        assert_eq!(taken(&rate), 5);
    }

    #[test]
    fn the_refusal_says_when_to_ask_again() {
        let problem = too_often(&ShopLimits::default(), Duration::from_millis(1200));
        assert_eq!((problem.kind, problem.retry), (Kind::TooManyRequests, Some(2)));
    }
}
