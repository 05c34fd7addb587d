//! The demo shop: its settings are right, and its three carts get the answers that are looked at here.

use cartwright_contract::shipping_quote::{Answer, Request};
use cartwright_sdk::prelude::*;
use cartwright_sdk::shipping_quote::*;
use cartwright_sdk::testing::{configured, instant, manifest, reason_codes, schema};
use serde_json::Value;
use shipping_quote::ShippingQuotePlugin;

const SETTINGS: &str = include_str!("../../../xtask/demo/shops/demo/shipping-quote.json");
/// Monday before Thanksgiving, 10:00 in Reno and 13:00 in Columbus.
const AT: &str = "2026-11-23T18:00:00Z";

fn plugin() -> ShippingQuotePlugin {
    configured(SETTINGS).plugin
}

fn request(cart: &str) -> Request {
    let mut request: Request = serde_json::from_str(cart).unwrap();
    request.at = instant(AT);
    request
}

/// What a shopper and a packer would look at, one line each.
fn overview(answer: &Answer) -> String {
    let mut lines = Vec::new();
    for quote in &answer.quotes {
        let charges: i64 = quote.charges.iter().map(|charge| charge.amount).sum();
        assert_eq!(charges, quote.price, "the charges of {} add up to the price", quote.service);
        let boxes: Vec<_> = quote.parcels.iter().map(|&index| &*answer.parcels[index as usize].packaging).collect();
        let charges: Vec<_> = quote.charges.iter().map(|charge| format!("{} {}", charge.code, charge.amount)).collect();
        lines.push(format!(
            "{} {} | {} | {:?} | {} g billed | boxes {boxes:?} | CO2e {:?} | until free {:?}{}",
            quote.service,
            quote.price,
            charges.join(", "),
            quote.promise.map(|promise| (promise.earliest, promise.latest)),
            quote.billable_weight,
            quote.emissions,
            quote.until_free,
            if quote.backup { " | backup" } else { "" },
        ));
    }
    for parcel in &answer.parcels {
        let size = parcel.size;
        lines.push(format!(
            "parcel from {}: {} {} x {} x {} mm, {} g, {} units",
            parcel.location,
            parcel.packaging,
            size.length,
            size.width,
            size.height,
            parcel.weight,
            parcel.contents.iter().map(|units| units.quantity).sum::<u32>()
        ));
    }
    lines.extend(answer.reasons.iter().map(|reason| format!("{}: {}", reason.code, reason.message)));
    lines.join("\n")
}

fn answer(cart: &str) -> Answer {
    plugin().run(&request(cart), &[]).unwrap()
}

#[test]
fn the_demo_settings_have_neither_issues_nor_warnings() {
    let warnings = configured::<ShippingQuotePlugin>(SETTINGS).warnings;
    assert!(warnings.is_empty(), "{warnings:#?}");
}

#[test]
fn the_coffee_set_to_san_francisco() {
    insta::assert_snapshot!(overview(&answer(include_str!("../../../xtask/demo/carts/espresso-set.json"))));
}

#[test]
fn the_camp_kitchen_to_brooklyn() {
    insta::assert_snapshot!(overview(&answer(include_str!("../../../xtask/demo/carts/camp-kitchen.json"))));
}

#[test]
fn the_tent_and_the_gas_to_portland() {
    insta::assert_snapshot!(overview(&answer(include_str!("../../../xtask/demo/carts/tent-and-stove.json"))));
}

#[test]
fn free_shipping_ends_at_the_contiguous_states() {
    let mut request = request(include_str!("../../../xtask/demo/carts/camp-kitchen.json"));
    let price = |request: &Request| cartwright_sdk::testing::price(&plugin().run(request, &[]).unwrap(), "ground");
    assert_eq!(price(&request), 0);
    request.destination.postal_code = Some("96815".into());
    request.destination.subdivision = Some("HI".into());
    assert!(price(&request) > 0);
}

#[test]
fn dangerous_goods_go_by_ground_within_the_contiguous_states_only() {
    let mut request = request(include_str!("../../../xtask/demo/carts/tent-and-stove.json"));
    let services = |request: &Request| {
        let answer = plugin().run(request, &[]).unwrap();
        answer.quotes.iter().filter(|quote| !quote.backup).map(|quote| quote.service.clone()).collect::<Vec<_>>()
    };
    request.destination.coordinates = None;
    for (postal_code, subdivision, served) in [("84101", "UT", &["parcel-ground"][..]), ("96815", "HI", &[])] {
        request.destination.postal_code = Some(postal_code.into());
        request.destination.subdivision = Some(subdivision.into());
        assert_eq!(services(&request), served, "{subdivision}");
    }
}

#[test]
fn a_post_office_box_gets_the_post_only() {
    let mut request = request(include_str!("../../../xtask/demo/carts/espresso-set.json"));
    request.destination.lines = vec!["PO Box 12".into()];
    let answer = plugin().run(&request, &[]).unwrap();
    let carriers: Vec<_> = answer.quotes.iter().map(|quote| &*quote.carrier).collect();
    assert_eq!(carriers, ["USPS", "USPS"]);
    assert!(reason_codes(&answer).contains(&"PO_BOX_NOT_SERVED"), "{:?}", answer.reasons);
}

#[test]
fn the_same_cart_gets_the_same_answer() {
    let (plugin, request) = (plugin(), request(include_str!("../../../xtask/demo/carts/camp-kitchen.json")));
    let first = plugin.run(&request, &[]).unwrap();
    for _ in 0..20 {
        assert_eq!(plugin.run(&request, &[]).unwrap(), first);
    }
}

#[test]
fn the_schema_describes_every_field_of_the_demo_settings() {
    let schema: Value = serde_json::from_str(&schema::<ShippingQuotePlugin>()).unwrap();
    let settings: Value = serde_json::from_str(SETTINGS).unwrap();
    covers(&schema, &settings, "");
}

/// Every member has its schema, with a description.
fn covers(schema: &Value, value: &Value, at: &str) {
    match value {
        Value::Object(members) => {
            let case = schema["oneOf"]
                .as_array()
                .and_then(|cases| cases.iter().find(|case| case["properties"]["type"]["const"] == members["type"]));
            let schema = case.unwrap_or(schema);
            for (name, member) in members.iter().filter(|(name, _)| case.is_none() || *name != "type") {
                let here = format!("{at}/{name}");
                let inner = if schema["properties"][name].is_null() {
                    assert!(schema["additionalProperties"].is_object(), "{here} is not in the schema");
                    &schema["additionalProperties"]
                } else {
                    assert!(schema["properties"][name]["description"].is_string(), "{here} has no description");
                    &schema["properties"][name]
                };
                covers(inner, member, &here);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                covers(&schema["items"], element, &format!("{at}/{index}"));
            }
        }
        _ => assert!(schema["type"].is_string() || schema["oneOf"].is_array(), "{at} has no type"),
    }
}

#[test]
fn the_plugin_asks_for_the_lines_of_the_address_only() {
    let manifest: Value = serde_json::from_str(&manifest::<ShippingQuotePlugin>()).unwrap();
    assert_eq!(manifest["sees"], serde_json::json!(["destination.lines"]));
    assert_eq!(manifest["calls"], serde_json::json!([]));
    assert_eq!(manifest["hooks"], serde_json::json!(["shipping-quote", "estimate-bundle"]));
}
