//! What a merchant's settings become: everything that is settled before the first cart.
//!
//! What this module must not know: how settings are written, and any cart.

use crate::calendar::Calendar;
use crate::carton::Packer;
use crate::emissions::EmissionFactors;
use crate::geo::Position;
use crate::money::Minor;
use crate::promise::{Dispatch, PickUp, Transit};
use crate::rate::{self, PrefixTable, ZoneTable};
use crate::units::Size;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use cartwright_contract::{Coordinates, CurrencyCode};
use core::fmt;

/// The most fulfilment locations of a shop, and the most collection points.
pub const MOST_LOCATIONS: usize = 64;

/// A shop, ready to quote.
#[derive(Debug)]
pub struct Shop {
    /// The only currency it quotes in.
    pub currency: CurrencyCode,
    /// By ascending priority: the first that can ship a cart does, unless `sourcing` says otherwise.
    pub locations: Vec<Location>,
    pub sourcing: Sourcing,
    /// Whether a cart is quoted of which no location has enough; the missing units then leave from the first location.
    pub backorders: bool,
    /// One for each way in which a box is billed; services refer to them by index.
    pub packers: Vec<Packer>,
    /// The names of the boxes, in the order in which every packer has them.
    pub boxes: Vec<String>,
    /// Taken for an item whose size nobody knows; without it such items share a parcel of unknown size.
    pub unmeasured: Option<Size>,
    /// What becomes of an item that fits no box.
    pub misfits: Misfits,
    /// Where the postal code lies, for addresses without coordinates: the value is an index into `places`.
    pub postal_places: PrefixTable,
    pub places: Vec<Coordinates>,
    pub services: Vec<Service>,
    pub pick_ups: Vec<PickUpPoint>,
    /// Offered when the cart cannot be priced otherwise.
    pub backup: Option<Backup>,
    pub order: Order,
}

/// Which location ships a cart that several could ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sourcing {
    /// The first in the order of the settings.
    #[default]
    Priority,
    /// The nearest to the destination, as far as coordinates are known.
    Nearest,
}

/// What becomes of an item that fits no box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Misfits {
    /// It travels as it is, in its own packaging.
    #[default]
    AsTheyAre,
    /// The cart is not quoted.
    Refuse,
}

/// The order in which a shopper sees the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Cheapest,
    Soonest,
    /// As the settings list them.
    AsListed,
}

/// Where parcels leave from.
#[derive(Debug)]
pub struct Location {
    pub id: String,
    pub position: Option<Position>,
    pub dispatch: Dispatch,
}

/// A carrier's service.
#[derive(Debug)]
pub struct Service {
    pub id: String,
    pub name: String,
    pub carrier: String,
    pub rate: rate::Service,
    /// Index into the shop's packers.
    pub packer: usize,
    /// One for each location of the shop; `None` where the service does not run.
    pub lanes: Vec<Option<ServiceLane>>,
    /// The carrier's working days, when transit is counted in them.
    pub working_days: Option<Calendar>,
    /// The days on which it delivers.
    pub delivery: Calendar,
    pub emissions: Option<EmissionFactors>,
    /// Whether a cart may be split over locations with this service.
    pub splits: bool,
}

/// A service from one location.
#[derive(Debug)]
pub struct ServiceLane {
    /// Shared by the services of a carrier: a table of 40,000 prefixes is 320 kB.
    pub zones: Arc<ZoneTable>,
    /// One for each zone; `None` where no date is promised.
    pub transit: Vec<Option<Transit>>,
    pub pick_up: Option<PickUp>,
}

/// A place where shoppers collect what they bought; it has the stock of the location of that index.
#[derive(Debug)]
pub struct PickUpPoint {
    pub id: String,
    pub name: String,
    /// Index into the shop's locations.
    pub location: usize,
    pub price: Minor,
    /// Days from the handling's end until it is ready.
    pub transit: Transit,
    /// The days on which it is open.
    pub opening: Calendar,
    /// Offered only to destinations within so many metres; `None` for all of the location's country.
    pub within: Option<u32>,
    /// The destination country it is offered in.
    pub country: String,
}

/// A flat price for a cart that could not be packed, so that no service has a price for it; and for a shop without services. What a
/// service refuses by its rules, the backup does not sell after all.
#[derive(Debug)]
pub struct Backup {
    /// What it takes; the parcels' sizes are not looked at, since often it is the packing that failed.
    pub eligibility: rate::Eligibility,
    pub id: String,
    pub name: String,
    pub carrier: String,
    pub price: Minor,
}

/// Parts of a shop that do not fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopError {
    /// Without locations nothing leaves.
    NoLocations,
    TooMany {
        what: &'static str,
        count: usize,
    },
    /// A service has not one lane a location.
    Lanes {
        service: usize,
        lanes: usize,
        locations: usize,
    },
    /// A service refers to a packer that is not there.
    Packer {
        service: usize,
        packer: usize,
    },
    /// A lane has not one transit a zone.
    Transits {
        service: usize,
        location: usize,
        transits: usize,
        zones: u16,
    },
    /// A pick-up point refers to a location that is not there.
    PickUpLocation {
        pick_up: usize,
        location: usize,
    },
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLocations => f.write_str("the shop has no location; give at least one that ships"),
            Self::TooMany { what, count } => {
                write!(f, "{count} {what} are more than the {MOST_LOCATIONS} that a shop can have")
            }
            Self::Lanes { service, lanes, locations } => {
                write!(f, "service {service} has {lanes} lanes for {locations} locations; give one each")
            }
            Self::Packer { service, packer } => {
                write!(f, "service {service} refers to packer {packer}, which is not there")
            }
            Self::Transits { service, location, transits, zones } => {
                write!(
                    f,
                    "service {service} from location {location} has {transits} transit times for {zones} zones; give one each"
                )
            }
            Self::PickUpLocation { pick_up, location } => {
                write!(f, "pick-up point {pick_up} refers to location {location}, which is not there")
            }
        }
    }
}

impl core::error::Error for ShopError {}

impl Shop {
    /// Checks that the parts fit together; every constructor of settings calls it last.
    ///
    /// # Errors
    /// The first part that does not fit.
    pub fn check(&self) -> Result<(), ShopError> {
        let locations = self.locations.len();
        if locations == 0 {
            return Err(ShopError::NoLocations);
        }
        for (what, count) in [("locations", locations), ("pick-up points", self.pick_ups.len())] {
            if count > MOST_LOCATIONS {
                return Err(ShopError::TooMany { what, count });
            }
        }
        for (index, service) in self.services.iter().enumerate() {
            if service.lanes.len() != locations {
                return Err(ShopError::Lanes { service: index, lanes: service.lanes.len(), locations });
            }
            if service.packer >= self.packers.len() {
                return Err(ShopError::Packer { service: index, packer: service.packer });
            }
            for (location, lane) in service.lanes.iter().enumerate() {
                let Some(lane) = lane else { continue };
                if lane.transit.len() != usize::from(lane.zones.zones()) {
                    let (transits, zones) = (lane.transit.len(), lane.zones.zones());
                    return Err(ShopError::Transits { service: index, location, transits, zones });
                }
            }
        }
        match self.pick_ups.iter().enumerate().find(|(_, point)| point.location >= locations) {
            Some((pick_up, point)) => Err(ShopError::PickUpLocation { pick_up, location: point.location }),
            None => Ok(()),
        }
    }
}
