//! Measures order routing natively: times by size and stock density, and what is proven within the default effort.
//!
//! `cargo run --release -p cartwright-core --example routing_bench`. With the word `json` it writes the instances and their optima for
//! `benches/highs.py`.

use cartwright_core::routing::checker::check;
use cartwright_core::routing::problem::{Item, Problem, Source};
use cartwright_core::routing::solve::{Effort, solve};
use std::time::Instant;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn money(&mut self, low: u64, high: u64) -> i64 {
        self.within(low, high).cast_signed()
    }
}

/// An order of so many lines for so many locations, which have stock for so many percent of the lines. With `units` above 1
/// quantities vary, and half of the stock is short of them.
fn instance(seed: u64, items: usize, sources: usize, density: u64, units: u64) -> Problem {
    let mut random = Seeded(seed);
    let mut problem = Problem::default();
    for _ in 0..items {
        let quantity = u32::try_from(random.within(1, units)).unwrap_or(1);
        problem.items.push(Item { quantity, picks: 1, grams: 500, hazardous: false, backorder: 5_000 });
    }
    // A location is near or far: that moves all of its unit costs.
    let mut near = Vec::new();
    for _ in 0..sources {
        problem.sources.push(Source { fixed: random.money(300, 1_200), ..Source::default() });
        near.push(random.money(0, 300));
    }
    for item in 0..items {
        let quantity = u64::from(problem.items[item].quantity);
        for &far in &near {
            let has = random.within(0, 99) < density;
            let short = units > 1 && random.within(0, 1) == 0;
            let stock = if !has {
                0
            } else if short {
                random.within(1, quantity)
            } else {
                quantity
            };
            problem.stock.push(u32::try_from(stock).unwrap_or(0));
            problem.costs.push(50 + far + random.money(0, 300));
        }
    }
    problem.split = 150;
    problem.spread = if units > 1 { 75 } else { 0 };
    problem
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)] // a few hundred samples
    let place = ((sorted.len().saturating_sub(1)) as f64 * share) as usize;
    sorted.get(place).copied().unwrap_or(0.0)
}

fn row(items: usize, sources: usize, density: u64, units: u64, count: u64) {
    let (mut times, mut proven, mut steps, mut sum) = (Vec::new(), 0, 0, 0u64);
    for seed in 0..count {
        let problem = instance(seed * 7_919 + density, items, sources, density, units);
        let Ok(_) = solve(&problem, Effort::ORDER) else { continue };
        // The best of three: other work on the machine only ever adds.
        let mut best = f64::MAX;
        for _ in 0..2 {
            let start = Instant::now();
            let again = solve(&problem, Effort::ORDER);
            best = best.min(start.elapsed().as_secs_f64() * 1e6);
            assert!(again.is_ok());
        }
        let start = Instant::now();
        let Ok(solution) = solve(&problem, Effort::ORDER) else { continue };
        times.push(best.min(start.elapsed().as_secs_f64() * 1e6));
        sum += solution.steps;
        assert_eq!(check(&problem, &solution.takes), Ok(solution.total));
        proven += u64::from(solution.bound == solution.total);
        steps = steps.max(solution.steps);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{items:>3} x {sources:<4} {density:>3} %  {:>5}  median {:>9.1} us  p99 {:>9.1} us  most {:>9.1} us  proven {:>5.1} %  steps {steps} mean {}",
        if units > 1 { "mixed" } else { "whole" },
        quantile(&times, 0.5),
        quantile(&times, 0.99),
        quantile(&times, 1.0),
        100.0 * f64::from(u32::try_from(proven).unwrap_or(0)) / f64::from(u32::try_from(count).unwrap_or(1)),
        sum / count,
    );
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("aim") {
        for (items, sources, units) in [(10, 200, 1), (30, 200, 1), (20, 100, 1), (10, 200, 4), (30, 200, 4)] {
            row(items, sources, 50, units, 400);
        }
        return;
    }
    for units in [1, 4] {
        for (items, sources) in [(3, 20), (5, 200), (10, 200), (20, 100), (30, 50), (30, 200)] {
            for density in [10, 30, 50, 70, 90] {
                row(items, sources, density, units, 200);
            }
        }
    }
}
