//! Whose token a request carries, and what that allows.
//!
//! A token is looked up in the store and then remembered, so that a checkout costs the store nothing: for 30 seconds without asking again
//! (a change hint ends that at once), and for an hour while the store does not answer, so that checkouts go on without it. Unknown
//! ids are remembered for 5 seconds. What is remembered is bounded, and so are the look-ups under way: a flood of invented tokens neither
//! fills the memory nor takes the store's connections.
//!
//! What this module must not know: what is asked for.

use crate::problem::{Kind, Problem};
use crate::tenancy::token::Shown;
use axum::http::{HeaderMap, header};
use cartwright_outside::{Clock, SystemClock};
use cartwright_store::{Actor, Store, StoreError, TokenKind, TokenProof};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Semaphore;

pub use crate::tenancy::token::{Issued, Renewed, issue, renew};

/// How long a token that was found is not looked up again.
const FRESH: Duration = Duration::from_secs(30);
/// How long one that was not there is not.
const MISSING: Duration = Duration::from_secs(5);
/// How long one that was found works while the store does not answer.
const WITHOUT_STORE: Duration = Duration::from_hours(1);
/// How long the store is left alone after it did not answer.
const PAUSE: Duration = Duration::from_secs(5);
/// How long a look-up may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Look-ups at the same moment.
const LOOK_UPS: usize = 8;
/// Tokens that are remembered, and ids that were not there.
const MOST: usize = 20_000;
const MOST_MISSING: usize = 10_000;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The token's id.
    pub token: String,
    pub kind: TokenKind,
    /// The shop that it is for; none for the platform.
    pub shop: Option<String>,
}

impl Caller {
    /// Whoever runs the platform.
    ///
    /// # Errors
    /// 403 for everybody else.
    pub fn platform(&self) -> Result<(), Problem> {
        match self.kind {
            TokenKind::Platform => Ok(()),
            TokenKind::ShopAdmin | TokenKind::ShopCheckout => {
                Err(Problem::new(Kind::Forbidden, "this takes a platform token; the token is a shop's"))
            }
        }
    }

    /// Who may change this shop: its administrator, the platform. The shop need not exist: a token tells nobody which shops there are.
    ///
    /// # Errors
    /// 403 for everybody else.
    pub fn admin_of(&self, shop: &str) -> Result<(), Problem> {
        match self.kind {
            TokenKind::Platform => Ok(()),
            TokenKind::ShopAdmin => self.is_of(shop),
            TokenKind::ShopCheckout => {
                self.is_of(shop)?;
                Err(Problem::new(
                    Kind::Forbidden,
                    "this takes the shop's admin token; a checkout token asks for decisions only",
                ))
            }
        }
    }

    /// Who may ask this shop's plugins: its checkout, its administrator, the platform.
    ///
    /// # Errors
    /// 403 for everybody else.
    pub fn checkout_of(&self, shop: &str) -> Result<(), Problem> {
        if self.kind == TokenKind::Platform { Ok(()) } else { self.is_of(shop) }
    }

    fn is_of(&self, shop: &str) -> Result<(), Problem> {
        if self.shop.as_deref() == Some(shop) {
            return Ok(());
        }
        let own = self.shop.as_deref().unwrap_or_default();
        Err(Problem::new(Kind::Forbidden, format!("the token is for the shop {own:?} alone")))
    }

    /// As the audit log names who did it.
    pub fn actor(&self, request: &str) -> Actor {
        Actor { name: format!("token:{}", self.token), request: Some(request.to_owned()) }
    }
}

/// Where tokens are looked up.
pub trait Proofs: Send + Sync {
    /// What proves the token of this id, if there is one.
    ///
    /// # Errors
    /// As the store's.
    fn token_proof(&self, id: &str) -> impl Future<Output = Result<Option<TokenProof>, StoreError>> + Send;
}

impl Proofs for Store {
    fn token_proof(&self, id: &str) -> impl Future<Output = Result<Option<TokenProof>, StoreError>> + Send {
        Store::token_proof(self, id)
    }
}

/// Knows tokens.
#[derive(Debug)]
pub struct Authority<P: Proofs = Store> {
    proofs: P,
    known: Mutex<Known>,
    look_ups: Semaphore,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Known {
    found: HashMap<String, Found>,
    /// Until when each is not looked up again.
    missing: HashMap<String, Instant>,
    /// The store did not answer lately; until then nobody asks, then one does.
    pause: Option<Instant>,
}

impl std::fmt::Debug for Known {
    /// Without hashes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({} tokens)", self.found.len())
    }
}

struct Found {
    proof: Arc<TokenProof>,
    fresh_until: Instant,
    known_until: Instant,
}

/// What is remembered of a token.
enum Memory {
    /// Enough to answer.
    Proof(Arc<TokenProof>),
    /// It is not there.
    Missing,
    /// Look it up; should the store not answer, this still counts.
    Ask(Option<Arc<TokenProof>>),
    /// The store does not answer, and nothing is known.
    StoreDown,
}

impl Authority {
    pub fn new(store: Store) -> Self {
        Self::with_clock(store, Arc::new(SystemClock))
    }
}

impl<P: Proofs> Authority<P> {
    fn with_clock(proofs: P, clock: Arc<dyn Clock>) -> Self {
        Self { proofs, known: Mutex::default(), look_ups: Semaphore::new(LOOK_UPS), clock }
    }

    /// Who sent these headers.
    ///
    /// # Errors
    /// 401 when there is no good token in them, 503 when the store does not answer and the token is not remembered.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let text = bearer(headers)?;
        let shown = Shown::read(text).ok_or_else(|| {
            unauthenticated(
                "the token does not have the form of one; give it as it was shown: `cw_<kind>_<id>_<secret>`",
            )
        })?;
        let proof = self.proof(shown.id).await?.ok_or_else(unknown)?;
        check(&proof, &shown, now_utc())
    }

    /// A token changed, or some of them: what is remembered is looked up again before it is used.
    pub fn changed(&self, id: Option<&str>) {
        let now = self.clock.now();
        let mut known = self.known();
        if let Some(id) = id {
            known.missing.remove(id);
            if let Some(found) = known.found.get_mut(id) {
                found.fresh_until = now;
            }
        } else {
            known.missing.clear();
            known.found.values_mut().for_each(|found| found.fresh_until = now);
        }
    }

    async fn proof(&self, id: &str) -> Result<Option<Arc<TokenProof>>, Problem> {
        let fallback = match self.remembered(id) {
            Memory::Proof(proof) => return Ok(Some(proof)),
            Memory::Missing => return Ok(None),
            Memory::StoreDown => return Err(store_down()),
            Memory::Ask(fallback) => fallback,
        };
        match tokio::time::timeout(PATIENCE, self.look_up(id)).await {
            Ok(Ok(proof)) => Ok(proof),
            Ok(Err(error)) if !error.is_unavailable() => Err(error.into()),
            // Slow is as bad as down.
            Ok(Err(_)) | Err(_) => {
                self.known().pause = Some(self.clock.now() + PAUSE);
                tracing::warn!("the store does not answer; tokens that are known go on working for an hour");
                fallback.map(Some).ok_or_else(store_down)
            }
        }
    }

    fn remembered(&self, id: &str) -> Memory {
        let now = self.clock.now();
        let mut known = self.known();
        if known.missing.get(id).is_some_and(|until| now < *until) {
            return Memory::Missing;
        }
        let found = known.found.get(id).filter(|found| now < found.known_until);
        if let Some(found) = found.filter(|found| now < found.fresh_until) {
            return Memory::Proof(found.proof.clone());
        }
        let proof = found.map(|found| found.proof.clone());
        match known.pause {
            Some(until) if now < until => proof.map_or(Memory::StoreDown, Memory::Proof),
            Some(_) => {
                // One asks whether it is back; meanwhile the others go on as they were.
                known.pause = Some(now + PAUSE);
                Memory::Ask(proof)
            }
            None => Memory::Ask(proof),
        }
    }

    async fn look_up(&self, id: &str) -> Result<Option<Arc<TokenProof>>, StoreError> {
        // The semaphore is never closed.
        let _turn = self.look_ups.acquire().await.ok();
        // Somebody else may have looked it up in the meantime.
        match self.looked_up_meanwhile(id) {
            Some(Memory::Proof(proof)) => return Ok(Some(proof)),
            Some(_) => return Ok(None),
            None => {}
        }
        let proof = self.proofs.token_proof(id).await?.map(Arc::new);
        let now = self.clock.now();
        let mut known = self.known();
        known.pause = None;
        if let Some(proof) = &proof {
            known.missing.remove(id);
            make_room(&mut known.found, MOST, |found| found.known_until > now);
            let (fresh_until, known_until) = (now + FRESH, now + WITHOUT_STORE);
            known.found.insert(id.to_owned(), Found { proof: proof.clone(), fresh_until, known_until });
        } else {
            known.found.remove(id);
            make_room(&mut known.missing, MOST_MISSING, |until| *until > now);
            known.missing.insert(id.to_owned(), now + MISSING);
        }
        Ok(proof)
    }

    fn looked_up_meanwhile(&self, id: &str) -> Option<Memory> {
        let now = self.clock.now();
        let known = self.known();
        if known.missing.get(id).is_some_and(|until| now < *until) {
            return Some(Memory::Missing);
        }
        known.found.get(id).filter(|found| now < found.fresh_until).map(|found| Memory::Proof(found.proof.clone()))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps a map below its bound: what is over goes first, then anything.
fn make_room<V>(map: &mut HashMap<String, V>, most: usize, stays: impl Fn(&V) -> bool) {
    if map.len() < most {
        return;
    }
    map.retain(|_, value| stays(value));
    // A tenth at a time, so that not every further one sweeps again.
    let surplus = (map.len() + most / 10).saturating_sub(most);
    let gone: Vec<_> = map.keys().take(surplus).cloned().collect();
    for id in gone {
        map.remove(&id);
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unauthenticated("give one token, as the header `authorization: Bearer cw_…`"));
    };
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthenticated("the header `authorization` is not `Bearer` with a token; give `Bearer cw_…`"));
    }
    Ok(token.trim_matches(' '))
}

fn check(proof: &TokenProof, shown: &Shown<'_>, now: i64) -> Result<Caller, Problem> {
    let is = |hash: &[u8]| {
        // blake3's hashes compare in constant time.
        <[u8; 32]>::try_from(hash).is_ok_and(|hash| blake3::Hash::from(hash) == blake3::Hash::from(shown.hash))
    };
    let before = proof.before.as_ref().is_some_and(|(hash, until)| is(hash) && now < *until);
    if !(is(&proof.hash) || before) || proof.token.kind != shown.kind {
        return Err(unknown());
    }
    // Only who has the secret learns what became of the token.
    if proof.token.revoked.is_some() {
        return Err(unauthenticated("the token was revoked; take another one"));
    }
    if proof.token.expires.is_some_and(|expires| expires <= now) {
        return Err(unauthenticated("the token has expired; rotate it, or take another one"));
    }
    Ok(Caller { token: proof.token.id.clone(), kind: proof.token.kind, shop: proof.token.shop.clone() })
}

fn unauthenticated(detail: &'static str) -> Problem {
    Problem::new(Kind::Unauthenticated, detail)
}

fn unknown() -> Problem {
    unauthenticated("the token is not known here; was it rotated, or is it another platform's?")
}

fn store_down() -> Problem {
    let detail = "the store does not answer, and this token is not remembered; try again";
    Problem::new(Kind::Unavailable, detail).after(PAUSE)
}

/// Seconds UTC.
fn now_utc() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[path = "authority_tests.rs"]
mod tests;
