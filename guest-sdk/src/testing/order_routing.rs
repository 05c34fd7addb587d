//! Orders and locations with sensible values where a test says nothing. Knows no plugin.

use super::builders::{Item, us_address};
use super::time::{day, instant};
use crate::order_routing::{Answer, LineConstraint, Location, LocationKind, Request, Shipment};
use cartwright_contract::types::{Address, Coordinates, Line};
use std::string::ToString;
use std::vec::Vec;

/// An order under way; see [`order`].
#[derive(Debug, Clone)]
pub struct Order(Request);

/// An empty order in USD, asked on Monday 2026-11-23 at 15:00 UTC, to San Francisco (94107); what nobody has may wait.
#[must_use]
pub fn order() -> Order {
    let mut request = Request {
        at: instant("2026-11-23T15:00:00Z"),
        order: "1001".to_string(),
        currency: "USD".to_string(),
        destination: us_address("94107"),
        ..Request::default()
    };
    request.constraints.backorder = true;
    Order(request)
}

impl Order {
    /// Adds a line; its id is its place, counted from 1.
    #[must_use]
    pub fn line(mut self, item: Item) -> Self {
        let id = (self.0.lines.len() + 1).to_string();
        self.0.lines.push(Line { id, ..item.line() });
        self
    }

    /// Adds a location.
    #[must_use]
    pub fn from(mut self, place: Place) -> Self {
        self.0.locations.push(place.0);
        self
    }

    /// Where it goes.
    #[must_use]
    pub fn to(mut self, destination: Address) -> Self {
        self.0.destination = destination;
        self
    }

    /// When the order is routed, as an RFC 3339 timestamp in UTC.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn at(mut self, timestamp: &str) -> Self {
        self.0.at = instant(timestamp);
        self
    }

    /// When it was placed, as an RFC 3339 timestamp in UTC.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn placed(mut self, timestamp: &str) -> Self {
        self.0.placed = Some(instant(timestamp));
        self
    }

    /// The latest day that was promised: `2026-11-30`.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn promised(mut self, date: &str) -> Self {
        self.0.constraints.promised = Some(day(date));
        self
    }

    /// Lines, counted from 0, that must leave together.
    #[must_use]
    pub fn together(mut self, lines: &[u32]) -> Self {
        self.0.constraints.together.push(lines.to_vec());
        self
    }

    /// A line, counted from 0, that only these locations may ship.
    #[must_use]
    pub fn only(mut self, line: u32, locations: &[&str]) -> Self {
        let only = locations.iter().map(ToString::to_string).collect();
        self.0.constraints.lines.push(LineConstraint { line, only, never: Vec::new() });
        self
    }

    /// At most so many shipments.
    #[must_use]
    pub fn shipments(mut self, most: u32) -> Self {
        self.0.constraints.maximum_shipments = Some(most);
        self
    }

    /// What nobody has is cancelled instead of waiting.
    #[must_use]
    pub fn no_backorder(mut self) -> Self {
        self.0.constraints.backorder = false;
        self
    }

    /// One of the shop's marks on the order: `gift`.
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

/// A location under way; see [`warehouse`].
#[derive(Debug, Clone)]
pub struct Place(Location);

/// A warehouse in the United States with so many units of each line.
#[must_use]
pub fn warehouse(id: &str, available: &[u32]) -> Place {
    let kind = LocationKind::Warehouse;
    Place(Location {
        id: id.to_string(),
        kind,
        country: "US".to_string(),
        available: available.to_vec(),
        ..Location::default()
    })
}

impl Place {
    /// What kind of location it is.
    #[must_use]
    pub fn kind(mut self, kind: LocationKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Where it lies, in millionths of a degree.
    #[must_use]
    pub fn at(mut self, latitude: i32, longitude: i32) -> Self {
        self.0.coordinates = Some(Coordinates { latitude, longitude });
        self
    }

    /// One of the groups the merchant puts it in.
    #[must_use]
    pub fn group(mut self, group: &str) -> Self {
        self.0.groups.push(group.to_string());
        self
    }

    /// What each shipment and a unit of each line cost, in minor units.
    #[must_use]
    pub fn costs(mut self, shipment: i64, units: &[i64]) -> Self {
        self.0.shipment_cost = shipment;
        self.0.unit_costs = units.to_vec();
        self
    }

    /// Units that it can still pick today.
    #[must_use]
    pub fn unit_capacity(mut self, units: u32) -> Self {
        self.0.unit_capacity = Some(units);
        self
    }

    /// When a parcel from here arrives: `2026-11-30`.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn arrives(mut self, date: &str) -> Self {
        self.0.arrives = Some(day(date));
        self
    }
}

/// The shipment of this location.
///
/// # Panics
/// When there is none; the message lists the locations that ship, and the reasons.
#[track_caller]
pub fn shipment<'a>(answer: &'a Answer, location: &str) -> &'a Shipment {
    answer.shipments.iter().find(|shipment| shipment.location == location).unwrap_or_else(|| {
        let all: Vec<_> = answer.shipments.iter().map(|shipment| shipment.location.as_str()).collect();
        panic!("no shipment from {location:?}; there are {all:?}, with the reasons {:?}", answer.reasons)
    })
}
