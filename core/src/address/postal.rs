//! A postal code as the rules compare it, and how it is written.
//!
//! What this module must not know: subdivisions, cities.

use super::country::Country;
use super::pattern::LONGEST;
use super::text::digit;

/// Upper-case letters and digits without separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    text: [u8; LONGEST],
    length: u8,
}

impl Code {
    /// `None` when nothing is left, when it is longer than any country's, or when something else than letters, digits and
    /// what people type between them is in it. Full-width, Arabic and Indian digits count as their ASCII counterparts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = Self { text: [0; LONGEST], length: 0 };
        for character in text.chars() {
            let byte = match character {
                _ if character.is_ascii_alphanumeric() => character.to_ascii_uppercase() as u8,
                '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
                    ((u32::from(character) - 0xfee0) as u8).to_ascii_uppercase()
                }
                '〒' | '-' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{ff0d}' | '\u{ff70}' => {
                    continue;
                }
                _ if character.is_whitespace() => continue,
                _ => b'0' + digit(character)?,
            };
            *code.text.get_mut(usize::from(code.length))? = byte;
            code.length += 1;
        }
        (code.length > 0).then_some(code)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }

    /// The code as this country has it: `D-10115` without its country, `1073` in Latvia with the `LV` it belongs to; `None`
    /// when it is none of the country's.
    #[must_use]
    pub fn in_country(self, country: &Country) -> Option<Self> {
        let fits = |code: &Self| country.postal_code.matches(code.as_str());
        if fits(&self) {
            return Some(self);
        }
        // Letters before digits: a country's mark, as mail from abroad has it.
        let text = self.as_str();
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        if (1..=2).contains(&letters) {
            let bare = Self::parse(&text[letters..]);
            if let Some(bare) = bare.filter(fits) {
                return Some(bare);
            }
        }
        let mut marked = [0; LONGEST + 2];
        let length = usize::from(self.length) + 2;
        marked[..2].copy_from_slice(country.code.as_bytes());
        marked[2..length].copy_from_slice(text.as_bytes());
        Self::parse(core::str::from_utf8(&marked[..length]).ok()?).filter(fits)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::country::read;
    use super::*;
    use alloc::string::String;
    use alloc::vec::Vec;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    const SOURCE: &str = include_str!("data/postal-patterns.tsv");

    /// Country, the source's pattern, its examples.
    type Original = (&'static str, regex::Regex, Vec<&'static str>);

    static ORIGINALS: LazyLock<Vec<Original>> = LazyLock::new(|| {
        let rows = SOURCE.lines().filter(|line| !line.starts_with('#'));
        rows.map(|row| {
            let mut columns = row.split('\t');
            let (code, pattern) = (columns.next().unwrap(), columns.next().unwrap());
            let examples = columns.next().unwrap_or_default().split(',').filter(|text| !text.is_empty()).collect();
            (code, regex::Regex::new(&alloc::format!("^(?:{pattern})$")).unwrap(), examples)
        })
        .collect()
    });

    static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| read(|_| true));

    fn country(code: &str) -> &'static Country {
        COUNTRIES.iter().find(|country| country.code == code).unwrap()
    }

    fn written(country: &Country, text: &str) -> Option<String> {
        Code::parse(text)?.in_country(country).map(|code| country.spaced(code.as_str()))
    }

    #[test]
    fn every_example_of_the_source_is_taken_and_written_as_there() {
        let mut seen = 0;
        for (code, _, examples) in &*ORIGINALS {
            let country = country(code);
            for example in examples.iter().copied() {
                assert_eq!(written(country, example).as_deref(), Some(example), "{code}");
                let bare: String = example.chars().filter(char::is_ascii_alphanumeric).collect();
                assert_eq!(written(country, &bare.to_lowercase()).as_deref(), Some(example), "{code} from {bare}");
                seen += 1;
            }
        }
        assert!(seen > 300, "{seen} examples");
    }

    #[test]
    fn marks_of_countries_are_taken_off_or_put_before() {
        let cases = [
            ("DE", "D-10115", "10115"),
            ("CH", "CH-8001", "8001"),
            ("SE", "SE-114 55", "114 55"),
            ("LV", "1073", "LV-1073"),
            ("GB", "sw1a1aa", "SW1A 1AA"),
            ("GB", "bfpo61", "BFPO 61"),
            ("JP", "〒１００ー０００１", "100-0001"),
            ("CA", "k1a0b1", "K1A 0B1"),
            ("US", "972091234", "97209-1234"),
            ("BR", "01310930", "01310-930"),
            ("SA", "١٢٣٤٥", "12345"),
        ];
        for (code, text, expected) in cases {
            assert_eq!(written(country(code), text).as_deref(), Some(expected), "{code} {text}");
        }
        let us = country("US");
        for text in ["9720", "972090", "97209-12", "ABCDE", "1O001", "🏠", "", "12345678901234567890"] {
            assert_eq!(written(us, text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Both directions against the regex crate: what the source's pattern takes we take; what we take, written our way, it takes.
        #[test]
        fn compiled_patterns_take_what_the_sources_take(which in any::<prop::sample::Index>(), seed in "[0-9A-Z]{1,11}", mutate in any::<prop::sample::Index>(), with in "[0-9A-Z]") {
            let (code, original, examples) = &ORIGINALS[which.index(ORIGINALS.len())];
            let country = country(code);
            let mut texts = Vec::from([seed]);
            for example in examples.iter().take(3) {
                // Near misses: one character of a real code replaced.
                let mut bare: Vec<char> = example.chars().filter(char::is_ascii_alphanumeric).collect();
                let at = mutate.index(bare.len());
                bare[at] = with.chars().next().unwrap();
                texts.push(bare.into_iter().collect());
            }
            for text in texts {
                if original.is_match(&text) {
                    prop_assert!(country.postal_code.matches(&text), "{} takes {}", code, text);
                }
                if country.postal_code.matches(&text) {
                    let spaced = country.spaced(&text);
                    prop_assert!(original.is_match(&spaced) || original.is_match(&text), "{} as {} in {}", text, spaced, code);
                } else {
                    prop_assert!(!original.is_match(&country.spaced(&text)), "{} is one of {}", text, code);
                }
            }
        }
    }
}
