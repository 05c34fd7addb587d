//! Units, bundles, fees, shipping: to the cent.

use super::*;
use cartwright_contract::return_policy::RefundKind::{Bundle, EarlierRefunds, Goods, LabelFee, RestockingFee, Tax};

#[test]
fn discounts_and_tax_are_spread_over_the_units() {
    // 10.00 for three after discounts, 0.85 tax: 3.33, 3.34, 3.33 and 0.28, 0.29, 0.28.
    let mut free = policy();
    free.labels = Labels::default();
    let mut request = request(vec![delivered(3, 1_000, 85)], vec![back(0, 1)]);
    let mut refunds = Vec::new();
    for returned in 0..3 {
        request.lines[0].returned = returned;
        let decision = first(&free, &request);
        refunds.push(decision.refund);
        request.lines[0].refunded += decision.refund;
    }
    assert_eq!(refunds, [333 + 28, 334 + 29, 333 + 28]);
    assert_eq!(request.lines[0].refunded, 1_085);
}

#[test]
fn goodwill_given_before_is_taken_off_and_a_fee_kept_before_is_not_given_back() {
    let mut free = policy();
    free.labels = Labels::default();
    let mut request = request(vec![delivered(2, 1_000, 0)], vec![back(0, 1)]);
    request.lines[0].refunded = 200;
    let decision = first(&free, &request);
    assert_eq!(decision.parts, [part(Goods, 500), part(EarlierRefunds, -200)]);
    (request.lines[0].returned, request.lines[0].refunded) = (1, 450);
    assert_eq!(first(&free, &request).refund, 500);
    request.lines[0].refunded = 1_000;
    assert_eq!(first(&free, &request).refund, 0);
}

fn tent_and_stove() -> Request {
    // 600.00 and 100.00 by themselves, 630.00 together; 10 % tax.
    let mut lines = vec![delivered(1, 54_000, 5_400), delivered(1, 9_000, 900)];
    (lines[0].line.unit_price, lines[1].line.unit_price) = (60_000, 10_000);
    for line in &mut lines {
        line.bundle = "camp".into();
    }
    request(lines, vec![back(1, 1)])
}

fn bundled(bundle: BundleRule) -> Policy {
    let mut policy = policy();
    policy.labels = Labels::default();
    policy.rules[0].terms.bundle = bundle;
    policy
}

#[test]
fn part_of_a_bundle_is_worth_what_the_rest_leaves_of_its_price() {
    let mut request = tent_and_stove();
    assert_eq!(first(&bundled(BundleRule::Apart), &request).refund, 9_900);
    // 693.00 paid with tax, less the tent at 660.00.
    let policy = bundled(BundleRule::Revalue);
    let decision = first(&policy, &request);
    assert_eq!(decision.parts, [part(Goods, 9_000), part(Tax, 900), part(Bundle, -6_600)]);
    assert_eq!(decision.refund, 3_300);
    // The tent then brings the rest.
    (request.lines[1].returned, request.lines[1].refunded) = (1, 3_300);
    request.returns = vec![back(0, 1)];
    let rest = first(&policy, &request);
    assert_eq!(rest.parts, [part(Goods, 54_000), part(Tax, 5_400), part(Bundle, 6_600)]);
    assert_eq!(rest.refund + 3_300, 69_300);
}

#[test]
fn one_of_two_bundles_that_comes_back_whole_leaves_the_other_its_price() {
    let mut request = tent_and_stove();
    for line in &mut request.lines {
        (line.line.quantity, line.paid, line.tax) = (2, line.paid * 2, line.tax * 2);
    }
    let policy = bundled(BundleRule::Revalue);
    let given = |request: &Request| decided(&policy, request).total_refund;
    assert_eq!(given(&request), 3_300, "one stove: a tent is left at its unit price, and a whole set");
    request.returns = vec![back(0, 1), back(1, 1)];
    assert_eq!(given(&request), 69_300);
    request.returns = vec![back(1, 2)];
    assert_eq!(given(&request), 6_600);
    request.returns = vec![back(0, 2), back(1, 1)];
    assert_eq!(given(&request), 2 * 69_300 - 11_000, "a stove is left at its unit price");
}

#[test]
fn part_of_a_bundle_is_never_left_for_more_than_the_whole() {
    let mut request = tent_and_stove();
    // 560.00 together: less than the tent alone.
    (request.lines[0].paid, request.lines[0].tax) = (48_000, 4_800);
    (request.lines[1].paid, request.lines[1].tax) = (8_000, 800);
    let decision = first(&bundled(BundleRule::Revalue), &request);
    assert_eq!(decision.parts, [part(Goods, 8_000), part(Tax, 800), part(Bundle, -8_800)]);
}

#[test]
fn a_whole_bundle_at_once_is_worth_its_price() {
    let mut request = tent_and_stove();
    request.returns.push(back(0, 1));
    for rule in [BundleRule::Apart, BundleRule::Revalue, BundleRule::Whole] {
        assert_eq!(decided(&bundled(rule), &request).total_refund, 69_300, "{rule:?}");
    }
}

#[test]
fn a_bundle_that_comes_back_whole_only_is_declined_in_part_but_for_defects() {
    let mut request = tent_and_stove();
    let policy = bundled(BundleRule::Whole);
    let decision = first(&policy, &request);
    assert_eq!(
        (decision.verdict, decision.reasons.last().unwrap().code.as_str()),
        (Verdict::Decline, "BUNDLE_INCOMPLETE")
    );
    request.returns[0].reason = "DEFECTIVE".into();
    assert_eq!(first(&policy, &request).refund, 9_900);
    // A declined part takes the other with it, a part under review too.
    let mut request = tent_and_stove();
    request.returns.push(back(0, 1));
    request.lines[0].line.tags = names(&["final-sale"]);
    let answer = decided(&policy, &request);
    assert!(answer.decisions.iter().all(|decision| decision.verdict == Verdict::Decline));
    request.lines[0].line.tags.clear();
    request.lines[0].line.hazardous = true;
    let answer = decided(&policy, &request);
    assert!(answer.decisions.iter().all(|decision| decision.verdict == Verdict::Review));
    assert_eq!(codes(&answer.decisions[0]), ["WITHIN_WINDOW", "BUNDLE_UNDER_REVIEW"]);
}

#[test]
fn what_a_person_decides_on_does_not_raise_what_is_approved() {
    let mut request = tent_and_stove();
    request.returns.push(back(0, 1));
    request.lines[0].line.hazardous = true;
    let answer = decided(&bundled(BundleRule::Revalue), &request);
    assert_eq!((answer.decisions[0].refund, answer.decisions[1].refund), (3_300, 66_000));
    assert_eq!(answer.total_refund, 3_300);
}

#[test]
fn a_restocking_fee_is_a_share_of_the_goods_within_its_limits() {
    let mut policy = policy();
    policy.labels = Labels::default();
    let share = PartsPerMillion(150_000);
    policy.rules[0].terms.restocking =
        Fee { share, minimum: Some(Minor(500)), maximum: Some(Minor(2_000)), ..Fee::default() };
    // The exchange is free of it.
    policy.rules[0].terms.remedies[1].restocking = Some(Fee::default());
    let decision = |paid| first(&policy, &request(vec![delivered(1, paid, 0)], vec![back(0, 1)]));
    assert_eq!(decision(10_000).parts, [part(Goods, 10_000), part(RestockingFee, -1_500)]);
    assert_eq!(decision(1_000).refund, 500);
    assert_eq!(decision(300).refund, 0, "never below zero");
    let dear = decision(100_000);
    assert_eq!(dear.refund, 98_000);
    let offers: Vec<_> = dear.remedies.iter().map(|offer| (offer.remedy, offer.amount, offer.fee)).collect();
    assert_eq!(
        offers,
        [(Remedy::StoreCredit, 107_800, 2_000), (Remedy::Exchange, 100_000, 0), (Remedy::Refund, 98_000, 2_000)]
    );
}

#[test]
fn a_label_that_costs_more_than_is_given_back_leaves_nothing_and_no_debt() {
    let request = request(vec![delivered(1, 400, 0)], vec![back(0, 1)]);
    let answer = decided(&policy(), &request);
    assert_eq!(answer.decisions[0].parts, [part(Goods, 400), part(LabelFee, -400)]);
    assert_eq!((answer.labels[0].fee, answer.total_refund), (400, 0));
    assert_eq!(answer.reasons[0].code, "LABEL_FEE_REDUCED");
}

#[test]
fn shipping_is_given_back_as_the_rule_says() {
    let given = |shipping, returns: Vec<RequestedReturn>| {
        let mut policy = policy();
        policy.rules[0].terms.shipping = shipping;
        decided(&policy, &request(vec![delivered(1, 3_000, 0), delivered(2, 1_000, 0)], returns)).shipping_refund
    };
    assert_eq!(given(ShippingRefund::None, vec![back(0, 1)]), 0);
    assert_eq!(given(ShippingRefund::Outbound, vec![back(1, 1)]), 1_000);
    assert_eq!(given(ShippingRefund::Proportional, vec![back(0, 1)]), 750);
    assert_eq!(given(ShippingRefund::Proportional, vec![back(1, 1)]), 125);
    assert_eq!(given(ShippingRefund::WhenComplete, vec![back(0, 1)]), 0);
    assert_eq!(given(ShippingRefund::WhenComplete, vec![back(0, 1), back(1, 2)]), 1_000);
    let exchange = RequestedReturn { remedy: Remedy::Exchange, ..back(0, 1) };
    assert_eq!(given(ShippingRefund::Outbound, vec![exchange]), 0, "new goods are shipped for it");
}

#[test]
fn money_credit_and_exchange_are_told_apart_and_a_repair_costs_nobody() {
    let mut policy = policy();
    policy.labels = Labels::default();
    policy.rules[0].terms.remedies.push(RemedyTerms::plain(Remedy::Repair));
    let lines = vec![delivered(1, 1_000, 0), delivered(1, 2_000, 0), delivered(1, 4_000, 0), delivered(1, 8_000, 0)];
    let by = |line, remedy| RequestedReturn { remedy, ..back(line, 1) };
    let returns =
        vec![by(0, Remedy::Refund), by(1, Remedy::StoreCredit), by(2, Remedy::Exchange), by(3, Remedy::Repair)];
    let answer = decided(&policy, &request(lines, returns));
    assert_eq!((answer.total_refund, answer.total_credit, answer.total_exchange), (1_000, 2_200, 4_000));
    let repair = &answer.decisions[3];
    assert_eq!((repair.refund, repair.disposition), (0, None));
    assert_eq!(repair.remedies.iter().map(|offer| offer.amount).collect::<Vec<_>>(), [8_800, 8_000, 8_000, 0]);
}
