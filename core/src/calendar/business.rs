//! Business days: which weekdays are worked, less the holidays; adding and counting them.
//!
//! A calendar is a set of weekdays and the sorted days off that fall on them. The number of working days before a day is then
//! arithmetic on weeks less a place in that list, so that both questions (the how-manieth working day is this, which is the
//! n-th) take one binary search however far they reach. Carts ask for days that are near, so the same is also kept as one bit a
//! day, in which a step of some days is a few instructions in one or two words.
//!
//! What this file must not know: clocks and zones, whose calendar it is.

#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "places in lists that fit the memory, and remainders, which are not negative"
)]

use crate::wire::{Reader, Wire, Writer};

use super::{Day, END_DAY, FIRST_DAY, FIRST_YEAR, LAST_YEAR, Weekday};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// A set of weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    pub const NONE: Self = Self(0);
    pub const MONDAY_TO_FRIDAY: Self = Self(0b001_1111);
    pub const MONDAY_TO_SATURDAY: Self = Self(0b011_1111);
    pub const EVERY_DAY: Self = Self(0b111_1111);

    /// The set with this day in it.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Self {
        Self(self.0 | 1 << day.index())
    }

    pub const fn contains(self, day: Weekday) -> bool {
        self.0 >> day.index() & 1 == 1
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        days.into_iter().fold(Self::NONE, Self::with)
    }
}

/// A day, or one day in every year, on which nobody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    /// That one day.
    Once(Day),
    /// From the first day to the last, both included: stock-taking, a works holiday. At most 10 000 days.
    Run { first: Day, last: Day },
    /// The same date each year. 29 February exists in leap years only.
    Yearly { month: u8, day: u8 },
    /// The `nth` such weekday of a month: 1 to 5 from its beginning, -1 to -5 from its end (-1 is the last). In a year whose
    /// month has no fifth one there is no holiday.
    Nth { month: u8, nth: i8, weekday: Weekday },
}

/// Why a calendar cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarError {
    /// No weekday is worked, or holidays take every worked weekday of the years that are spelled out.
    NoWorkingDay,
    /// The yearly date of `holidays[index]` is in no year's calendar.
    NoSuchDate { index: usize, month: u8, day: u8 },
    /// The rule of `holidays[index]` names no month, or no place in it.
    NoSuchNth { index: usize, month: u8, nth: i8 },
    /// The run of `holidays[index]` ends before it begins, or is longer than 10 000 days.
    WrongRun { index: usize, first: Day, last: Day },
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoWorkingDay => {
                f.write_str("the calendar has no working day: name at least one weekday that holidays leave free")
            }
            Self::NoSuchDate { index, month, day } => {
                write!(
                    f,
                    "holiday {index} is month {month}, day {day}, which no year has: give a month of 1 to 12 and one of its days"
                )
            }
            Self::NoSuchNth { index, month, nth } => write!(
                f,
                "holiday {index} is number {nth} in month {month}: the month must be 1 to 12, the number 1 to 5, or -1 to -5 from the end"
            ),
            Self::WrongRun { index, first, last } => {
                let ((y1, m1, d1), (y2, m2, d2)) = (first.to_civil(), last.to_civil());
                write!(
                    f,
                    "holiday {index} runs from {y1:04}-{m1:02}-{d1:02} to {y2:04}-{m2:02}-{d2:02}: it must end on or after its first day and have at most {LONGEST_RUN} days"
                )
            }
        }
    }
}

impl core::error::Error for CalendarError {}

/// Long enough for any closure, short enough that a slip of the pen does not fill the memory.
const LONGEST_RUN: i64 = 10_000;

/// Which days are worked on.
///
/// Yearly holidays hold from [`FIRST_YEAR`] to [`LAST_YEAR`]; before and after, only weekdays and one-off days count. Results
/// that lie beyond the days that [`Day`] can name stay at its last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    weekdays: Weekdays,
    /// The worked weekdays in order, by their index; the first `per_week` count.
    worked: [u8; 7],
    per_week: u8,
    /// Sorted, each once, only days that would be worked otherwise.
    off: Box<[i32]>,
    /// One bit for each day from 1 January of [`FIRST_YEAR`] on, lowest bit first, set when it is worked; to the end of
    /// [`LAST_YEAR`] or a little further.
    near: Box<[u64]>,
}

impl Calendar {
    /// Works on `weekdays` but not on `holidays`, which may stand in any order and overlap.
    ///
    /// # Errors
    /// [`CalendarError`]: no working day is left, or a holiday (named by its index) exists in no year.
    pub fn new(weekdays: Weekdays, holidays: &[Holiday]) -> Result<Self, CalendarError> {
        let mut off = Vec::new();
        for (index, &holiday) in holidays.iter().enumerate() {
            spell_out(index, holiday, &mut off)?;
        }
        Self::from_days(weekdays, off)
    }

    /// Every day is a working day.
    pub fn every_day() -> Self {
        let near = near(Weekdays::EVERY_DAY, &[]);
        Self { weekdays: Weekdays::EVERY_DAY, worked: [0, 1, 2, 3, 4, 5, 6], per_week: 7, off: Box::default(), near }
    }

    /// The days on which both work: what a location packs and a carrier fetches.
    ///
    /// # Errors
    /// [`CalendarError::NoWorkingDay`] when there is none.
    pub fn both(&self, other: &Self) -> Result<Self, CalendarError> {
        let off = self.off.iter().chain(&other.off).copied().collect();
        Self::from_days(Weekdays(self.weekdays.0 & other.weekdays.0), off)
    }

    /// This calendar with further holidays: a season's blackout days.
    ///
    /// # Errors
    /// As [`Self::new`]; the index is that of `holidays` here.
    pub fn without(&self, holidays: &[Holiday]) -> Result<Self, CalendarError> {
        let mut off = self.off.to_vec();
        for (index, &holiday) in holidays.iter().enumerate() {
            spell_out(index, holiday, &mut off)?;
        }
        Self::from_days(self.weekdays, off)
    }

    fn from_days(weekdays: Weekdays, mut off: Vec<i32>) -> Result<Self, CalendarError> {
        let mut worked = [0; 7];
        let mut per_week = 0;
        for day in Weekday::ALL.into_iter().filter(|&day| weekdays.contains(day)) {
            worked[usize::from(per_week)] = day as u8;
            per_week += 1;
        }
        if per_week == 0 {
            return Err(CalendarError::NoWorkingDay);
        }
        off.retain(|&day| weekdays.contains(Day(day).weekday()));
        crate::sort::by(&mut off, |a, b| a < b);
        off.dedup();
        let near = near(weekdays, &off);
        let calendar = Self { weekdays, worked, per_week, off: off.into_boxed_slice(), near };
        if calendar.count_between(FIRST_DAY, END_DAY) == 0 {
            return Err(CalendarError::NoWorkingDay);
        }
        Ok(calendar)
    }

    /// Writes the weekdays, and the days off from `first` to `last`: what a reader knows of it is right within them.
    pub(crate) fn write_within(&self, first: Day, last: Day, to: &mut Writer) {
        self.weekdays.write(to);
        let from = self.off.partition_point(|&off| off < first.0);
        let until = self.off.partition_point(|&off| off <= last.0);
        let off = &self.off[from..until.max(from)];
        to.unsigned(off.len() as u64);
        let mut before = first.0;
        for &day in off {
            to.unsigned(u64::from(day.abs_diff(before)));
            before = day;
        }
    }

    /// What [`Self::write_within`] wrote, with the same `first`.
    pub(crate) fn read_from(first: Day, from: &mut Reader<'_>) -> Option<Self> {
        let weekdays = Weekdays::read(from)?;
        let mut day = first.0;
        let mut off = Vec::new();
        for _ in 0..from.length()? {
            day = day.checked_add_unsigned(u32::read(from)?)?;
            off.push(day);
        }
        Self::from_days(weekdays, off).ok()
    }

    pub fn is_working(&self, day: Day) -> bool {
        match near_place(day).and_then(|(word, bit)| Some(self.near.get(word)? >> bit & 1)) {
            Some(worked) => worked == 1,
            None => self.weekdays.contains(day.weekday()) && self.off.binary_search(&day.0).is_err(),
        }
    }

    /// The day itself when it is worked, else the first one after it that is.
    #[must_use]
    pub fn next_working_on_or_after(&self, day: Day) -> Day {
        self.add_working_days(day, 0)
    }

    /// The `n`-th working day after the first working day on or after `day`: 0 is that first one itself. So Saturday plus one
    /// is Tuesday where Monday is worked: what arrives on Saturday begins on Monday.
    #[must_use]
    pub fn add_working_days(&self, day: Day, n: u32) -> Day {
        self.add_near(day, n).unwrap_or_else(|| self.add_far(day, n))
    }

    /// As [`Self::add_working_days`], when the answer is in the first [`NEAR_WORDS`] words.
    fn add_near(&self, day: Day, n: u32) -> Option<Day> {
        let (word, bit) = near_place(day)?;
        let mut left = n;
        let mut passed = u64::MAX << bit;
        for word in word..word + NEAR_WORDS {
            let mut worked = self.near.get(word)? & passed;
            passed = u64::MAX;
            let count = worked.count_ones();
            if left < count {
                for _ in 0..left {
                    worked &= worked - 1;
                }
                // `near` has some hundred words, so that no day in it is anywhere near the type's end.
                return Some(Day(FIRST_DAY.0 + word as i32 * 64 + worked.trailing_zeros() as i32));
            }
            left -= count;
        }
        None
    }

    /// As [`Self::add_working_days`], by search in the list of days off, however far it is.
    fn add_far(&self, day: Day, n: u32) -> Day {
        let off_before = self.off.partition_point(|&off| off < day.0);
        // Places are counted as if no day were off; every day off that is passed moves the wanted place by one. The i-th day
        // off from here (from 0) is passed when its own place, less the i before it, is not beyond the wanted one.
        let wanted = self.weekly_rank(day.0) + i64::from(n);
        let later = &self.off[off_before..];
        let skipped = partition(later.len(), |i| self.weekly_rank(later[i]) - i as i64 <= wanted);
        self.weekly_day(wanted + skipped as i64)
    }

    /// Working days from `from` (included) to `to` (excluded); negative when `to` lies before `from`.
    pub fn count_between(&self, from: Day, to: Day) -> i64 {
        self.rank(to) - self.rank(from)
    }

    /// Working days before `day`, counted from a fixed Monday.
    fn rank(&self, day: Day) -> i64 {
        self.weekly_rank(day.0) - self.off.partition_point(|&off| off < day.0) as i64
    }

    /// Worked weekdays before `day`, counted from Monday 1969-12-29, holidays not heeded.
    fn weekly_rank(&self, day: i32) -> i64 {
        let days = i64::from(day) + 3;
        let (week, weekday) = (days.div_euclid(7), days.rem_euclid(7));
        let before = self.weekdays.0 & !(u8::MAX << weekday);
        week * i64::from(self.per_week) + i64::from(before.count_ones())
    }

    /// The day of which [`Self::weekly_rank`] is `rank` and which is a worked weekday.
    fn weekly_day(&self, rank: i64) -> Day {
        let per_week = i64::from(self.per_week);
        let (week, place) = (rank.div_euclid(per_week), rank.rem_euclid(per_week));
        let day = week * 7 + i64::from(self.worked[place as usize]) - 3;
        Day(day.clamp(i32::MIN.into(), i32::MAX.into()) as i32)
    }
}

/// How many of the indexes 0 to `len` - 1 hold, when those that hold come first.
fn partition(len: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Half a year of days: what lies further is found faster by search.
const NEAR_WORDS: usize = 3;

/// The word and the bit of this day in `near`, when it is not before them all.
fn near_place(day: Day) -> Option<(usize, u32)> {
    let place = u32::try_from(day.0.checked_sub(FIRST_DAY.0)?).ok()?;
    Some(((place / 64) as usize, place % 64))
}

/// One bit a day.
fn near(weekdays: Weekdays, off: &[i32]) -> Box<[u64]> {
    let words = (END_DAY.0 - FIRST_DAY.0) as usize / 64 + 1;
    // The week over and over; a word holds nine of them and a day, so that each begins one weekday later than the one before.
    let weeks = (0..18).fold(0u128, |weeks, _| weeks << 7 | u128::from(weekdays.0));
    let first = FIRST_DAY.weekday().index();
    let mut near: Box<[u64]> = (0..words).map(|word| (weeks >> ((first + word) % 7)) as u64).collect();
    for &day in off {
        if let Some((word, bit)) = near_place(Day(day))
            && let Some(word) = near.get_mut(word)
        {
            *word &= !(1 << bit);
        }
    }
    near
}

/// Appends the days of one holiday.
fn spell_out(index: usize, holiday: Holiday, off: &mut Vec<i32>) -> Result<(), CalendarError> {
    let years = FIRST_YEAR..=LAST_YEAR;
    match holiday {
        Holiday::Once(day) => off.push(day.0),
        Holiday::Run { first, last } => {
            let length = i64::from(last.0) - i64::from(first.0) + 1;
            if !(1..=LONGEST_RUN).contains(&length) {
                return Err(CalendarError::WrongRun { index, first, last });
            }
            off.extend(first.0..=last.0);
        }
        Holiday::Yearly { month, day } => {
            // 2000 was a leap year: what it has not, no year has.
            if Day::from_civil(2000, month, day).is_err() {
                return Err(CalendarError::NoSuchDate { index, month, day });
            }
            off.extend(years.filter_map(|year| Day::from_civil(year, month, day).ok()).map(|day| day.0));
        }
        Holiday::Nth { month, nth, weekday } => {
            if !(1..=12).contains(&month) || !(1..=5).contains(&nth.unsigned_abs()) {
                return Err(CalendarError::NoSuchNth { index, month, nth });
            }
            off.extend(years.filter_map(|year| nth_weekday(year, month, nth, weekday)).map(|day| day.0));
        }
    }
    Ok(())
}

/// See [`Holiday::Nth`].
pub(super) fn nth_weekday(year: i32, month: u8, nth: i8, weekday: Weekday) -> Option<Day> {
    let weeks = i32::from(nth.unsigned_abs()) - 1;
    let wanted = weekday as i32;
    let day = if nth > 0 {
        let first = Day::from_civil(year, month, 1).ok()?;
        first.plus((wanted - first.weekday() as i32).rem_euclid(7) + 7 * weeks)
    } else {
        let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let last = Day::from_civil(next_year, next_month, 1).ok()?.plus(-1);
        last.plus(-(last.weekday() as i32 - wanted).rem_euclid(7) - 7 * weeks)
    };
    (day.to_civil().1 == month).then_some(day)
}

crate::wire::wire_newtype!(Weekdays);
