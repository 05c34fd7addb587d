//! Which shipping options a shopper is offered, at what price and for which date: `shipping-quote.wit`.

use crate::types::{
    Address, CurrencyCode, Customer, Day, Dimensions, Grams, Instant, Line, LineUnits, LocationStock, Millimetres,
    MinorUnits, Reason,
};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

/// The interface, as a component exports it.
pub const INTERFACE: &str = "cartwright:plugin/shipping-quote@1.0.0";

/// A cart that asks for shipping options.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = ShippingQuoteRequest))]
pub struct Request {
    /// When the shopper asks. JSON may leave it out ([`crate::types::ON_ARRIVAL`]): then it is when the platform's host reads it.
    #[contract(default)]
    pub at: Instant,
    pub currency: CurrencyCode,
    pub destination: Address,
    pub lines: Vec<Line>,
    pub customer: Option<Customer>,
    /// Empty when the platform does not know: then every location is taken to have everything.
    #[contract(default)]
    pub stock: Vec<LocationStock>,
    /// Where the order is placed: `web`, `app`, `pos`; empty when there is only one.
    #[contract(default)]
    pub channel: String,
    /// The shop's marks on this cart: `gift`, `subscription`.
    #[contract(default)]
    pub tags: Vec<String>,
}

#[contract(wire)]
#[cfg_attr(feature = "openapi", schema(as = ShippingQuoteMethod))]
pub enum Method {
    /// Carried to the destination.
    Ship,
    /// Collected by the shopper at the quote's location.
    PickUp,
}

#[contract]
pub enum ChargeKind {
    /// What the rate table says.
    Freight,
    /// What is added for a property of the parcel, the order or the destination.
    Surcharge,
    /// What lifts the price to the service's minimum.
    Minimum,
    /// The merchant's margin.
    Markup,
    /// What a threshold or promotion takes off; negative.
    Discount,
    /// What makes the price end as the merchant wants.
    Rounding,
}

/// One step from nothing to the price.
#[contract]
pub struct Charge {
    pub kind: ChargeKind,
    /// Stable name: `FUEL`, `RESIDENTIAL`.
    pub code: String,
    /// In minor units.
    pub amount: MinorUnits,
}

/// When the goods arrive, counted in the destination's calendar days.
#[contract]
#[derive(Copy)]
pub struct Promise {
    pub earliest: Day,
    pub latest: Day,
    /// The last moment at which the parcels must be handed to the carrier.
    pub ship_by: Instant,
    /// The last moment at which an order still gets this promise.
    pub order_by: Instant,
}

/// Where one unit lies in its box: the corner nearest the origin, and its sides as turned, in millimetres.
#[contract]
#[derive(Copy)]
pub struct Placement {
    /// Index into the request's `lines`.
    pub line: u32,
    pub x: Millimetres,
    pub y: Millimetres,
    pub z: Millimetres,
    pub size: Dimensions,
}

#[contract]
pub struct Parcel {
    /// The location that ships it.
    pub location: String,
    /// The box, as the settings call it; empty for an item that travels as it is.
    pub packaging: String,
    /// Outside, in millimetres.
    pub size: Dimensions,
    /// Goods and packaging, in grams.
    pub weight: Grams,
    /// Empty when an item's size is not known.
    pub placements: Vec<Placement>,
    /// What is in it, whether or not its place is known.
    pub contents: Vec<LineUnits>,
}

/// One option that the shopper may choose.
#[contract]
pub struct Quote {
    /// The service, as the settings call it.
    pub service: String,
    /// What the shopper reads.
    pub name: String,
    pub carrier: String,
    pub method: Method,
    /// What the shopper pays, tax not included, in minor units. Never negative.
    pub price: MinorUnits,
    /// Adds up to `price`.
    pub charges: Vec<Charge>,
    /// What the carrier bills for: the larger of weight and dimensional weight, over all parcels, in grams.
    pub billable_weight: Grams,
    pub promise: Option<Promise>,
    /// Indexes into the answer's `parcels`.
    pub parcels: Vec<u32>,
    /// Where a shopper collects it, with `PickUp`.
    pub location: Option<String>,
    /// What is still missing in the cart until this service is free, in minor units.
    pub until_free: Option<MinorUnits>,
    /// Greenhouse gas from door to door, in grams of CO2 equivalent.
    pub emissions: Option<Grams>,
    /// True when the merchant's backup service answers because no other could.
    pub backup: bool,
    pub reasons: Vec<Reason>,
}

/// The options, best first, and why others are missing.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = ShippingQuoteAnswer))]
pub struct Answer {
    /// In the order in which the shopper should see them.
    pub quotes: Vec<Quote>,
    /// All parcels that some quote refers to, each once.
    pub parcels: Vec<Parcel>,
    /// Why services are missing, or why there are none.
    pub reasons: Vec<Reason>,
}
