//! Real services for tests: PostgreSQL, NATS with JetStream, an OCI registry; started on free ports, ended with the test.
//!
//! A service lies in a temporary folder of its own and listens on 127.0.0.1 only. It is ended, and waited for, when its value is
//! dropped, also while a test panics; when the whole process dies by a signal, a watchdog ends it. A program that is not installed is
//! [`Missing`], which says how to get it; one that is installed and does not come up is a panic with the end of its log.
//!
//! ```no_run
//! # use cartwright_test_services::{Postgres, or_leave_out};
//! let Some(postgres) = or_leave_out(Postgres::shared()) else { return };
//! let url = postgres.database();
//! ```
//!
//! `cargo xtask setup` and `cargo xtask test` install the programs (`xtask/src/services.rs`). Linux only: pausing reads `/proc`.
//!
//! What this crate must not know: anything of Cartwright.

mod missing;
mod nats;
mod port;
mod postgres;
mod process;
mod programs;
mod registry;
mod service;

pub use missing::{Missing, REQUIRED, or_leave_out};
pub use nats::Nats;
pub use postgres::Postgres;
pub use registry::Registry;
pub use service::Service;
