//! What holds for any address.

use super::*;
use cartwright_contract::address_validation::{Severity, Verdict};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::vec;

static RULES: LazyLock<Validator> = LazyLock::new(|| {
    with_cities(|rules| {
        rules.abbreviate_streets = true;
        rules.po_boxes = Policy::Warn;
        rules.longest_line = Some(40);
        rules.home = Some("US".into());
    })
});

/// Texts as shoppers, pasted documents and attackers have them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9 .,'-]{0,30}",
        "\\PC{0,20}",
        any::<String>().prop_map(|text| text.chars().take(60).collect()),
        "[\u{600}-\u{6ff} ]{0,20}",
        "[\u{4e00}-\u{4fff}0-9-]{0,20}",
        "[\u{400}-\u{4ff} 0-9]{0,20}",
        "[\u{200b}-\u{200f}\u{202a}-\u{202e}a-z ]{0,20}",
        "[\u{1f300}-\u{1f6ff}\u{200d}]{0,10}",
        Just("x".repeat(1_000)),
        Just("é ".repeat(333)),
        prop::sample::select(Vec::from([
            "Portland",
            "Portlnad",
            "OR",
            "Oregon",
            "97209",
            "10001",
            "PO Box 1",
            "東京都",
            "Dubai"
        ]))
        .prop_map(String::from),
    ]
}

fn any_address() -> impl Strategy<Value = Address> {
    let codes: Vec<_> = country::known().chain(["XX"]).collect();
    let country = prop_oneof![prop::sample::select(codes), Just("US")];
    let maybe = || prop::option::of(text());
    (country, prop::collection::vec(text(), 0..5), maybe(), maybe(), maybe(), maybe(), maybe(), maybe()).prop_map(
        |(country, lines, city, subdivision, postal_code, name, company, phone)| Address {
            country: country.into(),
            lines,
            city,
            subdivision,
            postal_code,
            name,
            company,
            phone,
            ..Address::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_address_gets_an_answer_that_keeps_to_the_contract(given in any_address()) {
        let answer = ask(&RULES, given.clone());
        prop_assert_eq!(&answer, &ask(&RULES, given));
        prop_assert_eq!(answer.fields.len(), 8);
    }

    #[test]
    fn every_change_is_told_and_none_is_made_below_the_threshold(given in any_address()) {
        let answer = ask(&RULES, given.clone());
        let now = &answer.corrected;
        let pairs = [
            (Field::Subdivision, &given.subdivision, &now.subdivision),
            (Field::City, &given.city, &now.city),
            (Field::PostalCode, &given.postal_code, &now.postal_code),
            (Field::Name, &given.name, &now.name),
            (Field::Company, &given.company, &now.company),
            (Field::Phone, &given.phone, &now.phone),
        ];
        for (field, before, after) in pairs {
            let told = answer.issues.iter().any(|issue| issue.field == field && issue.applied);
            prop_assert_eq!(before != after, told, "{:?}: {:?} {:?}", field, before, after);
        }
        let told = answer.issues.iter().any(|issue| issue.field == Field::Line && issue.applied);
        prop_assert_eq!(given.lines != now.lines, told);
        prop_assert_eq!(&given.country, &now.country);
        for issue in &answer.issues {
            prop_assert!(!issue.applied || (issue.confidence >= 900_000 && issue.severity == Severity::Info));
            prop_assert!(issue.applied || issue.suggestion.is_none() || issue.confidence >= 600_000 || issue.confidence == 0 || issue.confidence == 500_000);
        }
    }

    #[test]
    fn a_corrected_address_needs_no_correction(given in any_address()) {
        let once = ask(&RULES, given);
        let twice = ask(&RULES, once.corrected.clone());
        prop_assert_eq!(&twice.corrected, &once.corrected);
        prop_assert_ne!(twice.verdict, Verdict::Corrected);
    }

    #[test]
    fn whatever_a_service_proposes_the_answer_keeps_to_the_contract(
        given in any_address(),
        lines in prop::option::of(prop::collection::vec(text(), 0..10)),
        city in prop::option::of(text()),
        deliverable in any::<Option<bool>>(),
        confidence in prop::option::of(0_u32..2_000_000),
    ) {
        let proposal = Proposal { city, lines, ..Proposal::default() };
        let opinion = Opinion { deliverable, proposal, confidence, ..Opinion::default() };
        ask_with(&RULES, given, &Consulted::Answered(opinion));
    }

    #[test]
    fn a_name_in_a_script_that_the_list_does_not_have_is_never_replaced(city in "[\u{4e00}-\u{4fff}\u{621}-\u{64a}\u{410}-\u{44f}]{1,12}") {
        let answer = ask(&RULES, address("US", &["1 Main St"], &city, "OR", "97209"));
        prop_assert_eq!(answer.corrected.city.as_deref(), Some(&*city));
    }
}
