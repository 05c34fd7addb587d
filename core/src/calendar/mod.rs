//! Days, local clocks and business days, so that a promise can be counted in them.
//!
//! - [`Day`], [`Instant`], [`LocalTime`]: plain numbers, as in the contract.
//! - [`Calendar`]: which days are worked on; counts and adds working days.
//! - [`Zone`]: a location's clock, as a table of its changes.
//!
//! Constructors do the work (they evaluate time zone rules, spell out yearly holidays for [`FIRST_YEAR`] to [`LAST_YEAR`]); what
//! is asked per cart is a binary search in a sorted table, without allocation.
//!
//! ```
//! use cartwright_core::calendar::{Calendar, Day, Holiday, Instant, LocalTime, Weekday, Weekdays, Zone};
//!
//! // A warehouse in Chicago, closed at week-ends, on Thanksgiving and on Christmas Day.
//! let calendar = Calendar::new(
//!     Weekdays::MONDAY_TO_FRIDAY,
//!     &[Holiday::Nth { month: 11, nth: 4, weekday: Weekday::Thursday }, Holiday::Yearly { month: 12, day: 25 }],
//! )?;
//! let thanksgiving = Day::from_civil(2026, 11, 26)?;
//! assert!(!calendar.is_working(thanksgiving));
//! assert_eq!(calendar.next_working_on_or_after(thanksgiving), Day::from_civil(2026, 11, 27)?);
//! assert_eq!(calendar.add_working_days(thanksgiving, 1), Day::from_civil(2026, 11, 30)?);
//!
//! let chicago = Zone::named("America/Chicago")?;
//! let noon = chicago.to_utc(thanksgiving, LocalTime::new(12, 0, 0)?);
//! assert_eq!(noon, Instant(1_795_716_000)); // 18:00 UTC
//! assert_eq!(chicago.to_local(noon), (thanksgiving, LocalTime::new(12, 0, 0)?));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! What this module must not know: orders, carriers, promises.

mod business;
mod day;
mod posix_rule;
mod zone;
mod zone_names;

#[cfg(test)]
mod business_tests;
#[cfg(test)]
mod zone_tests;

pub(crate) use day::DAY_SECONDS;

pub use business::{Calendar, CalendarError, Holiday, Weekdays};
pub use day::{Day, Instant, LocalTime, NoSuchDay, NoSuchTime, Weekday};
pub use zone::{Zone, ZoneError};

/// The first year for which yearly holidays and changes of clocks are spelled out.
pub const FIRST_YEAR: i32 = 2020;
/// The last year for which yearly holidays and changes of clocks are spelled out.
pub const LAST_YEAR: i32 = 2100;

/// 1 January of [`FIRST_YEAR`].
const FIRST_DAY: Day = first_day_of(FIRST_YEAR);
/// 1 January after [`LAST_YEAR`].
const END_DAY: Day = first_day_of(LAST_YEAR + 1);

const fn first_day_of(year: i32) -> Day {
    match Day::from_civil(year, 1, 1) {
        Ok(day) => day,
        Err(_) => panic!("computed by the compiler, for years that exist"),
    }
}
