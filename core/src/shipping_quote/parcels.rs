//! How the units of a shipment travel: in the shop's boxes, as they are, or in a parcel of unknown size.
//!
//! What this module must not know: services, prices, dates.

use super::cart::Cart;
use super::detail::Detail;
use super::shop::Misfits;
use super::sourcing::Part;
use crate::carton::{CartonError, Contents, Item, Packer, Packing, Scratch};
use crate::rate;
use crate::units::{Grams, Size};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::{Line, LineUnits, Reason};

/// The most parcels of one cart: beyond it a person should look at the order.
pub const MOST_PARCELS: usize = 500;

/// The parcels of one shipment: what is told of them, and what their price rests on.
pub struct Packed<D: Detail> {
    pub parcels: Vec<D::Parcel>,
    pub rated: Vec<rate::Parcel>,
}

/// The shipments of a cart, or why one of them cannot be packed.
type Outcome<D> = Result<Vec<Packed<D>>, Reason>;

/// Packings that were worked out, by sourcing and packer.
pub struct Packings<D: Detail>(Vec<(usize, usize, Outcome<D>)>);

impl<D: Detail> Packings<D> {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Index of the packing of the parts of a sourcing by a packer.
    pub fn of(
        &mut self,
        cart: &Cart<'_>,
        (sourcing, parts): (usize, &[Part]),
        packer: usize,
        scratch: &mut Scratch,
    ) -> usize {
        if let Some(known) = self.0.iter().position(|(of, by, _)| *of == sourcing && *by == packer) {
            return known;
        }
        let packed = parts.iter().map(|part| pack(cart, part, &cart.shop.packers[packer], scratch)).collect();
        self.0.push((sourcing, packer, packed));
        self.0.len() - 1
    }

    /// The shipments of a packing, or why it cannot be packed.
    pub fn packed(&self, packing: usize) -> Result<&[Packed<D>], &Reason> {
        self.0[packing].2.as_deref()
    }

    /// The same, none when it cannot be packed.
    pub fn parcels(&self, packing: usize) -> impl Iterator<Item = &Packed<D>> {
        self.packed(packing).unwrap_or_default().iter()
    }

    /// Whether something could not be packed.
    pub fn any_failed(&self) -> bool {
        self.0.iter().any(|(.., packed)| packed.is_err())
    }
}

/// Packs what one location ships.
///
/// # Errors
/// Why it cannot be packed.
fn pack<D: Detail>(cart: &Cart<'_>, part: &Part, packer: &Packer, scratch: &mut Scratch) -> Result<Packed<D>, Reason> {
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
    let packing: Packing<D::Contents> = packer.pack_keeping(&items, scratch).map_err(|error| refusal(&error))?;

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
    let hazardous = |line: u32| cart.request.lines[line as usize].hazardous;
    for full in &packing.boxes {
        let outer = packer.cartons()[full.carton as usize].outer;
        let parcel = D::boxed(location, &shop.boxes[full.carton as usize], outer, full, &items);
        let hazardous = full.placements.items().any(|item| hazardous(items[item as usize].line));
        packed.push(outer, full.gross_weight, hazardous, parcel);
    }
    for misfit in &packing.misfits {
        let item = &items[misfit.item as usize];
        for _ in 0..misfit.units {
            packed.push(item.size, item.weight, hazardous(item.line), D::as_it_is(location, item));
        }
    }
    if !unmeasured.is_empty() {
        let weight = weight(cart, &unmeasured)?;
        let hazardous = unmeasured.iter().any(|units| hazardous(units.line));
        let parcel = D::of_unknown_size(location, weight, unmeasured);
        packed.push(Size::default(), Grams(weight.into()), hazardous, parcel);
    }
    Ok(packed)
}

impl<D: Detail> Packed<D> {
    fn push(&mut self, size: Size, gross: Grams, hazardous: bool, parcel: D::Parcel) {
        self.rated.push(rate::Parcel { size, gross, hazardous });
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

/// Of units without a size together.
fn weight(cart: &Cart<'_>, contents: &[LineUnits]) -> Result<u32, Reason> {
    let weigh =
        |units: &LineUnits| u64::from(cart.request.lines[units.line as usize].weight) * u64::from(units.quantity);
    let weight: u64 = contents.iter().map(weigh).sum();
    u32::try_from(weight).map_err(|_| {
        reason(
            "TOO_HEAVY",
            format!("{weight} g of items without a size are more than one parcel can be; give their sizes"),
        )
    })
}

fn refusal(error: &CartonError) -> Reason {
    reason("CANNOT_BE_PACKED", error.of_items().unwrap_or_default())
}

fn reason(code: &str, message: String) -> Reason {
    Reason { code: code.into(), message, figures: Vec::new() }
}
