//! Tries all corners for few units: backtracking over which unit goes into the corner of which empty space, how turned.
//! Every packing whose units are pushed to the origin is of that form (not found: a unit that stands away from its wall only
//! to hold up another); the number of tries is bounded. Knows no money.

use alloc::vec::Vec;

use super::fill::Block;
use super::geometry::{Cuboid, fits, subtract};
use super::kind::{Kind, Room};
use super::support;
use crate::sort;

/// The most units that are tried in all ways; also the depth of the recursion.
pub(super) const MOST_EXHAUSTED: u32 = 8;

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Packed,
    /// All ways were tried.
    Impossible,
    /// The tries ran out.
    Unknown,
}

/// Scratch and result.
#[derive(Debug, Default)]
pub(super) struct Exhaust {
    pub blocks: Vec<Block>,
    /// Places looked at since it was made.
    pub steps: u64,
    solids: Vec<Cuboid>,
    left: Vec<u32>,
    /// The empty spaces of all depths, one after another.
    spaces: Vec<Cuboid>,
    fresh: Vec<Cuboid>,
    order: Vec<u32>,
    stop: u64,
}

impl Exhaust {
    /// The weight must have been checked.
    pub fn pack(&mut self, kinds: &[Kind], room: &Room, wanted: &[u32], tries: u64) -> Outcome {
        self.blocks.clear();
        self.solids.clear();
        self.spaces.clear();
        self.spaces.push(Cuboid { low: [0; 3], high: room.sides });
        self.left.clear();
        self.left.extend_from_slice(wanted);
        self.order.clear();
        self.order.extend((0..kinds.len() as u32).filter(|&kind| wanted[kind as usize] > 0));
        sort::by_key(&mut self.order, |kind| !kinds[kind as usize].volume);
        self.stop = self.steps + tries;
        let units = wanted.iter().sum();
        if self.deeper(kinds, room, 0, units) {
            Outcome::Packed
        } else if self.steps >= self.stop {
            Outcome::Unknown
        } else {
            Outcome::Impossible
        }
    }

    fn deeper(&mut self, kinds: &[Kind], room: &Room, from: usize, units: u32) -> bool {
        if units == 0 {
            return true;
        }
        let end = self.spaces.len();
        for place in 0..self.order.len() {
            let index = self.order[place];
            if self.left[index as usize] == 0 {
                continue;
            }
            let kind = &kinds[index as usize];
            for space_index in from..end {
                let space = self.spaces[space_index];
                if kind.fragile && space.high[2] != room.sides[2] {
                    continue;
                }
                for &unit in kind.turned() {
                    self.steps += 1;
                    if self.steps >= self.stop {
                        return false;
                    }
                    if !fits(unit, space.sides()) {
                        continue;
                    }
                    let block = Block { kind: index, unit, count: [1; 3], low: space.low };
                    if !support::holds(&self.solids, &block) {
                        continue;
                    }
                    let solid = block.cuboid();
                    let mut taken = solid;
                    if kind.fragile {
                        taken.high[2] = room.sides[2];
                    }
                    self.left[index as usize] -= 1;
                    self.blocks.push(block);
                    self.solids.push(solid);
                    self.spaces.extend_from_within(from..end);
                    let thinnest = self.thinnest(kinds);
                    subtract(&mut self.spaces, end, &taken, thinnest, &mut self.fresh);
                    if self.hopeful(kinds, end) && self.deeper(kinds, room, end, units - 1) {
                        return true;
                    }
                    self.spaces.truncate(end);
                    self.solids.pop();
                    self.blocks.pop();
                    self.left[index as usize] += 1;
                }
            }
        }
        false
    }

    fn waiting<'a>(&'a self, kinds: &'a [Kind]) -> impl Iterator<Item = &'a Kind> {
        self.order.iter().filter(|&&kind| self.left[kind as usize] > 0).map(|&kind| &kinds[kind as usize])
    }

    /// At least 1: a space has no side of 0.
    fn thinnest(&self, kinds: &[Kind]) -> u32 {
        self.waiting(kinds).map(|kind| kind.shortest).min().unwrap_or(1)
    }

    /// Whether every waiting kind fits some space.
    fn hopeful(&self, kinds: &[Kind], from: usize) -> bool {
        self.waiting(kinds).all(|kind| self.spaces[from..].iter().any(|space| kind.fits_size(space.sides())))
    }
}
