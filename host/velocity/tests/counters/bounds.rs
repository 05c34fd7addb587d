//! What is let go: by age, by number, by a bound of memory. And many threads at once.

use crate::orders::*;
use cartwright_velocity::{OpenError, Recorded, Velocity, VelocityOptions};

#[test]
fn what_is_too_old_or_too_far_ahead_is_left_out() {
    let velocity = memory();
    assert_eq!(record(&velocity, &order("1", "x"), 1, NOW - 8 * DAY - 1), Recorded::TooOld);
    assert_eq!(record(&velocity, &order("2", "x"), 1, NOW - 8 * DAY), Recorded::Counted);
    assert_eq!(record(&velocity, &order("3", "x"), 1, NOW + DAY + 1), Recorded::TooFarAhead);
    assert_eq!(record(&velocity, &order("4", "x"), 1, NOW + DAY), Recorded::Counted);
    assert_eq!(velocity.orders(), 2);
}

#[test]
fn an_order_that_is_screened_as_late_as_allowed_is_counted_exactly() {
    let (options, clock) = options();
    let velocity = Velocity::open(options).unwrap();
    record(&velocity, &order("1", "x"), 500, NOW);
    // Nearly eight days on, an order of a day ago.
    clock.set(NOW + 8 * DAY - 1);
    velocity.sweep();
    assert_eq!(card(&velocity, &order("me", "x"), NOW + 7 * DAY - 1)[2], (1, 500));
}

#[test]
fn what_nobody_counts_any_more_takes_no_memory() {
    let (options, clock) = options();
    let velocity = Velocity::open(options).unwrap();
    for id in 0..100 {
        record(&velocity, &order(&id.to_string(), "x"), 1, NOW + id);
    }
    clock.set(NOW + 8 * DAY + 50);
    velocity.sweep();
    assert_eq!(velocity.orders(), 50);
    clock.set(NOW + 9 * DAY);
    // Another shop's order is enough for the round through all.
    velocity.record(&velocity.subjects("b", &order("1", "x")), 1, NOW + 9 * DAY).unwrap();
    assert_eq!(velocity.orders(), 1);
    assert_eq!(record(&velocity, &order("1", "x"), 7, NOW + 9 * DAY), Recorded::Counted, "it begins anew");
}

#[test]
fn a_shop_with_more_orders_than_it_may_have_loses_its_oldest() {
    let velocity = Velocity::open(VelocityOptions { orders_per_shop: 10, ..options().0 }).unwrap();
    for id in 0..25 {
        // The odd ones come first, so that age and arrival differ.
        let at = NOW + (id * 2 + 1) % 25;
        record(&velocity, &order(&id.to_string(), "x"), 1, at);
    }
    assert_eq!(velocity.orders(), 10);
    assert_eq!(card(&velocity, &order("me", "x"), NOW + 14)[0], (0, 0));
    assert_eq!(card(&velocity, &order("me", "x"), NOW + 15)[0], (1, 1));
    assert_eq!(card(&velocity, &order("me", "x"), NOW + 24)[0], (10, 10));
}

#[test]
fn when_all_shops_have_too_much_the_largest_pays() {
    let velocity = Velocity::open(VelocityOptions { orders: 100, ..options().0 }).unwrap();
    let record = |shop: &str, id: i64| {
        velocity.record(&velocity.subjects(shop, &order(&id.to_string(), "x")), 1, NOW + id).unwrap();
    };
    (0..90).for_each(|id| record("large", id));
    (0..30).for_each(|id| record("small", id));
    assert!(velocity.orders() <= 100);
    let count = |shop: &str| velocity.count(&velocity.subjects(shop, &order("me", "x")), NOW + 100)[0].orders;
    assert_eq!(count("small"), 30);
    assert_eq!(count("large") as usize, velocity.orders() - 30);
    assert!(count("large") >= 68, "no more is taken than a 64th at a time: {}", count("large"));
}

#[test]
fn options_that_cannot_be_are_refused_by_name() {
    let none = VelocityOptions { windows: Vec::new(), ..options().0 };
    let zero = VelocityOptions { windows: vec![3_600, 0], ..options().0 };
    let prefix = VelocityOptions { ipv6_prefix: 129, ..options().0 };
    let orders = VelocityOptions { orders: 0, ..options().0 };
    for (options, expected) in [(none, "windows"), (zero, "windows"), (prefix, "ipv6_prefix"), (orders, "orders")] {
        let error = Velocity::open(options).unwrap_err();
        assert!(matches!(error, OpenError::Option { name, .. } if name == expected), "{error}");
    }
}

#[test]
fn threads_that_record_and_count_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let velocity = Velocity::open(in_folder(folder.path())).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let velocity = &velocity;
            scope.spawn(move || {
                let shop = if thread < 2 { "a" } else { "b" };
                for id in 0..500 {
                    // Threads of one shop tell every order twice between them.
                    let request = order(&id.to_string(), "x");
                    velocity.record(&velocity.subjects(shop, &request), 1, NOW + id % 7).unwrap();
                    let seen = velocity.count(&velocity.subjects(shop, &order("me", "x")), NOW + 7)[0].orders;
                    assert!(i64::from(seen) > id, "what this thread recorded is there: {seen} of {id}");
                }
            });
        }
    });
    let count = |velocity: &Velocity, shop| {
        let row = &velocity.count(&velocity.subjects(shop, &order("me", "x")), NOW + 7)[0];
        (row.orders, row.amount)
    };
    assert_eq!((count(&velocity, "a"), count(&velocity, "b")), ((500, 500), (500, 500)));
    drop(velocity);
    let velocity = Velocity::open(in_folder(folder.path())).unwrap();
    assert_eq!((count(&velocity, "a"), count(&velocity, "b")), ((500, 500), (500, 500)));
}
