//! Carriers with their pick-ups, stores in which shoppers collect, and the backup.

use super::Parts;
use super::calendars::times;
use super::eligibility::eligibility;
use super::places::OTHERS;
use crate::settings::Document;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::calendar::{Calendar, Weekday};
use cartwright_core::money::Minor;
use cartwright_core::promise::{PickUp, Transit, WeeklyTimes};
use cartwright_core::rate::Country;
use cartwright_core::shipping_quote::shop::{Backup, Location, PickUpPoint};
use cartwright_sdk::settings::join;

/// A carrier, ready for its services.
#[derive(Debug)]
pub struct Carrier<'d> {
    pub name: &'d str,
    pub working: &'d Calendar,
    pub delivery: &'d Calendar,
    /// One a location.
    pub pick_ups: Vec<Option<PickUp>>,
}

pub fn carriers<'d>(
    document: &'d Document,
    calendars: &'d BTreeMap<String, Calendar>,
    locations: &[Option<Location>],
    parts: &mut Parts,
) -> BTreeMap<&'d str, Carrier<'d>> {
    let mut all = BTreeMap::new();
    for (key, words) in &document.carriers {
        let at = join("/carriers", key);
        for location in words.pick_ups.keys().filter(|location| *location != OTHERS) {
            parts.location(document, location, &join(&format!("{at}/pickUps"), location));
        }
        let working = parts.calendar(document, calendars, &words.working_days, &format!("{at}/workingDays"));
        let delivery = parts.calendar(document, calendars, &words.delivery_days, &format!("{at}/deliveryDays"));
        let (Some(working), Some(delivery)) = (working, delivery) else { continue };
        let mut pick_ups = Vec::with_capacity(locations.len());
        for (location, built) in document.locations.iter().zip(locations) {
            let found = words.pick_ups.get_key_value(&location.id).or_else(|| words.pick_ups.get_key_value(OTHERS));
            let (Some((name, fetched)), Some(built)) = (found, built) else {
                pick_ups.push(None);
                continue;
            };
            let path = join(&format!("{at}/pickUps"), name);
            let fetched = times(fetched);
            let cut_offs = times(&location.cut_off);
            if let Some(day) = too_early(fetched, cut_offs).filter(|_| location.handling.least == 0) {
                let message = format!("comes before the cut-off of location `{}` on {day:?}", location.id);
                let remedy = "orders between the two wait for the next pick-up: set the cut-off before it, or give handling \
                              time";
                parts.findings.odd(&path, &fetched.at(day).seconds().div_euclid(3_600), &message, remedy);
            }
            match PickUp::new(&built.dispatch, working, fetched) {
                Ok(pick_up) => pick_ups.push(Some(pick_up)),
                Err(error) => {
                    let remedy = "carrier and location must have a working day in common";
                    pick_ups.push(parts.findings.error(&path, &location.id, &error, remedy));
                }
            }
        }
        all.insert(&**key, Carrier { name: &words.name, working, delivery, pick_ups });
    }
    all
}

/// The first weekday on which the carrier comes before the cut-off.
fn too_early(fetched: WeeklyTimes, cut_offs: WeeklyTimes) -> Option<Weekday> {
    Weekday::ALL.into_iter().find(|day| fetched.at(*day).seconds() < cut_offs.at(*day).seconds())
}

pub fn pick_ups(document: &Document, calendars: &BTreeMap<String, Calendar>, parts: &mut Parts) -> Vec<PickUpPoint> {
    parts.findings.unique("/pickUpPoints", document.pick_up_points.iter().map(|point| &*point.id));
    let mut all = Vec::with_capacity(document.pick_up_points.len());
    for (index, words) in document.pick_up_points.iter().enumerate() {
        let at = format!("/pickUpPoints/{index}");
        let location = parts.location(document, &words.location, &format!("{at}/location"));
        let opening = parts.calendar(document, calendars, &words.open, &format!("{at}/open"));
        if Country::parse(&words.country).is_none() {
            let path = format!("{at}/country");
            parts.findings.wrong::<()>(&path, &words.country, "is not a country", "name it by two letters, as \"US\"");
        }
        let days = words.ready_after;
        let transit = Transit::days(days.least, days.most).map_err(|error| {
            let remedy = "write the fewest days first, as \"0-1\"";
            parts.findings.error::<()>(&format!("{at}/readyAfter"), &days, &error, remedy);
        });
        if words.within.is_some() && location.is_some_and(|index| document.locations[index].coordinates.is_none()) {
            let remedy = "give that location `coordinates`";
            parts.findings.wrong::<()>(
                &format!("{at}/within"),
                &words.within,
                "nobody knows where the location lies",
                remedy,
            );
        }
        let (Some(location), Some(opening), Ok(transit)) = (location, opening, transit) else { continue };
        all.push(PickUpPoint {
            id: words.id.clone(),
            name: words.name.clone(),
            location,
            price: Minor(words.price.0),
            transit,
            opening: opening.clone(),
            within: words.within,
            country: words.country.to_ascii_uppercase(),
        });
    }
    all
}

pub fn backup(document: &Document, parts: &mut Parts) -> Option<Backup> {
    let words = document.backup.as_ref()?;
    Some(Backup {
        id: words.id.clone(),
        name: words.name.clone(),
        carrier: words.carrier.clone(),
        price: Minor(words.price.0),
        eligibility: eligibility(document, &words.eligibility, "/backup/eligibility", parts)?,
    })
}
