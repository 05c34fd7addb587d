//! Grades, destinations, labels.
//!
//! What this file must not know: rules.

use crate::settings::Document;
use crate::settings::goods::{Fee, Freight as FreightWords, GradeTerms as GradeWords, Kind};
use crate::settings::words::Price;
use alloc::format;
use alloc::vec::Vec;
use cartwright_core::money::{Minor, PartsPerMillion};
use cartwright_core::returns::policy::{Freight, GradeTerms, Grading, LabelFee, Labels, Place};
use cartwright_sdk::contract::return_policy::{Destination, Grade};
use cartwright_sdk::settings::Findings;

pub fn grading(document: &Document, findings: &mut Findings) -> Grading {
    let words = &document.grades;
    let grades = [("a", &words.a), ("b", &words.b), ("c", &words.c), ("d", &words.d)];
    for pair in grades.windows(2) {
        let [(_, better), (key, worse)] = pair else { continue };
        if worse.refund_ppm.0 > better.refund_ppm.0 {
            let path = format!("/grades/{key}/refundPpm");
            let message = "a worse grade gives more back than the better one before it: the grades are out of order";
            findings.odd(&path, &worse.refund_ppm.0, message, "let the shares fall from a to d");
        }
    }
    for (key, terms) in grades {
        let kinds = document.destinations.iter().map(|destination| destination.kind);
        if !document.destinations.is_empty()
            && !terms.to.is_empty()
            && !kinds.into_iter().any(|kind| terms.to.contains(&kind))
        {
            let message = "none of `destinations` takes this grade; a person would have to find one";
            findings.odd(
                &format!("/grades/{key}/to"),
                &terms.to,
                message,
                "add a destination of such a kind, or a kind",
            );
        }
    }
    let mut expected = [Grade::A; 6];
    for (index, words) in document.expected_grades.iter().enumerate() {
        let condition = words.condition;
        if document.expected_grades[..index].iter().any(|other| other.condition == condition) {
            let path = format!("/expectedGrades/{index}/condition");
            findings.wrong::<()>(&path, &condition, "has a grade already", "name each condition once");
        }
        expected[condition.contract() as usize] = words.grade.contract();
    }
    Grading { grades: grades.map(|(_, words)| grade(words)), expected }
}

fn grade(words: &GradeWords) -> GradeTerms {
    GradeTerms {
        disposition: words.disposition.contract(),
        refund: PartsPerMillion(words.refund_ppm.0),
        recovers: PartsPerMillion(words.recovers_ppm.0),
        kinds: words.to.iter().map(|kind| kind.contract()).collect(),
    }
}

pub fn freight(words: &FreightWords) -> Freight {
    let minor = |price: Option<Price>| price.map_or(Minor::ZERO, |price| Minor(price.0));
    Freight {
        per_parcel: minor(words.per_parcel),
        per_unit: minor(words.per_unit),
        per_kilogram: minor(words.per_kilogram),
        per_kilogram_and_100_km: minor(words.per_kilogram_and_100_km),
    }
}

pub fn destinations(document: &Document, findings: &mut Findings) -> Vec<Place> {
    findings.unique("/destinations", document.destinations.iter().map(|destination| &*destination.id));
    let mut all = Vec::new();
    for (index, words) in document.destinations.iter().enumerate() {
        let at = format!("/destinations/{index}");
        if !words.country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let remedy = "name it by two capital letters, as \"US\"";
            findings.wrong::<()>(&format!("{at}/country"), &words.country, "is not a country", remedy);
        }
        if words.kind == Kind::Supplier && words.locations.is_empty() {
            let message = "is a supplier without locations: nothing is ever sent there";
            findings.odd(&format!("{at}/locations"), &words.id, message, "name the locations that it dropships from");
        }
        if words.freight.per_kilogram_and_100_km.is_some() && words.coordinates.is_none() {
            let message = "has no effect: nobody knows where this destination is";
            let path = format!("{at}/freight/perKilogramAnd100Km");
            findings.odd(&path, &words.id, message, "give `coordinates`, too");
        }
        all.push(Place {
            destination: Destination {
                id: words.id.clone(),
                kind: words.kind.contract(),
                country: words.country.clone(),
                coordinates: words.coordinates.map(|point| point.0),
                locations: words.locations.clone(),
                ..Destination::default()
            },
            freight: freight(&words.freight),
        });
    }
    all
}

pub fn labels(document: &Document, findings: &mut Findings) -> Option<Labels> {
    let fee = match &document.labels.fee {
        None => LabelFee::default(),
        Some(Fee::Flat { amount }) => LabelFee::Flat(Minor(amount.0)),
        Some(Fee::Weight { up_to, amounts }) => {
            if up_to.len() != amounts.len() {
                let message = format!("{} amounts for {} steps", amounts.len(), up_to.len());
                let remedy = "give one amount for each step of `upTo`";
                return findings.wrong("/labels/fee/amounts", &amounts.len(), &message, remedy);
            }
            if let Some(index) = up_to.windows(2).position(|pair| pair[1] <= pair[0]) {
                let path = format!("/labels/fee/upTo/{}", index + 1);
                let message = "is not above the step before it";
                return findings.wrong(&path, &up_to[index + 1], message, "list the steps in ascending order");
            }
            if let Some(index) = amounts.windows(2).position(|pair| pair[1].0 < pair[0].0) {
                let path = format!("/labels/fee/amounts/{}", index + 1);
                let message = "a heavier parcel costs less than the one before it: the thresholds are out of order";
                findings.odd(&path, &amounts[index + 1].0, message, "let the amounts rise with the weight");
            }
            LabelFee::ByWeight(
                up_to.iter().zip(amounts).map(|(grams, fee)| (u64::from(*grams), Minor(fee.0))).collect(),
            )
        }
    };
    Some(Labels { fee, free_for: document.labels.free_for.clone() })
}
