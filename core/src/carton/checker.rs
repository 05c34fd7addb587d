//! Says whether a packing is valid. Written against the rules alone: it shares no code with the packer, and looks at every
//! pair of units, so it is for tests and benches.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{Carton, Item, Packing, Placement, SUPPORTED_PERCENT, Turns};
use crate::units::Size;

/// Checks all rules that `carton`'s head comment names, that weights add up, and that each unit is packed or a misfit once.
///
/// # Errors
/// The first rule that is broken, with the box and the units.
pub fn check(items: &[Item], cartons: &[Carton], packing: &Packing) -> Result<(), String> {
    let mut seen: Vec<Vec<bool>> = items.iter().map(|item| vec![false; item.quantity as usize]).collect();
    let mut see = |item: u32, unit: u32| -> Result<(), String> {
        match seen.get_mut(item as usize).and_then(|units| units.get_mut(unit as usize)) {
            None => Err(format!("item {item} has no unit {unit}")),
            Some(true) => Err(format!("item {item} unit {unit} is there twice")),
            Some(place) => {
                *place = true;
                Ok(())
            }
        }
    };
    let mut used = vec![0u32; cartons.len()];
    for (index, parcel) in packing.boxes.iter().enumerate() {
        let carton = cartons.get(parcel.carton as usize).ok_or_else(|| format!("box {index}: no such carton"))?;
        used[parcel.carton as usize] += 1;
        if parcel.placements.is_empty() {
            return Err(format!("box {index} is empty"));
        }
        for placement in &parcel.placements {
            see(placement.item, placement.unit)?;
        }
        check_placements(items, carton.inner, &parcel.placements).map_err(|rule| format!("box {index}: {rule}"))?;
        let contents: u64 = parcel.placements.iter().map(|p| items[p.item as usize].weight.0).sum();
        if contents != parcel.contents_weight.0 || contents + carton.empty_weight.0 != parcel.gross_weight.0 {
            return Err(format!("box {index}: the weights do not add up to {contents} g of contents"));
        }
        if parcel.gross_weight > carton.maximum_weight {
            return Err(format!("box {index} weighs {} g, above its maximum", parcel.gross_weight.0));
        }
        if parcel.placements.len() > 1 && parcel.placements.iter().any(|p| items[p.item as usize].ships_alone) {
            return Err(format!("box {index}: a unit that ships alone has company"));
        }
    }
    for (carton, used) in used.iter().enumerate() {
        if cartons[carton].available.is_some_and(|available| *used > available) {
            return Err(format!("carton {carton} is used {used} times, more than there are"));
        }
    }
    for misfit in &packing.misfits {
        for unit in misfit.first_unit..misfit.first_unit + misfit.units {
            see(misfit.item, unit)?;
        }
    }
    match seen.iter().position(|units| units.contains(&false)) {
        Some(item) => Err(format!("item {item}: not all units are packed or named a misfit")),
        None => Ok(()),
    }
}

/// Checks the geometry of one box: bounds, turns, overlap, support, fragile.
///
/// # Errors
/// The first rule that is broken, with the units.
pub fn check_placements(items: &[Item], inner: Size, placements: &[Placement]) -> Result<(), String> {
    let span = |p: &Placement| {
        let size = [p.size.length.0, p.size.width.0, p.size.height.0];
        [0, 1, 2].map(|axis| {
            let low = u64::from(p.at[axis].0);
            (low, low + u64::from(size[axis]))
        })
    };
    let spans: Vec<[(u64, u64); 3]> = placements.iter().map(span).collect();
    let shared = |a: (u64, u64), b: (u64, u64)| a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let name = |index: usize| format!("item {} unit {}", placements[index].item, placements[index].unit);
    for (index, place) in placements.iter().enumerate() {
        let item = items.get(place.item as usize).ok_or_else(|| format!("no item {}", place.item))?;
        if !turned_as_allowed(item.size, place.size, item.turns) {
            return Err(format!("{} is turned as it may not be", name(index)));
        }
        let one = spans[index];
        let room = [inner.length.0, inner.width.0, inner.height.0];
        if (0..3).any(|axis| one[axis].1 > u64::from(room[axis])) {
            return Err(format!("{} sticks out of the box", name(index)));
        }
        let mut support = 0;
        for (other_index, other) in spans.iter().enumerate().filter(|(other, _)| *other != index) {
            let floor = shared(one[0], other[0]) * shared(one[1], other[1]);
            if floor > 0 && shared(one[2], other[2]) > 0 {
                return Err(format!("{} and {} overlap", name(index), name(other_index)));
            }
            if floor > 0 && item.fragile && other[2].0 >= one[2].1 {
                return Err(format!("{} lies above the fragile {}", name(other_index), name(index)));
            }
            if other[2].1 == one[2].0 {
                support += floor;
            }
        }
        let base = (one[0].1 - one[0].0) * (one[1].1 - one[1].0);
        if one[2].0 > 0 && support * 100 < base * SUPPORTED_PERCENT {
            return Err(format!("{} stands on {support} of {base} mm2", name(index)));
        }
    }
    Ok(())
}

fn turned_as_allowed(size: Size, turned: Size, turns: Turns) -> bool {
    let (l, w, h) = (size.length, size.width, size.height);
    let ways = [(l, w, h), (w, l, h), (l, h, w), (h, l, w), (w, h, l), (h, w, l)];
    ways.iter()
        .enumerate()
        .any(|(bit, way)| turns.0 & 1 << bit != 0 && *way == (turned.length, turned.width, turned.height))
}
