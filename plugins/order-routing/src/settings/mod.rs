//! The merchant's words: what stands in the settings document, field by field.
//!
//! Money is in minor units, weights in grams, shares in millionths, distances in kilometres.
//!
//! What this module must not know: what becomes of the words.

pub mod rules;
pub mod services;
pub mod words;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;
use rules::Rule;
use services::Service;
use words::{Amount, DayOff, Kind, Point};

/// What decides where orders ship from.
#[derive(Settings, Debug)]
#[settings(title = "Order routing")]
pub struct Document {
    /// For those who read these settings: where figures come from, what is agreed with whom. No effect.
    #[setting(default)]
    pub notes: Vec<String>,
    /// The currency of all amounts here, as `USD`. Orders in another one are not routed.
    #[setting(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// Which way of routing decides. What the others would have cost stands in every answer.
    #[setting(default)]
    pub mode: Mode,
    /// What is bad about a routing.
    pub penalties: Penalties,
    /// Your own groups of locations, by name, each a list of location ids. The platform may send groups of its own.
    #[setting(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    /// Where locations lie, by id, as `39.6600,-119.8800`: for those that the platform sends without coordinates.
    #[setting(default)]
    pub places: BTreeMap<String, Point>,
    /// Fees and limits of locations; what several entries say of one location adds up.
    #[setting(default, max_items = 10_000)]
    pub terms: Vec<Terms>,
    /// Rules on orders and locations, applied one after another in this order.
    #[setting(default, max_items = 200)]
    pub rules: Vec<Rule>,
    /// What carriers bill for a shipment. Without any, freight is in the costs that the platform sends.
    #[setting(default, max_items = 50)]
    pub services: Vec<Service>,
    /// When parcels leave.
    #[setting(default)]
    pub working_days: WorkingDays,
    /// Orders that wait are given up so many days after they were placed.
    #[setting(minimum = 1, maximum = 3_650, unit = "days")]
    pub cancel_after_days: Option<u16>,
    /// How long to look for a cheaper assignment, in steps of which 2000000 fit the sandbox's default fuel. What was found by then
    /// counts.
    #[setting(minimum = 1_000, maximum = 1_000_000_000)]
    pub effort: Option<u64>,
}

/// Which way of routing decides.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The least total cost, with its proof.
    #[default]
    Optimal,
    /// Locations in the order of their ranks, each ships what it has.
    Ranked,
}

/// What is bad about a routing, in minor units.
#[derive(Settings, Debug)]
pub struct Penalties {
    /// For each shipment after the first: packaging, the shopper's patience.
    pub split: Amount,
    /// For each further location that ships some of one and the same line.
    #[setting(default)]
    pub spread: Amount,
    /// For each unit that nobody ships.
    #[setting(default)]
    pub backorder: Amount,
    /// And this share of the unit's price, in millionths: 1000000 is the whole price.
    #[setting(default = 0, minimum = 0, maximum = 10_000_000, unit = "parts-per-million")]
    pub backorder_share_ppm: i64,
    /// For each shipment that arrives after the promised day.
    #[setting(default)]
    pub late: Amount,
    /// And for each day that it is late.
    #[setting(default)]
    pub late_day: Amount,
}

/// Locations by any of these lists. Nothing at all means every location.
#[derive(Settings, Debug, Default, Clone)]
pub struct Who {
    /// Ids.
    #[setting(default)]
    pub locations: Vec<String>,
    /// Groups, yours or the platform's.
    #[setting(default)]
    pub groups: Vec<String>,
    /// Kinds of location.
    #[setting(default)]
    pub kinds: Vec<Kind>,
    /// Countries, by their code of two letters.
    #[setting(default)]
    pub countries: Vec<String>,
}

/// Fees and limits of some locations. Amounts add to those that the platform sends.
#[derive(Settings, Debug)]
pub struct Terms {
    /// Whom this is about.
    #[setting(default)]
    pub who: Who,
    /// For each shipment, whatever is in it.
    #[setting(default)]
    pub shipment_cost: Amount,
    /// For each unit.
    #[setting(default)]
    pub pick_fee: Amount,
    /// What a unit here is worth to other orders: more where stock is scarce and shoppers are near.
    #[setting(default)]
    pub opportunity_cost: Amount,
    /// Units of every line that are kept back.
    #[setting(default = 0, minimum = 0, maximum = 1_000_000)]
    pub safety_buffer: u32,
    /// In ranked mode the smallest goes first; without a rank, last.
    pub rank: Option<u32>,
    /// Orders that may be routed here in a day.
    pub orders_a_day: Option<u32>,
    /// Only lines with one of these tags ship from here.
    #[setting(default)]
    pub only_tags: Vec<String>,
    /// Lines with one of these tags do not.
    #[setting(default)]
    pub never_tags: Vec<String>,
    /// Whether dangerous goods may leave from here.
    pub hazardous: Option<bool>,
}

/// When parcels leave.
#[derive(Settings, Debug, Default)]
pub struct WorkingDays {
    /// Working days from the order to the carrier's pick-up.
    #[setting(default = 0, minimum = 0, maximum = 60, unit = "days")]
    pub handling: u32,
    /// Whether Saturdays are worked.
    #[setting(default = false)]
    pub saturdays: bool,
    /// Days without work, each year (`12-25`) or once (`2026-12-24`).
    #[setting(default)]
    pub holidays: Vec<DayOff>,
}
