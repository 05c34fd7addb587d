//! Measures order routing natively: times by size and stock density, what is proven within the default effort, and what the rules
//! that shops have today cost beside the optimum.
//!
//! Needs the core alone, so that `cargo run --release -p cartwright-core --example routing_bench` runs it too; with the word `json` that
//! writes the instances for `benches/highs.py`.

use cartwright_core::routing::checker::check;
use cartwright_core::routing::greedy;
use cartwright_core::routing::problem::{Item, Problem, Source};
use cartwright_core::routing::solve::{Effort, Solution, solve};
use std::time::Instant;

/// SplitMix64 (Steele, Lea, Flood 2014): the same orders everywhere.
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

/// An order, and the orders in which simple rules try its locations.
struct Instance {
    problem: Problem,
    nearest: Vec<u32>,
    ranked: Vec<u32>,
}

/// An order of so many lines for so many locations, which have stock for so many percent of the lines. With `units` above 1
/// quantities vary, and half of the stock is short of them.
fn instance(seed: u64, items: usize, sources: usize, density: u64, units: u64) -> Instance {
    let mut random = Seeded(seed);
    let mut problem = Problem::default();
    for _ in 0..items {
        let quantity = u32::try_from(random.within(1, units)).unwrap_or(1);
        problem.items.push(Item { quantity, picks: 1, grams: 500, hazardous: false, backorder: 5_000 });
    }
    // A location is near or far: that moves all of its unit costs.
    let mut far = Vec::new();
    for _ in 0..sources {
        problem.sources.push(Source { fixed: random.money(300, 1_200), ..Source::default() });
        far.push(random.money(0, 300));
    }
    for item in 0..items {
        let quantity = u64::from(problem.items[item].quantity);
        for &far in &far {
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
    let ranked: Vec<u32> = (0..u32::try_from(sources).unwrap_or(0)).collect();
    let mut nearest = ranked.clone();
    nearest.sort_by_key(|source| far[*source as usize]);
    Instance { problem, nearest, ranked }
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)] // a few hundred samples
    let place = ((sorted.len().saturating_sub(1)) as f64 * share) as usize;
    sorted.get(place).copied().unwrap_or(0.0)
}

/// The solution, and microseconds: the best of three, since other work on the machine only ever adds.
fn timed(problem: &Problem) -> Option<(Solution, f64)> {
    let mut best = f64::MAX;
    let mut solution = None;
    for _ in 0..3 {
        let start = Instant::now();
        solution = solve(problem, Effort::ORDER).ok();
        best = best.min(start.elapsed().as_secs_f64() * 1e6);
    }
    Some((solution?, best))
}

/// One line of the first table.
fn row(items: usize, sources: usize, density: u64, units: u64, count: u64) {
    let (mut times, mut proven, mut wrong) = (Vec::new(), 0u32, 0u32);
    for seed in 0..count {
        let Instance { problem, .. } = instance(seed * 7_919 + density, items, sources, density, units);
        let Some((solution, time)) = timed(&problem) else { continue };
        times.push(time);
        wrong += u32::from(check(&problem, &solution.takes) != Ok(solution.total));
        proven += u32::from(solution.bound == solution.total);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{:<12} {density:>3} %  {}  {:>10.1} {:>10.1} {:>10.1} {:>9.1} % {wrong:>6}",
        format!("{items} x {sources}"),
        if units > 1 { "quantities" } else { "singles   " },
        quantile(&times, 0.5),
        quantile(&times, 0.99),
        quantile(&times, 1.0),
        100.0 * f64::from(proven) / f64::from(u32::try_from(count).unwrap_or(1)),
    );
}

/// Mixed orders: sizes, densities and quantities of all kinds.
fn mixed(count: u64) -> impl Iterator<Item = Instance> {
    const SIZES: [(usize, usize); 4] = [(3, 20), (5, 50), (8, 60), (10, 100)];
    (0..count).map(|seed| {
        let (items, sources) = SIZES[usize::try_from(seed % 4).unwrap_or(0)];
        instance(90_000 + seed, items, sources, 20 + seed % 7 * 10, 6)
    })
}

/// What simple rules cost beside the optimum.
fn rules(count: u64) {
    let (mut optimum, mut sums) = (0, [0i64; 3]);
    let mut proven = 0;
    for Instance { problem, nearest, ranked } in mixed(count) {
        let Some((solution, _)) = timed(&problem) else { continue };
        optimum += solution.total;
        proven += u32::from(solution.bound == solution.total);
        let ways = [
            greedy::fewest_splits(&problem, &nearest),
            greedy::in_order(&problem, &ranked),
            greedy::in_order(&problem, &nearest),
        ];
        for (sum, takes) in sums.iter_mut().zip(ways) {
            *sum += problem.price(&takes).unwrap_or(0);
        }
    }
    println!("\n{count} mixed orders with quantities to split, {proven} proven: cost over the optimum");
    for (name, sum) in ["fewest splits, then nearest", "priority first", "nearest first"].into_iter().zip(sums) {
        #[allow(clippy::cast_precision_loss)] // a share to print
        let over = 100.0 * (sum - optimum) as f64 / optimum.max(1) as f64;
        println!("  {name:<30} {over:>6.1} %");
    }
}

/// Takes some ten seconds.
pub fn print() {
    println!("lines x locations, stock       median us     p99 us    most us     proven  wrong");
    for units in [1, 4] {
        for (items, sources) in [(3, 20), (5, 200), (10, 200), (20, 100), (30, 50), (30, 200)] {
            for density in [10, 30, 50, 70, 90] {
                row(items, sources, density, units, 200);
            }
        }
    }
    rules(200);
}

/// The mixed orders and what was found, for another solver: a JSON list, as benches/highs.py reads it.
pub fn json() -> String {
    let list = |numbers: &mut dyn Iterator<Item = i64>| {
        format!("[{}]", numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(","))
    };
    let mut rows = Vec::new();
    for Instance { problem, .. } in mixed(200) {
        let Some((solution, time)) = timed(&problem) else { continue };
        let width = problem.sources.len();
        let matrix = |numbers: &[i64]| {
            let rows: Vec<String> = numbers.chunks(width).map(|row| list(&mut row.iter().copied())).collect();
            format!("[{}]", rows.join(","))
        };
        let stock: Vec<i64> = problem.stock.iter().map(|units| i64::from(*units)).collect();
        rows.push(format!(
            "{{\"quantities\":{},\"backorder\":{},\"fixed\":{},\"stock\":{},\"costs\":{},\"split\":{},\"spread\":{},\"total\":{},\
             \"bound\":{},\"microseconds\":{time:.1}}}",
            list(&mut problem.items.iter().map(|item| i64::from(item.quantity))),
            list(&mut problem.items.iter().map(|item| item.backorder)),
            list(&mut problem.sources.iter().map(|source| source.fixed)),
            matrix(&stock),
            matrix(&problem.costs),
            problem.split,
            problem.spread,
            solution.total,
            solution.bound
        ));
    }
    format!("[{}]", rows.join(",\n"))
}
