//! Leaves an install alone that keeps failing, so that shoppers get its hook's fallback at once instead of after its deadline.
//!
//! Closed, it opens after so many failures in a row, or when too large a part of the calls of the last window failed. Open, it allows
//! nothing until the pause is over. Then half open, it lets one call through, whose end closes it, or opens it for a longer pause. Every
//! replica has its own, since each sees its own calls; what is told of it to the store is the caller's business.
//!
//! Whoever was allowed a trial must [`Breaker::record`] or [`Breaker::abandon`] it; a trial of which nothing was heard for
//! [`BreakerRules::trial`] counts as abandoned.
//!
//! What this module must not know: what is behind the breaker, and the time, which it is told.

use std::time::{Duration, Instant};

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerRules {
    /// So many failures in a row open it, 1 or more.
    pub in_a_row: u32,
    /// So many failures per mille of the window's calls open it, 1 to 1000 ...
    pub rate: u32,
    /// ... when the window has so many calls, 1 or more.
    pub least: u32,
    /// How far back calls count towards the rate.
    pub window: Duration,
    /// How long it stays open before a trial. Doubles with each trial that fails ...
    pub pause: Duration,
    /// ... up to this.
    pub longest_pause: Duration,
    /// How long a trial may be out.
    pub trial: Duration,
}

impl Default for BreakerRules {
    fn default() -> Self {
        Self {
            in_a_row: 10,
            rate: 500,
            least: 50,
            window: Duration::from_secs(30),
            pause: Duration::from_secs(5),
            longest_pause: Duration::from_mins(5),
            // Longer than any call takes with its requests to the outside.
            trial: Duration::from_secs(10),
        }
    }
}

/// One install's breaker.
#[derive(Debug, Clone)]
pub struct Breaker {
    rules: BreakerRules,
    state: State,
    window: Window,
}

#[derive(Debug, Clone)]
enum State {
    Closed {
        in_a_row: u32,
    },
    Open {
        until: Instant,
        pause: Duration,
    },
    /// One call is out to see, until it is given up.
    Trial {
        until: Instant,
        pause: Duration,
    },
}

/// Whether the install may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    Yes,
    /// Yes, and the end of this call decides. Whoever gets it tells how it ended.
    Trial,
    /// Not for so long; zero while a trial is out.
    No {
        again: Duration,
    },
}

impl Allowed {
    pub fn is_yes(self) -> bool {
        !matches!(self, Self::No { .. })
    }
}

/// What became of a breaker by a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// From now on nothing is allowed, for so long.
    Opened { pause: Duration, why: Why },
    /// The trial failed; it is open for longer.
    StillOpen { pause: Duration },
    /// The trial did well; all calls are allowed.
    Closed,
}

/// What opened a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    InARow { failures: u32 },
    Rate { failures: u32, calls: u32, window: Duration },
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InARow { failures } => write!(f, "{failures} calls in a row failed"),
            Self::Rate { failures, calls, window } => {
                write!(f, "{failures} of the last {calls} calls failed, within {window:?}")
            }
        }
    }
}

/// How a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    Closed,
    Open,
    HalfOpen,
}

impl Breaker {
    /// Closed. Rules out of their ranges are taken as the nearest in them.
    pub fn new(rules: BreakerRules, now: Instant) -> Self {
        let rules = BreakerRules {
            in_a_row: rules.in_a_row.max(1),
            rate: rules.rate.clamp(1, 1000),
            least: rules.least.max(1),
            window: rules.window.max(Duration::from_millis(1)),
            longest_pause: rules.longest_pause.max(rules.pause),
            ..rules
        };
        Self { rules, state: State::Closed { in_a_row: 0 }, window: Window::new(rules.window, now) }
    }

    /// Open for so long, as another replica or an earlier run of this one left it.
    #[must_use]
    pub fn opened(mut self, again: Duration, now: Instant) -> Self {
        self.state = State::Open { until: now + again, pause: self.rules.pause };
        self
    }

    /// Whether the install may be called now.
    pub fn allow(&mut self, now: Instant) -> Allowed {
        match self.state {
            State::Closed { .. } => Allowed::Yes,
            State::Open { until, .. } if now < until => Allowed::No { again: until - now },
            State::Trial { until, .. } if now < until => Allowed::No { again: Duration::ZERO },
            State::Open { pause, .. } | State::Trial { pause, .. } => {
                self.state = State::Trial { until: now + self.rules.trial, pause };
                Allowed::Trial
            }
        }
    }

    /// A call ended, well or not, that had been `allowed`. One that began before the breaker opened changes nothing: the trial will know
    /// better.
    pub fn record(&mut self, allowed: Allowed, ok: bool, now: Instant) -> Option<Transition> {
        match allowed {
            Allowed::Yes => self.count(ok, now),
            Allowed::Trial => self.decide(ok, now),
            Allowed::No { .. } => None,
        }
    }

    fn count(&mut self, ok: bool, now: Instant) -> Option<Transition> {
        let State::Closed { in_a_row } = &mut self.state else { return None };
        self.window.count(ok, now);
        if ok {
            *in_a_row = 0;
            return None;
        }
        *in_a_row += 1;
        let (failures, calls) = self.window.sums();
        let why = if *in_a_row >= self.rules.in_a_row {
            Why::InARow { failures: *in_a_row }
        } else if calls >= self.rules.least
            && u64::from(failures) * 1000 >= u64::from(calls) * u64::from(self.rules.rate)
        {
            Why::Rate { failures, calls, window: self.rules.window }
        } else {
            return None;
        };
        let pause = self.rules.pause;
        self.state = State::Open { until: now + pause, pause };
        Some(Transition::Opened { pause, why })
    }

    fn decide(&mut self, ok: bool, now: Instant) -> Option<Transition> {
        let State::Trial { pause, .. } = self.state else { return None };
        if ok {
            self.close(now);
            return Some(Transition::Closed);
        }
        let pause = (pause * 2).min(self.rules.longest_pause);
        self.state = State::Open { until: now + pause, pause };
        Some(Transition::StillOpen { pause })
    }

    /// The trial never ran, or says nothing about the install: the next call is one.
    pub fn abandon(&mut self, now: Instant) {
        if let State::Trial { pause, .. } = self.state {
            self.state = State::Open { until: now, pause };
        }
    }

    /// Somebody closes it by hand, or the install has another revision: what was is forgotten.
    pub fn close(&mut self, now: Instant) {
        self.state = State::Closed { in_a_row: 0 };
        self.window = Window::new(self.rules.window, now);
    }

    pub fn position(&self) -> Position {
        match self.state {
            State::Closed { .. } => Position::Closed,
            State::Open { .. } => Position::Open,
            State::Trial { .. } => Position::HalfOpen,
        }
    }
}

/// Calls and failures of the last while, in tenths of it.
#[derive(Debug, Clone)]
struct Window {
    step: Duration,
    /// When the newest tenth began.
    since: Instant,
    newest: usize,
    tenths: [(u32, u32); Self::TENTHS],
}

impl Window {
    const TENTHS: usize = 10;

    fn new(whole: Duration, now: Instant) -> Self {
        let step = (whole / 10).max(Duration::from_nanos(1));
        Self { step, since: now, newest: 0, tenths: Default::default() }
    }

    fn count(&mut self, ok: bool, now: Instant) {
        let passed = now.saturating_duration_since(self.since).as_nanos() / self.step.as_nanos();
        let steps = usize::try_from(passed).unwrap_or(usize::MAX);
        if steps >= Self::TENTHS {
            *self = Self { since: now, newest: 0, tenths: Default::default(), ..*self };
        } else {
            for _ in 0..steps {
                self.newest = (self.newest + 1) % Self::TENTHS;
                self.tenths[self.newest] = (0, 0);
                self.since += self.step;
            }
        }
        let (failures, calls) = &mut self.tenths[self.newest];
        *calls = calls.saturating_add(1);
        *failures = failures.saturating_add(u32::from(!ok));
    }

    /// Failures and calls.
    fn sums(&self) -> (u32, u32) {
        self.tenths
            .iter()
            .fold((0, 0), |(failures, calls), tenth| (failures.saturating_add(tenth.0), calls.saturating_add(tenth.1)))
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
