//! How often a card, e-mail address, IP address, device or shipping address was seen of late: what order screening calls velocity.
//!
//! Exact sliding windows: an order that was placed at `t` counts at `now` when `now - window < t <= now`. Orders may become known late
//! and in any order, and an order that is told twice counts once. The order that is being screened is never counted in its own
//! figures, also when it is screened again.
//!
//! Nothing personal is kept: what is counted is a keyed hash of shop, kind and value (`subjects.rs`), and the key is the operator's.
//! Counting and recording work in memory; a [`Store`] makes them outlive the process (`files/`: a journal in a folder).
//!
//! What this crate must not know: how orders are scored, where requests come from, HTTP, sandboxes.

mod clock;
mod error;
mod event;
mod files;
mod key;
mod list;
mod normal;
mod options;
mod shop;
mod subjects;
mod velocity;

pub use clock::{Clock, ManualClock, SystemClock};
pub use error::{OpenError, RecordError};
pub use event::{Event, Store, Tag, Ticket};
pub use files::Files;
pub use key::Key;
pub use options::{Fsync, OnDamage, VelocityOptions};
pub use subjects::Subjects;
pub use velocity::{Recorded, Velocity};
