//! When a decision is made: every request says so, or leaves it to the host.

use crate::types::{Instant, ON_ARRIVAL};
use crate::{address_validation, order_routing, order_screening, return_policy, shipping_quote};

/// A request that is decided as of a moment.
pub trait Timed {
    /// The moment of the decision, [`ON_ARRIVAL`] while it is open.
    fn at(&self) -> Instant;

    /// Puts the host's time where the caller left it open; says whether it was.
    fn arrive(&mut self, now: Instant) -> bool;
}

macro_rules! timed {
    ($($request:ty),*) => {$(
        impl Timed for $request {
            fn at(&self) -> Instant {
                self.at
            }

            fn arrive(&mut self, now: Instant) -> bool {
                let open = self.at == ON_ARRIVAL;
                if open {
                    self.at = now;
                }
                open
            }
        }
    )*};
}

timed!(
    address_validation::Request,
    order_routing::Request,
    order_screening::Request,
    return_policy::Request,
    shipping_quote::Request
);
