//! What the host answers when a hook's plugins fail, where the runtime alone cannot know: the shop's backup rates, and the core's own
//! routing.
//!
//! What this module must not know: HTTP, how the plugin was called.

use crate::config::BackupRate;
use cartwright_contract::shipping_quote::{Answer, Charge, ChargeKind, Method, Quote, Request};
use cartwright_contract::{Reason, order_routing};
use cartwright_runtime::composition::Compose;
use cartwright_runtime::hooks::OrderRouting;

/// The backup rates in the request's currency, cheapest first; and why there are none, when there are none.
pub fn quotes(rates: &[BackupRate], request: &Request) -> Answer {
    if !request.lines.iter().any(|line| line.physical) {
        let message = "nothing in the cart is shipped, so no backup rate is offered";
        return Answer { reasons: vec![reason("NOTHING_TO_SHIP", message.into())], ..Answer::default() };
    }
    let mut rates: Vec<_> = rates.iter().filter(|rate| rate.currency == request.currency).collect();
    if rates.is_empty() {
        let message = format!("the shop has no backup rate in {}", request.currency);
        return Answer { reasons: vec![reason("NO_BACKUP_RATE", message)], ..Answer::default() };
    }
    rates.sort_by_key(|rate| rate.price);
    Answer { quotes: rates.into_iter().map(quote).collect(), ..Answer::default() }
}

/// The core's routing with its default penalties; a hold where even that finds the order contradictory.
pub fn routing(request: &order_routing::Request) -> order_routing::Answer {
    cartwright_core::routing::route_by_default(request).unwrap_or_else(|_| OrderRouting::fallback(request))
}

fn quote(rate: &BackupRate) -> Quote {
    Quote {
        service: rate.service.clone(),
        name: rate.name.clone(),
        method: Method::Ship,
        price: rate.price,
        charges: vec![Charge { kind: ChargeKind::Freight, code: "BACKUP_RATE".into(), amount: rate.price }],
        backup: true,
        reasons: vec![reason("BACKUP_RATE", "the shop's flat rate for when its plugin does not answer".into())],
        // Nothing was packed, weighed or dated.
        ..Quote::default()
    }
}

fn reason(code: &str, message: String) -> Reason {
    Reason { code: code.into(), message, figures: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartwright_contract::Line;

    fn rate(service: &str, price: i64, currency: &str) -> BackupRate {
        BackupRate { service: service.into(), name: service.into(), price, currency: currency.into() }
    }

    fn cart(currency: &str, physical: bool) -> Request {
        let line = Line { physical, ..Line::default() };
        Request { currency: currency.into(), lines: vec![line], ..Request::default() }
    }

    #[test]
    fn rates_of_the_carts_currency_are_offered_cheapest_first_and_marked() {
        let rates = [rate("express", 1995, "USD"), rate("standard", 895, "USD"), rate("standard", 795, "EUR")];
        let quotes = super::quotes(&rates, &cart("USD", true)).quotes;
        let offered: Vec<_> = quotes.iter().map(|quote| (quote.service.as_str(), quote.price)).collect();
        assert_eq!(offered, [("standard", 895), ("express", 1995)]);
        for quote in quotes {
            assert!(quote.backup);
            assert_eq!(quote.charges.iter().map(|charge| charge.amount).sum::<i64>(), quote.price);
        }
    }

    #[test]
    fn no_offer_comes_with_its_reason() {
        let rates = [rate("standard", 895, "USD")];
        for (cart, code) in [(cart("EUR", true), "NO_BACKUP_RATE"), (cart("USD", false), "NOTHING_TO_SHIP")] {
            let answer = quotes(&rates, &cart);
            assert_eq!(answer.quotes, []);
            assert_eq!(answer.reasons[0].code, code);
        }
    }
}
