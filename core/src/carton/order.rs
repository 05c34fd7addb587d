//! What is known of an order before boxes are tried: kinds, usable boxes, and what any packing must cost at least.

use alloc::vec::Vec;

use super::billing::Tariff;
use super::fill::Block;
use super::kind::{Kind, Room};

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

/// What is known of an order before boxes are tried.
pub(super) struct Order<'a> {
    pub kinds: &'a [Kind],
    pub stocks: &'a [Stock],
    /// For each kind the stocks that hold one unit, as bits.
    pub fits: Vec<[u64; 4]>,
    /// For each kind the least cost of a parcel with one unit.
    least: Vec<u64>,
    least_fixed: u64,
    least_empty: u64,
    /// The least cost of a parcel whatever is in it.
    pub least_parcel: u64,
    /// Cost and volume of the empty stock that has most volume for its cost.
    roomiest: (u64, u64),
}

impl<'a> Order<'a> {
    /// None of the lists may be empty, and each kind must fit some stock.
    pub fn new(kinds: &'a [Kind], stocks: &'a [Stock]) -> Self {
        let mut least_all = Vec::with_capacity(kinds.len());
        let mut fits_all = Vec::with_capacity(kinds.len());
        for kind in kinds {
            let mut bits = [0u64; 4];
            let mut least = u64::MAX;
            for (index, stock) in stocks.iter().enumerate() {
                if kind.weight <= stock.room.capacity && kind.fits_size(stock.room.sides) {
                    bits[index / 64] |= 1 << (index % 64);
                    least = least.min(stock.tariff.cost(kind.weight));
                }
            }
            fits_all.push(bits);
            least_all.push(least);
        }
        let mut roomiest = (u64::MAX, 1);
        for stock in stocks {
            let cost = stock.tariff.cost(0);
            if u128::from(cost) * u128::from(roomiest.1) < u128::from(roomiest.0) * u128::from(stock.room.volume) {
                roomiest = (cost, stock.room.volume);
            }
        }
        let least_of = |of: fn(&Tariff) -> u64| stocks.iter().map(|stock| of(&stock.tariff)).min().unwrap_or(0);
        Self {
            kinds,
            stocks,
            fits: fits_all,
            least: least_all,
            least_fixed: least_of(|tariff| tariff.fixed),
            least_empty: least_of(|tariff| tariff.empty),
            least_parcel: least_of(|tariff| tariff.cost(0)),
            roomiest,
        }
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
            dearest = dearest.max(self.least[index]);
        }
        if volume == 0 {
            return 0;
        }
        let others = parcels.saturating_sub(1);
        let by_volume = u128::from(volume) * u128::from(self.roomiest.0) / u128::from(self.roomiest.1.max(1));
        let carriage = self.stocks[0].tariff.carriage(weight.saturating_add(parcels * self.least_empty));
        (dearest.saturating_add(others.saturating_mul(self.least_parcel)))
            .max(carriage.saturating_add(parcels.saturating_mul(self.least_fixed)))
            .max(u64::try_from(by_volume).unwrap_or(u64::MAX))
    }

    /// The stocks that hold each of these units alone, as bits.
    pub fn common(&self, counts: &[u32]) -> [u64; 4] {
        let mut bits = [u64::MAX; 4];
        for (fits, _) in self.fits.iter().zip(counts).filter(|(_, count)| **count > 0) {
            for (bits, fits) in bits.iter_mut().zip(fits) {
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

    /// The roomiest box for its cost that holds a unit of this kind.
    pub fn plain_choice(&self, kind: usize, available: &[u32]) -> Option<usize> {
        let usable = |&index: &usize| available[index] > 0 && holds(&self.fits[kind], index);
        (0..self.stocks.len()).filter(usable).min_by(|&a, &b| {
            let (a, b) = (&self.stocks[a], &self.stocks[b]);
            let one = u128::from(a.tariff.cost(0)) * u128::from(b.room.volume);
            one.cmp(&(u128::from(b.tariff.cost(0)) * u128::from(a.room.volume)))
        })
    }
}

/// Whether a set of stocks has this one.
#[inline]
pub(super) fn holds(stocks: &[u64; 4], index: usize) -> bool {
    stocks[index / 64] >> (index % 64) & 1 == 1
}
