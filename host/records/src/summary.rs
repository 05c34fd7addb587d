//! What of an answer stays readable for statistics: figures, verdicts, and the merchant's own names; nothing that a plugin could have
//! taken from the request.
//!
//! Only what is needed is read, into types of its own: building the contract's answers would cost as much as sealing them.

use crate::cut;
use crate::hook::Hook;
use cartwright_contract::{address_validation, order_routing, order_screening, return_policy};
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A name longer than this is none that a merchant gave.
const LONGEST_NAME: usize = 64;
/// Services beyond these are counted only.
const MOST_SERVICES: usize = 32;

/// The summary of an answer (the hook's, or as it was sent); `null` when it cannot be read.
pub fn of(hook: Hook, request: &[u8], answer: &[u8]) -> Value {
    let summary = match hook {
        // The parcels, which are most of it, come after the quotes: they are not even looked at.
        Hook::ShippingQuote => serde_json::from_slice(cut::member(answer, "quotes").unwrap_or_default())
            .map(|answer: Vec<Quote<'_>>| quotes(&answer, request)),
        Hook::OrderRouting => serde_json::from_slice(answer).map(|answer| routing(&answer, request)),
        Hook::OrderScreening => serde_json::from_slice(answer).map(screening),
        Hook::AddressValidation => serde_json::from_slice(answer).map(address),
        Hook::ReturnPolicy => serde_json::from_slice(answer).map(|answer| returns(&answer, request)),
    };
    summary.unwrap_or_default()
}

/// The currency of a request; empty when it has none.
pub fn currency(request: &[u8]) -> String {
    let text = cut::member(request, "currency").and_then(|text| serde_json::from_slice::<String>(text).ok());
    text.filter(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())).unwrap_or_default()
}

/// A name such as merchants give to services. What looks otherwise may be a plugin's quotation.
fn is_name(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(letter)
}

/// The name, or a stand-in that differs where names differ, when it may be a quotation.
pub fn label(text: &str) -> Cow<'_, str> {
    if is_name(text) {
        return Cow::Borrowed(text);
    }
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut start = [0; 4];
    start.copy_from_slice(&hash.as_ref()[..4]);
    Cow::Owned(format!("name-{:08x}", u32::from_be_bytes(start)))
}

#[derive(Deserialize)]
struct Quote<'a> {
    #[serde(borrow)]
    service: Cow<'a, str>,
    price: i64,
    #[serde(borrow, default)]
    promise: Option<Promise<'a>>,
}

#[derive(Deserialize)]
struct Promise<'a> {
    #[serde(borrow)]
    earliest: Cow<'a, str>,
}

fn quotes(quotes: &[Quote<'_>], request: &[u8]) -> Value {
    let services: Vec<_> =
        quotes.iter().map(|quote| &*quote.service).filter(|name| is_name(name)).take(MOST_SERVICES).collect();
    // Days in JSON sort as text.
    let earliest = quotes.iter().filter_map(|quote| quote.promise.as_ref()).map(|promise| &*promise.earliest).min();
    json!({
        "count": quotes.len(),
        "cheapest": quotes.iter().map(|quote| quote.price).min(),
        "currency": currency(request),
        "earliest": earliest.filter(|day| is_name(day)),
        "services": services,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Routing {
    disposition: order_routing::Disposition,
    total: i64,
    shipments: Vec<serde::de::IgnoredAny>,
    backordered: Vec<cartwright_contract::LineUnits>,
}

fn routing(answer: &Routing, request: &[u8]) -> Value {
    json!({
        "disposition": answer.disposition,
        "cost": answer.total,
        "currency": currency(request),
        "shipments": answer.shipments.len(),
        "backordered": answer.backordered.iter().map(|units| u64::from(units.quantity)).sum::<u64>(),
    })
}

#[derive(Deserialize)]
struct Screening {
    verdict: order_screening::Verdict,
    score: u32,
}

fn screening(Screening { verdict, score }: Screening) -> Value {
    json!({ "verdict": verdict, "score": score })
}

#[derive(Deserialize)]
struct Address {
    verdict: address_validation::Verdict,
    issues: Vec<serde::de::IgnoredAny>,
}

fn address(Address { verdict, issues }: Address) -> Value {
    json!({ "verdict": verdict, "issues": issues.len() })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Returns {
    decisions: Vec<Decision>,
    total_refund: i64,
    total_credit: i64,
    total_exchange: i64,
}

#[derive(Deserialize)]
struct Decision {
    verdict: return_policy::Verdict,
    quantity: u32,
}

fn returns(answer: &Returns, request: &[u8]) -> Value {
    let mut units: BTreeMap<_, u64> = BTreeMap::new();
    for decision in &answer.decisions {
        *units.entry(decision.verdict).or_default() += u64::from(decision.quantity);
    }
    let of = |verdict| units.get(&verdict).copied().unwrap_or_default();
    json!({
        "approved": of(return_policy::Verdict::Approve),
        "reviewed": of(return_policy::Verdict::Review),
        "declined": of(return_policy::Verdict::Decline),
        "refund": answer.total_refund,
        "credit": answer.total_credit,
        "exchange": answer.total_exchange,
        "currency": currency(request),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_may_be_a_quotation_is_only_counted() {
        let answer = br#"{"quotes":[{"service":"ground","price":500,"promise":{"earliest":"2026-11-27","x":1}},
            {"service":"for alex@example.com","price":400,"promise":{"earliest":"2026-11-26"}}],"parcels":[]}"#;
        let summary = of(Hook::ShippingQuote, br#"{"currency":"USD","at":1}"#, answer);
        assert_eq!(
            summary,
            json!({"count":2,"cheapest":400,"currency":"USD","earliest":"2026-11-26","services":["ground"]})
        );
    }

    #[test]
    fn an_answer_that_cannot_be_read_has_no_summary() {
        for hook in Hook::ALL {
            assert_eq!(of(hook, b"{}", b"[]"), Value::Null);
        }
        assert_eq!(currency(br#"{"currency":"alex"}"#), "");
    }
}
