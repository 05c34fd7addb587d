//! Shipping quotes as a table.

use super::{Shown, reasons};
use crate::table::{Table, plain};
use crate::words;
use cartwright_runtime::contract::shipping_quote::{Answer, Method, Parcel, Quote, Request};
use cartwright_runtime::hooks::ShippingQuote;
use std::io::{self, Write};

impl Shown for ShippingQuote {
    /// A table of quotes, and the reasons.
    fn show(out: &mut impl Write, request: &Request, answer: &Answer) -> io::Result<()> {
        let currency = &request.currency;
        let mut table = Table::new(&["service", "name", ">price", "arrives", "parcels"]);
        for quote in &answer.quotes {
            let price = format!("{} {currency}", words::money(quote.price, currency));
            table.row(&[service(quote), quote.name.clone(), price, arrives(quote), parcels(quote, answer)]);
        }
        if table.is_empty() {
            writeln!(out, "  no service can take this cart")?;
        } else {
            table.without_columns_of("-").print(out, 2)?;
        }
        for quote in &answer.quotes {
            reasons(out, &quote.reasons, currency, &format!("{}: ", plain(&quote.service)))?;
        }
        reasons(out, &answer.reasons, currency, "")
    }
}

fn service(quote: &Quote) -> String {
    let backup = if quote.backup { " (backup)" } else { "" };
    format!("{}{backup}", quote.service)
}

fn arrives(quote: &Quote) -> String {
    let place = match (&quote.location, quote.method) {
        (Some(location), Method::PickUp) => format!(" at {location}"),
        _ => String::new(),
    };
    match &quote.promise {
        Some(promise) => format!("{}{place}", words::days(promise.earliest, promise.latest)),
        None => format!("-{place}"),
    }
}

fn parcels(quote: &Quote, answer: &Answer) -> String {
    let named = |parcel: &Parcel| {
        let packaging = if parcel.packaging.is_empty() { "as it is" } else { &parcel.packaging };
        format!("{packaging} {}", words::grams(parcel.weight))
    };
    let found = quote.parcels.iter().filter_map(|index| answer.parcels.get(*index as usize));
    let mut counted: Vec<(String, usize)> = Vec::new();
    for name in found.map(named) {
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    let text = |(name, count): (String, usize)| if count == 1 { name } else { format!("{count} x {name}") };
    let texts: Vec<_> = counted.into_iter().map(text).collect();
    if texts.is_empty() { "-".into() } else { texts.join(", ") }
}
