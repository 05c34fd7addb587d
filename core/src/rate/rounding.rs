//! What makes a price end as the merchant wants: in multiples (0.05) or with an ending (.99).
//!
//! What this module must not know: how the price came about.

use crate::money::{Minor, Overflow};
use core::fmt;

/// Which of the two neighbours a price moves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The nearer one; the upper one from the middle.
    Nearest,
    Up,
    /// A price below the lowest ending stays as it is.
    Down,
}

/// Prices end in `ending` within every `period`: 99 within 100 gives 4.99, 5.99; 0 within 5 gives multiples of 0.05.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    direction: Direction,
    period: i64,
    ending: i64,
}

/// An ending that no price can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundingError {
    /// Not 1 or more.
    Period(Minor),
    /// Negative, or not below the period.
    Ending { ending: Minor, period: Minor },
}

impl fmt::Display for RoundingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Period(period) => write!(f, "prices cannot be rounded to {} minor units; give 1 or more", period.0),
            Self::Ending { ending, period } => {
                write!(f, "the ending {} is not between 0 and {}, within {}", ending.0, period.0 - 1, period.0)
            }
        }
    }
}

impl core::error::Error for RoundingError {}

impl Rounding {
    /// To multiples of `step` minor units.
    ///
    /// # Errors
    /// When `step` is not 1 or more.
    pub fn to_multiple(direction: Direction, step: Minor) -> Result<Self, RoundingError> {
        Self::to_ending(direction, step, Minor::ZERO)
    }

    /// To `ending` within every `period`, both in minor units.
    ///
    /// # Errors
    /// When the period is not 1 or more, or the ending not within it.
    pub fn to_ending(direction: Direction, period: Minor, ending: Minor) -> Result<Self, RoundingError> {
        if period.0 < 1 {
            return Err(RoundingError::Period(period));
        }
        if !(0..period.0).contains(&ending.0) {
            return Err(RoundingError::Ending { ending, period });
        }
        Ok(Self { direction, period: period.0, ending: ending.0 })
    }

    /// The rounded price. Nothing stays nothing: what is free does not end in .99. Never negative.
    ///
    /// # Errors
    /// When the next ending does not fit.
    pub fn apply(self, price: Minor) -> Result<Minor, Overflow> {
        if price.0 <= 0 {
            return Ok(Minor::ZERO);
        }
        let Self { direction, period, ending } = self;
        // How far the price is above the ending below it.
        let above = (price.0 % period - ending).rem_euclid(period);
        if above == 0 {
            return Ok(price);
        }
        let lower = Some(price.0 - above).filter(|lower| *lower >= 0).map(Minor);
        let upper = price.plus(Minor(period - above));
        match (direction, lower) {
            (Direction::Up, _) | (Direction::Nearest, None) => upper,
            (Direction::Down, lower) => Ok(lower.unwrap_or(price)),
            (Direction::Nearest, Some(lower)) => {
                if above < period - above {
                    Ok(lower)
                } else {
                    upper
                }
            }
        }
    }
}

crate::wire::wire_cases!(Direction { Nearest, Up, Down });
crate::wire::wire_record!(Rounding { direction, period, ending });

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round(direction: Direction, period: i64, ending: i64, price: i64) -> i64 {
        Rounding::to_ending(direction, Minor(period), Minor(ending)).unwrap().apply(Minor(price)).unwrap().0
    }

    #[test]
    fn multiples_are_reached_in_the_direction_that_was_set() {
        assert_eq!(round(Direction::Nearest, 5, 0, 1_002), 1_000);
        assert_eq!(round(Direction::Nearest, 5, 0, 1_003), 1_005);
        assert_eq!(round(Direction::Nearest, 10, 0, 1_005), 1_010);
        assert_eq!(round(Direction::Up, 50, 0, 1_001), 1_050);
        assert_eq!(round(Direction::Down, 50, 0, 1_049), 1_000);
    }

    #[test]
    fn endings_are_kept_and_reached() {
        assert_eq!(round(Direction::Up, 100, 99, 499), 499);
        assert_eq!(round(Direction::Up, 100, 99, 500), 599);
        assert_eq!(round(Direction::Down, 100, 95, 500), 495);
        assert_eq!(round(Direction::Nearest, 100, 99, 540), 499);
        assert_eq!(round(Direction::Nearest, 100, 99, 30), 99);
        assert_eq!(round(Direction::Down, 100, 99, 30), 30);
    }

    #[test]
    fn what_is_free_stays_free() {
        assert_eq!(round(Direction::Up, 100, 99, 0), 0);
    }

    #[test]
    fn an_ending_that_no_price_can_have_is_refused() {
        let ending = |period, ending| Rounding::to_ending(Direction::Up, Minor(period), Minor(ending));
        assert_eq!(ending(0, 0), Err(RoundingError::Period(Minor(0))));
        assert_eq!(ending(100, 100), Err(RoundingError::Ending { ending: Minor(100), period: Minor(100) }));
        assert_eq!(ending(100, -1), Err(RoundingError::Ending { ending: Minor(-1), period: Minor(100) }));
    }

    proptest! {
        #[test]
        fn rounding_moves_by_less_than_a_period_and_is_done_once(
            price in any::<i64>(), period in 1i64.., ending in any::<u64>(), way in 0usize..3,
        ) {
            let direction = [Direction::Nearest, Direction::Up, Direction::Down][way];
            let ending = i64::try_from(ending % period.unsigned_abs()).unwrap();
            let rounding = Rounding::to_ending(direction, Minor(period), Minor(ending)).unwrap();
            if let Ok(once) = rounding.apply(Minor(price)) {
                prop_assert!(once.0 >= 0);
                prop_assert_eq!(rounding.apply(once), Ok(once));
                if price > 0 {
                    prop_assert!((i128::from(once.0) - i128::from(price)).abs() < i128::from(period));
                }
            }
        }
    }
}
