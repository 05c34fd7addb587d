//! Limits on serial returners: how many units, and what share of the bought ones, a customer returns within 365 days.
//!
//! What this file must not know: what is returned, and why; the caller leaves out what is the merchant's fault.

use super::policy::SerialLimit;
use crate::money::PartsPerMillion;
use cartwright_contract::return_policy::Verdict;

/// A customer's last 365 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// Units returned before.
    pub returned: u32,
    /// Units bought, those of this order included.
    pub bought: u32,
    /// Units that are asked for now.
    pub asked: u64,
}

/// A limit that is exceeded, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    pub limit: SerialLimit,
    pub units: u64,
    /// Returned units in millionths of the bought ones.
    pub rate: PartsPerMillion,
}

impl SerialLimit {
    fn exceeded(&self, history: &History) -> Option<Exceeded> {
        let units = u64::from(history.returned) + history.asked;
        let bought = u64::from(history.bought);
        let rate = units.saturating_mul(1_000_000).checked_div(bought).unwrap_or(0);
        // Exactly, not by the rounded rate.
        let above = self.rate.is_none_or(|limit| {
            let limit = u128::from(limit.0.max(0).unsigned_abs()) * u128::from(bought);
            history.bought >= self.least_bought && bought > 0 && u128::from(units) * 1_000_000 > limit
        });
        let many = self.units.is_none_or(|limit| units > u64::from(limit));
        let some = self.rate.is_some() || self.units.is_some();
        let rate = PartsPerMillion(i64::try_from(rate).unwrap_or(i64::MAX));
        (some && above && many).then_some(Exceeded { limit: *self, units, rate })
    }
}

/// The strictest limit that is exceeded, the first of equals; nothing is when nothing is asked for.
#[must_use]
pub fn exceeded(limits: &[SerialLimit], history: &History) -> Option<Exceeded> {
    if history.asked == 0 {
        return None;
    }
    let mut strictest: Option<Exceeded> = None;
    for found in limits.iter().filter_map(|limit| limit.exceeded(history)) {
        let outcome = |exceeded: &Exceeded| exceeded.limit.outcome.max(Verdict::Review);
        if strictest.as_ref().is_none_or(|known| outcome(&found) > outcome(known)) {
            strictest = Some(found);
        }
    }
    strictest
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: SerialLimit =
        SerialLimit { rate: Some(PartsPerMillion(500_000)), units: None, least_bought: 10, outcome: Verdict::Review };
    const MANY: SerialLimit = SerialLimit { rate: None, units: Some(30), least_bought: 0, outcome: Verdict::Decline };

    fn of(limits: &[SerialLimit], returned: u32, bought: u32, asked: u64) -> Option<Verdict> {
        exceeded(limits, &History { returned, bought, asked }).map(|found| found.limit.outcome)
    }

    #[test]
    fn a_rate_is_exceeded_from_the_first_unit_above_it() {
        assert_eq!(of(&[HALF], 9, 20, 1), None);
        assert_eq!(of(&[HALF], 10, 20, 1), Some(Verdict::Review));
        assert_eq!(of(&[HALF], 8, 9, 1), None, "too few bought to say");
        assert_eq!(of(&[HALF], 10, 20, 0), None, "nothing is asked for");
    }

    #[test]
    fn the_strictest_limit_counts_in_any_order() {
        assert_eq!(of(&[HALF, MANY], 30, 40, 1), Some(Verdict::Decline));
        assert_eq!(of(&[MANY, HALF], 30, 40, 1), Some(Verdict::Decline));
        assert_eq!(of(&[HALF, MANY], 29, 40, 1), Some(Verdict::Review));
    }

    #[test]
    fn a_limit_of_both_needs_both() {
        let both = SerialLimit { units: Some(20), ..HALF };
        assert_eq!(of(&[both], 15, 20, 1), None);
        assert_eq!(of(&[both], 20, 30, 1), Some(Verdict::Review));
        assert_eq!(of(&[both], 20, 300, 1), None);
        assert_eq!(of(&[both], u32::MAX, u32::MAX, u64::from(u32::MAX)), Some(Verdict::Review));
    }
}
