//! What the server hands over after an answer.

use crate::hook::Hook;
use crate::personal::Personal;
use crate::record_id::RecordId;
use crate::sampling::Sampling;
use cartwright_contract::log::Level;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// How a shop wants its calls recorded; made once, shared by all its calls.
#[derive(Debug, Clone)]
pub struct ShopRecording {
    pub shop: Box<str>,
    /// The label of the metrics: shops are too many to have one each.
    pub class: Box<str>,
    pub sampling: Sampling,
    pub personal: Personal,
}

impl ShopRecording {
    /// Whether a call would be kept. [`crate::Recorder::push`] asks this too; who asks first need not build a [`Call`].
    pub fn wants(&self, hook: Hook, id: RecordId, failed: bool) -> bool {
        self.sampling.keeps(hook, id, failed)
    }
}

/// Whose answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// What the shopper saw.
    Live,
    /// What the shopper saw, given by the candidate.
    Canary,
    /// What the candidate would have said; nobody saw it.
    Shadow,
}

impl Stage {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Canary => "canary",
            Self::Shadow => "shadow",
        }
    }
}

/// One plugin that was asked: enough to ask the very same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginRef {
    pub install: String,
    pub revision: i64,
    pub name: String,
    pub version: String,
    /// Of the component's bytes: `sha256:…`.
    pub digest: String,
    /// Of the configured component, as the runtime names it.
    pub snapshot: String,
    /// Whether its manifest declares personal fields, so that its answer and its messages may quote them.
    pub sees_personal: bool,
}

/// One decision, as cheap to hand over as it can be: what takes time happens in `contents`, on the recorder's thread.
pub struct Call {
    pub id: RecordId,
    /// When the call arrived: milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: i64,
    pub shop: Arc<ShopRecording>,
    pub hook: Hook,
    pub stage: Stage,
    /// In the merchant's order.
    pub plugins: Arc<[PluginRef]>,
    /// The code of the fallback that answered, such as `FUEL_EXHAUSTED`.
    pub fallback: Option<&'static str>,
    /// Some plugin gave no answer.
    pub failed: bool,
    /// Of all plugins together.
    pub fuel: u64,
    /// The most linear memory of one plugin, in bytes.
    pub memory: u64,
    /// In the sandbox, microseconds.
    pub micros: u64,
    pub request_id: Option<Box<str>>,
    /// About how many bytes `contents` keeps alive (request, answer, logs, replies): what the byte bound counts.
    pub bytes: usize,
    pub contents: Box<dyn FnOnce() -> Contents + Send>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("id", &self.id)
            .field("shop", &self.shop.shop)
            .field("hook", &self.hook)
            .field("stage", &self.stage)
            .field("fallback", &self.fallback)
            .finish_non_exhaustive()
    }
}

/// What is serialised off the hot path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// The completed request (with its moment and counters) as JSON: what a replay asks.
    pub request: Vec<u8>,
    /// The answer's JSON, as it was sent.
    pub answer: Vec<u8>,
    /// One for each plugin, in their order.
    pub parts: Vec<Part>,
}

/// One plugin's part in a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Why it gave no answer, if it gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failed>,
    pub fuel: u64,
    /// Bytes of linear memory.
    pub memory: u64,
    pub micros: u64,
    /// Personal: what a plugin writes may quote the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<LogLine>,
    /// Its plan's requests and responses, as JSON in a form of the caller's (secrets by name only); personal. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
}

/// Why a plugin gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// Stable, in upper snake case: `PANICKED`. Public.
    pub code: String,
    /// Personal: it may quote the request. Absent where the personal part is out of reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A line that a plugin wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    pub level: Level,
    pub message: String,
}
