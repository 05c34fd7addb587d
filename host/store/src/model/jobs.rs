//! Backtests: a job, its shards, and who works on which.

use super::{Json, Shard, words};
use serde::{Deserialize, Serialize};

words! {
    JobState {
        /// Some shard is not over.
        Running = "running",
        /// All shards are over; somebody must make the report and tell `finish_job`.
        Worked = "worked",
        Done = "done",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

/// A backtest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub id: String,
    pub shop: String,
    pub actor: String,
    /// What is to be done: the server's.
    pub document: Json,
    pub state: JobState,
    pub shards: i64,
    pub shards_done: i64,
    /// Shards that were given up after too many attempts.
    pub shards_dead: i64,
    pub records: i64,
    pub records_done: i64,
    /// The report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub version: i64,
    pub created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// As [`super::NewInstall::id`].
    pub id: Option<String>,
    pub shop: String,
    pub document: Json,
    /// As `Store::shards` cut them.
    pub shards: Vec<Shard>,
}

/// A shard that this worker, and nobody else, works on until the lease is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardClaim {
    pub job: String,
    /// From 0.
    pub number: i64,
    pub shard: Shard,
    pub worker: String,
    /// From 1: what is told under an attempt that lost its lease is refused.
    pub attempt: i64,
    pub until_millis: i64,
}

words! {
    ShardState {
        Waiting = "waiting",
        Claimed = "claimed",
        Done = "done",
        /// Given up after too many attempts.
        Dead = "dead",
    }
}

/// How a shard stands, with what its worker made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardStatus {
    pub number: i64,
    pub shard: Shard,
    pub state: ShardState,
    pub attempts: i64,
    pub error: Option<String>,
    pub result: Option<Vec<u8>>,
}
