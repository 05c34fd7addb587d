//! The reference plugin for order routing: a merchant's fees, penalties, rules and carriers as settings, and the core's decisions on
//! them.
//!
//! [`settings`] holds the merchant's words, `build` makes a [`Policy`] of them at install, and every call is one call of
//! [`cartwright_core::routing::route`].
//!
//! What this crate must not know: how the cheapest assignment is found.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod build;
pub mod settings;

use cartwright_core::routing::policy::Policy;
use cartwright_sdk::order_routing::{Answer, HttpResponse, OrderRouting, Request};
use cartwright_sdk::prelude::*;

/// A policy that answers orders.
#[derive(Debug)]
pub struct OrderRoutingPlugin {
    policy: Policy,
}

impl OrderRoutingPlugin {
    /// What the settings became: what the same decisions are made with outside of a plugin.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl Configure for OrderRoutingPlugin {
    type Settings = settings::Document;

    fn configure(settings: settings::Document) -> Result<Configured<Self>, Vec<Issue>> {
        let (policy, warnings) = build::policy(&settings)?;
        Ok(Configured { plugin: Self { policy }, warnings })
    }
}

impl OrderRouting for OrderRoutingPlugin {
    fn run(&self, request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
        cartwright_core::routing::route(&self.policy, request)
    }
}

cartwright_sdk::plugin! { OrderRoutingPlugin: order_routing }
