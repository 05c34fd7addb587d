//! Candidates on their way: counted, judged, promoted and taken back.
//!
//! Every replica brings its counts to the store; the one that holds the lease judges what all have counted together. What this module must not
//! know: how calls are made, HTTP.

pub mod counters;
mod judge;
pub mod policy;

use crate::shops::Stage;
use cartwright_store::{RecordStage, Stats, Store};
use counters::{Counters, Taken};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

pub use judge::run;

/// What rollouts need of this process.
#[derive(Debug, Default)]
pub struct Rollouts {
    pub counters: Counters,
}

impl Rollouts {
    /// Brings what was counted to the store; what cannot be brought is kept for the next time.
    pub async fn flush(&self, store: &Store) {
        let taken = self.counters.take();
        if taken.is_empty() {
            return;
        }
        let minute = now() / 60 * 60;
        let rows: Vec<_> = taken.iter().map(|taken| row(taken, minute)).collect();
        // Written once, also when the word of it is lost and it is written again.
        let batch = Uuid::now_v7().to_string();
        if let Err(error) = store.add_stats(&batch, &rows).await {
            tracing::debug!(%error, "counts could not be written; they are kept");
            self.counters.put_back(taken);
        }
    }
}

fn row(taken: &Taken, minute: i64) -> Stats {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Stats {
        install: taken.subject.install.to_string(),
        revision: taken.subject.revision,
        stage: stored(taken.subject.stage),
        minute,
        calls: number(taken.counted.calls),
        errors: number(taken.counted.errors),
        fallbacks: number(taken.counted.fallbacks),
        slow: number(taken.counted.slow),
        different: number(taken.counted.different),
        micros: number(taken.micros),
    }
}

/// The stage as the store names it.
pub fn stored(stage: Stage) -> RecordStage {
    match stage {
        Stage::Live => RecordStage::Live,
        Stage::Canary => RecordStage::Canary,
        Stage::Shadow => RecordStage::Shadow,
    }
}

/// Seconds UTC.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
