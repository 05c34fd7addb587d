//! What the whole of the room holds.

extern crate std;

mod labels;
mod metadata;
mod properties;
mod service;
mod verdicts;

use super::*;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::address_validation::{Answer, Field, FieldStatus, Issue, Request};
use cartwright_contract::types::Address;
use std::path::PathBuf;

/// Something of the shared data; `None`, and a word about it, where that is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CARTWRIGHT_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = folder.join("data/address").join(name);
    if !path.exists() {
        std::println!("skipped: {} is not there (set CARTWRIGHT_SHARED)", path.display());
        return None;
    }
    Some(path)
}

/// A few cities of Oregon, New York and the military post.
fn cities() -> Localities {
    let mut builder = LocalitiesBuilder::default();
    for (subdivision, city, codes) in [
        ("OR", "Portland", "97201-97240"),
        ("OR", "Salem", "97301-97306"),
        ("OR", "Seaside", "97138"),
        ("NY", "New York", "10001-10040"),
        ("NY", "Brooklyn", "11201-11239"),
        ("MO", "Saint Louis", "63101-63140"),
        ("AE", "Apo", "09001-09015"),
        ("WA", "Vancouver", "98660-98668"),
    ] {
        builder.add(subdivision, city, codes).unwrap();
    }
    builder.finish()
}

fn validator(change: impl FnOnce(&mut Rules)) -> Validator {
    let mut rules = Rules::default();
    change(&mut rules);
    Validator::new(rules).unwrap()
}

fn with_cities(change: impl FnOnce(&mut Rules)) -> Validator {
    validator(|rules| {
        rules.localities = Vec::from([("US".to_string(), cities())]);
        change(rules);
    })
}

fn address(country: &str, lines: &[&str], city: &str, subdivision: &str, postal_code: &str) -> Address {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_string());
    Address {
        country: country.into(),
        lines: lines.iter().map(ToString::to_string).collect(),
        city: some(city),
        subdivision: some(subdivision),
        postal_code: some(postal_code),
        ..Address::default()
    }
}

/// The answer, which keeps to the contract.
#[track_caller]
fn ask(validator: &Validator, address: Address) -> Answer {
    ask_with(validator, address, &Consulted::No)
}

#[track_caller]
fn ask_with(validator: &Validator, address: Address, consulted: &Consulted) -> Answer {
    let request = Request { at: 1, address, locale: "en".into() };
    let answer = validate(validator, &request, consulted);
    assert_eq!(answer.check(&request), Ok(()), "{answer:#?}");
    answer
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.issues.iter().map(|issue| &*issue.code).collect()
}

#[track_caller]
fn issue<'a>(answer: &'a Answer, code: &str) -> &'a Issue {
    answer.issues.iter().find(|issue| issue.code == code).unwrap_or_else(|| panic!("{code} is not in {answer:#?}"))
}

fn status(answer: &Answer, field: Field) -> FieldStatus {
    answer.fields.iter().find(|result| result.field == field).unwrap().status
}

fn joined(label: &[String]) -> String {
    label.join(" | ")
}
