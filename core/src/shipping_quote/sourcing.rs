//! Which location ships which units of a cart.
//!
//! One location that has everything is preferred, in the order of the cart's locations; otherwise units are taken from them in that order. The
//! assignment of least cost is the business of order routing, once the order is placed.
//!
//! What this module must not know: prices, boxes, dates.

use super::cart::Cart;
use alloc::vec::Vec;
use cartwright_contract::{Figure, LineUnits, Reason, Unit};

/// What one location ships.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Index into the shop's locations.
    pub location: usize,
    pub units: Vec<LineUnits>,
}

/// `runs` tells from which locations the service runs; `splits` whether it may be several.
///
/// # Errors
/// Why the cart cannot leave.
pub fn source(cart: &Cart<'_>, runs: impl Fn(usize) -> bool, splits: bool) -> Result<Vec<Part>, Reason> {
    let candidates: Vec<usize> = cart.locations.iter().copied().filter(|&location| runs(location)).collect();
    let Some(&first) = candidates.first() else {
        return Err(reason("NO_LOCATION", "it runs from none of the shop's locations", []));
    };
    let everything = || cart.lines.iter().map(|&line| LineUnits { line, quantity: cart.quantity(line) }).collect();
    let has_everything =
        |location: usize| cart.lines.iter().all(|&line| cart.available(location, line) >= cart.quantity(line));
    if let Some(&location) = candidates.iter().find(|&&location| has_everything(location)) {
        return Ok([Part { location, units: everything() }].into());
    }
    if !splits {
        if cart.shop.backorders {
            return Ok([Part { location: first, units: everything() }].into());
        }
        return Err(reason("NO_LOCATION_HAS_EVERYTHING", "no single location has the whole cart in stock", []));
    }
    split(cart, &candidates)
}

/// Takes units from the candidates in their order.
fn split(cart: &Cart<'_>, candidates: &[usize]) -> Result<Vec<Part>, Reason> {
    let mut parts: Vec<Part> = candidates.iter().map(|&location| Part { location, units: Vec::new() }).collect();
    for &line in &cart.lines {
        let mut missing = cart.quantity(line);
        for part in &mut parts {
            let quantity = missing.min(cart.available(part.location, line));
            if quantity > 0 {
                part.units.push(LineUnits { line, quantity });
                missing -= quantity;
            }
        }
        if missing > 0 && !cart.shop.backorders {
            let figures = [
                Figure { name: "line".into(), value: line.into(), unit: Unit::Count },
                Figure { name: "missing".into(), value: missing.into(), unit: Unit::Count },
            ];
            return Err(reason("OUT_OF_STOCK", "not enough units are in stock", figures));
        }
        if missing > 0 {
            let first = &mut parts[0].units;
            match first.last_mut().filter(|last| last.line == line) {
                Some(last) => last.quantity += missing,
                None => first.push(LineUnits { line, quantity: missing }),
            }
        }
    }
    parts.retain(|part| !part.units.is_empty());
    Ok(parts)
}

fn reason<const N: usize>(code: &str, message: &str, figures: [Figure; N]) -> Reason {
    Reason { code: code.into(), message: message.into(), figures: figures.into() }
}
