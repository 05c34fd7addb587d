//! From the merchant's words to a [`Shop`]: references resolved, tables compiled, and everything that is wrong or odd told
//! with its JSON pointer.
//!
//! What this module must not know: carts.

mod boxes;
mod calendars;
mod changes;
mod eligibility;
mod places;
mod rates;
mod services;
mod stores;
mod transit;
mod zones;

use crate::settings::boxes::Misfits as MisfitWords;
use crate::settings::locations::Sourcing as SourcingWords;
use crate::settings::{Document, Order as OrderWords};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::calendar::Calendar;
use cartwright_core::shipping_quote::shop::{Misfits, Order, Shop, Sourcing};
use cartwright_sdk::prelude::Issue;
use cartwright_sdk::settings::Findings;

/// What the parts of the settings are built with.
#[derive(Debug, Default)]
struct Parts {
    findings: Findings,
    /// Sets of places that were told of already.
    broken_sets: Vec<String>,
}

impl Parts {
    /// The index of the location with this id.
    fn location(&mut self, document: &Document, id: &str, at: &str) -> Option<usize> {
        let known = || document.locations.iter().map(|location| &*location.id);
        match known().position(|known| known == id) {
            Some(index) => Some(index),
            None => self.findings.unknown(at, id, "location", known()),
        }
    }

    /// A calendar by its name. One that is there but wrong was told of where it stands.
    fn calendar<'c>(
        &mut self,
        document: &Document,
        calendars: &'c BTreeMap<String, Calendar>,
        name: &str,
        at: &str,
    ) -> Option<&'c Calendar> {
        self.findings.find(&document.calendars, name, at, "calendar")?;
        calendars.get(name)
    }

    fn backwards<T>(&mut self, at: &str, range: &str) -> Option<T> {
        self.findings.wrong(
            at,
            &range,
            "the range runs backwards or holds more than 10000 prefixes",
            "write the lower one first, and shorter prefixes where there are many",
        )
    }
}

/// The shop that these settings describe, and what is odd about it.
///
/// # Errors
/// Everything that is wrong (the first 100).
pub fn shop(document: &Document) -> Result<(Shop, Vec<Issue>), Vec<Issue>> {
    let mut parts = Parts::default();
    let shop = build(document, &mut parts);
    parts.findings.done(shop)
}

fn build(document: &Document, parts: &mut Parts) -> Option<Shop> {
    currency(document, parts);
    let calendars = calendars::calendars(document, parts);
    let locations = calendars::locations(document, &calendars, parts);
    let cartons = boxes::cartons(document, parts);
    places::check_place_sets(document, parts);
    let tables = zones::zone_tables(document, parts);
    let (postal_places, places) = places::postal_places(document, parts);
    let carriers = stores::carriers(document, &calendars, &locations, parts);
    let (services, packers) = services::services(
        &services::Known { document, calendars: &calendars, tables: &tables, carriers: &carriers },
        &cartons,
        parts,
    );
    let pick_ups = stores::pick_ups(document, &calendars, parts);
    let backup = stores::backup(document, parts);
    if document.services.is_empty() && document.pick_up_points.is_empty() && document.backup.is_none() {
        let remedy = "add a service, a pick-up point or a backup";
        parts.findings.wrong::<()>("/services", &"[]", "no cart gets a quote", remedy);
    }
    let shop = Shop {
        currency: document.currency.clone(),
        locations: locations.into_iter().collect::<Option<_>>()?,
        sourcing: match document.sourcing {
            SourcingWords::Priority => Sourcing::Priority,
            SourcingWords::Nearest => Sourcing::Nearest,
        },
        backorders: document.backorders,
        packers,
        boxes: document.boxes.iter().map(|carton| carton.id.clone()).collect(),
        unmeasured: document.packaging.unmeasured.map(boxes::size),
        misfits: match document.packaging.misfits {
            MisfitWords::AsTheyAre => Misfits::AsTheyAre,
            MisfitWords::Refuse => Misfits::Refuse,
        },
        postal_places,
        places,
        services: services?,
        pick_ups,
        backup,
        order: match document.order {
            OrderWords::Cheapest => Order::Cheapest,
            OrderWords::Soonest => Order::Soonest,
            OrderWords::AsListed => Order::AsListed,
        },
    };
    match shop.check() {
        Ok(()) => Some(shop),
        Err(error) => {
            parts.findings.error("", &"the whole document", &error, "correct the services and locations named")
        }
    }
}

fn currency(document: &Document, parts: &mut Parts) {
    if !document.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let remedy = "give the ISO 4217 code in upper case, as \"USD\"";
        parts.findings.wrong::<()>("/currency", &document.currency, "is not a currency code", remedy);
    }
    let ids = document.services.iter().map(|service| &*service.id);
    let points = document.pick_up_points.iter().map(|point| &*point.id);
    let backup = document.backup.iter().map(|backup| &*backup.id);
    let mut seen: Vec<&str> = ids.collect();
    for (list, index, id) in points
        .enumerate()
        .map(|(index, id)| ("/pickUpPoints", Some(index), id))
        .chain(backup.map(|id| ("/backup", None, id)))
    {
        if seen.contains(&id) {
            let path = index.map_or_else(|| format!("{list}/id"), |index| format!("{list}/{index}/id"));
            parts.findings.wrong::<()>(
                &path,
                &id,
                "is the id of another option already",
                "give each option an id of its own",
            );
        }
        seen.push(id);
    }
}
