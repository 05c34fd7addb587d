//! Orders that come back, with sensible values where a test says nothing. Knows no plugin.
//!
//! ```
//! use cartwright_sdk::return_policy::{Condition, Remedy};
//! use cartwright_sdk::testing::return_policy::{back, order};
//! use cartwright_sdk::testing::{item, us_address};
//!
//! let request = order()
//!     .line(item("TENT").price(54_995).weight(1_470).tag("category:tents"))
//!     .back(back(0, 1).reason("TOO_LARGE").condition(Condition::Unopened).wants(Remedy::Exchange))
//!     .at("2026-12-05T18:00:00Z")
//!     .request();
//! assert_eq!(request.lines[0].paid, 54_995);
//! ```

use super::builders::{Item, us_address};
use super::time::instant;
use crate::return_policy::{
    Answer, Condition, Decision, DeliveredLine, Destination, Grade, Remedy, Request, RequestedReturn, RmaStatus,
};
use cartwright_contract::types::{Address, Customer, Line};
use std::string::{String, ToString};

/// An order under way; see [`order`].
#[derive(Debug, Clone)]
pub struct Order(Request);

/// An empty order in USD, placed on 2026-11-23, delivered to San Francisco (94107) on the 27th, looked at on 2026-12-05, each at
/// 18:00 UTC. Nothing was paid for shipping.
#[must_use]
pub fn order() -> Order {
    Order(Request {
        at: instant("2026-12-05T18:00:00Z"),
        order: "1001".to_string(),
        ordered: instant("2026-11-23T18:00:00Z"),
        currency: "USD".to_string(),
        origin: us_address("94107"),
        ..Request::default()
    })
}

impl Order {
    /// Adds a line that was paid in full, without tax; its id is its place, counted from 1.
    #[must_use]
    pub fn line(mut self, item: Item) -> Self {
        let id = (self.0.lines.len() + 1).to_string();
        let line = Line { id, ..item.line() };
        let paid = line.unit_price * i64::from(line.quantity) - line.discount;
        let delivered = Some(instant("2026-11-27T18:00:00Z"));
        self.0.lines.push(DeliveredLine { line, paid, delivered, ..DeliveredLine::default() });
        self
    }

    /// Changes the line that was added last.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn with(mut self, change: impl FnOnce(&mut DeliveredLine)) -> Self {
        change(self.0.lines.last_mut().expect("add a line first"));
        self
    }

    /// Adds what is asked back.
    #[must_use]
    pub fn back(mut self, back: Back) -> Self {
        self.0.returns.push(back.0);
        self
    }

    /// When it is looked at, as an RFC 3339 timestamp in UTC.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn at(mut self, timestamp: &str) -> Self {
        self.0.at = instant(timestamp);
        self
    }

    /// When it was ordered, as an RFC 3339 timestamp in UTC.
    ///
    /// # Panics
    /// When the text is none.
    #[must_use]
    #[track_caller]
    pub fn ordered(mut self, timestamp: &str) -> Self {
        self.0.ordered = instant(timestamp);
        self
    }

    /// What was paid for shipping, in minor units.
    #[must_use]
    pub fn shipping(mut self, paid: i64) -> Self {
        self.0.shipping_paid = paid;
        self
    }

    /// Where the goods are now.
    #[must_use]
    pub fn from(mut self, origin: Address) -> Self {
        self.0.origin = origin;
        self
    }

    /// Who bought.
    #[must_use]
    pub fn customer(mut self, customer: Customer) -> Self {
        self.0.customer = Some(customer);
        self
    }

    /// Units that this customer returned and bought in the last 365 days.
    #[must_use]
    pub fn history(mut self, returned: u32, bought: u32) -> Self {
        (self.0.returned_units, self.0.bought_units) = (returned, bought);
        self
    }

    /// Where it could go.
    #[must_use]
    pub fn destination(mut self, destination: Destination) -> Self {
        self.0.destinations.push(destination);
        self
    }

    /// Where the order was placed: `web`, `app`, `pos`.
    #[must_use]
    pub fn channel(mut self, channel: &str) -> Self {
        self.0.channel = channel.to_string();
        self
    }

    /// One of the shop's marks on the order.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.0.tags.push(tag.to_string());
        self
    }

    /// The request that a plugin is called with.
    #[must_use]
    pub fn request(self) -> Request {
        self.0
    }
}

/// A requested return under way; see [`back`].
#[derive(Debug, Clone)]
pub struct Back(RequestedReturn);

/// So many units of the line with this index, for a refund, without a reason and in a condition that nobody told.
#[must_use]
pub fn back(line: u32, quantity: u32) -> Back {
    Back(RequestedReturn { line, quantity, ..RequestedReturn::default() })
}

impl Back {
    /// The shop's reason code.
    #[must_use]
    pub fn reason(mut self, code: &str) -> Self {
        self.0.reason = code.to_string();
        self
    }

    /// The condition that the shopper names.
    #[must_use]
    pub fn condition(mut self, condition: Condition) -> Self {
        self.0.condition = condition;
        self
    }

    /// What the shopper asks for.
    #[must_use]
    pub fn wants(mut self, remedy: Remedy) -> Self {
        self.0.remedy = remedy;
        self
    }

    /// Where the return stands.
    #[must_use]
    pub fn status(mut self, status: RmaStatus) -> Self {
        self.0.status = status;
        self
    }

    /// What inspection found; the return is then received.
    #[must_use]
    pub fn grade(mut self, grade: Grade) -> Self {
        (self.0.status, self.0.grade) = (RmaStatus::Received, Some(grade));
        self
    }
}

/// The decision about the requested return with this index; also makes sure that its parts add up to its refund, where there are parts.
///
/// # Panics
/// When there is none, or the parts do not add up.
#[track_caller]
pub fn decision(answer: &Answer, requested: u32) -> &Decision {
    let Some(decision) = answer.decisions.iter().find(|decision| decision.requested == requested) else {
        panic!("no decision about return {requested}; there are {}", answer.decisions.len())
    };
    let sum: i64 = decision.parts.iter().map(|part| part.amount).sum();
    assert!(
        decision.parts.is_empty() || sum == decision.refund,
        "the parts add up to {sum}, the refund is {}",
        decision.refund
    );
    decision
}

/// The stable codes of a decision's reasons, in their order.
pub fn reason_codes(decision: &Decision) -> std::vec::Vec<&str> {
    decision.reasons.iter().map(|reason: &cartwright_contract::types::Reason| String::as_str(&reason.code)).collect()
}
