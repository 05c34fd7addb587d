//! One box or container, more than fits: packs as much volume as it can. Knows no money.

use alloc::vec::Vec;

use super::fill::{Block, Filler, next_random};
use super::kind::{Kinds, Room};
use super::packer::{place, validate_items};
use super::rules::{Aim, First, LAYERS, Measure, Rule, SIDE_WALLS, WALLS};
use super::{CartonError, Effort, Item, Placement};
use crate::units::{CubicMillimetres, Grams, LONGEST_SIDE, Size};

/// What went into one box.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Load {
    pub placements: Vec<Placement>,
    /// Of the units inside.
    pub volume: CubicMillimetres,
    /// Of the units inside.
    pub weight: Grams,
    /// Units of each item that stay outside, in the order of the items.
    pub left: Vec<u32>,
}

const AXES: [[usize; 3]; 6] = [WALLS, LAYERS, SIDE_WALLS, [0, 1, 2], [1, 0, 2], [2, 0, 1]];

/// Fills one box with as much volume as it can be made to hold, within `maximum_weight` of contents. Ships-alone is not
/// looked at. The same rules of packing hold as for a [`super::Packer`]. The effort bounds the work; the best of what was
/// tried until then is the answer.
///
/// # Errors
/// When the box has a side of 0 or above the limit, or an item is not one, see [`CartonError`].
pub fn fill_one_box(inner: Size, maximum_weight: Grams, items: &[Item], effort: Effort) -> Result<Load, CartonError> {
    let sides = [inner.length.0, inner.width.0, inner.height.0];
    if sides.iter().any(|&side| !(1..=LONGEST_SIDE.0).contains(&side)) {
        return Err(CartonError::CartonSize { carton: 0, size: inner });
    }
    validate_items(items)?;
    let all: Vec<u32> = (0..items.len() as u32).collect();
    let mut kinds = Kinds::group(items, &all);
    let room = Room::new(sides, maximum_weight.0);
    let mut filler = Filler::unlimited();
    let mut best: Option<(u64, u64, Vec<Block>)> = None;
    let most = kinds
        .list
        .iter()
        .zip(&kinds.counts)
        .fold(0u64, |sum, (kind, &count)| sum.saturating_add(kind.volume.saturating_mul(u64::from(count))));
    for attempt in 0.. {
        let full = best.as_ref().is_some_and(|(volume, _, _)| *volume == most.min(room.volume));
        if full || (attempt > 0 && filler.steps >= effort.steps) {
            break;
        }
        // A fill of nothing is work, too: without it the loop would not end.
        filler.steps += 16;
        filler.fill(&kinds.list, &room, &kinds.counts, attempt_rule(attempt), false);
        let volume =
            filler.blocks.iter().map(|block| kinds.list[block.kind as usize].volume * u64::from(block.units())).sum();
        if best.as_ref().is_none_or(|(other, _, _)| volume > *other) {
            best = Some((volume, filler.weight, filler.blocks.clone()));
        }
    }
    let (volume, weight, blocks) = best.unwrap_or_default();
    let placements: Vec<Placement> = place(&blocks, &mut kinds);
    let mut left: Vec<u32> = items.iter().map(|item| item.quantity).collect();
    for placement in &placements {
        left[placement.item as usize] -= 1;
    }
    Ok(Load { placements, volume: CubicMillimetres(volume), weight: Grams(weight), left })
}

/// Plain rules first, then shaken ones.
fn attempt_rule(attempt: u32) -> Rule {
    let axes = AXES[attempt as usize % AXES.len()];
    let (first, aim) = match attempt as usize / AXES.len() % 4 {
        0 => (First::Space, Aim::Large),
        1 => (First::Space, Aim::Tight),
        2 => (First::Unit(Measure::Volume), Aim::Large),
        _ => (First::Unit(Measure::Volume), Aim::Low),
    };
    let noise = if attempt < 24 { 0 } else { (next_random(u64::from(attempt)) >> 32) as u32 | 1 };
    Rule { first, aim, axes, blocks: true, noise }
}
