//! Freight: what the carrier's table says for a zone and a weight, a cart value, or flatly.
//!
//! What this module must not know: how a zone or a billable weight was found, and what is added to the freight.

use super::billable::BillingStep;
use super::threshold::Markup;
use super::zone::Zone;
use crate::money::{Minor, Overflow};
use crate::units::Grams;
use crate::wire::{Reader, Wire, Writer};
use alloc::vec::Vec;
use core::fmt;

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Once, whatever the number of parcels.
    Order,
    /// For every parcel.
    Parcel,
}

/// One weight break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneRow {
    /// Billable weight, included.
    pub up_to: Grams,
    /// Zero or more.
    pub price: Minor,
}

/// What is heavier than the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond {
    /// Each started step above the last row costs `price` on top of that row's.
    pub step: BillingStep,
    pub price: Minor,
}

/// The weight breaks of one zone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ZoneRows {
    /// By ascending weight. Without rows every step from nothing costs what `beyond` says.
    pub rows: Vec<ZoneRow>,
    /// Without it what is heavier than the last row is not carried. A zone with neither is not offered.
    pub beyond: Option<Beyond>,
}

/// A rate before it is compiled. Lists hold one entry a zone, in the order of the zone table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreightRules {
    /// The same for any weight; `None` where the zone is not offered.
    Flat { per: Per, prices: Vec<Option<Minor>> },
    /// By billable weight: of each parcel, or of all together.
    Weight { per: Per, zones: Vec<ZoneRows> },
    /// By the cart's value, once an order: from so much on it costs so much, ascending. Below the first it is not offered.
    CartValue { zones: Vec<Vec<(Minor, Minor)>> },
}

/// A price or limit that cannot stand in a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreightError {
    NoZones,
    /// More zones or rows than indexes of 16 and 32 bits reach.
    TooLarge {
        rows: usize,
    },
    NegativePrice {
        zone: usize,
        row: usize,
        price: Minor,
    },
    /// The limit (grams or minor units) is not above that of the row before.
    RowOrder {
        zone: usize,
        row: usize,
        limit: i64,
        before: i64,
    },
    NegativeValue {
        zone: usize,
        row: usize,
        value: Minor,
    },
    ZeroStep {
        zone: usize,
    },
    NegativeBeyond {
        zone: usize,
        price: Minor,
    },
}

impl fmt::Display for FreightError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoZones => f.write_str("the rate has no zone; give prices for at least one"),
            Self::TooLarge { rows } => write!(f, "{rows} zones or rows are more than a rate holds"),
            Self::NegativePrice { zone, row, price } => {
                write!(
                    f,
                    "zone {zone}, row {row}: the price {} is negative; use a discount to take something off",
                    price.0
                )
            }
            Self::RowOrder { zone, row, limit, before } => write!(
                f,
                "zone {zone}, row {row}: the limit {limit} is not above the {before} of the row before; list them ascending"
            ),
            Self::NegativeValue { zone, row, value } => {
                write!(f, "zone {zone}, row {row}: the cart value {} is negative; begin at 0", value.0)
            }
            Self::ZeroStep { zone } => write!(f, "zone {zone}: the step beyond the last row is 0; give 1 g or more"),
            Self::NegativeBeyond { zone, price } => {
                write!(f, "zone {zone}: the price {} of a step beyond the last row is negative", price.0)
            }
        }
    }
}

impl core::error::Error for FreightError {}

/// Why a rate has no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// Nothing stands for this zone.
    Zone,
    /// Heavier than the last row.
    Weight {
        weight: Grams,
        last: Grams,
    },
    /// Below the first band.
    CartValue {
        value: Minor,
        first: Minor,
    },
    Overflow,
}

impl From<Overflow> for Miss {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Nothing,
    Weight,
    CartValue,
}

/// A compiled rate: the rows of all zones in one list.
#[derive(Debug, Clone)]
pub struct Freight {
    by: By,
    per: Per,
    /// Where each zone's rows begin, and where the last one's end.
    starts: Vec<u32>,
    /// Limit (grams or minor units) and price.
    rows: Vec<(i64, i64)>,
    /// One a zone, or none at all.
    beyond: Vec<Option<Beyond>>,
}

impl Freight {
    /// # Errors
    /// With zone and row of the first entry that is wrong.
    pub fn new(rules: &FreightRules) -> Result<Self, FreightError> {
        let (by, per) = match rules {
            FreightRules::Flat { per, .. } => (By::Nothing, *per),
            FreightRules::Weight { per, .. } => (By::Weight, *per),
            FreightRules::CartValue { .. } => (By::CartValue, Per::Order),
        };
        let mut freight = Self { by, per, starts: alloc::vec![0], rows: Vec::new(), beyond: Vec::new() };
        match rules {
            FreightRules::Flat { prices, .. } => {
                for (zone, price) in prices.iter().enumerate() {
                    freight.zone(zone, price.iter().map(|price| (0, *price)))?;
                }
            }
            FreightRules::Weight { zones, .. } => {
                for (zone, ZoneRows { rows, beyond }) in zones.iter().enumerate() {
                    let limit = |grams: Grams| i64::try_from(grams.0).unwrap_or(i64::MAX);
                    freight.zone(zone, rows.iter().map(|row| (limit(row.up_to), row.price)))?;
                    match beyond {
                        Some(beyond) if beyond.step.is_zero() => return Err(FreightError::ZeroStep { zone }),
                        Some(Beyond { price, .. }) if *price < Minor::ZERO => {
                            return Err(FreightError::NegativeBeyond { zone, price: *price });
                        }
                        _ => freight.beyond.push(*beyond),
                    }
                }
            }
            FreightRules::CartValue { zones } => {
                for (zone, bands) in zones.iter().enumerate() {
                    if let Some(row) = bands.iter().position(|(from, _)| *from < Minor::ZERO) {
                        return Err(FreightError::NegativeValue { zone, row, value: bands[row].0 });
                    }
                    freight.zone(zone, bands.iter().map(|(from, price)| (from.0, *price)))?;
                }
            }
        }
        if freight.starts.len() == 1 {
            return Err(FreightError::NoZones);
        }
        if freight.starts.len() > usize::from(u16::MAX) {
            return Err(FreightError::TooLarge { rows: freight.starts.len() - 1 });
        }
        freight.rows.shrink_to_fit();
        Ok(freight)
    }

    fn zone(&mut self, zone: usize, rows: impl Iterator<Item = (i64, Minor)>) -> Result<(), FreightError> {
        let mut before = None;
        for (row, (limit, price)) in rows.enumerate() {
            if price < Minor::ZERO {
                return Err(FreightError::NegativePrice { zone, row, price });
            }
            if let Some(before) = before.filter(|before| limit <= *before) {
                return Err(FreightError::RowOrder { zone, row, limit, before });
            }
            before = Some(limit);
            self.rows.push((limit, price.0));
        }
        let rows = self.rows.len();
        self.starts.push(u32::try_from(rows).map_err(|_| FreightError::TooLarge { rows })?);
        Ok(())
    }

    /// What the price is for: a parcel or the order.
    #[must_use]
    pub fn per(&self) -> Per {
        self.per
    }

    /// How many zones there are.
    /// The same table with the markup's share on every price.
    ///
    /// # Errors
    /// When a price does not fit.
    pub fn marked_up(&self, markup: Markup) -> Result<Self, Overflow> {
        let mut marked_up = self.clone();
        for (_, price) in &mut marked_up.rows {
            *price = markup.figure(Minor(*price))?.0;
        }
        for beyond in marked_up.beyond.iter_mut().flatten() {
            beyond.price = markup.figure(beyond.price)?;
        }
        Ok(marked_up)
    }

    #[must_use]
    pub fn zones(&self) -> usize {
        self.starts.len() - 1
    }

    /// The price of one parcel, or of the order, of this billable weight.
    ///
    /// # Errors
    /// When the rate does not offer it.
    pub fn price(&self, zone: Zone, weight: Grams, cart_value: Minor) -> Result<Minor, Miss> {
        let zone = usize::from(zone.0);
        let (Some(start), Some(end)) = (self.starts.get(zone), self.starts.get(zone + 1)) else {
            return Err(Miss::Zone);
        };
        let rows = self.rows.get(*start as usize..*end as usize).unwrap_or_default();
        match self.by {
            By::Nothing => rows.first().map(|(_, price)| Minor(*price)).ok_or(Miss::Zone),
            By::Weight => self.by_weight(zone, rows, weight),
            By::CartValue => {
                let (first, _) = rows.first().ok_or(Miss::Zone)?;
                let at = rows.partition_point(|(from, _)| *from <= cart_value.0);
                let below = Miss::CartValue { value: cart_value, first: Minor(*first) };
                at.checked_sub(1).map(|at| Minor(rows[at].1)).ok_or(below)
            }
        }
    }

    fn by_weight(&self, zone: usize, rows: &[(i64, i64)], weight: Grams) -> Result<Minor, Miss> {
        let grams = i64::try_from(weight.0).map_err(|_| Miss::Overflow)?;
        let at = rows.partition_point(|(up_to, _)| *up_to < grams);
        if let Some((_, price)) = rows.get(at) {
            return Ok(Minor(*price));
        }
        let last = rows.last().map(|(up_to, price)| (Grams(up_to.unsigned_abs()), Minor(*price)));
        match (self.beyond.get(zone).copied().flatten(), last) {
            (Some(beyond), last) => {
                let (last, price) = last.unwrap_or_default();
                Ok(price.plus(beyond.price.times(beyond.step.count_between(last, weight))?)?)
            }
            (None, Some((last, _))) => Err(Miss::Weight { weight, last }),
            (None, None) => Err(Miss::Zone),
        }
    }
}

crate::wire::wire_cases!(Per { Order, Parcel });
crate::wire::wire_cases!(By { Nothing, Weight, CartValue });
crate::wire::wire_record!(Beyond { step, price });

/// Limits and prices rise slowly from row to row, so their differences are short.
impl Wire for Freight {
    fn write(&self, to: &mut Writer) {
        self.by.write(to);
        self.per.write(to);
        to.unsigned(self.zones() as u64);
        for zone in self.starts.windows(2) {
            let rows = &self.rows[zone[0] as usize..zone[1] as usize];
            to.unsigned(rows.len() as u64);
            let mut before = (0, 0);
            for &(limit, price) in rows {
                to.signed(limit.wrapping_sub(before.0));
                to.signed(price.wrapping_sub(before.1));
                before = (limit, price);
            }
        }
        self.beyond.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (by, per) = (By::read(from)?, Per::read(from)?);
        let mut freight = Self { by, per, starts: alloc::vec![0], rows: Vec::new(), beyond: Vec::new() };
        for _ in 0..from.length()? {
            let mut row = (0i64, 0i64);
            for _ in 0..from.length()? {
                row = (row.0.wrapping_add(from.signed()?), row.1.wrapping_add(from.signed()?));
                freight.rows.push(row);
            }
            freight.starts.push(u32::try_from(freight.rows.len()).ok()?);
        }
        freight.beyond = Wire::read(from)?;
        Some(freight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    fn rows(rows: &[(u64, i64)], beyond: Option<Beyond>) -> ZoneRows {
        let rows = rows.iter().map(|(up_to, price)| ZoneRow { up_to: Grams(*up_to), price: Minor(*price) }).collect();
        ZoneRows { rows, beyond }
    }

    fn weight(zones: Vec<ZoneRows>) -> Result<Freight, FreightError> {
        Freight::new(&FreightRules::Weight { per: Per::Parcel, zones })
    }

    fn kilo(price: i64) -> Beyond {
        Beyond { step: BillingStep::grams(1_000), price: Minor(price) }
    }

    #[test]
    fn a_row_reaches_up_to_and_including_its_weight() {
        let freight = weight(vec![rows(&[(1_000, 500), (5_000, 900)], None), ZoneRows::default()]).unwrap();
        let price = |zone, grams| freight.price(Zone(zone), Grams(grams), Minor(0));
        assert_eq!(price(0, 0), Ok(Minor(500)));
        assert_eq!(price(0, 1_000), Ok(Minor(500)));
        assert_eq!(price(0, 1_001), Ok(Minor(900)));
        assert_eq!(price(0, 5_001), Err(Miss::Weight { weight: Grams(5_001), last: Grams(5_000) }));
        assert_eq!(price(1, 1), Err(Miss::Zone));
        assert_eq!(price(2, 1), Err(Miss::Zone));
    }

    #[test]
    fn each_started_step_beyond_the_last_row_costs() {
        let freight = weight(vec![rows(&[(1_000, 500)], Some(kilo(70))), rows(&[], Some(kilo(100)))]).unwrap();
        let price = |zone, grams| freight.price(Zone(zone), Grams(grams), Minor(0));
        assert_eq!(price(0, 1_001), Ok(Minor(570)));
        assert_eq!(price(0, 2_000), Ok(Minor(570)));
        assert_eq!(price(0, 2_001), Ok(Minor(640)));
        assert_eq!(price(1, 2_500), Ok(Minor(300)));
        assert_eq!(price(1, 0), Ok(Minor(0)));
        assert_eq!(price(1, u64::MAX), Err(Miss::Overflow));
    }

    #[test]
    fn a_pound_beyond_the_last_row_is_one_step() {
        let pound = BillingStep::pounds(1);
        let beyond = Some(Beyond { step: pound, price: Minor(10) });
        let limit = pound.times(70).0;
        let freight = weight(vec![rows(&[(limit, 1_000)], beyond)]).unwrap();
        for more in 1..200 {
            let price = freight.price(Zone(0), pound.times(70 + more), Minor(0));
            assert_eq!(price, Ok(Minor(1_000 + 10 * i64::from(more))), "{more} lb above");
        }
    }

    #[test]
    fn a_flat_price_and_bands_of_cart_value_do_not_look_at_the_weight() {
        let flat = Freight::new(&FreightRules::Flat { per: Per::Order, prices: vec![Some(Minor(495)), None] }).unwrap();
        assert_eq!(flat.price(Zone(0), Grams(u64::MAX), Minor(0)), Ok(Minor(495)));
        assert_eq!(flat.price(Zone(1), Grams(1), Minor(0)), Err(Miss::Zone));
        let zones = vec![vec![(Minor(1_000), Minor(700)), (Minor(5_000), Minor(0))]];
        let value = Freight::new(&FreightRules::CartValue { zones }).unwrap();
        let price = |cart| value.price(Zone(0), Grams(1), Minor(cart));
        assert_eq!(price(999), Err(Miss::CartValue { value: Minor(999), first: Minor(1_000) }));
        assert_eq!(price(4_999), Ok(Minor(700)));
        assert_eq!(price(5_000), Ok(Minor(0)));
        assert_eq!(price(i64::MAX), Ok(Minor(0)));
    }

    #[test]
    fn a_wrong_row_is_named() {
        assert_eq!(weight(vec![]).unwrap_err(), FreightError::NoZones);
        let negative = weight(vec![rows(&[(1, 1)], None), rows(&[(1, 1), (2, -5)], None)]);
        assert_eq!(negative.unwrap_err(), FreightError::NegativePrice { zone: 1, row: 1, price: Minor(-5) });
        let order = weight(vec![rows(&[(1_000, 1), (1_000, 2)], None)]);
        assert_eq!(order.unwrap_err(), FreightError::RowOrder { zone: 0, row: 1, limit: 1_000, before: 1_000 });
        let step = Some(Beyond { step: BillingStep::grams(0), price: Minor(1) });
        assert_eq!(weight(vec![rows(&[], step)]).unwrap_err(), FreightError::ZeroStep { zone: 0 });
        assert_eq!(
            weight(vec![rows(&[], Some(kilo(-1)))]).unwrap_err(),
            FreightError::NegativeBeyond { zone: 0, price: Minor(-1) }
        );
    }

    proptest! {
        #[test]
        fn where_prices_do_not_fall_from_row_to_row_the_heavier_never_costs_less(
            breaks in proptest::collection::btree_map(1u64..100_000, 0i64..500, 0..30),
            step in 1u32..5_000, beyond in 0i64..1_000, grams in 0u64..200_000, more in 0u64..200_000,
        ) {
            let mut price = 0;
            let breaks: Vec<_> = breaks.into_iter().map(|(up_to, rise)| { price += rise; (up_to, price) }).collect();
            let beyond = Some(Beyond { step: BillingStep::grams(step), price: Minor(beyond) });
            let freight = weight(vec![rows(&breaks, beyond)]).unwrap();
            let at = |grams| freight.price(Zone(0), Grams(grams), Minor(0)).unwrap();
            prop_assert!(at(grams + more) >= at(grams));
        }
    }
}
