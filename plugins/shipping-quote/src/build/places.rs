//! Places: sets of them, postal prefixes with their ranges, and where postal codes lie.

use super::Parts;
use crate::settings::Document;
use crate::settings::places::Places as PlaceWords;
use crate::settings::words::Point;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_core::rate::{PlaceError, PlaceSet, PrefixError, PrefixRow, PrefixTable};
use cartwright_sdk::contract::Coordinates;
use cartwright_sdk::settings::join;

/// Every other location, or every other zone.
pub const OTHERS: &str = "*";

/// Prefixes in one range: a ZIP3's hundred codes, and a hundred times that. More is said by a shorter prefix.
const LONGEST_RANGE: u32 = 10_000;
/// Prefixes of one country in one table.
const MOST_PREFIXES: usize = 1_000_000;

/// Prefixes with their ranges spelled out, in one text.
#[derive(Debug, Default)]
pub struct Prefixes {
    text: String,
    /// End in the text, and which of the settings' rows it comes from.
    pub ends: Vec<(u32, u32)>,
}

impl Prefixes {
    /// `None` for a range that runs backwards or is longer than [`LONGEST_RANGE`], and for what is above [`MOST_PREFIXES`].
    pub fn push(&mut self, row: usize, prefix: &str) -> Option<()> {
        let number =
            |text: &str| if text.bytes().all(|b| b.is_ascii_digit()) { text.parse::<u32>().ok() } else { None };
        let range = prefix.split_once('-').filter(|(first, last)| first.len() == last.len() && first.len() < 6);
        match range.and_then(|(first, last)| Some((first.len(), number(first)?, number(last)?))) {
            Some((_, first, last)) if first > last || last - first >= LONGEST_RANGE => return None,
            _ if self.ends.len() > MOST_PREFIXES => return None,
            Some((length, first, last)) => {
                for number in first..=last {
                    use core::fmt::Write;
                    // Writing into a string does not fail.
                    let _ = write!(self.text, "{number:0length$}");
                    self.ends.push((self.text.len() as u32, row as u32));
                }
            }
            None => {
                self.text.push_str(prefix);
                self.ends.push((self.text.len() as u32, row as u32));
            }
        }
        Some(())
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |(end, _)| {
            let prefix = &self.text[start..*end as usize];
            start = *end as usize;
            prefix
        })
    }

    /// Which of the settings' rows a prefix comes from.
    pub fn row(&self, index: usize) -> usize {
        self.ends.get(index).map_or(0, |(_, row)| *row as usize)
    }
}

/// Places as they are listed, ranges spelled out.
#[derive(Debug, Default)]
struct Listed<'d> {
    countries: Vec<&'d str>,
    subdivisions: Vec<(&'d str, &'d str)>,
    prefixes: Vec<(&'d str, Prefixes)>,
}

impl<'d> Listed<'d> {
    /// `backwards` is told of country and row of a range that runs backwards.
    fn add(&mut self, words: &'d PlaceWords, mut backwards: impl FnMut(&str, usize)) {
        self.countries.extend(words.countries.iter().map(|country| &**country));
        self.subdivisions.extend(words.subdivisions.iter().map(|part| part.split_once('-').unwrap_or((part, ""))));
        for (country, list) in &words.prefixes {
            let mut all = Prefixes::default();
            for (row, prefix) in list.iter().enumerate() {
                if all.push(row, prefix).is_none() {
                    backwards(country, row);
                }
            }
            self.prefixes.push((country, all));
        }
    }

    fn compile(&self) -> Result<PlaceSet, PlaceError> {
        let rows = self.prefixes.iter().flat_map(|(country, list)| list.iter().map(|prefix| (*country, prefix)));
        PlaceSet::new(self.countries.iter().copied(), self.subdivisions.iter().copied(), rows)
    }
}

/// Each set by itself, so that what is wrong is told of where it stands, and once.
pub fn check_place_sets(document: &Document, parts: &mut Parts) {
    for (name, words) in &document.place_sets {
        let at = join("/placeSets", name);
        let before = parts.findings.issues.len();
        let mut listed = Listed::default();
        listed.add(words, |country, row| {
            let path = format!("{}/{row}", join(&format!("{at}/prefixes"), country));
            parts.backwards::<()>(&path, &words.prefixes[country][row]);
        });
        if let Err(error) = listed.compile() {
            let (path, remedy) = match &error {
                PlaceError::Country { row, .. } => {
                    (format!("{at}/countries/{row}"), "name a country by two letters, as \"US\"")
                }
                PlaceError::Subdivision { row, .. } => {
                    (format!("{at}/subdivisions/{row}"), "write country and subdivision, as \"US-CA\"")
                }
                PlaceError::Prefix(
                    PrefixError::Country { row, .. }
                    | PrefixError::Prefix { row, .. }
                    | PrefixError::Contradiction { row, .. },
                ) => {
                    let mut row = *row;
                    let mut lists = listed.prefixes.iter();
                    let list = lists.find(|(_, all)| {
                        let here = row < all.ends.len();
                        row -= if here { 0 } else { all.ends.len() };
                        here
                    });
                    let path = list.map_or_else(
                        || format!("{at}/prefixes"),
                        |(country, all)| format!("{}/{}", join(&format!("{at}/prefixes"), country), all.row(row)),
                    );
                    (path, "write countries as \"US\" and beginnings of postal codes as \"941\" or \"005-009\"")
                }
                PlaceError::Prefix(PrefixError::TooManyRows(_)) => (format!("{at}/prefixes"), "use shorter prefixes"),
            };
            parts.findings.error::<()>(&path, &name, &error, remedy);
        }
        if words.countries.is_empty() && words.subdivisions.is_empty() && words.prefixes.is_empty() {
            let remedy = "add countries, subdivisions or prefixes";
            parts.findings.wrong::<()>(&at, &"{}", "there is no place in the set", remedy);
        }
        if parts.findings.issues.len() > before {
            parts.broken_sets.push(name.clone());
        }
    }
}

/// One set for the places of several named sets together; no place for no name.
pub fn place_set(document: &Document, names: &[String], at: &str, parts: &mut Parts) -> Option<PlaceSet> {
    let mut listed = Listed::default();
    let mut whole = true;
    for (index, name) in names.iter().enumerate() {
        match parts.findings.find(&document.place_sets, name, &format!("{at}/{index}"), "set of places") {
            Some(words) if !parts.broken_sets.contains(name) => listed.add(words, |_, _| ()),
            _ => whole = false,
        }
    }
    listed.compile().ok().filter(|_| whole)
}

/// Where postal codes lie: a table from their beginnings to a list of points.
pub fn postal_places(document: &Document, parts: &mut Parts) -> (PrefixTable, Vec<Coordinates>) {
    let mut places: Vec<Coordinates> = Vec::new();
    let mut lists = vec![];
    for (country, map) in &document.postal_places {
        let at = join("/postalPlaces", country);
        let (mut all, mut values) = (Prefixes::default(), Vec::with_capacity(map.count()));
        places.reserve(map.count());
        for (row, (prefix, text)) in map.rows().enumerate() {
            if let Ok(point) = text.parse::<Point>() {
                let point = Coordinates::from(point.0);
                if places.last() != Some(&point) {
                    places.push(point);
                }
            } else {
                let remedy = "write latitude and longitude in degrees, as \"39.66,-119.88\"";
                parts.findings.wrong::<()>(&join(&at, prefix), &text, "is not a point on the globe", remedy);
            }
            values.push(places.len().saturating_sub(1));
            if all.push(row, prefix).is_none() {
                parts.backwards::<()>(&join(&at, prefix), prefix);
            }
        }
        lists.push((&**country, all, values));
    }
    if places.len() > usize::from(u16::MAX) + 1 {
        let message = format!("{} points are more than the 65536 that fit", places.len());
        parts.findings.wrong::<()>("/postalPlaces", &places.len(), &message, "use shorter prefixes");
        return (PrefixTable::default(), Vec::new());
    }
    let rows = lists.iter().flat_map(|(country, all, values)| {
        let row = |(index, prefix)| PrefixRow { country, prefix, value: values[all.row(index)] as u16 };
        all.iter().enumerate().map(row)
    });
    match PrefixTable::new(rows) {
        Ok(table) => {
            places.shrink_to_fit();
            (table, places)
        }
        Err(error) => {
            let remedy = "write countries as \"US\" and beginnings of postal codes as \"941\", each once";
            parts.findings.error::<()>("/postalPlaces", &document.postal_places.len(), &error, remedy);
            (PrefixTable::default(), Vec::new())
        }
    }
}
