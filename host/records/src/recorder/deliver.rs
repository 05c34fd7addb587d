//! Brings sealed batches to the sink, for as long as it takes.

use super::Sink;
use super::queue::{Load, Queue};
use crate::error::SinkError;
use crate::record::SealedRecord;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::sync::watch;

/// The pause between two tries once the recorder is closed: there may not be time for a longer one.
const AT_THE_END: Duration = Duration::from_millis(50);

/// Sealed records, and what they hold of the bounds.
pub struct Batch {
    pub records: Vec<SealedRecord>,
    pub load: Load,
}

/// Ends when the thread does.
pub async fn deliver<S: Sink>(queue: Arc<Queue>, sink: S, mut batches: Receiver<Batch>) {
    let mut closing = queue.closing();
    while let Some(batch) = batches.recv().await {
        let mut stored = 0;
        // What is left to do, as parts of the batch: a refused part is halved until the bad record stands alone.
        let mut parts: Vec<_> = std::iter::once(0..batch.records.len()).collect();
        while let Some(part) = parts.pop() {
            match append(&queue, &sink, &batch.records[part.clone()], &mut closing).await {
                Ok(()) => stored += part.len(),
                Err(why) if part.len() == 1 => {
                    let record = &batch.records[part.start];
                    tracing::error!(id = %record.id, shop = &*record.shop, why, "a decision record is lost");
                    metrics::counter!("cartwright_records_refused_total").increment(1);
                }
                Err(_) => {
                    let middle = part.start + part.len() / 2;
                    parts.extend([middle..part.end, part.start..middle]);
                }
            }
        }
        metrics::counter!("cartwright_records_stored_total").increment(stored as u64);
        queue.settle(batch.load, stored);
    }
}

/// Until they are stored, or refused (and why).
async fn append<S: Sink>(
    queue: &Queue,
    sink: &S,
    records: &[SealedRecord],
    closing: &mut watch::Receiver<bool>,
) -> Result<(), String> {
    if records.is_empty() {
        return Ok(());
    }
    let mut wait = queue.options().retry;
    let mut failures = 0_u64;
    loop {
        match sink.append(records).await {
            Ok(()) => {
                if failures > 0 {
                    tracing::info!(failures, "decision records are stored again");
                }
                return Ok(());
            }
            Err(SinkError::Refused(why)) => return Err(why),
            Err(SinkError::Unavailable(why)) => {
                failures += 1;
                if failures.is_power_of_two() {
                    let waiting = queue.stats().waiting;
                    tracing::warn!(failures, waiting, why, "decision records cannot be stored; they wait");
                }
                queue.retried();
                metrics::counter!("cartwright_records_retries_total").increment(1);
            }
        }
        wait = pause(wait, queue, closing).await;
    }
}

/// Sleeps, and says how long the next time. Somebody who closes does not wait for a long pause to end.
async fn pause(wait: Duration, queue: &Queue, closing: &mut watch::Receiver<bool>) -> Duration {
    let options = queue.options();
    if *closing.borrow_and_update() {
        tokio::time::sleep(wait.min(AT_THE_END)).await;
        return AT_THE_END;
    }
    tokio::select! {
        () = tokio::time::sleep(wait) => (wait * 2).min(options.longest_retry),
        _ = closing.changed() => AT_THE_END,
    }
}
