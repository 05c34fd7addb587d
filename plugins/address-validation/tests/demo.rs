//! The demo shop: its settings are right, and its example addresses get the answers that are looked at here.

use address_validation::AddressValidationPlugin;
use cartwright_contract::validate::Validate;
use cartwright_sdk::address_validation::*;
use cartwright_sdk::testing::{configured, manifest, schema};
use serde_json::Value;
use std::sync::LazyLock;

const SETTINGS: &str = include_str!("../../../xtask/demo/shops/demo/address-validation.json");

static PLUGIN: LazyLock<AddressValidationPlugin> = LazyLock::new(|| configured(SETTINGS).plugin);

/// What a shopper and a packer would look at.
fn overview(request: &str) -> String {
    let request: Request = serde_json::from_str(request).unwrap();
    assert_eq!(request.validate(), Ok(()));
    let answer = PLUGIN.run(&request, &[]).unwrap();
    assert_eq!(answer.check(&request), Ok(()));
    let mut lines = vec![format!("{:?}", answer.verdict)];
    lines.extend(answer.label.iter().map(|line| format!("  {line}")));
    let fields = answer.fields.iter().map(|result| format!("{:?} {:?}", result.field, result.status));
    lines.push(fields.collect::<Vec<_>>().join(", "));
    lines.push(format!("PO box {}, military {}", answer.po_box, answer.military));
    for issue in &answer.issues {
        let line = issue.line.map(|line| format!(" {line}")).unwrap_or_default();
        let suggestion = issue.suggestion.as_ref().map(|text| {
            let done = if issue.applied { "applied" } else { "suggested" };
            format!(" [{done}: {text}, {} ppm]", issue.confidence)
        });
        let (field, severity, code, message) = (issue.field, issue.severity, &issue.code, &issue.message);
        lines.push(format!("{severity:?} {field:?}{line} {code}: {message}{}", suggestion.unwrap_or_default()));
    }
    let reason = &answer.reasons[0];
    lines.push(format!("{}: {}", reason.code, reason.message));
    lines.join("\n")
}

macro_rules! example {
    ($name:ident, $file:literal) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(overview(include_str!(concat!("../../../xtask/demo/orders/", $file, ".json"))));
        }
    };
}

example!(the_tent_goes_to_a_misspelled_portland, "address-validation");
example!(a_military_box, "address-validation-military");
example!(a_box_in_the_wrong_state, "address-validation-wrong-state");
example!(a_street_in_berlin_without_a_number, "address-validation-berlin");
example!(a_japanese_address_in_japanese, "address-validation-tokyo");
example!(a_canadian_address_in_french, "address-validation-montreal");
example!(a_box_in_a_misspelled_emirate, "address-validation-dubai");

#[test]
fn the_demo_settings_have_neither_issues_nor_warnings() {
    let warnings = configured::<AddressValidationPlugin>(SETTINGS).warnings;
    assert!(warnings.is_empty(), "{warnings:#?}");
}

#[test]
fn every_zip_code_of_the_list_is_deliverable_in_its_own_city() {
    let settings: Value = serde_json::from_str(SETTINGS).unwrap();
    let (mut asked, mut contradicted) = (0, 0);
    for (state, cities) in settings["localities"]["US"]["cities"].as_object().unwrap() {
        for (city, codes) in cities.as_object().unwrap() {
            let code = &codes.as_str().unwrap()[..5];
            let request = cartwright_sdk::testing::address_validation::validate("US")
                .line("1 Main St")
                .city(city)
                .subdivision(state)
                .postal_code(code)
                .request();
            let answer = PLUGIN.run(&request, &[]).unwrap();
            asked += 1;
            assert_eq!(answer.corrected.city.as_ref(), Some(city), "{state} {code}");
            // Some ZIP codes reach across a state line; the table of prefixes does not know of them.
            contradicted += u32::from(answer.verdict == Verdict::Undeliverable);
        }
    }
    assert!(asked > 29_000 && contradicted * 1_000 < asked, "{contradicted} of {asked}");
}

#[test]
fn the_same_address_gets_the_same_answer() {
    let request = include_str!("../../../xtask/demo/orders/address-validation.json");
    let first = overview(request);
    for _ in 0..20 {
        assert_eq!(overview(request), first);
    }
}

#[test]
fn the_plugin_asks_for_what_stands_on_the_label_and_calls_the_host_of_its_settings() {
    let manifest: Value = serde_json::from_str(&manifest::<AddressValidationPlugin>()).unwrap();
    assert_eq!(manifest["sees"], serde_json::json!(["address.lines", "address.name", "address.phone"]));
    assert_eq!(manifest["calls"], serde_json::json!(["settings:/service/host"]));
    assert_eq!(manifest["hooks"], serde_json::json!(["address-validation", "address-validation-plan"]));
}

#[test]
fn the_schema_says_what_every_field_is() {
    fn described(schema: &Value, at: &str) {
        if let Some(fields) = schema["properties"].as_object() {
            for (name, field) in fields {
                assert!(field["description"].is_string(), "{at}/{name} has no description");
                described(field, &format!("{at}/{name}"));
            }
        }
        for inner in ["items", "additionalProperties"] {
            if schema[inner].is_object() {
                described(&schema[inner], &format!("{at}/{inner}"));
            }
        }
    }
    described(&serde_json::from_str(&schema::<AddressValidationPlugin>()).unwrap(), "");
}
