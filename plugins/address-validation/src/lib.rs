//! The reference plugin for address-validation.
//!
//! What this crate must not know: how it is hosted, and how the decision is made; that is the core's.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

use cartwright_sdk::address_validation::*;
use cartwright_sdk::prelude::*;

/// The merchant's settings.
#[derive(Settings)]
pub struct AddressValidationPlugin {}

impl AddressValidation for AddressValidationPlugin {
    fn run(&self, _request: &Request, _responses: &[HttpResponse]) -> Result<Answer, Failure> {
        Ok(Answer::default())
    }
}

cartwright_sdk::plugin! { AddressValidationPlugin: address_validation }
