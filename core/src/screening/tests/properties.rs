//! What holds for any conditions on any order; the flat program is held against conditions as they are written.

use super::*;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use proptest::prelude::*;

/// A condition looked at as it is written: what the flat program is held against.
fn holds(condition: &Condition, names: &BTreeMap<String, Condition>, signals: &Signals<'_>) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, names, signals)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, names, signals)),
        Condition::Not(part) => !holds(part, names, signals),
        Condition::Named(name) => holds(&names[name], names, signals),
        Condition::Test(test) => match (signals.get(test.signal()), test.ask()) {
            (value, Ask::Known(known)) => (*value != Value::Unknown) == *known,
            (Value::Flag(flag), Ask::Is(asked)) => flag == asked,
            (Value::Number(number), Ask::Within { least, most }) => least <= number && number <= most,
            (Value::Text(text), Ask::OneOf(texts)) => texts.contains(&**text),
            (Value::Text(text), Ask::NoneOf(texts)) => !texts.contains(&**text),
            _ => false,
        },
    }
}

fn any_test() -> impl Strategy<Value = Condition> {
    let texts = || {
        proptest::collection::btree_set(proptest::sample::select(vec!["US", "CA", "DE"]).prop_map(String::from), 1..3)
    };
    let countries = proptest::sample::select(vec![Signal::BillingCountry, Signal::IpCountry]);
    let numbers = proptest::sample::select(vec![Signal::Quantity, Signal::DeclinedAttempts, Signal::CompletedOrders]);
    let flags = proptest::sample::select(vec![Signal::AvsNoMatch, Signal::NewCustomer, Signal::AnonymousIp]);
    prop_oneof![
        (numbers.clone(), -1_i64..6, 0_i64..6)
            .prop_map(|(signal, least, width)| test(signal, Ask::Within { least, most: least + width })),
        (flags.clone(), any::<bool>()).prop_map(|(signal, flag)| test(signal, Ask::Is(flag))),
        (countries, texts(), any::<bool>()).prop_map(|(signal, texts, among)| {
            test(signal, if among { Ask::OneOf(texts) } else { Ask::NoneOf(texts) })
        }),
        (flags, any::<bool>()).prop_map(|(signal, known)| test(signal, Ask::Known(known))),
    ]
}

/// Conditions that may use the names `n0` up to `below`.
fn any_condition(below: usize) -> impl Strategy<Value = Condition> {
    let leaf = if below == 0 {
        any_test().boxed()
    } else {
        prop_oneof![3 => any_test(), 1 => (0..below).prop_map(|name| Condition::Named(alloc::format!("n{name}")))]
            .boxed()
    };
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

prop_compose! {
    fn any_order()(
        quantity in 1_u32..6, declined in 0_u32..6, billing in 0_usize..3, ip in proptest::option::of(0_usize..3),
        completed in proptest::option::of(0_u32..6), anonymous in any::<Option<bool>>(), avs in 0_usize..3,
    ) -> Request {
        let countries = ["US", "CA", "DE"];
        let mut request = order();
        request.lines[0].quantity = quantity;
        request.payment.declined_attempts = declined;
        request.billing.country = countries[billing].into();
        request.session.ip_country = ip.map(|ip| countries[ip].into());
        request.session.ip_anonymous = anonymous;
        request.payment.avs = [AvsResult::NotChecked, AvsResult::NoMatch, AvsResult::MatchAll][avs];
        request.history = completed.map(|completed_orders| History { completed_orders, ..History::default() });
        request
    }
}

proptest! {
    #[test]
    fn a_program_holds_where_its_condition_does(
        first in any_condition(0), second in any_condition(1), condition in any_condition(2), request in any_order(),
    ) {
        let names = BTreeMap::from([("n0".to_string(), first), ("n1".to_string(), second)]);
        let screened = ScreenRules {
            conditions: NamedConditions::new(&names).unwrap(),
            rules: vec![rule("HOLDS", condition.clone(), Effect::Verdict(Verdict::Review))],
            ..rules()
        };
        let signals = Signals::read(&request, &SignalRules::default(), &Wanted::all());
        let answer = answer(screened, &request);
        prop_assert_eq!(answer.verdict == Verdict::Review, holds(&condition, &names, &signals));
    }

    #[test]
    fn what_never_holds_holds_on_no_order_and_what_is_covered_is_covered(
        wide in any_condition(0), narrow in any_condition(0), requests in proptest::collection::vec(any_order(), 20),
    ) {
        let none = NamedConditions::default();
        let facts = |condition: &Condition| conflict::Facts::of(condition, &none, &[]);
        let (of_wide, of_narrow) = (facts(&wide), facts(&narrow));
        for request in &requests {
            let signals = Signals::read(request, &SignalRules::default(), &Wanted::all());
            let names = BTreeMap::new();
            if of_wide.is_err() {
                prop_assert!(!holds(&wide, &names, &signals), "{:?} was said never to hold", wide);
            }
            if let (Ok(of_wide), Ok(of_narrow)) = (&of_wide, &of_narrow)
                && of_wide.covers(of_narrow)
                && holds(&narrow, &names, &signals)
            {
                prop_assert!(holds(&wide, &names, &signals), "{:?} was said to cover {:?}", wide, narrow);
            }
        }
    }

    #[test]
    fn a_score_is_the_sum_of_its_contributions_within_its_ends(
        points in proptest::collection::vec(-1_000_i32..=1_000, 0..8), request in any_order(),
    ) {
        let rules = ScreenRules {
            rules: points.iter().map(|points| rule("P", from(Signal::Quantity, 3), Effect::Points(*points))).collect(),
            thresholds: Thresholds { review: Some(300), reject: Some(600) },
            ..rules()
        };
        let answer = answer(rules, &request);
        let sum: i32 = if request.lines[0].quantity >= 3 { points.iter().sum() } else { 0 };
        prop_assert_eq!(i64::from(answer.score), i64::from(sum.clamp(0, 1_000)));
        let expected = match answer.score { 0..300 => Verdict::Accept, 300..600 => Verdict::Review, _ => Verdict::Reject };
        prop_assert_eq!(answer.verdict, expected);
    }
}
