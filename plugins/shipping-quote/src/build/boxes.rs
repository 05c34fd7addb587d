//! Boxes, and a packer for each way in which they are billed.

use super::Parts;
use crate::settings::Document;
use crate::settings::boxes::{Carton as Words, Sides};
use crate::settings::services::Service;
use crate::settings::words::Divisor;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_core::carton::{Billing, Carton, CartonError, Effort, Packer};
use cartwright_core::money::Minor;
use cartwright_core::rate::{Freight, Per, Zone};
use cartwright_core::units::{Grams, Millimetres, Size};

/// A box that is shorter than this was measured in centimetres or inches.
const SHORTEST: u32 = 40;
/// A box that may weigh less than this was weighed in kilograms or pounds.
const LIGHTEST: u32 = 100;

pub fn size(sides: Sides) -> Size {
    Size::new(sides.length, sides.width, sides.height)
}

pub fn cartons(document: &Document, parts: &mut Parts) -> Vec<Carton> {
    parts.findings.unique("/boxes", document.boxes.iter().map(|carton| &*carton.id));
    document.boxes.iter().enumerate().filter_map(|(index, words)| carton(index, words, parts)).collect()
}

fn carton(index: usize, words: &Words, parts: &mut Parts) -> Option<Carton> {
    let at = format!("/boxes/{index}");
    let inner = size(words.inner);
    let carton = Carton {
        inner,
        outer: words.outer.map_or(inner, size),
        empty_weight: Grams(words.empty_weight.into()),
        maximum_weight: Grams(words.maximum_weight.into()),
        cost: Minor(words.cost.0),
        available: words.available,
    };
    if inner.sorted()[0].0 < SHORTEST {
        let message = format!("the longest side is below {SHORTEST} mm");
        let remedy = "give the sides in millimetres: 30 cm is 300, 12 in is 305";
        return parts.findings.wrong(&format!("{at}/inner"), &words.inner, &message, remedy);
    }
    if words.maximum_weight < LIGHTEST {
        let message = format!("no box is limited to less than {LIGHTEST} g");
        let remedy = "give it in grams: 20 kg is 20000, 50 lb is 22680";
        return parts.findings.wrong(&format!("{at}/maximumWeight"), &words.maximum_weight, &message, remedy);
    }
    // By itself, so that the error is about this box.
    if let Err(error) = Packer::new(vec![carton.clone()], &Billing::default(), Effort::CHECKOUT) {
        let message = format!("{error}").replace("box 0", "the box");
        return match error {
            CartonError::CartonInsideOut { .. } => {
                let remedy = "the outer size is the inner one and the walls, side by side in the same order";
                parts.findings.wrong(&format!("{at}/outer"), &words.outer, &message, remedy)
            }
            CartonError::CartonWeight { .. } => {
                let remedy = "give what box and goods may weigh together, in grams";
                parts.findings.wrong(&format!("{at}/maximumWeight"), &words.maximum_weight, &message, remedy)
            }
            _ => parts.findings.wrong(&at, &words.id, &message, "correct this box"),
        };
    }
    if words.maximum_weight - words.empty_weight < LIGHTEST {
        let remedy = "give what box and goods may weigh together, in grams";
        let path = format!("{at}/maximumWeight");
        parts.findings.odd(&path, &words.maximum_weight, "the box weighs nearly that when it is empty", remedy);
    }
    if words.available == Some(0) {
        parts.findings.odd(
            &format!("{at}/available"),
            &0,
            "the box is never used",
            "leave it out, or raise the number",
        );
    }
    Some(carton)
}

/// How the choice of boxes bills a service.
///
/// Boxes are chosen before zone and service are, so one straight line stands for the whole rate table: through the first
/// weight break and the last one up to 10 kg, of the zone in the middle of those that have prices. What lies between the
/// points is the price of a kilogram, what is left at nothing the price of a parcel; orders that are priced as a whole have
/// no price of a parcel. The least volume with dimensional weight is not heeded. The shopper pays by the table in any case:
/// the line only decides between boxes.
pub fn billing(words: &Service, freight: &Freight, points: &[(Zone, Grams)]) -> Billing {
    let price = |(zone, grams): &(Zone, Grams)| Some((grams.0, freight.price(*zone, *grams, Minor(0)).ok()?.0));
    let (fixed, slope) = match points.iter().filter_map(price).collect::<Vec<_>>()[..] {
        [(_, only)] => (only, 0),
        [(light, cheap), .., (heavy, dear)] if heavy > light => {
            let apart = i64::try_from(heavy - light).unwrap_or(i64::MAX);
            let slope = (dear - cheap).max(0).saturating_mul(1_000) / apart;
            (cheap - slope.saturating_mul(i64::try_from(light).unwrap_or(i64::MAX)) / 1_000, slope)
        }
        _ => (0, 0),
    };
    let limit = |millimetres: Option<u32>| millimetres.map(Millimetres);
    Billing {
        per_parcel: Minor(if freight.per() == Per::Parcel { fixed.max(0) } else { 0 }),
        per_kilogram: Minor(slope),
        divisor: words.billing.divisor.map(Divisor::of_box),
        step: words.billing.step.map_or(Grams(0), |step| step.grams),
        longest_side: limit(words.eligibility.longest_side),
        length_plus_girth: limit(words.eligibility.length_and_girth),
    }
}
