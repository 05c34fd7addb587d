//! An install's way: draft, shadow, canary, live, and back.
//!
//! What this module must not know: when a stage follows another by itself, how replicas switch.

use super::access::Access;
use super::answers::Answer;
use super::checks::{self, Checkable};
use super::given::{Given, Named, expected, read_or_default, refused};
use super::idempotency::{Attempt, once};
use super::installs::{changed, find};
use super::query::{Paging, Query, moment};
use super::{ChangeRefusal, Refusal};
use crate::platform::rollouts::policy::Policy;
use crate::problem::Problem;
use axum::Json;
use axum::extract::Request;
use axum::http::Uri;
use cartwright_store::{HistoryEntry, Install, Listed, RecordStage, Stage, Stats};
use serde::Deserialize;
use utoipa::ToSchema;

/// Where a revision can be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Where {
    /// Runs beside the live one; its answers are compared and never shown.
    Shadow,
    /// Answers a stable share of the requests.
    Canary,
    /// Answers all of them.
    Live,
    /// There is no candidate any more.
    Withdrawn,
}

/// Which revision is put where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StageInstall {
    stage: Where,
    /// The candidate there is, else the newest, when it is left out; for a shadow always the newest.
    #[schema(minimum = 1)]
    revision: Option<i64>,
    /// Of a canary, requests of a thousand; what the install's policy says when it is left out.
    #[schema(minimum = 1, maximum = 1000)]
    share: Option<i64>,
    /// For people. At most 1000 bytes.
    why: Option<String>,
}

/// Why something is taken back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct RollBack {
    /// For people. At most 1000 bytes.
    why: Option<String>,
}

/// Puts a revision into a stage. It is compiled first, so that nobody waits for it afterwards; the switch itself is atomic.
#[utoipa::path(post, path = "/v1/shops/{shop}/installs/{install}/stage", tag = "rollouts", request_body = StageInstall,
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("if-match" = Option<String>, Header, description = "The install's version"),
        ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 200, description = "The install as it is now", body = Install, headers(("etag" = String, description = "Its version"))), ChangeRefusal))]
pub async fn stage(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    let install = find(&access, &shop, &install).await?;
    let (parts, body) = request.into_parts();
    let expected = expected(&parts.headers)?;
    let given = Given::<StageInstall>::read(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let StageInstall { stage, revision, share, why } = given.body;
    checks::note("/why", why.as_deref())?;
    let stage = staged(&install, stage, revision, share)?;
    let staging = access.clone();
    once(&access, attempt, |_| async move {
        let number = match stage {
            Stage::Shadow { revision } | Stage::Canary { revision, .. } | Stage::Live { revision } => revision,
            Stage::Withdrawn => None,
        };
        if let Some(number) = number {
            ready(&staging, &install, number).await?;
        }
        let actor = staging.actor();
        let install = staging.store().stage(&actor, &install.id, stage, expected, why.as_deref()).await?;
        changed(&staging, &install).await;
        Ok(Answer::ok(&install)?.at_version(install.version))
    })
    .await
}

/// The stage with a revision that is named, so that what is compiled is what is staged.
fn staged(install: &Install, stage: Where, revision: Option<i64>, share: Option<i64>) -> Result<Stage, Problem> {
    let candidate = install.candidate.as_ref().map(|candidate| candidate.revision);
    if let Some(number) = revision.filter(|number| !(1..=install.newest).contains(number)) {
        return Err(refused("/revision", format!("there is no revision {number}; give 1 to {}", install.newest)));
    }
    if share.is_some() && stage != Where::Canary {
        return Err(refused("/share", "only a canary has a share; leave it out"));
    }
    match stage {
        Where::Shadow => Ok(Stage::Shadow { revision: Some(revision.unwrap_or(install.newest)) }),
        Where::Canary => {
            let share = share.unwrap_or_else(|| Policy::of(install.policy.as_ref()).canary.share.into());
            if !(1..=1000).contains(&share) {
                return Err(refused("/share", format!("share is {share}; give 1 to 1000, requests of a thousand")));
            }
            Ok(Stage::Canary { revision: Some(revision.or(candidate).unwrap_or(install.newest)), share })
        }
        Where::Live => Ok(Stage::Live { revision: Some(revision.or(candidate).unwrap_or(install.newest)) }),
        Where::Withdrawn if revision.is_some() => {
            Err(refused("/revision", "the candidate is withdrawn, whichever revision it is; leave `revision` out"))
        }
        Where::Withdrawn => Ok(Stage::Withdrawn),
    }
}

/// Compiles a revision where it is not yet, and checks it again: secrets may have gone, limits may be others.
async fn ready(access: &Access, install: &Install, number: i64) -> Result<(), Problem> {
    let revision = access.store().revision(&install.id, number).await?;
    let version = access.store().package_version(&revision.head.package, &revision.head.package_version).await?;
    let (shop, hook) = (install.shop.clone(), install.hook.clone());
    checks::settings(access, Checkable { shop, hook, version, settings: revision.settings }).await.map(|_| ())
}

/// Makes the revision live that was live before; a candidate is withdrawn.
#[utoipa::path(post, path = "/v1/shops/{shop}/installs/{install}/rollback", tag = "rollouts", request_body(content = Option<RollBack>),
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("if-match" = Option<String>, Header, description = "The install's version"),
        ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 200, description = "The install as it is now", body = Install, headers(("etag" = String, description = "Its version"))), ChangeRefusal))]
pub async fn rollback(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    let install = find(&access, &shop, &install).await?;
    let (parts, body) = request.into_parts();
    // What is compiled below is `previous` of this version and of no other.
    let expected = expected(&parts.headers)?.unwrap_or(install.version);
    let given = read_or_default::<RollBack>(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let why = given.body.why;
    checks::note("/why", why.as_deref())?;
    let rolling = access.clone();
    once(&access, attempt, |_| async move {
        if let Some(previous) = install.previous {
            ready(&rolling, &install, previous).await?;
        }
        let actor = rolling.actor();
        let install = rolling.store().rollback(&actor, &install.id, Some(expected), why.as_deref()).await?;
        changed(&rolling, &install).await;
        Ok(Answer::ok(&install)?.at_version(install.version))
    })
    .await
}

/// What was done to an install, when, by whom and why; the newest first.
#[utoipa::path(get, path = "/v1/shops/{shop}/installs/{install}/history", tag = "rollouts",
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"), Paging),
    responses((status = 200, description = "A page of its history", body = Listed<HistoryEntry>), Refusal))]
pub async fn history(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    uri: Uri,
) -> Result<Json<Listed<HistoryEntry>>, Problem> {
    let install = find(&access, &shop, &install).await?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().history(&install.id, &page).await?))
}

/// How an install's revisions do, minute by minute: calls, errors, fallbacks, slow ones, and for shadows the answers that differ.
#[utoipa::path(get, path = "/v1/shops/{shop}/installs/{install}/stats", tag = "rollouts",
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("revision" = Option<i64>, Query, description = "Only of this one"),
        ("stage" = Option<RecordStage>, Query, description = "Only in this stage"),
        ("since" = Option<String>, Query, description = "Seconds since 1970 or RFC 3339; a day ago when it is left out"),
        ("until" = Option<String>, Query, description = "As `since`; now when it is left out")),
    responses((status = 200, description = "Its minutes", body = Listed<Stats>), Refusal))]
pub async fn stats(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    uri: Uri,
) -> Result<Json<Listed<Stats>>, Problem> {
    let install = find(&access, &shop, &install).await?;
    let query = Query::read(&uri, &["revision", "stage", "since", "until"])?;
    let now = crate::decide::now();
    let since = moment(&query, "since")?.unwrap_or(now - 24 * 3600);
    let until = moment(&query, "until")?.unwrap_or(now + 60);
    let (revision, stage) = (query.number("revision", 1, i64::MAX)?, checks::stage_of(&query)?);
    let mut items = access.store().stats(&install.id, since, until).await?;
    items.retain(|minute| revision.is_none_or(|revision| minute.revision == revision));
    items.retain(|minute| stage.is_none_or(|stage| minute.stage == stage));
    Ok(Json(Listed { items, next: None }))
}
