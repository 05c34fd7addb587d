//! Bearer tokens: made, listed, rotated, revoked. A secret is shown once, by the answer that made it.
//!
//! What this module must not know: how a token is checked.

use super::access::Access;
use super::answers::Answer;
use super::checks;
use super::given::{Given, Named, read_or_default, refused};
use super::idempotency::{Attempt, once};
use super::query::{Paging, Query};
use super::{ChangeRefusal, Refusal};
use crate::decide::now;
use crate::problem::{Kind, Problem};
use crate::tenancy::authority::{Issued, Renewed, issue, renew};
use axum::Json;
use axum::extract::Request;
use axum::http::Uri;
use cartwright_store::{Listed, Token, TokenKind, TokenScope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Bytes of a label.
const LONGEST_LABEL: usize = 255;
/// The longest time for which a token's old secret works beside its new one, in seconds: 30 days.
const LONGEST_OVERLAP: i64 = 30 * 24 * 3600;
/// The end of what RFC 3339 can tell: the year 9999.
const LATEST: i64 = 253_402_300_799;

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CreateToken {
    kind: TokenKind,
    /// The shop it is for; under a shop's own address, and for `platform`, it is left out.
    shop: Option<String>,
    /// For people: who has it. 0 to 255 bytes.
    #[serde(default)]
    label: String,
    /// Seconds UTC; never, when it is left out.
    expires: Option<i64>,
}

/// How a token gets a new secret.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct RotateToken {
    /// For how many seconds the old secret works beside the new one, 0 to 2592000; 0 when it is left out.
    overlap: i64,
}

/// A token and its secret, which nobody can show again.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssuedToken {
    #[serde(flatten)]
    token: Token,
    /// Goes into `authorization: Bearer …`.
    #[schema(example = "cw_admin_0199d3c2-8e07-7cc2-9f5f-2f1e4f6f0a11_…")]
    secret: String,
}

/// All tokens of all shops and the platform, without their secrets. For the platform.
#[utoipa::path(get, path = "/v1/tokens", tag = "tokens", params(Paging),
    responses((status = 200, description = "A page of tokens", body = Listed<Token>), Refusal))]
pub async fn list_tokens(access: Access, uri: Uri) -> Result<Json<Listed<Token>>, Problem> {
    access.of_the_platform()?;
    list(&access, TokenScope::All, &uri).await
}

/// A shop's tokens, without their secrets.
#[utoipa::path(get, path = "/v1/shops/{shop}/tokens", tag = "tokens",
    params(("shop" = String, Path, description = "The shop's id"), Paging),
    responses((status = 200, description = "A page of tokens", body = Listed<Token>), Refusal))]
pub async fn list_shop_tokens(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<Token>>, Problem> {
    access.shop(&shop).await?;
    list(&access, TokenScope::Shop(&shop), &uri).await
}

async fn list(access: &Access, scope: TokenScope<'_>, uri: &Uri) -> Result<Json<Listed<Token>>, Problem> {
    let (_, page) = Query::of_a_list(uri, &[])?;
    Ok(Json(access.store().tokens(scope, &page).await?))
}

/// Makes a token of any kind. For the platform. The secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/v1/tokens", tag = "tokens", request_body = CreateToken,
    params(("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 201, description = "The token with its secret", body = IssuedToken), ChangeRefusal))]
pub async fn create_token(access: Access, request: Request) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    create(access, None, request).await
}

/// Makes a token for this shop: `shopAdmin` or `shopCheckout`. The secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/v1/shops/{shop}/tokens", tag = "tokens", request_body = CreateToken,
    params(("shop" = String, Path, description = "The shop's id"), ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 201, description = "The token with its secret", body = IssuedToken), ChangeRefusal))]
pub async fn create_shop_token(
    access: Access,
    Named(shop): Named<String>,
    request: Request,
) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    create(access, Some(shop), request).await
}

async fn create(access: Access, under: Option<String>, request: Request) -> Result<Answer, Problem> {
    let (parts, body) = request.into_parts();
    let given = Given::<CreateToken>::read(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let CreateToken { kind, shop, label, expires } = given.body;
    let address = under.as_ref().map_or_else(|| "/v1/tokens".into(), |shop| format!("/v1/shops/{shop}/tokens"));
    let shop = of_which_shop(kind, shop, under)?;
    if let Some(shop) = &shop {
        checks::name("/shop", shop)?;
    }
    if label.len() > LONGEST_LABEL || label.chars().any(char::is_control) {
        return Err(refused("/label", "the label is not 0 to 255 bytes of visible text; shorten it"));
    }
    if let Some(expires) = expires.filter(|expires| !(now() + 1..=LATEST).contains(expires)) {
        let detail = format!("expires is {expires}, which is not in the future; give seconds since 1970, UTC");
        return Err(refused("/expires", detail));
    }
    let making = access.clone();
    once(&access, attempt, |id| async move {
        let Issued { new, text: secret } = issue(kind, shop.as_deref(), &label, expires, id);
        let token = making.store().create_token(&making.actor(), &new).await?.it;
        making.platform.authority.changed(Some(&token.id));
        Answer::created(format!("{address}/{}", token.id), &IssuedToken { token, secret })
    })
    .await
}

/// The shop that a token is made for.
fn of_which_shop(kind: TokenKind, named: Option<String>, under: Option<String>) -> Result<Option<String>, Problem> {
    match (kind, named, under) {
        (TokenKind::Platform, _, Some(_)) => {
            Err(refused("/kind", "a platform's token is not made under a shop; give shopAdmin or shopCheckout"))
        }
        (TokenKind::Platform, Some(_), None) => {
            Err(refused("/shop", "a platform's token is good for all shops; leave `shop` out"))
        }
        (TokenKind::Platform, None, None) => Ok(None),
        (_, Some(named), Some(under)) if named != under => {
            Err(refused("/shop", format!("the address is of the shop {under:?}; leave `shop` out")))
        }
        (_, named, under) => {
            under.or(named).map(Some).ok_or_else(|| refused("/shop", "a shop's token needs `shop`: its id"))
        }
    }
}

/// Gives a token a new secret; the old one works for `overlap` seconds more. For the platform.
#[utoipa::path(post, path = "/v1/tokens/{token}/rotate", tag = "tokens", request_body(content = Option<RotateToken>),
    params(("token" = String, Path, description = "The token's id"), ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 200, description = "The token with its new secret", body = IssuedToken), ChangeRefusal))]
pub async fn rotate_token(access: Access, Named(token): Named<String>, request: Request) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    rotate(access, None, token, request).await
}

/// Gives a shop's token a new secret; the old one works for `overlap` seconds more.
#[utoipa::path(post, path = "/v1/shops/{shop}/tokens/{token}/rotate", tag = "tokens", request_body(content = Option<RotateToken>),
    params(("shop" = String, Path, description = "The shop's id"), ("token" = String, Path, description = "The token's id"),
        ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 200, description = "The token with its new secret", body = IssuedToken), ChangeRefusal))]
pub async fn rotate_shop_token(
    access: Access,
    Named((shop, token)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    rotate(access, Some(shop), token, request).await
}

async fn rotate(access: Access, shop: Option<String>, id: String, request: Request) -> Result<Answer, Problem> {
    let (parts, body) = request.into_parts();
    let given = read_or_default::<RotateToken>(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let overlap = given.body.overlap;
    if !(0..=LONGEST_OVERLAP).contains(&overlap) {
        return Err(refused("/overlap", format!("overlap is {overlap}; give 0 to {LONGEST_OVERLAP} seconds")));
    }
    let token = token(&access, shop.as_deref(), &id).await?;
    let making = access.clone();
    once(&access, attempt, |_| async move {
        let Renewed { hash, text: secret } = renew(token.kind, &token.id);
        let token = making.store().rotate_token(&making.actor(), &id, &hash, overlap, token.expires).await?;
        making.platform.authority.changed(Some(&id));
        Answer::ok(&IssuedToken { token, secret })
    })
    .await
}

/// Revokes a token: it is good for nothing from now on. For the platform.
#[utoipa::path(delete, path = "/v1/tokens/{token}", tag = "tokens",
    params(("token" = String, Path, description = "The token's id")),
    responses((status = 204, description = "It is revoked"), ChangeRefusal))]
pub async fn revoke_token(access: Access, Named(token): Named<String>) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    revoke(access, None, token).await
}

/// Revokes a token of this shop: it is good for nothing from now on.
#[utoipa::path(delete, path = "/v1/shops/{shop}/tokens/{token}", tag = "tokens",
    params(("shop" = String, Path, description = "The shop's id"), ("token" = String, Path, description = "The token's id")),
    responses((status = 204, description = "It is revoked"), ChangeRefusal))]
pub async fn revoke_shop_token(
    access: Access,
    Named((shop, token)): Named<(String, String)>,
) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    revoke(access, Some(shop), token).await
}

async fn revoke(access: Access, shop: Option<String>, id: String) -> Result<Answer, Problem> {
    let token = token(&access, shop.as_deref(), &id).await?;
    access.store().revoke_token(&access.actor(), &token.id).await?;
    access.platform.authority.changed(Some(&token.id));
    Ok(Answer::gone())
}

/// The token of that id, when it is the shop's. Another shop's is as good as none.
async fn token(access: &Access, shop: Option<&str>, id: &str) -> Result<Token, Problem> {
    let unknown = || {
        let id = super::query::shortened(id);
        Problem::new(Kind::NotFound, format!("there is no token {id:?}; the list of tokens has their ids"))
    };
    let token = access.store().token_proof(id).await?.ok_or_else(unknown)?.token;
    if shop.is_some() && token.shop.as_deref() != shop { Err(unknown()) } else { Ok(token) }
}
