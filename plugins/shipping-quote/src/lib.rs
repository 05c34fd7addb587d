//! The reference plugin for shipping quotes: a merchant's locations, boxes, rate tables and calendars as settings, and the
//! core's decisions on them.
//!
//! [`settings`] holds the merchant's words, `build` makes a [`Shop`] of them at install, and every call is one call of
//! [`cartwright_core::shipping_quote::quote`].
//!
//! What this crate must not know: how boxes are chosen, prices add up and days are counted.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod build;
pub mod settings;

use cartwright_core::bundle::describe;
use cartwright_core::calendar;
use cartwright_core::shipping_quote::shop::Shop;
use cartwright_sdk::contract::Instant;
use cartwright_sdk::estimate_bundle::EstimateBundle;
use cartwright_sdk::prelude::*;
use cartwright_sdk::shipping_quote::*;

/// A shop that answers carts.
#[derive(Debug)]
pub struct ShippingQuotePlugin {
    shop: Shop,
}

impl ShippingQuotePlugin {
    /// What the settings became: what the same decisions are made with outside of a plugin.
    #[must_use]
    pub fn shop(&self) -> &Shop {
        &self.shop
    }
}

impl Configure for ShippingQuotePlugin {
    type Settings = settings::Document;

    fn configure(settings: settings::Document) -> Result<Configured<Self>, Vec<Issue>> {
        let (shop, warnings) = build::shop(&settings)?;
        Ok(Configured { plugin: Self { shop }, warnings })
    }
}

impl ShippingQuote for ShippingQuotePlugin {
    fn run(&self, request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
        cartwright_core::shipping_quote::quote(&self.shop, request)
    }
}

impl EstimateBundle for ShippingQuotePlugin {
    fn describe(&self, starts: Instant, ends: Instant) -> Result<Vec<u8>, Failure> {
        describe(&self.shop, calendar::Instant(starts), calendar::Instant(ends)).map_err(|why| Failure {
            code: "NOT_DESCRIBED".into(),
            message: why.to_string(),
            field: None,
        })
    }
}

// Post-office boxes are told by the lines of the address.
cartwright_sdk::plugin! { ShippingQuotePlugin: shipping_quote + estimate_bundle, sees: ["destination.lines"] }
