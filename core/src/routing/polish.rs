//! Brings the lower bound closer to its best by subgradients, where raising and lowering single items is stuck.
//!
//! For any payments there is a bound (see `cells`), and it is concave in them: each item moves by how much it gains, one less the
//! sources that are offered too much, the farther the farther the bound is from the best assignment (Held, Wolfe, Crowder 1974).
//!
//! What this module must not know: which sources are tried, and what assignments look like.

use super::cells::Cells;
use super::dual::Dual;
use alloc::vec;

/// Fractions of a gradient: 1 / 256.
const FRACTION: u32 = 8;

/// Moves all payments so many times, and keeps those with the highest bound; `beside` is what the bound leaves out, `target` the
/// cost of the best assignment.
pub fn polish(dual: &mut Dual, cells: &Cells, beside: i64, target: i64, rounds: usize) {
    if cells.shift < FRACTION {
        return;
    }
    let items = cells.items();
    let mut best = dual.bound(cells);
    let mut kept = dual.paid.clone();
    let mut gradient = vec![0i64; items];
    // The step in 64ths of the distance to the target.
    let (mut step, mut worse) = (64i64, 0);
    for _ in 0..rounds {
        let bound = dual.bound(cells);
        if best + beside >= target || dual.steps >= dual.limit {
            break;
        }
        let mut norm = 0i64;
        for (item, gradient) in gradient.iter_mut().enumerate() {
            *gradient = dual.gain(cells, item) >> (cells.shift - FRACTION);
            norm += *gradient * *gradient;
        }
        if norm == 0 {
            break;
        }
        let distance = (target - beside - bound).clamp(1, 1 << 30);
        let scale = (distance * step) >> 6;
        for (item, gradient) in gradient.iter().enumerate() {
            let change = scale * gradient * (1 << FRACTION) / norm;
            if change != 0 {
                dual.set(cells, item, dual.paid[item] + change);
            }
        }
        let now = dual.bound(cells);
        if now > best {
            best = now;
            kept.copy_from_slice(&dual.paid);
            worse = 0;
        } else {
            worse += 1;
            if worse == 4 {
                worse = 0;
                step /= 2;
                restore(dual, cells, &kept);
                if step == 0 {
                    break;
                }
            }
        }
    }
    restore(dual, cells, &kept);
    dual.ascend(cells);
}

fn restore(dual: &mut Dual, cells: &Cells, paid: &[i64]) {
    for (item, &paid) in paid.iter().enumerate() {
        if dual.paid[item] != paid {
            dual.set(cells, item, paid);
        }
    }
}
