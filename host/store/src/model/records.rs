//! Decision records and the counters of rollouts.

use super::{Json, words};
use serde::{Deserialize, Serialize};

words! {
    /// As what an answer was made.
    RecordStage {
        Live = "live",
        Shadow = "shadow",
        Canary = "canary",
    }
}

/// A decision. `body`, `sealed`, `log` and `form` are what the writer says they are; the store filters by the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// A second record of the same id is ignored.
    pub id: String,
    pub at_millis: i64,
    pub shop: String,
    pub hook: String,
    pub stage: RecordStage,
    /// The installs that answered, by id.
    pub installs: Vec<String>,
    /// Digests, revisions …: shown in lists.
    pub plugins: Json,
    /// Why the fallback answered, when it did.
    pub fallback: Option<String>,
    pub fuel: i64,
    pub micros: i64,
    /// Shown in lists.
    pub summary: Json,
    pub request_id: Option<String>,
    /// The version of what `body` and `sealed` are.
    pub form: i64,
    pub body: Vec<u8>,
    pub sealed: Option<Vec<u8>>,
    /// What the plugins logged.
    pub log: Option<String>,
}

/// A record in a list: without its bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecordHead {
    #[serde(skip)]
    pub seq: i64,
    pub id: String,
    pub at_millis: i64,
    pub shop: String,
    pub hook: String,
    pub stage: RecordStage,
    pub installs: Vec<String>,
    pub plugins: Json,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    pub fuel: i64,
    pub micros: i64,
    pub summary: Json,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What a record's plugins logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecordLog {
    #[serde(skip)]
    pub seq: i64,
    /// Of the record.
    pub id: String,
    pub at_millis: i64,
    pub hook: String,
    pub stage: RecordStage,
    pub installs: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    pub log: String,
}

/// Which records of a shop. What is left out does not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordFilter {
    pub shop: String,
    pub hook: Option<String>,
    pub install: Option<String>,
    pub stage: Option<RecordStage>,
    /// From this time on.
    pub since_millis: Option<i64>,
    /// Before this time.
    pub until_millis: Option<i64>,
    /// Those that the fallback answered, or those that it did not.
    pub fallback: Option<bool>,
}

/// Consecutive records of a shop's hook, in the order in which they were written. Records that are written later are in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shard {
    /// Sequence number of the first record, included.
    pub first: i64,
    /// Of the last, included.
    pub last: i64,
    /// How many there are.
    pub count: i64,
}

/// Which records a shard is of; the same that it was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardFilter {
    pub shop: String,
    pub hook: String,
    /// `None`: of every stage.
    pub stage: Option<RecordStage>,
    /// From this time on.
    pub since_millis: i64,
    /// Before this time.
    pub until_millis: i64,
}

/// Counts of a minute, of a revision at a stage. What is added is added to what is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    pub install: String,
    pub revision: i64,
    pub stage: RecordStage,
    /// The minute's first second.
    pub minute: i64,
    pub calls: i64,
    /// The plugin failed.
    pub errors: i64,
    /// The fallback answered.
    pub fallbacks: i64,
    /// Took longer than the policy's `slowMillis`.
    pub slow: i64,
    /// A shadow's answer that differs from the live one's.
    pub different: i64,
    /// Sum over the calls.
    pub micros: i64,
}
