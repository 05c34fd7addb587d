//! What is counted.

use crate::orders::*;
use cartwright_contract::order_screening::{Request, VelocityKey};
use cartwright_velocity::Recorded;

#[test]
fn a_window_begins_just_after_its_start_and_ends_at_the_moment_itself() {
    let velocity = memory();
    record(&velocity, &order("1", "x"), 500, NOW);
    let me = order("me", "x");
    for (later, expected) in [
        (-1, [(0, 0), (0, 0), (0, 0)]),
        (0, [(1, 500), (1, 500), (1, 500)]),
        (HOUR - 1, [(1, 500), (1, 500), (1, 500)]),
        (HOUR, [(0, 0), (1, 500), (1, 500)]),
        (DAY - 1, [(0, 0), (1, 500), (1, 500)]),
        (DAY, [(0, 0), (0, 0), (1, 500)]),
        (7 * DAY - 1, [(0, 0), (0, 0), (1, 500)]),
        (7 * DAY, [(0, 0), (0, 0), (0, 0)]),
    ] {
        assert_eq!(card(&velocity, &me, NOW + later), expected, "{later} s later");
    }
}

#[test]
fn the_order_itself_is_not_counted_also_when_it_is_screened_again() {
    let velocity = memory();
    let first = order("1", "x");
    assert_eq!(card(&velocity, &first, NOW), [(0, 0); 3]);
    record(&velocity, &first, 500, NOW);
    record(&velocity, &order("2", "x"), 700, NOW);
    assert_eq!(card(&velocity, &first, NOW), [(1, 700); 3]);
    assert_eq!(card(&velocity, &order("2", "x"), NOW), [(1, 500); 3]);
    assert_eq!(card(&velocity, &order("3", "x"), NOW), [(2, 1200); 3]);
    assert_eq!(card(&velocity, &order("1", "y"), NOW), [(0, 0); 3], "it was never counted for this card");
}

#[test]
fn there_is_a_row_for_each_subject_and_window_and_none_for_what_the_order_lacks() {
    let velocity = memory();
    record(&velocity, &with_email("1", "x", "Jo@Example.com"), 500, NOW - 2 * HOUR);
    let rows = velocity.count(&velocity.subjects("a", &with_email("2", "y", "jo@example.com")), NOW);
    assert_eq!(
        rows,
        [
            row(VelocityKey::Card, 3_600, 0, 0),
            row(VelocityKey::Card, 86_400, 0, 0),
            row(VelocityKey::Card, 604_800, 0, 0),
            row(VelocityKey::Email, 3_600, 0, 0),
            row(VelocityKey::Email, 86_400, 1, 500),
            row(VelocityKey::Email, 604_800, 1, 500),
        ]
    );
    assert_eq!(velocity.count(&velocity.subjects("a", &Request::default()), NOW), []);
}

#[test]
fn orders_that_become_known_late_count_where_they_belong() {
    let velocity = memory();
    for (id, at) in [("1", 0), ("2", -3), ("3", -1), ("4", -2), ("5", -3)] {
        record(&velocity, &order(id, "x"), 1, NOW + at * HOUR);
    }
    let me = order("me", "x");
    let by_hour: Vec<u32> = (-4..=1).map(|hour| card(&velocity, &me, NOW + hour * HOUR)[0].0).collect();
    assert_eq!(by_hour, [0, 2, 1, 1, 1, 0]);
    assert_eq!(card(&velocity, &me, NOW)[1], (5, 5));
}

#[test]
fn an_order_counts_once_at_its_first_time_with_its_latest_amount_and_subjects() {
    let velocity = memory();
    let me = order("me", "x");
    assert_eq!(record(&velocity, &order("1", "x"), 500, NOW - 2 * HOUR), Recorded::Counted);
    assert_eq!(record(&velocity, &order("1", "x"), 500, NOW), Recorded::Known, "sent twice");
    assert_eq!(card(&velocity, &me, NOW), [(0, 0), (1, 500), (1, 500)]);
    assert_eq!(record(&velocity, &order("1", "x"), 900, NOW), Recorded::Changed);
    assert_eq!(card(&velocity, &me, NOW), [(0, 0), (1, 900), (1, 900)]);
    assert_eq!(record(&velocity, &order("1", "y"), 900, NOW), Recorded::Changed);
    assert_eq!(card(&velocity, &me, NOW), [(0, 0); 3]);
    assert_eq!(card(&velocity, &order("me", "y"), NOW), [(0, 0), (1, 900), (1, 900)]);
    assert_eq!(velocity.orders(), 1);
}

#[test]
fn shops_do_not_see_one_another() {
    let velocity = memory();
    velocity.record(&velocity.subjects("b", &order("1", "x")), 500, NOW).unwrap();
    assert_eq!(card(&velocity, &order("me", "x"), NOW), [(0, 0); 3]);
}

#[test]
fn amounts_are_of_the_same_currency_and_orders_of_all() {
    let velocity = memory();
    record(&velocity, &order("1", "x"), 500, NOW);
    record(&velocity, &Request { currency: "JPY".into(), ..order("2", "x") }, 9_000, NOW);
    assert_eq!(card(&velocity, &order("me", "x"), NOW)[0], (2, 500));
    assert_eq!(card(&velocity, &Request { currency: "JPY".into(), ..order("me", "x") }, NOW)[0], (2, 9_000));
    assert_eq!(card(&velocity, &Request { currency: "EUR".into(), ..order("me", "x") }, NOW)[0], (2, 0));
}

#[test]
fn amounts_that_add_up_to_more_than_a_number_holds_stop_at_the_largest() {
    let velocity = memory();
    for id in ["1", "2", "3"] {
        record(&velocity, &order(id, "x"), i64::MAX, NOW);
    }
    assert_eq!(card(&velocity, &order("me", "x"), NOW)[0], (3, i64::MAX));
    assert_eq!(card(&velocity, &order("1", "x"), NOW)[0], (2, i64::MAX));
}

#[test]
fn times_at_the_ends_of_the_calendar_count_nothing_and_break_nothing() {
    let velocity = memory();
    record(&velocity, &order("1", "x"), 500, NOW);
    for at in [i64::MIN, 0, i64::MAX] {
        assert_eq!(card(&velocity, &order("me", "x"), at), [(0, 0); 3], "{at}");
    }
}
