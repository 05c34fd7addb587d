//! What is known of a country's addresses: which fields they need, how a postal code looks, its subdivisions, the order on a label.
//!
//! The table is `data/countries.tsv`; its head and `data/generate.py` say where it comes from. Nothing is read from it before a
//! shop asks for a country. What this module must not know: requests, settings.

use super::distance::{Nearest, nearest};
use super::names;
use super::pattern::Pattern;
use super::text::fold;
use alloc::string::String;
use alloc::vec::Vec;

static TABLE: &str = include_str!("data/countries.tsv");

/// Countries in which the post asks for a house number in a street address. Collected by hand from the addressing guides of
/// the countries' posts as the Universal Postal Union lists them; elsewhere houses have names, landmarks or boxes.
const HOUSE_NUMBERS: &str = "AR AT AU BE BG BR CA CH CL CZ DE DK EE ES FI FR GR HR HU IT LI LT LU LV MX NL NO NZ PL PR PT RO RU SE SI SK TR UA US UY";

/// A field of an address, as the metadata's letters name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `N`
    Name,
    /// `O`
    Company,
    /// `A`
    Lines,
    /// `C`
    City,
    /// `S`
    Subdivision,
    /// `Z`
    PostalCode,
}

impl Part {
    /// The field behind a letter; `None` for what no address here has.
    #[must_use]
    pub fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'N' => Self::Name,
            'O' => Self::Company,
            'A' => Self::Lines,
            'C' => Self::City,
            'S' => Self::Subdivision,
            'Z' => Self::PostalCode,
            _ => return None,
        })
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts(u8);

impl Parts {
    fn of(letters: &str) -> Self {
        Self(letters.chars().filter_map(Part::of).fold(0, |set, part| set | 1 << part as u8))
    }

    #[must_use]
    pub fn has(self, part: Part) -> bool {
        self.0 >> part as u8 & 1 == 1
    }
}

/// A state, province, prefecture, emirate.
#[derive(Debug, Clone)]
pub struct Subdivision {
    /// What labels in the country's own script say.
    pub key: &'static str,
    /// The ISO 3166-2 part behind the country; empty when there is none.
    pub iso: &'static str,
    /// In Latin letters, where the key is in others.
    pub latin: &'static str,
    /// What the country itself calls it, written out.
    long: &'static str,
    /// All names and codes, folded, the key first.
    folded: Vec<String>,
    /// What postal codes begin with here; empty when nobody knows.
    pub prefixes: Pattern<'static>,
}

impl Subdivision {
    /// What the contract's `subdivision` holds: the ISO code; where there is none, the key.
    #[must_use]
    pub fn code(&self) -> &'static str {
        if self.iso.is_empty() { self.key } else { self.iso }
    }

    /// What a shopper calls it: the name in Latin letters, or else the longest name in the table.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if self.latin.is_empty() { self.long } else { self.latin }
    }
}

/// A country's rules.
#[derive(Debug, Clone)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// In English.
    pub name: &'static str,
    format: &'static str,
    latin_format: &'static str,
    /// What an address must have.
    pub required: Parts,
    /// What labels write in upper case.
    pub upper: Parts,
    /// What a postal code looks like, without separators; empty when there are none.
    pub postal_code: Pattern<'static>,
    separators: &'static str,
    /// A postal code of the country; may be empty.
    pub example: &'static str,
    /// What mail from abroad writes before the postal code; usually nothing.
    pub prefix: &'static str,
    /// `state`, `prefecture`; empty for "province".
    pub subdivision_kind: &'static str,
    /// `zip`, `pin`, `eircode`; empty for "postal code".
    pub postal_code_kind: &'static str,
    pub subdivisions: Vec<Subdivision>,
    /// Whether street addresses need a house number.
    pub house_number: bool,
}

/// The codes of all countries that the table knows, in alphabetical order.
pub fn known() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter_map(|line| line.strip_prefix("C\t")).map(|line| &line[..2])
}

/// A country's name in English.
#[must_use]
pub fn name_of(code: &str) -> Option<&'static str> {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix("C\t")).map(|line| line.split('\t'));
    rows.filter_map(|mut columns| Some((columns.next()?, columns.next()?)))
        .find(|(known, _)| *known == code)
        .map(|row| row.1)
}

/// The rules of the countries that are asked for, in the table's order, which is that of their codes.
#[must_use]
pub fn read(wanted: impl Fn(&str) -> bool) -> Vec<Country> {
    let mut countries: Vec<Country> = Vec::new();
    let mut skip = true;
    for line in TABLE.lines() {
        let mut columns = line.split('\t');
        match columns.next() {
            Some("C") => {
                let country = country(columns);
                skip = !wanted(country.code);
                if !skip {
                    countries.push(country);
                }
            }
            Some("S") if !skip => {
                if let Some(country) = countries.last_mut() {
                    country.subdivisions.push(subdivision(columns));
                }
            }
            _ => {}
        }
    }
    countries
}

fn country(mut columns: core::str::Split<'static, char>) -> Country {
    let mut next = || columns.next().unwrap_or_default();
    let or = |text: &'static str, default: &'static str| if text.is_empty() { default } else { text };
    let (code, name) = (next(), next());
    let (format, latin_format) = (or(next(), "%N%n%O%n%A%n%C"), next());
    let (required, upper) = (Parts::of(or(next(), "AC")), Parts::of(or(next(), "C")));
    Country {
        code,
        name,
        format,
        latin_format,
        required,
        upper,
        postal_code: Pattern::new(next()),
        separators: next(),
        example: next(),
        prefix: next(),
        subdivision_kind: next(),
        postal_code_kind: next(),
        subdivisions: Vec::new(),
        house_number: HOUSE_NUMBERS.split(' ').any(|known| known == code),
    }
}

fn subdivision(mut columns: core::str::Split<'static, char>) -> Subdivision {
    let mut next = || columns.next().unwrap_or_default();
    let (key, iso, names, prefixes) = (next(), next(), next(), next());
    let iso = match iso {
        // The same as the key; a key that is no code is on no list of ISO's.
        "" => key,
        "-" if key.len() <= 3 && key.is_ascii() => key,
        "-" => "",
        iso => iso,
    };
    let (own, latin) = names.split_once('|').unwrap_or((names, ""));
    let names = own.split(';').chain(latin.split(';')).filter(|name| !name.is_empty());
    let mut folded = Vec::from([fold(key)]);
    for name in names.clone().chain([iso]) {
        let name = fold(name);
        if !name.is_empty() && !folded.contains(&name) {
            folded.push(name);
        }
    }
    let long = names.clone().chain([key]).max_by_key(|name| name.chars().count()).unwrap_or(key);
    Subdivision {
        key,
        iso,
        latin: latin.split(';').next().unwrap_or_default(),
        long: if own.is_empty() { long } else { own.split(';').next().unwrap_or(long) },
        folded,
        prefixes: Pattern::new(prefixes),
    }
}

/// Countries that English speaks of with an article.
const WITH_ARTICLE: [&str; 12] = ["US", "GB", "AE", "NL", "PH", "BS", "GM", "MV", "SC", "KM", "DO", "CF"];

impl Country {
    /// The name as it stands within a sentence: `the United States`.
    #[must_use]
    pub fn name_in_sentence(&self) -> String {
        let article = WITH_ARTICLE.contains(&self.code) || self.name.ends_with("Islands");
        [if article { "the " } else { "" }, self.name].concat()
    }

    /// The label's format: that for Latin letters where the address is written in them and the country has one.
    #[must_use]
    pub fn format(&self, latin: bool) -> &'static str {
        if latin && !self.latin_format.is_empty() { self.latin_format } else { self.format }
    }

    /// Whether addresses of this country name the field at all.
    #[must_use]
    pub fn uses(&self, part: Part) -> bool {
        self.required.has(part)
            || [self.format, self.latin_format].iter().any(|format| {
                format.split('%').skip(1).any(|rest| rest.chars().next().and_then(Part::of) == Some(part))
            })
    }

    /// Whether labels in Latin letters have another order and other names of subdivisions.
    #[must_use]
    pub fn has_own_script(&self) -> bool {
        !self.latin_format.is_empty()
    }

    /// The code with the separators that the country writes; `code` is upper case, without any.
    #[must_use]
    pub fn spaced(&self, code: &str) -> String {
        let mut out = String::from(code);
        for entry in self.separators.split(',') {
            let Some((which, place)) = entry.split_once(':') else { continue };
            let applies = match which.parse::<usize>() {
                Ok(length) => code.len() == length,
                Err(_) => code.starts_with(which),
            };
            if !applies {
                continue;
            }
            let (at, separator) = place.split_at(place.len().saturating_sub(1));
            let separator = if separator == "_" { ' ' } else { '-' };
            // Later separators stand behind those that are there already.
            let shifted = at.parse::<usize>().unwrap_or_default() + (out.len() - code.len());
            if out.is_char_boundary(shifted) && shifted < out.len() {
                out.insert(shifted, separator);
            }
            if which.parse::<usize>().is_err() {
                return out;
            }
        }
        out
    }

    /// The subdivision with this name or code, whatever case, accents and script it is written in.
    #[must_use]
    pub fn subdivision(&self, text: &str) -> Option<usize> {
        let wanted = fold(text);
        let bare = wanted.strip_prefix(&*fold(self.code)).map(str::trim_start).unwrap_or_default();
        let find = |wanted: &str| {
            let has = |sub: &Subdivision| sub.folded.iter().any(|name| name == wanted);
            self.subdivisions.iter().position(has)
        };
        if wanted.is_empty() {
            return None;
        }
        // `US-OR` is what ISO writes; no name begins with a code and a hyphen.
        let iso = (!bare.is_empty() && text.contains('-')).then(|| find(bare)).flatten();
        // What the contract asks for goes before names: Spain's `M` is Madrid, whatever else may be called so.
        let code = self.subdivisions.iter().position(|sub| sub.iso.eq_ignore_ascii_case(text.trim()));
        code.or_else(|| find(&wanted)).or(iso).or_else(|| self.by_other_name(&wanted))
    }

    /// By a name that is not in the table, or by one without the words around it where only one subdivision is called so: `Beijing`
    /// for `Beijing Shi`, `Osaka-fu` for `Osaka`.
    fn by_other_name(&self, wanted: &str) -> Option<usize> {
        if let Some(code) = names::code_of(self.code, wanted) {
            return self.subdivisions.iter().position(|sub| sub.code() == code);
        }
        let wanted = names::bare(wanted);
        let called = |sub: &Subdivision| sub.folded.iter().any(|name| names::bare(name) == wanted);
        let mut all = self.subdivisions.iter().enumerate().filter(|(_, sub)| called(sub)).map(|(index, _)| index);
        all.next().filter(|_| all.next().is_none())
    }

    /// The subdivision that comes nearest to a name nobody knows.
    #[must_use]
    pub fn nearest_subdivision(&self, text: &str) -> Option<Nearest<usize>> {
        let wanted: Vec<char> = fold(text).chars().collect();
        let names = self.subdivisions.iter().enumerate();
        nearest(&wanted, names.flat_map(|(index, sub)| sub.folded.iter().map(move |name| (index, &**name))))
    }

    /// The subdivisions in which postal codes begin so; none when nobody knows.
    pub fn subdivisions_of<'a>(&'a self, code: &'a str) -> impl Iterator<Item = usize> + 'a {
        let fits = move |sub: &Subdivision| !sub.prefixes.is_empty() && sub.prefixes.begins(code);
        self.subdivisions.iter().enumerate().filter(move |(_, sub)| fits(sub)).map(|(index, _)| index)
    }
}
