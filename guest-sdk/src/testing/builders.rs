//! Carts, lines and addresses with sensible values where a test says nothing. Knows no plugin.

use super::time::instant;
use crate::shipping_quote::Request;
use cartwright_contract::types::{Address, Coordinates, Customer, Dimensions, Line, LocationStock, Rotation};
use std::string::{String, ToString};
use std::vec::Vec;

/// A line under way; see [`item`].
#[derive(Debug, Clone)]
pub struct Item(Line);

/// One unit of this SKU: physical, 500 g, not measured, priced at 10.00, any side up.
#[must_use]
pub fn item(sku: &str) -> Item {
    Item(Line { sku: sku.to_string(), quantity: 1, unit_price: 1_000, weight: 500, physical: true, ..Line::default() })
}

impl Item {
    /// The line, still without an id.
    pub(super) fn into_line(self) -> Line {
        self.0
    }

    /// The mass of one unit, in grams.
    #[must_use]
    pub fn weight(mut self, grams: u32) -> Self {
        self.0.weight = grams;
        self
    }

    /// Length, width and height of one unit, in millimetres.
    #[must_use]
    pub fn size(mut self, length: u32, width: u32, height: u32) -> Self {
        self.0.size = Some(Dimensions { length, width, height });
        self
    }

    /// What one unit costs the shopper, in minor units.
    #[must_use]
    pub fn price(mut self, minor_units: i64) -> Self {
        self.0.unit_price = minor_units;
        self
    }

    /// What is taken off the whole line, in minor units.
    #[must_use]
    pub fn discount(mut self, minor_units: i64) -> Self {
        self.0.discount = minor_units;
        self
    }

    /// Units.
    #[must_use]
    pub fn quantity(mut self, units: u32) -> Self {
        self.0.quantity = units;
        self
    }

    /// How it may be turned when it is packed.
    #[must_use]
    pub fn rotation(mut self, rotation: Rotation) -> Self {
        self.0.rotation = rotation;
        self
    }

    /// Nothing may lie on top of it.
    #[must_use]
    pub fn fragile(mut self) -> Self {
        self.0.fragile = true;
        self
    }

    /// Every unit travels in a parcel of its own.
    #[must_use]
    pub fn ships_alone(mut self) -> Self {
        self.0.ships_alone = true;
        self
    }

    /// A dangerous good under the carriers' rules.
    #[must_use]
    pub fn hazardous(mut self) -> Self {
        self.0.hazardous = true;
        self
    }

    /// Not shipped at all: a download, a gift card.
    #[must_use]
    pub fn digital(mut self) -> Self {
        self.0.physical = false;
        self.0.weight = 0;
        self
    }

    /// One of the shop's own classes: `frozen`, `category:shoes`.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.0.tags.push(tag.to_string());
        self
    }
}

/// A cart under way; see [`cart`].
#[derive(Debug, Clone)]
pub struct Cart(Request);

/// An empty cart in USD, asked on Monday 2026-11-23 at 15:00 UTC, to San Francisco (94107).
#[must_use]
pub fn cart() -> Cart {
    Cart(Request {
        at: instant("2026-11-23T15:00:00Z"),
        currency: "USD".to_string(),
        destination: us_address("94107"),
        ..Request::default()
    })
}

impl Cart {
    /// Adds a line; its id is its place, counted from 1.
    #[must_use]
    pub fn line(mut self, item: Item) -> Self {
        let id = (self.0.lines.len() + 1).to_string();
        self.0.lines.push(Line { id, ..item.0 });
        self
    }

    /// Where it goes.
    #[must_use]
    pub fn to(mut self, destination: Address) -> Self {
        self.0.destination = destination;
        self
    }

    /// When the shopper asks, as an RFC 3339 timestamp in UTC.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn at(mut self, timestamp: &str) -> Self {
        self.0.at = instant(timestamp);
        self
    }

    /// The currency of all amounts, by its ISO 4217 code.
    #[must_use]
    pub fn currency(mut self, code: &str) -> Self {
        self.0.currency = code.to_string();
        self
    }

    /// Who buys.
    #[must_use]
    pub fn customer(mut self, customer: Customer) -> Self {
        self.0.customer = Some(customer);
        self
    }

    /// What a location has on its shelves, one figure for each line.
    #[must_use]
    pub fn stock(mut self, location: &str, available: &[u32]) -> Self {
        self.0.stock.push(LocationStock { location: location.to_string(), available: available.to_vec() });
        self
    }

    /// Where the order is placed: `web`, `app`, `pos`.
    #[must_use]
    pub fn channel(mut self, channel: &str) -> Self {
        self.0.channel = channel.to_string();
        self
    }

    /// One of the shop's marks on the cart: `gift`.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.0.tags.push(tag.to_string());
        self
    }

    /// The request that a plugin is called with.
    #[must_use]
    pub fn request(self) -> Request {
        self.0
    }
}

/// A residential address in the United States, known by its ZIP code.
#[must_use]
pub fn us_address(zip: &str) -> Address {
    Address { residential: Some(true), ..address("US", zip) }
}

/// An address of which only country (ISO 3166-1 alpha-2) and postal code are known, as on a product page.
#[must_use]
pub fn address(country: &str, postal_code: &str) -> Address {
    Address {
        country: country.to_string(),
        postal_code: (!postal_code.is_empty()).then(|| String::from(postal_code)),
        lines: Vec::new(),
        coordinates: None::<Coordinates>,
        ..Address::default()
    }
}
