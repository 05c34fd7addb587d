//! Whatever happens, the counters say what a list of all orders says.

use crate::orders::*;
use cartwright_contract::order_screening::Request;
use cartwright_velocity::{ManualClock, Velocity, VelocityOptions};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone)]
enum Step {
    Record {
        shop: u8,
        order: u8,
        card: u8,
        email: Option<u8>,
        yen: bool,
        amount: i64,
        at: i64,
    },
    Count {
        shop: u8,
        order: u8,
        card: u8,
        email: Option<u8>,
        yen: bool,
        at: i64,
    },
    /// Time goes on.
    Wait(i64),
    Sweep,
    /// The process ends without a word, and another begins.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let email = || proptest::option::of(0u8..3);
    // Around now, sometimes on the windows' very ends.
    let at = || {
        prop_oneof![
            -10 * DAY..2 * DAY,
            (-3..3i64, prop_oneof![Just(HOUR), Just(DAY), Just(7 * DAY), Just(8 * DAY)]).prop_map(|(off, w)| off - w)
        ]
    };
    prop_oneof![
        8 => (0u8..2, 0u8..12, 0u8..3, email(), any::<bool>(), 0i64..1000, at())
            .prop_map(|(shop, order, card, email, yen, amount, at)| Step::Record { shop, order, card, email, yen, amount, at }),
        8 => (0u8..2, 0u8..12, 0u8..3, email(), any::<bool>(), prop_oneof![Just(0), -DAY..DAY])
            .prop_map(|(shop, order, card, email, yen, at)| Step::Count { shop, order, card, email, yen, at }),
        2 => (0..3 * DAY).prop_map(Step::Wait),
        1 => Just(Step::Sweep),
        1 => Just(Step::Restart),
    ]
}

#[derive(Debug, Clone)]
struct Known {
    at: i64,
    card: u8,
    email: Option<u8>,
    yen: bool,
    amount: i64,
}

fn request(order: u8, card: u8, email: Option<u8>, yen: bool) -> Request {
    let (order, card) = (order.to_string(), card.to_string());
    let mut request = match email {
        Some(email) => with_email(&order, &card, &format!("{email}@example.com")),
        None => crate::orders::order(&order, &card),
    };
    if yen {
        request.currency = "JPY".into();
    }
    request
}

fn run(steps: Vec<Step>, file_bytes: u64) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(NOW));
    let options = VelocityOptions { clock: clock.clone(), file_bytes, ..in_folder(folder.path()) };
    let mut velocity = Some(Velocity::open(options.clone()).unwrap());
    let mut model: BTreeMap<(u8, u8), Known> = BTreeMap::new();
    let mut now = NOW;
    for step in steps {
        let counters = velocity.as_ref().unwrap();
        // What is kept: the widest window, and a day.
        model.retain(|_, known| known.at >= now - 8 * DAY);
        match step {
            Step::Record { shop, order, card, email, yen, amount, at } => {
                let subjects = counters.subjects(&shop.to_string(), &request(order, card, email, yen));
                counters.record(&subjects, amount, now + at).unwrap();
                let first = model.get(&(shop, order)).map(|known| known.at);
                if first.is_some() || (-8 * DAY..=DAY).contains(&at) {
                    let at = first.unwrap_or(now + at);
                    model.insert((shop, order), Known { at, card, email, yen, amount });
                }
            }
            Step::Count { shop, order, card, email, yen, at } => {
                let at = now + at;
                let subjects = counters.subjects(&shop.to_string(), &request(order, card, email, yen));
                let mut expected = Vec::new();
                for by_email in [false, true] {
                    for window in [HOUR, DAY, 7 * DAY].into_iter().filter(|_| !by_email || email.is_some()) {
                        let counted = model.iter().filter(|((of, name), known)| {
                            let same = if by_email { known.email == email } else { known.card == card };
                            *of == shop && *name != order && same && at - window < known.at && known.at <= at
                        });
                        let counted: Vec<_> = counted.map(|(_, known)| known).collect();
                        let amount: i64 =
                            counted.iter().filter(|known| known.yen == yen).map(|known| known.amount).sum();
                        expected.push((u32::try_from(counted.len()).unwrap(), amount));
                    }
                }
                let rows = counters.count(&subjects, at);
                let found: Vec<_> = rows.iter().map(|row| (row.orders, row.amount)).collect();
                assert_eq!(found, expected, "at {at}");
            }
            Step::Wait(seconds) => {
                now += seconds;
                clock.set(now);
            }
            Step::Sweep => {
                counters.sweep();
                assert_eq!(counters.orders(), model.len());
            }
            Step::Restart => {
                drop(velocity.take());
                velocity = Some(Velocity::open(options.clone()).unwrap());
                assert_eq!(velocity.as_ref().unwrap().orders(), model.len());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn counters_agree_with_a_list_of_all_orders(steps in proptest::collection::vec(step(), 1..120), small in any::<bool>()) {
        // Small files: many are begun and removed.
        run(steps, if small { 600 } else { 8 << 20 });
    }
}
