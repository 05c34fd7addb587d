//! Destinations, labels, and what the shopper keeps.

use super::*;
use cartwright_contract::Coordinates;
use cartwright_contract::return_policy::Payer;

#[test]
fn the_grade_that_is_expected_decides_which_kinds_take_it() {
    let mut request = request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]);
    assert_eq!(first(&policy(), &request).destination.as_deref(), Some("reno"));
    request.returns[0].condition = Condition::Worn;
    let worn = first(&policy(), &request);
    assert_eq!((worn.destination.as_deref(), worn.disposition), (Some("fixers"), Some(Disposition::Refurbish)));
    request.returns[0].condition = Condition::Damaged;
    let damaged = first(&policy(), &request);
    // Worth 7.50 as parts in Reno for a parcel of 6.00: more than the donation for 2.00.
    assert_eq!((damaged.destination.as_deref(), damaged.disposition), (Some("reno"), Some(Disposition::Recycle)));
    request.lines[0].paid = 1_000;
    assert_eq!(first(&policy(), &request).destination.as_deref(), Some("goodwill"));
}

#[test]
fn two_things_share_a_parcel_when_that_is_cheaper() {
    let worn = RequestedReturn { condition: Condition::Worn, ..back(1, 1) };
    let request = request(vec![delivered(1, 5_000, 0), delivered(1, 5_000, 0)], vec![back(0, 1), worn]);
    let answer = decided(&policy(), &request);
    // The worn one alone would go to the refurbisher.
    assert_eq!(answer.labels.len(), 1);
    assert_eq!((answer.labels[0].destination.as_str(), &answer.labels[0].decisions[..]), ("reno", &[0, 1][..]));
    // The fee is held back once.
    assert_eq!((answer.labels[0].fee, answer.total_refund), (695, 5_000 + 4_500 - 695));
}

#[test]
fn of_equal_destinations_the_nearest_is_taken() {
    let mut policy = policy();
    let coordinates = |latitude, longitude| Some(Coordinates { latitude, longitude });
    policy.destinations =
        vec![place("columbus", DestinationKind::Warehouse, 600), place("reno", DestinationKind::Warehouse, 600)];
    policy.destinations[0].destination.coordinates = coordinates(39_820_000, -82_930_000);
    policy.destinations[1].destination.coordinates = coordinates(39_660_000, -119_880_000);
    let mut request = request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]);
    assert_eq!(first(&policy, &request).destination.as_deref(), Some("columbus"), "the first that is listed");
    request.origin.coordinates = coordinates(45_530_000, -122_684_000);
    assert_eq!(first(&policy, &request).destination.as_deref(), Some("reno"));
    // 100 km and a kilogram cost 0.20: Reno is 694 km away, the parcel of 20 kg costs 27.76 more.
    request.lines[0].line.weight = 20_000;
    for place in &mut policy.destinations {
        place.freight.per_kilogram_and_100_km = Minor(20);
    }
    policy.destinations[1].freight.per_parcel = Minor(9_000);
    assert_eq!(first(&policy, &request).destination.as_deref(), Some("reno"), "Columbus is 3276 km away");
}

#[test]
fn a_supplier_takes_back_what_it_dropshipped_and_nothing_else() {
    let mut policy = policy();
    let mut acme = place("acme", DestinationKind::Supplier, 50);
    acme.destination.locations = names(&["acme-dropship"]);
    policy.destinations.push(acme);
    let mut request = request(vec![delivered(1, 5_000, 0), delivered(1, 5_000, 0)], vec![back(0, 1), back(1, 1)]);
    request.lines[1].location = "acme-dropship".into();
    let ways: Vec<_> = decided(&policy, &request).decisions.into_iter().map(|d| d.destination.unwrap()).collect();
    assert_eq!(ways, ["reno", "acme"]);
}

#[test]
fn what_is_not_worth_the_sending_may_be_kept() {
    let mut policy = policy();
    policy.rules[0].terms.keep = Keep::WhenCheaper;
    let decision = |paid| first(&policy, &request(vec![delivered(1, paid, 0)], vec![back(0, 1)]));
    // As new it is worth 90 % in Reno, and the parcel costs 6.00.
    assert!(!decision(700).keep);
    let kept = decision(600);
    assert_eq!((kept.keep, kept.destination.as_deref(), kept.refund), (true, None, 600));
    assert_eq!((kept.disposition, kept.by_grade.len(), kept.receive_by), (None, 0, None));
    assert_eq!(kept.reasons.last().unwrap().code, "KEEP_ITEM");
}

#[test]
fn a_shopper_may_keep_it_for_part_of_the_money() {
    let mut policy = policy();
    let keep = RemedyTerms { share: PartsPerMillion(300_000), ..RemedyTerms::plain(Remedy::KeepItem) };
    policy.rules[0].terms.remedies.push(keep);
    let keep = RequestedReturn { remedy: Remedy::KeepItem, ..back(0, 1) };
    let answer = decided(&policy, &request(vec![delivered(1, 5_000, 0)], vec![keep]));
    assert_eq!((answer.decisions[0].keep, answer.total_refund, answer.labels.len()), (true, 1_500, 0));
}

#[test]
fn the_merchant_pays_for_its_own_mistakes_and_for_free_remedies() {
    let mut policy = policy();
    let mut request = request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]);
    let payer = |policy: &Policy, request: &Request| {
        let answer = decided(policy, request);
        (answer.labels[0].paid_by, answer.labels[0].fee)
    };
    assert_eq!(payer(&policy, &request), (Payer::Shopper, 695));
    request.returns[0].reason = "DEFECTIVE".into();
    assert_eq!(payer(&policy, &request), (Payer::Merchant, 0));
    policy.rules[0].terms.label = LabelPayer::Shopper;
    assert_eq!(payer(&policy, &request), (Payer::Shopper, 695));
    policy.rules[0].terms.remedies[0].free_label = true;
    request.returns[0].remedy = Remedy::StoreCredit;
    assert_eq!(payer(&policy, &request), (Payer::Merchant, 0));
    request.returns[0].remedy = Remedy::Refund;
    request.customer = Some(cartwright_contract::Customer { tags: names(&["vip"]), ..Default::default() });
    assert_eq!(payer(&policy, &request), (Payer::Merchant, 0));
}

#[test]
fn a_store_takes_it_without_a_parcel() {
    let mut policy = policy();
    policy.destinations.insert(0, place("downtown", DestinationKind::Store, 0));
    let answer = decided(&policy, &request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]));
    assert_eq!((answer.labels[0].destination.as_str(), answer.labels[0].paid_by), ("downtown", Payer::Nobody));
    assert_eq!(answer.total_refund, 5_000);
}

#[test]
fn the_requests_destinations_and_their_costs_take_the_place_of_the_shops() {
    let mut request = request(vec![delivered(2, 5_000, 0)], vec![back(0, 2)]);
    let to = |id: &str, unit: Vec<i64>, parcel_cost| Destination {
        unit_costs: unit,
        parcel_cost,
        ..place(id, DestinationKind::Warehouse, 0).destination
    };
    request.destinations = vec![to("north", vec![300], 0), to("south", vec![100], 350)];
    assert_eq!(first(&policy(), &request).destination.as_deref(), Some("south"));
    request.destinations[1].country = "MX".into();
    assert_eq!(first(&policy(), &request).destination.as_deref(), Some("north"), "not over the border");
    request.destinations[0].kind = DestinationKind::Refurbisher;
    let nowhere = first(&policy(), &request);
    assert_eq!((nowhere.verdict, codes(&nowhere)), (Verdict::Review, vec!["WITHIN_WINDOW", "NO_DESTINATION"]));
}

#[test]
fn what_was_never_shipped_is_sent_nowhere() {
    let mut request = request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]);
    (request.lines[0].line.physical, request.lines[0].line.weight) = (false, 0);
    let decision = first(&policy(), &request);
    assert_eq!(
        (decision.refund, decision.destination, decision.keep, decision.disposition),
        (5_000, None, false, None)
    );
}

#[test]
fn dear_goods_that_no_destination_takes_are_no_gift() {
    let mut policy = policy();
    policy.rules[0].terms.keep = Keep::WhenCheaper;
    policy.cross_border = false;
    policy.destinations = vec![place("tokyo", DestinationKind::Warehouse, 600)];
    policy.destinations[0].destination.country = "JP".into();
    let mut request = request(vec![delivered(1, 54_995, 0)], vec![back(0, 1)]);
    let decision = first(&policy, &request);
    assert_eq!((decision.verdict, decision.keep, decision.destination.as_deref()), (Verdict::Review, false, None));
    assert!(decision.reasons.iter().any(|reason| reason.code == "NO_DESTINATION"));
    // What is worth nothing may stay all the same.
    request.lines[0].paid = 0;
    assert!(first(&policy, &request).keep);
}

#[test]
fn remedies_are_named_with_their_article() {
    let mut policy = policy();
    policy.rules[0].terms.remedies = vec![RemedyTerms::plain(Remedy::Exchange)];
    let request = request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]);
    let found = first(&policy, &request);
    assert_eq!(found.reasons[0].message, "A refund is not offered for it; an exchange is.");
}
