//! Which pages may ask for decisions from a browser: those of the origins that a shop's document lists. The control plane answers no page.
//!
//! A layer of its own, since tower-http's would have to know the shops. What this module must not know: what is decided.

use crate::app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What a checkout asks.
const DECISIONS: [&str; 5] = [
    "/v1/shops/{shop}/quotes",
    "/v1/shops/{shop}/routings",
    "/v1/shops/{shop}/screenings",
    "/v1/shops/{shop}/address-validations",
    "/v1/shops/{shop}/returns",
];
/// What a page may send.
const SENT: HeaderValue =
    HeaderValue::from_static("authorization, content-type, cartwright-key, idempotency-key, x-request-id, traceparent");
/// What a page may read beside what begins with `cartwright-`.
const TOLD: [HeaderName; 3] =
    [HeaderName::from_static("server-timing"), HeaderName::from_static("x-request-id"), header::RETRY_AFTER];
/// For how many seconds a browser need not ask again.
const FRESH: HeaderValue = HeaderValue::from_static("600");

/// Lets listed origins ask for decisions; leaves everything else alone.
pub async fn pass(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let decides = request.extensions().get::<MatchedPath>().is_some_and(|path| DECISIONS.contains(&path.as_str()));
    if !decides {
        return next.run(request).await;
    }
    let origin = allowed(&app, &request);
    let asks_first =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match &origin {
        Some(_) if asks_first => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, SENT);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, FRESH);
            response
        }
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        if !asks_first {
            let own = headers.keys().filter(|name| name.as_str().starts_with("cartwright-")).map(HeaderName::as_str);
            let told = own.chain(TOLD.iter().map(HeaderName::as_str)).collect::<Vec<_>>().join(", ");
            if let Ok(told) = HeaderValue::try_from(told) {
                headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, told);
            }
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

/// The request's origin, when the shop that the address names lists it.
fn allowed(app: &App, request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    // A shop's id holds nothing that would be encoded.
    let shop = app.shops.get(request.uri().path().split('/').nth(3)?)?;
    let listed = &shop.merchant.as_ref()?.document.origins;
    listed.iter().any(|listed| listed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}
