//! Delivers events: claims what is due, sends it, tells the store how it went. Every replica has one of these.
//!
//! A claim is a lease. A replica that dies with a delivery under way leaves it to the others when its lease is over, so a receiver may get an
//! event twice, with the same `webhook-id`. A receiver that fails is left alone by this replica for a while: what is due for it goes back
//! without being sent, so that one that hangs does not hold up everybody else's events.
//!
//! What this module must not know: what the events mean.

use crate::webhooks::{backoff, sealed_about, sign};
use cartwright_outside::{Delivered, Message, Outside, Problem};
use cartwright_store::{DeliveryClaim, DeliveryOutcome, Store, StoreError};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinHandle, JoinSet};

/// Opens what was sealed as (the first word) from (the second), as [`sealed_about`] says.
pub type Opener = Arc<dyn Fn(&str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync>;

/// How deliveries are made.
#[derive(Debug, Clone, Copy)]
pub struct WebhooksOptions {
    /// Deliveries under way at the same moment.
    pub concurrent: usize,
    /// Of these, to one receiver.
    pub concurrent_of_one: usize,
    /// How long a receiver may take, from the connection to the head of its answer.
    pub timeout: Duration,
    /// How often the store is asked without a hint.
    pub idle: Duration,
    /// How long a receiver that failed is left alone.
    pub pause: Duration,
    /// For tests: every wait after a failure is so many times shorter.
    pub haste: u32,
}

impl Default for WebhooksOptions {
    fn default() -> Self {
        Self {
            concurrent: 32,
            concurrent_of_one: 4,
            timeout: Duration::from_secs(15),
            idle: Duration::from_secs(5),
            pause: Duration::from_secs(30),
            haste: 1,
        }
    }
}

/// The worker. It ends when this is dropped; what is under way then is another replica's when its lease is over.
#[derive(Debug)]
pub struct Webhooks {
    task: JoinHandle<()>,
}

impl Webhooks {
    /// Begins to deliver, on the current tokio runtime. `outside` is made on it, or at least used on no other. `hint` says that something was
    /// put on its way; what nobody hints at is found a little later.
    pub fn start(store: Store, outside: Outside, open: Opener, hint: Arc<Notify>, options: WebhooksOptions) -> Self {
        let worker = Worker {
            store,
            outside,
            open,
            options,
            hint,
            places: Semaphore::new(options.concurrent),
            receivers: Mutex::default(),
        };
        let task = tokio::spawn(Arc::new(worker).work());
        Self { task }
    }
}

impl Drop for Webhooks {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Worker {
    store: Store,
    outside: Outside,
    open: Opener,
    options: WebhooksOptions,
    hint: Arc<Notify>,
    places: Semaphore,
    /// By webhook; only those with something under way or a failure to remember.
    receivers: Mutex<HashMap<String, Receiver>>,
}

#[derive(Clone)]
struct Receiver {
    places: Arc<Semaphore>,
    /// Left alone until then.
    resting: Option<Instant>,
}

/// Why nothing was sent, or nothing good came back.
#[derive(Debug)]
enum Failure {
    /// The receiver answered, and not with 2xx.
    Answered(Delivered),
    Problem(Problem),
    /// It failed a moment ago.
    Resting(Duration),
    /// Our own fault.
    Ours(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(Delivered { status: 410, .. }) => {
                f.write_str("the receiver answered 410: it wants no more events")
            }
            Self::Answered(Delivered { status: status @ 300..=399, .. }) => {
                write!(f, "the receiver answered {status}; redirects are not followed: give the address itself")
            }
            Self::Answered(Delivered { status, .. }) => write!(f, "the receiver answered {status}"),
            Self::Problem(problem) => problem.fmt(f),
            Self::Resting(_) => f.write_str("not sent: the receiver failed a moment ago"),
            Self::Ours(why) => f.write_str(why),
        }
    }
}

impl Worker {
    async fn work(self: Arc<Self>) {
        let mut under_way = JoinSet::new();
        loop {
            while under_way.try_join_next().is_some() {}
            let free = self.most().saturating_sub(under_way.len());
            if free == 0 {
                under_way.join_next().await;
                continue;
            }
            let limit = u32::try_from(free).unwrap_or(u32::MAX);
            let claims = self.store.claim_deliveries(limit, self.lease()).await;
            match claims {
                Ok(claims) if !claims.is_empty() => {
                    let claimed = Instant::now();
                    for claim in claims {
                        under_way.spawn(self.clone().deliver(claim, claimed));
                    }
                }
                Ok(_) => self.wait(&mut under_way).await,
                Err(error) => {
                    tracing::warn!(%error, "webhooks wait for the store");
                    tokio::time::sleep(self.options.idle).await;
                }
            }
        }
    }

    /// Until something may be due: what the store has next, a hint, or some time.
    async fn wait(&self, under_way: &mut JoinSet<()>) {
        let next = self.store.next_delivery_due().await.ok().flatten();
        // The store's clock counts whole seconds.
        let next = next.map(|due| Duration::from_secs(u64::try_from(due - crate::decide::now()).unwrap_or(0)));
        let least = Duration::from_millis(100);
        let wait = next.unwrap_or(self.options.idle).clamp(least, self.options.idle.max(least));
        let hinted = tokio::time::timeout(wait, self.hint.notified());
        let ended = async {
            if under_way.join_next().await.is_none() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            _ = hinted => {}
            () = ended => {}
        }
    }

    /// Claims at the same moment: more than are sent, since those for a receiver that rests go back at once.
    fn most(&self) -> usize {
        self.options.concurrent * 4
    }

    /// Seconds: long enough to wait for a place and to send.
    fn lease(&self) -> i64 {
        i64::try_from(self.options.timeout.as_secs()).unwrap_or(0).saturating_mul(4) + 30
    }

    async fn deliver(self: Arc<Self>, claim: DeliveryClaim, claimed: Instant) {
        let receiver = self.receiver(&claim.delivery.webhook);
        // The semaphores are never closed.
        let _place_of_its_own = receiver.places.clone().acquire_owned().await.ok();
        let _place = self.places.acquire().await.ok();
        let lease = Duration::from_secs(u64::try_from(self.lease()).unwrap_or(0));
        if claimed.elapsed() + self.options.timeout + Duration::from_secs(5) > lease {
            // Sent now, another replica might be sending it too.
            return;
        }
        let began = Instant::now();
        let result = self.send(&claim).await;
        let outcome = self.outcome(&claim, result.as_ref());
        let word = match &outcome {
            DeliveryOutcome::Delivered { .. } => "delivered",
            DeliveryOutcome::Retry { .. } => "retried",
            DeliveryOutcome::Failed { .. } => "given-up",
        };
        let event = claim.delivery.event.clone();
        metrics::counter!("cartwright_webhook_deliveries_total", "event" => event, "outcome" => word).increment(1);
        if !matches!(result, Err(Failure::Resting(_) | Failure::Ours(_))) {
            metrics::histogram!("cartwright_webhook_seconds").record(began.elapsed().as_secs_f64());
        }
        if let Err(failure) = &result {
            let (webhook, attempt) = (&claim.delivery.webhook, claim.attempt);
            tracing::info!(webhook, event = claim.delivery.event, attempt, %failure, "a webhook was not delivered");
        }
        self.settle(&claim.delivery.webhook, result.as_ref().err());
        self.tell(&claim, &outcome).await;
        // A place came free, or something is due again at once.
        self.hint.notify_one();
    }

    async fn send(&self, claim: &DeliveryClaim) -> Result<Delivered, Failure> {
        let delivery = &claim.delivery;
        if let Some(resting) = self.resting(&delivery.webhook) {
            return Err(Failure::Resting(resting));
        }
        let secrets = self.secrets(claim).map_err(Failure::Ours)?;
        let body = sign::body(&delivery.event, delivery.created, &delivery.payload);
        let headers =
            sign::headers(&delivery.event_id, crate::decide::now(), &body, &secrets).map_err(Failure::Ours)?;
        let message = Message { url: &claim.url, headers, body, timeout: self.options.timeout };
        let delivered = self.outside.deliver(message).await.map_err(Failure::Problem)?;
        if (200..300).contains(&delivered.status) { Ok(delivered) } else { Err(Failure::Answered(delivered)) }
    }

    /// The newest first.
    fn secrets(&self, claim: &DeliveryClaim) -> Result<Vec<String>, String> {
        let about = sealed_about(&claim.delivery.webhook);
        let open = |sealed: &Vec<u8>| {
            let plain = (self.open)(&about, sealed)?;
            String::from_utf8(plain).map_err(|_| "the signing secret is no text; rotate it".to_owned())
        };
        std::iter::once(&claim.secret).chain(&claim.secret_before).map(open).collect()
    }

    fn outcome(&self, claim: &DeliveryClaim, result: Result<&Delivered, &Failure>) -> DeliveryOutcome {
        let failure = match result {
            Ok(delivered) => return DeliveryOutcome::Delivered { status: delivered.status.into() },
            Err(failure) => failure,
        };
        let error = failure.to_string();
        let (status, wished) = match failure {
            Failure::Answered(answered) => (Some(answered.status.into()), answered.retry_after),
            _ => (None, None),
        };
        if status == Some(410) {
            return DeliveryOutcome::Failed { status, error, disable: true };
        }
        let age = crate::decide::now().saturating_sub(claim.delivery.created);
        let age = Duration::from_secs(u64::try_from(age).unwrap_or(0));
        let attempt = u32::try_from(claim.attempt).unwrap_or(u32::MAX);
        let wait = match failure {
            Failure::Resting(resting) => (age <= backoff::WORTH).then_some(*resting + Duration::from_secs(1)),
            _ => backoff::wait(attempt, age, chance(), wished),
        };
        match wait {
            Some(wait) => {
                let after = wait / self.options.haste.max(1);
                DeliveryOutcome::Retry { after: i64::try_from(after.as_secs()).unwrap_or(i64::MAX), status, error }
            }
            None => DeliveryOutcome::Failed { status, error, disable: false },
        }
    }

    /// The store may be away for a moment; what it never hears of is sent again.
    async fn tell(&self, claim: &DeliveryClaim, outcome: &DeliveryOutcome) {
        for pause in [1, 5, 0] {
            match self.store.finish_delivery(claim, outcome).await {
                Ok(()) | Err(StoreError::Stale { .. } | StoreError::NotFound { .. }) => return,
                Err(error) => tracing::warn!(%error, "what became of a webhook is not in the store"),
            }
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }

    fn receiver(&self, webhook: &str) -> Receiver {
        let mut receivers = self.receivers.lock().unwrap_or_else(PoisonError::into_inner);
        let places = self.options.concurrent_of_one;
        let fresh = || Receiver { places: Arc::new(Semaphore::new(places)), resting: None };
        receivers.entry(webhook.to_owned()).or_insert_with(fresh).clone()
    }

    fn resting(&self, webhook: &str) -> Option<Duration> {
        let receivers = self.receivers.lock().unwrap_or_else(PoisonError::into_inner);
        let left = receivers.get(webhook)?.resting?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Remembers a receiver that failed, and forgets one that did not.
    fn settle(&self, webhook: &str, failure: Option<&Failure>) {
        let mut receivers = self.receivers.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(receiver) = receivers.get_mut(webhook) else { return };
        match failure {
            None => receiver.resting = None,
            Some(Failure::Resting(_) | Failure::Ours(_)) => {}
            Some(_) => receiver.resting = Some(Instant::now() + self.options.pause / self.options.haste.max(1)),
        }
        let now = Instant::now();
        receivers.retain(|_, receiver| {
            Arc::strong_count(&receiver.places) > 1 || receiver.resting.is_some_and(|until| until > now)
        });
    }
}

/// 0 to 1.
fn chance() -> f64 {
    use std::hash::{BuildHasher, Hasher};
    let drawn = std::collections::hash_map::RandomState::new().build_hasher().finish();
    f64::from((drawn >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
