//! Postal code, subdivision and city: each by itself, and against each other.
//!
//! What this module must not know: streets, recipients, external services.

use super::check::{Check, Correction};
use super::country::{Country, Part, Subdivision};
use super::distance::{corroborated, similarity};
use super::finding::Finding;
use super::localities::Localities;
use super::postal::Code;
use super::rules::Strictness;
use super::text::fold;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::address_validation::{Field, FieldStatus, Severity};

/// What only one place can be, from another field that was given rightly.
const INFERRED: u32 = 990_000;
/// Two facts against one.
const OUTVOTED: u32 = 970_000;
/// One fact against another: either may be wrong.
const EITHER: u32 = 500_000;
/// The only postal code of a city in a list that may not have all.
const ONLY_CODE: u32 = 850_000;
/// The most that likeness alone is worth where the list of names may not be complete: below the usual threshold for applying.
const LIKENESS_ALONE: u32 = 850_000;
/// A letter that was typed for a digit, a zero that a spreadsheet took.
const SLIP: u32 = 950_000;

/// Checks where the address lies.
pub(super) fn check(check: &mut Check<'_>) {
    let Some(country) = check.country else { return };
    let code = postal_code(check, country);
    let code = code.as_ref().map(Code::as_str);
    let subdivision = subdivision(check, country, code);
    let subdivision = agree(check, country, code, subdivision);
    city(check, country, code, subdivision);
    missing(check, country);
}

/// The code, when it is one of the country's.
fn postal_code(check: &mut Check<'_>, country: &Country) -> Option<Code> {
    let given = check.address.postal_code.clone()?;
    // Nothing to compare with: the country has no codes, or nobody wrote down how they look.
    if country.postal_code.is_empty() {
        return Code::parse(&given);
    }
    if let Some(code) = Code::parse(&given).and_then(|code| code.in_country(country)) {
        let written = country.spaced(code.as_str());
        if written != given {
            check.rewrite(
                Field::PostalCode,
                None,
                Finding::PostalCodeFormatted { postal_code: &written },
                written.clone(),
            );
        }
        return Some(code);
    }
    check.set(Field::PostalCode, FieldStatus::Wrong);
    let finding = Finding::PostalCodeInvalid { given: &given };
    if let Some((code, confidence)) = slip(check, country, &given) {
        let correction = Correction { value: country.spaced(code.as_str()), confidence };
        if check.correct(Field::PostalCode, None, Severity::Error, finding, correction) {
            check.set(Field::PostalCode, FieldStatus::Plausible);
            return Some(code);
        }
    } else {
        check.note(Field::PostalCode, None, Severity::Error, finding);
    }
    None
}

/// The usual slips in codes of digits: O for 0, I and l for 1; a leading zero that was lost.
fn slip(check: &Check<'_>, country: &Country, given: &str) -> Option<(Code, u32)> {
    let digits: String = given
        .chars()
        .map(|c| match c {
            'O' | 'o' => '0',
            'I' | 'l' => '1',
            other => other,
        })
        .collect();
    let valid = |text: &str| {
        let code = Code::parse(text)?.in_country(country)?;
        code.as_str().bytes().all(|byte| byte.is_ascii_digit()).then_some(code)
    };
    if let Some(code) = valid(&digits) {
        return Some((code, SLIP));
    }
    let code = valid(&["0", &digits].concat())?;
    let subdivision = check.address.subdivision.as_deref().and_then(|text| country.subdivision(text));
    let agrees = subdivision.is_some_and(|index| country.subdivisions_of(code.as_str()).any(|other| other == index));
    Some((code, if agrees { SLIP } else { LIKENESS_ALONE }))
}

fn subdivision(check: &mut Check<'_>, country: &Country, code: Option<&str>) -> Option<usize> {
    let only = || only_subdivision(country, code);
    let needed = country.required.has(Part::Subdivision);
    let Some(given) = check.address.subdivision.clone() else {
        let (index, code) = only().filter(|_| needed).zip(code)?;
        let found = &country.subdivisions[index];
        let finding = Finding::SubdivisionInferred { name: found.name(), postal_code: code };
        let correction = Correction { value: found.code().into(), confidence: INFERRED };
        if check.correct(Field::Subdivision, None, Severity::Error, finding, correction) {
            check.set(Field::Subdivision, FieldStatus::Plausible);
            return Some(index);
        }
        check.set(Field::Subdivision, FieldStatus::Missing);
        return None;
    };
    if country.subdivisions.is_empty() {
        return None;
    }
    if let Some(index) = country.subdivision(&given) {
        let found = &country.subdivisions[index];
        if found.code() != given {
            check.rewrite(
                Field::Subdivision,
                None,
                Finding::SubdivisionStandardised { name: found.name() },
                found.code().into(),
            );
        }
        check.confirm(Field::Subdivision);
        return Some(index);
    }
    let mut contradicted = false;
    let near = country.nearest_subdivision(&given).map(|near| {
        let confidence = similarity(near.distance, fold(&given).chars().count());
        let confidence = match code.map(|code| agreement(country, near.found, code)) {
            Some(Agreement::Yes) => corroborated(confidence),
            Some(Agreement::No) => {
                contradicted = true;
                confidence / 2
            }
            // The list is complete: what stands out in it is more than likely.
            _ if near.margin >= 2 => u32::midpoint(confidence, super::distance::CERTAIN),
            _ => confidence.min(LIKENESS_ALONE),
        };
        (near.found, confidence)
    });
    let near = near.filter(|(_, confidence)| check.is_worth_showing(*confidence));
    let misspelled = near.is_some();
    // Where no name is near, the postal code may still tell.
    let found = near.or_else(|| Some((only()?, LIKENESS_ALONE)));
    // A parcel arrives by its postal code whatever an old or a foreign name of the region is; only the strict stop it.
    let settled = !contradicted && found.is_some_and(|(index, _)| only() == Some(index));
    let severity = match (needed, settled) {
        (true, true) => check.severity(Strictness::Strict),
        (true, false) => Severity::Error,
        (false, _) => Severity::Warning,
    };
    let applied = if let Some((index, confidence)) = found {
        let found = &country.subdivisions[index];
        let finding = if misspelled {
            Finding::SubdivisionMisspelled { given: &given, name: found.name() }
        } else {
            Finding::SubdivisionNotKnown { given: &given }
        };
        let correction = Correction { value: found.code().into(), confidence };
        check.correct(Field::Subdivision, None, severity, finding, correction).then_some(index)
    } else {
        check.note(Field::Subdivision, None, severity, Finding::SubdivisionNotKnown { given: &given });
        None
    };
    if applied.is_some() {
        check.confirm(Field::Subdivision);
    } else if severity == Severity::Error {
        check.set(Field::Subdivision, FieldStatus::Wrong);
    }
    applied
}

/// The only subdivision that a postal code can lie in; nothing where the table does not know the codes of most of them: a code of
/// Beijing is none of Taiwan's because that is the only row with codes.
fn only_subdivision(country: &Country, code: Option<&str>) -> Option<usize> {
    let known = country.subdivisions.iter().filter(|subdivision| !subdivision.prefixes.is_empty()).count();
    if known * 2 < country.subdivisions.len() {
        return None;
    }
    let mut all = country.subdivisions_of(code?);
    all.next().filter(|_| all.next().is_none())
}

#[derive(PartialEq, Eq)]
enum Agreement {
    Yes,
    No,
    Unknown,
}

fn agreement(country: &Country, subdivision: usize, code: &str) -> Agreement {
    let prefixes = country.subdivisions[subdivision].prefixes;
    match (prefixes.is_empty(), prefixes.begins(code)) {
        (true, _) => Agreement::Unknown,
        (false, true) => Agreement::Yes,
        (false, false) => Agreement::No,
    }
}

/// Postal code against subdivision; where the two disagree, the city may tell which is right.
fn agree(check: &mut Check<'_>, country: &Country, code: Option<&str>, given: Option<usize>) -> Option<usize> {
    let (Some(code), Some(index)) = (code, given) else { return given };
    let subdivision: &Subdivision = &country.subdivisions[index];
    match agreement(country, index, code) {
        Agreement::Unknown => return given,
        Agreement::Yes => {
            check.confirm(Field::PostalCode);
            check.confirm(Field::Subdivision);
            return given;
        }
        Agreement::No => {}
    }
    let lies_in = only_subdivision(country, Some(code));
    let finding = Finding::PostalCodeNotInSubdivision {
        postal_code: code,
        subdivision: subdivision.name(),
        lies_in: lies_in.map(|index| country.subdivisions[index].name()),
    };
    let severity = check.severity(Strictness::Standard);
    if let Some(right) = lies_in {
        let list = check.validator.localities(country.code);
        let city = check.address.city.as_deref().unwrap_or_default();
        let outvoted = list.is_some_and(|list| {
            list.at(code).any(|at| list.is_called(at, city)) && list.find(subdivision.code(), city).is_none()
        });
        let confidence = if outvoted { OUTVOTED } else { EITHER };
        let correction = Correction { value: country.subdivisions[right].code().into(), confidence };
        if check.correct(Field::Subdivision, None, severity, finding, correction) {
            check.confirm(Field::Subdivision);
            check.confirm(Field::PostalCode);
            return Some(right);
        }
    } else {
        check.note(Field::PostalCode, None, severity, finding);
    }
    if severity == Severity::Error {
        check.set(Field::PostalCode, FieldStatus::Wrong);
        check.set(Field::Subdivision, FieldStatus::Wrong);
    }
    given
}

fn city(check: &mut Check<'_>, country: &Country, code: Option<&str>, subdivision: Option<usize>) {
    let Some(list) = check.validator.localities(country.code) else { return };
    let here: Vec<usize> = code.map(|code| list.at(code).collect()).unwrap_or_default();
    let subdivision = subdivision.map_or("", |index| country.subdivisions[index].code());
    let Some(given) = check.address.city.clone() else {
        if let ([city], Some(code)) = (&*here, code) {
            let (name, _) = list.city(*city);
            let finding = Finding::CityInferred { city: name, postal_code: code };
            let correction = Correction { value: name.to_string(), confidence: INFERRED };
            if country.required.has(Part::City)
                && check.correct(Field::City, None, Severity::Error, finding, correction)
            {
                check.set(Field::City, FieldStatus::Plausible);
            }
        }
        return;
    };
    if here.iter().any(|at| list.is_called(*at, &given)) {
        check.confirm(Field::City);
        check.confirm(Field::PostalCode);
        return;
    }
    let unknown_code = code.is_some() && here.is_empty() && list.extent().1 > 0;
    if let (true, Some(code)) = (unknown_code, code) {
        let severity = check.severity(Strictness::Strict);
        check.note(Field::PostalCode, None, severity, Finding::PostalCodeNotKnown { postal_code: code });
        if severity == Severity::Error {
            check.set(Field::PostalCode, FieldStatus::Wrong);
        }
    }
    if let Some(known) = list.find(subdivision, &given) {
        elsewhere(check, country, list, (known, &given), code.filter(|_| !here.is_empty()));
        return;
    }
    if let Some(near) = misspelled(list, &here, subdivision, &given) {
        let (name, confidence) = near;
        let finding = Finding::CityMisspelled { given: &given, city: name };
        if check.is_worth_showing(confidence) {
            let severity = check.severity(Strictness::Strict);
            let correction = Correction { value: name.to_string(), confidence };
            if check.correct(Field::City, None, severity, finding, correction) {
                check.confirm(Field::City);
                if !here.is_empty() {
                    check.confirm(Field::PostalCode);
                }
            } else if severity == Severity::Error {
                check.set(Field::City, FieldStatus::Wrong);
            }
            return;
        }
    }
    // A list that says nothing of this subdivision or code cannot say that a city is unknown.
    if here.is_empty() && !list.covers(subdivision) {
        return;
    }
    let severity = check.severity(Strictness::Strict);
    match &*here {
        [only] => {
            let (name, _) = list.city(*only);
            let finding = Finding::CityNotKnown { given: &given, city: Some(name) };
            // The post's own name: quarters and villages go by theirs, and both arrive.
            let correction = Correction { value: name.to_string(), confidence: EITHER };
            check.correct(Field::City, None, severity, finding, correction);
        }
        _ => check.note(Field::City, None, severity, Finding::CityNotKnown { given: &given, city: None }),
    }
    if severity == Severity::Error {
        check.set(Field::City, FieldStatus::Wrong);
    }
}

/// A city that the subdivision has: right by itself, but perhaps not at this postal code.
fn elsewhere(check: &mut Check<'_>, country: &Country, list: &Localities, city: (usize, &str), code: Option<&str>) {
    let (known, name) = city;
    check.confirm(Field::City);
    let only = list.only_code(known).map(|code| country.spaced(&code));
    match (code, only) {
        (Some(code), only) => {
            let severity = check.severity(Strictness::Strict);
            let finding = Finding::PostalCodeNotInCity { postal_code: code, city: name };
            match only {
                Some(value) => {
                    let correction = Correction { value, confidence: EITHER };
                    check.correct(Field::PostalCode, None, severity, finding, correction);
                }
                None => check.note(Field::PostalCode, None, severity, finding),
            }
            if severity == Severity::Error {
                check.set(Field::PostalCode, FieldStatus::Wrong);
            }
        }
        (None, Some(value)) if check.address.postal_code.is_none() => {
            let finding = Finding::PostalCodeInferred { city: name, postal_code: &value };
            if check.is_worth_showing(ONLY_CODE) {
                let correction = Correction { value: value.clone(), confidence: ONLY_CODE };
                if check.correct(Field::PostalCode, None, Severity::Error, finding, correction) {
                    check.set(Field::PostalCode, FieldStatus::Plausible);
                }
            }
        }
        _ => {}
    }
}

/// The nearest name: first among the cities at the postal code, then in the whole subdivision.
fn misspelled<'l>(list: &'l Localities, here: &[usize], subdivision: &str, given: &str) -> Option<(&'l str, u32)> {
    let length = fold(given).chars().count();
    if let Some(near) = list.nearest_of(here.iter().copied(), given) {
        let alone = similarity(near.distance, length);
        let confidence = if near.margin == 0 { alone.min(LIKENESS_ALONE) } else { corroborated(alone) };
        return Some((list.city(near.found).0, confidence));
    }
    let near = list.nearest(subdivision, given)?;
    let alone = similarity(near.distance, length).min(LIKENESS_ALONE);
    // With a postal code of another city the likeness is a coincidence more often than not.
    let doubt = if here.is_empty() { 1 } else { 2 };
    let confidence = if near.margin == 0 { alone / 2 } else { alone } / doubt;
    Some((list.city(near.found).0, confidence))
}

/// What the country needs and is not there, nor was found out.
fn missing(check: &mut Check<'_>, country: &Country) {
    let needs = [
        (Part::Subdivision, Field::Subdivision, Finding::SubdivisionMissing),
        (Part::City, Field::City, Finding::CityMissing),
        (Part::PostalCode, Field::PostalCode, Finding::PostalCodeMissing),
    ];
    for (part, field, finding) in needs {
        if country.required.has(part) && matches!(check.status(field), FieldStatus::Empty | FieldStatus::Missing) {
            check.set(field, FieldStatus::Missing);
            check.note(field, None, Severity::Error, finding);
        }
    }
}
