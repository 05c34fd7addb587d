//! Which calls are kept, by shop and hook.

use crate::hook::Hook;
use crate::record_id::RecordId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many of a shop's calls leave a record. The record's id alone decides, so that every replica decides alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Sampling {
    /// Per mille of the calls: 0 (none) to 1000 (all); above is all.
    pub share: u16,
    /// Another share for these hooks.
    pub hooks: BTreeMap<Hook, u16>,
    /// Calls that ended in the fallback, or in which a plugin failed, are kept whatever the share.
    pub keep_failures: bool,
}

impl Default for Sampling {
    /// Every call.
    fn default() -> Self {
        Self { share: 1000, hooks: BTreeMap::new(), keep_failures: true }
    }
}

impl Sampling {
    /// No call at all.
    pub fn nothing() -> Self {
        Self { share: 0, hooks: BTreeMap::new(), keep_failures: false }
    }

    /// Whether a call is kept; the larger of two shares keeps all that the smaller keeps.
    pub fn keeps(&self, hook: Hook, id: RecordId, failed: bool) -> bool {
        let share = self.hooks.get(&hook).copied().unwrap_or(self.share);
        (failed && self.keep_failures) || share >= 1000 || mixed(id.0) % 1000 < u64::from(share)
    }
}

/// Spreads ids that differ in a few bits over all numbers (the finaliser of `SplitMix64`).
fn mixed(id: u128) -> u64 {
    let mut bits = (id as u64) ^ ((id >> 64) as u64);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(sampling: &Sampling, hook: Hook) -> Vec<u128> {
        (0..20_000).filter(|id| sampling.keeps(hook, RecordId(*id), false)).collect()
    }

    #[test]
    fn about_as_many_are_kept_as_the_share_says_and_a_larger_share_keeps_them_too() {
        let of = |share| kept(&Sampling { share, ..Sampling::default() }, Hook::OrderRouting);
        assert!(of(0).is_empty());
        assert_eq!(of(1000).len(), 20_000);
        let (tenth, quarter) = (of(100), of(250));
        assert!((1_800..2_200).contains(&tenth.len()), "{}", tenth.len());
        assert!((4_700..5_300).contains(&quarter.len()), "{}", quarter.len());
        assert!(tenth.iter().all(|id| quarter.contains(id)));
    }

    #[test]
    fn a_hook_may_have_a_share_of_its_own_and_failures_are_kept_when_asked() {
        let hooks = BTreeMap::from([(Hook::OrderScreening, 1000)]);
        let sampling = Sampling { share: 0, hooks, keep_failures: true };
        assert!(sampling.keeps(Hook::OrderScreening, RecordId(7), false));
        assert!(!sampling.keeps(Hook::ShippingQuote, RecordId(7), false));
        assert!(sampling.keeps(Hook::ShippingQuote, RecordId(7), true));
        assert!(!Sampling::nothing().keeps(Hook::ShippingQuote, RecordId(7), true));
    }

    #[test]
    fn a_shops_document_names_hooks_as_everywhere() {
        let sampling: Sampling = serde_json::from_str(r#"{"share":10,"hooks":{"order-screening":1000}}"#).unwrap();
        assert_eq!(sampling.hooks[&Hook::OrderScreening], 1000);
        assert!(sampling.keep_failures);
    }
}
