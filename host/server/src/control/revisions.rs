//! Revisions of an install: a version with settings. Each change makes a new one, and none ever changes.
//!
//! What this module must not know: how one goes live.

use super::access::Access;
use super::answers::Answer;
use super::checks::{self, Checkable};
use super::diff::{self, Difference};
use super::given::{Given, Named, expected, refused};
use super::idempotency::{Attempt, once};
use super::installs::{address, find};
use super::query::{Paging, Query};
use super::{ChangeRefusal, Refusal};
use crate::edge;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::Request;
use axum::http::Uri;
use cartwright_contract::settings::Issue;
use cartwright_package::Digest;
use cartwright_store::{Install, Listed, NewRevision, Revision, RevisionHead};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What a new revision changes. What is left out is as in the newest one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CreateRevision {
    /// With `version` only.
    package: Option<String>,
    #[schema(example = "1.1.0")]
    version: Option<String>,
    /// The merchant's settings as a whole. Kept as they are written.
    #[schema(value_type = Option<Object>)]
    settings: Option<Box<RawValue>>,
    /// For people: why. At most 1000 bytes.
    note: Option<String>,
}

/// A new revision, and what its plugin finds odd.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevisionMade {
    #[serde(flatten)]
    revision: Revision,
    /// What the plugin finds odd in the settings; nothing that keeps it from working.
    warnings: Vec<Issue>,
}

/// What differs between two revisions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevisionDiff {
    from: RevisionHead,
    to: RevisionHead,
    /// Package or version are others.
    version_changed: bool,
    /// In the order of the documents; JSON pointers into the settings.
    settings: Vec<Difference>,
    /// There are more differences than are listed.
    more: bool,
}

/// An install's revisions, the newest first, without their settings.
#[utoipa::path(get, path = "/v1/shops/{shop}/installs/{install}/revisions", tag = "installs",
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"), Paging),
    responses((status = 200, description = "A page of revisions", body = Listed<RevisionHead>), Refusal))]
pub async fn list_revisions(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    uri: Uri,
) -> Result<Json<Listed<RevisionHead>>, Problem> {
    let install = find(&access, &shop, &install).await?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().revisions(&install.id, &page).await?))
}

/// A revision with its settings, byte for byte as they were given.
#[utoipa::path(get, path = "/v1/shops/{shop}/installs/{install}/revisions/{revision}", tag = "installs",
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("revision" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The revision", body = Revision), Refusal))]
pub async fn revision(
    access: Access,
    Named((shop, install, revision)): Named<(String, String, String)>,
) -> Result<Json<Revision>, Problem> {
    let install = find(&access, &shop, &install).await?;
    let number = revision.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
        let shown = super::query::shortened(&revision);
        Problem::new(Kind::NotFound, format!("{shown:?} is not a revision's number; give 1 to {}", install.newest))
    })?;
    Ok(Json(access.store().revision(&install.id, number).await?))
}

/// Makes a revision: another version, other settings, or both. It is checked as at install, and is a draft.
#[utoipa::path(post, path = "/v1/shops/{shop}/installs/{install}/revisions", tag = "installs", request_body = CreateRevision,
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("if-match" = Option<String>, Header, description = "The install's version"),
        ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 201, description = "It is there, as a draft", body = RevisionMade), ChangeRefusal))]
pub async fn create_revision(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    let install = find(&access, &shop, &install).await?;
    let (parts, body) = request.into_parts();
    let expected = expected(&parts.headers)?;
    let settings = access.platform.catalog.engine().limits().settings;
    let given = Given::<CreateRevision>::read_with_settings(&access.app, &parts.headers, body, settings).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let CreateRevision { package, version, settings, note } = given.body;
    checks::note("/note", note.as_deref())?;
    if package.is_some() && version.is_none() {
        return Err(refused("/version", "another package needs `version` too; give one that is published"));
    }
    if version.is_none() && settings.is_none() {
        return Err(refused("", "nothing would change; give `version`, `settings` or both"));
    }
    let making = access.clone();
    once(&access, attempt, |id| async move {
        let newest = making.store().revision(&install.id, install.newest).await?;
        let package = package.unwrap_or(newest.head.package);
        let version = checks::published(&making, &package, &version.unwrap_or(newest.head.package_version)).await?;
        let settings = settings.map_or(newest.settings, |given| given.get().to_owned());
        let checkable = Checkable { shop: install.shop.clone(), hook: install.hook.clone(), version, settings };
        let (checked, checkable) = checks::settings(&making, checkable).await?;
        let new = NewRevision {
            package: checkable.version.package,
            package_version: checkable.version.version,
            settings_digest: Digest::of(checkable.settings.as_bytes()).to_string(),
            settings: checkable.settings,
            note,
            once: id,
        };
        let revision = making.store().add_revision(&making.actor(), &install.id, &new, expected).await?.it;
        making.platform.changed(&install.shop).await;
        let address = format!("{}/revisions/{}", address(&install), revision.head.number);
        Answer::created(address, &RevisionMade { revision, warnings: checked.warnings })
    })
    .await
}

/// What differs between two revisions: their versions, and their settings place by place.
#[utoipa::path(get, path = "/v1/shops/{shop}/installs/{install}/diff", tag = "installs",
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("from" = Option<i64>, Query, description = "A revision's number; the live one, else the one before `to`, when it is left out"),
        ("to" = Option<i64>, Query, description = "A revision's number; the newest when it is left out")),
    responses((status = 200, description = "The differences", body = RevisionDiff), Refusal))]
pub async fn diff_revisions(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    uri: Uri,
) -> Result<Json<RevisionDiff>, Problem> {
    let install = find(&access, &shop, &install).await?;
    let query = Query::read(&uri, &["from", "to"])?;
    let (from, to) = ends(&install, query.number("from", 1, i64::MAX)?, query.number("to", 1, i64::MAX)?);
    let store = access.store();
    let (from, to) = (store.revision(&install.id, from).await?, store.revision(&install.id, to).await?);
    // Settings may be megabytes.
    let compare = move || -> Result<RevisionDiff, Problem> {
        let read =
            |revision: &Revision| serde_json::from_str::<Value>(&revision.settings).map_err(|_| edge::internal());
        let (settings, more) = diff::between(&read(&from)?, &read(&to)?);
        let named = |head: &RevisionHead| (head.package.clone(), head.package_version.clone());
        let version_changed = named(&from.head) != named(&to.head);
        Ok(RevisionDiff { from: from.head, to: to.head, version_changed, settings, more })
    };
    tokio::task::spawn_blocking(compare).await.map_err(|_| edge::internal())?.map(Json)
}

/// Which revisions are compared when one or both are left open.
fn ends(install: &Install, from: Option<i64>, to: Option<i64>) -> (i64, i64) {
    let to = to.unwrap_or(install.newest);
    let before = || install.live.filter(|live| *live != to).unwrap_or((to - 1).max(1));
    (from.unwrap_or_else(before), to)
}
