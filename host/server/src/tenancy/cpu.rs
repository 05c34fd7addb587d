//! How much processor time a shop uses, and whether that is more than its share.
//!
//! An account leaks: what a shop burns is put in, its share of all processors runs out. So it holds what was used above the share in
//! the last seconds. A shop whose account is full is *noisy*: its calls run where everybody else goes before ([`crate::tenancy::lane`]),
//! until the account has leaked nearly empty. It is measured in thread time, not in elapsed time, so that waiting for a slow carrier
//! costs a shop nothing, and neither does being made to wait.
//!
//! A call is entered when it begins, by what the shop's calls have cost lately, and corrected when it ends: else fifty long calls
//! that begin at once would all find the account empty.
//!
//! What this module must not know: what is called, where it runs.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many seconds of its share a shop may use at once before it is noisy.
const FULL: f64 = 0.25;
/// So many are the most that it can owe, so that it is itself again after as many seconds without calls.
const MOST: f64 = 2.5;
/// At so many it is quiet again.
const QUIET: f64 = 0.05;
/// How far a call moves the estimate of what calls cost: up quickly, since one long call announces others, down slowly.
const UP: f64 = 0.5;
const DOWN: f64 = 0.05;

/// One shop's use of processor time.
#[derive(Debug)]
pub struct Account(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Seconds of processor time a second that run out.
    share: f64,
    /// Seconds of processor time that are in it.
    level: f64,
    /// When the level was that.
    at: Instant,
    noisy: bool,
    /// Seconds of processor time that a call is expected to cost.
    expected: f64,
}

/// A call that is under way; it was entered with so many seconds.
#[derive(Debug)]
#[must_use = "an entry is corrected by what the call really cost"]
pub struct Entry(f64);

impl Account {
    /// `percent` of all processors, 1 to 100.
    pub fn new(percent: u32, now: Instant) -> Self {
        Self::with_share(share(percent, processors()), now)
    }

    fn with_share(share: f64, now: Instant) -> Self {
        Self(Mutex::new(State { share, level: 0.0, at: now, noisy: false, expected: 0.0 }))
    }

    /// From now on with another share.
    pub fn set(&self, percent: u32, now: Instant) {
        let mut state = self.state(now);
        state.share = share(percent, processors());
        state.judge();
    }

    /// A call begins.
    pub fn enter(&self, now: Instant) -> Entry {
        let mut state = self.state(now);
        let entry = Entry(state.expected);
        state.put(entry.0);
        entry
    }

    /// A call that was entered ends, after so much processor time.
    #[allow(clippy::needless_pass_by_value)] // an entry is corrected once
    pub fn correct(&self, entry: Entry, took: Duration, now: Instant) {
        let mut state = self.state(now);
        let took = took.as_secs_f64();
        state.put(took - entry.0);
        let part = if took > state.expected { UP } else { DOWN };
        state.expected += (took - state.expected) * part;
    }

    /// A call that was entered never ran.
    #[allow(clippy::needless_pass_by_value)]
    pub fn strike(&self, entry: Entry, now: Instant) {
        self.state(now).put(-entry.0);
    }

    /// Whether the shop has used more than its share lately.
    pub fn noisy(&self, now: Instant) -> bool {
        self.state(now).noisy
    }

    /// As of now.
    fn state(&self, now: Instant) -> MutexGuard<'_, State> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_duration_since(state.at).as_secs_f64();
        state.at = state.at.max(now);
        state.level = (state.level - passed * state.share).max(0.0);
        state.judge();
        state
    }
}

impl State {
    fn put(&mut self, seconds: f64) {
        self.level = (self.level + seconds).clamp(0.0, MOST * self.share);
        self.judge();
    }

    fn judge(&mut self) {
        // Between the two it stays what it was, so that a shop at its share does not change lanes with every call.
        if self.level >= FULL * self.share {
            self.noisy = true;
        } else if self.level <= QUIET * self.share {
            self.noisy = false;
        }
    }
}

fn share(percent: u32, processors: usize) -> f64 {
    #[allow(clippy::cast_precision_loss)] // no machine has 2^52 processors
    let all = processors as f64;
    f64::from(percent.clamp(1, 100)) / 100.0 * all
}

/// The processors that this process may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Measures what the calling thread burns.
#[derive(Debug)]
pub struct Meter {
    at: Duration,
}

impl Meter {
    pub fn begin() -> Self {
        Self { at: system::thread_time() }
    }

    /// Processor time of this thread since [`Meter::begin`], which was called on the same.
    pub fn burnt(&self) -> Duration {
        system::thread_time().saturating_sub(self.at)
    }
}

/// Has the calling thread run only when no other thread of normal rank wants the processor, for as long as it lives.
pub fn step_back() {
    system::step_back();
}

#[cfg(target_os = "linux")]
mod system {
    use std::time::Duration;

    /// Of the calling thread, in user and kernel mode.
    pub fn thread_time() -> Duration {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the pointer is to a timespec of this function, which the call fills.
        let done = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
        if done != 0 {
            return Duration::ZERO;
        }
        let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    pub fn step_back() {
        // Linux takes both for the calling thread only. A processor that runs a thread of SCHED_IDLE counts as idle when a place for another
        // is looked for; where a sandbox forbids it, nice is left. Neither is perfect: a thread that is woken there may wait for the
        // scheduler's next tick all the same (seen with Linux 6.18 at 250 ticks a second, also pinned and with other slices).
        // SAFETY: plain numbers and a pointer to a struct of this function; failing is harmless.
        unsafe {
            libc::setpriority(libc::PRIO_PROCESS, 0, 19);
            let mut parameters: libc::sched_param = std::mem::zeroed();
            parameters.sched_priority = 0;
            libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const parameters);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    /// Elapsed time, which is more: who waits is charged for it.
    pub fn thread_time() -> Duration {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        BEGAN.get_or_init(Instant::now).elapsed()
    }

    /// Few threads are all that holds a noisy shop back.
    pub fn step_back() {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: Duration = Duration::from_millis(1);

    /// A fifth of two processors: full at 100 ms, 1 s is the most, quiet at 20 ms.
    fn account(now: Instant) -> Account {
        Account::with_share(share(20, 2), now)
    }

    fn call(account: &Account, took: Duration, now: Instant) {
        let entry = account.enter(now);
        account.correct(entry, took, now);
    }

    #[test]
    fn a_shop_within_its_share_is_never_noisy() {
        let mut now = Instant::now();
        let account = account(now);
        for _ in 0..10_000 {
            call(&account, MS, now);
            now += Duration::from_micros(2_500); // exactly 0.4 seconds a second
            assert!(!account.noisy(now));
        }
    }

    #[test]
    fn a_shop_above_its_share_is_noisy_soon_and_quiet_again_after_a_pause() {
        let mut now = Instant::now();
        let account = account(now);
        let mut calls = 0;
        while !account.noisy(now) {
            call(&account, 200 * MS, now);
            calls += 1;
            now += 200 * MS;
        }
        assert_eq!(calls, 1, "one such call is more than its share of that time");
        for _ in 0..100 {
            call(&account, 200 * MS, now);
            now += 200 * MS;
            assert!(account.noisy(now));
        }
        assert!(account.noisy(now + 2 * Duration::from_secs(1)));
        assert!(!account.noisy(now + 2_500 * MS), "what it owes is bounded");
    }

    #[test]
    fn calls_that_begin_at_once_are_expected_to_cost_what_the_last_ones_did() {
        let mut now = Instant::now();
        let account = account(now);
        call(&account, 200 * MS, now);
        now += Duration::from_secs(10);
        assert!(!account.noisy(now));
        let first = account.enter(now);
        assert!(account.noisy(now), "a second call at the same moment would be too many");
        account.strike(first, now);
        assert!(!account.noisy(now), "it never ran");
    }

    #[test]
    fn a_new_share_holds_at_once() {
        let now = Instant::now();
        let account = account(now);
        call(&account, 120 * MS, now);
        assert!(account.noisy(now));
        let later = now + 100 * MS;
        account.set(100, later);
        assert!(!account.noisy(later + 5 * MS), "quiet below what the greater share makes quiet");
    }

    #[test]
    fn a_clock_that_stands_or_goes_back_leaks_nothing_and_breaks_nothing() {
        let now = Instant::now() + Duration::from_mins(1);
        let account = account(now);
        call(&account, 200 * MS, now);
        assert!(account.noisy(now.checked_sub(Duration::from_secs(30)).expect("a minute was added")));
        assert!(account.noisy(now));
    }

    #[test]
    fn working_costs_and_waiting_does_not() {
        let meter = Meter::begin();
        let began = Instant::now();
        let mut sum = 0u64;
        while meter.burnt() < 20 * MS && began.elapsed() < Duration::from_secs(20) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(meter.burnt() >= 20 * MS);
        if cfg!(target_os = "linux") {
            let meter = Meter::begin();
            std::thread::sleep(30 * MS);
            assert!(meter.burnt() < 20 * MS, "{:?}", meter.burnt());
        }
    }

    proptest! {
        /// Whatever a shop does, it owes no more than the bound, so it is quiet again when it has been silent for that long.
        #[test]
        fn silence_always_helps(calls in prop::collection::vec((0u64..600, 0u64..300), 0..200), percent in 1u32..=100) {
            let mut now = Instant::now();
            let account = Account::with_share(share(percent, 4), now);
            for (took, pause) in calls {
                call(&account, Duration::from_millis(took), now);
                now += Duration::from_millis(pause);
            }
            prop_assert!(!account.noisy(now + 2_500 * MS));
        }

        /// Above twice its share for two seconds, every shop is found out.
        #[test]
        fn noise_is_always_found_out(percent in 1u32..=50, step in 1u64..50) {
            let mut now = Instant::now();
            let account = Account::with_share(share(percent, 2), now);
            let cost = Duration::from_secs_f64(share(percent, 2) * 2.0 * Duration::from_millis(step).as_secs_f64());
            let end = now + Duration::from_secs(2);
            while now < end {
                call(&account, cost, now);
                now += Duration::from_millis(step);
            }
            prop_assert!(account.noisy(now));
        }
    }
}
