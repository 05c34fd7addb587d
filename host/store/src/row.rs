//! Values out of rows. What does not read as it was written is [`StoreError::Corrupt`].

use crate::Result;
use crate::error::StoreError;
use crate::model::Json;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::str::FromStr;

pub(crate) trait Get {
    fn int(&self, column: &'static str) -> Result<i64>;
    fn int_or_none(&self, column: &'static str) -> Result<Option<i64>>;
    fn text(&self, column: &'static str) -> Result<String>;
    fn text_or_none(&self, column: &'static str) -> Result<Option<String>>;
    fn bytes(&self, column: &'static str) -> Result<Vec<u8>>;
    fn bytes_or_none(&self, column: &'static str) -> Result<Option<Vec<u8>>>;

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        let text = self.text(column)?;
        serde_json::from_str(&text).map_err(|error| StoreError::corrupt("column", column, error))
    }

    fn json_or_none(&self, column: &'static str) -> Result<Option<Json>> {
        let Some(text) = self.text_or_none(column)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|error| StoreError::corrupt("column", column, error))
    }

    fn word<T: FromStr<Err = StoreError>>(&self, column: &'static str) -> Result<T> {
        self.text(column)?.parse().map_err(|error| StoreError::corrupt("column", column, error))
    }
}

impl Get for AnyRow {
    fn int(&self, column: &'static str) -> Result<i64> {
        Ok(self.try_get(column)?)
    }
    fn int_or_none(&self, column: &'static str) -> Result<Option<i64>> {
        Ok(self.try_get(column)?)
    }
    fn text(&self, column: &'static str) -> Result<String> {
        Ok(self.try_get(column)?)
    }
    fn text_or_none(&self, column: &'static str) -> Result<Option<String>> {
        Ok(self.try_get(column)?)
    }
    fn bytes(&self, column: &'static str) -> Result<Vec<u8>> {
        Ok(self.try_get(column)?)
    }
    fn bytes_or_none(&self, column: &'static str) -> Result<Option<Vec<u8>>> {
        Ok(self.try_get(column)?)
    }
}

/// Each row made into something.
pub(crate) fn each<T>(rows: &[AnyRow], one: impl Fn(&AnyRow) -> Result<T>) -> Result<Vec<T>> {
    rows.iter().map(one).collect()
}
