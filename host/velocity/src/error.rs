//! What can go wrong, one enum per boundary; each message says what was wrong, with which value, and what would be right.

use std::io;
use std::path::PathBuf;

/// The counters could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error(
        "another process has {} open; give each process a folder of its own, or end the other one",
        folder.display()
    )]
    InUse { folder: PathBuf },
    #[error(
        "{} has {found} bytes and is no key of 32; restore it, or remove it together with the journal, whose counts are then lost",
        path.display()
    )]
    BadKey { path: PathBuf, found: usize },
    #[error(
        "{} was written under another key; give that key, or remove the journal, whose counts nobody can read without it",
        path.display()
    )]
    OtherKey { path: PathBuf },
    #[error(
        "{} is damaged at byte {offset}, before what comes after it; restore it from a backup, or open with `OnDamage::LeaveOut`, which \
         leaves out what cannot be read and counts the rest",
        path.display()
    )]
    Damaged { path: PathBuf, offset: u64 },
    #[error("the option `{name}` is {value}; it must be {right}")]
    Option { name: &'static str, value: u64, right: &'static str },
    #[error("no key could be made: {0}")]
    Random(String),
}

/// The order counts, but would be forgotten in a restart.
#[derive(Debug, thiserror::Error)]
#[error("the order counts, but could not be written to the journal: {0}; a restart would forget it")]
pub struct RecordError(#[from] pub io::Error);
