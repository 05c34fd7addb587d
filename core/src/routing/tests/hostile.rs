//! Orders that are hard on the search, and answers whose reasons must still be true of them.

use super::route::{huge, location, order, policy, routed};
use crate::routing::policy::{Action, Incomplete, Mode, Policy};
use crate::routing::solve::Effort;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_routing::{Disposition, LineConstraint};

#[test]
fn capacities_of_very_many_lines_neither_exhaust_the_stack_nor_cost_more_than_a_greedy_way() {
    let policy = Policy { effort: Some(Effort { steps: 500_000 }), ..policy(&[]) };
    for (lines, locations) in [(10_000, 3), (3, 2_000), (300, 20)] {
        let mut request = huge(lines, locations);
        for (at, location) in request.locations.iter_mut().enumerate() {
            location.unit_capacity = Some(lines / 3 + at as u32 % 7);
        }
        let answer = routed(&policy, &request);
        let best_rule = answer.comparisons.iter().map(|other| other.total).min().unwrap();
        assert!(answer.total <= best_rule, "{lines} x {locations}: {} beside {best_rule}", answer.total);
    }
}

#[test]
fn the_search_ends_by_its_own_effort_however_wide_the_order_is() {
    for (lines, locations) in [(3, 2_000), (60, 200), (1_000, 50)] {
        for (limit, capacity) in [(None, None), (Some(3), None), (None, Some(lines / 3 + 1))] {
            let mut request = huge(lines, locations);
            request.constraints.maximum_shipments = limit;
            request.locations.iter_mut().for_each(|location| location.unit_capacity = capacity);
            let steps = 500_000;
            let answer = routed(&Policy { effort: Some(Effort { steps }), ..policy(&[]) }, &request);
            let figures = answer.reasons.iter().flat_map(|reason| &reason.figures);
            let spent = figures.filter(|figure| figure.name == "steps").map(|figure| figure.value).max().unwrap();
            // The effort, and what some rounds over all cells take that no answer can do without.
            let most = steps as i64 + 30 * i64::from(lines * locations);
            assert!(spent < most, "{lines} x {locations}, {limit:?}, {capacity:?}: {spent} steps");
        }
    }
}

#[test]
fn where_the_least_shipment_value_leaves_a_line_out_the_reason_says_so() {
    let mut request = order();
    request.locations = vec![location("a", &[5, 0]), location("b", &[0, 5])];
    let answer = routed(&policy(&[Action::LeastShipmentValue(3_000)]), &request);
    assert_eq!(answer.backordered.len(), 1);
    assert!(answer.reasons.iter().any(|reason| reason.code == "LEAST_SHIPMENT_VALUE_BINDS"), "{:?}", answer.reasons);
    assert!(answer.reasons.iter().all(|reason| reason.code != "BACKORDER_CHEAPER"), "{:?}", answer.reasons);
}

#[test]
fn in_ranked_mode_an_order_that_ships_complete_does_whatever_a_unit_costs() {
    let mut request = order();
    request.locations = vec![location("a", &[5, 5])];
    request.locations[0].unit_costs = vec![900_000, 1];
    let rules = [Action::Incomplete(Incomplete::Hold("waits".into()))];
    for mode in [Mode::Optimal, Mode::Ranked] {
        let answer = routed(&Policy { mode, ..policy(&rules) }, &request);
        assert_eq!((answer.disposition, answer.backordered.len()), (Disposition::Release, 0), "{mode:?}");
    }
}

#[test]
fn an_order_that_is_given_up_is_not_said_to_wait_or_to_ship() {
    let rules = [Action::Hold { queue: "q".into() }, Action::Cancel];
    let answer = routed(&policy(&rules), &order());
    assert_eq!(answer.reasons.iter().map(|reason| &*reason.code).collect::<Vec<_>>(), ["CANCELLED_BY_RULE"]);
}

#[test]
fn a_contradiction_names_what_rules_the_units_out() {
    let mut request = order();
    request.locations = vec![location("a", &[5, 5]), location("b", &[7, 5])];
    request.locations[1].capacity = Some(0);
    request.constraints.lines = vec![LineConstraint { line: 0, only: vec!["b".into()], never: vec![] }];
    let answer = routed(&policy(&[]), &request);
    let said = answer.reasons.iter().find(|reason| reason.code == "CONSTRAINTS_CONTRADICT").unwrap();
    let own = "the line's own locations (`only`, `never`): 5 units; locations' limits of the day: 7 units";
    assert!(said.message.contains(own), "{}", said.message);
}
