//! A service's price for a shipment, step by step.
//!
//! The steps, in order: the freight of the rate; what lifts it to the minimum charge; the surcharges, in the order of the
//! settings; the merchant's markup; the one threshold that takes off most; rounding. They add up to the price exactly,
//! and the price is never negative.
//!
//! What this module must not know: how parcels came about, dates, other services.

use super::billable::Billing;
use super::eligibility::Eligibility;
use super::refusal::Refusal;
use super::rounding::Rounding;
use super::shipment::{Parcel, Shipment};
use super::surcharge::Surcharge;
use super::threshold::{Markup, Promotion};
use super::weight_break::{Freight, Miss, Per};
use super::zone::Zone;
use crate::money::{Minor, Overflow};
use crate::units::Grams;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::shipping_quote::{Charge, ChargeKind};
use core::fmt;

/// Everything that a service's price depends on; each part was validated by its own constructor.
#[derive(Debug, Clone)]
pub struct ServiceRules {
    /// As many zones as the zone table that finds a shipment's zone.
    pub zones: u16,
    pub freight: Freight,
    pub billing: Billing,
    /// The least freight of a shipment, before surcharges; zero for none.
    pub minimum_charge: Minor,
    pub eligibility: Eligibility,
    /// Applied in this order.
    pub surcharges: Vec<Surcharge>,
    pub markup: Markup,
    pub promotions: Vec<Promotion>,
    pub rounding: Option<Rounding>,
}

/// Parts that do not fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceError {
    /// The rate prices another number of zones than the zone table has.
    Zones {
        freight: usize,
        table: u16,
    },
    NegativeMinimum(Minor),
    /// The same code for two surcharges or thresholds: a reader could not tell the charges apart.
    DuplicateCode {
        list: &'static str,
        index: usize,
        earlier: usize,
        code: String,
    },
    /// A share of each parcel's freight, where the freight is one for the order.
    ParcelShareOfOrderFreight {
        index: usize,
        code: String,
    },
    /// A threshold for a zone that does not exist.
    PromotionZone {
        index: usize,
        zone: u16,
        zones: u16,
    },
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zones { freight, table } => {
                write!(f, "the rate has prices for {freight} zones, the zone table has {table}; give one list a zone")
            }
            Self::NegativeMinimum(minimum) => {
                write!(f, "the minimum charge {} is negative; 0 is no minimum", minimum.0)
            }
            Self::DuplicateCode { list, index, earlier, code } => {
                write!(f, "{list} {index}: the code {code} is that of {list} {earlier} already")
            }
            Self::ParcelShareOfOrderFreight { index, code } => write!(
                f,
                "surcharge {index} ({code}): a share per parcel needs a rate per parcel; this rate is per order"
            ),
            Self::PromotionZone { index, zone, zones } => {
                write!(
                    f,
                    "threshold {index}: zone index {zone} does not exist; there are {zones} zones, counted from 0"
                )
            }
        }
    }
}

impl core::error::Error for ServiceError {}

/// One step of a price; [`Charge`] without the allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    pub kind: ChargeKind,
    pub code: &'a str,
    pub amount: Minor,
}

impl From<&Step<'_>> for Charge {
    fn from(step: &Step<'_>) -> Self {
        Self { kind: step.kind, code: step.code.into(), amount: step.amount.0 }
    }
}

/// What a service costs for a shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price<'a> {
    /// Zero or more.
    pub price: Minor,
    /// Add up to `price`. The freight always stands first; other steps only where they change something.
    pub steps: Vec<Step<'a>>,
    /// Over all parcels.
    pub billable: Grams,
    pub zone: Zone,
    /// What is missing in the cart until this service is free by a threshold; zero when one is reached, `None` when the
    /// service has none here.
    pub until_free: Option<Minor>,
}

impl Price<'_> {
    /// The steps as the contract wants them.
    #[must_use]
    pub fn charges(&self) -> Vec<Charge> {
        self.steps.iter().map(Charge::from).collect()
    }
}

/// Why there is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPrice<'a> {
    /// The service is not offered.
    Refused(Refusal<'a>),
    /// An amount or a weight does not fit 64 bits.
    Overflow,
}

impl From<Overflow> for NoPrice<'_> {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

/// Code of the step that the rate table gives.
pub const FREIGHT: &str = "FREIGHT";
/// Code of the step that lifts the freight to the minimum charge.
pub const MINIMUM: &str = "MINIMUM_CHARGE";
/// Code of the merchant's markup.
pub const MARKUP: &str = "MARKUP";
/// Code of the last step.
pub const ROUNDING: &str = "ROUNDING";

/// A service that is ready to price.
#[derive(Debug, Clone)]
pub struct Service(ServiceRules);

impl Service {
    /// # Errors
    /// When the parts do not fit together.
    pub fn new(rules: ServiceRules) -> Result<Self, ServiceError> {
        let ServiceRules { zones, freight, minimum_charge, surcharges, promotions, .. } = &rules;
        if freight.zones() != usize::from(*zones) {
            return Err(ServiceError::Zones { freight: freight.zones(), table: *zones });
        }
        if *minimum_charge < Minor::ZERO {
            return Err(ServiceError::NegativeMinimum(*minimum_charge));
        }
        unique("surcharge", &surcharges.iter().map(|surcharge| surcharge.code.as_str()))?;
        unique("threshold", &promotions.iter().map(|promotion| promotion.code.as_str()))?;
        if freight.per() == Per::Order
            && let Some(index) = surcharges.iter().position(Surcharge::shares_parcel_freight)
        {
            return Err(ServiceError::ParcelShareOfOrderFreight { index, code: surcharges[index].code.clone() });
        }
        for (index, promotion) in promotions.iter().enumerate() {
            if let Some(Zone(zone)) = promotion.last_zone().filter(|zone| zone.0 >= *zones) {
                return Err(ServiceError::PromotionZone { index, zone, zones: *zones });
            }
        }
        Ok(Self(rules))
    }

    /// The price for a shipment in a zone; `zone` is what the location's zone table found, once for all services of it.
    ///
    /// # Errors
    /// When the service is not offered, with the first reason why, or when an amount does not fit.
    pub fn price<'a>(&'a self, zone: Option<Zone>, shipment: &Shipment<'a>) -> Result<Price<'a>, NoPrice<'a>> {
        let rules = &self.0;
        if let Some(refusal) = rules.eligibility.refusal(shipment)? {
            return Err(NoPrice::Refused(refusal));
        }
        let zone = zone.ok_or(NoPrice::Refused(Refusal::NoZone))?;
        let (billable, freight) = self.freight(zone, shipment)?;

        let mut price = Running::new(4 + rules.surcharges.len());
        price.steps.push(Step { kind: ChargeKind::Freight, code: FREIGHT, amount: freight });
        price.total = freight;
        price.add(ChargeKind::Minimum, MINIMUM, rules.minimum_charge.minus(freight)?.max(Minor::ZERO))?;
        let base = price.total;
        for surcharge in &rules.surcharges {
            let of_parcel = |parcel: &Parcel| {
                let weight = rules.billing.billable(parcel);
                // The freight had a price for every parcel, so the only miss left is one that does not fit.
                rules.freight.price(zone, weight, shipment.cart_value).map_err(|_| Overflow)
            };
            let amount = surcharge.amount(shipment, base, price.total, of_parcel)?;
            price.add(ChargeKind::Surcharge, &surcharge.code, amount)?;
        }
        price.add(ChargeKind::Markup, MARKUP, rules.markup.amount(price.total)?)?;
        let until_free = self.promotion(zone, shipment, &mut price)?;
        if let Some(rounding) = rules.rounding {
            price.add(ChargeKind::Rounding, ROUNDING, rounding.apply(price.total)?.minus(price.total)?)?;
        }
        Ok(Price { price: price.total, steps: price.steps, billable, zone, until_free })
    }

    /// Billable weight of all parcels, and what the rate says for it.
    fn freight<'a>(&self, zone: Zone, shipment: &Shipment<'a>) -> Result<(Grams, Minor), NoPrice<'a>> {
        let rules = &self.0;
        let value = shipment.cart_value;
        let price = |weight| rules.freight.price(zone, weight, value).map_err(|miss| no_price(zone, miss));
        let add = |sum: u64, weight: Grams| sum.checked_add(weight.0).ok_or(NoPrice::Overflow);
        if rules.freight.per() == Per::Order {
            // The order is one consignment: its weight is rounded once, not parcel by parcel.
            let weighed = shipment.parcels.iter().try_fold(0, |sum, parcel| add(sum, rules.billing.weighed(parcel)))?;
            let billable = rules.billing.billed(Grams(weighed));
            return Ok((billable, price(billable)?));
        }
        let (mut billable, mut freight) = (0, Minor::ZERO);
        for parcel in shipment.parcels {
            let weight = rules.billing.billable(parcel);
            billable = add(billable, weight)?;
            freight = freight.plus(price(weight)?)?;
        }
        Ok((Grams(billable), freight))
    }

    /// Takes off what the best threshold gives; returns what is missing until free.
    fn promotion<'a>(
        &'a self,
        zone: Zone,
        shipment: &Shipment<'a>,
        price: &mut Running<'a>,
    ) -> Result<Option<Minor>, Overflow> {
        let (mut best, mut until_free): (Option<(&str, Minor)>, Option<Minor>) = (None, None);
        for promotion in self.0.promotions.iter().filter(|it| it.serves(zone, shipment.destination)) {
            if let Some(off) = promotion.off(shipment.cart_value, price.total)?
                && best.is_none_or(|(_, most)| off > most)
            {
                best = Some((&promotion.code, off));
            }
            if let Some(missing) = promotion.missing(shipment.cart_value)? {
                until_free = Some(until_free.map_or(missing, |least| least.min(missing)));
            }
        }
        if let Some((code, off)) = best {
            price.add(ChargeKind::Discount, code, Minor::ZERO.minus(off)?)?;
        }
        Ok(until_free)
    }
}

/// The price as far as it has come.
struct Running<'a> {
    total: Minor,
    steps: Vec<Step<'a>>,
}

impl<'a> Running<'a> {
    fn new(steps: usize) -> Self {
        Self { total: Minor::ZERO, steps: Vec::with_capacity(steps + 1) }
    }

    /// A step that changes nothing is left out.
    fn add(&mut self, kind: ChargeKind, code: &'a str, amount: Minor) -> Result<(), Overflow> {
        if amount != Minor::ZERO {
            self.total = self.total.plus(amount)?;
            self.steps.push(Step { kind, code, amount });
        }
        Ok(())
    }
}

fn no_price<'a>(zone: Zone, miss: Miss) -> NoPrice<'a> {
    NoPrice::Refused(match miss {
        Miss::Overflow => return NoPrice::Overflow,
        Miss::Zone => Refusal::ZoneNotOffered { zone },
        Miss::Weight { weight, last } => Refusal::AboveLastWeightBreak { zone, weight, last },
        Miss::CartValue { value, first } => Refusal::BelowFirstValueBand { zone, value, first },
    })
}

fn unique<'a>(list: &'static str, codes: &(impl Iterator<Item = &'a str> + Clone)) -> Result<(), ServiceError> {
    for (index, code) in codes.clone().enumerate() {
        if let Some(earlier) = codes.clone().take(index).position(|before| before == code) {
            return Err(ServiceError::DuplicateCode { list, index, earlier, code: code.into() });
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "price_tests.rs"]
mod tests;
