//! Events, told to everybody in order.

use super::seen::Seen;
use super::{closed, lock};
use crate::error::Result;
use crate::model::{Event, Told, now_millis};
use crate::options::EVENTS_AGE;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// How many events are kept.
const KEPT: usize = 100_000;

/// All events that are kept.
#[derive(Default)]
pub(super) struct Log {
    state: Mutex<State>,
    news: Notify,
}

#[derive(Default)]
struct State {
    /// In order, without gaps; the last has the number `last`.
    events: VecDeque<Event>,
    last: u64,
    seen: Seen,
    closed: bool,
}

impl Log {
    pub(super) fn tell(&self, id: &str, payload: Vec<u8>) -> Result<u64> {
        let mut state = lock(&self.state);
        if state.closed {
            return Err(closed("tell of an event"));
        }
        if let Some(seq) = state.seen.find(id) {
            return Ok(seq);
        }
        state.last += 1;
        let (seq, at_millis) = (state.last, now_millis());
        state.seen.add(id.into(), seq);
        state.events.push_back(Event { seq, at_millis, payload });
        let oldest = at_millis - i64::try_from(EVENTS_AGE.as_millis()).unwrap_or(i64::MAX);
        while state.events.len() > KEPT || state.events.front().is_some_and(|event| event.at_millis < oldest) {
            state.events.pop_front();
        }
        drop(state);
        self.news.notify_waiters();
        Ok(seq)
    }

    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.news.notify_waiters();
    }
}

/// One who reads along.
pub(crate) struct Tail {
    log: Arc<Log>,
    after: u64,
}

impl Tail {
    pub(super) fn new(log: Arc<Log>, after: u64) -> Tail {
        Tail { log, after }
    }

    pub(crate) async fn next(&mut self) -> Option<Told> {
        loop {
            let log = self.log.clone();
            let mut news = std::pin::pin!(log.news.notified());
            // Before looking, so that nothing that comes meanwhile is slept through.
            news.as_mut().enable();
            {
                let state = lock(&log.state);
                if state.closed {
                    return None;
                }
                let first = state.last + 1 - state.events.len() as u64;
                // From the beginning means what there is; from a place means that nothing between is missing.
                if self.after > state.last || (self.after > 0 && self.after + 1 < first) {
                    self.after = first - 1;
                    return Some(Told::Gap);
                }
                let index = (self.after + 1).max(first) - first;
                if let Some(event) = usize::try_from(index).ok().and_then(|index| state.events.get(index)) {
                    self.after = event.seq;
                    return Some(Told::Event(event.clone()));
                }
            }
            news.await;
        }
    }
}
