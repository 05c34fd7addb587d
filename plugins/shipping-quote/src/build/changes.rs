//! What changes the freight: surcharges, markup, thresholds, rounding.

use super::places::place_set;
use super::{Parts, rates};
use crate::settings::Document;
use crate::settings::rates::{Direction as DirectionWords, Markup as MarkupWords, Rounding as RoundingWords};
use crate::settings::surcharges::{Condition as ConditionWords, ShareOf as ShareOfWords, Surcharge as SurchargeWords};
use crate::settings::thresholds::{Effect as EffectWords, Threshold};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use cartwright_core::money::{Minor, PartsPerMillion};
use cartwright_core::rate::{
    Condition, Direction, Effect, Markup, PlaceSet, Promotion, Rounding, ShareOf, Surcharge, Zone,
};
use cartwright_core::units::{CubicMillimetres, Grams, Millimetres};

/// Sets of places that surcharges of several services share.
pub type Shared = BTreeMap<Vec<String>, Arc<PlaceSet>>;

pub fn surcharge(
    document: &Document,
    words: &SurchargeWords,
    at: &str,
    shared: &mut Shared,
    parts: &mut Parts,
) -> Option<Surcharge> {
    let when = match &words.when {
        None => Condition::Always,
        Some(ConditionWords::Residential { when_unknown }) => Condition::Residential { when_unknown: *when_unknown },
        Some(ConditionWords::Destination { places }) => {
            if !shared.contains_key(places) {
                let set = place_set(document, places, &format!("{at}/when/places"), parts)?;
                shared.insert(places.clone(), Arc::new(set));
            }
            Condition::Destination(Arc::clone(&shared[places]))
        }
        Some(ConditionWords::Oversize { longest_side, length_and_girth, volume }) => Condition::Oversize {
            longest: longest_side.map(Millimetres),
            length_and_girth: length_and_girth.map(u64::from),
            volume: volume.map(CubicMillimetres),
        },
        Some(ConditionWords::Overweight { above }) => Condition::Overweight(Grams((*above).into())),
        Some(ConditionWords::Hazardous {}) => Condition::Hazardous,
        Some(ConditionWords::Tag { tag }) => Condition::Tag(tag.clone()),
    };
    let of = match words.share_of {
        ShareOfWords::Freight => ShareOf::Freight,
        ShareOfWords::FreightAndSurcharges => ShareOf::FreightAndSurcharges,
    };
    let share = (PartsPerMillion(words.share_ppm), of);
    let code = words.code.clone();
    match Surcharge::new(code, rates::per(words.per), Minor(words.amount.0), share, when) {
        Ok(surcharge) => Some(surcharge),
        Err(error) => parts.findings.error(at, &words.code, &error, "correct this surcharge"),
    }
}

pub fn threshold(
    document: &Document,
    words: &Threshold,
    zones: &[String],
    at: &str,
    parts: &mut Parts,
) -> Option<Promotion> {
    let mut only = Vec::with_capacity(words.zones.len());
    for (index, name) in words.zones.iter().enumerate() {
        if let Some(zone) = zones.iter().position(|zone| zone == name) {
            only.push(Zone(zone as u16));
        } else {
            let known = zones.iter().map(|zone| &**zone);
            parts.findings.unknown::<()>(&format!("{at}/zones/{index}"), name, "zone", known);
        }
    }
    let whole = only.len() == words.zones.len();
    let places = place_set(document, &words.places, &format!("{at}/places"), parts);
    if !whole {
        return None;
    }
    let effect = match words.effect {
        EffectWords::Free {} => Effect::Free,
        EffectWords::Share { off_ppm } => Effect::Share(PartsPerMillion(off_ppm)),
        EffectWords::Amount { off } => Effect::Amount(Minor(off)),
    };
    match Promotion::new(words.code.clone(), Minor(words.from.0), effect, only, places?) {
        Ok(promotion) => Some(promotion),
        Err(error) => parts.findings.error(at, &words.code, &error, "correct this threshold"),
    }
}

pub fn markup(words: &MarkupWords, at: &str, parts: &mut Parts) -> Option<Markup> {
    match Markup::new(PartsPerMillion(words.share_ppm), Minor(words.amount)) {
        Ok(markup) => Some(markup),
        Err(error) => parts.findings.error(&format!("{at}/markup"), &words.share_ppm, &error, "150000 is 15 %"),
    }
}

pub fn rounding(words: &RoundingWords, at: &str, parts: &mut Parts) -> Option<Rounding> {
    let direction = match words.direction {
        DirectionWords::Nearest => Direction::Nearest,
        DirectionWords::Up => Direction::Up,
        DirectionWords::Down => Direction::Down,
    };
    match Rounding::to_ending(direction, Minor(words.within), Minor(words.ending)) {
        Ok(rounding) => Some(rounding),
        Err(error) => {
            let remedy = "the ending must be below `within`";
            parts.findings.error(&format!("{at}/rounding/ending"), &words.ending, &error, remedy)
        }
    }
}
