//! The hook `return-policy`: what may come back, how, for how much, and where to.

pub use cartwright_contract::outside::HttpResponse;
pub use cartwright_contract::return_policy::{
    Answer, Condition, Decision, DeliveredLine, Destination, DestinationKind, Disposition, Grade, GradedRefund, Payer,
    RefundKind, RefundPart, Remedy, RemedyOffer, Request, RequestedReturn, ReturnLabel, RmaStatus, Verdict,
};
use cartwright_contract::types::Failure;

/// The hook's name in a manifest.
pub const HOOK: &str = "return-policy";

/// Decides about a return that a shopper asks for.
pub trait ReturnPolicy {
    /// The decision. `responses` are the outcomes of what [`plan`] asked for; empty without it.
    ///
    /// # Errors
    /// When the plugin cannot decide; the host then answers with review by a person.
    ///
    /// [`plan`]: plan::ReturnPolicyPlan::plan
    fn run(&self, request: &Request, responses: &[HttpResponse]) -> Result<Answer, Failure>;
}

/// The first step, for plugins that need to ask the outside world.
pub mod plan {
    pub use super::Request;
    pub use cartwright_contract::outside::{Field, HttpRequest, Method};
    use cartwright_contract::types::Failure;

    /// The step's name in a manifest.
    pub const HOOK: &str = "return-policy-plan";

    /// Says what the host fetches before [`ReturnPolicy::run`](super::ReturnPolicy::run).
    pub trait ReturnPolicyPlan {
        /// The requests to make; only to hosts that the plugin's `calls` name.
        ///
        /// # Errors
        /// When the plugin cannot decide; `run` is then not called.
        fn plan(&self, request: &Request) -> Result<alloc::vec::Vec<HttpRequest>, Failure>;
    }

    crate::bindings::edge!(plan: return_policy, return_policy_plan for ReturnPolicyPlan);
}

crate::bindings::edge! {
    world: "package cartwright:sdk-return-policy; world return-policy-exports {
        export cartwright:plugin/return-policy@1.0.0;
    }",
    run: return_policy for ReturnPolicy,
    types: {
        "cartwright:plugin/return-policy@1.0.0/condition": cartwright_contract::return_policy::Condition,
        "cartwright:plugin/return-policy@1.0.0/remedy": cartwright_contract::return_policy::Remedy,
        "cartwright:plugin/return-policy@1.0.0/grade": cartwright_contract::return_policy::Grade,
        "cartwright:plugin/return-policy@1.0.0/rma-status": cartwright_contract::return_policy::RmaStatus,
        "cartwright:plugin/return-policy@1.0.0/delivered-line": cartwright_contract::return_policy::DeliveredLine,
        "cartwright:plugin/return-policy@1.0.0/requested-return": cartwright_contract::return_policy::RequestedReturn,
        "cartwright:plugin/return-policy@1.0.0/destination-kind": cartwright_contract::return_policy::DestinationKind,
        "cartwright:plugin/return-policy@1.0.0/destination": cartwright_contract::return_policy::Destination,
        "cartwright:plugin/return-policy@1.0.0/request": cartwright_contract::return_policy::Request,
        "cartwright:plugin/return-policy@1.0.0/verdict": cartwright_contract::return_policy::Verdict,
        "cartwright:plugin/return-policy@1.0.0/payer": cartwright_contract::return_policy::Payer,
        "cartwright:plugin/return-policy@1.0.0/disposition": cartwright_contract::return_policy::Disposition,
        "cartwright:plugin/return-policy@1.0.0/refund-kind": cartwright_contract::return_policy::RefundKind,
        "cartwright:plugin/return-policy@1.0.0/refund-part": cartwright_contract::return_policy::RefundPart,
        "cartwright:plugin/return-policy@1.0.0/remedy-offer": cartwright_contract::return_policy::RemedyOffer,
        "cartwright:plugin/return-policy@1.0.0/graded-refund": cartwright_contract::return_policy::GradedRefund,
        "cartwright:plugin/return-policy@1.0.0/decision": cartwright_contract::return_policy::Decision,
        "cartwright:plugin/return-policy@1.0.0/return-label": cartwright_contract::return_policy::ReturnLabel,
        "cartwright:plugin/return-policy@1.0.0/answer": cartwright_contract::return_policy::Answer,
    },
}
