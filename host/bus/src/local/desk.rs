//! Jobs, handed out to one worker each.

use super::seen::Seen;
use super::{closed, lock};
use crate::error::{BusError, Result};
use crate::job::{Handle, Job};
use crate::model::{DeadLetter, now_millis, one_line};
use crate::options::{JobOptions, silent};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// All jobs.
pub(crate) struct Desk {
    options: JobOptions,
    state: Mutex<State>,
    /// Something may be due earlier than it was.
    news: Notify,
}

#[derive(Default)]
struct State {
    jobs: BTreeMap<u64, Entry>,
    /// For each kind when its jobs are to be handed out (again), and their numbers.
    due: HashMap<String, BTreeSet<(Instant, u64)>>,
    last: u64,
    seen: Seen,
    dead: BTreeMap<u64, DeadLetter>,
    last_dead: u64,
    closed: bool,
}

struct Entry {
    kind: String,
    id: String,
    payload: Vec<u8>,
    attempts: u32,
    due: Instant,
}

impl State {
    fn put(&mut self, number: u64, entry: Entry) {
        self.due.entry(entry.kind.clone()).or_default().insert((entry.due, number));
        self.jobs.insert(number, entry);
    }

    fn take(&mut self, number: u64) -> Option<Entry> {
        let entry = self.jobs.remove(&number)?;
        if let Some(due) = self.due.get_mut(&entry.kind) {
            due.remove(&(entry.due, number));
        }
        Some(entry)
    }

    fn add(&mut self, kind: &str, id: &str, payload: Vec<u8>) {
        self.last += 1;
        let entry = Entry { kind: kind.into(), id: id.into(), payload, attempts: 0, due: Instant::now() };
        self.put(self.last, entry);
    }

    fn bury(&mut self, entry: Entry, why: &str) {
        let Entry { kind, id, payload, attempts, .. } = entry;
        tracing::warn!(kind, id, attempts, why, "job becomes a dead letter");
        self.last_dead += 1;
        let number = self.last_dead;
        let letter = DeadLetter { number, kind, id, reason: one_line(why), attempts, at: now_millis() / 1000, payload };
        self.dead.insert(number, letter);
    }
}

/// What there is for a worker now.
enum Next {
    Job(Job),
    WaitUntil(Option<Instant>),
    Closed,
}

impl Desk {
    pub(super) fn new(options: JobOptions) -> Desk {
        Desk { options, state: Mutex::default(), news: Notify::new() }
    }

    pub(super) fn submit(&self, kind: &str, id: &str, payload: Vec<u8>) -> Result<bool> {
        let mut state = lock(&self.state);
        if state.closed {
            return Err(closed("submit a job"));
        }
        let full = format!("{kind}/{id}");
        if state.seen.find(&full).is_some() {
            return Ok(false);
        }
        state.seen.add(full, 0);
        state.add(kind, id, payload);
        drop(state);
        self.news.notify_waiters();
        Ok(true)
    }

    pub(super) fn unfinished(&self, kind: &str) -> u64 {
        lock(&self.state).due.get(kind).map_or(0, |due| due.len() as u64)
    }

    pub(super) fn dead_letters(&self, limit: usize) -> Vec<DeadLetter> {
        lock(&self.state).dead.values().take(limit).cloned().collect()
    }

    pub(super) fn retry_dead(&self, number: u64) -> Result<()> {
        let mut state = lock(&self.state);
        let letter = state.dead.remove(&number).ok_or(BusError::NoDeadLetter(number))?;
        state.add(&letter.kind, &letter.id, letter.payload);
        drop(state);
        self.news.notify_waiters();
        Ok(())
    }

    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.news.notify_waiters();
    }

    fn next(self: &Arc<Desk>, kind: &str) -> Next {
        let mut state = lock(&self.state);
        loop {
            if state.closed {
                return Next::Closed;
            }
            let first = state.due.get(kind).and_then(|due| due.first().copied());
            let Some((due, number)) = first else { return Next::WaitUntil(None) };
            let now = Instant::now();
            if due > now {
                return Next::WaitUntil(Some(due));
            }
            let Some(mut entry) = state.take(number) else { continue };
            if entry.attempts >= self.options.max_deliver {
                let why = silent(entry.attempts);
                state.bury(entry, &why);
                continue;
            }
            entry.attempts += 1;
            entry.due = now + self.options.ack_wait;
            let handle = Handle::Local(Held { desk: self.clone(), number });
            let (kind, id, payload) = (entry.kind.clone(), entry.id.clone(), entry.payload.clone());
            let job = Job { kind, id, payload, attempt: entry.attempts, handle };
            state.put(number, entry);
            return Next::Job(job);
        }
    }

    fn settle(&self, number: u64, how: impl FnOnce(&mut State, Entry)) {
        let mut state = lock(&self.state);
        // One that is no longer there was settled by another who was given it meanwhile.
        if let Some(entry) = state.take(number) {
            how(&mut state, entry);
        }
        drop(state);
        self.news.notify_waiters();
    }
}

/// One who takes jobs of a kind.
pub(crate) struct Worker {
    desk: Arc<Desk>,
    kind: String,
}

impl Worker {
    pub(super) fn new(desk: Arc<Desk>, kind: &str) -> Worker {
        Worker { desk, kind: kind.into() }
    }

    pub(crate) async fn next(&mut self) -> Option<Job> {
        loop {
            let mut news = std::pin::pin!(self.desk.news.notified());
            // Before looking, so that nothing that comes meanwhile is slept through.
            news.as_mut().enable();
            match self.desk.next(&self.kind) {
                Next::Job(job) => return Some(job),
                Next::Closed => return None,
                Next::WaitUntil(None) => news.await,
                Next::WaitUntil(Some(due)) => tokio::select! {
                    () = news => {}
                    () = sleep_until(due) => {}
                },
            }
        }
    }
}

/// A job in a worker's hands.
pub(crate) struct Held {
    desk: Arc<Desk>,
    number: u64,
}

// The same shape as over NATS, where each of these can fail.
#[allow(clippy::unnecessary_wraps)]
impl Held {
    pub(crate) fn progress(&self) -> Result<()> {
        let ack_wait = self.desk.options.ack_wait;
        self.desk.settle(self.number, |state, mut entry| {
            entry.due = Instant::now() + ack_wait;
            state.put(self.number, entry);
        });
        Ok(())
    }

    pub(crate) fn done(&self) -> Result<()> {
        self.desk.settle(self.number, |_, _| ());
        Ok(())
    }

    pub(crate) fn retry(&self, job: &Job, pause: Option<Duration>, why: &str) -> Result<()> {
        let options = &self.desk.options;
        let pause = pause.unwrap_or_else(|| options.pause_after(job.attempt));
        self.desk.settle(self.number, |state, mut entry| {
            if entry.attempts >= options.max_deliver {
                state.bury(entry, why);
            } else {
                entry.due = Instant::now() + pause;
                state.put(self.number, entry);
            }
        });
        Ok(())
    }

    pub(crate) fn give_up(&self, _job: &Job, why: &str) -> Result<()> {
        self.desk.settle(self.number, |state, entry| state.bury(entry, why));
        Ok(())
    }
}
