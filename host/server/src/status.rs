//! What operators and merchants ask about the server itself: is it alive, ready, how busy, and what is installed.
//!
//! What this module must not know: the hooks' questions and answers.

use crate::app::App;
use crate::config::ShopId;
use crate::control::access::Access;
use crate::control::shops::StoreShop;
use crate::problem::{Kind, Problem, ProblemDetails};
use crate::shops::{Hooks, PluginIdentity, Served, Shop};
use crate::{control, edge};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cartwright_contract::settings::Issue;
use cartwright_runtime::Plugin;
use cartwright_runtime::hooks::{AddressValidation, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "It answers", body = String)))]
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// All plugins are installed, and the server is not shutting down.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "Send requests", body = String),
    (status = 503, description = "Send no more requests", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn readyz(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    if app.draining() {
        return Err(Problem::new(Kind::Draining, "the server is shutting down; ask another one"));
    }
    Ok("ready\n")
}

/// Numbers for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "Prometheus' text format", body = String, content_type = "text/plain; version=0.0.4"),
    (status = 404, description = "The program around this server collects them itself", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn metrics(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let Some(recorder) = app.metrics.clone() else {
        let detail = "the program that this server runs in has its own recorder of metrics; ask there";
        return Err(Problem::new(Kind::UnknownPath, detail));
    };
    app.measure();
    // Thousands of shops make a text that takes milliseconds to write.
    let text = tokio::task::spawn_blocking(move || recorder.render()).await.map_err(|_| edge::internal())?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}

/// What is known of a shop.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopStatus {
    #[schema(example = "demo")]
    id: String,
    #[schema(example = "Demo Outfitters")]
    name: String,
    /// The hooks that have a plugin.
    hooks: Vec<HookStatus>,
}

/// Who answers at a hook.
#[derive(Debug, Serialize, ToSchema)]
pub struct HookStatus {
    #[schema(example = "shipping-quote")]
    hook: &'static str,
    /// In the merchant's order.
    plugins: Vec<PluginStatus>,
}

/// One plugin of a hook.
#[derive(Debug, Serialize, ToSchema)]
pub struct PluginStatus {
    #[serde(flatten)]
    identity: PluginIdentity,
    /// What the plugin finds odd in the shop's settings.
    warnings: Vec<Issue>,
}

/// A shop, of whichever kind it is.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the store's is only described here")]
enum AnyShop {
    Store(StoreShop),
    Folder(ShopStatus),
}

/// A shop and its plugins.
///
/// Of a shop in the server's folder, for everybody. Of one in its store, for its administrator and the platform; then with its document,
/// and with its version as `etag`.
#[utoipa::path(get, path = "/v1/shops/{shop}", tag = "shops",
    params(("shop" = String, Path, description = "The shop's id")),
    responses(
        (status = 200, description = "The shop", body = AnyShop),
        (status = 401, description = "No good token for a shop of the store", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The token is not good for it", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such shop", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn shop(
    State(app): State<Arc<App>>,
    shop: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let named = shop.as_ref().ok().map(|Path(name)| name.clone());
    let of_the_folder = named.as_ref().and_then(|name| app.shops.get(name)).is_some_and(|shop| shop.merchant.is_none());
    let named = named.filter(|name| ShopId::parse(name).is_some());
    if let (false, Some(name), true) = (of_the_folder, named, app.platform.is_some()) {
        let mut parts = request.into_parts().0;
        let shown = match Access::from_request_parts(&mut parts, &app).await {
            Ok(access) => control::shops::show(&access, &name).await,
            Err(problem) => Err(problem),
        };
        let mut response = shown.into_response();
        control::guard(response.headers_mut());
        return Ok(response);
    }
    let shop = app.shop(shop)?;
    // A shop that nobody asked yet is installed for it.
    let shown = tokio::task::spawn_blocking(move || status(&shop)).await.map_err(|_| edge::internal())?;
    Ok(Json(shown).into_response())
}

fn status(shop: &Shop) -> ShopStatus {
    let hooks = [
        of_hook::<AddressValidation>(&shop.hooks),
        of_hook::<ShippingQuote>(&shop.hooks),
        of_hook::<OrderScreening>(&shop.hooks),
        of_hook::<OrderRouting>(&shop.hooks),
        of_hook::<ReturnPolicy>(&shop.hooks),
    ];
    let (id, name) = (shop.id.as_str().to_owned(), shop.name.clone());
    ShopStatus { id, name, hooks: hooks.into_iter().flatten().collect() }
}

fn of_hook<H: Served>(hooks: &Hooks) -> Option<HookStatus> {
    let deployed = H::of(hooks)?.deployed();
    let installed = &deployed.live;
    let status = |(plugin, identity): (&Plugin, &PluginIdentity)| PluginStatus {
        identity: identity.clone(),
        warnings: plugin.warnings().to_vec(),
    };
    let plugins = installed.composition.plugins().iter().zip(&installed.identities).map(status).collect();
    Some(HookStatus { hook: H::NAME, plugins })
}
