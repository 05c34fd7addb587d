//! The rules of business days, and each search beside a walk from day to day.

use super::{Calendar, CalendarError, Day, Holiday, LAST_YEAR, Weekday, Weekdays};
use alloc::string::ToString;
use alloc::vec::Vec;
use proptest::prelude::*;

fn day(year: i32, month: u8, day: u8) -> Day {
    Day::from_civil(year, month, day).unwrap()
}

fn weekdays(holidays: &[Holiday]) -> Calendar {
    Calendar::new(Weekdays::MONDAY_TO_FRIDAY, holidays).unwrap()
}

#[test]
fn a_weekend_begins_its_work_on_monday() {
    let calendar = weekdays(&[]);
    let (friday, saturday, monday) = (day(2026, 11, 20), day(2026, 11, 21), day(2026, 11, 23));
    assert_eq!(calendar.next_working_on_or_after(friday), friday);
    assert_eq!(calendar.next_working_on_or_after(saturday), monday);
    assert_eq!(calendar.add_working_days(friday, 1), monday);
    assert_eq!(calendar.add_working_days(saturday, 1), day(2026, 11, 24));
    assert_eq!(calendar.count_between(friday, monday), 1);
    assert_eq!(calendar.count_between(monday, friday), -1);
}

#[test]
fn a_run_of_holidays_over_the_year_end_is_passed_whole() {
    let calendar = weekdays(&[
        Holiday::Run { first: day(2026, 12, 24), last: day(2027, 1, 3) },
        Holiday::Yearly { month: 1, day: 1 },
        Holiday::Once(day(2027, 1, 4)),
        Holiday::Once(day(2027, 1, 4)),
    ]);
    assert_eq!(calendar.next_working_on_or_after(day(2026, 12, 24)), day(2027, 1, 5));
    assert_eq!(calendar.add_working_days(day(2026, 12, 23), 1), day(2027, 1, 5));
    assert_eq!(calendar.add_working_days(day(2026, 12, 22), 2), day(2027, 1, 5));
    assert_eq!(calendar.count_between(day(2026, 12, 21), day(2027, 1, 6)), 4);
}

#[test]
fn the_nth_weekday_is_counted_from_either_end_of_the_month() {
    let thanksgiving = Holiday::Nth { month: 11, nth: 4, weekday: Weekday::Thursday };
    let memorial_day = Holiday::Nth { month: 5, nth: -1, weekday: Weekday::Monday };
    let fifth_friday = Holiday::Nth { month: 2, nth: 5, weekday: Weekday::Friday };
    let calendar = weekdays(&[thanksgiving, memorial_day, fifth_friday]);
    for off in [day(2026, 11, 26), day(2027, 11, 25), day(2100, 11, 25), day(2026, 5, 25), day(2027, 5, 31)] {
        assert!(!calendar.is_working(off), "{off:?}");
    }
    // Only a leap year that begins its February on a Friday has five of them.
    assert!(!calendar.is_working(day(2036, 2, 29)));
    assert!(calendar.is_working(day(2036, 3, 7)) && calendar.is_working(day(2028, 2, 25)));
    let last_of_year = weekdays(&[Holiday::Nth { month: 12, nth: -1, weekday: Weekday::Thursday }]);
    assert!(!last_of_year.is_working(day(2026, 12, 31)));
}

#[test]
fn the_leap_day_is_a_yearly_holiday_in_leap_years_only() {
    let calendar = weekdays(&[Holiday::Yearly { month: 2, day: 29 }]);
    assert!(!calendar.is_working(day(2028, 2, 29)));
    assert_eq!(calendar.add_working_days(day(2028, 2, 28), 1), day(2028, 3, 1));
    assert_eq!(calendar.add_working_days(day(2027, 2, 26), 1), day(2027, 3, 1));
}

#[test]
fn one_working_day_a_week_is_enough() {
    let wednesdays =
        Calendar::new(Weekdays::NONE.with(Weekday::Wednesday), &[Holiday::Once(day(2026, 11, 25))]).unwrap();
    assert_eq!(wednesdays.next_working_on_or_after(day(2026, 11, 19)), day(2026, 12, 2));
    assert_eq!(wednesdays.add_working_days(day(2026, 11, 18), 52), day(2027, 11, 24));
}

#[test]
fn a_calendar_without_working_days_is_refused() {
    assert_eq!(Calendar::new(Weekdays::NONE, &[]), Err(CalendarError::NoWorkingDay));
    let mondays: Vec<Holiday> = (1..=12)
        .flat_map(|month| (1..=5).map(move |nth| Holiday::Nth { month, nth, weekday: Weekday::Monday }))
        .collect();
    assert_eq!(Calendar::new(Weekdays::NONE.with(Weekday::Monday), &mondays), Err(CalendarError::NoWorkingDay));
    let saturdays = Calendar::new(Weekdays::NONE.with(Weekday::Saturday), &[]).unwrap();
    assert_eq!(saturdays.both(&weekdays(&[])), Err(CalendarError::NoWorkingDay));
}

#[test]
fn a_holiday_that_no_year_has_is_named_with_its_place() {
    let make = |holiday| Calendar::new(Weekdays::EVERY_DAY, &[Holiday::Once(Day(0)), holiday]).unwrap_err();
    let error = make(Holiday::Yearly { month: 2, day: 30 });
    assert_eq!(error, CalendarError::NoSuchDate { index: 1, month: 2, day: 30 });
    assert!(error.to_string().starts_with("holiday 1 is month 2, day 30"));
    for (month, nth) in [(0, 1), (13, 1), (1, 0), (1, 6), (1, -6), (1, i8::MIN)] {
        let error = make(Holiday::Nth { month, nth, weekday: Weekday::Monday });
        assert_eq!(error, CalendarError::NoSuchNth { index: 1, month, nth });
    }
    for (first, last) in [(Day(1), Day(0)), (Day(0), Day(10_000)), (Day(i32::MIN), Day(i32::MAX))] {
        assert_eq!(make(Holiday::Run { first, last }), CalendarError::WrongRun { index: 1, first, last });
    }
}

#[test]
fn the_ends_of_time_are_reached_and_not_passed() {
    let calendar = weekdays(&[Holiday::Yearly { month: 12, day: 25 }, Holiday::Once(Day(i32::MAX))]);
    for start in [Day(i32::MIN), Day(-1), Day(0), Day(i32::MAX)] {
        assert!(calendar.add_working_days(start, u32::MAX) >= start);
        assert!(calendar.next_working_on_or_after(start) >= start);
        let _ = calendar.is_working(start);
    }
    assert_eq!(calendar.add_working_days(Day(i32::MAX), u32::MAX), Day(i32::MAX));
    assert!(calendar.count_between(Day(i32::MIN), Day(i32::MAX)) > 3_000_000_000);
    // A century after the last year that is spelled out only weekdays count.
    assert!(calendar.is_working(day(LAST_YEAR + 100, 12, 25)));
}

fn any_holiday() -> impl Strategy<Value = Holiday> {
    let dates = 18_000i32..22_000;
    prop_oneof![
        dates.clone().prop_map(|at| Holiday::Once(Day(at))),
        (dates, 0i32..20).prop_map(|(at, length)| Holiday::Run { first: Day(at), last: Day(at + length) }),
        (1u8..=12, 1u8..=28).prop_map(|(month, day)| Holiday::Yearly { month, day }),
        (1u8..=12, -5i8..=4, 0usize..7).prop_map(|(month, nth, weekday)| Holiday::Nth {
            month,
            nth: if nth >= 0 { nth + 1 } else { nth },
            weekday: Weekday::ALL[weekday],
        }),
    ]
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    (1u8..128, prop::collection::vec(any_holiday(), 0..12)).prop_filter_map("no working day", |(bits, holidays)| {
        let weekdays = Weekday::ALL.into_iter().filter(|day| bits >> day.index() & 1 == 1).collect();
        Calendar::new(weekdays, &holidays).ok()
    })
}

proptest! {
    #[test]
    fn adding_working_days_is_walking_from_day_to_day(calendar in any_calendar(), start in 17_900i32..22_100, n in 0u32..200) {
        let mut walked = Day(start);
        let mut left = n;
        while left > 0 || !calendar.is_working(walked) {
            left -= u32::from(calendar.is_working(walked));
            walked = walked.plus(1);
        }
        prop_assert_eq!(calendar.add_working_days(Day(start), n), walked);
    }

    #[test]
    fn counting_undoes_adding(calendar in any_calendar(), start in any::<i16>(), n in 0u32..100_000) {
        let start = Day(i32::from(start));
        let end = calendar.add_working_days(start, n);
        prop_assert!(calendar.is_working(end));
        prop_assert_eq!(calendar.count_between(start, end), i64::from(n));
        prop_assert_eq!(calendar.count_between(end, start), -i64::from(n));
    }

    #[test]
    fn both_calendars_work_where_each_does(one in any_calendar(), other in any_calendar(), at in 17_900i32..22_100) {
        if let Ok(both) = one.both(&other) {
            prop_assert_eq!(both.is_working(Day(at)), one.is_working(Day(at)) && other.is_working(Day(at)));
        }
    }
}
