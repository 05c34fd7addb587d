//! Shops of a store: installed by their merchants, tried, switched, recorded and replayed while the server runs.
//!
//! From the bottom up: [`merchant`] is what a shop's document says; [`keys`] seal and open; [`blobs`] hold components and settings by digest;
//! [`deploy`] makes revisions answer at a hook; [`catalog`] turns the store's rows into shops; [`breakers`] and [`rollouts`] watch how revisions do;
//! [`recording`] brings decisions to the store; [`observe`] takes every decision after its answer; [`again`] asks a recorded one again, for
//! [`replay`] and [`backtests`]; [`velocity`] counts orders over all replicas; `follow` learns of changes that others made.
//!
//! What this module must not know: HTTP.

pub mod again;
pub mod backtests;
pub mod blobs;
pub mod breakers;
pub mod catalog;
pub mod check;
pub mod deploy;
mod follow;
pub mod keys;
mod members;
pub mod merchant;
pub mod observe;
pub mod options;
pub mod recording;
pub mod replay;
pub mod rollouts;
pub mod velocity;

use crate::config::ShopId;
use crate::estimates::key::SigningKey;
use crate::shops::Shops;
use crate::tenancy::authority::Authority;
use backtests::Workers;
use blobs::Blobs;
use breakers::Breakers;
use cartwright_bus::{Bus, BusOptions, Change};
use cartwright_runtime::Engine;
use cartwright_store::{Install, Store};
use catalog::{Catalog, CatalogOptions};
use keys::Keys;
use recording::Recording;
use rollouts::Rollouts;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub use options::{PlatformError, PlatformOptions};

/// Everything that shops of a store need besides what all shops do.
pub struct Platform {
    pub store: Store,
    pub bus: Bus,
    pub keys: Arc<Keys>,
    pub catalog: Arc<Catalog>,
    pub authority: Authority,
    pub breakers: Breakers,
    pub rollouts: Rollouts,
    pub recording: Recording,
    pub shops: Arc<Shops>,
    /// This process, among those of the same store.
    pub replica: String,
    /// Rung when an event was put on its way to webhooks.
    pub events: Arc<Notify>,
    /// Whether packages without a trusted author's signature may be published.
    pub unsigned: bool,
    workers: Workers,
    /// Orders on their way to the other replicas' velocity counters.
    orders: OnceLock<velocity::Shared>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// How long records may take to reach the store when the server ends.
const LAST_RECORDS: Duration = Duration::from_secs(10);

/// How long orders may take to reach the store when the server ends.
const LAST_ORDERS: Duration = Duration::from_secs(5);

impl Platform {
    /// Opens the store, reads its shops into `shops`, and begins to follow it. On the current tokio runtime.
    ///
    /// # Errors
    /// When the store, the bus or the key cannot be opened.
    pub async fn open(options: PlatformOptions, engine: Engine, shops: Arc<Shops>) -> Result<Arc<Self>, PlatformError> {
        let store = Store::open(options.store).await?;
        let replica = Uuid::now_v7().to_string();
        let bus = match &options.bus {
            Some(url) => Bus::connect(BusOptions::new(url, &replica)).await?,
            None => Bus::local(),
        };
        let key = |error| PlatformError::MasterKey { file: options.master_key.clone(), error };
        let keys = Arc::new(Keys::open(&options.master_key, options.make_master_key).map_err(key)?);
        let blobs = Blobs::open(options.cache.map(|folder| folder.join("blobs"))).map_err(PlatformError::Cache)?;
        let recording =
            Recording::start(store.clone(), keys.clone(), options.records).map_err(PlatformError::Recorder)?;
        let catalog = Catalog::new(CatalogOptions {
            engine,
            store: store.clone(),
            keys: keys.clone(),
            blobs,
            shops: shops.clone(),
            calls_of_a_shop: options.calls_of_a_shop,
            resident: options.resident,
        });
        // What changes while the shops are read is read once more.
        let seen = store.last_change().await?;
        let count = catalog.load().await?;
        tracing::info!(shops = count, "the store's shops are known");
        let (breakers, tripped) = Breakers::new();
        let platform = Arc::new(Self {
            authority: Authority::new(store.clone()),
            store,
            bus,
            keys,
            catalog,
            breakers,
            rollouts: Rollouts::default(),
            recording,
            shops,
            replica,
            events: Arc::default(),
            unsigned: options.unsigned,
            workers: Workers::default(),
            orders: OnceLock::new(),
            tasks: Mutex::default(),
        });
        platform.spawn(follow::follow(platform.clone(), seen));
        platform.spawn(rollouts::run(platform.clone(), tripped));
        platform.spawn(keep_house(platform.clone()));
        platform.workers.start(&platform);
        platform.spawn(backtests::sweep(platform.clone()));
        Ok(platform)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(tokio::spawn(task));
    }

    /// A shop was changed in the store by this process: brings it up to date here, and tells the other replicas.
    pub async fn changed(&self, shop: &str) {
        if let Err(error) = self.catalog.refresh(shop).await {
            tracing::warn!(shop, %error, "the change is in the store and takes effect here when the store can be read again");
        }
        let announced = match self.store.last_change().await {
            Ok(seq) => {
                self.bus.announce(&Change { shop: shop.to_owned(), seq }).await.map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = announced {
            tracing::debug!(shop, error, "the other replicas were not told; they look by themselves");
        }
    }

    /// Tells a shop's webhooks what became of an install, and why.
    pub async fn told(&self, event: &str, install: &Install, why: &str) {
        let payload = serde_json::json!({ "install": install, "why": why });
        self.tell(&install.shop, event, &Uuid::now_v7().to_string(), &payload).await;
    }

    /// Tells a shop's webhooks. Of several events with one id, one arrives.
    pub async fn tell(&self, shop: &str, event: &str, id: &str, payload: &serde_json::Value) {
        match self.store.enqueue_event(shop, event, id, payload).await {
            Ok(_) => self.events.notify_one(),
            Err(error) => tracing::warn!(shop, event, %error, "webhooks are not told"),
        }
    }

    /// The key that signs estimate bundles, the same for all replicas: made by the first, sealed in the store.
    ///
    /// # Errors
    /// When the store does not give it, or it was sealed under another master key.
    pub async fn signing_key(&self) -> io::Result<SigningKey> {
        const ABOUT: &str = "estimate-signing";
        let other = |error: &dyn std::fmt::Display| io::Error::other(error.to_string());
        let fresh = self.keys.seal(ABOUT, &SigningKey::fresh()?).map_err(|error| other(&error))?;
        let sealed = self.store.server_key_or(ABOUT, &fresh).await.map_err(|error| other(&error))?;
        SigningKey::of(&self.keys.open_sealed(ABOUT, &sealed).map_err(|error| other(&error))?, true)
    }

    /// The ids of the store's shops that are known here.
    pub fn shops_of_the_store(&self) -> Vec<String> {
        let of_the_store = self.shops.all().into_iter().filter(|shop| shop.merchant.is_some());
        of_the_store.map(|shop| ShopId::as_str(&shop.id).to_owned()).collect()
    }

    /// Brings to the store what is still on its way, and ends what runs in the background.
    pub async fn close(&self) {
        self.workers.stop().await;
        if let Some(orders) = self.orders.get() {
            orders.close(LAST_ORDERS).await;
        }
        for task in std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner)) {
            task.abort();
        }
        self.rollouts.flush(&self.store).await;
        let closed = self.recording.close(LAST_RECORDS).await;
        if closed.lost > 0 {
            tracing::warn!(records = closed.lost, "records were lost, since the store did not take them in time");
        }
        self.bus.close();
        self.store.close().await;
    }
}

/// Puts away what nobody asks, and deletes records that are too old.
async fn keep_house(platform: Arc<Platform>) {
    let mut minute = tokio::time::interval(Duration::from_mins(1));
    let mut minutes = 0u64;
    loop {
        minute.tick().await;
        let catalog = platform.catalog.clone();
        // Thousands of sandboxes' images are given back to the system.
        let _ = tokio::task::spawn_blocking(move || catalog.put_away()).await;
        if minutes.is_multiple_of(60) {
            prune(&platform).await;
        }
        minutes += 1;
    }
}

async fn prune(platform: &Platform) {
    const DAY: i64 = 86_400;
    const BATCH: u32 = 1_000;
    let (store, now) = (&platform.store, rollouts::now());
    let ended = [
        ("changes", store.prune_changes(now - 7 * DAY).await),
        ("statistics", store.prune_stats(now - 90 * DAY).await),
        ("deliveries", store.prune_deliveries(now - 30 * DAY).await),
        ("idempotency keys", store.prune_idempotency().await),
    ];
    for (what, ended) in ended {
        match ended {
            Ok(0) => {}
            Ok(gone) => tracing::debug!(what, gone, "what is too old was deleted"),
            Err(error) => tracing::debug!(what, %error, "what is too old is deleted another time"),
        }
    }
    for shop in platform.shops.all() {
        let Some(merchant) = &shop.merchant else { continue };
        let before = rollouts::now() - i64::from(merchant.document.recording.keep_days) * 86_400;
        while let Ok(gone) = platform.store.prune_records(Some(&merchant.id), before * 1_000, BATCH).await {
            if gone < u64::from(BATCH) {
                break;
            }
        }
    }
}
