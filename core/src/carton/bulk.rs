//! Orders of very many kinds: one box after the other, filled once by one rule from a window of the kinds, until few enough
//! are left for the search. So the work grows with the number of boxes alone.

use alloc::vec::Vec;

use super::choose::repeats;
use super::fill::Block;
use super::kind::Kind;
use super::order::{Filled, Order};
use super::rules::BULK_RULE;
use super::whole::Work;
use crate::sort;

/// Kinds of units that the search packs together.
pub(super) const MOST_KINDS: usize = 100;
/// A window holds the largest kinds that are left: as many as fill the box by volume, at least and at most so many.
const LARGEST: core::ops::RangeInclusive<usize> = 60..=400;
/// And so many that are spread over the rest, to fill gaps.
const SPREAD: usize = 40;

/// Fills boxes until at most [`MOST_KINDS`] kinds are left in `counts`. Units that no available box holds are taken from
/// `counts` and put into no box.
pub(super) fn fill_bulk(order: &Order<'_>, counts: &mut [u32], available: &mut [u32], work: &mut Work) -> Vec<Filled> {
    let mut boxes = Vec::new();
    let mut by_size: Vec<u32> = (0..counts.len() as u32).filter(|&kind| counts[kind as usize] > 0).collect();
    sort::by_key(&mut by_size, |kind| !order.kinds[kind as usize].volume);
    let mut by_size: Vec<usize> = by_size.into_iter().map(|kind| kind as usize).collect();
    // The window's kinds, by their place in it: a fill's work does not grow with what waits outside.
    let mut members: Vec<usize> = Vec::new();
    let mut kinds: Vec<Kind> = Vec::new();
    let mut window: Vec<u32> = Vec::new();
    while by_size.len() > MOST_KINDS {
        let largest = by_size[0];
        let Some(stock) = order.plain_choice(largest, available) else {
            counts[largest] = 0;
            by_size.remove(0);
            continue;
        };
        let mut volume = 0u64;
        let enough = |&kind: &usize| {
            volume = order.kinds[kind].volume.saturating_mul(u64::from(counts[kind])).saturating_add(volume);
            volume > order.stocks[stock].room.volume
        };
        let large = by_size.iter().position(enough).unwrap_or(by_size.len());
        let large = large.clamp(*LARGEST.start(), (*LARGEST.end()).min(by_size.len()));
        let stride = (by_size.len() - large).div_ceil(SPREAD).max(1);
        members.clear();
        members.extend(by_size[..large].iter().chain(by_size[large..].iter().step_by(stride)));
        kinds.clear();
        kinds.extend(members.iter().map(|&kind| order.kinds[kind].clone()));
        window.clear();
        window.extend(members.iter().map(|&kind| counts[kind]));
        let filler = &mut work.filler;
        filler.fill(&kinds, &order.stocks[stock].room, &window, BULK_RULE, false);
        let times = repeats(&window, &filler.left, available[stock]);
        let named = |block: &Block| Block { kind: members[block.kind as usize] as u32, ..*block };
        boxes.push(Filled {
            stock: stock as u32,
            times,
            counts: Vec::new(),
            blocks: filler.blocks.iter().map(named).collect(),
            weight: filler.weight,
        });
        for (place, &kind) in members.iter().enumerate() {
            counts[kind] -= (window[place] - filler.left[place]) * times;
        }
        if available[stock] != u32::MAX {
            available[stock] -= times;
        }
        by_size.retain(|&kind| counts[kind] > 0);
    }
    boxes
}
