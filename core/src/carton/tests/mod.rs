//! The rules of cartonisation, stated as tests.

extern crate std;

mod data;
mod exact;
mod limits;
mod properties;
mod rules;

use alloc::vec::Vec;

use super::{Billing, Carton, Effort, Item, Packer, Packing, Scratch, Turns, checker};
use crate::money::Minor;
use crate::units::{Grams, Size};

fn item(length: u32, width: u32, height: u32, quantity: u32) -> Item {
    Item {
        line: 0,
        size: Size::new(length, width, height),
        weight: Grams(100),
        quantity,
        turns: Turns::ANY,
        fragile: false,
        ships_alone: false,
    }
}

fn carton(length: u32, width: u32, height: u32, cost: i64) -> Carton {
    Carton {
        inner: Size::new(length, width, height),
        outer: Size::new(length + 10, width + 10, height + 10),
        empty_weight: Grams(50),
        maximum_weight: Grams(30_000),
        cost: Minor(cost),
        available: None,
    }
}

fn per_parcel(minor: i64) -> Billing {
    Billing { per_parcel: Minor(minor), ..Billing::default() }
}

/// Packs, and has the checker agree.
fn pack(items: &[Item], cartons: &[Carton], billing: &Billing) -> Packing {
    pack_with(items, cartons, billing, Effort::CHECKOUT)
}

fn pack_with(items: &[Item], cartons: &[Carton], billing: &Billing, effort: Effort) -> Packing {
    let packing = Packer::new(cartons.to_vec(), billing, effort).unwrap().pack(items, &mut Scratch::new()).unwrap();
    assert_eq!(checker::check(items, cartons, &packing), Ok(()));
    packing
}

fn boxes(packing: &Packing) -> Vec<u32> {
    packing.boxes.iter().map(|parcel| parcel.carton).collect()
}
