//! Ranges of an order-routing request.

use super::{
    MOST_MONEY, Validate, address, code, coordinates_in_range, customer, failure, figures, instant, lines, name, names,
    out_of_range, shortened,
};
use crate::answers::LAST_DAY;
use crate::order_routing::{Constraints, Location, Request};
use crate::types::{Day, Failure, MinorUnits};
use alloc::collections::BTreeMap;
use alloc::format;
use core::fmt::Display;

/// Locations of one request.
pub const MOST_LOCATIONS: usize = 10_000;
/// Units of one line at one location.
pub const MOST_STOCK: u32 = 1_000_000_000;

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        if let Some(placed) = self.placed {
            instant("/placed", placed)?;
            if placed > self.at {
                let value = format!("{placed} s, after `at` ({} s),", self.at);
                return Err(out_of_range("/placed", value, "the moment at which the order was placed"));
            }
        }
        code("/currency", &self.currency, 3, "an ISO 4217 code such as \"USD\"")?;
        address("/destination", &self.destination)?;
        lines(&self.lines)?;
        locations(&self.locations, self.lines.len())?;
        constraints(&self.constraints, self.lines.len())?;
        name("/order", &self.order, false)?;
        name("/service", &self.service, true)?;
        name("/channel", &self.channel, true)?;
        names("/tags", &self.tags)?;
        customer(self.customer.as_ref())
    }
}

fn locations(locations: &[Location], lines: usize) -> Result<(), Failure> {
    if locations.len() > MOST_LOCATIONS {
        let value = format!("{} locations", locations.len());
        return Err(out_of_range("/locations", value, "at most 10000; leave out those that cannot ship"));
    }
    let mut seen = BTreeMap::new();
    for (index, location) in locations.iter().enumerate() {
        one_location(index, location, lines)?;
        if let Some(first) = seen.insert(location.id.as_str(), index) {
            let message =
                format!("{:?} is already the id of location {first}; ids are unique", shortened(&location.id));
            return Err(failure("DUPLICATE_ID", format_args!("/locations/{index}/id"), message));
        }
    }
    Ok(())
}

fn one_location(index: usize, location: &Location, lines: usize) -> Result<(), Failure> {
    name(format_args!("/locations/{index}/id"), &location.id, false)?;
    code(
        format_args!("/locations/{index}/country"),
        &location.country,
        2,
        "an ISO 3166-1 alpha-2 code such as \"US\"",
    )?;
    if let Some(subdivision) = &location.subdivision {
        name(format_args!("/locations/{index}/subdivision"), subdivision, true)?;
    }
    if let Some(coordinates) = location.coordinates {
        coordinates_in_range(format_args!("/locations/{index}/coordinates"), coordinates)?;
    }
    names(format_args!("/locations/{index}/groups"), &location.groups)?;
    figures(format_args!("/locations/{index}/available"), location.available.len(), lines)?;
    if let Some(line) = location.available.iter().position(|available| *available > MOST_STOCK) {
        let field = format_args!("/locations/{index}/available/{line}");
        return Err(out_of_range(field, location.available[line], "0 to 1000000000 units"));
    }
    if !location.unit_costs.is_empty() {
        figures(format_args!("/locations/{index}/unitCosts"), location.unit_costs.len(), lines)?;
    }
    for (line, cost) in location.unit_costs.iter().enumerate() {
        money(format_args!("/locations/{index}/unitCosts/{line}"), *cost)?;
    }
    money(format_args!("/locations/{index}/shipmentCost"), location.shipment_cost)?;
    location.arrives.map_or(Ok(()), |arrives| day(format_args!("/locations/{index}/arrives"), arrives))
}

fn constraints(constraints: &Constraints, lines: usize) -> Result<(), Failure> {
    if constraints.maximum_shipments == Some(0) {
        let right = "1 or more; leave it out when there is no limit";
        return Err(out_of_range("/constraints/maximumShipments", 0, right));
    }
    for (index, group) in constraints.together.iter().enumerate() {
        if group.len() > lines {
            let value = format!("{} lines", group.len());
            return Err(out_of_range(format_args!("/constraints/together/{index}"), value, "each line at most once"));
        }
        for (at, line) in group.iter().enumerate() {
            line_index(format_args!("/constraints/together/{index}/{at}"), *line, lines)?;
        }
    }
    if constraints.lines.len() > lines {
        let value = format!("{} entries for {lines} lines", constraints.lines.len());
        return Err(out_of_range("/constraints/lines", value, "one entry for each line at most"));
    }
    let mut seen = BTreeMap::new();
    for (index, constraint) in constraints.lines.iter().enumerate() {
        line_index(format_args!("/constraints/lines/{index}/line"), constraint.line, lines)?;
        if let Some(first) = seen.insert(constraint.line, index) {
            let message = format!("line {} has entry {first} already; put both into one", constraint.line);
            return Err(failure("DUPLICATE_LINE", format_args!("/constraints/lines/{index}/line"), message));
        }
        for (key, ids) in [("only", &constraint.only), ("never", &constraint.never)] {
            for (at, id) in ids.iter().enumerate() {
                name(format_args!("/constraints/lines/{index}/{key}/{at}"), id, false)?;
            }
        }
    }
    constraints.promised.map_or(Ok(()), |promised| day("/constraints/promised", promised))
}

fn line_index(field: impl Display, line: u32, lines: usize) -> Result<(), Failure> {
    if (line as usize) < lines {
        return Ok(());
    }
    Err(out_of_range(field, line, &format!("the index of one of the {lines} lines, counted from 0")))
}

fn money(field: impl Display, amount: MinorUnits) -> Result<(), Failure> {
    if (0..=MOST_MONEY).contains(&amount) {
        return Ok(());
    }
    Err(out_of_range(field, amount, "0 to 100000000000000 minor units"))
}

fn day(field: impl Display, day: Day) -> Result<(), Failure> {
    if (0..=LAST_DAY).contains(&day) {
        return Ok(());
    }
    Err(out_of_range(field, format!("day {day}"), "a day from 1970 to 9999"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order_routing::LineConstraint;
    use crate::types::{Address, Coordinates, Line};
    use alloc::vec;

    fn order() -> Request {
        let line =
            Line { id: "1".into(), quantity: 1, weight: 100, unit_price: 500, physical: true, ..Line::default() };
        let location = Location {
            id: "reno".into(),
            country: "US".into(),
            available: vec![3],
            unit_costs: vec![100],
            ..Location::default()
        };
        Request {
            at: 100,
            order: "1".into(),
            currency: "USD".into(),
            destination: Address { country: "US".into(), ..Address::default() },
            lines: vec![line],
            locations: vec![location],
            ..Request::default()
        }
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Request));

    #[test]
    fn every_range_is_kept_and_a_plain_order_passes() {
        assert_eq!(order().validate(), Ok(()));
        let breaches: [Breach; 21] = [
            ("/placed", |o| o.placed = Some(101)),
            ("/placed", |o| o.placed = Some(-1)),
            ("/order", |o| o.order.clear()),
            ("/lines", |o| o.lines.clear()),
            ("/locations", |o| o.locations = vec![Location::default(); MOST_LOCATIONS + 1]),
            ("/locations/0/id", |o| o.locations[0].id.clear()),
            ("/locations/1/id", |o| o.locations.push(o.locations[0].clone())),
            ("/locations/0/country", |o| o.locations[0].country = "usa".into()),
            ("/locations/0/coordinates/latitude", |o| {
                o.locations[0].coordinates = Some(Coordinates { latitude: 90_000_001, longitude: 0 });
            }),
            ("/locations/0/available", |o| o.locations[0].available.clear()),
            ("/locations/0/available/0", |o| o.locations[0].available[0] = MOST_STOCK + 1),
            ("/locations/0/unitCosts", |o| o.locations[0].unit_costs.push(1)),
            ("/locations/0/unitCosts/0", |o| o.locations[0].unit_costs[0] = -1),
            ("/locations/0/shipmentCost", |o| o.locations[0].shipment_cost = MinorUnits::MAX),
            ("/locations/0/arrives", |o| o.locations[0].arrives = Some(LAST_DAY + 1)),
            ("/constraints/maximumShipments", |o| o.constraints.maximum_shipments = Some(0)),
            ("/constraints/together/0/0", |o| o.constraints.together = vec![vec![1]]),
            ("/constraints/lines/0/line", |o| {
                o.constraints.lines = vec![LineConstraint { line: 9, ..LineConstraint::default() }];
            }),
            ("/constraints/lines", |o| o.constraints.lines = vec![LineConstraint::default(); 2]),
            ("/constraints/lines/0/only/0", |o| {
                o.constraints.lines =
                    vec![LineConstraint { only: vec![alloc::string::String::new()], ..LineConstraint::default() }];
            }),
            ("/constraints/promised", |o| o.constraints.promised = Some(-1)),
        ];
        for (field, breach) in breaches {
            let mut request = order();
            breach(&mut request);
            let failure = request.validate().expect_err(field);
            assert_eq!(failure.field.as_deref(), Some(field), "{failure}");
        }
    }

    #[test]
    fn a_breach_says_what_would_be_right() {
        let mut request = order();
        request.locations[0].unit_costs[0] = -5;
        let failure = request.validate().unwrap_err();
        assert_eq!(failure.message, "-5 is out of range; give 0 to 100000000000000 minor units");
    }
}
