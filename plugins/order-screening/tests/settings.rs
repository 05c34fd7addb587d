//! What settings get that are wrong or odd: field, value and remedy.

use cartwright_sdk::order_screening::{AvsResult, OrderScreening, Verdict};
use cartwright_sdk::prelude::Issue;
use cartwright_sdk::testing::order_screening::order;
use cartwright_sdk::testing::{configure, configured, issues, item};
use order_screening::OrderScreeningPlugin;
use serde_json::{Value, json};

/// A small shop with one of everything.
fn small() -> Value {
    json!({
        "currency": "USD",
        "signals": {
            "normalOrderValue": 10000, "resaleableTags": ["watch"], "rushServices": ["air"],
            "disposableEmailDomains": ["mailinator.com"],
            "freightForwarders": [{ "country": "US", "postalCode": "19720", "line": "200 Forwarding Way" }]
        },
        "lists": {
            "allow": { "emails": ["friend@example.com"] },
            "block": { "ips": ["192.0.2.0/24"], "countries": ["KP"] },
            "review": { "phones": ["+1 503 555 0142"] }
        },
        "conditions": { "big": { "signal": "orderValue", "atLeast": 50000 } },
        "weights": [
            { "signal": "avsNoMatch", "points": 300 },
            { "signal": "ipDistance", "bands": [{ "above": 1_000_000, "points": 100 }, { "above": 100_000, "points": 40 }] }
        ],
        "rules": [
            { "code": "BIG", "message": "Big.", "when": { "all": [{ "condition": "big" }, { "signal": "newCustomer" }] },
              "then": { "type": "review" } },
            { "code": "PO", "message": "Box.", "when": { "signal": "poBox" }, "then": { "type": "points", "points": 50 } }
        ],
        "model": {
            "features": ["ipDistance"], "points": 100,
            "trees": [{
                "leftChildren": [1, -1, -1], "rightChildren": [2, -1, -1], "splitIndices": [0, 0, 0],
                "splitConditions": [500_000, -1_000_000, 1_000_000]
            }]
        },
        "thresholds": { "review": 200, "reject": 400 }
    })
}

/// The small shop with one value replaced, or taken out with `null`.
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

/// The only issue of these settings.
fn only(pointer: &str, value: Value) -> Issue {
    let mut all = issues::<OrderScreeningPlugin>(with(pointer, value));
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// The only warning of these settings.
fn warning(pointer: &str, value: Value) -> Issue {
    let mut all = configured::<OrderScreeningPlugin>(with(pointer, value)).warnings;
    assert_eq!(all.len(), 1, "{pointer}: {all:#?}");
    all.remove(0)
}

#[test]
fn the_small_shop_is_right_and_screens() {
    let configured = configured::<OrderScreeningPlugin>(small().to_string());
    assert!(configured.warnings.is_empty(), "{:#?}", configured.warnings);
    let request = order().line(item("MUG").price(1_299)).avs(AvsResult::NoMatch).request();
    let answer = configured.plugin.run(&request, &[]).unwrap();
    // 300 for the address, and 27 of 100 for odds of e^-1.
    assert_eq!((answer.verdict, answer.score), (Verdict::Review, 373));
}

#[test]
fn each_bad_value_is_told_with_field_value_and_remedy() {
    let rule = |when: Value| json!({ "code": "X", "message": "X.", "when": when, "then": { "type": "accept" } });
    let deep = (0..20).fold(json!({ "signal": "poBox" }), |inner, _| json!({ "not": inner }));
    // Field, what stands there, the issue's path when it is another, a part of its message and of its remedy.
    #[rustfmt::skip]
    let cases = [
        ("/currency", json!("usd"), "", "is not a currency code", "upper case"),
        ("/thresholds/review", json!(500), "", "above the threshold to reject, 400", "the lower score"),
        ("/thresholds/reject", json!(1001), "", "must be from 0 to 1000", "from 0 to 1000"),
        ("/signals/normalOrderValue", json!(0), "", "must be from 1", "from 1"),
        ("/signals/freightForwarders/0", json!({ "country": "US" }), "", "whole country", "postal code and line"),
        ("/signals/freightForwarders/0/line", json!("St."), "/signals/freightForwarders/0", "fewer than 4", "postal code and line"),
        ("/signals/freightForwarders/0/country", json!("us"), "", "is not a country code", "upper case"),
        ("/signals/disposableEmailDomains/0", json!("mailinator"), "", "is not a domain", "domains only"),
        ("/signals/rushServices/0", json!(""), "", "is empty", "remove"),
        ("/lists/allow/emails/0", json!("friend"), "", "is not an e-mail address", "correct or remove"),
        ("/lists/block/ips/0", json!("192.0.2.7/24"), "", "bits behind its prefix", "correct or remove"),
        ("/lists/block/ips/0", json!("192.0.2.300"), "", "is no IP address", "correct or remove"),
        ("/lists/block/ips/0", json!("0.0.0.0/0"), "", "is every address", "correct or remove"),
        ("/lists/block/countries/0", json!("Korea"), "", "ISO 3166-1", "correct or remove"),
        ("/lists/review/phones/0", json!("503 555 0142"), "", "international form", "correct or remove"),
        ("/lists/review/addresses", json!([{ "country": "US" }]), "/lists/review/addresses/0", "whole country", "postal code"),
        ("/conditions/big", json!({ "signal": "orderVaule", "above": 1 }), "/conditions/big/signal", "is not a known signal", "did you mean `orderValue`"),
        ("/conditions/big", json!({ "signal": "fraudiness", "above": 1 }), "/conditions/big/signal", "is not a known signal", "the plugin's guide"),
        ("/conditions/big", json!({ "signal": "poBox", "above": 1 }), "", "is true or false and cannot be asked for a number", "true or false"),
        ("/conditions/big", json!({ "signal": "quantity", "equals": "3" }), "", "is a number and cannot be asked for a text", "a number"),
        ("/conditions/big", json!({ "signal": "avs", "equals": "nomatch" }), "", "never \"nomatch\": it is one of `notChecked`", "can be"),
        ("/conditions/big", json!({ "signal": "ipCountry", "oneOf": ["usa"] }), "", "ISO 3166-1 alpha-2", "can be"),
        ("/conditions/big", json!({ "signal": "ipCountry", "oneOf": [] }), "", "nothing is asked", "can be"),
        ("/conditions/big", json!({ "signal": "quantity" }), "", "nothing is asked of the signal", "give `above`"),
        ("/conditions/big", json!({ "signal": "lineTags", "known": true }), "", "no tags are an empty list", "with `has`"),
        ("/conditions/big", json!({ "signal": "ipCountry", "sameAs": "quantity" }), "", "`quantity` is a number", "can be"),
        ("/conditions/big", json!({ "condition": "big" }), "", "leads back to itself: `big` uses `big`", "take one of these names out"),
        ("/conditions/big", json!({ "all": [] }), "/conditions/big/all", "has no conditions", "at least one"),
        ("/conditions/big", json!({}), "", "asks for nothing", "use one of `all`"),
        ("/conditions/big", json!({ "all": [{ "signal": "poBox" }], "any": [] }), "", "more members than one", "join conditions"),
        ("/conditions/big", json!({ "signal": "quantity", "abov": 3 }), "/conditions/big/abov", "is not a known field", "did you mean `above`"),
        ("/conditions/big", json!("poBox"), "", "expected a condition", "write a condition"),
        ("/conditions/big", deep, "/conditions/big/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not", "17th condition", "give the inner ones a name"),
        ("/weights/0/signal", json!("avsNomatch"), "", "is not a known signal", "did you mean `avsNoMatch`"),
        ("/weights/0/points", Value::Null, "/weights/0", "gives no points", "give `points`"),
        ("/weights/0/points", json!(1001), "", "must be from -1000 to 1000", "from -1000"),
        ("/weights/0", json!({ "signal": "ipDistance", "points": 10 }), "/weights/0/points", "neither true nor false", "give `bands`"),
        ("/weights/0", json!({ "signal": "lineTags", "points": 10 }), "/weights/0/signal", "is a list of tags", "write a rule"),
        ("/weights/1/bands/0", json!({ "above": 1, "known": true, "points": 1 }), "", "asks more than one thing", "give bounds"),
        ("/weights/1/bands/0", json!({ "points": 1 }), "", "nothing is asked", "give bounds"),
        ("/weights/2", json!({ "signal": "avsNoMatch", "points": 10 }), "/weights/2/signal", "has the weight 0 already", "one weight"),
        ("/rules/0/code", json!("big order"), "", "is not a code", "upper-case letters"),
        ("/rules/1/code", json!("BIG"), "", "is the code of rule 0 already", "a code of its own"),
        ("/rules/0/then", json!({ "type": "hold" }), "/rules/0/then/type", "is not a known choice", "use one of `accept`"),
        ("/rules/2", rule(json!({ "condition": "small" })), "/rules/2/when/condition", "is not the name of a condition", "there are `big`"),
        ("/rules/2", rule(json!({ "any": [{ "signal": "poBox" }, { "not": { "signal": "box" } }] })), "/rules/2/when/any/1/not/signal", "is not a known signal", "did you mean `poBox`"),
        ("/model/features/0", json!("avs"), "", "neither a number nor true or false", "save the model"),
        ("/model/features/0", json!("ipDist"), "", "is not a known signal", "did you mean `ipDistance`"),
        ("/model/trees/0/rightChildren", json!([2, -1]), "", "has 2 entries, `leftChildren` has 3", "one entry for each node"),
        ("/model/trees/0/leftChildren", json!([0, -1, -1]), "/model/trees/0", "has a cycle", "save the model"),
        ("/model/trees/0/leftChildren", json!([7, -1, -1]), "/model/trees/0/leftChildren/0", "which is not there", "save the model"),
        ("/model/trees/0/rightChildren", json!([-1, -1, -1]), "/model/trees/0/leftChildren/0", "neither a leaf nor", "-1 for both"),
        ("/model/trees/0/splitIndices", json!([3, 0, 0]), "/model/trees/0/splitIndices/0", "feature 3, which is not there", "save the model"),
        ("/model/trees", json!([]), "", "at least 1 element", "at least 1"),
        ("/model/points", json!(0), "", "must be from 1", "from 1"),
    ];
    for (pointer, value, path, message, remedy) in cases {
        let issue = only(pointer, value.clone());
        let path = if path.is_empty() { pointer } else { path };
        assert_eq!(issue.path, path, "{value}: {issue}");
        assert!(issue.message.contains(message), "{path}: {} does not say {message}", issue.message);
        assert!(issue.remedy.contains(remedy), "{path}: {} does not say {remedy}", issue.remedy);
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut settings = small();
    settings["currency"] = json!("usd");
    settings["rules"][0]["when"] = json!({ "all": [{ "signal": "nothing" }, { "signal": "quantity" }] });
    settings["weights"][0]["signal"] = json!("everything");
    settings["lists"]["block"]["ips"] = json!(["nowhere"]);
    settings["thresholds"]["review"] = json!(900);
    let paths: Vec<String> =
        issues::<OrderScreeningPlugin>(settings.to_string()).into_iter().map(|issue| issue.path).collect();
    for path in [
        "/currency",
        "/lists/block/ips/0",
        "/weights/0/signal",
        "/rules/0/when/all/0/signal",
        "/rules/0/when/all/1",
        "/thresholds/review",
    ] {
        assert!(paths.iter().any(|found| found == path), "{path} is not among {paths:?}");
    }
}

#[test]
fn a_circle_of_conditions_is_told_from_end_to_end() {
    let mut settings = small();
    settings["conditions"]["a"] = json!({ "not": { "condition": "b" } });
    settings["conditions"]["b"] = json!({ "all": [{ "condition": "big" }, { "condition": "a" }] });
    let issues = issues::<OrderScreeningPlugin>(settings.to_string());
    assert_eq!(issues.len(), 1, "{issues:#?}");
    assert_eq!(issues[0].path, "/conditions/a");
    assert_eq!(issues[0].message, "the condition leads back to itself: `a` uses `b` uses `a`");
}

#[test]
fn what_is_odd_is_a_warning() {
    let rule =
        |code: &str, when: Value| json!({ "code": code, "message": "X.", "when": when, "then": { "type": "accept" } });
    let never = json!({ "all": [{ "signal": "quantity", "above": 9 }, { "signal": "quantity", "below": 5 }] });
    let narrower = json!({ "all": [{ "signal": "newCustomer" }, { "signal": "orderValue", "atLeast": 90000 }, { "signal": "poBox" }] });
    #[rustfmt::skip]
    let cases = [
        ("/thresholds/review", json!(400), "", "no score leads to a review", "a lower score"),
        ("/thresholds/review", json!(0), "", "is the lowest score", "above 0"),
        ("/thresholds/reject", json!(900), "", "all weights, rules and the model together give 550 points", "lower the threshold"),
        ("/rules/2", rule("N", never.clone()), "/rules/2/when", "never holds: `quantity` must be at least 10 and at most 4", "correct the condition"),
        ("/rules/2", rule("S", narrower), "/rules/2/when", "is never reached: the rule 0 (`BIG`)", "the narrower rule first"),
        ("/rules/1/then/points", json!(0), "", "changes nothing", "give it points"),
        ("/conditions/n", never, "", "never holds", "correct it"),
        ("/weights/1/bands/2", json!({ "above": 2_000_000, "points": 300 }), "", "hidden by the bands before", "narrower bands first"),
        ("/weights/2", json!({ "signal": "poBox", "points": 0 }), "", "adds nothing", "give it points"),
        ("/weights/1/bands/0", json!({ "above": 30_000_000, "points": 300 }), "", "never holds: `ipDistance`", "correct its bounds"),
        ("/signals/disposableEmailDomains/1", json!("Mailinator.com"), "", "is there already", "keep one"),
        ("/signals/resaleableTags/1", json!("watch"), "", "is there already", "keep one"),
        ("/signals/freightForwarders/1", json!({ "country": "US", "postalCode": "19720", "line": "200 FORWARDING way" }), "", "is there already", "keep one"),
        ("/lists/block/emails", json!(["Friend@example.com"]), "/lists/block/emails/0", "is on the allow list", "on one list"),
        ("/lists/block/ips/1", json!("192.0.2.0/24"), "", "is there already", "keep one"),
        ("/lists/block/countries/1", json!("KP"), "", "is there already", "keep one"),
    ];
    for (pointer, value, path, message, remedy) in cases {
        let warning = warning(pointer, value);
        assert_eq!(warning.path, if path.is_empty() { pointer } else { path });
        assert!(warning.message.contains(message), "{} does not say {message}", warning.message);
        assert!(warning.remedy.contains(remedy), "{} does not say {remedy}", warning.remedy);
    }
}

#[test]
fn a_weight_of_the_normal_order_needs_one() {
    let mut settings = small();
    settings["signals"]["normalOrderValue"].take();
    settings["signals"].as_object_mut().unwrap().remove("normalOrderValue");
    settings["weights"][0] =
        json!({ "signal": "orderValueToNormal", "bands": [{ "atLeast": 2_000_000, "points": 300 }] });
    let warnings = configured::<OrderScreeningPlugin>(settings.to_string()).warnings;
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    assert_eq!(warnings[0].path, "/weights/0/signal");
}

#[test]
fn the_whole_list_of_disposable_domains_fits() {
    let mut settings = small();
    let domains: Vec<String> = (0..121_570).map(|number| format!("domain-{number}.example.com")).collect();
    settings["signals"]["disposableEmailDomains"] = json!(domains);
    settings["weights"][0] = json!({ "signal": "disposableEmail", "points": 300 });
    let plugin: OrderScreeningPlugin = configure(settings.to_string());
    let score = |email: &str| {
        let request = order().line(item("MUG")).email(email).request();
        plugin.run(&request, &[]).unwrap().score
    };
    assert_eq!(score("x@domain-77777.example.com") - score("x@domain-no.example.com"), 300);
}
