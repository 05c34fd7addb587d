//! What a product page or a cart asks before there is an order, and what it is told: the shopper's side of a shipping quote.
//!
//! The browser's estimator and `POST /v1/shops/{shop}/estimates` answer with these very types, so that both say the same. They never go
//! through the sandbox by themselves: a [`Question`] becomes a [`shipping_quote::Request`], and of a [`shipping_quote::Answer`] an [`Estimate`]
//! keeps what a shopper may know: no charges that would show a margin, no instants that only the warehouse needs.
//!
//! What this module must not know: bundles, browsers.

use crate::shipping_quote::{self, Method};
use crate::types::{
    Address, Coordinates, CountryCode, CurrencyCode, Customer, Day, Grams, Instant, Line, LocationStock, MinorUnits,
    Reason, SubdivisionCode,
};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

/// What a product page or a cart asks.
#[contract(wire)]
pub struct Question {
    /// The moment that the estimate is for. JSON may leave it out: then it is now.
    #[contract(default)]
    pub at: Instant,
    pub destination: Destination,
    pub lines: Vec<Line>,
    /// Units that each location has of each line. Empty when nobody knows: then every location is taken to have everything.
    #[contract(default)]
    pub stock: Vec<LocationStock>,
    /// The groups the shop puts this customer in: `wholesale`, `vip`.
    #[contract(default)]
    pub customer_tags: Vec<String>,
    /// The shop's marks on this cart: `gift`, `subscription`.
    #[contract(default)]
    pub tags: Vec<String>,
}

/// Where the goods would go, as far as a shopper says it before checkout. Never a street or a name.
#[contract(wire)]
pub struct Destination {
    pub country: CountryCode,
    pub subdivision: Option<SubdivisionCode>,
    /// With or without the spaces and hyphens that the country uses.
    pub postal_code: Option<String>,
    /// True for a home, false for a business; absent when nobody knows.
    pub residential: Option<bool>,
    pub coordinates: Option<Coordinates>,
}

/// One way in which the goods can arrive.
#[contract(wire)]
pub struct ShippingOption {
    /// The service, as the settings call it.
    pub service: String,
    /// What the shopper reads.
    pub name: String,
    pub carrier: String,
    pub method: Method,
    /// What the shopper pays, tax not included, in minor units. Never negative.
    pub price: MinorUnits,
    /// The first day on which the goods may arrive, in the destination's calendar; absent when no date is promised.
    pub earliest: Option<Day>,
    /// The last one.
    pub latest: Option<Day>,
    /// The cut-off: orders from this moment on get other days.
    pub order_by: Option<Instant>,
    /// Seconds from `at` to `orderBy`; 0 when it is too late.
    pub order_within: Option<i64>,
    /// What is still missing in the cart until this option is free, in minor units; 0 when a threshold made it free.
    pub until_free: Option<MinorUnits>,
    /// Greenhouse gas from door to door, in grams of CO2 equivalent.
    pub emissions: Option<Grams>,
    /// Where a shopper collects it, with `pickUp`.
    pub location: Option<String>,
    /// In how many parcels it comes.
    pub parcels: u32,
    /// True when the merchant's backup service answers because no other could.
    pub backup: bool,
}

/// The options, best first, and why others are missing.
#[contract(wire)]
pub struct Estimate {
    /// The moment for which it holds.
    pub at: Instant,
    /// Of all prices.
    pub currency: CurrencyCode,
    pub options: Vec<ShippingOption>,
    pub reasons: Vec<Reason>,
}

impl Question {
    /// The same as a checkout asks it.
    #[must_use]
    pub fn into_request(self, currency: CurrencyCode) -> shipping_quote::Request {
        let Self { at, destination, lines, stock, customer_tags, tags } = self;
        let Destination { country, subdivision, postal_code, residential, coordinates } = destination;
        let customer = (!customer_tags.is_empty()).then(|| Customer { tags: customer_tags, ..Customer::default() });
        let destination = Address { country, subdivision, postal_code, residential, coordinates, ..Address::default() };
        shipping_quote::Request { at, currency, destination, lines, customer, stock, channel: String::new(), tags }
    }
}

impl Estimate {
    /// What a shopper may know of a quote for this moment.
    #[must_use]
    pub fn of(answer: shipping_quote::Answer, at: Instant, currency: CurrencyCode) -> Self {
        let option = |quote: shipping_quote::Quote| ShippingOption {
            service: quote.service,
            name: quote.name,
            carrier: quote.carrier,
            method: quote.method,
            price: quote.price,
            earliest: quote.promise.map(|promise| promise.earliest),
            latest: quote.promise.map(|promise| promise.latest),
            order_by: quote.promise.map(|promise| promise.order_by),
            order_within: quote.promise.map(|promise| promise.order_by.saturating_sub(at).max(0)),
            until_free: quote.until_free,
            emissions: quote.emissions,
            location: quote.location,
            parcels: quote.parcels.len() as u32,
            backup: quote.backup,
        };
        Self { at, currency, options: answer.quotes.into_iter().map(option).collect(), reasons: answer.reasons }
    }
}
