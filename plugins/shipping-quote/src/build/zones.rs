//! Zone tables: one for each location that a carrier's chart tells of.

use super::Parts;
use super::places::{OTHERS, Prefixes};
use crate::settings::Document;
use crate::settings::places::{ZoneRules as Words, ZoneTable as TableWords};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use cartwright_core::rate::{PlaceError, PrefixError, PrefixRow, Zone, ZoneError, ZoneList, ZoneRules, ZoneTable};
use cartwright_sdk::settings::join;

/// A zone table for each location of the shop; `None` where it says nothing of one.
#[derive(Debug)]
pub struct Lanes<'d> {
    pub zones: &'d [String],
    pub tables: Vec<Option<Arc<ZoneTable>>>,
}

pub fn zone_tables<'d>(document: &'d Document, parts: &mut Parts) -> BTreeMap<&'d str, Lanes<'d>> {
    let mut all = BTreeMap::new();
    for (name, words) in &document.zone_tables {
        let at = join("/zoneTables", name);
        for (index, zone) in words.zones.iter().enumerate() {
            if words.zones[..index].contains(zone) || zone == OTHERS {
                let path = format!("{at}/zones/{index}");
                parts.findings.wrong::<()>(&path, zone, "is the name of another zone already", "name each zone once");
            }
        }
        for location in words.from.keys().filter(|location| *location != OTHERS) {
            parts.location(document, location, &join(&format!("{at}/from"), location));
        }
        if words.from.is_empty() {
            let remedy = "add the rules of a location, or of all as `*`";
            parts.findings.wrong::<()>(
                &format!("{at}/from"),
                &"{}",
                "the zone table says nothing of any location",
                remedy,
            );
        }
        // The rules for all other locations are compiled once.
        let mut compiled: BTreeMap<&str, Option<Arc<ZoneTable>>> = BTreeMap::new();
        let mut tables = Vec::with_capacity(document.locations.len());
        for location in &document.locations {
            let found = words.from.get_key_value(&location.id).or_else(|| words.from.get_key_value(OTHERS));
            tables.push(found.and_then(|(key, rules)| {
                let path = join(&format!("{at}/from"), key);
                compiled.entry(key).or_insert_with(|| zone_table(words, rules, &path, parts).map(Arc::new)).clone()
            }));
        }
        all.insert(&**name, Lanes { zones: &words.zones, tables });
    }
    all
}

/// The indexes of zones by their names; most rows name the same zone as the row before.
struct Names<'d> {
    zones: &'d [String],
    last: usize,
}

impl Names<'_> {
    fn find(&mut self, name: &str, at: impl FnOnce() -> String, parts: &mut Parts) -> Option<Zone> {
        if self.zones.get(self.last).is_none_or(|zone| zone != name) {
            match self.zones.iter().position(|zone| zone == name) {
                Some(index) => self.last = index,
                None => return parts.findings.unknown(&at(), name, "zone", self.zones.iter().map(|zone| &**zone)),
            }
        }
        Some(Zone(self.last as u16))
    }
}

fn zone_table(table: &TableWords, words: &Words, at: &str, parts: &mut Parts) -> Option<ZoneTable> {
    let before = parts.findings.issues.len();
    let mut names = Names { zones: &table.zones, last: 0 };
    let mut prefixes = Vec::with_capacity(words.prefixes.len());
    for (country, map) in &words.prefixes {
        let mut all = Prefixes::default();
        all.ends.reserve(map.count());
        let mut zones = Vec::with_capacity(map.count());
        for (row, (prefix, zone)) in map.rows().enumerate() {
            let here = || join(&join(&format!("{at}/prefixes"), country), prefix);
            zones.push(names.find(zone, here, parts).unwrap_or(Zone(0)).0);
            if all.push(row, prefix).is_none() {
                parts.backwards::<()>(&here(), prefix);
            }
        }
        prefixes.push((&**country, map, all, zones));
    }
    let mut rules = ZoneRules { zones: table.zones.len() as u16, ..ZoneRules::default() };
    for (part, zone) in &words.subdivisions {
        let (country, code) = part.split_once('-').unwrap_or((part, ""));
        let zone = names.find(zone, || join(&format!("{at}/subdivisions"), part), parts);
        rules.subdivisions.push((country, code, zone.unwrap_or(Zone(0))));
    }
    for (country, zone) in &words.countries {
        let zone = names.find(zone, || join(&format!("{at}/countries"), country), parts);
        rules.countries.push((country, zone.unwrap_or(Zone(0))));
    }
    for (index, band) in words.bands.iter().enumerate() {
        let zone = names.find(&band.zone, || format!("{at}/bands/{index}/zone"), parts);
        rules.bands.push((band.up_to, zone.unwrap_or(Zone(0))));
    }
    if let Some(default) = &words.default {
        rules.default = names.find(default, || format!("{at}/default"), parts);
    }
    let rows: usize = prefixes.iter().map(|(_, _, all, _)| all.ends.len()).sum();
    rules.prefixes.reserve_exact(rows);
    for (country, _, all, zones) in &prefixes {
        let row = |(index, prefix)| PrefixRow { country, prefix, value: zones[all.row(index)] };
        rules.prefixes.extend(all.iter().enumerate().map(row));
    }
    if rows == 0
        && words.subdivisions.is_empty()
        && words.countries.is_empty()
        && words.bands.is_empty()
        && words.default.is_none()
    {
        let remedy = "add prefixes, subdivisions, countries, bands or a default";
        return parts.findings.wrong(at, &"{}", "no rule leads to any zone", remedy);
    }
    if parts.findings.issues.len() > before {
        return None;
    }
    let error = match ZoneTable::new(&rules) {
        Ok(table) => return Some(table),
        Err(error) => error,
    };
    // From the row of all countries together to the row of the settings.
    let prefix_path = |mut row: usize| {
        for (country, map, all, _) in &prefixes {
            if row < all.ends.len() {
                let key = map.rows().nth(all.row(row)).map_or("", |(key, _)| key);
                return join(&join(&format!("{at}/prefixes"), country), key);
            }
            row -= all.ends.len();
        }
        format!("{at}/prefixes")
    };
    let nth = |map: &BTreeMap<String, String>, row: usize| map.keys().nth(row).cloned().unwrap_or_default();
    let (path, remedy) = match &error {
        ZoneError::Place(PlaceError::Prefix(PrefixError::Country { .. })) => {
            (format!("{at}/prefixes"), "name the country by two letters, as \"US\"")
        }
        ZoneError::Place(PlaceError::Prefix(PrefixError::Prefix { row, .. })) => {
            (prefix_path(*row), "write the beginning of a postal code, as \"941\", or a range, as \"005-009\"")
        }
        ZoneError::Place(PlaceError::Prefix(PrefixError::Contradiction { row, .. })) => {
            (prefix_path(*row), "keep one of the two; a longer prefix is the way to write an exception")
        }
        ZoneError::Place(PlaceError::Subdivision { row, .. })
        | ZoneError::Contradiction { list: ZoneList::Subdivisions, row, .. } => (
            join(&format!("{at}/subdivisions"), &nth(&words.subdivisions, *row)),
            "write country and subdivision once, as \"US-CA\"",
        ),
        ZoneError::Place(PlaceError::Country { row, .. }) | ZoneError::Contradiction { row, .. } => (
            join(&format!("{at}/countries"), &nth(&words.countries, *row)),
            "name each country once by two letters, as \"US\"",
        ),
        ZoneError::BandOrder { row, .. } => {
            (format!("{at}/bands/{row}/upTo"), "list the bands by distance, nearest first")
        }
        _ => (at.into(), "correct these rules"),
    };
    parts.findings.error(&path, &path.rsplit('/').next().unwrap_or_default(), &error, remedy)
}
