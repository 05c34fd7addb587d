//! What an external validation service said of an address, and how it joins the own findings.
//!
//! A service that says that an address is deliverable outvotes the own rules where they only compare; it does not lift what the
//! merchant refuses, nor put in what is missing. What this module must not know: how the service was asked.

use super::check::{Check, Correction};
use super::country::Country;
use super::distance::CERTAIN;
use super::finding::Finding;
use super::postal::Code;
use super::recipient;
use super::text::tidy;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::address_validation::{Field, FieldStatus, Severity};
use cartwright_contract::types::{Coordinates, Reason};

/// The fields that a service would write otherwise; absent where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    pub subdivision: Option<String>,
    pub city: Option<String>,
    pub postal_code: Option<String>,
    pub lines: Option<Vec<String>>,
}

/// What the service said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinion {
    /// Whether a parcel would arrive; absent when the service cannot say.
    pub deliverable: Option<bool>,
    pub proposal: Proposal,
    /// How sure the service is of its proposal, in millionths; absent: certain.
    pub confidence: Option<u32>,
    /// The service's own code, in upper snake case; may be empty.
    pub code: String,
    /// Fit to show a shopper; may be empty.
    pub message: String,
    pub residential: Option<bool>,
    pub coordinates: Option<Coordinates>,
}

/// Whether a service was asked, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Consulted {
    /// None was.
    #[default]
    No,
    Answered(Opinion),
    /// The own rules decide alone; the reason says why.
    Failed(Reason),
}

/// Codes of findings that only compare one field with another or with a list: a service that knows the address outvotes them.
const COMPARISONS: [&str; 6] = [
    "POSTAL_CODE_NOT_IN_SUBDIVISION",
    "POSTAL_CODE_NOT_IN_CITY",
    "POSTAL_CODE_NOT_KNOWN",
    "CITY_NOT_KNOWN",
    "CITY_MISSPELLED",
    "HOUSE_NUMBER_MISSING",
];

/// Characters of a suggestion for all lines at once.
const LONGEST_SUGGESTION: usize = 200;

/// Joins the service's word to what the rules found; the reasons say what it was.
pub(super) fn join(check: &mut Check<'_>, consulted: &Consulted, reasons: &mut Vec<Reason>) {
    let opinion = match consulted {
        Consulted::No => return,
        Consulted::Failed(reason) => return reasons.push(reason.clone()),
        Consulted::Answered(opinion) => opinion,
    };
    let corrected = propose(check, opinion);
    recipient::box_after_correction(check);
    check.address.residential = check.address.residential.or(opinion.residential);
    check.address.coordinates = check.address.coordinates.or(opinion.coordinates);
    let (code, message) = match opinion.deliverable {
        Some(true) => {
            outvote(check);
            ("EXTERNAL_SERVICE_CONFIRMED", "The validation service knows the address.")
        }
        Some(false) if corrected => {
            ("EXTERNAL_SERVICE_CORRECTED", "The validation service knows the address as it is corrected.")
        }
        Some(false) => {
            let code = if opinion.code.is_empty() { "EXTERNAL_SERVICE_UNDELIVERABLE" } else { &*opinion.code };
            let finding = Finding::ExternalRefused { code, message: &tidy(&opinion.message) };
            check.note(Field::Line, None, Severity::Error, finding);
            check.set(Field::Line, FieldStatus::Wrong);
            ("EXTERNAL_SERVICE_REFUSED", "The validation service does not know the address.")
        }
        None => ("EXTERNAL_SERVICE_UNDECIDED", "The validation service could not say whether the address is right."),
    };
    reasons.push(Reason { code: code.into(), message: message.into(), figures: Vec::new() });
}

/// What the service would write otherwise. Whether any of it was applied.
fn propose(check: &mut Check<'_>, opinion: &Opinion) -> bool {
    let confidence = opinion.confidence.unwrap_or(CERTAIN).min(CERTAIN);
    let proposal = &opinion.proposal;
    let mut applied = false;
    let fields = [
        (Field::Subdivision, &proposal.subdivision, check.address.subdivision.clone()),
        (Field::City, &proposal.city, check.address.city.clone()),
        (Field::PostalCode, &proposal.postal_code, check.address.postal_code.clone()),
    ];
    for (field, value, now) in fields {
        let Some(value) = value.as_deref().map(|value| tidy(value).to_string()).filter(|value| !value.is_empty())
        else {
            continue;
        };
        // Whatever a service says: a code that the country does not have, or a region that it does not have, is no correction.
        let Some(value) = possible(check.country, field, value) else { continue };
        if now.as_deref() != Some(&*value) {
            applied |= one(check, field, None, &value, confidence);
        }
    }
    let Some(lines) = &proposal.lines else { return applied };
    let lines: Vec<String> = lines.iter().map(|line| tidy(line).to_string()).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines == check.address.lines {
        return applied;
    }
    if lines.len() == check.address.lines.len() {
        for (at, line) in lines.into_iter().enumerate() {
            if check.address.lines[at] != line {
                let from = check.lines_from.get(at).copied();
                applied |= one(check, Field::Line, from, &line, confidence);
            }
        }
        return applied;
    }
    // Lines that were joined or split belong together: all or none, told as one, as much of it as fits a line.
    let whole: String = lines.join(", ").chars().take(LONGEST_SUGGESTION).collect();
    if one(check, Field::Line, None, &whole, confidence) {
        check.lines_from.truncate(lines.len());
        check.address.lines = lines;
        applied = true;
    }
    applied
}

/// The value as the country writes it; `None` where the country cannot have it.
fn possible(country: Option<&Country>, field: Field, value: String) -> Option<String> {
    let Some(country) = country else { return Some(value) };
    match field {
        Field::PostalCode if !country.postal_code.is_empty() => {
            Code::parse(&value)?.in_country(country).map(|code| country.spaced(code.as_str()))
        }
        Field::Subdivision if !country.subdivisions.is_empty() => {
            country.subdivision(&value).map(|index| country.subdivisions[index].code().to_string())
        }
        _ => Some(value),
    }
}

fn one(check: &mut Check<'_>, field: Field, line: Option<u32>, value: &str, confidence: u32) -> bool {
    let finding = Finding::ExternalCorrected { value };
    let correction = Correction { value: value.to_string(), confidence };
    let applied = check.correct(field, line, Severity::Warning, finding, correction);
    if applied {
        check.set(field, FieldStatus::Confirmed);
        // What the rules held against the old value is settled.
        for issue in check.issues.iter_mut().filter(|issue| issue.field == field && !issue.applied) {
            if issue.severity == Severity::Error && !issue.code.ends_with("_NOT_ACCEPTED") {
                issue.severity = Severity::Warning;
            }
        }
    }
    applied
}

/// The service says that it would arrive: what was only compared is no longer in the way, and what is there is confirmed.
fn outvote(check: &mut Check<'_>) {
    for issue in &mut check.issues {
        if issue.severity == Severity::Error && COMPARISONS.contains(&&*issue.code) {
            issue.severity = Severity::Warning;
        }
    }
    for field in [Field::Subdivision, Field::City, Field::PostalCode, Field::Line] {
        let still = check.issues.iter().any(|issue| issue.field == field && issue.severity == Severity::Error);
        if !still && !matches!(check.status(field), FieldStatus::Empty) {
            check.set(field, FieldStatus::Confirmed);
        }
    }
}
