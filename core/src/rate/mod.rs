//! What a service costs: zones, weight breaks, surcharges, thresholds, rounding, and why a service is not offered.
//!
//! What is settled once is built by constructors from plain data and validated there, with errors that name list and row;
//! what is asked per cart borrows all of it and allocates one short list. From the bottom up: [`place`] turns addresses
//! into keys, [`prefix`] and [`place_set`] look them up, [`zone`] finds the zone; [`shipment`] is what is priced,
//! [`billable`] weighs it; [`weight_break`] holds the freight, [`surcharge`], [`threshold`] and [`rounding`] change it,
//! [`eligibility`] and [`refusal`] say who is not served; [`price`] puts them together.
//!
//! What this room must not know: settings files, boxes, dates, currencies.

pub mod billable;
pub mod eligibility;
mod form;
pub mod place;
pub mod place_set;
pub mod po_box;
pub mod prefix;
pub mod price;
pub mod refusal;
pub mod rounding;
pub mod shipment;
pub mod surcharge;
pub mod threshold;
pub mod usps;
pub mod weight_break;
pub mod zone;

pub use billable::{Billing, BillingError, BillingRules, BillingStep, DimensionalDivisor};
pub use eligibility::{Eligibility, EligibilityError, EligibilityRules, Range};
pub use place::{Country, PostalCode, Subdivision};
pub use place_set::{PlaceError, PlaceSet};
pub use prefix::{PrefixError, PrefixRow, PrefixTable};
pub use price::{NoPrice, Price, Service, ServiceError, ServiceRules, Step};
pub use refusal::Refusal;
pub use rounding::{Direction, Rounding, RoundingError};
pub use shipment::{Destination, Parcel, Shipment};
pub use surcharge::{Condition, ShareOf, Surcharge, SurchargeError};
pub use threshold::{Effect, Markup, MarkupError, Promotion, PromotionError};
pub use weight_break::{Beyond, Freight, FreightError, FreightRules, Per, ZoneRow, ZoneRows};
pub use zone::{Zone, ZoneError, ZoneList, ZoneRules, ZoneTable};

#[cfg(test)]
pub(crate) mod testing;
