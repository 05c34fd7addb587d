//! Rows as Parquet, without Arrow: one column after the other, Snappy.

use super::{COLUMNS, Row};
use crate::error::RowError;
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;

/// Rows of one row group: what a writer holds at the most.
const GROUP: usize = 20_000;

/// A column's values.
#[derive(Clone, Copy)]
enum Column {
    Text(fn(&Row) -> &str),
    MaybeText(fn(&Row) -> Option<&str>),
    Flag(fn(&Row) -> bool),
    /// Milliseconds, UTC.
    Moment(fn(&Row) -> i64),
    Long(fn(&Row) -> i64),
    MaybeLong(fn(&Row) -> Option<i64>),
    Day(fn(&Row) -> Option<i32>),
}

/// In the order of [`COLUMNS`].
const VALUES: [Column; COLUMNS.len()] = [
    Column::Text(|row| &row.record),
    Column::Moment(|row| row.at_millis),
    Column::Text(|row| &row.hook),
    Column::Flag(|row| row.same),
    Column::Text(|row| &row.changes),
    Column::Text(|row| &row.currency),
    Column::MaybeText(|row| row.old_error.as_deref()),
    Column::MaybeText(|row| row.new_error.as_deref()),
    Column::MaybeText(|row| row.old_fallback.as_deref()),
    Column::MaybeText(|row| row.new_fallback.as_deref()),
    Column::MaybeText(|row| row.old_verdict.as_deref()),
    Column::MaybeText(|row| row.new_verdict.as_deref()),
    Column::MaybeLong(|row| row.old_amount),
    Column::MaybeLong(|row| row.new_amount),
    Column::Day(|row| row.old_day),
    Column::Day(|row| row.new_day),
    Column::MaybeLong(|row| row.old_count.map(i64::from)),
    Column::MaybeLong(|row| row.new_count.map(i64::from)),
    Column::MaybeLong(|row| row.old_score.map(i64::from)),
    Column::MaybeLong(|row| row.new_score.map(i64::from)),
    Column::Text(|row| &row.added),
    Column::Text(|row| &row.removed),
    Column::Long(|row| long(row.old_fuel)),
    Column::Long(|row| long(row.new_fuel)),
    Column::Long(|row| long(row.old_micros)),
    Column::Long(|row| long(row.new_micros)),
];

fn long(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn schema() -> String {
    let field = |(name, column): (&str, Column)| match column {
        Column::Text(_) => format!("REQUIRED BYTE_ARRAY {name} (UTF8);"),
        Column::MaybeText(_) => format!("OPTIONAL BYTE_ARRAY {name} (UTF8);"),
        Column::Flag(_) => format!("REQUIRED BOOLEAN {name};"),
        Column::Moment(_) => format!("REQUIRED INT64 {name} (TIMESTAMP(MILLIS,true));"),
        Column::Long(_) => format!("REQUIRED INT64 {name};"),
        Column::MaybeLong(_) => format!("OPTIONAL INT64 {name};"),
        Column::Day(_) => format!("OPTIONAL INT32 {name} (DATE);"),
    };
    let fields: Vec<_> = COLUMNS.into_iter().zip(VALUES).map(field).collect();
    format!("message decisions {{ {} }}", fields.join(" "))
}

/// Writes Parquet, shard by shard; at the most 20,000 rows (a row group) are held.
#[derive(Debug)]
pub struct ParquetRows<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    rows: Vec<Row>,
}

impl<W: Write + Send> ParquetRows<W> {
    /// # Errors
    /// When `out` fails.
    pub fn new(out: W) -> std::result::Result<Self, RowError> {
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let schema = Arc::new(parse_message_type(&schema())?);
        Ok(Self { writer: SerializedFileWriter::new(out, schema, Arc::new(properties))?, rows: Vec::new() })
    }

    /// # Errors
    /// When `out` fails.
    pub fn append(&mut self, rows: &[Row]) -> std::result::Result<(), RowError> {
        for row in rows {
            self.rows.push(row.clone());
            if self.rows.len() == GROUP {
                self.group()?;
            }
        }
        Ok(())
    }

    /// # Errors
    /// When `out` fails. Without this the file has no end and cannot be read.
    pub fn finish(mut self) -> std::result::Result<W, RowError> {
        self.group()?;
        Ok(self.writer.into_inner()?)
    }

    fn group(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in VALUES {
            let Some(writer) = group.next_column()? else { break };
            write(writer, column, &self.rows)?;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

fn write(mut to: SerializedColumnWriter<'_>, column: Column, rows: &[Row]) -> Result<()> {
    match column {
        Column::Text(text) => all::<ByteArrayType>(&mut to, rows.iter().map(|row| ByteArray::from(text(row))))?,
        Column::MaybeText(text) => {
            some::<ByteArrayType>(&mut to, rows.iter().map(|row| text(row).map(ByteArray::from)))?;
        }
        Column::Flag(flag) => all::<BoolType>(&mut to, rows.iter().map(flag))?,
        Column::Moment(number) | Column::Long(number) => all::<Int64Type>(&mut to, rows.iter().map(number))?,
        Column::MaybeLong(number) => some::<Int64Type>(&mut to, rows.iter().map(number))?,
        Column::Day(day) => some::<Int32Type>(&mut to, rows.iter().map(day))?,
    }
    to.close()
}

/// A column that is always there.
fn all<T: DataType>(to: &mut SerializedColumnWriter<'_>, values: impl Iterator<Item = T::T>) -> Result<()> {
    let values: Vec<_> = values.collect();
    to.typed::<T>().write_batch(&values, None, None)?;
    Ok(())
}

/// A column that may be absent: its values, and for each row whether there is one.
fn some<T: DataType>(to: &mut SerializedColumnWriter<'_>, values: impl Iterator<Item = Option<T::T>>) -> Result<()> {
    let values: Vec<_> = values.collect();
    let there: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<_> = values.into_iter().flatten().collect();
    to.typed::<T>().write_batch(&values, Some(&there), None)?;
    Ok(())
}

/// All rows at once, as Parquet.
///
/// # Errors
/// When `out` fails.
pub fn write_parquet<W: Write + Send>(out: W, rows: &[Row]) -> std::result::Result<W, RowError> {
    let mut writer = ParquetRows::new(out)?;
    writer.append(rows)?;
    writer.finish()
}
