//! From where a shipment begins and ends to the zone that its price stands under.
//!
//! A table has several kinds of rules; the first kind that says something decides:
//! 1. postal prefixes, the longest that fits,
//! 2. subdivisions,
//! 3. countries,
//! 4. distance bands, by the great circle from origin to destination,
//! 5. the default.
//!
//! So a carrier's zone chart can be refined by exceptions, and distance bands serve where nothing is listed. A table is
//! meant for one origin; where charts differ by origin (as USPS's do), each location has its own table.
//!
//! What this module must not know: prices.

use super::place::{Country, Subdivision};
use super::place_set::{PlaceError, parse_subdivision};
use super::prefix::{PrefixRow, PrefixTable};
use super::shipment::Destination;
use crate::geo::Position;
use alloc::vec::Vec;
use core::fmt;

/// An index into the zones of a rate, counted from 0. How a carrier calls it is a matter of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(pub u16);

/// All rules of a table, as they come from settings.
#[derive(Debug, Clone, Default)]
pub struct ZoneRules<'a> {
    /// How many zones there are; every rule must name one below this.
    pub zones: u16,
    /// `value` is the zone.
    pub prefixes: Vec<PrefixRow<'a>>,
    pub subdivisions: Vec<(&'a str, &'a str, Zone)>,
    pub countries: Vec<(&'a str, Zone)>,
    /// Up to and including so many metres; ascending. What is farther than the last has no band.
    pub bands: Vec<(u32, Zone)>,
    /// Where nothing else applies. Without it such a destination has no zone.
    pub default: Option<Zone>,
}

/// Which list of [`ZoneRules`] a rule is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneList {
    Prefixes,
    Subdivisions,
    Countries,
    Bands,
    Default,
}

impl fmt::Display for ZoneList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prefixes => "postal prefix",
            Self::Subdivisions => "subdivision",
            Self::Countries => "country",
            Self::Bands => "distance band",
            Self::Default => "default",
        })
    }
}

/// A rule that cannot stand in a zone table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneError {
    /// There is no zone at all.
    NoZones,
    /// The zone's index is not below the number of zones.
    Zone { list: ZoneList, row: usize, zone: u16, zones: u16 },
    /// A country, subdivision or prefix that cannot be read.
    Place(PlaceError),
    /// The same place or distance is given twice, with different zones.
    Contradiction { list: ZoneList, row: usize, earlier: usize },
    /// A band that does not reach farther than the one before it.
    BandOrder { row: usize, metres: u32, before: u32 },
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoZones => f.write_str("there is no zone; a rate needs at least one"),
            Self::Zone { list, row, zone, zones } => {
                write!(f, "{list} {row}: zone index {zone} does not exist; there are {zones} zones, counted from 0")
            }
            Self::Place(error) => error.fmt(f),
            Self::Contradiction { list, row, earlier } => {
                write!(f, "{list} {row}: stands at {earlier} already, with another zone")
            }
            Self::BandOrder { row, metres, before } => write!(
                f,
                "distance band {row}: {metres} m is not farther than the {before} m of the band before it; list them ascending"
            ),
        }
    }
}

impl core::error::Error for ZoneError {}

/// A compiled table.
#[derive(Debug, Clone)]
pub struct ZoneTable {
    zones: u16,
    prefixes: PrefixTable,
    subdivisions: Vec<(Country, Subdivision, Zone)>,
    countries: Vec<(Country, Zone)>,
    bands: Vec<(u32, Zone)>,
    default: Option<Zone>,
}

impl ZoneTable {
    /// # Errors
    /// With list and index of the first rule that is wrong.
    pub fn new(rules: &ZoneRules<'_>) -> Result<Self, ZoneError> {
        let zones = rules.zones;
        if zones == 0 {
            return Err(ZoneError::NoZones);
        }
        let known = |list, row, zone: u16| {
            if zone < zones { Ok(Zone(zone)) } else { Err(ZoneError::Zone { list, row, zone, zones }) }
        };
        for (row, rule) in rules.prefixes.iter().enumerate() {
            known(ZoneList::Prefixes, row, rule.value)?;
        }
        let prefixes = PrefixTable::new(rules.prefixes.iter().copied())
            .map_err(|error| ZoneError::Place(PlaceError::Prefix(error)))?;

        let mut subdivisions = Vec::with_capacity(rules.subdivisions.len());
        for (row, (country, part, zone)) in rules.subdivisions.iter().enumerate() {
            let place = parse_subdivision(row, country, part).map_err(ZoneError::Place)?;
            subdivisions.push((place, known(ZoneList::Subdivisions, row, zone.0)?, row));
        }
        let mut countries = Vec::with_capacity(rules.countries.len());
        for (row, (text, zone)) in rules.countries.iter().enumerate() {
            let country = Country::parse(text)
                .ok_or_else(|| ZoneError::Place(PlaceError::Country { row, country: (*text).into() }))?;
            countries.push((country, known(ZoneList::Countries, row, zone.0)?, row));
        }
        let mut before = None;
        for (row, (metres, zone)) in rules.bands.iter().enumerate() {
            known(ZoneList::Bands, row, zone.0)?;
            if let Some(before) = before.filter(|before| metres <= before) {
                return Err(ZoneError::BandOrder { row, metres: *metres, before });
            }
            before = Some(*metres);
        }
        if let Some(zone) = rules.default {
            known(ZoneList::Default, 0, zone.0)?;
        }
        Ok(Self {
            zones,
            prefixes,
            subdivisions: unique(subdivisions, ZoneList::Subdivisions)?
                .into_iter()
                .map(|((country, part), zone)| (country, part, zone))
                .collect(),
            countries: unique(countries, ZoneList::Countries)?,
            bands: rules.bands.clone(),
            default: rules.default,
        })
    }

    /// How many zones there are.
    #[must_use]
    pub fn zones(&self) -> u16 {
        self.zones
    }

    /// The zone of a destination, seen from `origin`. Without both positions no distance band applies.
    #[must_use]
    pub fn zone(&self, origin: Option<Position>, destination: &Destination<'_>) -> Option<Zone> {
        let listed = destination.country.and_then(|country| self.listed(country, destination));
        listed.or_else(|| self.band(origin?, destination.position?)).or(self.default)
    }

    fn listed(&self, country: Country, destination: &Destination<'_>) -> Option<Zone> {
        let by_code = destination.postal.as_ref().and_then(|code| self.prefixes.find(country, code)).map(Zone);
        let by_part = || {
            let place = (country, destination.subdivision?);
            let at = self.subdivisions.binary_search_by_key(&place, |(country, part, _)| (*country, *part)).ok()?;
            Some(self.subdivisions[at].2)
        };
        let by_country = || {
            let at = self.countries.binary_search_by_key(&country, |(country, _)| *country).ok()?;
            Some(self.countries[at].1)
        };
        by_code.or_else(by_part).or_else(by_country)
    }

    fn band(&self, origin: Position, destination: Position) -> Option<Zone> {
        if self.bands.is_empty() {
            return None;
        }
        let metres = origin.distance_metres(destination);
        let at = self.bands.partition_point(|(up_to, _)| *up_to < metres);
        self.bands.get(at).map(|(_, zone)| *zone)
    }
}

/// Sorted by place, without repetitions.
fn unique<P: Ord + Copy>(mut rules: Vec<(P, Zone, usize)>, list: ZoneList) -> Result<Vec<(P, Zone)>, ZoneError> {
    crate::sort::by(&mut rules, |a, b| (&a.0, a.2) < (&b.0, b.2));
    if let Some(pair) = rules.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1) {
        return Err(ZoneError::Contradiction { list, row: pair[1].2, earlier: pair[0].2 });
    }
    rules.dedup_by(|a, b| a.0 == b.0);
    Ok(rules.into_iter().map(|(place, zone, _)| (place, zone)).collect())
}

crate::wire::wire_newtype!(Zone);
crate::wire::wire_record!(ZoneTable { zones, prefixes, subdivisions, countries, bands, default });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::testing::{address, position};
    use alloc::vec;
    use cartwright_contract::Coordinates;

    fn prefix<'a>(country: &'a str, prefix: &'a str, value: u16) -> PrefixRow<'a> {
        PrefixRow { country, prefix, value }
    }

    fn rules() -> ZoneRules<'static> {
        ZoneRules {
            zones: 8,
            prefixes: vec![prefix("US", "941", 0), prefix("US", "9", 1)],
            subdivisions: vec![("US", "CA", Zone(2)), ("US", "NV", Zone(3))],
            countries: vec![("US", Zone(4)), ("CA", Zone(5))],
            bands: vec![(100_000, Zone(6)), (500_000, Zone(7))],
            default: None,
        }
    }

    fn zone(rules: &ZoneRules<'_>, country: &str, part: &str, code: &str) -> Option<u16> {
        let address = address(country, part, code);
        let table = ZoneTable::new(rules).unwrap();
        table.zone(None, &Destination::new(&address, None)).map(|zone| zone.0)
    }

    #[test]
    fn the_closest_rule_decides() {
        assert_eq!(zone(&rules(), "US", "CA", "94105"), Some(0));
        assert_eq!(zone(&rules(), "US", "CA", "90210"), Some(1));
        assert_eq!(zone(&rules(), "US", "CA", "86400"), Some(2));
        assert_eq!(zone(&rules(), "US", "US-NV", ""), Some(3));
        assert_eq!(zone(&rules(), "US", "NY", "10001"), Some(4));
        assert_eq!(zone(&rules(), "CA", "ON", "M5V 1A1"), Some(5));
        assert_eq!(zone(&rules(), "MX", "", ""), None);
        assert_eq!(zone(&ZoneRules { default: Some(Zone(7)), ..rules() }, "MX", "", ""), Some(7));
    }

    #[test]
    fn bands_serve_where_nothing_is_listed_and_include_their_limit() {
        let table = ZoneTable::new(&ZoneRules { default: Some(Zone(0)), ..rules() }).unwrap();
        let address = address("MX", "", "");
        let at = |longitude: i32| {
            let there = Destination::new(&address, Some(Coordinates { latitude: 0, longitude }));
            table.zone(Some(position(0, 0)), &there).unwrap().0
        };
        assert_eq!(at(0), 6);
        assert_eq!(at(899_000), 6);
        assert_eq!(at(900_000), 7);
        assert_eq!(at(4_496_000), 7);
        assert_eq!(at(4_500_000), 0);
        let exact = position(0, 0).distance_metres(position(0, 1_000_000));
        let table = ZoneTable::new(&ZoneRules { bands: vec![(exact, Zone(1))], ..rules() }).unwrap();
        let there = Destination::new(&address, Some(Coordinates { latitude: 0, longitude: 1_000_000 }));
        assert_eq!(table.zone(Some(position(0, 0)), &there), Some(Zone(1)));
    }

    #[test]
    fn a_wrong_rule_is_named_with_list_and_index() {
        let error = |rules: ZoneRules<'_>| ZoneTable::new(&rules).unwrap_err();
        assert_eq!(error(ZoneRules::default()), ZoneError::NoZones);
        assert_eq!(
            error(ZoneRules { prefixes: vec![prefix("US", "1", 0), prefix("US", "2", 8)], ..rules() }),
            ZoneError::Zone { list: ZoneList::Prefixes, row: 1, zone: 8, zones: 8 }
        );
        assert_eq!(
            error(ZoneRules { countries: vec![("DE", Zone(1)), ("US", Zone(1)), ("de", Zone(2))], ..rules() }),
            ZoneError::Contradiction { list: ZoneList::Countries, row: 2, earlier: 0 }
        );
        assert_eq!(
            error(ZoneRules { bands: vec![(10, Zone(1)), (10, Zone(2))], ..rules() }),
            ZoneError::BandOrder { row: 1, metres: 10, before: 10 }
        );
        assert_eq!(
            error(ZoneRules { default: Some(Zone(9)), ..rules() }),
            ZoneError::Zone { list: ZoneList::Default, row: 0, zone: 9, zones: 8 }
        );
        assert!(matches!(
            error(ZoneRules { subdivisions: vec![("US", "California", Zone(1))], ..rules() }),
            ZoneError::Place(PlaceError::Subdivision { row: 0, .. })
        ));
    }
}
