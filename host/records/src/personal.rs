//! What is personal in a request, and what becomes of it.
//!
//! The fields are those that a plugin sees only when its manifest declares them (the contract marks them *Personal*), and some more that no
//! statistics need and that would give a person away once joined with others: where exactly an address lies, and the browser's name.

use crate::hook::Hook;
use crate::keys::DataKey;
use std::sync::Arc;

/// What becomes of a shop's personal data in its records.
#[derive(Debug, Clone)]
pub enum Personal {
    /// Sealed with the shop's data key; gone when that key is destroyed.
    Encrypt(Arc<DataKey>),
    /// Left out. Such a record can be counted and read, but not replayed.
    Omit,
}

/// The personal fields of one member of a request.
pub type Fields = (&'static str, &'static [&'static str]);

const ADDRESS: &[&str] = &["lines", "name", "company", "phone", "coordinates"];
const CUSTOMER: Fields = ("customer", &["id", "email"]);

/// The personal fields of a hook's request, by the member that holds them, as JSON calls them.
pub fn fields(hook: Hook) -> &'static [Fields] {
    match hook {
        Hook::ShippingQuote | Hook::OrderRouting => &[("destination", ADDRESS), CUSTOMER],
        Hook::OrderScreening => &[
            ("billing", ADDRESS),
            ("shipping", ADDRESS),
            CUSTOMER,
            ("payment", &["cardFingerprint", "cardholder"]),
            ("session", &["ip", "device", "userAgent"]),
        ],
        Hook::AddressValidation => &[("address", ADDRESS)],
        Hook::ReturnPolicy => &[("origin", ADDRESS), CUSTOMER],
    }
}

/// The same as JSON pointers: `/destination/lines`.
pub fn pointers(hook: Hook) -> Vec<String> {
    let of = |(member, names): &Fields| names.iter().map(|name| format!("/{member}/{name}")).collect::<Vec<_>>();
    fields(hook).iter().flat_map(of).collect()
}

/// Whether the answer may quote what is personal: a validated address always does, any other when a plugin was shown such fields.
pub fn answer_quotes(hook: Hook, some_plugin_sees_personal: bool) -> bool {
    hook == Hook::AddressValidation || some_plugin_sees_personal
}
