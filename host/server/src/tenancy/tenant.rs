//! What is held of one shop between its requests, whatever becomes of its plugins: its rate, its slots, its account.
//!
//! A shop's installs change often and are rebuilt then; this stays, or a change would hand a noisy shop a clean account. What this module
//! must not know: where a shop's document comes from.

use crate::calls::ShopCalls;
use crate::problem::Problem;
use crate::tenancy::limits::ShopLimits;
use crate::tenancy::rate::{Rate, too_often};
use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// One shop, as far as it shares the host.
#[derive(Debug)]
pub struct Tenant {
    limits: ArcSwap<ShopLimits>,
    rate: Rate,
    calls: ShopCalls,
}

impl Tenant {
    /// `most` is the server's own limit of a shop's calls at the same moment.
    pub fn new(limits: ShopLimits, most: usize) -> Self {
        let calls = ShopCalls::with_share(slots(&limits, most), limits.cpu_percent);
        Self { limits: ArcSwap::from_pointee(limits), rate: Rate::new(&limits), calls }
    }

    /// From now on with these limits. What is the same stays as it is, used up or not.
    pub fn set(&self, limits: ShopLimits, most: usize) {
        let before = self.limits.swap(Arc::new(limits));
        if (before.requests_per_second, before.burst) != (limits.requests_per_second, limits.burst) {
            self.rate.set(&limits);
        }
        self.calls.set(slots(&limits, most), limits.cpu_percent);
    }

    /// Takes one request of the shop's rate.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn admit(&self) -> Result<(), Problem> {
        self.rate.take().map_err(|wait| too_often(&self.limits.load(), wait))
    }

    /// The shop's slots and its account of processor time.
    pub fn calls(&self) -> &ShopCalls {
        &self.calls
    }
}

fn slots(limits: &ShopLimits, most: usize) -> usize {
    usize::try_from(limits.concurrent).unwrap_or(usize::MAX).min(most)
}

/// All shops that have asked.
#[derive(Debug)]
pub struct Tenants {
    most: usize,
    all: RwLock<HashMap<String, Arc<Tenant>>>,
}

impl Tenants {
    /// `most` is the server's own limit of a shop's calls at the same moment.
    pub fn new(most: usize) -> Self {
        Self { most, all: RwLock::default() }
    }

    /// The shop's tenant, with these limits from now on. For shops that exist only: there is one entry for each name.
    pub fn of(&self, shop: &str, limits: ShopLimits) -> Arc<Tenant> {
        let found = self.all.read().unwrap_or_else(PoisonError::into_inner).get(shop).cloned();
        if let Some(tenant) = found {
            if **tenant.limits.load() != limits {
                tenant.set(limits, self.most);
            }
            return tenant;
        }
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(shop.to_owned()).or_insert_with(|| Arc::new(Tenant::new(limits, self.most))).clone()
    }

    /// A shop was removed.
    pub fn forget(&self, shop: &str) {
        self.all.write().unwrap_or_else(PoisonError::into_inner).remove(shop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;

    #[test]
    fn a_shop_keeps_its_tenant_through_changes_and_others_have_their_own() {
        let tenants = Tenants::new(48);
        let limits = ShopLimits { burst: 1, requests_per_second: 1, ..ShopLimits::default() };
        tenants.of("a", limits).admit().expect("its burst");
        let problem = tenants.of("a", limits).admit().expect_err("its burst is used up");
        assert_eq!(problem.kind, Kind::TooManyRequests);
        let elsewhere = ShopLimits { cpu_percent: 50, ..limits };
        tenants.of("a", elsewhere).admit().expect_err("another limit changed, not the rate");
        tenants.of("b", limits).admit().expect("another shop");
        tenants.of("a", ShopLimits { burst: 2, ..limits }).admit().expect("its rate was changed");
    }
}
