//! What an external validation service says, and what is made of it.

use super::*;
use cartwright_contract::address_validation::Verdict;
use cartwright_contract::types::Reason;

fn opinion(deliverable: Option<bool>) -> Opinion {
    Opinion { deliverable, ..Opinion::default() }
}

#[test]
fn a_service_confirms_refuses_or_corrects() {
    let rules = validator(|_| {});
    let given = || address("US", &["1 Main St"], "Portland", "OR", "97209");
    let answer = ask_with(&rules, given(), &Consulted::Answered(opinion(Some(true))));
    assert_eq!((answer.verdict, status(&answer, Field::Line)), (Verdict::Deliverable, FieldStatus::Confirmed));
    assert_eq!(answer.reasons[1].code, "EXTERNAL_SERVICE_CONFIRMED");

    let refused =
        Opinion { code: "NO_SUCH_HOUSE".into(), message: "There is no house 1.".into(), ..opinion(Some(false)) };
    let answer = ask_with(&rules, given(), &Consulted::Answered(refused));
    assert_eq!((answer.verdict, codes(&answer)), (Verdict::Undeliverable, Vec::from(["NO_SUCH_HOUSE"])));
    assert_eq!(answer.issues[0].message, "There is no house 1.");

    let proposal = Proposal {
        lines: Some(Vec::from(["1 N Main St".to_string(), "Apt 2".to_string()])),
        postal_code: Some("97209-1234".into()),
        ..Proposal::default()
    };
    let corrected = Opinion { proposal: proposal.clone(), ..opinion(Some(true)) };
    let answer = ask_with(&rules, given(), &Consulted::Answered(corrected));
    assert_eq!(answer.verdict, Verdict::Corrected);
    assert_eq!(answer.corrected.lines, ["1 N Main St", "Apt 2"]);
    assert_eq!(answer.corrected.postal_code.as_deref(), Some("97209-1234"));

    let unsure = Opinion { proposal, confidence: Some(700_000), ..opinion(None) };
    let answer = ask_with(&rules, given(), &Consulted::Answered(unsure));
    assert_eq!((answer.verdict, answer.corrected.lines.len()), (Verdict::Deliverable, 1));
    assert!(answer.issues.iter().all(|issue| !issue.applied && issue.suggestion.is_some()));
}

#[test]
fn a_service_outvotes_comparisons_but_not_the_merchant_nor_what_is_missing() {
    let contradicting = address("US", &["1 Main St"], "Portland", "WA", "97209");
    let answer = ask_with(&validator(|_| {}), contradicting, &Consulted::Answered(opinion(Some(true))));
    assert_eq!(answer.verdict, Verdict::Deliverable);
    let refuses = validator(|rules| rules.po_boxes = Policy::Refuse);
    let po_box = address("US", &["PO Box 1"], "Portland", "OR", "97209");
    let answer = ask_with(&refuses, po_box, &Consulted::Answered(opinion(Some(true))));
    assert_eq!(answer.verdict, Verdict::Undeliverable);
    let incomplete = address("US", &["1 Main St"], "", "OR", "97209");
    let answer = ask_with(&validator(|_| {}), incomplete, &Consulted::Answered(opinion(Some(true))));
    assert_eq!(answer.verdict, Verdict::Incomplete);
}

#[test]
fn without_the_service_the_own_rules_decide_and_the_reason_says_why() {
    let reason = Reason { code: "EXTERNAL_SERVICE_TIMED_OUT".into(), message: "Too slow.".into(), figures: Vec::new() };
    let given = address("US", &["1 Main St"], "Portland", "OR", "97209");
    let answer = ask_with(&validator(|_| {}), given, &Consulted::Failed(reason));
    assert_eq!((answer.verdict, &*answer.reasons[1].code), (Verdict::Deliverable, "EXTERNAL_SERVICE_TIMED_OUT"));
}

#[test]
fn a_service_that_lies_cannot_put_in_what_the_country_does_not_have_or_the_merchant_refuses() {
    let given = || address("US", &["1420 NW Lovejoy St"], "Portland", "OR", "97209");
    let say = |proposal: Proposal| Consulted::Answered(Opinion { proposal, ..opinion(Some(true)) });
    let wrong =
        say(Proposal { postal_code: Some("ABC".into()), subdivision: Some("ZZ".into()), ..Proposal::default() });
    let answer = ask_with(&validator(|_| {}), given(), &wrong);
    assert_eq!((answer.verdict, &answer.corrected), (Verdict::Deliverable, &given()));
    let named = say(Proposal {
        postal_code: Some("972091234".into()),
        subdivision: Some("Oregon".into()),
        ..Proposal::default()
    });
    let answer = ask_with(&validator(|_| {}), given(), &named);
    let place = (answer.corrected.subdivision.as_deref(), answer.corrected.postal_code.as_deref());
    assert_eq!(place, (Some("OR"), Some("97209-1234")));
    let boxed = say(Proposal { lines: Some(Vec::from(["PO Box 12".to_string()])), ..Proposal::default() });
    let answer = ask_with(&validator(|rules| rules.po_boxes = Policy::Refuse), given(), &boxed);
    assert_eq!((answer.verdict, answer.po_box), (Verdict::Undeliverable, true));
}

#[test]
fn what_a_service_says_is_shown_without_what_nobody_sees() {
    let message = "No such\u{a0}house\0 \u{202e}here".to_string();
    let refused = Consulted::Answered(Opinion { code: "NO_SUCH_HOUSE".into(), message, ..opinion(Some(false)) });
    let answer = ask_with(&validator(|_| {}), address("US", &["1 Main St"], "Portland", "OR", "97209"), &refused);
    assert_eq!(issue(&answer, "NO_SUCH_HOUSE").message, "No such house here");
}
