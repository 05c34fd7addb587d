//! What a shop's plugins logged, for the merchant and the plugin's author.
//!
//! A log may quote the request, so it lies in the sealed part of its record and goes with the shop's key. What this module must not know:
//! how a plugin logs.

use super::Refusal;
use super::access::Access;
use super::given::Named;
use super::query::{Paging, Query};
use super::records::{PARAMETERS, RecordParameters, data_keys, filter, open};
use crate::edge;
use crate::problem::Problem;
use axum::Json;
use axum::http::Uri;
use cartwright_records::Part;
use cartwright_store::{Listed, Page, RecordLog, StoredRecord};
use std::fmt::Write;

/// Records that are looked through for one page; whoever logs rarely gets short pages with a `next`.
const LOOKED_THROUGH: usize = 400;

/// What plugins logged, the newest decision first; of one decision line by line, with its level. A page may hold fewer than were asked for, even none, and still have a `next`.
#[utoipa::path(get, path = "/v1/shops/{shop}/logs", tag = "records",
    params(("shop" = String, Path, description = "The shop's id"), RecordParameters, Paging),
    responses((status = 200, description = "A page of logs", body = Listed<RecordLog>), Refusal))]
pub async fn list_logs(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<RecordLog>>, Problem> {
    access.shop(&shop).await?;
    let (query, page) = Query::of_a_list(&uri, &PARAMETERS)?;
    let filter = filter(&access, shop.clone(), &query).await?;
    let keys = std::sync::Arc::new(data_keys(&access, &shop).await?);
    let wanted = page.limit as usize;
    let (mut items, mut looked, mut after) = (Vec::new(), 0, page.after);
    loop {
        let part = Page { after, limit: Page::default().limit.min(page.limit) };
        let heads = access.store().records(&filter, &part).await?;
        looked += heads.items.len();
        let mut records = Vec::with_capacity(heads.items.len());
        for head in &heads.items {
            match access.store().record(&shop, &head.id).await {
                Ok(record) => records.push(record),
                // Deleted since, for its age.
                Err(cartwright_store::StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let keys = keys.clone();
        let logged = move || records.iter().filter_map(|record| of(record, &open(record, &keys).ok()?.parts)).collect();
        let logged: Vec<_> = tokio::task::spawn_blocking(logged).await.map_err(|_| edge::internal())?;
        items.extend(logged);
        after = heads.next;
        // A page ends with a part of the list, so that its cursor is the list's.
        if after.is_none() || looked >= LOOKED_THROUGH || items.len() >= wanted {
            return Ok(Json(Listed { items, next: after }));
        }
    }
}

fn of(record: &StoredRecord, parts: &[Part]) -> Option<RecordLog> {
    let mut log = String::new();
    for line in parts.iter().flat_map(|part| &part.log) {
        let level = serde_json::to_value(line.level).ok();
        let level = level.as_ref().and_then(|level| level.as_str()).unwrap_or_default();
        let _ = writeln!(log, "{level} {}", line.message);
    }
    (!log.is_empty()).then(|| RecordLog {
        seq: 0,
        id: record.id.clone(),
        at_millis: record.at_millis,
        hook: record.hook.clone(),
        stage: record.stage,
        installs: record.installs.clone(),
        request_id: record.request_id.clone(),
        log,
    })
}
