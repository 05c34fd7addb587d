//! The control plane: everything that platforms and merchants set up, try, switch and look at, over HTTP under `/v1`.
//!
//! One file a subject. What they share: [`access`] (who asks), [`given`] (what a request brings), [`query`] (what stands behind its `?`),
//! [`idempotency`] (a request sent twice is done once), [`answers`] (documents, versions, addresses),
//! [`checks`] (settings before anything is kept), [`diff`] (of two revisions). [`cors`] stands before the decisions that browsers ask for.
//!
//! Rights, for all of it: `platform` may do everything, `shopAdmin` everything under its own shop, `shopCheckout` nothing here.
//! What this module must not know: sandboxes, SQL, how replicas hear of a change.

pub mod access;
mod answers;
mod audit;
mod authors;
mod backtests;
mod checks;
pub mod cors;
mod diff;
mod erasure;
mod given;
mod idempotency;
mod installs;
mod logs;
mod packages;
mod policy;
mod query;
mod records;
mod replay;
mod revisions;
mod rollout;
mod rows;
mod secrets;
pub mod shops;
mod tokens;
mod upload;
mod webhooks;

use crate::app::App;
use crate::problem::ProblemDetails;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use std::sync::Arc;
use utoipa::IntoResponses;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The name of the security scheme in the OpenAPI document.
const BEARER: &str = "token";

/// What a client reads instead of what it asked to see.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only its description is used")]
enum Refusal {
    /// No token, or none that is known, unexpired and unrevoked
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(ProblemDetails),
    /// The token is not good for this
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemDetails),
    /// There is no such thing, or this server has no store
    #[response(status = 404, content_type = "application/problem+json")]
    Unknown(ProblemDetails),
    /// A parameter is not known or out of its range
    #[response(status = 422, content_type = "application/problem+json")]
    Refused(ProblemDetails),
    /// The store does not answer; see `retry-after`
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDetails),
}

/// What a client reads instead of a change.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only its description is used")]
enum ChangeRefusal {
    /// Not JSON of the right form
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(ProblemDetails),
    /// No token, or none that is known, unexpired and unrevoked
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(ProblemDetails),
    /// The token is not good for this
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemDetails),
    /// There is no such thing, or this server has no store
    #[response(status = 404, content_type = "application/problem+json")]
    Unknown(ProblemDetails),
    /// The body took too long
    #[response(status = 408, content_type = "application/problem+json")]
    Slow(ProblemDetails),
    /// Something else is there already, or the same request is still being answered
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemDetails),
    /// `if-match` names a version that is not the newest any more
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(ProblemDetails),
    /// The body is too large
    #[response(status = 413, content_type = "application/problem+json")]
    Large(ProblemDetails),
    /// The body is not declared as what this address takes
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(ProblemDetails),
    /// A field is out of its range, or the plugin refuses the settings
    #[response(status = 422, content_type = "application/problem+json")]
    Refused(ProblemDetails),
    /// The store does not answer; see `retry-after`
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDetails),
}

/// All addresses of the control plane but `GET /v1/shops/{shop}`, which folder shops have too.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    let mut router = OpenApiRouter::new()
        .routes(routes!(shops::list_shops, shops::create_shop))
        .routes(routes!(shops::change_shop, shops::remove_shop))
        .routes(routes!(authors::list_authors, authors::add_author))
        .routes(routes!(authors::revoke_author))
        .routes(routes!(packages::list_packages))
        .routes(routes!(packages::list_versions))
        .routes(routes!(packages::version, packages::publish))
        .routes(routes!(packages::component))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::rotate_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(tokens::list_shop_tokens, tokens::create_shop_token))
        .routes(routes!(tokens::rotate_shop_token))
        .routes(routes!(tokens::revoke_shop_token))
        .routes(routes!(installs::list_installs, installs::create_install))
        .routes(routes!(installs::install, installs::remove_install))
        .routes(routes!(revisions::list_revisions, revisions::create_revision))
        .routes(routes!(revisions::revision))
        .routes(routes!(revisions::diff_revisions))
        .routes(routes!(rollout::stage))
        .routes(routes!(rollout::rollback))
        .routes(routes!(rollout::history))
        .routes(routes!(rollout::stats))
        .routes(routes!(policy::set_policy))
        .routes(routes!(secrets::list_secrets))
        .routes(routes!(secrets::set_secret, secrets::remove_secret))
        .routes(routes!(records::list_records))
        .routes(routes!(records::record))
        .routes(routes!(replay::replay_record))
        .routes(routes!(backtests::list_backtests, backtests::create_backtest))
        .routes(routes!(backtests::backtest, backtests::cancel_backtest))
        .routes(routes!(backtests::rows_csv))
        .routes(routes!(backtests::rows_parquet))
        .routes(routes!(logs::list_logs))
        .routes(routes!(erasure::erase))
        .routes(routes!(webhooks::list_webhooks, webhooks::create_webhook))
        .routes(routes!(webhooks::remove_webhook))
        .routes(routes!(webhooks::rotate_webhook))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(audit::audit))
        .routes(routes!(audit::shop_audit));
    want_a_token(router.get_openapi_mut());
    router.layer(middleware::from_fn(guarded))
}

/// Whether what an address does may take longer than a decision: components are sent, plugins are compiled.
pub fn takes_long(route: &str) -> bool {
    route.starts_with("/v1/packages/") || ["/installs", "/backtests", "/replay"].iter().any(|part| route.contains(part))
}

/// Every operation of the control plane asks for a bearer token.
fn want_a_token(document: &mut utoipa::openapi::OpenApi) {
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete];
        for operation in operations.into_iter().filter_map(Option::as_mut) {
            operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, [])]);
        }
    }
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("cw_<kind>_<id>_<secret>")
        .description(Some("Made by `POST /v1/tokens`, the first one by `cartwright bootstrap`."))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(BEARER, SecurityScheme::Http(scheme));
}

/// Nothing that is said here may be kept by a cache or taken for a page.
async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    guard(response.headers_mut());
    response
}

/// The headers of such an answer.
pub fn guard(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}
