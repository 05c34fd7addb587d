//! How long a service takes to each of its zones.

use super::Parts;
use super::places::OTHERS;
use crate::settings::services::Transit as TransitWords;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::money::PartsPerMillion;
use cartwright_core::promise::{Took, Transit};
use cartwright_sdk::settings::join;

/// The days of each zone.
pub fn transit(words: &TransitWords, zones: &[String], at: &str, parts: &mut Parts) -> Option<Vec<Option<Transit>>> {
    let before = parts.findings.issues.len();
    for (list, name) in words.days.keys().map(|name| ("days", name)).chain(words.took.keys().map(|name| ("took", name)))
    {
        if name != OTHERS && !zones.contains(name) {
            let path = join(&format!("{at}/{list}"), name);
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
                let path = join(&format!("{at}/took"), name);
                let mut past = Vec::with_capacity(took.len());
                for (days, parcels) in took {
                    if let Ok(days) = days.parse() {
                        past.push(Took { days, parcels: *parcels });
                    } else {
                        let path = join(&path, days);
                        parts.findings.wrong::<()>(&path, days, "is not a number of days", "write it as \"3\"");
                    }
                }
                let (earliest, latest) = (PartsPerMillion(words.earliest_ppm), PartsPerMillion(words.latest_ppm));
                (path, Transit::from_histogram(&past, earliest, latest))
            }
            (None, Some((name, days))) => (join(&format!("{at}/days"), name), Transit::days(days.least, days.most)),
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
