//! Signals of places: countries and distances of billing address, shipping address and IP address, and what kind of place it is.
//!
//! What this file must not know: what a signal is worth.

use super::{Signal, SignalRules, Signals, Value};
use crate::geo;
use crate::rate::po_box::is_po_box;
use cartwright_contract::Coordinates;
use cartwright_contract::order_screening::Request;

pub fn read<'r>(request: &'r Request, rules: &SignalRules, signals: &mut Signals<'r>) {
    let (billing, shipping, session) = (&request.billing, &request.shipping, &request.session);
    signals.set(Signal::BillingCountry, Value::text(Some(&billing.country)));
    signals.set(Signal::ShippingCountry, Value::text(Some(&shipping.country)));
    signals.set(Signal::ShippingSubdivision, Value::text(shipping.subdivision.as_deref()));
    signals.set(Signal::ShippingPostalCode, Value::text(shipping.postal_code.as_deref()));
    signals.set(Signal::BillingShippingCountryMismatch, Value::Flag(billing.country != shipping.country));
    let apart = distance(billing.coordinates, shipping.coordinates);
    signals.set(Signal::BillingShippingDistance, Value::number(apart));

    let country = session.ip_country.as_deref();
    signals.set(Signal::IpCountry, Value::text(country));
    let mismatch = country.map(|country| country != billing.country);
    signals.set(Signal::IpCountryMismatch, Value::flag(mismatch));
    // The shopper is where the card's holder lives, or at least where the parcel goes.
    let home = billing.coordinates.or(shipping.coordinates);
    signals.set(Signal::IpDistance, Value::number(distance(session.ip_coordinates, home)));
    signals.set(Signal::AnonymousIp, Value::flag(session.ip_anonymous));

    // Nothing is said of lines that the plugin may not see.
    let seen = !shipping.lines.is_empty();
    let forwarder = (seen || shipping.postal_code.is_some()).then(|| rules.freight_forwarders.matches(shipping));
    signals.set(Signal::FreightForwarder, Value::flag(forwarder));
    signals.set(Signal::PoBox, Value::flag(seen.then(|| is_po_box(&shipping.lines))));
}

/// In metres, when both are known.
fn distance(from: Option<Coordinates>, to: Option<Coordinates>) -> Option<i64> {
    geo::distance_metres(from?, to?).ok().map(i64::from)
}
