//! A breaker for each revision of each install: who keeps failing is not asked for a while, and whoever runs the rollouts is told.
//!
//! What this module must not know: what is done about an open breaker.

use crate::shops::Member;
use crate::tenancy::breaker::{Allowed, Breaker, BreakerRules, Position, Transition};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Which revision of which install.
type Key = (Arc<str>, i64);

/// All breakers of this process.
#[derive(Debug)]
pub struct Breakers {
    all: RwLock<HashMap<Key, Arc<Mutex<Breaker>>>>,
    /// Transitions are rare: a breaker that opened stays so for seconds.
    told: UnboundedSender<Tripped>,
}

/// A breaker has changed its mind.
#[derive(Debug, Clone)]
pub struct Tripped {
    pub member: Member,
    pub transition: Transition,
}

/// Who may be asked in one call.
#[derive(Debug, Default)]
pub struct Admitted {
    /// The places of those who may not.
    pub off: Vec<usize>,
    allowed: Vec<Allowed>,
}

impl Breakers {
    pub fn new() -> (Self, UnboundedReceiver<Tripped>) {
        let (told, tripped) = unbounded_channel();
        (Self { all: RwLock::default(), told }, tripped)
    }

    /// Who of these may be asked now.
    pub fn admit(&self, members: &[Member]) -> Admitted {
        let mut admitted = Admitted::default();
        for (place, member) in members.iter().enumerate() {
            let allowed = lock(&self.of(member)).allow(Instant::now());
            if matches!(allowed, Allowed::No { .. }) {
                admitted.off.push(place);
            }
            admitted.allowed.push(allowed);
        }
        admitted
    }

    /// How it went with each of them, in their order; `None` for who was not asked in the end.
    pub fn record(&self, members: &[Member], admitted: &Admitted, went: impl Fn(usize) -> Option<bool>) {
        for (place, (member, allowed)) in members.iter().zip(&admitted.allowed).enumerate() {
            let breaker = self.of(member);
            let transition = if let Some(ok) = went(place) {
                lock(&breaker).record(*allowed, ok, Instant::now())
            } else {
                if matches!(allowed, Allowed::Trial) {
                    lock(&breaker).abandon(Instant::now());
                }
                None
            };
            if let Some(transition) = transition {
                // Nobody listens only when the server ends.
                let _ = self.told.send(Tripped { member: member.clone(), transition });
            }
        }
    }

    /// How many are not closed.
    pub fn open(&self) -> usize {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().filter(|breaker| lock(breaker).position() != Position::Closed).count()
    }

    fn of(&self, member: &Member) -> Arc<Mutex<Breaker>> {
        let key = (member.install.clone(), member.revision);
        if let Some(breaker) = self.all.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return breaker.clone();
        }
        let fresh = || Arc::new(Mutex::new(Breaker::new(BreakerRules::default(), Instant::now())));
        self.all.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert_with(fresh).clone()
    }
}

fn lock(breaker: &Mutex<Breaker>) -> std::sync::MutexGuard<'_, Breaker> {
    breaker.lock().unwrap_or_else(PoisonError::into_inner)
}
