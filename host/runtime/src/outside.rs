//! What plugins' plans ask for, and who fetches it. The runtime knows no HTTP: a host hands in what performs the requests.

use cartwright_contract::outside::{HttpFailure, HttpRequest, HttpResponse};

/// What one plugin wants fetched.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The hosts that the plugin's manifest names; nothing else may be called for it.
    pub hosts: &'a [String],
    pub requests: &'a [HttpRequest],
}

/// What became of one plan: a response for each of its requests, in their order; or why none of them was made, such as two
/// requests of the same id.
pub type Fetched = Result<Vec<HttpResponse>, String>;

/// Performs the requests of plans. Blocks until all are done or have failed; a failed request is a response too.
pub trait Outside: Send + Sync {
    /// One entry for each plan, in their order.
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched>;
}

/// No way out: every request is not allowed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoOutside;

impl Outside for NoOutside {
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched> {
        let refused =
            |request: &HttpRequest| HttpResponse { id: request.id.clone(), outcome: Err(HttpFailure::NotAllowed) };
        plans.iter().map(|plan| Ok(plan.requests.iter().map(refused).collect())).collect()
    }
}
