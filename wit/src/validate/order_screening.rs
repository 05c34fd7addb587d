//! Ranges of an order-screening request.

use super::{
    LONGEST_TEXT, MOST_MONEY, Validate, address, code, coordinates_in_range, customer, failure, instant, lines, name,
    names, out_of_range, shortened,
};
use crate::order_screening::{History, Payment, Request, Session, Velocity, VelocityKey};
use crate::types::{Customer, Failure, Instant, MinorUnits};
use alloc::collections::BTreeSet;
use alloc::format;
use core::fmt::Display;
use core::net::IpAddr;

/// Velocity counters of one request: five keys, and more windows than anybody needs.
pub const MOST_VELOCITIES: usize = 100;
/// The widest window: 366 days, in seconds.
pub const WIDEST_WINDOW: u32 = 31_622_400;
/// Orders, attempts and the like that one counter can have seen.
pub const MOST_COUNTED: u32 = 1_000_000_000;

const COUNTRY: &str = "an ISO 3166-1 alpha-2 code such as \"US\"";

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        code("/currency", &self.currency, 3, "an ISO 4217 code such as \"USD\"")?;
        address("/billing", &self.billing)?;
        address("/shipping", &self.shipping)?;
        lines(&self.lines)?;
        name("/order", &self.order, false)?;
        name("/service", &self.service, true)?;
        name("/channel", &self.channel, true)?;
        names("/tags", &self.tags)?;
        customer(self.customer.as_ref())?;
        self.customer.as_ref().map_or(Ok(()), known_customer)?;
        payment(&self.payment)?;
        session(&self.session)?;
        self.history.as_ref().map_or(Ok(()), |history| before(history, self.at))?;
        velocities(&self.velocities)
    }
}

fn money(field: &str, amount: MinorUnits) -> Result<(), Failure> {
    if (0..=MOST_MONEY).contains(&amount) {
        return Ok(());
    }
    Err(out_of_range(field, amount, "0 to 100000000000000 minor units"))
}

fn count(field: &str, value: u32) -> Result<(), Failure> {
    if value <= MOST_COUNTED {
        return Ok(());
    }
    Err(out_of_range(field, value, "0 to 1000000000"))
}

fn text(field: impl Display, value: Option<&str>) -> Result<(), Failure> {
    match value.filter(|value| value.len() > LONGEST_TEXT) {
        Some(value) => Err(out_of_range(field, format!("a text of {} bytes", value.len()), "at most 1000")),
        None => Ok(()),
    }
}

fn known_customer(customer: &Customer) -> Result<(), Failure> {
    count("/customer/orders", customer.orders)?;
    customer.id.as_ref().map_or(Ok(()), |id| name("/customer/id", id, true))?;
    text("/customer/email", customer.email.as_deref())
}

fn payment(payment: &Payment) -> Result<(), Failure> {
    name("/payment/method", &payment.method, true)?;
    money("/payment/amount", payment.amount)?;
    count("/payment/declinedAttempts", payment.declined_attempts)?;
    payment.card_country.as_ref().map_or(Ok(()), |country| code("/payment/cardCountry", country, 2, COUNTRY))?;
    payment.card_fingerprint.as_ref().map_or(Ok(()), |card| name("/payment/cardFingerprint", card, true))?;
    text("/payment/cardholder", payment.cardholder.as_deref())
}

fn session(session: &Session) -> Result<(), Failure> {
    if let Some(ip) = session.ip.as_ref().filter(|ip| ip.parse::<IpAddr>().is_err()) {
        let message =
            format!("{:?} is not an IP address; give one such as \"203.0.113.7\" or \"2001:db8::7\"", shortened(ip));
        return Err(failure("NOT_AN_IP_ADDRESS", "/session/ip", message));
    }
    session.ip_country.as_ref().map_or(Ok(()), |country| code("/session/ipCountry", country, 2, COUNTRY))?;
    session.ip_coordinates.map_or(Ok(()), |point| coordinates_in_range("/session/ipCoordinates", point))?;
    session.device.as_ref().map_or(Ok(()), |device| name("/session/device", device, true))?;
    text("/session/userAgent", session.user_agent.as_deref())
}

/// What lies before the order has its moments before the order.
fn before(history: &History, at: Instant) -> Result<(), Failure> {
    for (field, moment) in
        [("/history/customerSince", history.customer_since), ("/history/emailFirstSeen", history.email_first_seen)]
    {
        let Some(moment) = moment else { continue };
        instant(field, moment)?;
        if moment > at {
            let message =
                format!("{moment} s is after the order's own {at} s; give a moment up to `at`, or leave it out");
            return Err(failure("IN_THE_FUTURE", field, message));
        }
    }
    count("/history/completedOrders", history.completed_orders)?;
    count("/history/chargebacks", history.chargebacks)?;
    count("/history/rejectedOrders", history.rejected_orders)?;
    money("/history/spent", history.spent)
}

fn velocities(velocities: &[Velocity]) -> Result<(), Failure> {
    if velocities.len() > MOST_VELOCITIES {
        return Err(out_of_range("/velocities", format!("{} counters", velocities.len()), "at most 100"));
    }
    let mut seen: BTreeSet<(VelocityKey, u32)> = BTreeSet::new();
    for (index, velocity) in velocities.iter().enumerate() {
        if velocity.window == 0 || velocity.window > WIDEST_WINDOW {
            let field = format!("/velocities/{index}/window");
            return Err(out_of_range(field, format!("{} s", velocity.window), "1 to 31622400 seconds"));
        }
        if !seen.insert((velocity.key, velocity.window)) {
            let message = format!(
                "there is a counter of {:?} over {} s already; give each key and window once",
                velocity.key, velocity.window
            );
            return Err(failure("DUPLICATE_VELOCITY", format!("/velocities/{index}"), message));
        }
        count(&format!("/velocities/{index}/orders"), velocity.orders)?;
        money(&format!("/velocities/{index}/amount"), velocity.amount)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Address, Coordinates, Line};
    use alloc::string::{String, ToString};
    use alloc::vec;

    fn order() -> Request {
        let line = Line { id: "1".into(), quantity: 1, weight: 100, physical: true, ..Line::default() };
        let address = Address { country: "US".into(), ..Address::default() };
        Request {
            at: 1_000,
            order: "1001".into(),
            currency: "USD".into(),
            lines: vec![line],
            billing: address.clone(),
            shipping: address,
            history: Some(History { customer_since: Some(1_000), ..History::default() }),
            customer: Some(Customer::default()),
            ..Request::default()
        }
    }

    /// A field, a code, and how to break it.
    type Breach = (&'static str, &'static str, fn(&mut Request));

    fn history(order: &mut Request) -> &mut History {
        order.history.as_mut().unwrap()
    }

    #[test]
    fn every_range_is_kept_and_a_sound_order_passes() {
        assert_eq!(order().validate(), Ok(()));
        let breaches: [Breach; 27] = [
            ("/at", "OUT_OF_RANGE", |o| o.at = -1),
            ("/currency", "NOT_A_CODE", |o| o.currency = "usd".into()),
            ("/order", "OUT_OF_RANGE", |o| o.order.clear()),
            ("/lines", "NO_LINES", |o| o.lines.clear()),
            ("/billing/country", "NOT_A_CODE", |o| o.billing.country.clear()),
            ("/shipping/country", "NOT_A_CODE", |o| o.shipping.country = "USA".into()),
            ("/service", "OUT_OF_RANGE", |o| o.service = "x".repeat(256)),
            ("/customer/email", "OUT_OF_RANGE", |o| o.customer.as_mut().unwrap().email = Some("x".repeat(1_001))),
            ("/customer/id", "OUT_OF_RANGE", |o| o.customer.as_mut().unwrap().id = Some("x".repeat(256))),
            ("/customer/orders", "OUT_OF_RANGE", |o| o.customer.as_mut().unwrap().orders = u32::MAX),
            ("/payment/amount", "OUT_OF_RANGE", |o| o.payment.amount = -1),
            ("/payment/declinedAttempts", "OUT_OF_RANGE", |o| o.payment.declined_attempts = u32::MAX),
            ("/payment/cardCountry", "NOT_A_CODE", |o| o.payment.card_country = Some("us".into())),
            ("/payment/cardFingerprint", "OUT_OF_RANGE", |o| o.payment.card_fingerprint = Some("x".repeat(256))),
            ("/payment/cardholder", "OUT_OF_RANGE", |o| o.payment.cardholder = Some("x".repeat(1_001))),
            ("/session/ip", "NOT_AN_IP_ADDRESS", |o| o.session.ip = Some("203.0.113".into())),
            ("/session/ipCountry", "NOT_A_CODE", |o| o.session.ip_country = Some(String::new())),
            ("/session/ipCoordinates/latitude", "OUT_OF_RANGE", |o| {
                o.session.ip_coordinates = Some(Coordinates { latitude: i32::MAX, longitude: 0 });
            }),
            ("/session/userAgent", "OUT_OF_RANGE", |o| o.session.user_agent = Some("x".repeat(1_001))),
            ("/history/customerSince", "IN_THE_FUTURE", |o| history(o).customer_since = Some(1_001)),
            ("/history/emailFirstSeen", "OUT_OF_RANGE", |o| history(o).email_first_seen = Some(-1)),
            ("/history/emailFirstSeen", "IN_THE_FUTURE", |o| history(o).email_first_seen = Some(2_000)),
            ("/history/chargebacks", "OUT_OF_RANGE", |o| history(o).chargebacks = u32::MAX),
            ("/history/spent", "OUT_OF_RANGE", |o| history(o).spent = -5),
            ("/velocities", "OUT_OF_RANGE", |o| o.velocities = vec![Velocity::default(); 101]),
            ("/velocities/0/window", "OUT_OF_RANGE", |o| o.velocities = vec![Velocity::default()]),
            ("/velocities/1", "DUPLICATE_VELOCITY", |o| {
                o.velocities = vec![Velocity { window: 3_600, ..Velocity::default() }; 2];
            }),
        ];
        for (field, code, breach) in breaches {
            let mut order = order();
            breach(&mut order);
            let failure = order.validate().expect_err(field);
            assert_eq!((failure.field.as_deref(), &*failure.code), (Some(field), code));
        }
    }

    #[test]
    fn a_breach_names_the_field_the_value_and_the_remedy() {
        let mut order = order();
        history(&mut order).customer_since = Some(2_000);
        assert_eq!(
            order.validate().unwrap_err().to_string(),
            "IN_THE_FUTURE at /history/customerSince: 2000 s is after the order's own 1000 s; give a moment up to `at`, or leave it out"
        );
    }
}
