//! The order-screening hook's decision: accept, review or reject, a score of 0 to 1000, and every reason.
//!
//! A [`Screen`] is made once from a merchant's settings; [`screen()`] answers an order:
//!
//! 1. [`lists`]: allow, block, review, in this order; the first that names the order decides.
//! 2. [`signals`]: what the request says, each figure once, in one typed table.
//! 3. [`weights`] give points for signals, the [`model`] gives points for all of them together.
//! 4. Rules in the merchant's order: points, or a verdict that ends them. Their [`condition`]s are data, type-checked and made into a
//!    flat [`program`]; [`conflict`] finds those that can never hold.
//! 5. The thresholds, where no rule has decided.
//!
//! What this module must not know: how settings are written, and who keeps the velocity counters.

pub mod condition;
pub mod conflict;
mod explain;
pub mod lists;
pub mod model;
mod named;
pub mod program;
mod screen;
pub mod signals;
pub mod text;
pub mod weights;

#[cfg(test)]
mod tests;

pub use condition::{Ask, Condition, Test, TestError};
pub use named::{NamedConditions, NamedError};
pub use screen::{Effect, Rule, Screen, ScreenError, ScreenRules, Thresholds, screen};
pub use signals::{Signal, SignalRules};
pub use weights::{Band, Weight};

/// The highest score.
pub const HIGHEST_SCORE: u32 = 1_000;
/// What one weight, rule or model may add or take away.
pub const MOST_POINTS: i32 = 1_000;
