//! Services: rate, what is added and taken off, whom they serve, how long they take, and the packer of their parcels.

use super::places::{Lanes, OTHERS, place_set};
use super::stores::Carrier;
use super::{Parts, boxes, rates};
use crate::settings::Document;
use crate::settings::eligibility::{Eligibility as EligibilityWords, Weights};
use crate::settings::rates::{Direction as DirectionWords, Markup as MarkupWords, Rounding as RoundingWords};
use crate::settings::services::{CountedIn, Service as Words, Transit as TransitWords};
use crate::settings::surcharges::{Condition as ConditionWords, ShareOf as ShareOfWords, Surcharge as SurchargeWords};
use crate::settings::thresholds::{Effect as EffectWords, Threshold};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_core::calendar::Calendar;
use cartwright_core::carton::{self, Carton, Effort, Packer};
use cartwright_core::emissions::EmissionFactors;
use cartwright_core::money::{Minor, PartsPerMillion};
use cartwright_core::promise::{Took, Transit};
use cartwright_core::rate::{
    self, Condition, Direction, Effect, Eligibility, EligibilityRules, Markup, PlaceSet, Promotion, Range, Rounding,
    ServiceError, ServiceRules, ShareOf, Surcharge, Zone,
};
use cartwright_core::shipping_quote::shop::{Service, ServiceLane};
use cartwright_core::units::{CubicMillimetres, Grams, Millimetres};

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
            Err(error) => parts.findings.error(at, billing, &error, "correct rate and boxes"),
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

/// Sets of places that surcharges of several services share.
type Shared = BTreeMap<Vec<String>, Arc<PlaceSet>>;

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
    let rate = rate?;
    let box_billing = boxes::billing(words, &rate.freight, &rate.points);
    let rules = ServiceRules {
        zones: zones.len() as u16,
        freight: rate.freight,
        billing: billing?,
        minimum_charge: Minor(words.minimum_charge.0),
        eligibility: eligibility?,
        surcharges: surcharges.into_iter().collect::<Option<_>>()?,
        markup: markup?,
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
            let path = super::findings::join("/emissionFactors", name);
            parts.findings.error(&path, &name, &error, "correct these factors")
        }
    }
}

fn eligibility(document: &Document, words: &EligibilityWords, at: &str, parts: &mut Parts) -> Option<Eligibility> {
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
        Err(error) => parts.findings.error(at, words, &error, "loosen one of these rules"),
    }
}

fn surcharge(
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

fn threshold(
    document: &Document,
    words: &Threshold,
    zones: &[String],
    at: &str,
    parts: &mut Parts,
) -> Option<Promotion> {
    let mut only = Some(Vec::with_capacity(words.zones.len()));
    for (index, name) in words.zones.iter().enumerate() {
        match zones.iter().position(|zone| zone == name) {
            Some(zone) => only.iter_mut().for_each(|only| only.push(Zone(zone as u16))),
            None => {
                let known = zones.iter().map(|zone| &**zone);
                only = parts.findings.unknown(&format!("{at}/zones/{index}"), name, "zone", known);
            }
        }
    }
    let places = place_set(document, &words.places, &format!("{at}/places"), parts);
    let effect = match words.effect {
        EffectWords::Free {} => Effect::Free,
        EffectWords::Share { off_ppm } => Effect::Share(PartsPerMillion(off_ppm)),
        EffectWords::Amount { off } => Effect::Amount(Minor(off)),
    };
    match Promotion::new(words.code.clone(), Minor(words.from.0), effect, only?, places?) {
        Ok(promotion) => Some(promotion),
        Err(error) => parts.findings.error(at, &words.code, &error, "correct this threshold"),
    }
}

fn markup(words: &MarkupWords, at: &str, parts: &mut Parts) -> Option<Markup> {
    match Markup::new(PartsPerMillion(words.share_ppm), Minor(words.amount)) {
        Ok(markup) => Some(markup),
        Err(error) => parts.findings.error(&format!("{at}/markup"), words, &error, "150000 is 15 %"),
    }
}

fn rounding(words: &RoundingWords, at: &str, parts: &mut Parts) -> Option<Rounding> {
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

/// The days of each zone.
fn transit(words: &TransitWords, zones: &[String], at: &str, parts: &mut Parts) -> Option<Vec<Option<Transit>>> {
    let before = parts.findings.issues.len();
    for (list, name) in words.days.keys().map(|name| ("days", name)).chain(words.took.keys().map(|name| ("took", name)))
    {
        if name != OTHERS && !zones.contains(name) {
            let path = super::findings::join(&format!("{at}/{list}"), name);
            parts.findings.unknown::<()>(&path, name, "zone", zones.iter().map(|zone| &**zone));
        }
    }
    let mut all = Vec::with_capacity(zones.len());
    for zone in zones {
        let took = words.took.get_key_value(zone);
        let days = words.days.get_key_value(zone).or_else(|| words.days.get_key_value(OTHERS));
        let took = took.or_else(|| words.took.get_key_value(OTHERS).filter(|_| days.is_none()));
        let (path, result) = match (took, days) {
            (Some((name, took)), _) => {
                let path = super::findings::join(&format!("{at}/took"), name);
                let mut past = Vec::with_capacity(took.len());
                for (days, parcels) in took {
                    match days.parse() {
                        Ok(days) => past.push(Took { days, parcels: *parcels }),
                        Err(_) => {
                            let path = super::findings::join(&path, days);
                            parts.findings.wrong::<()>(&path, days, "is not a number of days", "write it as \"3\"");
                        }
                    }
                }
                let (earliest, latest) = (PartsPerMillion(words.earliest_ppm), PartsPerMillion(words.latest_ppm));
                (path, Transit::from_histogram(&past, earliest, latest))
            }
            (None, Some((name, days))) => {
                (super::findings::join(&format!("{at}/days"), name), Transit::days(days.least, days.most))
            }
            (None, None) => {
                let remedy = "add its days, or those of every other zone as `*`";
                parts.findings.odd(at, zone, &format!("zone `{zone}` has no transit time and gets no date"), remedy);
                all.push(None);
                continue;
            }
        };
        match result {
            Ok(transit) => all.push(Some(transit)),
            Err(error) => all.push(parts.findings.error(&path, zone, &error, "correct the days of this zone")),
        }
    }
    (parts.findings.issues.len() == before).then_some(all)
}
