//! The demo shop: its settings are right, and its example orders get the answers that are looked at here.

use cartwright_contract::order_screening::{Answer, Request, Verdict};
use cartwright_sdk::order_screening::OrderScreening;
use cartwright_sdk::testing::{configured, manifest, schema};
use order_screening::OrderScreeningPlugin;
use serde_json::Value;

const SETTINGS: &str = include_str!("../../../xtask/demo/shops/demo/order-screening.json");
const ACCEPTED: &str = include_str!("../../../xtask/demo/orders/order-screening.json");
const REVIEWED: &str = include_str!("../../../xtask/demo/orders/order-screening-review.json");
const REJECTED: &str = include_str!("../../../xtask/demo/orders/order-screening-reject.json");
const BLOCKED: &str = include_str!("../../../xtask/demo/orders/order-screening-blocked.json");

fn plugin() -> OrderScreeningPlugin {
    configured(SETTINGS).plugin
}

fn request(order: &str) -> Request {
    serde_json::from_str(order).unwrap()
}

fn answer(order: &str) -> Answer {
    let request = request(order);
    let answer = plugin().run(&request, &[]).unwrap();
    answer.check(&request).unwrap();
    answer
}

/// What a person who looks at orders sees, one line each.
fn overview(answer: &Answer) -> String {
    let figures = |reason: &cartwright_contract::Reason| {
        let figures =
            reason.figures.iter().map(|figure| format!(" [{} {} {:?}]", figure.name, figure.value, figure.unit));
        figures.collect::<Vec<_>>().concat()
    };
    let mut lines = vec![format!("{:?}, score {}", answer.verdict, answer.score)];
    lines.extend(answer.reasons.iter().map(|why| format!("because {}: {}{}", why.code, why.message, figures(why))));
    lines.extend(
        answer
            .contributions
            .iter()
            .map(|one| format!("{:+} {}: {}{}", one.points, one.reason.code, one.reason.message, figures(&one.reason))),
    );
    lines.join("\n")
}

#[test]
fn the_demo_settings_have_neither_issues_nor_warnings() {
    let warnings = configured::<OrderScreeningPlugin>(SETTINGS).warnings;
    assert!(warnings.is_empty(), "{warnings:#?}");
}

#[test]
fn a_known_customer_at_home_is_accepted() {
    insta::assert_snapshot!(overview(&answer(ACCEPTED)));
}

#[test]
fn a_new_customers_gift_from_afar_is_reviewed() {
    insta::assert_snapshot!(overview(&answer(REVIEWED)));
}

#[test]
fn a_stolen_card_shipped_to_a_forwarder_is_rejected() {
    insta::assert_snapshot!(overview(&answer(REJECTED)));
}

#[test]
fn a_card_on_the_block_list_is_rejected_whatever_else_there_is() {
    insta::assert_snapshot!(overview(&answer(BLOCKED)));
}

#[test]
fn the_verdicts_of_the_example_orders_are_those_of_their_names() {
    let verdicts = [ACCEPTED, REVIEWED, REJECTED, BLOCKED].map(|order| answer(order).verdict);
    assert_eq!(verdicts, [Verdict::Accept, Verdict::Review, Verdict::Reject, Verdict::Reject]);
}

#[test]
fn the_same_order_gets_the_same_answer() {
    let (plugin, request) = (plugin(), request(REJECTED));
    let first = plugin.run(&request, &[]).unwrap();
    for _ in 0..20 {
        assert_eq!(plugin.run(&request, &[]).unwrap(), first);
    }
}

#[test]
fn ten_thousand_lines_with_many_tags_are_screened() {
    let mut request = request(ACCEPTED);
    let line = request.lines[0].clone();
    let tags: Vec<String> = (0..100).map(|tag| format!("tag-{tag}")).collect();
    request.lines = (0..10_000)
        .map(|id| {
            let mut line = line.clone();
            line.id = id.to_string();
            line.sku = format!("SKU-{id}");
            line.tags.clone_from(&tags);
            line
        })
        .collect();
    let answer = plugin().run(&request, &[]).unwrap();
    assert_eq!(answer.check(&request), Ok(()));
    assert!(answer.contributions.iter().any(|one| one.reason.code == "ORDER_VALUE_ABOVE_NORMAL"));
}

#[test]
fn an_order_of_which_a_plugin_may_see_nothing_personal_is_still_answered() {
    let mut request = request(REJECTED);
    request.customer = None;
    for address in [&mut request.billing, &mut request.shipping] {
        (address.name, address.phone) = (None, None);
        address.lines.clear();
    }
    (request.payment.cardholder, request.payment.card_fingerprint) = (None, None);
    (request.session.ip, request.session.device) = (None, None);
    let answer = plugin().run(&request, &[]).unwrap();
    assert_eq!(answer.verdict, Verdict::Reject);
    let codes: Vec<&str> = answer.contributions.iter().map(|one| one.reason.code.as_str()).collect();
    assert!(!codes.contains(&"DISPOSABLE_EMAIL") && !codes.contains(&"NAME_MISMATCH") && !codes.contains(&"PO_BOX"));
}

#[test]
fn the_schema_is_json_and_describes_every_field_of_the_demo_settings() {
    let schema: Value = serde_json::from_str(&schema::<OrderScreeningPlugin>()).unwrap();
    let settings: Value = serde_json::from_str(SETTINGS).unwrap();
    for name in settings.as_object().unwrap().keys() {
        assert!(schema["properties"][name]["description"].is_string(), "{name}");
    }
    let condition =
        schema.pointer("/properties/conditions/additionalProperties").expect("where conditions refer to themselves");
    assert_eq!(condition["oneOf"].as_array().map(Vec::len), Some(5));
    assert_eq!(
        condition["oneOf"][0]["properties"]["all"]["items"]["$ref"],
        "#/properties/conditions/additionalProperties"
    );
}

#[test]
fn the_plugin_asks_for_what_lists_and_signals_need() {
    let manifest: Value = serde_json::from_str(&manifest::<OrderScreeningPlugin>()).unwrap();
    assert_eq!(manifest["sees"].as_array().map(Vec::len), Some(12));
    assert_eq!(manifest["hooks"], serde_json::json!(["order-screening"]));
}
