//! The reference plugin for return-policy.
//!
//! What this crate must not know: how it is hosted, and how the decision is made; that is the core's.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

use cartwright_sdk::prelude::*;
use cartwright_sdk::return_policy::*;

/// The merchant's settings.
#[derive(Settings)]
pub struct ReturnPolicyPlugin {}

impl ReturnPolicy for ReturnPolicyPlugin {
    fn run(&self, _request: &Request, _responses: &[HttpResponse]) -> Result<Answer, Failure> {
        Ok(Answer::default())
    }
}

cartwright_sdk::plugin! { ReturnPolicyPlugin: return_policy }
