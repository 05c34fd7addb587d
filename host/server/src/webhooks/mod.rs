//! What merchants' systems are told: events, signed as the Standard Webhooks specification says, delivered at least once.
//!
//! An event is a row of the store, written with or right after what it tells of; any replica may deliver it. [`sign`] makes the headers,
//! [`backoff`] says when to try again, [`worker`] claims, sends and tells how it went.
//!
//! What this module must not know: where events come from, how webhooks are made.

pub mod backoff;
pub mod sign;
pub mod worker;

pub use worker::{Webhooks, WebhooksOptions};

/// Of all events, by the names that stand in `type`.
pub mod events {
    /// An install was made, staged, rolled back, withdrawn or removed.
    pub const INSTALL_CHANGED: &str = "install.changed";
    /// A rule made a candidate the live revision.
    pub const ROLLOUT_PROMOTED: &str = "rollout.promoted";
    /// A rule took a candidate back.
    pub const ROLLOUT_ROLLED_BACK: &str = "rollout.rolled_back";
    pub const BREAKER_OPENED: &str = "breaker.opened";
    pub const BREAKER_CLOSED: &str = "breaker.closed";
    pub const BACKTEST_DONE: &str = "backtest.done";

    pub const ALL: [&str; 6] =
        [INSTALL_CHANGED, ROLLOUT_PROMOTED, ROLLOUT_ROLLED_BACK, BREAKER_OPENED, BREAKER_CLOSED, BACKTEST_DONE];
}

/// What a webhook's signing secret is sealed as.
pub fn sealed_about(webhook: &str) -> String {
    format!("webhook/{webhook}")
}
