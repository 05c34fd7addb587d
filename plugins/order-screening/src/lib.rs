//! The reference plugin for order screening: a merchant's lists, weights, rules, model and thresholds as settings, and the core's
//! decision on them.
//!
//! [`settings`] holds the merchant's words, `build` makes a [`Screen`] of them at install, and every call is one call of
//! [`cartwright_core::screening::screen`].
//!
//! What this crate must not know: how signals are read, conditions run and points add up.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod build;
pub mod settings;

use cartwright_core::screening::Screen;
use cartwright_sdk::order_screening::{Answer, OrderScreening, Request};
use cartwright_sdk::prelude::*;

/// A shop that screens its orders.
#[derive(Debug)]
pub struct OrderScreeningPlugin {
    screen: Screen,
}

impl OrderScreeningPlugin {
    /// What the settings became: what the same decisions are made with outside of a plugin.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }
}

impl Configure for OrderScreeningPlugin {
    type Settings = settings::Document;

    fn configure(settings: settings::Document) -> Result<Configured<Self>, Vec<Issue>> {
        let (screen, warnings) = build::screen(&settings)?;
        Ok(Configured { plugin: Self { screen }, warnings })
    }
}

impl OrderScreening for OrderScreeningPlugin {
    fn run(&self, request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
        cartwright_core::screening::screen(&self.screen, request)
    }
}

// Each is on a list or read by a signal; without them screening is blind.
cartwright_sdk::plugin! {
    OrderScreeningPlugin: order_screening,
    sees: [
        "customer.id",
        "customer.email",
        "billing.lines",
        "billing.name",
        "billing.phone",
        "shipping.lines",
        "shipping.name",
        "shipping.phone",
        "payment.card-fingerprint",
        "payment.cardholder",
        "session.ip",
        "session.device",
    ],
}
