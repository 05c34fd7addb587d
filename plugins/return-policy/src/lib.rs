//! The reference plugin for return policies: a merchant's rules, terms, grades and destinations as settings, and the core's decisions
//! on them.
//!
//! [`settings`] holds the merchant's words, `build` makes a [`Policy`] of them at install, and every call is one call of
//! [`cartwright_core::returns::decide`].
//!
//! What this crate must not know: how it is hosted, how windows are counted and money is spread.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod build;
pub mod settings;

use cartwright_core::returns::Policy;
use cartwright_sdk::prelude::*;
use cartwright_sdk::return_policy::{Answer, Request, ReturnPolicy};

/// A shop that answers those who want to return something.
#[derive(Debug)]
pub struct ReturnPolicyPlugin {
    policy: Policy,
}

impl ReturnPolicyPlugin {
    /// What the settings became: what the same decisions are made with outside of a plugin.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl Configure for ReturnPolicyPlugin {
    type Settings = settings::Document;

    fn configure(settings: settings::Document) -> Result<Configured<Self>, Vec<Issue>> {
        let (policy, warnings) = build::policy(&settings)?;
        Ok(Configured { plugin: Self { policy }, warnings })
    }
}

impl ReturnPolicy for ReturnPolicyPlugin {
    fn run(&self, request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
        cartwright_core::returns::decide(&self.policy, request)
    }
}

// No personal field is needed: customers are known by their groups and counts, places by country and coordinates.
cartwright_sdk::plugin! { ReturnPolicyPlugin: return_policy }
