//! Branch and bound over which sources are opened.
//!
//! Each node raises the bound, tries the sources that are paid for as an assignment, shuts and opens what the bound decides, and
//! branches on the source that most items would pay beside another. Whatever ends the search early leaves the least bound of what
//! is unexplored as the proof.
//!
//! What this module must not know: how a bound is raised, how an item is filled.

use super::search::{Pending, Search, Status};
use alloc::vec::Vec;

/// Words of memory that the open nodes may hold.
const MOST_KEPT: usize = 1_000_000;

/// Rounds of adjustment at each node.
const NODE_ROUNDS: usize = 1;

impl Search<'_> {
    /// Explores everything, or until the effort ends.
    pub fn run(&mut self) {
        let mut going = true;
        while going {
            if let Some((source, first)) = self.node() {
                let bound = self.bound();
                if self.kept_money.len() + self.status.len() + self.cells.items() > MOST_KEPT || self.spent() {
                    self.unexplored = self.unexplored.min(bound);
                } else {
                    self.push(source, bound);
                    match first {
                        Status::Open => self.open_source(source),
                        _ => self.shut(source),
                    }
                    self.shut_the_rest();
                    self.settle();
                    continue;
                }
            }
            going = self.pop();
        }
    }

    /// Brings the bound up at a node and tries what it says; the source to branch on and the first branch, or nothing when the
    /// node is done.
    fn node(&mut self) -> Option<(usize, Status)> {
        loop {
            // Bounds, the set, what is decided, what is kept for later: each looks at every source.
            self.walked += (2 * self.status.len() + self.cells.items()) as u64;
            self.hold_dual();
            self.dual.ascend(&self.cells);
            if self.bound() < self.best.total {
                self.adjust(NODE_ROUNDS);
            }
            let bound = self.bound();
            if bound >= self.best.total {
                return None;
            }
            let mut set = core::mem::take(&mut self.open);
            set.clear();
            set.extend(
                self.dual
                    .slack
                    .iter()
                    .zip(&self.status)
                    .map(|(slack, status)| *status == Status::Open || (*status == Status::Free && *slack <= 0)),
            );
            self.try_set(&mut set);
            self.open = set;
            if bound >= self.best.total {
                return None;
            }
            let opened = self.opened;
            if self.decide(bound) {
                if self.opened > opened {
                    self.shut_the_rest();
                }
                self.settle();
                continue;
            }
            break;
        }
        let branch = self.branch();
        if branch.is_none() {
            self.leaf();
        }
        branch
    }

    /// After sources were opened or shut: items that now pay too much pay less.
    fn settle(&mut self) {
        for item in 0..self.cells.items() {
            self.dual.lower(&self.cells, item);
        }
    }

    fn branch(&mut self) -> Option<(usize, Status)> {
        // Items that pay several sources that are paid for.
        let mut weight = core::mem::take(&mut self.weight);
        weight.fill(0);
        for item in 0..self.cells.items() {
            if self.twice(item) {
                let range = self.cells.of(item).start..self.dual.reach[item] as usize;
                self.walked += range.len() as u64;
                for cell in range {
                    let source = self.cells.source[cell] as usize;
                    if self.status[source] == Status::Free && self.dual.slack[source] <= 0 {
                        // An item that pays it counts; one that merely could, hardly.
                        weight[source] += if self.dual.paid[item] > self.cells.from[cell] { 1 << 20 } else { 1 };
                    }
                }
            }
        }
        let free = (0..self.status.len()).filter(|source| self.status[*source] == Status::Free);
        let source = free.max_by_key(|&source| (weight[source], -self.dual.slack[source], usize::MAX - source));
        self.weight = weight;
        let source = source?;
        Some((source, if self.dual.slack[source] <= 0 { Status::Open } else { Status::Shut }))
    }

    /// All is decided: what the opened sources cost exactly.
    fn leaf(&mut self) {
        let bound = self.bound();
        let set: Vec<bool> = self.status.iter().map(|status| *status == Status::Open).collect();
        self.filling.inexact = false;
        let cost = self.fill_from(&set);
        self.keep(cost);
        if self.filling.inexact {
            self.unexplored = self.unexplored.min(bound);
        }
        if !self.coupled.is_idle() && cost < self.best.total {
            let (problem, cells) = (self.problem, &self.cells);
            let left = self.limit.saturating_sub(self.dual.steps + self.filling.steps + self.walked);
            if !self.coupled.exhaust(problem, cells, &set, &mut self.best, left) {
                self.unexplored = self.unexplored.min(bound);
            }
        }
    }

    fn push(&mut self, source: usize, bound: i64) {
        self.kept_money.extend_from_slice(&self.dual.paid);
        self.kept_money.extend_from_slice(&self.dual.slack);
        self.kept_reach.extend_from_slice(&self.dual.reach);
        self.kept_status.extend_from_slice(&self.status);
        let (opened, opened_cost) = (self.opened, self.opened_cost);
        self.pending.push(Pending { source: source as u32, bound, opened, opened_cost });
    }

    /// Goes on with the last second child that can still be better; false when none is left.
    fn pop(&mut self) -> bool {
        let (items, width) = (self.cells.items(), self.status.len());
        while let Some(pending) = self.pending.pop() {
            let money = self.kept_money.len() - items - width;
            let (reach, status) = (self.kept_reach.len() - items, self.kept_status.len() - width);
            let hopeless = pending.bound >= self.best.total;
            if !hopeless && !self.spent() {
                self.dual.paid.copy_from_slice(&self.kept_money[money..money + items]);
                self.dual.slack.copy_from_slice(&self.kept_money[money + items..]);
                self.dual.reach.copy_from_slice(&self.kept_reach[reach..]);
                self.status.copy_from_slice(&self.kept_status[status..]);
                self.opened = pending.opened;
                self.opened_cost = pending.opened_cost;
            }
            self.kept_money.truncate(money);
            self.kept_reach.truncate(reach);
            self.kept_status.truncate(status);
            if hopeless {
                continue;
            }
            if self.spent() {
                self.unexplored = self.unexplored.min(pending.bound);
                continue;
            }
            let source = pending.source as usize;
            // The second child is the other of the two.
            if self.dual.slack[source] <= 0 {
                self.shut(source);
            } else {
                self.open_source(source);
                self.shut_the_rest();
            }
            self.settle();
            return true;
        }
        false
    }
}
