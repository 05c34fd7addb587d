//! Sets of places, zone tables, and where postal codes lie.

use super::prefixes::PrefixMap;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// Places that rules refer to by the set's name.
#[derive(Settings, Debug, Default)]
pub struct Places {
    /// Whole countries, as `US`.
    #[setting(default)]
    pub countries: Vec<String>,
    /// States and provinces, as `US-AK`.
    #[setting(default)]
    pub subdivisions: Vec<String>,
    /// By country, beginnings of postal codes: `967`, or a range of the same length, `995-999`.
    #[setting(default)]
    pub prefixes: BTreeMap<String, Vec<String>>,
}

/// A carrier's zones, and how they are found from each location.
#[derive(Settings, Debug)]
pub struct ZoneTable {
    /// The zones' names, as in the carrier's rate table.
    #[setting(min_items = 1, max_items = 1000)]
    pub zones: Vec<String>,
    /// By location, the rules that lead from a destination to a zone; `*` is every other location.
    pub from: BTreeMap<String, ZoneRules>,
}

/// From destinations to zones, seen from one location. The first kind of rule that says something decides, in the order in
/// which they stand here.
#[derive(Settings, Debug)]
pub struct ZoneRules {
    /// By country, from beginnings of postal codes to zones; the longest wins. `"005-009": "8"` is five rows in one.
    #[setting(default)]
    pub prefixes: BTreeMap<String, PrefixMap>,
    /// From states and provinces (`US-AK`) to zones.
    #[setting(default)]
    pub subdivisions: BTreeMap<String, String>,
    /// From countries (`US`) to zones.
    #[setting(default)]
    pub countries: BTreeMap<String, String>,
    /// By distance as the crow flies, nearest first.
    #[setting(default)]
    pub bands: Vec<Band>,
    /// The zone of every other destination. Without it they are not served.
    pub default: Option<String>,
}

/// Destinations up to so far away.
#[derive(Settings, Debug)]
pub struct Band {
    /// In metres, included.
    #[setting(unit = "metres")]
    pub up_to: u32,
    /// The zone.
    pub zone: String,
}
