//! What every request has to keep to, whichever plugin answers it: checked by the host, so that no plugin has to.
//!
//! A breach is a [`Failure`] with a JSON pointer to the field, the value found there, and what would be right.

use crate::types::{Address, Coordinates, Customer, Dimensions, Failure, Instant, Line, MinorUnits};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display};

mod address_validation;
mod order_routing;
mod order_screening;
mod return_policy;
mod shipping_quote;

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

/// `field` is written out only here: a valid request, the usual one, costs no text.
fn failure(code: &str, field: impl Display, message: String) -> Failure {
    told(code, &field, message)
}

/// Apart from [`failure`], so that there is one of it and not one for each kind of field.
#[cold]
fn told(code: &str, field: &dyn Display, message: String) -> Failure {
    Failure { code: code.into(), message, field: Some(field.to_string()) }
}

fn out_of_range(field: impl Display, value: impl Display, right: &str) -> Failure {
    beyond(&field, &value, right)
}

/// See [`told`].
#[cold]
fn beyond(field: &dyn Display, value: &dyn Display, right: &str) -> Failure {
    told("OUT_OF_RANGE", field, format!("{value} is out of range; give {right}"))
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

pub(crate) fn address(field: &str, address: &Address) -> Result<(), Failure> {
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
    // Indexes of the lines so far, by id. A map would take as long and several kB of what a browser loads.
    let mut seen: Vec<u16> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        one_line(index, line)?;
        match seen.binary_search_by(|&other| lines[usize::from(other)].id.cmp(&line.id)) {
            Ok(place) => {
                let first = seen[place];
                let message = format!("{:?} is already the id of line {first}; ids are unique", shortened(&line.id));
                return Err(failure("DUPLICATE_ID", format!("/lines/{index}/id"), message));
            }
            // There are at most MOST_LINES.
            Err(place) => seen.insert(place, index as u16),
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

/// One figure for each line of the request.
fn figures(field: impl Display, found: usize, lines: usize) -> Result<(), Failure> {
    if found == lines {
        return Ok(());
    }
    let message = format!("{found} figures for {lines} lines; give one figure for each line");
    Err(failure("WRONG_LENGTH", field, message))
}

fn customer(customer: Option<&Customer>) -> Result<(), Failure> {
    customer.map_or(Ok(()), |customer| names("/customer/tags", &customer.tags))
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

/// The first 40 characters in quotation marks, so that a message stays a sentence.
fn shortened(text: &str) -> Shortened<'_> {
    Shortened(text)
}

/// Escapes what is not seen or turns the sentence around. A text's own `Debug` would bring the tables of all scripts' characters into
/// whatever prints a name, a twentieth of what a browser loads for an estimate.
struct Shortened<'a>(&'a str);

impl fmt::Debug for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for character in self.0.chars().take(40) {
            match character {
                '"' | '\\' | '\t' | '\r' | '\n' => write!(f, "{}", character.escape_default())?,
                '\0'..='\u{1f}'
                | '\u{7f}'..='\u{9f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}' => write!(f, "{}", character.escape_unicode())?,
                _ => write!(f, "{character}")?,
            }
        }
        f.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_short_and_without_what_is_not_seen() {
        let shown = format!("{:?}", shortened("Zelt \u{26fa} \"Z\u{fc}rich\"\\\n\u{7f}\u{202e}"));
        assert_eq!(shown, "\"Zelt \u{26fa} \\\"Z\u{fc}rich\\\"\\\\\\n\\u{7f}\\u{202e}\"");
        assert_eq!(format!("{:?}", shortened(&"x".repeat(100))).len(), 42);
    }
}
