//! All addresses, and the OpenAPI document that describes them: both come from the same list.
//!
//! What this module must not know: what stands behind an address.

use crate::app::App;
use crate::{control, edge, estimates, hooks, status};
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use std::path::Path;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::services::ServeDir;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cartwright",
        description = "Decisions of storefronts, made by the merchants' plugins. Money is in the currency's minor unit, weight in grams, length in millimetres."
    ),
    tags(
        (name = "quotes", description = "Shipping options at checkout"),
        (name = "estimates", description = "Delivery estimates on product pages, made in the browser"),
        (name = "addresses", description = "Addresses at checkout"),
        (name = "orders", description = "Decisions about an order that was placed"),
        (name = "shops", description = "Merchants' shops: what they are and what is installed"),
        (name = "packages", description = "What authors publish, and who they are"),
        (name = "installs", description = "Packages on a shop's hooks, with settings; each change is a revision"),
        (name = "rollouts", description = "Shadow, canary, live, and back"),
        (name = "records", description = "Decisions that were made, to read, replay and forget"),
        (name = "secrets", description = "What plugins' requests to the outside need and nobody reads"),
        (name = "tokens", description = "Who may ask"),
        (name = "webhooks", description = "What a merchant's systems are told"),
        (name = "operation", description = "For whoever runs the server"),
    )
)]
struct Document;

fn described() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(hooks::quotes))
        .routes(routes!(hooks::address_validations))
        .routes(routes!(hooks::screenings))
        .routes(routes!(hooks::routings))
        .routes(routes!(hooks::returns))
        .merge(estimated())
        .routes(routes!(status::shop))
        .merge(control::routes())
        .routes(routes!(status::healthz))
        .routes(routes!(status::readyz))
        .routes(routes!(status::metrics))
}

fn estimated() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(estimates::estimate_bundle))
        .routes(routes!(estimates::estimate_key))
        .routes(routes!(estimates::estimates))
        .layer(estimates::any_origin())
}

/// The OpenAPI document, as `/openapi.json` shows it.
pub fn document() -> String {
    let mut text = described().into_openapi().to_pretty_json().expect("the document holds texts and numbers only");
    text.push('\n');
    text
}

/// What stands at no address of the API: the files of a site, if there is one.
fn with_site(router: Router<Arc<App>>, folder: Option<&Path>) -> Router<Arc<App>> {
    let Some(folder) = folder else { return router.fallback(edge::unknown_path) };
    let unknown = Router::new().fallback(edge::unknown_path);
    router.fallback_service(ServeDir::new(folder).precompressed_br().fallback(unknown))
}

/// Everything that the server answers.
pub fn router(app: Arc<App>) -> Router {
    let (router, _) = described().split_for_parts();
    let document = Bytes::from(document());
    let openapi = move || async move { ([(header::CONTENT_TYPE, "application/json")], document.clone()) };
    with_site(router.route("/openapi.json", get(openapi)), app.site.as_deref())
        .method_not_allowed_fallback(edge::unknown_method)
        .layer(axum::middleware::from_fn_with_state(app.clone(), control::cors::pass))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(axum::middleware::from_fn_with_state(app.clone(), edge::pass))
        .with_state(app)
}
