//! A shop in a few kilobytes, for answering carts where there is no plugin: the browser.
//!
//! [`describe`] writes of a [`Shop`] what a shopper's estimates rest on for the orders of some days; [`read`] makes a shop of it again, whose
//! [`estimate`](crate::shipping_quote::estimate)s are those of the shop itself, field for field, for every moment within these days.
//!
//! What is in it is what a shopper may know: what they pay, when it arrives, from where. Not in it: the carriers' figures and the margin (the
//! prices have it in them already), what a box costs (only what a parcel in it counts for when boxes are chosen), names of surcharges and
//! thresholds, where emission factors come from. Whoever asks for enough prices can reckon a margin out of them, here as at checkout.
//!
//! There are no time zones in it either: each location's cut-offs are spelled out as instants, and of the calendars the days that any promise
//! of these orders can touch.
//!
//! The form is that of `cartwright_contract::wire`, after a byte with its version; who publishes it wraps, signs and compresses it.
//!
//! What this module must not know: HTTP, signatures, browsers.

mod form;

use crate::calendar::{Day, Instant};
use crate::promise::{Counting, Lane};
use crate::shipping_quote::shop::Shop;
use crate::wire::{Reader, Writer};
use alloc::vec::Vec;
use core::fmt;

/// The version of the form.
pub const VERSION: u8 = 1;
/// The most that a product page is asked to load, before compression: 256 KiB.
pub const MOST_BYTES: usize = 1 << 18;
/// The longest time that one bundle may be for.
pub const MOST_DAYS: i64 = 31;

/// Why a shop has no bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undescribed {
    /// It would have more than [`MOST_BYTES`].
    TooLarge { bytes: usize },
    /// The time is empty, too long, or not one that promises are given for.
    Time { from: Instant, until: Instant },
}

impl fmt::Display for Undescribed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(
                f,
                "the shop's tables take {bytes} bytes; an estimate bundle has at most {MOST_BYTES}, so estimates are asked from the server"
            ),
            Self::Time { from, until } => write!(
                f,
                "a bundle is for 1 second to {MOST_DAYS} days between the years 1 and 9999, not from {} until {}",
                from.0, until.0
            ),
        }
    }
}

impl core::error::Error for Undescribed {}

/// Why bytes are no bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// There are none, or they end too early.
    Cut,
    /// Written by a newer version than this one.
    FutureVersion(u8),
    /// They are not what [`describe`] writes.
    Malformed,
}

impl Unreadable {
    /// Stable, in upper snake case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cut => "CUT",
            Self::FutureVersion(_) => "FUTURE_VERSION",
            Self::Malformed => "MALFORMED",
        }
    }
}

/// The days that promises can touch; calendars are told of these.
#[derive(Debug, Clone, Copy)]
struct Days {
    first: Day,
    last: Day,
}

/// What estimates for orders of the moments `from <= at < until` rest on.
///
/// # Errors
/// [`Undescribed`].
pub fn describe(shop: &Shop, from: Instant, until: Instant) -> Result<Vec<u8>, Undescribed> {
    const DAY: i64 = crate::calendar::DAY_SECONDS;
    let nothing = Undescribed::Time { from, until };
    let seconds = until.0.checked_sub(from.0).ok_or(nothing)?;
    let years = crate::promise::FIRST_INSTANT.0 + 2 * DAY..=(i64::from(crate::promise::LAST_DAY.0) - 2) * DAY;
    if !(1..=MOST_DAYS * DAY).contains(&seconds) || !years.contains(&from.0) || !years.contains(&until.0) {
        return Err(nothing);
    }
    // No zone is more than a day away from UTC.
    let first = Day(from.0.div_euclid(DAY) as i32).plus(-2);
    let mut writer = Writer::default();
    writer.0.push(VERSION);
    form::write(shop, (from, until), Days { first, last: last_day(shop, until).ok_or(nothing)? }, &mut writer);
    let bytes = writer.0.len();
    if bytes > MOST_BYTES { Err(Undescribed::TooLarge { bytes }) } else { Ok(writer.0) }
}

/// The shop that was described, as far as estimates go.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<Shop, Unreadable> {
    let mut reader = Reader(bytes);
    match reader.byte() {
        None => Err(Unreadable::Cut),
        Some(VERSION) => {
            let shop = form::read(&mut reader);
            let whole = reader.0.is_empty();
            match shop {
                None if whole => Err(Unreadable::Cut),
                Some(shop) if whole && shop.check().is_ok() => Ok(shop),
                _ => Err(Unreadable::Malformed),
            }
        }
        Some(version) => Err(Unreadable::FutureVersion(version)),
    }
}

/// The last day that a promise for an order before `until` touches: a later order is never promised an earlier day, so it is one that is promised
/// at `until` itself. `None` when that lies beyond the years that are promised.
fn last_day(shop: &Shop, until: Instant) -> Option<Day> {
    let services = shop.services.iter().flat_map(|service| {
        shop.locations.iter().zip(&service.lanes).filter_map(move |(location, lane)| {
            let lane = lane.as_ref()?;
            Some(lane.transit.iter().flatten().map(move |&transit| Lane {
                dispatch: &location.dispatch,
                pick_up: lane.pick_up.as_ref(),
                transit,
                counting: service.working_days.as_ref().map_or(Counting::CalendarDays, Counting::WorkingDays),
                delivery: &service.delivery,
            }))
        })
    });
    let points = shop.pick_ups.iter().map(|point| Lane {
        dispatch: &shop.locations[point.location].dispatch,
        pick_up: None,
        transit: point.transit,
        counting: Counting::WorkingDays(&point.opening),
        delivery: &point.opening,
    });
    let mut last = Day(until.0.div_euclid(crate::calendar::DAY_SECONDS) as i32).plus(2);
    for lane in services.flatten().chain(points) {
        last = last.max(Day(lane.promise(until).ok()?.latest));
    }
    Some(last)
}
