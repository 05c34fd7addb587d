//! Whether a parcel would reach an address: `address-validation.wit`.

use crate::types::{Address, Instant, Reason};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

/// The interface, as a component exports it.
pub const INTERFACE: &str = "cartwright:plugin/address-validation@1.0.0";

/// What the hook is asked.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = AddressValidationRequest))]
pub struct Request {
    #[contract(default)]
    pub at: Instant,
    pub address: Address,
    /// BCP 47 tag of the language for `message`: `en`, `pt-BR`.
    #[contract(default)]
    pub locale: String,
}

#[contract]
#[cfg_attr(feature = "openapi", schema(as = AddressValidationVerdict))]
pub enum Verdict {
    Deliverable,
    /// Deliverable as `corrected` says.
    Corrected,
    /// Something that is needed is missing.
    Incomplete,
    Undeliverable,
    /// Nobody could check it.
    Unchecked,
}

#[contract]
#[cfg_attr(feature = "openapi", schema(as = AddressValidationField))]
pub enum Field {
    Country,
    Subdivision,
    City,
    PostalCode,
    Line,
    Name,
    Company,
    Phone,
}

#[contract]
pub enum FieldStatus {
    /// Not there, and not needed.
    Empty,
    /// Checked and right.
    Confirmed,
    /// There, and of the right form; nothing to check it against.
    Plausible,
    /// Changed in `corrected`.
    Corrected,
    Missing,
    Wrong,
}

#[contract]
pub struct FieldResult {
    pub field: Field,
    pub status: FieldStatus,
}

#[contract]
pub enum Severity {
    Info,
    Warning,
    Error,
}

#[contract]
#[cfg_attr(feature = "openapi", schema(as = AddressValidationIssue))]
pub struct Issue {
    pub field: Field,
    /// Index into the address's `lines`, for a `line`.
    pub line: Option<u32>,
    pub severity: Severity,
    /// Stable, in upper snake case: `POSTAL_CODE_NOT_IN_SUBDIVISION`.
    pub code: String,
    /// Fit to show a shopper.
    pub message: String,
    /// What the field should say instead.
    pub suggestion: Option<String>,
    /// How sure the suggestion is, in millionths.
    pub confidence: u32,
    /// Whether `corrected` already says so.
    pub applied: bool,
}

/// What the hook answers.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = AddressValidationAnswer))]
pub struct Answer {
    pub verdict: Verdict,
    /// The address as it should be used; equal to the request's when nothing had to change.
    pub corrected: Address,
    /// One for each field, each at most once.
    pub fields: Vec<FieldResult>,
    pub issues: Vec<Issue>,
    /// The address as it is written on a label in its country.
    pub label: Vec<String>,
    pub po_box: bool,
    pub military: bool,
    pub reasons: Vec<Reason>,
}
