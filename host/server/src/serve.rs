//! Connections: accepting, protocols, slow clients, shutting down without cutting anybody off.
//!
//! `axum::serve` would do but for its missing timeouts: a client that connects and says nothing would hold its socket for ever. What this
//! module must not know: what is asked and answered.

use crate::app::App;
use crate::metrics;
use crate::tls::Certificate;
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Requests that one HTTP/2 connection may have under way.
const STREAMS: u32 = 128;
/// Bytes of a request's head.
const HEAD: usize = 32 << 10;
/// How long a client may take for the greetings of TLS.
const GREETING: Duration = Duration::from_secs(10);

/// Where connections come in.
pub struct Door {
    pub listener: TcpListener,
    /// With TLS only, if there is one.
    pub certificate: Option<Arc<Certificate>>,
}

/// Answers until `shutdown` is done, then lets what is under way end.
pub async fn serve(door: Door, router: Router, app: Arc<App>, shutdown: impl Future<Output = ()>) {
    let renewal = door.certificate.clone().map(|certificate| tokio::spawn(certificate.follow()));
    let upkeep = app.metrics.clone().map(|recorder| {
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(metrics::UPKEEP);
            loop {
                tick.tick().await;
                recorder.run_upkeep();
            }
        })
    });
    let stop = async {
        shutdown.await;
        app.drain();
        tokio::time::sleep(app.clients.notice).await;
    };
    let (graceful, mut tasks) = (GracefulShutdown::new(), JoinSet::new());
    accept_until(stop, &door, &graceful, &mut tasks, &router, &app).await;

    if tokio::time::timeout(app.clients.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(after = ?app.clients.drain, "connections were still open at the end of the shutdown; they are cut");
    }
    tasks.abort_all();
    for task in upkeep.into_iter().chain(renewal) {
        task.abort();
    }
}

async fn accept_until(
    stop: impl Future<Output = ()>,
    door: &Door,
    graceful: &GracefulShutdown,
    tasks: &mut JoinSet<()>,
    router: &Router,
    app: &App,
) {
    let mut stop = pin!(stop);
    let places = Arc::new(Semaphore::new(app.clients.connections));
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (accept(&door.listener).await, place)
        };
        let (stream, place) = tokio::select! {
            next = next => next,
            () = &mut stop => return,
        };
        let (router, watcher, head) = (router.clone(), graceful.watcher(), app.clients.head);
        let acceptor = door.certificate.as_ref().map(|certificate| certificate.acceptor());
        tasks.spawn(async move {
            // Answers are written whole; waiting for more to send would only delay them.
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => connection(stream, router, watcher, head).await,
                Some(acceptor) => match tokio::time::timeout(GREETING.min(head), acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => connection(stream, router, watcher, head).await,
                    Ok(Err(error)) => tracing::debug!(%error, "a client did not greet as TLS wants it"),
                    Err(_) => tracing::debug!("a client took too long for the greetings of TLS"),
                },
            }
            drop(place);
        });
        while tasks.try_join_next().is_some() {}
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // The client's doing; the next one is waiting.
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted; trying again in a second");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    router: Router,
    watcher: Watcher,
    head: Duration,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(head)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(HEAD).unwrap_or(u32::MAX));
    let asked = Arc::new(AtomicBool::new(false));
    let service = Asking { inner: TowerToHyperService::new(router), asked: asked.clone() };
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(watcher.watch(connection.into_owned()));
    let ended = tokio::select! {
        ended = &mut connection => ended,
        // Hyper's own timeout begins when it knows which HTTP the client speaks. Who has not said that by now is not waited for.
        () = tokio::time::sleep(head) => {
            if !asked.load(Ordering::Relaxed) {
                return;
            }
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Notes that a connection has brought a request.
struct Asking {
    inner: TowerToHyperService<Router>,
    asked: Arc<AtomicBool>,
}

impl Service<Request<Incoming>> for Asking {
    type Response = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Response;
    type Error = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Error;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.asked.store(true, Ordering::Relaxed);
        self.inner.call(request)
    }
}
