//! What a backtest found, as figures that add up: the report of two shards together is the report of the whole.

use crate::compare::{Change, Comparison};
use crate::record_id::RecordId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sum with its spread.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    pub count: u64,
    pub sum: i128,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// How many values lie in each bucket, by the bucket's end that is nearer to zero.
    pub histogram: BTreeMap<i64, u64>,
}

/// A decision that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Example {
    pub record: RecordId,
    pub comparison: Comparison,
}

/// What would have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Decisions that were compared.
    pub calls: u64,
    pub same: u64,
    pub changed: u64,
    /// Records that could not be compared, by why: `erased`, `omitted`, `damaged` …
    pub skipped: BTreeMap<String, u64>,
    /// No answer or the fallback on the new side, where the old had neither.
    pub failed_on_new: u64,
    /// The other way round.
    pub failed_on_old: u64,
    pub by_change: BTreeMap<Change, u64>,
    /// New less old in minor units, by currency, of everything that both answers price.
    pub money: BTreeMap<String, Spread>,
    /// New less old in days.
    pub days: Spread,
    /// How often each verdict became which: from, to.
    pub verdicts: BTreeMap<String, BTreeMap<String, u64>>,
    pub added: BTreeMap<String, u64>,
    pub removed: BTreeMap<String, u64>,
    pub old_fuel: Spread,
    pub new_fuel: Spread,
    pub old_micros: Spread,
    pub new_micros: Spread,
    /// The largest changes, at most [`Report::EXAMPLES`].
    pub examples: Vec<Example>,
}

impl Report {
    pub const EXAMPLES: usize = 20;

    pub fn add(&mut self, record: RecordId, comparison: &Comparison) {
        todo!("{record:?} {comparison:?}")
    }

    /// A record that could not be compared.
    pub fn skip(&mut self, why: &str) {
        *self.skipped.entry(why.into()).or_default() += 1;
    }

    /// Takes another shard's figures in.
    pub fn merge(&mut self, other: Self) {
        todo!("{other:?}")
    }
}
