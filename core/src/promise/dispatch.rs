//! How a location works: until when an order is handled on the same day, how long that takes, when the carrier comes.
//!
//! What this file must not know: carriers' transit times and where the parcel goes.

use super::transit::MOST_DAYS;
use crate::calendar::{Calendar, CalendarError, Day, Holiday, Instant, LocalTime, Weekday, Weekdays, Zone};
use alloc::boxed::Box;
use alloc::vec::Vec;
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
    schedule: Schedule,
    pub(super) calendar: Calendar,
    pub(super) handling: (u16, u16),
}

/// When the cut-offs are.
#[derive(Debug, Clone)]
enum Schedule {
    /// By the location's clock, for ever.
    Clock { zone: Zone, cut_offs: WeeklyTimes },
    /// Spelled out as instants for some days, ascending: what is known where there is no time-zone data.
    SpelledOut(Box<[(Day, Instant)]>),
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
        Ok(Self { schedule: Schedule::Clock { zone, cut_offs }, calendar, handling: (min, max) })
    }

    /// The same way of working as far as cut-offs tell: `cut_offs` are the days that are handled and the instants until which orders
    /// make them, ascending, as [`Self::cut_offs`] gives them. Promises are the same, but for `ship_by`, which is not known and 0.
    pub(crate) fn spelled_out(cut_offs: Box<[(Day, Instant)]>, calendar: Calendar, handling: (u16, u16)) -> Self {
        Self { schedule: Schedule::SpelledOut(cut_offs), calendar, handling }
    }

    /// The cut-offs that govern orders of the moments `from <= at < until`, each with the day from which such orders are handled.
    pub(crate) fn cut_offs(&self, from: Instant, until: Instant) -> Vec<(Day, Instant)> {
        let mut all = Vec::new();
        let mut at = from;
        while at < until {
            let Some((day, cut_off)) = self.governing(at).filter(|(_, cut_off)| *cut_off > at) else { break };
            all.push((day, cut_off));
            at = cut_off;
        }
        all
    }

    /// With days on which this location sends nothing off, besides its holidays. Comes before [`PickUp::new`].
    ///
    /// # Errors
    /// [`DispatchError::Blackout`], with the index among `days`.
    pub fn with_blackout(mut self, days: &[Holiday]) -> Result<Self, DispatchError> {
        self.calendar = self.calendar.without(days).map_err(DispatchError::Blackout)?;
        Ok(self)
    }

    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Working days, at least and at most.
    pub(crate) fn handling(&self) -> (u16, u16) {
        self.handling
    }

    /// The day from which an order of this instant is handled, and the cut-off that it made: the first working day whose
    /// cut-off is still to come. `None` where the days that are spelled out have ended.
    pub(super) fn governing(&self, at: Instant) -> Option<(Day, Instant)> {
        let (zone, cut_offs) = match &self.schedule {
            Schedule::Clock { zone, cut_offs } => (zone, cut_offs),
            Schedule::SpelledOut(days) => {
                return days.get(days.partition_point(|(_, cut_off)| *cut_off <= at)).copied();
            }
        };
        let cut_off = |day: Day| zone.to_utc(day, cut_offs.at(day.weekday()));
        let (today, _) = zone.to_local(at);
        let mut day = self.calendar.next_working_on_or_after(today);
        let mut next = cut_off(day);
        // Once for an order after today's cut-off. Once more only where a clock is put back over midnight, and tomorrow's
        // cut-off of 00:00 is past before today ends for the second time.
        for _ in 0..3 {
            if at < next {
                break;
            }
            day = self.calendar.next_working_on_or_after(day.plus(1));
            next = cut_off(day);
        }
        Some((day, next))
    }

    /// The instant at which the location's clock shows this; 0 where there is no clock.
    pub(super) fn instant(&self, day: Day, time: LocalTime) -> Instant {
        match &self.schedule {
            Schedule::Clock { zone, .. } => zone.to_utc(day, time),
            Schedule::SpelledOut(_) => Instant(0),
        }
    }
}

/// When one carrier fetches parcels at one location: the days on which both work, and the time of each weekday.
///
/// A location without it hands over on each of its working days until midnight.
#[derive(Debug, Clone)]
pub struct PickUp {
    pub(super) calendar: Calendar,
    pub(super) times: WeeklyTimes,
    /// The weekdays on which the carrier comes before the cut-off, so that an order of that day waits for the next one.
    pub(super) before_cut_off: Weekdays,
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
        let before_cut_off = match &dispatch.schedule {
            Schedule::Clock { cut_offs, .. } => {
                Weekday::ALL.into_iter().filter(|&day| times.at(day) < cut_offs.at(day)).collect()
            }
            Schedule::SpelledOut(_) => Weekdays::NONE,
        };
        Ok(Self { calendar: dispatch.calendar.both(carrier)?, times, before_cut_off })
    }

    /// As far as it is known where there is no clock.
    pub(crate) fn spelled_out(calendar: Calendar, before_cut_off: Weekdays) -> Self {
        Self { calendar, times: WeeklyTimes::daily(LocalTime::END_OF_DAY), before_cut_off }
    }
    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    pub(crate) fn before_cut_off(&self) -> Weekdays {
        self.before_cut_off
    }
}
