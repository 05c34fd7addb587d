//! Random problems, the same everywhere.

use crate::routing::problem::{Freight, Item, Problem, Source, Step};
use alloc::vec::Vec;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    pub fn one_in(&mut self, many: u64) -> bool {
        self.next().is_multiple_of(many)
    }

    pub fn money(&mut self, low: u64, high: u64) -> i64 {
        self.within(low, high) as i64
    }
}

/// What a random problem has beside fixed costs, unit costs, stock and penalties.
#[derive(Clone, Copy)]
pub struct With {
    pub freight: bool,
    pub capacities: bool,
}

/// Problems small in every figure, so that ties and contradictions are frequent.
pub fn small(seed: u64, items: u64, sources: u64, units: u64, with: With) -> Problem {
    let mut random = Seeded(seed);
    let scale = if random.one_in(2) { 10 } else { 400 };
    let (items, sources) = (random.within(1, items), random.within(1, sources));
    let tight = random.within(1, 4);
    let mut problem = Problem::default();
    for _ in 0..items {
        let group = with.capacities && random.one_in(5);
        problem.items.push(Item {
            quantity: if group { 1 } else { random.within(1, units) as u32 },
            picks: if group { random.within(1, 4) as u32 } else { 1 },
            grams: random.within(1, 900),
            hazardous: random.one_in(6),
            backorder: random.money(0, scale * 3),
        });
    }
    if with.freight {
        for _ in 0..random.within(1, 2) {
            let steps = |random: &mut Seeded| {
                let (mut up_to, mut price) = (0, random.money(0, scale));
                let mut steps = Vec::new();
                for _ in 0..random.within(1, 5) {
                    up_to += random.within(50, 900);
                    steps.push(Step { up_to, price, service: 0 });
                    price += random.money(0, scale);
                }
                steps
            };
            problem.freights.push(Freight { plain: steps(&mut random), hazardous: steps(&mut random) });
        }
    }
    for _ in 0..sources {
        problem.sources.push(Source {
            fixed: random.money(0, scale * 2),
            unit_capacity: (with.capacities && random.one_in(2)).then(|| random.within(0, 4) as u32),
            freight: (with.freight && !random.one_in(4))
                .then(|| (random.next() % problem.freights.len() as u64) as u32),
        });
    }
    for _ in 0..items * sources {
        let stock = if random.one_in(tight + 1) { random.within(0, units) } else { units * random.within(0, 1) };
        problem.stock.push(stock as u32);
        problem.costs.push(random.money(0, scale));
    }
    problem.split = if random.one_in(2) { random.money(0, scale) } else { 0 };
    problem.spread = if random.one_in(2) { random.money(0, scale) } else { 0 };
    problem.most_shipments = random.one_in(3).then(|| random.within(1, 2) as u32);
    problem
}

/// Problems as shops have them: so many lines and locations, stock in so many percent of the pairs.
pub fn shop(seed: u64, items: usize, sources: usize, density: u64, units: u64) -> Problem {
    let mut random = Seeded(seed);
    let mut problem = Problem::default();
    for _ in 0..items {
        problem.items.push(Item {
            quantity: random.within(1, units) as u32,
            picks: 1,
            grams: random.within(50, 4_000),
            hazardous: false,
            backorder: 5_000,
        });
    }
    for _ in 0..sources {
        problem.sources.push(Source { fixed: random.money(300, 1_200), ..Source::default() });
    }
    for item in 0..items {
        let quantity = u64::from(problem.items[item].quantity);
        for _ in 0..sources {
            let has = random.within(0, 99) < density;
            let stock = if !has {
                0
            } else if units > 1 && random.one_in(2) {
                random.within(1, quantity)
            } else {
                quantity
            };
            problem.stock.push(stock as u32);
            problem.costs.push(random.money(50, 600));
        }
    }
    problem.split = 150;
    problem.spread = if units > 1 { 75 } else { 0 };
    problem
}
