//! What goods are packed in.

use super::words::Price;
use alloc::string::String;
use cartwright_sdk::prelude::Settings;

/// Length, width and height.
#[derive(Settings, Debug, Clone, Copy)]
pub struct Sides {
    /// In millimetres.
    #[setting(minimum = 1, maximum = 100_000, unit = "millimetres")]
    pub length: u32,
    /// In millimetres.
    #[setting(minimum = 1, maximum = 100_000, unit = "millimetres")]
    pub width: u32,
    /// In millimetres.
    #[setting(minimum = 1, maximum = 100_000, unit = "millimetres")]
    pub height: u32,
}

/// A kind of box or mailer.
#[derive(Settings, Debug)]
pub struct Carton {
    /// What the packer reads on the packing list.
    #[setting(min_length = 1, max_length = 64)]
    pub id: String,
    /// What the goods must fit in.
    pub inner: Sides,
    /// What the carrier measures; the inner size when left out.
    pub outer: Option<Sides>,
    /// Weight of the empty box with its filling, in grams.
    #[setting(maximum = 1_000_000, unit = "grams")]
    pub empty_weight: u32,
    /// The most that box and goods may weigh together, in grams.
    #[setting(maximum = 100_000_000, unit = "grams")]
    pub maximum_weight: u32,
    /// What a box costs you, in minor units. It does not stand on the bill but decides between boxes.
    #[setting(default = Price(0))]
    pub cost: Price,
    /// How many there are; left out when there are always enough.
    pub available: Option<u32>,
}

/// What happens where boxes do not help.
#[derive(Settings, Debug, Default)]
pub struct Packaging {
    /// The size taken for goods that nobody has measured. Without it they share a parcel of unknown size.
    pub unmeasured: Option<Sides>,
    /// What becomes of goods that fit no box.
    #[setting(default)]
    pub misfits: Misfits,
}

/// What becomes of goods that fit no box.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Misfits {
    /// They travel as they are, in their own packaging.
    #[default]
    AsTheyAre,
    /// The cart gets no quote.
    Refuse,
}
