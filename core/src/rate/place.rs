//! Where a shipment goes, in the form in which rules compare it: country, subdivision and postal code as fixed-size keys.
//!
//! A cart is turned into these keys once; after that a rule costs a comparison of integers.
//!
//! What this module must not know: zones, prices, services.

use alloc::string::String;
use core::fmt;

/// An ISO 3166-1 alpha-2 code in upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Two ASCII letters in either case, blanks around them ignored; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The part of an ISO 3166-2 code after the country: one to three letters or digits, upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subdivision([u8; 3]);

impl Subdivision {
    /// `CA`, `ca` and `US-CA` alike; `None` when what follows the last hyphen is not one to three letters or digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.trim();
        let code = code.as_bytes().rsplit(|&byte| byte == b'-').next().unwrap_or_default();
        if code.is_empty() || code.len() > 3 || !code.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut key = [0; 3];
        for (to, from) in key.iter_mut().zip(code) {
            *to = from.to_ascii_uppercase();
        }
        Some(Self(key))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default().trim_end_matches('\0')
    }
}

impl fmt::Display for Subdivision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The letters and digits of a postal code that rules may look at. No country's code is longer than ten; nine reach from a
/// country down to a ZIP+4.
pub const LONGEST_PREFIX: usize = 9;

/// A postal code in normal form: upper case, blanks and hyphens dropped, the first [`LONGEST_PREFIX`] characters.
///
/// Full-width letters and digits (as Japanese input methods write them) count as their ASCII counterparts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostalCode {
    text: [u8; LONGEST_PREFIX],
    length: u8,
    /// The key of the prefix of each length, at length - 1.
    keys: [u64; LONGEST_PREFIX],
}

impl PostalCode {
    /// `None` when nothing is left, or when something else than letters, digits, blanks and hyphens is in it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = Self { text: [0; LONGEST_PREFIX], length: 0, keys: [0; LONGEST_PREFIX] };
        let mut key = 0;
        for character in text.chars() {
            if is_separator(character) {
                continue;
            }
            let byte = ascii(character)?;
            let at = usize::from(code.length);
            if at < LONGEST_PREFIX {
                key = key * RADIX + digit(byte);
                code.text[at] = byte;
                code.keys[at] = key;
                code.length += 1;
            }
        }
        (code.length > 0).then_some(code)
    }

    /// The whole, where a rule's prefix must not be longer than [`LONGEST_PREFIX`].
    pub(crate) fn parse_prefix(text: &str) -> Option<Self> {
        let written = text.chars().filter(|character| !is_separator(*character)).count();
        if written > LONGEST_PREFIX { None } else { Self::parse(text) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.text[..self.len()]).unwrap_or_default()
    }

    /// Characters, 1 to [`LONGEST_PREFIX`].
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        usize::from(self.length)
    }

    /// The first `length` characters as a number to base 36; `None` when the code is shorter. Below 2^47.
    pub(crate) fn key(&self, length: usize) -> Option<u64> {
        if length == 0 || length > self.len() { None } else { self.keys.get(length - 1).copied() }
    }
}

impl fmt::Display for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const RADIX: u64 = 36;

fn digit(byte: u8) -> u64 {
    u64::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 })
}

/// The prefix of so many characters that has this key.
pub(crate) fn text_of(mut key: u64, length: u8) -> String {
    let mut text = String::new();
    for _ in 0..length {
        text.insert(0, char::from_digit((key % RADIX) as u32, RADIX as u32).unwrap_or('?').to_ascii_uppercase());
        key /= RADIX;
    }
    text
}

/// Blanks and everything that is typed for a hyphen: Unicode's dashes, the minus sign, the Japanese length mark, the
/// full-width and half-width forms.
fn is_separator(character: char) -> bool {
    character == '-'
        || character.is_whitespace()
        || matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{ff0d}' | '\u{ff70}')
}

fn ascii(character: char) -> Option<u8> {
    let narrow = match character {
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(character) - 0xfee0)?
        }
        other => other,
    };
    narrow.is_ascii_alphanumeric().then(|| narrow.to_ascii_uppercase() as u8)
}

crate::wire::wire_newtype!(Country, Subdivision);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_blanks_and_hyphens_do_not_matter() {
        for text in ["sw1a 1aa", "SW1A1AA", " sw1a-1aa "] {
            assert_eq!(PostalCode::parse(text).unwrap().as_str(), "SW1A1AA");
        }
        assert_eq!(PostalCode::parse("１００－０００１").unwrap().as_str(), "1000001");
        assert_eq!(PostalCode::parse("100ー0001").unwrap().as_str(), "1000001");
    }

    #[test]
    fn what_is_no_postal_code_is_none() {
        for text in ["", " - ", "12#45", "Ä1234"] {
            assert_eq!(PostalCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_leading_zero_counts() {
        let with = PostalCode::parse("01234").unwrap();
        assert_eq!(with.key(1), Some(0));
        assert_ne!(with.key(3), PostalCode::parse("12").unwrap().key(2).map(|key| key + 1));
        assert_eq!(with.key(6), None);
    }

    #[test]
    fn codes_of_countries_and_subdivisions_are_read_in_either_case() {
        assert_eq!(Country::parse("us").unwrap().as_str(), "US");
        assert_eq!(Country::parse("USA"), None);
        assert_eq!(Subdivision::parse("US-ca").unwrap().as_str(), "CA");
        assert_eq!(Subdivision::parse("9").unwrap().as_str(), "9");
        assert_eq!(Subdivision::parse("California"), None);
    }

    proptest! {
        #[test]
        fn keys_of_one_length_order_as_the_texts_do(a in "[0-9A-Z]{1,9}", b in "[0-9A-Z]{1,9}") {
            let length = a.len().min(b.len());
            let (x, y) = (PostalCode::parse(&a).unwrap(), PostalCode::parse(&b).unwrap());
            prop_assert_eq!(x.key(length).cmp(&y.key(length)), a[..length].cmp(&b[..length]));
            prop_assert_eq!(text_of(x.key(length).unwrap(), length as u8), &a[..length]);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in any::<String>()) {
            let _ = PostalCode::parse(&text);
            let _ = Country::parse(&text);
            let _ = Subdivision::parse(&text);
        }
    }
}
