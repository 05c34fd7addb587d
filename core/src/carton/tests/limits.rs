//! Bad and huge input.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::super::{
    Billing, CartonError, Divisor, Effort, Item, MOST_CARTONS, MOST_ITEMS, MOST_UNITS, Packer, Reason, Scratch, Turns,
    fill_one_box,
};
use super::{carton, item, pack, per_parcel};
use crate::money::Minor;
use crate::units::{Grams, HEAVIEST_UNIT, Size};

fn refused(items: &[Item]) -> CartonError {
    let packer = Packer::new(vec![carton(100, 100, 100, 1)], &per_parcel(1), Effort::CHECKOUT).unwrap();
    packer.pack(items, &mut Scratch::new()).unwrap_err()
}

#[test]
fn an_item_without_extent_or_beyond_all_limits_is_an_error_that_names_it() {
    for size in [Size::new(0, 10, 10), Size::new(10, 10, 100_001), Size::new(10, u32::MAX, 10)] {
        let error = refused(&[item(10, 10, 10, 1), Item { size, ..item(1, 1, 1, 1) }]);
        assert_eq!(error, CartonError::ItemSize { item: 1, size });
        assert!(error.to_string().contains("item 1 measures"));
    }
    let heavy = Item { weight: Grams(HEAVIEST_UNIT.0 + 1), ..item(1, 1, 1, 1) };
    assert_eq!(refused(&[heavy]), CartonError::ItemWeight { item: 0, grams: HEAVIEST_UNIT.0 + 1 });
    assert_eq!(refused(&[item(1, 1, 1, 0)]), CartonError::ItemQuantity { item: 0 });
}

#[test]
fn more_than_can_be_placed_is_an_error_that_says_how_many_can() {
    let error = refused(&[item(1, 1, 1, 1_000_000)]);
    assert_eq!(error, CartonError::TooManyUnits { units: 1_000_000 });
    assert!(error.to_string().contains("20000"));
    assert_eq!(
        refused(&[item(1, 1, 1, u32::MAX), item(1, 1, 1, u32::MAX)]),
        CartonError::TooManyUnits { units: 2 * u64::from(u32::MAX) }
    );
    let many = vec![item(1, 1, 1, 1); MOST_ITEMS + 1];
    assert_eq!(refused(&many), CartonError::TooManyItems { items: MOST_ITEMS + 1 });
}

#[test]
fn boxes_and_prices_that_are_none_are_errors() {
    let new = |carton, billing: Billing| Packer::new(vec![carton], &billing, Effort::CHECKOUT).unwrap_err();
    let good = || carton(100, 100, 100, 1);
    let mut wrong = good();
    wrong.inner = Size::new(100, 0, 100);
    assert!(matches!(new(wrong, per_parcel(1)), CartonError::CartonSize { carton: 0, .. }));
    let mut wrong = good();
    wrong.inner = Size::new(111, 100, 100);
    assert!(matches!(new(wrong, per_parcel(1)), CartonError::CartonInsideOut { carton: 0, .. }));
    let mut wrong = good();
    wrong.maximum_weight = Grams(49);
    assert!(matches!(new(wrong, per_parcel(1)), CartonError::CartonWeight { carton: 0, empty: 50, maximum: 49 }));
    let mut wrong = good();
    wrong.cost = Minor(-1);
    assert!(new(wrong, per_parcel(1)).to_string().contains("the cost of box 0 is -1 minor units"));
    assert!(matches!(new(good(), per_parcel(-1)), CartonError::Price { carton: None, minor: -1, .. }));
    let none = Billing { divisor: Some(Divisor { grams: 1, cubic_millimetres: 0 }), ..Billing::default() };
    assert!(matches!(new(good(), none), CartonError::Divisor { .. }));
    let none = Billing { divisor: Some(Divisor::cubic_inches_per_pound(0)), ..Billing::default() };
    assert!(matches!(new(good(), none), CartonError::Divisor { .. }));
    let many = vec![good(); MOST_CARTONS + 1];
    assert!(matches!(Packer::new(many, &per_parcel(1), Effort::CHECKOUT), Err(CartonError::TooManyCartons { .. })));
}

#[test]
fn the_highest_prices_and_weights_do_not_overflow_unnoticed() {
    let billing = Billing {
        per_parcel: Minor(1_000_000_000_000),
        per_kilogram: Minor(1_000_000_000_000),
        divisor: Some(Divisor { grams: 1_000_000_000_000_000, cubic_millimetres: 1 }),
        step: Grams(u64::MAX),
        ..Billing::default()
    };
    let mut large = carton(90_000, 90_000, 90_000, 1_000_000_000_000);
    large.maximum_weight = Grams(1_000_000_000_000);
    let packer = Packer::new(vec![large], &billing, Effort::CHECKOUT).unwrap();
    let heavy = Item { weight: HEAVIEST_UNIT, ..item(90_000, 90_000, 80_000, 40) };
    assert_eq!(packer.pack(&[heavy], &mut Scratch::new()), Err(CartonError::CostOverflow));
}

#[test]
fn the_largest_volumes_and_shares_of_a_gram_do_not_overflow() {
    let packer = |step, cube: u32| {
        let billing = Billing {
            per_kilogram: Minor(1),
            divisor: Some(Divisor { grams: 1_000_000_000_000_000, cubic_millimetres: 1 }),
            step: Grams(step),
            ..Billing::default()
        };
        let mut large = carton(cube - 10, cube - 10, cube - 10, 0);
        large.maximum_weight = Grams(1_000_000_000_000);
        Packer::new(vec![large, carton(10, 10, 10, 0)], &billing, Effort::CHECKOUT).unwrap()
    };
    let cubes = Item { weight: HEAVIEST_UNIT, ..item(99_990, 99_990, 99_990, MOST_UNITS) };
    assert_eq!(
        packer(1, 100_000).pack(core::slice::from_ref(&cubes), &mut Scratch::new()),
        Err(CartonError::CostOverflow)
    );
    let mixed = [item(900, 500, 500, 3), item(700, 600, 300, 4), item(10, 10, 5, 9)];
    assert_eq!(packer(u64::MAX, 1_010).pack(&mixed, &mut Scratch::new()), Err(CartonError::CostOverflow));
    let load = fill_one_box(Size::new(100_000, 100_000, 100_000), Grams(u64::MAX), &[cubes], Effort::CHECKOUT).unwrap();
    assert_eq!(load.placements.len(), 1);
}

#[test]
fn ten_thousand_different_lines_are_packed() {
    let items: Vec<Item> = (0..10_000).map(|n| item(20 + n % 97, 10 + n % 89, 5 + n % 83, 1)).collect();
    let cartons = [carton(300, 200, 150, 30), carton(600, 400, 400, 90), carton(120, 110, 100, 12)];
    let packing = pack(&items, &cartons, &per_parcel(100));
    assert!(packing.misfits.is_empty());
}

#[test]
fn carts_of_very_many_kinds_keep_all_rules() {
    let items: Vec<Item> = (0..400)
        .map(|n| Item {
            weight: Grams(u64::from(n % 50) * 40),
            turns: [Turns::ANY, Turns::UPRIGHT, Turns::FIXED][n as usize % 3],
            fragile: n % 7 == 0,
            ships_alone: n % 97 == 0,
            ..item(20 + n % 97, 10 + n % 89, 5 + n % 83, 1 + n % 5)
        })
        .collect();
    let mut scarce = carton(600, 400, 400, 1);
    scarce.available = Some(3);
    let mut light = carton(120, 120, 100, 12);
    light.maximum_weight = Grams(1_500);
    // The checker looks at each rule; see `pack`.
    let some_stay = pack(&items, &[scarce.clone(), light.clone()], &per_parcel(100));
    assert!(
        some_stay.misfits.iter().all(|misfit| misfit.reason == Reason::TooHeavy || misfit.reason == Reason::NoBoxLeft)
    );
    light.maximum_weight = Grams(30_000);
    assert!(pack(&items, &[scarce, light], &per_parcel(100)).misfits.is_empty());
}

#[test]
fn as_many_units_as_can_be_placed_are_packed_in_equal_boxes() {
    let packing =
        pack(&[item(70, 50, 30, MOST_UNITS)], &[carton(210, 150, 90, 30), carton(100, 100, 100, 20)], &per_parcel(100));
    // 27 to a box, without a gap.
    assert_eq!(packing.boxes.len(), 741);
}

#[test]
fn as_many_boxes_as_units_are_packed() {
    let items: Vec<Item> = (0..5_000).map(|n| item(60 + n % 37, 60 + n % 31, 60 + n % 29, 1)).collect();
    let packing = pack(&items, &[carton(100, 100, 100, 30)], &per_parcel(100));
    assert_eq!(packing.boxes.len(), 5_000);
}

#[test]
fn a_load_refuses_what_a_packer_refuses() {
    let load = |inner, item| fill_one_box(inner, Grams(1_000), &[item], Effort::CHECKOUT);
    assert!(matches!(load(Size::new(0, 1, 1), item(1, 1, 1, 1)), Err(CartonError::CartonSize { .. })));
    assert!(matches!(load(Size::new(1, 1, 1), item(1, 0, 1, 1)), Err(CartonError::ItemSize { .. })));
}

#[test]
fn the_work_on_an_order_of_any_size_is_bounded() {
    let cartons = [carton(300, 200, 150, 30), carton(600, 400, 400, 90), carton(120, 110, 100, 12)];
    let packer = Packer::new(cartons.to_vec(), &per_parcel(100), Effort::CHECKOUT).unwrap();
    let mut scratch = Scratch::new();
    for (lines, boxes) in [(30, 1), (100, 1), (300, 1), (1_000, 4), (10_000, 40)] {
        let items: Vec<Item> =
            (0..lines).map(|n| item(60 + n * 7 % 173, 40 + n * 11 % 97, 20 + n * 13 % 61, 1 + n % 2)).collect();
        let packing = packer.pack(&items, &mut scratch).unwrap();
        assert!(packing.misfits.is_empty());
        assert!(packing.boxes.len() >= boxes);
        // What ends the search does not end the packing, which takes some steps a box.
        let most = 2 * Effort::CHECKOUT.steps + 4_000 * packing.boxes.len() as u64;
        assert!(scratch.steps() <= most, "{lines} lines took {} steps", scratch.steps());
    }
}
