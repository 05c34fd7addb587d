//! What waits between the hot path and the recorder's thread, and the count of it all.

use super::{RecorderOptions, RecorderStats};
use crate::call::Call;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Records and the bytes that they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    pub records: usize,
    pub bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    calls: VecDeque<Call>,
    /// Everything that is not stored yet: in `calls`, being sealed, and on the way to the sink.
    held: Load,
    stats: RecorderStats,
    /// The thread sleeps until somebody pushes.
    idle: bool,
    closed: bool,
}

#[derive(Debug)]
pub struct Queue {
    waiting: Mutex<Waiting>,
    wake: Condvar,
    sampled_out: AtomicU64,
    options: RecorderOptions,
    /// Told whenever something was stored, or will not be.
    settled: Notify,
    /// True from the moment on that nothing more is taken.
    closing: watch::Sender<bool>,
}

impl Queue {
    pub fn new(options: RecorderOptions) -> Self {
        let waiting = Waiting {
            // Does not grow on the hot path, unless the bound is out of the ordinary.
            calls: VecDeque::with_capacity(options.records.min(1 << 16)),
            held: Load::default(),
            stats: RecorderStats::default(),
            idle: false,
            closed: false,
        };
        Self {
            waiting: Mutex::new(waiting),
            wake: Condvar::new(),
            sampled_out: AtomicU64::new(0),
            options,
            settled: Notify::new(),
            closing: watch::Sender::new(false),
        }
    }

    pub fn options(&self) -> &RecorderOptions {
        &self.options
    }

    /// Nothing panics while it is held, and what it guards is whole after every statement.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn sampled_out(&self) {
        self.sampled_out.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the call, or drops it when there is no room.
    pub fn push(&self, call: Call) {
        let mut waiting = self.lock();
        waiting.stats.pushed += 1;
        let Load { records, bytes } = waiting.held;
        let room = records < self.options.records && bytes.saturating_add(call.bytes) <= self.options.bytes;
        if waiting.closed || !room {
            waiting.stats.dropped += 1;
            drop(waiting);
            let class = call.shop.class.to_string();
            metrics::counter!("cartwright_records_dropped_total", "class" => class).increment(1);
            return;
        }
        waiting.held = Load { records: records + 1, bytes: bytes + call.bytes };
        waiting.calls.push_back(call);
        // Waking a thread costs more than all the rest: only the first of a batch does it, and the one that fills it.
        let wake = waiting.idle || waiting.calls.len() == self.options.batch;
        waiting.idle = false;
        drop(waiting);
        if wake {
            self.wake.notify_one();
        }
    }

    /// Waits for the next batch: until it is full, or its first call has waited long enough. `None` when it is closed and empty.
    pub fn take(&self) -> Option<Vec<Call>> {
        let (batch, delay) = (self.options.batch.max(1), self.options.delay);
        let mut waiting = self.lock();
        if waiting.calls.is_empty() && !waiting.closed {
            waiting.idle = true;
            let idle = |waiting: &mut Waiting| waiting.calls.is_empty() && !waiting.closed;
            waiting = self.wake.wait_while(waiting, idle).unwrap_or_else(PoisonError::into_inner);
            waiting.idle = false;
        }
        let filling = |waiting: &mut Waiting| waiting.calls.len() < batch && !waiting.closed;
        let (mut waiting, _) =
            self.wake.wait_timeout_while(waiting, delay, filling).unwrap_or_else(PoisonError::into_inner);
        if waiting.calls.is_empty() {
            return None;
        }
        let count = waiting.calls.len().min(batch);
        Some(waiting.calls.drain(..count).collect())
    }

    /// These were stored, those will never be.
    pub fn settle(&self, load: Load, stored: usize) {
        let mut waiting = self.lock();
        waiting.held.records -= load.records;
        waiting.held.bytes -= load.bytes;
        waiting.stats.stored += stored as u64;
        waiting.stats.refused += (load.records - stored) as u64;
        drop(waiting);
        self.settled.notify_waiters();
    }

    pub fn retried(&self) {
        self.lock().stats.retries += 1;
    }

    /// From now on nothing is taken any more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_all();
        self.closing.send_replace(true);
    }

    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    pub fn stats(&self) -> RecorderStats {
        let waiting = self.lock();
        RecorderStats {
            sampled_out: self.sampled_out.load(Ordering::Relaxed),
            waiting: waiting.held.records as u64,
            waiting_bytes: waiting.held.bytes as u64,
            ..waiting.stats
        }
    }

    /// Waits until nothing is held; false when that takes longer.
    pub async fn empty(&self, within: Duration) -> bool {
        let empty = async {
            loop {
                let settled = self.settled.notified();
                tokio::pin!(settled);
                // Before the look, so that what settles after it is heard.
                settled.as_mut().enable();
                if self.lock().held.records == 0 {
                    return;
                }
                settled.await;
            }
        };
        tokio::time::timeout(within, empty).await.is_ok()
    }
}
