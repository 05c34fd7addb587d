//! What a merchant asks of addresses, and the [`Validator`] that it becomes once, at install.
//!
//! What this module must not know: requests.

use super::country::{self, Country};
use super::localities::Localities;
use super::street::Streets;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How much a contradiction weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Only what is missing or has no possible form stops an order; the rest is a warning.
    Lenient,
    /// A postal code outside of its subdivision and a missing house number stop an order, too.
    #[default]
    Standard,
    /// So does a city that the list does not know at its postal code.
    Strict,
}

/// What becomes of an address of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Taken without a word.
    #[default]
    Accept,
    /// Taken, with a warning.
    Warn,
    /// Undeliverable.
    Refuse,
}

/// What a merchant asks of addresses.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // one independent wish each
pub struct Rules {
    /// ISO 3166-1 alpha-2 codes of the countries that are delivered to; empty for all. Only their metadata is prepared.
    pub countries: Vec<String>,
    /// The country that parcels leave from: labels to others end with the country's name. `None`: no label does.
    pub home: Option<String>,
    pub strictness: Strictness,
    /// From this confidence on, in millionths, a correction is applied.
    pub apply_from: u32,
    /// From this confidence on, in millionths, a correction is suggested; at most `apply_from`.
    pub suggest_from: u32,
    pub po_boxes: Policy,
    pub military: Policy,
    /// Whether street types, directions and units are abbreviated as the post does.
    pub abbreviate_streets: bool,
    /// Characters that a line of the label holds; `None`: any number.
    pub longest_line: Option<u16>,
    pub name_needed: bool,
    pub company_needed: bool,
    pub phone_needed: bool,
    /// Cities and postal codes, by country.
    pub localities: Vec<(String, Localities)>,
}

impl Default for Rules {
    /// Every country, standard strictness, corrections applied from 90 % and suggested from 60 %.
    fn default() -> Self {
        Self {
            countries: Vec::new(),
            home: None,
            strictness: Strictness::Standard,
            apply_from: 900_000,
            suggest_from: 600_000,
            po_boxes: Policy::Accept,
            military: Policy::Accept,
            abbreviate_streets: false,
            longest_line: None,
            name_needed: false,
            company_needed: false,
            phone_needed: false,
            localities: Vec::new(),
        }
    }
}

/// Rules that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesError {
    /// Not a country that there is metadata for.
    Country(String),
    /// The country that parcels leave from is none.
    Home(String),
    /// Cities for a country that is not on the list of countries, or is none.
    Localities(String),
    /// Above the whole, or suggestions from a higher confidence than corrections.
    Thresholds { suggest_from: u32, apply_from: u32 },
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country(code) | Self::Home(code) => {
                write!(f, "\"{code}\" is no country with metadata; give an ISO 3166-1 alpha-2 code, as \"US\"")
            }
            Self::Localities(code) => {
                write!(
                    f,
                    "there are cities for \"{code}\", which is not a country that is delivered to; add it or take them out"
                )
            }
            Self::Thresholds { suggest_from, apply_from } => {
                write!(
                    f,
                    "corrections are suggested from {suggest_from} ppm and applied from {apply_from} ppm; the first must not be above the second, nor the second above 1000000"
                )
            }
        }
    }
}

impl core::error::Error for RulesError {}

/// Rules with the metadata of their countries, ready for any number of addresses.
#[derive(Debug, Clone)]
pub struct Validator {
    pub(super) rules: Rules,
    /// In the order of their codes.
    countries: Vec<Country>,
    streets: Vec<(&'static str, Streets)>,
}

impl Validator {
    /// Prepares the countries that the rules name.
    ///
    /// # Errors
    /// The first of the rules that cannot be meant.
    pub fn new(rules: Rules) -> Result<Self, RulesError> {
        let known = |code: &str| country::known().any(|known| known == code);
        if let Some(code) = rules.countries.iter().find(|code| !known(code)) {
            return Err(RulesError::Country(code.clone()));
        }
        if let Some(code) = rules.home.iter().find(|code| !known(code)) {
            return Err(RulesError::Home(code.clone()));
        }
        if rules.apply_from > super::distance::CERTAIN || rules.suggest_from > rules.apply_from {
            let Rules { suggest_from, apply_from, .. } = rules;
            return Err(RulesError::Thresholds { suggest_from, apply_from });
        }
        let accepted = |code: &str| rules.countries.is_empty() || rules.countries.iter().any(|known| known == code);
        if let Some((code, _)) = rules.localities.iter().find(|(code, _)| !accepted(code) || !known(code)) {
            return Err(RulesError::Localities(code.clone()));
        }
        let countries = country::read(accepted);
        let streets = if rules.abbreviate_streets {
            countries.iter().filter_map(|country| Some((country.code, Streets::of(country.code)?))).collect()
        } else {
            Vec::new()
        };
        Ok(Self { rules, countries, streets })
    }

    /// What the rules were made of.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The rules of a country that is delivered to.
    #[must_use]
    pub fn country(&self, code: &str) -> Option<&Country> {
        self.countries.binary_search_by(|country| country.code.cmp(code)).ok().map(|at| &self.countries[at])
    }

    pub(super) fn localities(&self, code: &str) -> Option<&Localities> {
        self.rules.localities.iter().find(|(country, _)| country == code).map(|(_, list)| list)
    }

    pub(super) fn streets(&self, code: &str) -> Option<&Streets> {
        self.streets.iter().find(|(country, _)| *country == code).map(|(_, streets)| streets)
    }
}
