//! Finds what was left: shards whose message the bus lost, jobs whose report nobody made.
//!
//! What this module must not know: how a shard is worked on.

use super::{KIND, Message, report};
use crate::platform::Platform;
use crate::platform::rollouts::now;
use cartwright_store::{Job, JobState, ShardState, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// How often is looked.
const LOOK: Duration = Duration::from_mins(1);
/// Shards that are read at once; those that are open have no result yet.
const BATCH: u32 = 64;

/// Looks for ever; at the start at once, since a process that ended took its own bus with it.
pub async fn run(platform: Arc<Platform>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        match platform.store.open_jobs().await {
            Ok(jobs) => {
                for each in &jobs {
                    job(&platform, each).await;
                }
            }
            Err(error) => tracing::debug!(%error, "open backtests cannot be read"),
        }
    }
}

/// Brings one job forward: hands out its open shards, or makes its report.
pub async fn job(platform: &Platform, job: &Job) {
    match job.state {
        JobState::Worked => report::conclude(platform, &job.id).await,
        JobState::Running => {
            if let Err(error) = submit(platform, &job.id).await {
                tracing::debug!(backtest = job.id, %error, "its shards are handed out later");
            }
        }
        JobState::Done | JobState::Failed | JobState::Cancelled => {}
    }
}

async fn submit(platform: &Platform, id: &str) -> Result<(), StoreError> {
    let mut from = 0;
    loop {
        let shards = platform.store.shard_results(id, from, BATCH).await?;
        let Some(last) = shards.last() else { return Ok(()) };
        from = last.number + 1;
        for shard in &shards {
            // The bus leaves out what it was given before, so the name says for which try it is. One that waits is given to the bus again after an
            // hour, one that somebody claimed each minute: should its worker be dead, the next who asks gets it.
            let time = match shard.state {
                ShardState::Waiting => now() / 3600,
                ShardState::Claimed => now() / 60,
                ShardState::Done | ShardState::Dead => continue,
            };
            let name = format!("{id}-{}-{}-{time}", shard.number, shard.attempts);
            let message = Message { job: id.to_owned(), shard: shard.number };
            let payload = serde_json::to_vec(&message).unwrap_or_default();
            if let Err(error) = platform.bus.submit(KIND, &name, payload).await {
                tracing::debug!(backtest = id, %error, "the bus takes no shards now; they are handed out later");
                return Ok(());
            }
        }
    }
}
