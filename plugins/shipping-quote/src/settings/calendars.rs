//! Working days and times of day.

use super::words::{DayOff, Time, Week};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// Days on which somebody works: a warehouse packs, a carrier drives, a store is open.
#[derive(Settings, Debug)]
pub struct Calendar {
    /// The days of a usual week: `mon-fri`, `mon,wed,sat` or `daily`.
    pub days: Week,
    /// Days off: a date `2026-12-24`, a run `2026-12-24/2027-01-02`, each year `12-25`, or `4th thursday of november`.
    #[setting(default)]
    pub holidays: Vec<DayOff>,
    /// Names of lists in `holidayLists` whose days are off as well.
    #[setting(default)]
    pub holiday_lists: Vec<String>,
}

/// A time of day, on all days or differently on some. Local time of the location.
#[derive(Settings, Debug)]
pub struct Times {
    /// On every day without a time of its own, as `14:00`.
    pub daily: Time,
    /// On Mondays.
    pub monday: Option<Time>,
    /// On Tuesdays.
    pub tuesday: Option<Time>,
    /// On Wednesdays.
    pub wednesday: Option<Time>,
    /// On Thursdays.
    pub thursday: Option<Time>,
    /// On Fridays.
    pub friday: Option<Time>,
    /// On Saturdays.
    pub saturday: Option<Time>,
    /// On Sundays.
    pub sunday: Option<Time>,
}
