//! The little that is told before there is an order: of the parcels only how many, of a price not the steps to it.
//!
//! What this module must not know: how anything is decided.

use super::detail::{Detail, Offer};
use super::parcels::Packings;
use crate::carton::{Item, Items, PackedBox};
use crate::money::Minor;
use crate::rate::price::Total;
use crate::rate::{self, NoPrice, Shipment, Zone};
use crate::units::Size;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::LineUnits;
use cartwright_contract::estimate::ShippingOption;

#[derive(Default)]
pub struct Brief {
    /// The moment of the estimate, in seconds since 1970.
    pub at: i64,
}

impl Detail for Brief {
    type Contents = Items;
    type Parcel = ();
    /// How many.
    type Parcels = u32;
    type Charges = ();
    type Option = ShippingOption;

    /// Nobody has given a street yet, and what tells post-office boxes in all scripts is a tenth of an estimator.
    fn is_po_box(_: &[String]) -> bool {
        false
    }

    fn price<'a>(
        rate: &'a rate::Service,
        zone: Option<Zone>,
        shipment: &Shipment<'a>,
        (): &mut (),
    ) -> Result<Total, NoPrice<'a>> {
        rate.total(zone, shipment)
    }

    fn flat(_: Minor) {}

    fn boxed(_: &str, _: &str, _: Size, _: &PackedBox<Items>, _: &[Item]) {}

    fn as_it_is(_: &str, _: &Item) {}

    fn of_unknown_size(_: &str, _: u32, _: Vec<LineUnits>) {}

    fn parcels(&mut self, packing: usize, packings: &Packings<Self>) -> u32 {
        packings.parcels(packing).map(|packed| packed.rated.len() as u32).sum()
    }

    fn option(&self, offer: Offer<'_, Self>) -> ShippingOption {
        let promise = offer.promise;
        ShippingOption {
            service: offer.id.into(),
            name: offer.name.into(),
            carrier: offer.carrier.into(),
            method: offer.method,
            price: offer.price.0,
            earliest: promise.map(|promise| promise.earliest),
            latest: promise.map(|promise| promise.latest),
            order_by: promise.map(|promise| promise.order_by),
            order_within: promise.map(|promise| promise.order_by.saturating_sub(self.at).max(0)),
            until_free: offer.until_free.map(|missing| missing.0),
            emissions: offer.emissions.and_then(|grams| u32::try_from(grams).ok()),
            location: offer.location.map(String::from),
            parcels: offer.parcels,
            backup: offer.backup,
        }
    }

    fn merits(option: &ShippingOption) -> (i64, i32) {
        (option.price, option.latest.unwrap_or(i32::MAX))
    }
}
