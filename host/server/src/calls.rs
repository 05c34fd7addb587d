//! Where plugins run: beside the threads that serve connections, never on them.
//!
//! A call usually takes tens of microseconds, but a plugin may burn its whole deadline, ten thousand times as long, and
//! connections must not notice. So a request's work from its parsed bytes to the bytes of its answer is one job on tokio's
//! blocking threads: one hop there and one back, and I/O threads do nothing but I/O. Outside of the lane no job waits in a queue: each holds a slot, there are
//! fewer slots than threads, and who finds none is told so at once (a checkout would rather ask again or show its own rate than
//! wait). A shop has fewer slots than the server, so that the shop with the slow plugin is the one that is turned away.
//!
//! Measured on two cores with jobs of 40 us: 16 at a time, tokio's blocking threads get through as many jobs a second as calling on the
//! I/O threads does (24,800 and 24,400), and twice as many as a pool of our own behind a bounded channel; `block_in_place` has a p99 of
//! 13 ms. What the hop costs is latency when nothing else is going on: some 25 us, to wake a thread.
//!
//! A shop that has used more than its share of the processors ([`crate::tenancy::cpu`]) makes its calls in the lane ([`crate::tenancy::lane`])
//! until it has not: a few threads of the lowest rank with a short queue. So its calls cost the others little, and take what the
//! others leave over. What nobody waits for runs there, too.
//!
//! What this module must not know: what is called.

use crate::tenancy::cpu::{Account, Entry, Meter};
use crate::tenancy::lane::{Full, Lane};
use crate::tenancy::limits::ShopLimits;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Calls of one noisy shop that may be in the lane, waiting ones too: a place for every other noisy shop.
const IN_THE_LANE: usize = 8;
/// How long a noisy shop's call may wait before it is given up: a shopper has been shown something else by then.
const PATIENCE: Duration = Duration::from_secs(1);

/// The server's slots.
#[derive(Debug)]
pub struct Calls {
    slots: Arc<Semaphore>,
    lane: Arc<Lane>,
}

/// One shop's slots, and what it has used of the processors. A clone is the same.
#[derive(Debug, Clone)]
pub struct ShopCalls(Arc<OfShop>);

#[derive(Debug)]
struct OfShop {
    slots: AtomicUsize,
    running: AtomicUsize,
    in_the_lane: AtomicUsize,
    account: Account,
}

/// The right to run one job.
#[derive(Debug)]
pub struct Slot {
    place: Place,
    shop: Running,
    charge: Charge,
}

#[derive(Debug)]
enum Place {
    Server(OwnedSemaphorePermit),
    Lane(InTheLane, Arc<Lane>),
}

/// Whose slots are all taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    Server,
    Shop,
    /// The shop has used more than its share of the processors, and its calls already wait for what others leave over.
    Share,
}

/// Why a job that had a slot gave no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It panicked: a bug of this server, not of a plugin.
    Crashed,
    /// It is a noisy shop's, and its turn did not come in time.
    Late,
    /// It is a noisy shop's, and those of all noisy shops are too many.
    Refused,
}

impl ShopCalls {
    /// So many jobs of the shop at the same moment, and the default share of the processors.
    pub fn new(slots: usize) -> Self {
        Self::with_share(slots, ShopLimits::default().cpu_percent)
    }

    /// `percent` of all processors' time, 1 to 100.
    pub fn with_share(slots: usize, percent: u32) -> Self {
        Self(Arc::new(OfShop {
            slots: slots.into(),
            running: 0.into(),
            in_the_lane: 0.into(),
            account: Account::new(percent, Instant::now()),
        }))
    }

    /// From now on with these limits; what runs goes on.
    pub fn set(&self, slots: usize, percent: u32) {
        self.0.slots.store(slots, Ordering::Relaxed);
        self.0.account.set(percent, Instant::now());
    }

    /// Whether the shop has used more than its share of the processors lately.
    pub fn noisy(&self) -> bool {
        self.0.account.noisy(Instant::now())
    }
}

/// Counts up to a limit; the guard counts down.
macro_rules! counted {
    ($guard:ident, $field:ident, $limit:expr) => {
        #[derive(Debug)]
        struct $guard(Arc<OfShop>);

        impl $guard {
            fn begin(shop: &Arc<OfShop>) -> Option<Self> {
                let most: usize = $limit(shop);
                let more = |count: usize| (count < most).then_some(count + 1);
                shop.$field.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok()?;
                Some(Self(shop.clone()))
            }
        }

        impl Drop for $guard {
            fn drop(&mut self) {
                self.0.$field.fetch_sub(1, Ordering::AcqRel);
            }
        }
    };
}

counted!(Running, running, |shop: &OfShop| shop.slots.load(Ordering::Relaxed));
counted!(InTheLane, in_the_lane, |_: &OfShop| IN_THE_LANE);

/// A job's entry in its shop's account, corrected when it ends, however it ends.
#[derive(Debug)]
struct Charge {
    shop: Arc<OfShop>,
    entry: Option<Entry>,
}

impl Charge {
    fn begin(shop: &Arc<OfShop>) -> Self {
        Self { shop: shop.clone(), entry: Some(shop.account.enter(Instant::now())) }
    }

    /// Runs the job on this thread and charges what it burns.
    fn run<T>(mut self, job: impl FnOnce() -> T) -> T {
        let metered = Metered { entry: self.entry.take(), shop: &self.shop, meter: Meter::begin() };
        let result = job();
        drop(metered);
        result
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.shop.account.strike(entry, Instant::now());
        }
    }
}

struct Metered<'a> {
    entry: Option<Entry>,
    shop: &'a OfShop,
    meter: Meter,
}

impl Drop for Metered<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.shop.account.correct(entry, self.meter.burnt(), Instant::now());
        }
    }
}

impl Calls {
    /// So many jobs at the same moment, besides those in the lane.
    pub fn new(slots: usize) -> Self {
        Self { slots: Arc::new(Semaphore::new(slots)), lane: Arc::new(Lane::new()) }
    }

    /// A slot for one job.
    ///
    /// # Errors
    /// When there is none; waiting is the caller's business.
    pub fn slot(&self, shop: &ShopCalls) -> Result<Slot, Busy> {
        let running = Running::begin(&shop.0).ok_or(Busy::Shop)?;
        // Before its own entry, or a shop whose calls are long would find itself noisy at its first.
        let place = if shop.noisy() {
            Place::Lane(InTheLane::begin(&shop.0).ok_or(Busy::Share)?, self.lane.clone())
        } else {
            Place::Server(self.slots.clone().try_acquire_owned().map_err(|_| Busy::Server)?)
        };
        Ok(Slot { place, shop: running, charge: Charge::begin(&shop.0) })
    }

    /// Runs work that nobody waits for, such as a shadow's calls, when nothing else wants the processor. What it burns is charged to the
    /// shop, or a shadow could burn what the live one may not.
    ///
    /// # Errors
    /// When too much waits already; the work is dropped.
    pub fn background(&self, shop: &ShopCalls, job: impl FnOnce() + Send + 'static) -> Result<(), Full> {
        let shop = shop.0.clone();
        self.lane.background(move || Charge::begin(&shop).run(job))
    }

    /// Calls of noisy shops and background jobs that wait.
    pub fn waiting(&self) -> (usize, usize) {
        self.lane.waiting()
    }
}

impl Slot {
    /// Runs the job. It goes on, and keeps its slot, when the future is dropped because the client has gone; in the lane it does not begin
    /// then.
    ///
    /// # Errors
    /// When it panicked, or did not get its turn.
    pub async fn run<T: Send + 'static>(self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Ended> {
        let Self { place, shop, charge } = self;
        // What the job logs belongs to the request.
        let span = tracing::Span::current();
        let job = move || span.in_scope(job);
        match place {
            Place::Server(permit) => {
                let job = move || {
                    let result = charge.run(job);
                    drop((permit, shop));
                    result
                };
                tokio::task::spawn_blocking(job).await.map_err(|_| Ended::Crashed)
            }
            Place::Lane(place, lane) => {
                let (tell, told) = oneshot::channel();
                let since = Instant::now();
                let job = move || {
                    if tell.is_closed() {
                        return;
                    }
                    if since.elapsed() > PATIENCE {
                        let _ = tell.send(Err(Ended::Late));
                        return;
                    }
                    // In this order, so that also a job that panics gives its places back before anybody hears of it.
                    let tell = tell;
                    let places = (place, shop);
                    let result = charge.run(job);
                    drop(places);
                    let _ = tell.send(Ok(result));
                };
                lane.call(job).map_err(|Full| Ended::Refused)?;
                told.await.unwrap_or(Err(Ended::Crashed))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn burn(time: Duration) {
        let meter = Meter::begin();
        while meter.burnt() < time {
            std::hint::spin_loop();
        }
    }

    /// A shop with a hundredth of the processors, which it has used up.
    fn noisy(slots: usize) -> ShopCalls {
        let shop = ShopCalls::with_share(slots, 1);
        Charge::begin(&shop.0).run(|| burn(Duration::from_millis(60)));
        assert!(shop.noisy());
        shop
    }

    #[test]
    fn a_shop_that_takes_all_its_slots_leaves_the_others_theirs() {
        let (calls, slow, quick) = (Calls::new(3), ShopCalls::new(2), ShopCalls::new(2));
        let taken = [calls.slot(&slow).expect("free"), calls.slot(&slow).expect("free")];
        assert_eq!(calls.slot(&slow).err(), Some(Busy::Shop));
        let last = calls.slot(&quick).expect("free");
        assert_eq!(calls.slot(&quick).err(), Some(Busy::Server));
        drop((taken, last));
        assert!(calls.slot(&slow).is_ok());
    }

    #[test]
    fn fewer_slots_hold_for_the_next_job() {
        let (calls, shop) = (Calls::new(8), ShopCalls::new(3));
        let taken = [calls.slot(&shop).expect("free"), calls.slot(&shop).expect("free")];
        shop.set(1, 20);
        assert_eq!(calls.slot(&shop).err(), Some(Busy::Shop));
        drop(taken);
        assert!(calls.slot(&shop).is_ok());
    }

    #[tokio::test]
    async fn a_job_that_panics_gives_its_slot_back_and_is_charged() {
        let calls = Calls::new(1);
        for shop in [ShopCalls::new(1), noisy(1)] {
            let slot = calls.slot(&shop).expect("free");
            assert_eq!(slot.run(|| panic!("a bug")).await.map(|(): ()| ()), Err(Ended::Crashed));
            assert!(calls.slot(&shop).is_ok());
        }
        let shop = ShopCalls::with_share(1, 1);
        let slot = calls.slot(&shop).expect("free");
        let burnt = slot.run(|| -> () {
            burn(Duration::from_millis(60));
            panic!("a bug")
        });
        assert_eq!(burnt.await, Err(Ended::Crashed));
        assert!(shop.noisy());
    }

    #[tokio::test]
    async fn a_noisy_shop_takes_no_slot_of_the_others() {
        let (calls, noisy, quiet) = (Calls::new(1), noisy(4), ShopCalls::new(4));
        let (release, held) = channel::<()>();
        let slot = calls.slot(&noisy).expect("the lane has room");
        let waits = slot.run(move || held.recv().is_err());
        let asks = async {
            let slot = calls.slot(&quiet).expect("the server's only slot is free");
            let name = slot.run(|| std::thread::current().name().map(str::to_owned)).await.expect("an answer");
            assert_ne!(name.as_deref(), Some("cartwright-lane"));
            drop(release);
        };
        let (released, ()) = tokio::join!(waits, asks);
        assert_eq!(released, Ok(true));
    }

    #[test]
    fn a_noisy_shop_leaves_room_in_the_lane() {
        let (calls, one, other) = (Calls::new(1), noisy(48), noisy(48));
        let taken: Vec<_> = std::iter::from_fn(|| calls.slot(&one).ok()).collect();
        assert_eq!(taken.len(), IN_THE_LANE);
        assert_eq!(calls.slot(&one).err(), Some(Busy::Share));
        assert!(calls.slot(&other).is_ok());
    }

    #[tokio::test]
    async fn a_call_whose_client_has_gone_does_not_begin() {
        let (calls, shop) = (Calls::new(1), noisy(8));
        let (releases, held): (Vec<_>, Vec<_>) = (0..calls.lane.threads()).map(|_| channel::<()>()).unzip();
        let slot = || calls.slot(&shop).expect("room");
        let holding: Vec<_> =
            held.into_iter().map(|held| tokio::spawn(slot().run(move || held.recv().is_err()))).collect();
        let (began, begun) = channel::<()>();
        let gone = tokio::spawn(slot().run(move || began.send(())));
        // All of them wait in the lane now, in this order.
        tokio::task::yield_now().await;
        gone.abort();
        assert!(gone.await.is_err_and(|error| error.is_cancelled()));
        drop(releases);
        for held in holding {
            assert_eq!(held.await.ok(), Some(Ok(true)));
        }
        assert_eq!(slot().run(|| ()).await, Ok(()), "the one before it was passed over by now");
        assert!(begun.recv().is_err(), "it never began");
    }

    #[test]
    fn background_work_is_charged_to_its_shop() {
        let (calls, shop) = (Calls::new(1), ShopCalls::with_share(1, 1));
        let (done, ended) = channel::<()>();
        let job = move || {
            burn(Duration::from_millis(60));
            drop(done);
        };
        assert_eq!(calls.background(&shop, job), Ok(()));
        assert!(ended.recv().is_err());
        // The charge comes right after the job.
        let began = Instant::now();
        while !shop.noisy() && began.elapsed() < Duration::from_secs(10) {
            std::thread::yield_now();
        }
        assert!(shop.noisy());
    }
}
