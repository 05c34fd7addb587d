//! Backtests: a shop's recorded decisions asked again with something exchanged, and a report of what would have been otherwise.
//!
//! ```text
//! create ── job and its shards, in the store ── a message for each shard, on the bus ──► worker (of any replica)
//! worker ── claims the shard ── reads, opens, asks again, compares ── the shard's report and rows, into the store
//! last shard ── the reports added up ── the job's report, and `backtest.done` to the webhooks
//! ```
//!
//! `document` is what is to be done; `worker` the thread that works on shards; `shard` one shard; `members` which revisions are asked;
//! `result` what comes of a shard; `report` what comes of all; `rows` them one by one.
//!
//! A shard may be done twice and counts once: the store takes the result of who holds it. What the bus loses is submitted again by
//! `sweep`. Workers have the lowest rank, so that checkouts do not notice them. What this module must not know: HTTP.

pub mod document;
mod members;
pub mod report;
mod result;
pub mod rows;
mod shard;
mod sweep;
mod worker;

use super::Platform;
use cartwright_store::{Actor, Job, Made, NewJob, StoreError};
use document::Document;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub use sweep::run as sweep;
pub use worker::Workers;

/// What the bus calls a shard.
const KIND: &str = "backtest";
/// Records of a shard: some seconds of work.
const SHARD: u32 = 500;
/// How often a shard is tried before it is given up.
const ATTEMPTS: i64 = 5;
/// Seconds until a worker that says nothing is taken for dead.
const LEASE: i64 = 30;
/// Seconds to wait after the first attempt, the second …
const BACK_OFF: [i64; 4] = [1, 5, 30, 120];

/// A shard, as it goes over the bus.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Message {
    job: String,
    shard: i64,
}

impl Platform {
    /// Makes a backtest of the records that there are now, and hands its shards out. The same `id` again gives what the first time made.
    ///
    /// # Errors
    /// When the store is not available, or the shop is not there.
    pub async fn create_backtest(
        self: &Arc<Self>,
        actor: &Actor,
        shop: &str,
        document: &Document,
        id: Option<String>,
    ) -> Result<Made<Job>, StoreError> {
        let shards = self.store.shards(&document.filter(shop), SHARD).await?;
        let document = serde_json::to_value(document).unwrap_or_default();
        let made = self.store.create_job(actor, &NewJob { id, shop: shop.to_owned(), document, shards }).await?;
        sweep::job(self, &made.it).await;
        Ok(made)
    }

    /// Ends a backtest without a report; one that is over stays as it is.
    ///
    /// # Errors
    /// When the store is not available, or there is no such backtest in this shop.
    pub async fn cancel_backtest(&self, actor: &Actor, shop: &str, id: &str) -> Result<Job, StoreError> {
        self.backtest(shop, id).await?;
        Ok(self.store.cancel_job(actor, id).await?.0)
    }

    /// A backtest of a shop.
    ///
    /// # Errors
    /// When the store is not available, or there is no such backtest in this shop.
    pub async fn backtest(&self, shop: &str, id: &str) -> Result<Job, StoreError> {
        match self.store.job(id).await {
            Ok(job) if job.shop == shop => Ok(job),
            // Another shop's is none of this one's.
            Ok(_) | Err(StoreError::NotFound { .. }) => {
                Err(StoreError::NotFound { what: "backtest", id: id.chars().take(64).collect() })
            }
            Err(error) => Err(error),
        }
    }
}
