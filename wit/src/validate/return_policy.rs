//! Ranges of a return-policy request: figures, dates in their order, no more back than was bought, no more refunded than was paid.

use super::{
    LAST_INSTANT, MOST_LINES, MOST_MONEY, Validate, address, code, coordinates_in_range, customer, failure, figures,
    instant, name, names, one_line, out_of_range, shortened,
};
use crate::return_policy::{Condition, Destination, Grade, Remedy, Request, RequestedReturn, RmaStatus};
use crate::types::{Failure, Instant, MinorUnits};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec;
use core::fmt::Display;

/// Requested returns of one request: their decisions fit the answer's limit.
pub const MOST_RETURNS: usize = 1_000;
/// Destinations of one request.
pub const MOST_DESTINATIONS: usize = 1_000;

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        instant("/ordered", self.ordered)?;
        not_before("/at", self.at, self.ordered, "the order was placed")?;
        code("/currency", &self.currency, 3, "an ISO 4217 code such as \"USD\"")?;
        address("/origin", &self.origin)?;
        name("/order", &self.order, false)?;
        name("/channel", &self.channel, true)?;
        names("/tags", &self.tags)?;
        customer(self.customer.as_ref())?;
        money("/shippingPaid", self.shipping_paid)?;
        at_most_paid("/shippingRefunded", self.shipping_refunded, self.shipping_paid, "shipping")?;
        delivered_lines(self)?;
        destinations(self)?;
        returns(self)
    }
}

fn money(field: impl Display, amount: MinorUnits) -> Result<(), Failure> {
    if (0..=MOST_MONEY).contains(&amount) {
        return Ok(());
    }
    Err(out_of_range(field, amount, "0 to 100000000000000 minor units"))
}

fn at_most_paid(field: impl Display, refunded: MinorUnits, paid: MinorUnits, what: &str) -> Result<(), Failure> {
    if (0..=paid).contains(&refunded) {
        return Ok(());
    }
    let message =
        format!("{refunded} is out of range; give 0 to the {paid} minor units that were paid for {what}, tax included");
    Err(failure("REFUND_ABOVE_PAID", field, message))
}

fn not_before(field: impl Display, later: Instant, earlier: Instant, what: &str) -> Result<(), Failure> {
    if later >= earlier {
        return Ok(());
    }
    let message = format!("{later} s is before {earlier} s, when {what}; give that moment or a later one");
    Err(failure("DATE_OUT_OF_ORDER", field, message))
}

fn delivered_lines(request: &Request) -> Result<(), Failure> {
    let lines = &request.lines;
    if lines.is_empty() {
        return Err(failure("NO_LINES", "/lines", "the order has no lines; give at least one".into()));
    }
    if lines.len() > MOST_LINES {
        return Err(out_of_range("/lines", format!("{} lines", lines.len()), "at most 10000; split the order"));
    }
    let mut seen = BTreeMap::new();
    // What was paid and refunded for each bundle: a bundle's discount moves between its lines when parts come back.
    let mut bundles: BTreeMap<&str, (usize, MinorUnits, MinorUnits)> = BTreeMap::new();
    for (index, delivered) in lines.iter().enumerate() {
        let at = |key: &str| format!("/lines/{index}/{key}");
        one_line(index, &delivered.line).map_err(|found| inside(found, index))?;
        if let Some(first) = seen.insert(delivered.line.id.as_str(), index) {
            let id = shortened(&delivered.line.id);
            let message = format!("{id:?} is already the id of line {first}; ids are unique");
            return Err(failure("DUPLICATE_ID", at("line/id"), message));
        }
        money(format_args!("/lines/{index}/paid"), delivered.paid)?;
        money(format_args!("/lines/{index}/tax"), delivered.tax)?;
        money(format_args!("/lines/{index}/refunded"), delivered.refunded)?;
        name(format_args!("/lines/{index}/location"), &delivered.location, true)?;
        name(format_args!("/lines/{index}/bundle"), &delivered.bundle, true)?;
        let paid = delivered.paid + delivered.tax;
        if delivered.bundle.is_empty() {
            at_most_paid(format_args!("/lines/{index}/refunded"), delivered.refunded, paid, "this line")?;
        } else {
            let (_, all, refunded) = bundles.entry(&delivered.bundle).or_insert((index, 0, 0));
            (*all, *refunded) = (*all + paid, *refunded + delivered.refunded);
        }
        if delivered.returned > delivered.line.quantity {
            let right = format!("at most the {} units that were bought", delivered.line.quantity);
            return Err(out_of_range(at("returned"), delivered.returned, &right));
        }
        if let Some(delivery) = delivered.delivered {
            let field = at("delivered");
            if !(0..=LAST_INSTANT).contains(&delivery) {
                return Err(out_of_range(field, format!("{delivery} s"), "a moment from 1970 to 9999"));
            }
            not_before(&field, delivery, request.ordered, "the order was placed")?;
            not_after(&field, delivery, request.at)?;
        }
    }
    for (first, paid, refunded) in bundles.values() {
        at_most_paid(format_args!("/lines/{first}/refunded"), *refunded, *paid, "this line's bundle")?;
    }
    Ok(())
}

/// A line of an order stands one level deeper than a line of a cart.
fn inside(found: Failure, index: usize) -> Failure {
    let shallow = format!("/lines/{index}/");
    let field = found.field.map(|field| field.replacen(&shallow, &format!("/lines/{index}/line/"), 1));
    Failure { field, ..found }
}

fn not_after(field: impl Display, moment: Instant, at: Instant) -> Result<(), Failure> {
    if moment <= at {
        return Ok(());
    }
    let message = format!("{moment} s is after `at`, {at} s; give a moment that has been");
    Err(failure("DATE_OUT_OF_ORDER", field, message))
}

fn destinations(request: &Request) -> Result<(), Failure> {
    if request.destinations.len() > MOST_DESTINATIONS {
        let value = format!("{} destinations", request.destinations.len());
        return Err(out_of_range("/destinations", value, "at most 1000; leave out those that cannot be meant"));
    }
    let mut seen = BTreeMap::new();
    for (index, destination) in request.destinations.iter().enumerate() {
        one_destination(index, destination, request.lines.len())?;
        if let Some(first) = seen.insert(destination.id.as_str(), index) {
            let id = shortened(&destination.id);
            let message = format!("{id:?} is already the id of destination {first}; ids are unique");
            return Err(failure("DUPLICATE_ID", format!("/destinations/{index}/id"), message));
        }
    }
    Ok(())
}

fn one_destination(index: usize, destination: &Destination, lines: usize) -> Result<(), Failure> {
    name(format_args!("/destinations/{index}/id"), &destination.id, false)?;
    let country = "an ISO 3166-1 alpha-2 code such as \"US\"";
    code(format_args!("/destinations/{index}/country"), &destination.country, 2, country)?;
    if let Some(coordinates) = destination.coordinates {
        coordinates_in_range(format_args!("/destinations/{index}/coordinates"), coordinates)?;
    }
    names(format_args!("/destinations/{index}/locations"), &destination.locations)?;
    if !destination.unit_costs.is_empty() {
        figures(format_args!("/destinations/{index}/unitCosts"), destination.unit_costs.len(), lines)?;
    }
    for (line, cost) in destination.unit_costs.iter().enumerate() {
        money(format_args!("/destinations/{index}/unitCosts/{line}"), *cost)?;
    }
    money(format_args!("/destinations/{index}/parcelCost"), destination.parcel_cost)
}

/// What makes two requested returns of a line the same one.
type Sameness<'a> = (u32, &'a str, Condition, Remedy, RmaStatus, Option<Grade>);

fn returns(request: &Request) -> Result<(), Failure> {
    let all = &request.returns;
    if all.is_empty() {
        return Err(failure("NO_RETURNS", "/returns", "nothing is asked to come back; give at least one".into()));
    }
    if all.len() > MOST_RETURNS {
        let value = format!("{} requested returns", all.len());
        return Err(out_of_range("/returns", value, "at most 1000; split the request"));
    }
    let mut seen: BTreeSet<Sameness<'_>> = BTreeSet::new();
    let mut units = vec![0u64; request.lines.len()];
    for (index, requested) in all.iter().enumerate() {
        let at = |key: &str| format!("/returns/{index}/{key}");
        let Some(delivered) = request.lines.get(requested.line as usize) else {
            let right = format!("the index of a line, 0 to {}", request.lines.len() - 1);
            return Err(out_of_range(at("line"), requested.line, &right));
        };
        if requested.quantity == 0 {
            return Err(out_of_range(at("quantity"), 0, "1 or more"));
        }
        if !ended(requested.status) {
            let units = &mut units[requested.line as usize];
            *units += u64::from(requested.quantity);
            let left = u64::from(delivered.line.quantity - delivered.returned);
            if *units > left {
                let message = format!(
                    "{units} units of line {} are to come back; of {} bought {} came back before, so give at most {left}",
                    requested.line, delivered.line.quantity, delivered.returned
                );
                return Err(failure("MORE_THAN_DELIVERED", at("quantity"), message));
            }
        } else if requested.quantity > delivered.line.quantity {
            let right = format!("at most the {} units that were bought", delivered.line.quantity);
            return Err(out_of_range(at("quantity"), requested.quantity, &right));
        }
        name(format_args!("/returns/{index}/reason"), &requested.reason, true)?;
        let same = (
            requested.line,
            requested.reason.as_str(),
            requested.condition,
            requested.remedy,
            requested.status,
            requested.grade,
        );
        if !seen.insert(same) {
            let message = format!(
                "line {} is asked back twice with the same reason and condition; give one entry with the quantities together",
                requested.line
            );
            return Err(failure("DUPLICATE_RETURN", at("line"), message));
        }
        standing(index, requested, request)?;
    }
    Ok(())
}

/// Whether nothing can come of it any more.
pub(crate) fn ended(status: RmaStatus) -> bool {
    matches!(status, RmaStatus::Declined | RmaStatus::Closed | RmaStatus::Cancelled | RmaStatus::Expired)
}

/// Status, grade, moments and label agree with each other.
fn standing(index: usize, requested: &RequestedReturn, request: &Request) -> Result<(), Failure> {
    let at = |key: &str| format!("/returns/{index}/{key}");
    let arrived = matches!(requested.status, RmaStatus::Received | RmaStatus::Inspected | RmaStatus::Closed);
    if requested.grade.is_some() && !arrived {
        let message = format!(
            "a return that is {:?} has no grade yet; leave it out, or give the status `received` or `inspected`",
            requested.status
        );
        return Err(failure("GRADE_BEFORE_RECEIPT", at("grade"), message));
    }
    if requested.grade.is_none() && requested.status == RmaStatus::Inspected {
        let message = "an inspected return has a grade; give what inspection found, or the status `received`".into();
        return Err(failure("GRADE_MISSING", at("grade"), message));
    }
    if let Some(asked) = requested.asked {
        not_before(at("asked"), asked, request.ordered, "the order was placed")?;
        not_after(at("asked"), asked, request.at)?;
    }
    if let Some(authorised) = requested.authorised {
        let asked = requested.asked.unwrap_or(request.ordered);
        not_before(at("authorised"), authorised, asked, "it was asked for")?;
        not_after(at("authorised"), authorised, request.at)?;
    }
    if let Some(destination) = &requested.destination {
        name(format_args!("/returns/{index}/destination"), destination, false)?;
    }
    money(format_args!("/returns/{index}/labelFee"), requested.label_fee)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::return_policy::{DeliveredLine, DestinationKind};
    use crate::types::{Address, Line};

    const DAY: i64 = 86_400;

    fn order() -> Request {
        let line = |id: &str| Line {
            id: id.into(),
            quantity: 3,
            weight: 100,
            unit_price: 500,
            physical: true,
            ..Line::default()
        };
        let delivered = |id, bundle: &str| DeliveredLine {
            line: line(id),
            paid: 1_400,
            tax: 100,
            delivered: Some(4 * DAY),
            bundle: bundle.into(),
            ..DeliveredLine::default()
        };
        Request {
            at: 9 * DAY,
            order: "1001".into(),
            ordered: 2 * DAY,
            currency: "USD".into(),
            shipping_paid: 500,
            origin: Address { country: "US".into(), ..Address::default() },
            lines: vec![delivered("1", ""), delivered("2", "set"), delivered("3", "set")],
            returns: vec![RequestedReturn { quantity: 2, ..RequestedReturn::default() }],
            destinations: vec![Destination { id: "reno".into(), country: "US".into(), ..Destination::default() }],
            ..Request::default()
        }
    }

    /// A field, the code, and how to break it.
    type Breach = (&'static str, &'static str, fn(&mut Request));

    #[test]
    fn a_plain_request_passes() {
        assert_eq!(order().validate(), Ok(()));
    }

    #[test]
    fn every_range_is_kept() {
        #[rustfmt::skip]
        let breaches: [Breach; 37] = [
            ("/at", "DATE_OUT_OF_ORDER", |r| r.at = DAY),
            ("/ordered", "OUT_OF_RANGE", |r| r.ordered = -1),
            ("/currency", "NOT_A_CODE", |r| r.currency = "usd".into()),
            ("/origin/country", "NOT_A_CODE", |r| r.origin.country = "USA".into()),
            ("/order", "OUT_OF_RANGE", |r| r.order.clear()),
            ("/shippingPaid", "OUT_OF_RANGE", |r| r.shipping_paid = -1),
            ("/shippingRefunded", "REFUND_ABOVE_PAID", |r| r.shipping_refunded = 501),
            ("/shippingRefunded", "REFUND_ABOVE_PAID", |r| r.shipping_refunded = -1),
            ("/lines", "NO_LINES", |r| r.lines.clear()),
            ("/lines", "OUT_OF_RANGE", |r| r.lines = vec![DeliveredLine::default(); MOST_LINES + 1]),
            ("/lines/0/line/quantity", "OUT_OF_RANGE", |r| r.lines[0].line.quantity = 0),
            ("/lines/1/line/id", "DUPLICATE_ID", |r| r.lines[1].line.id = "1".into()),
            ("/lines/0/paid", "OUT_OF_RANGE", |r| r.lines[0].paid = -1),
            ("/lines/0/tax", "OUT_OF_RANGE", |r| r.lines[0].tax = MOST_MONEY + 1),
            ("/lines/0/refunded", "REFUND_ABOVE_PAID", |r| r.lines[0].refunded = 1_501),
            ("/lines/1/refunded", "REFUND_ABOVE_PAID", |r| r.lines[2].refunded = 3_001),
            ("/lines/0/refunded", "OUT_OF_RANGE", |r| r.lines[0].refunded = -1),
            ("/lines/0/returned", "OUT_OF_RANGE", |r| r.lines[0].returned = 4),
            ("/lines/0/delivered", "DATE_OUT_OF_ORDER", |r| r.lines[0].delivered = Some(DAY)),
            ("/lines/0/delivered", "DATE_OUT_OF_ORDER", |r| r.lines[0].delivered = Some(10 * DAY)),
            ("/lines/0/delivered", "OUT_OF_RANGE", |r| r.lines[0].delivered = Some(i64::MAX)),
            ("/returns", "NO_RETURNS", |r| r.returns.clear()),
            ("/returns", "OUT_OF_RANGE", |r| r.returns = vec![r.returns[0].clone(); MOST_RETURNS + 1]),
            ("/returns/0/line", "OUT_OF_RANGE", |r| r.returns[0].line = 3),
            ("/returns/0/quantity", "OUT_OF_RANGE", |r| r.returns[0].quantity = 0),
            ("/returns/0/quantity", "MORE_THAN_DELIVERED", |r| r.returns[0].quantity = 4),
            ("/returns/0/quantity", "MORE_THAN_DELIVERED", |r| r.lines[0].returned = 2),
            ("/returns/1/line", "DUPLICATE_RETURN", |r| {
                r.returns[0].quantity = 1;
                r.returns.push(r.returns[0].clone());
            }),
            ("/returns/0/grade", "GRADE_BEFORE_RECEIPT", |r| r.returns[0].grade = Some(Grade::A)),
            ("/returns/0/grade", "GRADE_MISSING", |r| r.returns[0].status = RmaStatus::Inspected),
            ("/returns/0/asked", "DATE_OUT_OF_ORDER", |r| r.returns[0].asked = Some(DAY)),
            ("/returns/0/authorised", "DATE_OUT_OF_ORDER", |r| r.returns[0].authorised = Some(10 * DAY)),
            ("/returns/0/labelFee", "OUT_OF_RANGE", |r| r.returns[0].label_fee = -1),
            ("/destinations/1/id", "DUPLICATE_ID", |r| r.destinations.push(r.destinations[0].clone())),
            ("/destinations/0/unitCosts", "WRONG_LENGTH", |r| r.destinations[0].unit_costs = vec![1]),
            ("/destinations/0/unitCosts/2", "OUT_OF_RANGE", |r| r.destinations[0].unit_costs = vec![1, 1, -1]),
            ("/destinations/0/parcelCost", "OUT_OF_RANGE", |r| r.destinations[0].parcel_cost = -1),
        ];
        for (field, code, breach) in breaches {
            let mut request = order();
            breach(&mut request);
            let failure = request.validate().expect_err(field);
            assert_eq!((failure.field.as_deref(), failure.code.as_str()), (Some(field), code), "{failure}");
        }
    }

    #[test]
    fn a_breach_names_the_value_and_the_remedy() {
        let mut request = order();
        request.lines[0].returned = 2;
        assert_eq!(
            request.validate().unwrap_err().message,
            "2 units of line 0 are to come back; of 3 bought 2 came back before, so give at most 1"
        );
    }

    #[test]
    fn one_line_may_come_back_for_two_reasons_and_a_closed_return_counts_no_units() {
        let mut request = order();
        let other = RequestedReturn { quantity: 1, reason: "DEFECTIVE".into(), ..RequestedReturn::default() };
        let closed = RequestedReturn { quantity: 3, status: RmaStatus::Closed, ..RequestedReturn::default() };
        request.returns.extend([other, closed]);
        request.destinations[0].kind = DestinationKind::Supplier;
        assert_eq!(request.validate(), Ok(()));
    }

    #[test]
    fn a_bundle_may_have_given_back_more_for_one_line_than_was_paid_for_it() {
        let mut request = order();
        (request.lines[1].returned, request.lines[1].refunded) = (3, 1_900);
        assert_eq!(request.validate(), Ok(()));
    }
}
