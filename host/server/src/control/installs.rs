//! What a merchant installs: a package's version on a hook, with settings that were checked before anything is kept.
//!
//! What this module must not know: how a plugin is compiled, how an install goes live.

use super::access::Access;
use super::answers::Answer;
use super::checks::{self, Checkable};
use super::given::{Given, Named, expected, refused};
use super::idempotency::{Attempt, once};
use super::query::{Paging, Query};
use super::{ChangeRefusal, Refusal};
use crate::edge;
use crate::problem::Problem;
use crate::webhooks::events;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, Uri};
use cartwright_contract::settings::Issue;
use cartwright_package::Digest;
use cartwright_store::{Install, Listed, Made, NewInstall, NewRevision, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a name.
const LONGEST_NAME: usize = 63;
/// Bytes of a note.
pub const LONGEST_NOTE: usize = 1_000;
/// Positions that can be given.
const POSITIONS: std::ops::RangeInclusive<i64> = 0..=1_000_000;
/// How many names are tried when none is given.
const NAMES: usize = 100;

/// A plugin to be installed; it answers nothing before it is staged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CreateInstall {
    #[schema(example = "shipping-quote")]
    hook: String,
    /// 1 to 63 of `a-z`, `0-9` and `-`, unique on the hook; made of the package's name when it is left out.
    name: Option<String>,
    #[schema(example = "shipping-quote")]
    package: String,
    #[schema(example = "1.0.0")]
    version: String,
    /// The merchant's settings, as the package's schema describes them. Kept as they are written.
    #[schema(value_type = Object)]
    settings: Box<RawValue>,
    /// Plugins of one hook are asked in this order, 0 to 1000000; behind those that are there when it is left out.
    position: Option<i64>,
    /// For people: why. At most 1000 bytes.
    note: Option<String>,
}

/// What was installed, and what its plugin finds odd.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstallMade {
    #[serde(flatten)]
    install: Install,
    /// What the plugin finds odd in the settings; nothing that keeps it from working.
    warnings: Vec<Issue>,
}

/// What is installed in a shop, in the order of installation.
#[utoipa::path(get, path = "/v1/shops/{shop}/installs", tag = "installs",
    params(("shop" = String, Path, description = "The shop's id"),
        ("hook" = Option<String>, Query, description = "Only those on this hook"), Paging),
    responses((status = 200, description = "A page of installs", body = Listed<Install>), Refusal))]
pub async fn list_installs(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<Install>>, Problem> {
    access.shop(&shop).await?;
    let (query, page) = Query::of_a_list(&uri, &["hook"])?;
    let hook = checks::hook_of(&query)?;
    Ok(Json(access.store().installs(&shop, hook, &page).await?))
}

/// Installs a package's version on a hook. The settings are checked against its schema and by the plugin itself; what is wrong with them
/// is told with the place, as JSON pointers below `/settings`. The first revision is a draft: staging it makes it answer.
#[utoipa::path(post, path = "/v1/shops/{shop}/installs", tag = "installs", request_body = CreateInstall,
    params(("shop" = String, Path, description = "The shop's id"), ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 201, description = "It is installed, as a draft", body = InstallMade,
        headers(("etag" = String, description = "The install's version"))), ChangeRefusal))]
pub async fn create_install(access: Access, Named(shop): Named<String>, request: Request) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    let (parts, body) = request.into_parts();
    let settings = access.platform.catalog.engine().limits().settings;
    let given = Given::<CreateInstall>::read_with_settings(&access.app, &parts.headers, body, settings).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let CreateInstall { hook, name, package, version, settings, position, note } = given.body;
    checks::hook("/hook", &hook)?;
    if let Some(name) = &name {
        checks::name("/name", name)?;
    }
    if let Some(position) = position.filter(|position| !POSITIONS.contains(position)) {
        return Err(refused("/position", format!("position is {position}; give 0 to 1000000")));
    }
    checks::note("/note", note.as_deref())?;
    let installing = access.clone();
    once(&access, attempt, |id| async move {
        let settings = settings.get().to_owned();
        let version = checks::published(&installing, &package, &version).await?;
        let checkable = Checkable { shop: shop.clone(), hook: hook.clone(), version, settings };
        let (checked, checkable) = checks::settings(&installing, checkable).await?;
        let revision = NewRevision {
            package: checkable.version.package,
            package_version: checkable.version.version,
            settings_digest: Digest::of(checkable.settings.as_bytes()).to_string(),
            settings: checkable.settings,
            note,
            once: id.clone(),
        };
        let new =
            NewInstall { id, shop, hook, name: name.clone().unwrap_or_default(), position, policy: None, revision };
        let made = if name.is_some() {
            installing.store().create_install(&installing.actor(), &new).await?
        } else {
            under_a_free_name(&installing, new).await?
        };
        let install = made.it;
        changed(&installing, &install).await;
        let (address, version) = (address(&install), install.version);
        Ok(Answer::created(address, &InstallMade { install, warnings: checked.warnings })?.at_version(version))
    })
    .await
}

/// The package's name, or with a number behind it when the hook has one of that name already.
async fn under_a_free_name(access: &Access, mut new: NewInstall) -> Result<Made<Install>, Problem> {
    let base = name_of(&new.revision.package);
    for number in 1..=NAMES {
        new.name = if number == 1 { base.clone() } else { format!("{base}-{number}") };
        match access.store().create_install(&access.actor(), &new).await {
            Err(StoreError::Conflict { .. }) if number < NAMES => {}
            made => return Ok(made?),
        }
    }
    Err(edge::internal())
}

/// As much of a package's name as a name of an install can hold, with room for a number.
fn name_of(package: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = package.chars().take(LONGEST_NAME - 4).map(fit).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "plugin".into() } else { name.into() }
}

/// One install, by its id, or by its name where only one hook has one of that name.
#[utoipa::path(get, path = "/v1/shops/{shop}/installs/{install}", tag = "installs",
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name")),
    responses((status = 200, description = "The install", body = Install, headers(("etag" = String, description = "Its version"))), Refusal))]
pub async fn install(access: Access, Named((shop, install)): Named<(String, String)>) -> Result<Answer, Problem> {
    let install = find(&access, &shop, &install).await?;
    Ok(Answer::ok(&install)?.at_version(install.version))
}

/// Removes an install: it answers nothing from now on. Its history stays readable by its id.
#[utoipa::path(delete, path = "/v1/shops/{shop}/installs/{install}", tag = "installs",
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("if-match" = Option<String>, Header, description = "The version that is removed")),
    responses((status = 204, description = "It is gone"), ChangeRefusal))]
pub async fn remove_install(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Answer, Problem> {
    let install = find(&access, &shop, &install).await?;
    let removed = access.store().remove_install(&access.actor(), &install.id, expected(&headers)?, None).await?;
    changed(&access, &removed).await;
    Ok(Answer::gone())
}

/// Brings what was done to an install into effect here, and tells the shop's webhooks. What was done is in the store already.
pub async fn changed(access: &Access, install: &Install) {
    access.platform.changed(&install.shop).await;
    let (id, payload) = (Uuid::now_v7().to_string(), json!({ "install": install }));
    access.platform.tell(&install.shop, events::INSTALL_CHANGED, &id, &payload).await;
}

/// The install of a shop that an address names.
///
/// # Errors
/// When the token is not good for the shop, or nothing is there under that name.
pub async fn find(access: &Access, shop: &str, install: &str) -> Result<Install, Problem> {
    access.shop(shop).await?;
    Ok(access.store().install_of(shop, install).await?)
}

/// Where an install is.
pub fn address(install: &Install) -> String {
    format!("/v1/shops/{}/installs/{}", install.shop, install.id)
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn every_package_has_a_name_that_an_install_can_have() {
        assert_eq!(name_of("shipping-quote"), "shipping-quote");
        assert_eq!(name_of("Acme.Flat_Rate"), "acme-flat-rate");
        assert_eq!(name_of("--"), "plugin");
        assert_eq!(name_of(&"x".repeat(128)).len() + "-100".len(), 63);
    }
}
