//! Services: everything that belongs to one, put together, and the packer of its parcels.

use super::changes::{Shared, markup, rounding, surcharge, threshold};
use super::eligibility::eligibility;
use super::places::OTHERS;
use super::stores::Carrier;
use super::transit::transit;
use super::zones::Lanes;
use super::{Parts, boxes, rates};
use crate::settings::Document;
use crate::settings::services::{CountedIn, Service as Words};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_core::calendar::Calendar;
use cartwright_core::carton::{self, Carton, Effort, Packer};
use cartwright_core::emissions::EmissionFactors;
use cartwright_core::money::{Minor, PartsPerMillion};
use cartwright_core::rate::{self, Promotion, ServiceError, ServiceRules, Surcharge};
use cartwright_core::shipping_quote::shop::{Service, ServiceLane};
use cartwright_sdk::settings::join;

/// What services refer to.
#[derive(Clone, Copy)]
pub struct Known<'k> {
    pub document: &'k Document,
    pub calendars: &'k BTreeMap<String, Calendar>,
    pub tables: &'k BTreeMap<&'k str, Lanes<'k>>,
    pub carriers: &'k BTreeMap<&'k str, Carrier<'k>>,
}

/// A service whose packer is still to be found.
struct Half {
    service: Service,
    billing: carton::Billing,
}

/// The services in the order of the settings, and the packers they refer to.
pub fn services(known: &Known<'_>, cartons: &[Carton], parts: &mut Parts) -> (Option<Vec<Service>>, Vec<Packer>) {
    let words = &known.document.services;
    parts.findings.unique("/services", words.iter().map(|service| &*service.id));
    let mut shared = BTreeMap::new();
    let halves: Vec<Option<Half>> = words
        .iter()
        .enumerate()
        .map(|(index, words)| service(known, words, &format!("/services/{index}"), &mut shared, parts))
        .collect();

    let (mut billings, mut packers): (Vec<carton::Billing>, Vec<Packer>) = (Vec::new(), Vec::new());
    let mut packer_of = |billing: &carton::Billing, at: &str, parts: &mut Parts| {
        let found = billings.iter().position(|known| known == billing);
        found.or_else(|| match Packer::new(cartons.to_vec(), billing, Effort::CHECKOUT) {
            Ok(packer) => {
                billings.push(billing.clone());
                packers.push(packer);
                Some(packers.len() - 1)
            }
            Err(error) => parts.findings.error(at, &billing.per_kilogram.0, &error, "correct rate and boxes"),
        })
    };
    let mut own = vec![];
    for (index, words) in words.iter().enumerate() {
        let at = format!("/services/{index}");
        let like = words.packed_like.as_ref().map_or(Some(index), |id| like(known.document, index, id, &at, parts));
        let billing = like.and_then(|like| halves[like].as_ref()).map(|half| &half.billing);
        own.push(billing.and_then(|billing| packer_of(billing, &at, parts)));
    }
    let whole = |(half, packer): (Option<Half>, Option<usize>)| Some(Service { packer: packer?, ..half?.service });
    let services = halves.into_iter().zip(own).map(whole).collect();
    // In-store pick-up and a backup pack as well.
    if packers.is_empty()
        && let Ok(packer) = Packer::new(cartons.to_vec(), &carton::Billing::default(), Effort::CHECKOUT)
    {
        packers.push(packer);
    }
    (services, packers)
}

/// The service whose parcels are taken, which must have its own.
fn like(document: &Document, index: usize, id: &str, at: &str, parts: &mut Parts) -> Option<usize> {
    let path = format!("{at}/packedLike");
    let known = || document.services.iter().map(|service| &*service.id);
    let Some(other) = known().position(|known| known == id) else {
        return parts.findings.unknown(&path, id, "service", known());
    };
    if other == index || document.services[other].packed_like.is_some() {
        let message = "is not a service whose boxes are chosen for itself";
        return parts.findings.wrong(&path, &id, message, "name a service without `packedLike`");
    }
    Some(other)
}

fn service(known: &Known<'_>, words: &Words, at: &str, shared: &mut Shared, parts: &mut Parts) -> Option<Half> {
    let Known { document, .. } = *known;
    let carrier = parts.findings.find(&document.carriers, &words.carrier, &format!("{at}/carrier"), "carrier");
    let carrier = carrier.and_then(|_| known.carriers.get(&*words.carrier));
    let table = parts.findings.find(&document.zone_tables, &words.zone_table, &format!("{at}/zoneTable"), "zone table");
    let lanes = table.and_then(|_| known.tables.get(&*words.zone_table));
    let delivery = words
        .delivery_days
        .as_ref()
        .map(|name| parts.calendar(document, known.calendars, name, &format!("{at}/deliveryDays")));
    let emissions = words.emissions.as_ref().and_then(|name| emissions(document, name, at, parts));
    let eligibility = eligibility(document, &words.eligibility, &format!("{at}/eligibility"), parts);
    let surcharges: Vec<Option<Surcharge>> = words
        .surcharges
        .iter()
        .enumerate()
        .map(|(index, words)| surcharge(document, words, &format!("{at}/surcharges/{index}"), shared, parts))
        .collect();
    let billing = rates::billing(&words.billing, &format!("{at}/billing"), parts);
    let markup = markup(&words.markup, at, parts);
    let rounding = words.rounding.as_ref().map(|words| rounding(words, at, parts));

    let lanes = lanes?;
    let zones = lanes.zones;
    let rate = rates::freight(&words.rate, zones, &format!("{at}/rate"), parts);
    let promotions: Vec<Option<Promotion>> = words
        .thresholds
        .iter()
        .enumerate()
        .map(|(index, words)| threshold(document, words, zones, &format!("{at}/thresholds/{index}"), parts))
        .collect();
    let transit = words.transit.as_ref().map(|words| transit(words, zones, &format!("{at}/transit"), parts));
    let from = from(known, words, lanes, at, parts)?;
    let carrier = carrier?;
    let delivery = delivery.map_or(Some(carrier.delivery), |own| own)?;
    let transit = match transit {
        Some(days) => days?,
        None => vec![None; zones.len()],
    };
    let (rate, markup) = (rate?, markup?);
    // Boxes are chosen by what the shopper pays: a figure too high for the markup is told of below.
    let shopper = rate.freight.marked_up(markup).unwrap_or_else(|_| rate.freight.clone());
    let box_billing = boxes::billing(words, &shopper, &rate.points);
    let rules = ServiceRules {
        zones: zones.len() as u16,
        freight: rate.freight,
        billing: billing?,
        minimum_charge: Minor(words.minimum_charge.0),
        eligibility: eligibility?,
        surcharges: surcharges.into_iter().collect::<Option<_>>()?,
        markup,
        promotions: promotions.into_iter().collect::<Option<_>>()?,
        rounding: match rounding {
            Some(rounding) => Some(rounding?),
            None => None,
        },
    };
    let rate = match rate::Service::new(rules) {
        Ok(rate) => rate,
        Err(error) => {
            let (path, remedy) = match &error {
                ServiceError::DuplicateCode { list: "surcharge", index, .. } => {
                    (format!("{at}/surcharges/{index}/code"), "give each surcharge a code of its own")
                }
                ServiceError::DuplicateCode { index, .. } => {
                    (format!("{at}/thresholds/{index}/code"), "give each threshold a code of its own")
                }
                ServiceError::ParcelShareOfOrderFreight { index, .. } => {
                    (format!("{at}/surcharges/{index}/per"), "take the share per order")
                }
                _ => (at.into(), "correct this service"),
            };
            return parts.findings.error(&path, &words.id, &error, remedy);
        }
    };
    let counted = words.transit.as_ref().map(|transit| transit.counted_in).unwrap_or_default();
    let lane = |(index, runs): (usize, bool)| {
        let zones = lanes.tables[index].clone().filter(|_| runs)?;
        Some(ServiceLane { zones, transit: transit.clone(), pick_up: carrier.pick_ups[index].clone() })
    };
    let service = Service {
        id: words.id.clone(),
        name: words.name.clone(),
        carrier: carrier.name.into(),
        rate,
        packer: 0,
        lanes: from.into_iter().enumerate().map(lane).collect(),
        working_days: (counted == CountedIn::WorkingDays).then(|| carrier.working.clone()),
        delivery: delivery.clone(),
        emissions,
        splits: words.splits,
    };
    Some(Half { service, billing: box_billing })
}

/// Whether the service leaves from each of the locations.
fn from(known: &Known<'_>, words: &Words, lanes: &Lanes<'_>, at: &str, parts: &mut Parts) -> Option<Vec<bool>> {
    let Known { document, .. } = *known;
    let table = &document.zone_tables[&words.zone_table];
    let tells = |id: &String| table.from.contains_key(id) || table.from.contains_key(OTHERS);
    let runs = match &words.from {
        None => document.locations.iter().map(|location| tells(&location.id)).collect(),
        Some(ids) => {
            let mut runs = vec![false; lanes.tables.len()];
            for (index, id) in ids.iter().enumerate() {
                let path = format!("{at}/from/{index}");
                let location = parts.location(document, id, &path)?;
                if !tells(id) {
                    let message = format!("zone table `{}` says nothing of this location", words.zone_table);
                    return parts.findings.wrong(&path, id, &message, "add the location to the table's `from`");
                }
                runs[location] = true;
            }
            runs
        }
    };
    if !runs.contains(&true) {
        let remedy = "name a location in `from`, or one in the zone table's `from`";
        parts.findings.odd(at, &words.id, "the service leaves from nowhere and is never offered", remedy);
    }
    Some(runs)
}

fn emissions(document: &Document, name: &str, at: &str, parts: &mut Parts) -> Option<EmissionFactors> {
    let path = format!("{at}/emissions");
    let words = parts.findings.find(&document.emission_factors, name, &path, "set of emission factors")?;
    let adjustment = PartsPerMillion(words.distance_adjustment_ppm);
    let source = words.source.clone();
    match EmissionFactors::new(words.grams_per_tonne_kilometre, words.grams_per_parcel, adjustment, source) {
        Ok(factors) => Some(factors),
        Err(error) => {
            let path = join("/emissionFactors", name);
            parts.findings.error(&path, &name, &error, "correct these factors")
        }
    }
}
