//! The same for callers without an async runtime: the command line, a host that embeds the plugins' runtime.

use crate::error::{OptionsError, PlanError};
use crate::fetch::{Fetched, Outside};
use crate::options::OutsideOptions;
use crate::scope::Scope;
use cartwright_contract::outside::HttpRequest;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Builder, Handle, Runtime};

/// An [`Outside`] that a thread waits for.
#[derive(Debug)]
pub struct Blocking {
    outside: Outside,
    handle: Handle,
    /// When it is ours. An `Option` for `Drop`, which must not wait where it may not.
    runtime: Option<Runtime>,
}

impl Blocking {
    /// With one thread of its own for all requests.
    ///
    /// # Errors
    /// As [`Outside::new`], and when the thread cannot be started.
    pub fn new(options: OutsideOptions) -> Result<Self, OptionsError> {
        let outside = Outside::new(options)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("cartwright-outside")
            .enable_io()
            .enable_time()
            .build()
            .map_err(OptionsError::Threads)?;
        Ok(Self { outside, handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// On a runtime that is there already, such as a server's; for its blocking threads.
    pub fn on(outside: Outside, handle: Handle) -> Self {
        Self { outside, handle, runtime: None }
    }

    /// Carries out a plan and waits for it. Does not panic on a thread of an async runtime, but holds that thread up.
    ///
    /// # Errors
    /// As [`Outside::fetch`].
    pub fn fetch(&self, scope: &Scope, plan: &[HttpRequest]) -> Result<Fetched, PlanError> {
        let (outside, scope, plan) = (self.outside.clone(), scope.clone(), plan.to_vec());
        let mut fetch = Box::pin(async move { outside.fetch(&scope, &plan).await });
        // What the cache has, or what is refused, needs no other thread: a hop there and back would take ten times as long.
        let entered = self.handle.enter();
        if let Poll::Ready(done) = fetch.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
        drop(entered);
        let (tell, told) = mpsc::sync_channel(1);
        self.handle.spawn(async move {
            // Nobody to tell: the caller is gone with its thread.
            let _ = tell.send(fetch.await);
        });
        told.recv().expect("the runtime stands for as long as this does, and `fetch` ends by its deadline")
    }

    pub fn outside(&self) -> &Outside {
        &self.outside
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
