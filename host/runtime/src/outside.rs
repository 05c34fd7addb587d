//! What plugins' plans ask for, and who fetches it. The runtime knows no HTTP: a host hands in what performs the requests.

use cartwright_contract::outside::{HttpFailure, HttpRequest, HttpResponse};

/// What one plugin wants fetched.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The hosts that the plugin's manifest names; nothing else may be called for it.
    pub hosts: &'a [String],
    pub requests: &'a [HttpRequest],
}

/// Performs the requests of plans. Blocks until all are done or have failed; a failed request is a response too.
pub trait Outside: Send + Sync {
    /// One list of responses for each plan, one response for each of its requests, in their order.
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Vec<HttpResponse>>;
}

/// No way out: every request is not allowed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoOutside;

impl Outside for NoOutside {
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Vec<HttpResponse>> {
        let refused =
            |request: &HttpRequest| HttpResponse { id: request.id.clone(), outcome: Err(HttpFailure::NotAllowed) };
        plans.iter().map(|plan| plan.requests.iter().map(refused).collect()).collect()
    }
}
