//! Values that a merchant writes as a number or a short text.

use cartwright_core::calendar::{Day, Holiday};
use cartwright_core::geo::Position;
use cartwright_sdk::contract::Coordinates;
use cartwright_sdk::prelude::Settings;
use cartwright_sdk::text_setting;
use core::str::FromStr;

/// An amount of money that must not be negative.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount(#[setting(minimum = 0, maximum = 1_000_000_000_000, unit = "minor-units")] pub i64);

/// A kind of location.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Your own.
    Warehouse,
    /// A third party's warehouse.
    ThirdPartyLogistics,
    /// A supplier that ships to the shopper.
    Dropship,
    Store,
    /// A small urban warehouse.
    MicroFulfilment,
    /// A marketplace's warehouse.
    Marketplace,
}

/// A day without work, once or each year.
#[derive(Debug, Clone, Copy)]
pub struct DayOff(pub Holiday);

impl FromStr for DayOff {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('-');
        let mut number = || parts.next().ok_or(())?.parse::<u16>().map_err(drop);
        if text.len() == 10 {
            let (year, month, day) = (number()?, number()?, number()?);
            let (month, day) = (u8::try_from(month).map_err(drop)?, u8::try_from(day).map_err(drop)?);
            return Day::from_civil(i32::from(year), month, day).map(|day| Self(Holiday::Once(day))).map_err(drop);
        }
        let (month, day) = (number()?, number()?);
        let (month, day) = (u8::try_from(month).map_err(drop)?, u8::try_from(day).map_err(drop)?);
        if parts.next().is_some() { Err(()) } else { Ok(Self(Holiday::Yearly { month, day })) }
    }
}
text_setting!(DayOff, format: "holiday", expects: "a date \"2026-12-24\", or \"12-25\" for each year");

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

fn micro_degrees(text: &str) -> Result<i32, ()> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !plain(whole, 3) || !plain(fraction, 6) {
        return Err(());
    }
    let scale = 10i32.pow(6 - fraction.len() as u32);
    let part = |text: &str| text.parse::<i32>().map_err(drop);
    Ok(sign * (part(whole)? * 1_000_000 + part(fraction)? * scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_off_are_dates_or_come_every_year() {
        assert_eq!("12-25".parse::<DayOff>().unwrap().0, Holiday::Yearly { month: 12, day: 25 });
        assert!(matches!("2026-12-24".parse::<DayOff>().unwrap().0, Holiday::Once(_)));
        for wrong in ["", "12", "2026-13-01", "christmas", "12-25-1", "12-999"] {
            assert!(wrong.parse::<DayOff>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn degrees_are_exact() {
        let point = Coordinates::from("39.66,-119.880001".parse::<Point>().unwrap().0);
        assert_eq!(point, Coordinates { latitude: 39_660_000, longitude: -119_880_001 });
        for wrong in ["91,0", "1.0000001,0", "1", "--1,0", "1,+2"] {
            assert!(wrong.parse::<Point>().is_err(), "{wrong}");
        }
    }
}
