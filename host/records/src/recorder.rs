//! Takes calls off the hot path and brings them to the store.

use crate::call::Call;
use crate::error::SinkError;
use crate::record::SealedRecord;
use serde::Serialize;
use std::future::Future;
use std::time::Duration;

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

/// The way from calls to the sink. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Recorder {}

impl Recorder {
    /// Starts its thread, and on the current tokio runtime its task.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start<S: Sink>(options: RecorderOptions, sink: S) -> std::io::Result<Self> {
        let _ = (options, sink);
        todo!()
    }

    /// Hands a call over; never waits. A call for which there is no room is dropped and counted
    /// (`cartwright_records_dropped_total` by class).
    pub fn push(&self, call: Call) {
        todo!("{call:?}")
    }

    pub fn stats(&self) -> RecorderStats {
        todo!()
    }

    /// Takes no more, stores what is there, and gives up at the deadline.
    pub async fn close(&self, within: Duration) -> Closed {
        todo!("{within:?}")
    }
}
