//! The hook `order-screening`: whether an order is safe to fulfil.

pub use cartwright_contract::order_screening::{
    Answer, AvsResult, CardFunding, Contribution, CvvResult, History, Payment, Request, Session, ThreeDSecure,
    Velocity, VelocityKey, Verdict,
};
pub use cartwright_contract::outside::HttpResponse;
use cartwright_contract::types::Failure;

/// The hook's name in a manifest.
pub const HOOK: &str = "order-screening";

/// Says whether an order is safe to fulfil.
pub trait OrderScreening {
    /// The decision. `responses` are the outcomes of what [`plan`] asked for; empty without it.
    ///
    /// # Errors
    /// When the plugin cannot decide; the host then answers with a hold for review.
    ///
    /// [`plan`]: plan::OrderScreeningPlan::plan
    fn run(&self, request: &Request, responses: &[HttpResponse]) -> Result<Answer, Failure>;
}

/// The first step, for plugins that need to ask the outside world.
pub mod plan {
    pub use super::Request;
    pub use cartwright_contract::outside::{Field, HttpRequest, Method};
    use cartwright_contract::types::Failure;

    /// The step's name in a manifest.
    pub const HOOK: &str = "order-screening-plan";

    /// Says what the host fetches before [`OrderScreening::run`](super::OrderScreening::run).
    pub trait OrderScreeningPlan {
        /// The requests to make; only to hosts that the plugin's `calls` name.
        ///
        /// # Errors
        /// When the plugin cannot decide; `run` is then not called.
        fn plan(&self, request: &Request) -> Result<alloc::vec::Vec<HttpRequest>, Failure>;
    }

    crate::bindings::edge!(plan: order_screening, order_screening_plan for OrderScreeningPlan);
}

crate::bindings::edge! {
    world: "package cartwright:sdk-order-screening; world order-screening-exports {
        export cartwright:plugin/order-screening@1.0.0;
    }",
    run: order_screening for OrderScreening,
    types: {
        "cartwright:plugin/order-screening@1.0.0/avs-result": cartwright_contract::order_screening::AvsResult,
        "cartwright:plugin/order-screening@1.0.0/cvv-result": cartwright_contract::order_screening::CvvResult,
        "cartwright:plugin/order-screening@1.0.0/three-d-secure": cartwright_contract::order_screening::ThreeDSecure,
        "cartwright:plugin/order-screening@1.0.0/card-funding": cartwright_contract::order_screening::CardFunding,
        "cartwright:plugin/order-screening@1.0.0/payment": cartwright_contract::order_screening::Payment,
        "cartwright:plugin/order-screening@1.0.0/session": cartwright_contract::order_screening::Session,
        "cartwright:plugin/order-screening@1.0.0/history": cartwright_contract::order_screening::History,
        "cartwright:plugin/order-screening@1.0.0/velocity-key": cartwright_contract::order_screening::VelocityKey,
        "cartwright:plugin/order-screening@1.0.0/velocity": cartwright_contract::order_screening::Velocity,
        "cartwright:plugin/order-screening@1.0.0/request": cartwright_contract::order_screening::Request,
        "cartwright:plugin/order-screening@1.0.0/verdict": cartwright_contract::order_screening::Verdict,
        "cartwright:plugin/order-screening@1.0.0/contribution": cartwright_contract::order_screening::Contribution,
        "cartwright:plugin/order-screening@1.0.0/answer": cartwright_contract::order_screening::Answer,
    },
}
