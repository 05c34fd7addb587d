//! Carriers' services: zone tables and rates.

use super::{Parts, selector};
use crate::settings::Document;
use crate::settings::services::{Service as Words, WeightUnit};
use crate::settings::words::Amount;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::money::{Minor, PartsPerMillion};
use cartwright_core::rate::{
    self, Beyond, Billing, BillingStep, Condition, Eligibility, EligibilityRules, Freight, FreightRules, Markup, Per,
    ServiceRules, ShareOf, Surcharge, Zone, ZoneRow, ZoneRows, ZoneRules, ZoneTable,
};
use cartwright_core::routing::policy::Service;
use cartwright_core::units::Grams;
use cartwright_sdk::settings::join;

pub fn services(document: &Document, parts: &mut Parts<'_>) -> Option<Vec<Service>> {
    parts.findings.unique("/services", document.services.iter().map(|service| &*service.id));
    let all: Vec<Option<Service>> =
        document.services.iter().enumerate().map(|(index, words)| service(index, words, parts)).collect();
    all.into_iter().collect()
}

fn service(index: usize, words: &Words, parts: &mut Parts<'_>) -> Option<Service> {
    let at = format!("/services/{index}");
    let from = selector(&format!("{at}/from"), &words.from, parts);
    let zones = zones(&at, words, parts);
    let rate = rate(&at, words, parts);
    let mut transit = alloc::vec![None; words.zones.len()];
    for (name, days) in &words.transit_days {
        let path = join(&format!("{at}/transitDays"), name);
        if *days > 365 {
            parts.findings.wrong::<()>(&path, days, "is more than a year", "give working days, at most 365");
        }
        if let Some(zone) = zone(words, name, &path, parts) {
            transit[usize::from(zone.0)] = Some(*days);
        }
    }
    Some(Service {
        id: words.id.clone(),
        zones: zones?,
        rate: rate?,
        heaviest_parcel: u64::from(words.heaviest_parcel),
        unit: step(words, 1),
        breaks: words.zones.iter().map(|zone| breaks(words, zone)).collect(),
        step: words.beyond.as_ref().map(|beyond| beyond.step),
        transit,
        from,
    })
}

fn step(words: &Words, count: u32) -> BillingStep {
    match words.up_to_unit {
        WeightUnit::Grams => BillingStep::grams(count),
        WeightUnit::Pounds => BillingStep::pounds(u16::try_from(count).unwrap_or(u16::MAX)),
    }
}

/// The weight breaks that a zone has prices for.
fn breaks(words: &Words, zone: &str) -> Vec<u32> {
    let prices = words.prices.get(zone).map_or(0, Vec::len);
    words.up_to.iter().copied().take(prices).collect()
}

fn grams(words: &Words, count: u32) -> Grams {
    match words.up_to_unit {
        WeightUnit::Grams => Grams(u64::from(count)),
        WeightUnit::Pounds => BillingStep::pounds(1).times(count),
    }
}

fn zone(words: &Words, name: &str, path: &str, parts: &mut Parts<'_>) -> Option<Zone> {
    match words.zones.iter().position(|zone| zone == name) {
        Some(index) => u16::try_from(index).ok().map(Zone),
        None => parts.findings.unknown(path, name, "zone", words.zones.iter().map(String::as_str)),
    }
}

fn zones(at: &str, words: &Words, parts: &mut Parts<'_>) -> Option<ZoneTable> {
    let countries: Vec<(&str, Zone)> = words
        .countries
        .iter()
        .filter_map(|(country, name)| {
            let zone = zone(words, name, &join(&format!("{at}/countries"), country), parts)?;
            Some((country.as_str(), zone))
        })
        .collect();
    let mut bands = Vec::new();
    for (index, band) in words.bands.iter().enumerate() {
        let zone = zone(words, &band.zone, &format!("{at}/bands/{index}/zone"), parts)?;
        bands.push((band.up_to * 1_000, zone));
    }
    let default = match &words.otherwise {
        Some(name) => Some(zone(words, name, &format!("{at}/otherwise"), parts)?),
        None => None,
    };
    if countries.is_empty() && bands.is_empty() && default.is_none() {
        let remedy = "add countries, bands or `otherwise`";
        return parts.findings.wrong(at, &words.id, "no rule leads to any zone", remedy);
    }
    let rules = ZoneRules {
        zones: u16::try_from(words.zones.len()).unwrap_or(u16::MAX),
        countries,
        bands,
        default,
        ..ZoneRules::default()
    };
    match ZoneTable::new(&rules) {
        Ok(table) => Some(table),
        Err(error) => parts.findings.error(at, &words.id, &error, "correct countries and bands, the nearest first"),
    }
}

fn rate(at: &str, words: &Words, parts: &mut Parts<'_>) -> Option<rate::Service> {
    let path = format!("{at}/prices");
    prices_known(&path, words, words.prices.keys(), parts);
    if let Some(beyond) = &words.beyond {
        prices_known(&format!("{at}/beyond/prices"), words, beyond.prices.keys(), parts);
    }
    let mut zones = Vec::new();
    for name in &words.zones {
        let Some(prices) = words.prices.get(name) else {
            parts.findings.odd(
                &path,
                name,
                "this zone has no price, so the service does not go there",
                "add its prices",
            );
            zones.push(ZoneRows::default());
            continue;
        };
        if prices.len() > words.up_to.len() {
            let message = format!("{} prices for {} weight breaks", prices.len(), words.up_to.len());
            parts.findings.wrong::<()>(
                &join(&path, name),
                &prices.len(),
                &message,
                "give one price for each weight break",
            );
            continue;
        }
        falling(&join(&path, name), prices, parts);
        let rows = prices
            .iter()
            .zip(&words.up_to)
            .map(|(price, up_to)| ZoneRow { up_to: grams(words, *up_to), price: Minor(price.0) });
        let beyond = words.beyond.as_ref().and_then(|beyond| {
            let price = Minor(beyond.prices.get(name)?.0);
            Some(Beyond { step: step(words, beyond.step), price })
        });
        zones.push(ZoneRows { rows: rows.collect(), beyond });
    }
    if let Some(place) = words.up_to.windows(2).position(|two| two[0] >= two[1]) {
        let (before, now) = (words.up_to[place], words.up_to[place + 1]);
        let message = format!("is not above the {before} before it");
        return parts.findings.wrong(
            &format!("{at}/upTo/{}", place + 1),
            &now,
            &message,
            "list weight breaks ascending",
        );
    }
    let surcharges = surcharges(words);
    let freight = Freight::new(&FreightRules::Weight { per: Per::Parcel, zones });
    let eligibility =
        Eligibility::new(EligibilityRules { hazardous: words.takes_hazardous, ..EligibilityRules::default() });
    let (Ok(freight), Ok(eligibility), Some(surcharges)) = (freight, eligibility, surcharges) else {
        return parts.findings.wrong(
            at,
            &words.id,
            "has prices that cannot be meant",
            "correct weight breaks and prices",
        );
    };
    let rules = ServiceRules {
        zones: u16::try_from(words.zones.len()).unwrap_or(u16::MAX),
        freight,
        billing: Billing::default(),
        minimum_charge: Minor::ZERO,
        eligibility,
        surcharges,
        markup: Markup::default(),
        promotions: Vec::new(),
        rounding: None,
    };
    match rate::Service::new(rules) {
        Ok(service) => Some(service),
        Err(error) => parts.findings.error(at, &words.id, &error, "correct zones and surcharges"),
    }
}

fn surcharges(words: &Words) -> Option<Vec<Surcharge>> {
    let none = (PartsPerMillion(0), ShareOf::Freight);
    let mut all = Vec::new();
    if words.residential.0 > 0 {
        let when = Condition::Residential { when_unknown: true };
        all.push(Surcharge::new("RESIDENTIAL".into(), Per::Parcel, Minor(words.residential.0), none, when).ok()?);
    }
    if words.hazardous.0 > 0 {
        let amount = Minor(words.hazardous.0);
        all.push(Surcharge::new("HAZARDOUS".into(), Per::Parcel, amount, none, Condition::Hazardous).ok()?);
    }
    if words.fuel_share_ppm > 0 {
        let share = (PartsPerMillion(words.fuel_share_ppm), ShareOf::FreightAndSurcharges);
        all.push(Surcharge::new("FUEL".into(), Per::Order, Minor::ZERO, share, Condition::Always).ok()?);
    }
    Some(all)
}

fn prices_known<'w>(at: &str, words: &Words, names: impl Iterator<Item = &'w String>, parts: &mut Parts<'_>) {
    for name in names {
        zone(words, name, &join(at, name), parts);
    }
}

/// A heavier shipment that costs less is possible, and more often a slip.
fn falling(at: &str, prices: &[Amount], parts: &mut Parts<'_>) {
    if let Some(place) = prices.windows(2).position(|two| two[1].0 < two[0].0) {
        let message = format!("is below the {} of the weight break before", prices[place].0);
        let remedy = "check the column; a heavier shipment seldom costs less";
        parts.findings.odd(&format!("{at}/{}", place + 1), &prices[place + 1].0, &message, remedy);
    }
}
