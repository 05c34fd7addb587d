//! The bus, whatever carries it.

use crate::error::Result;
use crate::events::{self, Events};
use crate::hints::{self, Changes};
use crate::job::{self, Jobs};
use crate::local::Local;
use crate::model::{Change, DeadLetter, Link, check_payload, check_word};
use crate::nats::Nats;
use crate::options::{BusOptions, JobOptions};
use std::sync::Arc;
use tokio::sync::watch;

/// The bus. A clone is the same bus.
#[derive(Clone)]
pub struct Bus(Inner);

#[derive(Clone)]
enum Inner {
    Local(Arc<Local>),
    Nats(Arc<Nats>),
}

impl Bus {
    /// A bus for this process alone. What is on it ends with the process: jobs that must survive have to be submitted again from the
    /// store.
    pub fn local() -> Bus {
        Bus(Inner::Local(Arc::new(Local::new(JobOptions::default()))))
    }

    /// The same, with jobs handed out as one likes.
    ///
    /// # Errors
    /// [`Invalid`](crate::BusError::Invalid) for an option out of its range.
    pub fn local_with(jobs: JobOptions) -> Result<Bus> {
        jobs.check()?;
        Ok(Bus(Inner::Local(Arc::new(Local::new(jobs)))))
    }

    /// Connects to NATS. When it is not there now, this is no error: the bus comes up when it is, see [`connected`](Self::connected).
    /// Waits for it no longer than the patience.
    ///
    /// # Errors
    /// [`Invalid`](crate::BusError::Invalid) for an option that makes no sense; [`Misconfigured`](crate::BusError::Misconfigured) when
    /// NATS is there and is too old, without JetStream, or has a stream of our name with other properties.
    pub async fn connect(options: BusOptions) -> Result<Bus> {
        options.check()?;
        Ok(Bus(Inner::Nats(Nats::connect(options).await?)))
    }

    /// Whether this is a bus for one process alone.
    pub fn is_local(&self) -> bool {
        matches!(self.0, Inner::Local(_))
    }

    /// Whether the bus can be used now, and why not.
    pub fn connected(&self) -> watch::Receiver<Link> {
        match &self.0 {
            Inner::Local(local) => local.link(),
            Inner::Nats(nats) => nats.link(),
        }
    }

    /// Tells every replica, this one too, that a shop has changed. After the change is in the store.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable): then the replicas learn of it when they next read the outbox.
    /// [`Invalid`](crate::BusError::Invalid) for a shop's id that is none.
    pub async fn announce(&self, change: &Change) -> Result<()> {
        check_word("shop", &change.shop)?;
        match &self.0 {
            Inner::Local(local) => local.announce(change),
            Inner::Nats(nats) => nats.announce(change).await,
        }
    }

    /// The changes that are announced from now on, beginning with a [`Resync`](crate::Hint::Resync). Called within a tokio runtime.
    pub fn changes(&self) -> Changes {
        Changes(match &self.0 {
            Inner::Local(local) => hints::Source::Local { first: true, receiver: local.changes() },
            Inner::Nats(nats) => hints::Source::Nats(nats.changes()),
        })
    }

    /// Puts a job where one of the workers of its kind takes it. Says whether it is new: a job of this kind with this id that was
    /// submitted within the last hour is not taken again (one that is done is forgotten when NATS is restarted).
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable); [`Invalid`](crate::BusError::Invalid) for a kind, id or payload that cannot be sent.
    pub async fn submit(&self, kind: &str, id: &str, payload: Vec<u8>) -> Result<bool> {
        check_word("kind", kind)?;
        check_word("id", id)?;
        check_payload(&payload)?;
        match &self.0 {
            Inner::Local(local) => local.submit(kind, id, payload),
            Inner::Nats(nats) => nats.submit(kind, id, payload).await,
        }
    }

    /// A worker for the jobs of a kind; as many as one likes. Called within a tokio runtime.
    ///
    /// # Errors
    /// [`Invalid`](crate::BusError::Invalid) for a kind that is none.
    pub fn jobs(&self, kind: &str) -> Result<Jobs> {
        check_word("kind", kind)?;
        Ok(Jobs(match &self.0 {
            Inner::Local(local) => job::Source::Local(local.worker(kind)),
            Inner::Nats(nats) => job::Source::Nats(nats.worker(kind)),
        }))
    }

    /// How many jobs of a kind are not done: those that wait, also for another attempt, and those in workers' hands.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable); [`Invalid`](crate::BusError::Invalid) for a kind that is none.
    pub async fn unfinished(&self, kind: &str) -> Result<u64> {
        check_word("kind", kind)?;
        match &self.0 {
            Inner::Local(local) => local.unfinished(kind),
            Inner::Nats(nats) => nats.unfinished(kind).await,
        }
    }

    /// The jobs that were given up in the last 30 days and not tried again, the oldest first, at most so many (up to 1,000).
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable).
    pub async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>> {
        let limit = limit.min(1000);
        match &self.0 {
            Inner::Local(local) => local.dead_letters(limit),
            Inner::Nats(nats) => nats.dead_letters(limit).await,
        }
    }

    /// Submits a dead letter's job once more, with all its attempts before it.
    ///
    /// # Errors
    /// [`NoDeadLetter`](crate::BusError::NoDeadLetter), [`Unavailable`](crate::BusError::Unavailable).
    pub async fn retry_dead(&self, number: u64) -> Result<()> {
        match &self.0 {
            Inner::Local(local) => local.retry_dead(number),
            Inner::Nats(nats) => nats.retry_dead(number).await,
        }
    }

    /// Tells every replica, this one too, of an order event; its place among all events. An event with an id that was told within the
    /// last hour is not told again, its place is that of the first time.
    ///
    /// # Errors
    /// [`Unavailable`](crate::BusError::Unavailable); [`Invalid`](crate::BusError::Invalid) for an id or payload that cannot be sent.
    pub async fn tell(&self, id: &str, payload: Vec<u8>) -> Result<u64> {
        check_word("id", id)?;
        check_payload(&payload)?;
        match &self.0 {
            Inner::Local(local) => local.tell(id, payload),
            Inner::Nats(nats) => nats.tell(id, payload).await,
        }
    }

    /// The order events after this place (0: all there are), and then those that come. The bus keeps them for eight days; the one of a
    /// single process the newest 100,000. Called within a tokio runtime.
    ///
    /// A place holds for one life of the bus: one that has lost its data counts anew. This is told of by a [`Gap`](crate::Told::Gap), also
    /// while one listens; only who kept a place over a restart of its own and comes back after more events than before cannot be told.
    pub fn told(&self, after: u64) -> Events {
        Events(match &self.0 {
            Inner::Local(local) => events::Source::Local(local.told(after)),
            Inner::Nats(nats) => events::Source::Nats(nats.told(after)),
        })
    }

    /// Ends everything that waits on the bus; what is asked of it after that is not available. Happens by itself when the last clone is
    /// dropped.
    pub fn close(&self) {
        match &self.0 {
            Inner::Local(local) => local.close(),
            Inner::Nats(nats) => nats.close(),
        }
    }
}
