//! The rules by which an install's candidates are promoted and taken back.
//!
//! What this module must not know: who follows them.

use super::ChangeRefusal;
use super::access::Access;
use super::answers::Answer;
use super::checks;
use super::given::{Given, Named, expected};
use super::installs::find;
use crate::platform::rollouts::policy::Policy;
use crate::problem::Problem;
use axum::extract::Request;
use cartwright_store::Install;
use serde_json::Value;

/// Sets the rules for promotion and automatic rollback, as a whole. Rates are per mille of the calls.
#[utoipa::path(put, path = "/v1/shops/{shop}/installs/{install}/policy", tag = "rollouts", request_body = Policy,
    params(("shop" = String, Path, description = "The shop's id"), ("install" = String, Path, description = "The install's id or name"),
        ("if-match" = Option<String>, Header, description = "The install's version")),
    responses((status = 200, description = "The install as it is now", body = Install, headers(("etag" = String, description = "Its version"))), ChangeRefusal))]
pub async fn set_policy(
    access: Access,
    Named((shop, install)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    let install = find(&access, &shop, &install).await?;
    let (parts, body) = request.into_parts();
    let expected = expected(&parts.headers)?;
    let given = Given::<Value>::read(&access.app, &parts.headers, body).await?;
    Policy::read(&given.body.to_string()).map_err(|failure| checks::refused_document("", failure))?;
    let install = access.store().set_policy(&access.actor(), &install.id, Some(given.body), expected).await?;
    access.platform.changed(&install.shop).await;
    Ok(Answer::ok(&install)?.at_version(install.version))
}
