//! What a service takes at all.

use super::words::Price;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// What a service takes. What is left out is no limit; dangerous goods are taken only where `hazardous` says so.
#[derive(Settings, Debug)]
pub struct Eligibility {
    /// Weight of all parcels.
    pub order_weight: Option<Weights>,
    /// Weight of each parcel, goods and packaging.
    pub parcel_weight: Option<Weights>,
    /// The most parcels.
    #[setting(minimum = 1)]
    pub parcels: Option<u32>,
    /// The longest side that a parcel may have, in millimetres.
    #[setting(minimum = 1, unit = "millimetres")]
    pub longest_side: Option<u32>,
    /// The most that a parcel's longest side plus twice the other two may measure, in millimetres.
    #[setting(minimum = 1, unit = "millimetres")]
    pub length_and_girth: Option<u32>,
    /// Value of the goods after discounts.
    pub cart_value: Option<Amounts>,
    /// Names in `placeSets`: where the service goes. Everywhere, when empty.
    #[setting(default)]
    pub served: Vec<String>,
    /// Names in `placeSets`: where it does not go, even where `served` says so.
    #[setting(default)]
    pub excluded: Vec<String>,
    /// Whether dangerous goods are taken.
    #[setting(default = false)]
    pub hazardous: bool,
    /// Whether it goes to post-office boxes.
    #[setting(default = true)]
    pub po_boxes: bool,
    /// Every line of the cart must bear one of these tags; no demand when empty.
    #[setting(default)]
    pub every_line: Vec<String>,
    /// Some line of the cart must bear one of these tags; no demand when empty.
    #[setting(default)]
    pub some_line: Vec<String>,
    /// No line of the cart may bear any of these tags.
    #[setting(default)]
    pub no_line: Vec<String>,
    /// Only for customers in one of these groups; for everybody when empty.
    #[setting(default)]
    pub customers: Vec<String>,
}

impl Default for Eligibility {
    fn default() -> Self {
        Self {
            order_weight: None,
            parcel_weight: None,
            parcels: None,
            longest_side: None,
            length_and_girth: None,
            cart_value: None,
            served: Vec::new(),
            excluded: Vec::new(),
            hazardous: false,
            po_boxes: true,
            every_line: Vec::new(),
            some_line: Vec::new(),
            no_line: Vec::new(),
            customers: Vec::new(),
        }
    }
}

/// From the least to the most, both included.
#[derive(Settings, Debug, Clone, Copy)]
pub struct Weights {
    /// In grams.
    #[setting(unit = "grams")]
    pub least: Option<u32>,
    /// In grams.
    #[setting(unit = "grams")]
    pub most: Option<u32>,
}

/// From the least to the most, both included.
#[derive(Settings, Debug, Clone, Copy)]
pub struct Amounts {
    /// In minor units.
    pub least: Option<Price>,
    /// In minor units.
    pub most: Option<Price>,
}
