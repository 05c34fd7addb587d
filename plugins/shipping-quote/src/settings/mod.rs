//! The merchant's words: what stands in the settings document, field by field.
//!
//! Long things that several services share have names (calendars, place sets, zone tables, carriers, emission factors);
//! everything else stands where it is used. Money is in minor units, weights in grams, lengths in millimetres, shares in
//! millionths, unless the value names its unit itself (`1 lb`, `139 in3/lb`).
//!
//! What this module must not know: what becomes of the words.

pub mod boxes;
pub mod calendars;
pub mod eligibility;
pub mod locations;
pub mod places;
pub mod prefixes;
pub mod rates;
pub mod services;
pub mod surcharges;
pub mod thresholds;
pub mod words;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use boxes::{Carton, Packaging};
use calendars::Calendar;
use cartwright_sdk::prelude::Settings;
use locations::{Location, Sourcing};
use places::{Places, ZoneTable};
use prefixes::PrefixMap;
use services::{Backup, Carrier, EmissionFactors, PickUpPoint, Service};
use words::DayOff;

/// What a shop ships, from where, with whom, and what it charges.
#[derive(Settings, Debug)]
#[settings(title = "Shipping quotes")]
pub struct Document {
    /// For those who read these settings: where figures come from, what is agreed with whom. No effect.
    #[setting(default)]
    pub notes: Vec<String>,
    /// The currency of all amounts here, as `USD`. Carts in another one get no quote.
    #[setting(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// Where parcels leave from; the first goes first.
    #[setting(min_items = 1, max_items = 64)]
    pub locations: Vec<Location>,
    /// Which location ships a cart that several could ship.
    #[setting(default)]
    pub sourcing: Sourcing,
    /// Whether a cart gets quotes of which no location has enough; what is missing then leaves from the first location.
    #[setting(default = false)]
    pub backorders: bool,
    /// The order in which shoppers see the options.
    #[setting(default)]
    pub order: Order,
    /// What goods are packed in.
    #[setting(default, max_items = 200)]
    pub boxes: Vec<Carton>,
    /// What happens where boxes do not help.
    #[setting(default)]
    pub packaging: Packaging,
    /// Holidays that calendars share, by the name they refer to them with.
    #[setting(default)]
    pub holiday_lists: BTreeMap<String, Vec<DayOff>>,
    /// Working days, by name.
    pub calendars: BTreeMap<String, Calendar>,
    /// Sets of places, by name.
    #[setting(default)]
    pub place_sets: BTreeMap<String, Places>,
    /// Zone tables, by name.
    #[setting(default)]
    pub zone_tables: BTreeMap<String, ZoneTable>,
    /// Carriers, by name.
    #[setting(default)]
    pub carriers: BTreeMap<String, Carrier>,
    /// The options at the checkout.
    #[setting(default, max_items = 100)]
    pub services: Vec<Service>,
    /// Stores in which shoppers collect what they bought.
    #[setting(default, max_items = 64)]
    pub pick_up_points: Vec<PickUpPoint>,
    /// Offered when nothing else can be.
    pub backup: Option<Backup>,
    /// How much services emit, by name.
    #[setting(default)]
    pub emission_factors: BTreeMap<String, EmissionFactors>,
    /// By country, from beginnings of postal codes to latitude and longitude in degrees (`"941": "37.76,-122.44"`): for
    /// addresses that come without coordinates.
    #[setting(default)]
    pub postal_places: BTreeMap<String, PrefixMap>,
}

/// The order in which shoppers see the options.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The cheapest first.
    #[default]
    Cheapest,
    /// The soonest first.
    Soonest,
    /// As the services are listed here.
    AsListed,
}
