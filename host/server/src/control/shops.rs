//! Merchants' shops. What a shop's document may say is read by [`crate::platform`].

use super::access::Access;
use super::answers::Answer;
use super::checks;
use super::given::{Given, Named, expected};
use super::idempotency::{Attempt, once};
use super::query::{Paging, Query};
use super::{ChangeRefusal, Refusal};
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, Uri};
use cartwright_store::{Candidate, Installed, Listed, NewShop, Shop};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A shop to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CreateShop {
    /// Stands in addresses: 1 to 63 of `a-z`, `0-9` and `-`.
    #[schema(example = "tent-and-trail")]
    id: String,
    /// 1 to 255 bytes.
    name: String,
    /// What metrics and limits are grouped by; `standard` when it is left out.
    #[serde(default = "standard")]
    class: String,
    /// Currency, backup rates, stock, limits, recording, origins; `{}` when it is left out.
    #[serde(default)]
    #[schema(value_type = Object)]
    document: Map<String, Value>,
}

/// What a shop is changed to, as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChangeShop {
    /// 1 to 255 bytes.
    name: String,
    /// What metrics and limits are grouped by; `standard` when it is left out.
    #[serde(default = "standard")]
    class: String,
    /// Currency, backup rates, stock, limits, recording, origins; `{}` when it is left out.
    #[serde(default)]
    #[schema(value_type = Object)]
    document: Map<String, Value>,
}

fn standard() -> String {
    "standard".into()
}

/// All shops, by their ids. For the platform.
#[utoipa::path(get, path = "/v1/shops", tag = "shops", params(Paging),
    responses((status = 200, description = "A page of shops", body = Listed<Shop>), Refusal))]
pub async fn list_shops(access: Access, uri: Uri) -> Result<Json<Listed<Shop>>, Problem> {
    access.of_the_platform()?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().shops(&page).await?))
}

/// A shop of the store with what answers at its hooks now.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreShop {
    #[serde(flatten)]
    shop: Shop,
    /// The hooks at which something is live.
    hooks: Vec<StoreHook>,
}

/// Who answers at a hook.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreHook {
    #[schema(example = "shipping-quote")]
    hook: String,
    /// In the merchant's order.
    plugins: Vec<StorePlugin>,
}

/// A live revision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StorePlugin {
    /// Of the package.
    #[schema(example = "shipping-quote")]
    name: String,
    #[schema(example = "1.0.0")]
    version: String,
    /// Of the component.
    digest: String,
    /// The install's id.
    install: String,
    /// The install's name.
    installed_as: String,
    revision: i64,
    /// What is tried beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidate: Option<Candidate>,
}

/// What `GET /v1/shops/{shop}` tells of a shop of the store; a folder's is [`crate::status`]'s.
///
/// # Errors
/// When the token is not good for it, or there is no such shop.
pub async fn show(access: &Access, id: &str) -> Result<Answer, Problem> {
    let shop = access.shop(id).await?;
    let mut installed = access.store().installed(id).await?;
    installed.sort_by_key(|installed| installed.install.position);
    let mut hooks: Vec<StoreHook> = Vec::new();
    for Installed { install, live, .. } in installed {
        let Some(live) = live else { continue };
        let plugin = StorePlugin {
            name: live.package,
            version: live.package_version,
            digest: live.digest,
            install: install.id,
            installed_as: install.name,
            revision: live.number,
            candidate: install.candidate,
        };
        match hooks.iter_mut().find(|known| known.hook == install.hook) {
            Some(known) => known.plugins.push(plugin),
            None => hooks.push(StoreHook { hook: install.hook, plugins: vec![plugin] }),
        }
    }
    let version = shop.version;
    Ok(Answer::ok(&StoreShop { shop, hooks })?.at_version(version))
}

/// Makes a shop. For the platform.
#[utoipa::path(post, path = "/v1/shops", tag = "shops", request_body = CreateShop,
    params(("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 201, description = "It is there", body = Shop), ChangeRefusal))]
pub async fn create_shop(access: Access, request: Request) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    let (parts, body) = request.into_parts();
    let given = Given::<CreateShop>::read(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let CreateShop { id, name, class, document } = given.body;
    let shop = NewShop { id, name, class, document: checks::shop_document(document)? };
    if access.app.shops.get(&shop.id).is_some_and(|there| there.merchant.is_none()) {
        let detail = format!("the shop {:?} is one of the server's folder of shops; choose another id", shop.id);
        return Err(Problem::new(Kind::Conflict, detail).field("/id"));
    }
    let making = access.clone();
    once(&access, attempt, |_| async move {
        let made = making.store().create_shop(&making.actor(), &shop).await?;
        let shop = made.it;
        making.platform.changed(&shop.id).await;
        Ok(Answer::created(format!("/v1/shops/{}", shop.id), &shop)?.at_version(shop.version))
    })
    .await
}

/// Changes a shop: name, class and document as a whole. For the platform.
#[utoipa::path(put, path = "/v1/shops/{shop}", tag = "shops", request_body = ChangeShop,
    params(("shop" = String, Path, description = "The shop's id"), ("if-match" = Option<String>, Header, description = "The version that is changed")),
    responses((status = 200, description = "It is changed", body = Shop), ChangeRefusal))]
pub async fn change_shop(access: Access, Named(shop): Named<String>, request: Request) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    let (parts, body) = request.into_parts();
    let expected = expected(&parts.headers)?;
    let given = Given::<ChangeShop>::read(&access.app, &parts.headers, body).await?;
    let ChangeShop { name, class, document } = given.body;
    let changed = NewShop { id: shop, name, class, document: checks::shop_document(document)? };
    let shop = access.store().update_shop(&access.actor(), &changed, expected).await?;
    access.platform.changed(&shop.id).await;
    Ok(Answer::ok(&shop)?.at_version(shop.version))
}

/// Removes a shop with everything that is its own: installs, tokens, secrets, records. For the platform.
#[utoipa::path(delete, path = "/v1/shops/{shop}", tag = "shops",
    params(("shop" = String, Path, description = "The shop's id"), ("if-match" = Option<String>, Header, description = "The version that is removed")),
    responses((status = 204, description = "It is gone"), ChangeRefusal))]
pub async fn remove_shop(access: Access, Named(shop): Named<String>, headers: HeaderMap) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    access.store().remove_shop(&access.actor(), &shop, expected(&headers)?).await?;
    access.platform.changed(&shop).await;
    Ok(Answer::gone())
}
