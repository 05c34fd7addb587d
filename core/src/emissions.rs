//! Greenhouse gas of a shipment, in grams of CO2 equivalent.
//!
//! The method is ISO 14083 (and the GLEC Framework v3, which explains it for carriers): emissions are the transport
//! activity, weight times distance in tonne-kilometres, times an emission intensity, plus what hubs and handling emit per
//! parcel. The distance is the great circle or the shortest feasible route times a distance adjustment factor.
//! Intensities differ by carrier, vehicle and year, so none stands here: they are settings, and name their source.
//!
//! What this module must not know: which service, which price.

use crate::money::PartsPerMillion;
use crate::units::Grams;
use alloc::string::String;
use core::fmt;

/// The highest intensity that is taken for serious: 100 kg CO2e per tonne-kilometre, some fifty times that of air freight.
pub const HIGHEST_INTENSITY: u32 = 100_000;

/// How much a service emits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmissionFactors {
    grams_per_tonne_kilometre: u32,
    grams_per_parcel: u32,
    distance_adjustment: i64,
    source: String,
}

/// Factors that cannot be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmissionError {
    /// Above [`HIGHEST_INTENSITY`].
    Intensity(u32),
    /// Below the great circle itself (1 000 000 ppm) or above ten times it.
    DistanceAdjustment(PartsPerMillion),
    /// A factor without a source cannot be reported.
    NoSource,
    /// The result does not fit 64 bits.
    Overflow,
}

impl fmt::Display for EmissionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intensity(grams) => {
                write!(f, "{grams} g CO2e per tonne-kilometre is above {HIGHEST_INTENSITY}; give grams, not milligrams")
            }
            Self::DistanceAdjustment(share) => write!(
                f,
                "a distance adjustment of {} ppm is not between 1000000 (the great circle itself) and 10000000",
                share.0
            ),
            Self::NoSource => {
                f.write_str("the emission factors name no source; say where they come from, with the year")
            }
            Self::Overflow => f.write_str("the emissions do not fit 64 bits of grams"),
        }
    }
}

impl core::error::Error for EmissionError {}

impl EmissionFactors {
    /// - `grams_per_tonne_kilometre`: CO2e, well to wheel.
    /// - `grams_per_parcel`: CO2e of hubs and handling, whatever the weight.
    /// - `distance_adjustment`: the road's length over the great circle's; 1 000 000 when there is nothing to adjust.
    /// - `source`: publication and year.
    ///
    /// # Errors
    /// When a factor is out of its range or the source is blank.
    pub fn new(
        grams_per_tonne_kilometre: u32,
        grams_per_parcel: u32,
        distance_adjustment: PartsPerMillion,
        source: String,
    ) -> Result<Self, EmissionError> {
        if grams_per_tonne_kilometre > HIGHEST_INTENSITY {
            return Err(EmissionError::Intensity(grams_per_tonne_kilometre));
        }
        if !(1_000_000..=10_000_000).contains(&distance_adjustment.0) {
            return Err(EmissionError::DistanceAdjustment(distance_adjustment));
        }
        if source.trim().is_empty() {
            return Err(EmissionError::NoSource);
        }
        Ok(Self { grams_per_tonne_kilometre, grams_per_parcel, distance_adjustment: distance_adjustment.0, source })
    }

    /// Where the factors come from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Grams of CO2e for `weight` in `parcels` parcels over a great circle of `metres`; a started gram counts whole.
    ///
    /// ISO 14083 asks for the actual weight; where a carrier fills its vehicles by volume, the billable weight says more.
    /// Which one is given is the caller's choice.
    ///
    /// # Errors
    /// When the result does not fit.
    pub fn emissions(&self, weight: Grams, metres: u32, parcels: u32) -> Result<Grams, EmissionError> {
        // g/t·km x g x m x ppm: a tonne is 10^6 g, a kilometre 10^3 m, a whole 10^6 ppm.
        const SCALE: u128 = 1_000_000_000_000_000;
        let activity = u128::from(weight.0)
            .checked_mul(u128::from(metres) * u128::from(self.grams_per_tonne_kilometre))
            .and_then(|product| product.checked_mul(u128::from(self.distance_adjustment.unsigned_abs())))
            .ok_or(EmissionError::Overflow)?;
        let handling = u64::from(self.grams_per_parcel) * u64::from(parcels);
        u64::try_from(activity.div_ceil(SCALE))
            .ok()
            .and_then(|transport| transport.checked_add(handling))
            .map(Grams)
            .ok_or(EmissionError::Overflow)
    }
}

// Where the factors come from is told by the settings' owner, not by a bundle.
crate::wire::wire_record!(EmissionFactors { grams_per_tonne_kilometre, grams_per_parcel, distance_adjustment; source });

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: PartsPerMillion = PartsPerMillion(1_000_000);

    fn factors(intensity: u32, parcel: u32, adjustment: i64) -> EmissionFactors {
        EmissionFactors::new(intensity, parcel, PartsPerMillion(adjustment), "a test, 2026".into()).unwrap()
    }

    #[test]
    fn a_tonne_over_a_kilometre_emits_the_intensity() {
        assert_eq!(factors(105, 0, 1_000_000).emissions(Grams(1_000_000), 1_000, 1), Ok(Grams(105)));
    }

    #[test]
    fn every_parcel_adds_its_handling() {
        assert_eq!(factors(0, 90, 1_000_000).emissions(Grams(5_000), 800_000, 3), Ok(Grams(270)));
    }

    #[test]
    fn the_adjustment_makes_the_way_longer() {
        assert_eq!(factors(100, 0, 1_050_000).emissions(Grams(2_000_000), 100_000, 1), Ok(Grams(21_000)));
    }

    #[test]
    fn a_started_gram_counts_whole() {
        assert_eq!(factors(100, 0, 1_000_000).emissions(Grams(1), 1_000, 1), Ok(Grams(1)));
    }

    #[test]
    fn factors_that_cannot_be_meant_are_refused() {
        assert_eq!(EmissionFactors::new(100_001, 0, WHOLE, "x".into()), Err(EmissionError::Intensity(100_001)));
        assert_eq!(EmissionFactors::new(1, 0, WHOLE, " ".into()), Err(EmissionError::NoSource));
        assert_eq!(
            EmissionFactors::new(1, 0, PartsPerMillion(999_999), "x".into()),
            Err(EmissionError::DistanceAdjustment(PartsPerMillion(999_999)))
        );
    }

    proptest! {
        #[test]
        fn heavier_or_farther_never_emits_less(w in any::<u32>(), m in 0u32..20_000_000, more in 0u32..1_000_000) {
            let f = factors(105, 30, 1_050_000);
            let grams = f.emissions(Grams(u64::from(w)), m, 1).unwrap();
            prop_assert!(f.emissions(Grams(u64::from(w) + u64::from(more)), m, 1).unwrap() >= grams);
            prop_assert!(f.emissions(Grams(u64::from(w)), m + more, 1).unwrap() >= grams);
        }

        #[test]
        fn absurd_input_is_an_error_not_a_panic(w in any::<u64>(), m in any::<u32>(), parcels in any::<u32>()) {
            let _ = factors(HIGHEST_INTENSITY, u32::MAX, 10_000_000).emissions(Grams(w), m, parcels);
        }
    }
}
