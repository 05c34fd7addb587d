//! How the units of a shipment travel: in the shop's boxes, as they are, or in a parcel of unknown size.
//!
//! What this module must not know: services, prices, dates.

use super::cart::Cart;
use super::shop::Misfits;
use super::sourcing::Part;
use crate::carton::{CartonError, Item, PackedBox, Packer, Scratch};
use crate::rate;
use crate::units::{Grams, Millimetres, Size};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::shipping_quote::{Parcel, Placement};
use cartwright_contract::{Line, LineUnits, Reason};

/// The most parcels of one cart: beyond it a person should look at the order.
pub const MOST_PARCELS: usize = 500;

/// The parcels of one shipment, for the shopper and for the rate.
#[derive(Debug)]
pub struct Packed {
    pub parcels: Vec<Parcel>,
    pub rated: Vec<rate::Parcel>,
}

/// Packs what one location ships.
///
/// # Errors
/// Why it cannot be packed.
pub fn pack(cart: &Cart<'_>, part: &Part, packer: &Packer, scratch: &mut Scratch) -> Result<Packed, Reason> {
    let shop = cart.shop;
    let mut items = Vec::with_capacity(part.units.len());
    let mut unmeasured = Vec::new();
    for &units in &part.units {
        let line = &cart.request.lines[units.line as usize];
        match line.size.map(Size::from).or(shop.unmeasured) {
            Some(size) => items.push(item(line, units, size)),
            None => unmeasured.push(units),
        }
    }
    let packing = packer.pack(&items, scratch).map_err(|error| refusal(&error))?;

    let misfits: u64 = packing.misfits.iter().map(|misfit| u64::from(misfit.units)).sum();
    if misfits > 0 && shop.misfits == Misfits::Refuse {
        let line = &cart.request.lines[items[packing.misfits[0].item as usize].line as usize];
        return Err(reason("ITEM_FITS_NO_BOX", format!("{} fits none of the shop's boxes", line.sku)));
    }
    let count = packing.boxes.len() as u64 + misfits;
    if count > MOST_PARCELS as u64 {
        return Err(reason(
            "TOO_MANY_PARCELS",
            format!("{count} parcels are more than {MOST_PARCELS}; split the order"),
        ));
    }

    let mut packed = Packed { parcels: Vec::with_capacity(count as usize), rated: Vec::with_capacity(count as usize) };
    let location = &shop.locations[part.location].id;
    for full in &packing.boxes {
        let outer = packer.cartons()[full.carton as usize].outer;
        let parcel = boxed(location, &shop.boxes[full.carton as usize], outer, full, &items);
        packed.push(cart, parcel);
    }
    for misfit in &packing.misfits {
        let item = &items[misfit.item as usize];
        for _ in 0..misfit.units {
            packed.push(cart, as_it_is(location, item));
        }
    }
    if !unmeasured.is_empty() {
        packed.push(cart, of_unknown_size(cart, location, unmeasured)?);
    }
    Ok(packed)
}

impl Packed {
    fn push(&mut self, cart: &Cart<'_>, parcel: Parcel) {
        let hazardous = parcel.contents.iter().any(|units| cart.request.lines[units.line as usize].hazardous);
        self.rated.push(rate::Parcel { size: parcel.size.into(), gross: Grams(parcel.weight.into()), hazardous });
        self.parcels.push(parcel);
    }
}

fn item(line: &Line, units: LineUnits, size: Size) -> Item {
    Item {
        line: units.line,
        size,
        weight: Grams(line.weight.into()),
        quantity: units.quantity,
        turns: line.rotation.into(),
        fragile: line.fragile,
        ships_alone: line.ships_alone,
    }
}

fn boxed(location: &str, packaging: &str, outer: Size, full: &PackedBox, items: &[Item]) -> Parcel {
    let mut contents: Vec<LineUnits> = Vec::new();
    let mut placements = Vec::with_capacity(full.placements.len());
    for placement in &full.placements {
        let line = items[placement.item as usize].line;
        match contents.iter_mut().find(|units| units.line == line) {
            Some(units) => units.quantity += 1,
            None => contents.push(LineUnits { line, quantity: 1 }),
        }
        let [Millimetres(x), Millimetres(y), Millimetres(z)] = placement.at;
        placements.push(Placement { line, x, y, z, size: placement.size.into() });
    }
    contents.sort_unstable_by_key(|units| units.line);
    Parcel {
        location: location.into(),
        packaging: packaging.into(),
        size: outer.into(),
        weight: narrow(full.gross_weight),
        placements,
        contents,
    }
}

/// An item in its own packaging.
fn as_it_is(location: &str, item: &Item) -> Parcel {
    let size = item.size.into();
    Parcel {
        location: location.into(),
        packaging: String::new(),
        size,
        weight: narrow(item.weight),
        placements: [Placement { line: item.line, x: 0, y: 0, z: 0, size }].into(),
        contents: [LineUnits { line: item.line, quantity: 1 }].into(),
    }
}

fn of_unknown_size(cart: &Cart<'_>, location: &str, contents: Vec<LineUnits>) -> Result<Parcel, Reason> {
    let weigh =
        |units: &LineUnits| u64::from(cart.request.lines[units.line as usize].weight) * u64::from(units.quantity);
    let weight: u64 = contents.iter().map(weigh).sum();
    let weight = u32::try_from(weight).map_err(|_| {
        reason(
            "TOO_HEAVY",
            format!("{weight} g of items without a size are more than one parcel can be; give their sizes"),
        )
    })?;
    Ok(Parcel { location: location.into(), weight, contents, ..Parcel::default() })
}

/// A box's maximum weight was checked when the shop was made, so this narrows nothing.
fn narrow(weight: Grams) -> u32 {
    u32::try_from(weight.0).unwrap_or(u32::MAX)
}

fn refusal(error: &CartonError) -> Reason {
    reason("CANNOT_BE_PACKED", error.to_string())
}

fn reason(code: &str, message: String) -> Reason {
    Reason { code: code.into(), message, figures: Vec::new() }
}
