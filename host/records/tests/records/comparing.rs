//! Two answers beside each other, hook by hook.

use crate::samples::{MARK, quoting_answer, reason, request, sent};
use cartwright_contract::{
    LineUnits, address_validation, order_routing, order_screening, return_policy, shipping_quote,
};
use cartwright_records::{Change, CompareOptions, Comparison, Delta, Hook, Reasons, Side, compare};
use return_policy::Verdict::{Approve, Decline, Review};
use serde::Serialize;

fn side(answer: &[u8]) -> Side<'_> {
    Side { answer: Some(answer), fuel: 10, micros: 2, ..Side::default() }
}

/// Compares the hook's own answers; the old one as it was sent.
fn compared<A: Serialize>(hook: Hook, old: &A, new: &A, reasons: Reasons) -> Comparison {
    let (old, new) = (sent(serde_json::to_value(old).unwrap()), serde_json::to_vec(new).unwrap());
    compare(hook, &request(hook), side(&old), side(&new), CompareOptions { reasons })
}

fn changes(comparison: &Comparison) -> Vec<Change> {
    assert_eq!(comparison.same, comparison.changes.is_empty());
    comparison.changes.iter().copied().collect()
}

fn quote(service: &str, price: i64, latest: i32) -> shipping_quote::Quote {
    let promise = shipping_quote::Promise { earliest: latest - 2, latest, ship_by: 1, order_by: 1 };
    let (service, reasons) = (service.into(), vec![reason(service)]);
    shipping_quote::Quote { service, price, promise: Some(promise), reasons, ..Default::default() }
}

fn quotes(quotes: Vec<shipping_quote::Quote>) -> shipping_quote::Answer {
    shipping_quote::Answer { quotes, ..Default::default() }
}

#[test]
fn the_same_answer_as_sent_and_by_itself_is_the_same() {
    for hook in Hook::ALL {
        let answer = quoting_answer(hook);
        let both = compare(hook, &request(hook), side(&answer), side(&answer), CompareOptions::default());
        assert_eq!(changes(&both), [], "{hook}");
        assert_eq!(both.currency, if hook == Hook::AddressValidation { "" } else { "USD" });
    }
    let same = quotes(vec![quote("ground", 500, 20_000)]);
    assert!(compared(Hook::ShippingQuote, &same, &same, Reasons::Whole).same);
}

#[test]
fn quotes_differ_by_services_prices_dates_and_order() {
    let old = quotes(vec![quote("ground", 500, 20_000), quote("air", 900, 19_998), quote("pigeon", 100, 19_997)]);
    let new = quotes(vec![quote("air", 900, 19_999), quote("ground", 450, 20_000), quote("rail", 700, 20_002)]);
    let both = compared(Hook::ShippingQuote, &old, &new, Reasons::Ignored);
    assert_eq!(
        changes(&both),
        [Change::ServiceAdded, Change::ServiceRemoved, Change::Order, Change::Price, Change::Promise]
    );
    assert_eq!((both.added, both.removed), (vec!["rail".to_owned()], vec!["pigeon".to_owned()]));
    let delta = |of: &str, old, new| Delta { of: of.into(), old, new };
    assert_eq!(both.money, [delta("ground", 500, 450), delta("air", 900, 900)]);
    assert_eq!(both.days, [delta("ground", 20_000, 20_000), delta("air", 19_998, 19_999)]);
    assert_eq!((both.old.amount, both.new.amount), (Some(100), Some(450)));
    assert_eq!((both.old.day, both.new.count), (Some(19_995), Some(3)));
}

#[test]
fn no_options_any_more_is_another_verdict() {
    let both =
        compared(Hook::ShippingQuote, &quotes(vec![quote("ground", 1, 1)]), &quotes(Vec::new()), Reasons::Ignored);
    assert_eq!(changes(&both), [Change::Verdict, Change::ServiceRemoved]);
    assert_eq!(both.verdicts, [("offered".to_owned(), "nothing".to_owned())]);
}

#[test]
fn the_same_service_at_two_counters_is_two_options_and_a_quotation_is_not_shown() {
    let at = |location: &str, price| shipping_quote::Quote {
        location: Some(location.into()),
        ..quote(&format!("for {MARK}"), price, 20_000)
    };
    let both = compared(
        Hook::ShippingQuote,
        &quotes(vec![at("a", 1), at("b", 2)]),
        &quotes(vec![at("a", 1), at("b", 3), at("c", 4)]),
        Reasons::Ignored,
    );
    assert_eq!(changes(&both), [Change::ServiceAdded, Change::Price]);
    assert_eq!(both.money.iter().map(Delta::change).collect::<Vec<_>>(), [0, 1]);
    assert!(!serde_json::to_string(&both).unwrap().contains(MARK));
}

#[test]
fn other_words_for_the_same_decision_count_only_when_asked() {
    let old = quotes(vec![quote("ground", 500, 20_000)]);
    let mut worded = old.clone();
    worded.quotes[0].reasons[0].message = "in other words".into();
    let mut coded = worded.clone();
    coded.quotes[0].reasons[0].code = "OTHERWISE".into();
    let changed = |new: &_, reasons| changes(&compared(Hook::ShippingQuote, &old, new, reasons));
    assert_eq!(changed(&coded, Reasons::Ignored), []);
    assert_eq!(changed(&worded, Reasons::Codes), []);
    assert_eq!(changed(&coded, Reasons::Codes), [Change::Reasons]);
    assert_eq!(changed(&worded, Reasons::Whole), [Change::Reasons]);
}

#[test]
fn what_has_no_name_of_its_own_still_is_a_change() {
    let old = quotes(vec![quote("ground", 500, 20_000)]);
    let mut new = old.clone();
    new.quotes[0].carrier = "another".into();
    assert_eq!(changes(&compared(Hook::ShippingQuote, &old, &new, Reasons::Ignored)), [Change::Other]);
}

#[test]
fn routing_differs_by_cost_shipments_and_dates_not_by_the_order_of_its_list() {
    let shipment = |location: &str, quantity, arrives| order_routing::Shipment {
        location: location.into(),
        lines: vec![LineUnits { line: 0, quantity }],
        arrives,
        ..Default::default()
    };
    let old = order_routing::Answer {
        shipments: vec![shipment("reno", 1, Some(5)), shipment("portland", 1, Some(6))],
        total: 3_300,
        ..Default::default()
    };
    let turned = order_routing::Answer { shipments: old.shipments.iter().rev().cloned().collect(), ..old.clone() };
    assert_eq!(changes(&compared(Hook::OrderRouting, &old, &turned, Reasons::Ignored)), [Change::Other]);
    let new = order_routing::Answer {
        disposition: order_routing::Disposition::Hold,
        shipments: vec![shipment("reno", 1, Some(8))],
        backordered: vec![LineUnits { line: 0, quantity: 1 }],
        total: 2_000,
        ..Default::default()
    };
    let both = compared(Hook::OrderRouting, &old, &new, Reasons::Ignored);
    assert_eq!(changes(&both), [Change::Verdict, Change::Promise, Change::Cost, Change::Shipments, Change::Backorder]);
    assert_eq!(both.verdicts, [("release".to_owned(), "hold".to_owned())]);
    assert_eq!((both.money[0].change(), both.days[0].change()), (-1_300, 2));
    assert_eq!((both.old.count, both.new.count), (Some(2), Some(1)));
}

#[test]
fn screening_differs_by_verdict_and_score() {
    let screened = |verdict, score| order_screening::Answer { verdict, score, ..Default::default() };
    let (old, new) = (screened(order_screening::Verdict::Accept, 100), screened(order_screening::Verdict::Review, 600));
    let both = compared(Hook::OrderScreening, &old, &new, Reasons::Ignored);
    assert_eq!(changes(&both), [Change::Verdict, Change::Score]);
    assert_eq!((both.verdicts, both.new.score), (vec![("accept".to_owned(), "review".to_owned())], Some(600)));
}

#[test]
fn an_address_differs_by_what_it_should_say_which_the_comparison_keeps_to_itself() {
    let issue = |code: &str, message: &str| address_validation::Issue {
        code: code.into(),
        message: message.into(),
        ..Default::default()
    };
    let old = address_validation::Answer { issues: vec![issue("A", "one")], ..Default::default() };
    let worded = address_validation::Answer { issues: vec![issue("A", "uno")], ..Default::default() };
    assert!(compared(Hook::AddressValidation, &old, &worded, Reasons::Ignored).same);
    assert!(!compared(Hook::AddressValidation, &old, &worded, Reasons::Whole).same);
    let mut new = address_validation::Answer { verdict: address_validation::Verdict::Corrected, ..worded };
    new.corrected.lines = vec![MARK.into()];
    new.issues.push(issue("B", MARK));
    let both = compared(Hook::AddressValidation, &old, &new, Reasons::Ignored);
    assert_eq!(changes(&both), [Change::Verdict, Change::Corrected, Change::Issues]);
    assert!(!serde_json::to_string(&both).unwrap().contains(MARK));
}

#[test]
fn returns_differ_return_by_return() {
    let decision = |requested, verdict, quantity, refund| return_policy::Decision {
        requested,
        verdict,
        quantity,
        refund,
        ..Default::default()
    };
    let old = return_policy::Answer {
        decisions: vec![decision(0, Approve, 2, 1_000), decision(1, Decline, 1, 0)],
        total_refund: 1_000,
        ..Default::default()
    };
    let mut new = return_policy::Answer {
        decisions: vec![decision(0, Approve, 1, 500), decision(0, Review, 1, 500), decision(1, Decline, 1, 0)],
        total_refund: 500,
        ..Default::default()
    };
    let both = compared(Hook::ReturnPolicy, &old, &new, Reasons::Ignored);
    assert_eq!(changes(&both), [Change::Verdict, Change::Refund, Change::Handling]);
    let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    assert_eq!(both.verdicts, [pair("approve", "approve+review"), pair("decline", "decline")]);
    assert_eq!((both.money.len(), both.money[0].change()), (1, -500));
    assert_eq!((both.old.verdict.as_deref(), both.new.amount), (Some("mixed"), Some(500)));
    new = old.clone();
    new.decisions[0].destination = Some("warehouse".into());
    assert_eq!(changes(&compared(Hook::ReturnPolicy, &old, &new, Reasons::Ignored)), [Change::Handling]);
}

#[test]
fn a_failure_on_either_side_is_a_change_and_the_same_on_both_is_none() {
    let answer = serde_json::to_vec(&quotes(Vec::new())).unwrap();
    let failed = Side { error: Some("PANICKED"), ..Side::default() };
    let fallback = Side { fallback: Some("PANICKED"), error: Some("PANICKED"), ..side(&answer) };
    let none = Side { answer: None, ..side(&answer) };
    let garbage = side(b"[1");
    let changed = |old, new| {
        let both = compare(Hook::ShippingQuote, b"{}", old, new, CompareOptions::default());
        (changes(&both), both.old.error, both.new.error)
    };
    let panicked = || Some("PANICKED".to_owned());
    assert_eq!(changed(side(&answer), failed), (vec![Change::Error], None, panicked()));
    assert_eq!(changed(side(&answer), fallback), (vec![Change::Error, Change::Fallback], None, panicked()));
    assert_eq!(changed(side(&answer), none), (vec![Change::Error], None, Some("NO_ANSWER".to_owned())));
    assert_eq!(changed(garbage, side(&answer)), (vec![Change::Error], Some("UNREADABLE".to_owned()), None));
    assert_eq!(changed(failed, failed), (vec![], panicked(), panicked()));
    assert_eq!(changed(fallback, fallback), (vec![], panicked(), panicked()));
}
