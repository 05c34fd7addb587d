//! How many days a service takes, as fixed figures or read off what it took in the past.
//!
//! What this file must not know: on which days it is.

use crate::money::PartsPerMillion;
use alloc::vec::Vec;
use core::fmt;

/// The longest transit, and the longest handling: ten years. More is a slip of the pen.
pub const MOST_DAYS: u16 = 3_650;

/// The days a service takes from hand-over to arrival, at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transit {
    min: u16,
    max: u16,
}

/// So many parcels of the past took so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Took {
    pub days: u16,
    /// Parcels, or any other weight.
    pub parcels: u64,
}

/// Why there are no transit days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransitError {
    /// The fewest days are more than the most.
    MinAboveMax { min: u16, max: u16 },
    /// More than [`MOST_DAYS`]; `index` is the histogram's entry, or 0 and 1 for the fixed minimum and maximum.
    TooManyDays { index: usize, days: u16 },
    /// The histogram has no entry with a parcel in it.
    NoParcels,
    /// A quantile outside 0 to 1 000 000; `index` is 0 for the earliest, 1 for the latest.
    QuantileOutOfRange { index: usize, quantile: PartsPerMillion },
    /// The quantile for the earliest day is above that for the latest.
    EarliestAboveLatest { earliest: PartsPerMillion, latest: PartsPerMillion },
}

impl fmt::Display for TransitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MinAboveMax { min, max } => {
                write!(f, "a transit of at least {min} and at most {max} days: the first must not be above the second")
            }
            Self::TooManyDays { index, days } => {
                write!(f, "transit entry {index} is {days} days: it must be 0 to {MOST_DAYS}")
            }
            Self::NoParcels => {
                f.write_str("the transit histogram counts no parcel: give at least one entry with a count above 0")
            }
            Self::QuantileOutOfRange { index, quantile } => {
                write!(f, "transit quantile {index} is {} parts per million: it must be 0 to 1000000", quantile.0)
            }
            Self::EarliestAboveLatest { earliest, latest } => write!(
                f,
                "the quantile for the earliest day is {} parts per million, for the latest {}: the first must not be above the second",
                earliest.0, latest.0
            ),
        }
    }
}

impl core::error::Error for TransitError {}

impl Transit {
    /// At least `min` and at most `max` days.
    ///
    /// # Errors
    /// [`TransitError::MinAboveMax`], [`TransitError::TooManyDays`].
    pub const fn days(min: u16, max: u16) -> Result<Self, TransitError> {
        if min > max {
            return Err(TransitError::MinAboveMax { min, max });
        }
        if max > MOST_DAYS {
            // `min` may lie above as well; one of them is enough to be told of.
            return Err(TransitError::TooManyDays { index: 1, days: max });
        }
        Ok(Self { min, max })
    }

    /// The days within which these shares of past parcels had arrived: the quantile `q` is the smallest number of days that
    /// at least `q` of all parcels did not exceed. Quantile 0 is the fastest parcel's days. Entries may stand in any order,
    /// and the same number of days may come twice.
    ///
    /// ```
    /// use cartwright_core::{money::PartsPerMillion, promise::{Took, Transit}};
    ///
    /// let past = [Took { days: 1, parcels: 5 }, Took { days: 2, parcels: 80 }, Took { days: 4, parcels: 15 }];
    /// let (p10, p90) = (PartsPerMillion(100_000), PartsPerMillion(900_000));
    /// assert_eq!(Transit::from_histogram(&past, p10, p90), Transit::days(2, 4));
    /// ```
    ///
    /// # Errors
    /// [`TransitError`], with the index of the entry.
    pub fn from_histogram(
        past: &[Took],
        earliest: PartsPerMillion,
        latest: PartsPerMillion,
    ) -> Result<Self, TransitError> {
        for (index, quantile) in [earliest, latest].into_iter().enumerate() {
            if !(0..=1_000_000).contains(&quantile.0) {
                return Err(TransitError::QuantileOutOfRange { index, quantile });
            }
        }
        if earliest > latest {
            return Err(TransitError::EarliestAboveLatest { earliest, latest });
        }
        if let Some((index, entry)) = past.iter().enumerate().find(|(_, entry)| entry.days > MOST_DAYS) {
            return Err(TransitError::TooManyDays { index, days: entry.days });
        }
        let mut sorted: Vec<Took> = past.iter().copied().filter(|entry| entry.parcels > 0).collect();
        crate::sort::by(&mut sorted, |a, b| a.days < b.days);
        let min = quantile(&sorted, earliest).ok_or(TransitError::NoParcels)?;
        let max = quantile(&sorted, latest).ok_or(TransitError::NoParcels)?;
        Ok(Self { min, max })
    }

    pub const fn min(self) -> u16 {
        self.min
    }

    pub const fn max(self) -> u16 {
        self.max
    }
}

/// `None` for an empty histogram.
fn quantile(sorted: &[Took], share: PartsPerMillion) -> Option<u16> {
    let total: u128 = sorted.iter().map(|entry| u128::from(entry.parcels)).sum();
    // 64 bits times a list that fits the memory times a million stays far below 128 bits.
    let wanted = total * u128::from(share.0.unsigned_abs());
    let mut arrived: u128 = 0;
    sorted
        .iter()
        .find(|entry| {
            arrived += u128::from(entry.parcels);
            arrived * 1_000_000 >= wanted
        })
        .map(|entry| entry.days)
}

crate::wire::wire_record!(Transit { min, max });

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn ppm(value: i64) -> PartsPerMillion {
        PartsPerMillion(value)
    }

    #[test]
    fn a_quantile_is_reached_at_exactly_its_share() {
        let past = [Took { days: 3, parcels: 1 }, Took { days: 1, parcels: 1 }, Took { days: 2, parcels: 8 }];
        assert_eq!(Transit::from_histogram(&past, ppm(100_000), ppm(900_000)), Transit::days(1, 2));
        assert_eq!(Transit::from_histogram(&past, ppm(100_001), ppm(900_001)), Transit::days(2, 3));
        assert_eq!(Transit::from_histogram(&past, ppm(0), ppm(1_000_000)), Transit::days(1, 3));
    }

    #[test]
    fn days_without_parcels_do_not_count() {
        let past = [Took { days: 1, parcels: 0 }, Took { days: 5, parcels: 2 }, Took { days: 9, parcels: 0 }];
        assert_eq!(Transit::from_histogram(&past, ppm(0), ppm(1_000_000)), Transit::days(5, 5));
        assert_eq!(Transit::from_histogram(&past[..1], ppm(0), ppm(1)), Err(TransitError::NoParcels));
        assert_eq!(Transit::from_histogram(&[], ppm(0), ppm(1)), Err(TransitError::NoParcels));
    }

    #[test]
    fn the_largest_counts_do_not_overflow() {
        let past = [Took { days: 1, parcels: u64::MAX }, Took { days: 2, parcels: u64::MAX }];
        assert_eq!(Transit::from_histogram(&past, ppm(500_000), ppm(500_001)), Transit::days(1, 2));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_value() {
        assert_eq!(Transit::days(3, 2), Err(TransitError::MinAboveMax { min: 3, max: 2 }));
        assert_eq!(Transit::days(0, 3_651), Err(TransitError::TooManyDays { index: 1, days: 3_651 }));
        let past = [Took { days: 1, parcels: 1 }, Took { days: u16::MAX, parcels: 1 }];
        let error = TransitError::TooManyDays { index: 1, days: u16::MAX };
        assert_eq!(Transit::from_histogram(&past, ppm(0), ppm(1)), Err(error));
        let error = TransitError::QuantileOutOfRange { index: 1, quantile: ppm(1_000_001) };
        assert_eq!(Transit::from_histogram(&past[..1], ppm(0), ppm(1_000_001)), Err(error));
        let error = TransitError::EarliestAboveLatest { earliest: ppm(2), latest: ppm(1) };
        assert_eq!(Transit::from_histogram(&past[..1], ppm(2), ppm(1)), Err(error));
    }

    proptest! {
        #[test]
        fn the_latest_is_never_before_the_earliest(
            past in prop::collection::vec((0u16..30, 0u64..50), 0..12),
            low in 0i64..=1_000_000,
            high in 0i64..=1_000_000,
        ) {
            let past: Vec<Took> = past.into_iter().map(|(days, parcels)| Took { days, parcels }).collect();
            if let Ok(transit) = Transit::from_histogram(&past, ppm(low.min(high)), ppm(low.max(high))) {
                prop_assert!(transit.min() <= transit.max());
            }
        }
    }
}
