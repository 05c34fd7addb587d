//! Billable weight: the larger of what a parcel weighs and what its volume counts for, in the carrier's steps.
//!
//! What this module must not know: prices, zones.

use super::shipment::Parcel;
use crate::units::{CubicMillimetres, Grams};
use crate::wire::{Reader, Wire, Writer};
use core::fmt;

/// How many units of volume count as one unit of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DimensionalDivisor {
    /// Europe and most of the world: 5 000 for express, 6 000 for air freight.
    CubicCentimetresPerKilogram(u32),
    /// United States: 139 or 166.
    CubicInchesPerPound(u32),
}

/// Hundred-thousandths of a gram in a pound: 453.59237 g exactly (international avoirdupois pound, 1959).
const POUND: u128 = 45_359_237;
/// Hundred-thousandths of a cubic millimetre in a cubic inch: 25.4 mm cubed is 16 387.064 exactly.
const CUBIC_INCH: u128 = 1_638_706_400;
/// Nanograms in a gram.
const NANO: u128 = 1_000_000_000;

/// The unit that weights are rounded up to. Exact in nanograms, so that a hundred pounds are a hundred steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillingStep {
    nanograms: u64,
}

impl BillingStep {
    #[must_use]
    pub const fn grams(grams: u32) -> Self {
        Self { nanograms: grams as u64 * 1_000_000_000 }
    }

    #[must_use]
    pub const fn pounds(pounds: u16) -> Self {
        Self { nanograms: pounds as u64 * 453_592_370_000 }
    }

    #[must_use]
    pub const fn ounces(ounces: u16) -> Self {
        Self { nanograms: ounces as u64 * 28_349_523_125 }
    }

    /// So many steps in whole grams, rounded down: as a limit for weights in whole grams that is exact. Rate tables in
    /// pounds give the limits of their rows by this.
    #[must_use]
    pub fn times(self, count: u32) -> Grams {
        Grams((u128::from(self.nanograms) * u128::from(count) / NANO) as u64)
    }

    /// How many steps a weight counts for, a started one whole.
    pub(crate) fn count(self, weight: Grams) -> u64 {
        if self.is_zero() {
            return weight.0;
        }
        u64::try_from((u128::from(weight.0) * NANO).div_ceil(u128::from(self.nanograms))).unwrap_or(u64::MAX)
    }

    /// How many steps lie between two weights in whole grams, a started one whole.
    ///
    /// Where the step is not of whole grams, both weights may be pounds cut to grams, and a difference of less than a gram
    /// is that cut: it starts no step.
    pub(crate) fn count_between(self, from: Grams, to: Grams) -> u64 {
        let (step, apart) = (u128::from(self.nanograms), u128::from(to.0.saturating_sub(from.0)) * NANO);
        if step == 0 || apart == 0 {
            return 0;
        }
        let cut = if step.is_multiple_of(NANO) { 0 } else { NANO - 1 };
        u64::try_from(apart.saturating_sub(cut).div_ceil(step).max(1)).unwrap_or(u64::MAX)
    }

    pub(crate) fn is_zero(self) -> bool {
        self.nanograms == 0
    }

    /// The weight in whole steps, in whole grams, rounded down as in [`BillingStep::times`]; at least the weight itself.
    fn round_up(self, weight: Grams) -> Grams {
        let grams = u128::from(self.count(weight)) * u128::from(self.nanograms) / NANO;
        Grams(u64::try_from(grams).unwrap_or(u64::MAX).max(weight.0))
    }
}

/// How a carrier weighs, as it comes from settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillingRules {
    pub divisor: Option<DimensionalDivisor>,
    /// Only parcels of more than this volume have a dimensional weight; zero for all.
    pub dimensional_above: CubicMillimetres,
    pub step: BillingStep,
    /// The least weight that a parcel is billed for.
    pub minimum: Grams,
}

impl Default for BillingRules {
    /// Actual weight to the gram.
    fn default() -> Self {
        Self { divisor: None, dimensional_above: CubicMillimetres(0), step: BillingStep::grams(1), minimum: Grams(0) }
    }
}

/// A rule that no weight can follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingError {
    ZeroDivisor,
    /// Below one gram.
    Step,
    /// A minimum above [`crate::units::HEAVIEST_UNIT`].
    Minimum(Grams),
}

impl fmt::Display for BillingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroDivisor => f.write_str(
                "the dimensional divisor is 0; common ones are 5000 (cm³/kg) and 139 (in³/lb), none for actual weight",
            ),
            Self::Step => f.write_str("the billing step is 0; the smallest is 1 g"),
            Self::Minimum(grams) => write!(
                f,
                "the minimum billable weight of {} g is above {} g; give grams, not milligrams",
                grams.0,
                crate::units::HEAVIEST_UNIT.0
            ),
        }
    }
}

impl core::error::Error for BillingError {}

/// Validated [`BillingRules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Billing(BillingRules);

impl Billing {
    /// # Errors
    /// When divisor or step is zero, or the minimum absurd.
    pub fn new(rules: BillingRules) -> Result<Self, BillingError> {
        use DimensionalDivisor::{CubicCentimetresPerKilogram, CubicInchesPerPound};
        if matches!(rules.divisor, Some(CubicCentimetresPerKilogram(0) | CubicInchesPerPound(0))) {
            return Err(BillingError::ZeroDivisor);
        }
        if u128::from(rules.step.nanograms) < NANO {
            return Err(BillingError::Step);
        }
        if rules.minimum > crate::units::HEAVIEST_UNIT {
            return Err(BillingError::Minimum(rules.minimum));
        }
        Ok(Self(rules))
    }

    /// What the parcel's volume counts for, before rounding to steps, a started gram whole; zero when volume does not
    /// matter.
    #[must_use]
    pub fn dimensional(&self, parcel: &Parcel) -> Grams {
        let volume = parcel.volume();
        if volume <= self.0.dimensional_above {
            return Grams(0);
        }
        let volume = volume.0;
        Grams(match self.0.divisor {
            None
            | Some(DimensionalDivisor::CubicCentimetresPerKilogram(0) | DimensionalDivisor::CubicInchesPerPound(0)) => {
                0
            }
            // mm³ / (cm³/kg) are grams: both thousands cancel.
            Some(DimensionalDivisor::CubicCentimetresPerKilogram(divisor)) => volume.div_ceil(u64::from(divisor)),
            Some(DimensionalDivisor::CubicInchesPerPound(divisor)) => {
                let grams = (u128::from(volume) * POUND).div_ceil(CUBIC_INCH * u128::from(divisor));
                u64::try_from(grams).unwrap_or(u64::MAX)
            }
        })
    }

    /// The larger of the parcel's weight and its dimensional weight, not yet rounded.
    #[must_use]
    pub fn weighed(&self, parcel: &Parcel) -> Grams {
        parcel.gross.max(self.dimensional(parcel))
    }

    /// What so much is billed for: at least the minimum, and rounded up to the step.
    #[must_use]
    pub fn billed(&self, weight: Grams) -> Grams {
        self.0.step.round_up(weight.max(self.0.minimum))
    }

    /// What the parcel is billed for.
    #[must_use]
    pub fn billable(&self, parcel: &Parcel) -> Grams {
        self.billed(self.weighed(parcel))
    }
}

crate::wire::wire_newtype!(Billing);
crate::wire::wire_record!(BillingRules { divisor, dimensional_above, step, minimum });
crate::wire::wire_record!(BillingStep { nanograms });

impl Wire for DimensionalDivisor {
    fn write(&self, to: &mut Writer) {
        match *self {
            Self::CubicCentimetresPerKilogram(divisor) => (0u8, divisor).write(to),
            Self::CubicInchesPerPound(divisor) => (1u8, divisor).write(to),
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match <(u8, u32)>::read(from)? {
            (0, divisor) => Self::CubicCentimetresPerKilogram(divisor),
            (1, divisor) => Self::CubicInchesPerPound(divisor),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Size;
    use proptest::prelude::*;

    fn parcel(length: u32, width: u32, height: u32, grams: u64) -> Parcel {
        Parcel { size: Size::new(length, width, height), gross: Grams(grams), hazardous: false }
    }

    fn billing(divisor: DimensionalDivisor, step: BillingStep) -> Billing {
        Billing::new(BillingRules { divisor: Some(divisor), step, ..BillingRules::default() }).unwrap()
    }

    #[test]
    fn a_light_large_parcel_is_billed_by_volume() {
        let metric = billing(DimensionalDivisor::CubicCentimetresPerKilogram(5_000), BillingStep::grams(500));
        // 40 x 30 x 20 cm are 24 000 cm³, 4.8 kg, billed as 5.
        assert_eq!(metric.dimensional(&parcel(400, 300, 200, 1_000)), Grams(4_800));
        assert_eq!(metric.billable(&parcel(400, 300, 200, 1_000)), Grams(5_000));
        assert_eq!(metric.billable(&parcel(400, 300, 200, 6_100)), Grams(6_500));
    }

    #[test]
    fn pounds_are_exact_steps() {
        let us = billing(DimensionalDivisor::CubicInchesPerPound(139), BillingStep::pounds(1));
        // 12 x 12 x 12 in are 1 728 in³: 12.43 lb, billed as 13 lb = 5 896.7 g.
        assert_eq!(us.billable(&parcel(305, 305, 305, 100)), BillingStep::pounds(1).times(13));
        assert_eq!(us.billable(&parcel(10, 10, 10, 453)), Grams(453));
        assert_eq!(us.billable(&parcel(10, 10, 10, 454)), Grams(907));
        assert_eq!(BillingStep::pounds(1).times(100), Grams(45_359));
        assert_eq!(BillingStep::ounces(16), BillingStep::pounds(1));
    }

    #[test]
    fn small_parcels_may_be_free_of_dimensional_weight() {
        let rules = BillingRules {
            divisor: Some(DimensionalDivisor::CubicCentimetresPerKilogram(1)),
            dimensional_above: CubicMillimetres(1_000),
            minimum: Grams(250),
            ..BillingRules::default()
        };
        let billing = Billing::new(rules).unwrap();
        assert_eq!(billing.billable(&parcel(10, 10, 10, 5)), Grams(250));
        assert_eq!(billing.billable(&parcel(10, 10, 11, 5)), Grams(1_100));
    }

    #[test]
    fn rules_that_no_weight_can_follow_are_refused() {
        let with = |rules| Billing::new(rules).unwrap_err();
        let divisor = Some(DimensionalDivisor::CubicInchesPerPound(0));
        assert_eq!(with(BillingRules { divisor, ..BillingRules::default() }), BillingError::ZeroDivisor);
        assert_eq!(with(BillingRules { step: BillingStep::grams(0), ..BillingRules::default() }), BillingError::Step);
        let minimum = Grams(100_000_001);
        assert_eq!(with(BillingRules { minimum, ..BillingRules::default() }), BillingError::Minimum(minimum));
    }

    proptest! {
        #[test]
        fn billable_is_never_below_actual_or_dimensional(
            sides in any::<[u32; 3]>(), grams in any::<u64>(), divisor in 1u32.., step in 1u16.., pounds in any::<bool>(),
        ) {
            let [l, w, h] = sides;
            let parcel = parcel(l, w, h, grams);
            let step = if pounds { BillingStep::pounds(step) } else { BillingStep::grams(u32::from(step)) };
            let divisor = if pounds { DimensionalDivisor::CubicInchesPerPound(divisor) }
                else { DimensionalDivisor::CubicCentimetresPerKilogram(divisor) };
            let billing = billing(divisor, step);
            prop_assert!(billing.billable(&parcel) >= parcel.gross);
            prop_assert!(billing.billable(&parcel) >= billing.dimensional(&parcel));
        }

        #[test]
        fn a_heavier_parcel_is_billed_no_less(grams in 0u64..1_000_000_000, more in 0u64..1_000_000, ounces in 1u16..1_000) {
            let rules = BillingRules { step: BillingStep::ounces(ounces), ..BillingRules::default() };
            let billing = Billing::new(rules).unwrap();
            let light = billing.billable(&parcel(1, 1, 1, grams));
            prop_assert!(billing.billable(&parcel(1, 1, 1, grams + more)) >= light);
        }
    }
}
