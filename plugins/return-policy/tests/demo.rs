//! The demo shop: its settings are right, and its example requests get the answers that are looked at here.

use cartwright_contract::return_policy::{Answer, Request};
use cartwright_contract::validate::Validate;
use cartwright_sdk::prelude::*;
use cartwright_sdk::return_policy::*;
use cartwright_sdk::testing::{configured, instant, manifest, schema};
use return_policy::ReturnPolicyPlugin;
use serde_json::Value;

const SETTINGS: &str = include_str!("../../../xtask/demo/shops/demo/return-policy.json");

macro_rules! order {
    ($name:literal) => {
        include_str!(concat!("../../../xtask/demo/orders/return-policy", $name, ".json"))
    };
}

fn plugin() -> ReturnPolicyPlugin {
    configured(SETTINGS).plugin
}

fn request(order: &str) -> Request {
    serde_json::from_str(order).unwrap()
}

fn answer(order: &str) -> Answer {
    let (plugin, request) = (plugin(), request(order));
    request.validate().unwrap();
    let answer = plugin.run(&request, &[]).unwrap();
    answer.check(&request).unwrap();
    assert_eq!(cartwright_core::returns::checker::check(plugin.policy(), &request, &answer), Ok(()));
    answer
}

fn day(day: Option<i32>) -> String {
    day.map_or_else(
        || "-".into(),
        |day| {
            let (year, month, day) = cartwright_core::calendar::Day(day).to_civil();
            format!("{year:04}-{month:02}-{day:02}")
        },
    )
}

/// What a shopper and the returns desk would look at.
fn overview(answer: &Answer) -> String {
    let mut lines = Vec::new();
    for decision in &answer.decisions {
        lines.push(format!(
            "{} unit(s) of return {}: {:?}, now {:?}, by {:?}, until {}, receive by {}",
            decision.quantity,
            decision.requested,
            decision.verdict,
            decision.status,
            decision.rules,
            day(decision.until),
            day(decision.receive_by),
        ));
        let parts: Vec<_> = decision.parts.iter().map(|part| format!("{:?} {}", part.kind, part.amount)).collect();
        lines.push(format!(
            "  {:?} {} = {} | bonus {} | keep {} | to {:?} | {:?}",
            decision.remedy,
            decision.refund,
            parts.join(", "),
            decision.bonus_credit,
            decision.keep,
            decision.destination.as_deref().unwrap_or("-"),
            decision.disposition,
        ));
        for offer in &decision.remedies {
            lines.push(format!(
                "  offer {:?} {} (fee {}, bonus {}, free label {}) until {}",
                offer.remedy,
                offer.amount,
                offer.fee,
                offer.bonus,
                offer.free_label,
                day(offer.until)
            ));
        }
        let grades = decision.by_grade.iter();
        let grades: Vec<_> = grades.map(|g| format!("{:?} {} {:?}", g.grade, g.refund, g.disposition)).collect();
        lines.push(format!("  by grade: {}", grades.join(", ")));
        lines.extend(decision.reasons.iter().map(|reason| format!("  {}: {}", reason.code, reason.message)));
    }
    for label in &answer.labels {
        lines.push(format!("label to {}: {:?} pays, fee {}", label.destination, label.paid_by, label.fee));
    }
    lines.extend(answer.reasons.iter().map(|reason| format!("{}: {}", reason.code, reason.message)));
    lines.push(format!(
        "refund {}, of it shipping {}; credit {}; exchange {}",
        answer.total_refund, answer.shipping_refund, answer.total_credit, answer.total_exchange
    ));
    lines.join("\n")
}

#[test]
fn the_demo_settings_have_neither_issues_nor_warnings() {
    let warnings = configured::<ReturnPolicyPlugin>(SETTINGS).warnings;
    assert!(warnings.is_empty(), "{warnings:#?}");
}

#[test]
fn a_tent_that_is_too_large_comes_back_unopened() {
    insta::assert_snapshot!(overview(&answer(order!(""))));
}

#[test]
fn a_jacket_of_the_final_sale_does_not() {
    insta::assert_snapshot!(overview(&answer(order!("-final-sale"))));
}

#[test]
fn a_defective_stove_comes_back_at_the_merchants_cost() {
    insta::assert_snapshot!(overview(&answer(order!("-defective"))));
}

#[test]
fn two_sporks_are_kept() {
    insta::assert_snapshot!(overview(&answer(order!("-keep-the-item"))));
}

#[test]
fn a_gift_is_credited_to_who_got_it() {
    insta::assert_snapshot!(overview(&answer(order!("-gift"))));
}

#[test]
fn a_tent_of_grade_c_gives_half() {
    insta::assert_snapshot!(overview(&answer(order!("-grade-c"))));
}

#[test]
fn a_serial_returner_waits_for_a_person() {
    insta::assert_snapshot!(overview(&answer(order!("-serial-returner"))));
}

#[test]
fn half_a_bundle_goes_back_to_its_supplier_for_credit() {
    insta::assert_snapshot!(overview(&answer(order!("-bundle"))));
}

#[test]
fn the_window_closes_at_midnight_in_the_shops_time_zone() {
    let mut request = request(order!(""));
    let verdict = |request: &Request| plugin().run(request, &[]).unwrap().decisions[0].verdict;
    // The refund may be asked for until 31 January, 23:59:59 in Los Angeles.
    request.at = instant("2027-02-01T07:59:59Z");
    assert_eq!(verdict(&request), Verdict::Approve);
    request.at = instant("2027-02-01T08:00:00Z");
    assert_eq!(verdict(&request), Verdict::Decline);
}

#[test]
fn the_same_request_gets_the_same_answer() {
    let (plugin, request) = (plugin(), request(order!("-keep-the-item")));
    let first = plugin.run(&request, &[]).unwrap();
    for _ in 0..20 {
        assert_eq!(plugin.run(&request, &[]).unwrap(), first);
    }
}

#[test]
fn the_plugin_sees_no_personal_field() {
    let manifest: Value = serde_json::from_str(&manifest::<ReturnPolicyPlugin>()).unwrap();
    assert_eq!(manifest["sees"], serde_json::json!([]));
    assert_eq!(manifest["hooks"], serde_json::json!(["return-policy"]));
    let mut seen = request(order!("-gift"));
    seen.origin.name = Some("A. Shopper".into());
    seen.origin.lines = vec!["1 Main St".into()];
    assert_eq!(plugin().run(&seen, &[]), plugin().run(&request(order!("-gift")), &[]));
}

#[test]
fn the_schema_describes_every_field() {
    fn described(schema: &Value, at: &str) {
        if let Some(fields) = schema["properties"].as_object() {
            for (name, field) in fields.iter().filter(|(_, field)| field["const"].is_null()) {
                assert!(field["description"].is_string(), "{at}/{name} has no description");
                described(field, &format!("{at}/{name}"));
            }
        }
        for inner in ["items", "additionalProperties"] {
            if schema[inner].is_object() {
                described(&schema[inner], &format!("{at}/{inner}"));
            }
        }
        for case in schema["oneOf"].as_array().into_iter().flatten() {
            described(case, at);
        }
    }
    described(&serde_json::from_str(&schema::<ReturnPolicyPlugin>()).unwrap(), "");
}
