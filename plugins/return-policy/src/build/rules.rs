//! Rules, overrides and approval: names resolved, rules that can never match told.
//!
//! What this file must not know: money.

use super::sorted;
use super::terms::Named;
use crate::settings::rules::Criteria as CriteriaWords;
use crate::settings::terms::Outcome;
use crate::settings::{Combine, Document};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::money::Minor;
use cartwright_core::returns::matching::Criteria;
use cartwright_core::returns::policy::{Approval, Override, OverrideKind, Rule};
use cartwright_sdk::settings::Findings;

pub fn rules(document: &Document, terms: &Named, findings: &mut Findings) -> Option<Vec<Rule>> {
    findings.unique("/rules", document.rules.iter().map(|rule| &*rule.id));
    let mut rules: Vec<Rule> = Vec::new();
    let mut whole = true;
    let mut all: Vec<Criteria> = Vec::new();
    for (index, words) in document.rules.iter().enumerate() {
        let at = format!("/rules/{index}");
        let when = criteria(document, &words.when, &at, findings);
        never(document, &at, &words.id, &when, &all, findings);
        match terms.find(document, &words.terms, &format!("{at}/terms"), findings) {
            Some(terms) => rules.push(Rule { id: words.id.clone(), when: when.clone(), terms }),
            None => whole = false,
        }
        all.push(when);
    }
    if document.rules.is_empty() && document.otherwise.is_none() {
        let remedy = "add a rule, or the terms of everything in `otherwise`";
        findings.wrong::<()>("/rules", &"[]", "nothing may come back", remedy);
        whole = false;
    }
    whole.then_some(rules)
}

/// Rules that never govern anything.
fn never(document: &Document, at: &str, id: &str, when: &Criteria, earlier: &[Criteria], findings: &mut Findings) {
    if when.contradictory() {
        let message = "can never match: what it asks for contradicts itself";
        findings.odd(
            &format!("{at}/when"),
            &id,
            message,
            "put the lower price first, or take the tag out of `withoutTags`",
        );
    } else if let Some(before) = earlier.iter().position(|before| !before.contradictory() && before.cover(when))
        && document.combine == Combine::FirstMatch
    {
        let message =
            format!("can never match: rule {before}, `{}`, takes all of it before", document.rules[before].id);
        findings.odd(&format!("{at}/when"), &id, &message, "put the narrower rule first");
    }
}

fn criteria(document: &Document, words: &CriteriaWords, at: &str, findings: &mut Findings) -> Criteria {
    for (index, code) in words.reasons.iter().enumerate() {
        reason(document, code, &format!("{at}/when/reasons/{index}"), findings);
    }
    for (index, country) in words.countries.iter().enumerate() {
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let path = format!("{at}/when/countries/{index}");
            findings.wrong::<()>(&path, country, "is not a country", "name it by two capital letters, as \"US\"");
        }
    }
    let price = |price: Option<crate::settings::words::Price>| price.map(|price| Minor(price.0));
    Criteria {
        tags: words.tags.clone(),
        without_tags: words.without_tags.clone(),
        skus: words.skus.clone(),
        reasons: words.reasons.clone(),
        conditions: words.conditions.iter().map(|condition| condition.contract()).collect(),
        customers: words.customers.clone(),
        channels: words.channels.clone(),
        countries: words.countries.clone(),
        order_tags: words.order_tags.clone(),
        price: (price(words.least_price), price(words.most_price)),
        gift: words.gift,
        merchant_fault: words.merchant_fault,
    }
    .sorted()
}

fn reason(document: &Document, code: &str, at: &str, findings: &mut Findings) {
    findings.find(&document.reasons, code, at, "reason");
}

fn reasons(document: &Document, codes: &[String], at: &str, findings: &mut Findings) -> Vec<String> {
    for (index, code) in codes.iter().enumerate() {
        reason(document, code, &format!("{at}/{index}"), findings);
    }
    sorted(codes)
}

pub fn overrides(document: &Document, findings: &mut Findings) -> Vec<Override> {
    let words = &document.overrides;
    let mut all = Vec::new();
    let tagged = [
        ("finalSale", &words.final_sale, OverrideKind::FinalSale as fn(Vec<String>) -> OverrideKind),
        ("hygiene", &words.hygiene, OverrideKind::Hygiene),
    ];
    let mut add = |key: &str, kind: OverrideKind, outcome: Outcome, except: &[String], findings: &mut Findings| {
        let at = format!("/overrides/{key}");
        if outcome == Outcome::Approve {
            let remedy = "give `review` or `decline`, or leave the override out";
            findings.wrong::<()>(&format!("{at}/outcome"), &"approve", "is no exception", remedy);
        }
        let except_reasons = reasons(document, except, &format!("{at}/exceptReasons"), findings);
        all.push(Override { kind, outcome: outcome.verdict(), except_reasons });
    };
    for (key, words, kind) in tagged {
        if let Some(words) = words {
            add(key, kind(sorted(&words.tags)), words.outcome, &words.except_reasons, findings);
        }
    }
    if let Some(words) = &words.hazardous {
        add("hazardous", OverrideKind::Hazardous, words.outcome, &words.except_reasons, findings);
    }
    all
}

pub fn approval(document: &Document, findings: &mut Findings) -> Approval {
    let words = &document.approval;
    Approval {
        above: words.above.map(|price| Minor(price.0)),
        reasons: reasons(document, &words.reasons, "/approval/reasons", findings),
        conditions: words.conditions.iter().map(|condition| condition.contract()).collect(),
        tags: sorted(&words.tags),
    }
}
