//! The control plane over a real server on a real SQLite file.

mod access;
mod cors;
mod hostile;
mod idempotency;
mod installs;
mod packages;
mod records;
mod rollouts;
mod secrets;
mod shops;
mod tokens;
mod webhooks;

use crate::common::{Reply, ask, plugin};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cartwright_package::{AuthorKey, Digest};
use cartwright_records::RecorderOptions;
use cartwright_server::tenancy::authority::{Issued, issue};
use cartwright_server::{PlatformOptions, Running, ServerOptions};
use cartwright_store::{Actor, Store, StoreOptions, TokenKind};
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

/// What the tiny plugin's settings may be.
const SCHEMA: &str = r#"{"type":"object","additionalProperties":false,"required":["free"],
    "properties":{"free":{"type":"integer","minimum":0},"zones":{"type":"array","items":{"type":"string","maxLength":3}},"key":{"type":"string"}}}"#;

/// A server with a store, and the platform's token.
struct Control {
    server: Option<Running>,
    folder: TempDir,
    platform: String,
    unsigned: bool,
}

impl Control {
    /// Takes packages without a signature.
    fn start() -> Self {
        Self::with(true)
    }

    fn with(unsigned: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut control = Self { server: None, folder, platform: String::new(), unsigned };
        let Issued { new, text } = issue(TokenKind::Platform, None, "tests", None, None);
        control.in_the_store(async |store| {
            store.create_token(&Actor::new("cli:tests"), &new).await.expect("a token");
        });
        control.platform = text;
        control.start_again();
        control
    }

    /// Stops the server, and starts another one on the same store.
    fn start_again(&mut self) {
        self.server = None;
        let mut options = ServerOptions::of_store(PlatformOptions {
            store: StoreOptions::new(self.url()),
            bus: None,
            master_key: self.path("master.key"),
            make_master_key: true,
            cache: None,
            records: RecorderOptions::default(),
            resident: 100,
            calls_of_a_shop: 2,
            unsigned: self.unsigned,
        });
        options.listen.set_port(0);
        (options.clients.calls, options.clients.calls_of_a_shop) = (4, 2);
        self.server = Some(crate::common::start(options));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.path("store.db").display())
    }

    /// Does something with the store itself, beside the server.
    fn in_the_store<T>(&self, job: impl AsyncFnOnce(Store) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let store = Store::open(StoreOptions::new(self.url())).await.expect("the store");
            let done = job(store.clone()).await;
            store.close().await;
            done
        })
    }

    fn address(&self) -> std::net::SocketAddr {
        self.server.as_ref().expect("it was started").address()
    }

    /// Asks as the platform.
    fn api(&self) -> Api<'_> {
        self.as_token(&self.platform)
    }

    fn as_token(&self, token: &str) -> Api<'_> {
        Api { control: self, token: token.to_owned(), headers: Vec::new() }
    }

    /// Makes a shop, and gives its administrator's view.
    fn shop(&self, id: &str) -> Api<'_> {
        self.api().post("/v1/shops", &json!({"id": id, "name": id})).is(201);
        let token = json!({"kind": "shopAdmin", "label": "admin"});
        let made = self.api().post(&format!("/v1/shops/{id}/tokens"), &token).is(201).json();
        self.as_token(made["secret"].as_str().expect("a secret"))
    }

    /// Publishes the tiny plugin under a version.
    fn publish(&self, version: &str, run: &str) -> Vec<u8> {
        let component = tiny("tiny", version, plugin::TAKES_ANYTHING, run);
        self.api().publish("tiny", version, &component).is(201);
        component
    }

    /// A shop where the tiny plugin is installed as `tiny`, as a draft.
    fn installed(&self, shop: &str) -> Api<'_> {
        let admin = self.shop(shop);
        let version = self.api().get("/v1/packages/tiny/versions/1.0.0");
        if version.status == 404 {
            self.publish("1.0.0", plugin::ANSWERS_NOTHING);
        }
        admin.post(&format!("/v1/shops/{shop}/installs"), &install("1.0.0", &json!({"free": 1}))).is(201);
        admin
    }
}

/// A component that calls itself this, with the schema above.
fn tiny(name: &str, version: &str, configure: &str, run: &str) -> Vec<u8> {
    let manifest = json!({"name": name, "version": version}).to_string();
    let component = plugin::configured(configure, run);
    let component = plugin::with_section(component, "cartwright:manifest", &manifest);
    plugin::with_section(component, "cartwright:settings-schema", SCHEMA)
}

/// The body that installs the tiny plugin.
fn install(version: &str, settings: &Value) -> Value {
    json!({"hook": "shipping-quote", "package": "tiny", "version": version, "settings": settings})
}

/// Somebody who asks.
#[derive(Clone)]
struct Api<'c> {
    control: &'c Control,
    token: String,
    headers: Vec<(String, String)>,
}

impl Api<'_> {
    /// The same with one header more.
    fn header(&self, name: &str, value: &str) -> Self {
        let mut api = self.clone();
        api.headers.push((name.into(), value.into()));
        api
    }

    fn send(&self, method: &str, path: &str, media_type: Option<&str>, body: &[u8]) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(media_type.map(|media_type| ("content-type", media_type)));
        headers.extend(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        ask(self.control.address(), method, path, &headers, body)
    }

    fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, b"")
    }

    fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, b"")
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, Some("application/json"), body.to_string().as_bytes())
    }

    fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, Some("application/json"), body.to_string().as_bytes())
    }

    fn publish(&self, package: &str, version: &str, component: &[u8]) -> Reply {
        let api = self.header("content-digest", &Digest::of(component).to_header());
        api.send("PUT", &format!("/v1/packages/{package}/versions/{version}"), Some("application/wasm"), component)
    }

    fn publish_signed(&self, key: &AuthorKey, package: &str, version: &str, component: &[u8]) -> Reply {
        let signature = key.sign(component, package, version).expect("a signature");
        self.header("cartwright-signature", &STANDARD.encode(signature.to_string()))
            .publish(package, version, component)
    }

    /// All items of a list, page by page.
    fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let (mut items, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}?limit={limit}{after}")).is(200).json();
            let page_items = page["items"].as_array().expect("items");
            assert!(page_items.len() <= limit, "{page}");
            items.extend_from_slice(page_items);
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return items,
            }
        }
    }
}

/// What answers are asked for.
trait Expect {
    /// Checks the status, and what every answer of the control plane has.
    fn is(self, status: u16) -> Reply;
    /// Checks that it is this problem; gives its body.
    fn refused(self, status: u16, code: &str) -> Value;
}

impl Expect for Reply {
    fn is(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{self:?}");
        self
    }

    fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(self.problem(), (status, code.to_owned()), "{self:?}");
        self.json()
    }
}
