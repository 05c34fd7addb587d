//! What the signals need to know of the shop, and what they are worth.
//!
//! What this file must not know: conditions of rules.

use super::words::Scalar;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// What the signals need to know of the shop.
#[derive(Settings, Debug, Default)]
pub struct Signals {
    /// What an order usually is worth, in minor units; for the signal `orderValueToNormal`.
    #[setting(minimum = 1, maximum = 1_000_000_000_000, unit = "minor-units")]
    pub normal_order_value: Option<i64>,
    /// Tags of goods that are easily sold again: `electronics`, `gift-card`.
    #[setting(default)]
    pub resaleable_tags: Vec<String>,
    /// Shipping services in a hurry, by the ids of the shipping-quote settings.
    #[setting(default)]
    pub rush_services: Vec<String>,
    /// Providers of throw-away e-mail addresses, by domain; each stands for all domains below it, too.
    #[setting(default)]
    pub disposable_email_domains: Vec<String>,
    /// Warehouses of companies that forward parcels abroad.
    #[setting(default)]
    pub freight_forwarders: Vec<Address>,
}

/// What is known of an address: a postal code, a piece of its lines, or both.
#[derive(Settings, Debug)]
pub struct Address {
    /// ISO 3166-1 alpha-2 code, upper case.
    #[setting(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// With or without blanks and hyphens; every postal code when it is left out.
    #[setting(max_length = 20)]
    pub postal_code: Option<String>,
    /// A piece of the address's lines, at least four letters and digits; case, accents and punctuation are no difference.
    #[setting(max_length = 200)]
    pub line: Option<String>,
}

/// Points where the signal is this. Several bounds hold together.
#[derive(Settings, Debug)]
pub struct Band {
    /// A number is greater.
    pub above: Option<i64>,
    /// A number is this or greater.
    pub at_least: Option<i64>,
    /// A number is less.
    pub below: Option<i64>,
    /// A number is this or less.
    pub at_most: Option<i64>,
    /// The signal is this.
    pub equals: Option<Scalar>,
    /// A text is one of these.
    pub one_of: Option<Vec<String>>,
    /// A text is none of these.
    pub none_of: Option<Vec<String>>,
    /// Whether the request says it at all.
    pub known: Option<bool>,
    /// Added to the score; below 0 for what makes an order safer.
    #[setting(minimum = -1_000, maximum = 1_000)]
    pub points: i32,
}
