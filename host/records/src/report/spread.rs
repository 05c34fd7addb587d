//! A sum with its spread.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Values beyond this count as this: ten thousand million in a currency with cents. So one that is out of all bounds hides no other, and the
/// sum of nine million still is a number that every reader of JSON takes.
const LARGEST: i64 = 1_000_000_000_000;

/// A sum with its spread; two of them together are that of all values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spread {
    pub count: u64,
    pub sum: i128,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// How many values lie in each bucket, by the bucket's end nearer to zero: 0, 1, 2, 5, 10, 20, 50 … and the same below zero.
    pub histogram: BTreeMap<i64, u64>,
}

impl Spread {
    pub fn add(&mut self, value: i64) {
        let value = value.clamp(-LARGEST, LARGEST);
        self.count += 1;
        self.sum += i128::from(value);
        self.min = Some(self.min.map_or(value, |min| min.min(value)));
        self.max = Some(self.max.map_or(value, |max| max.max(value)));
        *self.histogram.entry(bucket(value)).or_default() += 1;
    }

    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = [self.min, other.min].into_iter().flatten().min();
        self.max = self.max.max(other.max);
        for (bucket, count) in other.histogram {
            *self.histogram.entry(bucket).or_default() += count;
        }
    }

    /// The bucket in which the value lies that is above so many per mille of all, by its end nearer to zero.
    pub fn quantile(&self, per_mille: u64) -> Option<i64> {
        let wanted = (self.count * per_mille.min(1000)).div_ceil(1000).max(1);
        let mut seen = 0;
        self.histogram.iter().find_map(|(bucket, count)| {
            seen += count;
            (seen >= wanted).then_some(*bucket)
        })
    }
}

fn bucket(value: i64) -> i64 {
    let size = value.unsigned_abs();
    let Some(digits) = size.checked_ilog10() else { return 0 };
    let ten = 10_i64.pow(digits);
    let step = match size / ten.unsigned_abs() {
        1 => 1,
        2..=4 => 2,
        _ => 5,
    };
    step * ten * value.signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_told_by_their_end_nearer_to_zero() {
        for (value, expected) in [(0, 0), (1, 1), (4, 2), (5, 5), (9, 5), (10, 10), (19, 10), (-1, -1), (-4999, -2000)]
        {
            assert_eq!(bucket(value), expected, "{value}");
        }
    }

    #[test]
    fn a_quantile_is_the_bucket_of_the_value_there() {
        let mut spread = Spread::default();
        assert_eq!(spread.quantile(500), None);
        (1..=100).for_each(|value| spread.add(value));
        assert_eq!((spread.quantile(0), spread.quantile(500), spread.quantile(990)), (Some(1), Some(50), Some(50)));
        assert_eq!((spread.quantile(1000), spread.sum, spread.min, spread.max), (Some(100), 5050, Some(1), Some(100)));
    }

    #[test]
    fn one_value_out_of_all_bounds_does_not_break_the_sum() {
        let mut spread = Spread::default();
        for value in [i64::MAX, i64::MIN, 7] {
            spread.add(value);
        }
        assert_eq!(spread.sum, 7);
    }
}
