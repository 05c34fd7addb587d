//! The merchant's words: what stands in the settings document, field by field.
//!
//! What this module must not know: what becomes of the words.

pub mod localities;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;
use localities::LocalityList;

/// What a shop asks of addresses.
#[derive(Settings, Debug)]
#[settings(title = "Address validation")]
pub struct Document {
    /// For those who read these settings: where lists come from, what was agreed. No effect.
    #[setting(default)]
    pub notes: Vec<String>,
    /// Countries that are delivered to, as `US`; all when empty.
    #[setting(default, max_items = 260)]
    pub countries: Vec<String>,
    /// The country that parcels leave from, as `US`: labels to others end with the country's name. Without it none does.
    #[setting(min_length = 2, max_length = 2)]
    pub ships_from: Option<String>,
    /// How much a contradiction weighs.
    #[setting(default)]
    pub strictness: Strictness,
    /// How sure a correction has to be to be applied, in millionths: 900000 is 90 %.
    #[setting(default = 900_000, minimum = 500_000, maximum = 1_000_000, unit = "parts-per-million")]
    pub apply_from_ppm: u32,
    /// How sure a correction has to be to be suggested, in millionths.
    #[setting(default = 600_000, minimum = 0, maximum = 1_000_000, unit = "parts-per-million")]
    pub suggest_from_ppm: u32,
    /// What becomes of post-office boxes.
    #[setting(default)]
    pub po_boxes: Policy,
    /// What becomes of military addresses (APO, FPO, DPO, BFPO).
    #[setting(default)]
    pub military: Policy,
    /// Whether street types, directions and units are abbreviated as the posts of the United States and Canada do.
    #[setting(default = false)]
    pub abbreviate_streets: bool,
    /// Characters that a line of your labels holds; longer lines get a warning.
    #[setting(minimum = 20, maximum = 200, unit = "characters")]
    pub longest_line: Option<u16>,
    /// What carriers need of the recipient.
    #[setting(default, max_items = 3)]
    pub needed: Vec<Recipient>,
    /// Cities with their postal codes, by country (`US`). Where there is a list, cities are checked and spellings corrected.
    #[setting(default)]
    pub localities: BTreeMap<String, LocalityList>,
    /// A validation service that is asked over HTTP before the answer; without it the own rules decide alone.
    pub service: Option<Service>,
}

/// How much a contradiction weighs.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Only what is missing or cannot be right stops an order.
    Lenient,
    /// A postal code outside of its state and a missing house number stop an order, too.
    #[default]
    Standard,
    /// So does a city that the list does not have at its postal code.
    Strict,
}

/// What becomes of an address of some kind.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Taken without a word.
    #[default]
    Accept,
    /// Taken, with a warning.
    Warn,
    /// Not taken.
    Refuse,
}

/// What carriers may need of the recipient.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// A name.
    Name,
    /// A company.
    Company,
    /// A phone number.
    Phone,
}

/// An external validation service that speaks the format of the README.
#[derive(Settings, Debug)]
pub struct Service {
    /// Its host, with a port where that is not the usual one: `validate.example.com`. The only host that this plugin may call.
    #[setting(min_length = 1, max_length = 253)]
    pub host: String,
    /// The path of its address check, as `/v1/check`.
    #[setting(default = "/", max_length = 1000)]
    pub path: String,
    /// How it is asked.
    #[setting(default)]
    pub method: Method,
    /// Headers of the request. `{{secret:NAME}}` in a value is replaced by the shop's secret of that name, which nobody sees here.
    #[setting(default)]
    pub headers: BTreeMap<String, String>,
    /// How long a shopper waits for it at the most.
    #[setting(default = 800, minimum = 50, maximum = 10_000, unit = "milliseconds")]
    pub timeout: u32,
    /// For how long the same address is not asked again.
    #[setting(default = 86_400, maximum = 2_592_000, unit = "seconds")]
    pub cache_for: u32,
    /// When it is asked.
    #[setting(default)]
    pub ask: Ask,
    /// Countries that it knows, as `US`; all when empty.
    #[setting(default, max_items = 260)]
    pub countries: Vec<String>,
    /// Ask over http instead of https: for a service on the same machine.
    #[setting(default = false)]
    pub insecure: bool,
}

/// How a service is asked.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// The address as JSON in the body.
    #[default]
    Post,
    /// The address in the query.
    Get,
}

/// When a service is asked.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ask {
    /// When the own rules found nothing missing or wrong: saves calls that would change nothing.
    #[default]
    Passing,
    /// Always.
    Always,
}
