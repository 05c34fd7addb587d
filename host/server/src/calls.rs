//! Where plugins run: beside the threads that serve connections, never on them.
//!
//! A call usually takes tens of microseconds, but a plugin may burn its whole deadline, ten thousand times as long, and
//! connections must not notice. So a request's work from its parsed bytes to the bytes of its answer is one job on tokio's
//! blocking threads: one hop there and one back, and I/O threads do nothing but I/O. No job waits in a queue: each holds a slot, there are
//! fewer slots than threads, and who finds none is told so at once (a checkout would rather ask again or show its own rate than
//! wait). A shop has fewer slots than the server, so that the shop with the slow plugin is the one that is turned away.
//!
//! Measured on two cores with jobs of 40 us: 16 at a time, tokio's blocking threads get through as many jobs a second as calling on the
//! I/O threads does (24,800 and 24,400), and twice as many as a pool of our own behind a bounded channel; `block_in_place` has a p99 of
//! 13 ms. What the hop costs is latency when nothing else is going on: some 25 us, to wake a thread.
//!
//! What this module must not know: what is called.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The server's slots.
#[derive(Debug)]
pub struct Calls {
    slots: Arc<Semaphore>,
}

/// One shop's slots.
#[derive(Debug)]
pub struct ShopCalls {
    slots: Arc<Semaphore>,
}

/// The right to run one job.
#[derive(Debug)]
pub struct Slot {
    _server: OwnedSemaphorePermit,
    _shop: OwnedSemaphorePermit,
}

/// Whose slots are all taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    Server,
    Shop,
}

/// The job panicked: a bug of this server, not of a plugin.
#[derive(Debug)]
pub struct Crashed;

impl ShopCalls {
    /// So many jobs of the shop at the same moment.
    pub fn new(slots: usize) -> Self {
        Self { slots: Arc::new(Semaphore::new(slots)) }
    }
}

impl Calls {
    /// So many jobs at the same moment.
    pub fn new(slots: usize) -> Self {
        Self { slots: Arc::new(Semaphore::new(slots)) }
    }

    /// A slot for one job.
    ///
    /// # Errors
    /// When there is none; waiting is the caller's business.
    pub fn slot(&self, shop: &ShopCalls) -> Result<Slot, Busy> {
        let of_the_shop = shop.slots.clone().try_acquire_owned().map_err(|_| Busy::Shop)?;
        let of_the_server = self.slots.clone().try_acquire_owned().map_err(|_| Busy::Server)?;
        Ok(Slot { _server: of_the_server, _shop: of_the_shop })
    }
}

impl Slot {
    /// Runs the job. It goes on, and keeps its slot, when the future is dropped because the client has gone.
    ///
    /// # Errors
    /// When the job panicked.
    pub async fn run<T: Send + 'static>(self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Crashed> {
        let job = move || {
            let answer = job();
            drop(self);
            answer
        };
        tokio::task::spawn_blocking(job).await.map_err(|_| Crashed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_that_takes_all_its_slots_leaves_the_others_theirs() {
        let (calls, slow, quick) = (Calls::new(3), ShopCalls::new(2), ShopCalls::new(2));
        let taken = [calls.slot(&slow).expect("free"), calls.slot(&slow).expect("free")];
        assert_eq!(calls.slot(&slow).err(), Some(Busy::Shop));
        let last = calls.slot(&quick).expect("free");
        assert_eq!(calls.slot(&quick).err(), Some(Busy::Server));
        drop((taken, last));
        assert!(calls.slot(&slow).is_ok());
    }

    #[tokio::test]
    async fn a_job_that_panics_gives_its_slot_back() {
        let (calls, shop) = (Calls::new(1), ShopCalls::new(1));
        let slot = calls.slot(&shop).expect("free");
        assert!(slot.run(|| panic!("a bug")).await.map(|(): ()| ()).is_err());
        assert!(calls.slot(&shop).is_ok());
    }
}
