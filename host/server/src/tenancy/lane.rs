//! Where work runs that may wait: a noisy shop's calls, and what nobody waits for.
//!
//! A few threads of the lowest rank, which get what the others leave over: on a quiet machine everything, on a busy one little (what that
//! comes to, and what was tried: docs/decisions/0016). Calls go before background work, but every fourth turn is the background's, or a
//! noisy shop would starve it. No shop takes all places of the queue.
//!
//! A call that starves here runs into its deadline, and its hook's fallback answers; that is the shop's own doing.
//!
//! What this module must not know: whose shop is noisy, what a job does.

use crate::tenancy::cpu;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Calls that may wait.
const MOST_CALLS: usize = 64;
/// Background jobs that may wait.
const MOST_BACKGROUND: usize = 256;
/// Every so many turns the background goes first.
const TURN: u64 = 4;

type Job = Box<dyn FnOnce() + Send>;

/// The threads and their queue. They end with it, after what they are doing; what waits is dropped.
#[derive(Debug)]
pub struct Lane {
    shared: Arc<Shared>,
    threads: usize,
}

/// The queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

struct Shared {
    queue: Mutex<Queue>,
    more: Condvar,
}

#[derive(Default)]
struct Queue {
    calls: VecDeque<Job>,
    background: VecDeque<Job>,
    turn: u64,
    ended: bool,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lane").finish_non_exhaustive()
    }
}

/// With as many threads as suit the machine.
impl Default for Lane {
    fn default() -> Self {
        Self::new()
    }
}

impl Lane {
    /// With one thread for every two processors, so that one processor in two knows nothing of noise.
    pub fn new() -> Self {
        Self::with_threads((cpu::processors() / 2).max(1))
    }

    fn with_threads(threads: usize) -> Self {
        let shared = Arc::new(Shared { queue: Mutex::default(), more: Condvar::new() });
        for _ in 0..threads {
            let shared = shared.clone();
            let thread = thread::Builder::new().name("cartwright-lane".into()).spawn(move || {
                cpu::step_back();
                shared.work();
            });
            if let Err(error) = thread {
                tracing::error!(%error, "a thread for noisy shops cannot be started");
            }
        }
        Self { shared, threads }
    }

    /// Has a call wait for its turn.
    ///
    /// # Errors
    /// When too many wait.
    pub fn call(&self, job: impl FnOnce() + Send + 'static) -> Result<(), Full> {
        self.add(|queue| (&mut queue.calls, MOST_CALLS), Box::new(job))
    }

    /// Has work that nobody waits for wait for its turn.
    ///
    /// # Errors
    /// When too much waits.
    pub fn background(&self, job: impl FnOnce() + Send + 'static) -> Result<(), Full> {
        self.add(|queue| (&mut queue.background, MOST_BACKGROUND), Box::new(job))
    }

    fn add(&self, place: impl FnOnce(&mut Queue) -> (&mut VecDeque<Job>, usize), job: Job) -> Result<(), Full> {
        let mut queue = self.shared.lock();
        let (jobs, most) = place(&mut queue);
        if jobs.len() >= most {
            return Err(Full);
        }
        jobs.push_back(job);
        drop(queue);
        self.shared.more.notify_one();
        Ok(())
    }

    /// So many jobs run at the same moment.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Calls and background jobs that wait.
    pub fn waiting(&self) -> (usize, usize) {
        let queue = self.shared.lock();
        (queue.calls.len(), queue.background.len())
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.ended = true;
        // Dropped outside the lock: a job may hold what takes it.
        let left = (std::mem::take(&mut queue.calls), std::mem::take(&mut queue.background));
        drop(queue);
        drop(left);
        self.shared.more.notify_all();
    }
}

impl Shared {
    fn work(&self) {
        while let Some(job) = self.next() {
            // Whoever waits for the job hears of it by what the job drops.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        loop {
            if queue.ended {
                return None;
            }
            if let Some(job) = queue.next() {
                return Some(job);
            }
            queue = self.more.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn next(&mut self) -> Option<Job> {
        self.turn += 1;
        let (first, second) = if self.turn.is_multiple_of(TURN) {
            (&mut self.background, &mut self.calls)
        } else {
            (&mut self.calls, &mut self.background)
        };
        first.pop_front().or_else(|| second.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// A lane of one thread that does nothing until the sender is dropped.
    fn held() -> (Lane, Sender<()>) {
        let lane = Lane::with_threads(1);
        let (release, held) = channel::<()>();
        let (began, begun) = channel::<()>();
        let job = move || {
            drop(began);
            let _ = held.recv();
        };
        lane.call(job).expect("room");
        assert!(begun.recv().is_err(), "it runs");
        (lane, release)
    }

    fn noting(order: &Sender<u32>, number: u32) -> impl FnOnce() + Send + use<> {
        let order = order.clone();
        move || order.send(number).expect("the test listens")
    }

    fn all(told: &Receiver<u32>) -> Vec<u32> {
        told.iter().collect()
    }

    #[test]
    fn calls_go_before_background_work_but_do_not_starve_it() {
        let (lane, release) = held();
        let (order, told) = channel();
        for number in 100..103 {
            lane.background(noting(&order, number)).expect("room");
        }
        for number in 0..8 {
            lane.call(noting(&order, number)).expect("room");
        }
        assert_eq!(lane.waiting(), (8, 3));
        drop((order, release));
        assert_eq!(all(&told), [0, 1, 100, 2, 3, 4, 101, 5, 6, 7, 102]);
    }

    #[test]
    fn a_full_queue_refuses() {
        let (lane, release) = held();
        let (order, told) = channel();
        let calls = (0..10_000).take_while(|number| lane.call(noting(&order, *number)).is_ok()).count();
        let background = (0..10_000).take_while(|number| lane.background(noting(&order, *number)).is_ok()).count();
        assert_eq!((calls, background), (MOST_CALLS, MOST_BACKGROUND));
        drop((order, release));
        assert_eq!(all(&told).len(), MOST_CALLS + MOST_BACKGROUND, "what was taken is done");
    }

    #[test]
    fn a_job_that_panics_takes_no_thread_along() {
        let lane = Lane::with_threads(1);
        let (order, told) = channel();
        lane.call(|| panic!("a bug")).expect("room");
        lane.call(noting(&order, 1)).expect("room");
        drop(order);
        assert_eq!(all(&told), [1]);
    }

    #[test]
    fn what_waits_when_the_lane_ends_is_dropped_and_its_owner_hears_of_it() {
        let (lane, release) = held();
        let (order, told) = channel();
        lane.call(noting(&order, 1)).expect("room");
        drop((order, lane));
        assert!(all(&told).is_empty());
        drop(release);
    }
}
