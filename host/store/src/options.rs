//! How a store is opened.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What a store is opened with.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH` (the file is made when it is missing, for its owner alone), or `postgres://…`. `sqlite::memory:` keeps nothing.
    pub url: String,
    /// How many connections at most; of `SQLite` one more, which writes.
    pub connections: u32,
    /// How long a call waits for a connection. A `PostgreSQL` that is down is noticed after this time.
    pub acquire_timeout: Duration,
    /// How long a call may take in all. Reading all installs, cutting shards and pruning may take longer.
    pub timeout: Duration,
    pub clock: Clock,
    /// For tests of a full disk: the most pages that the `SQLite` file may have.
    pub sqlite_max_pages: Option<u32>,
}

impl StoreOptions {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 8,
            acquire_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(5),
            clock: Clock::default(),
            sqlite_max_pages: None,
        }
    }
}

/// What time it is for the store. Read once in each mutation.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// `PostgreSQL`'s, which all replicas share; with `SQLite` this machine's.
    #[default]
    System,
    /// For tests: milliseconds UTC, moved by hand.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Of this process.
    pub(crate) fn millis(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Manual(millis) => millis.load(Ordering::Relaxed),
        }
    }
}

impl StoreOptions {
    /// The URL without its password.
    pub(crate) fn shown_url(&self) -> String {
        let Some((scheme, rest)) = self.url.split_once("://") else { return self.url.clone() };
        let authority_end = rest.find('/').unwrap_or(rest.len());
        let shown = match rest[..authority_end].rfind('@') {
            None => rest,
            Some(at) => {
                let user = rest[..at].split(':').next().unwrap_or_default();
                return format!("{scheme}://{user}@{}", without_query(&rest[at + 1..]));
            }
        };
        format!("{scheme}://{}", without_query(shown))
    }
}

/// A password may stand there too.
fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

impl Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("url", &self.shown_url())
            .field("connections", &self.connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
