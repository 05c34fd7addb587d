//! What the operator decides: where to listen, where the shops stand, and how much any client may take.
//!
//! What this module must not know: what the numbers are used for.

use crate::platform::PlatformOptions;
use cartwright_outside::OutsideOptions;
use cartwright_runtime::Limits;
use cartwright_velocity::VelocityOptions;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How a [`crate::Server`] is set up.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Port 0 lets the system choose; [`crate::Bound::address`] says what it chose.
    pub listen: SocketAddr,
    /// The folder with one folder for each shop, open to whoever reaches the server; `None` for the store's shops only.
    pub shops: Option<PathBuf>,
    /// A store of shops that change while the server runs; `None` for the folder's only.
    pub platform: Option<PlatformOptions>,
    /// Where compiled plugins are kept between runs; `None` keeps none.
    pub cache: Option<PathBuf>,
    /// What one call of a plugin may use up.
    pub plugins: Limits,
    /// What clients may use up.
    pub clients: ClientLimits,
    /// How plugins' requests to the outside are made.
    pub outside: OutsideOptions,
    /// The counters for order screening. Without a folder they begin anew with every start.
    pub velocity: VelocityOptions,
    /// Where the key that signs estimate bundles is kept; `None` makes one for this process, so that a page that has it written into it
    /// works until the next start.
    pub state: Option<PathBuf>,
    /// A folder of files that are served at `/`, beside the API: a storefront, the estimator's script.
    pub site: Option<PathBuf>,
    /// Serves by TLS only; `None` in the clear, for behind a proxy that does it.
    pub tls: Option<Tls>,
}

/// The server's own certificate. Both files are read again when they change, and on SIGHUP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// PEM: the server's certificate first, then those that lead to its authority.
    pub certificates: PathBuf,
    /// PEM: the first certificate's private key, without a password.
    pub key: PathBuf,
}

impl ServerOptions {
    /// The shops of a store: loopback on port 8080, no cache, default limits.
    pub fn of_store(platform: PlatformOptions) -> Self {
        Self { shops: None, platform: Some(platform), ..Self::new("") }
    }

    /// The shops of a folder: loopback on port 8080, no cache, default limits.
    pub fn new(shops: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            shops: Some(shops.into()),
            platform: None,
            cache: None,
            plugins: Limits::default(),
            clients: ClientLimits::default(),
            outside: OutsideOptions::default(),
            velocity: VelocityOptions::default(),
            state: None,
            site: None,
            tls: None,
        }
    }
}

/// What clients may use up, so that none of them can take the server from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientLimits {
    /// Bytes of a request's body; more is answered with 413.
    pub body: usize,
    /// Connections at the same moment; more wait in the system's backlog.
    pub connections: usize,
    /// Calls of plugins at the same moment, 1 to [`ClientLimits::MOST_CALLS`]; more are answered with 503.
    pub calls: usize,
    /// Of these, calls of one shop's plugins: a shop whose plugin burns its whole deadline leaves the rest to the others.
    pub calls_of_a_shop: usize,
    /// How long a client may take for a request's head, be silent between two requests, or stay without any request.
    pub head: Duration,
    /// How long a client may take for a request's body; longer is answered with 408.
    pub upload: Duration,
    /// How long a request may take in all; longer is answered with 503.
    pub request: Duration,
    /// How long a request of the control plane may take: uploads and compiling take longer than decisions.
    pub control: Duration,
    /// How long `/readyz` says 503 while requests are still taken, so that a load balancer hears of the shutdown first.
    pub notice: Duration,
    /// How long requests that are under way may then go on.
    pub drain: Duration,
}

impl ClientLimits {
    /// The threads that tokio gives to blocking work by default; more calls than that would queue unseen.
    pub const MOST_CALLS: usize = 512;
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            body: 2 << 20,
            connections: 10_000,
            calls: 64,
            calls_of_a_shop: 48,
            head: Duration::from_secs(30),
            upload: Duration::from_secs(5),
            request: Duration::from_secs(10),
            control: Duration::from_mins(2),
            notice: Duration::ZERO,
            drain: Duration::from_secs(10),
        }
    }
}
