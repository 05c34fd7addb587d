//! From the store's rows to the revisions that stand at a hook.
//!
//! What this module must not know: how a revision is installed.

use super::rollouts::policy::Policy;
use crate::shops::{Hooks, Member, Stage};
use cartwright_store::{CandidateStage, Installed, RevisionHead};
use std::collections::BTreeMap;
use std::time::Duration;

/// A revision of this install, live, and never slow.
pub fn member(install: &str, head: &RevisionHead) -> Member {
    Member {
        install: install.into(),
        revision: head.number,
        stage: Stage::Live,
        package: head.package.as_str().into(),
        version: head.package_version.as_str().into(),
        digest: head.digest.as_str().into(),
        settings: head.settings_digest.as_str().into(),
        share: 0,
        slow: Duration::MAX,
    }
}

/// Every revision that stands at a shop's hooks.
pub fn of(hooks: &Hooks) -> Vec<Member> {
    hooks.places().flat_map(|place| place.members().to_vec()).collect()
}

/// What stands at each hook, in the merchant's order.
pub fn by_hook(installs: &[Installed]) -> BTreeMap<String, Vec<Member>> {
    let mut hooks: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    let mut ordered: Vec<_> = installs.iter().filter(|installed| installed.install.removed.is_none()).collect();
    ordered.sort_by(|a, b| (a.install.position, &a.install.id).cmp(&(b.install.position, &b.install.id)));
    for Installed { install, live, candidate } in ordered {
        let slow = Duration::from_millis(Policy::of(install.policy.as_ref()).limits.slow_millis);
        let at = hooks.entry(install.hook.clone()).or_default();
        at.extend(live.as_ref().map(|head| Member { slow, ..member(&install.id, head) }));
        if let (Some(head), Some(candidate)) = (candidate, &install.candidate) {
            let stage = match candidate.stage {
                CandidateStage::Shadow => Stage::Shadow,
                CandidateStage::Canary => Stage::Canary,
            };
            let share = u32::try_from(candidate.share).unwrap_or(0);
            at.push(Member { stage, share, slow, ..member(&install.id, head) });
        }
    }
    hooks
}
