//! The shops of the store as they answer here: read at the start, installed when they are asked, switched when they change.
//!
//! A switch is prepared first (fetched, checked, compiled) and then happens between two requests. What cannot be prepared leaves the shop as it
//! was: a machine that is on an older version of this software, or that cannot reach the store, goes on with what it has.
//! What this module must not know: HTTP, who changed what.

use super::blobs::{Blobs, WrongDigest};
use super::deploy::{self, Supply};
use super::keys::Keys;
use super::members;
use super::merchant::{Document, Merchant};
use super::rollouts::now;
use crate::config::ShopId;
use crate::estimates::bundle::Today;
use crate::shops::{Estimates, Member, Shop, Shops, Stage};
use crate::tenancy::tenant::Tenants;
use cartwright_outside::Secrets;
use cartwright_package::{Author, KeyError, Signature, Trust};
use cartwright_runtime::{Engine, InstallError, Plugin};
use cartwright_store::{Installed, Listed, PackageVersion, Page, SealedSecret, Store, StoreError};
use lru::LruCache;
use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;
use tokio::runtime::Handle;

/// Plugins that are kept installed, beside those that places hold.
const PLUGINS: NonZeroUsize = NonZeroUsize::new(512).expect("not zero");

/// Seconds after which a revision that went live is watched no more, whatever its policy says.
const LONGEST_WATCH: i64 = 86_400;

/// A component's digest and its settings' digest.
type Key = (Arc<str>, Arc<str>);

/// Shops of the store.
pub struct Catalog {
    engine: Engine,
    store: Store,
    keys: Arc<Keys>,
    blobs: Blobs,
    shops: Arc<Shops>,
    runtime: Handle,
    tenants: Tenants,
    /// Hooks that may be installed at the same moment; who was not asked for longest is put away first.
    resident: usize,
    plugins: Mutex<LruCache<Key, Plugin>>,
    /// One lock a plugin that is being installed, so that a rush installs it once.
    installing: Mutex<HashMap<Key, Arc<Mutex<()>>>>,
    /// One lock a shop, so that an older reading never replaces a newer one.
    refreshing: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Revisions that went live while this process looked on, and when.
    switched: Mutex<HashMap<String, (i64, i64)>>,
}

/// Why a revision cannot be had here.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    #[error("the store does not give it: {0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Digest(#[from] WrongDigest),
    #[error("its signature does not hold: {0}")]
    Signature(String),
    #[error("its settings are not UTF-8")]
    Settings,
    #[error(transparent)]
    Install(#[from] InstallError),
}

/// What a [`Catalog`] is made of.
pub struct CatalogOptions {
    pub engine: Engine,
    pub store: Store,
    pub keys: Arc<Keys>,
    pub blobs: Blobs,
    pub shops: Arc<Shops>,
    pub calls_of_a_shop: usize,
    pub resident: usize,
}

impl Catalog {
    /// On the current tokio runtime.
    pub fn new(options: CatalogOptions) -> Arc<Self> {
        let CatalogOptions { engine, store, keys, blobs, shops, calls_of_a_shop, resident } = options;
        Arc::new(Self {
            engine,
            store,
            keys,
            blobs,
            shops,
            runtime: Handle::current(),
            tenants: Tenants::new(calls_of_a_shop),
            resident,
            plugins: Mutex::new(LruCache::new(PLUGINS)),
            installing: Mutex::default(),
            refreshing: Mutex::default(),
            switched: Mutex::default(),
        })
    }

    /// Reads every shop, without installing anything. Gives how many.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(self: &Arc<Self>) -> Result<usize, StoreError> {
        let mut installs: HashMap<String, Vec<Installed>> = HashMap::new();
        self.store
            .installs_all(|installed| installs.entry(installed.install.shop.clone()).or_default().push(installed))
            .await?;
        let (mut page, mut count) = (Page::first(Page::MOST), 0);
        loop {
            let Listed { items, next } = self.store.shops(&page).await?;
            count += items.len();
            for shop in items {
                let installs = installs.remove(&shop.id).unwrap_or_default();
                let sealed = self.sealed(&shop.id).await?;
                if let Some(shop) = self.build(&shop, &installs, &sealed, None) {
                    self.shops.put(shop);
                }
            }
            let Some(next) = next else { return Ok(count) };
            page = Page::after(next, Page::MOST);
        }
    }

    /// Reads the shops that are not known yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load_new(self: &Arc<Self>) -> Result<(), StoreError> {
        let mut page = Page::first(Page::MOST);
        loop {
            let Listed { items, next } = self.store.shops(&page).await?;
            for shop in items.iter().filter(|shop| self.shops.get(&shop.id).is_none()) {
                self.refresh(&shop.id).await?;
            }
            let Some(next) = next else { return Ok(()) };
            page = Page::after(next, Page::MOST);
        }
    }

    async fn sealed(&self, shop: &str) -> Result<Vec<SealedSecret>, StoreError> {
        self.store.sealed_secrets(shop).await
    }

    /// Brings one shop to what the store says, once everything that it newly needs is compiled.
    ///
    /// # Errors
    /// When the store cannot be read; the shop stays as it was.
    pub async fn refresh(self: &Arc<Self>, id: &str) -> Result<(), StoreError> {
        let turn = self.turn(id);
        let _turn = turn.lock().await;
        let shop = match self.store.shop(id).await {
            Ok(shop) => shop,
            Err(StoreError::NotFound { .. }) => {
                // A folder's shop of this name is none of the store's.
                if self.shops.get(id).is_some_and(|shop| shop.merchant.is_some()) {
                    self.shops.remove(id);
                    self.tenants.forget(id);
                }
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let installs = self.store.installed(id).await?;
        let sealed = self.sealed(id).await?;
        let before = self.shops.get(id).filter(|shop| shop.merchant.is_some());
        let (this, known) = (self.clone(), before.clone());
        let prepared = tokio::task::spawn_blocking(move || {
            let next = this.build(&shop, &installs, &sealed, before.as_deref())?;
            let ready = this.prepare(&next, before.as_deref());
            Some((next, ready))
        });
        match prepared.await {
            Ok(Some((next, true))) => {
                self.note_switches(known.as_deref(), &next);
                self.shops.put(next);
            }
            Ok(Some((_, false)) | None) => {
                metrics::counter!("cartwright_switches_refused_total").increment(1);
                tracing::error!(shop = id, "the shop stays as it was, since what is new cannot be installed here");
            }
            Err(crash) => tracing::error!(shop = id, %crash, "the shop stays as it was"),
        }
        Ok(())
    }

    /// Compiles what the shop did not have before. Says whether all of it is there.
    fn prepare(&self, next: &Shop, before: Option<&Shop>) -> bool {
        let known: Vec<_> = before.map(|shop| members::of(&shop.hooks)).unwrap_or_default();
        let new: Vec<_> = members::of(&next.hooks)
            .into_iter()
            .filter(|member| {
                !known.iter().any(|old| (&old.digest, &old.settings) == (&member.digest, &member.settings))
            })
            .collect();
        new.iter().all(|member| match self.plugin(member) {
            Ok(_) => true,
            Err(error) => {
                let (install, revision) = (&*member.install, member.revision);
                tracing::error!(shop = next.id.as_str(), install, revision, %error, "a revision cannot be installed");
                false
            }
        })
    }

    fn build(
        self: &Arc<Self>,
        shop: &cartwright_store::Shop,
        installs: &[Installed],
        sealed: &[SealedSecret],
        before: Option<&Shop>,
    ) -> Option<Arc<Shop>> {
        let id = ShopId::parse(&shop.id)?;
        if self.shops.get(&shop.id).is_some_and(|there| there.merchant.is_none()) {
            tracing::error!(
                shop = shop.id,
                "a folder has a shop of this name, which answers; give one of them another name"
            );
            return None;
        }
        let document = Document::read(&shop.document.to_string()).unwrap_or_else(|failure| {
            tracing::error!(shop = shop.id, ?failure, "a shop's document cannot be read; defaults are taken");
            Document::default()
        });
        let members = members::by_hook(installs);
        let supply = self.supply();
        let known = before.and_then(|shop| Some((&shop.hooks, &*shop.merchant.as_ref()?.document.backup_rates)));
        let hooks = deploy::hooks(&members, &document.backup_rates, &supply, known);
        let tenant = self.tenants.of(&shop.id, document.limits);
        let estimates =
            Estimates { currency: document.currency.clone(), stock: document.stock.clone(), today: Today::default() };
        Some(Arc::new(Shop {
            name: shop.name.clone(),
            hooks,
            secrets: self.secrets(&shop.id, sealed),
            calls: tenant.calls().clone(),
            estimates,
            merchant: Some(Arc::new(Merchant::new(&shop.id, &shop.class, document, tenant))),
            id,
        }))
    }

    fn secrets(&self, shop: &str, sealed: &[SealedSecret]) -> Secrets {
        sealed.iter().fold(Secrets::new(), |secrets, SealedSecret { name, sealed, .. }| {
            let opened = self.keys.open_secret(shop, name, sealed).map_err(|error| error.to_string());
            match opened.and_then(|value| secrets.clone().with(name, &value).map_err(|error| error.to_string())) {
                Ok(more) => more,
                Err(error) => {
                    tracing::error!(shop, secret = name, error, "a secret cannot be opened; set it again");
                    secrets
                }
            }
        })
    }

    /// For places: installs a revision when it is needed. Weak, since the catalog holds the shops that hold this.
    pub fn supply(self: &Arc<Self>) -> Supply {
        let catalog: Weak<Self> = Arc::downgrade(self);
        Arc::new(move |member: &Member| {
            let catalog = catalog.upgrade().ok_or("the server has ended")?;
            catalog.plugin(member).map_err(|error| error.to_string())
        })
    }

    /// A revision's plugin, installed. Takes microseconds when it was there a moment ago, milliseconds from the engine's cache, up to seconds
    /// otherwise. Not to be called on a thread of the runtime.
    ///
    /// # Errors
    /// When it is not to be had, not what its digest says, or refused by the engine.
    pub fn plugin(&self, member: &Member) -> Result<Plugin, Unavailable> {
        let key: Key = (member.digest.clone(), member.settings.clone());
        let known = |catalog: &Self| catalog.plugins.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(plugin) = known(self) {
            return Ok(plugin);
        }
        let turn = {
            let mut installing = self.installing.lock().unwrap_or_else(PoisonError::into_inner);
            installing.entry(key.clone()).or_default().clone()
        };
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plugin) = known(self) {
            return Ok(plugin);
        }
        let installed = self.install(member);
        self.installing.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        let plugin = installed?;
        self.plugins.lock().unwrap_or_else(PoisonError::into_inner).put(key, plugin.clone());
        Ok(plugin)
    }

    /// Settings that stand in no revision, for a member that names their digest.
    ///
    /// # Errors
    /// When they have another digest.
    pub fn know_settings(&self, digest: &str, settings: &str) -> Result<(), Unavailable> {
        Ok(self.blobs.put(digest, settings.as_bytes().to_vec()).map(drop)?)
    }

    fn install(&self, member: &Member) -> Result<Plugin, Unavailable> {
        let started = Instant::now();
        let component = self.component(member)?;
        let document = if let Some(bytes) = self.blobs.get(&member.settings) {
            bytes
        } else {
            let revision = self.wait(self.store.revision(&member.install, member.revision))?;
            self.blobs.put(&member.settings, revision.settings.into_bytes())?
        };
        let document = std::str::from_utf8(&document).map_err(|_| Unavailable::Settings)?;
        let plugin = self.engine.install(&component, document)?;
        metrics::histogram!("cartwright_install_seconds").record(started.elapsed().as_secs_f64());
        Ok(plugin)
    }

    /// A component's bytes, compared with their digest; from the store with their author's signature.
    fn component(&self, member: &Member) -> Result<Arc<[u8]>, Unavailable> {
        if let Some(bytes) = self.blobs.get(&member.digest) {
            return Ok(bytes);
        }
        let bytes = self.wait(self.store.component(&member.digest))?;
        let version = self.wait(self.store.package_version(&member.package, &member.version))?;
        self.verify(&version, &bytes)?;
        Ok(self.blobs.put(&member.digest, bytes)?)
    }

    /// What was published with a signature is loaded with it only. An author who is trusted no more is still believed for what was published
    /// before: merchants go on with what they have installed.
    fn verify(&self, version: &PackageVersion, component: &[u8]) -> Result<(), Unavailable> {
        let refused = |error: &dyn std::fmt::Display| Unavailable::Signature(error.to_string());
        let (Some(text), Some(name)) = (&version.signature, &version.author) else { return Ok(()) };
        let author = self.wait(self.store.author(name))?;
        let key = author.public_key.parse().map_err(|error: KeyError| refused(&error))?;
        let signature = Signature::parse(text).map_err(|error| refused(&error))?;
        let trust = Trust::new([Author { name: author.name, key }]);
        let verified = trust.verify(component, &signature, &version.package, &version.version);
        verified.map(|_| ()).map_err(|error| refused(&error))
    }

    fn wait<T>(&self, answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        self.runtime.block_on(answer)
    }

    /// Puts hooks away that nobody asks, until no more are installed than may be.
    pub fn put_away(&self) {
        let shops = self.shops.all();
        let mut asked: Vec<_> = shops.iter().flat_map(|shop| shop.hooks.places()).collect();
        asked.retain(|place| place.used().is_some());
        #[allow(clippy::cast_precision_loss)] // nobody has 2^52 hooks
        metrics::gauge!("cartwright_resident_hooks").set(asked.len().min(self.resident) as f64);
        if asked.len() <= self.resident {
            return;
        }
        asked.sort_by_key(|place| place.used());
        let surplus = asked.len() - self.resident;
        for place in &asked[..surplus] {
            place.put_away();
        }
        tracing::debug!(hooks = surplus, "put away, since nobody asked them for long");
    }

    /// Remembers what has just gone live.
    fn note_switches(&self, before: Option<&Shop>, next: &Shop) {
        let live = |shop: &Shop| {
            let live = members::of(&shop.hooks).into_iter().filter(|member| member.stage == Stage::Live);
            live.map(|member| (member.install.to_string(), member.revision)).collect::<HashMap<_, _>>()
        };
        let known = before.map(live).unwrap_or_default();
        let mut switched = self.switched.lock().unwrap_or_else(PoisonError::into_inner);
        for (install, revision) in live(next) {
            if known.get(&install) != Some(&revision) {
                switched.insert(install, (revision, now()));
            }
        }
    }

    /// The revision of an install that went live while this process looked on, and when, in seconds UTC.
    pub fn switched(&self, install: &str) -> Option<(i64, i64)> {
        self.switched.lock().unwrap_or_else(PoisonError::into_inner).get(install).copied()
    }

    /// The installs that may still be watched; forgets those that went live more than a day ago.
    pub fn switched_since(&self, now: i64) -> BTreeSet<String> {
        let mut switched = self.switched.lock().unwrap_or_else(PoisonError::into_inner);
        switched.retain(|_, (_, since)| now - *since <= LONGEST_WATCH);
        switched.keys().cloned().collect()
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    fn turn(&self, shop: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut refreshing = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        refreshing.entry(shop.to_owned()).or_default().clone()
    }
}
