//! The bus of one process: the same behaviour, without NATS.

mod desk;
mod log;
mod seen;

pub(crate) use desk::{Held, Worker};
pub(crate) use log::Tail;

use crate::error::{BusError, Result};
use crate::model::{Change, DeadLetter, Link};
use crate::options::JobOptions;
use desk::Desk;
use log::Log;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{broadcast, watch};

/// How many hints may wait for a replica until it is sent to the outbox instead.
const HINTS: usize = 1024;

/// All that is on the bus.
pub(crate) struct Local {
    /// None once it is closed.
    changes: Mutex<Option<broadcast::Sender<Change>>>,
    desk: Arc<Desk>,
    log: Arc<Log>,
    link: watch::Sender<Link>,
}

impl Local {
    pub(crate) fn new(jobs: JobOptions) -> Local {
        Local {
            changes: Mutex::new(Some(broadcast::channel(HINTS).0)),
            desk: Arc::new(Desk::new(jobs)),
            log: Arc::new(Log::default()),
            link: watch::channel(Link { up: true, why: String::new(), times: 1 }).0,
        }
    }

    pub(crate) fn link(&self) -> watch::Receiver<Link> {
        self.link.subscribe()
    }

    pub(crate) fn announce(&self, change: &Change) -> Result<()> {
        let changes = lock(&self.changes);
        let sender = changes.as_ref().ok_or_else(|| closed("announce a change"))?;
        // That nobody listens is no error.
        let _ = sender.send(change.clone());
        Ok(())
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        // A sender of its own, gone at once, gives a receiver that says that the bus is closed.
        lock(&self.changes).as_ref().map_or_else(|| broadcast::channel(1).1, broadcast::Sender::subscribe)
    }

    pub(crate) fn submit(&self, kind: &str, id: &str, payload: Vec<u8>) -> Result<bool> {
        self.desk.submit(kind, id, payload)
    }

    pub(crate) fn worker(&self, kind: &str) -> Worker {
        Worker::new(self.desk.clone(), kind)
    }

    // The same shape as over NATS, where it can fail.
    #[allow(clippy::unnecessary_wraps)]
    pub(crate) fn unfinished(&self, kind: &str) -> Result<u64> {
        Ok(self.desk.unfinished(kind))
    }

    // As above.
    #[allow(clippy::unnecessary_wraps)]
    pub(crate) fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>> {
        Ok(self.desk.dead_letters(limit))
    }

    pub(crate) fn retry_dead(&self, number: u64) -> Result<()> {
        self.desk.retry_dead(number)
    }

    pub(crate) fn tell(&self, id: &str, payload: Vec<u8>) -> Result<u64> {
        self.log.tell(id, payload)
    }

    pub(crate) fn told(&self, after: u64) -> Tail {
        Tail::new(self.log.clone(), after)
    }

    pub(crate) fn close(&self) {
        lock(&self.changes).take();
        self.desk.close();
        self.log.close();
        self.link.send_replace(Link { up: false, why: "it is closed".into(), times: 1 });
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.close();
    }
}

/// What a panic elsewhere left behind is whole: nothing here panics half-way.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed(what: &'static str) -> BusError {
    BusError::Unavailable { what, why: "it is closed".into() }
}
