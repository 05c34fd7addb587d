//! The options themselves: services, collection points, the backup.
//!
//! What this module must not know: how units are assigned to locations and boxes; it asks for both and remembers what it was told.

use super::cart::Cart;
use super::detail::{Detail, Offer};
use super::parcels::{Packed, Packings};
use super::shop::{Backup, Order, PickUpPoint, Service, ServiceLane};
use super::sourcing::{self, Part};
use super::too_large;
use crate::calendar::Instant;
use crate::carton::Scratch;
use crate::money::Minor;
use crate::promise::{Counting, Lane, together};
use crate::rate::{self, NoPrice};
use crate::units::{Grams, Size};
use alloc::format;
use alloc::vec::Vec;
use cartwright_contract::shipping_quote::{Method, Promise};
use cartwright_contract::{Failure, Reason};

/// The options of one cart as they come together.
pub struct Options<'a, D: Detail> {
    cart: &'a Cart<'a>,
    /// Those that are offered, in the order in which the shop shows them.
    pub offered: Vec<D::Option>,
    /// Why others are not.
    pub reasons: Vec<Reason>,
    pub detail: D,
    /// Sourcings that were worked out, by the locations that they chose from (a bit each) and whether they may split.
    sourcings: Vec<(u64, bool, Result<Vec<Part>, Reason>)>,
    packings: Packings<D>,
    scratch: Scratch,
}

/// What one service asks for one cart, all shipments together.
struct Sum<C> {
    price: Minor,
    charges: C,
    billable: u64,
    until_free: Option<Minor>,
    promise: Option<Promise>,
    /// Some shipment has no date.
    undated: bool,
    /// `None` once some shipment's are not known.
    emissions: Option<u64>,
}

impl<C: Default> Sum<C> {
    fn new() -> Self {
        let (price, charges) = (Minor::ZERO, C::default());
        Self { price, charges, billable: 0, until_free: None, promise: None, undated: false, emissions: Some(0) }
    }
}

/// Why a service is not offered: a reason to tell, or a cart that cannot be reckoned with at all.
enum NotOffered {
    Because(Reason),
    Failure(Failure),
}

impl<'a, D: Detail> Options<'a, D> {
    pub fn new(cart: &'a Cart<'a>, detail: D) -> Self {
        Self {
            cart,
            offered: Vec::with_capacity(cart.shop.services.len() + cart.shop.pick_ups.len()),
            reasons: Vec::new(),
            detail,
            sourcings: Vec::new(),
            packings: Packings::new(),
            scratch: Scratch::new(),
        }
    }

    /// Whether the backup has to answer: there is no option, and not because some rule refused the cart.
    pub fn need_backup(&self) -> bool {
        self.offered.is_empty() && (self.packings.any_failed() || self.cart.shop.services.is_empty())
    }

    /// Adds a carrier's service, or the reason why it is not offered.
    pub fn service(&mut self, service: &Service) -> Result<(), Failure> {
        match self.offer(service) {
            Ok(option) => self.show(option),
            Err(NotOffered::Because(reason)) => self.refuse(&service.name, reason),
            Err(NotOffered::Failure(failure)) => return Err(failure),
        }
        Ok(())
    }

    /// Puts an option where the shop shows it. Of options that are equally good the one that the settings list first comes first.
    fn show(&mut self, option: D::Option) {
        let by = |option: &D::Option| {
            let (price, latest) = D::merits(option);
            match self.cart.shop.order {
                Order::Cheapest => (price, i64::from(latest)),
                Order::Soonest => (i64::from(latest), price),
                Order::AsListed => (0, 0),
            }
        };
        let merits = by(&option);
        let place = self.offered.partition_point(|other| by(other) <= merits);
        self.offered.insert(place, option);
    }

    fn refuse(&mut self, name: &str, reason: Reason) {
        let message = format!("{name}: {}", reason.message);
        self.reasons.push(Reason { message, ..reason });
    }

    fn offer(&mut self, service: &Service) -> Result<D::Option, NotOffered> {
        let because = |reason: &Reason| NotOffered::Because(reason.clone());
        let sourcing = self.sourcing(service);
        let parts = self.sourcings[sourcing].2.as_deref().map_err(because)?;
        let packing = self.packings.of(self.cart, (sourcing, parts), service.packer, &mut self.scratch);
        let packed = self.packings.packed(packing).map_err(because)?;
        let mut sum = Sum::new();
        for (part, packed) in parts.iter().zip(packed) {
            self.add(service, part, packed, &mut sum)?;
        }
        let offer = Offer {
            id: &service.id,
            name: &service.name,
            carrier: &service.carrier,
            method: Method::Ship,
            price: sum.price,
            charges: sum.charges,
            billable: sum.billable,
            promise: sum.promise.filter(|_| !sum.undated),
            parcels: self.detail.parcels(packing, &self.packings),
            location: None,
            until_free: sum.until_free,
            emissions: sum.emissions,
            backup: false,
        };
        Ok(self.detail.option(offer))
    }

    /// Adds one shipment.
    fn add(
        &self,
        service: &Service,
        part: &Part,
        packed: &Packed<D>,
        sum: &mut Sum<D::Charges>,
    ) -> Result<(), NotOffered> {
        let cart = self.cart;
        let Some(lane) = &service.lanes[part.location] else { return Ok(()) };
        let location = &cart.shop.locations[part.location];
        let shipment = cart.shipment(&packed.rated);
        let zone = lane.zones.zone(location.position, &cart.destination);
        let price = D::price(&service.rate, zone, &shipment, &mut sum.charges).map_err(|none| match none {
            NoPrice::Refused(refusal) => NotOffered::Because(Reason::from(&refusal)),
            NoPrice::Overflow => NotOffered::Failure(too_large()),
        })?;
        let overflow = |_| NotOffered::Failure(too_large());
        sum.price = sum.price.plus(price.price).map_err(overflow)?;
        sum.billable = sum.billable.saturating_add(price.billable.0);
        sum.until_free = match (sum.until_free, price.until_free) {
            (Some(one), Some(other)) => Some(one.max(other)),
            (one, other) => one.or(other),
        };
        match self.promise(service, lane, part.location, usize::from(price.zone.0)) {
            Some(promise) => sum.promise = Some(sum.promise.map_or(promise, |other| together(&other, &promise))),
            None => sum.undated = true,
        }
        let emissions = self.emissions(service, part.location, packed);
        sum.emissions = sum.emissions.zip(emissions).and_then(|(one, other)| one.checked_add(other));
        Ok(())
    }

    fn promise(&self, service: &Service, lane: &ServiceLane, location: usize, zone: usize) -> Option<Promise> {
        let lane = Lane {
            dispatch: &self.cart.shop.locations[location].dispatch,
            pick_up: lane.pick_up.as_ref(),
            transit: (*lane.transit.get(zone)?)?,
            counting: service.working_days.as_ref().map_or(Counting::CalendarDays, Counting::WorkingDays),
            delivery: &service.delivery,
        };
        lane.promise(Instant(self.cart.request.at)).ok()
    }

    fn emissions(&self, service: &Service, location: usize, packed: &Packed<D>) -> Option<u64> {
        let gross: Grams = packed.rated.iter().map(|parcel| parcel.gross).sum();
        let metres = self.cart.distances[location]?;
        Some(service.emissions.as_ref()?.emissions(gross, metres, packed.rated.len() as u32).ok()?.0)
    }

    /// Index of the sourcing for the locations that this service runs from.
    fn sourcing(&mut self, service: &Service) -> usize {
        let lanes = &service.lanes;
        let mask =
            lanes.iter().enumerate().filter(|(_, lane)| lane.is_some()).fold(0, |mask, (bit, _)| mask | 1u64 << bit);
        if let Some(known) = self.sourcings.iter().position(|(of, splits, _)| *of == mask && *splits == service.splits)
        {
            return known;
        }
        let parts = sourcing::source(self.cart, |location| mask & 1 << location != 0, service.splits);
        self.sourcings.push((mask, service.splits, parts));
        self.sourcings.len() - 1
    }

    /// Adds collection in a store that has everything, or the reason why it is not offered.
    pub fn pick_up(&mut self, point: &PickUpPoint) {
        let cart = self.cart;
        if cart.request.destination.country != point.country {
            return;
        }
        let too_far = |within: u32| cart.distances[point.location].is_none_or(|metres| metres > within);
        if point.within.is_some_and(too_far) {
            return;
        }
        if let Err(reason) = sourcing::source(cart, |location| location == point.location, false) {
            return self.refuse(&point.name, reason);
        }
        let lane = Lane {
            dispatch: &cart.shop.locations[point.location].dispatch,
            pick_up: None,
            transit: point.transit,
            counting: Counting::WorkingDays(&point.opening),
            delivery: &point.opening,
        };
        self.show(self.detail.option(Offer {
            promise: lane.promise(Instant(cart.request.at)).ok(),
            location: Some(&point.id),
            ..flat(&point.id, &point.name, "", Method::PickUp, point.price)
        }));
    }

    /// Adds the backup, or the reason why not even it is offered.
    pub fn backup(&mut self, backup: &Backup) -> Result<(), Failure> {
        let cart = self.cart;
        let lines = || cart.lines.iter().map(|&line| &cart.request.lines[line as usize]);
        let gross = lines().map(|line| u64::from(line.weight) * u64::from(line.quantity)).sum();
        let hazardous = lines().any(|line| line.hazardous);
        let parcels = [rate::Parcel { size: Size::default(), gross: Grams(gross), hazardous }];
        if let Some(refusal) = backup.eligibility.refusal(&cart.shipment(&parcels)).map_err(|_| too_large())? {
            self.refuse(&backup.name, Reason::from(&refusal));
        } else {
            let offer = flat(&backup.id, &backup.name, &backup.carrier, Method::Ship, backup.price);
            self.show(self.detail.option(Offer { backup: true, ..offer }));
        }
        Ok(())
    }
}

/// An option of one price, whatever is in the cart.
fn flat<'a, D: Detail>(id: &'a str, name: &'a str, carrier: &'a str, method: Method, price: Minor) -> Offer<'a, D> {
    Offer {
        id,
        name,
        carrier,
        method,
        price,
        charges: D::flat(price),
        billable: 0,
        promise: None,
        parcels: D::Parcels::default(),
        location: None,
        until_free: None,
        emissions: None,
        backup: false,
    }
}
