//! POSIX `TZ` rules: `EST5EDT,M3.2.0,M11.1.0` and what follows from it.
//!
//! Source: IEEE Std 1003.1-2017, Base Definitions, section 8.3 ("TZ"), with the extension of RFC 9636 section 3.3.1: hours of a
//! change from -167 to 167. Read here and not by a library, because that took more of a plugin's binary than all the rest
//! of the calendar; the tests hold it beside one.
//!
//! What this file must not know: names of zones, how changes are looked up.

use super::day::DAY_SECONDS;
use super::{Day, business::nth_weekday, day::Weekday};
use alloc::vec::Vec;

/// A clock, and what changes it twice a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PosixRule {
    /// Seconds east of UTC.
    standard: i32,
    daylight: Option<Daylight>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Daylight {
    /// Seconds east of UTC.
    offset: i32,
    start: Moment,
    end: Moment,
}

/// When in a year the clock changes, by the clock that is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    date: Date,
    /// From midnight of that date; may lie on another day.
    seconds: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Date {
    /// 1 to 365, 29 February not counted.
    Julian(i32),
    /// 0 to 365, 29 February counted.
    OfYear(i32),
    /// The week is 1 to 5, where 5 is the last one.
    Nth { month: u8, week: i8, weekday: Weekday },
}

impl PosixRule {
    /// `None` for what is not a rule. Daylight saving time without dates, which POSIX leaves to the system, is not one.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut rest = Rest(text);
        rest.abbreviation()?;
        // POSIX counts westwards.
        let standard = -rest.time(24)?;
        if rest.0.is_empty() {
            return Some(Self { standard, daylight: None });
        }
        rest.abbreviation()?;
        let offset = if rest.0.first() == Some(&b',') { standard + 3_600 } else { -rest.time(24)? };
        rest.expect(b',')?;
        let start = rest.moment()?;
        rest.expect(b',')?;
        let end = rest.moment()?;
        rest.0.is_empty().then_some(Self { standard, daylight: Some(Daylight { offset, start, end }) })
    }

    /// Seconds east of UTC outside daylight saving time.
    pub(super) const fn standard(self) -> i32 {
        self.standard
    }

    /// The changes of these years, in order: UTC seconds, and seconds east of UTC from then on.
    pub(super) fn changes(self, years: core::ops::RangeInclusive<i32>) -> Vec<(i64, i32)> {
        let Some(daylight) = self.daylight else { return Vec::new() };
        let mut changes: Vec<(i64, i32)> = Vec::with_capacity(2 * years.clone().count());
        for year in years {
            let start = daylight.start.in_year(year).map(|local| (local - i64::from(self.standard), daylight.offset));
            let end = daylight.end.in_year(year).map(|local| (local - i64::from(daylight.offset), self.standard));
            for change in [start, end].into_iter().flatten() {
                let place = changes.partition_point(|known| known.0 < change.0);
                if changes.get(place).is_some_and(|known| known.0 == change.0) {
                    // An end that is at once a start: so rules write daylight saving time that lasts all year.
                    changes.remove(place);
                } else {
                    changes.insert(place, change);
                }
            }
        }
        changes
    }
}

impl Moment {
    /// Seconds after 1970-01-01T00:00:00 on the clock that is changed.
    fn in_year(self, year: i32) -> Option<i64> {
        let first = Day::from_civil(year, 1, 1).ok()?;
        let day = match self.date {
            Date::OfYear(day) => first.plus(day),
            Date::Julian(day) => {
                let after_february = day > 59;
                let leap = Day::from_civil(year, 2, 29).is_ok();
                first.plus(day - 1 + i32::from(after_february && leap))
            }
            Date::Nth { month, week: 5, weekday } => nth_weekday(year, month, -1, weekday)?,
            Date::Nth { month, week, weekday } => nth_weekday(year, month, week, weekday)?,
        };
        Some(i64::from(day.0) * DAY_SECONDS + i64::from(self.seconds))
    }
}

/// What has not been read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take(&mut self, wanted: u8) -> bool {
        let found = self.0.first() == Some(&wanted);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        self.take(wanted).then_some(())
    }

    /// At least three letters, or at least three letters, digits and signs in angle brackets.
    fn abbreviation(&mut self) -> Option<()> {
        let quoted = self.take(b'<');
        let belongs =
            |byte: &u8| byte.is_ascii_alphabetic() || quoted && (byte.is_ascii_digit() || b"+-".contains(byte));
        let length = self.0.iter().take_while(|byte| belongs(byte)).count();
        self.0 = &self.0[length..];
        if quoted {
            self.expect(b'>')?;
        }
        (length >= 3).then_some(())
    }

    /// At most three digits, and at most `most`.
    fn number(&mut self, most: i32) -> Option<i32> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        let value = digits.iter().take(3).fold(0, |value, digit| value * 10 + i32::from(digit - b'0'));
        ((1..=3).contains(&length) && value <= most).then_some(value)
    }

    /// Minutes or seconds: two digits.
    fn sixtieth(&mut self) -> Option<i32> {
        let before = self.0.len();
        self.number(59).filter(|_| before - self.0.len() == 2)
    }

    /// `[+-]h[:mm[:ss]]` in seconds.
    fn time(&mut self, most_hours: i32) -> Option<i32> {
        let negative = self.take(b'-');
        if !negative {
            self.take(b'+');
        }
        let mut seconds = self.number(most_hours)? * 3_600;
        if self.take(b':') {
            seconds += self.sixtieth()? * 60;
            if self.take(b':') {
                seconds += self.sixtieth()?;
            }
        }
        Some(if negative { -seconds } else { seconds })
    }

    fn moment(&mut self) -> Option<Moment> {
        let date = if self.take(b'M') {
            let month = u8::try_from(self.number(12)?).ok().filter(|&month| month > 0)?;
            self.expect(b'.')?;
            let week = i8::try_from(self.number(5)?).ok().filter(|&week| week > 0)?;
            self.expect(b'.')?;
            // POSIX counts from Sunday.
            let weekday = Weekday::ALL[(usize::try_from(self.number(6)?).ok()? + 6) % 7];
            Date::Nth { month, week, weekday }
        } else if self.take(b'J') {
            Date::Julian(self.number(365).filter(|&day| day > 0)?)
        } else {
            Date::OfYear(self.number(365)?)
        };
        let seconds = if self.take(b'/') { self.time(167)? } else { 7_200 };
        Some(Moment { date, seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn a_rule_is_read_to_its_end_or_not_at_all() {
        let berlin = PosixRule::parse(b"CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        assert_eq!(berlin.standard(), 3_600);
        assert_eq!(berlin.changes(2026..=2026), [(1_774_746_000, 7_200), (1_792_890_000, 3_600)]);
        assert_eq!(PosixRule::parse(b"<-0930>9:30").map(PosixRule::standard), Some(-34_200));
        assert_eq!(PosixRule::parse(b"ABC-24:59:59").map(PosixRule::standard), Some(89_999));
        for wrong in [
            "",
            "EST",
            "E5",
            "<EST5",
            "EST5EDT",
            "EST25",
            "EST5:60",
            "EST5x",
            "EST5EDT,M3.2.0",
            "EST5EDT,M3.2.0,M11.1.0,",
            "EST5EDT,M13.2.0,M11.1.0",
            "EST5EDT,M3.0.0,M11.1.0",
            "EST5EDT,M3.2.7,M11.1.0",
            "EST5EDT,J0,J9",
            "EST5EDT,366,9",
            "EST5EDT,M3.2.0/168,M11.1.0",
            "EST0005",
            "EST5:5",
            "EST5:005",
            "EST--5",
            "EST5EDT,M3.2.0/,M11.1.0",
            "ÄÖÜ1",
        ] {
            assert_eq!(PosixRule::parse(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn the_29th_of_february_is_counted_in_one_way_of_counting_days_and_not_in_the_other() {
        let starts = |date: &str, year| {
            let rule = PosixRule::parse(format!("AAA0BBB,{date}/0,J365").as_bytes()).unwrap();
            Day((rule.changes(year..=year)[0].0 / DAY_SECONDS) as i32).to_civil()
        };
        assert_eq!((starts("J60", 2027), starts("J60", 2028)), ((2027, 3, 1), (2028, 3, 1)));
        assert_eq!((starts("59", 2027), starts("59", 2028)), ((2027, 3, 1), (2028, 2, 29)));
    }

    #[test]
    fn daylight_saving_all_year_round_has_no_changes_within() {
        let rule = PosixRule::parse(b"XXX-2<+01>-1,0/0,J365/23").unwrap();
        assert_eq!(rule.changes(2019..=2030).len(), 2);
    }
}
