//! A set of places: countries, subdivisions and postal prefixes together, as rules include and exclude them.
//!
//! What this module must not know: what being in the set leads to.

use super::place::{Country, Subdivision};
use super::prefix::{PrefixError, PrefixRow, PrefixTable};
use super::shipment::Destination;
use crate::sort;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A place that cannot be read, with its index in the list it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceError {
    /// Not two letters.
    Country { row: usize, country: String },
    /// Not one to three letters or digits, or its country not two letters.
    Subdivision { row: usize, country: String, subdivision: String },
    /// A postal prefix.
    Prefix(PrefixError),
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country { row, country } => {
                write!(f, "country {row}: \"{country}\" is not a code of two letters, as \"US\"")
            }
            Self::Subdivision { row, country, subdivision } => write!(
                f,
                "subdivision {row}: \"{country}\" and \"{subdivision}\" are not codes of a country and of a part of it, as \
                 \"US\" and \"CA\""
            ),
            Self::Prefix(error) => write!(f, "postal prefixes, {error}"),
        }
    }
}

impl core::error::Error for PlaceError {}

impl From<PrefixError> for PlaceError {
    fn from(error: PrefixError) -> Self {
        Self::Prefix(error)
    }
}

/// How closely a set names a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    PostalCode,
    Subdivision,
    Country,
}

/// A compiled set.
#[derive(Debug, Clone, Default)]
pub struct PlaceSet {
    countries: Vec<Country>,
    subdivisions: Vec<(Country, Subdivision)>,
    prefixes: PrefixTable,
}

impl PlaceSet {
    /// - `countries`: ISO 3166-1 alpha-2.
    /// - `subdivisions`: country, and code within it (`("US", "CA")`).
    /// - `prefixes`: country, and the beginning of a postal code.
    ///
    /// # Errors
    /// When a code cannot be read; the error holds its index in its list.
    pub fn new<'a>(
        countries: impl IntoIterator<Item = &'a str>,
        subdivisions: impl IntoIterator<Item = (&'a str, &'a str)>,
        prefixes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, PlaceError> {
        let mut set = Self::default();
        for (row, text) in countries.into_iter().enumerate() {
            set.countries.push(Country::parse(text).ok_or_else(|| PlaceError::Country { row, country: text.into() })?);
        }
        for (row, (country, subdivision)) in subdivisions.into_iter().enumerate() {
            set.subdivisions.push(parse_subdivision(row, country, subdivision)?);
        }
        sort::by(&mut set.countries, |a, b| a < b);
        set.countries.dedup();
        sort::by(&mut set.subdivisions, |a, b| a < b);
        set.subdivisions.dedup();
        let rows = prefixes.into_iter().map(|(country, prefix)| PrefixRow { country, prefix, value: 0 });
        set.prefixes = PrefixTable::new(rows)?;
        Ok(set)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.countries.is_empty() && self.subdivisions.is_empty() && self.prefixes.is_empty()
    }

    /// The closest level at which the set names the destination; `None` when it does not.
    #[must_use]
    pub fn find(&self, destination: &Destination<'_>) -> Option<Level> {
        let country = destination.country?;
        if destination.postal.is_some_and(|code| self.prefixes.find(country, &code).is_some()) {
            return Some(Level::PostalCode);
        }
        if destination.subdivision.is_some_and(|part| self.subdivisions.binary_search(&(country, part)).is_ok()) {
            return Some(Level::Subdivision);
        }
        self.countries.binary_search(&country).is_ok().then_some(Level::Country)
    }

    #[must_use]
    pub fn contains(&self, destination: &Destination<'_>) -> bool {
        self.find(destination).is_some()
    }

    /// The level at which a destination that is not in the set misses it: its country may have some subdivisions or
    /// prefixes in the set, only not these.
    #[must_use]
    pub fn misses_by(&self, destination: &Destination<'_>) -> Level {
        match destination.country {
            Some(country) if self.prefixes.knows(country) => Level::PostalCode,
            Some(country) if self.subdivisions.iter().any(|(known, _)| *known == country) => Level::Subdivision,
            _ => Level::Country,
        }
    }
}

pub(crate) fn parse_subdivision(
    row: usize,
    country: &str,
    subdivision: &str,
) -> Result<(Country, Subdivision), PlaceError> {
    Country::parse(country).zip(Subdivision::parse(subdivision)).ok_or_else(|| PlaceError::Subdivision {
        row,
        country: country.into(),
        subdivision: subdivision.into(),
    })
}

crate::wire::wire_record!(PlaceSet { countries, subdivisions, prefixes });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::testing::address;

    fn set() -> PlaceSet {
        PlaceSet::new(["DE"], [("US", "CA")], [("GB", "BT"), ("US", "100")]).unwrap()
    }

    #[test]
    fn a_destination_is_found_at_its_closest_level() {
        let find = |country, part, code| set().find(&Destination::new(&address(country, part, code), None));
        assert_eq!(find("DE", "", "10115"), Some(Level::Country));
        assert_eq!(find("us", "CA", "94105"), Some(Level::Subdivision));
        assert_eq!(find("US", "NY", "10001"), Some(Level::PostalCode));
        assert_eq!(find("GB", "", "bt1 1aa"), Some(Level::PostalCode));
        assert_eq!(find("US", "NV", "89101"), None);
        assert_eq!(find("??", "CA", "10001"), None);
    }

    #[test]
    fn a_miss_says_at_which_level() {
        let miss = |country| set().misses_by(&Destination::new(&address(country, "", ""), None));
        assert_eq!(miss("GB"), Level::PostalCode);
        assert_eq!(miss("FR"), Level::Country);
        let parts = PlaceSet::new([], [("US", "CA")], []).unwrap();
        assert_eq!(parts.misses_by(&Destination::new(&address("US", "NV", ""), None)), Level::Subdivision);
    }

    #[test]
    fn a_wrong_code_is_named_with_its_index() {
        assert_eq!(
            PlaceSet::new(["DE", "Germany"], [], []).unwrap_err(),
            PlaceError::Country { row: 1, country: "Germany".into() }
        );
        assert!(matches!(PlaceSet::new([], [("US", "")], []), Err(PlaceError::Subdivision { row: 0, .. })));
        assert!(matches!(PlaceSet::new([], [], [("US", "!")]), Err(PlaceError::Prefix(PrefixError::Prefix { .. }))));
    }
}
