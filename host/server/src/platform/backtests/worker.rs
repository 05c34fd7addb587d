//! The threads that work on shards: of the lowest rank, one for each processor, one shard at a time each.
//!
//! What this module must not know: what is in a shard.

use super::document::Document;
use super::shard::{self, Broken};
use super::{ATTEMPTS, BACK_OFF, KIND, LEASE, Message, report};
use crate::platform::Platform;
use crate::tenancy::cpu;
use cartwright_bus::Jobs;
use cartwright_store::{JobState, ShardClaim, ShardState, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// How long a shard that another holds is left to it.
const HELD: Duration = Duration::from_secs(10);

/// The workers of this process. They end when they are told to, or when this is dropped.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Default for Workers {
    fn default() -> Self {
        Self { stop: watch::channel(false).0, threads: Mutex::default() }
    }
}

impl Workers {
    /// One for each processor. On the current tokio runtime, once.
    pub fn start(&self, platform: &Arc<Platform>) {
        for number in 0..cpu::processors() {
            let worker = Worker {
                name: format!("{}/{number}", platform.replica),
                platform: platform.clone(),
                runtime: Handle::current(),
                stop: self.stop.subscribe(),
            };
            let thread = thread::Builder::new().name("cartwright-backtest".into()).spawn(move || worker.run());
            match thread {
                Ok(thread) => self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread),
                Err(error) => tracing::error!(%error, "a worker for backtests cannot be started"),
            }
        }
    }

    /// Ends after the decision that is being asked; what was begun is another's.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let joined = tokio::task::spawn_blocking(move || threads.into_iter().for_each(|thread| drop(thread.join())));
        if tokio::time::timeout(Duration::from_secs(10), joined).await.is_err() {
            tracing::warn!("a backtest's worker did not end in time");
        }
    }
}

struct Worker {
    name: String,
    platform: Arc<Platform>,
    runtime: Handle,
    stop: watch::Receiver<bool>,
}

impl Worker {
    fn run(self) {
        cpu::step_back();
        // The bus may start tasks of its own.
        let _runtime = self.runtime.enter();
        let Ok(mut jobs) = self.platform.bus.jobs(KIND) else { return };
        while let Some(job) = self.next(&mut jobs) {
            self.handle(&job);
        }
    }

    fn next(&self, jobs: &mut Jobs) -> Option<cartwright_bus::Job> {
        let mut stop = self.stop.clone();
        self.runtime.block_on(async {
            tokio::select! {
                job = jobs.next() => job,
                _ = stop.wait_for(|stop| *stop) => None,
            }
        })
    }

    /// Works on what the bus hands out, and tells it how that went. What the bus does not hear is found by the sweep.
    fn handle(&self, job: &cartwright_bus::Job) {
        let ended = match serde_json::from_slice::<Message>(&job.payload) {
            Ok(message) => self.shard(job, &message),
            Err(error) => {
                Ended::Never(format!("this version of the software does not understand the message: {error}"))
            }
        };
        let told = self.runtime.block_on(async {
            match &ended {
                Ended::Over => job.done().await,
                Ended::Later(pause, why) => job.retry_after(*pause, why).await,
                Ended::Never(why) => job.give_up(why).await,
            }
        });
        if let Err(error) = told {
            tracing::debug!(job = job.id, %error, "the bus was not told how a shard went");
        }
    }

    fn shard(&self, job: &cartwright_bus::Job, message: &Message) -> Ended {
        let store = &self.platform.store;
        let claimed = store.claim_shard_number(&message.job, message.shard, &self.name, LEASE, ATTEMPTS);
        let claim = match self.runtime.block_on(claimed) {
            Ok(Some(claim)) => claim,
            Ok(None) => return self.not_mine(message),
            Err(error) => return Ended::Later(HELD, error.to_string()),
        };
        let worked = catch_unwind(AssertUnwindSafe(|| self.work(job, &claim)));
        match worked.unwrap_or_else(|_| Err(Broken::Later("the worker crashed; the server's log says where".into()))) {
            Ok(()) => Ended::Over,
            Err(Broken::Stopped) => {
                // Nobody has to wait for the end of the lease; where the claim was lost, this changes nothing.
                let _ = self.runtime.block_on(store.renew_shard(&claim, 0));
                Ended::Later(Duration::from_secs(1), "its worker ended".into())
            }
            Err(Broken::Later(why)) => self.failed(&claim, &why),
        }
    }

    fn work(&self, job: &cartwright_bus::Job, claim: &ShardClaim) -> Result<(), Broken> {
        let store = &self.platform.store;
        let later = |error: &dyn std::fmt::Display| Broken::Later(error.to_string());
        let about = self.runtime.block_on(store.job(&claim.job)).map_err(|error| later(&error))?;
        let document: Document = serde_json::from_value(about.document).map_err(|error| later(&error))?;
        let mut first = true;
        let mut going_on = || {
            // It has just been claimed.
            if std::mem::take(&mut first) {
                return !*self.stop.borrow();
            }
            let renewed = self.runtime.block_on(async {
                // A bus that is away hands the shard to another, who finds it claimed.
                let _ = job.progress().await;
                store.renew_shard(claim, LEASE).await
            });
            !*self.stop.borrow() && !matches!(renewed, Err(StoreError::Stale { .. }))
        };
        let started = std::time::Instant::now();
        let shop = &about.shop;
        let result = shard::work(&self.platform, &self.runtime, shop, &document, &claim.shard, &mut going_on)?;
        let decisions = result.report.calls;
        let bytes = result.write().map_err(|error| later(&error))?;
        let after = match self.runtime.block_on(store.finish_shard(claim, &bytes)) {
            Ok(after) => after,
            Err(StoreError::Stale { .. }) => return Err(Broken::Stopped),
            Err(error) => return Err(later(&error)),
        };
        metrics::counter!("cartwright_backtest_decisions_total").increment(decisions);
        metrics::histogram!("cartwright_backtest_shard_seconds").record(started.elapsed().as_secs_f64());
        if after.state == JobState::Worked {
            self.runtime.block_on(report::conclude(&self.platform, &after.id));
        }
        Ok(())
    }

    /// A shard that is done, given up, or another's.
    fn not_mine(&self, message: &Message) -> Ended {
        let shards = self.runtime.block_on(self.platform.store.shard_results(&message.job, message.shard, 1));
        match shards {
            Ok(shards) => match shards.first().map(|shard| shard.state) {
                Some(ShardState::Waiting | ShardState::Claimed) => {
                    let job = self.runtime.block_on(self.platform.store.job(&message.job));
                    match job {
                        Ok(job) if job.state == JobState::Running => Ended::Later(HELD, "another worker has it".into()),
                        Ok(_) | Err(StoreError::NotFound { .. }) => Ended::Over,
                        Err(error) => Ended::Later(HELD, error.to_string()),
                    }
                }
                _ => Ended::Over,
            },
            Err(StoreError::NotFound { .. }) => Ended::Over,
            Err(error) => Ended::Later(HELD, error.to_string()),
        }
    }

    fn failed(&self, claim: &ShardClaim, why: &str) -> Ended {
        tracing::warn!(
            job = claim.job,
            shard = claim.number,
            attempt = claim.attempt,
            why,
            "a backtest's shard failed"
        );
        let index = usize::try_from(claim.attempt - 1).unwrap_or(0).min(BACK_OFF.len() - 1);
        let pause = BACK_OFF[index];
        let store = &self.platform.store;
        match self.runtime.block_on(store.fail_shard(claim, why, pause, ATTEMPTS)) {
            Ok(after) => {
                if after.state == JobState::Worked {
                    self.runtime.block_on(report::conclude(&self.platform, &after.id));
                }
                if claim.attempt >= ATTEMPTS {
                    return Ended::Never(why.to_owned());
                }
            }
            Err(error) => tracing::debug!(%error, "the store was not told; the shard's lease will end"),
        }
        Ended::Later(Duration::from_secs(u64::try_from(pause).unwrap_or(1)), why.to_owned())
    }
}

/// How it went with what the bus handed out.
enum Ended {
    Over,
    Later(Duration, String),
    Never(String),
}
