//! What can be wrong, with the remedy.

use crate::keys::KeyId;

/// A key that cannot be made, wrapped or unwrapped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the system gives no random numbers; a key or a nonce cannot be made")]
    NoRandomness,
    #[error(
        "this was sealed under the key {needed}, which is not among those that are known ({known}); give the older master key too"
    )]
    Unknown { needed: KeyId, known: String },
    #[error(
        "the sealed bytes are not what was sealed under the key {0}: they were changed, cut, or belong to something else"
    )]
    Tampered(KeyId),
    #[error("the sealed bytes are of no form that this software knows ({0}); is the server older than its data?")]
    Form(String),
}

/// A record that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the record is larger than 4 GiB")]
    TooLarge,
}

/// A record that cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the record's personal part: {0}")]
    Key(#[from] KeyError),
    #[error("the record's form is {0}, which this software does not know; it was written by a newer one")]
    Form(u8),
    #[error("the record is damaged: {0}")]
    Damaged(&'static str),
}

/// Why records were not stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// Tried again for as long as it takes.
    #[error("the records cannot be stored now: {0}")]
    Unavailable(String),
    /// Never tried again: the records are dropped and counted. A batch is halved first, so that one bad record takes no others with it.
    #[error("the records are refused: {0}")]
    Refused(String),
}

/// Rows that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    #[error("writing rows as CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error("writing rows as Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error("writing rows: {0}")]
    Write(#[from] std::io::Error),
}
