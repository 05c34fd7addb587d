//! Days, instants and times of day as plain numbers, and the civil (Gregorian) names of days.
//!
//! What this file must not know: zones, holidays, opening hours.

use core::fmt;

/// Seconds in a day; the contract counts no leap seconds.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// A moment: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub i64);

/// A calendar day: days since 1970-01-01. Every value is a day of the proleptic Gregorian calendar.
///
/// ```
/// use cartwright_core::calendar::{Day, Weekday};
///
/// let leap_day = Day::from_civil(2028, 2, 29)?;
/// assert_eq!(leap_day, Day(21_243));
/// assert_eq!(leap_day.weekday(), Weekday::Tuesday);
/// assert_eq!(leap_day.to_civil(), (2028, 2, 29));
/// assert!(Day::from_civil(2027, 2, 29).is_err());
/// # Ok::<(), cartwright_core::calendar::NoSuchDay>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

/// Days of the week, counted from Monday as in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A time of day on a location's clock: seconds after midnight, 00:00:00 to 24:00:00. The last is midnight at the day's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LocalTime(u32);

/// Year, month and day that the Gregorian calendar does not have, or a year outside -9999 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchDay {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

/// Hour, minute and second that no day has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchTime {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl Day {
    /// The day with this civil date. Algorithm: days from civil, Howard Hinnant, "chrono-compatible low-level date algorithms".
    ///
    /// # Errors
    /// [`NoSuchDay`] for a month outside 1 to 12, a day that this month does not have, a year outside -9999 to 9999.
    pub const fn from_civil(year: i32, month: u8, day: u8) -> Result<Self, NoSuchDay> {
        if year < -9999 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) {
            return Err(NoSuchDay { year, month, day });
        }
        // Years begin in March here, so that the leap day is a year's last.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (month as i32 + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Ok(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month (1 to 12) and day of the month (1 to 31). The inverse of [`Self::from_civil`], defined for every day.
    #[expect(clippy::cast_sign_loss, reason = "month and day are 1 and more")]
    pub const fn to_civil(self) -> (i32, u8, u8) {
        let days = self.0 as i64 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as i32, month as u8, day as u8)
    }

    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[(self.0 as i64 + 3).rem_euclid(7) as usize]
    }

    /// So many days later (earlier when negative); stays at the last (first) day that the type can name.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

/// 0 for a month that does not exist.
const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

impl Weekday {
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// 0 for Monday to 6 for Sunday.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl LocalTime {
    pub const MIDNIGHT: Self = Self(0);
    /// Midnight at the end of the day.
    pub const END_OF_DAY: Self = Self(86_400);

    /// 00:00:00 to 23:59:59, or 24:00:00 for the end of the day.
    ///
    /// # Errors
    /// [`NoSuchTime`] for anything else.
    pub const fn new(hour: u8, minute: u8, second: u8) -> Result<Self, NoSuchTime> {
        let seconds = hour as u32 * 3_600 + minute as u32 * 60 + second as u32;
        if minute > 59 || second > 59 || seconds > 86_400 {
            return Err(NoSuchTime { hour, minute, second });
        }
        Ok(Self(seconds))
    }

    /// So many seconds after midnight, or `None` above 86 400.
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        if seconds > 86_400 { None } else { Some(Self(seconds)) }
    }

    /// Seconds after midnight on the clock, 0 to 86 400.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        write!(f, "{year:04}-{month:02}-{day:02} is no day: the year must be -9999 to 9999, the month 1 to 12, ")?;
        match days_in_month(*year, *month) {
            0 => f.write_str("and the day one that the month has"),
            last => write!(f, "and that month's days are 1 to {last}"),
        }
    }
}

impl core::error::Error for NoSuchDay {}

impl fmt::Display for NoSuchTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hour, minute, second } = self;
        write!(f, "{hour:02}:{minute:02}:{second:02} is no time of day: it must be 00:00:00 to 23:59:59, or 24:00:00")
    }
}

impl core::error::Error for NoSuchTime {}

crate::wire::wire_newtype!(Day, Instant);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn only_days_of_the_gregorian_calendar_have_a_number() {
        assert_eq!(Day::from_civil(1970, 1, 1), Ok(Day(0)));
        assert_eq!(Day::from_civil(2000, 2, 29), Ok(Day(11_016)));
        for (year, month, day) in
            [(1900, 2, 29), (2026, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0)]
        {
            assert_eq!(Day::from_civil(year, month, day), Err(NoSuchDay { year, month, day }));
        }
        assert!(Day::from_civil(i32::MAX, 1, 1).is_err() && Day::from_civil(i32::MIN, 1, 1).is_err());
        assert_eq!(
            Day::from_civil(2026, 2, 30).unwrap_err().to_string(),
            "2026-02-30 is no day: the year must be -9999 to 9999, the month 1 to 12, and that month's days are 1 to 28"
        );
    }

    #[test]
    fn the_ends_of_the_type_are_days_too() {
        for day in [Day(i32::MIN), Day(i32::MAX)] {
            let (_, month, of_month) = day.to_civil();
            assert!((1..=12).contains(&month) && (1..=31).contains(&of_month));
            let _ = day.weekday();
        }
        assert_eq!(Day(i32::MAX).plus(1), Day(i32::MAX));
    }

    #[test]
    fn a_time_of_day_ends_at_24_hours() {
        assert_eq!(LocalTime::new(24, 0, 0), Ok(LocalTime::END_OF_DAY));
        assert!(
            LocalTime::new(24, 0, 1).is_err()
                && LocalTime::new(12, 60, 0).is_err()
                && LocalTime::new(1, 0, 60).is_err()
        );
        assert!(LocalTime::new(255, 255, 255).is_err() && LocalTime::from_seconds(86_401).is_none());
    }

    proptest! {
        #[test]
        fn civil_dates_agree_with_jiff(days in -4_371_587i32..=2_932_896) {
            let (year, month, day) = Day(days).to_civil();
            let theirs = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            prop_assert_eq!((year, month, day), (theirs.year().into(), theirs.month().cast_unsigned(), theirs.day().cast_unsigned()));
            prop_assert_eq!(Day::from_civil(year, month, day), Ok(Day(days)));
            prop_assert_eq!(Day(days).weekday().index(), usize::from(theirs.weekday().to_monday_zero_offset().cast_unsigned()));
        }
    }
}
