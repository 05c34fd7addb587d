//! A merchant's routing policy, ready for any order: what locations cost and may ship, what splits are worth, the rules in their
//! order, the carriers' services.
//!
//! What this module must not know: how settings are written, orders.

use super::solve::Effort;
use crate::calendar::Calendar;
use crate::geo::Position;
use crate::rate::{self, BillingStep, ZoneTable};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::order_routing::Location;
use cartwright_contract::order_routing::LocationKind;

/// Which way of routing decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The least total cost.
    #[default]
    Optimal,
    /// Locations in the order of their ranks, each ships what it has.
    Ranked,
}

/// What is bad about a routing, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Penalties {
    /// For each shipment after the first.
    pub split: i64,
    /// For each location after the first that ships some of one line.
    pub spread: i64,
    /// For each unit that nobody ships: so much, and this share of its price in millionths.
    pub backorder: i64,
    pub backorder_share: i64,
    /// For each shipment that arrives after the promised day: once, and for each day.
    pub late: i64,
    pub late_day: i64,
}

/// What is to become of units that nobody can ship.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Incomplete {
    /// The rest of the order ships.
    #[default]
    Partial,
    /// The order waits in this queue until all of it can ship.
    Hold(String),
    /// The order is given up.
    Cancel,
}

/// Locations by any of these; empty names all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    pub locations: Vec<String>,
    pub groups: Vec<String>,
    pub kinds: Vec<LocationKind>,
    pub countries: Vec<String>,
}

/// What a location costs and may do beyond what the request says; several add up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    pub who: Selector,
    /// A shipment, whatever is in it.
    pub shipment: i64,
    /// A unit picked.
    pub pick: i64,
    /// A unit's worth to other orders.
    pub opportunity: i64,
    /// Units of every line that are kept back.
    pub buffer: u32,
    /// The smaller the earlier, in ranked mode.
    pub rank: Option<u32>,
    /// Orders that may be routed here in a day.
    pub orders_a_day: Option<u32>,
    /// Only lines with one of these tags, when there are any.
    pub only: Vec<String>,
    /// No lines with any of these tags.
    pub never: Vec<String>,
    /// Whether dangerous goods may leave from here.
    pub hazardous: Option<bool>,
}

/// Orders that a rule is about; what is empty or `None` asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    pub countries: Vec<String>,
    pub channels: Vec<String>,
    pub tags: Vec<String>,
    pub line_tags: Vec<String>,
    pub customer_tags: Vec<String>,
    /// The goods after discounts, in minor units, both included.
    pub value_from: Option<i64>,
    pub value_to: Option<i64>,
    pub hazardous: Option<bool>,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Only these locations stay.
    Include(Selector),
    /// These locations go.
    Exclude(Selector),
    /// Locations farther than so many metres go; one whose distance is not known stays.
    Within(u32),
    /// The first ranks that together have the whole order; without such, all of them.
    Ranks(Vec<Selector>),
    /// Locations that had so many orders today go.
    OrdersADay(u32),
    /// No shipment with goods worth less, unless it is the only one.
    LeastShipmentValue(i64),
    /// At most so many shipments.
    Shipments(u32),
    /// What becomes of an order of which not all can ship.
    Incomplete(Incomplete),
    /// The order waits for a person.
    Hold { queue: String },
    /// The order is given up.
    Cancel,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub when: When,
    pub action: Action,
}

/// A carrier's service.
#[derive(Debug, Clone)]
pub struct Service {
    pub id: String,
    /// One for all origins: by distance, country or postal code of the destination.
    pub zones: ZoneTable,
    pub rate: rate::Service,
    /// Heavier shipments go as several parcels, at most [`MOST_PARCELS`].
    pub heaviest_parcel: u64,
    /// What weight breaks count.
    pub unit: BillingStep,
    /// By zone the weight breaks, ascending, up to which a price holds.
    pub breaks: Vec<Vec<u32>>,
    /// Beyond the last break a price holds for so many units each; `None` when nothing is carried beyond.
    pub step: Option<u32>,
    /// Working days on the way, by zone; `None` where nobody knows.
    pub transit: Vec<Option<u16>>,
    /// Who may use it.
    pub from: Selector,
}

/// Parcels of one shipment.
pub const MOST_PARCELS: u64 = 20;

/// A whole policy.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Orders in another currency are not routed; empty takes all.
    pub currency: String,
    pub mode: Mode,
    pub penalties: Penalties,
    pub terms: Vec<Terms>,
    pub rules: Vec<Rule>,
    pub services: Vec<Service>,
    /// Where locations lie that come without coordinates.
    pub places: BTreeMap<String, Position>,
    /// Working days of a shipment before the carrier has it.
    pub handling: u32,
    pub calendar: Option<Calendar>,
    /// Held and backordered orders are given up so many seconds after they were placed.
    pub cancel_after: Option<i64>,
    pub effort: Option<Effort>,
}

impl Selector {
    /// Whether it names all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.locations.is_empty() && self.groups.is_empty() && self.kinds.is_empty() && self.countries.is_empty()
    }

    #[must_use]
    pub fn names(&self, location: &Location) -> bool {
        self.is_empty()
            || self.locations.contains(&location.id)
            || self.kinds.contains(&location.kind)
            || self.countries.contains(&location.country)
            || location.groups.iter().any(|group| self.groups.contains(group))
    }
}

impl Policy {
    /// What a shop without a policy of its own is routed by: a split costs 4.00, spreading a line 1.00, a unit that nobody ships
    /// 10.00 and its price, a late shipment 5.00 and 1.00 a day, all in hundred minor units to the one; costs as the request has
    /// them.
    #[must_use]
    pub fn fallback() -> Self {
        let penalties = Penalties {
            split: 400,
            spread: 100,
            backorder: 1_000,
            backorder_share: 1_000_000,
            late: 500,
            late_day: 100,
        };
        Self { penalties, ..Self::default() }
    }
}
