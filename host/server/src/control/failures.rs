//! What the store and the packages say when they refuse, in the words of HTTP.
//!
//! What this module must not know: which request asked.

use crate::problem::{Kind, Problem};
use cartwright_store::StoreError;
use std::time::Duration;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::NotFound { what: "shop", .. } => Kind::UnknownShop,
            StoreError::NotFound { .. } => Kind::NotFound,
            StoreError::Conflict { .. } => Kind::Conflict,
            StoreError::Stale { .. } => Kind::Stale,
            StoreError::Invalid { .. } => Kind::RequestRefused,
            StoreError::Unavailable { .. } => Kind::Unavailable,
            StoreError::Corrupt { .. } | StoreError::TooNew { .. } | StoreError::Open { .. } => {
                // What is wrong with the store concerns the operator; a client can only wait.
                tracing::error!(%error, "the store failed");
                let detail = "the server's store is damaged or not fit for this server; the server's log says more";
                return Self::new(Kind::Unavailable, detail).after(Duration::from_secs(60));
            }
        };
        let field = match &error {
            StoreError::Invalid { field, .. } => Some(format!("/{}", field.replace('.', "/"))),
            _ => None,
        };
        if kind == Kind::Unavailable {
            tracing::warn!(%error, "the store is not available");
        }
        Self { field, ..Self::new(kind, error.to_string()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_the_store_has_its_status_and_points_at_its_field() {
        let status = |error: StoreError| Problem::from(error).status().as_u16();
        let id = || "a".to_owned();
        assert_eq!(status(StoreError::NotFound { what: "install", id: id() }), 404);
        assert_eq!(status(StoreError::Conflict { what: "shop", id: id(), there: String::new() }), 409);
        assert_eq!(status(StoreError::Stale { what: "shop", id: id(), expected: 1, found: 2 }), 412);
        assert_eq!(status(StoreError::Unavailable { why: id(), remedy: "wait" }), 503);
        let shop = Problem::from(StoreError::NotFound { what: "shop", id: id() });
        assert_eq!(shop.kind, Kind::UnknownShop);
        let invalid = StoreError::Invalid { field: "name", value: id(), remedy: "give one".into() };
        assert_eq!(Problem::from(invalid).field.as_deref(), Some("/name"));
    }

    #[test]
    fn a_damaged_store_tells_clients_nothing_of_its_inside() {
        let problem = Problem::from(StoreError::Open { url: "postgres://user:word@db".into(), why: "no".into() });
        assert_eq!(problem.kind, Kind::Unavailable);
        assert!(!problem.detail.contains("word"), "{}", problem.detail);
    }
}
