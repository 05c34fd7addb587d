//! What settings get that are wrong or odd: field, value and remedy.

use address_validation::AddressValidationPlugin;
use cartwright_sdk::settings;
use cartwright_sdk::testing::{configured, issues};
use serde_json::{Value, json};

fn small() -> Value {
    json!({
        "countries": ["US", "CA", "DE"],
        "shipsFrom": "US",
        "localities": { "US": { "source": "a test", "cities": { "OR": { "Portland": "97201-97233 97236", "Bend": "" } } } },
        "service": {
            "host": "validate.example.com", "path": "/v1/check", "headers": { "Authorization": "Bearer {{secret:ADDRESS_KEY}}" },
            "countries": ["US"]
        }
    })
}

/// The small settings with one value replaced or added.
fn with(pointer: &str, value: Value) -> String {
    let mut settings = small();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match settings.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.insert(name.replace("~1", "/"), value)),
        Value::Array(elements) => match name.parse::<usize>() {
            Ok(index) if index < elements.len() => elements[index] = value,
            _ => elements.push(value),
        },
        other => panic!("{parent} is {other}"),
    }
    settings.to_string()
}

#[test]
fn the_small_settings_and_none_at_all_are_right() {
    for settings in [small().to_string(), "{}".into()] {
        let warnings = configured::<AddressValidationPlugin>(settings).warnings;
        assert!(warnings.is_empty(), "{warnings:#?}");
    }
}

#[test]
fn every_issue_names_field_value_and_remedy() {
    #[rustfmt::skip]
    let cases = [
        ("/countries/1", json!("USA"), "", "USA", "no country with address rules", "\"US\""),
        ("/countries/1", json!("XX"), "", "XX", "no country with address rules", "ISO 3166-1"),
        ("/shipsFrom", json!("us"), "", "us", "no country with address rules", "upper case"),
        ("/strictness", json!("hard"), "", "hard", "", "strict"),
        ("/applyFromPpm", json!(90), "", "90", "must be from 500000", "1000000"),
        ("/suggestFromPpm", json!(950_000), "", "950000", "before they are suggested", "applyFromPpm"),
        ("/longestLine", json!(5), "", "5", "must be from 20", "200"),
        ("/needed", json!(["nickname"]), "/needed/0", "nickname", "", "phone"),
        ("/localities/FR", json!({ "source": "a test", "cities": {} }), "", "FR", "not among the countries", "add it to `countries`"),
        ("/localities/US/source", json!(""), "", "", "", "1"),
        ("/localities/US/cities/OR", json!(["Portland"]), "", "Portland", "expected an object", "postal codes"),
        ("/localities/US/cities/OR/Bend", json!(97_701), "", "97701", "expected a string", "postal codes"),
        ("/localities/US/cities/OR/Bend", json!("977#1"), "", "977#1", "is no postal code", "blanks between them"),
        ("/localities/US/cities/OR/Bend", json!("97709-97701"), "", "97709-97701", "is no range", "the lower first"),
        ("/localities/US/cities/OR/...", json!(""), "", "", "is no city's name", "as people write it"),
        ("/service/host", json!("https://validate.example.com"), "", "https://", "is no host", "validate.example.com"),
        ("/service/host", json!("a b"), "", "a b", "is no host", "port"),
        ("/service/host", json!("example.com:0"), "", ":0", "is no host", "port"),
        ("/service/path", json!("v1"), "", "v1", "is no path", "slash"),
        ("/service/path", json!("/v1 check"), "", "/v1 check", "is no path", "blanks"),
        ("/service/headers/X Key", json!("{{secret:K}}"), "", "X Key", "no name of a header", "hyphens"),
        ("/service/headers/X-A", json!("a\nb"), "", "a\\nb", "cannot stand in a header", "ASCII"),
        ("/service/timeout", json!(60_000), "", "60000", "must be from 50", "10000"),
        ("/service/countries/0", json!("xx"), "", "xx", "no country with address rules", "\"US\""),
        ("/service/url", json!("x"), "", "x", "is not a known field", "host"),
    ];
    for (pointer, value, path, shown, message, remedy) in cases {
        let all = issues::<AddressValidationPlugin>(with(pointer, value.clone()));
        let context = format!("{pointer} = {value}: {all:#?}");
        assert_eq!(all.len(), 1, "{context}");
        assert_eq!(all[0].path, if path.is_empty() { pointer } else { path }, "{context}");
        assert!(all[0].value.contains(shown), "value of {context}");
        assert!(all[0].message.contains(message), "message of {context}");
        assert!(all[0].remedy.contains(remedy), "remedy of {context}");
    }
}

#[test]
fn all_issues_are_told_at_once() {
    let mut settings = small();
    settings["countries"][1] = json!("USA");
    settings["suggestFromPpm"] = json!(950_000);
    settings["service"]["host"] = json!("");
    settings["service"]["host"] = json!("-");
    let paths: Vec<_> =
        issues::<AddressValidationPlugin>(settings.to_string()).into_iter().map(|issue| issue.path).collect();
    assert_eq!(paths, ["/countries/1", "/suggestFromPpm", "/service/host"]);
}

#[test]
fn what_is_odd_is_a_warning() {
    #[rustfmt::skip]
    let cases = [
        ("/countries/3", json!("US"), "/countries/3", "there already"),
        ("/applyFromPpm", json!(650_000), "/applyFromPpm", "wrong too often"),
        ("/localities/US/cities/XX", json!({ "Nowhere": "" }), "/localities/US/cities/XX", "never looked at"),
        ("/localities/US/cities/*", json!({ "Nowhere": "" }), "/localities/US/cities/*", "never looked at"),
        ("/localities/DE", json!({ "source": "a test", "cities": {} }), "/localities/DE/cities", "no city"),
        ("/service/headers/X-Api-Key", json!("abc123"), "/service/headers/X-Api-Key", "looks like a secret"),
        ("/service/insecure", json!(true), "/service/insecure", "can read them"),
        ("/service/countries/1", json!("FR"), "/service/countries/1", "never asked"),
    ];
    for (pointer, value, path, message) in cases {
        let warnings = configured::<AddressValidationPlugin>(with(pointer, value.clone())).warnings;
        assert_eq!(warnings.len(), 1, "{pointer} = {value}: {warnings:#?}");
        assert_eq!(warnings[0].path, path);
        assert!(warnings[0].message.contains(message), "{}", warnings[0]);
        assert!(!warnings[0].value.contains("abc123"), "a secret is not repeated");
    }
    let only_germany = json!({ "countries": ["DE"], "abbreviateStreets": true }).to_string();
    assert_eq!(configured::<AddressValidationPlugin>(only_germany).warnings[0].path, "/abbreviateStreets");
}

#[test]
fn hosts_in_every_form_are_taken() {
    for host in ["localhost", "127.0.0.1:8080", "[::1]:8080", "[2001:db8::1]", "a-b.example.com:443"] {
        configured::<AddressValidationPlugin>(with("/service/host", json!(host)));
    }
}

#[test]
fn cut_and_foreign_documents_are_refused() {
    let whole = small().to_string();
    for end in (0..whole.len()).step_by(5) {
        assert!(settings::configure::<AddressValidationPlugin>(&whole[..end]).is_err());
    }
    for text in ["[]", "null", "3", &"[".repeat(100_000)] {
        assert!(settings::configure::<AddressValidationPlugin>(text).is_err());
    }
}

#[test]
fn a_wrong_column_of_thirty_thousand_cities_is_told_in_a_hundred_and_one_issues() {
    let cities: serde_json::Map<_, _> = (0..30_000).map(|n| (format!("City {n}"), json!("9720?"))).collect();
    let all = issues::<AddressValidationPlugin>(with("/localities/US/cities/OR", Value::Object(cities)));
    assert_eq!((all.len(), &*all[100].message), (101, "29900 more issues are not shown"));
}

#[test]
fn the_examples_of_the_readme_are_right() {
    let readme = include_str!("../README.md");
    let example = readme.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
    assert!(configured::<AddressValidationPlugin>(example).warnings.is_empty());
}
