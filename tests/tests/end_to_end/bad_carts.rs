//! Carts that nobody should send: a pointed error or a well-defined answer, never a panic, a hang or a wrong price.

use cartwright_contract::shipping_quote::{Answer, Request};
use cartwright_contract::{Dimensions, LocationStock};
use cartwright_runtime::hooks::ShippingQuote;
use cartwright_runtime::{CallError, Plugin};
use cartwright_tests::{cart, component, demo_settings, engine};
use std::sync::OnceLock;

fn plugin() -> &'static Plugin {
    static PLUGIN: OnceLock<Plugin> = OnceLock::new();
    PLUGIN.get_or_init(|| engine().install(&component("shipping_quote"), &demo_settings()).expect("installs"))
}

fn ask(change: impl FnOnce(&mut Request)) -> Result<Answer, CallError> {
    let mut request = cart(3);
    change(&mut request);
    plugin().call::<ShippingQuote>(&request, &[]).outcome
}

fn field(change: impl FnOnce(&mut Request)) -> String {
    match ask(change).expect_err("it is out of range") {
        CallError::InvalidRequest(failure) | CallError::Declined(failure) => failure.field.unwrap_or_default(),
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_out_of_range_is_told_with_its_field() {
    assert_eq!(field(|cart| cart.lines.clear()), "/lines");
    assert_eq!(field(|cart| cart.lines[2].quantity = 0), "/lines/2/quantity");
    assert_eq!(field(|cart| cart.lines[1].weight = 0), "/lines/1/weight");
    assert_eq!(field(|cart| cart.lines[1].weight = u32::MAX), "/lines/1/weight");
    assert_eq!(field(|cart| cart.lines[0].unit_price = i64::MAX), "/lines/0/unitPrice");
    assert_eq!(field(|cart| cart.currency = "EUR".into()), "/currency");
    assert_eq!(field(|cart| cart.at = i64::MIN), "/at");
    let stock = LocationStock { location: "reno".into(), available: vec![1] };
    assert_eq!(field(|cart| cart.stock = vec![stock]), "/stock/0/available");
}

#[test]
fn an_unknown_postal_code_is_quoted_by_what_is_known_of_the_place() {
    for code in ["00000", "ZZZZZ", "", "9", "🚚", "12345678901234567890"] {
        let answer = ask(|cart| cart.destination.postal_code = Some(code.into())).expect("an answer");
        assert!(!answer.quotes.is_empty() || !answer.reasons.is_empty(), "{code:?}");
    }
}

#[test]
fn a_country_without_service_gets_no_service_and_the_reasons() {
    let answer = ask(|cart| {
        cart.destination.country = "AQ".into();
        cart.destination.subdivision = None;
        cart.destination.postal_code = None;
    })
    .expect("an answer");
    assert!(answer.quotes.iter().all(|quote| quote.backup), "only the backup is left");
    assert!(!answer.reasons.is_empty());
}

#[test]
fn ten_thousand_lines_are_answered_or_refused_within_the_budget() {
    let request = cart(10_000);
    let decision = plugin().call::<ShippingQuote>(&request, &[]);
    match decision.outcome {
        Ok(answer) => assert!(!answer.quotes.is_empty() || !answer.reasons.is_empty()),
        Err(error) => panic!("{error} ({:?})", decision.usage),
    }
}

#[test]
fn ordinary_carts_are_quoted_within_the_budget() {
    // What a shopper may put together from the demo's own goods and from boxes of one size, in every small quantity.
    let sizes = [(410, 270, 55), (340, 280, 190), (560, 345, 150), (362, 132, 132), (225, 225, 160), (200, 150, 100)];
    for kinds in 1..=6 {
        for quantity in [1, 2, 3, 4, 6, 8, 12] {
            for fragile in [false, true] {
                let mut request = cart(kinds);
                for (line, (length, width, height)) in
                    request.lines.iter_mut().zip(sizes.into_iter().cycle().skip(quantity))
                {
                    line.size = Some(Dimensions { length, width, height });
                    (line.quantity, line.fragile) = (quantity as u32, fragile);
                }
                let decision = plugin().call::<ShippingQuote>(&request, &[]);
                let answer =
                    decision.outcome.unwrap_or_else(|e| panic!("{kinds} x {quantity}, fragile {fragile}: {e}"));
                assert!(answer.quotes.iter().any(|quote| !quote.backup), "{kinds} x {quantity}, fragile {fragile}");
                let share = decision.usage.fuel * 100 / decision.usage.fuel_limit;
                assert!(share < 60, "{kinds} x {quantity}, fragile {fragile}: {share} % of the fuel leaves no room");
            }
        }
    }
}

#[test]
fn a_hundred_different_lines_are_quoted() {
    let decision = plugin().call::<ShippingQuote>(&cart(100), &[]);
    let answer = decision.outcome.expect("within the budget");
    assert!(answer.quotes.iter().any(|quote| !quote.backup));
}

#[test]
fn a_cart_worth_more_than_any_shop_sells_has_no_overflowing_price() {
    let answer = ask(|cart| {
        for line in &mut cart.lines {
            (line.unit_price, line.quantity) = (cartwright_contract::validate::MOST_MONEY, 1);
        }
    })
    .expect("an answer");
    assert!(answer.quotes.iter().all(|quote| quote.price >= 0));
}

#[test]
fn a_million_units_and_a_thing_as_large_as_a_hall_are_answered_with_a_reason_or_the_backup() {
    for change in [
        (|cart: &mut Request| cart.lines[0].quantity = 1_000_000) as fn(&mut Request),
        |cart| cart.lines[0].size = Some(Dimensions { length: 100_000, width: 100_000, height: 100_000 }),
        |cart| cart.lines[0].weight = 100_000_000,
    ] {
        let answer = ask(change).expect("an answer");
        assert!(!answer.reasons.is_empty(), "what is not offered has its reason");
    }
}
