//! The answer: every check in turn, then what they come to.
//!
//! What this module must not know: how any check works.

use super::check::{Check, FIELDS};
use super::country::Country;
use super::finding::Finding;
use super::label::label;
use super::opinion::{Consulted, join};
use super::rules::Validator;
use super::{country, place, recipient};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use cartwright_contract::address_validation::{
    Answer, Field, FieldResult, FieldStatus, Issue, Request, Severity, Verdict,
};
use cartwright_contract::types::{Address, Figure, Reason, Unit};

/// Whether a parcel would reach the address of the request, which keeps to the contract's ranges.
#[must_use]
pub fn validate(validator: &Validator, request: &Request, consulted: &Consulted) -> Answer {
    let mut check = Check::new(validator, request);
    let mut reasons = Vec::new();
    accepted(&mut check);
    place::check(&mut check);
    recipient::lines(&mut check);
    recipient::contact(&mut check);
    join(&mut check, consulted, &mut reasons);
    answer(check, reasons)
}

/// The answer when nobody could check the address: as it was given, with the reason. What a host falls back to.
#[must_use]
pub fn unchecked(request: &Request, reason: Reason) -> Answer {
    let address = &request.address;
    let known = country::read(|code| code == address.country);
    let lines = known.first().map(|country| label(country, address, false));
    let status = |text: &Option<_>| if text.is_some() { FieldStatus::Plausible } else { FieldStatus::Empty };
    let statuses = [
        FieldStatus::Plausible,
        status(&address.subdivision),
        status(&address.city),
        status(&address.postal_code),
        status(&address.lines.first().cloned()),
        status(&address.name),
        status(&address.company),
        status(&address.phone),
    ];
    Answer {
        verdict: Verdict::Unchecked,
        corrected: address.clone(),
        fields: fields(statuses),
        label: lines.unwrap_or_else(|| address.lines.clone()),
        reasons: Vec::from([reason]),
        ..Answer::default()
    }
}

fn fields(statuses: [FieldStatus; 8]) -> Vec<FieldResult> {
    FIELDS.iter().zip(statuses).map(|(field, status)| FieldResult { field: *field, status }).collect()
}

/// Whether the merchant delivers to the country, and whether there are rules for it.
fn accepted(check: &mut Check<'_>) {
    if check.country.is_some() {
        return;
    }
    let code = &*check.request.address.country;
    let listed = &check.rules().countries;
    match country::name_of(code) {
        Some(name) => check.note(Field::Country, None, Severity::Error, Finding::CountryNotAccepted { country: name }),
        None if !listed.is_empty() => {
            check.note(Field::Country, None, Severity::Error, Finding::CountryNotAccepted { country: code });
        }
        None => {
            check.note(Field::Country, None, Severity::Warning, Finding::CountryNotKnown { country: code });
            check.set(Field::Country, FieldStatus::Plausible);
        }
    }
}

/// Whether two addresses say the same to a carrier: an absent field and an empty one do.
fn differs(field: Field, given: &Address, now: &Address) -> bool {
    let text = |address: &Address| match field {
        Field::Country => Some(address.country.clone()),
        Field::Subdivision => address.subdivision.clone(),
        Field::City => address.city.clone(),
        Field::PostalCode => address.postal_code.clone(),
        Field::Name => address.name.clone(),
        Field::Company => address.company.clone(),
        Field::Phone => address.phone.clone(),
        Field::Line => None,
    };
    given.lines != now.lines && field == Field::Line || text(given) != text(now)
}

fn answer(mut check: Check<'_>, mut reasons: Vec<Reason>) -> Answer {
    // What was empty in another way stays as the shop sent it: nothing changed that anybody would see.
    let given = &check.request.address;
    for (now, was) in [
        (&mut check.address.subdivision, &given.subdivision),
        (&mut check.address.city, &given.city),
        (&mut check.address.postal_code, &given.postal_code),
        (&mut check.address.name, &given.name),
        (&mut check.address.company, &given.company),
        (&mut check.address.phone, &given.phone),
    ] {
        if now.is_none() && was.as_deref() == Some("") {
            now.clone_from(was);
        }
    }
    if check.address.lines.is_empty() && given.lines.iter().all(alloc::string::String::is_empty) {
        check.address.lines.clone_from(&given.lines);
    }
    // A blank line among others is taken out without a correction of its own so far.
    let blank_gone = (0_u32..).zip(&given.lines).find(|(_, line)| line.is_empty()).map(|(at, _)| at);
    if let Some(at) = blank_gone.filter(|_| check.address.lines.len() < given.lines.len()) {
        check.blank_line(at);
    }
    let mut changed = false;
    for field in FIELDS {
        if differs(field, given, &check.address) {
            changed = true;
            if matches!(check.status(field), FieldStatus::Confirmed | FieldStatus::Plausible) {
                check.set(field, FieldStatus::Corrected);
            }
        }
    }
    let verdict = verdict(&check, changed);
    reasons.splice(0..0, [summary(&check, verdict)]);
    reasons.extend(check.issues.iter().filter(|issue| issue.severity != Severity::Info || issue.applied).map(reason));
    let abroad = check.rules().home.as_deref().is_some_and(|home| home != check.address.country);
    let label = match check.country {
        Some(country) => label(country, &check.address, abroad),
        None => check.address.lines.clone(),
    };
    Answer {
        verdict,
        fields: fields(*check.statuses()),
        label,
        po_box: check.po_box,
        military: check.military,
        corrected: check.address,
        issues: check.issues,
        reasons,
    }
}

fn verdict(check: &Check<'_>, changed: bool) -> Verdict {
    let any = |status: FieldStatus| check.statuses().contains(&status);
    let error = |issue: &Issue| {
        issue.severity == Severity::Error && check.status(issue.field) != FieldStatus::Missing && !issue.applied
    };
    if check.issues.iter().any(error) {
        return Verdict::Undeliverable;
    }
    if any(FieldStatus::Missing) {
        return Verdict::Incomplete;
    }
    let comparable =
        check.country.is_some_and(|country| !country.postal_code.is_empty() || !country.subdivisions.is_empty());
    let confirmed = check.statuses()[1..].contains(&FieldStatus::Confirmed);
    if !comparable && !confirmed {
        return Verdict::Unchecked;
    }
    if changed { Verdict::Corrected } else { Verdict::Deliverable }
}

/// What the verdict rests on.
fn summary(check: &Check<'_>, verdict: Verdict) -> Reason {
    let count = |status: FieldStatus| check.statuses().iter().filter(|found| **found == status).count();
    let figure = |name: &str, status| Figure {
        name: name.to_string(),
        value: i64::try_from(count(status)).unwrap_or(i64::MAX),
        unit: Unit::Count,
    };
    let place = check.country.map_or_else(|| "an unknown country".into(), Country::name_in_sentence);
    let (code, message) = match verdict {
        Verdict::Deliverable => ("DELIVERABLE", format!("The address keeps to the rules of {place}.")),
        Verdict::Corrected => ("CORRECTED", format!("The address keeps to the rules of {place} once it is corrected.")),
        Verdict::Incomplete => ("INCOMPLETE", format!("Something is missing that an address in {place} needs.")),
        Verdict::Undeliverable => ("UNDELIVERABLE", "Something in the address is wrong or not accepted.".to_string()),
        Verdict::Unchecked => {
            ("NOTHING_TO_COMPARE_WITH", format!("There are no rules that an address in {place} could be held against."))
        }
    };
    let figures = Vec::from([
        figure("fields_confirmed", FieldStatus::Confirmed),
        figure("fields_plausible", FieldStatus::Plausible),
        figure("fields_corrected", FieldStatus::Corrected),
        figure("fields_missing", FieldStatus::Missing),
        figure("fields_wrong", FieldStatus::Wrong),
    ]);
    Reason { code: code.into(), message, figures }
}

fn reason(issue: &Issue) -> Reason {
    let confidence = issue.suggestion.as_ref().map(|_| Figure {
        name: "confidence".into(),
        value: i64::from(issue.confidence),
        unit: Unit::PartsPerMillion,
    });
    Reason { code: issue.code.clone(), message: issue.message.clone(), figures: confidence.into_iter().collect() }
}
