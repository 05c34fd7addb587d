//! What a shop's pages ask before there is an order: the estimate bundle, the key it is signed with, and an estimate where the browser
//! cannot make its own.
//!
//! What this module must not know: how a plugin describes itself, what a browser does with it.

pub mod bundle;
pub mod key;

use crate::app::App;
use crate::decide::{Asked, Failed, Kept, ask, now};
use crate::edge;
use crate::json;
use crate::problem::{Kind, Problem, ProblemDetails};
use crate::shops::Shop;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cartwright_contract::CurrencyCode;
use cartwright_contract::estimate::{Estimate, Question};
use cartwright_contract::moment::Timed;
use cartwright_contract::shipping_quote as quote;
use cartwright_runtime::hooks::ShippingQuote;
use serde::Serialize;
use std::sync::Arc;
use tower_http::cors::{Any, CorsLayer};
use utoipa::ToSchema;

/// How long a page may take a bundle for the newest without asking, in seconds.
const FRESH: &str = "public, max-age=300, must-revalidate";

type Named = Result<Path<String>, PathRejection>;

/// Pages of any origin may ask: nothing here is anybody's own.
pub fn any_origin() -> CorsLayer {
    let tells = [
        header::DATE,
        header::ETAG,
        HeaderName::from_static("server-timing"),
        HeaderName::from_static("cartwright-fuel"),
    ];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .expose_headers(tells)
}

/// What a browser needs to estimate as the shop's plugin quotes, for the orders of the coming days: binary, signed, with an `ETag`.
///
/// A shop whose plugin cannot be described has a bundle that says so; estimates are then asked from `/estimates`.
#[utoipa::path(
    get, path = "/v1/shops/{shop}/estimate-bundle", tag = "estimates",
    params(("shop" = String, Path, description = "The shop's id")),
    responses(
        (status = 200, description = "The bundle", body = Vec<u8>, content_type = "application/vnd.cartwright.estimate-bundle"),
        (status = 304, description = "The one that `if-none-match` names is the newest"),
        (status = 404, description = "No such shop", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn estimate_bundle(
    State(app): State<Arc<App>>,
    shop: Named,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let published = published(&app, &app.shop(shop)?).await?;
    let lists = |name: HeaderName, wanted: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .any(|entry| entry.split(';').next().unwrap_or_default().trim() == wanted)
    };
    // Weak comparison, as for every GET: a proxy that compressed it anew has marked the tag.
    let weak = format!("W/{}", published.etag);
    let known = [published.etag.as_str(), &weak, "*"].into_iter().any(|tag| lists(header::IF_NONE_MATCH, tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if lists(header::ACCEPT_ENCODING, "br") {
        let mut response = Response::new(Body::from(published.compressed.clone()));
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        response
    } else {
        Response::new(Body::from(published.bytes.clone()))
    };
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.cartwright.estimate-bundle"));
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static(FRESH));
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::try_from(published.etag.as_str()) {
        told.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// What bundles are verified with.
#[derive(Debug, Serialize, ToSchema)]
pub struct EstimateKey {
    #[schema(example = "Ed25519")]
    algorithm: &'static str,
    /// 32 bytes as base64url without padding.
    key: String,
}

/// The public key of the bundles' signatures. A page that has it written into it need not trust where the bundle came from.
#[utoipa::path(
    get, path = "/v1/shops/{shop}/estimate-key", tag = "estimates",
    params(("shop" = String, Path, description = "The shop's id")),
    responses(
        (status = 200, description = "The key", body = EstimateKey),
        (status = 404, description = "No such shop", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn estimate_key(State(app): State<Arc<App>>, shop: Named) -> Result<Json<EstimateKey>, Problem> {
    app.shop(shop)?;
    Ok(Json(EstimateKey { algorithm: "Ed25519", key: app.signing.public().to_owned() }))
}

/// An estimate, and who gave it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Estimated {
    #[serde(flatten)]
    estimate: Estimate,
    /// The plugins that were asked, in the merchant's order.
    plugins: Vec<Asked>,
    /// Present when no plugin answered, so that the shop's backup rates do.
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<Failed>,
}

/// An estimate by the shop's plugins, where a browser cannot make its own.
#[utoipa::path(
    post, path = "/v1/shops/{shop}/estimates", tag = "estimates",
    params(("shop" = String, Path, description = "The shop's id")),
    request_body = Question,
    responses(
        (status = 200, description = "The options; none, with the reason, when no service fits", body = Estimated),
        (status = "4XX", description = "What is wrong with the question", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Too many calls at once; see `retry-after`", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn estimates(State(app): State<Arc<App>>, shop: Named, request: Request) -> Result<Response, Problem> {
    let named = app.shop(shop)?;
    let currency = currency(&app, &named).await?;
    let told = currency.clone();
    let read = move |body: &[u8]| {
        let question: Question = json::read(body)?;
        Ok(question.into_request(currency))
    };
    let tell = move |answer, request: &quote::Request, plugins, fallback| Estimated {
        estimate: Estimate::of(answer, request.at(), told),
        plugins,
        fallback,
    };
    // An estimate is nobody's order, and product pages ask for many.
    ask::<ShippingQuote, _>(&app, &named, request, Kept::Passing, read, tell).await
}

/// The shop's currency: as configured, else as its plugin describes itself.
async fn currency(app: &Arc<App>, shop: &Arc<Shop>) -> Result<CurrencyCode, Problem> {
    if let Some(currency) = &shop.estimates.currency {
        return Ok(currency.clone());
    }
    published(app, shop).await?.currency.clone().ok_or_else(|| {
        let detail = "the shop's currency is not known, since its plugin does not describe itself; give `currency` in its shop.json";
        Problem::new(Kind::NoPlugin, detail)
    })
}

async fn published(app: &Arc<App>, shop: &Arc<Shop>) -> Result<Arc<bundle::Published>, Problem> {
    let (app, shop) = (app.clone(), shop.clone());
    let job = move || shop.estimates.today.bundle(&shop, &app.signing, now());
    tokio::task::spawn_blocking(job).await.map_err(|_| edge::internal())
}
