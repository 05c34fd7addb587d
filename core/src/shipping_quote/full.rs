//! All that is told of a quote: the steps of each price, and every parcel with the place of each unit in it.
//!
//! What this module must not know: how anything is decided.

use super::detail::{Detail, Offer};
use super::parcels::Packings;
use crate::carton::{Item, PackedBox, Placement as Place};
use crate::money::Minor;
use crate::rate::price::{FREIGHT, Price, Total};
use crate::rate::{self, NoPrice, Shipment, Zone, po_box};
use crate::units::{Grams, Millimetres, Size};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::LineUnits;
use cartwright_contract::shipping_quote::{Charge, ChargeKind, Parcel, Placement, Quote};

/// The parcels that some option has, each once.
#[derive(Default)]
pub struct Full {
    pub parcels: Vec<Parcel>,
    /// Where the parcels of a packing stand, once some option has used them.
    shown: Vec<(usize, Vec<u32>)>,
}

impl Detail for Full {
    type Contents = Vec<Place>;
    type Parcel = Parcel;
    type Parcels = Vec<u32>;
    type Charges = Vec<Charge>;
    type Option = Quote;

    fn is_po_box(lines: &[String]) -> bool {
        po_box::is_po_box(lines)
    }

    fn price<'a>(
        rate: &'a rate::Service,
        zone: Option<Zone>,
        shipment: &Shipment<'a>,
        charges: &mut Vec<Charge>,
    ) -> Result<Total, NoPrice<'a>> {
        let price = rate.price(zone, shipment)?;
        for charge in price.charges() {
            match charges.iter_mut().find(|other| other.kind == charge.kind && other.code == charge.code) {
                Some(other) => other.amount += charge.amount,
                None => charges.push(charge),
            }
        }
        let Price { price, billable, zone, until_free, .. } = price;
        Ok(Total { price, billable, zone, until_free })
    }

    fn flat(price: Minor) -> Vec<Charge> {
        [Charge { kind: ChargeKind::Freight, code: FREIGHT.into(), amount: price.0 }].into()
    }

    fn boxed(location: &str, packaging: &str, outer: Size, full: &PackedBox, items: &[Item]) -> Parcel {
        let mut contents: Vec<LineUnits> = Vec::new();
        let mut placements = Vec::with_capacity(full.placements.len());
        for placement in &full.placements {
            let line = items[placement.item as usize].line;
            match contents.iter_mut().find(|units| units.line == line) {
                Some(units) => units.quantity += 1,
                None => contents.push(LineUnits { line, quantity: 1 }),
            }
            let [Millimetres(x), Millimetres(y), Millimetres(z)] = placement.at;
            placements.push(Placement { line, x, y, z, size: placement.size.into() });
        }
        contents.sort_unstable_by_key(|units| units.line);
        Parcel {
            location: location.into(),
            packaging: packaging.into(),
            size: outer.into(),
            weight: narrow(full.gross_weight),
            placements,
            contents,
        }
    }

    fn as_it_is(location: &str, item: &Item) -> Parcel {
        let size = item.size.into();
        Parcel {
            location: location.into(),
            packaging: String::new(),
            size,
            weight: narrow(item.weight),
            placements: [Placement { line: item.line, x: 0, y: 0, z: 0, size }].into(),
            contents: [LineUnits { line: item.line, quantity: 1 }].into(),
        }
    }

    fn of_unknown_size(location: &str, weight: u32, contents: Vec<LineUnits>) -> Parcel {
        Parcel { location: location.into(), weight, contents, ..Parcel::default() }
    }

    /// Indexes of the packing's parcels. Packings that came out alike are shown once.
    fn parcels(&mut self, packing: usize, packings: &Packings<Self>) -> Vec<u32> {
        let of = |packing| packings.parcels(packing).flat_map(|packed| &packed.parcels);
        let alike = |other: usize| other == packing || of(other).eq(of(packing));
        if let Some((_, indexes)) = self.shown.iter().find(|(other, _)| alike(*other)) {
            return indexes.clone();
        }
        let first = self.parcels.len() as u32;
        self.parcels.extend(of(packing).cloned());
        let indexes: Vec<u32> = (first..self.parcels.len() as u32).collect();
        self.shown.push((packing, indexes.clone()));
        indexes
    }

    fn option(&self, offer: Offer<'_, Self>) -> Quote {
        Quote {
            service: offer.id.into(),
            name: offer.name.into(),
            carrier: offer.carrier.into(),
            method: offer.method,
            price: offer.price.0,
            charges: offer.charges,
            billable_weight: u32::try_from(offer.billable).unwrap_or(u32::MAX),
            promise: offer.promise,
            parcels: offer.parcels,
            location: offer.location.map(String::from),
            until_free: offer.until_free.map(|missing| missing.0),
            emissions: offer.emissions.and_then(|grams| u32::try_from(grams).ok()),
            backup: offer.backup,
            reasons: Vec::new(),
        }
    }

    fn merits(quote: &Quote) -> (i64, i32) {
        (quote.price, quote.promise.map_or(i32::MAX, |promise| promise.latest))
    }
}

/// A box's maximum weight was checked when the shop was made, so this narrows nothing.
fn narrow(weight: Grams) -> u32 {
    u32::try_from(weight.0).unwrap_or(u32::MAX)
}
