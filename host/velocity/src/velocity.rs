//! The counters of all shops: counting, recording, growing old, staying within memory.
//!
//! Each shop has its own locks, so that no shop waits for another. A count takes the shop's lock for reading; a record takes it for
//! writing, for as long as it takes to change a few lists. The journal is written before that, under a lock that only records take.

use crate::error::{OpenError, RecordError};
use crate::event::{Event, Store, Tag, TagMap};
use crate::files::Files;
use crate::key::Key;
use crate::options::VelocityOptions;
use crate::shop::Orders;
use crate::subjects::{KEYS, Subjects};
use cartwright_contract::order_screening::{Request, Velocity as Row};
use cartwright_contract::types::{Instant, MinorUnits};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Seconds between two rounds through all shops to forget what is too old.
const SWEEP: i64 = 600;
/// When all shops together have too much, the one with most loses this share of it at once, so that looking for it is rare.
const EVICTED_SHARE: usize = 64;

/// The velocity counters of one process.
#[derive(Debug)]
pub struct Velocity {
    options: VelocityOptions,
    key: Key,
    shops: RwLock<TagMap<Arc<Shop>>>,
    orders: AtomicUsize,
    swept: AtomicI64,
    store: Option<Box<dyn Store>>,
}

#[derive(Debug, Default)]
struct Shop {
    /// Held while an order is recorded, so that the journal has orders as the memory has them.
    recording: Mutex<()>,
    orders: RwLock<Orders>,
    /// As `orders.len()`, without its lock.
    len: AtomicUsize,
}

/// What became of an order that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It counts from now on.
    Counted,
    /// It counted before, with another amount or other subjects. These are the new ones from now on; its time stays the first.
    Changed,
    /// It counted before, just so.
    Known,
    /// It is older than anything that is counted, and was left out.
    TooOld,
    /// It is dated further ahead than the options allow, and was left out.
    TooFarAhead,
}

impl Velocity {
    /// Opens the counters, and reads the journal where there is one.
    ///
    /// # Errors
    /// When an option is out of its range, the folder is in use, or the journal cannot be read.
    pub fn open(options: VelocityOptions) -> Result<Self, OpenError> {
        if let Some(folder) = options.folder.clone() {
            let (files, key) = Files::open(&folder, &options)?;
            return Self::build(options, key, Some(Box::new(files)));
        }
        let key = options.key.clone().map_or_else(Key::random, Ok)?;
        Self::build(options, key, None)
    }

    /// Opens the counters over a store of the caller's. The options must give the key, and `folder` is not used.
    ///
    /// # Errors
    /// When an option is out of its range, or the store cannot be read.
    pub fn with_store(options: VelocityOptions, key: Key, store: Box<dyn Store>) -> Result<Self, OpenError> {
        Self::build(options, key, Some(store))
    }

    fn build(options: VelocityOptions, key: Key, mut store: Option<Box<dyn Store>>) -> Result<Self, OpenError> {
        check(&options)?;
        let oldest = options.clock.now().saturating_sub(options.keep());
        let velocity = Self {
            key,
            shops: RwLock::default(),
            orders: AtomicUsize::new(0),
            swept: AtomicI64::new(i64::MIN),
            store: None,
            options,
        };
        if let Some(store) = &mut store {
            store.load(oldest, &mut |event| {
                if event.at >= oldest {
                    velocity.put(&velocity.shop(event.shop), event, oldest);
                    velocity.stay_within();
                }
            })?;
        }
        let velocity = Self { store, ..velocity };
        velocity.sweep();
        Ok(velocity)
    }

    /// What an order is counted by. Personal data are hashed here, and go no further.
    pub fn subjects(&self, shop: &str, request: &Request) -> Subjects {
        Subjects::of(&self.key, self.options.ipv6_prefix, shop, request)
    }

    /// How often the subjects of an order were seen in the windows that end at `at`: a row for each subject that it has and each window,
    /// also where nothing was seen. The order itself is not counted. Amounts are of orders in the same currency.
    ///
    /// Exact when `at` is no longer ago than the options' `lateness`.
    pub fn count(&self, subjects: &Subjects, at: Instant) -> Vec<Row> {
        let mut rows = Vec::with_capacity(KEYS.len() * self.options.windows.len());
        let shop = read(&self.shops).get(&subjects.shop).cloned();
        let orders = shop.as_ref().map(|shop| read(&shop.orders));
        let own = orders.as_ref().and_then(|orders| orders.get(subjects.order));
        for (kind, (key, subject)) in KEYS.into_iter().zip(subjects.subjects).enumerate() {
            let Some(subject) = subject else { continue };
            for window in &self.options.windows {
                let from = at.saturating_sub(i64::from(*window));
                let mut sum = orders
                    .as_ref()
                    .map(|orders| orders.count(subject, subjects.currency, from, at))
                    .unwrap_or_default();
                if let Some(own) = own.filter(|own| own.subjects[kind] == Some(subject)) {
                    sum = sum.without(own, subjects.currency, from, at);
                }
                rows.push(Row {
                    key,
                    window: *window,
                    orders: u32::try_from(sum.orders).unwrap_or(u32::MAX),
                    amount: MinorUnits::try_from(sum.amount).unwrap_or(if sum.amount < 0 {
                        i64::MIN
                    } else {
                        i64::MAX
                    }),
                });
            }
        }
        rows
    }

    /// Counts an order that was placed at `at`. The same order again changes its amount and subjects, never its time, and never counts
    /// a second time.
    ///
    /// # Errors
    /// When the journal could not be written. The order counts all the same, until a restart.
    pub fn record(&self, subjects: &Subjects, amount: MinorUnits, at: Instant) -> Result<Recorded, RecordError> {
        let now = self.options.clock.now();
        let oldest = now.saturating_sub(self.options.keep());
        self.sweep_sometimes(now);
        let shop = self.shop(subjects.shop);
        let recording = shop.recording.lock().unwrap_or_else(PoisonError::into_inner);
        let known = read(&shop.orders).get(subjects.order).filter(|known| known.at >= oldest).copied();
        let at = known.map_or(at, |known| known.at);
        let Subjects { shop: shop_tag, order, currency, subjects } = *subjects;
        let event = Event { shop: shop_tag, order, at, amount, currency, subjects };
        let recorded = match known {
            Some(known) if known == event => Recorded::Known,
            Some(_) => Recorded::Changed,
            None if at < oldest => Recorded::TooOld,
            None if at > now.saturating_add(self.options.ahead.into()) => Recorded::TooFarAhead,
            None => Recorded::Counted,
        };
        metrics::counter!("cartwright_velocity_records_total", "outcome" => recorded.name()).increment(1);
        if !matches!(recorded, Recorded::Counted | Recorded::Changed) {
            return Ok(recorded);
        }
        let appended = self.store.as_ref().map(|store| store.append(&event));
        self.put(&shop, event, oldest);
        drop(recording);
        self.stay_within();
        // Without a lock, so that those who wait for the disk wait together.
        if let (Some(store), Some(appended)) = (&self.store, appended) {
            store.settle(appended?)?;
        }
        Ok(recorded)
    }

    /// Counts an order that another process recorded, in the place of an earlier one of the same shop and order. It is not appended to
    /// the store: who recorded it did that.
    pub fn apply(&self, event: Event) {
        let now = self.options.clock.now();
        let oldest = now.saturating_sub(self.options.keep());
        if event.at < oldest || event.at > now.saturating_add(self.options.ahead.into()) {
            return;
        }
        self.sweep_sometimes(now);
        let shop = self.shop(event.shop);
        let recording = shop.recording.lock().unwrap_or_else(PoisonError::into_inner);
        self.put(&shop, event, oldest);
        drop(recording);
        self.stay_within();
    }

    /// Orders from before this moment count no more.
    pub fn oldest(&self) -> Instant {
        self.options.clock.now().saturating_sub(self.options.keep())
    }

    /// Orders that are kept now.
    pub fn orders(&self) -> usize {
        self.orders.load(Ordering::Relaxed)
    }

    /// Forgets what is too old. Recording does this by itself now and then.
    pub fn sweep(&self) {
        let now = self.options.clock.now();
        self.swept.store(now, Ordering::Relaxed);
        let oldest = now.saturating_sub(self.options.keep());
        let shops: Vec<_> = read(&self.shops).values().cloned().collect();
        for shop in shops {
            self.change(&shop, |orders| {
                orders.forget_before(oldest);
            });
        }
        // Nobody records in a shop that only this map holds.
        write(&self.shops).retain(|_, shop| Arc::strong_count(shop) > 1 || shop.len.load(Ordering::Relaxed) > 0);
        if let Some(Err(error)) = self.store.as_ref().map(|store| store.forget_before(oldest)) {
            tracing::warn!(%error, "an old file of the velocity journal could not be removed");
        }
        #[allow(clippy::cast_precision_loss)] // nobody has 2^52 orders in memory
        metrics::gauge!("cartwright_velocity_orders").set(self.orders() as f64);
    }

    fn sweep_sometimes(&self, now: Instant) {
        let last = self.swept.load(Ordering::Relaxed);
        let due = now.saturating_sub(last) >= SWEEP;
        if due && self.swept.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.sweep();
        }
    }

    fn shop(&self, tag: Tag) -> Arc<Shop> {
        if let Some(shop) = read(&self.shops).get(&tag) {
            return Arc::clone(shop);
        }
        Arc::clone(write(&self.shops).entry(tag).or_default())
    }

    fn put(&self, shop: &Shop, event: Event, oldest: Instant) {
        let mut evicted = 0;
        self.change(shop, |orders| {
            orders.forget_before(oldest);
            orders.put(event);
            evicted = orders.forget_oldest(orders.len().saturating_sub(self.options.orders_per_shop));
        });
        tell_evicted("shop", evicted);
    }

    /// Takes from the shop that has most until all shops together have no more than they may.
    fn stay_within(&self) {
        while self.orders() > self.options.orders {
            let largest = read(&self.shops)
                .iter()
                .max_by_key(|(tag, shop)| (shop.len.load(Ordering::Relaxed), **tag))
                .map(|(_, shop)| Arc::clone(shop));
            let Some(largest) = largest else { return };
            let mut evicted = 0;
            self.change(&largest, |orders| evicted = orders.forget_oldest((orders.len() / EVICTED_SHARE).max(1)));
            tell_evicted("all", evicted);
            if evicted == 0 {
                return;
            }
        }
    }

    /// Changes a shop's orders, and keeps the numbers of them right.
    fn change(&self, shop: &Shop, change: impl FnOnce(&mut Orders)) {
        let mut orders = write(&shop.orders);
        let before = orders.len();
        change(&mut orders);
        let after = orders.len();
        shop.len.store(after, Ordering::Relaxed);
        if after >= before {
            self.orders.fetch_add(after - before, Ordering::Relaxed);
        } else {
            self.orders.fetch_sub(before - after, Ordering::Relaxed);
        }
    }
}

impl Recorded {
    fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Changed => "changed",
            Self::Known => "known",
            Self::TooOld => "too-old",
            Self::TooFarAhead => "too-far-ahead",
        }
    }
}

fn tell_evicted(bound: &'static str, evicted: usize) {
    if evicted > 0 {
        // From here on counts are lower than what was.
        metrics::counter!("cartwright_velocity_evicted_total", "bound" => bound).increment(evicted as u64);
    }
}

fn check(options: &VelocityOptions) -> Result<(), OpenError> {
    let most = u32::MAX as usize;
    for (name, value, right, well) in [
        ("windows", options.windows.len(), "1 to 16 widths of 1 or more", {
            (1..=16).contains(&options.windows.len()) && !options.windows.contains(&0)
        }),
        ("orders_per_shop", options.orders_per_shop, "1 to 4294967295", (1..=most).contains(&options.orders_per_shop)),
        ("orders", options.orders, "1 to 4294967295", (1..=most).contains(&options.orders)),
        ("ipv6_prefix", options.ipv6_prefix.into(), "1 to 128", (1..=128).contains(&options.ipv6_prefix)),
    ] {
        if !well {
            return Err(OpenError::Option { name, value: value as u64, right });
        }
    }
    Ok(())
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
