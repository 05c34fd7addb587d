//! The lower bound: raises what items pay until the sources that they need are paid for, and lowers it where it no longer helps.
//!
//! What this module must not know: which sources are tried, and what the best assignment so far is.

use super::cells::Cells;
use alloc::vec::Vec;

/// Slack of a source that is closed: no offer ever uses it up.
pub const CLOSED: i64 = 1 << 58;

/// What every item pays, and what that leaves of every source's fixed cost.
#[derive(Debug, Default)]
pub struct Dual {
    pub paid: Vec<i64>,
    /// Where the cells end that are no dearer than what the item pays.
    pub reach: Vec<u32>,
    /// Fixed cost less all offers; below zero where more is offered than the source costs. An opened source begins at zero.
    pub slack: Vec<i64>,
    /// Cells looked at so far.
    pub steps: u64,
    /// Raising ends after so many; what was reached by then is a bound as well.
    pub limit: u64,
}

impl Dual {
    /// Every item pays what its cheapest source asks.
    pub fn new(cells: &Cells, limit: u64) -> Self {
        let mut dual = Self { slack: cells.fixed.clone(), limit, ..Self::default() };
        for item in 0..cells.items() {
            let range = cells.of(item);
            let paid = cells.from.get(range.clone()).and_then(|from| from.first()).copied().unwrap_or(0);
            dual.paid.push(paid.min(cells.cap[item]));
            dual.reach.push(range.start as u32);
        }
        dual
    }

    /// What one cell is offered when its item pays so much.
    fn offer(cells: &Cells, whole: bool, cell: usize, paid: i64) -> i64 {
        let above = paid - cells.from[cell];
        if whole { above } else { (above * cells.rate[cell] + (1 << cells.shift) - 1) >> cells.shift }
    }

    /// Changes what an item pays; the cells that it offers something are those up to `reach` before and after.
    fn pay(&mut self, cells: &Cells, item: usize, to: i64) {
        let range = cells.of(item).start..self.reach[item] as usize;
        let before = self.paid[item];
        self.paid[item] = to;
        if cells.whole[item] {
            // The usual case, alone in its loop: every offer changes by the same.
            for &source in &cells.source[range] {
                self.slack[source as usize] -= to - before;
            }
            return;
        }
        for cell in range {
            let change = Self::offer(cells, false, cell, to) - Self::offer(cells, false, cell, before);
            self.slack[cells.source[cell] as usize] -= change;
        }
    }

    /// Lets an item pay more, up to the next of its sources or until a source is paid for. False when that gains nothing.
    pub fn raise(&mut self, cells: &Cells, item: usize) -> bool {
        let range = cells.of(item);
        self.steps += 1;
        let paid = self.paid[item];
        let mut reach = self.reach[item] as usize;
        while reach < range.end && cells.from[reach] <= paid {
            reach += 1;
        }
        self.reach[item] = reach as u32;
        let mut step = cells.cap[item] - paid;
        if step <= 0 {
            return false;
        }
        if reach < range.end {
            step = step.min(cells.from[reach] - paid);
        }
        self.steps += (reach - range.start) as u64;
        if cells.whole[item] {
            let mut least = step;
            for &source in &cells.source[range.start..reach] {
                least = least.min(self.slack[source as usize]);
            }
            if least <= 0 {
                return false;
            }
            self.pay(cells, item, paid + least);
            return true;
        }
        let one = 1i64 << cells.shift;
        let mut taken = 0;
        for cell in range.start..reach {
            let slack = self.slack[cells.source[cell] as usize];
            let rate = cells.rate[cell];
            if slack <= 0 {
                taken += rate;
                if taken >= one {
                    return false;
                }
            } else if slack < step {
                step = step.min(((slack << cells.shift) / rate).max(1));
            }
        }
        self.pay(cells, item, paid + step);
        true
    }

    /// Lets an item pay less, as long as sources are offered too much by more than that loses.
    pub fn lower(&mut self, cells: &Cells, item: usize) -> bool {
        let one = 1i64 << cells.shift;
        let start = cells.of(item).start;
        let mut moved = false;
        loop {
            let paid = self.paid[item];
            let mut reach = self.reach[item] as usize;
            while reach > start && cells.from[reach - 1] >= paid {
                reach -= 1;
            }
            self.reach[item] = reach as u32;
            if reach == start {
                return moved;
            }
            self.steps += (reach - start) as u64;
            let mut step = paid - cells.from[reach - 1];
            let mut gained = 0;
            for cell in start..reach {
                let slack = self.slack[cells.source[cell] as usize];
                if slack < 0 {
                    gained += cells.rate[cell];
                    if -slack < step {
                        step = step.min(((-slack << cells.shift) / cells.rate[cell]).max(1));
                    }
                }
            }
            if gained <= one {
                return moved;
            }
            self.pay(cells, item, paid - step);
            moved = true;
        }
    }

    /// What the bound gains when the item pays one more, in shares of `1 << shift`: itself, less what goes to sources that are
    /// offered too much already.
    pub fn gain(&mut self, cells: &Cells, item: usize) -> i64 {
        let range = cells.of(item).start..self.reach[item] as usize;
        self.steps += range.len() as u64;
        let mut gain = 1i64 << cells.shift;
        let paid = self.paid[item];
        for cell in range {
            if self.slack[cells.source[cell] as usize] < 0 && cells.from[cell] < paid {
                gain -= cells.rate[cell];
            }
        }
        gain
    }

    /// Lets an item pay so much, up or down, within what it may pay.
    pub fn set(&mut self, cells: &Cells, item: usize, to: i64) {
        let range = cells.of(item);
        let Some(&least) = cells.from[range.clone()].first() else { return };
        let to = to.min(cells.cap[item]).max(least.min(cells.cap[item]));
        let before = self.paid[item];
        let whole = cells.whole[item];
        for cell in range.start..self.reach[item] as usize {
            if cells.from[cell] < before {
                self.slack[cells.source[cell] as usize] += Self::offer(cells, whole, cell, before);
            }
        }
        let mut reach = range.start;
        while reach < range.end && cells.from[reach] < to {
            self.slack[cells.source[reach] as usize] -= Self::offer(cells, whole, reach, to);
            reach += 1;
        }
        self.steps += 2 * (reach - range.start) as u64;
        self.paid[item] = to;
        self.reach[item] = reach as u32;
    }

    /// Takes an item back to its last source but so many, so that others can use what it no longer offers.
    pub fn retreat(&mut self, cells: &Cells, item: usize) -> bool {
        let start = cells.of(item).start;
        let paid = self.paid[item];
        let mut reach = self.reach[item] as usize;
        while reach > start && cells.from[reach - 1] >= paid {
            reach -= 1;
        }
        self.reach[item] = reach as u32;
        if reach == start {
            return false;
        }
        self.steps += (reach - start) as u64;
        self.pay(cells, item, cells.from[reach - 1]);
        true
    }

    /// Raises all items in turn, a level each, until none can.
    pub fn ascend(&mut self, cells: &Cells) {
        loop {
            let mut moved = false;
            for item in 0..cells.items() {
                moved |= self.raise(cells, item);
            }
            if !moved || self.steps >= self.limit {
                return;
            }
        }
    }

    /// What all assignments cost at least, without the fixed costs of opened sources.
    pub fn bound(&self, cells: &Cells) -> i64 {
        let paid: i64 = self.paid.iter().sum();
        let over: i64 = self.slack.iter().map(|slack| (*slack).min(0)).sum();
        cells.constant + paid + over
    }
}
