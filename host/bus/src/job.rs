//! Working on jobs.

use crate::error::Result;
use crate::local;
use crate::nats;
use std::fmt;
use std::time::Duration;

/// One worker's part of the jobs of a kind. Several share them: in this process, in others.
pub struct Jobs(pub(crate) Source);

pub(crate) enum Source {
    Local(local::Worker),
    Nats(nats::Worker),
}

impl Jobs {
    /// The next job; waits for it, also while NATS is away. None once the bus is closed. May be cancelled: a job that comes is kept
    /// for the next call, or given back when this value is dropped.
    pub async fn next(&mut self) -> Option<Job> {
        match &mut self.0 {
            Source::Local(worker) => worker.next().await,
            Source::Nats(worker) => worker.next().await,
        }
    }
}

/// A job in a worker's hands. It is another's again when nothing is said about it for as long as the ack wait: so a job may be
/// done twice, and what it does must bear that.
///
/// What is said may fail while NATS is away; it may be said again as long as this value lives. A value that is dropped without a word
/// is a worker that died.
pub struct Job {
    /// Its kind.
    pub kind: String,
    /// Its id, as it was submitted.
    pub id: String,
    /// What it says.
    pub payload: Vec<u8>,
    /// How often it has been handed out, this time included: from 1.
    pub attempt: u32,
    pub(crate) handle: Handle,
}

pub(crate) enum Handle {
    Local(local::Held),
    Nats(nats::Held),
}

impl Job {
    /// Still at it: the ack wait begins anew.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable).
    pub async fn progress(&self) -> Result<()> {
        match &self.handle {
            Handle::Local(held) => held.progress(),
            Handle::Nats(held) => held.progress().await,
        }
        .map(|()| tracing::trace!(kind = self.kind, id = self.id, "job goes on"))
    }

    /// Done: it is not handed out again. When this is `Ok`, the bus has taken it in.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable).
    pub async fn done(&self) -> Result<()> {
        match &self.handle {
            Handle::Local(held) => held.done(),
            Handle::Nats(held) => held.done().await,
        }
    }

    /// It did not work now: it is handed out again, to whomever, after the back-off of its attempt. After the last attempt it becomes a
    /// dead letter with this reason.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable).
    pub async fn retry(&self, why: &str) -> Result<()> {
        match &self.handle {
            Handle::Local(held) => held.retry(self, None, why),
            Handle::Nats(held) => held.retry(self, None, why).await,
        }
    }

    /// As [`retry`](Self::retry), but after a time of one's own.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable).
    pub async fn retry_after(&self, pause: Duration, why: &str) -> Result<()> {
        match &self.handle {
            Handle::Local(held) => held.retry(self, Some(pause), why),
            Handle::Nats(held) => held.retry(self, Some(pause), why).await,
        }
    }

    /// It will never work: it becomes a dead letter now.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable).
    pub async fn give_up(&self, why: &str) -> Result<()> {
        match &self.handle {
            Handle::Local(held) => held.give_up(self, why),
            Handle::Nats(held) => held.give_up(self, why).await,
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Job { kind, id, attempt, .. } = self;
        write!(f, "Job({kind}/{id}, attempt {attempt})")
    }
}
