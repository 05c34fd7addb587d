//! Quotes of several plugins add up and are ranked.

use super::{Compose, reason};
use crate::hooks::ShippingQuote;
use cartwright_contract::Reason;
use cartwright_contract::shipping_quote::{Answer, Quote, Request};

impl Compose for ShippingQuote {
    /// Cheapest first, then the earliest, then the plugins' order. A plugin's backup service stands only where no plugin has a
    /// real one. Where two plugins offer a service of the same name, the first one's stands: a checkout names a service to
    /// choose it.
    fn merge(_: &Request, answers: Vec<Answer>) -> Answer {
        let mut merged = Answer::default();
        for Answer { quotes, parcels, reasons } in answers {
            let first = u32::try_from(merged.parcels.len()).unwrap_or(u32::MAX);
            merged.parcels.extend(parcels);
            merged.reasons.extend(reasons);
            for mut quote in quotes {
                for parcel in &mut quote.parcels {
                    *parcel = parcel.saturating_add(first);
                }
                if merged.quotes.iter().any(|other| other.service == quote.service && other.backup == quote.backup) {
                    let message = format!("another plugin already offers the service {:?}", quote.service);
                    merged.reasons.push(reason("SERVICE_OFFERED_TWICE", &message));
                } else {
                    merged.quotes.push(quote);
                }
            }
        }
        if merged.quotes.iter().any(|quote| !quote.backup) {
            merged.quotes.retain(|quote| !quote.backup);
        }
        let rank = |quote: &Quote| (quote.price, quote.promise.map_or(i32::MAX, |promise| promise.latest));
        merged.quotes.sort_by_key(rank);
        keep_used_parcels(&mut merged);
        merged
    }

    fn fallback(_: &Request) -> Answer {
        let reasons = vec![reason("NO_BACKUP_RATE", "no plugin answered, and the host has no backup rates")];
        Answer { reasons, ..Answer::default() }
    }

    fn reasons(answer: &mut Answer) -> &mut Vec<Reason> {
        &mut answer.reasons
    }
}

/// Parcels of quotes that were dropped are nobody's.
fn keep_used_parcels(answer: &mut Answer) {
    let mut places: Vec<Option<u32>> = vec![None; answer.parcels.len()];
    let mut kept = Vec::new();
    for quote in &mut answer.quotes {
        for parcel in &mut quote.parcels {
            let old = *parcel as usize;
            let place = places[old].get_or_insert_with(|| {
                kept.push(answer.parcels[old].clone());
                u32::try_from(kept.len() - 1).unwrap_or(u32::MAX)
            });
            *parcel = *place;
        }
    }
    answer.parcels = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartwright_contract::shipping_quote::Parcel;

    fn quote(service: &str, price: i64, parcel: u32) -> Quote {
        Quote { service: service.into(), price, parcels: vec![parcel], ..Quote::default() }
    }

    fn parcel(location: &str) -> Parcel {
        Parcel { location: location.into(), ..Parcel::default() }
    }

    #[test]
    fn quotes_of_two_plugins_are_ranked_by_price_and_keep_their_parcels() {
        let first = Answer { quotes: vec![quote("slow", 700, 0)], parcels: vec![parcel("a")], ..Answer::default() };
        let second = Answer {
            quotes: vec![quote("fast", 900, 1), quote("drone", 500, 0)],
            parcels: vec![parcel("b"), parcel("c")],
            ..Answer::default()
        };
        let merged = ShippingQuote::merge(&Request::default(), vec![first, second]);
        let seen: Vec<_> = merged
            .quotes
            .iter()
            .map(|quote| (quote.service.as_str(), merged.parcels[quote.parcels[0] as usize].location.as_str()))
            .collect();
        assert_eq!(seen, [("drone", "b"), ("slow", "a"), ("fast", "c")]);
    }

    #[test]
    fn a_backup_service_stands_only_where_no_plugin_has_a_real_one() {
        let backup = |service: &str| Quote { backup: true, parcels: vec![], ..quote(service, 1, 0) };
        let real = Quote { parcels: vec![], ..quote("real", 9, 0) };
        let of = |quotes| Answer { quotes, ..Answer::default() };
        let merged = ShippingQuote::merge(&Request::default(), vec![of(vec![backup("x")]), of(vec![real])]);
        assert_eq!(merged.quotes.iter().map(|quote| quote.service.as_str()).collect::<Vec<_>>(), ["real"]);
        let merged = ShippingQuote::merge(&Request::default(), vec![of(vec![backup("x")]), of(vec![backup("y")])]);
        assert_eq!(merged.quotes.len(), 2);
    }

    #[test]
    fn the_first_plugins_service_stands_where_two_have_the_same_name() {
        let of =
            |price| Answer { quotes: vec![quote("ground", price, 0)], parcels: vec![parcel("a")], ..Answer::default() };
        let merged = ShippingQuote::merge(&Request::default(), vec![of(900), of(100)]);
        assert_eq!(merged.quotes.len(), 1);
        assert_eq!(merged.quotes[0].price, 900);
        assert_eq!(merged.parcels.len(), 1, "the parcel of the dropped quote goes with it");
        assert_eq!(merged.reasons[0].code, "SERVICE_OFFERED_TWICE");
    }
}
