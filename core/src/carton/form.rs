//! The binary form of a packer: the boxes, and by what they are told apart. What a box costs is not in it, only what a parcel of it
//! counts for.

use super::billing::Tariff;
use super::kind::Room;
use super::order::{Shelf, Stock};
use super::{Carton, Effort, MOST_CARTONS, Packer};
use crate::units::Size;
use crate::wire::{Reader, Wire, Writer, wire_record};
use alloc::vec::Vec;

wire_record!(Carton { inner, outer, empty_weight, maximum_weight, available; cost });
wire_record!(Effort { steps, tries });

impl Wire for Packer {
    fn write(&self, to: &mut Writer) {
        self.cartons.write(to);
        self.effort.write(to);
        to.unsigned(self.shelf.stocks.len() as u64);
        for Stock { carton, tariff, .. } in &self.shelf.stocks {
            carton.write(to);
            tariff.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let cartons: Vec<Carton> = Wire::read(from)?;
        let effort = Wire::read(from)?;
        let mut stocks = Vec::new();
        for _ in 0..from.length()?.min(MOST_CARTONS) {
            let index = u32::read(from)?;
            let Carton { inner: Size { length, width, height }, empty_weight, maximum_weight, .. } =
                cartons.get(index as usize)?;
            let capacity = maximum_weight.0.checked_sub(empty_weight.0)?;
            let room = Room::new([length.0, width.0, height.0], capacity);
            stocks.push(Stock { carton: index, room, tariff: Tariff::read(from)?.of_box(empty_weight.0) });
        }
        Some(Self { cartons, shelf: Shelf::new(stocks), effort })
    }
}
