//! Which fulfilment location ships which unit of an order: `order-routing.wit`.

use crate::types::{
    Address, Coordinates, CountryCode, CurrencyCode, Customer, Day, Instant, Line, LineUnits, MinorUnits, Reason,
    SubdivisionCode,
};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

/// The interface, as a component exports it.
pub const INTERFACE: &str = "cartwright:plugin/order-routing@1.0.0";

#[contract]
pub enum LocationKind {
    Warehouse,
    ThirdPartyLogistics,
    Dropship,
    Store,
    MicroFulfilment,
    Marketplace,
}

/// A place that could ship.
#[contract]
pub struct Location {
    /// Unique within the request.
    pub id: String,
    #[contract(default)]
    pub kind: LocationKind,
    pub country: CountryCode,
    pub subdivision: Option<SubdivisionCode>,
    pub coordinates: Option<Coordinates>,
    /// The groups the merchant puts its locations in.
    #[contract(default)]
    pub groups: Vec<String>,
    /// Units that may be sold, one figure for each line, in the order of `lines`.
    #[contract(default)]
    pub available: Vec<u32>,
    /// What one unit costs from here (pick fee, freight, supplier, opportunity), one figure for each line; empty when the
    /// platform knows none.
    #[contract(default)]
    pub unit_costs: Vec<MinorUnits>,
    /// What each shipment from here costs whatever is in it.
    #[contract(default)]
    pub shipment_cost: MinorUnits,
    /// Shipments that this location can still make today; absent when unlimited.
    pub capacity: Option<u32>,
    /// Units that this location can still pick today; absent when unlimited.
    pub unit_capacity: Option<u32>,
    /// Orders that were routed here today, for the merchant's limits on them.
    #[contract(default)]
    pub orders_today: u32,
    /// When a parcel from here would arrive; absent when nobody knows.
    pub arrives: Option<Day>,
}

/// Where one line may be shipped from.
#[contract]
pub struct LineConstraint {
    /// Index into `lines`.
    pub line: u32,
    /// Locations that may ship it, by id; empty means any.
    #[contract(default)]
    pub only: Vec<String>,
    /// Locations that must not, by id.
    #[contract(default)]
    pub never: Vec<String>,
}

/// What the order asks beyond its lines.
#[contract]
pub struct Constraints {
    /// At most so many shipments, 1 or more.
    pub maximum_shipments: Option<u32>,
    /// Lines that must leave from one location in one shipment, each group by indexes into `lines`.
    #[contract(default)]
    pub together: Vec<Vec<u32>>,
    #[contract(default)]
    pub lines: Vec<LineConstraint>,
    /// The latest day that was promised to the shopper.
    pub promised: Option<Day>,
    /// Whether units that nobody has may wait; otherwise they are cancelled.
    #[contract(default)]
    pub backorder: bool,
}

/// What the hook is asked.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = OrderRoutingRequest))]
pub struct Request {
    #[contract(default)]
    pub at: Instant,
    pub order: String,
    /// When the order was placed.
    pub placed: Option<Instant>,
    pub currency: CurrencyCode,
    pub destination: Address,
    pub lines: Vec<Line>,
    pub customer: Option<Customer>,
    pub locations: Vec<Location>,
    #[contract(default)]
    pub constraints: Constraints,
    /// The service that the shopper chose; empty when none.
    #[contract(default)]
    pub service: String,
    #[contract(default)]
    pub channel: String,
    #[contract(default)]
    pub tags: Vec<String>,
}

#[contract]
pub enum CostKind {
    /// What a shipment costs whatever is in it.
    Shipment,
    /// What its units cost: pick fees, supplier, opportunity.
    Units,
    /// What a carrier bills by weight and zone.
    Freight,
    /// The penalty for a shipment after the first.
    Split,
    /// The penalty for each further location that a single line is spread over.
    Spread,
    /// The penalty for units that nobody ships.
    Backorder,
    /// The penalty for arriving after the day that was promised.
    Late,
}

#[contract]
pub struct Cost {
    pub kind: CostKind,
    pub amount: MinorUnits,
}

#[contract]
pub struct Shipment {
    /// The location's id.
    pub location: String,
    pub lines: Vec<LineUnits>,
    /// What this shipment costs by itself.
    pub costs: Vec<Cost>,
    /// The service that carries it, as the plugin's settings call it.
    pub service: Option<String>,
    pub arrives: Option<Day>,
}

#[contract]
#[cfg_attr(feature = "openapi", schema(as = OrderRoutingDisposition))]
pub enum Disposition {
    /// Ship as said.
    Release,
    /// Wait for a person or a moment.
    Hold,
    /// Give the order up.
    Cancel,
}

/// What another way of routing would have cost.
#[contract]
pub struct Comparison {
    /// `ranked-rule`, `nearest-first`, `fewest-splits`, `optimal`.
    pub rule: String,
    pub total: MinorUnits,
    pub shipments: u32,
    /// Units that it would not have shipped.
    pub backordered: u32,
}

/// What the hook answers.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = OrderRoutingAnswer))]
pub struct Answer {
    pub disposition: Disposition,
    /// The queue that a held order waits in.
    pub queue: Option<String>,
    /// When a held order is given up unless somebody releases it.
    pub cancel_at: Option<Instant>,
    pub shipments: Vec<Shipment>,
    /// Units that nobody ships now.
    pub backordered: Vec<LineUnits>,
    /// What belongs to no single shipment: split, spread, backorder.
    pub costs: Vec<Cost>,
    /// All costs, those of the shipments and those of the order.
    pub total: MinorUnits,
    /// No assignment costs less than this; equal to `total` when the answer is proven the cheapest.
    pub bound: MinorUnits,
    pub comparisons: Vec<Comparison>,
    pub reasons: Vec<Reason>,
}
