//! Learns of changes that were made elsewhere: by another replica, or by a command on the same store.
//!
//! The store's outbox is the truth; the bus only says that it is worth looking now. Without a bus, or while it is away, the outbox is looked
//! at every second. What this module must not know: what a change means for a shop.

use super::Platform;
use cartwright_bus::Hint;
use cartwright_store::{ChangeKind, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How often the outbox is looked at when nobody says anything.
const LOOK: Duration = Duration::from_secs(1);
/// Changes that are read at once.
const BATCH: u32 = 200;
/// Shops that are prepared at the same moment; each may compile for seconds.
const AT_ONCE: usize = 2;

/// Follows for ever, from this change on.
pub async fn follow(platform: Arc<Platform>, mut seen: i64) {
    let mut hints = platform.bus.changes();
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut away = false;
    loop {
        tokio::select! {
            hint = hints.next() => match hint {
                Some(Hint::Changed(change)) if change.seq <= seen => continue,
                Some(_) => {}
                // The bus was closed; the outbox is still there.
                None => { look.tick().await; }
            },
            _ = look.tick() => {}
        }
        match catch_up(&platform, seen).await {
            Ok(now) => {
                if away {
                    tracing::info!("the store is there again");
                }
                (seen, away) = (now, false);
            }
            Err(error) => {
                if !away {
                    tracing::warn!(%error, "changes cannot be read; the shops stay as they are until the store is there again");
                }
                away = true;
            }
        }
        #[allow(clippy::cast_precision_loss)] // a gauge
        metrics::gauge!("cartwright_changes_seen").set(seen as f64);
        metrics::gauge!("cartwright_store_available").set(if away { 0.0 } else { 1.0 });
    }
}

/// Brings every shop up to date that changed after `seen`. Gives how far it came.
async fn catch_up(platform: &Arc<Platform>, mut seen: i64) -> Result<i64, StoreError> {
    loop {
        let changes = platform.store.changes(seen, BATCH).await?;
        if changes.missed {
            tracing::info!("too much has changed while this replica was away; everything is read again");
            let last = platform.store.last_change().await?;
            platform.authority.changed(None);
            let all = platform.shops_of_the_store();
            refresh(platform, all.into_iter().collect()).await?;
            platform.catalog.load_new().await?;
            return Ok(last);
        }
        let Some(last) = changes.items.last() else { return Ok(seen) };
        let (last, full) = (last.seq, changes.items.len() == BATCH as usize);
        let mut shops = BTreeSet::new();
        for change in &changes.items {
            match change.kind {
                ChangeKind::Shop | ChangeKind::Install | ChangeKind::Secret | ChangeKind::DataKey => {
                    shops.extend(change.shop.clone());
                }
                ChangeKind::Token => platform.authority.changed(change.subject.as_deref()),
                ChangeKind::Breaker
                | ChangeKind::Package
                | ChangeKind::Author
                | ChangeKind::Webhook
                | ChangeKind::Job => {}
            }
        }
        refresh(platform, shops).await?;
        seen = last;
        if !full {
            return Ok(seen);
        }
    }
}

async fn refresh(platform: &Arc<Platform>, shops: BTreeSet<String>) -> Result<(), StoreError> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for shop in shops {
        let (catalog, places) = (platform.catalog.clone(), places.clone());
        running.spawn(async move {
            let _place = places.acquire().await;
            catalog.refresh(&shop).await
        });
    }
    let mut ended = Ok(());
    while let Some(one) = running.join_next().await {
        if let Ok(Err(error)) = one {
            ended = Err(error);
        }
    }
    ended
}
