//! A shop's parts in their order; what a calendar or a clock is reduced to.

use super::Days;
use crate::calendar::{Calendar, Day, Instant, Weekdays};
use crate::promise::{Dispatch, PickUp};
use crate::rate::PrefixTable;
use crate::shipping_quote::shop::{
    Backup, Location, Misfits, Order, PickUpPoint, Service, ServiceLane, Shop, Sourcing,
};
use crate::wire::{Reader, Wire, Writer, wire_cases, wire_record};
use alloc::string::String;
use alloc::vec::Vec;

wire_cases!(Sourcing { Priority, Nearest });
wire_cases!(Misfits { AsTheyAre, Refuse });
wire_cases!(Order { Cheapest, Soonest, AsListed });
wire_record!(Backup { eligibility, id, name, carrier, price });

pub fn write(shop: &Shop, (from, until): (Instant, Instant), days: Days, to: &mut Writer) {
    days.first.write(to);
    shop.currency.write(to);
    to.unsigned(shop.locations.len() as u64);
    for Location { id, position, dispatch } in &shop.locations {
        id.write(to);
        position.write(to);
        write_cut_offs(&dispatch.cut_offs(from, until), days.first, from, to);
        dispatch.calendar().write_within(days.first, days.last, to);
        dispatch.handling().write(to);
    }
    shop.sourcing.write(to);
    shop.backorders.write(to);
    shop.packers.write(to);
    to.unsigned(shop.boxes.len() as u64);
    shop.unmeasured.write(to);
    shop.misfits.write(to);
    shop.postal_places.write(to);
    shop.places.write(to);
    to.unsigned(shop.services.len() as u64);
    for service in &shop.services {
        write_service(service, days, to);
    }
    to.unsigned(shop.pick_ups.len() as u64);
    for PickUpPoint { id, name, location, price, transit, opening, within, country } in &shop.pick_ups {
        id.write(to);
        name.write(to);
        location.write(to);
        price.write(to);
        transit.write(to);
        opening.write_within(days.first, days.last, to);
        within.write(to);
        country.write(to);
    }
    shop.backup.write(to);
    shop.order.write(to);
}

pub fn read(from: &mut Reader<'_>) -> Option<Shop> {
    let first = Day::read(from)?;
    let currency = String::read(from)?;
    let locations = list(from, |from| {
        let (id, position) = (String::read(from)?, Wire::read(from)?);
        let cut_offs = read_cut_offs(first, from)?;
        let calendar = Calendar::read_from(first, from)?;
        let dispatch = Dispatch::spelled_out(cut_offs.into(), calendar, Wire::read(from)?);
        Some(Location { id, position, dispatch })
    })?;
    Some(Shop {
        currency,
        locations,
        sourcing: Wire::read(from)?,
        backorders: Wire::read(from)?,
        packers: Wire::read(from)?,
        // An estimate tells how many boxes there are, not what they are called.
        boxes: alloc::vec![String::new(); usize::from(u16::read(from)?)],
        unmeasured: Wire::read(from)?,
        misfits: Wire::read(from)?,
        postal_places: PrefixTable::read(from)?,
        places: Wire::read(from)?,
        services: list(from, |from| read_service(first, from))?,
        pick_ups: list(from, |from| {
            Some(PickUpPoint {
                id: Wire::read(from)?,
                name: Wire::read(from)?,
                location: Wire::read(from)?,
                price: Wire::read(from)?,
                transit: Wire::read(from)?,
                opening: Calendar::read_from(first, from)?,
                within: Wire::read(from)?,
                country: Wire::read(from)?,
            })
        })?,
        backup: Wire::read(from)?,
        order: Wire::read(from)?,
    })
}

fn list<T>(from: &mut Reader<'_>, mut read: impl FnMut(&mut Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let mut all = Vec::new();
    for _ in 0..from.length()? {
        all.push(read(from)?);
    }
    Some(all)
}

/// `from` is an instant before them all.
fn write_cut_offs(cut_offs: &[(Day, Instant)], first: Day, from: Instant, to: &mut Writer) {
    from.write(to);
    to.unsigned(cut_offs.len() as u64);
    let mut before = (first, from);
    for &(day, cut_off) in cut_offs {
        to.unsigned(u64::from(day.0.abs_diff(before.0.0)));
        to.unsigned(cut_off.0.abs_diff(before.1.0));
        before = (day, cut_off);
    }
}

fn read_cut_offs(first: Day, from: &mut Reader<'_>) -> Option<Vec<(Day, Instant)>> {
    let (mut day, mut instant) = (first.0, i64::read(from)?);
    list(from, |from| {
        day = day.checked_add_unsigned(u32::read(from)?)?;
        instant = instant.checked_add_unsigned(from.unsigned()?)?;
        Some((Day(day), Instant(instant)))
    })
}

fn write_service(service: &Service, days: Days, to: &mut Writer) {
    let Service { id, name, carrier, rate, packer, lanes, working_days, delivery, emissions, splits } = service;
    id.write(to);
    name.write(to);
    carrier.write(to);
    rate.write(to);
    packer.write(to);
    to.unsigned(lanes.len() as u64);
    for lane in lanes {
        lane.is_some().write(to);
        let Some(ServiceLane { zones, transit, pick_up }) = lane else { continue };
        zones.write(to);
        transit.write(to);
        pick_up.is_some().write(to);
        if let Some(pick_up) = pick_up {
            pick_up.calendar().write_within(days.first, days.last, to);
            pick_up.before_cut_off().write(to);
        }
    }
    working_days.is_some().write(to);
    if let Some(working_days) = working_days {
        working_days.write_within(days.first, days.last, to);
    }
    delivery.write_within(days.first, days.last, to);
    emissions.write(to);
    splits.write(to);
}

fn read_service(first: Day, from: &mut Reader<'_>) -> Option<Service> {
    Some(Service {
        id: Wire::read(from)?,
        name: Wire::read(from)?,
        carrier: Wire::read(from)?,
        rate: Wire::read(from)?,
        packer: Wire::read(from)?,
        lanes: list(from, |from| {
            if !bool::read(from)? {
                return Some(None);
            }
            let (zones, transit) = (Wire::read(from)?, Wire::read(from)?);
            let pick_up = if bool::read(from)? {
                let calendar = Calendar::read_from(first, from)?;
                Some(PickUp::spelled_out(calendar, Weekdays::read(from)?))
            } else {
                None
            };
            Some(Some(ServiceLane { zones, transit, pick_up }))
        })?,
        working_days: if bool::read(from)? { Some(Calendar::read_from(first, from)?) } else { None },
        delivery: Calendar::read_from(first, from)?,
        emissions: Wire::read(from)?,
        splits: Wire::read(from)?,
    })
}
