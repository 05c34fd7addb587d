//! Until when something may be asked back: days, months or years from delivery or order, in the shop's calendar days, and the
//! later days that holidays give.
//!
//! The day that a window is counted from is not counted: delivered on the 1st with 30 days, the 31st is the last one. Months and years end
//! on the same date, and on the month's last day where it has no such date (29 February, 31 April), as Regulation (EEC, Euratom)
//! No 1182/71, article 3, has it.
//!
//! What this file must not know: rules, money.

use crate::calendar::Day;

/// What a window is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum From {
    #[default]
    Delivery,
    Order,
}

/// How long a window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Days(u16),
    Months(u16),
    Years(u16),
}

/// A time in which a return may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: From,
    pub length: Length,
    /// Whether the policy's extensions make it longer.
    pub extended: bool,
}

impl Length {
    /// The last day, when `first` is the day that is not counted.
    #[must_use]
    pub fn last_day(self, first: Day) -> Day {
        match self {
            Self::Days(days) => first.plus(days.into()),
            Self::Months(months) => months_later(first, months.into()),
            Self::Years(years) => months_later(first, i32::from(years) * 12),
        }
    }

    /// Days, for comparing windows as settings give them: a month counts 31, a year 366.
    #[must_use]
    pub fn at_most_days(self) -> u32 {
        match self {
            Self::Days(days) => days.into(),
            Self::Months(months) => u32::from(months) * 31,
            Self::Years(years) => u32::from(years) * 366,
        }
    }
}

/// The same date so many months later, or that month's last day. Stays at the last day that has a name beyond year 9999.
fn months_later(day: Day, months: i32) -> Day {
    let (year, month, of_month) = day.to_civil();
    let index = year.saturating_mul(12).saturating_add(i32::from(month) - 1).saturating_add(months);
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u8 + 1);
    (28..=of_month.max(28))
        .rev()
        .map(|last| last.min(of_month))
        .find_map(|date| Day::from_civil(year, month, date).ok())
        .unwrap_or(Day(cartwright_contract::answers::LAST_DAY))
}

/// What was bought from one date to another may be asked back until a third: "bought 1 November to 25 December: until 31 January".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    first: (u8, u8),
    last: (u8, u8),
    until: (u8, u8),
    /// Only for what was bought in the season that begins in this year; every year without it.
    year: Option<i32>,
}

/// A month and a day that no year has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchDate {
    pub month: u8,
    pub day: u8,
}

impl core::fmt::Display for NoSuchDate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "month {}, day {} is in no year; give a month of 1 to 12 and one of its days", self.month, self.day)
    }
}

impl core::error::Error for NoSuchDate {}

impl Extension {
    /// Month and day each. A season may run over the turn of the year; `until` is the first such date on or after its end.
    ///
    /// # Errors
    /// A date that no year has. 29 February is taken as the 28th in years without it.
    pub fn new(first: (u8, u8), last: (u8, u8), until: (u8, u8), year: Option<i32>) -> Result<Self, NoSuchDate> {
        for (month, day) in [first, last, until] {
            Day::from_civil(2024, month, day).map_err(|_| NoSuchDate { month, day })?;
        }
        Ok(Self { first, last, until, year })
    }

    /// The last day for what was bought on this day, when that lies in the season.
    #[must_use]
    pub fn until(&self, bought: Day) -> Option<Day> {
        let (year, month, day) = bought.to_civil();
        let date = (month, day);
        let wraps = self.first > self.last;
        let inside =
            if wraps { date >= self.first || date <= self.last } else { (self.first..=self.last).contains(&date) };
        // The year in which the season that holds this day began, and the one in which it ends.
        let began = if wraps && date <= self.last { year - 1 } else { year };
        if !inside || self.year.is_some_and(|only| only != began) {
            return None;
        }
        let ends = began + i32::from(wraps);
        let until = ends + i32::from(self.until < self.last);
        civil(until, self.until)
    }

    /// Days from the season's last day to the extension's.
    #[must_use]
    pub fn days_after_season(&self) -> u32 {
        let (from, to) = (civil(2023, self.last), civil(2023 + i32::from(self.until < self.last), self.until));
        from.zip(to).map_or(0, |(from, to)| to.0.abs_diff(from.0))
    }
}

fn civil(year: i32, (month, day): (u8, u8)) -> Option<Day> {
    let day_of = |day| Day::from_civil(year, month, day).ok();
    day_of(day).or_else(|| day_of(28).filter(|_| month == 2))
}

/// The days that a return is judged by, in the shop's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub ordered: Day,
    /// Known, or assumed by the policy.
    pub delivered: Option<Day>,
    pub asked: Day,
}

/// What a window says of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Asked for in time; the last day, when there is one.
    Open { until: Option<Day>, extended: bool },
    /// Asked for after the last day.
    Closed { until: Day },
    /// Counted from a delivery that nobody knows.
    NotDelivered,
}

/// Judges the days against a window; `None` is any time.
#[must_use]
pub fn timing(window: Option<&Window>, extensions: &[Extension], days: &Days) -> Timing {
    let Some(window) = window else { return Timing::Open { until: None, extended: false } };
    let first = match window.from {
        From::Order => days.ordered,
        From::Delivery => match days.delivered {
            Some(day) => day,
            None => return Timing::NotDelivered,
        },
    };
    let plain = window.length.last_day(first);
    let later =
        extensions.iter().filter(|_| window.extended).filter_map(|extension| extension.until(days.ordered)).max();
    let until = later.map_or(plain, |later| later.max(plain));
    if days.asked > until {
        Timing::Closed { until }
    } else {
        Timing::Open { until: Some(until), extended: until > plain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u8, of_month: u8) -> Day {
        Day::from_civil(year, month, of_month).unwrap()
    }

    fn days(ordered: Day, delivered: Option<Day>, asked: Day) -> Days {
        Days { ordered, delivered, asked }
    }

    const THIRTY: Window = Window { from: From::Delivery, length: Length::Days(30), extended: true };

    #[test]
    fn the_day_of_delivery_is_not_counted_and_the_last_day_is() {
        let delivered = day(2026, 11, 1);
        let judge = |asked| timing(Some(&THIRTY), &[], &days(delivered, Some(delivered), asked));
        assert_eq!(judge(day(2026, 12, 1)), Timing::Open { until: Some(day(2026, 12, 1)), extended: false });
        assert_eq!(judge(day(2026, 12, 2)), Timing::Closed { until: day(2026, 12, 1) });
    }

    #[test]
    fn months_and_years_end_on_the_same_date_or_the_months_last_day() {
        assert_eq!(Length::Years(1).last_day(day(2027, 3, 5)), day(2028, 3, 5));
        assert_eq!(Length::Years(1).last_day(day(2028, 2, 29)), day(2029, 2, 28));
        assert_eq!(Length::Years(4).last_day(day(2028, 2, 29)), day(2032, 2, 29));
        assert_eq!(Length::Months(1).last_day(day(2027, 1, 31)), day(2027, 2, 28));
        assert_eq!(Length::Months(1).last_day(day(2028, 1, 31)), day(2028, 2, 29));
        assert_eq!(Length::Months(3).last_day(day(2026, 11, 30)), day(2027, 2, 28));
        assert_eq!(Length::Months(6).last_day(day(2026, 10, 31)), day(2027, 4, 30));
    }

    #[test]
    fn what_was_bought_before_christmas_may_come_back_until_the_end_of_january() {
        let season = Extension::new((11, 1), (12, 25), (1, 31), None).unwrap();
        assert_eq!(season.until(day(2026, 11, 1)), Some(day(2027, 1, 31)));
        assert_eq!(season.until(day(2026, 12, 25)), Some(day(2027, 1, 31)));
        assert_eq!(season.until(day(2026, 12, 26)), None);
        assert_eq!(season.until(day(2026, 10, 31)), None);
        let judge =
            |delivered, asked| timing(Some(&THIRTY), &[season], &days(day(2026, 11, 2), Some(delivered), asked));
        let extended = Timing::Open { until: Some(day(2027, 1, 31)), extended: true };
        assert_eq!(judge(day(2026, 11, 5), day(2027, 1, 31)), extended);
        assert_eq!(judge(day(2026, 11, 5), day(2027, 2, 1)), Timing::Closed { until: day(2027, 1, 31) });
        // A late delivery's own thirty days are longer than the extension.
        assert_eq!(
            judge(day(2027, 1, 20), day(2027, 2, 19)),
            Timing::Open { until: Some(day(2027, 2, 19)), extended: false }
        );
    }

    #[test]
    fn a_season_may_run_over_the_turn_of_the_year_and_hold_once_only() {
        let season = Extension::new((12, 20), (1, 6), (2, 29), Some(2026)).unwrap();
        assert_eq!(season.until(day(2026, 12, 31)), Some(day(2027, 2, 28)));
        assert_eq!(season.until(day(2027, 1, 6)), Some(day(2027, 2, 28)));
        assert_eq!(season.until(day(2027, 12, 31)), None);
        assert_eq!(season.until(day(2026, 1, 3)), None, "that is the season of 2025");
        assert_eq!(season.days_after_season(), 53);
    }

    #[test]
    fn a_window_that_leaves_extensions_out_is_not_extended() {
        let season = Extension::new((11, 1), (12, 25), (1, 31), None).unwrap();
        let window = Window { extended: false, ..THIRTY };
        let bought = day(2026, 11, 2);
        let timing = timing(Some(&window), &[season], &days(bought, Some(bought), day(2026, 12, 24)));
        assert_eq!(timing, Timing::Closed { until: day(2026, 12, 2) });
    }

    #[test]
    fn an_unknown_delivery_and_a_date_of_no_year_are_told() {
        let bought = day(2026, 11, 2);
        assert_eq!(timing(Some(&THIRTY), &[], &days(bought, None, bought)), Timing::NotDelivered);
        assert_eq!(timing(None, &[], &days(bought, None, bought)), Timing::Open { until: None, extended: false });
        assert_eq!(Extension::new((2, 30), (3, 1), (4, 1), None), Err(NoSuchDate { month: 2, day: 30 }));
    }

    proptest! {
        #[test]
        fn months_agree_with_jiff(first in 0i32..60_000, months in 0u16..600) {
            let theirs = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(first)).unwrap();
            let theirs = theirs.checked_add(jiff::Span::new().months(months)).unwrap();
            let theirs = (theirs - jiff::civil::date(1970, 1, 1)).get_days();
            prop_assert_eq!(Length::Months(months).last_day(Day(first)), Day(theirs));
        }

        #[test]
        fn a_later_purchase_or_a_longer_window_never_ends_earlier(first in 0i32..60_000, later in 0i32..400, length in 0u16..400) {
            for (short, long) in [
                (Length::Days(length), Length::Days(length + 1)),
                (Length::Months(length), Length::Months(length + 1)),
                (Length::Years(length), Length::Years(length + 1)),
            ] {
                prop_assert!(short.last_day(Day(first)) <= short.last_day(Day(first + later)));
                prop_assert!(short.last_day(Day(first)) <= long.last_day(Day(first)));
            }
        }
    }
}
