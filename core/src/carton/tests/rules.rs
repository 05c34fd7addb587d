//! One rule a test.

use alloc::vec;

use super::super::{Billing, Divisor, Item, Misfit, Reason, Turns};
use super::{boxes, carton, item, pack, per_parcel};
use crate::money::Minor;
use crate::units::{Grams, Millimetres, Size};

#[test]
fn no_items_need_no_box() {
    let packing = pack(&[], &[carton(100, 100, 100, 10)], &per_parcel(100));
    assert!(packing.boxes.is_empty() && packing.misfits.is_empty() && packing.proven);
    assert_eq!(packing.cost, Minor(0));
}

#[test]
fn the_cheapest_box_that_holds_all_is_chosen_and_proven() {
    let cartons = [carton(400, 400, 400, 90), carton(210, 110, 60, 40), carton(200, 100, 50, 50)];
    let packing = pack(&[item(200, 100, 50, 1)], &cartons, &per_parcel(100));
    assert_eq!(boxes(&packing), [1]);
    assert_eq!(packing.cost, Minor(140));
    assert!(packing.proven);
}

#[test]
fn two_small_boxes_are_chosen_when_they_cost_less_than_a_large_one() {
    let cartons = [carton(200, 100, 100, 500), carton(100, 100, 100, 100)];
    assert_eq!(boxes(&pack(&[item(100, 100, 100, 2)], &cartons, &per_parcel(0))), [1, 1]);
}

#[test]
fn at_equal_cost_fewer_boxes_then_less_billable_weight_then_the_lower_index_wins() {
    let fewer = [carton(100, 100, 100, 100), carton(200, 100, 100, 200)];
    assert_eq!(boxes(&pack(&[item(100, 100, 100, 2)], &fewer, &per_parcel(0))), [1]);

    let mut heavy = carton(100, 100, 100, 100);
    heavy.empty_weight = Grams(80);
    let lighter = [heavy, carton(100, 100, 100, 100)];
    assert_eq!(boxes(&pack(&[item(100, 100, 100, 1)], &lighter, &per_parcel(0))), [1]);

    let same = [carton(100, 100, 100, 100), carton(100, 100, 100, 100)];
    assert_eq!(boxes(&pack(&[item(100, 100, 100, 1)], &same, &per_parcel(0))), [0]);
}

#[test]
fn the_larger_of_gross_and_dimensional_weight_is_billed_in_whole_steps() {
    let cartons = [carton(290, 190, 90, 25)];
    let billing = Billing {
        per_parcel: Minor(100),
        per_kilogram: Minor(1_000),
        divisor: Some(Divisor::cubic_centimetres_per_kilogram(5_000)),
        ..Billing::default()
    };
    // 300 x 200 x 100 mm are 6000 cm3, over 5000 cm3/kg 1.2 kg; the unit and the box weigh 150 g.
    let light = pack(&[item(100, 100, 50, 1)], &cartons, &billing);
    assert_eq!(light.boxes[0].billable_weight, Grams(1_200));
    assert_eq!(light.cost, Minor(100 + 25 + 1_200));

    let stepped = pack(&[item(100, 100, 50, 1)], &cartons, &Billing { step: Grams(500), ..billing.clone() });
    assert_eq!(stepped.boxes[0].billable_weight, Grams(1_500));

    let heavy = Item { weight: Grams(2_000), ..item(100, 100, 50, 1) };
    let heavy = pack(&[heavy], &cartons, &billing);
    assert_eq!(heavy.boxes[0].billable_weight, Grams(2_050));
    assert_eq!(heavy.boxes[0].gross_weight, Grams(2_050));
    assert_eq!(heavy.boxes[0].contents_weight, Grams(2_000));
}

#[test]
fn a_cubic_foot_over_139_is_12_and_a_half_pounds() {
    // 12 in are 304.8 mm, so the box is a little less than a cubic foot: 304^3 mm3 / 16387.064 / 139 lb, times 453.59237 g.
    let mut cube = carton(294, 294, 294, 0);
    cube.outer = Size::new(304, 304, 304);
    let billing = Billing { divisor: Some(Divisor::cubic_inches_per_pound(139)), ..Billing::default() };
    assert_eq!(pack(&[item(10, 10, 10, 1)], &[cube], &billing).boxes[0].billable_weight, Grams(5_595));
}

#[test]
fn a_unit_is_turned_only_as_it_may_be() {
    let tall = [carton(50, 100, 200, 10)];
    let turned = |turns| Item { turns, ..item(200, 100, 50, 1) };
    assert_eq!(pack(&[turned(Turns::ANY)], &tall, &per_parcel(0)).boxes.len(), 1);
    assert_eq!(pack(&[turned(Turns::UPRIGHT)], &tall, &per_parcel(0)).misfits.len(), 1);

    let across = [carton(100, 200, 50, 10)];
    assert_eq!(pack(&[turned(Turns::UPRIGHT)], &across, &per_parcel(0)).boxes.len(), 1);
    assert_eq!(pack(&[turned(Turns::FIXED)], &across, &per_parcel(0)).misfits.len(), 1);

    let on_its_side = Turns::with_vertical(false, true, false).unwrap();
    assert_eq!(pack(&[turned(on_its_side)], &[carton(200, 50, 100, 10)], &per_parcel(0)).boxes.len(), 1);
    assert_eq!(pack(&[turned(on_its_side)], &across, &per_parcel(0)).misfits.len(), 1);
    assert_eq!(Turns::with_vertical(false, false, false), None);
}

#[test]
fn nothing_lies_above_a_fragile_unit() {
    let fragile = Item { fragile: true, ..item(100, 100, 50, 1) };
    let room_for_two = [carton(100, 100, 100, 10)];
    let over_each_other = pack(&[fragile.clone(), item(100, 100, 50, 1)], &room_for_two, &per_parcel(100));
    assert_eq!(over_each_other.boxes.len(), 1);
    let on_top = over_each_other.boxes[0].placements.iter().find(|placement| placement.item == 0).unwrap();
    assert_eq!(on_top.at[2], Millimetres(50));

    // Two of them cannot share a column, but stand on their edges beside each other when they may be turned.
    let two = Item { quantity: 2, ..fragile.clone() };
    assert_eq!(pack(core::slice::from_ref(&two), &room_for_two, &per_parcel(100)).boxes.len(), 1);
    let upright = Item { turns: Turns::UPRIGHT, ..two };
    assert_eq!(pack(&[upright], &room_for_two, &per_parcel(100)).boxes.len(), 2);
}

#[test]
fn each_unit_that_ships_alone_has_a_parcel_of_its_own() {
    let alone = Item { ships_alone: true, ..item(100, 100, 50, 3) };
    let packing = pack(&[alone, item(50, 50, 50, 2)], &[carton(300, 300, 300, 10)], &per_parcel(100));
    assert_eq!(packing.boxes.len(), 4);
    assert_eq!(packing.cost, Minor(440));
}

#[test]
fn contents_and_box_together_stay_within_the_maximum_weight() {
    let mut limited = carton(300, 300, 300, 10);
    limited.maximum_weight = Grams(50 + 300);
    // 100 g each: three to the box.
    assert_eq!(pack(&[item(50, 50, 50, 7)], &[limited.clone()], &per_parcel(100)).boxes.len(), 3);
    limited.maximum_weight = Grams(50 + 99);
    let packing = pack(&[item(50, 50, 50, 7)], &[limited], &per_parcel(100));
    assert_eq!(packing.misfits, [Misfit { item: 0, first_unit: 0, units: 7, reason: Reason::TooHeavy }]);
}

#[test]
fn what_fits_no_box_is_named_with_the_reason_and_the_rest_travels() {
    let packing = pack(&[item(500, 10, 10, 2), item(100, 100, 100, 1)], &[carton(300, 300, 300, 10)], &per_parcel(100));
    assert_eq!(packing.misfits, [Misfit { item: 0, first_unit: 0, units: 2, reason: Reason::TooLarge }]);
    assert_eq!(packing.boxes.len(), 1);
    assert_eq!(pack(&[item(10, 10, 10, 1)], &[], &per_parcel(100)).misfits[0].reason, Reason::TooLarge);
}

#[test]
fn no_box_is_used_more_often_than_it_is_available() {
    let mut scarce = carton(100, 100, 100, 10);
    scarce.available = Some(2);
    let both = [scarce.clone(), carton(100, 100, 100, 70)];
    assert_eq!(pack(&[item(100, 100, 100, 3)], &both, &per_parcel(100)).cost, Minor(390));

    let packing = pack(&[item(100, 100, 100, 5)], &[scarce.clone()], &per_parcel(100));
    assert_eq!(packing.boxes.len(), 2);
    assert_eq!(packing.misfits, [Misfit { item: 0, first_unit: 2, units: 3, reason: Reason::NoBoxLeft }]);

    let alone = Item { ships_alone: true, ..item(100, 100, 100, 3) };
    let packing = pack(&[alone], &[scarce.clone()], &per_parcel(100));
    assert_eq!(packing.misfits, [Misfit { item: 0, first_unit: 2, units: 1, reason: Reason::NoBoxLeft }]);

    scarce.available = Some(0);
    assert_eq!(pack(&[item(10, 10, 10, 1)], &[scarce], &per_parcel(100)).misfits.len(), 1);
}

#[test]
fn boxes_that_no_carrier_takes_are_not_used() {
    let cartons = [carton(990, 90, 90, 10), carton(490, 490, 490, 90)];
    let free = per_parcel(100);
    let small = [item(50, 50, 50, 1)];
    assert_eq!(boxes(&pack(&small, &cartons, &free)), [0]);
    // Outer 1000 x 100 x 100 mm.
    let limited = Billing { longest_side: Some(Millimetres(999)), ..free.clone() };
    assert_eq!(boxes(&pack(&small, &cartons, &limited)), [1]);
    // Length plus girth: 1000 + 400 and 500 + 2000 mm.
    let limited = Billing { length_plus_girth: Some(Millimetres(2_499)), ..free.clone() };
    assert_eq!(boxes(&pack(&small, &cartons, &limited)), [0]);
    let limited = Billing { length_plus_girth: Some(Millimetres(1_399)), ..free };
    assert_eq!(pack(&small, &cartons, &limited).misfits.len(), 1);
}

#[test]
fn units_of_several_lines_keep_their_names() {
    let items = vec![item(50, 50, 50, 2), item(50, 50, 50, 3)];
    let packing = pack(&items, &[carton(50, 50, 100, 10)], &per_parcel(100));
    assert_eq!(packing.boxes.len(), 3);
    let mut names: vec::Vec<(u32, u32)> =
        packing.boxes.iter().flat_map(|parcel| &parcel.placements).map(|p| (p.item, p.unit)).collect();
    names.sort_unstable();
    assert_eq!(names, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]);
}
