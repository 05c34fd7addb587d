//! Labels: one for everything that goes to one destination, who pays for it, and what is held back.
//!
//! The merchant pays for a label when anything on it is the merchant's to pay; otherwise the shopper pays the shop's fee. It is held back
//! from the decisions on it in their order, each as far as its refund goes. What is brought to a store needs nobody's money.
//!
//! What this file must not know: rules, windows.

use super::policy::{LabelFee, Labels};
use crate::money::Minor;
use cartwright_contract::return_policy::{DestinationKind, Payer};

/// Who pays for a label, and its fee before anything limits it.
#[must_use]
pub fn payer(kind: DestinationKind, merchant_pays: bool, free_customer: bool, fee: Minor) -> (Payer, Minor) {
    match kind {
        DestinationKind::Store => (Payer::Nobody, Minor::ZERO),
        _ if merchant_pays || free_customer || fee <= Minor::ZERO => (Payer::Merchant, Minor::ZERO),
        _ => (Payer::Shopper, fee),
    }
}

impl Labels {
    /// The fee for goods of this weight in grams.
    #[must_use]
    pub fn fee(&self, grams: u64) -> Minor {
        match &self.fee {
            LabelFee::Flat(fee) => *fee,
            LabelFee::ByWeight(steps) => {
                let step = steps.partition_point(|(up_to, _)| *up_to < grams);
                steps.get(step).or(steps.last()).map_or(Minor::ZERO, |(_, fee)| *fee)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn the_table_is_read_by_weight_and_ends_with_its_last_step() {
        let labels =
            Labels { fee: LabelFee::ByWeight(vec![(1_000, Minor(500)), (5_000, Minor(900))]), ..Labels::default() };
        for (grams, fee) in [(0, 500), (1_000, 500), (1_001, 900), (5_000, 900), (80_000, 900)] {
            assert_eq!(labels.fee(grams), Minor(fee), "{grams} g");
        }
    }

    #[test]
    fn the_shopper_pays_where_nothing_is_the_merchants_to_pay() {
        let fee = Minor(695);
        assert_eq!(payer(DestinationKind::Warehouse, false, false, fee), (Payer::Shopper, fee));
        assert_eq!(payer(DestinationKind::Warehouse, true, false, fee), (Payer::Merchant, Minor::ZERO));
        assert_eq!(payer(DestinationKind::Warehouse, false, true, fee), (Payer::Merchant, Minor::ZERO));
        assert_eq!(payer(DestinationKind::Store, false, false, fee), (Payer::Nobody, Minor::ZERO));
    }
}
