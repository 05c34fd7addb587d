//! A server on a thread of its own.
//!
//! What this module must not know: what is served.

use crate::{Server, StartError};
use std::net::SocketAddr;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// A server that runs beside the caller; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start(server: Server) -> Result<Self, StartError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("cartwright-http").build();
        let runtime = runtime.map_err(StartError::Thread)?;
        let bound = runtime.block_on(server.bind())?;
        let address = bound.address();
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            // The sender is dropped at the latest with the handle, and that means stop, too.
            runtime.block_on(bound.serve(async { stopped.await.unwrap_or_default() }));
        };
        let thread = std::thread::Builder::new().name("cartwright-server".into()).spawn(serve);
        let thread = thread.map_err(StartError::Thread)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins to shut down, without waiting for the end.
    pub fn begin_to_stop(&mut self) {
        drop(self.stop.take());
    }
}

/// Shuts down and waits for what is under way.
impl Drop for Running {
    fn drop(&mut self) {
        self.begin_to_stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the server's thread panicked; please report it");
        }
    }
}
