//! Addresses and what becomes of them.

use super::*;
use cartwright_contract::address_validation::{Severity, Verdict};
use cartwright_contract::types::Reason;

#[test]
fn a_right_address_is_deliverable_and_left_as_it_is() {
    let given = address("US", &["1420 NW Lovejoy St"], "Portland", "OR", "97209");
    let answer = ask(&with_cities(|_| {}), given.clone());
    assert_eq!(answer.verdict, Verdict::Deliverable);
    assert_eq!(answer.corrected, given);
    assert_eq!(codes(&answer), [""; 0]);
    for field in [Field::Country, Field::Subdivision, Field::City, Field::PostalCode] {
        assert_eq!(status(&answer, field), FieldStatus::Confirmed, "{field:?}");
    }
    assert_eq!(status(&answer, Field::Line), FieldStatus::Plausible);
    assert_eq!(joined(&answer.label), "1420 NW Lovejoy St | PORTLAND, OR 97209");
}

#[test]
fn a_misspelled_city_is_corrected_when_its_postal_code_agrees() {
    let answer = ask(&with_cities(|_| {}), address("US", &["1 Main St"], "Portlnad", "OR", "97209"));
    assert_eq!(answer.verdict, Verdict::Corrected);
    assert_eq!(answer.corrected.city.as_deref(), Some("Portland"));
    let issue = issue(&answer, "CITY_MISSPELLED");
    // One of eight characters wrong, and a quarter of the doubt left.
    assert_eq!((issue.confidence, issue.applied), (968_750, true));
    assert_eq!(issue.message, "We do not know the city \"Portlnad\". Did you mean Portland?");
}

#[test]
fn a_misspelled_city_is_only_suggested_when_nothing_else_agrees() {
    let answer = ask(&with_cities(|_| {}), address("US", &["1 Main St"], "Saelm", "OR", "97209"));
    assert_eq!(answer.corrected.city.as_deref(), Some("Saelm"));
    assert_eq!(answer.verdict, Verdict::Deliverable);
    let answer = ask(&with_cities(|_| {}), address("US", &["1 Main St"], "Seasidde", "OR", ""));
    let issue = issue(&answer, "CITY_MISSPELLED");
    assert_eq!((issue.suggestion.as_deref(), issue.confidence, issue.applied), (Some("Seaside"), 850_000, false));
}

#[test]
fn confidence_below_the_merchants_threshold_only_suggests() {
    let careful = with_cities(|rules| rules.apply_from = 980_000);
    let answer = ask(&careful, address("US", &["1 Main St"], "Portlnad", "OR", "97209"));
    assert_eq!(answer.corrected.city.as_deref(), Some("Portlnad"));
    assert!(!issue(&answer, "CITY_MISSPELLED").applied);
    assert_eq!(issue(&answer, "CITY_MISSPELLED").suggestion.as_deref(), Some("Portland"));
}

#[test]
fn names_of_subdivisions_become_codes_in_any_language_of_the_country() {
    for (country, text, code, lines) in [
        ("US", "Oregon", "OR", "1 Main St"),
        ("US", "us-or", "OR", "1 Main St"),
        ("CA", "Colombie-Britannique", "BC", "1 Main St"),
        ("CA", "québec", "QC", "1 rue Principale"),
        ("JP", "Tokyo", "13", "1-1 Chiyoda"),
        ("JP", "東京都", "13", "千代田1-1"),
        ("AE", "Dubai", "DU", "Sheikh Zayed Road"),
        ("BR", "Sao Paulo", "SP", "Av. Paulista 1000"),
        ("ES", "MADRID", "M", "Calle Mayor 1"),
        ("IT", "Milano", "MI", "Via Roma 1"),
    ] {
        let answer = ask(&validator(|_| {}), address(country, &[lines], "Somewhere", text, ""));
        assert_eq!(answer.corrected.subdivision.as_deref(), Some(code), "{country} {text}");
    }
}

#[test]
fn a_misspelled_subdivision_is_corrected_when_it_stands_out_or_the_postal_code_agrees() {
    let rules = validator(|_| {});
    let answer = ask(&rules, address("US", &["1 Main St"], "Portland", "Oregan", "97209"));
    assert_eq!(answer.corrected.subdivision.as_deref(), Some("OR"));
    let answer = ask(&rules, address("US", &["1 Main St"], "Los Angeles", "Califronia", "90028"));
    assert_eq!(issue(&answer, "SUBDIVISION_MISSPELLED").confidence, 975_000);
    // The postal code says otherwise: nothing is guessed.
    let answer = ask(&rules, address("US", &["1 Main St"], "Portland", "Oregan", "10001"));
    assert_eq!((answer.verdict, answer.corrected.subdivision.as_deref()), (Verdict::Undeliverable, Some("Oregan")));
}

#[test]
fn a_missing_state_is_told_by_the_postal_code() {
    let answer = ask(&validator(|_| {}), address("US", &["1 Main St"], "Portland", "", "97209"));
    assert_eq!((answer.verdict, answer.corrected.subdivision.as_deref()), (Verdict::Corrected, Some("OR")));
    assert_eq!(issue(&answer, "SUBDIVISION_INFERRED").message, "The ZIP code 97209 lies in the state Oregon.");
}

#[test]
fn a_postal_code_of_another_subdivision_stops_the_order_and_says_where_it_lies() {
    let given = || address("US", &["1 Main St"], "Portland", "WA", "97209");
    let answer = ask(&validator(|_| {}), given());
    assert_eq!(answer.verdict, Verdict::Undeliverable);
    let found = issue(&answer, "POSTAL_CODE_NOT_IN_SUBDIVISION");
    assert_eq!(found.message, "The ZIP code 97209 lies in Oregon, not in Washington. Please check both.");
    assert_eq!((found.severity, found.applied), (Severity::Error, false));
    // Where the merchant is lenient it is a warning.
    let lenient = validator(|rules| rules.strictness = Strictness::Lenient);
    assert_eq!(ask(&lenient, given()).verdict, Verdict::Deliverable);
    // City and postal code outvote the state.
    let answer = ask(&with_cities(|_| {}), given());
    assert_eq!((answer.verdict, answer.corrected.subdivision.as_deref()), (Verdict::Corrected, Some("OR")));
}

#[test]
fn postal_codes_are_written_as_the_country_writes_them_and_slips_are_put_right() {
    let rules = validator(|_| {});
    for (country, given, expected) in [
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("CA", "k1a-0b1", "K1A 0B1"),
        ("US", "97209 1234", "97209-1234"),
        ("US", "1OOO1", "10001"),
        ("DE", "D-10117", "10117"),
        ("JP", "１０００００１", "100-0001"),
        ("NL", "1012lg", "1012 LG"),
    ] {
        let answer = ask(&rules, address(country, &["1 Main St"], "Somewhere", "", given));
        assert_eq!(answer.corrected.postal_code.as_deref(), Some(expected), "{country} {given}");
    }
    // A lost zero counts when the state agrees.
    let lost = ask(&rules, address("US", &["1 Main St"], "Boston", "MA", "2139"));
    assert_eq!((lost.verdict, lost.corrected.postal_code.as_deref()), (Verdict::Corrected, Some("02139")));
    let wrong = ask(&rules, address("US", &["1 Main St"], "Boston", "MA", "ABC"));
    assert_eq!(wrong.verdict, Verdict::Undeliverable);
    assert_eq!(
        issue(&wrong, "POSTAL_CODE_INVALID").message,
        "\"ABC\" is no ZIP code of the United States. Please give one, such as 95014."
    );
}

#[test]
fn what_a_country_needs_is_asked_for_and_nothing_else() {
    let rules = validator(|_| {});
    let empty = ask(&rules, address("US", &[], "", "", ""));
    assert_eq!(empty.verdict, Verdict::Incomplete);
    assert_eq!(codes(&empty), ["SUBDIVISION_MISSING", "CITY_MISSING", "POSTAL_CODE_MISSING", "LINE_MISSING"]);
    // Hong Kong has no postal codes and no cities.
    let hong_kong = ask(&rules, address("HK", &["1 Queen's Road"], "", "Kowloon", ""));
    assert_eq!(hong_kong.verdict, Verdict::Deliverable);
    // Ireland's houses may have names; Germany's have numbers.
    let named = |country, code| ask(&rules, address(country, &["The Old Mill"], "Somewhere", "", code)).verdict;
    assert_eq!((named("IE", "A65 F4E2"), named("DE", "10117")), (Verdict::Deliverable, Verdict::Incomplete));
    // Without anything to compare with, nobody could check it.
    assert_eq!(ask(&rules, address("AO", &["Rua 1"], "Luanda", "", "")).verdict, Verdict::Unchecked);
}

#[test]
fn a_missing_house_number_is_a_warning_for_the_lenient() {
    let given = || address("DE", &["Hauptstraße"], "Berlin", "", "10117");
    let answer = ask(&validator(|_| {}), given());
    assert_eq!((answer.verdict, status(&answer, Field::Line)), (Verdict::Incomplete, FieldStatus::Missing));
    let lenient = ask(&validator(|rules| rules.strictness = Strictness::Lenient), given());
    assert_eq!((lenient.verdict, codes(&lenient)), (Verdict::Deliverable, Vec::from(["HOUSE_NUMBER_MISSING"])));
}

#[test]
fn boxes_and_military_addresses_are_told_and_follow_the_merchants_policy() {
    let po_box = || address("US", &["P.O. Box 12"], "Portland", "OR", "97208");
    let military = || address("US", &["PSC 1234 Box 567"], "APO", "AE", "09012");
    let accepts = validator(|_| {});
    let answer = ask(&accepts, po_box());
    assert_eq!((answer.verdict, answer.po_box, answer.military), (Verdict::Deliverable, true, false));
    let answer = ask(&accepts, military());
    assert_eq!((answer.verdict, answer.po_box, answer.military), (Verdict::Deliverable, false, true));
    let refuses = validator(|rules| {
        rules.po_boxes = Policy::Refuse;
        rules.military = Policy::Refuse;
    });
    for (given, code) in [(po_box(), "PO_BOX_NOT_ACCEPTED"), (military(), "MILITARY_ADDRESS_NOT_ACCEPTED")] {
        let answer = ask(&refuses, given);
        assert_eq!((answer.verdict, codes(&answer)), (Verdict::Undeliverable, Vec::from([code])));
    }
    let without_unit = ask(&accepts, address("US", &["Camp Somewhere 5"], "FPO", "AP", "96601"));
    assert!(without_unit.military);
    assert_eq!(codes(&without_unit), ["MILITARY_UNIT_MISSING"]);
    let british = ask(&accepts, address("GB", &["Unit 5"], "BFPO", "", "bfpo 61"));
    assert!(british.military);
    assert_eq!(british.corrected.postal_code.as_deref(), Some("BFPO 61"));
}

#[test]
fn a_country_that_is_not_delivered_to_or_not_known_is_told() {
    let only = validator(|rules| rules.countries = Vec::from(["US".to_string()]));
    let answer = ask(&only, address("DE", &["Hauptstr. 1"], "Berlin", "", "10117"));
    assert_eq!(answer.verdict, Verdict::Undeliverable);
    assert_eq!(issue(&answer, "COUNTRY_NOT_ACCEPTED").message, "Sorry, we do not deliver to Germany.");
    let unknown = ask(&validator(|_| {}), address("XX", &["Street 1"], "City", "", ""));
    assert_eq!((unknown.verdict, codes(&unknown)), (Verdict::Unchecked, Vec::from(["COUNTRY_NOT_KNOWN"])));
    assert_eq!(unknown.label, ["Street 1"]);
}

#[test]
fn a_city_that_the_list_does_not_have_at_its_postal_code_is_shown_not_changed() {
    // Quarters go by their own names, and parcels arrive.
    let answer = ask(&with_cities(|_| {}), address("US", &["1 Main St"], "Williamsburg", "NY", "11211"));
    assert_eq!((answer.verdict, answer.corrected.city.as_deref()), (Verdict::Deliverable, Some("Williamsburg")));
    assert_eq!(codes(&answer), ["CITY_NOT_KNOWN"]);
    let strict = with_cities(|rules| rules.strictness = Strictness::Strict);
    let answer = ask(&strict, address("US", &["1 Main St"], "Salem", "OR", "97209"));
    assert_eq!((answer.verdict, codes(&answer)), (Verdict::Undeliverable, Vec::from(["POSTAL_CODE_NOT_IN_CITY"])));
    let answer = ask(&strict, address("US", &["1 Main St"], "Portland", "OR", "97999"));
    assert_eq!(codes(&answer), ["POSTAL_CODE_NOT_KNOWN"]);
    let saint = ask(&strict, address("US", &["1 Main St"], "ST. LOUIS", "MO", "63101"));
    assert_eq!(saint.verdict, Verdict::Deliverable);
}

#[test]
fn streets_are_abbreviated_where_the_merchant_asks_for_it() {
    let given = || address("US", &["Floor 3", "1420 Northwest Lovejoy Street"], "Portland", "OR", "97209");
    assert_eq!(ask(&validator(|_| {}), given()).verdict, Verdict::Deliverable);
    let answer = ask(&validator(|rules| rules.abbreviate_streets = true), given());
    assert_eq!(answer.corrected.lines, ["Floor 3", "1420 NW Lovejoy St"]);
    assert_eq!(issue(&answer, "STREET_STANDARDISED").line, Some(1));
}

#[test]
fn what_nobody_sees_is_taken_out_and_told() {
    let answer =
        ask(&validator(|_| {}), address("US", &["\u{202e}1 Main St\u{200b}", "", "🏠"], " Portland ", "OR", "97209"));
    assert_eq!((answer.verdict, answer.corrected.city.as_deref()), (Verdict::Corrected, Some("Portland")));
    assert_eq!(answer.corrected.lines, ["1 Main St", "🏠"]);
    assert_eq!(codes(&answer), ["TEXT_TIDIED", "TEXT_TIDIED", "UNUSUAL_CHARACTERS"]);
    assert_eq!(answer.issues[2].line, Some(2));
}

#[test]
fn recipients_are_checked_where_the_merchant_needs_them() {
    let needs = validator(|rules| {
        rules.name_needed = true;
        rules.phone_needed = true;
    });
    let mut given = address("DE", &["Hauptstr. 1"], "Berlin", "", "10117");
    let answer = ask(&needs, given.clone());
    assert_eq!((answer.verdict, codes(&answer)), (Verdict::Incomplete, Vec::from(["NAME_MISSING", "PHONE_MISSING"])));
    given.name = Some("Jo Doe".into());
    given.phone = Some("call me".into());
    assert_eq!(codes(&ask(&needs, given.clone())), ["PHONE_INVALID"]);
    given.phone = Some("+49 30 1234567".into());
    assert_eq!(ask(&needs, given).verdict, Verdict::Deliverable);
}

#[test]
fn a_label_for_abroad_ends_with_the_country() {
    let home = validator(|rules| rules.home = Some("US".into()));
    let label = |country, code| joined(&ask(&home, address(country, &["1 Main St"], "Somewhere", "", code)).label);
    assert_eq!(label("GB", "SW1A 1AA"), "1 Main St | SOMEWHERE | SW1A 1AA | UNITED KINGDOM");
    assert_eq!(label("US", "97209"), "1 Main St | SOMEWHERE, OR 97209");
}

#[test]
fn the_fallback_takes_the_address_as_it_is_and_says_that_nobody_checked_it() {
    let request = Request { address: address("US", &[" 1 main "], "x", "", "?"), ..Request::default() };
    let reason = Reason { code: "PLUGIN_FAILED".into(), message: "It failed.".into(), figures: Vec::new() };
    let answer = unchecked(&request, reason);
    assert_eq!(answer.check(&request), Ok(()));
    assert_eq!(
        (answer.verdict, &answer.corrected, &*answer.reasons[0].code),
        (Verdict::Unchecked, &request.address, "PLUGIN_FAILED")
    );
}

#[test]
fn rules_that_cannot_be_meant_are_named() {
    let error = |change: fn(&mut Rules)| {
        let mut rules = Rules::default();
        change(&mut rules);
        Validator::new(rules).unwrap_err().to_string()
    };
    assert!(error(|rules| rules.countries = Vec::from(["USA".to_string()])).contains("\"USA\" is no country"));
    assert!(error(|rules| rules.home = Some("xx".into())).contains("\"xx\""));
    assert!(error(|rules| rules.suggest_from = 950_000).contains("applied from 900000"));
    let cities = error(|rules| {
        rules.countries = Vec::from(["DE".to_string()]);
        rules.localities = Vec::from([("US".to_string(), cities())]);
    });
    assert!(cities.contains("not a country that is delivered to"));
}

#[test]
fn regions_are_known_by_the_names_that_people_give_them() {
    let rules = validator(|_| {});
    for (country, text, city, postal_code, code) in [
        ("CN", "Beijing", "Dongcheng", "100000", "11"),
        ("KR", "Gyeonggi", "Suwon", "16488", "41"),
        ("JP", "Osaka-fu", "Osaka", "530-0001", "27"),
        ("RU", "Moscow", "Moscow", "125009", "MOW"),
        ("CA", "Newfoundland", "St. John's", "A1A 1B2", "NL"),
        ("MX", "D.F.", "México", "06000", "CMX"),
        ("IN", "Orissa", "Bhubaneswar", "751001", "OR"),
        ("US", "Calif.", "San Francisco", "94102", "CA"),
        ("US", "Mass", "Boston", "02108", "MA"),
        ("CO", "Bogotá D.C.", "Bogotá", "110111", "DC"),
        ("VE", "Distrito Capital", "Caracas", "1010", "A"),
        ("IE", "County Cork", "Cork", "T12 X8N6", "CO"),
    ] {
        let answer = ask(&rules, address(country, &["Main 1"], city, text, postal_code));
        let found = (answer.verdict, answer.corrected.subdivision.as_deref());
        assert_eq!(found, (Verdict::Corrected, Some(code)), "{country} {text}");
    }
}

#[test]
fn a_region_that_nobody_knows_stops_no_order_whose_postal_code_says_where_it_lies() {
    let given = || address("ES", &["Calle Mayor 1"], "Sevilla", "Andalucía", "41001");
    let answer = ask(&validator(|_| {}), given());
    assert_eq!((answer.verdict, answer.corrected.subdivision.as_deref()), (Verdict::Deliverable, Some("Andalucía")));
    let found = issue(&answer, "SUBDIVISION_NOT_KNOWN");
    assert_eq!((found.severity, found.suggestion.as_deref()), (Severity::Warning, Some("SE")));
    assert_eq!(ask(&validator(|rules| rules.strictness = Strictness::Strict), given()).verdict, Verdict::Undeliverable);
    // The only row with codes is not the only place: a code of China is not Taiwan's.
    let answer = ask(&validator(|_| {}), address("CN", &["1 Changan"], "Dongcheng", "Nowhere", "100000"));
    assert_eq!(issue(&answer, "SUBDIVISION_NOT_KNOWN").suggestion, None);
}

#[test]
fn a_city_written_together_or_with_an_apostrophe_is_right() {
    let mut builder = LocalitiesBuilder::default();
    for (subdivision, city, codes) in
        [("VA", "Mc Lean", "22101"), ("MO", "O Fallon", "63366"), ("ID", "Coeur D Alene", "83814")]
    {
        builder.add(subdivision, city, codes).unwrap();
    }
    let list = builder.finish();
    let rules = validator(|rules| rules.localities = Vec::from([("US".to_string(), list)]));
    for (subdivision, city, code) in
        [("VA", "McLean", "22101"), ("MO", "O’Fallon", "63366"), ("ID", "Coeur d'Alene", "83814")]
    {
        let answer = ask(&rules, address("US", &["1 Main St"], city, subdivision, code));
        assert_eq!((answer.verdict, answer.corrected.city.as_deref()), (Verdict::Deliverable, Some(city)));
    }
}
