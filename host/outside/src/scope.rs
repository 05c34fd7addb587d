//! On whose behalf requests are made, and what that one may do.

use crate::hosts::Hosts;
use crate::secrets::Secrets;
use std::time::Duration;

/// One shop and one plugin of it. Cache, breakers and places in the queue are kept apart by `shop`.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The shop's id.
    pub shop: String,
    /// The hosts that the plugin's manifest names; no other is asked.
    pub declared: Hosts,
    /// The hosts that the operator or merchant grants, when not simply all that the manifest names.
    pub granted: Option<Hosts>,
    pub secrets: Secrets,
    /// For all requests of a plan together, from the call of `fetch` on.
    pub deadline: Duration,
}

impl Scope {
    /// May ask what the manifest declares, without secrets, for two seconds.
    pub fn new(shop: &str, declared: Hosts) -> Self {
        Self { shop: shop.into(), declared, granted: None, secrets: Secrets::new(), deadline: Duration::from_secs(2) }
    }
}
