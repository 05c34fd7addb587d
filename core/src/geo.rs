//! Distances on the globe: from two points in micro-degrees to whole metres.
//!
//! The formula works in double precision through `libm` (never through the platform's own functions), so that native,
//! plugin and browser agree bit for bit; what comes out is an integer.
//!
//! What this module must not know: addresses, zones, carriers.

use cartwright_contract::Coordinates;
use core::fmt;

/// The mean radius R1 of the earth in metres, rounded from 6 371 008.7714 m.
///
/// Source: H. Moritz, Geodetic Reference System 1980, Journal of Geodesy 74 (2000); adopted by the IUGG. A sphere of this
/// radius is within 0.56 % of the distance on the ellipsoid everywhere.
pub const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// The greatest distance that two points can have: half the circumference, in metres.
pub const HALF_CIRCUMFERENCE_METRES: u32 = 20_015_114;

const LATITUDE_LIMIT: i32 = 90_000_000;
const LONGITUDE_LIMIT: i32 = 180_000_000;

/// A pair of coordinates that is no point on the globe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeoError {
    /// Not between -90 000 000 and 90 000 000 micro-degrees.
    Latitude(i32),
    /// Not between -180 000 000 and 180 000 000 micro-degrees.
    Longitude(i32),
}

impl fmt::Display for GeoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latitude(value) => {
                write!(f, "latitude {value} is not between -90000000 and 90000000 millionths of a degree")
            }
            Self::Longitude(value) => {
                write!(f, "longitude {value} is not between -180000000 and 180000000 millionths of a degree")
            }
        }
    }
}

impl core::error::Error for GeoError {}

/// Coordinates that are known to lie on the globe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    latitude: i32,
    longitude: i32,
}

impl TryFrom<Coordinates> for Position {
    type Error = GeoError;

    /// # Errors
    /// When an angle is outside its range; the error holds it.
    fn try_from(point: Coordinates) -> Result<Self, GeoError> {
        if !(-LATITUDE_LIMIT..=LATITUDE_LIMIT).contains(&point.latitude) {
            return Err(GeoError::Latitude(point.latitude));
        }
        if !(-LONGITUDE_LIMIT..=LONGITUDE_LIMIT).contains(&point.longitude) {
            return Err(GeoError::Longitude(point.longitude));
        }
        Ok(Self { latitude: point.latitude, longitude: point.longitude })
    }
}

impl From<Position> for Coordinates {
    fn from(position: Position) -> Self {
        Self { latitude: position.latitude, longitude: position.longitude }
    }
}

impl Position {
    /// The length of the great circle to `other`, in metres, to the nearest one.
    ///
    /// The haversine formula (R. W. Sinnott, Virtues of the Haversine, Sky & Telescope 68, 1984), in the form with the
    /// arc tangent, which keeps its precision from the next street to the antipodes.
    #[must_use]
    #[allow(clippy::cast_sign_loss)] // what is cast lies between 0 and half the circumference
    pub fn distance_metres(self, other: Self) -> u32 {
        // The differences are taken in integers: they are exact, and the same in both directions.
        let half_height = radians(self.latitude.abs_diff(other.latitude)) / 2.0;
        let half_width = radians(self.longitude.abs_diff(other.longitude)) / 2.0;
        let (by_height, by_width) = (libm::sin(half_height), libm::sin(half_width));
        let parallels =
            libm::cos(radians(self.latitude.unsigned_abs())) * libm::cos(radians(other.latitude.unsigned_abs()));
        let haversine = (by_height * by_height + parallels * by_width * by_width).clamp(0.0, 1.0);
        let angle = 2.0 * libm::atan2(libm::sqrt(haversine), libm::sqrt(1.0 - haversine));
        libm::round(EARTH_RADIUS_METRES * angle) as u32
    }
}

/// The great-circle distance between two points of the contract, in metres.
///
/// # Errors
/// When a point is not on the globe.
pub fn distance_metres(from: Coordinates, to: Coordinates) -> Result<u32, GeoError> {
    Ok(Position::try_from(from)?.distance_metres(Position::try_from(to)?))
}

fn radians(micro_degrees: u32) -> f64 {
    f64::from(micro_degrees) * (core::f64::consts::PI / 180e6)
}

crate::wire::wire_record!(Position { latitude, longitude });

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(latitude: i32, longitude: i32) -> Position {
        Position::try_from(Coordinates { latitude, longitude }).unwrap()
    }

    fn anywhere() -> impl Strategy<Value = Position> {
        (-LATITUDE_LIMIT..=LATITUDE_LIMIT, -LONGITUDE_LIMIT..=LONGITUDE_LIMIT).prop_map(|(a, b)| at(a, b))
    }

    #[test]
    fn a_degree_of_the_equator_is_a_360th_of_the_circumference() {
        assert_eq!(at(0, 0).distance_metres(at(0, 1_000_000)), 111_195);
    }

    #[test]
    fn new_york_to_los_angeles_is_3_936_kilometres() {
        let metres = at(40_712_800, -74_006_000).distance_metres(at(34_052_200, -118_243_700));
        assert!((3_935_000..3_937_000).contains(&metres), "{metres}");
    }

    #[test]
    fn the_date_line_is_no_border() {
        assert_eq!(at(0, 179_500_000).distance_metres(at(0, -179_500_000)), 111_195);
        assert_eq!(at(12_000_000, 180_000_000).distance_metres(at(12_000_000, -180_000_000)), 0);
    }

    #[test]
    fn all_meridians_meet_at_a_pole() {
        assert_eq!(at(90_000_000, 0).distance_metres(at(90_000_000, 123_456_789)), 0);
        assert_eq!(at(90_000_000, 0).distance_metres(at(-90_000_000, 77_000_000)), HALF_CIRCUMFERENCE_METRES);
    }

    #[test]
    fn a_point_off_the_globe_is_refused_with_its_value() {
        let good = Coordinates { latitude: 0, longitude: 0 };
        let north = Coordinates { latitude: 90_000_001, longitude: 0 };
        let west = Coordinates { latitude: 0, longitude: i32::MIN };
        assert_eq!(distance_metres(north, good), Err(GeoError::Latitude(90_000_001)));
        assert_eq!(distance_metres(good, west), Err(GeoError::Longitude(i32::MIN)));
    }

    proptest! {
        #[test]
        fn there_and_back_are_equally_far(a in anywhere(), b in anywhere()) {
            prop_assert_eq!(a.distance_metres(b), b.distance_metres(a));
        }

        #[test]
        fn a_detour_is_never_shorter(a in anywhere(), b in anywhere(), c in anywhere()) {
            // Each of the three is rounded to a metre.
            prop_assert!(a.distance_metres(c) <= a.distance_metres(b) + b.distance_metres(c) + 2);
        }

        #[test]
        fn antipodes_are_half_a_circumference_apart(a in anywhere()) {
            let longitude = if a.longitude > 0 { a.longitude - LONGITUDE_LIMIT } else { a.longitude + LONGITUDE_LIMIT };
            prop_assert_eq!(a.distance_metres(at(-a.latitude, longitude)), HALF_CIRCUMFERENCE_METRES);
        }

        #[test]
        fn nothing_is_farther_than_half_a_circumference(a in anywhere(), b in anywhere()) {
            prop_assert!(a.distance_metres(b) <= HALF_CIRCUMFERENCE_METRES);
            prop_assert_eq!(a.distance_metres(a), 0);
        }
    }
}
