//! The routing problem in numbers: items × sources, what each costs and how much there is.
//!
//! What this module must not know: the contract, the merchant's rules, how a problem is solved.

use alloc::vec::Vec;

/// What has to be shipped: a line, or several lines that leave together as one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Item {
    /// Units, 1 or more.
    pub quantity: u32,
    /// What one unit takes from a source's unit capacity: 1, or all units of a group.
    pub picks: u32,
    /// Mass of one unit.
    pub grams: u64,
    /// Its shipment is priced as one with dangerous goods.
    pub hazardous: bool,
    /// What a unit costs that nobody ships.
    pub backorder: i64,
}

/// A location that may ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Source {
    /// What its shipment costs whatever is in it.
    pub fixed: i64,
    /// Units that it can pick; `None` when that is no matter.
    pub unit_capacity: Option<u32>,
    /// Index into [`Problem::freights`]; `None` when its freight is in the other costs.
    pub freight: Option<u32>,
}

/// A step of a freight table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Shipment mass, included.
    pub up_to: u64,
    pub price: i64,
    /// What the caller calls the service that has this price.
    pub service: u32,
}

/// What shipments cost by their mass: ascending steps from 1 g on. What is heavier than the last is not carried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Freight {
    pub plain: Vec<Step>,
    /// For shipments with dangerous goods.
    pub hazardous: Vec<Step>,
}

impl Freight {
    /// The step that prices a shipment; `None` when it is not carried.
    #[must_use]
    pub fn step(&self, grams: u64, hazardous: bool) -> Option<&Step> {
        let steps = if hazardous { &self.hazardous } else { &self.plain };
        steps.get(steps.partition_point(|step| step.up_to < grams))
    }
}

/// One order's problem. All amounts are 0 or more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    pub items: Vec<Item>,
    pub sources: Vec<Source>,
    /// Units that a source may ship of an item: `[item * sources + source]`.
    pub stock: Vec<u32>,
    /// What one unit costs from there, in the same order.
    pub costs: Vec<i64>,
    /// For each shipment after the first.
    pub split: i64,
    /// For each source after the first of one item.
    pub spread: i64,
    /// Shipments at most.
    pub most_shipments: Option<u32>,
    pub freights: Vec<Freight>,
}

/// So many units of an item from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Take {
    pub source: u32,
    pub item: u32,
    pub units: u32,
}

/// Costs add up to more than this solver reckons with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// Costs of one order stay below this: 2^50 minor units. Leaves room for the fractions of the lower bound.
pub const MOST_COST: i64 = 1 << 50;

impl Problem {
    /// Units that a source may ship of an item, no more than are asked for.
    #[must_use]
    pub fn most(&self, item: usize, source: usize) -> u32 {
        let Item { quantity, picks, .. } = self.items[item];
        let most = quantity.min(self.stock[item * self.sources.len() + source]);
        match self.sources[source].unit_capacity {
            Some(capacity) => most.min(capacity / picks.max(1)),
            None => most,
        }
    }

    #[must_use]
    pub fn cost(&self, item: usize, source: usize) -> i64 {
        self.costs[item * self.sources.len() + source]
    }

    /// Whether what one item takes from a source matters to another beyond the source being there.
    #[must_use]
    pub fn coupled(&self) -> bool {
        self.sources.iter().any(|source| source.unit_capacity.is_some() || source.freight.is_some())
    }

    /// # Errors
    /// When the dearest way to ship everything is beyond [`MOST_COST`].
    pub fn check(&self) -> Result<(), TooLarge> {
        let width = self.sources.len();
        let mut sum = 0i64;
        let mut add = |count: i64, amount: i64| {
            sum = count.checked_mul(amount).and_then(|product| sum.checked_add(product)).unwrap_or(i64::MAX);
            sum <= MOST_COST
        };
        let mut fits = true;
        for (index, item) in self.items.iter().enumerate() {
            let row = &self.costs[index * width..(index + 1) * width];
            let dearest = row.iter().copied().max().unwrap_or(0).max(item.backorder);
            fits &= add(i64::from(item.quantity), dearest);
        }
        for source in &self.sources {
            let heaviest = |steps: &[Step]| steps.iter().map(|step| step.price).max().unwrap_or(0);
            let freight = source.freight.map_or(0, |freight| {
                let freight = &self.freights[freight as usize];
                heaviest(&freight.plain).max(heaviest(&freight.hazardous))
            });
            fits &= add(1, source.fixed) && add(1, freight) && add(1, self.split);
        }
        let pairs = (self.items.len() * width.min(64)) as i64;
        fits &= add(pairs, self.spread);
        if fits { Ok(()) } else { Err(TooLarge) }
    }

    /// What these takes cost; `None` when a shipment is not carried. Takes are sorted.
    #[must_use]
    pub fn price(&self, takes: &[Take]) -> Option<i64> {
        let mut total = 0;
        let mut shipments = 0i64;
        for shipment in takes.chunk_by(|a, b| a.source == b.source) {
            let source = self.sources[shipment[0].source as usize];
            shipments += 1;
            total += source.fixed;
            let (mut grams, mut hazardous) = (0, false);
            for take in shipment {
                let item = self.items[take.item as usize];
                total += i64::from(take.units) * self.cost(take.item as usize, take.source as usize);
                grams += item.grams * u64::from(take.units);
                hazardous |= item.hazardous;
            }
            if let Some(freight) = source.freight {
                total += self.freights[freight as usize].step(grams, hazardous)?.price;
            }
        }
        total += self.split * (shipments - 1).max(0);
        let mut sources = alloc::vec![0u32; self.items.len()];
        let mut units = alloc::vec![0u32; self.items.len()];
        for take in takes {
            sources[take.item as usize] += 1;
            units[take.item as usize] += take.units;
        }
        for (index, item) in self.items.iter().enumerate() {
            total += self.spread * i64::from(sources[index].saturating_sub(1));
            total += item.backorder * i64::from(item.quantity.saturating_sub(units[index]));
        }
        Some(total)
    }
}
