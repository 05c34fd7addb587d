//! What the operator allows every shop, each number with its unit and its reason.

use crate::clock::{Clock, SystemClock};
use crate::names::{Names, SystemNames};
use ipnet::IpNet;
use std::sync::Arc;
use std::time::Duration;

/// How one process asks the outside world.
#[derive(Debug, Clone)]
pub struct OutsideOptions {
    /// Requests that one plan may hold.
    pub requests: usize,
    /// The longest that one request may take, from its place in the queue to the last byte of its reply.
    pub timeout: Duration,
    /// A request's URL, in bytes.
    pub url_bytes: usize,
    /// A request's headers: so many, and so many bytes of names and values together.
    pub request_headers: usize,
    pub request_header_bytes: usize,
    /// A request's body, in bytes.
    pub request_bytes: usize,
    /// A reply's headers.
    pub reply_headers: usize,
    /// A reply's headers in bytes; 8 KiB at least.
    pub reply_header_bytes: usize,
    /// A reply's body in bytes. All replies of a plan must fit into the input of the plugin's call.
    pub reply_bytes: usize,
    /// Allows `http:` URLs. What is sent by them can be read on the way, secrets too: for tests, and services on the premises.
    pub allow_http: bool,
    /// Networks that may be asked although they are not public: `10.1.0.0/16`, or `127.0.0.0/8` for tests.
    pub allow_networks: Vec<IpNet>,
    /// Public networks that may not be asked, such as the operator's own; goes before `allow_networks`.
    pub deny_networks: Vec<IpNet>,
    /// Certificates of authorities to be trusted besides the public ones, as DER.
    pub extra_roots: Vec<Vec<u8>>,
    /// Requests that may be under way at the same moment: of one shop, and of all.
    pub concurrent_per_shop: usize,
    pub concurrent: usize,
    /// The longest that a plugin may have a reply used again.
    pub most_cache_for: Duration,
    /// Bytes and entries of the cache: of one shop, and of all.
    pub cache_bytes_per_shop: usize,
    pub cache_bytes: usize,
    pub cache_entries: usize,
    pub breaker: BreakerOptions,
    pub clock: Arc<dyn Clock>,
    pub names: Arc<dyn Names>,
}

/// When a host that fails is left alone, and for how long.
#[derive(Debug, Clone)]
pub struct BreakerOptions {
    /// So many failures in a row open the breaker ...
    pub failures: usize,
    /// ... when the first of them is no older than this.
    pub window: Duration,
    /// How long the breaker stays open before one request is let through to see.
    pub pause: Duration,
}

impl Default for BreakerOptions {
    fn default() -> Self {
        Self { failures: 5, window: Duration::from_secs(30), pause: Duration::from_secs(10) }
    }
}

impl Default for OutsideOptions {
    fn default() -> Self {
        Self {
            requests: 8,
            // A checkout that waits longer than this has lost its shopper.
            timeout: Duration::from_secs(2),
            url_bytes: 8 << 10,
            request_headers: 32,
            request_header_bytes: 8 << 10,
            request_bytes: 256 << 10,
            reply_headers: 100,
            reply_header_bytes: 32 << 10,
            reply_bytes: 256 << 10,
            allow_http: false,
            allow_networks: Vec::new(),
            deny_networks: Vec::new(),
            extra_roots: Vec::new(),
            concurrent_per_shop: 64,
            concurrent: 512,
            most_cache_for: Duration::from_hours(24),
            cache_bytes_per_shop: 4 << 20,
            cache_bytes: 64 << 20,
            cache_entries: 50_000,
            breaker: BreakerOptions::default(),
            clock: Arc::new(SystemClock),
            names: Arc::new(SystemNames),
        }
    }
}
