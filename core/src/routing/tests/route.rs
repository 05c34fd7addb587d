//! Whole decisions: each rule, each penalty, each way in which an order cannot ship, and huge orders.

use crate::geo::Position;
use crate::routing::policy::{Action, Incomplete, Mode, Penalties, Policy, Rule, Selector, Terms, When};
use crate::routing::solve::Effort;
use crate::routing::{route, route_by_default};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_routing::{
    Answer, CostKind, Disposition, LineConstraint, Location, LocationKind, Request,
};
use cartwright_contract::{Address, Coordinates, Line};

fn line(id: u32, quantity: u32) -> Line {
    Line {
        id: format!("{id}"),
        sku: format!("SKU-{id}"),
        quantity,
        unit_price: 2_000,
        weight: 500,
        physical: true,
        ..Line::default()
    }
}

pub(super) fn location(id: &str, available: &[u32]) -> Location {
    Location {
        id: id.into(),
        country: "US".into(),
        available: available.into(),
        shipment_cost: 500,
        ..Location::default()
    }
}

/// Two lines: three of one, one of another; `near` has little, `far` has all.
pub(super) fn order() -> Request {
    let mut near = location("near", &[2, 1]);
    near.coordinates = Some(Coordinates { latitude: 45_000_000, longitude: -122_000_000 });
    near.kind = LocationKind::Store;
    let mut far = location("far", &[9, 9]);
    far.coordinates = Some(Coordinates { latitude: 40_000_000, longitude: -74_000_000 });
    far.unit_costs = vec![100, 100];
    let destination = Address {
        country: "US".into(),
        coordinates: Some(Coordinates { latitude: 45_500_000, longitude: -122_600_000 }),
        ..Address::default()
    };
    Request {
        at: 1_000_000,
        order: "1".into(),
        currency: "USD".into(),
        destination,
        lines: vec![line(1, 3), line(2, 1)],
        locations: vec![near, far],
        ..Request::default()
    }
}

pub(super) fn policy(rules: &[Action]) -> Policy {
    let rule = |(index, action): (usize, &Action)| Rule {
        name: format!("rule {index}"),
        when: When::default(),
        action: action.clone(),
    };
    Policy {
        penalties: Penalties {
            split: 200,
            spread: 50,
            backorder: 1_000,
            late: 300,
            late_day: 40,
            ..Penalties::default()
        },
        rules: rules.iter().enumerate().map(rule).collect(),
        ..Policy::default()
    }
}

#[track_caller]
pub(super) fn routed(policy: &Policy, request: &Request) -> Answer {
    let answer = route(policy, request).unwrap();
    assert_eq!(answer.check(request), Ok(()), "{answer:#?}");
    answer
}

fn from(answer: &Answer) -> Vec<(&str, Vec<(u32, u32)>)> {
    let units = |shipment: &cartwright_contract::order_routing::Shipment| {
        shipment.lines.iter().map(|units| (units.line, units.quantity)).collect()
    };
    answer.shipments.iter().map(|shipment| (shipment.location.as_str(), units(shipment))).collect()
}

fn has(answer: &Answer, code: &str) -> bool {
    answer.reasons.iter().any(|reason| reason.code == code)
}

fn ids(ids: &[&str]) -> Selector {
    Selector { locations: ids.iter().map(|id| String::from(*id)).collect(), ..Selector::default() }
}

#[test]
fn the_cheapest_assignment_ships_and_says_that_it_is_proven() {
    let answer = routed(&policy(&[]), &order());
    assert_eq!(from(&answer), [("far", vec![(0, 3), (1, 1)])]);
    assert_eq!((answer.total, answer.bound), (900, 900));
    assert!(has(&answer, "PROVEN_CHEAPEST"));
    let rules: Vec<_> = answer.comparisons.iter().map(|other| (other.rule.as_str(), other.total)).collect();
    // Near ships two and one, far the third: two shipments, a split, a spread line.
    assert_eq!(rules, [("ranked-rule", 1_350), ("nearest-first", 1_350), ("fewest-splits", 900)]);
}

#[test]
fn splitting_pays_where_the_one_location_that_has_all_is_dear() {
    let mut request = order();
    request.locations[1].unit_costs = vec![600, 600];
    let mut policy = policy(&[]);
    policy.penalties.backorder = 3_000;
    let answer = routed(&policy, &request);
    assert_eq!(from(&answer), [("near", vec![(0, 2), (1, 1)]), ("far", vec![(0, 1)])]);
    assert!(has(&answer, "SPLIT_CHEAPER"));
    let kinds: Vec<_> = answer.costs.iter().map(|cost| (cost.kind, cost.amount)).collect();
    assert_eq!(kinds, [(CostKind::Split, 200), (CostKind::Spread, 50)]);
}

#[test]
fn ranked_mode_ships_by_rank_and_compares_with_the_optimum() {
    let mut policy = policy(&[]);
    policy.mode = Mode::Ranked;
    policy.terms = vec![
        Terms { who: ids(&["far"]), rank: Some(2), ..Terms::default() },
        Terms { who: ids(&["near"]), rank: Some(1), ..Terms::default() },
    ];
    let answer = routed(&policy, &order());
    assert_eq!((answer.total, answer.bound), (1_350, 900));
    assert!(answer.comparisons.iter().any(|other| other.rule == "optimal" && other.total == 900));
    assert!(has(&answer, "RANKED_RULE"));
}

#[test]
fn fees_of_the_settings_add_to_those_of_the_request() {
    let mut policy = policy(&[]);
    policy.terms = vec![
        Terms { who: ids(&["far"]), shipment: 70, pick: 5, ..Terms::default() },
        Terms { shipment: 1, opportunity: 2, ..Terms::default() },
    ];
    let answer = routed(&policy, &order());
    assert_eq!(answer.total, 500 + 71 + 4 * 107);
}

#[test]
fn a_safety_buffer_kinds_of_goods_and_limits_of_the_day_keep_units_back() {
    let terms = |terms: Terms| Policy { terms: vec![Terms { who: ids(&["far"]), ..terms }], ..policy(&[]) };
    let mut request = order();
    request.lines[0].hazardous = true;
    request.lines[0].tags = vec!["frozen".into()];
    for (case, keeps) in [
        ("buffer", Terms { buffer: 8, ..Terms::default() }),
        ("never", Terms { never: vec!["frozen".into()], ..Terms::default() }),
        ("only", Terms { only: vec!["dry".into()], ..Terms::default() }),
        ("hazardous", Terms { hazardous: Some(false), ..Terms::default() }),
        ("orders a day", Terms { orders_a_day: Some(0), ..Terms::default() }),
    ] {
        let answer = routed(&terms(keeps), &request);
        assert!(!answer.backordered.is_empty() || answer.shipments.len() > 1, "{case}: {answer:#?}");
    }
    request.locations[1].capacity = Some(0);
    assert!(has(&routed(&policy(&[]), &request), "CONSTRAINTS_CONTRADICT"));
}

#[test]
fn each_rule_on_locations_leaves_out_what_it_says() {
    let only_near = |action: Action, code: &str| {
        let answer = routed(&policy(&[action]), &order());
        assert!(from(&answer).iter().all(|(id, _)| *id == "near"), "{answer:#?}");
        assert!(has(&answer, code), "{answer:#?}");
    };
    only_near(Action::Include(ids(&["near"])), "INCLUDED_LOCATIONS");
    only_near(Action::Exclude(ids(&["far"])), "EXCLUDED_LOCATIONS");
    only_near(Action::Exclude(ids(&["far"])), "RULES_LEAVE_TOO_LITTLE");
    only_near(Action::Within(200_000), "DISTANCE_LIMIT");
    let mut request = order();
    request.locations[1].orders_today = 5;
    let answer = routed(&policy(&[Action::OrdersADay(5)]), &request);
    assert!(has(&answer, "ORDER_LIMIT_REACHED") && answer.shipments.len() == 1);
    let kinds = Selector { kinds: vec![LocationKind::Store], ..Selector::default() };
    assert_eq!(from(&routed(&policy(&[Action::Exclude(kinds)]), &order()))[0].0, "far");
}

#[test]
fn ranks_stop_at_the_first_that_have_everything() {
    let mut request = order();
    request.locations.push(location("cheap", &[9, 9]));
    request.locations[2].shipment_cost = 0;
    let ranks = |list: &[&[&str]]| Action::Ranks(list.iter().map(|rank| ids(rank)).collect());
    let answer = routed(&policy(&[ranks(&[&["near"], &["far"], &["cheap"]])]), &request);
    assert!(from(&answer).iter().all(|(id, _)| *id != "cheap") && has(&answer, "PRIORITY_RANK"));
    let answer = routed(&policy(&[ranks(&[&["near"]])]), &request);
    assert!(from(&answer)[0].0 == "cheap" && has(&answer, "PRIORITY_RANKS_SHORT"));
}

#[test]
fn rules_hold_and_cancel_and_only_the_orders_they_are_about() {
    let hold = Action::Hold { queue: "fraud".into() };
    let answer = routed(&policy(core::slice::from_ref(&hold)), &order());
    assert_eq!((answer.disposition, answer.queue.as_deref()), (Disposition::Hold, Some("fraud")));
    assert!(!answer.shipments.is_empty(), "a held order says how it would ship");
    let answer = routed(&policy(&[Action::Cancel]), &order());
    assert!(answer.disposition == Disposition::Cancel && has(&answer, "CANCELLED_BY_RULE"));
    for when in [
        When { value_from: Some(8_001), ..When::default() },
        When { value_to: Some(7_999), ..When::default() },
        When { countries: vec!["CA".into()], ..When::default() },
        When { channels: vec!["app".into()], ..When::default() },
        When { tags: vec!["gift".into()], ..When::default() },
        When { line_tags: vec!["frozen".into()], ..When::default() },
        When { customer_tags: vec!["vip".into()], ..When::default() },
        When { hazardous: Some(true), ..When::default() },
    ] {
        let mut policy = policy(core::slice::from_ref(&hold));
        policy.rules[0].when = when;
        assert_eq!(routed(&policy, &order()).disposition, Disposition::Release, "{:?}", policy.rules[0].when);
    }
}

#[test]
fn an_order_past_its_auto_cancel_date_is_given_up_and_a_held_one_knows_it() {
    let mut policy = policy(&[Action::Hold { queue: "fraud".into() }]);
    policy.cancel_after = Some(86_400);
    let mut request = order();
    request.placed = Some(request.at - 86_400);
    assert!(has(&routed(&policy, &request), "AUTO_CANCEL_DATE_PASSED"));
    request.placed = Some(request.at - 86_399);
    assert_eq!(routed(&policy, &request).cancel_at, Some(request.at + 1));
}

#[test]
fn a_complete_order_ships_whatever_that_costs_and_waits_when_it_cannot() {
    let mut request = order();
    request.locations[1].unit_costs = vec![999_999, 999_999];
    let hold = Action::Incomplete(Incomplete::Hold("stock".into()));
    assert!(!routed(&policy(&[]), &request).backordered.is_empty(), "backordering is cheaper");
    let answer = routed(&policy(core::slice::from_ref(&hold)), &request);
    assert!(answer.backordered.is_empty() && answer.total == answer.bound, "{answer:#?}");
    request.locations[1].available = vec![0, 0];
    let answer = routed(&policy(core::slice::from_ref(&hold)), &request);
    assert_eq!((answer.disposition, answer.queue.as_deref()), (Disposition::Hold, Some("stock")));
    assert!(has(&answer, "OUT_OF_STOCK") && has(&answer, "HELD_INCOMPLETE"));
    let answer = routed(&policy(&[Action::Incomplete(Incomplete::Cancel)]), &request);
    assert!(answer.disposition == Disposition::Cancel && has(&answer, "CANCELLED_INCOMPLETE"));
    let answer = routed(&policy(&[hold, Action::Incomplete(Incomplete::Partial)]), &request);
    assert_eq!(answer.disposition, Disposition::Release);
}

#[test]
fn what_cannot_ship_waits_or_is_cancelled_by_what_the_order_says() {
    let mut request = order();
    request.locations.truncate(1);
    assert!(has(&routed(&policy(&[]), &request), "UNITS_CANCELLED"));
    request.constraints.backorder = true;
    assert!(has(&routed(&policy(&[]), &request), "PARTIAL_SHIPMENT"));
    request.locations[0].available = vec![0, 0];
    let answer = routed(&policy(&[]), &request);
    assert_eq!((answer.disposition, answer.queue.as_deref()), (Disposition::Hold, Some("backorder")));
    request.constraints.backorder = false;
    assert!(has(&routed(&policy(&[]), &request), "CANCELLED_UNSHIPPABLE"));
    request.locations.clear();
    assert_eq!(routed(&policy(&[]), &request).disposition, Disposition::Cancel);
}

#[test]
fn a_limit_on_shipments_holds_from_the_order_and_from_the_rules() {
    let mut request = order();
    request.locations[1].available = vec![3, 0];
    assert_eq!(routed(&policy(&[]), &request).shipments.len(), 2);
    let answer = routed(&policy(&[Action::Shipments(1)]), &request);
    assert!(answer.shipments.len() == 1 && has(&answer, "SHIPMENT_LIMIT_BINDS"), "{answer:#?}");
    request.constraints.maximum_shipments = Some(1);
    assert_eq!(routed(&policy(&[Action::Shipments(9)]), &request).shipments.len(), 1);
}

#[test]
fn a_shipment_of_too_little_value_is_avoided() {
    let mut request = order();
    request.locations[1].unit_costs = vec![600, 600];
    let mut policy = policy(&[Action::LeastShipmentValue(2_500)]);
    policy.penalties.backorder = 3_000;
    let answer = routed(&policy, &request);
    assert!(answer.shipments.len() == 1 && has(&answer, "LEAST_SHIPMENT_VALUE"), "{answer:#?}");
    assert!(answer.bound <= answer.total);
}

#[test]
fn lines_that_leave_together_leave_whole_from_one_location() {
    let mut request = order();
    request.locations[1].unit_costs = vec![600, 600];
    request.constraints.together = vec![vec![0, 1]];
    assert_eq!(from(&routed(&policy(&[]), &request)), [("far", vec![(0, 3), (1, 1)])]);
    request.locations[1].available = vec![9, 0];
    let answer = routed(&policy(&[]), &request);
    assert!(answer.shipments.is_empty() && has(&answer, "GROUP_IN_NO_LOCATION"), "{answer:#?}");
    // Groups with a line in common are one, and a line twice in its group is there once.
    request.lines.push(line(3, 1));
    request.locations.truncate(1);
    request.locations[0].available = vec![9, 9, 0];
    request.constraints.together = vec![vec![0, 1, 1], vec![1, 2]];
    assert!(routed(&policy(&[]), &request).shipments.is_empty());
}

#[test]
fn a_line_may_ship_only_from_where_it_may() {
    let mut request = order();
    let constraint = |only: &[&str], never: &[&str]| LineConstraint {
        line: 1,
        only: ids(only).locations,
        never: ids(never).locations,
    };
    request.constraints.lines = vec![constraint(&["near"], &[])];
    assert!(from(&routed(&policy(&[]), &request)).contains(&("near", vec![(0, 2), (1, 1)])));
    request.constraints.lines = vec![constraint(&[], &["far", "mars"])];
    assert!(routed(&policy(&[]), &request).shipments[0].location == "near");
    request.constraints.lines = vec![constraint(&["near"], &["near"])];
    let answer = routed(&policy(&[]), &request);
    assert!(has(&answer, "CONSTRAINTS_CONTRADICT") && answer.backordered[0].line == 1, "{answer:#?}");
    request.constraints.lines = vec![constraint(&["mars"], &[])];
    assert!(has(&routed(&policy(&[]), &request), "CONSTRAINTS_CONTRADICT"));
}

#[test]
fn unit_capacity_is_shared_by_the_lines() {
    let mut request = order();
    request.locations[1].unit_capacity = Some(2);
    let answer = routed(&policy(&[]), &request);
    let of_far: u32 =
        answer.shipments.iter().filter(|s| s.location == "far").flat_map(|s| &s.lines).map(|u| u.quantity).sum();
    assert!(of_far <= 2 && answer.backordered.is_empty() && answer.total == answer.bound, "{answer:#?}");
    request.locations.remove(0);
    assert!(has(&routed(&policy(&[]), &request), "CAPACITY_BINDS"));
}

#[test]
fn late_shipments_cost_their_days() {
    let mut request = order();
    request.constraints.promised = Some(20_000);
    request.locations[0].arrives = Some(20_000);
    request.locations[1].arrives = Some(20_002);
    let answer = routed(&policy(&[]), &request);
    let late = answer.shipments[0].costs.iter().find(|cost| cost.kind == CostKind::Late).unwrap();
    assert_eq!((answer.shipments[0].location.as_str(), late.amount), ("far", 380));
    assert!(has(&answer, "ARRIVES_LATE"));
    request.locations[1].arrives = Some(20_050);
    assert_eq!(routed(&policy(&[]), &request).shipments[0].location, "near");
}

#[test]
fn what_is_not_shipped_is_not_routed() {
    let mut request = order();
    (request.lines[1].physical, request.lines[1].weight) = (false, 0);
    let answer = routed(&policy(&[]), &request);
    assert_eq!(from(&answer), [("far", vec![(0, 3)])]);
    (request.lines[0].physical, request.lines[0].weight) = (false, 0);
    let answer = routed(&policy(&[]), &request);
    assert!(answer.disposition == Disposition::Release && has(&answer, "NOTHING_TO_SHIP"));
}

#[test]
fn another_currency_a_bad_request_and_costs_without_end_are_failures() {
    let mut policy = policy(&[]);
    policy.currency = "EUR".into();
    assert_eq!(route(&policy, &order()).unwrap_err().code, "CURRENCY_NOT_SOLD");
    let mut request = order();
    request.locations[0].available.pop();
    assert_eq!(route_by_default(&request).unwrap_err().field.as_deref(), Some("/locations/0/available"));
    let mut request = order();
    request.lines[0].quantity = 1_000_000;
    request.locations[1].unit_costs = vec![100_000_000_000_000; 2];
    assert_eq!(route_by_default(&request).unwrap_err().code, "AMOUNT_TOO_LARGE");
}

#[test]
fn a_place_of_the_settings_stands_in_for_missing_coordinates() {
    let mut request = order();
    request.locations.iter_mut().for_each(|location| location.coordinates = None);
    let within = policy(&[Action::Within(200_000)]);
    assert!(has(&routed(&within, &request), "DISTANCE_UNKNOWN"));
    let far = Position::try_from(Coordinates { latitude: 40_000_000, longitude: -74_000_000 }).unwrap();
    let known = Policy { places: [("far".into(), far)].into(), ..within };
    assert!(from(&routed(&known, &request)).iter().all(|(id, _)| *id == "near"));
}

/// An order of so many lines and locations, each with stock of every third.
pub(super) fn huge(lines: u32, locations: u32) -> Request {
    let mut request = order();
    request.lines = (0..lines).map(|id| line(id, 1 + id % 4)).collect();
    request.locations = (0..locations)
        .map(|at| {
            let stock: Vec<u32> =
                (0..lines).map(|id| if (id * 7 + at * 13) % 3 == 0 { 1 + (id + at) % 5 } else { 0 }).collect();
            let mut location = location(&format!("L{at}"), &stock);
            location.unit_costs = (0..lines).map(|id| i64::from((id * 31 + at * 17) % 400)).collect();
            location.shipment_cost = i64::from(300 + at % 700);
            location
        })
        .collect();
    request
}

#[test]
fn ten_thousand_locations_and_ten_thousand_lines_get_an_answer_with_its_gap() {
    let policy = Policy { effort: Some(Effort { steps: 1_000_000 }), ..policy(&[]) };
    for (lines, locations) in [(3, 10_000), (20, 2_000), (10_000, 20), (1_000, 200)] {
        let request = huge(lines, locations);
        let answer = routed(&policy, &request);
        assert!(answer.bound * 2 > answer.total, "{lines} x {locations}: {} of {}", answer.bound, answer.total);
        let best_rule = answer.comparisons.iter().map(|other| other.total).min().unwrap();
        assert!(answer.total <= best_rule, "{lines} x {locations}: {} beside {best_rule}", answer.total);
    }
}

#[test]
fn the_same_order_is_always_routed_alike_whatever_the_effort() {
    let request = huge(12, 60);
    for steps in [100, 10_000, 10_000_000] {
        let policy = Policy { effort: Some(Effort { steps }), ..policy(&[]) };
        assert_eq!(routed(&policy, &request), routed(&policy, &request));
    }
}
