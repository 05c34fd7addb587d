//! Tables of postal prefixes, of any country: the longest prefix of a postal code wins.
//!
//! Made for tables of 40,000 rows and more that lie in a plugin's snapshot, where what counts is how many pages of memory a
//! lookup touches: eight bytes a row, sorted, and an index of every 256th row, so that a lookup reads a few lines of the
//! index and one block of 2 KiB per length of prefix, however long the table.
//!
//! What this module must not know: what the number that a row holds stands for.

use super::place::{Country, LONGEST_PREFIX, PostalCode, text_of};
use crate::wire::{Reader, Wire, Writer};
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

/// One row of a table before it is compiled.
#[derive(Debug, Clone, Copy)]
pub struct PrefixRow<'a> {
    /// ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// The beginning of a postal code, as it is written there; blanks, hyphens and case do not matter.
    pub prefix: &'a str,
    /// What the table answers.
    pub value: u16,
}

/// A row that cannot stand in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrefixError {
    /// Not two letters.
    Country { row: usize, country: String },
    /// Empty, longer than [`LONGEST_PREFIX`], or with other characters than letters and digits.
    Prefix { row: usize, prefix: String },
    /// An earlier row gives the same prefix another value.
    Contradiction { row: usize, earlier: usize, prefix: String },
    /// More than 2^32 rows.
    TooManyRows(usize),
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country { row, country } => {
                write!(f, "row {row}: the country \"{country}\" is not a code of two letters, as \"US\"")
            }
            Self::Prefix { row, prefix } => write!(
                f,
                "row {row}: the postal prefix \"{prefix}\" is not 1 to {LONGEST_PREFIX} letters and digits, as \"941\""
            ),
            Self::Contradiction { row, earlier, prefix } => {
                write!(
                    f,
                    "row {row}: the postal prefix \"{prefix}\" stands in row {earlier} already, with another value"
                )
            }
            Self::TooManyRows(rows) => write!(f, "{rows} rows are more than a table holds"),
        }
    }
}

impl core::error::Error for PrefixError {}

/// Rows per entry of the index.
const BLOCK: usize = 256;
const VALUE_BITS: u32 = 16;
const VALUE_MASK: u64 = (1 << VALUE_BITS) - 1;

/// A row on its way into a table; ordered as the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Parsed {
    country: Country,
    longest_first: Reverse<u8>,
    key: u64,
    row: u32,
    value: u16,
}

impl Parsed {
    fn prefix(&self) -> (Country, Reverse<u8>, u64) {
        (self.country, self.longest_first, self.key)
    }
}

/// The prefixes of one country that have the same length.
#[derive(Debug, Clone, Copy)]
struct Section {
    country: Country,
    length: u8,
    /// Where its rows begin and end.
    start: u32,
    end: u32,
    /// Where its part of the index begins.
    index: u32,
}

/// A compiled table. Immutable; eight bytes a row.
#[derive(Debug, Clone, Default)]
pub struct PrefixTable {
    /// By country, longest prefix first.
    sections: Vec<Section>,
    /// The key of the prefix above, the value in the low 16 bits; ascending within a section.
    rows: Vec<u64>,
    /// Every [`BLOCK`]th row of each section, beginning with its first.
    index: Vec<u64>,
}

impl PrefixTable {
    /// Rows may come in any order; one that repeats another exactly is dropped.
    ///
    /// # Errors
    /// With the index of the first row, in the given order, that cannot be read, or that contradicts another.
    pub fn new<'a>(rows: impl IntoIterator<Item = PrefixRow<'a>>) -> Result<Self, PrefixError> {
        let rows = rows.into_iter();
        // Kept small, and sorted in place: what is used here leaves its traces in the snapshot.
        let mut parsed: Vec<Parsed> = Vec::with_capacity(rows.size_hint().0);
        for (row, PrefixRow { country, prefix, value }) in rows.enumerate() {
            let Some(key) = Country::parse(country) else {
                return Err(PrefixError::Country { row, country: country.into() });
            };
            let Some(code) = PostalCode::parse_prefix(prefix) else {
                return Err(PrefixError::Prefix { row, prefix: prefix.into() });
            };
            let Ok(row) = u32::try_from(row) else { return Err(PrefixError::TooManyRows(row)) };
            let length = code.len() as u8;
            parsed.push(Parsed {
                country: key,
                longest_first: Reverse(length),
                key: code.key(code.len()).unwrap_or_default(),
                row,
                value,
            });
        }
        crate::sort::by(&mut parsed, |a, b| a < b);

        let mut table = Self { rows: Vec::with_capacity(parsed.len()), ..Self::default() };
        let mut before: Option<&Parsed> = None;
        for entry in &parsed {
            if let Some(before) = before.filter(|before| before.prefix() == entry.prefix()) {
                if before.value == entry.value {
                    continue;
                }
                let (row, earlier) = (entry.row as usize, before.row as usize);
                let prefix = text_of(entry.key, entry.longest_first.0);
                return Err(PrefixError::Contradiction { row, earlier, prefix });
            }
            table.push(entry.country, entry.longest_first.0, entry.key, entry.value);
            before = Some(entry);
        }
        table.rows.shrink_to_fit();
        table.index.shrink_to_fit();
        Ok(table)
    }

    /// Rows come in the table's own order.
    fn push(&mut self, country: Country, length: u8, key: u64, value: u16) {
        let at = self.rows.len();
        if self.sections.last().is_none_or(|last| last.country != country || last.length != length) {
            let (start, index) = (at as u32, self.index.len() as u32);
            self.sections.push(Section { country, length, start, end: start, index });
        }
        let packed = key << VALUE_BITS | u64::from(value);
        self.rows.push(packed);
        if let Some(section) = self.sections.last_mut() {
            if (at - section.start as usize).is_multiple_of(BLOCK) {
                self.index.push(packed);
            }
            section.end = at as u32 + 1;
        }
    }

    /// The value of the longest prefix of `code` that the table has for `country`.
    #[must_use]
    pub fn find(&self, country: Country, code: &PostalCode) -> Option<u16> {
        let first = self.sections.partition_point(|section| section.country < country);
        self.sections[first..]
            .iter()
            .take_while(|section| section.country == country)
            .find_map(|section| self.find_in(section, code.key(usize::from(section.length))?))
    }

    fn find_in(&self, section: &Section, key: u64) -> Option<u16> {
        let (start, end) = (section.start as usize, section.end as usize);
        let blocks = (end - start).div_ceil(BLOCK);
        let index = self.index.get(section.index as usize..section.index as usize + blocks)?;
        // The last block whose first row is not behind the key.
        let block = index.partition_point(|first| first >> VALUE_BITS <= key).checked_sub(1)?;
        let from = start + block * BLOCK;
        let rows = self.rows.get(from..end.min(from + BLOCK))?;
        let at = rows.binary_search_by_key(&key, |row| row >> VALUE_BITS).ok()?;
        Some(rows[at] as u16)
    }

    /// Whether the table has any prefix for `country`.
    #[must_use]
    pub fn knows(&self, country: Country) -> bool {
        self.sections.binary_search_by_key(&country, |section| section.country).is_ok()
    }

    /// Rows after dropping repetitions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Section by section, the keys as differences.
impl Wire for PrefixTable {
    fn write(&self, to: &mut Writer) {
        to.unsigned(self.sections.len() as u64);
        for section in &self.sections {
            section.country.write(to);
            section.length.write(to);
            let rows = &self.rows[section.start as usize..section.end as usize];
            to.unsigned(rows.len() as u64);
            let mut before = 0;
            for row in rows {
                let key = row >> VALUE_BITS;
                to.unsigned(key - before);
                to.unsigned(row & VALUE_MASK);
                before = key;
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let mut table = Self::default();
        for _ in 0..from.length()? {
            let (country, length) = (Country::read(from)?, u8::read(from)?);
            let mut key = 0u64;
            for _ in 0..from.length()? {
                key = key.wrapping_add(from.unsigned()?);
                table.push(country, length, key, u16::read(from)?);
            }
        }
        Some(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use alloc::format;
    use alloc::vec;
    use proptest::prelude::*;

    fn row<'a>(country: &'a str, prefix: &'a str, value: u16) -> PrefixRow<'a> {
        PrefixRow { country, prefix, value }
    }

    fn find(table: &PrefixTable, country: &str, code: &str) -> Option<u16> {
        table.find(Country::parse(country)?, &PostalCode::parse(code)?)
    }

    #[test]
    fn the_longest_prefix_wins() {
        let table = PrefixTable::new([row("US", "9", 9), row("US", "941", 3), row("US", "94105", 5)]).unwrap();
        assert_eq!(find(&table, "US", "94105-1234"), Some(5));
        assert_eq!(find(&table, "US", "94107"), Some(3));
        assert_eq!(find(&table, "US", "90210"), Some(9));
        assert_eq!(find(&table, "US", "10001"), None);
        assert_eq!(find(&table, "US", "94"), Some(9));
    }

    #[test]
    fn each_country_has_its_own_prefixes() {
        let table = PrefixTable::new([row("DE", "10", 1), row("US", "10", 2), row("GB", "sw1a", 3)]).unwrap();
        assert_eq!(find(&table, "DE", "10115"), Some(1));
        assert_eq!(find(&table, "us", "10001"), Some(2));
        assert_eq!(find(&table, "GB", "SW1A 1AA"), Some(3));
        assert_eq!(find(&table, "FR", "10000"), None);
    }

    #[test]
    fn a_wrong_row_is_named_with_its_index_and_value() {
        let error = |rows: [PrefixRow<'_>; 2]| PrefixTable::new(rows).unwrap_err();
        assert_eq!(
            error([row("US", "1", 1), row("USA", "2", 1)]),
            PrefixError::Country { row: 1, country: "USA".into() }
        );
        assert_eq!(
            error([row("US", "1", 1), row("US", "1.2", 1)]),
            PrefixError::Prefix { row: 1, prefix: "1.2".into() }
        );
        assert_eq!(error([row("US", "", 1), row("US", "2", 1)]), PrefixError::Prefix { row: 0, prefix: String::new() });
        assert_eq!(
            error([row("US", "1 0", 1), row("us", "10", 2)]),
            PrefixError::Contradiction { row: 1, earlier: 0, prefix: "10".into() }
        );
    }

    #[test]
    fn a_repeated_row_is_dropped() {
        assert_eq!(PrefixTable::new([row("US", "10", 1), row("US", "1-0", 1)]).unwrap().len(), 1);
    }

    #[test]
    fn forty_thousand_rows_are_each_found() {
        let codes: Vec<String> = (0..40_000).map(|n| format!("{:05}", n * 2)).collect();
        let rows = codes.iter().zip(0u32..).map(|(code, n)| row("US", code, (n % 9) as u16));
        let table = PrefixTable::new(rows).unwrap();
        for (code, n) in codes.iter().zip(0u32..) {
            assert_eq!(find(&table, "US", code), Some((n % 9) as u16));
        }
        assert_eq!(find(&table, "US", "00001"), None);
        assert_eq!(find(&table, "US", "99999"), None);
    }

    proptest! {
        #[test]
        fn the_table_answers_as_a_search_through_all_rows_does(
            rows in proptest::collection::btree_map("[AB][01]{0,4}", any::<u16>(), 0..40),
            codes in proptest::collection::vec("[AB][01]{0,6}", 1..40),
        ) {
            let table = PrefixTable::new(rows.iter().map(|(prefix, value)| row("NL", prefix, *value))).unwrap();
            for code in codes {
                let naive = rows.iter().filter(|(p, _)| code.starts_with(p.as_str())).max_by_key(|(p, _)| p.len());
                prop_assert_eq!(find(&table, "NL", &code), naive.map(|(_, value)| *value));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn so_it_does_across_many_blocks(
            rows in proptest::collection::btree_map(0u32..10_000, any::<u16>(), 1_000..2_000),
            codes in proptest::collection::vec(0u32..100_000, 100),
        ) {
            // Even numbers are prefixes of four digits, odd ones of three.
            let prefix = |n: u32| if n.is_multiple_of(2) { format!("{n:04}") } else { format!("{:03}", n / 10) };
            let rows: BTreeMap<String, u16> = rows.into_iter().map(|(n, value)| (prefix(n), value)).collect();
            let table = PrefixTable::new(rows.iter().map(|(prefix, value)| row("US", prefix, *value))).unwrap();
            for code in codes.iter().map(|n| format!("{n:05}")).chain(rows.keys().cloned()) {
                let naive = (1..=code.len()).rev().find_map(|length| rows.get(&code[..length]).copied());
                prop_assert_eq!(find(&table, "US", &code), naive);
            }
        }
    }

    #[test]
    fn an_empty_table_answers_nothing() {
        assert_eq!(find(&PrefixTable::new(vec![]).unwrap(), "US", "10001"), None);
    }
}
