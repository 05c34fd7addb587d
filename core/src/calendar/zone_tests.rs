//! The rules of clocks that are put forward and back, and each answer beside jiff's.

use super::{DAY_SECONDS, Day, Instant, LocalTime, Zone, ZoneError, zone_names};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use jiff::{Timestamp, tz::AmbiguousOffset, tz::TimeZone};
use proptest::prelude::*;

const ZONES: [&str; 24] = [
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "UTC",
];

fn at(zone: &Zone, (year, month, day): (i32, u8, u8), (hour, minute, second): (u8, u8, u8)) -> Instant {
    zone.to_utc(Day::from_civil(year, month, day).unwrap(), LocalTime::new(hour, minute, second).unwrap())
}

#[test]
fn a_time_in_the_gap_is_the_end_of_the_gap() {
    let zone = Zone::named("America/New_York").unwrap();
    let day = (2026, 3, 8);
    let end_of_gap = at(&zone, day, (3, 0, 0));
    assert_eq!(end_of_gap, Instant(1_772_953_200)); // 07:00 UTC
    for time in [(2, 0, 0), (2, 30, 0), (2, 59, 59)] {
        assert_eq!(at(&zone, day, time), end_of_gap);
    }
    assert_eq!(at(&zone, day, (1, 59, 59)), Instant(end_of_gap.0 - 1));
    assert_eq!(at(&zone, day, (3, 0, 1)), Instant(end_of_gap.0 + 1));
}

#[test]
fn a_time_that_comes_twice_is_the_first() {
    let zone = Zone::named("America/New_York").unwrap();
    let day = (2026, 11, 1);
    let first = at(&zone, day, (1, 30, 0));
    assert_eq!(first, Instant(1_793_511_000)); // 05:30 UTC, still daylight time
    let second = Instant(first.0 + 3_600);
    assert_eq!(zone.to_local(first), zone.to_local(second));
    assert_eq!(at(&zone, day, (2, 0, 0)), Instant(first.0 + 5_400));
}

#[test]
fn the_end_of_a_day_is_the_beginning_of_the_next() {
    for name in ZONES {
        let zone = Zone::named(name).unwrap();
        for day in 20_700..21_100 {
            let end = zone.to_utc(Day(day), LocalTime::END_OF_DAY);
            assert_eq!(end, zone.to_utc(Day(day + 1), LocalTime::MIDNIGHT), "{name} {day}");
        }
    }
}

#[test]
fn before_and_after_the_table_the_clock_stays_as_it_was_last() {
    let zone = Zone::named("America/New_York").unwrap();
    for instant in [i64::MIN, -62_135_596_800, 0, 253_402_300_799, i64::MAX] {
        assert_eq!(zone.offset_at(Instant(instant)), -5 * 3_600);
        let _ = zone.to_local(Instant(instant));
    }
    assert_eq!(zone.to_local(Instant(0)).1, LocalTime::new(19, 0, 0).unwrap());
    let sydney = Zone::named("Australia/Sydney").unwrap();
    assert_eq!(sydney.offset_at(Instant(i64::MAX)), 11 * 3_600);
    for day in [Day(i32::MIN), Day(i32::MAX)] {
        for zone in [&zone, &sydney, &Zone::utc()] {
            let midnight = zone.to_utc(day, LocalTime::MIDNIGHT);
            assert_eq!(zone.to_local(midnight), (day, LocalTime::MIDNIGHT));
        }
    }
}

#[test]
fn a_zone_has_an_iana_name_or_a_posix_rule() {
    let new_york = Zone::named("America/New_York").unwrap();
    assert_eq!(Zone::posix("EST5EDT,M3.2.0,M11.1.0"), Ok(new_york.clone()));
    assert_eq!(Zone::parse("EST5EDT,M3.2.0,M11.1.0"), Ok(new_york.clone()));
    assert_eq!(Zone::parse("us/eastern"), Ok(new_york));
    assert_eq!(Zone::parse("UTC"), Ok(Zone::utc()));
    assert_eq!(Zone::parse("<+0330>-3:30"), Zone::fixed(12_600));
    for wrong in ["", "Mars/Base", "EST", "EST5EDT,M3.2.0", "EST99", "+05:00", "Europe/Berlin "] {
        if wrong != "EST" {
            assert_eq!(Zone::parse(wrong), Err(ZoneError::WrongRule(wrong.to_string())), "{wrong}");
        }
        assert!(Zone::posix(wrong).is_err(), "{wrong}");
    }
    let error = Zone::named(&"x".repeat(1_000_000)).unwrap_err();
    assert_eq!(error, ZoneError::UnknownName("x".repeat(64)));
    assert_eq!(Zone::fixed(90_000), Err(ZoneError::WrongOffset(90_000)));
    assert_eq!(Zone::fixed(i32::MIN), Err(ZoneError::WrongOffset(i32::MIN)));
}

#[test]
fn a_season_of_no_length_is_refused() {
    let rule = "AAA0BBB,M3.2.0/2,M3.2.0/8";
    assert_eq!(Zone::posix(rule), Err(ZoneError::TooManyChanges(rule.to_string())));
}

#[test]
fn every_name_makes_a_zone() {
    let mut made = 0;
    for name in zone_names::tests::all_names() {
        let zone = Zone::named(&name);
        assert!(zone.is_ok(), "{name}: {zone:?}");
        made += 1;
    }
    assert_eq!(made, 597);
}

/// Each change that jiff finds in the years of the table, as UTC seconds and the offset from then on.
fn changes_by_jiff(rule: &str) -> Vec<(i64, i32)> {
    let zone = TimeZone::posix(rule).unwrap();
    let start = Timestamp::from_second(1_577_836_800).unwrap();
    let changes = zone.following(start).map(|change| (change.timestamp().as_second(), change.offset().seconds()));
    changes.take_while(|&(at, _)| at < 4_133_980_800).collect()
}

#[test]
fn every_rule_of_the_database_changes_when_jiff_says_so() {
    for rule in zone_names::tests::all_rules() {
        let changes = changes_by_jiff(rule);
        assert!(changes.is_empty() || changes.len() == 162, "{rule}: {}", changes.len());
        let zone = Zone::posix(rule).unwrap();
        let mut before = zone.offset_at(Instant(1_577_836_800));
        for (at, after) in changes {
            assert_eq!(
                (zone.offset_at(Instant(at - 1)), zone.offset_at(Instant(at))),
                (before, after),
                "{rule} at {at}"
            );
            before = after;
        }
        assert_eq!(zone.offset_at(Instant(i64::MAX)), before);
    }
}

proptest! {
    #[test]
    fn any_rule_with_two_seasons_changes_when_jiff_says_so(
        offsets in (-24i32..=24, -24i32..=24),
        minutes in 0u8..60,
        // Not January: a change of that month that hours move into the year before is one that jiff does not see there.
        months in (2u8..=5, 7u8..=11),
        weeks in (1u8..=5, 1u8..=5),
        weekdays in (0u8..7, 0u8..7),
        hours in (-167i32..=167, -167i32..=167),
        swapped: bool,
    ) {
        prop_assume!(offsets.0 != offsets.1);
        let mut dates = [(months.0, weeks.0, weekdays.0, hours.0), (months.1, weeks.1, weekdays.1, hours.1)];
        if swapped {
            dates.reverse();
        }
        let [(m1, w1, d1, h1), (m2, w2, d2, h2)] = dates;
        let rule = format!("AAA{}:{minutes:02}<+1b>{},M{m1}.{w1}.{d1}/{h1}:{minutes:02}:30,M{m2}.{w2}.{d2}/{h2}", offsets.0, offsets.1);
        let zone = Zone::posix(&rule).unwrap();
        for (at, after) in changes_by_jiff(&rule) {
            prop_assert_eq!(zone.offset_at(Instant(at)), after);
            prop_assert_ne!(zone.offset_at(Instant(at - 1)), after);
        }
    }

    #[test]
    fn offsets_agree_with_jiff_in_both_directions(zone in 0..ZONES.len(), instant in 1_577_836_800i64..4_133_980_799) {
        let rule = zone_names::tests::rule(ZONES[zone]);
        let (ours, theirs) = (Zone::named(ZONES[zone]).unwrap(), TimeZone::posix(rule).unwrap());
        let timestamp = Timestamp::from_second(instant).unwrap();
        prop_assert_eq!(ours.offset_at(Instant(instant)), theirs.to_offset(timestamp).seconds());

        let civil = theirs.to_datetime(timestamp);
        let (day, time) = ours.to_local(Instant(instant));
        let (year, month, of_month) = day.to_civil();
        prop_assert_eq!((year, month.cast_signed(), of_month.cast_signed()), (civil.year().into(), civil.month(), civil.day()));
        let seconds = i64::from(time.seconds());
        prop_assert_eq!(seconds, i64::from(civil.hour()) * 3_600 + i64::from(civil.minute()) * 60 + i64::from(civil.second()));
    }

    #[test]
    fn local_times_around_each_change_agree_with_jiff(zone in 0..ZONES.len(), change in 0usize..150, shift in -10_000i64..10_000) {
        let rule = zone_names::tests::rule(ZONES[zone]);
        let (ours, theirs) = (Zone::named(ZONES[zone]).unwrap(), TimeZone::posix(rule).unwrap());
        let start = Timestamp::from_second(1_577_836_800).unwrap();
        let Some(change) = theirs.following(start).nth(change) else { return Ok(()) };
        let changed = change.timestamp().as_second();
        let civil = jiff::tz::Offset::UTC.to_datetime(Timestamp::from_second(changed + i64::from(change.offset().seconds()) + shift).unwrap());
        let expected = match theirs.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => offset.to_timestamp(civil).unwrap().as_second(),
            AmbiguousOffset::Gap { .. } => changed,
        };
        let local = jiff::tz::Offset::UTC.to_timestamp(civil).unwrap().as_second();
        let (day, second) = (local.div_euclid(DAY_SECONDS) as i32, local.rem_euclid(DAY_SECONDS) as u32);
        prop_assert_eq!(ours.to_utc(Day(day), LocalTime::from_seconds(second).unwrap()), Instant(expected));
    }

    #[test]
    fn a_later_local_time_is_never_an_earlier_instant(zone in 0..ZONES.len(), day in 18_200i32..47_900, time in 0u32..=86_400, later in 0i32..200_000) {
        let zone = Zone::named(ZONES[zone]).unwrap();
        let total = i64::from(day) * DAY_SECONDS + i64::from(time) + i64::from(later);
        let (other, other_time) = ((total / DAY_SECONDS) as i32, (total % DAY_SECONDS) as i32);
        let first = zone.to_utc(Day(day), LocalTime::from_seconds(time).unwrap());
        let second = zone.to_utc(Day(other), LocalTime::from_seconds(other_time.cast_unsigned()).unwrap());
        prop_assert!(first <= second);
    }

    #[test]
    fn no_text_makes_a_zone_panic(text in ".{0,40}", rule in "[A-Z]{3}-?[0-9]{1,2}[A-Z]{3}(,(M[0-9]{1,2}\\.[0-9]\\.[0-9]|J?[0-9]{1,3})(/-?[0-9]{1,3})?){2}") {
        let (text, rule): (String, String) = (text, rule);
        let _ = Zone::parse(&text);
        if let Ok(zone) = Zone::parse(&rule) {
            let _ = zone.to_local(Instant(i64::MAX));
            let _ = zone.to_utc(Day(i32::MIN), LocalTime::END_OF_DAY);
        }
    }
}
