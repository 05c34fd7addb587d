//! Looks at what was counted of every candidate and does what its install's policy says; and takes back what its breaker stopped.
//!
//! One replica at a time does it, by a lease of the store; an expected version keeps two from doing the same twice when a lease ends in the
//! middle. What this module must not know: how a stage takes effect.

use super::policy::{Counted, Policy, Verdict};
use super::{now, stored};
use crate::platform::Platform;
use crate::platform::breakers::Tripped;
use crate::shops::Stage;
use crate::tenancy::breaker::Transition;
use crate::webhooks::events;
use cartwright_store::{Actor, BreakerState, CandidateStage, Install, Page, Stage as Move, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// How often counts are written and candidates judged.
const EVERY: Duration = Duration::from_secs(1);
const LEASE: &str = "rollouts";
/// Seconds for which one replica judges without asking again.
const HELD: i64 = 10;

/// Runs for ever.
pub async fn run(platform: Arc<Platform>, mut tripped: UnboundedReceiver<Tripped>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {
                platform.rollouts.flush(&platform.store).await;
                match platform.store.take_lease(LEASE, &platform.replica, HELD).await {
                    Ok(Some(_)) => judge(&platform).await,
                    Ok(None) => {}
                    Err(error) => tracing::debug!(%error, "rollouts are not judged while the store is away"),
                }
            }
            Some(tripped) = tripped.recv() => trip(&platform, &tripped).await,
        }
    }
}

/// Who is on the way: candidates, and what has gone live and is still watched.
async fn judge(platform: &Arc<Platform>) {
    for id in on_the_way(platform) {
        if let Err(error) = judge_one(platform, &id).await {
            match error {
                // Somebody has just changed it; the next round sees how.
                StoreError::Stale { .. } | StoreError::NotFound { .. } => {}
                error => tracing::warn!(install = id, %error, "a rollout could not be judged"),
            }
        }
    }
}

fn on_the_way(platform: &Platform) -> BTreeSet<String> {
    let mut ids = platform.catalog.switched_since(now());
    for shop in platform.shops.all() {
        for place in shop.hooks.places() {
            let candidates = place.members().iter().filter(|member| member.stage != Stage::Live);
            ids.extend(candidates.map(|member| member.install.to_string()));
        }
    }
    ids
}

async fn judge_one(platform: &Arc<Platform>, id: &str) -> Result<(), StoreError> {
    let install = platform.store.install(id).await?;
    let policy = Policy::of(install.policy.as_ref());
    if let Some(candidate) = &install.candidate {
        let stage = match candidate.stage {
            CandidateStage::Shadow => Stage::Shadow,
            CandidateStage::Canary => Stage::Canary,
        };
        let counted = counted(platform, &install, candidate.revision, stage, candidate.since).await?;
        match policy.judge(stage, &counted, now() - candidate.since) {
            Verdict::Wait => {}
            Verdict::Promote => return promote(platform, &install, &policy, stage, candidate.revision, &counted).await,
            Verdict::TakeBack(why) => return withdraw(platform, &install, candidate.revision, &why).await,
        }
    }
    let Some((live, since)) = platform.catalog.switched(id).filter(|(live, _)| install.live == Some(*live)) else {
        return Ok(());
    };
    let counted = counted(platform, &install, live, Stage::Live, since).await?;
    match policy.judge(Stage::Live, &counted, now() - since) {
        Verdict::TakeBack(why) if install.previous.is_some() => roll_back(platform, &install, &why).await,
        _ => Ok(()),
    }
}

async fn counted(
    platform: &Platform,
    install: &Install,
    revision: i64,
    stage: Stage,
    since: i64,
) -> Result<Counted, StoreError> {
    let stats = platform.store.stats_sum(&install.id, revision, stored(stage), since / 60 * 60).await?;
    let number = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(Counted {
        calls: number(stats.calls),
        errors: number(stats.errors),
        fallbacks: number(stats.fallbacks),
        slow: number(stats.slow),
        different: number(stats.different),
    })
}

async fn promote(
    platform: &Arc<Platform>,
    install: &Install,
    policy: &Policy,
    stage: Stage,
    revision: i64,
    counted: &Counted,
) -> Result<(), StoreError> {
    let revision = Some(revision);
    let to = match stage {
        Stage::Shadow => Move::Canary { revision, share: policy.canary.share.into() },
        Stage::Canary | Stage::Live => Move::Live { revision },
    };
    let why = format!("{} calls as a {} broke no limit", counted.calls, stage.name());
    let moved = platform.store.stage(&actor(), &install.id, to, Some(install.version), Some(&why)).await?;
    tracing::info!(shop = install.shop, install = install.id, why, "a candidate was promoted");
    platform.told(events::ROLLOUT_PROMOTED, &moved, &why).await;
    platform.changed(&install.shop).await;
    Ok(())
}

async fn withdraw(platform: &Arc<Platform>, install: &Install, revision: i64, why: &str) -> Result<(), StoreError> {
    let moved = platform.store.stage(&actor(), &install.id, Move::Withdrawn, Some(install.version), Some(why)).await?;
    tracing::warn!(shop = install.shop, install = install.id, revision, why, "a candidate was taken back");
    platform.told(events::ROLLOUT_ROLLED_BACK, &moved, why).await;
    platform.changed(&install.shop).await;
    Ok(())
}

async fn roll_back(platform: &Arc<Platform>, install: &Install, why: &str) -> Result<(), StoreError> {
    let moved = platform.store.rollback(&actor(), &install.id, Some(install.version), Some(why)).await?;
    tracing::warn!(shop = install.shop, install = install.id, why, "the previous revision answers again");
    platform.told(events::ROLLOUT_ROLLED_BACK, &moved, why).await;
    platform.changed(&install.shop).await;
    Ok(())
}

/// A breaker opened or closed in this process.
async fn trip(platform: &Arc<Platform>, tripped: &Tripped) {
    if let Err(error) = tripped_over(platform, tripped).await {
        let install = &*tripped.member.install;
        tracing::warn!(install, %error, "what a breaker did could not be written; it holds in this process all the same");
    }
}

async fn tripped_over(platform: &Arc<Platform>, tripped: &Tripped) -> Result<(), StoreError> {
    let member = &tripped.member;
    let install = platform.store.install(&member.install).await?;
    match tripped.transition {
        Transition::Opened { pause, why } => {
            let why = why.to_string();
            metrics::counter!("cartwright_breakers_opened_total", "hook" => install.hook.clone()).increment(1);
            tracing::warn!(
                shop = install.shop,
                install = install.id,
                revision = member.revision,
                why,
                "a breaker opened"
            );
            let until = now() + i64::try_from(pause.as_secs()).unwrap_or(0).max(1);
            let state = BreakerState { opened: now(), until: Some(until), why: why.clone() };
            let (install, changed) =
                platform.store.set_breaker(&actor(), &install.id, Some(&state), Some(&why)).await?;
            if changed {
                platform.told(events::BREAKER_OPENED, &install, &why).await;
            }
            // The last good revision takes over; a candidate that fails so is no candidate any more.
            let candidate = install.candidate.as_ref().is_some_and(|of| of.revision == member.revision);
            if candidate && member.stage != Stage::Live {
                withdraw(platform, &install, member.revision, &why).await?;
            } else if install.live == Some(member.revision) && good_before(platform, &install).await? {
                roll_back(platform, &install, &why).await?;
            }
        }
        Transition::StillOpen { .. } => {}
        Transition::Closed => {
            let why = "a trial call went well";
            let (install, changed) = platform.store.set_breaker(&actor(), &install.id, None, Some(why)).await?;
            if changed {
                platform.told(events::BREAKER_CLOSED, &install, why).await;
            }
        }
    }
    Ok(())
}

/// Whether there is a revision to go back to that was not itself taken back before.
async fn good_before(platform: &Platform, install: &Install) -> Result<bool, StoreError> {
    let Some(previous) = install.previous else { return Ok(false) };
    let history = platform.store.history(&install.id, &Page::first(Page::MOST)).await?;
    let taken_back = history
        .items
        .iter()
        .any(|entry| entry.action == cartwright_store::Action::BreakerOpened && entry.revision == Some(previous));
    Ok(!taken_back)
}

fn actor() -> Actor {
    Actor::new("server")
}
