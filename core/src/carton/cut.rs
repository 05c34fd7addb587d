//! The quickest way to fill a box: each space is cut in three that do not overlap when a block is put into its corner, so
//! that no list of overlapping spaces has to be kept. Wastes more than the other rules, but its work hardly grows with what
//! already lies in the box. Every space stands on the floor or on one block, so that all units are fully supported.

use super::fill::{Block, COMPARED, Filler, Score};
use super::geometry::{Cuboid, volume};
use super::kind::{Kind, Room};
use super::rules::Rule;

impl Filler {
    /// Fills the spaces one after the other, each with the largest kind that fits.
    pub(super) fn by_cut(&mut self, kinds: &[Kind], room: &Room, rule: Rule) -> bool {
        while let Some(space) = self.spaces.pop() {
            let sides = space.sides();
            if sides.iter().any(|&side| side < self.thinnest) {
                continue;
            }
            let mut best: Option<(Score, Block)> = None;
            let mut scanned = 0u64;
            for place in 0..self.order.len() {
                let index = self.order[place].1;
                let kind = &kinds[index as usize];
                scanned += 1;
                let most = self.allowed(kind, self.left[index as usize], room);
                if most > 0 && kind.fits_size(sides) {
                    self.consider(kind, index, most, &space, room, rule, &mut best);
                    if best.is_some() {
                        break;
                    }
                }
            }
            self.steps += scanned / COMPARED;
            let Some((_, block)) = best else { continue };
            self.lay(kinds, block);
            self.cut(&space, &block, kinds[block.kind as usize].fragile);
            if self.left[block.kind as usize] == 0 {
                self.order.retain(|&(_, kind)| kind != block.kind);
            }
        }
        self.done()
    }

    /// What is left of a space: above the block, and beside it in the way that leaves the larger piece.
    fn cut(&mut self, space: &Cuboid, block: &Block, fragile: bool) {
        let end = block.cuboid().high;
        let mut along = Cuboid { low: [end[0], space.low[1], space.low[2]], high: space.high };
        let mut across = Cuboid { low: [space.low[0], end[1], space.low[2]], high: space.high };
        if volume(along.sides()) >= volume(across.sides()) {
            across.high[0] = end[0];
        } else {
            along.high[1] = end[1];
        }
        let above = Cuboid { low: [space.low[0], space.low[1], end[2]], high: [end[0], end[1], space.high[2]] };
        // The last is filled first: beside before above, the smaller before the larger.
        if !fragile {
            self.spaces.push(above);
        }
        let (small, large) = if along.volume() < across.volume() { (along, across) } else { (across, along) };
        self.spaces.push(large);
        self.spaces.push(small);
    }
}
