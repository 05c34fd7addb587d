//! Decisions that were recorded: found by hook, install, stage and time, and opened one by one.
//!
//! What is personal in a record is sealed with its shop's data key; where that was destroyed, what is left is shown, and says so.
//! What this module must not know: how a record is made, how it is asked again.

use super::Refusal;
use super::access::Access;
use super::checks;
use super::given::Named;
use super::query::{Paging, Query, moment, shortened};
use crate::edge;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::http::Uri;
use cartwright_records::{DataKey, Opened, Part, PersonalState, RecordId, sealed_with};
use cartwright_store::{Listed, RecordFilter, RecordHead, RecordStage, StoreError, StoredRecord};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

/// Which records. What is left out does not filter.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "only its description is used")]
pub struct RecordParameters {
    hook: Option<String>,
    /// An install's id or name.
    install: Option<String>,
    stage: Option<RecordStage>,
    /// From then on: seconds since 1970, or RFC 3339.
    since: Option<String>,
    /// Before then: seconds since 1970, or RFC 3339.
    until: Option<String>,
}

/// The names of [`RecordParameters`].
pub const PARAMETERS: [&str; 5] = ["hook", "install", "stage", "since", "until"];

/// Whether what is personal in a record can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PersonalPart {
    /// Request and answer are byte for byte what they were.
    Present,
    /// The shop's key was destroyed.
    Erased,
    /// The shop wants nothing personal kept.
    Omitted,
}

/// A decision as it was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordDocument {
    #[serde(flatten)]
    head: RecordHead,
    personal: PersonalPart,
    /// As the plugins were asked; personal fields are empty unless `personal` is `present`.
    #[schema(value_type = Object)]
    request: Box<RawValue>,
    /// As it was sent; absent when it may quote what is personal and that is out of reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    answer: Option<Box<RawValue>>,
    /// One for each plugin, in their order: fuel, memory and time, why it failed, its log, its plan with what was fetched.
    #[schema(value_type = Vec<Object>)]
    parts: Vec<Part>,
}

/// Recorded decisions, the newest first, without requests and answers.
#[utoipa::path(get, path = "/v1/shops/{shop}/records", tag = "records",
    params(("shop" = String, Path, description = "The shop's id"), RecordParameters,
        ("fallback" = Option<bool>, Query, description = "Those that the fallback answered, or those that it did not"), Paging),
    responses((status = 200, description = "A page of records", body = Listed<RecordHead>), Refusal))]
pub async fn list_records(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<RecordHead>>, Problem> {
    access.shop(&shop).await?;
    let (query, page) = Query::of_a_list(&uri, &[&PARAMETERS[..], &["fallback"]].concat())?;
    let filter = RecordFilter { fallback: query.flag("fallback")?, ..filter(&access, shop, &query).await? };
    Ok(Json(access.store().records(&filter, &page).await?))
}

/// What the parameters filter by.
///
/// # Errors
/// When one of them is wrong, or there is no such install.
pub async fn filter(access: &Access, shop: String, query: &Query) -> Result<RecordFilter, Problem> {
    let millis = |name| Ok::<_, Problem>(moment(query, name)?.map(|seconds| seconds * 1000));
    let install = match query.text("install", 63)? {
        Some(install) => Some(access.store().install_of(&shop, install).await?.id),
        None => None,
    };
    Ok(RecordFilter {
        hook: checks::hook_of(query)?.map(str::to_owned),
        install,
        stage: checks::stage_of(query)?,
        since_millis: millis("since")?,
        until_millis: millis("until")?,
        fallback: None,
        shop,
    })
}

/// One decision: what was asked, what was answered, by whom, at what cost.
#[utoipa::path(get, path = "/v1/shops/{shop}/records/{record}", tag = "records",
    params(("shop" = String, Path, description = "The shop's id"), ("record" = String, Path, description = "The record's id, as the header `cartwright-record` of the decision")),
    responses((status = 200, description = "The record", body = RecordDocument), Refusal))]
pub async fn record(
    access: Access,
    Named((shop, record)): Named<(String, String)>,
) -> Result<Json<RecordDocument>, Problem> {
    access.shop(&shop).await?;
    let stored = match access.store().record(&shop, &record).await {
        Err(StoreError::NotFound { .. }) => {
            let shown = shortened(&record);
            let detail = format!(
                "there is no record {shown:?}; records come some moments after their decision, and go with their time"
            );
            return Err(Problem::new(Kind::NotFound, detail));
        }
        stored => stored?,
    };
    let keys = data_keys(&access, &shop).await?;
    let open = move || -> Result<RecordDocument, Problem> {
        let Opened { personal, request, answer, parts } = open(&stored, &keys)?;
        let personal = match personal {
            PersonalState::Present => PersonalPart::Present,
            PersonalState::Erased => PersonalPart::Erased,
            PersonalState::Omitted => PersonalPart::Omitted,
        };
        let (request, answer) = (raw(request)?, answer.map(raw).transpose()?);
        Ok(RecordDocument { head: head(stored), personal, request, answer, parts })
    };
    // Some are megabytes, and all are compressed.
    tokio::task::spawn_blocking(open).await.map_err(|_| edge::internal())?.map(Json)
}

/// Every key that may open one of the shop's records.
///
/// # Errors
/// When the store does not give them, or the server's master key is another one.
pub async fn data_keys(access: &Access, shop: &str) -> Result<Vec<DataKey>, Problem> {
    access.platform.keys.data_keys(access.store(), shop).await.map_err(|error| {
        tracing::error!(shop, %error, "the shop's data keys cannot be had");
        Problem::new(Kind::Unavailable, "the shop's keys cannot be had; the server's log says why")
    })
}

/// Opens a record with the one of these keys that it was sealed with.
///
/// # Errors
/// When it is damaged.
pub fn open(record: &StoredRecord, keys: &[DataKey]) -> Result<Opened, Problem> {
    let broken = |error: String| {
        tracing::error!(shop = record.shop, record = record.id, error, "a record cannot be opened");
        Problem::new(Kind::Internal, "the record is damaged; the server's log says how")
    };
    let id: RecordId = record.id.parse().map_err(|_| broken("its id is none".into()))?;
    let sealed = record.sealed.as_deref();
    let with = sealed.map(sealed_with).transpose().map_err(|error| broken(error.to_string()))?;
    let key = keys.iter().find(|key| Some(key.id()) == with);
    cartwright_records::open(&record.shop, id, &record.body, sealed, key).map_err(|error| broken(error.to_string()))
}

fn raw(json: Vec<u8>) -> Result<Box<RawValue>, Problem> {
    let text = String::from_utf8(json).map_err(|_| edge::internal())?;
    RawValue::from_string(text).map_err(|_| edge::internal())
}

fn head(record: StoredRecord) -> RecordHead {
    let StoredRecord { id, at_millis, shop, hook, stage, installs, plugins, .. } = record;
    let StoredRecord { fallback, fuel, micros, summary, request_id, .. } = record;
    RecordHead {
        seq: 0,
        id,
        at_millis,
        shop,
        hook,
        stage,
        installs,
        plugins,
        fallback,
        fuel,
        micros,
        summary,
        request_id,
    }
}
