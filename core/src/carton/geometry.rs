//! Cuboids in a box, and the list of its maximal empty spaces. Knows nothing of items, weights or money.

use alloc::vec::Vec;

use crate::sort;

/// Lengths along the box's length, width and height, in millimetres.
pub(super) type Triple = [u32; 3];

/// How many empty spaces a box keeps; beyond it the smallest are forgotten (space is lost, nothing else).
const MOST_SPACES: usize = 64;

/// The points from `low` (included) to `high` (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cuboid {
    pub low: Triple,
    pub high: Triple,
}

impl Cuboid {
    pub fn at(low: Triple, sides: Triple) -> Self {
        Self { low, high: [low[0] + sides[0], low[1] + sides[1], low[2] + sides[2]] }
    }

    #[inline]
    pub fn sides(&self) -> Triple {
        // `high` is never below `low`.
        [0, 1, 2].map(|axis| self.high[axis].wrapping_sub(self.low[axis]))
    }

    #[inline]
    pub fn volume(&self) -> u64 {
        volume(self.sides())
    }

    #[inline]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low[0] < other.high[0]
            && other.low[0] < self.high[0]
            && self.low[1] < other.high[1]
            && other.low[1] < self.high[1]
            && self.low[2] < other.high[2]
            && other.low[2] < self.high[2]
    }

    #[inline]
    pub fn contains(&self, other: &Self) -> bool {
        self.low[0] <= other.low[0]
            && other.high[0] <= self.high[0]
            && self.low[1] <= other.low[1]
            && other.high[1] <= self.high[1]
            && self.low[2] <= other.low[2]
            && other.high[2] <= self.high[2]
    }

    /// The area in mm² that both share when seen from above.
    #[inline]
    pub fn shared_floor(&self, other: &Self) -> u64 {
        let along = |axis: usize| -> u64 {
            u64::from(self.high[axis].min(other.high[axis]).saturating_sub(self.low[axis].max(other.low[axis])))
        };
        along(0) * along(1)
    }
}

#[inline]
pub(super) fn volume(sides: Triple) -> u64 {
    // 10^15 at most: no side is longer than 10^5.
    (u64::from(sides[0]).wrapping_mul(u64::from(sides[1]))).wrapping_mul(u64::from(sides[2]))
}

#[inline]
pub(super) fn fits(sides: Triple, room: Triple) -> bool {
    sides[0] <= room[0] && sides[1] <= room[1] && sides[2] <= room[2]
}

/// Takes `taken` out of `spaces[from..]`, so that these are again the maximal empty cuboids; such as are thinner than
/// `thinnest` in a direction are dropped. `fresh` is scratch.
pub(super) fn subtract(spaces: &mut Vec<Cuboid>, from: usize, taken: &Cuboid, thinnest: u32, fresh: &mut Vec<Cuboid>) {
    fresh.clear();
    let mut kept = from;
    for index in from..spaces.len() {
        let space = spaces[index];
        if !space.overlaps(taken) {
            spaces[kept] = space;
            kept += 1;
            continue;
        }
        for axis in 0..3 {
            if taken.low[axis] >= space.low[axis].saturating_add(thinnest) {
                let mut part = space;
                part.high[axis] = taken.low[axis];
                fresh.push(part);
            }
            if space.high[axis] >= taken.high[axis].saturating_add(thinnest) {
                let mut part = space;
                part.low[axis] = taken.high[axis];
                fresh.push(part);
            }
        }
    }
    spaces.truncate(kept);
    // A kept space cannot lie in a fresh one, which is part of a space that was maximal beside it.
    'fresh: for index in 0..fresh.len() {
        let space = fresh[index];
        for other in &spaces[from..kept] {
            if other.contains(&space) {
                continue 'fresh;
            }
        }
        // Of two equal ones the first stays.
        for other in &fresh[..index] {
            if other.contains(&space) {
                continue 'fresh;
            }
        }
        for other in &fresh[index + 1..] {
            if other.contains(&space) && *other != space {
                continue 'fresh;
            }
        }
        spaces.push(space);
    }
    if spaces.len() - from > MOST_SPACES {
        // The list was sorted when it last overflowed, so that little is moved.
        sort::short(&mut spaces[from..], |a, b| a.volume() > b.volume());
        spaces.truncate(from + MOST_SPACES);
    }
}
