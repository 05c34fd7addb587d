//! What is priced: parcels that go from one location to one destination, and the cart they belong to.
//!
//! What this module must not know: services and their rules.

use super::place::{Country, PostalCode, Subdivision};
use super::po_box;
use crate::geo::Position;
use crate::money::Minor;
use crate::units::{CubicMillimetres, Grams, Size};
use alloc::string::String;
use cartwright_contract::{Address, Coordinates};

/// An address in the form in which rules compare it. Made once per cart, used by every service.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// As the shopper gave it.
    pub address: &'a Address,
    /// `None` when the address's is not a code of two letters; then no rule that names a country applies.
    pub country: Option<Country>,
    pub subdivision: Option<Subdivision>,
    pub postal: Option<PostalCode>,
    /// `None` when nobody knows, or when what was given is not on the globe.
    pub position: Option<Position>,
    /// The address names a post-office box.
    pub po_box: bool,
}

impl<'a> Destination<'a> {
    /// `fallback` is where the postal code lies, for an address without coordinates of its own.
    #[must_use]
    pub fn new(address: &'a Address, fallback: Option<Coordinates>) -> Self {
        Self { po_box: po_box::is_po_box(&address.lines), ..Self::of_place(address, fallback) }
    }

    /// The same without a look at the address's lines: not taken for a post-office box.
    #[must_use]
    pub fn of_place(address: &'a Address, fallback: Option<Coordinates>) -> Self {
        Self {
            address,
            country: Country::parse(&address.country),
            subdivision: address.subdivision.as_deref().and_then(Subdivision::parse),
            postal: address.postal_code.as_deref().and_then(PostalCode::parse),
            position: address.coordinates.or(fallback).and_then(|point| Position::try_from(point).ok()),
            po_box: false,
        }
    }
}

/// One parcel, as the carrier gets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parcel {
    /// Outside. Zero when it is not known: then neither dimensional weight nor size limits apply.
    pub size: Size,
    /// Goods and packaging.
    pub gross: Grams,
    /// Holds a dangerous good.
    pub hazardous: bool,
}

impl Parcel {
    /// Length plus the distance around: longest side + 2 x (second + third), in millimetres.
    #[must_use]
    pub fn length_and_girth(&self) -> u64 {
        let [length, width, height] = self.size.sorted().map(|side| u64::from(side.0));
        length + 2 * (width + height)
    }

    /// The outer volume; what does not fit 64 bits is their maximum, so that it exceeds every limit.
    #[must_use]
    pub fn volume(&self) -> CubicMillimetres {
        let Size { length, width, height } = self.size;
        let area = u64::from(length.0) * u64::from(width.0);
        CubicMillimetres(area.saturating_mul(u64::from(height.0)))
    }
}

/// What one service is asked to carry, and for which cart.
#[derive(Debug, Clone, Copy)]
pub struct Shipment<'a> {
    pub destination: &'a Destination<'a>,
    /// All that leave the one location.
    pub parcels: &'a [Parcel],
    /// The cart's goods after line discounts, without shipping and tax, in the cart's currency.
    pub cart_value: Minor,
    /// The tags of each line that these parcels hold, one list a line.
    pub line_tags: &'a [&'a [String]],
    /// The shop's marks on the cart.
    pub cart_tags: &'a [String],
    /// The groups that the customer is in.
    pub customer_tags: &'a [String],
}

impl<'a> Shipment<'a> {
    /// A shipment without tags.
    #[must_use]
    pub fn new(destination: &'a Destination<'a>, parcels: &'a [Parcel], cart_value: Minor) -> Self {
        Self { destination, parcels, cart_value, line_tags: &[], cart_tags: &[], customer_tags: &[] }
    }

    /// Goods and packaging together; `None` when it does not fit 64 bits.
    #[must_use]
    pub fn gross(&self) -> Option<Grams> {
        self.parcels.iter().try_fold(0u64, |sum, parcel| sum.checked_add(parcel.gross.0)).map(Grams)
    }

    /// Whether the cart or one of these lines bears the tag.
    #[must_use]
    pub fn bears(&self, tag: &str) -> bool {
        self.cart_tags.iter().any(|t| t == tag) || self.line_tags.iter().any(|line| line.iter().any(|t| t == tag))
    }
}
