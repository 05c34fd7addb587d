//! What can be set.

use crate::error::{BusError, Result};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How jobs are handed out. All replicas should be given the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobOptions {
    /// How long a worker may be silent about a job before another is given it: 30 s. [`Job::progress`](crate::Job::progress) begins
    /// this time anew. From 100 ms to an hour.
    pub ack_wait: Duration,
    /// How often a job is handed out until it becomes a dead letter: 5. From 1 to 100.
    pub max_deliver: u32,
    /// How long [`Job::retry`](crate::Job::retry) waits after the first attempt, the second, …; the last one counts for all that
    /// follow: 1 s, 5 s, 30 s, 2 min.
    pub back_off: Vec<Duration>,
}

impl Default for JobOptions {
    fn default() -> JobOptions {
        JobOptions {
            ack_wait: Duration::from_secs(30),
            max_deliver: 5,
            back_off: [1, 5, 30, 120].map(Duration::from_secs).to_vec(),
        }
    }
}

impl JobOptions {
    /// How long to wait after this attempt, counted from 1.
    pub(crate) fn pause_after(&self, attempt: u32) -> Duration {
        let index = (attempt.max(1) - 1) as usize;
        self.back_off.get(index).or(self.back_off.last()).copied().unwrap_or_default()
    }

    pub(crate) fn check(&self) -> Result<()> {
        let ack_wait = Duration::from_millis(100)..=Duration::from_hours(1);
        if !ack_wait.contains(&self.ack_wait) {
            return Err(invalid("ack_wait", format!("{:?}", self.ack_wait), "it goes from 100 ms to an hour"));
        }
        if !(1..=100).contains(&self.max_deliver) {
            return Err(invalid("max_deliver", self.max_deliver.to_string(), "it goes from 1 to 100"));
        }
        Ok(())
    }
}

/// Where NATS is, and how to speak to it.
#[derive(Clone)]
pub struct BusOptions {
    /// `nats://host:4222`, or several separated by commas; `tls://…` for TLS; `nats://user:password@…` or `nats://token@…`.
    pub url: String,
    /// This replica's name, as NATS shows its connection.
    pub name: String,
    /// A credentials file's text (`nsc`'s `.creds`), where the server wants one.
    pub credentials: Option<String>,
    /// A PEM file with the certificates of the authorities that the servers' certificates are from; else those of this machine count.
    pub authority: Option<PathBuf>,
    /// How many of NATS's servers keep each stream: 1, or 3 and 5 in a cluster. Only for streams that are not there yet.
    pub replicas: usize,
    /// How long anything that is asked may take: 2 s. From 100 ms to a minute.
    pub patience: Duration,
    /// How often the connection is probed: 5 s; one that answers none of three probes is given up. From 100 ms to a minute.
    pub probe: Duration,
    /// How jobs are handed out.
    pub jobs: JobOptions,
}

impl BusOptions {
    /// These, with the usual values for the rest.
    pub fn new(url: impl Into<String>, name: impl Into<String>) -> BusOptions {
        BusOptions {
            url: url.into(),
            name: name.into(),
            credentials: None,
            authority: None,
            replicas: 1,
            patience: Duration::from_secs(2),
            probe: Duration::from_secs(5),
            jobs: JobOptions::default(),
        }
    }

    pub(crate) fn check(&self) -> Result<()> {
        let bounds = Duration::from_millis(100)..=Duration::from_mins(1);
        for (name, value) in [("patience", self.patience), ("probe", self.probe)] {
            if !bounds.contains(&value) {
                return Err(invalid(name, format!("{value:?}"), "it goes from 100 ms to a minute"));
            }
        }
        if ![1, 3, 5].contains(&self.replicas) {
            return Err(invalid("replicas", self.replicas.to_string(), "a stream is kept by 1, 3 or 5 servers"));
        }
        self.jobs.check()
    }
}

/// Without what is secret: URLs may hold a password.
impl fmt::Debug for BusOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusOptions").field("name", &self.name).field("jobs", &self.jobs).finish_non_exhaustive()
    }
}

pub(crate) fn invalid(name: &'static str, value: impl Into<String>, why: impl Into<String>) -> BusError {
    BusError::Invalid { name, value: value.into(), why: why.into() }
}

/// How long an id is remembered, so that the same again is left out.
pub(crate) const WINDOW: Duration = Duration::from_hours(1);

/// How long order events are kept: a day longer than the longest window over which they are counted.
pub(crate) const EVENTS_AGE: Duration = Duration::from_hours(8 * 24);

/// Why a job that nobody said a word about becomes a dead letter.
pub(crate) fn silent(attempts: u32) -> String {
    format!("handed out {attempts} times and never acknowledged: its workers died or hung")
}
