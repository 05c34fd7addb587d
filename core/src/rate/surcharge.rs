//! Surcharges: what a carrier adds for a property of the parcel, the order or the destination.
//!
//! What this module must not know: rate tables, discounts.

use super::place_set::PlaceSet;
use super::shipment::{Parcel, Shipment};
use super::threshold::Markup;
use super::weight_break::Per;
use crate::money::{Minor, Overflow, PartsPerMillion};
use crate::units::{CubicMillimetres, Grams, Millimetres};
use crate::wire::{Reader, Wire, Writer};
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

/// When a surcharge applies.
#[derive(Debug, Clone)]
pub enum Condition {
    Always,
    /// The destination is a home. `when_unknown` decides for an address of which nobody knows.
    Residential {
        when_unknown: bool,
    },
    /// The destination is in the set: a carrier's remote area, some countries, some subdivisions. Shared, because several
    /// services of a carrier have the same long list.
    Destination(Arc<PlaceSet>),
    /// A parcel exceeds one of the given limits.
    Oversize {
        longest: Option<Millimetres>,
        /// Longest side + 2 x (second + third), in millimetres.
        length_and_girth: Option<u64>,
        volume: Option<CubicMillimetres>,
    },
    /// A parcel weighs more, goods and packaging.
    Overweight(Grams),
    /// A parcel holds a dangerous good.
    Hazardous,
    /// The cart or one of its lines bears the tag.
    Tag(String),
}

impl Condition {
    /// Whether it is a property of single parcels; `None` for a property of the whole shipment.
    fn of_parcel(&self, parcel: &Parcel) -> Option<bool> {
        match self {
            Self::Oversize { longest, length_and_girth, volume } => Some(
                longest.is_some_and(|limit| parcel.size.sorted()[0] > limit)
                    || length_and_girth.is_some_and(|limit| parcel.length_and_girth() > limit)
                    || volume.is_some_and(|limit| parcel.volume() > limit),
            ),
            Self::Overweight(limit) => Some(parcel.gross > *limit),
            Self::Hazardous => Some(parcel.hazardous),
            _ => None,
        }
    }

    fn of_shipment(&self, shipment: &Shipment<'_>) -> bool {
        match self {
            Self::Residential { when_unknown } => shipment.destination.address.residential.unwrap_or(*when_unknown),
            Self::Destination(places) => places.contains(shipment.destination),
            Self::Tag(tag) => shipment.bears(tag),
            _ => true,
        }
    }
}

/// What a share is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareOf {
    /// The freight, lifted to the minimum charge.
    Freight,
    /// The freight and the surcharges before this one, as carriers take fuel on what a home costs extra.
    FreightAndSurcharges,
}

/// One surcharge.
#[derive(Debug, Clone)]
pub struct Surcharge {
    pub(crate) code: String,
    pub(crate) per: Per,
    fixed: Minor,
    share: PartsPerMillion,
    of: ShareOf,
    when: Condition,
}

/// A surcharge that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SurchargeError {
    /// No code, or other characters than upper-case letters, digits and `_`.
    Code(String),
    /// A discount is not a surcharge.
    NegativeAmount { code: String, fixed: Minor },
    /// Negative, or above ten times the base.
    Share { code: String, share: PartsPerMillion },
    /// Neither an amount nor a share.
    Nothing { code: String },
    /// A parcel's share can only be taken of its own freight.
    ParcelShareOfSurcharges { code: String },
    /// An oversize condition without a limit, or a tag without a name, never applies.
    EmptyCondition { code: String },
}

impl fmt::Display for SurchargeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => {
                write!(f, "the code \"{code}\" is not upper-case letters, digits and underscores, as \"REMOTE_AREA\"")
            }
            Self::NegativeAmount { code, fixed } => {
                write!(f, "surcharge {code}: the amount {} is negative; use a discount or a markup instead", fixed.0)
            }
            Self::Share { code, share } => {
                write!(
                    f,
                    "surcharge {code}: a share of {} ppm is not between 0 and 10000000; 125000 is 12.5 %",
                    share.0
                )
            }
            Self::Nothing { code } => write!(f, "surcharge {code}: give an amount, a share, or both"),
            Self::ParcelShareOfSurcharges { code } => {
                write!(
                    f,
                    "surcharge {code}: a share per parcel is taken of the parcel's freight; take it per order instead"
                )
            }
            Self::EmptyCondition { code } => {
                write!(f, "surcharge {code}: its condition never applies; give a limit, a place or a tag")
            }
        }
    }
}

impl core::error::Error for SurchargeError {}

/// Stable names are upper snake case, as the contract has it.
pub(crate) fn is_code(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

impl Surcharge {
    /// `fixed` in minor units plus `share` of a base, once an order or once for every parcel that meets the condition.
    ///
    /// Per order, a condition on parcels is met when one parcel meets it.
    ///
    /// # Errors
    /// When the surcharge could never apply, is negative, or has no stable code.
    pub fn new(
        code: String,
        per: Per,
        fixed: Minor,
        share: (PartsPerMillion, ShareOf),
        when: Condition,
    ) -> Result<Self, SurchargeError> {
        let (share, of) = share;
        if !is_code(&code) {
            return Err(SurchargeError::Code(code));
        }
        if fixed < Minor::ZERO {
            return Err(SurchargeError::NegativeAmount { code, fixed });
        }
        if !(0..=10_000_000).contains(&share.0) {
            return Err(SurchargeError::Share { code, share });
        }
        if fixed == Minor::ZERO && share.0 == 0 {
            return Err(SurchargeError::Nothing { code });
        }
        if per == Per::Parcel && share.0 != 0 && of == ShareOf::FreightAndSurcharges {
            return Err(SurchargeError::ParcelShareOfSurcharges { code });
        }
        let empty = match &when {
            Condition::Destination(places) => places.is_empty(),
            Condition::Oversize { longest, length_and_girth, volume } => {
                longest.is_none() && length_and_girth.is_none() && volume.is_none()
            }
            Condition::Tag(tag) => tag.is_empty(),
            _ => false,
        };
        if empty {
            return Err(SurchargeError::EmptyCondition { code });
        }
        Ok(Self { code, per, fixed, share, of, when })
    }

    /// The same with the markup's share on the amount. Its own share is taken of what is marked up already.
    pub(crate) fn marked_up(&self, markup: Markup) -> Result<Self, Overflow> {
        Ok(Self { fixed: markup.figure(self.fixed)?, ..self.clone() })
    }

    /// Whether each parcel pays a share of its own freight.
    pub(crate) fn shares_parcel_freight(&self) -> bool {
        self.per == Per::Parcel && self.share.0 != 0
    }

    /// The amount for a shipment; zero when the condition is not met.
    ///
    /// `freight` is lifted to the minimum, `so_far` has the earlier surcharges too; `parcel_freight` is asked only where
    /// [`Surcharge::shares_parcel_freight`].
    pub(crate) fn amount(
        &self,
        shipment: &Shipment<'_>,
        freight: Minor,
        so_far: Minor,
        parcel_freight: impl Fn(&Parcel) -> Result<Minor, Overflow>,
    ) -> Result<Minor, Overflow> {
        if !self.when.of_shipment(shipment) {
            return Ok(Minor::ZERO);
        }
        let meets = |parcel: &&Parcel| self.when.of_parcel(parcel).unwrap_or(true);
        match self.per {
            Per::Order => {
                // A condition on the shipment is met already, with or without parcels.
                let on_parcels = shipment.parcels.iter().find_map(|parcel| self.when.of_parcel(parcel)).is_some();
                if on_parcels && !shipment.parcels.iter().any(|parcel| meets(&parcel)) {
                    return Ok(Minor::ZERO);
                }
                let base = match self.of {
                    ShareOf::Freight => freight,
                    ShareOf::FreightAndSurcharges => so_far,
                };
                self.fixed.plus(base.share(self.share)?)
            }
            Per::Parcel if !self.shares_parcel_freight() => {
                self.fixed.times(shipment.parcels.iter().filter(meets).count() as u64)
            }
            Per::Parcel => shipment.parcels.iter().filter(meets).try_fold(Minor::ZERO, |sum, parcel| {
                sum.plus(self.fixed)?.plus(parcel_freight(parcel)?.share(self.share)?)
            }),
        }
    }
}

crate::wire::wire_cases!(ShareOf { Freight, FreightAndSurcharges });
// The code is a name for the charge that it makes; a bundle makes no charges.
crate::wire::wire_record!(Surcharge { per, fixed, share, of, when; code });

impl Wire for Condition {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Always => 0u8.write(to),
            Self::Residential { when_unknown } => (1u8, *when_unknown).write(to),
            Self::Destination(places) => {
                2u8.write(to);
                places.write(to);
            }
            Self::Oversize { longest, length_and_girth, volume } => {
                3u8.write(to);
                longest.write(to);
                length_and_girth.write(to);
                volume.write(to);
            }
            Self::Overweight(limit) => {
                4u8.write(to);
                limit.write(to);
            }
            Self::Hazardous => 5u8.write(to),
            Self::Tag(tag) => {
                6u8.write(to);
                tag.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Self::Always,
            1 => Self::Residential { when_unknown: Wire::read(from)? },
            2 => Self::Destination(Arc::new(Wire::read(from)?)),
            3 => Self::Oversize {
                longest: Wire::read(from)?,
                length_and_girth: Wire::read(from)?,
                volume: Wire::read(from)?,
            },
            4 => Self::Overweight(Wire::read(from)?),
            5 => Self::Hazardous,
            6 => Self::Tag(Wire::read(from)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::shipment::Destination;
    use crate::rate::testing::address;
    use crate::units::Size;

    const NO_SHARE: (PartsPerMillion, ShareOf) = (PartsPerMillion(0), ShareOf::Freight);

    fn parcel(length: u32, width: u32, height: u32, grams: u64, hazardous: bool) -> Parcel {
        Parcel { size: Size::new(length, width, height), gross: Grams(grams), hazardous }
    }

    fn amount(per: Per, when: Condition, residential: Option<bool>) -> i64 {
        let mut address = address("US", "AK", "99501");
        address.residential = residential;
        let destination = Destination::new(&address, None);
        let parcels = [parcel(1_200, 300, 200, 5_000, false), parcel(300, 200, 100, 25_000, true)];
        let tags = ["frozen".into()];
        let shipment = Shipment { line_tags: &[&tags], ..Shipment::new(&destination, &parcels, Minor(5_000)) };
        let surcharge = Surcharge::new("X".into(), per, Minor(100), NO_SHARE, when).unwrap();
        surcharge.amount(&shipment, Minor(1_000), Minor(1_000), |_| Ok(Minor(500))).unwrap().0
    }

    fn oversize(longest: Option<u32>, girth: Option<u64>, volume: Option<u64>) -> Condition {
        let (longest, volume) = (longest.map(Millimetres), volume.map(CubicMillimetres));
        Condition::Oversize { longest, length_and_girth: girth, volume }
    }

    #[test]
    fn a_parcel_pays_when_it_meets_the_condition_an_order_when_one_of_its_parcels_does() {
        for (when, parcels) in [
            (Condition::Always, 2),
            (Condition::Hazardous, 1),
            (Condition::Overweight(Grams(25_000)), 0),
            (Condition::Overweight(Grams(4_999)), 2),
            (oversize(Some(1_199), None, None), 1),
            (oversize(Some(1_200), None, None), 0),
            (oversize(None, Some(2_199), None), 1),
            (oversize(None, Some(2_200), None), 0),
            (oversize(None, None, Some(71_999_999)), 1),
            (Condition::Tag("frozen".into()), 2),
            (Condition::Tag("fresh".into()), 0),
        ] {
            assert_eq!(amount(Per::Parcel, when.clone(), None), 100 * parcels, "{when:?}");
            assert_eq!(amount(Per::Order, when.clone(), None), if parcels > 0 { 100 } else { 0 }, "{when:?}");
        }
    }

    #[test]
    fn a_home_pays_and_the_settings_say_what_an_unknown_address_is() {
        assert_eq!(amount(Per::Order, Condition::Residential { when_unknown: false }, Some(true)), 100);
        assert_eq!(amount(Per::Order, Condition::Residential { when_unknown: true }, Some(false)), 0);
        assert_eq!(amount(Per::Order, Condition::Residential { when_unknown: true }, None), 100);
        assert_eq!(amount(Per::Order, Condition::Residential { when_unknown: false }, None), 0);
    }

    #[test]
    fn a_remote_area_is_a_set_of_places() {
        let places = |prefix| Condition::Destination(Arc::new(PlaceSet::new([], [], [("US", prefix)]).unwrap()));
        assert_eq!(amount(Per::Order, places("995"), None), 100);
        assert_eq!(amount(Per::Order, places("994"), None), 0);
    }

    #[test]
    fn shares_are_of_freight_of_all_before_or_of_the_parcels_own() {
        let address = address("US", "", "");
        let destination = Destination::new(&address, None);
        let parcels = [parcel(1, 1, 1, 1, true), parcel(1, 1, 1, 1, false)];
        let shipment = Shipment::new(&destination, &parcels, Minor(0));
        let share = |per, of, when| {
            let tenth = (PartsPerMillion(100_000), of);
            let surcharge = Surcharge::new("FUEL".into(), per, Minor(7), tenth, when).unwrap();
            surcharge.amount(&shipment, Minor(1_000), Minor(1_500), |_| Ok(Minor(400))).unwrap().0
        };
        assert_eq!(share(Per::Order, ShareOf::Freight, Condition::Always), 107);
        assert_eq!(share(Per::Order, ShareOf::FreightAndSurcharges, Condition::Always), 157);
        assert_eq!(share(Per::Parcel, ShareOf::Freight, Condition::Hazardous), 47);
    }

    #[test]
    fn what_could_never_apply_is_refused() {
        let new = |code: &str, per, fixed, share, of, when| {
            Surcharge::new(code.into(), per, Minor(fixed), (PartsPerMillion(share), of), when).unwrap_err()
        };
        let (order, freight) = (Per::Order, ShareOf::Freight);
        assert_eq!(new("fuel", order, 1, 0, freight, Condition::Always), SurchargeError::Code("fuel".into()));
        assert!(matches!(new("F", order, -1, 0, freight, Condition::Always), SurchargeError::NegativeAmount { .. }));
        assert!(matches!(new("F", order, 0, -1, freight, Condition::Always), SurchargeError::Share { .. }));
        assert!(matches!(new("F", order, 0, 0, freight, Condition::Always), SurchargeError::Nothing { .. }));
        let none = oversize(None, None, None);
        assert!(matches!(new("F", order, 1, 0, freight, none), SurchargeError::EmptyCondition { .. }));
        let all = ShareOf::FreightAndSurcharges;
        let error = new("F", Per::Parcel, 0, 1, all, Condition::Always);
        assert!(matches!(error, SurchargeError::ParcelShareOfSurcharges { .. }));
    }
}
