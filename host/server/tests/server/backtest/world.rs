//! A store with a shop whose plugin asks one price, and servers over it.

use crate::common::{Reply, ask, plugin, start};
use cartwright_package::Digest;
use cartwright_records::RecorderOptions;
use cartwright_server::tenancy::token;
use cartwright_server::{PlatformOptions, Running, ServerOptions};
use cartwright_store::{
    Actor, Install, NewInstall, NewPackageVersion, NewRevision, NewShop, Stage, Store, StoreOptions, TokenKind,
};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Seconds that anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

pub const CART: &str = r#"{"at":"2026-11-21T15:00:00Z","currency":"USD","destination":{"country":"US","postalCode":"94107",
    "lines":["12 Main St"]},"lines":[{"id":"1","sku":"boot","quantity":1,"unitPrice":12900,"weight":1400}]}"#;

pub struct World {
    folder: TempDir,
    pub runtime: Runtime,
    pub store: Store,
    token: String,
    pub install: Install,
}

impl World {
    /// The shop `demo` with version 1.0.0, at a price of 5.00, live; 1.1.0, at 6.00, is published.
    pub fn new() -> Self {
        let components = [500, 600].map(|price| plugin::plugin(&quote(price)));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let runtime = Runtime::new().expect("a runtime");
        let (store, token, install) = runtime.block_on(async {
            let store = Store::open(store_options(&folder)).await.expect("a store");
            let actor = Actor::new("test");
            let shop =
                NewShop { id: "demo".into(), name: "Demo".into(), class: "standard".into(), document: json!({}) };
            store.create_shop(&actor, &shop).await.expect("a shop");
            for (version, component) in ["1.0.0", "1.1.0"].into_iter().zip(&components) {
                let new = NewPackageVersion {
                    package: "flat".into(),
                    version: version.into(),
                    digest: Digest::of(component).to_string(),
                    hooks: vec!["shipping-quote".into()],
                    manifest: json!({}),
                    schema: None,
                    author: None,
                    signature: None,
                };
                store.publish(&actor, &new, component).await.expect("published");
            }
            let new = NewInstall {
                id: None,
                shop: "demo".into(),
                hook: "shipping-quote".into(),
                name: "flat".into(),
                position: None,
                policy: None,
                revision: revision("1.0.0"),
            };
            let install = store.create_install(&actor, &new).await.expect("installed").it;
            let live = Stage::Live { revision: Some(1) };
            let install = store.stage(&actor, &install.id, live, None, None).await.expect("live");
            store.add_revision(&actor, &install.id, &revision("1.1.0"), None).await.expect("a second revision");
            let issued = token::issue(TokenKind::Platform, None, "test", None, None);
            store.create_token(&actor, &issued.new).await.expect("a token");
            (store, issued.text, install)
        });
        Self { folder, runtime, store, token, install }
    }

    pub fn serve(&self) -> Running {
        let mut options = ServerOptions::of_store(PlatformOptions {
            store: store_options(&self.folder),
            bus: None,
            master_key: self.folder.path().join("master.key"),
            make_master_key: true,
            cache: None,
            records: RecorderOptions { delay: Duration::from_millis(5), ..RecorderOptions::default() },
            resident: 100,
            calls_of_a_shop: 4,
            unsigned: true,
        });
        options.listen.set_port(0);
        (options.clients.calls, options.clients.calls_of_a_shop) = (4, 4);
        start(options)
    }

    /// A request of the control plane, with a JSON body where there is one.
    pub fn ask(&self, server: SocketAddr, method: &str, path: &str, body: Option<&Value>) -> Reply {
        self.ask_with(server, method, path, &[], body)
    }

    pub fn ask_with(
        &self,
        server: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        let text = body.map(Value::to_string).unwrap_or_default();
        if body.is_some() {
            all.push(("content-type", "application/json"));
        }
        ask(server, method, path, &all, text.as_bytes())
    }

    /// Has so many decisions made, and waits until all of them are recorded. Their ids.
    pub fn decide(&self, server: SocketAddr, count: usize) -> Vec<String> {
        let cart: Value = serde_json::from_str(CART).expect("JSON");
        for _ in 0..count {
            let reply = self.ask(server, "POST", "/v1/shops/demo/quotes", Some(&cart));
            assert_eq!(reply.status, 200, "{reply:?}");
            assert_eq!(reply.json()["quotes"][0]["price"], 500, "{reply:?}");
        }
        wait(|| {
            let page = self.ask(server, "GET", "/v1/shops/demo/records?limit=200", None).json();
            let ids: Vec<_> =
                page["items"].as_array()?.iter().map(|record| record["id"].as_str().map(str::to_owned)).collect();
            (ids.len() == count).then(|| ids.into_iter().flatten().collect())
        })
    }

    /// Begins a backtest; its id.
    pub fn begin(&self, server: SocketAddr, body: &Value) -> String {
        let reply = self.ask(server, "POST", "/v1/shops/demo/backtests", Some(body));
        assert_eq!(reply.status, 202, "{reply:?}");
        reply.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Waits until a backtest is over.
    pub fn ended(&self, server: SocketAddr, id: &str) -> Value {
        wait(|| {
            let job = self.ask(server, "GET", &format!("/v1/shops/demo/backtests/{id}"), None).json();
            (!matches!(job["state"].as_str(), Some("running" | "worked"))).then_some(job)
        })
    }
}

/// Asks again and again; there is no event to wait for on the other side of a connection.
pub fn wait<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "it did not happen within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub fn store_options(folder: &TempDir) -> StoreOptions {
    StoreOptions::new(format!("sqlite:{}", folder.path().join("store.db").display()))
}

fn revision(version: &str) -> NewRevision {
    let settings = "{}";
    NewRevision {
        package: "flat".into(),
        package_version: version.into(),
        settings: settings.into(),
        settings_digest: Digest::of(settings.as_bytes()).to_string(),
        note: None,
        once: None,
    }
}

/// One quote at this price.
fn quote(price: u32) -> String {
    format!(
        "(i32.store (i32.const 132) (i32.const 1024)) (i32.store (i32.const 136) (i32.const 1))
        (i64.store (i32.const 1056) (i64.const {price})) (i32.const 128)"
    )
}
