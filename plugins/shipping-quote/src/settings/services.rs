//! Carriers and what they offer, pick-up in a store, and the backup.

use super::calendars::Times;
use super::eligibility::Eligibility;
use super::rates::{Billing, Markup, Rate, Rounding};
use super::surcharges::Surcharge;
use super::thresholds::Threshold;
use super::words::{Days, Price};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// A carrier, with what all its services have in common.
#[derive(Settings, Debug)]
pub struct Carrier {
    /// What the shopper reads.
    #[setting(min_length = 1, max_length = 120)]
    pub name: String,
    /// Name of the calendar (in `calendars`) with the days on which it moves parcels. Transit is counted in them.
    pub working_days: String,
    /// Name of the calendar with the days on which it delivers.
    pub delivery_days: String,
    /// By location, when it fetches parcels there on its working days; `*` is every other location. A location without a
    /// time hands over until midnight.
    #[setting(default)]
    pub pick_ups: BTreeMap<String, Times>,
}

/// One option at the checkout.
#[derive(Settings, Debug)]
pub struct Service {
    /// Stable: orders refer to it.
    #[setting(min_length = 1, max_length = 64)]
    pub id: String,
    /// What the shopper reads.
    #[setting(min_length = 1, max_length = 120)]
    pub name: String,
    /// Name in `carriers`.
    pub carrier: String,
    /// Name in `zoneTables`.
    pub zone_table: String,
    /// Ids of the locations that it leaves from; all that the zone table knows, when left out.
    pub from: Option<Vec<String>>,
    /// What carriage costs.
    pub rate: Rate,
    /// How the carrier weighs; to the gram and without volume when left out.
    #[setting(default)]
    pub billing: Billing,
    /// The least that carriage costs before surcharges, in minor units.
    #[setting(default = Price(0))]
    pub minimum_charge: Price,
    /// What the carrier adds, in this order.
    #[setting(default, max_items = 100)]
    pub surcharges: Vec<Surcharge>,
    /// What it takes.
    #[setting(default)]
    pub eligibility: Eligibility,
    /// Your margin.
    #[setting(default)]
    pub markup: Markup,
    /// What a full cart takes off.
    #[setting(default, max_items = 100)]
    pub thresholds: Vec<Threshold>,
    /// How prices end.
    pub rounding: Option<Rounding>,
    /// How long it takes; without it no date is promised.
    pub transit: Option<Transit>,
    /// Name of the calendar with the days on which this service delivers, where they are not the carrier's.
    pub delivery_days: Option<String>,
    /// Name in `emissionFactors`.
    pub emissions: Option<String>,
    /// Whether the parts of one cart may leave from several locations.
    #[setting(default = false)]
    pub splits: bool,
    /// Id of a service whose parcels are taken as they are. Without it boxes are chosen for this service's own prices; each
    /// way to choose takes time at the checkout.
    pub packed_like: Option<String>,
}

/// Days from hand-over to arrival, by zone; `*` is every zone not named.
#[derive(Settings, Debug)]
pub struct Transit {
    /// Fixed: `3`, or the fewest and the most, `2-5`.
    #[setting(default)]
    pub days: BTreeMap<String, Days>,
    /// What parcels of the past took: from days to how many took them. Goes before `days`.
    #[setting(default)]
    pub took: BTreeMap<String, BTreeMap<String, u64>>,
    /// With `took`: the share of parcels that were there on the earliest promised day, in millionths.
    #[setting(default = 100_000, minimum = 0, maximum = 1_000_000, unit = "parts-per-million")]
    pub earliest_ppm: i64,
    /// With `took`: the share of parcels that were there on the latest promised day, in millionths.
    #[setting(default = 900_000, minimum = 0, maximum = 1_000_000, unit = "parts-per-million")]
    pub latest_ppm: i64,
    /// Which days are counted.
    #[setting(default)]
    pub counted_in: CountedIn,
}

/// Which days a transit counts.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountedIn {
    /// The carrier's.
    #[default]
    WorkingDays,
    /// All.
    CalendarDays,
}

/// A store in which shoppers collect what they bought.
#[derive(Settings, Debug)]
pub struct PickUpPoint {
    /// Stable: orders refer to it.
    #[setting(min_length = 1, max_length = 64)]
    pub id: String,
    /// What the shopper reads.
    #[setting(min_length = 1, max_length = 120)]
    pub name: String,
    /// Id of the location whose stock it has.
    pub location: String,
    /// In minor units.
    #[setting(default = Price(0))]
    pub price: Price,
    /// Days from the end of handling until it is ready: `0`, or the fewest and the most, `1-3`.
    pub ready_after: Days,
    /// Name of the calendar (in `calendars`) with the days on which it is open.
    pub open: String,
    /// Offered only to destinations within so many metres; to the whole country when left out.
    #[setting(minimum = 1, unit = "metres")]
    pub within: Option<u32>,
    /// The country it is offered in, as `US`.
    #[setting(min_length = 2, max_length = 2)]
    pub country: String,
}

/// A flat price for when no service can be offered, so that a sale is not lost.
#[derive(Settings, Debug)]
pub struct Backup {
    /// Stable: orders refer to it.
    #[setting(min_length = 1, max_length = 64)]
    pub id: String,
    /// What the shopper reads.
    #[setting(min_length = 1, max_length = 120)]
    pub name: String,
    /// What the shopper reads.
    #[setting(default)]
    pub carrier: String,
    /// In minor units.
    pub price: Price,
    /// What it takes; sizes of parcels are not looked at.
    #[setting(default)]
    pub eligibility: Eligibility,
}

/// How much a service emits, after ISO 14083.
#[derive(Settings, Debug)]
pub struct EmissionFactors {
    /// CO2 equivalent, well to wheel.
    #[setting(maximum = 100_000, unit = "grams-per-tonne-kilometre")]
    pub grams_per_tonne_kilometre: u32,
    /// Of hubs and handling, whatever the weight.
    #[setting(default = 0, unit = "grams")]
    pub grams_per_parcel: u32,
    /// The way's length over that of the great circle, in millionths: 1050000 is 5 % longer.
    #[setting(default = 1_000_000, minimum = 1_000_000, maximum = 10_000_000, unit = "parts-per-million")]
    pub distance_adjustment_ppm: i64,
    /// Publication and year that the figures are from.
    #[setting(min_length = 1)]
    pub source: String,
}
