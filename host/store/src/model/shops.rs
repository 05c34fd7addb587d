//! Shops, their secrets and keys, and the changes that replicas follow.

use super::{Json, words};
use serde::{Deserialize, Serialize};

/// A merchant's shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Shop {
    /// `[a-z0-9-]`, 1 to 63 characters.
    pub id: String,
    pub name: String,
    /// What metrics and limits are grouped by.
    pub class: String,
    /// Currency, backup rates, stock, limits, recording …: the server's.
    pub document: Json,
    /// Grows by one with each change.
    pub version: i64,
    pub created: i64,
}

/// What a shop is made of, or changed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewShop {
    pub id: String,
    pub name: String,
    #[serde(default = "standard")]
    pub class: String,
    #[serde(default)]
    pub document: Json,
}

fn standard() -> String {
    "standard".to_owned()
}

/// A secret that plans may use: its name; the value is sealed and is given by `Store::sealed_secrets` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Secret {
    pub shop: String,
    /// `[A-Za-z0-9_-]`, 1 to 63 characters.
    pub name: String,
    pub version: i64,
    pub created: i64,
    pub updated: i64,
}

/// A secret's name and its sealed value.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret {
    pub name: String,
    pub version: i64,
    pub sealed: Vec<u8>,
}

/// A shop's key for personal fields, wrapped under a key that the store never sees.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey {
    pub shop: String,
    /// 1, 2, …: what a sealed field names.
    pub number: i64,
    /// `None` once it was destroyed.
    pub wrapped: Option<Vec<u8>>,
    pub created: i64,
    pub destroyed: Option<i64>,
}

words! {
    /// What changed, for replicas to look at anew.
    ChangeKind {
        /// A shop was made, changed or removed.
        Shop = "shop",
        /// What an install answers with, or whether it does: live, candidate, position, policy, removal.
        Install = "install",
        /// A breaker opened or closed.
        Breaker = "breaker",
        Token = "token",
        Secret = "secret",
        DataKey = "dataKey",
        Package = "package",
        Author = "author",
        Webhook = "webhook",
        Job = "job",
    }
}

/// A line of the outbox, written in the transaction of what it tells of. Sequence numbers are in the order in which changes became
/// visible: who has read up to one has missed none before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub seq: i64,
    pub kind: ChangeKind,
    /// Absent for what concerns all shops.
    pub shop: Option<String>,
    pub install: Option<String>,
    /// What else changed: a token's, job's or package's id.
    pub subject: Option<String>,
    /// For a change of an install: what was done.
    pub action: Option<super::Action>,
    pub at: i64,
}

/// What comes after a sequence number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    pub items: Vec<Change>,
    /// Changes after the given number were pruned already: load everything anew.
    pub missed: bool,
}

/// A name held by one process for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub name: String,
    pub holder: String,
    /// Grows whenever the lease changes hands: a fence for what is done under it.
    pub term: i64,
    pub until_millis: i64,
}

/// An order that counts, as the velocity counters wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VelocityEvent {
    pub seq: i64,
    pub at: i64,
    pub body: Vec<u8>,
}
