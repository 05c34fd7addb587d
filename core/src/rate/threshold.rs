//! What the merchant puts on top of the carrier's price, and what a full cart takes off it.
//!
//! What this module must not know: carriers, rate tables.

use super::place_set::PlaceSet;
use super::shipment::Destination;
use super::surcharge::is_code;
use super::zone::Zone;
use crate::money::{Minor, Overflow, PartsPerMillion};
use crate::wire::{Reader, Wire, Writer};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The merchant's margin: a share of every figure of the rate, and an amount for the order. Both may be negative: a merchant who
/// carries part of the cost himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Markup {
    share: PartsPerMillion,
    fixed: Minor,
}

/// The share is below -100 % or above 1 000 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkupError(pub PartsPerMillion);

impl fmt::Display for MarkupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a markup of {} ppm is not between -1000000 and 10000000; 150000 is 15 %", self.0.0)
    }
}

impl core::error::Error for MarkupError {}

impl Markup {
    /// # Errors
    /// When the share is absurd.
    pub fn new(share: PartsPerMillion, fixed: Minor) -> Result<Self, MarkupError> {
        if (-1_000_000..=10_000_000).contains(&share.0) { Ok(Self { share, fixed }) } else { Err(MarkupError(share)) }
    }

    pub(crate) fn has_share(self) -> bool {
        self.share.0 != 0
    }

    /// What is added once to every order.
    pub(crate) fn fixed(self) -> Minor {
        self.fixed
    }

    /// A figure of the rate with the share on it, to the nearest minor unit; what was zero or more stays so.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn figure(self, figure: Minor) -> Result<Minor, Overflow> {
        figure.plus(figure.share(self.share)?)
    }
}

/// What a reached threshold does to the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Free,
    /// This share of the price off.
    Share(PartsPerMillion),
    /// This amount off, at most all.
    Amount(Minor),
}

/// A free-shipping or discount threshold.
#[derive(Debug, Clone)]
pub struct Promotion {
    pub(crate) code: String,
    from: Minor,
    effect: Effect,
    zones: Vec<Zone>,
    places: PlaceSet,
}

/// A threshold that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromotionError {
    Code(String),
    /// The cart value it begins at is negative.
    From {
        code: String,
        from: Minor,
    },
    /// Not above 0 and up to 100 %.
    Share {
        code: String,
        share: PartsPerMillion,
    },
    /// Not above 0.
    Amount {
        code: String,
        amount: Minor,
    },
}

impl fmt::Display for PromotionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => {
                write!(f, "the code \"{code}\" is not upper-case letters, digits and underscores, as \"FREE_SHIPPING\"")
            }
            Self::From { code, from } => {
                write!(f, "threshold {code}: the cart value {} is negative; 0 is every cart", from.0)
            }
            Self::Share { code, share } => {
                write!(f, "threshold {code}: {} ppm off is not between 1 and 1000000; 250000 is 25 %", share.0)
            }
            Self::Amount { code, amount } => {
                write!(f, "threshold {code}: {} off is not above 0; a discount is given as a positive amount", amount.0)
            }
        }
    }
}

impl core::error::Error for PromotionError {}

impl Promotion {
    /// From a cart value of `from` minor units on (line discounts taken off), `effect` holds: in these zones, or all when
    /// the list is empty; at these places, or everywhere when the set is empty.
    ///
    /// # Errors
    /// When code or figures cannot be meant.
    pub fn new(
        code: String,
        from: Minor,
        effect: Effect,
        mut zones: Vec<Zone>,
        places: PlaceSet,
    ) -> Result<Self, PromotionError> {
        if !is_code(&code) {
            return Err(PromotionError::Code(code));
        }
        if from < Minor::ZERO {
            return Err(PromotionError::From { code, from });
        }
        match effect {
            Effect::Share(share) if !(1..=1_000_000).contains(&share.0) => {
                return Err(PromotionError::Share { code, share });
            }
            Effect::Amount(amount) if amount <= Minor::ZERO => return Err(PromotionError::Amount { code, amount }),
            _ => {}
        }
        crate::sort::by(&mut zones, |a, b| a < b);
        Ok(Self { code, from, effect, zones, places })
    }

    /// The highest zone it names.
    pub(crate) fn last_zone(&self) -> Option<Zone> {
        self.zones.last().copied()
    }

    pub(crate) fn serves(&self, zone: Zone, destination: &Destination<'_>) -> bool {
        (self.zones.is_empty() || self.zones.binary_search(&zone).is_ok())
            && (self.places.is_empty() || self.places.contains(destination))
    }

    /// What it takes off `price` for a cart of this value: zero or more, at most the price; `None` below the threshold.
    pub(crate) fn off(&self, cart_value: Minor, price: Minor) -> Result<Option<Minor>, Overflow> {
        if cart_value < self.from {
            return Ok(None);
        }
        let off = match self.effect {
            Effect::Free => price,
            Effect::Share(share) => price.share(share)?,
            Effect::Amount(amount) => amount,
        };
        Ok(Some(off.min(price)))
    }

    /// What is missing in a cart of this value until shipping is free by this threshold: zero when it is reached, `None`
    /// when it does not make it free.
    pub(crate) fn missing(&self, cart_value: Minor) -> Result<Option<Minor>, Overflow> {
        match self.effect {
            Effect::Free | Effect::Share(PartsPerMillion(1_000_000)) => {
                self.from.minus(cart_value).map(|missing| Some(missing.max(Minor::ZERO)))
            }
            _ => Ok(None),
        }
    }
}

// The code is a name for the charge that it makes; a bundle makes no charges.
crate::wire::wire_record!(Promotion { from, effect, zones, places; code });

impl Wire for Effect {
    fn write(&self, to: &mut Writer) {
        match *self {
            Self::Free => 0u8.write(to),
            Self::Share(share) => (1u8, share).write(to),
            Self::Amount(amount) => (2u8, amount).write(to),
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Self::Free,
            1 => Self::Share(Wire::read(from)?),
            2 => Self::Amount(Wire::read(from)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::testing::address;
    use proptest::prelude::*;

    fn promotion(from: i64, effect: Effect) -> Result<Promotion, PromotionError> {
        Promotion::new("FREE".into(), Minor(from), effect, Vec::new(), PlaceSet::default())
    }

    #[test]
    fn the_threshold_itself_counts() {
        let free = promotion(5_000, Effect::Free).unwrap();
        assert_eq!(free.off(Minor(4_999), Minor(700)), Ok(None));
        assert_eq!(free.off(Minor(5_000), Minor(700)), Ok(Some(Minor(700))));
        assert_eq!(free.missing(Minor(4_999)), Ok(Some(Minor(1))));
        assert_eq!(free.missing(Minor(9_000)), Ok(Some(Minor(0))));
    }

    #[test]
    fn no_more_than_the_price_is_taken_off() {
        let amount = promotion(0, Effect::Amount(Minor(500))).unwrap();
        assert_eq!(amount.off(Minor(0), Minor(700)), Ok(Some(Minor(500))));
        assert_eq!(amount.off(Minor(0), Minor(300)), Ok(Some(Minor(300))));
        assert_eq!(amount.missing(Minor(0)), Ok(None));
        let half = promotion(0, Effect::Share(PartsPerMillion(500_000))).unwrap();
        assert_eq!(half.off(Minor(0), Minor(701)), Ok(Some(Minor(351))));
    }

    #[test]
    fn a_threshold_may_hold_in_some_zones_and_places_only() {
        let places = PlaceSet::new(["DE"], [], []).unwrap();
        let zones = alloc::vec![Zone(3), Zone(1)];
        let promotion = Promotion::new("X".into(), Minor(0), Effect::Free, zones, places).unwrap();
        let (german, french) = (address("DE", "", ""), address("FR", "", ""));
        let (german, french) = (Destination::new(&german, None), Destination::new(&french, None));
        assert!(promotion.serves(Zone(1), &german));
        assert!(!promotion.serves(Zone(2), &german));
        assert!(!promotion.serves(Zone(1), &french));
    }

    #[test]
    fn figures_that_cannot_be_meant_are_refused() {
        assert!(matches!(promotion(-1, Effect::Free), Err(PromotionError::From { .. })));
        assert!(matches!(promotion(0, Effect::Amount(Minor(0))), Err(PromotionError::Amount { .. })));
        assert!(matches!(promotion(0, Effect::Share(PartsPerMillion(1_000_001))), Err(PromotionError::Share { .. })));
        assert_eq!(Markup::new(PartsPerMillion(-1_000_001), Minor(0)), Err(MarkupError(PartsPerMillion(-1_000_001))));
    }

    proptest! {
        #[test]
        fn a_marked_up_figure_is_never_negative_and_keeps_its_order(
            figure in 0i64..i64::MAX / 20,
            more in 0i64..1_000,
            share in -1_000_000i64..10_000_000,
        ) {
            let markup = Markup::new(PartsPerMillion(share), Minor(0)).unwrap();
            let marked_up = markup.figure(Minor(figure)).unwrap();
            prop_assert!(marked_up >= Minor::ZERO);
            prop_assert!(markup.figure(Minor(figure + more)).unwrap() >= marked_up);
        }
    }
}
