//! From the merchant's words to a [`Policy`]: references resolved, tables compiled, and everything that is wrong or odd told with
//! its JSON pointer.
//!
//! What this module must not know: orders.

mod rules;
mod services;

use crate::settings::words::Kind;
use crate::settings::{Document, Mode as ModeWords, Terms as TermsWords, Who};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::calendar::{Calendar, Weekdays};
use cartwright_core::routing::policy::{Mode, Penalties, Policy, Selector, Terms};
use cartwright_core::routing::solve::Effort;
use cartwright_sdk::order_routing::LocationKind;
use cartwright_sdk::prelude::Issue;
use cartwright_sdk::settings::Findings;

/// What the parts are built with.
struct Parts<'d> {
    findings: Findings,
    groups: &'d BTreeMap<String, Vec<String>>,
}

/// The policy that these settings describe, and what is odd about it.
///
/// # Errors
/// Everything that is wrong (the first 100).
pub fn policy(document: &Document) -> Result<(Policy, Vec<Issue>), Vec<Issue>> {
    let mut parts = Parts { findings: Findings::default(), groups: &document.groups };
    let policy = build(document, &mut parts);
    parts.findings.done(policy)
}

fn build(document: &Document, parts: &mut Parts<'_>) -> Option<Policy> {
    if !document.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let remedy = "give the ISO 4217 code in upper case, as \"USD\"";
        parts.findings.wrong::<()>("/currency", &document.currency, "is not a currency code", remedy);
    }
    if let Some(effort) = document.effort.filter(|effort| *effort > Effort::ORDER.steps) {
        let message = format!("is above {}, which is what fits the sandbox's default fuel", Effort::ORDER.steps);
        let remedy = "leave it out, unless the server gives plugins more fuel";
        parts.findings.odd("/effort", &effort, &message, remedy);
    }
    let penalties = penalties(document, parts);
    let terms = document.terms.iter().enumerate().map(|(index, words)| terms(index, words, parts)).collect();
    let rules = rules::rules(document, parts);
    let services = services::services(document, parts);
    let calendar = calendar(document, parts);
    Some(Policy {
        currency: document.currency.clone(),
        mode: match document.mode {
            ModeWords::Optimal => Mode::Optimal,
            ModeWords::Ranked => Mode::Ranked,
        },
        penalties,
        terms,
        rules,
        services: services?,
        places: document.places.iter().map(|(id, point)| (id.clone(), point.0)).collect(),
        handling: document.working_days.handling,
        calendar: Some(calendar?),
        cancel_after: document.cancel_after_days.map(|days| i64::from(days) * 86_400),
        effort: document.effort.map(|steps| Effort { steps }),
    })
}

fn penalties(document: &Document, parts: &mut Parts<'_>) -> Penalties {
    let words = &document.penalties;
    if words.backorder.0 == 0 && words.backorder_share_ppm == 0 {
        let remedy = "give `backorder` an amount, or `backorderSharePpm` a share of the price, as 1000000";
        let message = "not shipping costs nothing, so no unit that costs anything would ever ship";
        parts.findings.wrong::<()>("/penalties/backorder", &0, message, remedy);
    }
    Penalties {
        split: words.split.0,
        spread: words.spread.0,
        backorder: words.backorder.0,
        backorder_share: words.backorder_share_ppm,
        late: words.late.0,
        late_day: words.late_day.0,
    }
}

fn calendar(document: &Document, parts: &mut Parts<'_>) -> Option<Calendar> {
    let words = &document.working_days;
    let week = if words.saturdays { Weekdays::MONDAY_TO_SATURDAY } else { Weekdays::MONDAY_TO_FRIDAY };
    let holidays: Vec<_> = words.holidays.iter().map(|day| day.0).collect();
    match Calendar::new(week, &holidays) {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            let remedy = "give dates that exist, as \"12-25\" or \"2026-12-24\"";
            parts.findings.error("/workingDays/holidays", &"the days off", &error, remedy)
        }
    }
}

fn terms(index: usize, words: &TermsWords, parts: &mut Parts<'_>) -> Terms {
    let at = format!("/terms/{index}");
    if words.orders_a_day == Some(0) {
        let remedy = "give 1 or more, or leave the location out with a rule `exclude`";
        parts.findings.odd(&format!("{at}/ordersADay"), &0, "no order is ever routed here", remedy);
    }
    if let Some(tag) = words.only_tags.iter().find(|tag| words.never_tags.contains(tag)) {
        let remedy = "take it out of one of the lists";
        parts.findings.odd(&format!("{at}/neverTags"), tag, "stands in `onlyTags` too, and `neverTags` wins", remedy);
    }
    Terms {
        who: selector(&format!("{at}/who"), &words.who, parts),
        shipment: words.shipment_cost.0,
        pick: words.pick_fee.0,
        opportunity: words.opportunity_cost.0,
        buffer: words.safety_buffer,
        rank: words.rank,
        orders_a_day: words.orders_a_day,
        only: words.only_tags.clone(),
        never: words.never_tags.clone(),
        hazardous: words.hazardous,
    }
}

/// Locations by the merchant's words; groups of the settings become their members, others stay the platform's.
fn selector(at: &str, who: &Who, parts: &mut Parts<'_>) -> Selector {
    let mut selector = Selector { locations: who.locations.clone(), ..Selector::default() };
    for group in &who.groups {
        if let Some(members) = parts.groups.get(group) {
            selector.locations.extend(members.iter().cloned());
        }
        selector.groups.push(group.clone());
    }
    for kind in &who.kinds {
        selector.kinds.push(match kind {
            Kind::Warehouse => LocationKind::Warehouse,
            Kind::ThirdPartyLogistics => LocationKind::ThirdPartyLogistics,
            Kind::Dropship => LocationKind::Dropship,
            Kind::Store => LocationKind::Store,
            Kind::MicroFulfilment => LocationKind::MicroFulfilment,
            Kind::Marketplace => LocationKind::Marketplace,
        });
    }
    countries(&format!("{at}/countries"), &who.countries, parts);
    selector.countries.clone_from(&who.countries);
    selector
}

/// Codes that no address has would never match.
fn countries(at: &str, codes: &[String], parts: &mut Parts<'_>) {
    for (index, code) in codes.iter().enumerate() {
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let remedy = "give the ISO 3166-1 code of two upper-case letters, as \"US\"";
            parts.findings.wrong::<()>(&format!("{at}/{index}"), code, "is not a country", remedy);
        }
    }
}
