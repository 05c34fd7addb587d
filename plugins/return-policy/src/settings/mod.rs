//! The merchant's words: what stands in the settings document, field by field.
//!
//! Terms have names, so that rules share them and one set can be like another but for what it says itself. Money is in minor units,
//! weights in grams, shares in millionths.
//!
//! What this module must not know: what becomes of the words.

pub mod goods;
pub mod rules;
pub mod terms;
pub mod words;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;
use goods::{Deadlines, Destination, Freight, Grades, Labels};
use rules::{Approval, Condition, Overrides, Rule};
use terms::{Outcome, Terms};
use words::{Share, YearDay};

/// What a shop takes back, on what terms, and where it goes.
#[derive(Settings, Debug)]
#[settings(title = "Return policy")]
pub struct Document {
    /// For those who read these settings: where figures come from, what is agreed with whom. No effect.
    #[setting(default)]
    pub notes: Vec<String>,
    /// The currency of all amounts here, as `USD`. Requests in another one are refused.
    #[setting(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// The time zone in whose calendar days windows are counted, as `America/New_York`.
    pub time_zone: String,
    /// How several rules that match one return work together.
    #[setting(default)]
    pub combine: Combine,
    /// Exceptions that no rule softens: final sale, hygiene, dangerous goods.
    #[setting(default)]
    pub overrides: Overrides,
    /// Terms by name.
    pub terms: BTreeMap<String, Terms>,
    /// The rules, in the order in which they are tried.
    #[setting(max_items = 500)]
    pub rules: Vec<Rule>,
    /// The name of the terms where no rule matches; it is declined when left out.
    pub otherwise: Option<String>,
    /// Later last days for what was bought at certain times of the year.
    #[setting(default, max_items = 50)]
    pub extensions: Vec<Extension>,
    /// Goods whose delivery date is not known count as delivered so many days after the order; a person looks at them when left out.
    #[setting(maximum = 365, unit = "days")]
    pub assumed_transit: Option<u16>,
    /// The shop's reason codes, and whose fault each is.
    pub reasons: BTreeMap<String, Fault>,
    /// What becomes of a return with another reason, or with none. `approve` takes it as the shopper's fault.
    #[setting(default = Outcome::Review)]
    pub unknown_reason: Outcome,
    /// What grades mean.
    pub grades: Grades,
    /// By condition, the grade that inspection is expected to find; `a` for what is left out.
    #[setting(default)]
    pub expected_grades: Vec<Expected>,
    /// When a person must approve.
    #[setting(default)]
    pub approval: Approval,
    /// Limits on serial returners.
    #[setting(default)]
    pub serial_returners: SerialReturners,
    /// Where returns go, when the request does not say. The first of equals is taken, the nearest before it.
    #[setting(default, max_items = 200)]
    pub destinations: Vec<Destination>,
    /// What sending to a destination of the request costs for which the platform knows no figures.
    #[setting(default)]
    pub freight: Freight,
    /// Whether returns may go to another country.
    #[setting(default = false)]
    pub cross_border: bool,
    /// What a label costs the shopper.
    #[setting(default)]
    pub labels: Labels,
    /// Within what time goods must arrive.
    #[setting(default)]
    pub deadlines: Deadlines,
}

/// How several rules that match one return work together.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Combine {
    /// The first rule that matches governs alone.
    #[default]
    FirstMatch,
    /// All rules that match govern together, and the strictest of each term holds, in whatever order they stand.
    MostRestrictive,
}

/// Whose fault a return is.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Defective, wrong or late goods: no fees, and a label at the merchant's cost.
    Merchant,
    /// The shopper changed their mind.
    Shopper,
}

/// What was bought between two dates may come back until a third.
#[derive(Settings, Debug, Clone, Copy)]
pub struct Extension {
    /// Bought from this date on: `11-01`.
    pub from: YearDay,
    /// Bought until this date, included: `12-25`. May lie in the next year.
    pub to: YearDay,
    /// May come back until the first such date after it: `01-31`.
    pub until: YearDay,
    /// Only when the season begins in this year; every year when left out.
    #[setting(minimum = 2000, maximum = 9998)]
    pub year: Option<u16>,
}

/// The grade that a condition lets expect.
#[derive(Settings, Debug, Clone, Copy)]
pub struct Expected {
    /// The condition that the shopper names.
    pub condition: Condition,
    /// The grade.
    pub grade: goods::Grade,
}

/// Limits on serial returners. What is returned for the merchant's fault does not count.
#[derive(Settings, Debug, Default)]
pub struct SerialReturners {
    /// The limits; the strictest that is exceeded counts.
    #[setting(default, max_items = 20)]
    pub limits: Vec<SerialLimit>,
    /// Groups of customers for whom they do not hold.
    #[setting(default)]
    pub exempt: Vec<String>,
}

/// A limit on what one customer returns within 365 days, this request included. Where both figures are given, both must be exceeded.
#[derive(Settings, Debug, Clone, Copy)]
pub struct SerialLimit {
    /// Returned units in millionths of the bought ones.
    pub rate_ppm: Option<Share>,
    /// Returned units.
    pub units: Option<u32>,
    /// Bought units below which the rate says nothing.
    #[setting(default = 0)]
    pub least_bought: u32,
    /// `review` or `decline`.
    #[setting(default = Outcome::Review)]
    pub outcome: Outcome,
}
