//! What merchants install, try and switch.

use super::{Json, words};
use serde::{Deserialize, Serialize};

/// A package on a shop's hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Install {
    pub id: String,
    pub shop: String,
    pub hook: String,
    /// `[a-z0-9-]`, 1 to 63 characters; there is one of a name on a shop's hook.
    pub name: String,
    /// Plugins of one hook are asked in this order; equal ones in that of their installation.
    pub position: i64,
    /// The revision that answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<i64>,
    /// The revision that a rollback goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Candidate>,
    /// When a candidate is promoted and when it is taken back: the server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Json>,
    /// Present while the breaker is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaker: Option<BreakerState>,
    /// The number of the newest revision.
    pub newest: i64,
    /// Grows by one with each change.
    pub version: i64,
    pub created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<i64>,
}

/// A revision on its way to being live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    pub revision: i64,
    pub stage: CandidateStage,
    /// Of the requests, per mille; 0 for a shadow.
    pub share: i64,
    pub since: i64,
}

words! {
    CandidateStage {
        /// Runs beside the live one; its answers are compared and never shown.
        Shadow = "shadow",
        /// Answers a stable share of the requests.
        Canary = "canary",
    }
}

/// An open breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BreakerState {
    pub opened: i64,
    /// When it is tried again by itself; absent for only when somebody closes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    pub why: String,
}

/// A version with settings. Never changes; a draft is one that is neither live nor a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    #[serde(flatten)]
    pub head: RevisionHead,
    /// JSON text, byte for byte as it was given.
    pub settings: String,
}

/// A revision without its settings, which may be megabytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RevisionHead {
    pub install: String,
    /// From 1.
    pub number: i64,
    pub package: String,
    pub package_version: String,
    /// Of the component.
    pub digest: String,
    pub settings_digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub created: i64,
    pub actor: String,
}

/// What a revision is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRevision {
    pub package: String,
    pub package_version: String,
    pub settings: String,
    pub settings_digest: String,
    pub note: Option<String>,
    /// An id of the caller's, for example of an idempotency key: a second call with it gives the revision that the first made.
    pub once: Option<String>,
}

/// What is installed; its first revision is a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInstall {
    /// A UUIDv7 that the caller keeps to, for example of an idempotency key: a second call with it gives what the first made.
    pub id: Option<String>,
    pub shop: String,
    pub hook: String,
    pub name: String,
    /// `None`: after those that are there.
    pub position: Option<i64>,
    pub policy: Option<Json>,
    pub revision: NewRevision,
}

/// Where a revision is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// `None`: the newest revision.
    Shadow { revision: Option<i64> },
    /// `None`: the candidate there is, else the newest revision. `share` is per mille, 1 to 1000.
    Canary { revision: Option<i64>, share: i64 },
    /// `None`: the candidate there is, else the newest revision.
    Live { revision: Option<i64> },
    /// There is no candidate any more.
    Withdrawn,
}

/// A revision as replicas need it to compile it, and an install with the two that may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub install: Install,
    pub live: Option<RevisionHead>,
    pub candidate: Option<RevisionHead>,
}

/// What was done to an install.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    pub install: String,
    /// From 1, without gaps.
    pub number: i64,
    pub at: i64,
    pub actor: String,
    pub action: Action,
    /// The revision that it was done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

words! {
    Action {
        Created = "created",
        Drafted = "drafted",
        Shadow = "shadow",
        Canary = "canary",
        Activated = "activated",
        RolledBack = "rolledBack",
        Withdrawn = "withdrawn",
        BreakerOpened = "breakerOpened",
        BreakerClosed = "breakerClosed",
        PolicyChanged = "policyChanged",
        Moved = "moved",
        Removed = "removed",
    }
}
