//! The rules of a promise, and what holds for all of them.

use super::*;
use crate::calendar::{Holiday, Weekday, Weekdays, Zone};
use alloc::vec::Vec;
use proptest::prelude::*;

fn day(year: i32, month: u8, day: u8) -> Day {
    Day::from_civil(year, month, day).unwrap()
}

fn time(hour: u8, minute: u8) -> LocalTime {
    LocalTime::new(hour, minute, 0).unwrap()
}

fn weekdays(holidays: &[Holiday]) -> Calendar {
    Calendar::new(Weekdays::MONDAY_TO_FRIDAY, holidays).unwrap()
}

/// Monday to Friday, orders until 14:00 leave the same day.
fn dispatch(zone: &str) -> Dispatch {
    let cut_offs = WeeklyTimes::daily(time(14, 0));
    Dispatch::new(Zone::named(zone).unwrap(), weekdays(&[]), cut_offs, (0, 0)).unwrap()
}

fn lane<'a>(dispatch: &'a Dispatch, carrier: &'a Calendar, days: (u16, u16)) -> Lane<'a> {
    Lane {
        dispatch,
        pick_up: None,
        transit: Transit::days(days.0, days.1).unwrap(),
        counting: Counting::WorkingDays(carrier),
        delivery: carrier,
    }
}

fn days(promise: &Promise) -> (Day, Day) {
    (Day(promise.earliest), Day(promise.latest))
}

#[test]
fn an_order_at_the_cut_off_is_too_late_and_a_second_before_is_not() {
    let (dispatch, carrier) = (dispatch("Europe/Berlin"), weekdays(&[]));
    let lane = lane(&dispatch, &carrier, (1, 2));
    let wednesday = day(2026, 11, 18);
    let cut_off = dispatch.instant(wednesday, time(14, 0));
    let before = lane.promise(Instant(cut_off.0 - 1)).unwrap();
    assert_eq!(days(&before), (day(2026, 11, 19), day(2026, 11, 20)));
    assert_eq!((before.order_by, order_within(&before, Instant(cut_off.0 - 1))), (cut_off.0, 1));
    let at = lane.promise(cut_off).unwrap();
    assert_eq!(days(&at), (day(2026, 11, 20), day(2026, 11, 23)));
    assert_eq!(at.order_by, cut_off.0 + 86_400);
    assert_eq!(order_within(&before, cut_off), 0);
}

#[test]
fn the_cut_off_is_read_from_the_locations_clock() {
    let (tokyo, new_york, carrier) = (dispatch("Asia/Tokyo"), dispatch("America/New_York"), weekdays(&[]));
    // Friday 06:00 UTC is 15:00 in Tokyo and 01:00 in New York.
    let now = Instant(1_795_154_400);
    let (friday, monday) = (day(2026, 11, 20), day(2026, 11, 23));
    assert_eq!(days(&lane(&tokyo, &carrier, (0, 0)).promise(now).unwrap()), (monday, monday));
    assert_eq!(days(&lane(&new_york, &carrier, (0, 0)).promise(now).unwrap()), (friday, friday));
}

#[test]
fn a_weekend_order_is_handled_on_monday() {
    let (dispatch, carrier) = (dispatch("America/Chicago"), weekdays(&[]));
    let lane = lane(&dispatch, &carrier, (2, 2));
    let saturday = dispatch.instant(day(2026, 11, 21), time(9, 0));
    let promise = lane.promise(saturday).unwrap();
    assert_eq!(Day(promise.latest), day(2026, 11, 25));
    assert_eq!(promise.order_by, dispatch.instant(day(2026, 11, 23), time(14, 0)).0);
    assert_eq!(promise.ship_by, dispatch.instant(day(2026, 11, 24), LocalTime::MIDNIGHT).0);
}

#[test]
fn a_cut_off_in_the_gap_is_the_end_of_the_gap() {
    let every_day = Calendar::every_day();
    let zone = Zone::named("America/New_York").unwrap();
    let cut_offs = WeeklyTimes::daily(time(2, 30));
    let dispatch = Dispatch::new(zone.clone(), every_day.clone(), cut_offs, (0, 0)).unwrap();
    let lane = lane(&dispatch, &every_day, (1, 1));
    let sunday = day(2026, 3, 8);
    let end_of_gap = zone.to_utc(sunday, time(3, 0));
    let before = lane.promise(Instant(end_of_gap.0 - 1)).unwrap();
    assert_eq!((before.order_by, Day(before.latest)), (end_of_gap.0, sunday.plus(1)));
    let after = lane.promise(end_of_gap).unwrap();
    assert_eq!((after.order_by, Day(after.latest)), (end_of_gap.0 + 86_400 - 1_800, sunday.plus(2)));
}

#[test]
fn a_cut_off_that_comes_twice_counts_the_first_time() {
    let every_day = Calendar::every_day();
    let zone = Zone::named("America/New_York").unwrap();
    let cut_offs = WeeklyTimes::daily(time(1, 30));
    let dispatch = Dispatch::new(zone.clone(), every_day.clone(), cut_offs, (0, 0)).unwrap();
    let lane = lane(&dispatch, &every_day, (1, 1));
    let sunday = day(2026, 11, 1);
    let first = zone.to_utc(sunday, time(1, 30));
    assert_eq!(lane.promise(Instant(first.0 - 1)).unwrap().order_by, first.0);
    // 01:15 for the second time: the clock reads less than the cut-off, which is past all the same.
    let again = Instant(first.0 + 2_700);
    assert_eq!(zone.to_local(again).1, time(1, 15));
    assert_eq!(Day(lane.promise(again).unwrap().latest), sunday.plus(2));
}

#[test]
fn handling_is_counted_in_the_locations_working_days() {
    let closed = [Holiday::Run { first: day(2026, 12, 24), last: day(2027, 1, 1) }];
    let zone = Zone::named("Europe/Berlin").unwrap();
    let cut_offs = WeeklyTimes::daily(time(12, 0));
    let dispatch = Dispatch::new(zone.clone(), weekdays(&[]), cut_offs, (1, 2)).unwrap();
    let dispatch = dispatch.with_blackout(&closed).unwrap();
    let carrier = Calendar::new(Weekdays::MONDAY_TO_SATURDAY, &[]).unwrap();
    let lane = lane(&dispatch, &carrier, (1, 1));
    // Tuesday in time: ready on Wednesday 23 December at the earliest, on Monday 4 January at the latest.
    let promise = lane.promise(zone.to_utc(day(2026, 12, 22), time(11, 59))).unwrap();
    assert_eq!(days(&promise), (day(2026, 12, 24), day(2027, 1, 5)));
    assert_eq!(promise.ship_by, zone.to_utc(day(2027, 1, 5), LocalTime::MIDNIGHT).0);
}

#[test]
fn parcels_wait_for_a_day_on_which_the_carrier_comes() {
    let zone = Zone::utc();
    let cut_offs = WeeklyTimes::daily(time(10, 0));
    let dispatch =
        Dispatch::new(zone.clone(), Calendar::new(Weekdays::MONDAY_TO_SATURDAY, &[]).unwrap(), cut_offs, (0, 0))
            .unwrap();
    let carrier = weekdays(&[]);
    let pick_up = PickUp::new(&dispatch, &carrier, WeeklyTimes::daily(time(16, 0))).unwrap();
    let lane = Lane { pick_up: Some(&pick_up), ..lane(&dispatch, &carrier, (1, 1)) };
    let promise = lane.promise(zone.to_utc(day(2026, 11, 21), time(9, 0))).unwrap();
    assert_eq!(promise.order_by, zone.to_utc(day(2026, 11, 21), time(10, 0)).0);
    assert_eq!(promise.ship_by, zone.to_utc(day(2026, 11, 23), time(16, 0)).0);
    assert_eq!(Day(promise.latest), day(2026, 11, 24));
    let never = Calendar::new(Weekdays::NONE.with(Weekday::Sunday), &[]).unwrap();
    assert!(PickUp::new(&dispatch, &never, WeeklyTimes::daily(time(16, 0))).is_err());
}

#[test]
fn a_pick_up_before_the_cut_off_takes_what_was_ordered_the_day_before() {
    let (dispatch, carrier) = (dispatch("UTC"), weekdays(&[]));
    let friday = day(2026, 11, 20);
    let now = dispatch.instant(friday, time(8, 0));
    for (hour, minute, handed_over) in [(13, 59, friday.plus(3)), (14, 0, friday), (18, 0, friday)] {
        let pick_up = PickUp::new(&dispatch, &carrier, WeeklyTimes::daily(time(hour, minute))).unwrap();
        let lane = Lane { pick_up: Some(&pick_up), ..lane(&dispatch, &carrier, (0, 0)) };
        let promise = lane.promise(now).unwrap();
        assert_eq!(promise.ship_by, dispatch.instant(handed_over, time(hour, minute)).0);
        assert_eq!(Day(promise.latest), handed_over);
    }
}

#[test]
fn transit_in_calendar_days_runs_through_the_weekend_but_is_not_delivered_on_it() {
    let (dispatch, delivery) = (dispatch("UTC"), weekdays(&[Holiday::Once(day(2026, 11, 23))]));
    let lane = Lane { counting: Counting::CalendarDays, ..lane(&dispatch, &delivery, (1, 5)) };
    let promise = lane.promise(dispatch.instant(day(2026, 11, 20), time(8, 0))).unwrap();
    assert_eq!(days(&promise), (day(2026, 11, 24), day(2026, 11, 25)));
}

#[test]
fn the_leap_day_counts_where_there_is_one() {
    let every_day = Calendar::every_day();
    let dispatch = Dispatch::new(Zone::utc(), every_day.clone(), WeeklyTimes::daily(time(12, 0)), (0, 0)).unwrap();
    let lane = lane(&dispatch, &every_day, (1, 2));
    let promise = |year| days(&lane.promise(Zone::utc().to_utc(day(year, 2, 28), time(8, 0))).unwrap());
    assert_eq!(promise(2028), (day(2028, 2, 29), day(2028, 3, 1)));
    assert_eq!(promise(2027), (day(2027, 3, 1), day(2027, 3, 2)));
    assert_eq!(promise(2100), (day(2100, 3, 1), day(2100, 3, 2)));
}

#[test]
fn parts_of_an_order_are_complete_with_the_last_of_them() {
    let one = Promise { earliest: 10, latest: 12, ship_by: 900, order_by: 500 };
    let other = Promise { earliest: 9, latest: 14, ship_by: 800, order_by: 600 };
    assert_eq!(together(&one, &other), Promise { earliest: 10, latest: 14, ship_by: 800, order_by: 500 });
}

#[test]
fn far_instants_get_an_error_or_a_promise_but_no_panic() {
    let (dispatch, carrier) = (dispatch("Pacific/Auckland"), weekdays(&[]));
    let lane = lane(&dispatch, &carrier, (1, 3));
    for at in [i64::MIN, i64::MIN + 1, FIRST_INSTANT.0 - 1, 253_402_300_799, 1 << 62, i64::MAX] {
        assert_eq!(lane.promise(Instant(at)), Err(NoPromise { at: Instant(at) }));
        assert!(order_within(&Promise { earliest: 0, latest: 0, ship_by: 0, order_by: i64::MAX }, Instant(at)) >= 0);
    }
    for at in [FIRST_INSTANT.0, -1, 0, 4_133_980_800, 250_000_000_000] {
        let promise = lane.promise(Instant(at)).unwrap();
        assert!(promise.earliest <= promise.latest && promise.order_by > at && promise.latest <= LAST_DAY.0);
    }
}

#[test]
fn what_is_wrong_with_a_location_is_named_with_its_value() {
    let make =
        |handling| Dispatch::new(Zone::utc(), weekdays(&[]), WeeklyTimes::daily(time(1, 0)), handling).unwrap_err();
    assert_eq!(make((2, 1)), DispatchError::MinAboveMax { min: 2, max: 1 });
    assert_eq!(make((2, 3_651)), DispatchError::TooManyDays { days: 3_651 });
    let error = dispatch("UTC").with_blackout(&[Holiday::Yearly { month: 2, day: 30 }]).unwrap_err();
    assert!(matches!(error, DispatchError::Blackout(crate::calendar::CalendarError::NoSuchDate { index: 0, .. })));
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let holidays = prop::collection::vec((20_400i32..20_900, 0i32..9), 0..6);
    (1u8..128, holidays).prop_map(|(bits, runs)| {
        let worked = Weekday::ALL.into_iter().filter(|day| bits >> day.index() & 1 == 1).collect();
        let runs: Vec<Holiday> =
            runs.into_iter().map(|(at, more)| Holiday::Run { first: Day(at), last: Day(at + more) }).collect();
        Calendar::new(worked, &runs).unwrap()
    })
}

fn any_times() -> impl Strategy<Value = WeeklyTimes> {
    prop::array::uniform7(prop_oneof![0u32..=86_400, 0u32..=10_800, Just(86_400)]).prop_map(|seconds| {
        Weekday::ALL.into_iter().zip(seconds).fold(WeeklyTimes::daily(LocalTime::MIDNIGHT), |times, (day, seconds)| {
            times.on(day, LocalTime::from_seconds(seconds).unwrap())
        })
    })
}

/// Real zones, and one that puts its clock back over midnight in either season.
fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(alloc::vec![
        "UTC",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Beirut",
        "America/Havana",
        "AAA0BBB-3,M3.2.0/0:30,M11.1.0/1:30",
    ])
    .prop_map(|name| Zone::parse(name).unwrap())
}

#[derive(Debug)]
struct Shop {
    dispatch: Dispatch,
    pick_up: Option<PickUp>,
    transit: Transit,
    counting: Option<Calendar>,
    delivery: Calendar,
}

impl Shop {
    fn lane(&self) -> Lane<'_> {
        Lane {
            dispatch: &self.dispatch,
            pick_up: self.pick_up.as_ref(),
            transit: self.transit,
            counting: self.counting.as_ref().map_or(Counting::CalendarDays, Counting::WorkingDays),
            delivery: &self.delivery,
        }
    }
}

fn any_shop() -> impl Strategy<Value = Shop> {
    let location = (any_zone(), any_calendar(), any_times(), 0u16..4, 0u16..4);
    let pick_up = prop::option::of((any_calendar(), any_times()));
    (location, pick_up, (0u16..9, 0u16..9), prop::option::of(any_calendar()), any_calendar()).prop_map(
        |((zone, calendar, cut_offs, handling, more), pick_up, (transit, longer), counting, delivery)| {
            let dispatch = Dispatch::new(zone, calendar, cut_offs, (handling, handling + more)).unwrap();
            let pick_up = pick_up.and_then(|(carrier, times)| PickUp::new(&dispatch, &carrier, times).ok());
            let transit = Transit::days(transit, transit + longer).unwrap();
            Shop { dispatch, pick_up, transit, counting, delivery }
        },
    )
}

/// Any second of 2026, and more often one near the changes of clocks.
fn any_instant() -> impl Strategy<Value = i64> {
    prop_oneof![
        1_767_225_600i64..1_798_761_600,
        1_772_928_000i64..1_773_014_400,
        1_793_491_200i64..1_793_577_600,
        1_774_656_000i64..1_774_828_800,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_later_order_never_gets_an_earlier_promise(shop in any_shop(), at in any_instant(), later in prop_oneof![0i64..90_000, 0i64..3_000_000]) {
        let lane = shop.lane();
        let (first, second) = (lane.promise(Instant(at)).unwrap(), lane.promise(Instant(at + later)).unwrap());
        prop_assert!(first.earliest <= second.earliest && first.latest <= second.latest);
        prop_assert!(first.ship_by <= second.ship_by && first.order_by <= second.order_by);
    }

    #[test]
    fn the_promise_holds_until_order_by_and_not_at_it(shop in any_shop(), at in any_instant()) {
        let lane = shop.lane();
        let promise = lane.promise(Instant(at)).unwrap();
        prop_assert!(promise.order_by > at);
        prop_assert_eq!(lane.promise(Instant(promise.order_by - 1)).unwrap(), promise);
        let next = lane.promise(Instant(promise.order_by)).unwrap();
        prop_assert!(next.order_by > promise.order_by);
        prop_assert!(next.earliest >= promise.earliest && next.latest >= promise.latest);
    }

    #[test]
    fn a_promise_is_in_order_and_on_days_of_delivery(shop in any_shop(), at in any_instant()) {
        let promise = shop.lane().promise(Instant(at)).unwrap();
        prop_assert!(promise.earliest <= promise.latest);
        prop_assert!(promise.order_by <= promise.ship_by);
        prop_assert!(shop.delivery.is_working(Day(promise.earliest)) && shop.delivery.is_working(Day(promise.latest)));
    }

    #[test]
    fn no_instant_panics(shop in any_shop(), at in any::<i64>()) {
        let _ = shop.lane().promise(Instant(at));
    }
}
