//! One row for each compared decision, as CSV or Parquet. Nothing personal is in a row.

use crate::compare::Comparison;
use crate::error::RowError;
use crate::record_id::RecordId;
use serde::{Deserialize, Serialize};
use std::io::Write;

/// One compared decision. Lists are joined by `|`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    pub record: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: i64,
    pub hook: String,
    pub same: bool,
    /// Kinds of change.
    pub changes: String,
    pub currency: String,
    pub old_error: Option<String>,
    pub new_error: Option<String>,
    pub old_fallback: Option<String>,
    pub new_fallback: Option<String>,
    pub old_verdict: Option<String>,
    pub new_verdict: Option<String>,
    /// Minor units.
    pub old_amount: Option<i64>,
    pub new_amount: Option<i64>,
    /// Days since 1970-01-01; a date in Parquet, `2026-11-26` in CSV.
    pub old_day: Option<i32>,
    pub new_day: Option<i32>,
    pub old_count: Option<u32>,
    pub new_count: Option<u32>,
    pub old_score: Option<u32>,
    pub new_score: Option<u32>,
    pub added: String,
    pub removed: String,
    pub old_fuel: u64,
    pub new_fuel: u64,
    pub old_micros: u64,
    pub new_micros: u64,
}

impl Row {
    pub fn new(record: RecordId, at_millis: i64, comparison: &Comparison) -> Self {
        todo!("{record:?} {at_millis} {comparison:?}")
    }
}

/// Writes CSV, shard by shard; the header comes first and once.
#[derive(Debug)]
pub struct CsvRows<W: Write>(W);

impl<W: Write + Send> CsvRows<W> {
    pub fn new(out: W) -> Self {
        Self(out)
    }

    /// # Errors
    /// When `out` fails.
    pub fn append(&mut self, rows: &[Row]) -> Result<(), RowError> {
        todo!("{rows:?}")
    }

    /// # Errors
    /// When `out` fails.
    pub fn finish(self) -> Result<W, RowError> {
        todo!()
    }
}

/// Writes Parquet: each shard is a row group (or several, when it is large), so that no more than one is held.
#[derive(Debug)]
pub struct ParquetRows<W: Write>(W);

impl<W: Write + Send> ParquetRows<W> {
    /// # Errors
    /// When `out` fails.
    pub fn new(out: W) -> Result<Self, RowError> {
        Ok(Self(out))
    }

    /// # Errors
    /// When `out` fails.
    pub fn append(&mut self, rows: &[Row]) -> Result<(), RowError> {
        todo!("{rows:?}")
    }

    /// # Errors
    /// When `out` fails. Without this the file has no end and cannot be read.
    pub fn finish(self) -> Result<W, RowError> {
        todo!()
    }
}

/// All rows at once, as CSV.
///
/// # Errors
/// When `out` fails.
pub fn write_csv<W: Write + Send>(out: W, rows: &[Row]) -> Result<W, RowError> {
    let mut writer = CsvRows::new(out);
    writer.append(rows)?;
    writer.finish()
}

/// All rows at once, as Parquet.
///
/// # Errors
/// When `out` fails.
pub fn write_parquet<W: Write + Send>(out: W, rows: &[Row]) -> Result<W, RowError> {
    let mut writer = ParquetRows::new(out)?;
    writer.append(rows)?;
    writer.finish()
}
