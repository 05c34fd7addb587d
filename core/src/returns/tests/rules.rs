//! Which rule governs, overrides, windows, approval, serial returners.

use super::*;
use Verdict::{Approve, Decline, Review};
use cartwright_contract::Customer;

#[test]
fn what_is_asked_in_time_is_approved_until_the_last_day() {
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    let decision = first(&policy(), &request);
    assert_eq!((decision.verdict, decision.remedy, decision.refund), (Approve, Some(Remedy::Refund), 5_400 - 695));
    assert_eq!(codes(&decision), ["WITHIN_WINDOW", "LABEL_FEE"]);
    assert_eq!(decision.rules, ["standard"]);
    // 5 September and thirty days.
    assert_eq!(decision.until, Some(Day::from_civil(2026, 10, 5).unwrap().0));
    // Still 5 October in Los Angeles at 06:59 UTC of the 6th, the 6th at 07:00.
    request.at = noon(2026, 10, 6) - 5 * 3_600 - 1;
    assert_eq!(first(&policy(), &request).verdict, Approve);
    request.at += 1;
    let late = first(&policy(), &request);
    assert_eq!((late.verdict, late.refund, codes(&late)), (Decline, 0, vec!["WINDOW_CLOSED"]));
    assert_eq!(late.reasons[0].message, "It could be asked back until 2026-10-05; it was on 2026-10-06.");
}

#[test]
fn what_was_asked_in_time_may_be_decided_later() {
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    (request.returns[0].asked, request.at) = (Some(request.at), noon(2027, 3, 1));
    assert_eq!(first(&policy(), &request).verdict, Approve);
}

#[test]
fn a_christmas_purchase_has_until_the_end_of_january() {
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    (request.ordered, request.lines[0].delivered) = (noon(2026, 11, 20), Some(noon(2026, 11, 25)));
    request.at = noon(2027, 1, 31);
    assert_eq!(codes(&first(&policy(), &request))[0], "WINDOW_EXTENDED");
    request.at = noon(2027, 2, 2);
    assert_eq!(first(&policy(), &request).verdict, Decline);
}

#[test]
fn overrides_stand_above_the_rules_but_for_the_reasons_that_they_name() {
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    request.lines[0].line.tags = names(&["final-sale"]);
    let decision = first(&policy(), &request);
    assert_eq!((decision.verdict, codes(&decision)), (Decline, vec!["FINAL_SALE"]));
    request.returns[0].reason = "DEFECTIVE".into();
    assert_eq!(first(&policy(), &request).verdict, Approve);
    request.lines[0].line.tags = names(&["hygiene"]);
    assert_eq!(first(&policy(), &request).verdict, Approve, "unopened");
    request.returns[0].condition = Condition::Opened;
    assert_eq!(codes(&first(&policy(), &request))[0], "HYGIENE_GOODS_OPENED");
    request.lines[0].line.tags.clear();
    request.lines[0].line.hazardous = true;
    assert_eq!(first(&policy(), &request).verdict, Review);
}

#[test]
fn the_first_rule_that_matches_governs_alone() {
    let mut policy = policy();
    let shoes = Criteria { tags: names(&["category:shoes"]), ..Criteria::default() };
    let sixty = Terms { window: Some(days(60)), ..terms() };
    policy.rules.insert(0, rule("shoes", shoes, sixty));
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    request.at = noon(2026, 10, 20);
    assert_eq!(first(&policy, &request).verdict, Decline);
    request.lines[0].line.tags = names(&["category:shoes"]);
    assert_eq!(first(&policy, &request).rules, ["shoes"]);
    policy.rules.reverse();
    assert_eq!(first(&policy, &request).verdict, Decline, "the standard rule stands first now");
}

#[test]
fn every_criterion_is_looked_at() {
    let mut request = request(vec![delivered(2, 5_000, 400)], vec![back(0, 1)]);
    request.customer = Some(Customer { tags: names(&["vip"]), ..Customer::default() });
    request.channel = "web".into();
    request.tags = names(&["sale"]);
    request.lines[0].gift = true;
    request.lines[0].line.tags = names(&["category:shoes", "outlet"]);
    let any = Criteria::default;
    let (yes, no) = (true, false);
    #[rustfmt::skip]
    let cases = [
        (yes, any()),
        (yes, Criteria { tags: names(&["x", "outlet"]), ..any() }), (no, Criteria { tags: names(&["x"]), ..any() }),
        (no, Criteria { without_tags: names(&["outlet"]), ..any() }), (yes, Criteria { without_tags: names(&["x"]), ..any() }),
        (yes, Criteria { skus: names(&["SKU"]), ..any() }), (no, Criteria { skus: names(&["sku"]), ..any() }),
        (yes, Criteria { reasons: names(&["TOO_LARGE"]), ..any() }), (no, Criteria { reasons: names(&["DEFECTIVE"]), ..any() }),
        (yes, Criteria { conditions: vec![Condition::Unopened], ..any() }), (no, Criteria { conditions: vec![Condition::Worn], ..any() }),
        (yes, Criteria { customers: names(&["vip"]), ..any() }), (no, Criteria { customers: names(&["trade"]), ..any() }),
        (yes, Criteria { channels: names(&["web"]), ..any() }), (no, Criteria { channels: names(&["pos"]), ..any() }),
        (yes, Criteria { countries: names(&["CA", "US"]), ..any() }), (no, Criteria { countries: names(&["CA"]), ..any() }),
        (yes, Criteria { order_tags: names(&["sale"]), ..any() }), (no, Criteria { order_tags: names(&["x"]), ..any() }),
        (yes, Criteria { price: (Some(Minor(2_500)), Some(Minor(2_500))), ..any() }),
        (no, Criteria { price: (Some(Minor(2_501)), None), ..any() }), (no, Criteria { price: (None, Some(Minor(2_499))), ..any() }),
        (yes, Criteria { gift: Some(true), ..any() }), (no, Criteria { gift: Some(false), ..any() }),
        (yes, Criteria { merchant_fault: Some(false), ..any() }), (no, Criteria { merchant_fault: Some(true), ..any() }),
    ];
    for (holds, when) in cases {
        let mut policy = policy();
        policy.rules = vec![rule("only", when.clone(), terms())];
        let decision = first(&policy, &request);
        assert_eq!(decision.verdict == Approve, holds, "{when:?}");
        if !holds {
            assert_eq!(codes(&decision), ["NOT_RETURNABLE"]);
        }
    }
}

#[test]
fn together_the_strictest_of_each_term_holds_in_any_order() {
    let mut policy = policy();
    policy.combine = Combine::MostRestrictive;
    let fee = |amount| Fee { per_unit: Minor(amount), ..Fee::default() };
    let one = Terms { restocking: fee(100), label: LabelPayer::Merchant, ..terms() };
    let other = Terms {
        window: Some(days(10)),
        restocking: fee(300),
        remedies: vec![RemedyTerms::plain(Remedy::Refund), RemedyTerms::plain(Remedy::StoreCredit)],
        ..terms()
    };
    policy.rules = vec![rule("one", Criteria::default(), one), rule("other", Criteria::default(), other)];
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    request.at = noon(2026, 9, 10);
    let forward = decided(&policy, &request);
    policy.rules.reverse();
    assert_eq!(decided(&policy, &request), forward);
    let decision = &forward.decisions[0];
    assert_eq!(decision.rules, ["one", "other"]);
    assert_eq!(decision.until, Some(Day::from_civil(2026, 9, 15).unwrap().0));
    let offers: Vec<_> = decision.remedies.iter().map(|offer| (offer.remedy, offer.fee, offer.bonus)).collect();
    assert_eq!(offers, [(Remedy::Refund, 300, 0), (Remedy::StoreCredit, 300, 0)], "exchange is in one only");
    assert_eq!(decision.refund, 5_400 - 300 - 695);
}

#[test]
fn rules_that_contradict_each_other_are_named_to_a_person() {
    let mut policy = policy();
    policy.combine = Combine::MostRestrictive;
    let only = |remedy| Terms { remedies: vec![RemedyTerms::plain(remedy)], ..terms() };
    policy.rules = vec![
        rule("a", Criteria::default(), only(Remedy::Refund)),
        rule("b", Criteria::default(), only(Remedy::StoreCredit)),
    ];
    let decision = first(&policy, &request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]));
    assert_eq!((decision.verdict, codes(&decision)), (Review, vec!["CONTRADICTORY_RULES"]));
    assert!(decision.reasons[0].message.contains("rules a, b contradict"), "{}", decision.reasons[0].message);
    assert_eq!(decision.refund, 0);
}

#[test]
fn a_remedy_may_have_a_window_of_its_own() {
    let mut policy = policy();
    policy.rules[0].terms.remedies[0].window = Some(days(90));
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    request.at = noon(2026, 10, 20);
    let decision = first(&policy, &request);
    assert_eq!((decision.verdict, decision.remedy), (Approve, Some(Remedy::StoreCredit)));
    assert_eq!(decision.reasons[0].message, "A refund could be asked for until 2026-10-05; a store credit still can.");
    assert_eq!(decision.remedies.len(), 1);
    assert_eq!((decision.refund, decision.bonus_credit), (4_705, 540));
}

#[test]
fn a_person_approves_what_is_dear_or_of_a_kind() {
    let plain = request(vec![delivered(2, 50_000, 4_000)], vec![back(0, 1)]);
    let review = |approval: Approval| {
        let policy = Policy { approval, ..policy() };
        let decision = first(&policy, &plain);
        assert_eq!(
            (decision.verdict, decision.status),
            (Review, cartwright_contract::return_policy::RmaStatus::Requested)
        );
        assert_eq!(decided(&policy, &plain).total_refund, 0);
        assert_eq!(decision.refund, 27_000, "what it would be");
        decision.reasons.last().unwrap().code.clone()
    };
    assert_eq!(review(Approval { above: Some(Minor(26_999)), ..Approval::default() }), "ABOVE_APPROVAL_VALUE");
    assert_eq!(review(Approval { reasons: names(&["TOO_LARGE"]), ..Approval::default() }), "REASON_NEEDS_APPROVAL");
    let conditions = vec![Condition::Unopened];
    assert_eq!(review(Approval { conditions, ..Approval::default() }), "CONDITION_NEEDS_APPROVAL");
    let exact = Policy { approval: Approval { above: Some(Minor(27_000)), ..Approval::default() }, ..policy() };
    assert_eq!(first(&exact, &plain).verdict, Approve);
}

#[test]
fn a_serial_returner_goes_to_a_person_unless_exempt_or_wronged() {
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    request.returned_units = 10;
    let decision = first(&policy(), &request);
    assert_eq!((decision.verdict, decision.reasons.last().unwrap().code.as_str()), (Review, "SERIAL_RETURNER"));
    request.returned_units = 9;
    assert_eq!(first(&policy(), &request).verdict, Approve);
    request.returned_units = 20;
    request.customer = Some(Customer { tags: names(&["vip"]), ..Customer::default() });
    assert_eq!(first(&policy(), &request).verdict, Approve);
    request.customer = None;
    request.returns[0].reason = "DEFECTIVE".into();
    assert_eq!(first(&policy(), &request).verdict, Approve);
}

#[test]
fn an_unknown_reason_and_an_unknown_delivery_go_to_a_person() {
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    request.returns[0].reason = "WHIM".into();
    assert_eq!(codes(&first(&policy(), &request)), ["UNKNOWN_REASON", "WITHIN_WINDOW"]);
    request.returns[0].reason = "TOO_LARGE".into();
    request.lines[0].delivered = None;
    assert_eq!(codes(&first(&policy(), &request)), ["DELIVERY_UNKNOWN"]);
    let assuming = Policy { assumed_transit: Some(7), ..policy() };
    let decision = first(&assuming, &request);
    assert_eq!(codes(&decision), ["WITHIN_WINDOW", "DELIVERY_ASSUMED", "LABEL_FEE"]);
    assert_eq!(decision.until, Some(Day::from_civil(2026, 10, 8).unwrap().0));
}

#[test]
fn a_rule_covers_those_that_ask_for_more() {
    let shoes = Criteria { tags: names(&["shoes"]), ..Criteria::default() };
    let red = Criteria { channels: names(&["web"]), ..shoes.clone() };
    let more = Criteria { tags: names(&["boots", "shoes"]), ..Criteria::default() };
    assert!(Criteria::default().cover(&shoes) && shoes.cover(&red) && more.cover(&shoes));
    assert!(!red.cover(&shoes) && !shoes.cover(&more) && !shoes.cover(&Criteria::default()));
    let cheap = Criteria { price: (None, Some(Minor(100))), ..Criteria::default() };
    let dear = Criteria { price: (Some(Minor(50)), None), ..Criteria::default() };
    assert!(!cheap.cover(&dear) && !dear.cover(&cheap) && cheap.cover(&cheap));
    let never = Criteria { price: (Some(Minor(2)), Some(Minor(1))), ..Criteria::default() };
    assert!(never.contradictory() && !cheap.contradictory());
}

#[test]
fn another_currency_is_refused() {
    let mut request = request(vec![delivered(1, 5_000, 400)], vec![back(0, 1)]);
    request.currency = "EUR".into();
    assert_eq!(decide(&policy(), &request).unwrap_err().code, "CURRENCY_NOT_SOLD");
}
