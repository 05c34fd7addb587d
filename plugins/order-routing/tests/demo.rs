//! The demo shop: its settings are right, and its three orders get the answers that are looked at here.

use cartwright_sdk::order_routing::*;
use cartwright_sdk::prelude::*;
use cartwright_sdk::testing::{configured, manifest, schema};
use order_routing::OrderRoutingPlugin;
use serde_json::Value;

const SETTINGS: &str = include_str!("../../../xtask/demo/shops/demo/order-routing.json");

/// What a merchant would look at, one line each; the answer keeps to the contract.
fn overview(order: &str) -> String {
    let plugin: OrderRoutingPlugin = configured(SETTINGS).plugin;
    let request: Request = serde_json::from_str(order).unwrap();
    let answer = plugin.run(&request, &[]).unwrap();
    assert_eq!(answer.check(&request), Ok(()));
    let mut lines =
        vec![format!("{:?}, queue {:?}, cancel at {:?}", answer.disposition, answer.queue, answer.cancel_at)];
    let costs = |costs: &[Cost]| {
        costs.iter().map(|cost| format!("{:?} {}", cost.kind, cost.amount)).collect::<Vec<_>>().join(", ")
    };
    for shipment in &answer.shipments {
        let units: Vec<_> = shipment
            .lines
            .iter()
            .map(|units| format!("{} x {}", units.quantity, request.lines[units.line as usize].sku))
            .collect();
        lines.push(format!(
            "from {} by {:?}, arrives {:?}: {} | {}",
            shipment.location,
            shipment.service,
            shipment.arrives,
            units.join(", "),
            costs(&shipment.costs)
        ));
    }
    lines.push(format!("order: {} | total {}, bound {}", costs(&answer.costs), answer.total, answer.bound));
    for units in &answer.backordered {
        lines.push(format!("backordered: {} x {}", units.quantity, request.lines[units.line as usize].sku));
    }
    for other in &answer.comparisons {
        lines.push(format!(
            "{}: {} in {} shipments, {} short",
            other.rule, other.total, other.shipments, other.backordered
        ));
    }
    lines.extend(answer.reasons.iter().map(|reason| format!("{}: {}", reason.code, reason.message)));
    lines.join("\n")
}

#[test]
fn the_settings_have_neither_issues_nor_warnings() {
    assert_eq!(configured::<OrderRoutingPlugin>(SETTINGS).warnings, []);
}

#[test]
fn the_tent_and_the_stove_to_portland() {
    insta::assert_snapshot!(overview(include_str!("../../../xtask/demo/orders/order-routing.json")));
}

#[test]
fn quantities_that_no_one_location_has() {
    insta::assert_snapshot!(overview(include_str!("../../../xtask/demo/orders/order-routing-split.json")));
}

#[test]
fn constraints_that_contradict_each_other_are_named() {
    insta::assert_snapshot!(overview(include_str!("../../../xtask/demo/orders/order-routing-contradiction.json")));
}

/// Every field of a schema has a description.
fn described(schema: &Value, at: &str) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        assert!(field["const"].is_string() || field["description"].is_string(), "{at}/{name} has no description");
        described(field, &format!("{at}/{name}"));
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

#[test]
fn the_component_says_what_it_is_and_every_field_is_described() {
    let manifest: Value = serde_json::from_str(&manifest::<OrderRoutingPlugin>()).unwrap();
    assert_eq!(manifest["name"], "order-routing");
    assert!(manifest["sees"].as_array().is_none_or(Vec::is_empty), "routing needs no personal field");
    described(&serde_json::from_str(&schema::<OrderRoutingPlugin>()).unwrap(), "");
}

#[test]
fn the_example_of_the_readme_is_right() {
    let readme = include_str!("../README.md");
    let example = readme.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
    assert!(configured::<OrderRoutingPlugin>(example).warnings.is_empty());
}
