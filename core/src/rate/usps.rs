//! USPS's distance rule: the zone of a pair of 3-digit ZIP prefixes (ZIP3) from how far apart they are.
//!
//! Source: Domestic Mail Manual 608, 9.0 (Postal Zones), with the miles that USPS gives mailers: local and zone 1 up to 50,
//! zone 2 up to 150, 3 up to 300, 4 up to 600, 5 up to 1,000, 6 up to 1,400, 7 up to 1,800, 8 beyond; zone 9 from the states
//! to the freely associated states and certain Pacific islands (ZIP3 969). USPS measures between its facilities and
//! publishes the outcome; measured between the centres of the ZIP3 areas the rule gives the chart of 2019 for 85 % of the
//! pairs, and one within a zone of it for 99.9 % (benches, `usps_zones`). A merchant who needs the exact chart lists it as
//! postal prefixes instead.
//!
//! What this module must not know: where a ZIP3 lies.

use super::zone::Zone;

/// Up to so many whole miles, from zone 1 to zone 7.
pub const MILES: [u32; 7] = [50, 150, 300, 600, 1_000, 1_400, 1_800];

/// Millimetres in an international mile.
const MILE: u64 = 1_609_344;

/// The zone, 1 to 8, for a distance in metres. Miles are rounded to whole ones, as the chart's "151 to 300" has it.
#[must_use]
pub fn zone_by_distance(metres: u32) -> u8 {
    let miles = (u64::from(metres) * 1_000 + MILE / 2) / MILE;
    let beyond = MILES.iter().take_while(|up_to| miles > u64::from(**up_to)).count();
    beyond as u8 + 1
}

/// The zone, 1 to 9, of a pair of ZIP3s that lie `metres` apart.
///
/// To Guam, Palau, the Northern Marianas and their neighbours (969) it is zone 9, except from their own region (962 to
/// 969); from there the distance decides, as it does everywhere else.
#[must_use]
pub fn zone(origin: [u8; 3], destination: [u8; 3], metres: u32) -> u8 {
    let near = (*b"962"..=*b"969").contains(&origin);
    if destination == *b"969" && !near { 9 } else { zone_by_distance(metres) }
}

/// The rule as distance bands for a zone table, zone 1 at index `first`.
#[must_use]
pub fn bands(first: u16) -> [(u32, Zone); 8] {
    let mut bands = [(u32::MAX, Zone(first.saturating_add(7))); 8];
    for ((band, miles), zone) in bands.iter_mut().zip(MILES).zip(first..) {
        // The last whole metre that still rounds down to so many miles.
        let millimetres = u64::from(miles) * MILE + MILE / 2;
        *band = (((millimetres - 1) / 1_000) as u32, Zone(zone));
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn metres(tenths_of_a_mile: u64) -> u32 {
        (tenths_of_a_mile * MILE / 10_000) as u32
    }

    #[test]
    fn limits_are_whole_miles() {
        for (miles, zone) in MILES.into_iter().zip(1..) {
            let tenths = u64::from(miles) * 10;
            assert_eq!(zone_by_distance(metres(tenths)), zone, "{miles} miles");
            assert_eq!(zone_by_distance(metres(tenths + 4)), zone, "{miles}.4 miles");
            assert_eq!(zone_by_distance(metres(tenths + 6)), zone + 1, "{miles}.6 miles");
        }
        assert_eq!(zone_by_distance(0), 1);
        assert_eq!(zone_by_distance(u32::MAX), 8);
    }

    #[test]
    fn the_pacific_islands_are_zone_9_from_the_states() {
        assert_eq!(zone(*b"100", *b"969", 12_800_000), 9);
        assert_eq!(zone(*b"969", *b"941", 9_300_000), 8);
        assert_eq!(zone(*b"968", *b"969", 6_100_000), 8);
        assert_eq!(zone(*b"969", *b"969", 0), 1);
    }

    proptest! {
        #[test]
        fn the_bands_say_what_the_rule_says(metres in any::<u32>()) {
            let bands = bands(0);
            let at = bands.partition_point(|(up_to, _)| *up_to < metres);
            prop_assert_eq!(bands[at].1.0 + 1, u16::from(zone_by_distance(metres)));
        }
    }
}
