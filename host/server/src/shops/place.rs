//! Who answers at a shop's hook: the live plugins, and what is tried beside them.
//!
//! A shop of the store has its plugins installed when it is first asked, and they may be put away again while nobody asks: ten thousand
//! installs on one machine need no memory for the nine thousand that sleep. What this module must not know: how a plugin is made, HTTP.

use super::Installed;
use arc_swap::ArcSwapOption;
use cartwright_runtime::composition::Compose;
use metrics::{Counter, Histogram};
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// How far a revision has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Answers.
    Live,
    /// Answers a share of the requests.
    Canary,
    /// Runs beside the live one; its answers are compared and never shown.
    Shadow,
}

impl Stage {
    /// As in records, statistics and labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Canary => "canary",
            Self::Shadow => "shadow",
        }
    }
}

/// One revision of one install at this hook: what to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub install: Arc<str>,
    pub revision: i64,
    pub stage: Stage,
    pub package: Arc<str>,
    pub version: Arc<str>,
    /// Of the component.
    pub digest: Arc<str>,
    /// Of the settings.
    pub settings: Arc<str>,
    /// Of a canary: how many requests of a thousand it answers.
    pub share: u32,
    /// A call that takes longer is counted as slow.
    pub slow: Duration,
}

/// A candidate beside the live plugins: the same plugins in the same order with one revision exchanged.
pub struct Trial<H: Compose> {
    pub member: Member,
    pub installed: Arc<Installed<H>>,
}

impl<H: Compose> Trial<H> {
    /// Whether a canary answers the request with this key. The same key always gets the same answer, and another candidate draws anew.
    pub fn takes(&self, key: &[u8]) -> bool {
        let mut hash = blake3::Hasher::new();
        hash.update(self.member.install.as_bytes()).update(&self.member.revision.to_le_bytes()).update(key);
        let drawn = hash.finalize();
        let drawn = drawn.as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        self.member.stage == Stage::Canary && drawn % 1_000 < u64::from(self.member.share)
    }
}

/// What stands at a hook at one moment.
pub struct Deployed<H: Compose> {
    pub live: Arc<Installed<H>>,
    pub trials: Vec<Trial<H>>,
    /// Whether everything that should be there could be installed; what is missing is tried again soon.
    pub whole: bool,
    /// Of a shop of the store: made by its first decision, since to look them up costs a call more than to record.
    pub figures: OnceLock<Figures>,
}

/// The metrics of a hook's decisions.
#[derive(Debug)]
pub struct Figures {
    pub seconds: Histogram,
    pub fuel: Histogram,
    pub fallbacks: Counter,
}

impl Figures {
    /// By the shop's class and the hook.
    pub fn of(class: &str, hook: &'static str) -> Self {
        let labels = [("class", class.to_owned()), ("hook", hook.to_owned())];
        Self {
            seconds: metrics::histogram!("cartwright_decision_seconds", &labels),
            fuel: metrics::histogram!("cartwright_decision_fuel", &labels),
            fallbacks: metrics::counter!("cartwright_decision_fallbacks_total", &labels),
        }
    }
}

/// Installs what should stand at a hook. May take as long as compiling does.
pub type Make<H> = Box<dyn Fn(&[Member]) -> Deployed<H> + Send + Sync>;

/// A hook of a shop.
pub struct Place<H: Compose> {
    /// What should stand here, in the merchant's order: live revisions and candidates.
    pub members: Vec<Member>,
    deployed: ArcSwapOption<Deployed<H>>,
    lazy: Option<Lazy<H>>,
}

struct Lazy<H: Compose> {
    make: Make<H>,
    /// Held while it is made, so that a rush to a cold shop installs it once; and when something was missing, since when.
    making: Mutex<Option<Instant>>,
    /// In coarse milliseconds of whoever asks.
    used: AtomicI64,
}

/// How soon what could not be installed is tried again.
const AGAIN: Duration = Duration::from_secs(1);

impl<H: Compose> Place<H> {
    /// Plugins that are installed already and stay so.
    pub fn fixed(live: Installed<H>) -> Self {
        let deployed = Deployed { live: Arc::new(live), trials: Vec::new(), whole: true, figures: OnceLock::new() };
        Self { members: Vec::new(), deployed: ArcSwapOption::from_pointee(deployed), lazy: None }
    }

    /// Plugins that are installed on the first call.
    pub fn lazy(members: Vec<Member>, make: Make<H>) -> Self {
        let lazy = Lazy { make, making: Mutex::new(None), used: AtomicI64::new(0) };
        Self { members, deployed: ArcSwapOption::empty(), lazy: Some(lazy) }
    }

    /// What stands here now; on the first call, after it was installed.
    pub fn deployed(&self) -> Arc<Deployed<H>> {
        let there = self.deployed.load_full();
        let Some(lazy) = &self.lazy else { return there.expect("what is fixed is never taken away") };
        lazy.used.store(coarse_millis(), Ordering::Relaxed);
        if let Some(there) = there.as_ref().filter(|there| there.whole) {
            return there.clone();
        }
        let mut tried = match (lazy.making.try_lock(), there) {
            (Ok(tried), _) => tried,
            (Err(TryLockError::Poisoned(poisoned)), _) => poisoned.into_inner(),
            // Somebody is at what is missing, and may wait long for a store that is away; what is there answers meanwhile.
            (Err(TryLockError::WouldBlock), Some(there)) => return there,
            (Err(TryLockError::WouldBlock), None) => lazy.making.lock().unwrap_or_else(PoisonError::into_inner),
        };
        if let Some(there) = self.deployed.load_full()
            && (there.whole || tried.is_some_and(|tried| tried.elapsed() < AGAIN))
        {
            return there;
        }
        let made = Arc::new((lazy.make)(&self.members));
        *tried = Some(Instant::now());
        self.deployed.store(Some(made.clone()));
        made
    }
}

/// A place, whichever hook it is of.
pub trait AnyPlace {
    /// As `shipping-quote`.
    fn hook(&self) -> &'static str;
    /// What should stand here.
    fn members(&self) -> &[Member];
    /// Gives the memory back; the next call installs again. Says whether there was something.
    fn put_away(&self) -> bool;
    /// When it was last asked, in coarse milliseconds; `None` for one that is never put away or not there.
    fn used(&self) -> Option<i64>;
}

impl<H: Compose> AnyPlace for Place<H> {
    fn hook(&self) -> &'static str {
        H::NAME
    }

    fn members(&self) -> &[Member] {
        &self.members
    }

    fn put_away(&self) -> bool {
        self.lazy.is_some() && self.deployed.swap(None).is_some()
    }

    fn used(&self) -> Option<i64> {
        self.deployed.load().as_ref()?;
        self.lazy.as_ref().map(|lazy| lazy.used.load(Ordering::Relaxed))
    }
}

/// Since the process's first use of it.
fn coarse_millis() -> i64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    i64::try_from(START.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(i64::MAX)
}

impl<H: Compose> fmt::Debug for Place<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("hook", &H::NAME).field("members", &self.members).finish_non_exhaustive()
    }
}
