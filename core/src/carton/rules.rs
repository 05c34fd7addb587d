//! The rules by which boxes are filled, in the order in which they are tried.

use super::fill::{Aim, First, LAYERS, Measure, Rule, SIDE_WALLS, WALLS};

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
