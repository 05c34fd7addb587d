//! What every request has to keep to, whichever plugin answers it: checked by the host, so that no plugin has to.
//!
//! A breach is a [`Failure`] with a JSON pointer to the field, the value found there, and what would be right.

use crate::shipping_quote::Request;
use crate::types::{Address, Coordinates, Dimensions, Failure, Instant, Line, LocationStock, MinorUnits};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Display;

/// Lines of one request.
pub const MOST_LINES: usize = 10_000;
/// Units of one line.
pub const MOST_UNITS: u32 = 1_000_000;
/// Mass of one unit: 100 t, in grams.
pub const HEAVIEST_UNIT: u32 = 100_000_000;
/// Side of one unit: 100 m, in millimetres.
pub const LONGEST_SIDE: u32 = 100_000;
/// Any amount: a hundred million million minor units; sums of [`MOST_LINES`] of them fit 64 bits.
pub const MOST_MONEY: MinorUnits = 100_000_000_000_000;
/// Bytes of an identifier, tag or channel.
pub const LONGEST_NAME: usize = 255;
/// Bytes of one line of an address and the like.
pub const LONGEST_TEXT: usize = 1_000;
/// 9999-12-31T00:00:00Z, where four-digit years end.
pub const LAST_INSTANT: Instant = 253_402_214_400;

/// A request that can be checked before a plugin sees it.
pub trait Validate {
    /// # Errors
    /// The first field that is out of its range.
    fn validate(&self) -> Result<(), Failure>;
}

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        code("/currency", &self.currency, 3, "an ISO 4217 code such as \"USD\"")?;
        address("/destination", &self.destination)?;
        lines(&self.lines)?;
        for (index, stock) in self.stock.iter().enumerate() {
            stock_of(index, stock, self.lines.len())?;
        }
        name("/channel", &self.channel, true)?;
        names("/tags", &self.tags)?;
        if let Some(customer) = &self.customer {
            names("/customer/tags", &customer.tags)?;
        }
        Ok(())
    }
}

/// `field` is written out only here: a valid request, the usual one, costs no text.
fn failure(code: &str, field: impl Display, message: String) -> Failure {
    Failure { code: code.into(), message, field: Some(field.to_string()) }
}

fn out_of_range(field: impl Display, value: impl Display, right: &str) -> Failure {
    failure("OUT_OF_RANGE", field, format!("{value} is out of range; give {right}"))
}

fn instant(field: &str, value: Instant) -> Result<(), Failure> {
    if (0..=LAST_INSTANT).contains(&value) {
        return Ok(());
    }
    Err(out_of_range(field, format!("{value} s"), "a moment from 1970 to 9999"))
}

/// An upper-case code of letters.
fn code(field: impl Display, value: &str, length: usize, right: &str) -> Result<(), Failure> {
    if value.len() == length && value.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(failure("NOT_A_CODE", field, format!("{:?} is not a code; give {right}", shortened(value))))
}

fn address(field: &str, address: &Address) -> Result<(), Failure> {
    code(format_args!("{field}/country"), &address.country, 2, "an ISO 3166-1 alpha-2 code such as \"US\"")?;
    let texts = [
        ("subdivision", &address.subdivision),
        ("city", &address.city),
        ("postalCode", &address.postal_code),
        ("name", &address.name),
        ("company", &address.company),
        ("phone", &address.phone),
    ];
    for (key, text) in texts {
        if let Some(text) = text.as_ref().filter(|text| text.len() > LONGEST_TEXT) {
            return Err(out_of_range(
                format!("{field}/{key}"),
                format!("a text of {} bytes", text.len()),
                "at most 1000",
            ));
        }
    }
    for (index, line) in address.lines.iter().enumerate() {
        if line.len() > LONGEST_TEXT || index >= 10 {
            let value = format!("line {} of {} bytes", index + 1, line.len());
            return Err(out_of_range(format!("{field}/lines/{index}"), value, "at most 10 lines of 1000 bytes"));
        }
    }
    match address.coordinates {
        Some(coordinates) => coordinates_in_range(format_args!("{field}/coordinates"), coordinates),
        None => Ok(()),
    }
}

fn coordinates_in_range(field: impl Display, coordinates: Coordinates) -> Result<(), Failure> {
    if !(-90_000_000..=90_000_000).contains(&coordinates.latitude) {
        let right = "-90000000 to 90000000 millionths of a degree";
        return Err(out_of_range(format!("{field}/latitude"), coordinates.latitude, right));
    }
    if !(-180_000_000..=180_000_000).contains(&coordinates.longitude) {
        let right = "-180000000 to 180000000 millionths of a degree";
        return Err(out_of_range(format!("{field}/longitude"), coordinates.longitude, right));
    }
    Ok(())
}

fn lines(lines: &[Line]) -> Result<(), Failure> {
    if lines.is_empty() {
        return Err(failure("NO_LINES", "/lines", "the cart has no lines; give at least one".into()));
    }
    if lines.len() > MOST_LINES {
        return Err(out_of_range("/lines", format!("{} lines", lines.len()), "at most 10000; split the order"));
    }
    let mut seen = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        one_line(index, line)?;
        if let Some(first) = seen.insert(line.id.as_str(), index) {
            let message = format!("{:?} is already the id of line {first}; ids are unique", shortened(&line.id));
            return Err(failure("DUPLICATE_ID", format!("/lines/{index}/id"), message));
        }
    }
    Ok(())
}

fn one_line(index: usize, line: &Line) -> Result<(), Failure> {
    let at = |key: &str| format!("/lines/{index}/{key}");
    name(format_args!("/lines/{index}/id"), &line.id, false)?;
    name(format_args!("/lines/{index}/sku"), &line.sku, true)?;
    names(format_args!("/lines/{index}/tags"), &line.tags)?;
    if line.quantity == 0 || line.quantity > MOST_UNITS {
        return Err(out_of_range(at("quantity"), line.quantity, "1 to 1000000; leave out a line of nothing"));
    }
    if line.physical && (line.weight == 0 || line.weight > HEAVIEST_UNIT) {
        let right = "1 to 100000000 grams, or `physical: false` for what is not shipped";
        return Err(out_of_range(at("weight"), format!("{} g", line.weight), right));
    }
    if let Some(size) = line.size {
        sides(format_args!("/lines/{index}/size"), size)?;
    }
    if !(0..=MOST_MONEY).contains(&line.unit_price) {
        return Err(out_of_range(at("unitPrice"), line.unit_price, "0 to 100000000000000 minor units"));
    }
    let total = line.unit_price.checked_mul(MinorUnits::from(line.quantity)).filter(|total| *total <= MOST_MONEY);
    let Some(total) = total else {
        let value = format!("{} x {}", line.quantity, line.unit_price);
        return Err(out_of_range(at("unitPrice"), value, "a line worth at most 100000000000000 minor units"));
    };
    if !(0..=total).contains(&line.discount) {
        return Err(out_of_range(at("discount"), line.discount, &format!("0 to the line's {total} minor units")));
    }
    Ok(())
}

fn sides(field: impl Display, size: Dimensions) -> Result<(), Failure> {
    for (key, side) in [("length", size.length), ("width", size.width), ("height", size.height)] {
        if side == 0 || side > LONGEST_SIDE {
            let right = "1 to 100000 millimetres, or leave `size` out when it is not known";
            return Err(out_of_range(format!("{field}/{key}"), format!("{side} mm"), right));
        }
    }
    Ok(())
}

fn stock_of(index: usize, stock: &LocationStock, lines: usize) -> Result<(), Failure> {
    name(format_args!("/stock/{index}/location"), &stock.location, false)?;
    if stock.available.len() == lines {
        return Ok(());
    }
    let message = format!("{} figures for {lines} lines; give one figure for each line", stock.available.len());
    Err(failure("WRONG_LENGTH", format!("/stock/{index}/available"), message))
}

fn names(field: impl Display, all: &[String]) -> Result<(), Failure> {
    if all.len() > LONGEST_NAME {
        return Err(out_of_range(field, format!("{} entries", all.len()), "at most 255"));
    }
    all.iter().enumerate().try_for_each(|(index, one)| name(format_args!("{field}/{index}"), one, true))
}

fn name(field: impl Display, value: &str, may_be_empty: bool) -> Result<(), Failure> {
    if value.len() > LONGEST_NAME || (value.is_empty() && !may_be_empty) {
        let value = format!("{:?} of {} bytes", shortened(value), value.len());
        return Err(out_of_range(field, value, if may_be_empty { "at most 255 bytes" } else { "1 to 255 bytes" }));
    }
    Ok(())
}

/// The first 40 characters, so that a message stays a sentence.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn cart() -> Request {
        let line =
            Line { id: "1".into(), quantity: 1, weight: 100, unit_price: 500, physical: true, ..Line::default() };
        Request {
            at: 1,
            currency: "USD".into(),
            destination: Address { country: "US".into(), ..Address::default() },
            lines: vec![line],
            ..Request::default()
        }
    }

    fn refused(change: impl FnOnce(&mut Request)) -> Failure {
        let mut request = cart();
        change(&mut request);
        request.validate().expect_err("the request is out of range")
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Request));

    #[test]
    fn a_plain_cart_passes() {
        assert_eq!(cart().validate(), Ok(()));
    }

    #[test]
    fn a_breach_names_the_field_the_value_and_the_remedy() {
        let failure = refused(|cart| cart.lines[0].quantity = 0);
        assert_eq!(failure.field.as_deref(), Some("/lines/0/quantity"));
        assert_eq!(
            failure.to_string(),
            "OUT_OF_RANGE at /lines/0/quantity: 0 is out of range; give 1 to 1000000; leave out a line of nothing"
        );
    }

    #[test]
    fn every_range_is_kept() {
        let size = |length| Some(Dimensions { length, width: 1, height: 1 });
        let breaches: [Breach; 12] = [
            ("/lines", |c| c.lines.clear()),
            ("/lines", |c| c.lines = vec![Line::default(); MOST_LINES + 1]),
            ("/lines/1/id", |c| c.lines.push(c.lines[0].clone())),
            ("/lines/0/weight", |c| c.lines[0].weight = 0),
            ("/lines/0/weight", |c| c.lines[0].weight = u32::MAX),
            ("/lines/0/unitPrice", |c| c.lines[0].unit_price = -1),
            ("/lines/0/unitPrice", |c| (c.lines[0].unit_price, c.lines[0].quantity) = (MOST_MONEY, 2)),
            ("/lines/0/discount", |c| c.lines[0].discount = 501),
            ("/currency", |c| c.currency = "dollars".into()),
            ("/destination/country", |c| c.destination.country = "us".into()),
            ("/stock/0/available", |c| {
                c.stock = vec![LocationStock { location: "a".into(), available: vec![] }];
            }),
            ("/at", |c| c.at = -1),
        ];
        for (field, breach) in breaches {
            assert_eq!(refused(breach).field.as_deref(), Some(field));
        }
        assert_eq!(refused(|c| c.lines[0].size = size(0)).field.as_deref(), Some("/lines/0/size/length"));
        assert_eq!(refused(|c| c.lines[0].size = size(u32::MAX)).field.as_deref(), Some("/lines/0/size/length"));
        let pole = Coordinates { latitude: 90_000_001, longitude: 0 };
        let field = refused(|c| c.destination.coordinates = Some(pole)).field;
        assert_eq!(field.as_deref(), Some("/destination/coordinates/latitude"));
    }

    #[test]
    fn goods_that_are_not_shipped_need_no_weight() {
        let mut request = cart();
        (request.lines[0].weight, request.lines[0].physical) = (0, false);
        assert_eq!(request.validate(), Ok(()));
    }
}
