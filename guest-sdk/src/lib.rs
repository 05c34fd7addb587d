//! What a Cartwright plugin is written with: a settings struct and one `impl` for each hook.
//!
//! ```
//! use cartwright_sdk::prelude::*;
//! use cartwright_sdk::shipping_quote::*;
//!
//! /// One price per started kilogram.
//! #[derive(Settings)]
//! struct ByWeight {
//!     /// Price of a started kilogram.
//!     #[setting(minimum = 0, maximum = 100_000, unit = "minor-units")]
//!     price_per_kilogram: i64,
//! }
//!
//! impl ShippingQuote for ByWeight {
//!     fn run(&self, request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
//!         let grams: u64 = request.lines.iter().map(|line| u64::from(line.quantity) * u64::from(line.weight)).sum();
//!         let kilograms = i64::try_from(grams.div_ceil(1_000)).unwrap_or(i64::MAX);
//!         let price = self.price_per_kilogram.saturating_mul(kilograms);
//!         let quote = Quote { service: "parcel".into(), name: "Parcel".into(), price, ..Quote::default() };
//!         Ok(Answer { quotes: vec![quote], ..Answer::default() })
//!     }
//! }
//!
//! cartwright_sdk::plugin! { ByWeight: shipping_quote }
//! # fn main() {}
//! ```
//!
//! `cargo build --target wasm32-wasip2 --release` makes the component; `cargo rustc` with `--crate-type cdylib` besides, as `cartwright build`
//! calls it, a smaller and faster one, since cargo optimises over all crates (LTO) only where no rlib is made as well. `cargo test` runs the
//! same code natively, with carts from [`testing`]. The crate's Cargo.toml:
//!
//! ```toml
//! [lib]
//! crate-type = ["cdylib", "rlib"] # the component; and a library for tests and tools
//!
//! [dependencies]
//! cartwright-sdk = "0.1"
//!
//! [profile.release]
//! lto = "fat"
//! codegen-units = 1
//! panic = "abort"
//! overflow-checks = true # a price that does not fit ends the call, it never wraps
//! strip = "debuginfo"    # keeps the names of functions, for traps; `true` takes them too
//! ```
//!
//! `opt-level` stays at 3: `"s"` saves 6 % of the size and costs 20 % more instructions a call.
//!
//! # Features
//!
//! - `std` (default): the plugin may use Rust's standard library. What it prints goes to the host's log. WASI is imported
//!   only for what needs it: clocks, randomness (the hasher of `HashMap`), files.
//! - `allocator` (default): an allocator made for a memory that is thrown away after each call.
//! - `panic-messages` (default): without `std`, a panic writes where and why to the host's log.
//!
//! The smallest component comes without `std`: the crate then begins with `#![cfg_attr(target_family = "wasm", no_std)]`
//! and takes `String`, `Vec`, `format!` and their like from the [`prelude`]. Without `panic-messages` too, a plugin that
//! does not log imports no function at all and is a single core module, which starts faster.
//!
//! What this crate must not know: how anything is decided, and how the host runs a plugin.

#![cfg_attr(all(target_family = "wasm", not(feature = "std")), no_std)]

extern crate alloc;

pub mod address_validation;
mod bindings;
pub mod estimate_bundle;
pub mod json;
pub mod log;
pub mod manifest;
pub mod order_routing;
pub mod order_screening;
mod plugin;
pub mod return_policy;
pub mod schema;
pub mod settings;
pub mod shipping_quote;
#[cfg(any(test, all(target_family = "wasm", feature = "allocator")))]
mod size_class;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
#[cfg(target_family = "wasm")]
mod wasm;

pub use cartwright_contract as contract;

/// The hooks and their optional first steps, by the names that [`plugin!`] knows.
pub mod hooks {
    pub use crate::address_validation;
    pub use crate::address_validation::plan as address_validation_plan;
    pub use crate::estimate_bundle;
    pub use crate::order_routing;
    pub use crate::order_routing::plan as order_routing_plan;
    pub use crate::order_screening;
    pub use crate::order_screening::plan as order_screening_plan;
    pub use crate::return_policy;
    pub use crate::return_policy::plan as return_policy_plan;
    pub use crate::shipping_quote;
    pub use crate::shipping_quote::plan as shipping_quote_plan;
}

/// What a plugin begins with: `use cartwright_sdk::prelude::*;`, and the words of its hook beside it:
/// `use cartwright_sdk::shipping_quote::*;`.
pub mod prelude {
    pub use crate::log;
    pub use crate::settings::{Configure, Configured, Issue, Settings, issue};
    pub use alloc::borrow::ToOwned;
    pub use alloc::boxed::Box;
    pub use alloc::collections::BTreeMap;
    pub use alloc::string::{String, ToString};
    pub use alloc::vec::Vec;
    pub use alloc::{format, vec};
    pub use cartwright_contract::outside::{HttpRequest, HttpResponse};
    pub use cartwright_contract::types::*;
}

/// What the macros' code refers to. Not for authors.
#[doc(hidden)]
pub mod __private {
    #[cfg(target_family = "wasm")]
    pub use crate::bindings::settings;
    #[cfg(target_family = "wasm")]
    pub use crate::wasm::{Exports, Home, Place};
    pub use alloc::format;
}
