//! From revisions to plugins that answer at a hook, of the live ones and of every candidate beside them.
//!
//! What this module must not know: where components come from, HTTP.

use crate::config::BackupRate;
use crate::fallback;
use crate::shops::{Deployed, Hooks, Installed, Make, Member, Place, PluginIdentity, Served, Stage, Trial};
use cartwright_records::PluginRef;
use cartwright_runtime::hooks::{AddressValidation, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use cartwright_runtime::{Composition, Plugin};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Gives the plugin of a revision, installed; or says why it cannot.
pub type Supply = Arc<dyn Fn(&Member) -> Result<Plugin, String> + Send + Sync>;

/// Whether somebody waits for the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Waited,
    /// They run when the machine has nothing better to do, and are not hurried.
    Patient,
}

/// What the host answers at a hook when nobody else does, where the runtime alone cannot know.
pub trait Backed: Served {
    fn backed(composition: Composition<Self>, _rates: &[BackupRate]) -> Composition<Self>
    where
        Self: Sized,
    {
        composition
    }
}

impl Backed for ShippingQuote {
    fn backed(composition: Composition<Self>, rates: &[BackupRate]) -> Composition<Self> {
        let rates = rates.to_vec();
        composition.with_fallback(move |request| fallback::quotes(&rates, request))
    }
}

impl Backed for OrderRouting {
    fn backed(composition: Composition<Self>, _: &[BackupRate]) -> Composition<Self> {
        composition.with_fallback(fallback::routing)
    }
}

impl Backed for OrderScreening {}
impl Backed for AddressValidation {}
impl Backed for ReturnPolicy {}

/// The hooks of a shop. What stays as it was is taken from `before`, with everything that is installed there.
pub fn hooks(
    members: &BTreeMap<String, Vec<Member>>,
    rates: &[BackupRate],
    supply: &Supply,
    before: Option<(&Hooks, &[BackupRate])>,
) -> Hooks {
    let kept = before.map(|(hooks, _)| hooks);
    // Backup rates are part of what stands at the hook.
    let quoting = before.filter(|(_, before)| *before == rates).and_then(|(hooks, _)| hooks.shipping_quote.as_ref());
    Hooks {
        shipping_quote: place(members, rates, supply, quoting),
        order_routing: place(members, rates, supply, kept.and_then(|hooks| hooks.order_routing.as_ref())),
        order_screening: place(members, rates, supply, kept.and_then(|hooks| hooks.order_screening.as_ref())),
        address_validation: place(members, rates, supply, kept.and_then(|hooks| hooks.address_validation.as_ref())),
        return_policy: place(members, rates, supply, kept.and_then(|hooks| hooks.return_policy.as_ref())),
    }
}

fn place<H: Backed>(
    members: &BTreeMap<String, Vec<Member>>,
    rates: &[BackupRate],
    supply: &Supply,
    before: Option<&Arc<Place<H>>>,
) -> Option<Arc<Place<H>>> {
    let members = members.get(H::NAME).filter(|members| !members.is_empty())?;
    if let Some(before) = before.filter(|before| before.members == *members) {
        return Some(before.clone());
    }
    let (supply, rates) = (supply.clone(), rates.to_vec());
    let make: Make<H> = Box::new(move |members| deploy(members, &rates, &supply));
    Some(Arc::new(Place::lazy(members.clone(), make)))
}

/// Installs what stands at a hook. A plugin that cannot be had is left out, and the whole is tried again soon.
fn deploy<H: Backed>(members: &[Member], rates: &[BackupRate], supply: &Supply) -> Deployed<H> {
    let live: Vec<_> = members.iter().filter(|member| member.stage == Stage::Live).collect();
    let (installed, mut whole) = compose(&live, rates, supply, Pace::Waited);
    let mut trials = Vec::new();
    for candidate in members.iter().filter(|member| member.stage != Stage::Live) {
        let pace = if candidate.stage == Stage::Shadow { Pace::Patient } else { Pace::Waited };
        let (installed, complete) = compose(&exchanged(members, candidate), rates, supply, pace);
        whole &= complete;
        if complete {
            trials.push(Trial { member: candidate.clone(), installed: Arc::new(installed) });
        }
    }
    Deployed { live: Arc::new(installed), trials, whole, figures: OnceLock::new() }
}

/// The live plugins with this candidate in the place of its own install; at its place among them when that install has nothing live yet.
fn exchanged<'a>(members: &'a [Member], candidate: &'a Member) -> Vec<&'a Member> {
    members
        .iter()
        .filter(|member| {
            let of_the_candidate = member.install == candidate.install;
            if of_the_candidate { std::ptr::eq(*member, candidate) } else { member.stage == Stage::Live }
        })
        .collect()
}

/// These revisions as the plugins of a hook, and whether all of them could be had.
pub fn compose<H: Backed>(
    members: &[&Member],
    rates: &[BackupRate],
    supply: &Supply,
    pace: Pace,
) -> (Installed<H>, bool) {
    let (mut plugins, mut there) = (Vec::new(), Vec::new());
    for member in members {
        match supply(member) {
            Ok(plugin) => {
                plugins.push(if pace == Pace::Patient { plugin.patient() } else { plugin });
                there.push((*member).clone());
            }
            Err(error) => {
                let (install, revision) = (&*member.install, member.revision);
                tracing::error!(hook = H::NAME, install, revision, error, "a plugin could not be installed");
            }
        }
    }
    let whole = there.len() == members.len();
    let identities = plugins.iter().zip(&there).map(|(plugin, member)| identity(plugin, member)).collect();
    let references: Vec<_> = plugins.iter().zip(&there).map(|(plugin, member)| reference(plugin, member)).collect();
    match Composition::new(plugins) {
        Ok(composition) => {
            let installed = Installed::new(H::backed(composition, rates), identities);
            (Installed { members: there, references: references.into(), ..installed }, whole)
        }
        // Two owners of one hook are refused when they are installed; should they stand in the store all the same, nobody answers.
        Err(error) => {
            tracing::error!(hook = H::NAME, %error, "plugins cannot stand together");
            let nobody = Composition::new(Vec::new()).expect("no plugins stand together always");
            (Installed::new(H::backed(nobody, rates), Vec::new()), false)
        }
    }
}

fn identity(plugin: &Plugin, member: &Member) -> PluginIdentity {
    PluginIdentity {
        name: member.package.to_string(),
        version: member.version.to_string(),
        snapshot: plugin.snapshot().to_owned(),
        revision: Some(member.revision),
    }
}

fn reference(plugin: &Plugin, member: &Member) -> PluginRef {
    PluginRef {
        install: member.install.to_string(),
        revision: member.revision,
        name: member.package.to_string(),
        version: member.version.to_string(),
        digest: member.digest.to_string(),
        snapshot: plugin.snapshot().to_owned(),
        sees_personal: !plugin.facts().manifest.sees.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn member(install: &str, revision: i64, stage: Stage) -> Member {
        Member {
            install: install.into(),
            revision,
            stage,
            package: "p".into(),
            version: "1.0.0".into(),
            digest: "d".into(),
            settings: "s".into(),
            share: 0,
            slow: Duration::from_millis(50),
        }
    }

    #[test]
    fn a_candidate_takes_the_place_of_its_own_install_and_of_no_other() {
        let members = [
            member("a", 1, Stage::Live),
            member("a", 2, Stage::Shadow),
            member("b", 4, Stage::Live),
            member("c", 1, Stage::Canary),
        ];
        let of = |candidate: usize| {
            let chosen = exchanged(&members, &members[candidate]);
            chosen.iter().map(|member| (&*member.install, member.revision)).collect::<Vec<_>>()
        };
        assert_eq!(of(1), [("a", 2), ("b", 4)]);
        assert_eq!(of(3), [("a", 1), ("b", 4), ("c", 1)]);
    }
}
