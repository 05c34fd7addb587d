//! Fills one box by a rule: which unit or which space comes first, and which place is the best. Greedy and quick; the
//! callers try several rules. Knows nothing of money or of other boxes.

use alloc::vec::Vec;

use super::geometry::{Cuboid, Triple, fits, subtract, volume};
use super::kind::{Kind, Room};
use super::rules::{Aim, First, Measure, Rule};
use super::{SUPPORTED_PERCENT, support};
use crate::sort;

/// So many kinds in a row that find no place close a box.
const MOST_MISSES: u32 = 128;

/// So many cuboids are compared in the time of a step.
pub(super) const COMPARED: u64 = 4;

/// `count` equal units in a grid, all turned alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub kind: u32,
    /// One unit as turned.
    pub unit: Triple,
    pub count: Triple,
    pub low: Triple,
}

impl Block {
    #[inline]
    pub fn sides(&self) -> Triple {
        // No block is longer than its box.
        [0, 1, 2].map(|axis| self.unit[axis].wrapping_mul(self.count[axis]))
    }

    #[inline]
    pub fn units(&self) -> u32 {
        // At most the units of a cart.
        self.count[0].wrapping_mul(self.count[1]).wrapping_mul(self.count[2])
    }

    pub fn cuboid(&self) -> Cuboid {
        Cuboid::at(self.low, self.sides())
    }
}

/// Scratch and result of a fill; reused from one to the next.
#[derive(Debug, Default)]
pub(super) struct Filler {
    /// The result: what lies where.
    pub blocks: Vec<Block>,
    /// The cuboids of `blocks`.
    solids: Vec<Cuboid>,
    /// The result: units of each kind that found no place.
    pub left: Vec<u32>,
    /// The result: grams in the box.
    pub weight: u64,
    /// Places looked at since the filler was made: the measure of work.
    pub steps: u64,
    /// Steps after which a fill ends with what lies; by [`First::Cut`] it goes on.
    pub limit: u64,
    /// The last fill met the limit: another time it may lay more.
    pub cut_short: bool,
    pub(super) spaces: Vec<Cuboid>,
    fresh: Vec<Cuboid>,
    pub(super) order: Vec<(u64, u32)>,
    pub(super) thinnest: u32,
}

/// Lower is better.
pub(super) type Score = (u64, u64);

impl Filler {
    /// One that never ends early.
    pub fn unlimited() -> Self {
        Self { limit: u64::MAX, ..Self::default() }
    }

    /// Packs what it can of `wanted`. With `whole`, gives up at the first unit without a place. True when all lie.
    pub fn fill(&mut self, kinds: &[Kind], room: &Room, wanted: &[u32], rule: Rule, whole: bool) -> bool {
        self.blocks.clear();
        self.solids.clear();
        self.left.clear();
        self.left.extend_from_slice(wanted);
        self.weight = 0;
        self.cut_short = false;
        self.spaces.clear();
        self.spaces.push(Cuboid { low: [0; 3], high: room.sides });
        self.order.clear();
        let mut shake = u64::from(rule.noise);
        for (index, kind) in kinds.iter().enumerate().filter(|&(index, _)| wanted[index] > 0) {
            let mut measure = match rule.first {
                First::Unit(Measure::Longest) => u64::from(kind.longest) << 36 | kind.face,
                First::Unit(Measure::Face) => kind.face,
                First::Unit(Measure::Volume) | First::Space | First::Cut => kind.volume,
            };
            if rule.noise != 0 {
                // 24 bits keep the product small; the factor lies between 0.5 and 1.5.
                shake = next_random(shake);
                measure = (measure >> 8).saturating_mul(128 + (shake >> 32) % 256) + 1;
            }
            // Fragile units come last: nothing may be above them, so what they cover is lost.
            let key = if kind.fragile { measure >> 2 } else { measure | 1 << 62 };
            // The largest first, and of equal ones the first.
            self.order.push((!key, index as u32));
        }
        sort::pairs(&mut self.order);
        self.set_thinnest(kinds);
        match rule.first {
            First::Unit(_) => self.by_unit(kinds, room, rule, whole),
            First::Space => self.by_space(kinds, room, rule, whole),
            First::Cut => self.by_cut(kinds, room, rule),
        }
    }

    fn set_thinnest(&mut self, kinds: &[Kind]) {
        self.thinnest = self
            .order
            .iter()
            .filter(|(_, kind)| self.left[*kind as usize] > 0)
            .map(|(_, kind)| kinds[*kind as usize].shortest)
            .min()
            .unwrap_or(u32::MAX);
    }

    /// Units of the kind that are left and that the weight limit allows.
    pub(super) fn allowed(&self, kind: &Kind, left: u32, room: &Room) -> u32 {
        match (room.capacity - self.weight).checked_div(kind.weight) {
            Some(most) => left.min(u32::try_from(most).unwrap_or(u32::MAX)),
            None => left,
        }
    }

    fn by_unit(&mut self, kinds: &[Kind], room: &Room, rule: Rule, whole: bool) -> bool {
        let mut misses = 0;
        for place in 0..self.order.len() {
            let index = self.order[place].1;
            let kind = &kinds[index as usize];
            loop {
                let left = self.left[index as usize];
                if left == 0 {
                    break;
                }
                if self.steps > self.limit {
                    self.cut_short = true;
                    return false;
                }
                let most =
                    if rule.blocks { self.allowed(kind, left, room) } else { self.allowed(kind, left, room).min(1) };
                let Some(block) = self.best_place(kind, index, most, room, rule) else {
                    if whole {
                        return false;
                    }
                    misses += 1;
                    break;
                };
                misses = 0;
                self.put(kinds, block, room);
            }
            if misses >= MOST_MISSES {
                return false;
            }
        }
        self.done()
    }

    pub(super) fn done(&self) -> bool {
        self.left.iter().all(|&left| left == 0)
    }

    fn best_place(&mut self, kind: &Kind, index: u32, most: u32, room: &Room, rule: Rule) -> Option<Block> {
        if most == 0 {
            return None;
        }
        self.steps += 1 + self.spaces.len() as u64 / COMPARED;
        let mut best: Option<(Score, Block)> = None;
        for place in 0..self.spaces.len() {
            let space = self.spaces[place];
            self.consider(kind, index, most, &space, room, rule, &mut best);
        }
        best.map(|(_, block)| block)
    }

    /// Looks at all ways to put the kind into the corner of the space.
    #[allow(clippy::too_many_arguments)] // one call, one loop body
    #[inline]
    pub(super) fn consider(
        &mut self,
        kind: &Kind,
        index: u32,
        most: u32,
        space: &Cuboid,
        room: &Room,
        rule: Rule,
        best: &mut Option<(Score, Block)>,
    ) {
        let sides = space.sides();
        let most_volume = kind.volume.saturating_mul(u64::from(most));
        if kind.volume > space.volume() || (kind.fragile && space.high[2] != room.sides[2]) {
            return;
        }
        // What no way to lie in this space can beat is not looked at closer.
        let beaten = |low: Triple, unit: Triple, best: &Option<(Score, Block)>| match best {
            Some((score, _)) if rule.aim == Aim::Low => rule.corner(end(low, unit)) > score.0,
            Some((score, _)) if rule.aim == Aim::Large && rule.noise == 0 => u64::MAX - most_volume > score.0,
            _ => false,
        };
        if beaten(space.low, [kind.shortest; 3], best) {
            return;
        }
        for &unit in kind.turned() {
            if !fits(unit, sides) || beaten(space.low, unit, best) {
                continue;
            }
            self.steps += 1;
            if most == 1 {
                self.offer(Block { kind: index, unit, count: [1; 3], low: space.low }, sides, rule, best);
                continue;
            }
            let grid = [sides[0] / unit[0], sides[1] / unit[1], if kind.fragile { 1 } else { sides[2] / unit[2] }];
            let mut last = [0; 3];
            for axes in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                let mut count = [1; 3];
                let mut rest = most;
                for axis in axes {
                    if rest == 1 {
                        break;
                    }
                    count[axis] = grid[axis].min(rest);
                    rest /= count[axis];
                }
                if count != last {
                    last = count;
                    self.steps += 1;
                    self.offer(Block { kind: index, unit, count, low: space.low }, sides, rule, best);
                }
                if rest > 0 && count == grid {
                    break;
                }
            }
        }
    }

    #[inline]
    fn offer(&mut self, block: Block, room: Triple, rule: Rule, best: &mut Option<(Score, Block)>) {
        let sides = block.sides();
        let first = match rule.aim {
            Aim::Tight => tightness(room, sides),
            Aim::Low => rule.corner(end(block.low, sides)),
            Aim::Large if rule.noise != 0 => {
                let seed = u64::from(rule.noise) ^ u64::from(block.kind) << 40 ^ (self.blocks.len() as u64) << 52;
                u64::MAX - volume(sides) / 256 * (192 + (next_random(seed) >> 32) % 128)
            }
            Aim::Large => u64::MAX - volume(sides),
        };
        if best.as_ref().is_some_and(|(other, _)| other.0 < first) {
            return;
        }
        let second = match rule.aim {
            Aim::Tight if block.units() > 1 || rule.blocks => u64::MAX / 2 - u64::from(block.units()),
            Aim::Tight => rule.corner(end(block.low, sides)),
            Aim::Low | Aim::Large => tightness(room, sides),
        };
        let score = (first, second);
        if best.as_ref().is_some_and(|(other, _)| *other <= score) {
            return;
        }
        if block.low[2] > 0 {
            self.steps += self.solids.len() as u64 / COMPARED;
        }
        if support::holds(&self.solids, &block) {
            *best = Some((score, block));
        }
    }

    fn by_space(&mut self, kinds: &[Kind], room: &Room, rule: Rule, whole: bool) -> bool {
        while !self.spaces.is_empty() {
            if self.steps > self.limit {
                self.cut_short = true;
                return false;
            }
            let mut nearest = 0;
            let mut corner = rule.corner(self.spaces[0].low);
            for place in 1..self.spaces.len() {
                let space = &self.spaces[place];
                let other = rule.corner(space.low);
                if other < corner || (other == corner && space.volume() > self.spaces[nearest].volume()) {
                    (nearest, corner) = (place, other);
                }
            }
            self.steps += self.spaces.len() as u64 / COMPARED;
            let space = self.spaces[nearest];
            self.steps += self.order.len() as u64 / COMPARED;
            let mut best: Option<(Score, Block)> = None;
            for place in 0..self.order.len() {
                let index = self.order[place].1;
                let left = self.left[index as usize];
                let kind = &kinds[index as usize];
                let most = self.allowed(kind, left, room);
                if most > 0 {
                    self.consider(kind, index, if rule.blocks { most } else { 1 }, &space, room, rule, &mut best);
                }
            }
            match best {
                Some((_, block)) => {
                    self.put(kinds, block, room);
                    let left = &self.left;
                    if left[block.kind as usize] == 0 {
                        self.order.retain(|&(_, kind)| kind != block.kind);
                    }
                }
                None => {
                    self.spaces.swap_remove(nearest);
                }
            }
            if whole && self.spaces.is_empty() {
                break;
            }
        }
        self.done()
    }

    fn put(&mut self, kinds: &[Kind], block: Block, room: &Room) {
        self.lay(kinds, block);
        let mut taken = block.cuboid();
        if kinds[block.kind as usize].fragile {
            taken.high[2] = room.sides[2];
        }
        if self.thinnest == u32::MAX {
            self.spaces.clear();
        } else {
            subtract(&mut self.spaces, 0, &taken, self.thinnest, &mut self.fresh);
            self.steps += self.spaces.len() as u64 * (1 + self.fresh.len() as u64 / COMPARED) / COMPARED;
        }
    }

    /// Notes that the block lies; the spaces are the caller's.
    pub(super) fn lay(&mut self, kinds: &[Kind], block: Block) {
        let left = &mut self.left[block.kind as usize];
        *left -= block.units();
        self.weight += kinds[block.kind as usize].weight * u64::from(block.units());
        // Only the thinnest kind's end makes the thinnest another.
        if *left == 0 && kinds[block.kind as usize].shortest <= self.thinnest {
            self.set_thinnest(kinds);
        }
        self.blocks.push(block);
        self.solids.push(block.cuboid());
    }
}

/// Where a cuboid ends. Wraps only beyond 2^32 mm; it lies in a box of at most [`crate::units::LONGEST_SIDE`].
#[inline]
fn end(low: Triple, sides: Triple) -> Triple {
    [low[0].wrapping_add(sides[0]), low[1].wrapping_add(sides[1]), low[2].wrapping_add(sides[2])]
}

/// Room left in the tightest direction, then the next; the sides are no longer than the room's.
#[inline]
fn tightness(room: Triple, sides: Triple) -> u64 {
    let [a, b, c] = [room[0].wrapping_sub(sides[0]), room[1].wrapping_sub(sides[1]), room[2].wrapping_sub(sides[2])];
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let (least, middle) = if c < low { (c, low) } else { (low, high.min(c)) };
    u64::from(least) << 32 | u64::from(middle)
}

/// Xorshift64* by Vigna; only for shaking rules, so its quality matters little and its being the same everywhere much.
pub(super) fn next_random(state: u64) -> u64 {
    let mut x = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    x.wrapping_mul(0x2545_F491_4F6C_DD1D)
}

const _: () = assert!(SUPPORTED_PERCENT <= 100);
