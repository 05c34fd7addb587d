//! Storefronts that ask all the time, over a balancer that sends requests only where `/readyz` says yes.

use crate::api::Api;
use crate::shop::{Merchant, cart};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

/// How often each server is asked whether it is ready.
const LOOK: Duration = Duration::from_millis(50);

/// One answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Of the server.
    pub address: String,
    /// When it was asked.
    pub began: Instant,
    pub revision: i64,
    pub price: i64,
}

/// What storefronts were answered.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub answers: Vec<Answered>,
    /// What did not go well, in words.
    pub failed: Vec<String>,
}

impl Seen {
    /// None failed, and each answer is of one revision and of no mixture: revision n quotes 400 + 100 n.
    ///
    /// # Panics
    /// When it is not so, or hardly anything was asked.
    pub fn all_well(&self) {
        assert!(self.failed.is_empty(), "{} failed, the first: {}", self.failed.len(), self.failed[0]);
        assert!(self.answers.len() > 50, "only {} requests were made", self.answers.len());
        for answer in &self.answers {
            assert_eq!(answer.price, 400 + 100 * answer.revision, "{answer:?} is neither old nor new");
        }
    }
}

/// Storefronts that ask until they are ended.
pub struct Load {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    over: AtomicBool,
    /// Every server that there should be, and whether it takes requests.
    targets: Mutex<Vec<(String, bool)>>,
    seen: Mutex<Seen>,
    merchant: Merchant,
}

impl Load {
    /// Begins to ask these servers for quotes of the merchant's, with so many storefronts.
    pub fn on(merchant: &Merchant, addresses: &[&str], storefronts: usize) -> Self {
        let targets = addresses.iter().map(|address| ((*address).to_owned(), true)).collect();
        let shared = Arc::new(Shared {
            over: AtomicBool::new(false),
            targets: Mutex::new(targets),
            seen: Mutex::default(),
            merchant: merchant.clone(),
        });
        let mut threads: Vec<_> = (0..storefronts)
            .map(|number| {
                let shared = shared.clone();
                thread::spawn(move || shared.ask(number))
            })
            .collect();
        let balancer = shared.clone();
        threads.push(thread::spawn(move || balancer.look()));
        Self { shared, threads }
    }

    /// The balancer knows one server more.
    pub fn add(&self, address: &str) {
        lock(&self.shared.targets).push((address.to_owned(), false));
    }

    /// The balancer forgets a server that has gone for good.
    pub fn remove(&self, address: &str) {
        lock(&self.shared.targets).retain(|(known, _)| known != address);
    }

    /// Whether the balancer sends requests there.
    pub fn sends_to(&self, address: &str) -> bool {
        lock(&self.shared.targets).iter().any(|(known, ready)| known == address && *ready)
    }

    /// What was answered so far.
    pub fn so_far(&self) -> Seen {
        lock(&self.shared.seen).clone()
    }

    /// Ends it.
    ///
    /// # Panics
    /// When a storefront panicked.
    pub fn end(mut self) -> Seen {
        self.shared.over.store(true, Ordering::Relaxed);
        for thread in std::mem::take(&mut self.threads) {
            thread.join().expect("a storefront");
        }
        self.so_far()
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    fn look(&self) {
        while !self.over.load(Ordering::Relaxed) {
            let known: Vec<_> = lock(&self.targets).iter().map(|(address, _)| address.clone()).collect();
            for address in known {
                let answer = Api::new(&address, None).within(Duration::from_secs(2)).ask("GET", "/readyz", &[], None);
                let ready = answer.is_ok_and(|answer| answer.status == 200);
                for target in lock(&self.targets).iter_mut().filter(|target| target.0 == address) {
                    target.1 = ready;
                }
            }
            sleep(LOOK);
        }
    }

    fn ask(&self, number: usize) {
        let mut turn = number;
        while !self.over.load(Ordering::Relaxed) {
            turn += 1;
            let ready: Vec<_> =
                lock(&self.targets).iter().filter(|(_, ready)| *ready).map(|(address, _)| address.clone()).collect();
            let Some(address) = ready.get(turn % ready.len().max(1)) else {
                sleep(LOOK);
                continue;
            };
            let api = Api::new(address, Some(&self.merchant.checkout)).within(Duration::from_secs(20));
            let began = Instant::now();
            let answer = api.try_send("POST", &self.merchant.path("/quotes"), &[], &cart(&format!("shopper-{turn}")));
            let mut seen = lock(&self.seen);
            match answer {
                Err(error) => seen.failed.push(format!("{address}: {error}")),
                Ok(answer) if answer.status != 200 => seen.failed.push(format!("{address}: {answer}")),
                Ok(answer) => {
                    let document = answer.json();
                    let number = |value: &Value| value.as_i64().unwrap_or(-1);
                    let (revision, price) = (&document["plugins"][0]["revision"], &document["quotes"][0]["price"]);
                    if document.get("fallback").is_some() {
                        seen.failed.push(format!("{address}: the fallback answered: {document}"));
                    }
                    let (revision, price) = (number(revision), number(price));
                    seen.answers.push(Answered { address: address.clone(), began, revision, price });
                }
            }
            drop(seen);
            // Some hundred a second: enough to meet every moment of a switch, and the machine still has time for the servers.
            sleep(Duration::from_millis(5));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
