//! What differs between decision points, one file a hook; what is the same stands in [`crate::plugin`].

mod shipping_quote;
mod views;

pub use shipping_quote::ShippingQuote;

use crate::limits::Extent;
use cartwright_contract::Failure;
use cartwright_contract::validate::Validate;
use wasmtime::component::{Lift, Lower};

/// Every hook of the contract, as `(name, interface)`; a component serves those whose interface it exports.
pub const INTERFACES: &[(&str, &str)] = &[
    ("shipping-quote", "cartwright:plugin/shipping-quote@1.0.0"),
    ("order-routing", "cartwright:plugin/order-routing@1.0.0"),
    ("order-screening", "cartwright:plugin/order-screening@1.0.0"),
    ("address-validation", "cartwright:plugin/address-validation@1.0.0"),
    ("return-policy", "cartwright:plugin/return-policy@1.0.0"),
];

/// The interface through which every plugin takes its settings.
pub const SETTINGS: &str = "cartwright:plugin/settings@1.0.0";

/// A decision point.
pub trait Hook: 'static {
    /// As in `shipping-quote`.
    const NAME: &'static str;
    /// The interface that a component exports.
    const INTERFACE: &'static str;

    type Request: Validate + serde::Serialize;
    type Answer: Lift + Send + Sync + 'static;
    /// The request as this plugin may see it, borrowed.
    type View<'a>: Lower + Send + Sync;

    fn view(request: &Self::Request, sees: Sees) -> Self::View<'_>;
    fn extent(request: &Self::Request) -> Extent;
    /// # Errors
    /// The first field of the answer that is not what the contract says of it.
    fn check(answer: &Self::Answer, request: &Self::Request) -> Result<(), Failure>;
    /// The moment of the decision: where a component's clock stands. UTC seconds.
    fn at(request: &Self::Request) -> i64;
}

/// The personal fields that a plugin declared in its manifest. What it did not declare arrives empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // one independent permission each
pub struct Sees {
    pub customer_id: bool,
    pub customer_email: bool,
    pub address_lines: bool,
    pub address_name: bool,
    pub address_phone: bool,
}

impl Sees {
    /// The names that a manifest may use.
    pub const FIELDS: [&str; 5] =
        ["customer.id", "customer.email", "destination.lines", "destination.name", "destination.phone"];

    /// Names that are not a personal field are of no effect.
    pub fn declared(fields: &[String]) -> Self {
        let has = |name: &str| fields.iter().any(|field| field == name);
        Self {
            customer_id: has(Self::FIELDS[0]),
            customer_email: has(Self::FIELDS[1]),
            address_lines: has(Self::FIELDS[2]),
            address_name: has(Self::FIELDS[3]),
            address_phone: has(Self::FIELDS[4]),
        }
    }
}
