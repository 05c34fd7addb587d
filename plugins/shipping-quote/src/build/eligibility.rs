//! What a service takes.

use super::Parts;
use super::places::place_set;
use crate::settings::Document;
use crate::settings::eligibility::{Eligibility as EligibilityWords, Weights};
use alloc::format;
use alloc::string::{String, ToString};
use cartwright_core::money::Minor;
use cartwright_core::rate::{Eligibility, EligibilityError, EligibilityRules, Range};
use cartwright_core::units::{Grams, Millimetres};

pub fn eligibility(document: &Document, words: &EligibilityWords, at: &str, parts: &mut Parts) -> Option<Eligibility> {
    let weights = |range: Option<Weights>| {
        let grams = |grams: u32| Grams(grams.into());
        range.map_or_else(Range::default, |range| Range { least: range.least.map(grams), most: range.most.map(grams) })
    };
    let served = place_set(document, &words.served, &format!("{at}/served"), parts);
    let excluded = place_set(document, &words.excluded, &format!("{at}/excluded"), parts);
    if words.served.iter().any(|name| words.excluded.contains(name)) {
        let remedy = "take the set out of one of the two lists";
        parts.findings.odd(&format!("{at}/excluded"), &words.excluded, "excludes places that `served` names", remedy);
    }
    for (field, limit) in [("orderWeight", words.order_weight), ("parcelWeight", words.parcel_weight)] {
        if let Some(most) = limit.and_then(|limit| limit.most).filter(|most| *most < 50) {
            let path = format!("{at}/{field}/most");
            parts.findings.wrong::<()>(&path, &most, "no parcel weighs so little", "give it in grams: 30 kg is 30000");
        }
    }
    let rules = EligibilityRules {
        order_weight: weights(words.order_weight),
        parcel_weight: weights(words.parcel_weight),
        parcels: words.parcels.map(|most| most as usize),
        longest_side: words.longest_side.map(Millimetres),
        length_and_girth: words.length_and_girth.map(u64::from),
        cart_value: words.cart_value.map_or_else(Range::default, |range| Range {
            least: range.least.map(|price| Minor(price.0)),
            most: range.most.map(|price| Minor(price.0)),
        }),
        served: served?,
        excluded: excluded?,
        hazardous: words.hazardous,
        po_boxes: words.po_boxes,
        every_line: words.every_line.clone(),
        some_line: words.some_line.clone(),
        no_line: words.no_line.clone(),
        customers: words.customers.clone(),
    };
    match Eligibility::new(rules) {
        Ok(eligibility) => Some(eligibility),
        Err(error) => parts.findings.error(at, &shown(&error), &error, "loosen one of these rules"),
    }
}

/// The figure or tag that is in the way.
fn shown(error: &EligibilityError) -> String {
    match error {
        EligibilityError::OrderWeight { least, .. } | EligibilityError::ParcelWeight { least, .. } => {
            least.0.to_string()
        }
        EligibilityError::CartValue { least, .. } => least.0.to_string(),
        EligibilityError::NoParcels | EligibilityError::ZeroSize => "0".into(),
        EligibilityError::Tag(tag) => tag.clone(),
    }
}
