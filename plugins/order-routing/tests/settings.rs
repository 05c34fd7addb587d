//! What a merchant gets wrong is told all at once, with place, value and remedy; what is odd is a warning.

use cartwright_sdk::testing::{configured, issues};
use order_routing::OrderRoutingPlugin;
use serde_json::{Value, json};

fn small() -> Value {
    json!({
        "currency": "USD",
        "penalties": { "split": 250, "backorder": 800 },
        "terms": [{ "who": { "locations": ["reno"] }, "shipmentCost": 180 }],
        "rules": [{ "name": "Split", "then": { "type": "shipments", "most": 2 } }],
        "services": [{
            "id": "ground", "zones": ["near", "far"], "bands": [{ "upTo": 500, "zone": "near" }], "otherwise": "far",
            "upTo": [1000, 5000], "prices": { "near": [500, 900], "far": [700, 1400] }
        }]
    })
}

fn with(pointer: &str, value: Value) -> String {
    let mut settings = small();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match settings.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.insert(name.into(), value)),
        Value::Array(list) => match name.parse::<usize>() {
            Ok(index) if index < list.len() => list[index] = value,
            _ => list.push(value),
        },
        other => panic!("{pointer} leads into {other}"),
    }
    settings.to_string()
}

#[test]
fn each_bad_value_is_told_with_field_value_and_remedy() {
    #[rustfmt::skip]
    let cases = [
        ("/currency", json!("usd"), "", "usd", "is not a currency code", "upper case"),
        ("/penalties/split", json!(-5), "", "-5", "must be from 0", "from 0"),
        ("/penalties/backorder", json!(0), "", "0", "no unit that costs anything would ever ship", "share of the price"),
        ("/places", json!({ "reno": "39" }), "/places/reno", "39", "latitude and longitude", "degrees"),
        ("/terms/0/who/kinds", json!(["shop"]), "/terms/0/who/kinds/0", "shop", "warehouse", "warehouse"),
        ("/terms/0/who/countries", json!(["USA"]), "/terms/0/who/countries/0", "USA", "is not a country", "two upper-case"),
        ("/terms/0/safetyBufer", json!(1), "", "1", "is not a known field", "remove it"),
        ("/rules/0/then/most", json!(0), "", "0", "must be from 1", "from 1"),
        ("/rules/0/then/type", json!("split"), "", "split", "shipments", "shipments"),
        ("/rules/0/when", json!({ "countries": ["us"] }), "/rules/0/when/countries/0", "us", "is not a country", "two upper-case"),
        ("/services/1", small()["services"][0].clone(), "/services/1/id", "ground", "id of entry 0", "id of its own"),
        ("/services/0/upTo", json!([5000, 1000]), "/services/0/upTo/1", "1000", "not above the 5000", "ascending"),
        ("/services/0/prices/near", json!([1, 2, 3]), "", "3", "3 prices for 2 weight breaks", "one price for each"),
        ("/services/0/prices/middle", json!([1]), "", "middle", "is not a known zone", "`near`, `far`"),
        ("/services/0/otherwise", json!("middle"), "", "middle", "is not a known zone", "`near`, `far`"),
        ("/services/0/bands", json!([{ "upTo": 9, "zone": "near" }, { "upTo": 9, "zone": "far" }]), "/services/0", "ground", "not farther", "nearest first"),
        ("/services/0/transitDays", json!({ "near": 900 }), "/services/0/transitDays/near", "900", "more than a year", "at most 365"),
        ("/workingDays", json!({ "holidays": ["13-01"] }), "/workingDays/holidays", "days off", "no year has", "dates that exist"),
    ];
    for (pointer, value, path, shown, message, remedy) in cases {
        let all = issues::<OrderRoutingPlugin>(with(pointer, value.clone()));
        let issue = &all[0];
        let context = format!("{pointer} = {value}: {all:#?}");
        assert_eq!(issue.path, if path.is_empty() { pointer } else { path }, "{context}");
        assert!(issue.value.contains(shown), "value of {context}");
        assert!(format!("{} {}", issue.message, issue.remedy).contains(message), "message of {context}");
        assert!(issue.remedy.contains(remedy), "remedy of {context}");
    }
}

#[test]
fn all_issues_are_told_at_once() {
    let mut settings = small();
    settings["currency"] = json!("usd");
    settings["penalties"]["backorder"] = json!(0);
    settings["services"][0]["otherwise"] = json!("middle");
    let paths: Vec<_> =
        issues::<OrderRoutingPlugin>(settings.to_string()).into_iter().map(|issue| issue.path).collect();
    assert_eq!(paths, ["/currency", "/penalties/backorder", "/services/0/otherwise"]);
}

#[test]
fn rules_that_can_never_match_or_matter_and_prices_out_of_order_are_warnings() {
    let rule = |then: Value| json!({ "name": "Second", "then": then });
    #[rustfmt::skip]
    let cases = [
        ("/rules/0/when", json!({ "valueFrom": 900, "valueTo": 100 }), "/rules/0/when/valueTo", "never matches"),
        ("/rules/1", json!({ "name": "Split", "then": { "type": "cancel" } }), "/rules/1/name", "name of rule 0"),
        ("/rules/1", rule(json!({ "type": "shipments", "most": 2 })), "/rules/1", "says what rule 0 says"),
        ("/rules/1", rule(json!({ "type": "exclude", "who": {} })), "/rules/1/then/who", "leaves out every location"),
        ("/rules/1", rule(json!({ "type": "ranks", "ranks": [{}, { "locations": ["reno"] }] })), "/rules/1/then/ranks/0", "later ranks never matter"),
        ("/terms/0/ordersADay", json!(0), "/terms/0/ordersADay", "no order is ever routed here"),
        ("/terms/0", json!({ "onlyTags": ["frozen"], "neverTags": ["frozen"] }), "/terms/0/neverTags", "`neverTags` wins"),
        ("/services/0/prices/near", json!([900, 500]), "/services/0/prices/near/1", "below the 900"),
        ("/services/0/prices", json!({ "near": [500, 900] }), "/services/0/prices", "does not go there"),
    ];
    for (pointer, value, path, message) in cases {
        let warnings = configured::<OrderRoutingPlugin>(with(pointer, value.clone())).warnings;
        assert_eq!(warnings.len(), 1, "{pointer} = {value}: {warnings:#?}");
        assert_eq!(warnings[0].path, path);
        assert!(warnings[0].message.contains(message), "{}", warnings[0]);
    }
    let mut settings = small();
    settings["rules"] = json!([
        { "name": "First", "then": { "type": "cancel" } },
        { "name": "Never", "then": { "type": "hold", "queue": "fraud" } },
    ]);
    let warnings = configured::<OrderRoutingPlugin>(settings.to_string()).warnings;
    assert!(warnings.len() == 1 && warnings[0].message.contains("gives every order up"), "{warnings:#?}");
}

#[test]
fn an_order_is_built_and_routed_in_a_few_words() {
    use cartwright_sdk::order_routing::OrderRouting;
    use cartwright_sdk::testing::item;
    use cartwright_sdk::testing::order_routing::{order, shipment, warehouse};
    let plugin: OrderRoutingPlugin = configured(small().to_string()).plugin;
    let request = order()
        .line(item("MUG").weight(350).quantity(2))
        .line(item("BOWL").weight(600))
        .from(warehouse("reno", &[2, 1]).costs(500, &[30, 30]))
        .from(warehouse("ohio", &[9, 9]).costs(100, &[10, 10]).arrives("2026-12-20"))
        .promised("2026-11-30")
        .together(&[0, 1])
        .only(0, &["reno"])
        .request();
    let answer = plugin.run(&request, &[]).unwrap();
    assert_eq!(answer.check(&request), Ok(()));
    // 500 and 180 of the terms, three units, 1.3 kg to the zone of everywhere else.
    assert_eq!(shipment(&answer, "reno").lines.len(), 2);
    assert_eq!(answer.total, 680 + 90 + 1_400);
}

/// What the carrier of the test below bills, reckoned apart: pounds up, several parcels above 10 kg.
fn billed(grams: u64) -> i64 {
    // 0.01 mg, in which a pound is whole.
    const POUND: u64 = 45_359_237;
    let one = |grams: u64| {
        let mass = grams * 100_000;
        match mass.div_ceil(POUND) {
            0..=1 => 500,
            2 => 600,
            3..=5 => 900,
            _ => 900 + 70 * i64::try_from((mass - 5 * POUND).div_ceil(2 * POUND)).unwrap(),
        }
    };
    let full = (grams - 1) / 10_000;
    i64::try_from(full).unwrap() * one(10_000) + one(grams - full * 10_000)
}

#[test]
fn freight_is_what_the_rate_says_at_every_weight() {
    use cartwright_sdk::order_routing::{CostKind, OrderRouting};
    use cartwright_sdk::testing::item;
    use cartwright_sdk::testing::order_routing::{order, shipment, warehouse};
    let mut settings = small();
    settings["penalties"]["backorder"] = json!(1_000_000);
    settings["services"][0] = json!({
        "id": "ground", "zones": ["near"], "otherwise": "near", "upTo": [1, 2, 5], "upToUnit": "pounds",
        "prices": { "near": [500, 600, 900] }, "beyond": { "step": 2, "prices": { "near": 70 } }, "heaviestParcel": 10_000
    });
    let plugin: OrderRoutingPlugin = configured(settings.to_string()).plugin;
    let edges = [1, 453, 454, 907, 908, 2_267, 2_268, 3_175, 3_176, 9_999, 10_000, 10_001, 20_453, 20_454, 200_000];
    for grams in edges.into_iter().chain((1..200_000).step_by(6_991)) {
        let request = order().line(item("MUG").weight(grams)).from(warehouse("reno", &[1])).request();
        let answer = plugin.run(&request, &[]).unwrap();
        let freight = shipment(&answer, "reno").costs.iter().find(|cost| cost.kind == CostKind::Freight).unwrap();
        assert_eq!(freight.amount, billed(u64::from(grams)), "{grams} g");
        assert_eq!(answer.bound, answer.total);
    }
    // More than 20 parcels are not carried.
    let request = order().line(item("MUG").weight(200_001)).from(warehouse("reno", &[1])).request();
    assert!(plugin.run(&request, &[]).unwrap().shipments.is_empty());
}
