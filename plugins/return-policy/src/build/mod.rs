//! From the merchant's words to a [`Policy`]: references resolved, and everything that is wrong or odd told with its JSON pointer.
//!
//! What this module must not know: requests.

mod goods;
mod rules;
mod terms;

use crate::settings::terms::Outcome;
use crate::settings::{Combine as CombineWords, Document, Fault as FaultWords};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::calendar::Zone;
use cartwright_core::money::PartsPerMillion;
use cartwright_core::returns::Policy;
use cartwright_core::returns::policy::{Combine, Deadlines, Fault, Reasons, SerialLimit, Terms};
use cartwright_core::returns::window::Extension;
use cartwright_sdk::contract::return_policy::Verdict;
use cartwright_sdk::prelude::Issue;
use cartwright_sdk::settings::Findings;

/// The policy that these settings describe, and what is odd about it.
///
/// # Errors
/// Everything that is wrong (the first 100).
pub fn policy(document: &Document) -> Result<(Policy, Vec<Issue>), Vec<Issue>> {
    let mut findings = Findings::default();
    let policy = build(document, &mut findings);
    findings.done(policy)
}

fn build(document: &Document, findings: &mut Findings) -> Option<Policy> {
    if !document.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let remedy = "give the ISO 4217 code in upper case, as \"USD\"";
        findings.wrong::<()>("/currency", &document.currency, "is not a currency code", remedy);
    }
    let zone = Zone::named(&document.time_zone).ok();
    if zone.is_none() {
        let remedy = "give a name of the IANA database, as \"America/New_York\"";
        findings.wrong::<()>("/timeZone", &document.time_zone, "is not a time zone", remedy);
    }
    let terms = terms::all(document, findings);
    let rules = rules::rules(document, &terms, findings);
    let otherwise = otherwise(document, &terms, findings);
    let overrides = rules::overrides(document, findings);
    let approval = rules::approval(document, findings);
    let extensions = extensions(document, findings);
    let serial = serial(document, findings);
    let grading = goods::grading(document, findings);
    let destinations = goods::destinations(document, findings);
    let labels = goods::labels(document, findings);
    if document.reasons.is_empty() && document.unknown_reason == Outcome::Decline {
        let remedy = "name reasons, or take unknown ones";
        findings.wrong::<()>("/reasons", &"{}", "there is no reason for which anything may come back", remedy);
    }
    let fault = |fault: &FaultWords| match fault {
        FaultWords::Merchant => Fault::Merchant,
        FaultWords::Shopper => Fault::Shopper,
    };
    let known = document.reasons.iter().map(|(code, whose)| (code.clone(), fault(whose))).collect();
    if document.deadlines.receive_within.is_none() && document.deadlines.transit_grace > 0 {
        let message = "more days for the carrier have no effect without `receiveWithin`";
        findings.odd(
            "/deadlines/transitGrace",
            &document.deadlines.transit_grace,
            message,
            "give `receiveWithin`, too",
        );
    }
    Some(Policy {
        currency: document.currency.clone(),
        zone: zone?,
        combine: match document.combine {
            CombineWords::FirstMatch => Combine::FirstMatch,
            CombineWords::MostRestrictive => Combine::MostRestrictive,
        },
        overrides,
        rules: rules?,
        otherwise,
        extensions: extensions?,
        assumed_transit: document.assumed_transit,
        reasons: Reasons { known, unknown: document.unknown_reason.verdict() },
        grading,
        approval,
        serial,
        serial_exempt: document.serial_returners.exempt.clone(),
        destinations,
        estimate: goods::freight(&document.freight),
        cross_border: document.cross_border,
        labels: labels?,
        deadlines: Deadlines {
            receive_within: document.deadlines.receive_within,
            transit_grace: document.deadlines.transit_grace,
        },
    })
}

fn otherwise(document: &Document, terms: &terms::Named, findings: &mut Findings) -> Option<Terms> {
    let name = document.otherwise.as_ref()?;
    terms.find(document, name, "/otherwise", findings)
}

fn extensions(document: &Document, findings: &mut Findings) -> Option<Vec<Extension>> {
    let mut whole = true;
    let mut all = Vec::new();
    for (index, words) in document.extensions.iter().enumerate() {
        let at = format!("/extensions/{index}");
        match Extension::new(words.from.0, words.to.0, words.until.0, words.year.map(i32::from)) {
            Ok(extension) => {
                extends_something(document, &at, &extension, findings);
                all.push(extension);
            }
            Err(error) => {
                let dates = [("from", words.from), ("to", words.to), ("until", words.until)];
                let wrong = dates.iter().find(|(_, date)| date.0 == (error.month, error.day));
                let path = wrong.map_or_else(|| at.clone(), |(key, _)| format!("{at}/{key}"));
                let value = format!("{:02}-{:02}", error.month, error.day);
                findings.error::<()>(&path, &value, &error, "correct this date");
                whole = false;
            }
        }
    }
    whole.then_some(all)
}

/// An extension that ends before every window does anyway.
fn extends_something(document: &Document, at: &str, extension: &Extension, findings: &mut Findings) {
    let own = document.terms.values().filter_map(|terms| terms.window.as_ref());
    let remedies = document.terms.values().flat_map(|terms| terms.remedies.iter().flatten());
    let windows = own.chain(remedies.filter_map(|remedy| remedy.window.as_ref())).filter(|window| window.extended);
    let Some(shortest) = windows.map(|window| window.length.0.at_most_days()).min() else {
        findings.odd(at, &document.extensions.len(), "no window is extended by it", "leave it out, or extend a window");
        return;
    };
    let days = extension.days_after_season();
    if days < shortest {
        let message = "what is bought at its end has a later last day without it, in every window";
        findings.odd(&format!("{at}/until"), &format!("{days} days after `to`"), message, "give a later `until`");
    }
}

fn serial(document: &Document, findings: &mut Findings) -> Vec<SerialLimit> {
    let mut all = Vec::new();
    for (index, words) in document.serial_returners.limits.iter().enumerate() {
        let at = format!("/serialReturners/limits/{index}");
        if words.rate_ppm.is_none() && words.units.is_none() {
            let remedy = "give `ratePpm`, `units` or both";
            findings.wrong::<()>(&at, &"{}", "is no limit", remedy);
        }
        if words.outcome == Outcome::Approve {
            let remedy = "give `review` or `decline`";
            findings.wrong::<()>(
                &format!("{at}/outcome"),
                &"approve",
                "is no outcome of a limit that is exceeded",
                remedy,
            );
        }
        let outcome = words.outcome.verdict();
        let rate = words.rate_ppm.map(|share| share.0);
        softer_first(&mut all, index, rate, words.units, outcome, findings);
        all.push(SerialLimit {
            rate: rate.map(PartsPerMillion),
            units: words.units,
            least_bought: words.least_bought,
            outcome,
        });
    }
    all
}

/// A limit that declines below one that only reviews: the second never gets its turn.
fn softer_first(
    all: &mut [SerialLimit],
    index: usize,
    rate: Option<i64>,
    units: Option<u32>,
    outcome: Verdict,
    findings: &mut Findings,
) {
    for (earlier, limit) in all.iter().enumerate() {
        let same = limit.rate.is_some() == rate.is_some() && limit.units.is_some() == units.is_some();
        let lower =
            |one: (Option<i64>, Option<u32>), other: (Option<i64>, Option<u32>)| one.0 <= other.0 && one.1 <= other.1;
        let (theirs, mine) = ((limit.rate.map(|rate| rate.0), limit.units), (rate, units));
        let hidden = (outcome == Verdict::Review && limit.outcome == Verdict::Decline && lower(theirs, mine))
            || (outcome == Verdict::Decline && limit.outcome == Verdict::Review && lower(mine, theirs));
        if same && hidden {
            let message =
                format!("limits {earlier} and {index} are out of order: one declines before the other reviews");
            let path = format!("/serialReturners/limits/{index}");
            findings.odd(&path, &format!("{mine:?}"), &message, "let the limit that declines be the higher one");
        }
    }
}

/// Sorted, as the core searches.
fn sorted(list: &[String]) -> Vec<String> {
    let mut list = list.to_vec();
    list.sort_unstable();
    list.dedup();
    list
}
