//! Where a rule is tried: an empty store on either database, with a clock that is moved by hand.

use cartwright_store::{
    Actor, Clock, Install, NewInstall, NewPackageVersion, NewRevision, NewShop, Shop, Store, StoreOptions,
};
use cartwright_test_services::{Postgres, or_leave_out};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Makes of each rule, a function that takes a [`Place`], one test with each database.
macro_rules! on_both {
    ($($rule:ident,)+) => {
        $(mod $rule {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$rule($crate::place::Place::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(place) = $crate::place::Place::postgres() {
                    super::$rule(place).await;
                }
            }
        })+
    };
}
pub(crate) use on_both;

/// Where the clock stands at first.
pub const START: i64 = 1_800_000_000;

pub struct Place {
    pub url: String,
    pub clock: Arc<AtomicI64>,
    _folder: Option<tempfile::TempDir>,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("the store.db").display());
        Self { url, clock: Arc::new(AtomicI64::new(START * 1000)), _folder: Some(folder) }
    }

    pub fn postgres() -> Option<Self> {
        let url = or_leave_out(Postgres::shared())?.database();
        Some(Self { url, clock: Arc::new(AtomicI64::new(START * 1000)), _folder: None })
    }

    pub fn options(&self) -> StoreOptions {
        let mut options = StoreOptions::new(&self.url);
        options.clock = Clock::Manual(Arc::clone(&self.clock));
        // Seven builds run beside these tests.
        options.timeout = std::time::Duration::from_secs(30);
        options.acquire_timeout = std::time::Duration::from_secs(20);
        options
    }

    pub async fn open(&self) -> Store {
        Store::open(self.options()).await.unwrap()
    }

    /// Moves the clock; also back.
    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

pub fn me() -> Actor {
    Actor::new("token:me").in_request("r-1")
}

pub fn new_shop(id: &str) -> NewShop {
    NewShop { id: id.to_owned(), name: "A shop".to_owned(), class: "standard".to_owned(), document: json!({"a": 1}) }
}

pub async fn shop(store: &Store, id: &str) -> Shop {
    store.create_shop(&me(), &new_shop(id)).await.unwrap().it
}

pub fn new_version(package: &str, version: &str, digest: &str) -> NewPackageVersion {
    NewPackageVersion {
        package: package.to_owned(),
        version: version.to_owned(),
        digest: digest.to_owned(),
        hooks: vec!["shipping-quote".to_owned()],
        manifest: json!({"name": package}),
        schema: None,
        author: None,
        signature: None,
    }
}

/// `rates` 1.0.0 of the digest `sha256:10`.
pub async fn package(store: &Store) {
    store.publish(&me(), &new_version("rates", "1.0.0", "sha256:10"), b"component").await.unwrap();
}

pub fn new_revision(settings: &str) -> NewRevision {
    NewRevision {
        package: "rates".to_owned(),
        package_version: "1.0.0".to_owned(),
        settings: settings.to_owned(),
        settings_digest: format!("sha256:of {settings}"),
        note: None,
        once: None,
    }
}

pub fn new_install(shop: &str, name: &str) -> NewInstall {
    NewInstall {
        id: None,
        shop: shop.to_owned(),
        hook: "shipping-quote".to_owned(),
        name: name.to_owned(),
        position: None,
        policy: None,
        revision: new_revision("{}"),
    }
}

/// The shop `s`, the package, and an install of three revisions that are drafts.
pub async fn three_drafts(store: &Store) -> Install {
    shop(store, "s").await;
    package(store).await;
    let install = store.create_install(&me(), &new_install("s", "rates")).await.unwrap().it;
    for settings in ["{\"a\":2}", "{\"a\":3}"] {
        store.add_revision(&me(), &install.id, &new_revision(settings), None).await.unwrap();
    }
    store.install(&install.id).await.unwrap()
}
