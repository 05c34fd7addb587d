//! Spans of requests, sent to a collector by OTLP.
//!
//! A span says which route, shop and hook, with which status, and the request's id; what was asked and answered is in none. A client's
//! `traceparent` makes the span a part of the client's own trace. Spans are sent in batches by a thread of their own: a collector that is
//! slow or gone costs no request anything, and what does not fit into the queue is dropped.
//!
//! What this module must not know: how requests are answered.

use crate::config::ShopId;
use axum::http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tracing::{Span, Subscriber, field};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::registry::LookupSpan;

/// How long a collector may take for a batch.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the last batch may take when the server ends.
const LAST: Duration = Duration::from_secs(5);

/// Whether anybody wants the context of clients' spans.
static ON: AtomicBool = AtomicBool::new(false);

/// Why no spans are sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    #[error("{0:?} is not a collector's address; give one such as http://127.0.0.1:4318")]
    Url(String),
    #[error("spans cannot be sent: {0}")]
    Exporter(#[from] ExporterBuildError),
}

/// The way to a collector. What is left is sent when this is dropped.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// To a collector that speaks OTLP over HTTP with Protobuf. An address without a path means `/v1/traces`.
    ///
    /// # Errors
    /// When it is no address, or the thread cannot be started.
    pub fn to(url: &str) -> Result<Self, TracesError> {
        let wrong = || TracesError::Url(url.chars().take(200).collect());
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        if !matches!(scheme, "http" | "https") || rest.is_empty() || rest.chars().any(char::is_whitespace) {
            return Err(wrong());
        }
        let endpoint = match rest.split_once('/') {
            None => format!("{url}/v1/traces"),
            Some((_, "")) => format!("{url}v1/traces"),
            Some(_) => url.to_owned(),
        };
        // The exporter's client comes without a choice of its own. Where another was made before, that one holds.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .build()?;
        let resource = Resource::builder().with_service_name("cartwright").build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        ON.store(true, Ordering::Relaxed);
        Ok(Self { provider })
    }

    /// What belongs into the program's subscriber.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> OpenTelemetryLayer<S, SdkTracer> {
        let tracer = self.provider.tracer("cartwright");
        tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false).with_target(false)
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// The span of a request that is to be answered.
pub fn span(method: &str, route: &str, path: &str, id: &str, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        target: "cartwright::request",
        "request",
        otel.name = field::Empty,
        otel.kind = "server",
        request = id,
        route,
        shop = field::Empty,
        hook = field::Empty,
        status = field::Empty,
    );
    if span.is_disabled() {
        return span;
    }
    if let Some(shop) = shop(route, path) {
        span.record("shop", shop);
    }
    if let Some(hook) = hook(route) {
        span.record("hook", hook);
    }
    if ON.load(Ordering::Relaxed) {
        span.record("otel.name", format!("{method} {route}"));
        // Without a `traceparent`, or with a wrong one, the trace begins here.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    }
    span
}

/// The shop's id, where the route has one and it is one.
fn shop<'p>(route: &str, path: &'p str) -> Option<&'p str> {
    route.strip_prefix("/v1/shops/{shop}")?;
    let shop = path.strip_prefix("/v1/shops/")?.split('/').next()?;
    ShopId::parse(shop).map(|_| shop)
}

/// The hook that a route asks.
fn hook(route: &str) -> Option<&'static str> {
    match route.strip_prefix("/v1/shops/{shop}/")? {
        "quotes" | "estimates" => Some("shipping-quote"),
        "routings" => Some("order-routing"),
        "screenings" => Some("order-screening"),
        "address-validations" => Some("address-validation"),
        "returns" => Some("return-policy"),
        _ => None,
    }
}

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_names_shops_by_their_ids_only() {
        let route = "/v1/shops/{shop}/quotes";
        assert_eq!((shop(route, "/v1/shops/demo/quotes"), hook(route)), (Some("demo"), Some("shipping-quote")));
        assert_eq!(shop(route, "/v1/shops/jane%40example.com/quotes"), None);
        assert_eq!((shop("/healthz", "/healthz"), hook("/healthz")), (None, None));
        assert_eq!(shop("none", "/v1/shops/demo"), None);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in ["", "127.0.0.1:4318", "grpc://127.0.0.1:4317", "http://", "http://a b/"] {
            assert!(matches!(Traces::to(url), Err(TracesError::Url(_))), "{url}");
        }
    }
}
