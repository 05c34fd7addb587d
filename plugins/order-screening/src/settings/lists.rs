//! Lists of whom the shop trusts, blocks, or wants to look at.
//!
//! What this file must not know: what follows from being on a list.

use super::signals::Address;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// The three lists, in the order in which they are looked at.
#[derive(Settings, Debug, Default)]
pub struct Lists {
    /// Accepted, with a score of 0, whatever else there is.
    #[setting(default)]
    pub allow: List,
    /// Rejected, with a score of 1000.
    #[setting(default)]
    pub block: List,
    /// A person looks at the order.
    #[setting(default)]
    pub review: List,
}

/// Entries in the clear, each kind by itself.
#[derive(Settings, Debug, Default)]
pub struct List {
    /// Ids of customers.
    #[setting(default)]
    pub customers: Vec<String>,
    /// E-mail addresses; case, `+tags` and Gmail's dots are no difference.
    #[setting(default)]
    pub emails: Vec<String>,
    /// Domains of e-mail addresses, with all domains below them.
    #[setting(default)]
    pub email_domains: Vec<String>,
    /// Fingerprints of cards.
    #[setting(default)]
    pub cards: Vec<String>,
    /// Ids of devices.
    #[setting(default)]
    pub devices: Vec<String>,
    /// IP addresses, `203.0.113.7`, and ranges of them, `203.0.113.0/24`, `2001:db8::/32`.
    #[setting(default)]
    pub ips: Vec<String>,
    /// Phone numbers in international form, `+1 503 555 0142`.
    #[setting(default)]
    pub phones: Vec<String>,
    /// Postal addresses, for shipping or billing.
    #[setting(default)]
    pub addresses: Vec<Address>,
    /// Countries of the shipping or billing address.
    #[setting(default)]
    pub countries: Vec<String>,
}
