//! Mass and length as types, so that grams are never added to millimetres.
//!
//! Sums saturate nowhere: [`Grams`] and [`CubicMillimetres`] are wide enough for any order that passes the limits below.

use crate::sort;
use core::iter::Sum;
use core::ops::{Add, AddAssign};

/// The longest side that anything may have: 100 m. Volumes of such a cube fit [`CubicMillimetres`] 18 000 times.
pub const LONGEST_SIDE: Millimetres = Millimetres(100_000);
/// The heaviest single unit: 100 t.
pub const HEAVIEST_UNIT: Grams = Grams(100_000_000);

/// Mass in grams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Grams(pub u64);

/// Length in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millimetres(pub u32);

/// Volume in cubic millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CubicMillimetres(pub u64);

/// The sides of a cuboid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Size {
    pub length: Millimetres,
    pub width: Millimetres,
    pub height: Millimetres,
}

impl Size {
    #[must_use]
    pub const fn new(length: u32, width: u32, height: u32) -> Self {
        Self { length: Millimetres(length), width: Millimetres(width), height: Millimetres(height) }
    }

    /// Length times width times height. Holds for sides up to [`LONGEST_SIDE`].
    #[must_use]
    pub const fn volume(self) -> CubicMillimetres {
        CubicMillimetres(self.length.0 as u64 * self.width.0 as u64 * self.height.0 as u64)
    }

    /// The sides, longest first.
    #[must_use]
    pub fn sorted(self) -> [Millimetres; 3] {
        let mut sides = [self.length, self.width, self.height];
        sort::short(&mut sides, |a, b| a > b);
        sides
    }
}

impl Grams {
    #[must_use]
    pub const fn checked_mul(self, count: u64) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(grams) => Some(Self(grams)),
            None => None,
        }
    }
}

impl Add for Grams {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Grams {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Grams {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self(0), Add::add)
    }
}

impl From<cartwright_contract::Dimensions> for Size {
    fn from(d: cartwright_contract::Dimensions) -> Self {
        Self::new(d.length, d.width, d.height)
    }
}

impl From<Size> for cartwright_contract::Dimensions {
    fn from(s: Size) -> Self {
        Self { length: s.length.0, width: s.width.0, height: s.height.0 }
    }
}

crate::wire::wire_newtype!(Grams, Millimetres, CubicMillimetres);
crate::wire::wire_record!(Size { length, width, height });
