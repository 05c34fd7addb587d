//! What holds for every order.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::{Billing, Carton, Divisor, Effort, Item, Packer, Scratch, Turns, checker, fill_one_box};
use crate::money::Minor;
use crate::units::{Grams, Size};

fn any_item() -> impl Strategy<Value = Item> {
    let turns = prop_oneof![
        3 => Just(Turns::ANY),
        1 => Just(Turns::UPRIGHT),
        1 => Just(Turns::FIXED),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(l, w)| Turns::with_vertical(l, w, true).unwrap()),
    ];
    let size = (1u32..320, 1u32..240, 1u32..160);
    (size, 0u64..4_000, 1u32..9, turns, prop::bool::weighted(0.15), prop::bool::weighted(0.1)).prop_map(
        |((l, w, h), weight, quantity, turns, fragile, ships_alone)| Item {
            line: 0,
            size: Size::new(l, w, h),
            weight: Grams(weight),
            quantity,
            turns,
            fragile,
            ships_alone,
        },
    )
}

fn any_carton() -> impl Strategy<Value = Carton> {
    let size = (60u32..450, 60u32..350, 40u32..300);
    (size, 10u64..400, 500u64..20_000, 0i64..300, prop::option::weighted(0.3, 0u32..5)).prop_map(
        |((l, w, h), empty, contents, cost, available)| Carton {
            inner: Size::new(l, w, h),
            outer: Size::new(l + 8, w + 8, h + 8),
            empty_weight: Grams(empty),
            maximum_weight: Grams(empty + contents),
            cost: Minor(cost),
            available,
        },
    )
}

fn any_billing() -> impl Strategy<Value = Billing> {
    (0i64..800, 0i64..500, prop::option::of(100u32..7_000), prop_oneof![Just(0u64), Just(454), Just(500)]).prop_map(
        |(parcel, kilogram, divisor, step)| Billing {
            per_parcel: Minor(parcel),
            per_kilogram: Minor(kilogram),
            divisor: divisor.map(Divisor::cubic_centimetres_per_kilogram),
            step: Grams(step),
            ..Billing::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_packing_is_valid_and_its_cost_is_the_sum_of_its_boxes(
        items in prop::collection::vec(any_item(), 0..8),
        cartons in prop::collection::vec(any_carton(), 0..6),
        billing in any_billing(),
    ) {
        let packer = Packer::new(cartons.clone(), &billing, Effort { steps: 5_000, tries: 0 }).unwrap();
        let packing = packer.pack(&items, &mut Scratch::new()).unwrap();
        prop_assert_eq!(checker::check(&items, &cartons, &packing), Ok(()));
        prop_assert_eq!(packing.cost.0, packing.boxes.iter().map(|parcel| parcel.cost.0).sum::<i64>());
        for parcel in &packing.boxes {
            let carton = &cartons[parcel.carton as usize];
            let fixed = billing.per_parcel.0 + carton.cost.0;
            let carriage = (parcel.billable_weight.0 * billing.per_kilogram.0.unsigned_abs()).div_ceil(1000);
            prop_assert_eq!(parcel.cost.0, fixed + i64::try_from(carriage).unwrap());
            prop_assert!(parcel.billable_weight >= parcel.gross_weight);
        }
        // Where no box is scarce, only what fits none stays behind.
        if cartons.iter().all(|carton| carton.available.is_none()) {
            for misfit in &packing.misfits {
                let quantity = items[misfit.item as usize].quantity;
                prop_assert_eq!((misfit.first_unit, misfit.units), (0, quantity));
            }
        }
    }

    #[test]
    fn the_same_order_gets_the_same_answer_whatever_was_packed_before(
        items in prop::collection::vec(any_item(), 1..6),
        before in prop::collection::vec(any_item(), 1..6),
        cartons in prop::collection::vec(any_carton(), 1..5),
        billing in any_billing(),
    ) {
        let packer = Packer::new(cartons, &billing, Effort { steps: 3_000, tries: 0 }).unwrap();
        let fresh = packer.pack(&items, &mut Scratch::new());
        let mut used = Scratch::new();
        packer.pack(&before, &mut used).unwrap();
        prop_assert_eq!(packer.pack(&items, &mut used), fresh);
    }

    #[test]
    fn more_boxes_to_choose_from_never_make_a_single_unit_dearer(
        item in any_item(),
        cartons in prop::collection::vec(any_carton(), 2..8),
        billing in any_billing(),
    ) {
        let items = [Item { quantity: 1, ..item }];
        let cost = |cartons: &[Carton]| -> Option<Minor> {
            let packer = Packer::new(cartons.to_vec(), &billing, Effort::CHECKOUT).unwrap();
            let packing = packer.pack(&items, &mut Scratch::new()).unwrap();
            packing.misfits.is_empty().then_some(packing.cost)
        };
        if let Some(before) = cost(&cartons[1..]) {
            prop_assert!(cost(&cartons).unwrap() <= before);
        }
    }

    #[test]
    fn every_load_is_valid_and_counts_what_it_leaves(
        items in prop::collection::vec(any_item(), 1..10),
        size in (100u32..600, 100u32..500, 80u32..400),
        capacity in 1_000u64..60_000,
    ) {
        let inner = Size::new(size.0, size.1, size.2);
        let load = fill_one_box(inner, Grams(capacity), &items, Effort { steps: 5_000, tries: 0 }).unwrap();
        prop_assert_eq!(checker::check_placements(&items, inner, &load.placements), Ok(()));
        prop_assert!(load.weight.0 <= capacity);
        let weight: u64 = load.placements.iter().map(|p| items[p.item as usize].weight.0).sum();
        prop_assert_eq!(weight, load.weight.0);
        let volume: u64 = load.placements.iter().map(|p| p.size.volume().0).sum();
        prop_assert_eq!(volume, load.volume.0);
        let units: Vec<u32> = (0..items.len())
            .map(|index| load.placements.iter().filter(|p| p.item as usize == index).count() as u32 + load.left[index])
            .collect();
        prop_assert_eq!(units, items.iter().map(|item| item.quantity).collect::<Vec<_>>());
    }
}
