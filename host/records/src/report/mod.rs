//! What a backtest found, as figures that add up: the report of two shards together is the report of the whole.

mod spread;

use crate::compare::{Change, Comparison, Delta};
use crate::record_id::RecordId;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub use spread::Spread;

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
        let Comparison { old, new, .. } = comparison;
        self.calls += 1;
        *(if comparison.same { &mut self.same } else { &mut self.changed }) += 1;
        self.failed_on_new += u64::from(new.is_failure() && !old.is_failure());
        self.failed_on_old += u64::from(old.is_failure() && !new.is_failure());
        for change in &comparison.changes {
            *self.by_change.entry(*change).or_default() += 1;
        }
        if !comparison.money.is_empty() {
            let money = self.money.entry(comparison.currency.clone()).or_default();
            comparison.money.iter().for_each(|delta| money.add(delta.change()));
        }
        comparison.days.iter().for_each(|delta| self.days.add(delta.change()));
        for (from, to) in &comparison.verdicts {
            *self.verdicts.entry(from.clone()).or_default().entry(to.clone()).or_default() += 1;
        }
        count(&mut self.added, &comparison.added);
        count(&mut self.removed, &comparison.removed);
        let figure = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.old_fuel.add(figure(old.fuel));
        self.new_fuel.add(figure(new.fuel));
        self.old_micros.add(figure(old.micros));
        self.new_micros.add(figure(new.micros));
        if !comparison.same {
            self.keep([Example { record, comparison: comparison.clone() }]);
        }
    }

    /// A record that could not be compared.
    pub fn skip(&mut self, why: &str) {
        *self.skipped.entry(why.into()).or_default() += 1;
    }

    /// Takes another shard's figures in.
    pub fn merge(&mut self, other: Self) {
        self.calls += other.calls;
        self.same += other.same;
        self.changed += other.changed;
        self.failed_on_new += other.failed_on_new;
        self.failed_on_old += other.failed_on_old;
        sum(&mut self.skipped, other.skipped);
        sum(&mut self.by_change, other.by_change);
        sum(&mut self.added, other.added);
        sum(&mut self.removed, other.removed);
        for (currency, money) in other.money {
            self.money.entry(currency).or_default().merge(money);
        }
        self.days.merge(other.days);
        for (from, to) in other.verdicts {
            sum(self.verdicts.entry(from).or_default(), to);
        }
        self.old_fuel.merge(other.old_fuel);
        self.new_fuel.merge(other.new_fuel);
        self.old_micros.merge(other.old_micros);
        self.new_micros.merge(other.new_micros);
        self.keep(other.examples);
    }

    /// The largest of these and of those that are there.
    fn keep(&mut self, examples: impl IntoIterator<Item = Example>) {
        self.examples.extend(examples);
        self.examples.sort_by_cached_key(Example::rank);
        self.examples.dedup_by_key(|example| example.record);
        self.examples.truncate(Self::EXAMPLES);
    }
}

impl Example {
    /// The smallest is told first: failures on the new side, other verdicts, then by money, then by days; the record's id where all is equal.
    fn rank(&self) -> (Reverse<u8>, Reverse<u64>, Reverse<u64>, RecordId) {
        let Comparison { old, new, changes, money, days, .. } = &self.comparison;
        let class = match (new.is_failure() && !old.is_failure(), changes.contains(&Change::Verdict)) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        let largest = |deltas: &[Delta]| deltas.iter().map(|delta| delta.change().unsigned_abs()).max().unwrap_or(0);
        (Reverse(class), Reverse(largest(money)), Reverse(largest(days)), self.record)
    }
}

fn count(counts: &mut BTreeMap<String, u64>, names: &[String]) {
    for name in names {
        *counts.entry(name.clone()).or_default() += 1;
    }
}

fn sum<K: Ord>(counts: &mut BTreeMap<K, u64>, other: BTreeMap<K, u64>) {
    for (key, count) in other {
        *counts.entry(key).or_default() += count;
    }
}
