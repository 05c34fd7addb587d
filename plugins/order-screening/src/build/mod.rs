//! From the merchant's words to a [`Screen`]: signals and conditions found by name and type-checked, everything that is wrong or odd
//! told with its JSON pointer.
//!
//! What this module must not know: orders.

mod conditions;
mod lists;
mod model;
mod rules;
mod signals;
mod weights;

use crate::settings::Document;
use alloc::vec::Vec;
use cartwright_core::screening::{Effect, Screen, ScreenRules, Thresholds};
use cartwright_sdk::prelude::Issue;
use cartwright_sdk::settings::Findings;

/// The screening that these settings describe, and what is odd about it.
///
/// # Errors
/// Everything that is wrong (the first 100).
pub fn screen(document: &Document) -> Result<(Screen, Vec<Issue>), Vec<Issue>> {
    let mut findings = Findings::default();
    let screen = build(document, &mut findings);
    findings.done(screen)
}

fn build(document: &Document, findings: &mut Findings) -> Option<Screen> {
    if !document.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let remedy = "give the ISO 4217 code in upper case, as \"USD\"";
        findings.wrong::<()>("/currency", &document.currency, "is not a currency code", remedy);
    }
    let signals = signals::signals(&document.signals, findings);
    let lists = lists::lists(&document.lists, findings);
    let conditions = conditions::named(&document.conditions, findings);
    let weights = weights::weights(&document.weights, document.signals.normal_order_value.is_some(), findings);
    let rules = rules::rules(document, conditions.as_ref(), findings);
    let model = document.model.as_ref().map(|words| model::model(words, findings));
    let thresholds = thresholds(document, findings);
    let (weights, rules) = (weights?, rules?);
    if document.model.is_some() && model.as_ref().is_some_and(Option::is_none) {
        return None;
    }
    let rules = ScreenRules {
        currency: document.currency.clone(),
        signals,
        lists,
        conditions: conditions?,
        weights,
        rules,
        model: model.flatten(),
        thresholds: thresholds?,
    };
    reachable(&rules, document, findings);
    match Screen::new(rules) {
        Ok(screen) => Some(screen),
        Err(error) => findings.wrong("", &"the whole document", &alloc::format!("{error}"), "correct what is named"),
    }
}

fn thresholds(document: &Document, findings: &mut Findings) -> Option<Thresholds> {
    let Thresholds { review, reject } =
        Thresholds { review: document.thresholds.review, reject: document.thresholds.reject };
    if let (Some(review), Some(reject)) = (review, reject) {
        if review > reject {
            let message = alloc::format!("is above the threshold to reject, {reject}: no score would lead to a review");
            let remedy = "give the threshold to review the lower score";
            return findings.wrong("/thresholds/review", &review, &message, remedy);
        }
        if review == reject {
            let remedy = "give the threshold to review a lower score, or leave it out";
            findings.odd(
                "/thresholds/review",
                &review,
                "is the threshold to reject: no score leads to a review",
                remedy,
            );
        }
    }
    for (path, threshold, what) in
        [("/thresholds/review", review, "reviewed"), ("/thresholds/reject", reject, "rejected")]
    {
        if threshold == Some(0) {
            let message = alloc::format!("is the lowest score: every order is {what} that no rule decides");
            findings.odd(path, &0, &message, "give a score above 0");
        }
    }
    Some(Thresholds { review, reject })
}

/// Thresholds that all points together do not reach.
fn reachable(rules: &ScreenRules, document: &Document, findings: &mut Findings) {
    let of_weights = rules.weights.iter().map(|weight| weight.bands.iter().map(|band| band.points).max().unwrap_or(0));
    let of_rules = rules.rules.iter().map(|rule| match rule.then {
        Effect::Points(points) => points,
        Effect::Verdict(_) => 0,
    });
    let of_model = document.model.as_ref().map_or(0, |model| model.points);
    let most: i64 = of_weights.chain(of_rules).chain([of_model]).map(|points| i64::from(points.max(0))).sum();
    let thresholds = [("/thresholds/review", rules.thresholds.review), ("/thresholds/reject", rules.thresholds.reject)];
    for (path, threshold) in thresholds {
        if let Some(threshold) = threshold.filter(|threshold| i64::from(*threshold) > most) {
            let message =
                alloc::format!("is never reached: all weights, rules and the model together give {most} points");
            findings.odd(path, &threshold, &message, "lower the threshold or raise the points");
        }
    }
}
