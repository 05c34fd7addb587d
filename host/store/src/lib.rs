//! What must outlive the process: shops, packages, installs and their rollouts, tokens, decision records, jobs. `SQLite` with nothing to set
//! up, `PostgreSQL` by another URL; the same behaviour and one suite of tests over both.
//!
//! - What was acknowledged is there after `kill -9`; nothing is there by half. Each mutation is one transaction, with its line in the audit
//!   log, in the install's history, and in the outbox that replicas follow ([`Store::changes`]).
//! - Mutations happen one after the other, over all replicas: of two that expect the same version one wins and the other is
//!   [`StoreError::Stale`].
//! - Order never depends on the clock: what is followed or paged runs by sequence numbers.
//! - A store that is down, slow, full or locked is [`StoreError::Unavailable`] after some seconds; nobody waits for ever.
//!
//! What this crate must not know: HTTP, sandboxes, what is in a settings, record or policy document, how secrets are sealed.

mod audit;
mod changes;
mod db;
mod error;
mod idempotency;
mod ids;
mod installs;
mod jobs;
mod leases;
pub mod model;
mod open;
mod options;
mod packages;
mod records;
mod revisions;
mod rollout;
mod row;
mod secrets;
mod shards;
mod shops;
mod stats;
mod tokens;
mod velocity;
mod webhooks;

pub use db::Store;
pub use error::StoreError;
pub use model::*;
pub use options::{Clock, StoreOptions};

/// Of every function of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
