//! Cities by subdivision and postal code, where a merchant's settings carry such a list for a country.
//!
//! A list of 42,000 ZIP codes with 30,000 cities is half a megabyte: too much for a component that most shops load without it, so
//! it comes with the settings, and only for the countries that a shop wants. Built once, at install; asked by binary search.
//! What this module must not know: countries' rules.

use super::distance::{Nearest, nearest};
use super::text::fold;
use crate::rate::PostalCode;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Postal codes that one list may have.
pub const MOST_CODES: usize = 1_000_000;
/// Cities that one list may have.
pub const MOST_CITIES: usize = 500_000;
/// Codes that a single range may stand for.
const MOST_IN_RANGE: u64 = 10_000;

/// Why an entry of the list cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalityError {
    /// A city without letters or digits.
    Name(String),
    /// Not a postal code, nor two with a hyphen between them.
    Code(String),
    /// A range that runs backwards, mixes lengths or letters, or stands for more than 10,000 codes.
    Range(String),
    TooMany,
}

impl fmt::Display for LocalityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "\"{name}\" is no city's name; give it as people write it"),
            Self::Code(code) => {
                write!(f, "\"{code}\" is no postal code; give codes with blanks between them, as 97201 97203-97206")
            }
            Self::Range(range) => {
                write!(
                    f,
                    "\"{range}\" is no range of postal codes; give two numbers of one length, the lower first, at most 10000 apart"
                )
            }
            Self::TooMany => f.write_str("the list is too long; give at most 500000 cities and 1000000 postal codes"),
        }
    }
}

impl core::error::Error for LocalityError {}

/// A city of one subdivision.
#[derive(Debug, Clone, Copy)]
struct City {
    /// Where its name and, behind it, its folded name lie in the text.
    start: u32,
    name: u16,
    folded: u16,
    subdivision: u16,
}

/// The cities of a country.
#[derive(Debug, Clone, Default)]
pub struct Localities {
    text: String,
    /// Sorted by subdivision and folded name.
    cities: Vec<City>,
    /// Codes of subdivisions, as the list has them.
    subdivisions: Vec<String>,
    /// Postal codes (length and key) with the index of a city, sorted.
    codes: Vec<(u64, u32)>,
    /// A bit for each length that a code in the list has.
    lengths: u16,
}

/// Takes the entries of a list in any order.
#[derive(Debug, Clone, Default)]
pub struct LocalitiesBuilder(Localities);

impl LocalitiesBuilder {
    /// Adds a city of a subdivision (by the code that the contract's `subdivision` holds; empty in countries without), with its
    /// postal codes, or what they begin with: `97201-97233 97236`, `T0A`, or nothing.
    ///
    /// # Errors
    /// When the name has no letters, a code is none, or the list is too long.
    pub fn add(&mut self, subdivision: &str, city: &str, codes: &str) -> Result<(), LocalityError> {
        let list = &mut self.0;
        if list.cities.len() >= MOST_CITIES {
            return Err(LocalityError::TooMany);
        }
        let folded = city_key(city);
        let fits = |length: usize| u16::try_from(length).ok();
        let (Some(name), Some(length)) = (fits(city.len()), fits(folded.len()).filter(|length| *length > 0)) else {
            return Err(LocalityError::Name(city.into()));
        };
        let known = list.subdivisions.iter().rposition(|known| known == subdivision);
        let known = known.unwrap_or_else(|| {
            list.subdivisions.push(subdivision.into());
            list.subdivisions.len() - 1
        });
        let subdivision = u16::try_from(known).map_err(|_| LocalityError::TooMany)?;
        let start = u32::try_from(list.text.len()).map_err(|_| LocalityError::TooMany)?;
        let index = list.cities.len() as u32;
        for entry in codes.split([' ', ',']).filter(|entry| !entry.is_empty()) {
            list.add_codes(entry, index)?;
        }
        list.text.push_str(city);
        list.text.push_str(&folded);
        list.cities.push(City { start, name, folded: length, subdivision });
        Ok(())
    }

    /// The list, ready to be asked.
    #[must_use]
    pub fn finish(self) -> Localities {
        let mut list = self.0;
        let mut order: Vec<u32> = (0..list.cities.len() as u32).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&list.cities[*a as usize], &list.cities[*b as usize]);
            (a.subdivision, list.folded(a)).cmp(&(b.subdivision, list.folded(b)))
        });
        let mut place = alloc::vec![0; order.len()];
        for (to, from) in order.iter().enumerate() {
            place[*from as usize] = to as u32;
        }
        list.cities = order.iter().map(|from| list.cities[*from as usize]).collect();
        for (_, city) in &mut list.codes {
            *city = place[*city as usize];
        }
        list.codes.sort_unstable();
        list.codes.dedup();
        list.codes.shrink_to_fit();
        list.text.shrink_to_fit();
        list
    }
}

/// A code's length and characters as one number.
fn key(code: &PostalCode, length: usize) -> Option<u64> {
    code.key(length).map(|key| key | (length as u64) << 48)
}

/// The name as cities are compared: `St Louis` is `Saint Louis`, `Ft Worth` is `Fort Worth`.
fn city_key(name: &str) -> String {
    let folded = fold(name);
    for (short, long) in [("st ", "saint "), ("ste ", "sainte "), ("ft ", "fort "), ("mt ", "mount ")] {
        if let Some(rest) = folded.strip_prefix(short) {
            return [long, rest].concat();
        }
    }
    folded
}

impl Localities {
    fn add_codes(&mut self, entry: &str, city: u32) -> Result<(), LocalityError> {
        let parse = |text: &str| {
            let code = PostalCode::parse_prefix(text).ok_or_else(|| LocalityError::Code(entry.into()))?;
            Ok((code.len(), code))
        };
        let (low, high) = entry.split_once('-').unwrap_or((entry, entry));
        let ((length, low_code), (other, high_code)) = (parse(low)?, parse(high)?);
        self.lengths |= 1 << length;
        let mut push = |key: Option<u64>| {
            let Some(key) = key else { return Err(LocalityError::Code(entry.into())) };
            self.codes.push((key, city));
            if self.codes.len() > MOST_CODES { Err(LocalityError::TooMany) } else { Ok(()) }
        };
        if low == high {
            return push(key(&low_code, length));
        }
        let number = |code: &PostalCode| code.as_str().parse::<u64>().ok();
        let range = number(&low_code)
            .zip(number(&high_code))
            .filter(|(low, high)| length == other && low <= high && high - low < MOST_IN_RANGE);
        let Some((low, high)) = range else { return Err(LocalityError::Range(entry.into())) };
        for number in low..=high {
            let code = PostalCode::parse(&format!("{number:0length$}"));
            push(code.as_ref().and_then(|code| key(code, length)))?;
        }
        Ok(())
    }

    fn name(&self, city: &City) -> &str {
        let start = city.start as usize;
        self.text.get(start..start + usize::from(city.name)).unwrap_or_default()
    }

    fn folded(&self, city: &City) -> &str {
        let start = city.start as usize + usize::from(city.name);
        self.text.get(start..start + usize::from(city.folded)).unwrap_or_default()
    }

    /// How many cities and postal codes the list has.
    #[must_use]
    pub fn extent(&self) -> (usize, usize) {
        (self.cities.len(), self.codes.len())
    }

    /// The codes of the subdivisions that the list names; empty where it names none.
    pub fn subdivisions(&self) -> impl Iterator<Item = &str> {
        self.subdivisions.iter().map(String::as_str)
    }

    /// A city's name and the code of its subdivision.
    #[must_use]
    pub fn city(&self, index: usize) -> (&str, &str) {
        let Some(city) = self.cities.get(index) else { return ("", "") };
        (self.name(city), &self.subdivisions[usize::from(city.subdivision)])
    }

    /// The cities with this postal code; those of its longest beginning that the list has. Empty when nobody knows the code.
    pub fn at(&self, postal_code: &str) -> impl Iterator<Item = usize> + '_ {
        let code = PostalCode::parse(postal_code);
        let lengths = self.lengths;
        let found = code.and_then(|code| {
            (1..=code.len()).rev().filter(|length| lengths >> length & 1 == 1).find_map(|length| {
                let key = key(&code, length)?;
                let start = self.codes.partition_point(|(known, _)| *known < key);
                (self.codes.get(start)?.0 == key).then_some((start, key))
            })
        });
        let (start, wanted) = found.unwrap_or((self.codes.len(), 0));
        self.codes[start..].iter().take_while(move |(key, _)| *key == wanted).map(|(_, city)| *city as usize)
    }

    /// Whether the city at `index` has this name, whatever blanks, hyphens and apostrophes it is written with: the lists of posts have
    /// `Mc Lean`, `O Fallon` and `Coeur D Alene`.
    #[must_use]
    pub fn is_called(&self, index: usize, name: &str) -> bool {
        let wanted = city_key(name);
        let letters = |text: &str| -> String { text.chars().filter(|c| *c != ' ').collect() };
        self.cities.get(index).is_some_and(|city| {
            let known = self.folded(city);
            known == wanted || letters(known) == letters(&wanted)
        })
    }

    /// Whether the list has a city of this name in the subdivision.
    #[must_use]
    pub fn find(&self, subdivision: &str, name: &str) -> Option<usize> {
        let (range, wanted) = (self.of(subdivision)?, city_key(name));
        let within = &self.cities[range.clone()];
        let at = within.partition_point(|city| self.folded(city) < &*wanted);
        within.get(at).filter(|city| self.folded(city) == wanted).map(|_| range.start + at)
    }

    /// The city of the subdivision whose name comes nearest.
    #[must_use]
    pub fn nearest(&self, subdivision: &str, name: &str) -> Option<Nearest<usize>> {
        let range = self.of(subdivision)?;
        let wanted: Vec<char> = city_key(name).chars().collect();
        let start = range.start;
        let names = self.cities[range].iter().enumerate();
        nearest(&wanted, names.map(|(index, city)| (start + index, self.folded(city))))
    }

    /// Which of these cities has the nearest name.
    #[must_use]
    pub fn nearest_of(&self, cities: impl Iterator<Item = usize>, name: &str) -> Option<Nearest<usize>> {
        let wanted: Vec<char> = city_key(name).chars().collect();
        nearest(&wanted, cities.filter_map(|index| self.cities.get(index).map(|city| (index, self.folded(city)))))
    }

    /// Whether the list has any city of the subdivision.
    #[must_use]
    pub fn covers(&self, subdivision: &str) -> bool {
        self.of(subdivision).is_some()
    }

    /// Where the cities of a subdivision lie.
    fn of(&self, subdivision: &str) -> Option<core::ops::Range<usize>> {
        let index = self.subdivisions.iter().position(|known| known == subdivision)? as u16;
        let start = self.cities.partition_point(|city| city.subdivision < index);
        let end = self.cities.partition_point(|city| city.subdivision <= index);
        Some(start..end)
    }

    /// The only postal code of a city, where the list gives it in full and it has no other.
    #[must_use]
    pub fn only_code(&self, index: usize) -> Option<String> {
        let mut of_city = self.codes.iter().filter(|(_, city)| *city as usize == index);
        let (key, _) = of_city.next()?;
        if of_city.next().is_some() {
            return None;
        }
        Some(crate::rate::place::text_of(key & ((1 << 48) - 1), (key >> 48) as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn list() -> Localities {
        let mut builder = LocalitiesBuilder::default();
        builder.add("OR", "Portland", "97201-97203 97209").unwrap();
        builder.add("ME", "Portland", "04101").unwrap();
        builder.add("OR", "Salem", "97301 97302").unwrap();
        builder.add("MO", "Saint Louis", "63101").unwrap();
        builder.add("AB", "Wainwright", "T0B").unwrap();
        builder.add("OR", "Bend", "").unwrap();
        builder.finish()
    }

    #[test]
    fn cities_are_found_by_their_postal_code_or_its_longest_known_beginning() {
        let list = list();
        let names = |code: &str| list.at(code).map(|city| list.city(city)).collect::<Vec<_>>();
        assert_eq!(names("97202"), [("Portland", "OR")]);
        assert_eq!(names("97209-1234"), [("Portland", "OR")]);
        assert_eq!(names("T0B 4A0"), [("Wainwright", "AB")]);
        assert_eq!(names("97204"), []);
        assert_eq!(names("🏠"), []);
        assert_eq!(list.extent(), (6, 9));
    }

    #[test]
    fn cities_are_found_by_name_within_their_subdivision() {
        let list = list();
        assert_eq!(list.find("MO", "ST. LOUIS").map(|city| list.city(city)), Some(("Saint Louis", "MO")));
        assert_eq!(list.find("OR", "Saint Louis"), None);
        assert_eq!(list.find("XX", "Portland"), None);
        let near = list.nearest("OR", "Portlnad").unwrap();
        assert_eq!((list.city(near.found), near.distance), (("Portland", "OR"), 1));
        assert_eq!(list.nearest("OR", "Eugene"), None);
    }

    #[test]
    fn a_city_with_one_postal_code_names_it() {
        let list = list();
        let code = |subdivision, name| list.only_code(list.find(subdivision, name).unwrap());
        assert_eq!(code("ME", "Portland").as_deref(), Some("04101"));
        assert_eq!(code("OR", "Salem"), None);
        assert_eq!(code("OR", "Bend"), None);
    }

    #[test]
    fn entries_that_cannot_be_meant_are_refused() {
        let mut builder = LocalitiesBuilder::default();
        let mut error = |city: &str, codes: &str| builder.add("OR", city, codes).unwrap_err().to_string();
        assert!(error("...", "").contains("no city's name"));
        assert!(error("Bend", "97x#1").contains("no postal code"));
        assert!(error("Bend", "97209-97201").contains("no range"));
        assert!(error("Bend", "00000-99999").contains("at most 10000"));
        assert!(error("Bend", "T0A-T0B").contains("no range"));
    }
}
