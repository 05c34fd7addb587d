//! Erasure: a shop's key is destroyed, and with it everything personal in all records that were sealed with it.
//!
//! What this module must not know: what is personal.

use super::ChangeRefusal;
use super::access::Access;
use super::answers::Answer;
use super::given::{Named, read_or_default};
use super::idempotency::{Attempt, once};
use crate::problem::Problem;
use axum::extract::Request;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Nothing has to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Erase {}

/// What was destroyed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Erased {
    /// Keys that are gone for ever.
    keys: u64,
}

/// Destroys the shop's key for personal fields in records. What was recorded stays countable; who it was about can be read by nobody any
/// more, in no backup of the store that has the records but not the key. What comes after is sealed with a new key.
#[utoipa::path(post, path = "/v1/shops/{shop}/erasure", tag = "records", request_body(content = Option<Erase>),
    params(("shop" = String, Path, description = "The shop's id"), ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 200, description = "It is done", body = Erased), ChangeRefusal))]
pub async fn erase(access: Access, Named(shop): Named<String>, request: Request) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    let (parts, body) = request.into_parts();
    let given = read_or_default::<Erase>(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let erasing = access.clone();
    once(&access, attempt, |_| async move {
        let keys = erasing.store().destroy_data_keys(&erasing.actor(), &shop).await?;
        // From here on this server, and soon every other, seals with a key that is made when it is needed.
        erasing.platform.changed(&shop).await;
        Answer::ok(&Erased { keys })
    })
    .await
}
