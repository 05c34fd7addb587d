//! The report of a backtest: its shards' reports added up, and what is missing.
//!
//! What this module must not know: how a shard came to its report.

use super::result::ShardResult;
use crate::platform::Platform;
use crate::webhooks::events::BACKTEST_DONE;
use cartwright_records::Report;
use cartwright_store::{Actor, Job, JobState, ShardState, StoreError};
use serde::Serialize;
use std::collections::BTreeMap;

/// Shards whose results are held at once.
const BATCH: u32 = 16;

/// What a backtest found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Whole {
    #[serde(flatten)]
    pub report: Report,
    /// Recorded decisions that nobody could look at, by why: their shards were given up after too many attempts.
    pub missing: BTreeMap<String, u64>,
}

/// Ends a backtest whose shards are all over, and tells the shop's webhooks; several may do this at once, and it is done once. What goes
/// wrong here is tried again by the sweep.
pub async fn conclude(platform: &Platform, id: &str) {
    let ended = match whole(platform, id).await {
        Ok(whole) => platform.store.finish_job(&Actor::new("server"), id, Ok(&whole)).await,
        Err(Unreadable::Store(error)) => Err(error),
        Err(Unreadable::Result(why)) => platform.store.finish_job(&Actor::new("server"), id, Err(&why)).await,
    };
    match ended {
        // The event has the job's id, so that several who tell it tell it once.
        Ok((job, _)) => tell(platform, &job).await,
        Err(error) => tracing::warn!(backtest = id, %error, "a backtest's report is not kept yet"),
    }
}

async fn tell(platform: &Platform, job: &Job) {
    if !matches!(job.state, JobState::Done | JobState::Failed) {
        return;
    }
    let figure = |name| job.result.as_ref().map(|report| report[name].clone());
    let payload = serde_json::json!({
        "backtest": job.id,
        "state": job.state,
        "records": job.records,
        "calls": figure("calls"),
        "same": figure("same"),
        "changed": figure("changed"),
    });
    platform.tell(&job.shop, BACKTEST_DONE, &job.id, &payload).await;
}

enum Unreadable {
    Store(StoreError),
    Result(String),
}

impl From<StoreError> for Unreadable {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn whole(platform: &Platform, id: &str) -> Result<serde_json::Value, Unreadable> {
    let mut whole = Whole::default();
    let mut from = 0;
    loop {
        let shards = platform.store.shard_results(id, from, BATCH).await?;
        let Some(last) = shards.last() else { break };
        from = last.number + 1;
        for shard in &shards {
            let done = shard.result.as_ref().filter(|_| shard.state == ShardState::Done);
            let Some(bytes) = done else {
                let why = shard.error.clone().unwrap_or_else(|| "it was never finished".into());
                *whole.missing.entry(why).or_default() += u64::try_from(shard.shard.count).unwrap_or(0);
                continue;
            };
            let result = ShardResult::read(bytes)
                .map_err(|error| Unreadable::Result(format!("the result of shard {}: {error}", shard.number)))?;
            whole.report.merge(result.report);
        }
    }
    serde_json::to_value(&whole).map_err(|error| Unreadable::Result(error.to_string()))
}
