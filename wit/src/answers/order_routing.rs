//! What an order-routing answer has to keep to.

use super::{LAST_DAY, breach, index_of};
use crate::order_routing::{Answer, Cost, CostKind, Disposition, Request, Shipment};
use crate::types::{Failure, LineUnits, MinorUnits};
use crate::validate::{LAST_INSTANT, MOST_MONEY};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

impl Answer {
    /// # Errors
    /// The first field, as a JSON pointer into the answer, that is not what the contract says of it: an index of nothing, units that
    /// are more or fewer than were ordered, a location that is not asked about, ships twice, or has less; costs that do not add up
    /// to the total, or a bound above it; a moment outside of the calendar.
    pub fn check(&self, request: &Request) -> Result<(), Failure> {
        let mut units = vec![0u64; request.lines.len()];
        let stock: BTreeMap<&str, usize> =
            request.locations.iter().enumerate().map(|(at, location)| (location.id.as_str(), at)).collect();
        let mut used = vec![false; request.locations.len()];
        let mut total = Some(0);
        for (index, shipment) in self.shipments.iter().enumerate() {
            let Some(&at) = stock.get(shipment.location.as_str()) else {
                let message = format!("{:?} is none of the request's locations", shipment.location);
                return Err(breach(format!("/shipments/{index}/location"), message));
            };
            if core::mem::replace(&mut used[at], true) {
                let message = format!("{:?} makes a shipment already; put both into one", shipment.location);
                return Err(breach(format!("/shipments/{index}/location"), message));
            }
            check_shipment(index, shipment, &request.locations[at].available, &mut units)?;
            total = add(total, &shipment.costs, &format!("/shipments/{index}/costs"), &OF_A_SHIPMENT)?;
        }
        for (at, left) in self.backordered.iter().enumerate() {
            count(&format!("/backordered/{at}"), *left, &mut units)?;
        }
        total = add(total, &self.costs, "/costs", &OF_AN_ORDER)?;
        if total != Some(self.total) {
            let sum = total.map_or_else(|| "more than 64 bits hold".into(), |sum| format!("{sum}"));
            let message = format!("the costs add up to {sum} and the total is {}; they are the same", self.total);
            return Err(breach("/total".into(), message));
        }
        if !(0..=self.total).contains(&self.bound) {
            let message =
                format!("{} is not between 0 and the total {}; no assignment costs less", self.bound, self.total);
            return Err(breach("/bound".into(), message));
        }
        for (at, comparison) in self.comparisons.iter().enumerate() {
            if comparison.total < 0 {
                let message = format!("{} is negative; give 0 or more minor units", comparison.total);
                return Err(breach(format!("/comparisons/{at}/total"), message));
            }
        }
        self.check_disposition(request, &units)
    }

    fn check_disposition(&self, request: &Request, units: &[u64]) -> Result<(), Failure> {
        if self.disposition == Disposition::Cancel {
            if !self.shipments.is_empty() {
                let message =
                    format!("an order that is given up makes no shipment; there are {}", self.shipments.len());
                return Err(breach("/shipments".into(), message));
            }
        } else {
            // Every unit that is shipped at all ships or waits.
            for (index, line) in request.lines.iter().enumerate() {
                let wanted = if line.physical { u64::from(line.quantity) } else { 0 };
                if units[index] != wanted {
                    let message = format!(
                        "line {index} has {} units in the answer; {wanted} were ordered to be shipped",
                        units[index]
                    );
                    return Err(breach("/shipments".into(), message));
                }
            }
        }
        if self.queue.is_some() != (self.disposition == Disposition::Hold) {
            let message = "a held order waits in a queue, and no other has one".into();
            return Err(breach("/queue".into(), message));
        }
        match self.cancel_at {
            Some(moment) if !(0..=LAST_INSTANT).contains(&moment) => {
                Err(breach("/cancelAt".into(), format!("{moment} s is out of range; give a moment from 1970 to 9999")))
            }
            _ => Ok(()),
        }
    }
}

const OF_A_SHIPMENT: [CostKind; 4] = [CostKind::Shipment, CostKind::Units, CostKind::Freight, CostKind::Late];
const OF_AN_ORDER: [CostKind; 3] = [CostKind::Split, CostKind::Spread, CostKind::Backorder];

fn check_shipment(index: usize, shipment: &Shipment, stock: &[u32], units: &mut [u64]) -> Result<(), Failure> {
    if shipment.lines.is_empty() {
        return Err(breach(
            format!("/shipments/{index}/lines"),
            "a shipment holds something; this one is empty".into(),
        ));
    }
    let mut here: Vec<u32> = Vec::with_capacity(shipment.lines.len());
    for (at, line) in shipment.lines.iter().enumerate() {
        let field = format!("/shipments/{index}/lines/{at}");
        count(&field, *line, units)?;
        let available = stock.get(line.line as usize).copied().unwrap_or(0);
        if line.quantity > available {
            let message = format!("{} units are shipped where {available} are available", line.quantity);
            return Err(breach(format!("{field}/quantity"), message));
        }
        here.push(line.line);
    }
    here.sort_unstable();
    if let Some([twice, _]) = here.windows(2).find(|two| two[0] == two[1]) {
        let message = format!("line {twice} stands in this shipment twice; add the units up");
        return Err(breach(format!("/shipments/{index}/lines"), message));
    }
    match shipment.arrives {
        Some(day) if !(0..=LAST_DAY).contains(&day) => {
            let message = format!("day {day} is out of range; give a day from 1970 to 9999");
            Err(breach(format!("/shipments/{index}/arrives"), message))
        }
        _ => Ok(()),
    }
}

fn count(field: &str, of: LineUnits, units: &mut [u64]) -> Result<(), Failure> {
    index_of(|| format!("{field}/line"), of.line, units.len(), "line")?;
    if of.quantity == 0 {
        return Err(breach(format!("{field}/quantity"), "0 units; leave the line out".into()));
    }
    units[of.line as usize] += u64::from(of.quantity);
    Ok(())
}

fn add(
    sum: Option<MinorUnits>,
    costs: &[Cost],
    field: &str,
    kinds: &[CostKind],
) -> Result<Option<MinorUnits>, Failure> {
    let mut sum = sum;
    for (at, cost) in costs.iter().enumerate() {
        if !(0..=MOST_MONEY).contains(&cost.amount) {
            let message = format!("{} is out of range; give 0 to {MOST_MONEY} minor units", cost.amount);
            return Err(breach(format!("{field}/{at}/amount"), message));
        }
        if !kinds.contains(&cost.kind) {
            let message = format!("{:?} does not stand here; {kinds:?} do", cost.kind);
            return Err(breach(format!("{field}/{at}/kind"), message));
        }
        sum = sum.and_then(|sum| sum.checked_add(cost.amount));
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order_routing::{Comparison, Location};
    use crate::types::Line;

    fn request() -> Request {
        let line = Line { quantity: 3, physical: true, ..Line::default() };
        let location = |id: &str| Location { id: id.into(), available: vec![2, 0], ..Location::default() };
        Request {
            lines: vec![line, Line { quantity: 1, ..Line::default() }],
            locations: vec![location("reno"), location("columbus")],
            ..Request::default()
        }
    }

    fn answer() -> Answer {
        let units = |quantity| LineUnits { line: 0, quantity };
        let shipment = Shipment {
            location: "reno".into(),
            lines: vec![units(2)],
            costs: vec![Cost { kind: CostKind::Shipment, amount: 500 }],
            ..Shipment::default()
        };
        Answer {
            shipments: vec![shipment],
            backordered: vec![units(1)],
            costs: vec![Cost { kind: CostKind::Backorder, amount: 100 }],
            total: 600,
            bound: 600,
            comparisons: vec![Comparison::default()],
            ..Answer::default()
        }
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Answer));

    #[test]
    fn every_breach_is_named_and_a_sound_answer_passes() {
        assert_eq!(answer().check(&request()), Ok(()));
        let breaches: [Breach; 18] = [
            ("/shipments/0/location", |a| a.shipments[0].location = "ohio".into()),
            ("/shipments/1/location", |a| a.shipments.push(a.shipments[0].clone())),
            ("/shipments/0/lines", |a| a.shipments[0].lines.clear()),
            ("/shipments/0/lines/0/line", |a| a.shipments[0].lines[0].line = 2),
            ("/shipments/0/lines/0/quantity", |a| a.shipments[0].lines[0].quantity = 3),
            ("/shipments/0/lines/0/quantity", |a| a.shipments[0].lines[0].quantity = 0),
            ("/shipments/0/lines", |a| a.shipments[0].lines = vec![LineUnits { line: 0, quantity: 1 }; 2]),
            ("/shipments", |a| a.shipments[0].lines[0].quantity = 1),
            ("/shipments/0/costs/0/amount", |a| a.shipments[0].costs[0].amount = -1),
            ("/shipments/0/costs/0/kind", |a| a.shipments[0].costs[0].kind = CostKind::Split),
            ("/shipments/0/arrives", |a| a.shipments[0].arrives = Some(-1)),
            ("/backordered/0/line", |a| a.backordered[0].line = 9),
            ("/costs/0/kind", |a| a.costs[0].kind = CostKind::Units),
            ("/total", |a| a.total = 601),
            ("/bound", |a| a.bound = 601),
            ("/comparisons/0/total", |a| a.comparisons[0].total = -1),
            ("/queue", |a| a.queue = Some("fraud".into())),
            ("/cancelAt", |a| a.cancel_at = Some(-1)),
        ];
        for (field, breach) in breaches {
            let mut answer = answer();
            breach(&mut answer);
            let failure = answer.check(&request()).expect_err(field);
            assert_eq!(failure.field.as_deref(), Some(field), "{failure}");
        }
    }

    #[test]
    fn an_order_that_is_given_up_ships_nothing_and_a_held_one_has_a_queue() {
        let cancelled = Answer { disposition: Disposition::Cancel, ..Answer::default() };
        assert_eq!(cancelled.check(&request()), Ok(()));
        let held = Answer { disposition: Disposition::Hold, queue: Some("backorder".into()), ..answer() };
        assert_eq!(held.check(&request()), Ok(()));
        let both = Answer { disposition: Disposition::Cancel, ..answer() };
        assert_eq!(both.check(&request()).unwrap_err().field.as_deref(), Some("/shipments"));
    }
}
