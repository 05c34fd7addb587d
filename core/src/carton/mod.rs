//! Cartonisation: which boxes an order travels in, and where each unit lies.
//!
//! [`Packer`] is made once per shop from its boxes and its [`Billing`], and then finds, for the items of a cart, the boxes
//! with the least billable cost: what the boxes cost, what a parcel costs and what its billable weight costs. Equal costs
//! are told apart by fewer boxes, then less billable weight, then the lower index of the box. [`fill_one_box`] answers the
//! other question: how much of a load goes into one box or container. [`checker::check`] says whether a packing is valid and
//! shares no code with the packer.
//!
//! What a valid packing is: units lie in the box along its axes, do not overlap, are turned only as their [`Turns`] allow,
//! and stand on the floor or with at least [`SUPPORTED_PERCENT`] of their base on other units; nothing lies anywhere above a
//! fragile unit; a unit that ships alone has its box to itself; contents and box together stay within the box's maximum
//! weight; no box is used more often than it is available.
//!
//! How: the cost of a box depends on the weight of its contents alone, so the boxes that could hold everything are tried in
//! the order of their cost, and the first that can be packed is proven cheapest when no two boxes could cost less. Otherwise
//! a quick packing, a beam search over boxes and filling rules as wide as the effort allows, for few units an exhaustive search over the ways to share them out, and a
//! local search that re-packs some of the boxes. Carts of very many different units are filled box by box until few enough
//! are left for that. All work is counted in steps ([`Effort`]), never in time, so that the same
//! cart gets the same answer everywhere.
//!
//! What this module must not know: services, zones, currencies, settings, and what a line of a cart is beyond its number.

pub mod billing;
pub mod checker;

mod bound;
mod bulk;
mod choose;
mod cut;
mod error;
mod exhaust;
mod fill;
mod form;
mod geometry;
mod improve;
mod kind;
mod load;
mod order;
mod packer;
mod rules;
mod share;
mod support;
#[cfg(test)]
mod tests;
mod whole;

use alloc::vec::Vec;

use cartwright_contract::Rotation;

use crate::money::Minor;
use crate::units::{Grams, Millimetres, Size};

pub use billing::{Billing, Divisor};
pub use error::CartonError;
pub use load::{Load, fill_one_box};
pub use packer::{Packer, Scratch};

/// The part of a unit's base, in percent, that must lie on the floor or on other units.
pub const SUPPORTED_PERCENT: u64 = 60;
/// The most units of one cart that are placed. A cart with more is refused with [`CartonError::TooManyUnits`].
pub const MOST_UNITS: u32 = 20_000;
/// The most items (lines) of one cart.
pub const MOST_ITEMS: usize = 10_000;
/// The most boxes a shop can choose from.
pub const MOST_CARTONS: usize = 200;

/// Which of an item's sides may lie along which of the box's: a set of the six ways to turn a cuboid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Turns(u8);

impl Turns {
    /// Any side may be up.
    pub const ANY: Self = Self(0b11_1111);
    /// The height stays up.
    pub const UPRIGHT: Self = Self(0b00_0011);
    /// Not turned.
    pub const FIXED: Self = Self(0b00_0001);

    /// Which of length, width and height lies along the box's length, width and height; the first two stay upright.
    const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]];

    /// May be turned about its vertical axis, and laid so that the length, the width or the height is vertical where the
    /// flag says so. `None` when no side may be vertical.
    pub fn with_vertical(length: bool, width: bool, height: bool) -> Option<Self> {
        let bits = (u8::from(height) * 0b00_0011) | (u8::from(width) * 0b00_1100) | (u8::from(length) * 0b11_0000);
        (bits != 0).then_some(Self(bits))
    }

    pub(crate) fn orders(self) -> impl Iterator<Item = [usize; 3]> {
        Self::ORDERS.into_iter().enumerate().filter(move |(bit, _)| self.0 & 1 << bit != 0).map(|(_, order)| order)
    }
}

impl From<Rotation> for Turns {
    fn from(rotation: Rotation) -> Self {
        match rotation {
            Rotation::Any => Self::ANY,
            Rotation::Upright => Self::UPRIGHT,
            Rotation::Fixed => Self::FIXED,
        }
    }
}

/// So many equal units of one cart line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The cart line it comes from; passed through untouched.
    pub line: u32,
    /// One unit, each side 1 mm or more and at most [`crate::units::LONGEST_SIDE`].
    pub size: Size,
    /// One unit, at most [`crate::units::HEAVIEST_UNIT`]; 0 is allowed.
    pub weight: Grams,
    /// Units, 1 or more.
    pub quantity: u32,
    pub turns: Turns,
    /// Nothing may lie above it.
    pub fragile: bool,
    /// Each unit is a parcel of its own.
    pub ships_alone: bool,
}

/// A kind of box that a shop has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carton {
    /// What the units must fit in.
    pub inner: Size,
    /// What dimensional weight and girth are taken from; not smaller than `inner` in any direction.
    pub outer: Size,
    /// The empty box.
    pub empty_weight: Grams,
    /// Box and contents together (gross).
    pub maximum_weight: Grams,
    /// What the empty box costs, 0 or more.
    pub cost: Minor,
    /// How many there are; `None` when there are always enough.
    pub available: Option<u32>,
}

/// Where one unit lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Index into the items.
    pub item: u32,
    /// Which of the item's units, from 0.
    pub unit: u32,
    /// The corner nearest to the box's origin: along its length, width and height.
    pub at: [Millimetres; 3],
    /// The unit as it is turned.
    pub size: Size,
}

/// What is kept of the units in a box.
pub trait Contents {
    /// Of a box for so many units.
    fn of_units(units: usize) -> Self;
    /// One more unit lies in it, in no particular order.
    fn add(&mut self, placement: Placement);
    /// That was the last one.
    fn finish(&mut self);
    /// The items that some unit in it belongs to, each at least once.
    fn items(&self) -> impl Iterator<Item = u32>;
}

/// Where each unit lies. Lower units come before those that stand on them.
impl Contents for Vec<Placement> {
    fn of_units(units: usize) -> Self {
        Self::with_capacity(units)
    }

    fn add(&mut self, placement: Placement) {
        self.push(placement);
    }

    fn finish(&mut self) {
        self.sort_by_key(|placement| placement.at[2]);
    }

    fn items(&self) -> impl Iterator<Item = u32> {
        self.iter().map(|placement| placement.item)
    }
}

/// Of which items there is some unit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Items(Vec<u32>);

impl Contents for Items {
    fn of_units(_: usize) -> Self {
        Self::default()
    }

    fn add(&mut self, placement: Placement) {
        // Units of one item mostly come one after another.
        if self.0.last() != Some(&placement.item) {
            self.0.push(placement.item);
        }
    }

    fn finish(&mut self) {}

    fn items(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied()
    }
}

/// One parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedBox<C = Vec<Placement>> {
    /// Index into the shop's boxes.
    pub carton: u32,
    pub placements: C,
    pub contents_weight: Grams,
    pub gross_weight: Grams,
    /// What a carrier charges for: see [`Billing`].
    pub billable_weight: Grams,
    /// By [`Billing`].
    pub cost: Minor,
}

/// Why units travel in no box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// In no allowed position does it fit any box: too long, too wide or too high.
    TooLarge,
    /// It fits some box by its size but is too heavy for each of these.
    TooHeavy,
    /// The boxes that would hold it are used up.
    NoBoxLeft,
}

/// Units that travel in no box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misfit {
    /// Index into the items.
    pub item: u32,
    /// The first of them, from 0.
    pub first_unit: u32,
    pub units: u32,
    pub reason: Reason,
}

/// The parcels of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packing<C = Vec<Placement>> {
    pub boxes: Vec<PackedBox<C>>,
    /// In the order of the items.
    pub misfits: Vec<Misfit>,
    /// Of all boxes.
    pub cost: Minor,
    /// No set of boxes costs less: each cheaper one is excluded by a bound (of cost, volume, weight or sides), or all ways to
    /// share the units out were looked at. False does not mean that there is a cheaper one.
    pub proven: bool,
}

/// How much work may be spent on one answer. Counted, never timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Places looked at for a unit (about 30 ns each), for the whole answer. When they are used up the search ends with the
    /// best it has, and what is not packed by then is packed in the quickest way, so that there is always an answer.
    pub steps: u64,
    /// Filling rules beyond the plain ones that are tried on each box that should hold all of some units.
    pub tries: u32,
}

impl Effort {
    /// About a tenth of a millisecond on average for mixed orders of up to 15 units, about one for a hundred lines.
    pub const CHECKOUT: Self = Self { steps: 12_000, tries: 0 };
    /// For the warehouse, where a better packing is worth a tenth of a second.
    pub const WAREHOUSE: Self = Self { steps: 6_000_000, tries: 200 };
}

impl Default for Effort {
    fn default() -> Self {
        Self::CHECKOUT
    }
}
