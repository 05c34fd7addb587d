//! The reference plugin for address validation: what a merchant asks of addresses as settings, the core's rules of each country, and,
//! where the merchant has one, an external validation service.
//!
//! [`settings`] holds the merchant's words, `build` makes a [`Validator`] of them at install, and a call is one call of
//! [`cartwright_core::address::validate`]. With a service `plan` asks for one HTTP request first, and `run` joins its answer; `service` has
//! the format of both.
//!
//! What this crate must not know: how it is hosted, and how the decision is made; that is the core's.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod build;
mod service;
pub mod settings;

use cartwright_core::address::{Consulted, Validator, validate};
use cartwright_sdk::address_validation::plan::AddressValidationPlan;
use cartwright_sdk::address_validation::{AddressValidation, Answer, HttpResponse, Request};
use cartwright_sdk::prelude::*;
use service::Service;

/// The merchant's rules, ready for addresses.
#[derive(Debug)]
pub struct AddressValidationPlugin {
    validator: Validator,
    service: Option<Service>,
}

impl AddressValidationPlugin {
    /// What the settings became: what the same decisions are made with outside of a plugin.
    #[must_use]
    pub fn validator(&self) -> &Validator {
        &self.validator
    }
}

impl Configure for AddressValidationPlugin {
    type Settings = settings::Document;

    fn configure(settings: settings::Document) -> Result<Configured<Self>, Vec<Issue>> {
        let (plugin, warnings) = build::plugin(settings)?;
        Ok(Configured { plugin, warnings })
    }
}

impl AddressValidation for AddressValidationPlugin {
    fn run(&self, request: &Request, responses: &[HttpResponse]) -> Result<Answer, Failure> {
        let alone = validate(&self.validator, request, &Consulted::No);
        if self.service.as_ref().is_some_and(|service| service.is_asked(&alone)) {
            return Ok(validate(&self.validator, request, &service::consulted(responses)));
        }
        Ok(alone)
    }
}

impl AddressValidationPlan for AddressValidationPlugin {
    fn plan(&self, request: &Request) -> Result<Vec<HttpRequest>, Failure> {
        let Some(service) = &self.service else { return Ok(Vec::new()) };
        let alone = validate(&self.validator, request, &Consulted::No);
        if !service.is_asked(&alone) {
            return Ok(Vec::new());
        }
        Ok(vec![service.request(&alone.corrected, &request.locale)])
    }
}

// The corrected address and the label are whole: street, recipient and phone come back in them.
cartwright_sdk::plugin! {
    AddressValidationPlugin: address_validation + address_validation_plan,
    sees: ["address.lines", "address.name", "address.phone"],
    calls: ["settings:/service/host"],
}
