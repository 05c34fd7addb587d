//! Street lines: standard abbreviations, and whether there is a house number.
//!
//! The words are USPS Publication 28's (appendix B for directions, C1 for streets, C2 for units; `data/us-streets.tsv`), for Canada
//! the street types of Canada Post's addressing guidelines that differ or are French. What this module must not know: the other
//! fields of an address.

use super::text::fold;
use alloc::string::String;
use alloc::vec::Vec;

static TABLE: &str = include_str!("data/us-streets.tsv");

const DIRECTIONS: [(&str, &str); 8] = [
    ("NORTH", "N"),
    ("EAST", "E"),
    ("SOUTH", "S"),
    ("WEST", "W"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
];

/// Canada Post, "Addressing guidelines", table of street types: those that stand behind the name.
const CANADA: &str = "AVE AVENUE AV;BLVD BOULEVARD BOUL;CIR CIRCLE;CRT COURT CT;CRES CRESCENT;DR DRIVE DRV;HWY HIGHWAY;LANE;PKY PARKWAY;PL PLACE;RD ROAD;SQ SQUARE;ST STREET STR;TERR TERRACE;TRAIL;CRCT CIRCUIT;HTS HEIGHTS;ESPL ESPLANADE";

/// Spellings that say that a house has no number: Spanish and Portuguese *sin número*, *sem número*; Italian *senza numero civico*;
/// South Slavic *bez broja*.
const NO_NUMBER: [&str; 7] = ["s n", "sn", "snc", "s n c", "bb", "b b", "no number"];

/// House numbers that are a matter of pride: One Microsoft Way, Two Penn Plaza.
const IN_WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// The words of a country's street lines.
#[derive(Debug, Clone, Default)]
pub struct Streets {
    /// From a word to its abbreviation, sorted by the word.
    kinds: Vec<(&'static str, &'static str)>,
    units: Vec<(&'static str, &'static str)>,
}

impl Streets {
    /// The words of the United States or Canada; `None` for countries without standard abbreviations here.
    #[must_use]
    pub fn of(country: &str) -> Option<Self> {
        let mut streets = Self::default();
        let units = TABLE.lines().filter_map(|line| line.strip_prefix("U\t"));
        add(units.map(|line| line.split(['\t', ' '])), &mut streets.units);
        match country {
            "US" | "PR" | "GU" | "VI" | "AS" | "MP" => {
                let kinds = TABLE.lines().filter_map(|line| line.strip_prefix("T\t"));
                add(kinds.map(|line| line.split(['\t', ' '])), &mut streets.kinds);
            }
            "CA" => add(CANADA.split(';').map(|entry| entry.split([' ', '\t'])), &mut streets.kinds),
            _ => return None,
        }
        Some(streets)
    }

    /// The line with street type, directions and unit abbreviated; `None` when nothing changes or the line is no street with a
    /// house number in front.
    #[must_use]
    pub fn standardised(&self, line: &str) -> Option<String> {
        let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        if words.len() < 3 || words.len() > 16 || !words[0].starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let shouts = !line.chars().any(char::is_lowercase);
        // A unit has its number or letter behind it, and a street before it: "12 West Ocean Front Walk" has none.
        let unit =
            (3..words.len() - 1).find(|at| find(&self.units, words[*at]).is_some() && is_unit_number(words[at + 1]));
        let end = unit.unwrap_or(words.len());
        let mut out: Vec<String> = words.iter().map(|word| String::from(*word)).collect();
        // The direction behind the street counts only behind a street type: "12 Bay St NW".
        let behind = direction(words[end - 1]).filter(|_| end >= 4 && find(&self.kinds, words[end - 2]).is_some());
        let kind_at = if behind.is_some() { end - 2 } else { end - 1 };
        let kind = find(&self.kinds, words[kind_at]).filter(|_| kind_at >= 2);
        // "12 North Ave" is North Avenue; "12 North Main St" lies in the north.
        let before = direction(words[1])
            .filter(|_| if kind.is_some() { kind_at >= 3 } else { end >= 3 })
            .filter(|short| !belongs_to_name(short, words[2]));
        if let Some(short) = before {
            out[1] = as_written(short, words[1], true);
        }
        if let Some(short) = kind {
            out[kind_at] = as_written(short, words[kind_at], shouts);
        }
        if let Some(short) = behind {
            out[end - 1] = as_written(short, words[end - 1], true);
        }
        if let Some((at, short)) = unit.and_then(|at| Some((at, find(&self.units, words[at])?))) {
            out[at] = as_written(short, words[at], shouts);
        }
        let out = out.join(" ");
        (out != line).then_some(out)
    }
}

/// Each entry is an abbreviation and the words that it stands for; itself too.
fn add(entries: impl Iterator<Item = impl Iterator<Item = &'static str>>, to: &mut Vec<(&'static str, &'static str)>) {
    for mut entry in entries {
        let Some(short) = entry.next() else { continue };
        to.push((short, short));
        to.extend(entry.filter(|word| !word.is_empty()).map(|word| (word, short)));
    }
    to.sort_unstable();
}

fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ','])
}

fn find(table: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    let wanted = bare(word);
    if wanted.len() > 16 || !wanted.is_ascii() {
        return None;
    }
    let wanted = wanted.to_ascii_uppercase();
    table.binary_search_by(|(known, _)| (*known).cmp(&*wanted)).ok().map(|at| table[at].1)
}

fn direction(word: &str) -> Option<&'static str> {
    let wanted = bare(word);
    let same = |known: &str| known.eq_ignore_ascii_case(wanted);
    DIRECTIONS.iter().find(|(long, short)| same(long) || same(short)).map(|(_, short)| *short)
}

/// Whether this is a unit's number: with a digit, or one letter.
fn is_unit_number(word: &str) -> bool {
    let bare = bare(word.trim_start_matches('#'));
    bare.contains(|c: char| c.is_ascii_digit()) || bare.chars().count() == 1
}

/// Whether a direction before this word is no direction but part of the street's name: of a state (North Carolina Avenue), or of a
/// pair of opposites (East West Highway).
fn belongs_to_name(direction_before: &str, word: &str) -> bool {
    let state = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(bare(word)));
    match direction_before {
        "N" => state(&["CAROLINA", "DAKOTA"]) || direction(word) == Some("S"),
        "S" => state(&["CAROLINA", "DAKOTA"]) || direction(word) == Some("N"),
        "W" => state(&["VIRGINIA"]) || direction(word) == Some("E"),
        "E" => direction(word) == Some("W"),
        _ => false,
    }
}

/// The abbreviation in the case of the line, with the comma that stood behind the word.
fn as_written(short: &str, word: &str, upper: bool) -> String {
    let mut out = String::with_capacity(short.len() + 1);
    if upper {
        out.push_str(short);
    } else {
        out.push_str(&short[..1]);
        out.push_str(&short[1..].to_ascii_lowercase());
    }
    // What is abbreviated already stays as it is written.
    if bare(word).eq_ignore_ascii_case(short) {
        out.clear();
        out.push_str(bare(word));
    }
    if word.ends_with(',') {
        out.push(',');
    }
    out
}

/// Whether a house number, or a word that there is none, stands in the lines.
#[must_use]
pub fn has_house_number(lines: &[String]) -> bool {
    lines.iter().any(|line| {
        line.chars().any(char::is_numeric) || {
            let folded = fold(line);
            let in_words = folded.split_once(' ').is_some_and(|(first, _)| IN_WORDS.contains(&first));
            in_words
                || NO_NUMBER.iter().any(|none| {
                    folded.ends_with(none) && !folded[..folded.len() - none.len()].ends_with(|c: char| c != ' ')
                })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn streets_are_abbreviated_as_publication_28_has_it() {
        let us = Streets::of("US").unwrap();
        let cases = [
            ("1420 Northwest Lovejoy Street", Some("1420 NW Lovejoy St")),
            ("1420 NW Lovejoy Street Apartment 4", Some("1420 NW Lovejoy St Apt 4")),
            ("100 MAIN STREET", Some("100 MAIN ST")),
            ("100 Main Street Southwest", Some("100 Main St SW")),
            ("100 North Avenue", Some("100 North Ave")),
            ("100 West Broadway", Some("100 W Broadway")),
            ("5 Main St., Suite 12", Some("5 Main St, Ste 12")),
            ("100 Main St", None),
            ("100 Main st", None),
            ("Main Street", None),
            ("The Old Mill, Mill Lane", None),
            ("100 Broadway", None),
            ("1100 North Carolina Ave SE", None),
            ("1100 South Dakota Avenue NE", Some("1100 South Dakota Ave NE")),
            ("8500 East West Highway", Some("8500 East West Hwy")),
            ("5 North East Street", Some("5 N East St")),
            ("12 Ocean View Front Walk", None),
            ("100 Cedar Creek Key Road", Some("100 Cedar Creek Key Rd")),
            ("100 East Old Building Lane", Some("100 E Old Building Ln")),
            ("100 North Main Street Unit B", Some("100 N Main St Unit B")),
            ("12 Rue de la Paix", None),
            ("100 東京 Street", Some("100 東京 St")),
        ];
        for (line, expected) in cases {
            assert_eq!(us.standardised(line).as_deref(), expected, "{line}");
        }
        assert_eq!(Streets::of("CA").unwrap().standardised("10 Main Court").as_deref(), Some("10 Main Crt"));
        assert!(Streets::of("DE").is_none());
    }

    #[test]
    fn a_house_number_may_be_written_in_any_digits_or_said_not_to_be_there() {
        let has = |line: &str| has_house_number(&[line.to_string()]);
        for line in [
            "12 Main St",
            "Hauptstr. 5a",
            "شارع ١٢",
            "千代田1-1",
            "Calle Mayor s/n",
            "Glavna ulica bb",
            "Via Roma snc",
            "One Microsoft Way",
        ] {
            assert!(has(line), "{line}");
        }
        for line in ["Main Street", "Hauptstraße", "The Old Mill", "Bobb", ""] {
            assert!(!has(line), "{line}");
        }
    }

    proptest! {
        #[test]
        fn a_standard_line_is_left_alone_and_any_text_is_read(line in "[0-9]{1,3}( (North|NW|Main|St|Street|Avenue|Apt|Unit|4|The|Court)){0,6}", wild in any::<String>()) {
            let us = Streets::of("US").unwrap();
            if let Some(once) = us.standardised(&line) {
                prop_assert_eq!(us.standardised(&once), None, "{}", once);
            }
            let _ = us.standardised(&wild);
            let _ = has_house_number(&[wild]);
        }
    }
}
