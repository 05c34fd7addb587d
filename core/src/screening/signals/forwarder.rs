//! Addresses by what is known of them: country, postal code, a piece of the lines. For freight forwarders' warehouses and for the
//! addresses of the lists.
//!
//! What this file must not know: which of the two it serves.

use crate::screening::text::compact;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use cartwright_contract::Address;
use core::fmt;

/// Bytes of an address's lines that are compared; longer ones are cut, so that a call is bounded.
const LONGEST_LINES: usize = 512;
/// Patterns without a postal code: every order of the country is compared with each.
const MOST_WITHOUT_POSTAL_CODE: usize = 500;

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressPattern {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Compared without blanks and hyphens; every postal code when absent.
    pub postal_code: Option<String>,
    /// A piece of the address's lines, compared without case, marks, blanks and punctuation; any lines when absent.
    pub line: Option<String>,
}

/// A pattern that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternError {
    /// Neither postal code nor line: the whole country.
    WholeCountry,
    /// The piece of the lines has fewer than four letters and digits.
    TooShort(String),
    /// More than 500 have no postal code.
    TooManyWithoutPostalCode,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WholeCountry => write!(f, "is a whole country: neither a postal code nor a line"),
            Self::TooShort(line) => {
                write!(f, "the line \"{line}\" has fewer than 4 letters and digits and would fit streets at random")
            }
            Self::TooManyWithoutPostalCode => {
                write!(f, "is the {}th address without a postal code", MOST_WITHOUT_POSTAL_CODE + 1)
            }
        }
    }
}

impl core::error::Error for PatternError {}

/// Many patterns, found by country and postal code.
#[derive(Debug, Clone, Default)]
pub struct AddressPatterns {
    /// By country and postal code (empty for every one): folded pieces of lines, empty for any.
    by_place: BTreeMap<String, BTreeSet<String>>,
    without_postal_code: usize,
}

impl AddressPatterns {
    /// Adds one. Says whether it is new.
    ///
    /// # Errors
    /// When it would fit addresses at random.
    pub fn add(&mut self, pattern: &AddressPattern) -> Result<bool, PatternError> {
        let line = pattern.line.as_ref().map(|line| compact(core::iter::once(&**line), LONGEST_LINES));
        let postal_code = pattern.postal_code.as_deref().map(|code| compact(core::iter::once(code), 32));
        let postal_code = postal_code.unwrap_or_default();
        match &line {
            None if postal_code.is_empty() => return Err(PatternError::WholeCountry),
            Some(line) if line.chars().count() < 4 => {
                return Err(PatternError::TooShort(pattern.line.clone().unwrap_or_default()));
            }
            _ => {}
        }
        if postal_code.is_empty() {
            if self.without_postal_code == MOST_WITHOUT_POSTAL_CODE {
                return Err(PatternError::TooManyWithoutPostalCode);
            }
            self.without_postal_code += 1;
        }
        let lines = self.by_place.entry(place(&pattern.country, &postal_code)).or_default();
        Ok(lines.insert(line.unwrap_or_default()))
    }

    /// Whether some pattern fits.
    #[must_use]
    pub fn matches(&self, address: &Address) -> bool {
        if self.by_place.is_empty() {
            return false;
        }
        let postal_code = address.postal_code.as_deref().map(|code| compact(core::iter::once(code), 32));
        let mut folded = None;
        let mut fits = |postal_code: &str| {
            let Some(pieces) = self.by_place.get(&place(&address.country, postal_code)) else { return false };
            let lines = folded.get_or_insert_with(|| compact(address.lines.iter().map(|line| &**line), LONGEST_LINES));
            pieces.iter().any(|piece| lines.contains(&**piece))
        };
        // A US ZIP+4 lies in its ZIP.
        let zip =
            postal_code.as_deref().filter(|code| address.country == "US" && code.len() == 9).map(|code| &code[..5]);
        fits("") || postal_code.as_deref().is_some_and(&mut fits) || zip.is_some_and(fits)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }
}

fn place(country: &str, postal_code: &str) -> String {
    [country, "/", postal_code].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn pattern(postal_code: Option<&str>, line: Option<&str>) -> AddressPattern {
        AddressPattern {
            country: "US".into(),
            postal_code: postal_code.map(ToString::to_string),
            line: line.map(ToString::to_string),
        }
    }

    fn address(postal_code: &str, line: &str) -> Address {
        Address {
            country: "US".into(),
            postal_code: Some(postal_code.into()),
            lines: vec![line.into()],
            ..Address::default()
        }
    }

    #[test]
    fn spelling_is_no_difference_and_the_postal_code_counts() {
        let mut patterns = AddressPatterns::default();
        assert_eq!(patterns.add(&pattern(Some("97230"), Some("4900 NE 122nd"))), Ok(true));
        assert_eq!(patterns.add(&pattern(Some("97230"), Some("4900 N.E. 122ND"))), Ok(false), "the same again");
        assert!(patterns.matches(&address("97230", "4900 ne 122nd ave, unit 88214")));
        assert!(patterns.matches(&address("97230-1234", "4900 NE 122nd Ave")));
        assert!(!patterns.matches(&address("97231", "4900 NE 122nd Ave")));
        assert!(!patterns.matches(&Address { country: "CA".into(), ..address("97230", "4900 NE 122nd Ave") }));
        assert!(!patterns.matches(&Address { lines: vec![], ..address("97230", "") }));
    }

    #[test]
    fn a_postal_code_alone_or_a_line_alone_is_enough_but_not_neither() {
        let mut patterns = AddressPatterns::default();
        assert_eq!(patterns.add(&pattern(Some("19720"), None)), Ok(true));
        assert_eq!(patterns.add(&pattern(None, Some("Express Lane 4283"))), Ok(true));
        assert!(patterns.matches(&address("19720", "anything")));
        assert!(patterns.matches(&address("34249", "Express Lane 4283 Suite 9")));
        assert_eq!(patterns.add(&pattern(None, None)), Err(PatternError::WholeCountry));
        assert_eq!(patterns.add(&pattern(None, Some("St."))), Err(PatternError::TooShort("St.".into())));
    }

    #[test]
    fn patterns_without_a_postal_code_are_bounded() {
        let mut patterns = AddressPatterns::default();
        for number in 0..MOST_WITHOUT_POSTAL_CODE {
            assert_eq!(patterns.add(&pattern(None, Some(&alloc::format!("{number} Main Street")))), Ok(true));
        }
        let one_more = pattern(None, Some("One too many"));
        assert_eq!(patterns.add(&one_more), Err(PatternError::TooManyWithoutPostalCode));
    }
}
