//! The rules by which boxes are filled: what they consist of, and which are tried in which order. Knows no units.

use super::geometry::Triple;

/// What is decided first at each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// The unit, by this measure, largest first; then the best place for it.
    Unit(Measure),
    /// The space nearest to the origin; then what goes there.
    Space,
    /// The space; it is then cut in three. See [`super::cut`].
    Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Volume,
    Longest,
    Face,
}

/// What makes a place good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Least room left beside it in the tightest direction, then the next.
    Tight,
    /// Ends nearest to the origin, in the order of the rule's axes.
    Low,
    /// The block with the largest volume.
    Large,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    pub first: First,
    pub aim: Aim,
    /// Directions in the order in which the box fills up, the slowest first: `[2, 1, 0]` builds layers from the floor,
    /// `[0, 2, 1]` walls from the back.
    pub axes: [usize; 3],
    /// Several equal units at once, as a block.
    pub blocks: bool,
    /// Not 0: measures are shaken by this seed.
    pub noise: u32,
}

impl Rule {
    /// How far a point is from the origin, the slowest direction first. A side has 17 bits.
    #[inline]
    pub fn corner(&self, at: Triple) -> u64 {
        let [a, b, c] = self.axes;
        u64::from(at[a]) << 40 | u64::from(at[b]) << 20 | u64::from(at[c])
    }
}

pub(super) const LAYERS: [usize; 3] = [2, 1, 0];
pub(super) const WALLS: [usize; 3] = [0, 2, 1];
pub(super) const SIDE_WALLS: [usize; 3] = [1, 2, 0];

const fn rule(first: First, aim: Aim, axes: [usize; 3], blocks: bool) -> Rule {
    Rule { first, aim, axes, blocks, noise: 0 }
}

/// The rules that are tried to pack a whole order into one box, the most successful first.
pub(super) const RULES: [Rule; 8] = [
    rule(First::Unit(Measure::Volume), Aim::Low, LAYERS, true),
    rule(First::Unit(Measure::Longest), Aim::Tight, LAYERS, false),
    rule(First::Space, Aim::Large, LAYERS, true),
    rule(First::Unit(Measure::Face), Aim::Low, LAYERS, false),
    rule(First::Unit(Measure::Longest), Aim::Low, WALLS, true),
    rule(First::Space, Aim::Tight, WALLS, true),
    rule(First::Unit(Measure::Volume), Aim::Tight, SIDE_WALLS, true),
    rule(First::Unit(Measure::Volume), Aim::Low, SIDE_WALLS, false),
];

/// Where the search must come to an end: spaces first, so that none is forgotten before it is used.
pub(super) const PLAIN_RULE: Rule = RULES[2];
/// For very many kinds.
pub(super) const BULK_RULE: Rule = rule(First::Cut, Aim::Tight, LAYERS, true);
