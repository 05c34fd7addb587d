//! What carriers add.

use super::rates::Per;
use super::words::Price;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// An amount, a share, or both, on top of the rate.
#[derive(Settings, Debug)]
pub struct Surcharge {
    /// What the shopper's bill names it by: upper-case letters, digits and underscores, as `FUEL`.
    #[setting(pattern = "^[A-Z0-9_]+$")]
    pub code: String,
    /// For each parcel that meets the condition, or once an order.
    #[setting(default)]
    pub per: Per,
    /// In minor units.
    #[setting(default = Price(0))]
    pub amount: Price,
    /// In millionths: 125000 is 12.5 %.
    #[setting(default = 0, minimum = 0, maximum = 10_000_000, unit = "parts-per-million")]
    pub share_ppm: i64,
    /// What the share is taken of.
    #[setting(default)]
    pub share_of: ShareOf,
    /// When it is added; always when left out.
    pub when: Option<Condition>,
}

/// What a share is taken of.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShareOf {
    /// Of the freight.
    #[default]
    Freight,
    /// Of the freight and the surcharges listed before this one. Only per order.
    FreightAndSurcharges,
}

/// When a surcharge is added.
#[derive(Settings, Debug)]
pub enum Condition {
    /// To homes.
    Residential {
        /// Whether an address of which nobody knows counts as a home.
        #[setting(default = false)]
        when_unknown: bool,
    },
    /// To places of these sets.
    Destination {
        /// Names in `placeSets`.
        #[setting(min_items = 1)]
        places: Vec<String>,
    },
    /// A parcel exceeds one of these limits.
    Oversize {
        /// Of the longest side, in millimetres.
        #[setting(unit = "millimetres")]
        longest_side: Option<u32>,
        /// Of length and girth together (longest side plus twice the other two), in millimetres.
        #[setting(unit = "millimetres")]
        length_and_girth: Option<u32>,
        /// Of the volume, in cubic millimetres.
        #[setting(unit = "cubic-millimetres")]
        volume: Option<u64>,
    },
    /// A parcel weighs more than this.
    Overweight {
        /// In grams.
        #[setting(unit = "grams")]
        above: u32,
    },
    /// A parcel holds a dangerous good.
    Hazardous {},
    /// The cart or one of its lines bears this tag.
    Tag {
        /// The tag.
        #[setting(min_length = 1)]
        tag: String,
    },
}
