//! The shipping-quote hook's decision.
pub mod shop;
