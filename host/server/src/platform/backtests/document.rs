//! What a backtest is to do, as its job keeps it.
//!
//! What this module must not know: who asks, how it is done.

use cartwright_records::{Hook, RecordId, Sampling};
use cartwright_store::ShardFilter;
use serde::{Deserialize, Serialize};

/// A job's document. Whatever it speaks of was checked when it was made, and stays: a version never changes, and the settings stand here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub hook: String,
    /// What stands in the place of what decided; with nothing in it, every decision is asked as it was.
    pub exchanges: Vec<Exchange>,
    /// From this second on, UTC.
    pub since: i64,
    /// Before this second, UTC.
    pub until: i64,
    /// Decisions of a thousand that are asked, 1 to 1000: the same ones in every backtest with this share.
    pub sample: u16,
}

/// What is asked in the place of an install's revisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The install's id.
    pub install: String,
    /// The revision whose version and settings these are; absent when they are of no revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    pub package: String,
    pub version: String,
    /// Of the component.
    pub digest: String,
    /// JSON text.
    pub settings: String,
    pub settings_digest: String,
}

impl Document {
    /// The records that are looked at: of every stage, shadows are passed over later.
    pub fn filter(&self, shop: &str) -> ShardFilter {
        ShardFilter {
            shop: shop.to_owned(),
            hook: self.hook.clone(),
            stage: None,
            since_millis: self.since.saturating_mul(1_000),
            until_millis: self.until.saturating_mul(1_000),
        }
    }

    /// Whether a record is among those that are asked.
    pub fn draws(&self, hook: Hook, id: RecordId) -> bool {
        let sampling = Sampling { share: self.sample, keep_failures: false, ..Sampling::default() };
        sampling.keeps(hook, id, false)
    }
}
