//! A record: made of a call, sealed, and opened again.

use crate::call::{Call, Part, PluginRef, Stage};
use crate::error::{KeyError, OpenError};
use crate::hook::Hook;
use crate::keys::DataKey;
use crate::record_id::RecordId;
use serde_json::Value;
use std::sync::Arc;

pub use crate::keys::sealed_with;

/// A record as a store keeps it: everything that lists filter by, and two documents whose form is this crate's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    pub id: RecordId,
    pub at_millis: i64,
    pub shop: Box<str>,
    pub hook: Hook,
    pub stage: Stage,
    pub plugins: Arc<[PluginRef]>,
    pub fallback: Option<String>,
    /// Some plugin gave no answer.
    pub failed: bool,
    pub fuel: u64,
    pub memory: u64,
    pub micros: u64,
    pub request_id: Option<Box<str>>,
    /// Figures for statistics; nothing personal.
    pub summary: Value,
    /// The public part.
    pub body: Vec<u8>,
    /// The personal part; absent when there is nothing personal, or it is left out.
    pub sealed: Option<Vec<u8>>,
}

/// Whether the personal part could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalState {
    /// Everything is here: the request and the answer are the bytes that they were.
    Present,
    /// The shop's key was destroyed.
    Erased,
    /// The shop wants nothing personal kept.
    Omitted,
}

/// A record that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub personal: PersonalState,
    /// With [`PersonalState::Present`] byte for byte as recorded; otherwise still a request, whose personal fields are empty.
    pub request: Vec<u8>,
    /// Byte for byte as it was sent; absent when it may quote personal data and those are out of reach.
    pub answer: Option<Vec<u8>>,
    /// One for each plugin; messages, logs and plans only with [`PersonalState::Present`].
    pub parts: Vec<Part>,
}

/// Splits, compresses and seals a call's record.
///
/// # Errors
/// When the system gives no random numbers.
pub fn seal(call: Call) -> Result<SealedRecord, KeyError> {
    todo!("{call:?}")
}

/// Opens a record: what the store has of it, and the data key whose id [`sealed_with`] tells, or `None` when that key was destroyed.
///
/// # Errors
/// When the key is another one, or the bytes are not what was written for this shop and id.
pub fn open(
    shop: &str,
    id: RecordId,
    body: &[u8],
    sealed: Option<&[u8]>,
    key: Option<&DataKey>,
) -> Result<Opened, OpenError> {
    todo!("{shop} {id:?} {body:?} {sealed:?} {key:?}")
}
