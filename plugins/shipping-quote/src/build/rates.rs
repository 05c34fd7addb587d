//! Rate tables: freight by zone, in the order of the zone table.

use super::Parts;
use super::places::OTHERS;
use crate::settings::rates::{Beyond as BeyondWords, Billing as BillingWords, Per as PerWords, Rate, WeightUnit};
use crate::settings::words::Price;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::money::Minor;
use cartwright_core::rate::{
    Beyond, Billing, BillingRules, BillingStep, Freight, FreightError, FreightRules, Per, Zone, ZoneRow, ZoneRows,
};
use cartwright_core::units::{CubicMillimetres, Grams};
use cartwright_sdk::settings::join;

pub fn per(words: PerWords) -> Per {
    match words {
        PerWords::Order => Per::Order,
        PerWords::Parcel => Per::Parcel,
    }
}

/// A rate's freight, and the points of it that stand for all in the choice of boxes.
#[derive(Debug)]
pub struct Compiled {
    pub freight: Freight,
    /// The lightest and the heaviest weight of one zone; only one where the weight does not matter.
    pub points: Vec<(Zone, Grams)>,
}

/// What each zone has in a map by zone name; `None` where it has nothing.
fn by_zone<'m, T>(
    map: &'m BTreeMap<String, T>,
    zones: &[String],
    at: &str,
    parts: &mut Parts,
) -> Vec<Option<(&'m str, &'m T)>> {
    for name in map.keys().filter(|name| *name != OTHERS && !zones.contains(name)) {
        parts.findings.unknown::<()>(&join(at, name), name, "zone", zones.iter().map(|zone| &**zone));
    }
    let others = map.get_key_value(OTHERS);
    let find = |zone| map.get_key_value(zone).or(others).map(|(name, value)| (&**name, value));
    zones.iter().map(find).collect()
}

/// The price table must say something of each zone, so that a forgotten one is noticed.
fn told<'m, T>(
    map: &'m BTreeMap<String, T>,
    zones: &[String],
    at: &str,
    parts: &mut Parts,
) -> Vec<Option<(&'m str, &'m T)>> {
    let all = by_zone(map, zones, at, parts);
    for (zone, _) in zones.iter().zip(&all).filter(|(_, found)| found.is_none()) {
        let remedy = "add its prices; an empty list says that the service does not go there";
        parts.findings.odd(at, zone, &format!("zone `{zone}` has no price"), remedy);
    }
    if all.iter().all(Option::is_none) {
        parts.findings.wrong::<()>(at, &"{}", "no zone has a price", "give prices by zone, or for all as `*`");
    }
    all
}

/// Each list no longer than the limits it stands under.
fn fits(limits: usize, lists: &[Option<(&str, &Vec<Price>)>], at: &str, parts: &mut Parts) {
    for (name, list) in lists.iter().flatten().filter(|(_, list)| list.len() > limits) {
        let message = format!("{} prices for {limits} limits", list.len());
        parts.findings.wrong::<()>(&join(at, name), &list.len(), &message, "give one price for each limit, or fewer");
    }
}

pub fn freight(rate: &Rate, zones: &[String], at: &str, parts: &mut Parts) -> Option<Compiled> {
    let before = parts.findings.issues.len();
    let prices_at = format!("{at}/prices");
    let (rules, limits) = match rate {
        Rate::Flat { per: each, prices } => {
            let prices = told(prices, zones, &prices_at, parts);
            let prices = prices.iter().map(|found| found.map(|(_, price)| Minor(price.0))).collect();
            (FreightRules::Flat { per: per(*each), prices }, "")
        }
        Rate::CartValue { from, prices } => {
            let lists = told(prices, zones, &prices_at, parts);
            fits(from.len(), &lists, &prices_at, parts);
            let bands = |(_, list): (&str, &Vec<Price>)| {
                from.iter().zip(list).map(|(from, price)| (Minor(from.0), Minor(price.0))).collect()
            };
            let zones = lists.iter().map(|found| found.map(bands).unwrap_or_default()).collect();
            (FreightRules::CartValue { zones }, "from")
        }
        Rate::Weight { per: each, up_to, up_to_unit, prices, beyond } => {
            let lists = told(prices, zones, &prices_at, parts);
            fits(up_to.len(), &lists, &prices_at, parts);
            let unit = match up_to_unit {
                WeightUnit::Grams => BillingStep::grams(1),
                WeightUnit::Pounds => BillingStep::pounds(1),
                WeightUnit::Ounces => BillingStep::ounces(1),
            };
            let rows = |(_, list): (&str, &Vec<Price>)| -> Vec<ZoneRow> {
                let row = |(limit, price): (&u32, &Price)| ZoneRow { up_to: unit.times(*limit), price: Minor(price.0) };
                up_to.iter().zip(list).map(row).collect()
            };
            let beyond = beyond
                .as_ref()
                .map(|words| (words, by_zone(&words.prices, zones, &format!("{at}/beyond/prices"), parts)));
            let zone = |(index, found): (usize, &Option<(&str, &Vec<Price>)>)| {
                let complete = found.is_none_or(|(_, list)| list.len() == up_to.len());
                let above =
                    beyond.as_ref().filter(|_| complete).and_then(|(words, prices)| above(words, prices[index]));
                ZoneRows { rows: found.map(rows).unwrap_or_default(), beyond: above }
            };
            let zones = lists.iter().enumerate().map(zone).collect();
            (FreightRules::Weight { per: per(*each), zones }, "upTo")
        }
    };
    if parts.findings.issues.len() > before {
        return None;
    }
    match Freight::new(&rules) {
        Ok(freight) => Some(Compiled { points: points(&rules), freight }),
        Err(error) => {
            let (path, remedy) = match error {
                FreightError::RowOrder { row, .. } => {
                    (format!("{at}/{limits}/{row}"), "list the limits ascending, each once")
                }
                _ => (at.into(), "correct this rate"),
            };
            parts.findings.error(&path, &path.rsplit('/').next().unwrap_or_default(), &error, remedy)
        }
    }
}

fn above(words: &BeyondWords, price: Option<(&str, &Price)>) -> Option<Beyond> {
    price.map(|(_, price)| Beyond { step: words.step.exact, price: Minor(price.0) })
}

/// Beyond this the choice between boxes is rarely open.
const USUAL_PARCEL: Grams = Grams(10_000);

/// The lightest and the heaviest usual weight of the zone in the middle of those that have prices.
fn points(rules: &FreightRules) -> Vec<(Zone, Grams)> {
    let middle = |priced: Vec<usize>| priced.get(priced.len() / 2).copied();
    match rules {
        FreightRules::CartValue { .. } => Vec::new(),
        FreightRules::Flat { prices, .. } => {
            let priced = (0..prices.len()).filter(|zone| prices[*zone].is_some()).collect();
            middle(priced).map(|zone| (Zone(zone as u16), Grams(0))).into_iter().collect()
        }
        FreightRules::Weight { zones, .. } => {
            let priced = (0..zones.len()).filter(|zone| !zones[*zone].rows.is_empty() || zones[*zone].beyond.is_some());
            let Some(zone) = middle(priced.collect()) else { return Vec::new() };
            let rows = &zones[zone].rows;
            let first = rows.first().map_or(Grams(1_000), |row| row.up_to);
            let usual = rows.iter().rev().find(|row| row.up_to <= USUAL_PARCEL && row.up_to > first);
            let last = usual.map_or_else(|| rows.last().map_or(USUAL_PARCEL, |row| row.up_to), |row| row.up_to);
            [first, last].map(|weight| (Zone(zone as u16), weight)).into()
        }
    }
}

pub fn billing(words: &BillingWords, at: &str, parts: &mut Parts) -> Option<Billing> {
    let rules = BillingRules {
        divisor: words.divisor.map(|divisor| divisor.0),
        dimensional_above: CubicMillimetres(words.dimensional_above),
        step: words.step.map_or(BillingStep::grams(1), |step| step.exact),
        minimum: Grams(words.minimum_weight.into()),
    };
    match Billing::new(rules) {
        Ok(billing) => Some(billing),
        Err(error) => parts.findings.error(at, &words.minimum_weight, &error, "correct how the carrier weighs"),
    }
}
