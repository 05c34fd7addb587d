//! Takes calls off the hot path and brings them to the store.

mod deliver;
mod queue;

use crate::call::Call;
use crate::container::Compression;
use crate::error::SinkError;
use crate::record::{self, SealedRecord};
use deliver::{Batch, deliver};
use queue::{Load, Queue};
use serde::Serialize;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// Where records go.
pub trait Sink: Send + Sync + 'static {
    /// Stores all of these or none. Asked again with the same records after [`SinkError::Unavailable`], also when they were stored but the
    /// word of it was lost: a record whose id is there already is to be passed over.
    fn append(&self, records: &[SealedRecord]) -> impl Future<Output = Result<(), SinkError>> + Send;
}

/// How much is held, and how it is handed on.
#[derive(Debug, Clone)]
pub struct RecorderOptions {
    /// Records that are not stored yet, waiting and under way.
    pub records: usize,
    /// Bytes that they hold.
    pub bytes: usize,
    /// Records in one batch, at the most.
    pub batch: usize,
    pub compression: Compression,
    /// How long a record waits for its batch to fill.
    pub delay: Duration,
    /// The first wait after the sink was unavailable; doubled each time up to `longest_retry`.
    pub retry: Duration,
    pub longest_retry: Duration,
}

impl Default for RecorderOptions {
    fn default() -> Self {
        Self {
            records: 20_000,
            bytes: 256 << 20,
            batch: 256,
            compression: Compression::default(),
            delay: Duration::from_millis(50),
            retry: Duration::from_millis(100),
            longest_retry: Duration::from_secs(5),
        }
    }
}

/// What became of the calls that were pushed. `pushed = stored + dropped + refused + waiting`; sampled ones are beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecorderStats {
    /// Calls that were to be kept.
    pub pushed: u64,
    /// Calls that sampling left out.
    pub sampled_out: u64,
    pub stored: u64,
    /// There was no room, or the recorder was closed.
    pub dropped: u64,
    /// The sink refused them, or they could not be made.
    pub refused: u64,
    /// Not stored yet.
    pub waiting: u64,
    /// Bytes that those hold.
    pub waiting_bytes: u64,
    /// Batches that had to be tried again.
    pub retries: u64,
}

/// What a recorder leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub stats: RecorderStats,
    /// Records that could not be stored before the deadline.
    pub lost: u64,
}

/// The way from calls to the sink. Cloning shares it; when the last is gone, what is there is still stored.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Running>);

#[derive(Debug)]
struct Running {
    queue: Arc<Queue>,
    delivery: tokio::task::AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Recorder {
    /// Starts its thread, and on the current tokio runtime its task.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start<S: Sink>(options: RecorderOptions, sink: S) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::new(options));
        // One batch is stored while the next is sealed.
        let (to_sink, batches) = tokio::sync::mpsc::channel(1);
        let delivery = tokio::spawn(deliver(queue.clone(), sink, batches)).abort_handle();
        let running = Running { queue: queue.clone(), delivery };
        std::thread::Builder::new().name("records".into()).spawn(move || prepare(&queue, &to_sink))?;
        Ok(Self(Arc::new(running)))
    }

    /// Hands a call over; never waits. A call for which there is no room is dropped and counted
    /// (`cartwright_records_dropped_total` by class).
    pub fn push(&self, call: Call) {
        let queue = &self.0.queue;
        if !call.shop.wants(call.hook, call.id, call.failed || call.fallback.is_some()) {
            queue.sampled_out();
            return;
        }
        queue.push(call);
    }

    pub fn stats(&self) -> RecorderStats {
        self.0.queue.stats()
    }

    /// Waits until everything that was pushed is stored (or refused); false when that takes longer.
    pub async fn flush(&self, within: Duration) -> bool {
        self.0.queue.empty(within).await
    }

    /// Takes no more, stores what is there, and gives up at the deadline.
    pub async fn close(&self, within: Duration) -> Closed {
        let queue = &self.0.queue;
        queue.close();
        queue.empty(within).await;
        self.0.delivery.abort();
        let stats = queue.stats();
        if stats.waiting > 0 {
            tracing::error!(lost = stats.waiting, "decision records could not be stored before the end");
        }
        Closed { stats, lost: stats.waiting }
    }
}

/// The thread: takes batches, seals them, passes them on. Ends when the queue is closed and empty, or the task is gone.
fn prepare(queue: &Queue, to_sink: &Sender<Batch>) {
    while let Some(calls) = queue.take() {
        let mut batch = Batch { records: Vec::with_capacity(calls.len()), load: Load::default() };
        for call in calls {
            let load = Load { records: 1, bytes: call.bytes };
            match sealed(call, queue.options().compression) {
                Ok(record) => {
                    batch.records.push(record);
                    batch.load.records += 1;
                    batch.load.bytes += load.bytes;
                }
                Err(why) => {
                    tracing::error!(why, "a decision record could not be made");
                    metrics::counter!("cartwright_records_refused_total").increment(1);
                    queue.settle(load, 0);
                }
            }
        }
        let waiting = u32::try_from(queue.stats().waiting).unwrap_or(u32::MAX);
        metrics::gauge!("cartwright_records_waiting").set(waiting);
        if !batch.records.is_empty() && to_sink.blocking_send(batch).is_err() {
            break;
        }
    }
    queue.close();
}

/// A panic in what the caller handed over takes this record, not the thread.
fn sealed(call: Call, compression: Compression) -> Result<SealedRecord, String> {
    match catch_unwind(AssertUnwindSafe(|| record::seal(call, compression))) {
        Ok(Ok(record)) => Ok(record),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("its contents panicked".into()),
    }
}
