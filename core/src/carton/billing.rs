//! What a packed box costs to send, as far as the choice of the box decides it. Knows neither zones nor services.
//!
//! Dimensional weight as carriers define it: the volume of the outer box over a divisor (UPS and FedEx 139 in3/lb, IATA
//! TACT 6000 cm3/kg, express carriers 5000 cm3/kg); billable is the larger of it and the gross weight, rounded up.

use super::{Carton, CartonError};
use crate::money::Minor;
use crate::units::{Grams, Millimetres};
use crate::wire::wire_record;

/// The highest price that a box, a parcel or a kilogram may have, in minor units.
const HIGHEST_PRICE: i64 = 1_000_000_000_000;
/// The highest part of a divisor.
const HIGHEST_PART: u64 = 1_000_000_000_000_000;

/// A dimensional divisor, exactly: so many grams for so many cubic millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Divisor {
    /// 1 or more.
    pub grams: u64,
    /// 1 or more.
    pub cubic_millimetres: u64,
}

impl Divisor {
    /// As metric carriers say it: 5000 or 6000 cm3 to the kilogram.
    #[must_use]
    pub const fn cubic_centimetres_per_kilogram(divisor: u32) -> Self {
        Self { grams: 1, cubic_millimetres: divisor as u64 }
    }

    /// As US carriers say it: 139 or 166 in3 to the pound. The inch is 25.4 mm and the pound 453.59237 g, so that a cubic
    /// inch is 16 387.064 mm3 (both numbers are taken 10^5 times).
    #[must_use]
    pub const fn cubic_inches_per_pound(divisor: u32) -> Self {
        Self { grams: 45_359_237, cubic_millimetres: divisor as u64 * 1_638_706_400 }
    }

    /// Rounded up to the gram.
    fn weight(self, volume: u64) -> u64 {
        let product = u128::from(volume) * u128::from(self.grams);
        u64::try_from(product.div_ceil(u128::from(self.cubic_millimetres).max(1))).unwrap_or(u64::MAX)
    }
}

/// The price of a parcel: `per_parcel` + the box's cost + `per_kilogram` for each kilogram of billable weight, rounded up
/// to the minor unit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Billing {
    /// For each parcel whatever its weight, 0 to 10^12 minor units.
    pub per_parcel: Minor,
    /// For 1000 g of billable weight, 0 to 10^12 minor units; parts of a kilogram in proportion.
    pub per_kilogram: Minor,
    /// `None`: the gross weight alone is billed.
    pub divisor: Option<Divisor>,
    /// Billable weight is rounded up to a multiple of it; 0 and 1 leave it in grams. A whole pound is 454.
    pub step: Grams,
    /// Boxes whose longest outer side exceeds it are not used.
    pub longest_side: Option<Millimetres>,
    /// Boxes whose longest outer side plus girth (twice the sum of the other two) exceeds it are not used.
    pub length_plus_girth: Option<Millimetres>,
}

/// What a parcel of one box costs, ready to be asked often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tariff {
    /// Minor units, whatever is in the box.
    pub fixed: u64,
    pub empty: u64,
    /// What the parcel costs with nothing in it.
    pub empty_cost: u64,
    /// Dimensional weight, not yet rounded to the step.
    dimensional: u64,
    per_kilogram: u64,
    step: u64,
}

impl Tariff {
    /// This tariff for a box that weighs so much when it is empty.
    pub fn of_box(mut self, empty: u64) -> Self {
        self.empty = empty;
        self.empty_cost = self.cost(0);
        self
    }

    /// Billable weight in grams for contents of so many grams.
    #[inline]
    pub fn billable(&self, contents: u64) -> u64 {
        let weight = contents.saturating_add(self.empty).max(self.dimensional);
        if self.step > 1 { weight.div_ceil(self.step).saturating_mul(self.step) } else { weight }
    }

    /// In minor units; saturates.
    #[inline]
    pub fn cost(&self, contents: u64) -> u64 {
        self.fixed.saturating_add(price(self.per_kilogram, self.billable(contents)))
    }

    /// What so many grams cost at least, in whatever parcels of this shop they travel.
    #[inline]
    pub fn carriage(&self, grams: u64) -> u64 {
        price(self.per_kilogram, grams)
    }
}

// The rest belongs to the box.
wire_record!(Tariff { fixed, dimensional, per_kilogram, step; empty, empty_cost });

#[inline]
fn price(per_kilogram: u64, grams: u64) -> u64 {
    match per_kilogram.checked_mul(grams) {
        Some(product) => product.div_ceil(1000),
        None => u64::try_from((u128::from(per_kilogram) * u128::from(grams)).div_ceil(1000)).unwrap_or(u64::MAX),
    }
}

impl Billing {
    /// # Errors
    /// When a price is negative or too high, or the divisor is not one.
    pub(super) fn validate(&self) -> Result<(), CartonError> {
        for (what, price) in [("price per parcel", self.per_parcel), ("price per kilogram", self.per_kilogram)] {
            check_price(what, None, price)?;
        }
        match self.divisor {
            Some(Divisor { grams, cubic_millimetres })
                if !(1..=HIGHEST_PART).contains(&grams) || !(1..=HIGHEST_PART).contains(&cubic_millimetres) =>
            {
                Err(CartonError::Divisor { grams, cubic_millimetres })
            }
            _ => Ok(()),
        }
    }

    /// Whether a carrier takes parcels of this size at all.
    pub(super) fn accepts(&self, carton: &Carton) -> bool {
        let [longest, middle, shortest] = carton.outer.sorted();
        let girth = 2 * (u64::from(middle.0) + u64::from(shortest.0));
        self.longest_side.is_none_or(|limit| longest <= limit)
            && self.length_plus_girth.is_none_or(|limit| u64::from(longest.0) + girth <= u64::from(limit.0))
    }

    pub(super) fn tariff(&self, carton: &Carton) -> Tariff {
        let tariff = Tariff {
            empty: 0,
            empty_cost: 0,
            fixed: self.per_parcel.0.unsigned_abs() + carton.cost.0.unsigned_abs(),
            dimensional: self.divisor.map_or(0, |divisor| divisor.weight(carton.outer.volume().0)),
            per_kilogram: self.per_kilogram.0.unsigned_abs(),
            step: self.step.0,
        };
        tariff.of_box(carton.empty_weight.0)
    }
}

/// # Errors
/// When the price is negative or above the limit.
pub(super) fn check_price(what: &'static str, carton: Option<usize>, price: Minor) -> Result<(), CartonError> {
    if (0..=HIGHEST_PRICE).contains(&price.0) {
        Ok(())
    } else {
        Err(CartonError::Price { what, carton, minor: price.0 })
    }
}
