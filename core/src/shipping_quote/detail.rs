//! How much is told of a decision: all of it, for a checkout and a warehouse, or the little that a shopper reads before there is an
//! order. Both go the same way through [`super::options`] and [`super::parcels`]; only what is kept on the way differs, so that
//! an estimator does not carry what it never tells.
//!
//! What this module must not know: how anything is decided.

use super::parcels::Packings;
use crate::carton::{Contents, Item, PackedBox};
use crate::money::Minor;
use crate::rate::{self, NoPrice, Shipment, Zone, price::Total};
use crate::units::Size;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::LineUnits;
use cartwright_contract::shipping_quote::{Method, Promise};

/// An answer as it comes together.
pub trait Detail: Default {
    /// What is kept of the units in a box.
    type Contents: Contents;
    /// What is kept of a parcel, beside what its price rests on.
    type Parcel;
    /// What an option says of its parcels; by default that it has none.
    type Parcels: Default;
    /// What an option says of the way to its price.
    type Charges: Default;
    /// What is told of one option.
    type Option;

    /// Whether these lines of an address are a post-office box.
    fn is_po_box(lines: &[String]) -> bool;

    /// A service's price for one shipment; its charges are added to `charges`.
    fn price<'a>(
        rate: &'a rate::Service,
        zone: Option<Zone>,
        shipment: &Shipment<'a>,
        charges: &mut Self::Charges,
    ) -> Result<Total, NoPrice<'a>>;

    /// The charges of a price that is the same whatever is in the cart.
    fn flat(price: Minor) -> Self::Charges;

    /// A parcel from the location with this name, in the box with this name and outer size.
    fn boxed(
        location: &str,
        packaging: &str,
        outer: Size,
        full: &PackedBox<Self::Contents>,
        items: &[Item],
    ) -> Self::Parcel;

    /// A unit of this item in its own packaging.
    fn as_it_is(location: &str, item: &Item) -> Self::Parcel;

    /// One parcel of so many grams for units that nobody measured.
    fn of_unknown_size(location: &str, weight: u32, contents: Vec<LineUnits>) -> Self::Parcel;

    /// What an option with this packing says of its parcels.
    fn parcels(&mut self, packing: usize, packings: &Packings<Self>) -> Self::Parcels;

    fn option(&self, offer: Offer<'_, Self>) -> Self::Option;

    /// Price and last day of an option: what shoppers compare. One without a date comes after those with one.
    fn merits(option: &Self::Option) -> (i64, i32);
}

/// An option, whatever is told of it.
pub struct Offer<'a, D: Detail> {
    pub id: &'a str,
    pub name: &'a str,
    pub carrier: &'a str,
    pub method: Method,
    pub price: Minor,
    pub charges: D::Charges,
    /// In grams.
    pub billable: u64,
    pub promise: Option<Promise>,
    pub parcels: D::Parcels,
    pub location: Option<&'a str>,
    pub until_free: Option<Minor>,
    /// In grams.
    pub emissions: Option<u64>,
    pub backup: bool,
}
