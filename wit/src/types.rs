//! Words that all hooks share: `types.wit`.

use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

/// An amount of money in the minor unit of the request's currency (cents for USD, yen for JPY).
pub type MinorUnits = i64;
/// ISO 4217 alphabetic code, upper case: `USD`.
pub type CurrencyCode = String;
/// ISO 3166-1 alpha-2 code, upper case: `US`.
pub type CountryCode = String;
/// The part of an ISO 3166-2 code after the country, upper case: `CA` for `US-CA`.
pub type SubdivisionCode = String;
/// Mass in grams.
pub type Grams = u32;
/// Length in millimetres.
pub type Millimetres = u32;
/// An angle on the globe in millionths of a degree; north and east are positive.
pub type MicroDegrees = i32;
/// A moment: seconds since 1970-01-01T00:00:00Z, leap seconds not counted. In JSON an RFC 3339 timestamp.
pub type Instant = i64;
/// An `at` that the caller left open; the host puts its own clock's time there before anything else sees the request.
pub const ON_ARRIVAL: Instant = 0;
/// A calendar day: days since 1970-01-01. In JSON a date, `2026-11-26`.
pub type Day = i32;

/// An amount together with its currency, where an amount stands alone.
#[contract]
pub struct Money {
    pub amount: MinorUnits,
    pub currency: CurrencyCode,
}

/// The sides of a cuboid, in millimetres.
#[contract(wire)]
#[derive(Copy)]
pub struct Dimensions {
    pub length: Millimetres,
    pub width: Millimetres,
    pub height: Millimetres,
}

/// A point on the globe, in millionths of a degree.
#[contract(wire)]
#[derive(Copy)]
pub struct Coordinates {
    /// -90 000 000 (south pole) to 90 000 000.
    pub latitude: MicroDegrees,
    /// -180 000 000 to 180 000 000.
    pub longitude: MicroDegrees,
}

/// A postal address as the shopper gave it. On a product page often only country and postal code are known.
#[contract]
pub struct Address {
    pub country: CountryCode,
    pub subdivision: Option<SubdivisionCode>,
    pub city: Option<String>,
    /// With or without the spaces and hyphens that the country uses.
    pub postal_code: Option<String>,
    /// Street, house number and whatever else goes above the city, in the order in which it is written. Personal.
    #[contract(default)]
    pub lines: Vec<String>,
    /// Personal.
    pub name: Option<String>,
    /// Personal.
    pub company: Option<String>,
    /// Personal.
    pub phone: Option<String>,
    /// True for a home, false for a business; absent when nobody knows.
    pub residential: Option<bool>,
    pub coordinates: Option<Coordinates>,
}

/// Who buys, as far as the shop knows.
#[contract]
pub struct Customer {
    /// Personal.
    pub id: Option<String>,
    /// Personal.
    pub email: Option<String>,
    /// The groups the shop puts its customers in: `wholesale`, `vip`.
    #[contract(default)]
    pub tags: Vec<String>,
    /// Orders that this customer has placed before.
    #[contract(default)]
    pub orders: u32,
}

/// How an item may be turned when it is packed.
#[contract(wire)]
pub enum Rotation {
    /// Any side may be up.
    Any,
    /// The top stays up; the item may be turned about its vertical axis.
    Upright,
    /// Not turned at all: length, width and height stay along the box's.
    Fixed,
}

/// One line of a cart or order: so many units of one thing.
#[allow(clippy::struct_excessive_bools)] // one independent property each
#[contract(wire)]
pub struct Line {
    /// The platform's name for this line; unique within the request.
    pub id: String,
    /// What is sold, as the merchant's stock knows it.
    pub sku: String,
    /// Units, 1 or more.
    pub quantity: u32,
    /// What one unit costs the shopper, before discounts and shipping, in minor units.
    pub unit_price: MinorUnits,
    /// Taken off the whole line, in minor units.
    #[contract(default)]
    pub discount: MinorUnits,
    /// Mass of one unit, in grams.
    pub weight: Grams,
    /// Outer size of one unit, in millimetres; absent when the shop has not measured it.
    pub size: Option<Dimensions>,
    #[contract(default)]
    pub rotation: Rotation,
    /// Nothing may lie on top of it.
    #[contract(default)]
    pub fragile: bool,
    /// Every unit travels in a parcel of its own.
    #[contract(default)]
    pub ships_alone: bool,
    /// A dangerous good under the carriers' rules.
    #[contract(default)]
    pub hazardous: bool,
    /// False for what is not shipped at all: a download, a gift card.
    #[contract(default = "crate::types::yes")]
    pub physical: bool,
    /// The shop's own classes: `frozen`, `final-sale`, `category:shoes`.
    #[contract(default)]
    pub tags: Vec<String>,
}

#[cfg(feature = "json")]
pub(crate) fn yes() -> bool {
    true
}

/// So many units of one line of the request.
#[contract]
#[derive(Copy)]
pub struct LineUnits {
    /// Index into the request's `lines`, counted from 0.
    pub line: u32,
    pub quantity: u32,
}

/// What one fulfilment location has on its shelves.
#[contract(wire)]
pub struct LocationStock {
    /// The location's identifier, as in the plugin's settings or the request.
    pub location: String,
    /// Units that may be sold, one figure for each line of the request, in its order.
    pub available: Vec<u32>,
}

/// What a figure counts.
#[contract(wire)]
pub enum Unit {
    Count,
    MinorUnits,
    Grams,
    Millimetres,
    Metres,
    Seconds,
    Days,
    Instant,
    Day,
    /// Millionths of the whole: 250 000 is a quarter.
    PartsPerMillion,
}

/// A number that a reason rests on.
#[contract(wire)]
pub struct Figure {
    pub name: String,
    pub value: i64,
    pub unit: Unit,
}

/// Why something was decided.
#[contract(wire)]
pub struct Reason {
    /// Stable, in upper snake case: `ABOVE_MAXIMUM_WEIGHT`. Programs may rely on it.
    pub code: String,
    /// A sentence for people. May change between versions of a plugin.
    pub message: String,
    #[contract(default)]
    pub figures: Vec<Figure>,
}

/// A plugin's word that it cannot decide. The host then uses the hook's fallback.
#[contract(wire)]
pub struct Failure {
    /// Stable, in upper snake case.
    pub code: String,
    /// What was wrong, with which value, and what would be right.
    pub message: String,
    /// Where in the request, as a JSON pointer: `/lines/3/quantity`.
    pub field: Option<String>,
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{} at {field}: {}", self.code, self.message),
            None => write!(f, "{}: {}", self.code, self.message),
        }
    }
}
