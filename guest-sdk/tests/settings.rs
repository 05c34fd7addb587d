//! What `#[derive(Settings)]` reads, refuses and describes.

use cartwright_sdk::prelude::*;

use cartwright_sdk::testing::{configure, issues, schema};

/// Everything that a merchant may say.
///
/// A second paragraph, with "quotes".
#[derive(Debug, PartialEq, Settings)]
#[settings(title = "Shop")]
struct Shop {
    /// Price of a started kilogram,
    /// tax not included.
    #[setting(minimum = 0, maximum = 100_000, unit = "minor-units")]
    price_per_kilogram: i64,
    #[setting(default = 139, minimum = 1)]
    divisor: u32,
    #[setting(default = "Parcel", min_length = 1, max_length = 8, pattern = "^[A-Z]", title = "Name")]
    name: String,
    #[setting(default)]
    active: bool,
    #[setting(min_items = 1)]
    zones: Vec<Zone>,
    note: Option<String>,
    #[setting(default)]
    extra: BTreeMap<String, Share>,
    #[setting(rename = "roundTo", default = Rounding::Up)]
    rounding: Rounding,
    free: Option<Free>,
    opens: Option<Time>,
}

#[derive(Debug, PartialEq, Settings)]
struct Zone {
    name: String,
    prefixes: Vec<String>,
}

/// Millionths of the whole.
#[derive(Debug, PartialEq, Settings)]
struct Share(#[setting(maximum = 1_000_000)] u32);

#[derive(Debug, PartialEq, Settings)]
enum Rounding {
    Up,
    HalfEven,
}

#[derive(Debug, PartialEq, Settings)]
enum Free {
    /// From this value on.
    Above {
        minor_units: i64,
    },
    Always {},
    Never,
}

#[derive(Debug, PartialEq)]
struct Time(u32);

impl core::str::FromStr for Time {
    type Err = core::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.replace(':', "").parse().map(Self)
    }
}

cartwright_sdk::text_setting!(Time, format: "time", expects: "a time of day such as 16:30");

const LEAST: &str = r#"{ "pricePerKilogram": 250, "zones": [{ "name": "A", "prefixes": ["941"] }] }"#;

fn found(json: &str) -> Vec<String> {
    issues::<Shop>(json).iter().map(ToString::to_string).collect()
}

#[test]
fn fields_that_may_be_left_out_take_their_defaults() {
    let shop: Shop = configure(LEAST);
    let zone = Zone { name: "A".into(), prefixes: vec!["941".into()] };
    assert_eq!(
        shop,
        Shop {
            price_per_kilogram: 250,
            divisor: 139,
            name: "Parcel".into(),
            active: false,
            zones: vec![zone],
            note: None,
            extra: BTreeMap::new(),
            rounding: Rounding::Up,
            free: None,
            opens: None,
        }
    );
}

#[test]
fn every_kind_of_value_is_read() {
    let shop: Shop = configure(
        r#" { "pricePerKilogram": 0, "divisor": 5000, "name": "\u00dc\"\ud83d\ude00", "active": true, "zones": [{"prefixes":[],"name":""}],
        "note": "a\\b\/c\n", "extra": { "fuel": 125000 }, "roundTo": "halfEven", "free": { "minorUnits": 5000, "type": "above" }, "opens": "16:30" } "#,
    );
    assert_eq!(shop.name, "Ü\"😀");
    assert_eq!(shop.note.as_deref(), Some("a\\b/c\n"));
    assert_eq!(shop.extra, BTreeMap::from([("fuel".to_string(), Share(125_000))]));
    assert_eq!(
        (shop.rounding, shop.free, shop.opens),
        (Rounding::HalfEven, Some(Free::Above { minor_units: 5_000 }), Some(Time(1_630)))
    );
    let never: Shop = configure(LEAST.replacen('{', r#"{ "free": { "type": "never" },"#, 1));
    assert_eq!(never.free, Some(Free::Never));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_path_value_and_remedy() {
    assert_eq!(
        found(
            r#"{ "pricePerKilogram": -1, "divisor": 0, "name": "Much too long", "zones": [{ "name": 7 }, []], "nme": 1,
            "extra": { "a/b~c": 1000001 }, "roundTo": "half-even", "free": { "type": "above", "minorUnits": 1.5 }, "opens": "late", "note": null }"#
        ),
        [
            "/pricePerKilogram: must be from 0 to 100000 (found -1); give a number that is from 0 to 100000",
            "/divisor: must be 1 or more (found 0); give a number that is 1 or more",
            "/name: must have at most 8 characters, has 13 (found \"Much too long\"); give at most 8 characters",
            "/zones/0/name: expected a string, found a number (found 7); write a string",
            "/zones/0/prefixes: is required (found nothing); add the field `prefixes`",
            "/zones/1: expected an object, found a list (found []); write an object",
            "/nme: is not a known field (found 1); did you mean `name`? Otherwise remove it",
            "/extra/a~1b~0c: must be at most 1000000 (found 1000001); give a number that is at most 1000000",
            "/roundTo: is not a known choice (found \"half-even\"); did you mean `halfEven`?",
            "/free/minorUnits: expected a whole number (found 1.5); write it without fraction and exponent, in the field's unit",
            "/opens: is not a time of day such as 16:30 (found \"late\"); write a time of day such as 16:30",
            "/note: expected a string, found null (found null); give a value, or leave an optional field out",
        ]
    );
}

#[test]
fn a_missing_field_and_an_unknown_case_name_what_there_is() {
    assert_eq!(
        found(r#"{ "zones": [], "free": {}, "roundTo": "down" }"#),
        [
            "/zones: must have at least 1 element, has 0 (found []); give at least 1 element",
            "/free/type: is required (found nothing); add the field `type` with one of `above`, `always`, `never`",
            "/roundTo: is not a known choice (found \"down\"); use one of `up`, `halfEven`",
            "/pricePerKilogram: is required (found nothing); add the field `pricePerKilogram`",
        ]
    );
}

#[test]
fn a_number_that_its_type_cannot_hold_is_refused() {
    let json = LEAST.replacen('{', r#"{ "divisor": 4294967296,"#, 1);
    assert_eq!(
        found(&json),
        ["/divisor: must be from 0 to 4294967295 (found 4294967296); give a whole number from 0 to 4294967295"]
    );
    let huge = "9".repeat(60);
    let issues = issues::<Shop>(LEAST.replacen("250", &huge, 1));
    assert_eq!((issues[0].path.as_str(), issues[0].value.as_str()), ("/pricePerKilogram", huge.as_str()));
}

#[test]
fn a_field_that_is_there_twice_is_refused() {
    let json = LEAST.replacen(
        '{',
        r#"{ "pricePerKilogram": 300, "extra": { "a": 1, "a": 2 }, "free": { "type": "never", "type": "always" },"#,
        1,
    );
    let twice = "is there twice (found";
    assert_eq!(
        found(&json),
        [
            format!("/extra/a: {twice} 2); keep one of the two"),
            format!("/free/type: {twice} \"always\"); keep one of the two"),
            format!("/pricePerKilogram: {twice} 250); keep one of the two")
        ]
    );
}

#[test]
fn what_is_no_json_is_told_with_line_and_column() {
    let cut = found("{\n  \"pricePerKilogram\": 250,\n  \"zö\" 1");
    assert_eq!(
        cut,
        ["/: not JSON at line 3, column 8: expected `:` after the name (found 1); correct the document at that place"]
    );
    let end = found("{ \"a\": [1, ");
    assert_eq!(
        end,
        [
            "/: not JSON at line 1, column 12: the document ends too early (found nothing); correct the document at that place"
        ]
    );
    assert!(found(&"[".repeat(100_000))[0].contains("more than 128 deep"));
}

#[test]
fn a_long_value_is_cut_and_a_long_list_of_issues_ends() {
    let long = issues::<Shop>(format!("{{ \"note\": {{ \"x\": \"{}\" }} }}", "ü".repeat(500)));
    assert_eq!(long[0].value.chars().count(), 201);
    let many = found(&format!("{{ \"pricePerKilogram\": 1, \"zones\": [{}1] }}", "1,".repeat(40_000)));
    assert_eq!(many.len(), 101);
    assert_eq!(many[100], "/: 39901 more issues are not shown (found nothing); correct these first");
}

#[test]
fn the_schema_says_what_the_reader_takes() {
    let schema: serde_json::Value = serde_json::from_str(&schema::<Shop>()).expect("the schema is JSON");
    let zone = serde_json::json!({
        "type": "object",
        "properties": { "name": { "type": "string" }, "prefixes": { "type": "array", "items": { "type": "string" } } },
        "required": ["name", "prefixes"],
        "additionalProperties": false,
    });
    let case = |name: &str| {
        serde_json::json!({
            "type": "object", "properties": { "type": { "const": name } }, "required": ["type"], "additionalProperties": false,
        })
    };
    let share = serde_json::json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000, "description": "Millionths of the whole." });
    let expected = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "pricePerKilogram": {
                "type": "integer", "minimum": 0, "maximum": 100_000, "x-unit": "minor-units",
                "description": "Price of a started kilogram, tax not included.",
            },
            "divisor": { "type": "integer", "minimum": 1, "maximum": 4_294_967_295_u32, "default": 139 },
            "name": {
                "type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[A-Z]", "default": "Parcel", "title": "Name",
            },
            "active": { "type": "boolean" },
            "zones": { "type": "array", "items": zone, "minItems": 1 },
            "note": { "type": "string" },
            "extra": { "type": "object", "additionalProperties": share },
            "roundTo": { "type": "string", "enum": ["up", "halfEven"] },
            "free": { "oneOf": [
                {
                    "type": "object", "description": "From this value on.",
                    "properties": { "type": { "const": "above" }, "minorUnits": { "type": "integer" } },
                    "required": ["type", "minorUnits"], "additionalProperties": false,
                },
                case("always"),
                case("never"),
            ] },
            "opens": { "type": "string", "format": "time" },
        },
        "required": ["pricePerKilogram", "zones"],
        "additionalProperties": false,
        "title": "Shop",
        "description": "Everything that a merchant may say.\n\nA second paragraph, with \"quotes\".",
    });
    assert_eq!(schema, expected);
}
