//! Values that a merchant writes as a short text: windows, lengths, dates of the year, places on the globe.
//!
//! What this file must not know: where in the settings they stand.

use cartwright_core::geo::Position;
use cartwright_core::returns::window::Length;
use cartwright_sdk::contract::Coordinates;
use cartwright_sdk::prelude::Settings;
use cartwright_sdk::text_setting;
use core::str::FromStr;

/// An amount of money that must not be negative.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price(#[setting(minimum = 0, maximum = 1_000_000_000_000, unit = "minor-units")] pub i64);

/// A share in millionths, from nothing to the whole.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(#[setting(minimum = 0, maximum = 1_000_000, unit = "parts-per-million")] pub i64);

/// A length of time: `30 days`, `6 months`, `1 year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Length);

impl FromStr for Span {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (count, unit) = text.split_once(' ').ok_or(())?;
        let count: u16 = number(count)?;
        Ok(Self(match unit {
            "day" | "days" if count <= 36_500 => Length::Days(count),
            "month" | "months" if count <= 1_200 => Length::Months(count),
            "year" | "years" if count <= 100 => Length::Years(count),
            _ => return Err(()),
        }))
    }
}
text_setting!(Span, format: "span", expects: "a length of time, as \"30 days\", \"6 months\" or \"1 year\"");

/// A date of every year, `12-25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearDay(pub (u8, u8));

impl FromStr for YearDay {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (month, day) = text.split_once('-').ok_or(())?;
        Ok(Self((number(month)?, number(day)?)))
    }
}
text_setting!(YearDay, format: "year-day", expects: "a month and a day, as \"12-25\"");

/// A point on the globe in degrees, `39.660000,-119.880000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point(pub Coordinates);

impl FromStr for Point {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (latitude, longitude) = text.split_once(',').ok_or(())?;
        let point = Coordinates { latitude: micro_degrees(latitude)?, longitude: micro_degrees(longitude)? };
        Position::try_from(point).map(|_| Self(point)).map_err(drop)
    }
}
text_setting!(Point, format: "coordinates", expects: "latitude and longitude in degrees with at most six decimals, as \
    \"39.6600,-119.8800\"");

/// Digits only: no sign, no blank.
fn number<T: FromStr>(text: &str) -> Result<T, ()> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().map_err(drop) } else { Err(()) }
}

fn micro_degrees(text: &str) -> Result<i32, ()> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 3 || fraction.len() > 6 {
        return Err(());
    }
    let mut micro: i32 = number(whole)?;
    for place in 0..6 {
        let digit: i32 = fraction.get(place..=place).map_or(Ok(0), number)?;
        micro = micro * 10 + digit;
    }
    Ok(sign * micro)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_exactly_or_not_at_all() {
        assert_eq!("30 days".parse(), Ok(Span(Length::Days(30))));
        assert_eq!("1 year".parse(), Ok(Span(Length::Years(1))));
        assert_eq!("6 months".parse(), Ok(Span(Length::Months(6))));
        for text in ["30", "30days", "-1 days", "1.5 years", "101 years", "", " days", "99999999 days"] {
            assert_eq!(text.parse::<Span>(), Err(()), "{text}");
        }
        assert_eq!("12-25".parse(), Ok(YearDay((12, 25))));
        assert_eq!("Dec 25".parse::<YearDay>(), Err(()));
        let reno = Coordinates { latitude: 39_660_000, longitude: -119_880_000 };
        assert_eq!("39.66,-119.88".parse(), Ok(Point(reno)));
        for text in ["139.66,-119.88", "39.66", "39.1234567,1", "a,b", "39.,x"] {
            assert_eq!(text.parse::<Point>(), Err(()), "{text}");
        }
    }
}
