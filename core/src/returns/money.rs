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
use core::cmp::Ordering;

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

    /// What so many units cost by themselves, with the tax that goes with them; never less than what was paid for them.
    fn by_itself(&self, units: u32) -> i128 {
        let paid = i128::from(self.goods(units).0) + i128::from(self.tax(units).0);
        let list = i128::from(self.unit_price.0) * i128::from(units);
        let taxed = match i128::from(self.paid.0) {
            0 => list,
            paid => list + (list * i128::from(self.tax.0) + paid / 2) / paid,
        };
        taxed.max(paid)
    }
}

/// Lines of a bundle up to which its sets are told apart; what has more lines counts as one set.
const MOST_LINES_OF_SETS: usize = 50;

fn common_divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one } else { common_divisor(other, one % other) }
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
    /// How many times the bundle was bought: the greatest number that divides the quantities of all its lines.
    sets: u32,
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
        if rule == BundleRule::Revalue && account.lines.len() > 1 && !account.revalued {
            account.revalued = true;
            let quantities = account.lines.iter().map(|&line| self.lines[line].quantity);
            let few = account.lines.len() <= MOST_LINES_OF_SETS;
            account.sets = if few { quantities.fold(0, common_divisor).max(1) } else { 1 };
        }
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

    /// What a revalued bundle owes for all that has come back, before what it gave: its price less what is kept.
    ///
    /// What is kept fills one set after the other. A set of which part is kept counts at unit prices, and never for more than a
    /// whole set was paid; so nothing that comes back ever lowers what is owed.
    fn owed(&self, account: usize) -> i128 {
        let account = &self.all[account];
        let sets = account.sets.max(1);
        let kept = |line: &Line| {
            let each = (line.quantity / sets).max(1);
            let kept = line.quantity - line.back;
            (each, kept / each, kept % each)
        };
        // Between two of these, sets hold the same.
        let mut ends: Vec<u32> = Vec::with_capacity(account.lines.len() * 2 + 1);
        ends.push(sets);
        for &line in &account.lines {
            let (_, full, _) = kept(&self.lines[line]);
            ends.extend([full, full + 1].into_iter().filter(|end| *end < sets));
        }
        ends.sort_unstable();
        let (mut start, mut worth) = (0, 0i128);
        let paid = i128::from(account.paid.0);
        for end in ends {
            if end == start {
                continue;
            }
            let by_itself: i128 = account
                .lines
                .iter()
                .map(|&line| {
                    let (each, full, rest) = kept(&self.lines[line]);
                    let units = match start.cmp(&full) {
                        Ordering::Less => each,
                        Ordering::Equal => rest,
                        Ordering::Greater => 0,
                    };
                    self.lines[line].by_itself(units)
                })
                .sum();
            let whole = account.lines.iter().all(|&line| start < kept(&self.lines[line]).1);
            let set = if whole { paid } else { (by_itself * i128::from(sets)).min(paid) };
            worth += i128::from(end - start) * set;
            start = end;
        }
        let sets = i128::from(sets);
        paid - (worth + sets / 2) / sets
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
