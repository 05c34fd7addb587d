//! Backtests: what would have been decided otherwise, had another version or other settings been asked.
//!
//! What this module must not know: how decisions are asked again, who works on it.

use super::access::Access;
use super::answers::Answer;
use super::checks::{self, Checkable};
use super::given::{Given, Named, refused};
use super::idempotency::{Attempt, once};
use super::query::{Paging, Query, shortened};
use super::rows::Rows;
use super::{ChangeRefusal, Refusal};
use crate::decide::now;
use crate::platform::backtests::document::{Document, Exchange};
use crate::platform::backtests::rows::Form;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::Request;
use axum::http::Uri;
use axum::response::Response;
use cartwright_package::Digest;
use cartwright_store::{Install, Job, JobState, Listed, Page, Revision, StoreError};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What is asked again, and what is exchanged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CreateBacktest {
    #[schema(example = "shipping-quote")]
    hook: String,
    /// In whose place something else is asked: an install's id or name. Left out, it is every install of the hook that has the package, or every
    /// one when `package` is left out too.
    install: Option<String>,
    /// With `version` only; the install's own when it is left out.
    package: Option<String>,
    /// A published version; that of `revision` when it is left out.
    #[schema(example = "1.1.0")]
    version: Option<String>,
    /// With `install` only: whose version and settings are asked. The live one when it is left out. With nothing of `version`, `revision` and
    /// `settings`, decisions are asked again as they were made.
    #[schema(minimum = 1)]
    revision: Option<i64>,
    /// The merchant's settings as a whole; those of `revision` when they are left out.
    #[schema(value_type = Option<Object>)]
    settings: Option<Box<RawValue>>,
    /// Decisions from this second on, UTC.
    since: i64,
    /// Decisions before this second, UTC; until now when it is left out.
    until: Option<i64>,
    /// Decisions of a thousand that are asked; all of them when it is left out.
    #[schema(minimum = 1, maximum = 1000)]
    sample: Option<u16>,
}

/// Begins a backtest over the decisions that are recorded by now. What is exchanged is checked and compiled first.
#[utoipa::path(post, path = "/v1/shops/{shop}/backtests", tag = "backtests", request_body = CreateBacktest,
    params(("shop" = String, Path, description = "The shop's id"),
        ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 202, description = "It is worked on; `location` is where to look for it", body = Job), ChangeRefusal))]
pub async fn create_backtest(access: Access, Named(shop): Named<String>, request: Request) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    let (parts, body) = request.into_parts();
    let settings = access.platform.catalog.engine().limits().settings;
    let given = Given::<CreateBacktest>::read_with_settings(&access.app, &parts.headers, body, settings).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let wanted = given.body;
    checks::hook("/hook", &wanted.hook)?;
    let until = wanted.until.unwrap_or_else(|| now() + 1);
    if !(0..until).contains(&wanted.since) {
        return Err(refused("/since", format!("since is {}; give a second from 0 on, before {until}", wanted.since)));
    }
    let sample = wanted.sample.unwrap_or(1_000);
    if !(1..=1_000).contains(&sample) {
        return Err(refused("/sample", format!("sample is {sample}; give 1 to 1000, decisions of a thousand")));
    }
    let making = access.clone();
    once(&access, attempt, |id| async move {
        let exchanges = exchanges(&making, &shop, &wanted).await?;
        let document = Document { hook: wanted.hook, exchanges, since: wanted.since, until, sample };
        let made = making.platform.create_backtest(&making.actor(), &shop, &document, id).await?;
        let job = shown(made.it);
        Answer::accepted(format!("/v1/shops/{shop}/backtests/{}", job.id), &job)
    })
    .await
}

/// What stands in the place of which install; each was compiled here once.
async fn exchanges(access: &Access, shop: &str, wanted: &CreateBacktest) -> Result<Vec<Exchange>, Problem> {
    let CreateBacktest { hook, package, version, revision, settings, .. } = wanted;
    if package.is_some() && version.is_none() && wanted.install.is_some() {
        return Err(refused("/version", "another package needs `version` too; give one that is published"));
    }
    if revision.is_some() && wanted.install.is_none() {
        return Err(refused("/install", "a revision is one of an install; give `install` too"));
    }
    let chosen = chosen(access, shop, wanted).await?;
    if version.is_none() && revision.is_none() && settings.is_none() {
        return Ok(Vec::new());
    }
    let mut exchanges = Vec::with_capacity(chosen.len());
    for install in chosen {
        let base = base(access, &install, *revision).await?;
        let package = package.as_deref().unwrap_or(&base.head.package);
        let version = version.as_deref().unwrap_or(&base.head.package_version);
        let other = (package, version) != (&*base.head.package, &*base.head.package_version) || settings.is_some();
        let published = checks::published(access, package, version).await?;
        let settings = settings.as_ref().map_or(base.settings, |given| given.get().to_owned());
        let checkable = Checkable { shop: shop.to_owned(), hook: hook.clone(), version: published, settings };
        let (_, checked) = checks::settings(access, checkable).await?;
        exchanges.push(Exchange {
            install: install.id,
            revision: (!other).then_some(base.head.number),
            package: checked.version.package,
            version: checked.version.version,
            digest: checked.version.digest,
            settings_digest: Digest::of(checked.settings.as_bytes()).to_string(),
            settings: checked.settings,
        });
    }
    Ok(exchanges)
}

/// In whose place something else is asked.
async fn chosen(access: &Access, shop: &str, wanted: &CreateBacktest) -> Result<Vec<Install>, Problem> {
    let hook = &wanted.hook;
    if let Some(named) = &wanted.install {
        let install = match access.store().install_of(shop, named).await {
            Err(StoreError::NotFound { .. }) => {
                return Err(refused("/install", format!("there is no install {:?} in this shop", shortened(named))));
            }
            install => install?,
        };
        if install.hook != *hook {
            return Err(refused("/hook", format!("the install stands at the hook {}, not at {hook}", install.hook)));
        }
        return Ok(vec![install]);
    }
    let there = access.store().installed(shop).await?;
    let of_the_hook = there.into_iter().filter(|there| there.install.hook == *hook && there.install.removed.is_none());
    let fits = |there: &cartwright_store::Installed| match (&wanted.package, &there.live) {
        (Some(package), Some(live)) => live.package == *package,
        (_, live) => live.is_some(),
    };
    let chosen: Vec<_> = of_the_hook.filter(fits).map(|there| there.install).collect();
    match chosen.as_slice() {
        [] => {
            Err(refused("/install", format!("no install at the hook {hook} is live with that package; give `install`")))
        }
        [_] => Ok(chosen),
        several if wanted.settings.is_some() => {
            let names: Vec<_> = several.iter().map(|install| install.name.as_str()).collect();
            Err(refused("/install", format!("settings are for one install; say for which: {}", names.join(", "))))
        }
        _ => Ok(chosen),
    }
}

/// The revision that version and settings are taken from where they are left out.
async fn base(access: &Access, install: &Install, revision: Option<i64>) -> Result<Revision, Problem> {
    let number = revision.or(install.live).unwrap_or(install.newest);
    match access.store().revision(&install.id, number).await {
        Err(StoreError::NotFound { .. }) => {
            let detail = format!("there is no revision {number}; give 1 to {}", install.newest);
            Err(refused("/revision", detail))
        }
        revision => Ok(revision?),
    }
}

/// As it is shown: without settings, which may be megabytes, and which its maker has.
fn shown(mut job: Job) -> Job {
    for exchange in job.document["exchanges"].as_array_mut().into_iter().flatten() {
        if let Some(exchange) = exchange.as_object_mut() {
            exchange.remove("settings");
        }
    }
    job
}

/// A shop's backtests, the newest first, without their reports.
#[utoipa::path(get, path = "/v1/shops/{shop}/backtests", tag = "backtests",
    params(("shop" = String, Path, description = "The shop's id"), Paging),
    responses((status = 200, description = "A page of backtests", body = Listed<Job>), Refusal))]
pub async fn list_backtests(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<Job>>, Problem> {
    access.shop(&shop).await?;
    let (_, page): (_, Page) = Query::of_a_list(&uri, &[])?;
    let Listed { items, next } = access.store().jobs(&shop, &page).await?;
    let short = |job| Job { result: None, ..shown(job) };
    Ok(Json(Listed { items: items.into_iter().map(short).collect(), next }))
}

/// A backtest: how far it is, and its report in `result` when it is done.
#[utoipa::path(get, path = "/v1/shops/{shop}/backtests/{backtest}", tag = "backtests",
    params(("shop" = String, Path, description = "The shop's id"), ("backtest" = String, Path, description = "The backtest's id")),
    responses((status = 200, description = "The backtest", body = Job), Refusal))]
pub async fn backtest(access: Access, Named((shop, backtest)): Named<(String, String)>) -> Result<Json<Job>, Problem> {
    access.shop(&shop).await?;
    Ok(Json(shown(access.platform.backtest(&shop, &backtest).await?)))
}

/// Ends a backtest without a report. One that is over stays as it is.
#[utoipa::path(delete, path = "/v1/shops/{shop}/backtests/{backtest}", tag = "backtests",
    params(("shop" = String, Path, description = "The shop's id"), ("backtest" = String, Path, description = "The backtest's id")),
    responses((status = 200, description = "The backtest as it is now", body = Job), ChangeRefusal))]
pub async fn cancel_backtest(
    access: Access,
    Named((shop, backtest)): Named<(String, String)>,
) -> Result<Json<Job>, Problem> {
    access.shop(&shop).await?;
    let cancelled = access.platform.cancel_backtest(&access.actor(), &shop, &backtest).await?;
    Ok(Json(shown(cancelled)))
}

/// Every compared decision as a line of CSV.
#[utoipa::path(get, path = "/v1/shops/{shop}/backtests/{backtest}/rows.csv", tag = "backtests",
    params(("shop" = String, Path, description = "The shop's id"), ("backtest" = String, Path, description = "The backtest's id")),
    responses((status = 200, description = "The decisions, with a header", body = String, content_type = "text/csv"),
        (status = 409, description = "It is not done", body = crate::problem::ProblemDetails, content_type = "application/problem+json"), Refusal))]
pub async fn rows_csv(access: Access, Named(named): Named<(String, String)>) -> Result<Response, Problem> {
    rows(access, named, Form::Csv).await
}

/// Every compared decision as a row of Parquet.
#[utoipa::path(get, path = "/v1/shops/{shop}/backtests/{backtest}/rows.parquet", tag = "backtests",
    params(("shop" = String, Path, description = "The shop's id"), ("backtest" = String, Path, description = "The backtest's id")),
    responses((status = 200, description = "The decisions", body = Vec<u8>, content_type = "application/vnd.apache.parquet"),
        (status = 409, description = "It is not done", body = crate::problem::ProblemDetails, content_type = "application/problem+json"), Refusal))]
pub async fn rows_parquet(access: Access, Named(named): Named<(String, String)>) -> Result<Response, Problem> {
    rows(access, named, Form::Parquet).await
}

async fn rows(access: Access, (shop, backtest): (String, String), form: Form) -> Result<Response, Problem> {
    access.shop(&shop).await?;
    let job = access.platform.backtest(&shop, &backtest).await?;
    if job.state != JobState::Done {
        let state = Value::from(job.state.as_str());
        let detail = format!(
            "the backtest is {state}, and only one that is done has rows; ask for it until its state is \"done\""
        );
        return Err(Problem::new(Kind::Conflict, detail).code("NOT_DONE"));
    }
    Ok(Rows::of(access.store().clone(), job.id, form))
}
