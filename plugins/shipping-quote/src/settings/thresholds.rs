//! What a full cart takes off the price.

use super::words::Price;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// Free or cheaper shipping from a cart value on. Of several that are reached, the one that takes off most holds.
#[derive(Settings, Debug)]
pub struct Threshold {
    /// What the shopper's bill names it by: upper-case letters, digits and underscores, as `FREE_SHIPPING`.
    #[setting(pattern = "^[A-Z0-9_]+$")]
    pub code: String,
    /// Value of the goods after discounts, in minor units.
    pub from: Price,
    /// What happens from there on.
    pub effect: Effect,
    /// Only in these zones; in all when empty.
    #[setting(default)]
    pub zones: Vec<String>,
    /// Only to these places (names in `placeSets`); everywhere when empty.
    #[setting(default)]
    pub places: Vec<String>,
}

/// What a reached threshold does.
#[derive(Settings, Debug)]
pub enum Effect {
    /// Shipping is free.
    Free {},
    /// A share of the price is taken off.
    Share {
        /// In millionths: 250000 is 25 %.
        #[setting(minimum = 1, maximum = 1_000_000, unit = "parts-per-million")]
        off_ppm: i64,
    },
    /// An amount is taken off, at most all.
    Amount {
        /// In minor units.
        #[setting(minimum = 1, maximum = 1_000_000_000_000, unit = "minor-units")]
        off: i64,
    },
}
