//! Who changed what, when, and in which request. Written by the store in the transaction of the change; nobody can change it here.
//!
//! What this module must not know: what the actions mean.

use super::Refusal;
use super::access::Access;
use super::given::Named;
use super::query::{Paging, Query};
use crate::problem::Problem;
use axum::Json;
use axum::http::Uri;
use cartwright_store::{AuditEntry, Listed};

/// Everything that was changed, the newest first. For the platform.
#[utoipa::path(get, path = "/v1/audit", tag = "operation", params(Paging),
    responses((status = 200, description = "A page of the audit log", body = Listed<AuditEntry>), Refusal))]
pub async fn audit(access: Access, uri: Uri) -> Result<Json<Listed<AuditEntry>>, Problem> {
    access.of_the_platform()?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().audit(None, &page).await?))
}

/// Everything that was changed in a shop, the newest first.
#[utoipa::path(get, path = "/v1/shops/{shop}/audit", tag = "shops",
    params(("shop" = String, Path, description = "The shop's id"), Paging),
    responses((status = 200, description = "A page of the shop's audit log", body = Listed<AuditEntry>), Refusal))]
pub async fn shop_audit(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<AuditEntry>>, Problem> {
    access.shop(&shop).await?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().audit(Some(&shop), &page).await?))
}
