//! A request in the core's words, read once for all services.
//!
//! What this module must not know: services, prices, boxes.

use super::shop::{Shop, Sourcing};
use super::too_large;
use crate::geo::Position;
use crate::money::Minor;
use crate::rate::{Destination, Parcel, Shipment};
use crate::sort;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::Failure;
use cartwright_contract::shipping_quote::Request;

/// What a shopper wants to have where.
pub struct Cart<'a> {
    pub shop: &'a Shop,
    pub request: &'a Request,
    pub destination: Destination<'a>,
    /// The goods after line discounts.
    pub value: Minor,
    /// Indexes of the lines that are shipped.
    pub lines: Vec<u32>,
    /// The tags of the lines that are shipped.
    pub tags: Vec<&'a [String]>,
    /// Indexes of the shop's locations, the one to ship from first.
    pub locations: Vec<usize>,
    /// From each of the shop's locations, where both ends are known.
    pub distances: Vec<Option<u32>>,
    /// Units of each line at each of the shop's locations; `None` when the platform does not know any stock.
    pub stock: Option<Vec<Option<&'a [u32]>>>,
}

impl<'a> Cart<'a> {
    pub fn new(shop: &'a Shop, request: &'a Request, po_box: bool) -> Result<Self, Failure> {
        let mut destination = Destination { po_box, ..Destination::of_place(&request.destination, None) };
        if destination.position.is_none() {
            destination.position = place_of(shop, &destination);
        }
        let mut value = Minor::ZERO;
        let (mut lines, mut tags) = (Vec::new(), Vec::new());
        for (index, line) in request.lines.iter().enumerate() {
            let worth =
                Minor(line.unit_price).times(line.quantity.into()).and_then(|all| all.minus(Minor(line.discount)));
            value = worth.and_then(|worth| value.plus(worth)).map_err(|_| too_large())?;
            if line.physical {
                lines.push(index as u32);
                tags.push(line.tags.as_slice());
            }
        }
        let distances: Vec<_> = shop
            .locations
            .iter()
            .map(|location| Some(location.position?.distance_metres(destination.position?)))
            .collect();
        let mut locations: Vec<usize> = (0..shop.locations.len()).collect();
        if shop.sourcing == Sourcing::Nearest {
            sort::short(&mut locations, |&a, &b| distances[a].unwrap_or(u32::MAX) < distances[b].unwrap_or(u32::MAX));
        }
        let stock = (!request.stock.is_empty()).then(|| {
            let of = |id: &str| request.stock.iter().find(|stock| stock.location == id);
            shop.locations.iter().map(|location| of(&location.id).map(|stock| stock.available.as_slice())).collect()
        });
        Ok(Self { shop, request, destination, value, lines, tags, locations, distances, stock })
    }

    /// Units of a line that a location may sell.
    pub fn available(&self, location: usize, line: u32) -> u32 {
        match &self.stock {
            None => u32::MAX,
            Some(stock) => stock[location].map_or(0, |available| available[line as usize]),
        }
    }

    pub fn quantity(&self, line: u32) -> u32 {
        self.request.lines[line as usize].quantity
    }

    /// These parcels as what a rate prices.
    pub fn shipment<'s>(&'s self, parcels: &'s [Parcel]) -> Shipment<'s> {
        Shipment {
            destination: &self.destination,
            parcels,
            cart_value: self.value,
            line_tags: &self.tags,
            cart_tags: &self.request.tags,
            customer_tags: self.request.customer.as_ref().map_or(&[], |customer| &customer.tags),
        }
    }
}

/// Where the destination's postal code lies.
fn place_of(shop: &Shop, destination: &Destination<'_>) -> Option<Position> {
    let index = shop.postal_places.find(destination.country?, &destination.postal?)?;
    Position::try_from(*shop.places.get(usize::from(index))?).ok()
}
