//! What settings get that are wrong or odd: field, value and remedy.

use cartwright_sdk::prelude::*;
use cartwright_sdk::return_policy::*;
use cartwright_sdk::settings;
use cartwright_sdk::testing::return_policy::{back, decision, order, reason_codes};
use cartwright_sdk::testing::{configured, issues, item};
use return_policy::ReturnPolicyPlugin;
use serde_json::{Value, json};

/// A small shop with one of everything.
fn small() -> Value {
    let grade = |disposition: &str, refund: u32, to: &[&str]| json!({ "disposition": disposition, "refundPpm": refund, "to": to });
    json!({
        "currency": "USD",
        "timeZone": "America/New_York",
        "overrides": { "finalSale": { "tags": ["final-sale"], "exceptReasons": ["DEFECTIVE"] } },
        "terms": {
            "standard": {
                "window": { "length": "30 days" },
                "remedies": [
                    { "remedy": "storeCredit", "window": { "length": "60 days" }, "bonusPpm": 50_000 },
                    { "remedy": "refund", "restocking": { "sharePpm": 100_000, "minimum": 100, "maximum": 900 } }
                ]
            },
            "shoes": { "like": "standard", "label": "merchant" }
        },
        "rules": [
            { "id": "shoes", "when": { "tags": ["category:shoes"], "reasons": ["TOO_SMALL"], "countries": ["US"] }, "terms": "shoes" },
            { "id": "standard", "terms": "standard" }
        ],
        "extensions": [{ "from": "11-01", "to": "12-25", "until": "01-31" }],
        "reasons": { "TOO_SMALL": "shopper", "DEFECTIVE": "merchant" },
        "grades": {
            "a": grade("restock", 1_000_000, &["warehouse"]),
            "b": grade("refurbish", 800_000, &["warehouse"]),
            "c": grade("recycle", 400_000, &["warehouse"]),
            "d": grade("dispose", 0, &["warehouse"])
        },
        "expectedGrades": [{ "condition": "worn", "grade": "b" }],
        "serialReturners": { "limits": [{ "ratePpm": 500_000, "leastBought": 10 }, { "ratePpm": 900_000, "outcome": "decline" }] },
        "destinations": [{ "id": "dock", "kind": "warehouse", "country": "US", "coordinates": "39.66,-119.88", "freight": { "perParcel": 500 } }],
        "labels": { "fee": { "type": "weight", "upTo": [1000, 5000], "amounts": [500, 900] } },
        "deadlines": { "receiveWithin": 30, "transitGrace": 14 }
    })
}

/// The small shop with one value replaced or added, or taken out with `null`.
fn with(pointer: &str, value: Value) -> String {
    let mut settings = small();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match settings.pointer_mut(parent).unwrap() {
        Value::Object(members) if value.is_null() => drop(members.remove(name).unwrap()),
        Value::Object(members) => drop(members.insert(name.into(), value)),
        Value::Array(elements) => match name.parse::<usize>() {
            Ok(index) if index < elements.len() => elements[index] = value,
            _ => elements.push(value),
        },
        other => panic!("{parent} is {other}"),
    }
    settings.to_string()
}

fn shoes() -> Request {
    order()
        .line(item("SHOES").price(5_000).tag("category:shoes"))
        .back(back(0, 1).reason("TOO_SMALL").condition(Condition::Unopened))
        .request()
}

#[test]
fn the_small_shop_is_right_and_terms_take_what_they_leave_out_from_others() {
    let configured = configured::<ReturnPolicyPlugin>(small().to_string());
    assert!(configured.warnings.is_empty(), "{:#?}", configured.warnings);
    let answer = configured.plugin.run(&shoes(), &[]).unwrap();
    let shoes = decision(&answer, 0);
    // 10 % of 50.00, and no label fee, as `shoes` says.
    assert_eq!((shoes.refund, &shoes.rules[..]), (4_500, &["shoes".to_string()][..]));
    assert_eq!(reason_codes(shoes), ["WINDOW_EXTENDED", "RESTOCKING_FEE"]);
    assert_eq!(answer.labels[0].paid_by, Payer::Merchant);
}

#[test]
fn each_bad_value_is_told_with_field_value_and_remedy() {
    // Field, what stands there, the issue's path when it is another, a part of its value, of its message and of its remedy.
    #[rustfmt::skip]
    let cases = [
        ("/currency", json!("usd"), "", "usd", "is not a currency code", "upper case"),
        ("/timeZone", json!("Eastern"), "", "Eastern", "is not a time zone", "IANA"),
        ("/terms/shoes/like", json!("boots"), "", "boots", "is not a known set of terms", "`shoes`, `standard`"),
        ("/terms/standard/like", json!("shoes"), "/terms/shoes/like", "standard", "`shoes` is like `standard` is like `shoes`", "none of the others"),
        ("/terms/standard/like", json!("standard"), "", "standard", "is a circle", "none of the others"),
        ("/terms/standard/window", json!({ "length": "a month" }), "/terms/standard/window/length", "a month", "is not a length of time", "30 days"),
        ("/terms/standard/window", json!({ "length": "-3 days" }), "/terms/standard/window/length", "-3 days", "is not a length of time", "30 days"),
        ("/terms/other", json!({ "remedies": [] }), "/terms/other/remedies", "[]", "nothing that the shopper may have", "decline"),
        ("/terms/other", json!({ "remedies": [{ "remedy": "refund" }, { "remedy": "refund" }] }), "/terms/other/remedies/1/remedy", "Refund", "is remedy 0 already", "once"),
        ("/terms/other", json!({ "restocking": { "minimum": 900, "maximum": 100 } }), "/terms/other/restocking/maximum", "100", "below the minimum of 900", "not below"),
        ("/terms/other", json!({ "restocking": { "sharePpm": 1_000_001 } }), "/terms/other/restocking/sharePpm", "1000001", "must be", "1000000"),
        ("/terms/other", json!({ "restocking": { "perUnit": -1 } }), "/terms/other/restocking/perUnit", "-1", "must be from 0", "from 0"),
        ("/terms/other", json!({ "remedies": [{ "remedy": "gift" }] }), "/terms/other/remedies/0/remedy", "gift", "", "refund"),
        ("/rules/0/terms", json!("vip"), "", "vip", "is not a known set of terms", "`shoes`"),
        ("/rules/1/id", json!("shoes"), "", "shoes", "is the id of entry 0", "id of its own"),
        ("/rules/0/when/reasons/0", json!("WHIM"), "", "WHIM", "is not a known reason", "`DEFECTIVE`"),
        ("/rules/0/when/countries/0", json!("USA"), "", "USA", "is not a country", "two capital letters"),
        ("/otherwise", json!("nothing"), "", "nothing", "is not a known set of terms", "`standard`"),
        ("/rules", json!([]), "", "[]", "nothing may come back", "otherwise"),
        ("/overrides/finalSale/exceptReasons/0", json!("WHIM"), "", "WHIM", "is not a known reason", "`DEFECTIVE`"),
        ("/overrides/hazardous", json!({ "outcome": "approve" }), "/overrides/hazardous/outcome", "approve", "is no exception", "leave the override out"),
        ("/overrides/hygiene", json!({ "tags": [] }), "/overrides/hygiene/tags", "[]", "at least 1 element", "at least 1"),
        ("/extensions/0/to", json!("13-25"), "", "13-25", "is in no year", "correct this date"),
        ("/extensions/0/until", json!("31 January"), "", "31 January", "is not a month and a day", "12-25"),
        ("/reasons/LATE", json!("carrier"), "", "carrier", "", "merchant"),
        ("/grades/a/disposition", json!("sell"), "", "sell", "", "restock"),
        ("/grades/c", Value::Null, "", "nothing", "is required", "add the field `c`"),
        ("/grades/b/to/0", json!("space"), "", "space", "", "warehouse"),
        ("/expectedGrades/1", json!({ "condition": "worn", "grade": "c" }), "/expectedGrades/1/condition", "Worn", "has a grade already", "once"),
        ("/approval", json!({ "reasons": ["WHIM"] }), "/approval/reasons/0", "WHIM", "is not a known reason", "`TOO_SMALL`"),
        ("/serialReturners/limits/0", json!({}), "", "{}", "is no limit", "`ratePpm`"),
        ("/serialReturners/limits/0/outcome", json!("approve"), "", "approve", "is no outcome", "`review`"),
        ("/destinations/1", json!({ "id": "dock", "kind": "store", "country": "US" }), "/destinations/1/id", "dock", "is the id of entry 0", "id of its own"),
        ("/destinations/0/country", json!("us"), "", "us", "is not a country", "capital"),
        ("/destinations/0/kind", json!("moon"), "", "moon", "", "warehouse"),
        ("/destinations/0/coordinates", json!("north"), "", "north", "latitude and longitude", "39.6600"),
        ("/labels/fee/amounts", json!([500]), "", "1", "1 amounts for 2 steps", "one amount for each"),
        ("/labels/fee/upTo/1", json!(1000), "", "1000", "not above the step", "ascending"),
        ("/deadlines/receiveWithin", json!(0), "", "0", "must be", "1"),
    ];
    for (pointer, value, path, shown, message, remedy) in cases {
        let all = issues::<ReturnPolicyPlugin>(with(pointer, value.clone()));
        let context = format!("{pointer} = {value}: {all:#?}");
        assert_eq!(all.len(), 1, "{context}");
        let issue = &all[0];
        assert_eq!(issue.path, if path.is_empty() { pointer } else { path }, "{context}");
        assert!(issue.value.contains(shown), "value of {context}");
        assert!(issue.message.contains(message), "message of {context}");
        assert!(issue.remedy.contains(remedy), "remedy of {context}");
    }
}

#[test]
fn all_issues_are_told_at_once() {
    let mut settings = small();
    settings["timeZone"] = json!("Eastern");
    settings["rules"][1]["terms"] = json!("vip");
    settings["destinations"][0]["country"] = json!("us");
    let paths: Vec<_> = issues::<ReturnPolicyPlugin>(settings.to_string()).into_iter().map(|i| i.path).collect();
    assert_eq!(paths, ["/timeZone", "/rules/1/terms", "/destinations/0/country"]);
}

#[test]
fn a_circle_of_three_is_told_once() {
    let mut settings = small();
    settings["terms"]["a"] = json!({ "like": "b" });
    settings["terms"]["b"] = json!({ "like": "c" });
    settings["terms"]["c"] = json!({ "like": "a" });
    settings["terms"]["outside"] = json!({ "like": "b" });
    let all = issues::<ReturnPolicyPlugin>(settings.to_string());
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(
        (all[0].path.as_str(), all[0].message.as_str()),
        ("/terms/a/like", "is a circle: `a` is like `b` is like `c` is like `a`")
    );
}

#[test]
fn what_is_odd_is_a_warning() {
    #[rustfmt::skip]
    let cases = [
        ("/rules/2", json!({ "id": "late", "when": { "channels": ["web"] }, "terms": "shoes" }), "/rules/2/when", "can never match: rule 1, `standard`"),
        ("/rules/0/when/leastPrice", json!(10), "", ""),
        ("/rules/0/when", json!({ "leastPrice": 10, "mostPrice": 9 }), "/rules/0/when", "can never match: what it asks for"),
        ("/rules/0/when/withoutTags", json!(["category:shoes"]), "/rules/0/when", "can never match: what it asks for"),
        ("/terms/standard/remedies/0/window", json!({ "length": "10 days" }), "/terms/standard/remedies/0/window", "windows are out of order"),
        ("/extensions/0/until", json!("12-26"), "/extensions/0/until", "later last day without it"),
        ("/terms/standard/remedies/1/bonusPpm", json!(5), "/terms/standard/remedies/1/bonusPpm", "only store credit"),
        ("/terms/standard/remedies/1/sharePpm", json!(5), "/terms/standard/remedies/1/sharePpm", "only `keepItem`"),
        ("/grades/c/refundPpm", json!(900_000), "/grades/c/refundPpm", "out of order"),
        ("/grades/c/to", json!(["refurbisher"]), "/grades/c/to", "none of `destinations`"),
        ("/serialReturners/limits/1/ratePpm", json!(400_000), "/serialReturners/limits/1", "out of order"),
        ("/destinations/1", json!({ "id": "acme", "kind": "supplier", "country": "US" }), "/destinations/1/locations", "supplier without locations"),
        ("/destinations/1", json!({ "id": "x", "kind": "store", "country": "US", "freight": { "perKilogramAnd100Km": 1 } }), "/destinations/1/freight/perKilogramAnd100Km", "nobody knows where"),
        ("/labels/fee/amounts", json!([900, 500]), "/labels/fee/amounts/1", "thresholds are out of order"),
        ("/deadlines/receiveWithin", Value::Null, "/deadlines/transitGrace", "no effect without `receiveWithin`"),
    ];
    for (pointer, value, path, message) in cases {
        let mut warnings = configured::<ReturnPolicyPlugin>(with(pointer, value.clone())).warnings;
        // Terms that are like others repeat what is odd in them.
        warnings.retain(|warning| !warning.path.starts_with("/terms/shoes/"));
        assert_eq!(warnings.len(), usize::from(!path.is_empty()), "{pointer} = {value}: {warnings:#?}");
        for warning in &warnings {
            assert_eq!(warning.path, path);
            assert!(warning.message.contains(message), "{warning}");
        }
    }
}

#[test]
fn with_the_strictest_of_all_rules_none_is_hidden_by_another() {
    let mut settings = small();
    settings["combine"] = json!("mostRestrictive");
    settings["rules"].as_array_mut().unwrap().reverse();
    let configured = configured::<ReturnPolicyPlugin>(settings.to_string());
    assert!(configured.warnings.is_empty(), "{:#?}", configured.warnings);
    let answer = configured.plugin.run(&shoes(), &[]).unwrap();
    assert_eq!(decision(&answer, 0).rules, ["shoes", "standard"]);
}

#[test]
fn cut_and_foreign_documents_are_refused() {
    let whole = small().to_string();
    for end in (0..whole.len()).step_by(7) {
        assert!(settings::configure::<ReturnPolicyPlugin>(&whole[..end]).is_err());
    }
    for text in ["[]", "null", "3", &"[".repeat(100_000)] {
        assert!(settings::configure::<ReturnPolicyPlugin>(text).is_err());
    }
}

#[test]
fn the_example_of_the_readme_is_right() {
    let readme = include_str!("../README.md");
    let example = readme.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
    let warnings = configured::<ReturnPolicyPlugin>(example).warnings;
    assert!(warnings.is_empty(), "{warnings:#?}");
}
