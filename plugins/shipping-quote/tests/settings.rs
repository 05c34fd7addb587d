//! What settings get that are wrong or odd: field, value and remedy.

use cartwright_sdk::prelude::*;

use cartwright_sdk::settings;
use cartwright_sdk::shipping_quote::*;
use cartwright_sdk::testing::{cart, configured, issues, item, price, us_address};
use serde_json::{Map, Value, json};
use shipping_quote::ShippingQuotePlugin;

/// A small shop with one of everything.
fn small() -> Value {
    json!({
        "currency": "USD",
        "locations": [{
            "id": "reno", "coordinates": "39.66,-119.88", "timeZone": "America/Los_Angeles", "calendar": "week",
            "cutOff": { "daily": "14:00" }, "handling": "0-1"
        }],
        "boxes": [{
            "id": "box", "inner": { "length": 300, "width": 200, "height": 100 }, "emptyWeight": 200,
            "maximumWeight": 20000, "cost": 50
        }],
        "holidayLists": { "federal": ["12-25", "4th thursday of november"] },
        "calendars": { "week": { "days": "mon-fri", "holidayLists": ["federal"] } },
        "placeSets": { "us": { "countries": ["US"] } },
        "zoneTables": { "usps": {
            "zones": ["near", "far"],
            "from": { "reno": { "prefixes": { "US": { "9": "near", "005-009": "far" } }, "default": "far" } }
        } },
        "carriers": { "post": {
            "name": "Post", "workingDays": "week", "deliveryDays": "week", "pickUps": { "reno": { "daily": "17:00" } }
        } },
        "services": [{
            "id": "ground", "name": "Ground", "carrier": "post", "zoneTable": "usps",
            "rate": { "type": "weight", "upTo": [1000, 5000], "prices": { "near": [500, 900], "far": [700, 1400] } },
            "surcharges": [{ "code": "FUEL", "per": "order", "sharePpm": 100_000 }],
            "eligibility": { "served": ["us"] },
            "thresholds": [{ "code": "FREE", "from": 7500, "effect": { "type": "free" }, "zones": ["near"] }],
            "transit": { "days": { "near": "1", "*": "2-4" } },
            "emissions": "road"
        }],
        "pickUpPoints": [{
            "id": "store", "name": "Store", "location": "reno", "readyAfter": "0", "open": "week", "country": "US"
        }],
        "backup": { "id": "backup", "name": "Standard", "price": 1500 },
        "emissionFactors": { "road": { "gramsPerTonneKilometre": 110, "source": "a test" } },
        "postalPlaces": { "US": { "941": "37.76,-122.44" } }
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
    let mut all = issues::<ShippingQuotePlugin>(with(pointer, value));
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

#[test]
fn the_small_shop_is_right_and_quotes() {
    let configured = configured::<ShippingQuotePlugin>(small().to_string());
    assert!(configured.warnings.is_empty(), "{:#?}", configured.warnings);
    let mug = item("MUG").weight(350).size(120, 90, 100).price(1_299);
    let request = |zip| cart().line(mug.clone()).to(us_address(zip)).at("2026-11-23T15:00:00Z").request();
    assert_eq!(price(&configured.plugin.run(&request("94107"), &[]).unwrap(), "ground"), 550);
    assert_eq!(price(&configured.plugin.run(&request("00601"), &[]).unwrap(), "ground"), 770);
}

#[test]
fn each_bad_value_is_told_with_field_value_and_remedy() {
    // Field, what stands there, the issue's path when it is another, a part of its value, of its message and of its remedy.
    #[rustfmt::skip]
    let cases = [
        ("/currency", Value::Null, "", "nothing", "is required", "add the field `currency`"),
        ("/currency", json!("usd"), "", "usd", "is not a currency code", "upper case"),
        ("/currency", json!("DOLLAR"), "", "DOLLAR", "at most 3 characters", "at most 3"),
        ("/services/0/rate/prices/near/0", json!(-5), "", "-5", "must be from 0", "give a number that is from 0"),
        ("/services/0/rate/prices/near/0", json!(4.99), "", "4.99", "expected a whole number", "without fraction"),
        ("/services/0/rate/prices/nar", json!([1]), "", "nar", "is not a known zone", "use one of `near`, `far`"),
        ("/services/0/rate/prices/near", json!([1, 2, 3]), "", "3", "3 prices for 2 limits", "one price for each limit"),
        ("/services/0/rate/prices", json!({}), "", "{}", "no zone has a price", "give prices by zone"),
        ("/services/0/rate/upTo", json!([5000, 1000]), "/services/0/rate/upTo/1", "1", "not above", "ascending"),
        ("/services/0/carrier", json!("ups"), "", "ups", "is not a known carrier", "use one of `post`"),
        ("/services/0/zoneTable", json!("ups"), "", "ups", "is not a known zone table", "use one of `usps`"),
        ("/services/0/emissions", json!("air"), "", "air", "is not a known set of emission factors", "`road`"),
        ("/services/0/from", json!(["ohio"]), "/services/0/from/0", "ohio", "is not a known location", "`reno`"),
        ("/services/0/eligibility/served/0", json!("eu"), "", "eu", "is not a known set of places", "`us`"),
        ("/services/0/eligibility/parcelWeight", json!({ "most": 30 }), "/services/0/eligibility/parcelWeight/most", "30", "so little", "grams"),
        ("/services/0/eligibility/orderWeight", json!({ "least": 900, "most": 800 }), "/services/0/eligibility", "900", "above the most", "loosen"),
        ("/services/0/thresholds/0/zones/0", json!("close"), "", "close", "is not a known zone", "`near`, `far`"),
        ("/services/0/thresholds/0/code", json!("free shipping"), "/services/0/thresholds/0", "free shipping", "upper-case", "correct"),
        ("/services/0/surcharges/0/sharePpm", json!(0), "/services/0/surcharges/0", "FUEL", "give an amount", "correct"),
        ("/services/0/surcharges/1", json!({ "code": "FUEL", "amount": 1 }), "/services/0/surcharges/1/code", "ground", "FUEL", "code of its own"),
        ("/services/0/transit/days/near", json!("5-2"), "", "near", "must not be above", "correct"),
        ("/services/0/transit/days/near", json!("2 days"), "", "2 days", "is not a number of days", "\"2-5\""),
        ("/services/0/transit/days/middle", json!("2"), "", "middle", "is not a known zone", "`near`"),
        ("/services/0/billing", json!({ "divisor": "139" }), "/services/0/billing/divisor", "139", "divisor with its unit", "139 in3/lb"),
        ("/services/0/packedLike", json!("ground"), "", "ground", "boxes are chosen for itself", "without `packedLike`"),
        ("/services/0/rounding", json!({ "within": 100, "ending": 100 }), "/services/0/rounding/ending", "100", "not between 0 and 99", "below `within`"),
        ("/services/1", small()["services"][0].clone(), "/services/1/id", "ground", "id of entry 0", "id of its own"),
        ("/backup/id", json!("ground"), "", "ground", "another option", "id of its own"),
        ("/backup/price", json!(-1), "", "-1", "must be from 0", "from 0"),
        ("/locations/0/timeZone", json!("Nevada"), "", "Nevada", "is not a time zone", "IANA"),
        ("/locations/0/calendar", json!("weak"), "", "weak", "is not a known calendar", "`week`"),
        ("/locations/0/cutOff/daily", json!("2 pm"), "", "2 pm", "is not a time of day", "14:00"),
        ("/locations/0/coordinates", json!("139.66,-119.88"), "", "139.66", "latitude and longitude", "degrees"),
        ("/locations", json!([]), "", "[]", "at least 1 element", "at least 1"),
        ("/boxes/0/inner", json!({ "length": 30, "width": 20, "height": 10 }), "", "30", "below 40 mm", "30 cm is 300"),
        ("/boxes/0/maximumWeight", json!(20), "", "20", "less than 100 g", "20 kg is 20000"),
        ("/boxes/0/emptyWeight", json!(30_000), "/boxes/0/maximumWeight", "20000", "at least the empty weight", "in grams"),
        ("/boxes/0/outer", json!({ "length": 300, "width": 200, "height": 99 }), "", "99", "no inner side", "walls"),
        ("/boxes/0/weigth", json!(1), "", "1", "is not a known field", "remove it"),
        ("/calendars/week/days", json!("mo-fr"), "", "mo-fr", "days of the week", "mon-fri"),
        ("/calendars/week/holidayLists/0", json!("state"), "", "state", "is not a known list of holidays", "`federal`"),
        ("/calendars/week/holidays", json!(["02-30"]), "/calendars/week/holidays/0", "30", "which no year has", "correct"),
        ("/holidayLists/federal/0", json!("13-25"), "", "13", "which no year has", "correct this holiday"),
        ("/holidayLists/federal/0", json!("christmas"), "", "christmas", "is not a holiday", "12-25"),
        ("/zoneTables/usps/zones/2", json!("near"), "", "near", "another zone already", "once"),
        ("/zoneTables/usps/from/ohio", json!({ "default": "near" }), "", "ohio", "is not a known location", "`reno`"),
        ("/zoneTables/usps/from/reno/default", json!("4"), "", "4", "is not a known zone", "`near`, `far`"),
        ("/zoneTables/usps/from/reno/prefixes/US/941", json!("nere"), "", "nere", "is not a known zone", "`near`, `far`"),
        ("/zoneTables/usps/from/reno/prefixes/US/9.1", json!("near"), "", "9.1", "letters and digits", "941"),
        ("/zoneTables/usps/from/reno/prefixes/US/007", json!("near"), "", "007", "with another value", "longer prefix"),
        ("/zoneTables/usps/from/reno/prefixes/US/9-1", json!("near"), "", "9-1", "runs backwards", "lower one first"),
        ("/zoneTables/usps/from/reno/prefixes/US/00000-99999", json!("near"), "", "00000-99999", "more than 10000", "shorter prefixes"),
        ("/zoneTables/usps/from/reno/countries", json!({ "USA": "near" }), "/zoneTables/usps/from/reno/countries/USA", "USA", "not a code of two letters", "US"),
        ("/zoneTables/usps/from/reno/bands", json!([{ "upTo": 9, "zone": "near" }, { "upTo": 9, "zone": "far" }]), "/zoneTables/usps/from/reno/bands/1/upTo", "upTo", "not farther", "nearest first"),
        ("/zoneTables/usps/from/reno", json!({}), "", "{}", "no rule leads to any zone", "add prefixes"),
        ("/carriers/post/workingDays", json!("never"), "", "never", "is not a known calendar", "`week`"),
        ("/placeSets/us/countries/0", json!("USA"), "", "us", "not a code of two letters", "US"),
        ("/placeSets/us/subdivisions", json!(["US-CA", "California"]), "/placeSets/us/subdivisions/1", "us", "California", "US-CA"),
        ("/placeSets/us/prefixes", json!({ "CA": ["K1"], "US": ["005-009", "9.1"] }), "/placeSets/us/prefixes/US/1", "us", "9.1", "941"),
        ("/placeSets/us/prefixes", json!({ "US": ["009-005"] }), "/placeSets/us/prefixes/US/0", "009-005", "runs backwards", "lower"),
        ("/placeSets/eu", json!({}), "", "{}", "no place in the set", "add countries"),
        ("/pickUpPoints/0/location", json!("ohio"), "", "ohio", "is not a known location", "`reno`"),
        ("/pickUpPoints/0/country", json!("12"), "", "12", "is not a country", "two letters"),
        ("/emissionFactors/road/source", json!(" "), "/emissionFactors/road", "road", "name no source", "correct"),
        ("/postalPlaces/US/941", json!("San Francisco"), "", "San Francisco", "not a point", "39.66,-119.88"),
    ];
    for (pointer, value, path, shown, message, remedy) in cases {
        let issue = only(pointer, value.clone());
        let context = format!("{pointer} = {value}: {issue}");
        assert_eq!(issue.path, if path.is_empty() { pointer } else { path }, "{context}");
        assert!(issue.value.contains(shown), "value of {context}");
        assert!(issue.message.contains(message), "message of {context}");
        assert!(issue.remedy.contains(remedy), "remedy of {context}");
    }
}

#[test]
fn all_issues_are_told_at_once() {
    let mut settings = small();
    settings["services"][0]["carrier"] = json!("ups");
    settings["locations"][0]["timeZone"] = json!("Nevada");
    settings["boxes"][0]["maximumWeight"] = json!(20);
    let paths: Vec<_> = issues::<ShippingQuotePlugin>(settings.to_string()).into_iter().map(|i| i.path).collect();
    assert_eq!(paths, ["/locations/0/timeZone", "/boxes/0/maximumWeight", "/services/0/carrier"]);
}

#[test]
fn what_is_odd_is_a_warning() {
    #[rustfmt::skip]
    let cases = [
        ("/services/0/rate/prices", json!({ "near": [500, 900] }), "/services/0/rate/prices", "zone `far` has no price"),
        ("/services/0/transit/days", json!({ "near": "1" }), "/services/0/transit", "zone `far` has no transit time"),
        ("/services/0/from", json!([]), "/services/0", "never offered"),
        ("/carriers/post/pickUps/reno/daily", json!("13:00"), "/carriers/post/pickUps/reno", "before the cut-off"),
        ("/boxes/0/emptyWeight", json!(19_950), "/boxes/0/maximumWeight", "when it is empty"),
        ("/boxes/0/available", json!(0), "/boxes/0/available", "never used"),
        ("/services/0/eligibility/excluded", json!(["us"]), "/services/0/eligibility/excluded", "`served` names"),
    ];
    for (pointer, value, path, message) in cases {
        let warnings = configured::<ShippingQuotePlugin>(with(pointer, value.clone())).warnings;
        assert_eq!(warnings.len(), 1, "{pointer} = {value}: {warnings:#?}");
        assert_eq!(warnings[0].path, path);
        assert!(warnings[0].message.contains(message), "{}", warnings[0]);
    }
}

#[test]
fn an_empty_list_of_prices_says_that_the_service_does_not_go_there() {
    let settings = with("/services/0/rate/prices/far", json!([]));
    assert!(configured::<ShippingQuotePlugin>(settings).warnings.is_empty());
}

#[test]
fn services_that_bill_alike_share_their_parcels_and_others_may() {
    let packers = |second: Value| {
        let plugin = configured::<ShippingQuotePlugin>(with("/services/1", second)).plugin;
        plugin.shop().packers.len()
    };
    let mut second = small()["services"][0].clone();
    second["id"] = json!("air");
    assert_eq!(packers(second.clone()), 1);
    second["billing"] = json!({ "divisor": "5000 cm3/kg" });
    assert_eq!(packers(second.clone()), 2);
    second["packedLike"] = json!("ground");
    assert_eq!(packers(second), 1);
}

#[test]
fn a_flat_rate_and_one_by_cart_value_serve_every_zone_with_a_star() {
    let mug = item("MUG").weight(350).size(120, 90, 100).price(1_299);
    let request =
        |units| cart().line(mug.clone().quantity(units)).to(us_address("94107")).at("2026-11-23T15:00:00Z").request();
    let quoted = |rate: Value, units| {
        let plugin = configured::<ShippingQuotePlugin>(with("/services/0/rate", rate)).plugin;
        price(&plugin.run(&request(units), &[]).unwrap(), "ground")
    };
    assert_eq!(quoted(json!({ "type": "flat", "per": "order", "prices": { "*": 400, "near": 300 } }), 1), 330);
    let bands = json!({ "type": "cartValue", "from": [0, 3000], "prices": { "*": [500, 200] } });
    assert_eq!((quoted(bands.clone(), 1), quoted(bands, 3)), (550, 220));
}

#[test]
fn the_schema_says_what_every_field_is() {
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
    let schema = serde_json::from_str(&cartwright_sdk::testing::schema::<ShippingQuotePlugin>()).unwrap();
    described(&schema, "");
}

/// The small shop with so many postal prefixes.
fn many(rows: u32, zone: impl Fn(u32) -> &'static str) -> String {
    let row = |n| (format!("{:05}", n * 2 + 1), Value::from(zone(n)));
    with("/zoneTables/usps/from/reno/prefixes", json!({ "US": (0..rows).map(row).collect::<Map<_, _>>() }))
}

#[test]
fn forty_thousand_prefixes_are_read_and_found() {
    let plugin = configured::<ShippingQuotePlugin>(many(40_000, |n| if n % 3 == 0 { "near" } else { "far" })).plugin;
    let mug = item("MUG").weight(350).size(120, 90, 100).price(1_299);
    for n in [0, 1, 2, 3, 20_000, 39_999] {
        let zip = format!("{:05}", n * 2 + 1);
        let request = cart().line(mug.clone()).to(us_address(&zip)).at("2026-11-23T15:00:00Z").request();
        let wanted = if n % 3 == 0 { 550 } else { 770 };
        assert_eq!(price(&plugin.run(&request, &[]).unwrap(), "ground"), wanted, "{zip}");
    }
}

#[test]
fn a_wrong_column_of_forty_thousand_rows_is_told_in_a_hundred_and_one_issues() {
    let all = issues::<ShippingQuotePlugin>(many(40_000, |_| "middle"));
    assert_eq!(all.len(), 101);
    assert_eq!(all[0].path, "/zoneTables/usps/from/reno/prefixes/US/00001");
    assert_eq!(all[100].message, "39900 more issues are not shown");
}

#[test]
fn cut_deep_and_foreign_documents_are_refused() {
    let whole = small().to_string();
    for end in (0..whole.len()).step_by(7) {
        assert!(settings::configure::<ShippingQuotePlugin>(&whole[..end]).is_err());
    }
    for text in ["[]", "null", "3", &"[".repeat(100_000), "{\"currency\": \"USD\", \"currency\": \"USD\"}"] {
        assert!(settings::configure::<ShippingQuotePlugin>(text).is_err());
    }
}

#[test]
fn the_example_of_the_readme_is_right() {
    let readme = include_str!("../README.md");
    let example = readme.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
    assert!(configured::<ShippingQuotePlugin>(example).warnings.is_empty());
}
