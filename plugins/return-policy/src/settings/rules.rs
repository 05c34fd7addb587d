//! Rules and overrides: when something holds.
//!
//! What this file must not know: what it grants.

use super::terms::Outcome;
use super::words::Price;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::contract::return_policy as contract;
use cartwright_sdk::prelude::Settings;

/// A rule: when it holds, and the terms it grants.
#[derive(Settings, Debug)]
pub struct Rule {
    /// Its name, as answers give it.
    #[setting(min_length = 1, max_length = 100)]
    pub id: String,
    /// When it holds; always when left out.
    #[setting(default)]
    pub when: Criteria,
    /// The name of the terms that it grants.
    pub terms: String,
}

/// When a rule holds. What is left out holds always; of a list one entry is enough; everything that is given must hold.
#[derive(Settings, Debug, Clone, Default)]
pub struct Criteria {
    /// Tags or categories of the line: `category:shoes`.
    #[setting(default)]
    pub tags: Vec<String>,
    /// Tags that the line must not have.
    #[setting(default)]
    pub without_tags: Vec<String>,
    /// Stock-keeping units.
    #[setting(default)]
    pub skus: Vec<String>,
    /// Reason codes: `TOO_SMALL`.
    #[setting(default)]
    pub reasons: Vec<String>,
    /// Conditions of the goods.
    #[setting(default)]
    pub conditions: Vec<Condition>,
    /// Groups of customers: `vip`.
    #[setting(default)]
    pub customers: Vec<String>,
    /// Channels of sale: `web`.
    #[setting(default)]
    pub channels: Vec<String>,
    /// Countries where the goods are now, as `US`.
    #[setting(default)]
    pub countries: Vec<String>,
    /// Tags of the order.
    #[setting(default)]
    pub order_tags: Vec<String>,
    /// The least that was paid for a unit, tax not included.
    pub least_price: Option<Price>,
    /// The most that was paid for a unit, tax not included.
    pub most_price: Option<Price>,
    /// Whether it was bought for somebody else.
    pub gift: Option<bool>,
    /// Whether the reason is the merchant's fault.
    pub merchant_fault: Option<bool>,
}

/// What condition the goods are in.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Nobody said.
    Unknown,
    /// In its closed packaging.
    Unopened,
    /// Opened, not used.
    Opened,
    /// Used.
    Worn,
    /// Damaged.
    Damaged,
    /// Does not work as it should.
    Defective,
}

impl Condition {
    pub fn contract(self) -> contract::Condition {
        match self {
            Self::Unknown => contract::Condition::Unknown,
            Self::Unopened => contract::Condition::Unopened,
            Self::Opened => contract::Condition::Opened,
            Self::Worn => contract::Condition::Worn,
            Self::Damaged => contract::Condition::Damaged,
            Self::Defective => contract::Condition::Defective,
        }
    }
}

/// Exceptions that no rule softens. What is left out does not hold.
#[derive(Settings, Debug, Default)]
pub struct Overrides {
    /// Goods sold for good.
    pub final_sale: Option<Tagged>,
    /// Goods that come back unopened only.
    pub hygiene: Option<Tagged>,
    /// Dangerous goods, as the order marks them.
    pub hazardous: Option<Exception>,
}

/// An exception for lines with certain tags.
#[derive(Settings, Debug)]
pub struct Tagged {
    /// The line has one of these tags.
    #[setting(min_items = 1)]
    pub tags: Vec<String>,
    /// `decline` or `review`.
    #[setting(default = Outcome::Decline)]
    pub outcome: Outcome,
    /// Reason codes for which it does not hold: what arrived defective.
    #[setting(default)]
    pub except_reasons: Vec<String>,
}

/// An exception.
#[derive(Settings, Debug)]
pub struct Exception {
    /// `decline` or `review`.
    #[setting(default = Outcome::Decline)]
    pub outcome: Outcome,
    /// Reason codes for which it does not hold.
    #[setting(default)]
    pub except_reasons: Vec<String>,
}

/// When a person must approve.
#[derive(Settings, Debug, Default)]
pub struct Approval {
    /// When everything that is asked back is worth more than this, tax included.
    pub above: Option<Price>,
    /// For these reason codes.
    #[setting(default)]
    pub reasons: Vec<String>,
    /// For goods in these conditions.
    #[setting(default)]
    pub conditions: Vec<Condition>,
    /// For lines with one of these tags.
    #[setting(default)]
    pub tags: Vec<String>,
}
