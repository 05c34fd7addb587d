//! Where parcels leave from.

use super::calendars::Times;
use super::words::{Days, Point};
use alloc::string::String;
use cartwright_sdk::prelude::Settings;

/// A warehouse or store that sends parcels. The order of the list is the order in which locations are tried.
#[derive(Settings, Debug)]
pub struct Location {
    /// The name under which the platform reports this location's stock.
    #[setting(min_length = 1, max_length = 64)]
    pub id: String,
    /// For those who read these settings; shoppers do not see it.
    #[setting(default, max_length = 120)]
    pub name: String,
    /// Latitude and longitude in degrees, as `39.6600,-119.8800`: for distance bands, the nearest location, and emissions.
    pub coordinates: Option<Point>,
    /// Name in the IANA time zone database, as `America/Los_Angeles`.
    pub time_zone: String,
    /// Name of the calendar (in `calendars`) with the days on which orders are packed.
    pub calendar: String,
    /// An order before this time of a working day is handled from that day on.
    pub cut_off: Times,
    /// Working days of handling, the fewest and the most: `0` is sent off on the day itself, `0-1` on it or the next.
    pub handling: Days,
}

/// Which location ships a cart that several could ship.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sourcing {
    /// The first in the list of locations.
    #[default]
    Priority,
    /// The one nearest to the destination, as far as coordinates are known.
    Nearest,
}
