//! Who may ask, how often, and with how much of the machine: what keeps thousands of merchants on one host apart.
//!
//! A call of a shop passes, in this order: [`authority`] (whose token is it), [`rate`] (how often may the shop ask), then
//! `crate::calls` with the shop's account of [`cpu`] (with how much of the processors), and at the end each install's [`breaker`].
//! [`limits`] holds the numbers, all in one place.
//!
//! What this module must not know: hooks, plugins, what is asked and answered.

pub mod authority;
pub mod breaker;
pub mod cpu;
pub mod lane;
pub mod limits;
pub mod rate;
pub mod tenant;
pub mod token;
