//! Grades, destinations, labels: what becomes of the goods.
//!
//! What this file must not know: rules.

use super::words::{Point, Price, Share};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::contract::return_policy as contract;
use cartwright_sdk::prelude::Settings;

/// What inspection finds.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// As new.
    A,
    /// Light wear.
    B,
    /// For parts, or second choice.
    C,
    /// Worthless.
    D,
}

impl Grade {
    pub fn contract(self) -> contract::Grade {
        match self {
            Self::A => contract::Grade::A,
            Self::B => contract::Grade::B,
            Self::C => contract::Grade::C,
            Self::D => contract::Grade::D,
        }
    }
}

/// What each grade means.
#[derive(Settings, Debug)]
pub struct Grades {
    /// As new.
    pub a: GradeTerms,
    /// Light wear.
    pub b: GradeTerms,
    /// For parts, or second choice.
    pub c: GradeTerms,
    /// Worthless.
    pub d: GradeTerms,
}

/// What one grade means.
#[derive(Settings, Debug)]
pub struct GradeTerms {
    /// What becomes of the goods.
    pub disposition: Disposition,
    /// The share of the refund that is left, in millionths, unless the merchant is at fault.
    #[setting(default = Share(1_000_000))]
    pub refund_ppm: Share,
    /// What the goods are still worth to the shop, in millionths of what was paid without tax. Nothing where they are donated.
    #[setting(default = Share(0))]
    pub recovers_ppm: Share,
    /// The kinds of destination that take them. Suppliers take back what they dropshipped, whatever its grade.
    pub to: Vec<Kind>,
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Sold again.
    Restock,
    /// Repaired or cleaned first.
    Refurbish,
    /// Used for parts or materials.
    Recycle,
    /// Thrown away.
    Dispose,
}

impl Disposition {
    pub fn contract(self) -> contract::Disposition {
        match self {
            Self::Restock => contract::Disposition::Restock,
            Self::Refurbish => contract::Disposition::Refurbish,
            Self::Recycle => contract::Disposition::Recycle,
            Self::Dispose => contract::Disposition::Dispose,
        }
    }
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A warehouse.
    Warehouse,
    /// A store that the shopper brings it to: no label.
    Store,
    /// Who makes it sellable again.
    Refurbisher,
    /// Who dropshipped it.
    Supplier,
    /// A charity.
    Donation,
}

impl Kind {
    pub fn contract(self) -> contract::DestinationKind {
        match self {
            Self::Warehouse => contract::DestinationKind::Warehouse,
            Self::Store => contract::DestinationKind::Store,
            Self::Refurbisher => contract::DestinationKind::Refurbisher,
            Self::Supplier => contract::DestinationKind::Supplier,
            Self::Donation => contract::DestinationKind::Donation,
        }
    }
}

/// Where returns go.
#[derive(Settings, Debug)]
pub struct Destination {
    /// Its name, as answers give it.
    #[setting(min_length = 1, max_length = 255)]
    pub id: String,
    /// What kind of destination it is.
    pub kind: Kind,
    /// Its country, as `US`.
    #[setting(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// Where it is, as `39.66,-119.88`.
    pub coordinates: Option<Point>,
    /// The fulfilment locations whose goods it takes back; all when empty. A supplier names those that it dropships from.
    #[setting(default)]
    pub locations: Vec<String>,
    /// What sending there costs.
    #[setting(default)]
    pub freight: Freight,
}

/// What sending goods back costs the shop.
#[derive(Settings, Debug, Clone, Copy, Default)]
pub struct Freight {
    /// Each parcel, whatever is in it.
    pub per_parcel: Option<Price>,
    /// Receiving and handling a unit.
    pub per_unit: Option<Price>,
    /// Each kilogram, to the gram.
    pub per_kilogram: Option<Price>,
    /// Each kilogram and 100 kilometres, where both ends are known.
    pub per_kilogram_and_100_km: Option<Price>,
}

/// What a label costs the shopper who has to pay for it.
#[derive(Settings, Debug, Default)]
pub struct Labels {
    /// The fee, held back from the refund; nothing when left out.
    pub fee: Option<Fee>,
    /// Groups of customers who pay nothing.
    #[setting(default)]
    pub free_for: Vec<String>,
}

/// The fee for a label.
#[derive(Settings, Debug)]
pub enum Fee {
    /// The same for every label.
    Flat {
        /// The fee.
        amount: Price,
    },
    /// By the weight of the goods on it.
    Weight {
        /// Upper ends of the steps in grams, rising; what is heavier than the last costs as much as the last.
        #[setting(min_items = 1, max_items = 1000)]
        up_to: Vec<u32>,
        /// The fee of each step.
        amounts: Vec<Price>,
    },
}

/// Within what time goods must arrive.
#[derive(Settings, Debug, Clone, Copy, Default)]
pub struct Deadlines {
    /// Days from approval until they must be received; no limit when left out.
    #[setting(minimum = 1, maximum = 3650, unit = "days")]
    pub receive_within: Option<u16>,
    /// More days for what the carrier has already.
    #[setting(default = 0, maximum = 365, unit = "days")]
    pub transit_grace: u16,
}
