//! What an order says of its risk: every signal is read once from the request into one typed table.
//!
//! [`table`] names the signals, the other files read them, one group each. A group that no weight, rule or model asks for is not read.
//! What this module must not know: what a signal is worth.

mod basket;
mod calling_codes;
mod email;
mod forwarder;
mod history;
mod names;
mod payment;
mod phone;
mod places;
pub mod table;
mod value;
mod velocity;

pub use email::{Domains, shape};
pub use forwarder::{AddressPattern, AddressPatterns, PatternError};
pub use names::same_person;
pub use phone::countries_of;
pub use table::{Group, Info, Signal};
pub use value::{Form, Kind, Value};
pub use velocity::WINDOWS;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_screening::Request;

/// What a merchant says about signals, beyond what they are worth.
#[derive(Debug, Clone, Default)]
pub struct SignalRules {
    /// What an order of this shop usually is worth, in minor units, above 0; without it `orderValueToNormal` is not known.
    pub normal_order_value: Option<i64>,
    /// Tags of goods that are easily sold again.
    pub resaleable_tags: BTreeSet<String>,
    /// Shipping services in a hurry.
    pub rush_services: BTreeSet<String>,
    /// Providers of throw-away e-mail addresses.
    pub disposable_domains: Domains,
    /// Where freight forwarders take parcels in.
    pub freight_forwarders: AddressPatterns,
}

/// What reads a group.
type Reader<'r> = fn(&'r Request, &SignalRules, &mut Signals<'r>);

/// Groups that are asked for, and tags that some condition asks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    groups: u8,
    /// Sorted; a condition knows a tag by its place here.
    tags: Vec<String>,
}

impl Wanted {
    pub(crate) fn signal(&mut self, signal: Signal) {
        self.groups |= 1 << signal.info().group as u8;
    }

    /// The tags that conditions ask for, in any order.
    pub(crate) fn set_tags(&mut self, tags: BTreeSet<String>) {
        self.tags = tags.into_iter().collect();
    }

    pub(crate) fn tag(&self, tag: &str) -> Option<usize> {
        self.tags.binary_search_by(|known| (**known).cmp(tag)).ok()
    }

    fn has(&self, group: Group) -> bool {
        self.groups & (1 << group as u8) != 0
    }
}

/// The signals of one order.
#[derive(Debug, Clone)]
pub struct Signals<'r> {
    values: [Value<'r>; Signal::COUNT],
    /// Which of the wanted tags lines, order and customer bear.
    tags: [Vec<bool>; 3],
}

impl<'r> Signals<'r> {
    /// Reads what is wanted; everything else is unknown.
    #[must_use]
    pub fn read(request: &'r Request, rules: &SignalRules, wanted: &Wanted) -> Self {
        let mut signals = Self { values: core::array::from_fn(|_| Value::Unknown), tags: [vec![], vec![], vec![]] };
        let readers: [(Group, Reader<'r>); 8] = [
            (Group::Payment, payment::read),
            (Group::Places, places::read),
            (Group::Email, email::read),
            (Group::Phone, phone::read),
            (Group::Names, names::read),
            (Group::Basket, basket::read),
            (Group::History, history::read),
            (Group::Velocity, velocity::read),
        ];
        for (_, read) in readers.into_iter().filter(|(group, _)| wanted.has(*group)) {
            read(request, rules, &mut signals);
        }
        if !wanted.tags.is_empty() {
            signals.tags = basket::tags(request, wanted);
        }
        signals
    }

    /// What it is on this order. Tags have no value; see `has_tag`.
    #[must_use]
    pub fn get(&self, signal: Signal) -> &Value<'r> {
        &self.values[signal as usize]
    }

    /// Whether a signal of the kind `Tags` has the wanted tag with this place.
    pub(crate) fn has_tag(&self, signal: Signal, tag: usize) -> bool {
        let list = match signal {
            Signal::LineTags => 0,
            Signal::OrderTags => 1,
            _ => 2,
        };
        self.tags[list].get(tag).copied().unwrap_or(false)
    }

    fn set(&mut self, signal: Signal, value: Value<'r>) {
        self.values[signal as usize] = value;
    }
}

#[cfg(test)]
impl Wanted {
    /// Everything, for tests of single signals.
    pub(crate) fn all() -> Self {
        Self { groups: u8::MAX, tags: Vec::new() }
    }
}
