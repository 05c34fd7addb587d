//! What units that come back are worth: what was paid for them, spread over the units to the cent, less what earlier refunds gave.
//!
//! **Cumulative rounding.** Of a line of `q` units that cost `p`, the first `k` that come back are worth `p * k / q` to the nearest
//! minor unit (halves up); a unit is worth the difference that it makes. So units that come back one by one add up to the line
//! exactly, in whatever portions. Goods and tax are spread each by itself.
//!
//! **Accounts.** What may be given back is kept for each line; a bundle's lines share one account, because a bundle's discount moves
//! between them. An account never gives more than was paid into it less what it gave before. Goodwill given earlier beyond what
//! the returned units were worth is taken off the next ones; fees kept earlier are not given back.
//!
//! What this file must not know: rules, and why something comes back.

use super::policy::{BundleRule, Fee};
use crate::money::{Minor, Overflow, PartsPerMillion};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use cartwright_contract::return_policy::DeliveredLine;

/// What of `amount` the first `units` of `all` are worth, halves up.
#[must_use]
pub fn of_first(amount: Minor, units: u32, all: u32) -> Minor {
    let (units, all) = (i128::from(units.min(all)), i128::from(all.max(1)));
    let share = (i128::from(amount.0) * units * 2 + all) / (2 * all);
    // At most the amount itself.
    Minor(i64::try_from(share).unwrap_or(amount.0))
}

/// Units that come back, and what they are worth before any fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worth {
    pub goods: Minor,
    pub tax: Minor,
    /// What the bundle's discount changes.
    pub bundle: Minor,
    /// What was given before beyond what had come back; negative or zero.
    pub earlier: Minor,
}

impl Worth {
    /// What is left of it: zero or more.
    #[must_use]
    pub fn total(self) -> Minor {
        Minor(self.goods.0 + self.tax.0 + self.bundle.0 + self.earlier.0)
    }
}

#[derive(Debug, Clone, Copy)]
struct Line {
    paid: Minor,
    tax: Minor,
    quantity: u32,
    /// Units that have come back, this request's included as they are taken.
    back: u32,
    /// What one unit costs by itself, tax not included.
    unit_price: Minor,
}

impl Line {
    fn goods(&self, units: u32) -> Minor {
        of_first(self.paid, units, self.quantity)
    }

    fn tax(&self, units: u32) -> Minor {
        of_first(self.tax, units, self.quantity)
    }

    /// What the units that are not back cost by themselves, with the tax that goes with it; never less than what was paid for
    /// them. Saturates far beyond anything that a bundle can cost.
    fn kept_at_unit_price(&self) -> i128 {
        let paid_kept =
            i128::from(self.paid.0 - self.goods(self.back).0) + i128::from(self.tax.0 - self.tax(self.back).0);
        let list = i128::from(self.unit_price.0) * i128::from(self.quantity - self.back);
        let taxed = match self.paid.0 {
            0 => list,
            paid => list + (list * i128::from(self.tax.0) + i128::from(paid) / 2) / i128::from(paid),
        };
        taxed.max(paid_kept)
    }
}

/// One line by itself, or a bundle's lines together.
#[derive(Debug, Clone, Default)]
struct Account {
    lines: Vec<usize>,
    /// Paid, tax included.
    paid: Minor,
    /// Given back before this request.
    refunded: Minor,
    /// Given by this request.
    given: Minor,
    revalued: bool,
}

/// All accounts of one order.
#[derive(Debug)]
pub struct Accounts {
    lines: Vec<Line>,
    all: Vec<Account>,
    /// By line.
    account: Vec<usize>,
    /// Given back before this request, by line.
    refunded: Vec<Minor>,
}

impl Accounts {
    #[must_use]
    pub fn new(order: &[DeliveredLine]) -> Self {
        let mut bundles: BTreeMap<&str, usize> = BTreeMap::new();
        let mut order_accounts = Self {
            lines: Vec::with_capacity(order.len()),
            all: Vec::new(),
            account: Vec::with_capacity(order.len()),
            refunded: order.iter().map(|line| Minor(line.refunded)).collect(),
        };
        for (index, delivered) in order.iter().enumerate() {
            let fresh = order_accounts.all.len();
            let at =
                if delivered.bundle.is_empty() { fresh } else { *bundles.entry(&delivered.bundle).or_insert(fresh) };
            if at == fresh {
                order_accounts.all.push(Account::default());
            }
            let account = &mut order_accounts.all[at];
            account.lines.push(index);
            // The contract's ranges keep these sums far from 64 bits.
            account.paid.0 += delivered.paid + delivered.tax;
            account.refunded.0 += delivered.refunded;
            order_accounts.account.push(at);
            order_accounts.lines.push(Line {
                paid: Minor(delivered.paid),
                tax: Minor(delivered.tax),
                quantity: delivered.line.quantity,
                back: delivered.returned.min(delivered.line.quantity),
                unit_price: Minor(delivered.line.unit_price),
            });
        }
        order_accounts
    }

    /// How a line's bundle is valued from now on. Nothing for a line that was sold by itself.
    pub fn value_bundle(&mut self, line: usize, rule: BundleRule) {
        let account = &mut self.all[self.account[line]];
        account.revalued |= rule == BundleRule::Revalue && account.lines.len() > 1;
    }

    /// The lines that share this line's account.
    #[must_use]
    pub fn together(&self, line: usize) -> &[usize] {
        &self.all[self.account[line]].lines
    }

    /// What units would be worth without a bundle's revaluation and earlier refunds: for judging how much is at stake.
    #[must_use]
    pub fn gross(&self, line: usize, units: u32) -> Minor {
        let line = &self.lines[line];
        let (before, after) = (line.back, line.back.saturating_add(units));
        Minor(line.goods(after).0 - line.goods(before).0 + line.tax(after).0 - line.tax(before).0)
    }

    /// Units of the line that have come back, those taken so far included.
    #[must_use]
    pub fn back(&self, line: usize) -> u32 {
        self.lines[line].back
    }

    /// What the account owes for all that has come back, before what it gave.
    fn owed(&self, account: usize) -> i128 {
        let account = &self.all[account];
        let kept: i128 = account.lines.iter().map(|&line| self.lines[line].kept_at_unit_price()).sum();
        (i128::from(account.paid.0) - kept).max(0)
    }

    /// Takes units back and says what they are worth.
    pub fn take(&mut self, line: usize, units: u32) -> Worth {
        let at = self.account[line];
        let revalued = self.all[at].revalued;
        let owed_before = if revalued { self.owed(at) } else { 0 };
        let one = &mut self.lines[line];
        let (before, after) = (one.back, one.back.saturating_add(units).min(one.quantity));
        one.back = after;
        let one = *one;
        let goods = Minor(one.goods(after).0 - one.goods(before).0);
        let tax = Minor(one.tax(after).0 - one.tax(before).0);
        let plain = i128::from(goods.0) + i128::from(tax.0);
        let (bundle, excess) = if revalued {
            let owed_after = self.owed(at);
            let account = &self.all[at];
            // Earlier excess counts against the whole bundle.
            let gave = i128::from(account.refunded.0);
            let excess = (gave - owed_before).max(0).min(owed_after - owed_before);
            (owed_after - owed_before - plain, excess)
        } else {
            let worth_before = i128::from(one.goods(before).0) + i128::from(one.tax(before).0);
            let excess = (i128::from(self.refunded[line].0) - worth_before).max(0).min(plain);
            (0, excess)
        };
        let account = &mut self.all[at];
        let left = i128::from(account.paid.0) - i128::from(account.refunded.0) - i128::from(account.given.0);
        let total = (plain + bundle - excess).min(left).max(0);
        account.given.0 += to_minor(total).0;
        Worth { goods, tax, bundle: to_minor(bundle), earlier: to_minor(total - plain - bundle) }
    }
}

/// Within what was paid, or its negative.
fn to_minor(amount: i128) -> Minor {
    Minor(amount.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
}

impl Fee {
    /// What it comes to for so many units whose price without tax is `goods`; never more than `left`.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn amount(&self, goods: Minor, units: u32, left: Minor) -> Result<Minor, Overflow> {
        let fee = goods.max(Minor::ZERO).share(self.share)?.plus(self.per_unit.times(units.into())?)?;
        let fee = self.minimum.map_or(fee, |minimum| fee.max(minimum));
        let fee = self.maximum.map_or(fee, |maximum| fee.min(maximum));
        Ok(fee.max(Minor::ZERO).min(left))
    }
}

/// What is taken off when only this share is left: the rest, to the nearest minor unit.
///
/// # Errors
/// When it does not fit.
pub fn reduction(amount: Minor, share: PartsPerMillion) -> Result<Minor, Overflow> {
    amount.minus(amount.share(share)?)
}
