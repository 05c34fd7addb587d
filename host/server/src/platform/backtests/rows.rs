//! The compared decisions of a backtest one by one, as CSV or Parquet, shard by shard: no more than a few are held.
//!
//! What this module must not know: who reads them.

use super::result::ShardResult;
use cartwright_records::{CsvRows, ParquetRows, Row, RowError};
use cartwright_store::Store;
use std::io::{self, Write};
use tokio::runtime::Handle;

/// A form of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    Parquet,
}

/// Writes all rows of a backtest. Not to be called on a thread of the runtime.
///
/// # Errors
/// When the store cannot be read, or `out` fails.
pub fn write<W: Write + Send>(store: &Store, runtime: &Handle, id: &str, form: Form, out: W) -> io::Result<()> {
    match form {
        Form::Csv => {
            let mut rows = CsvRows::new(out).map_err(io::Error::other)?;
            each(store, runtime, id, |shard| rows.append(shard))?;
            rows.finish().map_err(io::Error::other)?.flush()
        }
        Form::Parquet => {
            let mut rows = ParquetRows::new(out).map_err(io::Error::other)?;
            each(store, runtime, id, |shard| rows.append(shard))?;
            rows.finish().map_err(io::Error::other)?.flush()
        }
    }
}

fn each(
    store: &Store,
    runtime: &Handle,
    id: &str,
    mut append: impl FnMut(&[Row]) -> Result<(), RowError>,
) -> io::Result<()> {
    let mut from = 0;
    loop {
        let shards = runtime.block_on(store.shard_results(id, from, 1)).map_err(io::Error::other)?;
        let Some(shard) = shards.first() else { return Ok(()) };
        from = shard.number + 1;
        if let Some(bytes) = &shard.result {
            append(&ShardResult::read(bytes)?.rows).map_err(io::Error::other)?;
        }
    }
}
