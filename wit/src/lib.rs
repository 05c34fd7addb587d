//! The plugin contract in Rust: the records and enums of the WIT files beside this crate, once, for everybody.
//!
//! The guest's bindings (wit-bindgen), the core, the host (wasmtime), the JSON API and the browser all use these very
//! types, so a request is never copied from one shape into another. Field documentation that matters to a plugin author
//! stands in the WIT; a test holds both together.
//!
//! What this crate must not know: how anything is decided, run or served.

// What utoipa derives expects std's prelude.
#![cfg_attr(not(feature = "openapi"), no_std)]

extern crate alloc;
#[cfg(feature = "json")]
extern crate std;

pub mod address_validation;
pub mod answers;
pub mod estimate;
#[cfg(feature = "json")]
pub mod json;
pub mod log;
pub mod moment;
pub mod order_routing;
pub mod order_screening;
pub mod outside;
pub mod return_policy;
pub mod settings;
pub mod shipping_quote;
pub mod types;
pub mod validate;
pub mod wire;

pub use types::*;

/// The WIT package that these types belong to.
pub const PACKAGE: &str = "cartwright:plugin@1.0.0";
