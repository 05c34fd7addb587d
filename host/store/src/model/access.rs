//! Tokens, the audit log, and answers that are given again.

use super::{Json, words};
use serde::{Deserialize, Serialize};

words! {
    TokenKind {
        /// Everything.
        Platform = "platform",
        /// Everything under its own shop.
        ShopAdmin = "shopAdmin",
        /// Decisions of its own shop.
        ShopCheckout = "shopCheckout",
    }
}

/// A bearer token, without what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Token {
    pub id: String,
    pub kind: TokenKind,
    /// The shop it is for; absent for `platform`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    pub label: String,
    pub created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<i64>,
}

/// What is needed to check a token. Neither printed nor serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenProof {
    pub token: Token,
    /// SHA-256 of the secret.
    pub hash: Vec<u8>,
    /// The hash before the last rotation, and until when it counts.
    pub before: Option<(Vec<u8>, i64)>,
}

/// A token to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// As [`super::NewInstall::id`]; a second call with it replaces the hash, since the first one's secret was never shown.
    pub id: Option<String>,
    pub kind: TokenKind,
    pub shop: Option<String>,
    pub label: String,
    pub expires: Option<i64>,
    pub hash: Vec<u8>,
}

/// Which tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenScope<'a> {
    All,
    Shop(&'a str),
}

/// Who changed what, written in the transaction of the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    pub seq: i64,
    pub at: i64,
    pub actor: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Dotted: `install.activated`, `token.rotated`.
    pub action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    pub subject: String,
    /// Never a secret.
    pub detail: Json,
}

/// What a first request with an idempotency key finds, and what a second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idempotency {
    /// Do it, under this id; then tell `idempotency_done`. When an earlier try ended half way, the id is the one that it had.
    Do { id: String },
    /// The answer of the first request.
    Done { status: u16, body: Vec<u8> },
    /// The first request is still being answered.
    Running,
    /// The key was used for another request.
    Other,
}
