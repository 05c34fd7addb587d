//! Proofs that units do not fit a box, without trying: volume, and volume after each side has been replaced by a dual
//! feasible function of it (Fekete and Schepers, "A General Framework for Bounds for Higher-Dimensional Orthogonal Packing
//! Problems", 2004), so that two sides above half of the box's count as one whole box side each.

use super::geometry::{Triple, fits};
use super::kind::{Kind, Room};

/// The scale that makes halves of a side whole.
const SCALE: u64 = 2;

/// Side `x` of a box side `whole`, times [`SCALE`]: as it is, or rounded to nothing, half or all of the box's side.
#[inline]
fn rounded(x: u32, whole: u32, function: usize) -> u64 {
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

/// True when no packing of these units in this room exists, by the first `FUNCTIONS` of three roundings along each axis. The
/// caller has seen to their plain volume.
pub(super) fn refuted<const FUNCTIONS: usize>(kinds: &[Kind], counts: &[u32], room: &Room) -> bool {
    let whole = room.volume * (SCALE * SCALE * SCALE);
    let least_side = u64::from(room.sides[0].min(room.sides[1]).min(room.sides[2]));
    // All triples of roundings at once: the sums of the least rounded volume of each unit. They saturate far above any room.
    let mut sums = [[[0u64; FUNCTIONS]; FUNCTIONS]; FUNCTIONS];
    for (kind, &count) in kinds.iter().zip(counts) {
        // Every rounding makes nothing of sides this short; their plain volume the caller has seen to.
        if count == 0 || u64::from(kind.longest) * (FUNCTIONS as u64) < least_side {
            continue;
        }
        let mut least = [[[u64::MAX; FUNCTIONS]; FUNCTIONS]; FUNCTIONS];
        for &sides in kind.turned() {
            if fits(sides, room.sides) {
                lessen(sides, room.sides, &mut least);
            }
        }
        for x in 0..FUNCTIONS {
            for y in 0..FUNCTIONS {
                for z in 0..FUNCTIONS {
                    let volume = least[x][y][z].saturating_mul(u64::from(count));
                    sums[x][y][z] = sums[x][y][z].saturating_add(volume);
                }
            }
        }
    }
    sums.as_flattened().as_flattened().iter().any(|&sum| sum > whole)
}

/// Keeps the lower of each rounded volume.
#[inline]
fn lessen<const FUNCTIONS: usize>(sides: Triple, room: Triple, least: &mut [[[u64; FUNCTIONS]; FUNCTIONS]; FUNCTIONS]) {
    let mut table = [[0u64; FUNCTIONS]; 3];
    for axis in 0..3 {
        for (function, place) in table[axis].iter_mut().enumerate() {
            *place = rounded(sides[axis], room[axis], function);
        }
    }
    for x in 0..FUNCTIONS {
        for y in 0..FUNCTIONS {
            // Eight times 10^15 at most.
            let base = table[0][x].wrapping_mul(table[1][y]);
            for z in 0..FUNCTIONS {
                least[x][y][z] = least[x][y][z].min(base.wrapping_mul(table[2][z]));
            }
        }
    }
}
