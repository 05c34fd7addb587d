//! Whose signatures are believed when something is published.

use super::access::Access;
use super::answers::Answer;
use super::given::{Given, Named, refused};
use super::idempotency::{Attempt, once};
use super::query::{Paging, Query};
use super::{ChangeRefusal, Refusal};
use crate::problem::Problem;
use axum::Json;
use axum::extract::Request;
use axum::http::Uri;
use cartwright_package::PublicKey;
use cartwright_store::{Author, Listed};
use serde::Deserialize;
use utoipa::ToSchema;

/// An author to be trusted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AddAuthor {
    /// 1 to 128 letters, digits, `-`, `_` and `.`.
    #[schema(example = "acme")]
    name: String,
    /// The second line of a minisign public key's file, as `cartwright keygen` writes it.
    public_key: String,
}

/// All authors, by name. For the platform.
#[utoipa::path(get, path = "/v1/authors", tag = "packages", params(Paging),
    responses((status = 200, description = "A page of authors", body = Listed<Author>), Refusal))]
pub async fn list_authors(access: Access, uri: Uri) -> Result<Json<Listed<Author>>, Problem> {
    access.of_the_platform()?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().authors(&page).await?))
}

/// Trusts an author from now on. For the platform.
#[utoipa::path(post, path = "/v1/authors", tag = "packages", request_body = AddAuthor,
    params(("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 201, description = "The author is trusted", body = Author), ChangeRefusal))]
pub async fn add_author(access: Access, request: Request) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    let (parts, body) = request.into_parts();
    let given = Given::<AddAuthor>::read(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let AddAuthor { name, public_key } = given.body;
    cartwright_package::check_name(&name).map_err(|error| refused("/name", error.to_string()))?;
    let key: PublicKey = public_key.parse().map_err(|error| refused("/publicKey", format!("{error}")))?;
    let adding = access.clone();
    once(&access, attempt, |_| async move {
        let made = adding.store().create_author(&adding.actor(), &name, &key.to_string()).await?;
        Answer::created(format!("/v1/authors/{name}"), &made.it)
    })
    .await
}

/// Trusts an author no more: what is published already stays, nothing new is taken. For the platform.
#[utoipa::path(delete, path = "/v1/authors/{name}", tag = "packages",
    params(("name" = String, Path, description = "The author's name")),
    responses((status = 204, description = "The author is trusted no more"), ChangeRefusal))]
pub async fn revoke_author(access: Access, Named(name): Named<String>) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    access.store().revoke_author(&access.actor(), &name).await?;
    Ok(Answer::gone())
}
