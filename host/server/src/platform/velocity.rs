//! Velocity counters over all replicas of a store: what one counts, the others count a moment later.
//!
//! An order is counted in memory, and goes to the store in batches beside the calls; then the others are told over the bus. Every replica
//! also reads the store's tail: each second while the bus is away or there is none, now and then otherwise. An order replaces an earlier one of
//! the same shop and number, so that who hears twice counts once.
//!
//! While the store is away, orders wait, up to a bound; beyond it they count on the replica that saw them only, and are counted as lost.
//! What this module must not know: what an order is counted by.

use super::Platform;
use super::keys::{Keys, SealError};
use cartwright_bus::{Bus, Told};
use cartwright_contract::types::Instant;
use cartwright_records::{KeyError, RecordId};
use cartwright_store::{Store, StoreError};
use cartwright_velocity::{Event, Key, OpenError, Ticket, Velocity, VelocityOptions};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;

/// The key's name in the store, and what it is sealed as.
const KEY: &str = "velocity";
/// Orders that may wait for the store, some 130 bytes each.
const WAITING: usize = 50_000;
/// Orders that are written at once.
const BATCH: usize = 500;
/// How long is waited for more of them.
const GATHER: Duration = Duration::from_millis(20);
/// How often the store's tail is read without a bus, and with one.
const LOOK: Duration = Duration::from_secs(1);
const LOOK_BESIDE_THE_BUS: Duration = Duration::from_secs(15);
/// Orders that are read at once.
const READ: u32 = 2_000;
/// Bytes of a replica's mark before each event.
const MARK: usize = 16;
/// Bytes of a message on the bus, at the most.
const MESSAGE: usize = 500_000;
/// Orders that are deleted at once, and how often is looked.
const PRUNE: u32 = 5_000;
const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// Why the counters cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum VelocityError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("their key: {0}")]
    Key(#[from] SealError),
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<KeyError> for VelocityError {
    fn from(error: KeyError) -> Self {
        Self::Key(error.into())
    }
}

/// The counters of one replica, kept up to date with the others'. The background work ends with this.
#[derive(Debug)]
pub struct Shared {
    pub velocity: Arc<Velocity>,
    signal: Arc<Signal>,
    tasks: [AbortHandle; 2],
}

/// What is said to the writer, and by it.
#[derive(Debug, Default)]
struct Signal {
    /// What waits is to be written now.
    ending: AtomicBool,
    wake: Notify,
    /// Everything is written.
    ended: Notify,
}

impl Shared {
    /// Opens the counters with what all replicas have counted. On the current tokio runtime.
    ///
    /// # Errors
    /// When the store cannot be read, or the key of the counters was sealed under another master key.
    pub async fn open(
        store: Store,
        bus: Bus,
        keys: &Keys,
        replica: &str,
        options: VelocityOptions,
    ) -> Result<Self, VelocityError> {
        let key = shared_key(keys, &store).await?;
        let (orders, waiting) = mpsc::channel(WAITING);
        let queue = Box::new(Queue { orders, lost: AtomicU64::new(0) });
        let options = VelocityOptions { folder: None, key: Some(key.clone()), ..options };
        let velocity = Arc::new(Velocity::with_store(options, key, queue)?);
        let (mark, signal) = (mark(replica), Arc::new(Signal::default()));
        let tail = Tail { store: store.clone(), velocity: velocity.clone(), mark, after: Mutex::new(0) };
        tail.catch_up().await?;
        // Events that the bus still has are in the store, too; hearing them again changes nothing.
        let told = bus.told(0);
        let writer = Writer { store, bus: bus.clone(), mark, velocity: velocity.clone(), signal: signal.clone() };
        let tasks =
            [tokio::spawn(writer.run(waiting)).abort_handle(), tokio::spawn(follow(tail, bus, told)).abort_handle()];
        Ok(Self { velocity, signal, tasks })
    }

    /// Writes what waits, if the store takes it within this time.
    pub async fn close(&self, within: Duration) {
        let ended = self.signal.ended.notified();
        self.signal.ending.store(true, Ordering::Release);
        self.signal.wake.notify_one();
        if tokio::time::timeout(within, ended).await.is_err() {
            tracing::warn!("orders that velocity counted did not reach the store in time");
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Platform {
    /// Opens the counters of all replicas and keeps them up to date. On the current tokio runtime, once.
    ///
    /// # Errors
    /// As [`Shared::open`].
    pub async fn velocity(&self, options: VelocityOptions) -> Result<Arc<Velocity>, VelocityError> {
        let (store, bus) = (self.store.clone(), self.bus.clone());
        let shared = Shared::open(store, bus, &self.keys, &self.replica, options).await?;
        Ok(self.orders.get_or_init(|| shared).velocity.clone())
    }
}

async fn shared_key(keys: &Keys, store: &Store) -> Result<Key, VelocityError> {
    let fresh = keys.seal(KEY, Key::random()?.bytes())?;
    let there = store.server_key_or(KEY, &fresh).await?;
    let bytes: [u8; 32] = keys.open_sealed(KEY, &there)?.try_into().map_err(|_| SealError::Text)?;
    Ok(Key::from_bytes(bytes))
}

fn mark(replica: &str) -> [u8; MARK] {
    replica.parse::<RecordId>().unwrap_or_default().0.to_be_bytes()
}

/// What the counters append to. Never waits.
#[derive(Debug)]
struct Queue {
    orders: mpsc::Sender<Event>,
    lost: AtomicU64,
}

impl cartwright_velocity::Store for Queue {
    /// What there is comes from the store's tail.
    fn load(&mut self, _: Instant, _: &mut dyn FnMut(Event)) -> Result<(), OpenError> {
        Ok(())
    }

    fn append(&self, event: &Event) -> io::Result<Ticket> {
        if self.orders.try_send(*event).is_err() {
            metrics::counter!("cartwright_velocity_unshared_total").increment(1);
            let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
            if lost.is_power_of_two() {
                tracing::error!(lost, "an order counts on this replica only, since too many wait for the store");
            }
        }
        Ok(Ticket(0))
    }

    fn settle(&self, _: Ticket) -> io::Result<()> {
        Ok(())
    }

    fn forget_before(&self, _: Instant) -> io::Result<()> {
        Ok(())
    }
}

/// Brings orders to the store, and tells of them.
struct Writer {
    store: Store,
    bus: Bus,
    mark: [u8; MARK],
    velocity: Arc<Velocity>,
    signal: Arc<Signal>,
}

impl Writer {
    async fn run(self, mut waiting: mpsc::Receiver<Event>) {
        let mut batch: Vec<Event> = Vec::with_capacity(BATCH);
        let mut prune = tokio::time::interval(PRUNE_EVERY);
        prune.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                count = waiting.recv_many(&mut batch, BATCH) => if count == 0 { return },
                _ = prune.tick() => {
                    self.prune().await;
                    continue;
                }
                () = self.signal.wake.notified() => {}
            }
            let ending = self.signal.ending.load(Ordering::Acquire);
            if !ending && batch.len() < BATCH {
                tokio::time::sleep(GATHER).await;
            }
            while batch.len() < BATCH
                && let Ok(event) = waiting.try_recv()
            {
                batch.push(event);
            }
            self.write(&batch).await;
            batch.clear();
            if self.signal.ending.load(Ordering::Acquire) {
                if waiting.is_empty() {
                    self.signal.ended.notify_waiters();
                } else {
                    self.signal.wake.notify_one();
                }
            }
        }
    }

    /// Tries until the store takes them; then tells the others, who read the store should they not hear it.
    async fn write(&self, batch: &[Event]) {
        if batch.is_empty() {
            return;
        }
        let form = |event: &Event| [&self.mark[..], &event.to_bytes()].concat();
        let rows: Vec<_> = batch.iter().map(|event| (event.at, form(event))).collect();
        let mut pause = Duration::from_millis(100);
        let last = loop {
            match self.store.append_velocity(&rows).await {
                Ok(last) => break last,
                Err(StoreError::Unavailable { .. }) => {
                    tracing::debug!(orders = rows.len(), "orders that velocity counted wait for the store");
                    let _ = tokio::time::timeout(pause, self.signal.wake.notified()).await;
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
                Err(error) => {
                    tracing::error!(orders = rows.len(), %error, "orders count on this replica only");
                    return;
                }
            }
        };
        // With one process nobody else listens.
        if self.bus.is_local() {
            return;
        }
        for (number, rows) in rows.chunks(MESSAGE / (MARK + Event::BYTES)).enumerate() {
            let payload = rows.iter().flat_map(|(_, form)| form).copied().collect();
            if let Err(error) = self.bus.tell(&format!("velocity-{last}-{number}"), payload).await {
                tracing::debug!(%error, "the other replicas read these orders from the store");
            }
        }
    }

    async fn prune(&self) {
        while let Ok(gone) = self.store.prune_velocity(self.velocity.oldest(), PRUNE).await {
            if gone < u64::from(PRUNE) {
                return;
            }
        }
    }
}

/// The orders of the others.
struct Tail {
    store: Store,
    velocity: Arc<Velocity>,
    /// Whose orders are counted already.
    mark: [u8; MARK],
    after: Mutex<i64>,
}

impl Tail {
    /// Reads what is new in the store.
    async fn catch_up(&self) -> Result<(), StoreError> {
        loop {
            let after = *self.after.lock().unwrap_or_else(PoisonError::into_inner);
            let events = self.store.velocity(after, self.velocity.oldest(), READ).await?;
            let Some(last) = events.last() else { return Ok(()) };
            for event in &events {
                self.take(&event.body);
            }
            *self.after.lock().unwrap_or_else(PoisonError::into_inner) = last.seq;
            if events.len() < READ as usize {
                return Ok(());
            }
        }
    }

    fn take(&self, form: &[u8]) {
        let Some((mark, bytes)) = form.split_first_chunk() else { return };
        if self.mark == *mark {
            return;
        }
        // A form of a later version is left to those who know it.
        if let Some(event) = Event::from_bytes(bytes) {
            self.velocity.apply(event);
        }
    }
}

async fn follow(tail: Tail, bus: Bus, mut told: cartwright_bus::Events) {
    let link = bus.connected();
    let mut heard = true;
    let mut away = false;
    loop {
        let pause = if !bus.is_local() && heard && link.borrow().up { LOOK_BESIDE_THE_BUS } else { LOOK };
        let look = tokio::time::sleep(pause);
        tokio::select! {
            event = told.next(), if heard => match event {
                Some(Told::Event(event)) => {
                    event.payload.chunks(MARK + Event::BYTES).for_each(|form| tail.take(form));
                    continue;
                }
                // What was missed lies in the store.
                Some(Told::Gap) => {}
                None => heard = false,
            },
            () = look => {}
        }
        match tail.catch_up().await {
            Ok(()) => away = false,
            Err(error) => {
                if !away {
                    tracing::warn!(%error, "orders of other replicas cannot be read; they are counted when the store is there again");
                }
                away = true;
            }
        }
    }
}
