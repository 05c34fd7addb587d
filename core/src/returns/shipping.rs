//! What of the shipping is given back.
//!
//! The goods' share of it is counted as the goods are (`money.rs`): the shipping of everything that has come back so far, less that of
//! what had come back before, so that returning line by line gives the whole in the end.
//!
//! What this file must not know: which rule says so.

use super::policy::ShippingRefund;
use crate::money::Minor;

/// What the shipping refund is reckoned from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shipping {
    pub paid: Minor,
    pub refunded: Minor,
    /// What all goods cost without tax, and what of it had come back before; for an order of goods that cost nothing, units.
    pub all: i128,
    pub before: i128,
    /// What comes back now under [`ShippingRefund::Proportional`].
    pub proportional: i128,
    /// Something comes back now under these.
    pub outbound: bool,
    pub when_complete: bool,
    /// The whole order has come back with this request.
    pub complete: bool,
}

impl Shipping {
    /// Adds what comes back under a rule.
    pub fn add(&mut self, rule: ShippingRefund, worth: i128) {
        match rule {
            ShippingRefund::None => {}
            ShippingRefund::Proportional => self.proportional += worth,
            ShippingRefund::WhenComplete => self.when_complete = true,
            ShippingRefund::Outbound => self.outbound = true,
        }
    }

    /// Zero or more, at most what is left of what was paid.
    #[must_use]
    pub fn refund(&self) -> Minor {
        let left = (self.paid.0 - self.refunded.0).max(0);
        if self.outbound || (self.when_complete && self.complete) {
            return Minor(left);
        }
        if self.all <= 0 || self.proportional == 0 {
            return Minor::ZERO;
        }
        let of = |worth: i128| (i128::from(self.paid.0) * worth.min(self.all) * 2 + self.all) / (2 * self.all);
        let gave = i128::from(self.refunded.0).max(of(self.before));
        let owed = (of(self.before + self.proportional) - gave).clamp(0, left.into());
        Minor(i64::try_from(owed).unwrap_or(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_shipping_add_up_to_it() {
        let mut refunded = 0;
        for before in 0..3 {
            let shipping = Shipping {
                paid: Minor(1_000),
                refunded: Minor(refunded),
                all: 3,
                before,
                proportional: 1,
                ..Shipping::default()
            };
            refunded += shipping.refund().0;
        }
        assert_eq!(refunded, 1_000);
    }

    #[test]
    fn shipping_comes_back_whole_only_with_the_whole_order() {
        let mut shipping = Shipping { paid: Minor(1_000), refunded: Minor(300), all: 3, ..Shipping::default() };
        shipping.add(ShippingRefund::WhenComplete, 3);
        assert_eq!(shipping.refund(), Minor::ZERO);
        shipping.complete = true;
        assert_eq!(shipping.refund(), Minor(700));
        let mut outbound = Shipping { complete: false, when_complete: false, ..shipping };
        outbound.add(ShippingRefund::Outbound, 1);
        assert_eq!(outbound.refund(), Minor(700));
    }
}
