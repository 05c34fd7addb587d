//! What carriage costs before anything is added or taken off.

use super::words::{Divisor, Price, Step};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// A rate table. Prices are by zone: the names are those of the zone table, `*` is every zone not named, and an empty list
/// is a zone that the service does not go to.
#[derive(Settings, Debug)]
pub enum Rate {
    /// By billable weight.
    Weight {
        /// Whether each parcel is weighed, or all of the order together.
        #[setting(default)]
        per: Per,
        /// The weight breaks, ascending; each includes its weight.
        up_to: Vec<u32>,
        /// What the weight breaks count.
        #[setting(default)]
        up_to_unit: WeightUnit,
        /// By zone, one price for each weight break, in minor units. A shorter list ends the service there.
        prices: BTreeMap<String, Vec<Price>>,
        /// What is heavier than the last weight break. Without it, that is not carried.
        beyond: Option<Beyond>,
    },
    /// The same for any weight.
    Flat {
        /// Whether each parcel costs that, or the order.
        #[setting(default)]
        per: Per,
        /// By zone, in minor units.
        prices: BTreeMap<String, Price>,
    },
    /// By the value of the cart, once an order.
    CartValue {
        /// Cart values from which on a price holds, in minor units, ascending. A cart below the first is not carried.
        from: Vec<Price>,
        /// By zone, one price for each cart value, in minor units.
        prices: BTreeMap<String, Vec<Price>>,
    },
}

/// What a price is for.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Per {
    /// For each parcel.
    #[default]
    Parcel,
    /// Once an order.
    Order,
}

/// What weight breaks count.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeightUnit {
    #[default]
    Grams,
    /// Of 453.59237 g.
    Pounds,
    /// Of 28.349523125 g.
    Ounces,
}

/// Prices above the last weight break.
#[derive(Settings, Debug)]
pub struct Beyond {
    /// Each started step above the last weight break costs, as `1 lb` or `500 g`.
    pub step: Step,
    /// By zone, in minor units a step.
    pub prices: BTreeMap<String, Price>,
}

/// How the carrier weighs.
#[derive(Settings, Debug, Default)]
pub struct Billing {
    /// How many units of volume count as one of weight, as `139 in3/lb` or `5000 cm3/kg`. Without it volume does not count.
    pub divisor: Option<Divisor>,
    /// Only parcels of more than this volume have a dimensional weight.
    #[setting(default = 0, unit = "cubic-millimetres")]
    pub dimensional_above: u64,
    /// Weights are rounded up to it, as `1 lb`; to the gram without it.
    pub step: Option<Step>,
    /// The least weight a parcel is billed for, in grams.
    #[setting(default = 0, maximum = 100_000_000, unit = "grams")]
    pub minimum_weight: u32,
}

/// Your margin on the carrier's price, or what you carry yourself when it is negative.
#[derive(Settings, Debug, Default)]
pub struct Markup {
    /// In millionths, on every figure of the rate and of the surcharges: 150000 is 15 %.
    #[setting(default = 0, minimum = -1_000_000, maximum = 10_000_000, unit = "parts-per-million")]
    pub share_ppm: i64,
    /// In minor units.
    #[setting(default = 0, minimum = -1_000_000_000_000, maximum = 1_000_000_000_000, unit = "minor-units")]
    pub amount: i64,
}

/// How prices end. What is free stays free.
#[derive(Settings, Debug)]
pub struct Rounding {
    /// Which neighbour a price moves to.
    #[setting(default)]
    pub direction: Direction,
    /// Prices repeat their ending within so many minor units: 100 for whole dollars.
    #[setting(minimum = 1, maximum = 1_000_000_000, unit = "minor-units")]
    pub within: i64,
    /// The ending: 99 within 100 gives 4.99, 0 within 5 gives multiples of 0.05.
    #[setting(default = 0, minimum = 0, unit = "minor-units")]
    pub ending: i64,
}

/// Which neighbour a price moves to.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// The nearer one.
    #[default]
    Nearest,
    Up,
    Down,
}
