//! What every request goes through, whatever it asks for: its id, its time limit, its numbers; and the body of every problem.
//!
//! What this module must not know: the routes' meaning.

use crate::app::App;
use crate::control;
use crate::metrics::{self, InFlight};
use crate::problem::{Kind, Problem};
use crate::traces;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tracing::Instrument;

/// Where a request's id stands, coming and going.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Bytes of an id that a client may choose.
const LONGEST_ID: usize = 128;

/// What a request is called in logs, problems and the client's own records.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The client's id if it is fit for a log line, else a new one.
    fn of(headers: &HeaderMap) -> Self {
        let fit = |value: &&HeaderValue| {
            let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:+/=@".contains(byte);
            (1..=LONGEST_ID).contains(&value.len()) && value.as_bytes().iter().all(allowed)
        };
        headers.get(REQUEST_ID).filter(fit).cloned().map_or_else(Self::new, Self)
    }

    /// Unique, not secret: what the system drew for this process, and a count.
    fn new() -> Self {
        static PROCESS: OnceLock<u64> = OnceLock::new();
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let process = PROCESS.get_or_init(|| std::collections::hash_map::RandomState::new().build_hasher().finish());
        let id = format!("{process:016x}-{:08x}", COUNT.fetch_add(1, Ordering::Relaxed));
        Self(HeaderValue::try_from(id).expect("hexadecimal digits are fit for a header"))
    }

    pub fn as_str(&self) -> &str {
        self.0.to_str().expect("only ids of visible ASCII are taken or made")
    }
}

/// The outermost layer.
pub async fn pass(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _in_flight = InFlight::begin();
    let id = RequestId::of(request.headers());
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".into(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let span = traces::span(method.as_str(), &route, request.uri().path(), id.as_str(), request.headers());
    request.extensions_mut().insert(id.clone());

    let limit = if control::takes_long(&route) { app.clients.control } else { app.clients.request };
    let answered = tokio::time::timeout(limit, next.run(request).instrument(span.clone())).await;
    let mut response = answered.unwrap_or_else(|_| {
        Problem::new(Kind::RequestTimeout, format!("the request was not answered within {limit:?}; try again"))
            .into_response()
    });
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        *response.body_mut() = Body::from(problem.body(id.as_str()));
        // What stands behind the site has been told the length of the body that it had.
        response.headers_mut().remove(header::CONTENT_LENGTH);
        tracing::debug!(request = id.as_str(), route, status = response.status().as_u16(), detail = %problem.detail, "problem");
    }
    let took = started.elapsed();
    span.record("status", response.status().as_u16());
    // Its end is now, and not when the connection has gone.
    drop(span);
    tracing::debug!(request = id.as_str(), %method, route, status = response.status().as_u16(), ?took, "answered");
    metrics::answered(route, &method, response.status(), took);
    response.headers_mut().insert(REQUEST_ID, id.0);
    response
}

/// A handler panicked. The panic's hook has already written where.
#[allow(clippy::needless_pass_by_value)] // tower-http's signature
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    internal().into_response()
}

/// Says that it is the server's fault, and nothing that would help an attacker.
pub fn internal() -> Problem {
    tracing::error!("the server made a mistake; please report it");
    Problem::new(Kind::Internal, "the server made a mistake; try again, and report this id if it happens again")
}

/// What stands at no address.
pub async fn unknown_path(request: Request) -> Problem {
    let path: String = request.uri().path().chars().take(100).collect();
    Problem::new(Kind::UnknownPath, format!("{path:?} is not an address of this server; /openapi.json lists them"))
}

/// What an address does not take.
pub async fn unknown_method(request: Request) -> Problem {
    let detail = format!("this address does not take {}; the header `allow` lists what it takes", request.method());
    Problem::new(Kind::MethodNotAllowed, detail)
}
