//! One row for each compared decision, as CSV or Parquet. Nothing personal is in a row.

mod parquet;

use crate::compare::Comparison;
use crate::error::RowError;
use crate::record_id::RecordId;
use serde::{Deserialize, Serialize};
use std::io::Write;

pub use parquet::{ParquetRows, write_parquet};

/// One compared decision. Lists are joined by `|`. As JSON and CSV a day is a date, `2026-11-26`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    pub record: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: i64,
    pub hook: String,
    pub same: bool,
    /// Kinds of change, as [`crate::Change`] calls them.
    pub changes: String,
    pub currency: String,
    pub old_error: Option<String>,
    pub new_error: Option<String>,
    pub old_fallback: Option<String>,
    pub new_fallback: Option<String>,
    pub old_verdict: Option<String>,
    pub new_verdict: Option<String>,
    /// Minor units: the cheapest price, routing's total, what is given back.
    pub old_amount: Option<i64>,
    pub new_amount: Option<i64>,
    /// Days since 1970-01-01: the earliest that a service promises, or the latest that a shipment arrives.
    #[serde(with = "cartwright_contract::json::day::optional")]
    pub old_day: Option<i32>,
    #[serde(with = "cartwright_contract::json::day::optional")]
    pub new_day: Option<i32>,
    /// Services, shipments, issues, decisions.
    pub old_count: Option<u32>,
    pub new_count: Option<u32>,
    pub old_score: Option<u32>,
    pub new_score: Option<u32>,
    /// Services that only the new answer has, and only the old.
    pub added: String,
    pub removed: String,
    pub old_fuel: u64,
    pub new_fuel: u64,
    pub old_micros: u64,
    pub new_micros: u64,
}

impl Row {
    pub fn new(record: RecordId, at_millis: i64, comparison: &Comparison) -> Self {
        let Comparison { hook, same, changes, currency, old, new, added, removed, .. } = comparison;
        let (old, new) = (old.clone(), new.clone());
        let changes: Vec<_> = changes.iter().map(|change| change.name()).collect();
        Self {
            record: record.to_string(),
            at_millis,
            hook: hook.name().into(),
            same: *same,
            changes: changes.join("|"),
            currency: currency.clone(),
            old_error: old.error,
            new_error: new.error,
            old_fallback: old.fallback,
            new_fallback: new.fallback,
            old_verdict: old.verdict,
            new_verdict: new.verdict,
            old_amount: old.amount,
            new_amount: new.amount,
            old_day: old.day,
            new_day: new.day,
            old_count: old.count,
            new_count: new.count,
            old_score: old.score,
            new_score: new.score,
            added: added.join("|"),
            removed: removed.join("|"),
            old_fuel: old.fuel,
            new_fuel: new.fuel,
            old_micros: old.micros,
            new_micros: new.micros,
        }
    }
}

/// The columns, in their order.
const COLUMNS: [&str; 26] = [
    "record",
    "at_millis",
    "hook",
    "same",
    "changes",
    "currency",
    "old_error",
    "new_error",
    "old_fallback",
    "new_fallback",
    "old_verdict",
    "new_verdict",
    "old_amount",
    "new_amount",
    "old_day",
    "new_day",
    "old_count",
    "new_count",
    "old_score",
    "new_score",
    "added",
    "removed",
    "old_fuel",
    "new_fuel",
    "old_micros",
    "new_micros",
];

/// Writes CSV, shard by shard; the header comes first and once, also when there is no row.
#[derive(Debug)]
pub struct CsvRows<W: Write>(csv::Writer<W>);

impl<W: Write> CsvRows<W> {
    /// # Errors
    /// When `out` fails.
    pub fn new(out: W) -> Result<Self, RowError> {
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self(writer))
    }

    /// # Errors
    /// When `out` fails.
    pub fn append(&mut self, rows: &[Row]) -> Result<(), RowError> {
        for row in rows {
            self.0.serialize(row)?;
        }
        Ok(())
    }

    /// # Errors
    /// When `out` fails.
    pub fn finish(self) -> Result<W, RowError> {
        self.0.into_inner().map_err(|e| RowError::Write(e.into_error()))
    }
}

/// All rows at once, as CSV.
///
/// # Errors
/// When `out` fails.
pub fn write_csv<W: Write>(out: W, rows: &[Row]) -> Result<W, RowError> {
    let mut writer = CsvRows::new(out)?;
    writer.append(rows)?;
    writer.finish()
}
