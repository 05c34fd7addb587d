//! Money in minor units, shares in millionths, and rounding; all checked, nothing floating.

use core::fmt;

/// An amount in the minor unit of a currency that the context names (cents for USD, yen for JPY).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Minor(pub i64);

/// A share of the whole in millionths: 125 000 is 12.5 %. May be above one whole or negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PartsPerMillion(pub i64);

/// The sum or product does not fit a signed 64-bit number of minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the amount does not fit a signed 64-bit number of minor units")
    }
}

impl core::error::Error for Overflow {}

impl Minor {
    pub const ZERO: Self = Self(0);

    /// # Errors
    /// When the sum does not fit.
    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// # Errors
    /// When the difference does not fit.
    pub fn minus(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// # Errors
    /// When the product does not fit.
    pub fn times(self, count: u64) -> Result<Self, Overflow> {
        i64::try_from(count).ok().and_then(|count| self.0.checked_mul(count)).map(Self).ok_or(Overflow)
    }

    /// This share of the amount, to the nearest minor unit, halves away from zero.
    ///
    /// # Errors
    /// When the result does not fit.
    pub fn share(self, share: PartsPerMillion) -> Result<Self, Overflow> {
        let product = i128::from(self.0) * i128::from(share.0);
        let half = if product < 0 { -500_000 } else { 500_000 };
        i64::try_from((product + half) / 1_000_000).map(Self).map_err(|_| Overflow)
    }
}

crate::wire::wire_newtype!(Minor, PartsPerMillion);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(Minor(5).share(PartsPerMillion(500_000)), Ok(Minor(3)));
        assert_eq!(Minor(-5).share(PartsPerMillion(500_000)), Ok(Minor(-3)));
        assert_eq!(Minor(1_000).share(PartsPerMillion(125_000)), Ok(Minor(125)));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(Minor(i64::MAX).plus(Minor(1)), Err(Overflow));
        assert_eq!(Minor(i64::MIN).minus(Minor(1)), Err(Overflow));
        assert_eq!(Minor(2).times(u64::MAX), Err(Overflow));
        assert_eq!(Minor(i64::MAX).share(PartsPerMillion(1_000_001)), Err(Overflow));
    }

    proptest! {
        #[test]
        fn a_share_is_within_half_a_unit_of_the_exact_product(amount in any::<i32>(), share in -10_000_000i64..10_000_000) {
            let rounded = Minor(i64::from(amount)).share(PartsPerMillion(share)).unwrap();
            let error = i128::from(rounded.0) * 1_000_000 - i128::from(amount) * i128::from(share);
            prop_assert!(error.abs() <= 500_000);
        }
    }
}
