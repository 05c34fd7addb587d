//! Orders to screen, with sensible values where a test says nothing. Knows no plugin.
//!
//! ```
//! use cartwright_sdk::order_screening::{AvsResult, VelocityKey};
//! use cartwright_sdk::testing::item;
//! use cartwright_sdk::testing::order_screening::order;
//!
//! let request = order()
//!     .line(item("TENT").price(54_995))
//!     .email("ann.lee@example.com")
//!     .avs(AvsResult::NoMatch)
//!     .velocity(VelocityKey::Card, 86_400, 3)
//!     .request();
//! assert_eq!(request.payment.amount, 54_995);
//! ```

use super::builders::{Item, us_address};
use super::time::instant;
use crate::order_screening::{
    Answer, AvsResult, CardFunding, CvvResult, History, Payment, Request, Session, ThreeDSecure, Velocity, VelocityKey,
};
use cartwright_contract::types::{Address, Coordinates, Customer, Line};
use std::string::ToString;
use std::vec::Vec;

/// An order under way; see [`order`].
#[derive(Debug, Clone)]
pub struct Order {
    request: Request,
    /// Absent while the payment is the value of the lines.
    amount: Option<i64>,
}

/// An order in USD without lines, placed on Monday 2026-11-23 at 15:00 UTC by web, billed and shipped to San Francisco (94107), paid
/// by a credit card of the United States that nobody has anything against; nothing is known of customer and session.
#[must_use]
pub fn order() -> Order {
    let payment = Payment {
        method: "card".to_string(),
        avs: AvsResult::MatchAll,
        cvv: CvvResult::MatchAll,
        funding: CardFunding::Credit,
        card_country: Some("US".to_string()),
        ..Payment::default()
    };
    let request = Request {
        at: instant("2026-11-23T15:00:00Z"),
        order: "1001".to_string(),
        currency: "USD".to_string(),
        billing: us_address("94107"),
        shipping: us_address("94107"),
        payment,
        session: Session::default(),
        channel: "web".to_string(),
        ..Request::default()
    };
    Order { request, amount: None }
}

impl Order {
    /// Adds a line; its id is its place, counted from 1.
    #[must_use]
    pub fn line(mut self, item: Item) -> Self {
        let id = (self.request.lines.len() + 1).to_string();
        self.request.lines.push(Line { id, ..item.line() });
        self
    }

    /// When the order was placed, as an RFC 3339 timestamp in UTC.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn at(mut self, timestamp: &str) -> Self {
        self.request.at = instant(timestamp);
        self
    }

    /// Where the card's holder lives.
    #[must_use]
    pub fn billed_to(mut self, address: Address) -> Self {
        self.request.billing = address;
        self
    }

    /// Where the order goes.
    #[must_use]
    pub fn shipped_to(mut self, address: Address) -> Self {
        self.request.shipping = address;
        self
    }

    /// The service that the shopper chose.
    #[must_use]
    pub fn service(mut self, service: &str) -> Self {
        self.request.service = service.to_string();
        self
    }

    /// Who buys.
    #[must_use]
    pub fn customer(mut self, customer: Customer) -> Self {
        self.request.customer = Some(customer);
        self
    }

    /// The customer's e-mail address.
    #[must_use]
    pub fn email(mut self, email: &str) -> Self {
        self.request.customer.get_or_insert_default().email = Some(email.to_string());
        self
    }

    /// What the shop knows from before.
    #[must_use]
    pub fn history(mut self, history: History) -> Self {
        self.request.history = Some(history);
        self
    }

    /// What is paid, in minor units; the value of the lines when this is not called.
    #[must_use]
    pub fn amount(mut self, minor_units: i64) -> Self {
        self.amount = Some(minor_units);
        self
    }

    /// What the issuer says of the billing address.
    #[must_use]
    pub fn avs(mut self, result: AvsResult) -> Self {
        self.request.payment.avs = result;
        self
    }

    /// What the issuer says of the security code.
    #[must_use]
    pub fn cvv(mut self, result: CvvResult) -> Self {
        self.request.payment.cvv = result;
        self
    }

    /// What 3-D Secure says.
    #[must_use]
    pub fn three_d_secure(mut self, outcome: ThreeDSecure) -> Self {
        self.request.payment.three_d_secure = outcome;
        self
    }

    /// The payment as a whole; its amount is that of [`amount`](Self::amount) or of the lines.
    #[must_use]
    pub fn payment(mut self, payment: Payment) -> Self {
        self.request.payment = payment;
        self
    }

    /// The shopper's IP address, its country (ISO 3166-1 alpha-2), and where it is, in millionths of a degree.
    #[must_use]
    pub fn ip(mut self, ip: &str, country: &str, latitude: i32, longitude: i32) -> Self {
        self.request.session.ip = Some(ip.to_string());
        self.request.session.ip_country = Some(country.to_string());
        self.request.session.ip_coordinates = Some(Coordinates { latitude, longitude });
        self
    }

    /// Where the order came from.
    #[must_use]
    pub fn session(mut self, session: Session) -> Self {
        self.request.session = session;
        self
    }

    /// So many orders with this key in the window, in seconds, before this one.
    #[must_use]
    pub fn velocity(mut self, key: VelocityKey, window: u32, orders: u32) -> Self {
        self.request.velocities.push(Velocity { key, window, orders, amount: 0 });
        self
    }

    /// One of the shop's marks on the order: `gift`.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.request.tags.push(tag.to_string());
        self
    }

    /// The request that a plugin is called with.
    #[must_use]
    pub fn request(mut self) -> Request {
        let worth = |line: &Line| line.unit_price * i64::from(line.quantity) - line.discount;
        let lines: i64 = self.request.lines.iter().map(worth).sum();
        self.request.payment.amount = self.amount.unwrap_or(lines);
        self.request
    }
}

/// The points that the contributions with this code add up to; 0 when there are none.
#[must_use]
pub fn points(answer: &Answer, code: &str) -> i32 {
    answer.contributions.iter().filter(|one| one.reason.code == code).map(|one| one.points).sum()
}

/// The codes of the answer's contributions, in their order.
#[must_use]
pub fn contribution_codes(answer: &Answer) -> Vec<&str> {
    answer.contributions.iter().map(|one| one.reason.code.as_str()).collect()
}
