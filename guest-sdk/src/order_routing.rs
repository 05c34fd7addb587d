//! The hook `order-routing`: which fulfilment location ships which unit of an order.

pub use cartwright_contract::order_routing::{
    Answer, Comparison, Constraints, Cost, CostKind, Disposition, LineConstraint, Location, LocationKind, Request,
    Shipment,
};
pub use cartwright_contract::outside::HttpResponse;
use cartwright_contract::types::Failure;

/// The hook's name in a manifest.
pub const HOOK: &str = "order-routing";

/// Routes an order to the locations that ship it.
pub trait OrderRouting {
    /// The decision. `responses` are the outcomes of what [`plan`] asked for; empty without it.
    ///
    /// # Errors
    /// When the plugin cannot decide; the host then answers with the shop's own routing.
    ///
    /// [`plan`]: plan::OrderRoutingPlan::plan
    fn run(&self, request: &Request, responses: &[HttpResponse]) -> Result<Answer, Failure>;
}

/// The first step, for plugins that need to ask the outside world.
pub mod plan {
    pub use super::Request;
    pub use cartwright_contract::outside::{Field, HttpRequest, Method};
    use cartwright_contract::types::Failure;

    /// The step's name in a manifest.
    pub const HOOK: &str = "order-routing-plan";

    /// Says what the host fetches before [`OrderRouting::run`](super::OrderRouting::run).
    pub trait OrderRoutingPlan {
        /// The requests to make; only to hosts that the plugin's `calls` name.
        ///
        /// # Errors
        /// When the plugin cannot decide; `run` is then not called.
        fn plan(&self, request: &Request) -> Result<alloc::vec::Vec<HttpRequest>, Failure>;
    }

    crate::bindings::edge!(plan: order_routing, order_routing_plan for OrderRoutingPlan);
}

crate::bindings::edge! {
    world: "package cartwright:sdk-order-routing; world order-routing-exports {
        export cartwright:plugin/order-routing@1.0.0;
    }",
    run: order_routing for OrderRouting,
    types: {
        "cartwright:plugin/order-routing@1.0.0/location-kind": cartwright_contract::order_routing::LocationKind,
        "cartwright:plugin/order-routing@1.0.0/location": cartwright_contract::order_routing::Location,
        "cartwright:plugin/order-routing@1.0.0/line-constraint": cartwright_contract::order_routing::LineConstraint,
        "cartwright:plugin/order-routing@1.0.0/constraints": cartwright_contract::order_routing::Constraints,
        "cartwright:plugin/order-routing@1.0.0/request": cartwright_contract::order_routing::Request,
        "cartwright:plugin/order-routing@1.0.0/cost-kind": cartwright_contract::order_routing::CostKind,
        "cartwright:plugin/order-routing@1.0.0/cost": cartwright_contract::order_routing::Cost,
        "cartwright:plugin/order-routing@1.0.0/shipment": cartwright_contract::order_routing::Shipment,
        "cartwright:plugin/order-routing@1.0.0/disposition": cartwright_contract::order_routing::Disposition,
        "cartwright:plugin/order-routing@1.0.0/comparison": cartwright_contract::order_routing::Comparison,
        "cartwright:plugin/order-routing@1.0.0/answer": cartwright_contract::order_routing::Answer,
    },
}
