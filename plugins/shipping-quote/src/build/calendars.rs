//! Calendars, times of the week, locations.

use super::Parts;
use crate::settings::Document;
use crate::settings::calendars::{Calendar as Words, Times};
use crate::settings::locations::Location as LocationWords;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::calendar::{Calendar, CalendarError, Holiday, Weekday, Zone};
use cartwright_core::promise::{Dispatch, DispatchError, WeeklyTimes};
use cartwright_core::shipping_quote::shop::Location;
use cartwright_sdk::settings::join;

pub fn calendars(document: &Document, parts: &mut Parts) -> BTreeMap<String, Calendar> {
    let mut all = BTreeMap::new();
    for (name, words) in &document.calendars {
        if let Some(calendar) = calendar(document, &join("/calendars", name), words, parts) {
            all.insert(name.clone(), calendar);
        }
    }
    all
}

fn calendar(document: &Document, at: &str, words: &Words, parts: &mut Parts) -> Option<Calendar> {
    let mut holidays: Vec<Holiday> = Vec::new();
    // Where each list's holidays begin, to point at a wrong one.
    let mut lists = alloc::vec![(0, format!("{at}/holidays"))];
    holidays.extend(words.holidays.iter().map(|day| day.0));
    let mut whole = true;
    for (index, name) in words.holiday_lists.iter().enumerate() {
        let path = format!("{at}/holidayLists/{index}");
        match parts.findings.find(&document.holiday_lists, name, &path, "list of holidays") {
            Some(list) => {
                lists.push((holidays.len(), join("/holidayLists", name)));
                holidays.extend(list.iter().map(|day| day.0));
            }
            None => whole = false,
        }
    }
    if !whole {
        return None;
    }
    let error = match Calendar::new(words.days.0, &holidays) {
        Ok(calendar) => return Some(calendar),
        Err(error) => error,
    };
    let index = match error {
        CalendarError::NoWorkingDay => {
            let remedy = "name days in `days` that holidays leave free";
            return parts.findings.error(&format!("{at}/days"), &words.days.0, &error, remedy);
        }
        CalendarError::NoSuchDate { index, .. }
        | CalendarError::NoSuchNth { index, .. }
        | CalendarError::WrongRun { index, .. } => index,
    };
    let (start, list) = &lists[lists.partition_point(|(start, _)| *start <= index).saturating_sub(1)];
    let path = format!("{list}/{}", index - start);
    parts.findings.error(&path, &holidays.get(index), &error, "correct this holiday")
}

pub fn times(words: &Times) -> WeeklyTimes {
    let days =
        [words.monday, words.tuesday, words.wednesday, words.thursday, words.friday, words.saturday, words.sunday];
    let other = days.into_iter().zip(Weekday::ALL).filter_map(|(time, day)| Some((day, time?)));
    other.fold(WeeklyTimes::daily(words.daily.0), |times, (day, time)| times.on(day, time.0))
}

pub fn locations(
    document: &Document,
    calendars: &BTreeMap<String, Calendar>,
    parts: &mut Parts,
) -> Vec<Option<Location>> {
    parts.findings.unique("/locations", document.locations.iter().map(|location| &*location.id));
    let each = document.locations.iter().enumerate();
    each.map(|(index, words)| location(document, calendars, &format!("/locations/{index}"), words, parts)).collect()
}

fn location(
    document: &Document,
    calendars: &BTreeMap<String, Calendar>,
    at: &str,
    words: &LocationWords,
    parts: &mut Parts,
) -> Option<Location> {
    let zone = Zone::named(&words.time_zone).or_else(|error| {
        let remedy = "give a name of the IANA time zone database, as \"America/New_York\"";
        parts.findings.error(&format!("{at}/timeZone"), &words.time_zone, &error, remedy).ok_or(())
    });
    let calendar = parts.calendar(document, calendars, &words.calendar, &format!("{at}/calendar"));
    let days = (words.handling.least, words.handling.most);
    let dispatch = match Dispatch::new(zone.ok()?, calendar?.clone(), times(&words.cut_off), days) {
        Ok(dispatch) => dispatch,
        Err(error) => {
            let remedy = match error {
                DispatchError::MinAboveMax { .. } => "write the fewest days first, as \"0-1\"",
                _ => "give working days, not hours",
            };
            return parts.findings.error(&format!("{at}/handling"), &days, &error, remedy);
        }
    };
    Some(Location { id: words.id.clone(), position: words.coordinates.map(|point| point.0), dispatch })
}
