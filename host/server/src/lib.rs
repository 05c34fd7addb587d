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
mod hooks;
mod json;
mod metrics;
pub mod options;
mod outside;
mod problem;
mod router;
mod running;
mod serve;
mod shops;
mod status;
pub mod tenancy;

pub use error::{ConfigurationIssue, StartError};
pub use options::{ClientLimits, ServerOptions};
pub use router::document as openapi_document;
pub use running::Running;
pub use shops::{PluginIdentity, Progress};

use crate::app::App;
use crate::estimates::key::SigningKey;
use crate::shops::Shops;
use cartwright_outside::Blocking;
use cartwright_runtime::{Engine, EngineOptions};
use cartwright_velocity::Velocity;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// A server with all its plugins installed.
pub struct Server {
    listen: SocketAddr,
    app: Arc<App>,
}

/// A server that listens; connections wait until it serves them.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    app: Arc<App>,
}

impl Server {
    /// Reads the shops and installs their plugins, which takes up to some seconds for each that is not in the cache.
    ///
    /// # Errors
    /// Everything that is wrong with the options, the shops or their plugins; nothing is served by halves.
    pub fn prepare(options: ServerOptions, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Self, StartError> {
        check(&options.clients)?;
        // Before the first install, so that the plugins' own metrics are counted too.
        let recorder = metrics::recorder();
        let configurations = config::read(&options.shops).map_err(StartError::Configuration)?;
        let sandboxes = u32::try_from(options.clients.calls).unwrap_or(u32::MAX);
        let engine = Engine::new(EngineOptions {
            sandboxes,
            cache: options.cache,
            limits: options.plugins,
            ..EngineOptions::default()
        })?;
        let shops = Shops::install(&engine, configurations, options.clients.calls_of_a_shop, progress)
            .map_err(StartError::Configuration)?;
        let outside = Blocking::new(options.outside)?;
        let velocity = Velocity::open(options.velocity)?;
        let signing = SigningKey::open(options.state.as_deref()).map_err(StartError::SigningKey)?;
        #[allow(clippy::cast_precision_loss)] // nobody has 2^52 shops
        ::metrics::gauge!("cartwright_shops").set(shops.len() as f64);
        Ok(Self {
            listen: options.listen,
            app: Arc::new(App::new(shops, options.clients, recorder, outside, velocity, signing, options.site)),
        })
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// When the address is taken or not this machine's.
    pub async fn bind(self) -> io::Result<Bound> {
        let listener = TcpListener::bind(self.listen).await?;
        let address = listener.local_addr()?;
        Ok(Bound { listener, address, app: self.app })
    }

    /// Listens and serves on a thread of its own with a tokio runtime of its own: for tests, and for programs without tokio.
    ///
    /// # Errors
    /// When the address is taken or not this machine's, or no thread can be started.
    pub fn start(self) -> io::Result<Running> {
        Running::start(self)
    }
}

impl Bound {
    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` is done. Then `/readyz` says no for [`ClientLimits::notice`], no more connections are taken, and what is
    /// under way may end within [`ClientLimits::drain`].
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let router = router::router(self.app.clone());
        serve::serve(self.listener, router, self.app, shutdown).await;
    }
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
