//! How a location works: until when an order is handled on the same day, how long that takes, when the carrier comes.
//!
//! What this file must not know: carriers' transit times and where the parcel goes.

use super::transit::MOST_DAYS;
use crate::calendar::{Calendar, CalendarError, Day, Holiday, Instant, LocalTime, Weekday, Zone};
use core::fmt;

/// A time of day for each day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklyTimes([LocalTime; 7]);

impl WeeklyTimes {
    /// The same time every day.
    pub const fn daily(time: LocalTime) -> Self {
        Self([time; 7])
    }

    /// With another time on this weekday.
    #[must_use]
    pub const fn on(mut self, day: Weekday, time: LocalTime) -> Self {
        self.0[day.index()] = time;
        self
    }

    pub const fn at(self, day: Weekday) -> LocalTime {
        self.0[day.index()]
    }
}

/// How a fulfilment location sends orders off.
///
/// An order that comes in **before** the cut-off of a working day is handled from that day on, one that comes at the cut-off or
/// later from the next working day. Handling is counted in working days of the location: 0 is sent off the same day. Who
/// handles in hours moves the cut-off that many hours before the pick-up instead.
#[derive(Debug, Clone)]
pub struct Dispatch {
    pub(super) zone: Zone,
    pub(super) calendar: Calendar,
    pub(super) cut_offs: WeeklyTimes,
    pub(super) handling: (u16, u16),
}

/// Why a location's way of working makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DispatchError {
    /// The fewest days of handling are more than the most.
    MinAboveMax { min: u16, max: u16 },
    /// More than [`MOST_DAYS`] days of handling.
    TooManyDays { days: u16 },
    /// The blackout days are wrong, or leave no working day.
    Blackout(CalendarError),
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MinAboveMax { min, max } => {
                write!(
                    f,
                    "handling takes at least {min} and at most {max} days: the first must not be above the second"
                )
            }
            Self::TooManyDays { days } => write!(f, "handling takes {days} days: it must be 0 to {MOST_DAYS}"),
            Self::Blackout(error) => write!(f, "among the blackout days: {error}"),
        }
    }
}

impl core::error::Error for DispatchError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Blackout(error) => Some(error),
            _ => None,
        }
    }
}

impl Dispatch {
    /// A location on this clock that works on this calendar's days, with the cut-off of each weekday and at least `min` to at
    /// most `max` working days of handling.
    ///
    /// # Errors
    /// [`DispatchError::MinAboveMax`], [`DispatchError::TooManyDays`].
    pub fn new(
        zone: Zone,
        calendar: Calendar,
        cut_offs: WeeklyTimes,
        (min, max): (u16, u16),
    ) -> Result<Self, DispatchError> {
        if min > max {
            return Err(DispatchError::MinAboveMax { min, max });
        }
        if max > MOST_DAYS {
            return Err(DispatchError::TooManyDays { days: max });
        }
        Ok(Self { zone, calendar, cut_offs, handling: (min, max) })
    }

    /// With days on which this location sends nothing off, besides its holidays. Comes before [`PickUp::new`].
    ///
    /// # Errors
    /// [`DispatchError::Blackout`], with the index among `days`.
    pub fn with_blackout(mut self, days: &[Holiday]) -> Result<Self, DispatchError> {
        self.calendar = self.calendar.without(days).map_err(DispatchError::Blackout)?;
        Ok(self)
    }

    /// The day from which an order of this instant is handled, and the cut-off that it made: the first working day whose
    /// cut-off is still to come.
    pub(super) fn governing(&self, at: Instant) -> (Day, Instant) {
        let (today, _) = self.zone.to_local(at);
        let mut day = self.calendar.next_working_on_or_after(today);
        let mut cut_off = self.cut_off(day);
        // Once for an order after today's cut-off. Once more only where a clock is put back over midnight, and tomorrow's
        // cut-off of 00:00 is past before today ends for the second time.
        for _ in 0..3 {
            if at < cut_off {
                break;
            }
            day = self.calendar.next_working_on_or_after(day.plus(1));
            cut_off = self.cut_off(day);
        }
        (day, cut_off)
    }

    fn cut_off(&self, day: Day) -> Instant {
        self.zone.to_utc(day, self.cut_offs.at(day.weekday()))
    }
}

/// When one carrier fetches parcels at one location: the days on which both work, and the time of each weekday.
///
/// A location without it hands over on each of its working days until midnight.
#[derive(Debug, Clone)]
pub struct PickUp {
    pub(super) calendar: Calendar,
    pub(super) times: WeeklyTimes,
}

impl PickUp {
    /// `carrier` is the calendar of the days on which the carrier comes, `times` the location's local time of each weekday by
    /// which parcels must be ready.
    ///
    /// A pick-up before the cut-off of the same day is fine: orders of that day which need no day of handling then wait for the
    /// next pick-up.
    ///
    /// # Errors
    /// [`CalendarError::NoWorkingDay`] when the carrier never comes on a day on which the location works.
    pub fn new(dispatch: &Dispatch, carrier: &Calendar, times: WeeklyTimes) -> Result<Self, CalendarError> {
        Ok(Self { calendar: dispatch.calendar.both(carrier)?, times })
    }
}
