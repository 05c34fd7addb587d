//! When an order arrives: cut-off, handling on the location's calendar, transit, delivery calendar.
//!
//! A [`Dispatch`] says how a location works, a [`PickUp`] when a carrier fetches there, a [`Transit`] how long a service takes to a
//! zone; a [`Lane`] is one of each, and dates an order.
//!
//! 1. The order is handled from the first working day of the location whose cut-off lies after it. That cut-off is `order_by`.
//! 2. Handling takes so many working days of the location, at least and at most.
//! 3. The parcels are handed over at the first pick-up from then on; the latest one is `ship_by`.
//! 4. Transit is counted in days or in the carrier's working days. Handed over on a day on which the carrier does not work,
//!    a parcel begins its journey on the next one.
//! 5. What arrives on a day without delivery is delivered on the next day with one.
//!
//! Each step never turns a later order into an earlier date, and so neither does the whole.
//!
//! ```
//! use cartwright_core::calendar::{Calendar, Day, Holiday, LocalTime, Weekday, Weekdays, Zone};
//! use cartwright_core::promise::{Counting, Dispatch, Lane, PickUp, Transit, WeeklyTimes, order_within};
//!
//! // A warehouse in Chicago: orders before 14:00 leave the same or the next working day, Saturdays before 11:00.
//! let chicago = Zone::named("America/Chicago")?;
//! let closed = [Holiday::Nth { month: 11, nth: 4, weekday: Weekday::Thursday }];
//! let cut_offs = WeeklyTimes::daily(LocalTime::new(14, 0, 0)?).on(Weekday::Saturday, LocalTime::new(11, 0, 0)?);
//! let dispatch =
//!     Dispatch::new(chicago.clone(), Calendar::new(Weekdays::MONDAY_TO_SATURDAY, &closed)?, cut_offs, (0, 1))?;
//!
//! // The carrier comes at 17:30, Monday to Friday, and brings parcels from Monday to Saturday, but not on Thanksgiving.
//! let carrier = Calendar::new(Weekdays::MONDAY_TO_FRIDAY, &closed)?;
//! let delivery = Calendar::new(Weekdays::MONDAY_TO_SATURDAY, &closed)?;
//! let pick_up = PickUp::new(&dispatch, &carrier, WeeklyTimes::daily(LocalTime::new(17, 30, 0)?))?;
//! let lane = Lane {
//!     dispatch: &dispatch,
//!     pick_up: Some(&pick_up),
//!     transit: Transit::days(1, 2)?,
//!     counting: Counting::WorkingDays(&carrier),
//!     delivery: &delivery,
//! };
//!
//! // Tuesday before Thanksgiving, 11:46 in Chicago.
//! let tuesday = Day::from_civil(2026, 11, 24)?;
//! let now = chicago.to_utc(tuesday, LocalTime::new(11, 46, 0)?);
//! let promise = lane.promise(now)?;
//! assert_eq!(Day(promise.earliest), Day::from_civil(2026, 11, 25)?); // left on Tuesday, one day
//! assert_eq!(Day(promise.latest), Day::from_civil(2026, 11, 30)?); // left on Wednesday: Friday, Monday
//! assert_eq!(promise.ship_by, chicago.to_utc(tuesday.plus(1), LocalTime::new(17, 30, 0)?).0);
//! assert_eq!(order_within(&promise, now), 2 * 3_600 + 14 * 60); // "order within 2 h 14 min"
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! Collection in a store is a lane too: no pick-up, a transit of 0 days, and the store's opening days for the delivery calendar.
//!
//! What this module must not know: prices, boxes, settings files, what time it is.

mod dispatch;
mod transit;

#[cfg(test)]
mod tests;

use crate::calendar::{Calendar, DAY_SECONDS, Day, Instant, LocalTime};
use cartwright_contract::shipping_quote::Promise;
use core::fmt;

pub use dispatch::{Dispatch, DispatchError, PickUp, WeeklyTimes};
pub use transit::{MOST_DAYS, Took, Transit, TransitError};

/// The first instant for which there are promises: 0001-01-01T00:00:00Z.
pub const FIRST_INSTANT: Instant = Instant(-62_135_596_800);
/// The last day that is promised: 9999-12-28. What is told of it, in whatever zone, then has a year of four digits.
pub const LAST_DAY: Day = Day(2_932_893);

/// What transit days are.
#[derive(Debug, Clone, Copy)]
pub enum Counting<'a> {
    /// Days of the calendar, as they come.
    CalendarDays,
    /// Days on which the carrier works.
    WorkingDays(&'a Calendar),
}

/// The way from one location to one destination with one service. Cheap to put together for each cart.
#[derive(Debug, Clone, Copy)]
pub struct Lane<'a> {
    pub dispatch: &'a Dispatch,
    /// When the service's carrier fetches at that location. Without it, parcels are handed over by midnight.
    pub pick_up: Option<&'a PickUp>,
    pub transit: Transit,
    pub counting: Counting<'a>,
    /// The days on which the carrier delivers: its weekdays, the destination's holidays.
    pub delivery: &'a Calendar,
}

/// There is no promise for this instant: it lies before [`FIRST_INSTANT`], or what it would be promised after [`LAST_DAY`], or its
/// cut-off after those that are spelled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPromise {
    pub at: Instant,
}

impl fmt::Display for NoPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no delivery can be promised for an order at {} seconds after 1970-01-01T00:00:00Z: it must lie between the years 1 and 9999, and its delivery too",
            self.at.0
        )
    }
}

impl core::error::Error for NoPromise {}

impl Lane<'_> {
    /// The days on which an order of this instant arrives. `order_by` is the cut-off that governs it: orders of the seconds
    /// from `at` up to the one before `order_by` get this same promise, orders from `order_by` on another one, which is never
    /// earlier. Does not allocate.
    ///
    /// # Errors
    /// [`NoPromise`] when the order or its delivery lies outside the years 1 to 9999.
    pub fn promise(&self, at: Instant) -> Result<Promise, NoPromise> {
        let past_all = i64::from(LAST_DAY.0) * DAY_SECONDS;
        if at < FIRST_INSTANT || at.0 > past_all {
            return Err(NoPromise { at });
        }
        let (handled_from, order_by) = self.dispatch.governing(at).ok_or(NoPromise { at })?;
        let (min, max) = self.dispatch.handling;
        let first = self.handed_over(handled_from, min);
        let last = if max == min { first } else { self.handed_over(handled_from, max) };
        let earliest = self.delivered(first, self.transit.min());
        let latest = if last == first && self.transit.max() == self.transit.min() {
            earliest
        } else {
            self.delivered(last, self.transit.max())
        };
        if latest > LAST_DAY {
            return Err(NoPromise { at });
        }
        let ship_by = self.dispatch.instant(last, self.fetched_at(last));
        Ok(Promise { earliest: earliest.0, latest: latest.0, ship_by: ship_by.0, order_by: order_by.0 })
    }

    /// The day of the first pick-up once an order has been handled for so many working days.
    fn handed_over(&self, handled_from: Day, handling: u16) -> Day {
        let calendar = &self.dispatch.calendar;
        // The cut-off's day is worked already.
        let ready = if handling == 0 { handled_from } else { calendar.add_working_days(handled_from, handling.into()) };
        let Some(pick_up) = self.pick_up else { return ready };
        let weekday = ready.weekday();
        let missed = handling == 0 && pick_up.before_cut_off.contains(weekday);
        pick_up.calendar.next_working_on_or_after(if missed { ready.plus(1) } else { ready })
    }

    fn fetched_at(&self, day: Day) -> LocalTime {
        self.pick_up.map_or(LocalTime::END_OF_DAY, |pick_up| pick_up.times.at(day.weekday()))
    }

    fn delivered(&self, handed_over: Day, transit: u16) -> Day {
        let arrived = match self.counting {
            Counting::CalendarDays => handed_over.plus(transit.into()),
            Counting::WorkingDays(calendar) => calendar.add_working_days(handed_over, transit.into()),
        };
        self.delivery.next_working_on_or_after(arrived)
    }
}

/// The promise for an order of which parts come by different lanes: complete when the last part is there, and to be ordered and
/// handed over before the first of the parts' instants.
#[must_use]
pub fn together(one: &Promise, other: &Promise) -> Promise {
    Promise {
        earliest: one.earliest.max(other.earliest),
        latest: one.latest.max(other.latest),
        ship_by: one.ship_by.min(other.ship_by),
        order_by: one.order_by.min(other.order_by),
    }
}

/// Seconds that are left to order for this promise; 0 when it is too late.
pub fn order_within(promise: &Promise, at: Instant) -> i64 {
    promise.order_by.saturating_sub(at.0).max(0)
}
