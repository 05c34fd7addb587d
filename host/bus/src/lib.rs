//! What spreads over replicas: changes to all of them, jobs to one of them. NATS JetStream, or this process alone.
//!
//! Three ways, the same over NATS ([`Bus::connect`]) and in one process ([`Bus::local`]):
//! - [`announce`](Bus::announce) and [`changes`](Bus::changes): every replica hears that a shop has changed. A hint, never the truth:
//!   the truth is the store's outbox. Whoever hears [`Hint::Resync`] reads the outbox from where it stands.
//! - [`submit`](Bus::submit) and [`jobs`](Bus::jobs): a job goes to one of the workers of its kind, at least once, until it is
//!   acknowledged; one that keeps failing ends among the [dead letters](Bus::dead_letters).
//! - [`tell`](Bus::tell) and [`told`](Bus::told): every replica is told of each order event, in order, from any sequence on.
//!
//! NATS may be down at any time, also at the start: what is asked of the bus then fails within [`BusOptions::patience`] and says so,
//! what waits goes on waiting, and the connection is sought for ever. [`connected`](Bus::connected) tells.
//!
//! What this crate must not know: the store, HTTP, wasmtime, what is in a payload.

mod bus;
mod error;
mod events;
mod hints;
mod job;
mod local;
mod model;
mod nats;
mod options;

pub use bus::Bus;
pub use error::{BusError, Result};
pub use events::Events;
pub use hints::Changes;
pub use job::{Job, Jobs};
pub use model::{Change, DeadLetter, Event, Hint, Link, Told};
pub use options::{BusOptions, JobOptions};
