//! The cheapest way to take one item from a set of sources: few sources, each with so many units at a price, and a penalty for
//! each source after the first.
//!
//! What this module must not know: other items, fixed costs.

use super::cells::Cells;
use alloc::vec::Vec;

/// Sources that one item is exactly shared among; beyond it takes the better of two greedy ways.
const MOST_EXACT: usize = 20;

/// Where units come from, by cells.
#[derive(Debug, Default)]
pub struct Filling {
    /// Cells and units, of the last item filled.
    pub taken: Vec<(u32, u32)>,
    /// Some filling may not have been the cheapest.
    pub inexact: bool,
    pub steps: u64,
    found: Vec<(i64, u32, u32)>,
    chosen: Vec<bool>,
    best: Vec<bool>,
}

impl Filling {
    /// What the item costs from these sources, in the terms of the bound: the penalty for spreading counts for every source of
    /// an item that is not whole, and once when nothing is taken.
    pub fn fill(&mut self, cells: &Cells, item: usize, open: &[bool]) -> i64 {
        let range = cells.of(item);
        let (quantity, backorder) = (cells.quantity[item], cells.backorder[item]);
        self.taken.clear();
        if cells.whole[item] {
            let nobody = cells.cap[item];
            for cell in range.clone() {
                if open[cells.source[cell] as usize] {
                    self.steps += (cell - range.start) as u64 + 1;
                    let cost = i64::from(quantity) * cells.unit[cell];
                    if cost > nobody {
                        return nobody;
                    }
                    self.taken.push((cell as u32, quantity));
                    return cost;
                }
            }
            self.steps += range.len() as u64;
            return nobody;
        }
        self.found.clear();
        self.steps += range.len() as u64;
        for cell in range {
            if open[cells.source[cell] as usize] && cells.unit[cell] <= backorder {
                self.found.push((cells.unit[cell], cells.most[cell], cell as u32));
            }
        }
        // Sorted, and gone through for each of the two greedy ways.
        self.steps += 8 * self.found.len() as u64;
        self.found.sort_unstable_by_key(|(unit, most, cell)| (*unit, u32::MAX - *most, *cell));
        let nothing = i64::from(quantity) * backorder + cells.spread;
        self.chosen.clear();
        self.chosen.resize(self.found.len(), true);
        let cheapest = self.cost_of(quantity, backorder, cells.spread);
        self.best.clone_from(&self.chosen);
        let mut best = cheapest.min(nothing);
        if nothing < cheapest {
            self.best.fill(false);
        }
        if cells.spread > 0 && self.found.len() > 1 {
            best = self.fewest(quantity, backorder, cells.spread, best);
            if self.found.len() <= MOST_EXACT {
                self.chosen.fill(false);
                best = self.search(0, quantity, 0, backorder, cells.spread, best);
            } else {
                self.inexact = true;
            }
        }
        let mut left = quantity;
        for (place, &(_, most, cell)) in self.found.iter().enumerate() {
            let units = most.min(left);
            if self.best[place] && units > 0 {
                self.taken.push((cell, units));
                left -= units;
            }
        }
        best
    }

    /// Taking from the chosen sources, the cheapest first.
    fn cost_of(&self, quantity: u32, backorder: i64, spread: i64) -> i64 {
        let (mut left, mut cost) = (quantity, 0);
        for (&(unit, most, _), _) in self.found.iter().zip(&self.chosen).filter(|(_, chosen)| **chosen) {
            let units = most.min(left);
            if units > 0 {
                cost += i64::from(units) * unit + spread;
                left -= units;
            }
        }
        if left == quantity {
            return i64::from(quantity) * backorder + spread;
        }
        cost + i64::from(left) * backorder
    }

    /// Taking from those that have most.
    fn fewest(&mut self, quantity: u32, backorder: i64, spread: i64, best: i64) -> i64 {
        self.chosen.fill(false);
        let mut best = best;
        let mut left = quantity;
        while left > 0 {
            // Of those that have all that is left, the cheapest; else the one with most.
            let free = || (0..self.found.len()).filter(|place| !self.chosen[*place]);
            let enough = free().find(|place| self.found[*place].1 >= left);
            let Some(place) = enough.or_else(|| free().max_by_key(|place| (self.found[*place].1, usize::MAX - place)))
            else {
                break;
            };
            self.chosen[place] = true;
            left -= self.found[place].1.min(left);
            let cost = self.cost_of(quantity, backorder, spread);
            if cost < best {
                best = cost;
                self.best.clone_from(&self.chosen);
            }
        }
        best
    }

    /// All subsets that could be cheaper: the sources by price, each taken as far as it goes or left out.
    fn search(&mut self, place: usize, left: u32, cost: i64, backorder: i64, spread: i64, best: i64) -> i64 {
        self.steps += 1;
        let mut best = best;
        let now = cost + i64::from(left) * backorder;
        if now < best && self.chosen.iter().any(|chosen| *chosen) {
            best = now;
            self.best.clone_from(&self.chosen);
        }
        if left == 0 || place == self.found.len() {
            return best;
        }
        let (unit, most, _) = self.found[place];
        if cost + (spread + i64::from(left) * unit).min(i64::from(left) * backorder) >= best {
            return best;
        }
        let units = most.min(left);
        self.chosen[place] = true;
        best = self.search(place + 1, left - units, cost + spread + i64::from(units) * unit, backorder, spread, best);
        self.chosen[place] = false;
        self.search(place + 1, left, cost, backorder, spread, best)
    }
}
