//! Pure decisions of a storefront, in integers: what a parcel is, what it costs, when it arrives.
//!
//! The same code answers in a plugin (wasm32-wasip2), on a server (native) and in a shopper's browser
//! (wasm32-unknown-unknown), bit for bit alike. So there is no I/O, clock, randomness, thread or global state here, and no
//! floating point in a result; what is settled once per shop is prepared by the constructors, what is asked per cart is
//! cheap.
//!
//! From the bottom up: [`units`] and [`money`] are the words; [`calendar`] and [`geo`] know days and places; [`carton`] packs,
//! [`rate`] prices, [`promise`] dates; [`shipping_quote`] puts the three together for the hook of that name.
//!
//! What this crate must not know: settings files, WebAssembly, HTTP.

#![no_std]

extern crate alloc;

pub mod address;
pub mod bundle;
pub mod calendar;
pub mod carton;
pub mod emissions;
pub mod geo;
pub mod money;
pub mod promise;
pub mod rate;
pub mod returns;
pub mod routing;
pub mod screening;
pub mod shipping_quote;
mod sort;
pub mod units;
mod wire;
