//! What is given back for units of a grade by a remedy: the reductions, fees and the bonus, and the parts they make.
//!
//! Order: what the units are worth, less what the grade takes, less what a shopper leaves who keeps them, less the restocking fee,
//! less the label's fee; never below zero. Grade and restocking fee are the shopper's to bear only where the shopper is at fault.
//!
//! What this file must not know: which rule it was, where goods go.

use super::money::{Worth, reduction};
use super::policy::{Fault, Fee, RemedyTerms};
use crate::money::{Minor, Overflow, PartsPerMillion};
use alloc::vec::Vec;
use cartwright_contract::MinorUnits;
use cartwright_contract::return_policy::{RefundKind, RefundPart, Remedy};

/// What a remedy is reckoned from.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    pub worth: Worth,
    pub units: u32,
    pub fault: Fault,
    /// The share that the grade leaves.
    pub graded: PartsPerMillion,
    /// The shopper keeps the goods.
    pub kept: bool,
    pub terms: &'a RemedyTerms,
    /// The highest of these is kept.
    pub fees: &'a [Fee],
    /// At most so much is held back for the label.
    pub label_fee: Minor,
}

/// What a remedy comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Zero or more; the parts' sum.
    pub refund: Minor,
    pub condition: Minor,
    pub kept_goods: Minor,
    pub restocking: Minor,
    pub label: Minor,
    pub bonus: Minor,
}

/// Reckons a remedy.
///
/// # Errors
/// When an amount does not fit.
pub fn settle(basis: &Basis<'_>) -> Result<Settled, Overflow> {
    let mut settled = Settled::default();
    // The goods come back to the shopper: nothing is paid.
    if basis.terms.remedy == Remedy::Repair {
        return Ok(settled);
    }
    let at_fault = basis.fault == Fault::Shopper;
    let kept_by_remedy = basis.terms.remedy == Remedy::KeepItem;
    let mut left = basis.worth.total();
    if at_fault && !kept_by_remedy {
        settled.condition = reduction(left, basis.graded)?;
        left = left.minus(settled.condition)?;
    }
    if kept_by_remedy {
        settled.kept_goods = reduction(left, basis.terms.share)?;
        left = left.minus(settled.kept_goods)?;
    }
    if at_fault && !basis.kept && !kept_by_remedy {
        let goods = basis.worth.goods.min(left);
        for fee in basis.fees {
            settled.restocking = settled.restocking.max(fee.amount(goods, basis.units, left)?);
        }
        left = left.minus(settled.restocking)?;
    }
    settled.label = basis.label_fee.max(Minor::ZERO).min(left);
    if basis.terms.remedy == Remedy::StoreCredit {
        settled.bonus = left.share(basis.terms.bonus)?;
    }
    settled.refund = left.minus(settled.label)?;
    Ok(settled)
}

impl Settled {
    /// The parts that are not zero, in the contract's order.
    #[must_use]
    pub fn parts(&self, remedy: Remedy, worth: &Worth) -> Vec<RefundPart> {
        if remedy == Remedy::Repair {
            return Vec::new();
        }
        let part = |kind, amount: MinorUnits| RefundPart { kind, amount };
        let all = [
            part(RefundKind::Goods, worth.goods.0),
            part(RefundKind::Tax, worth.tax.0),
            part(RefundKind::Bundle, worth.bundle.0),
            part(RefundKind::EarlierRefunds, worth.earlier.0),
            part(RefundKind::Condition, -self.condition.0),
            part(RefundKind::KeptGoods, -self.kept_goods.0),
            part(RefundKind::RestockingFee, -self.restocking.0),
            part(RefundKind::LabelFee, -self.label.0),
        ];
        all.into_iter().filter(|part| part.amount != 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::policy::WHOLE;

    fn basis<'a>(terms: &'a RemedyTerms, fees: &'a [Fee]) -> Basis<'a> {
        let worth = Worth { goods: Minor(10_000), tax: Minor(800), ..Worth::default() };
        Basis {
            worth,
            units: 1,
            fault: Fault::Shopper,
            graded: WHOLE,
            kept: false,
            terms,
            fees,
            label_fee: Minor::ZERO,
        }
    }

    fn refund(basis: &Basis<'_>) -> i64 {
        let settled = settle(basis).unwrap();
        let sum: i64 = settled.parts(basis.terms.remedy, &basis.worth).iter().map(|part| part.amount).sum();
        assert_eq!(sum, settled.refund.0);
        sum
    }

    const TENTH: Fee =
        Fee { share: PartsPerMillion(100_000), per_unit: Minor(0), minimum: None, maximum: Some(Minor(900)) };

    #[test]
    fn grade_restocking_fee_and_label_are_taken_off_in_this_order() {
        let plain = RemedyTerms::plain(Remedy::Refund);
        assert_eq!(refund(&basis(&plain, &[])), 10_800);
        assert_eq!(refund(&basis(&plain, &[TENTH])), 9_900, "10 % are 1000, at most 900");
        let half = Basis { graded: PartsPerMillion(500_000), ..basis(&plain, &[TENTH]) };
        assert_eq!(refund(&half), 4_860, "half is 5400, a tenth of it 540");
        assert_eq!(refund(&Basis { label_fee: Minor(695), ..half }), 4_165);
    }

    #[test]
    fn nothing_is_held_back_below_zero() {
        let plain = RemedyTerms::plain(Remedy::Refund);
        let nothing = Basis { graded: PartsPerMillion(0), label_fee: Minor(695), ..basis(&plain, &[TENTH]) };
        assert_eq!(refund(&nothing), 0);
        let dear = Fee { minimum: Some(Minor(20_000)), ..Fee::default() };
        assert_eq!(refund(&basis(&plain, &[dear])), 0);
    }

    #[test]
    fn the_merchants_fault_costs_the_shopper_nothing() {
        let plain = RemedyTerms::plain(Remedy::Refund);
        let worn = Basis { graded: PartsPerMillion(0), fault: Fault::Merchant, ..basis(&plain, &[TENTH]) };
        assert_eq!(refund(&worn), 10_800);
    }

    #[test]
    fn store_credit_gets_its_bonus_and_a_repair_no_money() {
        let credit = RemedyTerms { bonus: PartsPerMillion(100_000), ..RemedyTerms::plain(Remedy::StoreCredit) };
        assert_eq!(settle(&basis(&credit, &[])).unwrap().bonus, Minor(1_080));
        let repair = RemedyTerms::plain(Remedy::Repair);
        assert_eq!(refund(&basis(&repair, &[TENTH])), 0);
    }

    #[test]
    fn who_keeps_the_goods_gets_a_share_and_pays_no_fee() {
        let keep = RemedyTerms { share: PartsPerMillion(250_000), ..RemedyTerms::plain(Remedy::KeepItem) };
        assert_eq!(refund(&Basis { graded: PartsPerMillion(0), ..basis(&keep, &[TENTH]) }), 2_700);
        let plain = RemedyTerms::plain(Remedy::Refund);
        assert_eq!(refund(&Basis { kept: true, ..basis(&plain, &[TENTH]) }), 10_800);
    }

    #[test]
    fn of_several_fees_the_highest_is_kept() {
        let flat = Fee { per_unit: Minor(400), ..Fee::default() };
        let plain = RemedyTerms::plain(Remedy::Refund);
        assert_eq!(refund(&basis(&plain, &[flat, TENTH])), 9_900);
        assert_eq!(refund(&Basis { units: 3, ..basis(&plain, &[TENTH, flat]) }), 9_600);
    }
}
