//! Values that a merchant writes as a short text: times, weekdays, holidays, places on the globe, weights, ranges of days.
//!
//! What this file must not know: where in the settings they stand.

use cartwright_core::calendar::{Day, Holiday, LocalTime, Weekday, Weekdays};
use cartwright_core::carton;
use cartwright_core::geo::Position;
use cartwright_core::rate::{BillingStep, DimensionalDivisor};
use cartwright_core::units::Grams;
use cartwright_sdk::contract::Coordinates;
use cartwright_sdk::prelude::Settings;
use cartwright_sdk::text_setting;
use core::str::FromStr;

/// An amount of money that must not be negative.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price(#[setting(minimum = 0, maximum = 1_000_000_000_000, unit = "minor-units")] pub i64);

/// A time of day, `14:00`.
#[derive(Debug, Clone, Copy)]
pub struct Time(pub LocalTime);

impl FromStr for Time {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (hour, minute) = text.split_once(':').ok_or(())?;
        if minute.len() != 2 {
            return Err(());
        }
        LocalTime::new(number(hour)?, number(minute)?, 0).map(Self).map_err(drop)
    }
}
text_setting!(Time, format: "time", expects: "a time of day on a 24-hour clock, as \"14:00\"");

/// Days of the week, `mon-fri` or `mon,wed,sat`.
#[derive(Debug, Clone, Copy)]
pub struct Week(pub Weekdays);

impl FromStr for Week {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "daily" {
            return Ok(Self(Weekdays::EVERY_DAY));
        }
        let mut week = Weekdays::NONE;
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (weekday(first)?.index(), weekday(last)?.index());
            let days = (last + 7 - first) % 7;
            week = (first..=first + days).fold(week, |week, day| week.with(Weekday::ALL[day % 7]));
        }
        Ok(Self(week))
    }
}
text_setting!(Week, format: "weekdays", expects: "days of the week, as \"mon-fri\", \"mon,wed,sat\" or \"daily\"");

/// A day, a run of days or a yearly day without work.
#[derive(Debug, Clone, Copy)]
pub struct DayOff(pub Holiday);

impl FromStr for DayOff {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some((first, last)) = text.split_once('/') {
            return Ok(Self(Holiday::Run { first: day(first)?, last: day(last)? }));
        }
        if text.len() == 10 {
            return day(text).map(Holiday::Once).map(Self);
        }
        if let Some((month, day)) = text.split_once('-') {
            return Ok(Self(Holiday::Yearly { month: number(month)?, day: number(day)? }));
        }
        let mut words = text.split_ascii_whitespace();
        let (nth, name) = (words.next().ok_or(())?, words.next().ok_or(())?);
        let (of, of_month) = (words.next().ok_or(())?, words.next().ok_or(())?);
        if of != "of" || words.next().is_some() {
            return Err(());
        }
        let nth = match nth {
            "last" => -1,
            "1st" => 1,
            "2nd" => 2,
            "3rd" => 3,
            "4th" => 4,
            "5th" => 5,
            _ => return Err(()),
        };
        Ok(Self(Holiday::Nth { month: month(of_month)?, nth, weekday: weekday(name)? }))
    }
}
text_setting!(DayOff, format: "holiday", expects: "a holiday: a date \"2026-12-24\", a run \"2026-12-24/2027-01-02\", \
    each year \"12-25\", or \"4th thursday of november\", \"last monday of may\"");

/// A point on the globe in degrees, `39.660000,-119.880000`.
#[derive(Debug, Clone, Copy)]
pub struct Point(pub Position);

impl FromStr for Point {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (latitude, longitude) = text.split_once(',').ok_or(())?;
        let point = Coordinates { latitude: micro_degrees(latitude)?, longitude: micro_degrees(longitude)? };
        Position::try_from(point).map(Self).map_err(drop)
    }
}
text_setting!(Point, format: "coordinates", expects: "latitude and longitude in degrees with at most six decimals, as \
    \"39.6600,-119.8800\"");

/// A step that carriers round weights up to, `1 lb`.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub exact: BillingStep,
    /// In whole grams, rounded up: for the choice of boxes.
    pub grams: Grams,
}

impl Step {
    fn new(exact: BillingStep, rounds_up: bool) -> Self {
        Self { exact, grams: Grams(exact.times(1).0 + u64::from(rounds_up)) }
    }
}

impl FromStr for Step {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (count, unit) = text.split_once(' ').ok_or(())?;
        let count: u16 = number(count)?;
        if count == 0 {
            return Err(());
        }
        match unit {
            "g" => Ok(Self::new(BillingStep::grams(count.into()), false)),
            "kg" => Ok(Self::new(BillingStep::grams(u32::from(count) * 1_000), false)),
            "lb" => Ok(Self::new(BillingStep::pounds(count), true)),
            "oz" => Ok(Self::new(BillingStep::ounces(count), true)),
            _ => Err(()),
        }
    }
}
text_setting!(Step, format: "weight-step", expects: "a weight with its unit, as \"1 lb\", \"8 oz\", \"500 g\" or \"1 kg\"");

/// How many units of volume count as one of weight, `139 in3/lb`.
#[derive(Debug, Clone, Copy)]
pub struct Divisor(pub DimensionalDivisor);

impl Divisor {
    /// The same for the choice of boxes.
    pub fn of_box(self) -> carton::Divisor {
        match self.0 {
            DimensionalDivisor::CubicCentimetresPerKilogram(divisor) => {
                carton::Divisor::cubic_centimetres_per_kilogram(divisor)
            }
            DimensionalDivisor::CubicInchesPerPound(divisor) => carton::Divisor::cubic_inches_per_pound(divisor),
        }
    }
}

impl FromStr for Divisor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (divisor, unit) = text.split_once(' ').ok_or(())?;
        let divisor: u32 = number(divisor)?;
        match unit {
            _ if divisor == 0 => Err(()),
            "in3/lb" => Ok(Self(DimensionalDivisor::CubicInchesPerPound(divisor))),
            "cm3/kg" => Ok(Self(DimensionalDivisor::CubicCentimetresPerKilogram(divisor))),
            _ => Err(()),
        }
    }
}
text_setting!(Divisor, format: "dimensional-divisor", expects: "a divisor with its unit, as \"139 in3/lb\" or \"5000 cm3/kg\"");

/// At least and at most so many days, `2-5`, or exactly so many, `3`.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    pub least: u16,
    pub most: u16,
}

impl FromStr for Days {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (least, most) = text.split_once('-').unwrap_or((text, text));
        Ok(Self { least: number(least)?, most: number(most)? })
    }
}
text_setting!(Days, format: "days", expects: "a number of days, as \"3\", or the fewest and the most, as \"2-5\"");

/// Digits only: no sign, no blank.
fn number<T: FromStr>(text: &str) -> Result<T, ()> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().map_err(drop) } else { Err(()) }
}

fn day(text: &str) -> Result<Day, ()> {
    let mut parts = text.splitn(3, '-');
    let mut part = || parts.next().ok_or(());
    let (year, month, day) = (part()?, part()?, part()?);
    Day::from_civil(number(year)?, number(month)?, number(day)?).map_err(drop)
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The place of the name that begins with these three letters or more.
fn named(text: &str, names: &[&str]) -> Result<usize, ()> {
    let text = text.trim().to_ascii_lowercase();
    if text.len() < 3 {
        return Err(());
    }
    names.iter().position(|name| name.starts_with(&*text)).ok_or(())
}

fn weekday(text: &str) -> Result<Weekday, ()> {
    named(text, &WEEKDAYS).map(|index| Weekday::ALL[index])
}

fn month(text: &str) -> Result<u8, ()> {
    named(text, &MONTHS).map(|index| index as u8 + 1)
}

fn micro_degrees(text: &str) -> Result<i32, ()> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || fraction.is_empty() || whole.len() > 3 || fraction.len() > 6 {
        return Err(());
    }
    let scale = 10i32.pow(6 - fraction.len() as u32);
    Ok(sign * (number::<i32>(whole)? * 1_000_000 + number::<i32>(fraction)? * scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads<T: FromStr>(text: &str) -> bool {
        text.parse::<T>().is_ok()
    }

    #[test]
    fn a_week_may_run_over_its_end() {
        let week: Week = "sat-mon".parse().unwrap();
        assert!(
            week.0.contains(Weekday::Sunday) && week.0.contains(Weekday::Monday) && !week.0.contains(Weekday::Friday)
        );
        assert_eq!("mon-fri".parse::<Week>().unwrap().0, Weekdays::MONDAY_TO_FRIDAY);
        assert!(!reads::<Week>("mo-fr") && !reads::<Week>("") && !reads::<Week>("weekday"));
    }

    #[test]
    fn holidays_are_dates_runs_and_yearly_rules() {
        let of = |text: &str| text.parse::<DayOff>().unwrap().0;
        assert_eq!(of("12-25"), Holiday::Yearly { month: 12, day: 25 });
        assert_eq!(of("last monday of may"), Holiday::Nth { month: 5, nth: -1, weekday: Weekday::Monday });
        assert_eq!(of("2026-07-03"), Holiday::Once(Day::from_civil(2026, 7, 3).unwrap()));
        assert!(matches!(of("2026-12-24/2027-01-02"), Holiday::Run { .. }));
        assert!(
            !reads::<DayOff>("2026-13-01") && !reads::<DayOff>("christmas") && !reads::<DayOff>("6th monday of may")
        );
    }

    #[test]
    fn degrees_are_exact() {
        let point = Coordinates::from("39.66,-119.880001".parse::<Point>().unwrap().0);
        assert_eq!(point, Coordinates { latitude: 39_660_000, longitude: -119_880_001 });
        assert!(
            !reads::<Point>("91,0")
                && !reads::<Point>("1.0000001,0")
                && !reads::<Point>("1")
                && !reads::<Point>("--1,0")
        );
    }

    #[test]
    fn weights_and_divisors_name_their_unit() {
        assert_eq!("1 lb".parse::<Step>().unwrap().grams, Grams(454));
        assert_eq!("2 kg".parse::<Step>().unwrap().grams, Grams(2_000));
        assert!(!reads::<Step>("1") && !reads::<Step>("0 g") && !reads::<Step>("1 stone"));
        assert!(reads::<Divisor>("139 in3/lb") && !reads::<Divisor>("139") && !reads::<Divisor>("0 cm3/kg"));
        assert!(reads::<Time>("24:00") && !reads::<Time>("24:01") && !reads::<Time>("2 pm") && !reads::<Time>("14:0"));
    }
}
