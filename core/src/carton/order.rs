//! What is known of an order before boxes are tried: kinds, usable boxes, and what any packing must cost at least.

use alloc::vec::Vec;

use super::billing::Tariff;
use super::fill::Block;
use super::kind::{Kind, Room};
use crate::sort;

/// A box of the shop that can be used for this order.
#[derive(Debug, Clone)]
pub(super) struct Stock {
    /// Index into the shop's boxes.
    pub carton: u32,
    pub room: Room,
    pub tariff: Tariff,
}

/// Equal boxes with equal contents.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    /// Index into the stocks.
    pub stock: u32,
    pub times: u32,
    /// Units of each kind in one of them.
    pub counts: Vec<u32>,
    pub blocks: Vec<Block>,
    /// Of one of them.
    pub weight: u64,
}

/// What packings are compared by: cost, boxes, billable weight.
pub(super) type Rank = (u64, u64, u64);

pub(super) const NO_LIMIT: Rank = (u64::MAX, u64::MAX, u64::MAX);

#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub boxes: Vec<Filled>,
    pub rank: Rank,
}

/// The boxes of a shop, with all that does not depend on an order.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    pub stocks: Vec<Stock>,
    /// Indexes of the stocks, those that cost least when empty first.
    by_cost: Vec<u32>,
    /// Indexes of the stocks, those with most volume for their cost first.
    by_value: Vec<u32>,
    least_fixed: u64,
    least_empty: u64,
    /// The least cost of a parcel whatever is in it.
    least_parcel: u64,
    /// Cost and volume of the first of `by_value`.
    roomiest: (u64, u64),
    /// The most volume and the most weight that any box holds.
    largest: (u64, u64),
}

impl Shelf {
    pub fn new(stocks: Vec<Stock>) -> Self {
        let least_of = |of: fn(&Tariff) -> u64| stocks.iter().map(|stock| of(&stock.tariff)).min().unwrap_or(0);
        let most_of = |of: fn(&Room) -> u64| stocks.iter().map(|stock| of(&stock.room)).max().unwrap_or(0);
        let empty = |index: u32| (stocks[index as usize].tariff.empty_cost, stocks[index as usize].room.volume);
        let mut by_cost: Vec<u32> = (0..stocks.len() as u32).collect();
        let mut by_value = by_cost.clone();
        sort::by_key(&mut by_cost, |index| empty(index).0);
        sort::by(&mut by_value, |&a, &b| {
            let ((one, room), (other, space)) = (empty(a), empty(b));
            (u128::from(one) * u128::from(space), a) < (u128::from(other) * u128::from(room), b)
        });
        Self {
            by_cost,
            least_fixed: least_of(|tariff| tariff.fixed),
            least_empty: least_of(|tariff| tariff.empty),
            least_parcel: least_of(|tariff| tariff.empty_cost),
            roomiest: by_value.first().map_or((u64::MAX, 1), |&index| empty(index)),
            largest: (most_of(|room| room.volume), most_of(|room| room.capacity)),
            by_value,
            stocks,
        }
    }
}

/// A unit of some kind, alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alone {
    /// The stocks that hold it, as bits.
    pub fits: [u64; 4],
    /// The least cost of a parcel with it.
    least: u64,
}

/// What is known of an order before boxes are tried.
pub(super) struct Order<'a> {
    pub kinds: &'a [Kind],
    pub stocks: &'a [Stock],
    shelf: &'a Shelf,
    /// For each kind.
    pub alone: Vec<Alone>,
}

impl<'a> Order<'a> {
    /// None of the lists may be empty, and each kind must fit some stock.
    pub fn new(kinds: &'a [Kind], shelf: &'a Shelf) -> Self {
        let alone = |kind: &Kind| {
            let mut alone = Alone { fits: [0; 4], least: u64::MAX };
            for &index in &shelf.by_cost {
                let stock = &shelf.stocks[index as usize];
                if kind.weight <= stock.room.capacity && kind.fits_size(stock.room.sides) {
                    alone.fits[index as usize / 64] |= 1 << (index % 64);
                    // Contents make no parcel cheaper.
                    if stock.tariff.empty_cost < alone.least {
                        alone.least = alone.least.min(stock.tariff.cost(kind.weight));
                    }
                }
            }
            alone
        };
        Self { kinds, stocks: &shelf.stocks, shelf, alone: kinds.iter().map(alone).collect() }
    }

    pub fn weight(&self, counts: &[u32]) -> u64 {
        self.kinds.iter().zip(counts).map(|(kind, &count)| kind.weight * u64::from(count)).sum()
    }

    pub fn volume(&self, counts: &[u32]) -> u64 {
        self.kinds
            .iter()
            .zip(counts)
            .fold(0, |sum, (kind, &count)| sum.saturating_add(kind.volume.saturating_mul(u64::from(count))))
    }

    /// No packing of these units in `parcels` or more boxes costs less.
    pub fn at_least(&self, counts: &[u32], parcels: u64) -> u64 {
        let (mut weight, mut volume, mut dearest) = (0u64, 0u64, 0u64);
        for (index, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            weight += self.kinds[index].weight * u64::from(count);
            volume = volume.saturating_add(self.kinds[index].volume.saturating_mul(u64::from(count)));
            dearest = dearest.max(self.alone[index].least);
        }
        if volume == 0 {
            return 0;
        }
        let others = parcels.saturating_sub(1);
        dearest
            .saturating_add(others.saturating_mul(self.shelf.least_parcel))
            .max(self.carriage(weight, volume, parcels))
    }

    /// What so much weight and volume costs at least, in so many parcels.
    fn carriage(&self, weight: u64, volume: u64, parcels: u64) -> u64 {
        let shelf = self.shelf;
        let (cost, room) = shelf.roomiest;
        let by_volume = match volume.checked_mul(cost) {
            Some(product) => product / room.max(1),
            None => u64::try_from(u128::from(volume) * u128::from(cost) / u128::from(room.max(1))).unwrap_or(u64::MAX),
        };
        let carriage = self.stocks[0].tariff.carriage(weight.saturating_add(parcels * shelf.least_empty));
        carriage.saturating_add(parcels.saturating_mul(shelf.least_fixed)).max(by_volume)
    }

    /// The stocks that hold each of these units alone, as bits.
    pub fn common(&self, counts: &[u32]) -> [u64; 4] {
        let mut bits = [u64::MAX; 4];
        for (alone, _) in self.alone.iter().zip(counts).filter(|(_, count)| **count > 0) {
            for (bits, fits) in bits.iter_mut().zip(alone.fits) {
                *bits &= fits;
            }
        }
        bits
    }

    /// The cost that the rest will probably have: the cheapest box that could hold it, or its share of roomy boxes.
    pub fn outlook(&self, counts: &[u32], available: &[u32]) -> u64 {
        let (weight, volume) = (self.weight(counts), self.volume(counts));
        let common = self.common(counts);
        let one = self
            .stocks
            .iter()
            .enumerate()
            .filter(|&(index, stock)| {
                available[index] > 0
                    && holds(&common, index)
                    && volume <= stock.room.volume / 16 * 15
                    && weight <= stock.room.capacity
            })
            .map(|(_, stock)| stock.tariff.cost(weight))
            .min();
        one.unwrap_or_else(|| {
            let bound = self.at_least(counts, 2);
            bound.saturating_add(bound / 8)
        })
    }

    /// No fewer boxes hold so much; 1 or more.
    pub fn boxes_at_least(&self, weight: u64, volume: u64) -> u64 {
        let (room, capacity) = self.shelf.largest;
        volume.div_ceil(room.max(1)).max(weight.div_ceil(capacity.max(1))).max(1)
    }

    /// What units of so much weight and volume will probably cost when the first of their boxes is this one and is as full
    /// as boxes get.
    pub fn estimate(&self, stock: usize, weight: u64, volume: u64) -> u64 {
        let room = |stock: &Stock| stock.room.volume / 8 * 7;
        let first = &self.stocks[stock];
        if volume <= room(first) && weight <= first.room.capacity {
            return first.tariff.cost(weight);
        }
        // In parts of 1024 of the volume; what is packed weighs what is common.
        let share = (room(first) / (volume / 1024).max(1)).min(first.room.capacity / (weight / 1024).max(1)).min(1024);
        let inside = weight / 1024 * share;
        let (weight, volume) = (weight - inside, volume - volume / 1024 * share);
        let holds_rest = |stock: &&Stock| volume <= room(stock) && weight <= stock.room.capacity;
        let rest = self.stocks.iter().filter(holds_rest).map(|stock| stock.tariff.cost(weight)).min();
        let rest = rest.unwrap_or_else(|| self.carriage(weight, volume, 1));
        first.tariff.cost(inside).saturating_add(rest)
    }

    /// The roomiest box for its cost that holds a unit of this kind.
    pub fn plain_choice(&self, kind: usize, available: &[u32]) -> Option<usize> {
        let usable = |index: &usize| available[*index] > 0 && holds(&self.alone[kind].fits, *index);
        self.shelf.by_value.iter().map(|&index| index as usize).find(usable)
    }
}

/// Whether a set of stocks has this one.
#[inline]
pub(super) fn holds(stocks: &[u64; 4], index: usize) -> bool {
    stocks[index / 64] >> (index % 64) & 1 == 1
}
