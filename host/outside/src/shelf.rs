//! Replies that may be used again, and requests that somebody is already making.
//!
//! What this module must not know: how a reply is got.

use crate::clock::Clock;
use crate::error::Problem;
use crate::options::OutsideOptions;
use cartwright_contract::outside::{HttpReply, HttpRequest, Method};
use lru::LruCache;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What a cached reply takes besides its bytes: entry, links, key.
const OVERHEAD: usize = 256;

/// A request, whoever makes it: shop, method, URL, headers as the plugin wrote them (a secret by its name), body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    pub fn of(shop: &str, request: &HttpRequest) -> Self {
        let mut hasher = blake3::Hasher::new();
        // Each part with its length before it, so that no two requests run together into the same bytes.
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(shop.as_bytes());
        part(match request.method {
            Method::Get => b"GET",
            Method::Post => b"POST",
        });
        part(request.url.as_bytes());
        part(&(request.headers.len() as u64).to_le_bytes());
        for field in &request.headers {
            part(field.name.to_ascii_lowercase().as_bytes());
            part(field.value.as_bytes());
        }
        part(&request.body);
        Self(*hasher.finalize().as_bytes())
    }
}

pub(crate) type Outcome = Result<Arc<HttpReply>, Problem>;
type Flight = watch::Receiver<Option<Outcome>>;

#[derive(Debug)]
pub(crate) struct Shelf {
    clock: Arc<dyn Clock>,
    bytes_per_shop: usize,
    bytes: usize,
    entries: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    shops: HashMap<String, ShopShelf>,
    bytes: usize,
    entries: usize,
    flights: HashMap<Key, Flight>,
}

#[derive(Debug)]
struct ShopShelf {
    replies: LruCache<Key, Entry>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    reply: Arc<HttpReply>,
    got: Instant,
    bytes: usize,
}

pub(crate) enum Look<'s> {
    Found(Arc<HttpReply>),
    /// Somebody is asking just this.
    UnderWay(Flight),
    /// Nobody is; the caller asks, and whoever comes meanwhile waits for it.
    Ask(Asking<'s>),
}

/// The promise to ask. Dropped without [`Asking::done`], those who wait ask for themselves.
pub(crate) struct Asking<'s> {
    shelf: &'s Shelf,
    key: Key,
    told: watch::Sender<Option<Outcome>>,
}

impl Shelf {
    pub fn new(options: &OutsideOptions) -> Self {
        Self {
            clock: Arc::clone(&options.clock),
            bytes_per_shop: options.cache_bytes_per_shop.min(options.cache_bytes),
            bytes: options.cache_bytes,
            entries: options.cache_entries,
            inner: Mutex::default(),
        }
    }

    /// A reply that is younger than `cache_for`, or who gets one.
    pub fn look(&self, shop: &str, key: Key, cache_for: Duration) -> Look<'_> {
        let now = self.clock.now();
        let mut inner = self.lock();
        if let Some(entry) = inner.shops.get_mut(shop).and_then(|shelf| shelf.replies.get(&key))
            && now.saturating_duration_since(entry.got) < cache_for
        {
            return Look::Found(Arc::clone(&entry.reply));
        }
        if let Some(flight) = inner.flights.get(&key) {
            return Look::UnderWay(flight.clone());
        }
        let (told, flight) = watch::channel(None);
        inner.flights.insert(key, flight);
        Look::Ask(Asking { shelf: self, key, told })
    }

    pub fn forget(&self, shop: &str) {
        let mut inner = self.lock();
        if let Some(gone) = inner.shops.remove(shop) {
            inner.bytes -= gone.bytes;
            inner.entries -= gone.replies.len();
        }
    }

    fn keep(&self, inner: &mut Inner, shop: &str, key: Key, reply: &Arc<HttpReply>) {
        let headers: usize = reply.headers.iter().map(|field| field.name.len() + field.value.len() + 48).sum();
        let bytes = reply.body.len() + headers + OVERHEAD;
        if bytes > self.bytes_per_shop || self.entries == 0 {
            return;
        }
        let shelf = inner
            .shops
            .entry(shop.to_owned())
            .or_insert_with(|| ShopShelf { replies: LruCache::unbounded(), bytes: 0 });
        let entry = Entry { reply: Arc::clone(reply), got: self.clock.now(), bytes };
        shelf.bytes += bytes;
        inner.bytes += bytes;
        match shelf.replies.put(key, entry) {
            Some(old) => {
                shelf.bytes -= old.bytes;
                inner.bytes -= old.bytes;
            }
            None => inner.entries += 1,
        }
        while inner.shops.get(shop).is_some_and(|shelf| shelf.bytes > self.bytes_per_shop) {
            inner.drop_oldest(shop);
        }
        // The shop that holds most pays, not the one that comes last.
        while inner.bytes > self.bytes || inner.entries > self.entries {
            let most =
                inner.shops.iter().max_by_key(|(name, shelf)| (shelf.bytes, *name)).map(|(name, _)| name.clone());
            let Some(most) = most else { break };
            inner.drop_oldest(&most);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Drops the reply that this shop has not used for longest.
    fn drop_oldest(&mut self, shop: &str) {
        let Some(shelf) = self.shops.get_mut(shop) else { return };
        if let Some((_, entry)) = shelf.replies.pop_lru() {
            shelf.bytes -= entry.bytes;
            self.bytes -= entry.bytes;
            self.entries -= 1;
        }
        if shelf.replies.is_empty() {
            self.shops.remove(shop);
        }
    }
}

impl Asking<'_> {
    /// Keeps a 2xx for later, and tells those who wait.
    pub fn done(self, shop: &str, outcome: Outcome) {
        let mut inner = self.shelf.lock();
        if let Ok(reply) = &outcome
            && (200..300).contains(&reply.status)
        {
            self.shelf.keep(&mut inner, shop, self.key, reply);
        }
        // Told before the flight is taken down, so that nobody finds neither.
        self.told.send_replace(Some(outcome));
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.shelf.lock().flights.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use cartwright_contract::outside::Field;

    fn shelf(per_shop: usize, bytes: usize, entries: usize) -> (Shelf, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new());
        let options = OutsideOptions {
            clock: clock.clone(),
            cache_bytes_per_shop: per_shop,
            cache_bytes: bytes,
            cache_entries: entries,
            ..OutsideOptions::default()
        };
        (Shelf::new(&options), clock)
    }

    fn request(url: &str) -> HttpRequest {
        HttpRequest { url: url.into(), ..HttpRequest::default() }
    }

    fn put(shelf: &Shelf, shop: &str, url: &str, status: u16) {
        let key = Key::of(shop, &request(url));
        let Look::Ask(asking) = shelf.look(shop, key, Duration::ZERO) else { panic!("nobody asks {url}") };
        asking.done(shop, Ok(Arc::new(HttpReply { status, headers: Vec::new(), body: vec![0; 744] })));
    }

    fn has(shelf: &Shelf, shop: &str, url: &str, cache_for: u64) -> bool {
        let key = Key::of(shop, &request(url));
        matches!(shelf.look(shop, key, Duration::from_secs(cache_for)), Look::Found(_))
    }

    #[test]
    fn a_reply_is_found_while_it_is_younger_than_the_request_allows() {
        let (shelf, clock) = shelf(1 << 20, 1 << 20, 10);
        put(&shelf, "a", "u", 200);
        clock.advance(Duration::from_secs(10));
        assert!(has(&shelf, "a", "u", 11));
        assert!(!has(&shelf, "a", "u", 10));
        assert!(!has(&shelf, "b", "u", 11), "each shop has its own");
    }

    #[test]
    fn only_successes_are_kept() {
        let (shelf, _) = shelf(1 << 20, 1 << 20, 10);
        for (status, kept) in
            [(199, false), (200, true), (204, true), (299, true), (301, false), (404, false), (500, false)]
        {
            let url = status.to_string();
            put(&shelf, "a", &url, status);
            assert_eq!(has(&shelf, "a", &url, 1), kept, "{status}");
        }
    }

    #[test]
    fn a_shop_loses_its_own_oldest_replies_and_the_largest_pays_for_all() {
        let (shelf, _) = shelf(3000, 5000, 100); // 1000 bytes a reply
        for url in ["1", "2", "3"] {
            put(&shelf, "a", url, 200);
        }
        assert!(has(&shelf, "a", "1", 1), "used again, so 2 is now the oldest");
        put(&shelf, "a", "4", 200);
        assert!(!has(&shelf, "a", "2", 1));
        for url in ["1", "2", "3"] {
            put(&shelf, "b", url, 200);
        }
        assert!(!has(&shelf, "b", "1", 1), "both hold as much, and then it is the last by name");
        assert!(["1", "3", "4"].iter().all(|url| has(&shelf, "a", url, 1)));
        let inner = shelf.lock();
        assert_eq!((inner.bytes, inner.entries), (5000, 5));
        assert_eq!(inner.shops.values().map(|shelf| shelf.bytes).sum::<usize>(), 5000);
    }

    #[test]
    fn entries_are_bounded_and_a_shop_that_goes_takes_its_own_along() {
        let (shelf, _) = shelf(1 << 20, 1 << 20, 2);
        for url in ["1", "2", "3"] {
            put(&shelf, "a", url, 200);
        }
        assert!(!has(&shelf, "a", "1", 1) && has(&shelf, "a", "3", 1));
        shelf.forget("a");
        let inner = shelf.lock();
        assert_eq!((inner.bytes, inner.entries, inner.shops.len()), (0, 0, 0));
    }

    #[test]
    fn who_gives_up_asking_leaves_it_to_the_next() {
        let (shelf, _) = shelf(1 << 20, 1 << 20, 10);
        let key = Key::of("a", &request("u"));
        let Look::Ask(asking) = shelf.look("a", key, Duration::ZERO) else { panic!("the first asks") };
        let Look::UnderWay(flight) = shelf.look("a", key, Duration::ZERO) else { panic!("the second waits") };
        drop(asking);
        assert!(flight.has_changed().is_err(), "closed");
        assert!(matches!(shelf.look("a", key, Duration::ZERO), Look::Ask(_)));
    }

    #[test]
    fn everything_that_is_sent_is_in_the_key() {
        let field = |name: &str, value: &str| Field { name: name.into(), value: value.into() };
        let base = HttpRequest { headers: vec![field("a", "b")], body: b"x".to_vec(), ..request("u") };
        let variants = [
            HttpRequest { method: Method::Post, ..base.clone() },
            HttpRequest { url: "v".into(), ..base.clone() },
            HttpRequest { headers: vec![field("a", "c")], ..base.clone() },
            HttpRequest { headers: vec![field("ab", "")], ..base.clone() },
            HttpRequest { headers: Vec::new(), ..base.clone() },
            HttpRequest { body: b"y".to_vec(), ..base.clone() },
        ];
        let key = Key::of("s", &base);
        for variant in &variants {
            assert_ne!(Key::of("s", variant), key, "{variant:?}");
        }
        assert_ne!(Key::of("t", &base), key);
        let same = HttpRequest { id: "other".into(), timeout: 9, cache_for: 9, headers: vec![field("A", "b")], ..base };
        assert_eq!(Key::of("s", &same), key, "what is not sent is not in it");
    }
}
