//! Street lines and recipient: what is missing, boxes and military addresses, abbreviations, phone numbers.
//!
//! What this module must not know: whether the place exists.

use super::check::Check;
use super::country::Part;
use super::finding::Finding;
use super::rules::{Policy, Strictness};
use super::street::has_house_number;
use super::text::{digit, fold};
use crate::rate::po_box::is_po_box;
use alloc::string::String;
use cartwright_contract::address_validation::{Field, FieldStatus, Severity};

/// Digits of a phone number, with the country's and without (ITU-T E.164).
const PHONE_DIGITS: core::ops::RangeInclusive<usize> = 5..=15;

/// USPS Publication 28, section 238: what a line of a military address begins with.
const MILITARY_UNITS: [&str; 6] = ["psc", "unit", "cmr", "uss", "usns", "usnv"];

/// Checks the lines above the city.
pub(super) fn lines(check: &mut Check<'_>) {
    check.military = is_military(check);
    check.po_box = !check.military && is_po_box(&check.address.lines);
    policy(check, check.military, check.rules().military, Finding::Military, Finding::MilitaryNotAccepted);
    policy(check, check.po_box, check.rules().po_boxes, Finding::PoBox, Finding::PoBoxNotAccepted);
    let Some(country) = check.country else { return };
    if check.address.lines.is_empty() {
        if country.required.has(Part::Lines) {
            check.set(Field::Line, FieldStatus::Missing);
            check.note(Field::Line, None, Severity::Error, Finding::LineMissing);
        }
        return;
    }
    if check.military && country.code == "US" {
        military_unit(check);
    } else if country.house_number && !check.po_box && !check.military && !has_house_number(&check.address.lines) {
        let severity = check.severity(Strictness::Standard);
        check.note(Field::Line, check.lines_from.first().copied(), severity, Finding::HouseNumberMissing);
        if severity == Severity::Error {
            check.set(Field::Line, FieldStatus::Missing);
        }
    }
    for at in 0..check.address.lines.len() {
        let from = check.lines_from.get(at).copied();
        let standard = check
            .validator
            .streets(country.code)
            .filter(|_| !check.po_box && !check.military)
            .and_then(|streets| streets.standardised(&check.address.lines[at]));
        if let Some(line) = standard {
            check.rewrite(Field::Line, from, Finding::StreetStandardised { line: &line }, line.clone());
        }
        let length = check.address.lines[at].chars().count();
        if let Some(most) = check.rules().longest_line.map(usize::from).filter(|most| length > *most) {
            check.note(Field::Line, from, Severity::Warning, Finding::LineTooLong { most });
        }
    }
}

/// A correction from outside may have made a box of a street: the merchant's policy holds for that as well.
pub(super) fn box_after_correction(check: &mut Check<'_>) {
    if check.po_box || check.military || !is_po_box(&check.address.lines) {
        return;
    }
    check.po_box = true;
    policy(check, true, check.rules().po_boxes, Finding::PoBox, Finding::PoBoxNotAccepted);
}

fn policy(check: &mut Check<'_>, applies: bool, policy: Policy, mild: Finding<'_>, refused: Finding<'_>) {
    let line = check.lines_from.first().copied();
    match policy {
        Policy::Warn if applies => check.note(Field::Line, line, Severity::Warning, mild),
        Policy::Refuse if applies => {
            check.note(Field::Line, line, Severity::Error, refused);
            check.set(Field::Line, FieldStatus::Wrong);
        }
        _ => {}
    }
}

/// The military post of the United States (APO, FPO, DPO; AA, AE, AP) and of the British forces (BFPO).
fn is_military(check: &Check<'_>) -> bool {
    let address = &check.address;
    let city = address.city.as_deref().map(fold).unwrap_or_default();
    match &*address.country {
        "US" => {
            let state = address.subdivision.as_deref().unwrap_or_default();
            matches!(&*city, "apo" | "fpo" | "dpo") || matches!(state, "AA" | "AE" | "AP")
        }
        "GB" => {
            let code = address.postal_code.as_deref().unwrap_or_default();
            code.starts_with("BFPO") || city.starts_with("bfpo")
        }
        _ => false,
    }
}

fn military_unit(check: &mut Check<'_>) {
    let named = check.address.lines.iter().any(|line| {
        let line = fold(line);
        line.split(' ').any(|word| MILITARY_UNITS.contains(&word))
            && line.contains(|c: char| c.is_ascii_digit() || c == ' ')
    });
    if !named {
        let severity = check.severity(Strictness::Strict);
        check.note(Field::Line, check.lines_from.first().copied(), severity, Finding::MilitaryUnitMissing);
        if severity == Severity::Error {
            check.set(Field::Line, FieldStatus::Missing);
        }
    }
}

/// Checks name, company and phone.
pub(super) fn contact(check: &mut Check<'_>) {
    let rules = check.rules();
    let needs = [
        (rules.name_needed, Field::Name, Finding::NameMissing),
        (rules.company_needed, Field::Company, Finding::CompanyMissing),
        (rules.phone_needed, Field::Phone, Finding::PhoneMissing),
    ];
    for (needed, field, finding) in needs {
        if needed && check.status(field) == FieldStatus::Empty {
            check.set(field, FieldStatus::Missing);
            check.note(field, None, Severity::Error, finding);
        }
    }
    let Some(phone) = check.address.phone.clone() else { return };
    if !is_phone(&phone) {
        let severity = if rules.phone_needed { Severity::Error } else { Severity::Warning };
        check.note(Field::Phone, None, severity, Finding::PhoneInvalid { given: &phone });
        check.set(Field::Phone, FieldStatus::Wrong);
    }
}

/// Digits, with what people write between them, and perhaps an extension.
fn is_phone(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let number = text.split(['x', 'e']).next().unwrap_or_default();
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || digit(*c).is_some()).collect();
    PHONE_DIGITS.contains(&digits.chars().count())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || digit(c).is_some() || c.is_whitespace() || "+-–.()/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_told_from_other_texts() {
        for phone in ["+1 (503) 555-0100", "0049 30/1234567", "503.555.0100 ext. 12", "٠٥٠ ١٢٣ ٤٥٦٧"] {
            assert!(is_phone(phone), "{phone}");
        }
        for other in ["", "none", "1234", "1234567890123456", "call me"] {
            assert!(!is_phone(other), "{other}");
        }
    }
}
