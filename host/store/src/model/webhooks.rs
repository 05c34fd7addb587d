//! What merchants' systems are told.

use super::{Json, words};
use serde::{Deserialize, Serialize};

/// Where events are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    pub id: String,
    pub shop: String,
    pub url: String,
    /// The types of events that it is sent; empty: all.
    pub events: Vec<String>,
    pub created: i64,
    pub version: i64,
    /// When it was given up after too many failures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<i64>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// As [`super::NewToken::id`].
    pub id: Option<String>,
    pub shop: String,
    pub url: String,
    pub events: Vec<String>,
    /// The signing secret, sealed.
    pub secret: Vec<u8>,
}

words! {
    DeliveryState {
        /// Is sent when it is due.
        Pending = "pending",
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

/// An event on its way to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    #[serde(skip)]
    pub seq: i64,
    pub webhook: String,
    /// Of the event; the same at every attempt and at every endpoint.
    pub event_id: String,
    /// Type of the event.
    pub event: String,
    pub payload: Json,
    pub state: DeliveryState,
    pub attempts: i64,
    /// When it is due.
    pub due: i64,
    /// HTTP status of the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<i64>,
}

/// A delivery that this worker, and nobody else, makes until the lease is over.
#[derive(Clone, PartialEq, Eq)]
pub struct DeliveryClaim {
    pub delivery: Delivery,
    /// From 1: what is told under an attempt that lost its lease is refused.
    pub attempt: i64,
    pub url: String,
    /// Sealed signing secret.
    pub secret: Vec<u8>,
    /// The one before the last rotation, while it still counts: sign with both.
    pub secret_before: Option<Vec<u8>>,
}

/// How an attempt went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    Delivered {
        status: i64,
    },
    /// Try again after so many seconds.
    Retry {
        after: i64,
        status: Option<i64>,
        error: String,
    },
    /// Not again; `disable` gives up the endpoint with all that waits for it.
    Failed {
        status: Option<i64>,
        error: String,
        disable: bool,
    },
}
