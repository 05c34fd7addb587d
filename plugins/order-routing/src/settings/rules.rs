//! Rules on orders and locations.

use super::Who;
use super::words::Amount;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// One rule.
#[derive(Settings, Debug)]
pub struct Rule {
    /// What reasons call it.
    #[setting(min_length = 1, max_length = 120)]
    pub name: String,
    /// Orders that it is about; all without it.
    #[setting(default)]
    pub when: When,
    /// What it does.
    pub then: Then,
}

/// Orders that meet everything that is given here.
#[derive(Settings, Debug, Default)]
pub struct When {
    /// Destination countries, by their code of two letters.
    #[setting(default)]
    pub countries: Vec<String>,
    /// Sales channels.
    #[setting(default)]
    pub channels: Vec<String>,
    /// The order bears one of these.
    #[setting(default)]
    pub tags: Vec<String>,
    /// Some line bears one of these.
    #[setting(default)]
    pub line_tags: Vec<String>,
    /// The customer is in one of these groups.
    #[setting(default)]
    pub customer_tags: Vec<String>,
    /// The goods after discounts are worth at least this.
    pub value_from: Option<Amount>,
    /// The goods after discounts are worth at most this.
    pub value_to: Option<Amount>,
    /// Whether it holds dangerous goods.
    pub hazardous: Option<bool>,
}

/// What a rule does.
#[derive(Settings, Debug)]
pub enum Then {
    /// Only these locations stay.
    Include {
        /// Which.
        who: Who,
    },
    /// These locations are left out.
    Exclude {
        /// Which.
        who: Who,
    },
    /// Locations farther away are left out; one of which nobody knows where it lies stays.
    Within {
        /// From the destination, as the crow flies.
        #[setting(minimum = 1, maximum = 20_015, unit = "kilometres")]
        kilometres: u32,
    },
    /// The first ranks that together have the whole order; when all together have not, every location stays.
    Ranks {
        /// The best first.
        #[setting(min_items = 1, max_items = 100)]
        ranks: Vec<Who>,
    },
    /// Locations that had so many orders today are left out.
    OrdersADay {
        /// From this number on.
        #[setting(minimum = 1)]
        limit: u32,
    },
    /// A location whose shipment would hold goods worth less is left out, unless it is the only one.
    LeastShipmentValue {
        /// After discounts.
        value: Amount,
    },
    /// At most so many shipments: 1 is never to split.
    Shipments {
        /// How many.
        #[setting(minimum = 1, maximum = 1_000)]
        most: u32,
    },
    /// The order ships complete or not at all.
    Complete {
        /// The queue in which it waits otherwise; without one it is given up.
        queue: Option<String>,
    },
    /// What can ship does, whatever an earlier rule said.
    Partial {},
    /// The order waits for a person.
    Hold {
        /// In this queue.
        #[setting(min_length = 1, max_length = 64)]
        queue: String,
    },
    /// The order is given up.
    Cancel {},
}
