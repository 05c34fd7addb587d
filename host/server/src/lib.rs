//! The HTTP server: merchants' plugins behind one address for each hook, `POST /v1/shops/{shop}/quotes` and so on, and what an operator needs around it.
//!
//! ```no_run
//! use cartwright_server::{Server, ServerOptions};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::prepare(ServerOptions::new("shops"), &mut |step| println!("{step:?}"))?;
//! let bound = server.bind().await?;
//! println!("listening on {}", bound.address());
//! bound.serve(async { tokio::signal::ctrl_c().await.unwrap_or_default() }).await;
//! # Ok(())
//! # }
//! ```
//!
//! From the bottom up: [`options`] are the operator's numbers; [`error`] says why a server does not start; `json` reads documents;
//! [`config`] reads the folder of shops; `calls` keeps plugins off the threads that serve connections; `fallback` answers for failed plugins;
//! `outside` makes the requests of their plans; `shops` installs; `problem`
//! is what clients get instead of an answer; `app` is the shared state; `edge`, `body`, `decide`, `hooks`, `estimates` and `status` answer;
//! `router` lists the addresses and writes the OpenAPI document; `serve` holds the connections.
//!
//! What this crate must not know: wasmtime, the core's rules, any plugin's settings.

mod app;
mod body;
mod calls;
pub mod config;
mod control;
mod decide;
mod edge;
pub mod error;
mod estimates;
mod fallback;
mod files;
mod hooks;
mod json;
mod metrics;
pub mod options;
mod outside;
pub mod platform;
mod problem;
mod router;
mod running;
mod serve;
mod shops;
mod status;
pub mod tenancy;
mod tls;
pub mod traces;
pub mod webhooks;

pub use error::{ConfigurationIssue, StartError};
pub use options::{ClientLimits, ServerOptions, Tls};
pub use platform::{Platform, PlatformError, PlatformOptions};
pub use router::document as openapi_document;
pub use running::Running;
pub use shops::{PluginIdentity, Progress};
pub use tls::TlsError;

use crate::app::{App, Made};
use crate::estimates::key::SigningKey;
use crate::serve::Door;
use crate::shops::Shops;
use crate::tls::Certificate;
use crate::webhooks::{Webhooks, WebhooksOptions};
use cartwright_outside::{Blocking, Outside, OutsideOptions};
use cartwright_runtime::{Engine, EngineOptions};
use cartwright_velocity::{Velocity, VelocityOptions};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Sandboxes beside those of the calls that may run at a moment; each reserves address space and no memory.
const MORE_SANDBOXES: usize = 192;

/// A server with all its plugins installed.
pub struct Server {
    listen: SocketAddr,
    certificate: Option<Arc<Certificate>>,
    made: Made,
    engine: Engine,
    platform: Option<PlatformOptions>,
    /// For the counters of a store's replicas.
    velocity: VelocityOptions,
    /// For webhooks, which are sent from the server's own runtime.
    outside: OutsideOptions,
}

/// A server that listens; connections wait until it serves them.
pub struct Bound {
    door: Door,
    address: SocketAddr,
    app: Arc<App>,
    webhooks: Option<Webhooks>,
}

impl Server {
    /// Reads the shops and installs their plugins, which takes up to some seconds for each that is not in the cache.
    ///
    /// # Errors
    /// Everything that is wrong with the options, the shops or their plugins; nothing is served by halves.
    pub fn prepare(options: ServerOptions, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Self, StartError> {
        check(&options.clients)?;
        let certificate = options.tls.map(Certificate::open).transpose()?.map(Arc::new);
        // Before the first install, so that the plugins' own metrics are counted too.
        let recorder = metrics::recorder();
        if options.shops.is_none() && options.platform.is_none() {
            return Err(StartError::Nothing);
        }
        let configurations =
            options.shops.as_deref().map(config::read).transpose().map_err(StartError::Configuration)?;
        // Shadows, backtests and the calls of noisy shops run beside those that have a slot; and a sandbox that last held another plugin
        // takes three times as long to make ready, so thousands of shops want more of them than calls run at a moment.
        let beside = if options.platform.is_some() { MORE_SANDBOXES } else { 0 };
        let sandboxes = u32::try_from(options.clients.calls + beside).unwrap_or(u32::MAX);
        let limits = options.plugins;
        let engine =
            Engine::new(EngineOptions { sandboxes, cache: options.cache, limits, ..EngineOptions::default() })?;
        let calls_of_a_shop = options.clients.calls_of_a_shop;
        let shops = shops::folder::install_all(&engine, configurations.unwrap_or_default(), calls_of_a_shop, progress)
            .map_err(StartError::Configuration)?;
        let outside = Blocking::new(options.outside.clone())?;
        // With a store, all its replicas count together: those counters are opened with it.
        let folder = options.velocity.folder.clone().filter(|_| options.platform.is_none());
        let velocity = Arc::new(Velocity::open(VelocityOptions { folder, ..options.velocity.clone() })?);
        let signing = SigningKey::open(options.state.as_deref()).map_err(StartError::SigningKey)?;
        let made = Made {
            shops: Arc::new(Shops::new(shops)),
            clients: options.clients,
            metrics: recorder,
            outside,
            velocity,
            signing,
            site: options.site,
            platform: None,
        };
        let (listen, platform, outside) = (options.listen, options.platform, options.outside);
        let velocity = options.velocity;
        Ok(Self { listen, certificate, made, engine, platform, velocity, outside })
    }

    /// Opens the store, where there is one, and begins to listen.
    ///
    /// # Errors
    /// When the store or the bus cannot be opened, or the address is taken or not this machine's.
    pub async fn bind(self) -> Result<Bound, StartError> {
        let Self { listen, certificate, mut made, engine, platform, velocity, outside } = self;
        let listener = TcpListener::bind(listen).await.map_err(StartError::Listen)?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        if let Some(options) = platform {
            let platform = Platform::open(options, engine, made.shops.clone()).await?;
            if !made.signing.kept() {
                made.signing = platform.signing_key().await.map_err(StartError::SigningKey)?;
            }
            made.velocity = platform.velocity(velocity).await.map_err(PlatformError::from)?;
            made.platform = Some(platform);
        }
        let webhooks = made.platform.as_ref().map(|platform| deliver(platform, outside)).transpose()?;
        let door = Door { listener, certificate };
        Ok(Bound { door, address, app: Arc::new(App::new(made)), webhooks })
    }

    /// Listens and serves on a thread of its own with a tokio runtime of its own: for tests, and for programs without tokio.
    ///
    /// # Errors
    /// As [`Server::bind`], or when no thread can be started.
    pub fn start(self) -> Result<Running, StartError> {
        Running::start(self)
    }
}

impl Bound {
    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as clients write it.
    pub fn url(&self) -> String {
        let scheme = if self.door.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves until `shutdown` is done. Then `/readyz` says no for [`ClientLimits::notice`], no more connections are taken, and what is
    /// under way may end within [`ClientLimits::drain`].
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let router = router::router(self.app.clone());
        let platform = self.app.platform.clone();
        serve::serve(self.door, router, self.app, shutdown).await;
        drop(self.webhooks);
        if let Some(platform) = platform {
            platform.close().await;
        }
    }
}

/// Tells merchants' systems what happens in the store.
fn deliver(platform: &Arc<Platform>, options: OutsideOptions) -> Result<Webhooks, StartError> {
    let keys = platform.keys.clone();
    let open = move |about: &str, sealed: &[u8]| keys.open_sealed(about, sealed).map_err(|error| error.to_string());
    let outside = Outside::new(options)?;
    let (store, hint) = (platform.store.clone(), platform.events.clone());
    Ok(Webhooks::start(store, outside, Arc::new(open), hint, WebhooksOptions::default()))
}

fn check(clients: &ClientLimits) -> Result<(), StartError> {
    let most = ClientLimits::MOST_CALLS;
    let ranges = [
        ("the limit of calls", clients.calls, most),
        ("the limit of a shop's calls", clients.calls_of_a_shop, clients.calls.min(most)),
        ("the limit of connections", clients.connections, tokio::sync::Semaphore::MAX_PERMITS),
        ("the limit of a body's bytes", clients.body, usize::MAX),
    ];
    for (option, value, most) in ranges {
        if value == 0 || value > most {
            return Err(StartError::Option { option, value, right: format!("1 to {most}") });
        }
    }
    Ok(())
}
