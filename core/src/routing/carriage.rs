//! What shipments of one order cost to carry: the services' tables for this destination, and the cheapest of them for each location.
//!
//! Each service is asked once a zone for its price at every weight break; from then on a shipment is priced by looking it up.
//!
//! What this module must not know: how units are assigned.

use super::policy::{MOST_PARCELS, Policy, Service};
use super::problem::{Freight, Step};
use crate::calendar::Day;
use crate::geo::Position;
use crate::money::Minor;
use crate::rate::{Destination, Parcel, Shipment, Zone};
use crate::units::{Grams, Size};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_routing::Location;
use cartwright_contract::order_routing::Request;

/// Prices of one parcel that are told apart; beyond, it costs what the heaviest does.
const MOST_BREAKS: usize = 2_000;

/// One service from one location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane {
    pub service: u32,
    zone: u16,
    /// What lateness adds.
    pub late: i64,
}

/// A location's freight table is that of all locations with the same lanes.
#[derive(Debug, Default)]
pub struct Carriage {
    pub freights: Vec<Freight>,
    by_lanes: BTreeMap<Vec<Lane>, u32>,
    tables: BTreeMap<(u32, u16, bool), Vec<(u64, i64)>>,
}

/// What is carried, for the services' conditions.
pub struct Goods<'a> {
    pub destination: Destination<'a>,
    pub value: Minor,
    pub tags: Vec<&'a [String]>,
    pub grams: u64,
    pub hazardous: bool,
}

/// When a shipment of a service arrives.
pub fn arrives(policy: &Policy, service: &Service, zone: Zone, at: i64) -> Option<i32> {
    let days = (*service.transit.get(usize::from(zone.0))?)?;
    let today = Day(i32::try_from(at.div_euclid(86_400)).ok()?);
    let calendar = policy.calendar.as_ref()?;
    let handed_over = calendar.add_working_days(calendar.next_working_on_or_after(today), policy.handling);
    Some(calendar.add_working_days(handed_over, u32::from(days)).0)
}

/// What arriving on that day costs, and how many days late it is.
pub fn lateness(policy: &Policy, promised: Option<i32>, arrives: Option<i32>) -> i64 {
    match promised.zip(arrives) {
        Some((promised, arrives)) if arrives > promised => {
            let days = i64::from(arrives) - i64::from(promised);
            policy.penalties.late.saturating_add(policy.penalties.late_day.saturating_mul(days))
        }
        _ => 0,
    }
}

impl Carriage {
    /// Index of a location's freight table, or `None` when no service goes from there.
    pub fn of(
        &mut self,
        policy: &Policy,
        request: &Request,
        goods: &Goods<'_>,
        location: &Location,
        position: Option<Position>,
    ) -> Option<u32> {
        let any = request.service.is_empty() || !known(policy, &request.service);
        let mut lanes = Vec::new();
        for (index, service) in policy.services.iter().enumerate() {
            if !any && service.id != request.service {
                continue;
            }
            if !service.from.names(location) {
                continue;
            }
            let Some(zone) = service.zones.zone(position, &goods.destination) else { continue };
            let arrives = arrives(policy, service, zone, request.at).or(location.arrives);
            let late = lateness(policy, request.constraints.promised, arrives);
            lanes.push(Lane { service: index as u32, zone: zone.0, late });
        }
        if lanes.is_empty() {
            return None;
        }
        if let Some(index) = self.by_lanes.get(&lanes) {
            return Some(*index);
        }
        let plain = self.cheapest(policy, request, goods, &lanes, false);
        let hazardous = if goods.hazardous { self.cheapest(policy, request, goods, &lanes, true) } else { Vec::new() };
        let index = self.freights.len() as u32;
        self.freights.push(Freight { plain, hazardous });
        self.by_lanes.insert(lanes, index);
        Some(index)
    }

    /// At each weight the service with the least price and lateness.
    fn cheapest(
        &mut self,
        policy: &Policy,
        request: &Request,
        goods: &Goods<'_>,
        lanes: &[Lane],
        hazardous: bool,
    ) -> Vec<Step> {
        let mut tables: Vec<(Lane, Vec<(u64, i64)>)> = Vec::new();
        for &lane in lanes {
            let key = (lane.service, lane.zone, hazardous);
            let table = self.tables.entry(key).or_insert_with(|| table(policy, request, goods, lane, hazardous));
            tables.push((lane, table.clone()));
        }
        let mut ends: Vec<u64> = tables.iter().flat_map(|(_, table)| table.iter().map(|row| row.0)).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut steps: Vec<Step> = Vec::with_capacity(ends.len());
        for end in ends {
            let prices = tables.iter().filter_map(|(lane, table)| {
                let (_, price) = table.get(table.partition_point(|(up_to, _)| *up_to < end))?;
                Some((price.saturating_add(lane.late), lane.service))
            });
            let Some((price, service)) = prices.min() else { continue };
            match steps.last_mut() {
                Some(last) if (last.price, last.service) == (price, service) => last.up_to = end,
                _ => steps.push(Step { up_to: end, price, service }),
            }
        }
        steps
    }

    /// The lane of a service from a location with this table.
    pub fn lane(&self, freight: u32, service: u32) -> Option<Lane> {
        let (lanes, _) = self.by_lanes.iter().find(|(_, index)| **index == freight)?;
        lanes.iter().find(|lane| lane.service == service).copied()
    }
}

impl Lane {
    pub fn zone(&self) -> Zone {
        Zone(self.zone)
    }
}

fn known(policy: &Policy, id: &str) -> bool {
    policy.services.iter().any(|service| service.id == id)
}

/// A service's prices to a zone, up to the weight of the whole order.
fn table(policy: &Policy, request: &Request, goods: &Goods<'_>, lane: Lane, hazardous: bool) -> Vec<(u64, i64)> {
    let service = &policy.services[lane.service as usize];
    let heaviest = service.heaviest_parcel.max(1);
    // The weights at which one parcel's price changes.
    let breaks = service.breaks.get(usize::from(lane.zone)).map_or(&[][..], Vec::as_slice);
    let at = |count: u32| service.unit.times(count).0;
    let mut ends: Vec<u64> = breaks.iter().map(|count| at(*count)).filter(|end| *end < heaviest).collect();
    if let Some(step) = service.step.filter(|step| *step > 0) {
        let mut count = breaks.last().copied().unwrap_or(0);
        loop {
            count = count.saturating_add(step);
            if at(count) >= heaviest || ends.len() >= MOST_BREAKS {
                break;
            }
            ends.push(at(count));
        }
    }
    ends.push(heaviest);
    let parcel = |grams: u64| Parcel { size: Size::default(), gross: Grams(grams), hazardous };
    let mut parcels = vec![];
    let mut rows = Vec::new();
    let customer_tags = request.customer.as_ref().map_or(&[][..], |customer| &customer.tags);
    for full in 0..MOST_PARCELS {
        for &end in &ends {
            parcels.push(parcel(end));
            let shipment = Shipment {
                destination: &goods.destination,
                parcels: &parcels,
                cart_value: goods.value,
                line_tags: &goods.tags,
                cart_tags: &request.tags,
                customer_tags,
            };
            let price = service.rate.price(Some(lane.zone()), &shipment);
            let Ok(price) = price else {
                // Not carried at this weight: nor at a greater one.
                return rows;
            };
            rows.push((full * heaviest + end, price.price.0.max(0)));
            parcels.pop();
            if full * heaviest + end >= goods.grams {
                return rows;
            }
        }
        parcels.push(parcel(heaviest));
    }
    rows
}
