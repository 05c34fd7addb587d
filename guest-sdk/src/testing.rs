//! Carts, addresses and settings for a plugin's own tests, natively under `cargo test`.
//!
//! ```
//! use cartwright_sdk::prelude::*;
//! use cartwright_sdk::shipping_quote::*;
//! use cartwright_sdk::testing::{cart, configure, item, us_address};
//!
//! #[derive(Settings)]
//! struct Flat {
//!     price: i64,
//! }
//!
//! impl ShippingQuote for Flat {
//!     fn run(&self, _: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
//!         let quote = Quote { service: "flat".into(), price: self.price, ..Quote::default() };
//!         Ok(Answer { quotes: vec![quote], ..Answer::default() })
//!     }
//! }
//!
//! let plugin = configure::<Flat>(r#"{ "price": 599 }"#);
//! let request = cart()
//!     .line(item("MUG").weight(350).size(120, 90, 100).price(1299).quantity(2))
//!     .to(us_address("94107"))
//!     .at("2026-11-23T15:00:00Z")
//!     .request();
//! let answer = plugin.run(&request, &[]).unwrap();
//! assert_eq!(cartwright_sdk::testing::price(&answer, "flat"), 599);
//! ```
//!
//! The builders panic on what is no time or amount: in a test that is what one wants. What this module must not know:
//! any plugin.

pub mod address_validation;
mod builders;
pub mod order_routing;
pub mod order_screening;
pub mod return_policy;
mod time;

pub use builders::{Cart, Item, address, cart, item, us_address};
pub use time::{day, instant};

use crate::settings::{self, Configure, Configured, Issue};
use crate::shipping_quote::{Answer, Quote};
use std::string::String;
use std::vec::Vec;

/// A plugin from its settings document.
///
/// # Panics
/// When the settings have issues; the message lists them all.
#[track_caller]
pub fn configure<P: Configure>(settings: impl AsRef<str>) -> P {
    configured(settings).plugin
}

/// A plugin and the warnings about its settings.
///
/// # Panics
/// When the settings have issues; the message lists them all.
#[track_caller]
pub fn configured<P: Configure>(settings: impl AsRef<str>) -> Configured<P> {
    match settings::configure(settings.as_ref()) {
        Ok(configured) => configured,
        Err(issues) => {
            let list: Vec<String> = issues.iter().map(|issue| format!("  {issue}")).collect();
            panic!("the settings have issues:\n{}", list.join("\n"))
        }
    }
}

/// The issues of settings that are wrong.
///
/// # Panics
/// When there are none.
#[track_caller]
pub fn issues<P: Configure>(settings: impl AsRef<str>) -> Vec<Issue> {
    match settings::configure::<P>(settings.as_ref()) {
        Ok(_) => panic!("the settings have no issues"),
        Err(issues) => issues,
    }
}

/// The settings' JSON Schema, as the component carries it.
pub fn schema<P: Configure>() -> String {
    crate::schema::to_string(crate::schema::document::<P::Settings>())
}

/// The manifest, as the component carries it.
pub fn manifest<P: crate::manifest::Plugin>() -> String {
    crate::schema::to_string(P::MANIFEST)
}

/// The quote of this service.
///
/// # Panics
/// When there is none; the message lists the services that there are, and the reasons.
#[track_caller]
pub fn quote<'a>(answer: &'a Answer, service: &str) -> &'a Quote {
    answer.quotes.iter().find(|quote| quote.service == service).unwrap_or_else(|| {
        let services: Vec<_> = answer.quotes.iter().map(|quote| quote.service.as_str()).collect();
        panic!("no quote for {service:?}; there are {services:?}, with the reasons {:?}", answer.reasons)
    })
}

/// What this service costs, in minor units; also makes sure that its charges add up to it, where there are charges.
///
/// # Panics
/// When there is no such quote, or the charges do not add up.
#[track_caller]
pub fn price(answer: &Answer, service: &str) -> i64 {
    let quote = quote(answer, service);
    let sum: i64 = quote.charges.iter().map(|charge| charge.amount).sum();
    assert!(
        quote.charges.is_empty() || sum == quote.price,
        "the charges add up to {sum}, the price is {}",
        quote.price
    );
    quote.price
}

/// The stable codes of the answer's reasons, in their order.
pub fn reason_codes(answer: &Answer) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.code.as_str()).collect()
}
