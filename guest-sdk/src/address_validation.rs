//! The hook `address-validation`: whether a parcel would reach an address.

pub use cartwright_contract::address_validation::{
    Answer, Field, FieldResult, FieldStatus, Issue, Request, Severity, Verdict,
};
pub use cartwright_contract::outside::HttpResponse;
use cartwright_contract::types::Failure;

/// The hook's name in a manifest.
pub const HOOK: &str = "address-validation";

/// Says whether a parcel would reach an address.
pub trait AddressValidation {
    /// The decision. `responses` are the outcomes of what [`plan`] asked for; empty without it.
    ///
    /// # Errors
    /// When the plugin cannot decide; the host then answers with the address as given, marked unchecked.
    ///
    /// [`plan`]: plan::AddressValidationPlan::plan
    fn run(&self, request: &Request, responses: &[HttpResponse]) -> Result<Answer, Failure>;
}

/// The first step, for plugins that need to ask the outside world.
pub mod plan {
    pub use super::Request;
    pub use cartwright_contract::outside::{Field, HttpRequest, Method};
    use cartwright_contract::types::Failure;

    /// The step's name in a manifest.
    pub const HOOK: &str = "address-validation-plan";

    /// Says what the host fetches before [`AddressValidation::run`](super::AddressValidation::run).
    pub trait AddressValidationPlan {
        /// The requests to make; only to hosts that the plugin's `calls` name.
        ///
        /// # Errors
        /// When the plugin cannot decide; `run` is then not called.
        fn plan(&self, request: &Request) -> Result<alloc::vec::Vec<HttpRequest>, Failure>;
    }

    crate::bindings::edge!(plan: address_validation, address_validation_plan for AddressValidationPlan);
}

crate::bindings::edge! {
    world: "package cartwright:sdk-address-validation; world address-validation-exports {
        export cartwright:plugin/address-validation@1.0.0;
    }",
    run: address_validation for AddressValidation,
    types: {
        "cartwright:plugin/address-validation@1.0.0/request": cartwright_contract::address_validation::Request,
        "cartwright:plugin/address-validation@1.0.0/verdict": cartwright_contract::address_validation::Verdict,
        "cartwright:plugin/address-validation@1.0.0/field": cartwright_contract::address_validation::Field,
        "cartwright:plugin/address-validation@1.0.0/field-status": cartwright_contract::address_validation::FieldStatus,
        "cartwright:plugin/address-validation@1.0.0/field-result": cartwright_contract::address_validation::FieldResult,
        "cartwright:plugin/address-validation@1.0.0/severity": cartwright_contract::address_validation::Severity,
        "cartwright:plugin/address-validation@1.0.0/issue": cartwright_contract::address_validation::Issue,
        "cartwright:plugin/address-validation@1.0.0/answer": cartwright_contract::address_validation::Answer,
    },
}
