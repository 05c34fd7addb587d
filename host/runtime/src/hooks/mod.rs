//! What differs between decision points, one file a hook; what is the same stands in [`crate::plugin`].

mod address_validation;
mod order_routing;
mod order_screening;
mod return_policy;
mod sees;
mod shipping_quote;
pub(crate) mod typed;
mod views;

pub use address_validation::AddressValidation;
pub use order_routing::OrderRouting;
pub use order_screening::OrderScreening;
pub use return_policy::ReturnPolicy;
pub use sees::Sees;
pub use shipping_quote::ShippingQuote;

use crate::error::InstallError;
use crate::limits::Extent;
use crate::sandbox::Sandbox;
use cartwright_contract::Failure;
use cartwright_contract::moment::Timed;
use cartwright_contract::validate::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasmtime::Store;
use wasmtime::component::{Component, Instance, Lift, Lower};

/// A hook as data, for what is the same with all of them.
pub struct HookEntry {
    /// As in `shipping-quote`.
    pub name: &'static str,
    /// A component serves the hooks whose interface it exports.
    pub interface: &'static str,
    /// The interface of the optional first step.
    pub plan: &'static str,
    pub(crate) check_types: fn(&Component, &mut Store<Sandbox>, Instance) -> Result<(), InstallError>,
}

const fn entry<H: Hook>() -> HookEntry {
    HookEntry { name: H::NAME, interface: H::INTERFACE, plan: H::PLAN, check_types: typed::check_types_of::<H> }
}

/// Every hook of the contract.
pub const ALL: &[HookEntry] = &[
    entry::<ShippingQuote>(),
    entry::<OrderRouting>(),
    entry::<OrderScreening>(),
    entry::<AddressValidation>(),
    entry::<ReturnPolicy>(),
];

/// The interface through which every plugin takes its settings.
pub const SETTINGS: &str = "cartwright:plugin/settings@1.0.0";

/// The interface of a plugin that a browser can answer for.
pub const ESTIMATE_BUNDLE: &str = "cartwright:plugin/estimate-bundle@1.0.0";

/// A decision point.
pub trait Hook: 'static {
    /// As in `shipping-quote`.
    const NAME: &'static str;
    /// The interface that a component exports.
    const INTERFACE: &'static str;
    /// The interface of the optional first step.
    const PLAN: &'static str;

    type Request: Validate + Timed + Serialize + DeserializeOwned + Clone + Send + Sync + 'static;
    type Answer: Lift + Serialize + Clone + Send + Sync + 'static;
    /// The request as this plugin may see it, borrowed.
    type View<'a>: Lower + Send + Sync;

    fn view(request: &Self::Request, sees: Sees) -> Self::View<'_>;
    fn extent(request: &Self::Request) -> Extent;
    /// Puts back into an answer what the plugin could not hand back because it did not see it.
    fn restore(_answer: &mut Self::Answer, _request: &Self::Request, _sees: Sees) {}
    /// # Errors
    /// The first field of the answer that is not what the contract says of it.
    fn check(answer: &Self::Answer, request: &Self::Request) -> Result<(), Failure>;
}
