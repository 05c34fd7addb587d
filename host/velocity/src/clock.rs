//! The wall clock. It decides only what is old enough to be forgotten; what is counted depends on the caller's times.

use cartwright_contract::types::Instant;
use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

/// Seconds since 1970-01-01T00:00:00Z.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Instant;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        // A clock before 1970 or after the year 292 billion is no clock.
        SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands where it is put; for tests, and for going through past orders.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn at(now: Instant) -> Self {
        Self(AtomicI64::new(now))
    }

    pub fn set(&self, now: Instant) {
        self.0.store(now, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.0.load(Ordering::SeqCst)
    }
}
