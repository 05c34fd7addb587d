//! Why a service is not offered: a stable code, a sentence, the figures.
//!
//! What this module must not know: how the rules are stored.

use super::zone::Zone;
use crate::money::Minor;
use crate::units::{Grams, Millimetres};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::{Figure, Reason, Unit};

/// A reason, with what it rests on. Borrows from the rules and from the cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal<'a> {
    NoParcels,
    TooManyParcels {
        parcels: usize,
        most: usize,
    },
    BelowMinimumWeight {
        weight: Grams,
        least: Grams,
    },
    AboveMaximumWeight {
        weight: Grams,
        most: Grams,
    },
    /// `parcel` counts from 0.
    ParcelBelowMinimumWeight {
        parcel: usize,
        weight: Grams,
        least: Grams,
    },
    ParcelAboveMaximumWeight {
        parcel: usize,
        weight: Grams,
        most: Grams,
    },
    ParcelTooLong {
        parcel: usize,
        longest: Millimetres,
        most: Millimetres,
    },
    ParcelGirthTooLarge {
        parcel: usize,
        length_and_girth: u64,
        most: u64,
    },
    BelowMinimumCartValue {
        value: Minor,
        least: Minor,
    },
    AboveMaximumCartValue {
        value: Minor,
        most: Minor,
    },
    CountryNotServed {
        country: &'a str,
    },
    SubdivisionNotServed {
        country: &'a str,
        subdivision: &'a str,
    },
    PostalCodeNotServed {
        country: &'a str,
        postal_code: &'a str,
    },
    PoBoxNotServed,
    HazardousNotCarried {
        parcel: usize,
    },
    /// A line bears none of the tags that every line must have one of.
    LineTagMissing {
        line: usize,
        wanted: &'a [String],
    },
    /// No line bears one of the tags.
    NoLineTagged {
        wanted: &'a [String],
    },
    TagNotCarried {
        line: usize,
        tag: &'a str,
    },
    CustomerNotEligible {
        wanted: &'a [String],
    },
    /// No rule of the zone table covers the destination.
    NoZone,
    /// The rate has no price for the zone.
    ZoneNotOffered {
        zone: Zone,
    },
    /// Heavier than the last weight break of the zone.
    AboveLastWeightBreak {
        zone: Zone,
        weight: Grams,
        last: Grams,
    },
    BelowFirstValueBand {
        zone: Zone,
        value: Minor,
        first: Minor,
    },
}

impl Refusal<'_> {
    /// Stable, in upper snake case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoParcels => "NO_PARCELS",
            Self::TooManyParcels { .. } => "TOO_MANY_PARCELS",
            Self::BelowMinimumWeight { .. } => "BELOW_MINIMUM_WEIGHT",
            Self::AboveMaximumWeight { .. } => "ABOVE_MAXIMUM_WEIGHT",
            Self::ParcelBelowMinimumWeight { .. } => "PARCEL_BELOW_MINIMUM_WEIGHT",
            Self::ParcelAboveMaximumWeight { .. } => "PARCEL_ABOVE_MAXIMUM_WEIGHT",
            Self::ParcelTooLong { .. } => "PARCEL_TOO_LONG",
            Self::ParcelGirthTooLarge { .. } => "PARCEL_GIRTH_TOO_LARGE",
            Self::BelowMinimumCartValue { .. } => "BELOW_MINIMUM_CART_VALUE",
            Self::AboveMaximumCartValue { .. } => "ABOVE_MAXIMUM_CART_VALUE",
            Self::CountryNotServed { .. } => "COUNTRY_NOT_SERVED",
            Self::SubdivisionNotServed { .. } => "SUBDIVISION_NOT_SERVED",
            Self::PostalCodeNotServed { .. } => "POSTAL_CODE_NOT_SERVED",
            Self::PoBoxNotServed => "PO_BOX_NOT_SERVED",
            Self::HazardousNotCarried { .. } => "HAZARDOUS_NOT_CARRIED",
            Self::LineTagMissing { .. } | Self::NoLineTagged { .. } => "REQUIRED_TAG_MISSING",
            Self::TagNotCarried { .. } => "TAG_NOT_CARRIED",
            Self::CustomerNotEligible { .. } => "CUSTOMER_NOT_ELIGIBLE",
            Self::NoZone => "NO_ZONE",
            Self::ZoneNotOffered { .. } => "ZONE_NOT_OFFERED",
            Self::AboveLastWeightBreak { .. } => "ABOVE_LAST_WEIGHT_BREAK",
            Self::BelowFirstValueBand { .. } => "BELOW_FIRST_VALUE_BAND",
        }
    }

    /// A sentence for people.
    #[must_use]
    pub fn message(&self) -> String {
        match *self {
            Self::NoParcels => "There is nothing to ship.".into(),
            Self::TooManyParcels { parcels, most } => {
                format!("The order needs {parcels} parcels; this service takes at most {most}.")
            }
            Self::BelowMinimumWeight { weight, least } => {
                format!("The order weighs {} g; this service begins at {} g.", weight.0, least.0)
            }
            Self::AboveMaximumWeight { weight, most } => {
                format!("The order weighs {} g; this service takes at most {} g.", weight.0, most.0)
            }
            Self::ParcelBelowMinimumWeight { weight, least, .. } => {
                format!("A parcel weighs {} g; this service begins at {} g.", weight.0, least.0)
            }
            Self::ParcelAboveMaximumWeight { weight, most, .. } => {
                format!("A parcel weighs {} g; this service takes at most {} g.", weight.0, most.0)
            }
            Self::ParcelTooLong { longest, most, .. } => {
                format!("A parcel is {} mm long; this service takes at most {} mm.", longest.0, most.0)
            }
            Self::ParcelGirthTooLarge { length_and_girth, most, .. } => {
                format!("A parcel's length and girth are {length_and_girth} mm; this service takes at most {most} mm.")
            }
            Self::BelowMinimumCartValue { .. } => "The cart's value is below this service's minimum.".into(),
            Self::AboveMaximumCartValue { .. } => "The cart's value is above this service's maximum.".into(),
            Self::CountryNotServed { country } => format!("This service does not deliver to the country {country}."),
            Self::SubdivisionNotServed { country, subdivision } => {
                format!("This service does not deliver to {subdivision} in {country}.")
            }
            Self::PostalCodeNotServed { country, postal_code } => {
                format!("This service does not deliver to the postal code {postal_code} in {country}.")
            }
            Self::PoBoxNotServed => "This service does not deliver to post-office boxes.".into(),
            Self::HazardousNotCarried { .. } => "This service does not carry dangerous goods.".into(),
            Self::LineTagMissing { wanted, .. } => {
                format!("An item has none of the tags that this service is for: {}.", wanted.join(", "))
            }
            Self::NoLineTagged { wanted } => {
                format!("No item has a tag that this service is for: {}.", wanted.join(", "))
            }
            Self::TagNotCarried { tag, .. } => format!("This service does not carry items tagged {tag}."),
            Self::CustomerNotEligible { wanted } => {
                format!("This service is for customers tagged {}.", wanted.join(" or "))
            }
            Self::NoZone => "No zone of this service covers the destination.".into(),
            Self::ZoneNotOffered { zone } => format!("This service has no price for zone {}.", zone.0),
            Self::AboveLastWeightBreak { weight, last, .. } => {
                format!("The billable weight of {} g is above the last weight break, {} g.", weight.0, last.0)
            }
            Self::BelowFirstValueBand { .. } => {
                "The cart's value is below the first band of this service's rate.".into()
            }
        }
    }

    /// What the reason rests on.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        let count = |value: usize| (i64::try_from(value).unwrap_or(i64::MAX), Unit::Count);
        let long = |value: u64, unit| (i64::try_from(value).unwrap_or(i64::MAX), unit);
        let grams = |value: Grams| long(value.0, Unit::Grams);
        let money = |value: Minor| (value.0, Unit::MinorUnits);
        let millimetres = |value: Millimetres| (i64::from(value.0), Unit::Millimetres);
        match *self {
            Self::TooManyParcels { parcels, most } => list(&[("parcels", count(parcels)), ("maximum", count(most))]),
            Self::BelowMinimumWeight { weight, least } => list(&[("weight", grams(weight)), ("minimum", grams(least))]),
            Self::AboveMaximumWeight { weight, most } => list(&[("weight", grams(weight)), ("maximum", grams(most))]),
            Self::ParcelBelowMinimumWeight { parcel, weight, least } => {
                list(&[("parcel", count(parcel)), ("weight", grams(weight)), ("minimum", grams(least))])
            }
            Self::ParcelAboveMaximumWeight { parcel, weight, most } => {
                list(&[("parcel", count(parcel)), ("weight", grams(weight)), ("maximum", grams(most))])
            }
            Self::ParcelTooLong { parcel, longest, most } => {
                list(&[("parcel", count(parcel)), ("longest", millimetres(longest)), ("maximum", millimetres(most))])
            }
            Self::ParcelGirthTooLarge { parcel, length_and_girth, most } => list(&[
                ("parcel", count(parcel)),
                ("length_and_girth", long(length_and_girth, Unit::Millimetres)),
                ("maximum", long(most, Unit::Millimetres)),
            ]),
            Self::BelowMinimumCartValue { value, least } => list(&[("value", money(value)), ("minimum", money(least))]),
            Self::AboveMaximumCartValue { value, most } => list(&[("value", money(value)), ("maximum", money(most))]),
            Self::HazardousNotCarried { parcel } => list(&[("parcel", count(parcel))]),
            Self::LineTagMissing { line, .. } | Self::TagNotCarried { line, .. } => list(&[("line", count(line))]),
            Self::ZoneNotOffered { zone } => list(&[("zone", count(usize::from(zone.0)))]),
            Self::AboveLastWeightBreak { zone, weight, last } => {
                list(&[("zone", count(usize::from(zone.0))), ("weight", grams(weight)), ("maximum", grams(last))])
            }
            Self::BelowFirstValueBand { zone, value, first } => {
                list(&[("zone", count(usize::from(zone.0))), ("value", money(value)), ("minimum", money(first))])
            }
            _ => Vec::new(),
        }
    }
}

/// One function for lists of all lengths.
fn list(figures: &[(&str, (i64, Unit))]) -> Vec<Figure> {
    figures.iter().map(|&(name, (value, unit))| Figure { name: name.into(), value, unit }).collect()
}

impl From<&Refusal<'_>> for Reason {
    fn from(refusal: &Refusal<'_>) -> Self {
        Self { code: refusal.code().into(), message: refusal.message(), figures: refusal.figures() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_a_code_a_sentence_and_its_figures() {
        let reason = Reason::from(&Refusal::AboveMaximumWeight { weight: Grams(31_501), most: Grams(31_500) });
        assert_eq!(reason.code, "ABOVE_MAXIMUM_WEIGHT");
        assert_eq!(reason.message, "The order weighs 31501 g; this service takes at most 31500 g.");
        assert_eq!(reason.figures.len(), 2);
        assert_eq!((reason.figures[0].value, &reason.figures[0].unit), (31_501, &Unit::Grams));
    }
}
