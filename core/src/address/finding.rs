//! What can be said about an address: a stable code for each, and the words for a shopper.
//!
//! Words stand in one function a language, chosen by the request's `locale`; English is the only one so far, and what any other
//! language falls back to. Another one is a function beside `english` and a line in `wording`. What this module must not know:
//! how anything is found out.

use super::country::Country;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

/// One thing that is worth saying, with what the sentence needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding<'a> {
    /// Hidden characters or stray blanks were taken out.
    TextTidied,
    /// Symbols that no label printer has.
    UnusualCharacters,
    CountryNotKnown {
        country: &'a str,
    },
    CountryNotAccepted {
        country: &'a str,
    },
    SubdivisionMissing,
    /// The postal code lies in one subdivision only.
    SubdivisionInferred {
        name: &'a str,
        postal_code: &'a str,
    },
    /// A name or another spelling of a code became the code.
    SubdivisionStandardised {
        name: &'a str,
    },
    SubdivisionMisspelled {
        given: &'a str,
        name: &'a str,
    },
    SubdivisionNotKnown {
        given: &'a str,
    },
    PostalCodeMissing,
    PostalCodeInferred {
        city: &'a str,
        postal_code: &'a str,
    },
    PostalCodeInvalid {
        given: &'a str,
    },
    PostalCodeFormatted {
        postal_code: &'a str,
    },
    PostalCodeNotInSubdivision {
        postal_code: &'a str,
        subdivision: &'a str,
        lies_in: Option<&'a str>,
    },
    PostalCodeNotInCity {
        postal_code: &'a str,
        city: &'a str,
    },
    /// The merchant's list has every postal code, and not this one.
    PostalCodeNotKnown {
        postal_code: &'a str,
    },
    CityMissing,
    CityInferred {
        city: &'a str,
        postal_code: &'a str,
    },
    CityMisspelled {
        given: &'a str,
        city: &'a str,
    },
    CityNotKnown {
        given: &'a str,
        city: Option<&'a str>,
    },
    LineMissing,
    LineTooLong {
        most: usize,
    },
    HouseNumberMissing,
    StreetStandardised {
        line: &'a str,
    },
    PoBox,
    PoBoxNotAccepted,
    Military,
    MilitaryNotAccepted,
    /// No unit, ship or box of a military address.
    MilitaryUnitMissing,
    NameMissing,
    CompanyMissing,
    PhoneMissing,
    PhoneInvalid {
        given: &'a str,
    },
    ExternalCorrected {
        value: &'a str,
    },
    /// What an external service said, in its own words where it has any.
    ExternalRefused {
        code: &'a str,
        message: &'a str,
    },
}

impl Finding<'_> {
    /// Stable, in upper snake case.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::TextTidied => "TEXT_TIDIED",
            Self::UnusualCharacters => "UNUSUAL_CHARACTERS",
            Self::CountryNotKnown { .. } => "COUNTRY_NOT_KNOWN",
            Self::CountryNotAccepted { .. } => "COUNTRY_NOT_ACCEPTED",
            Self::SubdivisionMissing => "SUBDIVISION_MISSING",
            Self::SubdivisionInferred { .. } => "SUBDIVISION_INFERRED",
            Self::SubdivisionStandardised { .. } => "SUBDIVISION_STANDARDISED",
            Self::SubdivisionMisspelled { .. } => "SUBDIVISION_MISSPELLED",
            Self::SubdivisionNotKnown { .. } => "SUBDIVISION_NOT_KNOWN",
            Self::PostalCodeMissing => "POSTAL_CODE_MISSING",
            Self::PostalCodeInferred { .. } => "POSTAL_CODE_INFERRED",
            Self::PostalCodeInvalid { .. } => "POSTAL_CODE_INVALID",
            Self::PostalCodeFormatted { .. } => "POSTAL_CODE_FORMATTED",
            Self::PostalCodeNotInSubdivision { .. } => "POSTAL_CODE_NOT_IN_SUBDIVISION",
            Self::PostalCodeNotInCity { .. } => "POSTAL_CODE_NOT_IN_CITY",
            Self::PostalCodeNotKnown { .. } => "POSTAL_CODE_NOT_KNOWN",
            Self::CityMissing => "CITY_MISSING",
            Self::CityInferred { .. } => "CITY_INFERRED",
            Self::CityMisspelled { .. } => "CITY_MISSPELLED",
            Self::CityNotKnown { .. } => "CITY_NOT_KNOWN",
            Self::LineMissing => "LINE_MISSING",
            Self::LineTooLong { .. } => "LINE_TOO_LONG",
            Self::HouseNumberMissing => "HOUSE_NUMBER_MISSING",
            Self::StreetStandardised { .. } => "STREET_STANDARDISED",
            Self::PoBox => "PO_BOX",
            Self::PoBoxNotAccepted => "PO_BOX_NOT_ACCEPTED",
            Self::Military => "MILITARY_ADDRESS",
            Self::MilitaryNotAccepted => "MILITARY_ADDRESS_NOT_ACCEPTED",
            Self::MilitaryUnitMissing => "MILITARY_UNIT_MISSING",
            Self::NameMissing => "NAME_MISSING",
            Self::CompanyMissing => "COMPANY_MISSING",
            Self::PhoneMissing => "PHONE_MISSING",
            Self::PhoneInvalid { .. } => "PHONE_INVALID",
            Self::ExternalCorrected { .. } => "EXTERNAL_SERVICE_CORRECTED",
            Self::ExternalRefused { code, .. } => code,
        }
    }
}

/// Says a finding in one language. The country is that of the address, where it is known.
pub type Wording = fn(&Finding<'_>, Option<&Country>) -> String;

/// Languages by their BCP 47 primary subtag.
const WORDINGS: [(&str, Wording); 1] = [("en", english)];

/// The words for a locale such as `pt-BR`; English for those that there is none for.
#[must_use]
pub fn wording(locale: &str) -> Wording {
    let language = locale.split(['-', '_']).next().unwrap_or_default();
    WORDINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(language)).map_or(english, |(_, wording)| *wording)
}

/// What the country's people call their postal codes and subdivisions, in English.
fn kinds(country: Option<&Country>) -> (&'static str, &'static str) {
    let postal_code = match country.map(|country| country.postal_code_kind) {
        Some("zip") => "ZIP code",
        Some("pin") => "PIN code",
        Some("eircode") => "Eircode",
        _ => "postal code",
    };
    let subdivision = match country.map(|country| country.subdivision_kind) {
        Some("" | "do_si") | None => "province",
        Some(kind) => kind,
    };
    (postal_code, subdivision)
}

/// Characters of a text that a message shows.
const SHOWN: usize = 60;

/// The beginning of a text, so that a message stays a sentence.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned([&text[..end], "…"].concat()),
        None => Cow::Borrowed(text),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text))
}

fn english(finding: &Finding<'_>, country: Option<&Country>) -> String {
    let (zip, state) = kinds(country);
    let place = country.map_or_else(|| "this country".into(), Country::name_in_sentence);
    let like = match country.map(|country| country.example).unwrap_or_default() {
        "" => String::new(),
        example => format!(", such as {example}"),
    };
    match *finding {
        Finding::TextTidied => "We removed stray spaces and hidden characters.".into(),
        Finding::UnusualCharacters => "Please leave out symbols and emoji; they cannot be printed on a label.".into(),
        Finding::CountryNotKnown { country } => format!("We have no address rules for the country {country}."),
        Finding::CountryNotAccepted { country } => format!("Sorry, we do not deliver to {country}."),
        Finding::SubdivisionMissing => format!("Please add the {state}."),
        Finding::SubdivisionInferred { name, postal_code } => {
            format!("The {zip} {postal_code} lies in the {state} {name}.")
        }
        Finding::SubdivisionStandardised { name } => format!("We recognised the {state} as {name}."),
        Finding::SubdivisionMisspelled { given, name } => {
            format!("{} is no {state} of {place}. Did you mean {name}?", quoted(given))
        }
        Finding::SubdivisionNotKnown { given } => {
            format!("{} is no {state} of {place} that we know. Please check it.", quoted(given))
        }
        Finding::PostalCodeMissing => format!("Please add the {zip}{like}."),
        Finding::PostalCodeInferred { city, postal_code } => format!("The {zip} of {city} is {postal_code}."),
        Finding::PostalCodeInvalid { given } => {
            format!("{} is no {zip} of {place}. Please give one{like}.", quoted(given))
        }
        Finding::PostalCodeFormatted { postal_code } => format!("We wrote the {zip} as {postal_code}."),
        Finding::PostalCodeNotInSubdivision { postal_code, subdivision, lies_in: Some(lies_in) } => {
            format!("The {zip} {postal_code} lies in {lies_in}, not in {subdivision}. Please check both.")
        }
        Finding::PostalCodeNotInSubdivision { postal_code, subdivision, lies_in: None } => {
            format!("The {zip} {postal_code} does not lie in {subdivision}. Please check both.")
        }
        Finding::PostalCodeNotInCity { postal_code, city } => {
            format!("The {zip} {postal_code} does not belong to {city}. Please check both.")
        }
        Finding::PostalCodeNotKnown { postal_code } => {
            format!("We do not know the {zip} {postal_code}. Please check it.")
        }
        Finding::CityMissing => "Please add the city.".into(),
        Finding::CityInferred { city, postal_code } => format!("The {zip} {postal_code} belongs to {city}."),
        Finding::CityMisspelled { given, city } => {
            format!("We do not know the city {}. Did you mean {city}?", quoted(given))
        }
        Finding::CityNotKnown { given, city: Some(city) } => {
            format!("We do not know {} at this {zip}; the post calls the place {city}. Please check it.", quoted(given))
        }
        Finding::CityNotKnown { given, city: None } => {
            format!("We do not know the city {}. Please check it.", quoted(given))
        }
        Finding::LineMissing => "Please add the street and house number.".into(),
        Finding::LineTooLong { most } => {
            format!("This line is too long for a label. Please use at most {most} characters.")
        }
        Finding::HouseNumberMissing => "Please add the house number.".into(),
        Finding::StreetStandardised { line } => format!("We wrote the street as the post does: {}.", shortened(line)),
        Finding::PoBox => "This is a post-office box; not every carrier delivers there.".into(),
        Finding::PoBoxNotAccepted => {
            "Sorry, we cannot deliver to a post-office box. Please give a street address.".into()
        }
        Finding::Military => "This is a military address; delivery takes longer there.".into(),
        Finding::MilitaryNotAccepted => "Sorry, we cannot deliver to military addresses.".into(),
        Finding::MilitaryUnitMissing => "Please add the unit and box, such as \"PSC 1234 Box 567\".".into(),
        Finding::NameMissing => "Please add the name of the recipient.".into(),
        Finding::CompanyMissing => "Please add the name of the company.".into(),
        Finding::PhoneMissing => "Please add a phone number for the carrier.".into(),
        Finding::PhoneInvalid { given } => format!("{} is not a phone number. Please check it.", quoted(given)),
        Finding::ExternalCorrected { value } => format!("The post writes this as {}.", shortened(value)),
        Finding::ExternalRefused { message: "", .. } => "We could not find this address. Please check it.".into(),
        Finding::ExternalRefused { message, .. } => message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::country::read;
    use super::*;

    #[test]
    fn sentences_use_the_countrys_own_words() {
        let say = |code: &str, finding: Finding<'_>| wording("en-GB")(&finding, Some(&read(|known| known == code)[0]));
        assert_eq!(say("US", Finding::PostalCodeMissing), "Please add the ZIP code, such as 95014.");
        assert_eq!(say("JP", Finding::SubdivisionMissing), "Please add the prefecture.");
        assert_eq!(
            say("IE", Finding::PostalCodeInvalid { given: "1" }),
            "\"1\" is no Eircode of Ireland. Please give one, such as A65 F4E2."
        );
        assert_eq!(say("DE", Finding::PostalCodeMissing), "Please add the postal code, such as 26133.");
    }

    #[test]
    fn a_language_without_words_gets_english_ones() {
        for locale in ["", "de", "pt-BR", "EN_us", "🏠"] {
            assert_eq!(wording(locale)(&Finding::CityMissing, None), "Please add the city.");
        }
    }
}
