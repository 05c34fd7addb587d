//! What a merchant fills in. A whole document is `xtask/demo/shops/demo/order-screening.json`.
//!
//! What this module must not know: how an order is screened.

pub mod conditions;
pub mod lists;
pub mod model;
pub mod signals;
pub mod words;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;
use conditions::When;
use lists::Lists;
use model::Model;
use signals::{Band, Signals};

/// How orders are screened: lists first, then weights, model and rules, then the thresholds.
#[derive(Settings, Debug)]
#[settings(title = "Order screening")]
pub struct Document {
    /// Remarks for whoever edits this; nothing depends on them.
    #[setting(default)]
    pub notes: Vec<String>,
    /// The currency of every amount here, as an ISO 4217 code. Orders in another one are left to the shop's fallback.
    #[setting(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// What the signals need to know of the shop.
    #[setting(default)]
    pub signals: Signals,
    /// Whom the shop trusts, blocks, or wants to look at. They are looked at in this order, and the first that names an order decides.
    #[setting(default)]
    pub lists: Lists,
    /// Conditions with a name, for use in rules and in each other.
    #[setting(default)]
    pub conditions: BTreeMap<String, When>,
    /// What each signal adds to the score.
    #[setting(default, max_items = 200)]
    pub weights: Vec<Weight>,
    /// Looked at in this order: each adds points, or decides and ends the rules.
    #[setting(default, max_items = 1_000)]
    pub rules: Vec<Rule>,
    /// Gradient-boosted trees that add points for all signals together.
    pub model: Option<Model>,
    /// From which score on an order is reviewed or rejected, where neither list nor rule decides.
    pub thresholds: Thresholds,
}

/// Points for what a signal is. A flag has `points`; a number or a text has `bands`, of which the first that fits counts.
#[derive(Settings, Debug)]
pub struct Weight {
    /// The signal's name.
    pub signal: String,
    /// Added where a flag holds; below 0 for what makes an order safer.
    #[setting(minimum = -1_000, maximum = 1_000)]
    pub points: Option<i32>,
    /// Points by what the signal is.
    #[setting(default, max_items = 100)]
    pub bands: Vec<Band>,
}

/// A rule.
#[derive(Settings, Debug)]
pub struct Rule {
    /// The reason's code in the answer: upper-case letters, digits and underscores, as `FIRST_ORDER_IS_LARGE`.
    #[setting(min_length = 1, max_length = 100, pattern = "^[A-Z][A-Z0-9_]*$")]
    pub code: String,
    /// The reason's sentence, for the people who look at orders.
    #[setting(min_length = 1, max_length = 500)]
    pub message: String,
    /// When it applies.
    pub when: When,
    /// What it does then.
    pub then: Then,
}

/// What a rule does.
#[derive(Settings, Debug)]
pub enum Then {
    /// The order is accepted; later rules are not looked at.
    Accept {},
    /// A person looks at the order; later rules are not looked at.
    Review {},
    /// The order is rejected; later rules are not looked at.
    Reject {},
    /// The score changes; later rules are looked at.
    Points {
        /// Below 0 for what makes an order safer.
        #[setting(minimum = -1_000, maximum = 1_000)]
        points: i32,
    },
}

/// Scores from 0 (safe) to 1000.
#[derive(Settings, Debug)]
pub struct Thresholds {
    /// From here on a person looks at the order; without it, none for its score.
    #[setting(minimum = 0, maximum = 1_000)]
    pub review: Option<u32>,
    /// From here on the order is rejected; without it, none for its score.
    #[setting(minimum = 0, maximum = 1_000)]
    pub reject: Option<u32>,
}
