//! The options themselves: services, collection points, the backup.
//!
//! What this module must not know: how units are assigned to locations and boxes; it asks for both and remembers what it was told.

use super::cart::Cart;
use super::parcels::{self, Packed};
use super::shop::{Backup, PickUpPoint, Service, ServiceLane};
use super::sourcing::{self, Part};
use super::too_large;
use crate::calendar::Instant;
use crate::carton::Scratch;
use crate::money::Minor;
use crate::promise::{Counting, Lane, together};
use crate::rate::{self, NoPrice};
use crate::units::{Grams, Size};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::shipping_quote::{Answer, Charge, ChargeKind, Method, Promise, Quote};
use cartwright_contract::{Failure, Reason};

/// The options of one cart as they come together.
pub struct Options<'a> {
    cart: &'a Cart<'a>,
    answer: Answer,
    /// Sourcings that were worked out, by the locations that they chose from (a bit each) and whether they may split.
    sourcings: Vec<(u64, bool, Result<Vec<Part>, Reason>)>,
    /// Packings that were worked out, by sourcing and packer.
    packings: Vec<(usize, usize, Result<Vec<Packed>, Reason>)>,
    /// Where the parcels of a packing stand in the answer, once some option has used them.
    shown: Vec<(usize, Vec<u32>)>,
    scratch: Scratch,
}

/// What one service asks for one cart, all shipments together.
struct Sum {
    price: Minor,
    charges: Vec<Charge>,
    billable: u64,
    until_free: Option<Minor>,
    promise: Option<Promise>,
    /// Some shipment has no date.
    undated: bool,
    /// `None` once some shipment's are not known.
    emissions: Option<u64>,
}

impl Sum {
    fn new() -> Self {
        let (price, charges) = (Minor::ZERO, Vec::new());
        Self { price, charges, billable: 0, until_free: None, promise: None, undated: false, emissions: Some(0) }
    }
}

/// Why a service is not offered: a reason to tell, or a cart that cannot be reckoned with at all.
enum NotOffered {
    Because(Reason),
    Failure(Failure),
}

impl<'a> Options<'a> {
    pub fn new(cart: &'a Cart<'a>) -> Self {
        let quotes = Vec::with_capacity(cart.shop.services.len() + cart.shop.pick_ups.len());
        Self {
            cart,
            answer: Answer { quotes, ..Answer::default() },
            sourcings: Vec::new(),
            packings: Vec::new(),
            shown: Vec::new(),
            scratch: Scratch::new(),
        }
    }

    /// Whether the backup has to answer: there is no option, and not because some rule refused the cart.
    pub fn need_backup(&self) -> bool {
        let unpacked = self.packings.iter().any(|(.., packed)| packed.is_err());
        self.answer.quotes.is_empty() && (unpacked || self.cart.shop.services.is_empty())
    }

    pub fn answer(self) -> Answer {
        self.answer
    }

    /// Adds a carrier's service, or the reason why it is not offered.
    pub fn service(&mut self, service: &Service) -> Result<(), Failure> {
        match self.offer(service) {
            Ok(quote) => self.answer.quotes.push(quote),
            Err(NotOffered::Because(reason)) => self.refuse(&service.name, reason),
            Err(NotOffered::Failure(failure)) => return Err(failure),
        }
        Ok(())
    }

    fn refuse(&mut self, name: &str, reason: Reason) {
        let message = format!("{name}: {}", reason.message);
        self.answer.reasons.push(Reason { message, ..reason });
    }

    fn offer(&mut self, service: &Service) -> Result<Quote, NotOffered> {
        let because = |reason: &Reason| NotOffered::Because(reason.clone());
        let sourcing = self.sourcing(service);
        let packing = match &self.sourcings[sourcing].2 {
            Ok(_) => self.packing(sourcing, service.packer),
            Err(reason) => return Err(because(reason)),
        };
        let packed = self.packings[packing].2.as_ref().map_err(because)?;
        let parts = self.sourcings[sourcing].2.as_ref().map_err(because)?;
        let mut sum = Sum::new();
        for (part, packed) in parts.iter().zip(packed) {
            self.add(service, part, packed, &mut sum)?;
        }
        Ok(Quote {
            service: service.id.clone(),
            name: service.name.clone(),
            carrier: service.carrier.clone(),
            method: Method::Ship,
            price: sum.price.0,
            charges: sum.charges,
            billable_weight: u32::try_from(sum.billable).unwrap_or(u32::MAX),
            promise: sum.promise.filter(|_| !sum.undated),
            parcels: self.show(packing),
            location: None,
            until_free: sum.until_free.map(|missing| missing.0),
            emissions: sum.emissions.and_then(|grams| u32::try_from(grams).ok()),
            backup: false,
            reasons: Vec::new(),
        })
    }

    /// Adds one shipment.
    fn add(&self, service: &Service, part: &Part, packed: &Packed, sum: &mut Sum) -> Result<(), NotOffered> {
        let cart = self.cart;
        let Some(lane) = &service.lanes[part.location] else { return Ok(()) };
        let location = &cart.shop.locations[part.location];
        let shipment = cart.shipment(&packed.rated);
        let zone = lane.zones.zone(location.position, &cart.destination);
        let price = service.rate.price(zone, &shipment).map_err(|none| match none {
            NoPrice::Refused(refusal) => NotOffered::Because(Reason::from(&refusal)),
            NoPrice::Overflow => NotOffered::Failure(too_large()),
        })?;
        let overflow = |_| NotOffered::Failure(too_large());
        sum.price = sum.price.plus(price.price).map_err(overflow)?;
        for charge in price.charges() {
            match sum.charges.iter_mut().find(|other| other.kind == charge.kind && other.code == charge.code) {
                Some(other) => other.amount += charge.amount,
                None => sum.charges.push(charge),
            }
        }
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

    fn emissions(&self, service: &Service, location: usize, packed: &Packed) -> Option<u64> {
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

    /// Index of the packing of a sourcing that is known to ship.
    fn packing(&mut self, sourcing: usize, packer: usize) -> usize {
        if let Some(known) = self.packings.iter().position(|(of, by, _)| *of == sourcing && *by == packer) {
            return known;
        }
        let cart = self.cart;
        let parts = self.sourcings[sourcing].2.as_deref().unwrap_or_default();
        let pack = |part| parcels::pack(cart, part, &cart.shop.packers[packer], &mut self.scratch);
        let packed = parts.iter().map(pack).collect();
        self.packings.push((sourcing, packer, packed));
        self.packings.len() - 1
    }

    /// Indexes of a packing's parcels in the answer. Packings that came out alike are shown once.
    fn show(&mut self, packing: usize) -> Vec<u32> {
        let of = |packing: usize| {
            let packed = self.packings[packing].2.as_deref().unwrap_or_default();
            packed.iter().flat_map(|packed| &packed.parcels)
        };
        if let Some((_, indexes)) = self.shown.iter().find(|(other, _)| *other == packing || of(*other).eq(of(packing)))
        {
            return indexes.clone();
        }
        let first = self.answer.parcels.len() as u32;
        let parcels: Vec<_> = of(packing).cloned().collect();
        let indexes: Vec<u32> = (first..first + parcels.len() as u32).collect();
        self.answer.parcels.extend(parcels);
        self.shown.push((packing, indexes.clone()));
        indexes
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
        self.answer.quotes.push(Quote {
            promise: lane.promise(Instant(cart.request.at)).ok(),
            location: Some(point.id.clone()),
            ..flat(&point.id, &point.name, String::new(), Method::PickUp, point.price)
        });
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
            let quote = flat(&backup.id, &backup.name, backup.carrier.clone(), Method::Ship, backup.price);
            self.answer.quotes.push(Quote { backup: true, ..quote });
        }
        Ok(())
    }
}

/// An option of one price, whatever is in the cart.
fn flat(id: &str, name: &str, carrier: String, method: Method, price: Minor) -> Quote {
    let charge = Charge { kind: ChargeKind::Freight, code: rate::price::FREIGHT.into(), amount: price.0 };
    Quote {
        service: id.into(),
        name: name.into(),
        carrier,
        method,
        price: price.0,
        charges: [charge].into(),
        ..Quote::default()
    }
}
