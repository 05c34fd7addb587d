//! What carriers bill for a shipment: zones, weight breaks, surcharges.

use super::Who;
use super::words::Amount;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// A carrier's service, as you pay for it. The cheapest that goes from a location to the destination carries its shipment, unless
/// the shopper chose one.
#[derive(Settings, Debug)]
pub struct Service {
    /// What the platform calls it.
    #[setting(min_length = 1, max_length = 64)]
    pub id: String,
    /// Which locations it leaves from; all without it.
    #[setting(default)]
    pub from: Who,
    /// Names of the zones.
    #[setting(min_items = 1, max_items = 100)]
    pub zones: Vec<String>,
    /// Zones of whole countries of destination, by their code of two letters.
    #[setting(default)]
    pub countries: BTreeMap<String, String>,
    /// Zones by distance from the location, the nearest first.
    #[setting(default)]
    pub bands: Vec<Band>,
    /// The zone of everywhere else.
    pub otherwise: Option<String>,
    /// The weight breaks, ascending; each includes its weight.
    #[setting(min_items = 1, max_items = 200)]
    pub up_to: Vec<u32>,
    /// What the weight breaks count.
    #[setting(default)]
    pub up_to_unit: WeightUnit,
    /// By zone, one price for each weight break. A shorter list ends the service there.
    pub prices: BTreeMap<String, Vec<Amount>>,
    /// What is heavier than the last weight break. Without it, that is not carried.
    pub beyond: Option<Beyond>,
    /// A heavier shipment goes as several parcels, 20 at most; in grams.
    #[setting(default = 30_000, minimum = 100, maximum = 1_000_000, unit = "grams")]
    pub heaviest_parcel: u32,
    /// Fuel, in millionths of the freight.
    #[setting(default = 0, minimum = 0, maximum = 10_000_000, unit = "parts-per-million")]
    pub fuel_share_ppm: i64,
    /// More for each parcel to a home.
    #[setting(default)]
    pub residential: Amount,
    /// More for each parcel with dangerous goods.
    #[setting(default)]
    pub hazardous: Amount,
    /// Whether it takes dangerous goods.
    #[setting(default = false)]
    pub takes_hazardous: bool,
    /// Working days on the way, by zone.
    #[setting(default)]
    pub transit_days: BTreeMap<String, u16>,
}

/// A zone by distance.
#[derive(Settings, Debug)]
pub struct Band {
    /// Up to and including so many.
    #[setting(minimum = 1, maximum = 20_015, unit = "kilometres")]
    pub up_to: u32,
    /// The zone's name.
    pub zone: String,
}

/// What weight breaks count.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeightUnit {
    #[default]
    Grams,
    /// Of 453.59237 g.
    Pounds,
}

/// Prices above the last weight break.
#[derive(Settings, Debug)]
pub struct Beyond {
    /// Each started step of so many of the weight breaks' unit.
    #[setting(minimum = 1, maximum = 100_000)]
    pub step: u32,
    /// By zone, what a step costs.
    pub prices: BTreeMap<String, Amount>,
}
