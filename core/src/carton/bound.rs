//! Proofs that units do not fit a box, without trying: volume, and volume after each side has been replaced by a dual
//! feasible function of it (Fekete and Schepers, "A General Framework for Bounds for Higher-Dimensional Orthogonal Packing
//! Problems", 2004), so that two sides above half of the box's count as one whole box side each.

use super::geometry::{Triple, fits};
use super::kind::{Kind, Room};

/// The scale that makes halves of a side whole.
const SCALE: u64 = 2;

/// Side `x` of a box side `whole`, times [`SCALE`]: as it is, or rounded to nothing, half or all of the box's side.
#[inline]
fn rounded(x: u32, whole: u32, function: u32) -> u64 {
    let (x, whole) = (u64::from(x), u64::from(whole));
    match function {
        0 => x * SCALE,
        1 => match (2 * x).cmp(&whole) {
            core::cmp::Ordering::Greater => whole * SCALE,
            core::cmp::Ordering::Equal => whole,
            core::cmp::Ordering::Less => 0,
        },
        // u(2): a side between a third and two thirds counts as half, an exact third as itself.
        _ if 3 * x % whole == 0 => x * SCALE,
        _ => 3 * x / whole * whole * SCALE / 2,
    }
}

/// True when no packing of these units in this room exists. The caller has seen to their plain volume.
pub(super) fn refuted(kinds: &[Kind], counts: &[u32], room: &Room, functions: u32) -> bool {
    let whole = room.volume * (SCALE * SCALE * SCALE);
    let least_side = u64::from(room.sides[0].min(room.sides[1]).min(room.sides[2]));
    // All 27 triples at once: the sums of the least rounded volume of each unit. They saturate far above any room.
    let mut sums = [0u64; 27];
    let combinations = (functions * functions * functions) as usize;
    for (kind, &count) in kinds.iter().zip(counts).filter(|(_, count)| **count > 0) {
        // Every rounding makes nothing of sides this short; their plain volume the caller has seen to.
        if u64::from(kind.longest) * u64::from(functions) < least_side {
            continue;
        }
        let mut least = [u64::MAX; 27];
        for &sides in kind.turned().iter().filter(|&&sides| fits(sides, room.sides)) {
            volumes(sides, room.sides, functions, &mut least);
        }
        for (sum, least) in sums.iter_mut().zip(least).take(combinations) {
            *sum = sum.saturating_add(least.saturating_mul(u64::from(count)));
        }
    }
    sums[..combinations].iter().any(|&sum| sum > whole)
}

fn volumes(sides: Triple, room: Triple, functions: u32, least: &mut [u64; 27]) {
    let mut table = [[0u64; 3]; 3];
    for axis in 0..3 {
        for function in 0..functions {
            table[axis][function as usize] = rounded(sides[axis], room[axis], function);
        }
    }
    let mut index = 0;
    let functions = functions as usize;
    for x in &table[0][..functions] {
        for y in &table[1][..functions] {
            let base = x * y;
            for z in &table[2][..functions] {
                least[index] = least[index].min(base * z);
                index += 1;
            }
        }
    }
}
