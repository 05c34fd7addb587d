//! How calls of each revision went, counted in memory and taken out now and then for the store, where all replicas' counts add up.
//!
//! What this module must not know: what a count means for a rollout.

use super::policy::Counted;
use crate::shops::Stage;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

/// Which revision of which install, in which stage.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    pub install: Arc<str>,
    pub revision: i64,
    pub stage: Stage,
}

/// How one call of one revision went.
#[allow(clippy::struct_excessive_bools)] // each is counted by itself, and any of them may be true with any other
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    pub error: bool,
    pub fallback: bool,
    pub slow: bool,
    pub different: bool,
    pub elapsed: Duration,
}

#[derive(Debug, Default)]
struct Counts {
    calls: AtomicU64,
    errors: AtomicU64,
    fallbacks: AtomicU64,
    slow: AtomicU64,
    different: AtomicU64,
    micros: AtomicU64,
}

/// What was counted since it was last taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub subject: Subject,
    pub counted: Counted,
    pub micros: u64,
}

/// The counts of all revisions that this process calls.
#[derive(Debug, Default)]
pub struct Counters {
    counts: RwLock<HashMap<Subject, Arc<Counts>>>,
    /// What could not be written, to be added to the next.
    back: Mutex<Vec<Taken>>,
}

impl Counters {
    pub fn count(&self, subject: &Subject, outcome: Outcome) {
        let known = self.counts.read().unwrap_or_else(PoisonError::into_inner).get(subject).cloned();
        let counts = known.unwrap_or_else(|| {
            self.counts.write().unwrap_or_else(PoisonError::into_inner).entry(subject.clone()).or_default().clone()
        });
        let add = |to: &AtomicU64, whether: bool| {
            if whether {
                to.fetch_add(1, Ordering::Relaxed);
            }
        };
        add(&counts.calls, true);
        add(&counts.errors, outcome.error);
        add(&counts.fallbacks, outcome.fallback);
        add(&counts.slow, outcome.slow);
        add(&counts.different, outcome.different);
        let micros = u64::try_from(outcome.elapsed.as_micros()).unwrap_or(u64::MAX);
        counts.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Everything that was counted since the last time; who counts nothing for a while is forgotten.
    pub fn take(&self) -> Vec<Taken> {
        let mut taken = std::mem::take(&mut *self.back.lock().unwrap_or_else(PoisonError::into_inner));
        let mut counts = self.counts.write().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|subject, counts| {
            let of = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
            let counted = Counted {
                calls: of(&counts.calls),
                errors: of(&counts.errors),
                fallbacks: of(&counts.fallbacks),
                slow: of(&counts.slow),
                different: of(&counts.different),
            };
            let micros = of(&counts.micros);
            // A call that is just being counted holds the counts, which must not go then.
            let idle = counted.calls == 0 && Arc::strong_count(counts) == 1;
            if counted != Counted::default() {
                taken.push(Taken { subject: subject.clone(), counted, micros });
            }
            !idle
        });
        taken
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, taken: Vec<Taken>) {
        self.back.lock().unwrap_or_else(PoisonError::into_inner).extend(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(revision: i64) -> Subject {
        Subject { install: "an-install".into(), revision, stage: Stage::Canary }
    }

    #[test]
    fn nothing_that_was_counted_is_lost_or_counted_twice() {
        let counters = Counters::default();
        let taken = std::thread::scope(|scope| {
            for thread in 0..4u64 {
                let counters = &counters;
                scope.spawn(move || {
                    for call in 0..1_000 {
                        let outcome = Outcome { error: call % 10 == thread, ..Outcome::default() };
                        counters.count(&subject(call.try_into().unwrap_or(0) % 3), outcome);
                    }
                });
            }
            let mut taken = Vec::new();
            for _ in 0..50 {
                taken.extend(counters.take());
            }
            taken
        });
        let all: Vec<_> = taken.into_iter().chain(counters.take()).collect();
        assert_eq!(all.iter().map(|taken| taken.counted.calls).sum::<u64>(), 4_000);
        assert_eq!(all.iter().map(|taken| taken.counted.errors).sum::<u64>(), 400);
    }

    #[test]
    fn what_is_put_back_comes_with_the_next() {
        let counters = Counters::default();
        counters.count(&subject(1), Outcome::default());
        let taken = counters.take();
        counters.put_back(taken.clone());
        assert_eq!(counters.take(), taken);
        assert_eq!(counters.take(), []);
    }
}
