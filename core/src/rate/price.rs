//! A service's price for a shipment, step by step.
//!
//! The steps, in order: the freight of the rate; what lifts it to the minimum charge; the surcharges, in the order of the
//! settings; the merchant's markup; the one threshold that takes off most; rounding. They add up to the price exactly,
//! and the price is never negative.
//!
//! A markup's share is taken of every figure of the rate and of the surcharges once, when the service is made: what a shopper pays is
//! made of marked-up figures, so that a price can be found without knowing the margin (see [`crate::bundle`]). The carrier's own figures
//! are kept beside them for the charges, in which the markup is the difference.
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
use alloc::boxed::Box;
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
    /// A figure of the rate, marked up, does not fit 64 bits.
    MarkupTooHigh,
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
            Self::MarkupTooHigh => {
                f.write_str("with the markup a figure of the rate does not fit 64 bits of minor units")
            }
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

/// A price without the steps to it; the fields are those of [`Price`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub price: Minor,
    pub billable: Grams,
    pub zone: Zone,
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
pub struct Service {
    pub(super) zones: u16,
    /// What the shopper pays: the markup's share is in every figure.
    pub(super) shopper: Figures,
    /// What the carrier asks, where the markup has a share.
    pub(super) carrier: Option<Box<Figures>>,
    pub(super) billing: Billing,
    pub(super) eligibility: Eligibility,
    /// What the markup adds to every order.
    pub(super) fixed_markup: Minor,
    pub(super) promotions: Vec<Promotion>,
    pub(super) rounding: Option<Rounding>,
}

/// The amounts that a price is summed up from.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    pub freight: Freight,
    pub minimum_charge: Minor,
    pub surcharges: Vec<Surcharge>,
}

/// What is remembered of the way to a price.
trait Record<'a>: Default {
    /// Whether anything is.
    const STEPS: bool;
    fn step(&mut self, step: Step<'a>);
}

impl<'a> Record<'a> for Vec<Step<'a>> {
    const STEPS: bool = true;
    fn step(&mut self, step: Step<'a>) {
        self.push(step);
    }
}

impl<'a> Record<'a> for () {
    const STEPS: bool = false;
    fn step(&mut self, _: Step<'a>) {}
}

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
        let ServiceRules {
            zones,
            freight,
            billing,
            minimum_charge,
            eligibility,
            surcharges,
            markup,
            promotions,
            rounding,
        } = rules;
        let carrier = Figures { freight, minimum_charge, surcharges };
        let (shopper, carrier) = if markup.has_share() {
            (carrier.marked_up(markup).map_err(|_| ServiceError::MarkupTooHigh)?, Some(Box::new(carrier)))
        } else {
            (carrier, None)
        };
        let fixed_markup = markup.fixed();
        Ok(Self { zones, shopper, carrier, billing, eligibility, fixed_markup, promotions, rounding })
    }

    /// The price for a shipment in a zone; `zone` is what the location's zone table found, once for all services of it.
    ///
    /// # Errors
    /// When the service is not offered, with the first reason why, or when an amount does not fit.
    pub fn price<'a>(&'a self, zone: Option<Zone>, shipment: &Shipment<'a>) -> Result<Price<'a>, NoPrice<'a>> {
        let (total, steps) = self.sum_up::<Vec<Step<'a>>>(zone, shipment)?;
        let Total { price, billable, zone, until_free } = total;
        Ok(Price { price, steps, billable, zone, until_free })
    }

    /// The same price, without the steps to it.
    ///
    /// # Errors
    /// As [`Self::price`].
    pub fn total<'a>(&'a self, zone: Option<Zone>, shipment: &Shipment<'a>) -> Result<Total, NoPrice<'a>> {
        Ok(self.sum_up::<()>(zone, shipment)?.0)
    }

    fn sum_up<'a, R: Record<'a>>(
        &'a self,
        zone: Option<Zone>,
        shipment: &Shipment<'a>,
    ) -> Result<(Total, R), NoPrice<'a>> {
        if let Some(refusal) = self.eligibility.refusal(shipment)? {
            return Err(NoPrice::Refused(refusal));
        }
        let zone = zone.ok_or(NoPrice::Refused(Refusal::NoZone))?;
        let mut price = Running { total: Minor::ZERO, record: R::default() };
        let billable = self.figures(&self.shopper, zone, shipment, &mut price)?;
        let marked_up = price.total.plus(self.fixed_markup)?.max(Minor::ZERO);
        if R::STEPS
            && let Some(carrier) = &self.carrier
        {
            price = Running { total: Minor::ZERO, record: R::default() };
            self.figures(carrier, zone, shipment, &mut price)?;
        }
        price.add(ChargeKind::Markup, MARKUP, marked_up.minus(price.total)?)?;
        let until_free = self.promotion(zone, shipment, &mut price)?;
        if let Some(rounding) = self.rounding {
            price.add(ChargeKind::Rounding, ROUNDING, rounding.apply(price.total)?.minus(price.total)?)?;
        }
        Ok((Total { price: price.total, billable, zone, until_free }, price.record))
    }

    /// Adds freight, minimum and surcharges; returns the billable weight.
    fn figures<'a, R: Record<'a>>(
        &'a self,
        figures: &'a Figures,
        zone: Zone,
        shipment: &Shipment<'a>,
        price: &mut Running<R>,
    ) -> Result<Grams, NoPrice<'a>> {
        let (billable, freight) = self.freight(&figures.freight, zone, shipment)?;
        price.total = freight;
        price.record.step(Step { kind: ChargeKind::Freight, code: FREIGHT, amount: freight });
        price.add(ChargeKind::Minimum, MINIMUM, figures.minimum_charge.minus(freight)?.max(Minor::ZERO))?;
        let base = price.total;
        for surcharge in &figures.surcharges {
            let of_parcel = |parcel: &Parcel| {
                let weight = self.billing.billable(parcel);
                // The freight had a price for every parcel, so the only miss left is one that does not fit.
                figures.freight.price(zone, weight, shipment.cart_value).map_err(|_| Overflow)
            };
            let amount = surcharge.amount(shipment, base, price.total, of_parcel)?;
            price.add(ChargeKind::Surcharge, &surcharge.code, amount)?;
        }
        Ok(billable)
    }

    /// Billable weight of all parcels, and what the rate says for it.
    fn freight<'a>(
        &self,
        freight: &Freight,
        zone: Zone,
        shipment: &Shipment<'a>,
    ) -> Result<(Grams, Minor), NoPrice<'a>> {
        let value = shipment.cart_value;
        let price = |weight| freight.price(zone, weight, value).map_err(|miss| no_price(zone, miss));
        let add = |sum: u64, weight: Grams| sum.checked_add(weight.0).ok_or(NoPrice::Overflow);
        if freight.per() == Per::Order {
            // The order is one consignment: its weight is rounded once, not parcel by parcel.
            let weighed = shipment.parcels.iter().try_fold(0, |sum, parcel| add(sum, self.billing.weighed(parcel)))?;
            let billable = self.billing.billed(Grams(weighed));
            return Ok((billable, price(billable)?));
        }
        let (mut billable, mut sum) = (0, Minor::ZERO);
        for parcel in shipment.parcels {
            let weight = self.billing.billable(parcel);
            billable = add(billable, weight)?;
            sum = sum.plus(price(weight)?)?;
        }
        Ok((Grams(billable), sum))
    }

    /// Takes off what the best threshold gives; returns what is missing until free.
    fn promotion<'a, R: Record<'a>>(
        &'a self,
        zone: Zone,
        shipment: &Shipment<'a>,
        price: &mut Running<R>,
    ) -> Result<Option<Minor>, Overflow> {
        let (mut best, mut until_free): (Option<(&str, Minor)>, Option<Minor>) = (None, None);
        for promotion in self.promotions.iter().filter(|it| it.serves(zone, shipment.destination)) {
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

impl Figures {
    fn marked_up(&self, markup: Markup) -> Result<Self, Overflow> {
        let surcharges = self.surcharges.iter().map(|surcharge| surcharge.marked_up(markup));
        Ok(Self {
            freight: self.freight.marked_up(markup)?,
            minimum_charge: markup.figure(self.minimum_charge)?,
            surcharges: surcharges.collect::<Result<_, _>>()?,
        })
    }
}

/// The price as far as it has come.
struct Running<R> {
    total: Minor,
    record: R,
}

impl<'a, R: Record<'a>> Running<R> {
    /// A step that changes nothing is left out.
    fn add(&mut self, kind: ChargeKind, code: &'a str, amount: Minor) -> Result<(), Overflow> {
        if amount != Minor::ZERO {
            self.total = self.total.plus(amount)?;
            self.record.step(Step { kind, code, amount });
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
