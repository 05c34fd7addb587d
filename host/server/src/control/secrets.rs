//! What stands behind `{{secret:NAME}}` in the requests of a shop's plugins: values go in and never come out.
//!
//! What this module must not know: who uses them.

use super::access::Access;
use super::answers::Answer;
use super::given::{Given, Named, refused};
use super::query::{Paging, Query};
use super::{ChangeRefusal, Refusal};
use crate::edge;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::Request;
use axum::http::Uri;
use cartwright_outside::Secrets;
use cartwright_store::{Listed, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

/// Bytes of a value: what a header can hold.
const LONGEST: usize = 4 << 10;

/// A secret's value. Has no `Debug`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SetSecret {
    /// 1 to 4096 bytes of visible ASCII. For basic authentication the Base64 of `user:password`.
    #[schema(write_only, format = Password)]
    value: String,
}

/// The names of a shop's secrets.
#[utoipa::path(get, path = "/v1/shops/{shop}/secrets", tag = "secrets",
    params(("shop" = String, Path, description = "The shop's id"), Paging),
    responses((status = 200, description = "A page of names", body = Listed<Secret>), Refusal))]
pub async fn list_secrets(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<Secret>>, Problem> {
    access.shop(&shop).await?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().secrets(&shop, &page).await?))
}

/// Sets a secret. It is kept sealed, used from the next call on, and shown to nobody.
#[utoipa::path(put, path = "/v1/shops/{shop}/secrets/{name}", tag = "secrets", request_body = SetSecret,
    params(("shop" = String, Path, description = "The shop's id"), ("name" = String, Path, description = "As plugins call it")),
    responses((status = 200, description = "It is set", body = Secret), ChangeRefusal))]
pub async fn set_secret(
    access: Access,
    Named((shop, name)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    let (parts, body) = request.into_parts();
    let given = Given::<SetSecret>::read(&access.app, &parts.headers, body).await.map_err(without_value)?;
    let value = given.body.value;
    if value.len() > LONGEST {
        return Err(refused("/value", format!("the value is longer than {LONGEST} bytes; shorten it")));
    }
    // What cannot be used is refused now, and not in the middle of a checkout. The message tells the name and never the value.
    Secrets::new().with(&name, &value).map_err(|error| refused("/value", error.to_string()))?;
    let sealed = access.platform.keys.seal_secret(&shop, &name, &value).map_err(|_| edge::internal())?;
    let secret = access.store().put_secret(&access.actor(), &shop, &name, &sealed, None).await?;
    access.platform.changed(&shop).await;
    Answer::ok(&secret)
}

/// What is wrong with a body, without what stands in it: it may be the secret.
fn without_value(problem: Problem) -> Problem {
    if problem.kind != Kind::MalformedJson {
        return problem;
    }
    Problem { detail: r#"the body is not of this form: {"value":"…"}; the value is a text"#.into(), ..problem }
}

/// Removes a secret. Plugins that ask for it are told that there is none.
#[utoipa::path(delete, path = "/v1/shops/{shop}/secrets/{name}", tag = "secrets",
    params(("shop" = String, Path, description = "The shop's id"), ("name" = String, Path, description = "As plugins call it")),
    responses((status = 204, description = "It is gone"), ChangeRefusal))]
pub async fn remove_secret(access: Access, Named((shop, name)): Named<(String, String)>) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    access.store().remove_secret(&access.actor(), &shop, &name).await?;
    access.platform.changed(&shop).await;
    Ok(Answer::gone())
}
