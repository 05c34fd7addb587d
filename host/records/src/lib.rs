//! Decision records: what a call rested on and gave, sealed, written off the hot path, opened again, compared.
//!
//! ```text
//! answer sent ── Recorder::push ──► queue (bounded, never waits) ──► thread: split, compress, seal ──► task: Sink::append, retried
//! store ── open ──► the request and the answer, byte for byte ── compare ──► Report, Row (CSV, Parquet)
//! ```
//!
//! A record has a public part, which stays readable, and a personal part, sealed with the shop's data key. Whoever destroys that key
//! erases the personal part of every record at once, in every backup too.
//!
//! What this crate must not know: databases, HTTP, sandboxes, who may read what.

mod call;
mod compare;
mod container;
mod cut;
mod error;
mod hook;
mod keys;
mod personal;
mod record;
mod record_id;
mod recorder;
mod report;
mod rows;
mod sampling;
mod summary;

pub use call::{Call, Contents, Failed, LogLine, Part, PluginRef, ShopRecording, Stage};
pub use compare::{Change, Comparison, Delta, Options as CompareOptions, Outcome, Reasons, Side, compare};
pub use container::Compression;
pub use error::{KeyError, OpenError, RowError, SealError, SinkError};
pub use hook::Hook;
pub use keys::{DataKey, KeyId, MasterKey, MasterKeys};
pub use personal::{Personal, pointers};
pub use record::{Opened, PersonalState, SealedRecord, open, seal, sealed_with};
pub use record_id::{NoRecordId, RecordId};
pub use recorder::{Closed, Recorder, RecorderOptions, RecorderStats, Sink};
pub use report::{Example, Report, Spread};
pub use rows::{CsvRows, ParquetRows, Row, write_csv, write_parquet};
pub use sampling::Sampling;
