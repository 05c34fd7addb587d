//! Makes a packing cheaper: takes some of its boxes, and packs what they hold again by shaken rules.

use alloc::vec::Vec;

use super::choose::Beam;
use super::fill::next_random;
use super::order::{Filled, Order, Plan, Rank};
use super::whole::Work;

/// Boxes that are packed again together, at most.
const MOST_TOGETHER: u64 = 3;
/// Larger packings are left as they are.
const MOST_BOXES: usize = 64;

/// Improves until the work reaches `stop` steps, or the packing costs no more than `bound`.
pub(super) fn improve(order: &Order<'_>, plan: &mut Plan, available: &[u32], bound: u64, stop: u64, work: &mut Work) {
    if plan.boxes.len() > MOST_BOXES || plan.boxes.iter().any(|filled| filled.times > 1) {
        return;
    }
    let mut left: Vec<u32> = available.to_vec();
    let mut random = 1u64;
    let mut counts: Vec<u32> = alloc::vec![0; order.kinds.len()];
    let mut idle = 0u32;
    while work.steps() < stop && plan.rank.0 > bound && idle < 4_000 {
        idle += 1;
        let boxes = plan.boxes.len() as u64;
        random = next_random(random);
        let together = (1 + (random >> 20) % MOST_TOGETHER).min(boxes).max(2.min(boxes)) as usize;
        // The chosen boxes go to the end of the list.
        for taken in 0..together {
            random = next_random(random);
            let end = plan.boxes.len() - taken;
            let chosen = (random >> 20) as usize % end;
            plan.boxes.swap(chosen, end - 1);
        }
        let start = plan.boxes.len() - together;
        counts.fill(0);
        left.copy_from_slice(available);
        let mut old: Rank = (0, 0, 0);
        for (index, filled) in plan.boxes.iter().enumerate() {
            let stock = filled.stock as usize;
            if index < start {
                if left[stock] != u32::MAX {
                    left[stock] -= 1;
                }
                continue;
            }
            old = add(old, order, filled);
            for (count, inside) in counts.iter_mut().zip(&filled.counts) {
                *count += inside;
            }
        }
        // Room for a beam of its own even when it looks at little.
        work.filler.steps += 16;
        let shake = (random >> 33) as u32 | 1;
        if let Some(better) = order.beam(&counts, &left, old, Beam { width: 2, shake, narrow: false }, work) {
            idle = 0;
            plan.boxes.truncate(start);
            plan.boxes.extend(better.boxes);
            plan.rank = plan.boxes.iter().fold((0, 0, 0), |rank, filled| add(rank, order, filled));
        }
    }
}

fn add(rank: Rank, order: &Order<'_>, filled: &Filled) -> Rank {
    let tariff = &order.stocks[filled.stock as usize].tariff;
    (
        rank.0.saturating_add(tariff.cost(filled.weight)),
        rank.1 + 1,
        rank.2.saturating_add(tariff.billable(filled.weight)),
    )
}
