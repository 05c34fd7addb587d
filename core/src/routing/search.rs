//! What is known of which sources are opened: bound, best assignment, sources that are decided.
//!
//! What this module must not know: how a bound is raised, how an item is filled, in which order sources are tried.

use super::cells::Cells;
use super::coupled::Coupled;
use super::dual::{CLOSED, Dual};
use super::fill::Filling;
use super::polish;
use super::problem::{Problem, Take};
use alloc::vec;
use alloc::vec::Vec;

/// What may be decided about a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Free,
    Open,
    Shut,
}

/// The best assignment so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incumbent {
    pub total: i64,
    /// Sorted.
    pub takes: Vec<Take>,
}

/// One second child that is still to be looked at.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    pub source: u32,
    /// No assignment below it costs less.
    pub bound: i64,
    pub opened: u32,
    pub opened_cost: i64,
}

#[derive(Debug)]
pub struct Search<'p> {
    pub problem: &'p Problem,
    pub cells: Cells,
    pub dual: Dual,
    pub status: Vec<Status>,
    pub best: Incumbent,
    pub filling: Filling,
    pub coupled: Coupled,
    /// Fixed costs of the opened sources, and how many there are.
    pub opened_cost: i64,
    pub opened: u32,
    pub open: Vec<bool>,
    pub used: Vec<bool>,
    pub takes: Vec<Take>,
    pub pending: Vec<Pending>,
    /// What the pending nodes begin with: payments and slacks; reaches; statuses.
    pub kept_money: Vec<i64>,
    pub kept_reach: Vec<u32>,
    pub kept_status: Vec<Status>,
    /// The least bound of what was left unexplored.
    pub unexplored: i64,
    pub limit: u64,
    /// The greatest fixed cost: a source that is left out saves no more.
    pub greatest: i64,
    /// Scratch of [`Self::branch`].
    pub weight: Vec<i64>,
    /// Sources and cells that this search itself looked at.
    pub walked: u64,
}

impl<'p> Search<'p> {
    pub fn new(problem: &'p Problem, cells: Cells, best: Incumbent, limit: u64) -> Self {
        let width = cells.sources();
        let dual = Dual::new(&cells, limit);
        Self {
            problem,
            coupled: Coupled::new(problem),
            dual,
            status: vec![Status::Free; width],
            best,
            filling: Filling::default(),
            opened_cost: 0,
            opened: 0,
            open: vec![false; width],
            used: vec![false; width],
            takes: Vec::new(),
            pending: Vec::new(),
            kept_money: Vec::new(),
            kept_reach: Vec::new(),
            kept_status: Vec::new(),
            unexplored: i64::MAX,
            limit,
            greatest: cells.fixed.iter().copied().max().unwrap_or(0),
            weight: vec![0; width],
            walked: 0,
            cells,
        }
    }

    pub fn steps(&self) -> u64 {
        self.dual.steps + self.filling.steps + self.coupled.steps + self.walked
    }

    /// What the dual may still use is what all together may.
    pub fn hold_dual(&mut self) {
        self.dual.limit = self.limit.saturating_sub(self.steps() - self.dual.steps);
    }

    pub fn spent(&self) -> bool {
        self.steps() >= self.limit
    }

    pub fn bound(&self) -> i64 {
        self.dual.bound(&self.cells) + self.opened_cost
    }

    /// Fills every item from the sources of a set; what it costs by the cells, and which of the sources are used.
    pub fn fill_from(&mut self, open: &[bool]) -> i64 {
        let cells = &self.cells;
        self.takes.clear();
        self.used.fill(false);
        self.walked += (self.used.len() / 4 + self.cells.items()) as u64;
        let (mut cost, mut shipments) = (cells.constant, 0i64);
        for item in 0..cells.items() {
            cost += self.filling.fill(cells, item, open);
            for &(cell, units) in &self.filling.taken {
                let source = cells.source[cell as usize];
                if !core::mem::replace(&mut self.used[source as usize], true) {
                    cost += cells.fixed[source as usize] - cells.price_of_shipment;
                    shipments += 1;
                }
                self.takes.push(Take { source: cells.origin[source as usize], item: item as u32, units });
            }
        }
        // The constant holds the rebate of the first shipment and the price of those that are allowed.
        cost += cells.price_of_shipment * i64::from(self.problem.most_shipments.unwrap_or(0));
        if shipments == 0 { cost + self.problem.split } else { cost }
    }

    fn within_limit(&self) -> bool {
        let shipments = self.used.iter().filter(|used| **used).count();
        self.problem.most_shipments.is_none_or(|most| shipments <= most as usize)
    }

    /// Tries a set of sources: keeps it when it is the best so far. What it costs by the cells.
    pub fn try_set(&mut self, open: &mut [bool]) -> i64 {
        let mut cost = self.fill_from(open);
        open.copy_from_slice(&self.used);
        if cost >= self.best.total && self.coupled.is_idle() {
            return cost;
        }
        let mut count = open.iter().filter(|open| **open).count();
        while !self.allowed(count) && count > 1 && !self.spent() {
            self.drop_one(open);
            count = open.iter().filter(|open| **open).count();
        }
        // Sources that the others can stand in for. One that was not used is no longer there.
        cost = self.fill_from(open);
        let greatest = self.greatest;
        if (2..=16).contains(&count) && cost < self.best.total.saturating_add(greatest) {
            for source in 0..open.len() {
                if open[source] && count > 1 && !self.spent() {
                    open[source] = false;
                    let without = self.fill_from(open);
                    if without < cost {
                        cost = without;
                        open.copy_from_slice(&self.used);
                        count = open.iter().filter(|open| **open).count();
                    } else {
                        open[source] = true;
                    }
                }
            }
            cost = self.fill_from(open);
        }
        self.keep(cost);
        cost
    }

    /// Takes out the source whose loss costs least; of very many, the last.
    fn drop_one(&mut self, open: &mut [bool]) {
        let sources: Vec<usize> = (0..open.len()).filter(|source| open[*source]).collect();
        let mut least = (i64::MAX, sources.last().copied().unwrap_or(0));
        if sources.len() <= 32 && !self.spent() {
            for source in sources {
                if self.spent() {
                    break;
                }
                open[source] = false;
                least = least.min((self.fill_from(open), source));
                open[source] = true;
            }
        }
        open[least.1] = false;
    }

    fn allowed(&self, count: usize) -> bool {
        self.problem.most_shipments.is_none_or(|most| count <= most as usize)
    }

    /// Keeps the assignment that was filled last, when it is the best.
    pub fn keep(&mut self, cost: i64) {
        if !self.within_limit() {
            return;
        }
        if self.coupled.is_idle() {
            if cost < self.best.total {
                self.takes.sort_unstable();
                self.best = Incumbent { total: cost, takes: self.takes.clone() };
            }
            return;
        }
        self.takes.sort_unstable();
        if cost >= self.best.total {
            return;
        }
        if let Some(real) = self.coupled.real(self.problem, &mut self.takes)
            && real < self.best.total
        {
            self.best = Incumbent { total: real, takes: self.takes.clone() };
        }
    }

    /// Adds, drops and exchanges sources as long as that is cheaper.
    pub fn improve(&mut self, open: &mut [bool]) {
        let mut cost = self.try_set(open);
        let candidates: Vec<usize> = (0..open.len()).filter(|source| self.status[*source] != Status::Shut).collect();
        let limit = (self.steps() + self.limit / 4).min(self.limit);
        let mut trial = open.to_vec();
        loop {
            let before = cost;
            for &source in &candidates {
                if self.steps() >= limit {
                    return;
                }
                if open[source] {
                    continue;
                }
                trial.copy_from_slice(open);
                trial[source] = true;
                let with = self.try_set(&mut trial);
                if with < cost {
                    cost = with;
                    open.copy_from_slice(&trial);
                }
            }
            if cost == before {
                return;
            }
        }
    }

    /// The sources that are paid for.
    pub fn paid_for(&self) -> Vec<bool> {
        let of = |(slack, status): (&i64, &Status)| *status == Status::Open || (*status == Status::Free && *slack <= 0);
        self.dual.slack.iter().zip(&self.status).map(of).collect()
    }

    /// Shuts and opens what the bound decides; whether anything was.
    pub fn decide(&mut self, bound: i64) -> bool {
        let mut changed = false;
        for source in 0..self.status.len() {
            if self.status[source] != Status::Free {
                continue;
            }
            let slack = self.dual.slack[source];
            if slack > 0 && bound + slack >= self.best.total {
                self.shut(source);
                changed = true;
            } else if slack < 0 && bound - slack >= self.best.total {
                self.open_source(source);
                changed = true;
            }
        }
        changed
    }

    pub fn shut(&mut self, source: usize) {
        self.status[source] = Status::Shut;
        self.dual.slack[source] = CLOSED;
    }

    pub fn open_source(&mut self, source: usize) {
        self.status[source] = Status::Open;
        self.dual.slack[source] -= self.cells.fixed[source];
        self.opened_cost += self.cells.fixed[source];
        self.opened += 1;
    }

    pub fn shut_the_rest(&mut self) {
        if self.problem.most_shipments.is_some_and(|most| self.opened >= most) {
            for source in 0..self.status.len() {
                if self.status[source] == Status::Free {
                    self.shut(source);
                }
            }
        }
    }

    /// Lowers items that pay sources twice, lets the others use what that leaves, and raises again, as long as the bound grows.
    pub fn adjust(&mut self, rounds: usize) {
        self.hold_dual();
        let items = self.cells.items();
        for _ in 0..rounds {
            let before = self.dual.bound(&self.cells);
            for item in 0..items {
                // One item's turn is a raise of all, so the effort may end within a round.
                if self.spent() {
                    return;
                }
                if self.twice(item) && self.dual.retreat(&self.cells, item) {
                    for other in 0..items {
                        if other != item {
                            while self.dual.raise(&self.cells, other) {}
                        }
                    }
                    while self.dual.raise(&self.cells, item) {}
                }
            }
            self.dual.ascend(&self.cells);
            if self.dual.bound(&self.cells) <= before || self.spent() {
                return;
            }
        }
    }

    /// Brings the bound closer to its best; the bound then.
    pub fn polish(&mut self, rounds: usize) -> i64 {
        self.hold_dual();
        polish::polish(&mut self.dual, &self.cells, self.opened_cost, self.best.total, rounds);
        self.bound()
    }

    /// Whether an item offers something to several sources that are paid for.
    pub fn twice(&mut self, item: usize) -> bool {
        let start = self.cells.of(item).start;
        let reach = self.dual.reach[item] as usize;
        self.walked += (reach.saturating_sub(start) / 2) as u64;
        let offered = (start..reach).filter(|&cell| {
            self.cells.from[cell] < self.dual.paid[item] && self.dual.slack[self.cells.source[cell] as usize] <= 0
        });
        offered.take(2).count() > 1
    }
}
