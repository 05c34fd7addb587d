//! The hook `shipping-quote`: which shipping options a shopper is offered, at what price and for which date.

pub use cartwright_contract::outside::HttpResponse;
pub use cartwright_contract::shipping_quote::{
    Answer, Charge, ChargeKind, Method, Parcel, Placement, Promise, Quote, Request,
};
use cartwright_contract::types::Failure;

/// The hook's name in a manifest.
pub const HOOK: &str = "shipping-quote";

/// Answers a cart with shipping options.
pub trait ShippingQuote {
    /// The options for this cart. `responses` are the outcomes of what [`plan`] asked for; empty without it.
    ///
    /// A cart that nothing can be shipped for is no failure: answer without quotes, and say why in the reasons.
    ///
    /// # Errors
    /// When the plugin cannot decide; the host then uses the shop's backup rates.
    ///
    /// [`plan`]: plan::ShippingQuotePlan::plan
    fn run(&self, request: &Request, responses: &[HttpResponse]) -> Result<Answer, Failure>;
}

/// The first step, for plugins that need to ask the outside world.
pub mod plan {
    pub use super::Request;
    pub use cartwright_contract::outside::{Field, HttpRequest, Method};
    use cartwright_contract::types::Failure;

    /// The step's name in a manifest.
    pub const HOOK: &str = "shipping-quote-plan";

    /// Says what the host fetches before [`ShippingQuote::run`](super::ShippingQuote::run).
    pub trait ShippingQuotePlan {
        /// The requests to make; only to hosts that the plugin's `calls` name.
        ///
        /// # Errors
        /// When the plugin cannot decide; `run` is then not called.
        fn plan(&self, request: &Request) -> Result<alloc::vec::Vec<HttpRequest>, Failure>;
    }

    crate::bindings::edge!(plan: shipping_quote, shipping_quote_plan for ShippingQuotePlan);
}

crate::bindings::edge! {
    world: "package cartwright:sdk-shipping-quote; world shipping-quote-exports {
        export cartwright:plugin/shipping-quote@1.0.0;
    }",
    run: shipping_quote for ShippingQuote,
    types: {
        "cartwright:plugin/shipping-quote@1.0.0/request": cartwright_contract::shipping_quote::Request,
        "cartwright:plugin/shipping-quote@1.0.0/method": cartwright_contract::shipping_quote::Method,
        "cartwright:plugin/shipping-quote@1.0.0/charge-kind": cartwright_contract::shipping_quote::ChargeKind,
        "cartwright:plugin/shipping-quote@1.0.0/charge": cartwright_contract::shipping_quote::Charge,
        "cartwright:plugin/shipping-quote@1.0.0/promise": cartwright_contract::shipping_quote::Promise,
        "cartwright:plugin/shipping-quote@1.0.0/placement": cartwright_contract::shipping_quote::Placement,
        "cartwright:plugin/shipping-quote@1.0.0/parcel": cartwright_contract::shipping_quote::Parcel,
        "cartwright:plugin/shipping-quote@1.0.0/quote": cartwright_contract::shipping_quote::Quote,
        "cartwright:plugin/shipping-quote@1.0.0/answer": cartwright_contract::shipping_quote::Answer,
    },
}
