//! Where a merchant's systems are told what happened. A signing secret is shown once, by the answer that made it.
//!
//! What this module must not know: how an event is signed and delivered.

use super::access::Access;
use super::answers::Answer;
use super::given::{Given, Named, read_or_default, refused};
use super::idempotency::{Attempt, once};
use super::query::{Paging, Query, shortened};
use super::{ChangeRefusal, Refusal};
use crate::edge;
use crate::problem::Problem;
use crate::webhooks::{events, sealed_about};
use axum::Json;
use axum::extract::Request;
use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cartwright_store::{Delivery, Listed, NewWebhook, Webhook};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::ToSchema;
use uuid::Uuid;

/// Bytes of an address.
const LONGEST_URL: usize = 2_000;
/// Random bytes of a secret; the Standard Webhooks specification wants 24 to 64.
const SECRET: usize = 32;
/// The longest time for which events are signed with the old secret too, in seconds: 30 days.
const LONGEST_OVERLAP: i64 = 30 * 24 * 3600;

/// A webhook to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CreateWebhook {
    /// `https`; on this machine `http` too.
    #[schema(example = "https://merchant.example/cartwright")]
    url: String,
    /// Which events; all when it is empty or left out: `install.changed`, `rollout.promoted`, `rollout.rolled_back`, `breaker.opened`,
    /// `breaker.closed`, `backtest.done`.
    #[serde(default)]
    events: Vec<String>,
}

/// How a webhook gets a new secret.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct RotateWebhook {
    /// For how many seconds events are signed with the old secret too, 0 to 2592000; 0 when it is left out.
    overlap: i64,
}

/// A webhook and its signing secret, which nobody can show again.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookMade {
    #[serde(flatten)]
    webhook: Webhook,
    /// As the Standard Webhooks specification says.
    #[schema(example = "whsec_…")]
    secret: String,
}

/// A shop's webhooks.
#[utoipa::path(get, path = "/v1/shops/{shop}/webhooks", tag = "webhooks",
    params(("shop" = String, Path, description = "The shop's id"), Paging),
    responses((status = 200, description = "A page of webhooks", body = Listed<Webhook>), Refusal))]
pub async fn list_webhooks(
    access: Access,
    Named(shop): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<Webhook>>, Problem> {
    access.shop(&shop).await?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().webhooks(&shop, &page).await?))
}

/// Makes a webhook. Events are signed as the Standard Webhooks specification says; the secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/v1/shops/{shop}/webhooks", tag = "webhooks", request_body = CreateWebhook,
    params(("shop" = String, Path, description = "The shop's id"), ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 201, description = "The webhook with its secret", body = WebhookMade), ChangeRefusal))]
pub async fn create_webhook(access: Access, Named(shop): Named<String>, request: Request) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    let (parts, body) = request.into_parts();
    let given = Given::<CreateWebhook>::read(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let CreateWebhook { url, events: wanted } = given.body;
    let url = sound(&url)?;
    if let Some(at) = wanted.iter().position(|event| !events::ALL.contains(&event.as_str())) {
        let detail = format!("there is no event {:?}; give some of {}", shortened(&wanted[at]), events::ALL.join(", "));
        return Err(refused(&format!("/events/{at}"), detail));
    }
    if wanted.len() > events::ALL.len() {
        return Err(refused("/events", "an event stands there twice; give each once"));
    }
    let making = access.clone();
    once(&access, attempt, |id| async move {
        let id = id.unwrap_or_else(|| Uuid::now_v7().to_string());
        let (secret, sealed) = fresh(&making, &id)?;
        let new = NewWebhook { id: Some(id), shop, url, events: wanted, secret: sealed };
        let webhook = making.store().create_webhook(&making.actor(), &new).await?.it;
        let address = format!("/v1/shops/{}/webhooks/{}", webhook.shop, webhook.id);
        Answer::created(address, &WebhookMade { webhook, secret })
    })
    .await
}

/// Removes a webhook; what waits for it is not delivered any more.
#[utoipa::path(delete, path = "/v1/shops/{shop}/webhooks/{webhook}", tag = "webhooks",
    params(("shop" = String, Path, description = "The shop's id"), ("webhook" = String, Path, description = "The webhook's id")),
    responses((status = 204, description = "It is gone"), ChangeRefusal))]
pub async fn remove_webhook(
    access: Access,
    Named((shop, webhook)): Named<(String, String)>,
) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    access.store().remove_webhook(&access.actor(), &shop, &webhook).await?;
    Ok(Answer::gone())
}

/// Gives a webhook a new signing secret; for `overlap` seconds events are signed with both. One that was given up works again.
#[utoipa::path(post, path = "/v1/shops/{shop}/webhooks/{webhook}/rotate", tag = "webhooks", request_body(content = Option<RotateWebhook>),
    params(("shop" = String, Path, description = "The shop's id"), ("webhook" = String, Path, description = "The webhook's id"),
        ("idempotency-key" = Option<String>, Header, description = "Sent twice, done once")),
    responses((status = 200, description = "The webhook with its new secret", body = WebhookMade), ChangeRefusal))]
pub async fn rotate_webhook(
    access: Access,
    Named((shop, webhook)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    access.shop(&shop).await?;
    let (parts, body) = request.into_parts();
    let given = read_or_default::<RotateWebhook>(&access.app, &parts.headers, body).await?;
    let attempt = Attempt::of(&access, &parts, &given.bytes)?;
    let overlap = given.body.overlap;
    if !(0..=LONGEST_OVERLAP).contains(&overlap) {
        return Err(refused("/overlap", format!("overlap is {overlap}; give 0 to {LONGEST_OVERLAP} seconds")));
    }
    let id = access.store().webhook(&shop, &webhook).await?.id;
    let making = access.clone();
    once(&access, attempt, |_| async move {
        let (secret, sealed) = fresh(&making, &id)?;
        let webhook = making.store().rotate_webhook(&making.actor(), &shop, &id, &sealed, overlap).await?;
        Answer::ok(&WebhookMade { webhook, secret })
    })
    .await
}

/// What was sent to a webhook, and how it went; the newest first.
#[utoipa::path(get, path = "/v1/shops/{shop}/webhooks/{webhook}/deliveries", tag = "webhooks",
    params(("shop" = String, Path, description = "The shop's id"), ("webhook" = String, Path, description = "The webhook's id"), Paging),
    responses((status = 200, description = "A page of deliveries", body = Listed<Delivery>), Refusal))]
pub async fn list_deliveries(
    access: Access,
    Named((shop, webhook)): Named<(String, String)>,
    uri: Uri,
) -> Result<Json<Listed<Delivery>>, Problem> {
    access.shop(&shop).await?;
    let (_, page) = Query::of_a_list(&uri, &[])?;
    let webhook = access.store().webhook(&shop, &webhook).await?;
    Ok(Json(access.store().deliveries(&webhook.id, &page).await?))
}

/// A new secret, as it is shown and as it is kept.
fn fresh(access: &Access, webhook: &str) -> Result<(String, Vec<u8>), Problem> {
    let mut bytes = [0; SECRET];
    SystemRandom::new().fill(&mut bytes).map_err(|_| edge::internal())?;
    let secret = format!("whsec_{}", STANDARD.encode(bytes));
    let sealed = access.platform.keys.seal(&sealed_about(webhook), secret.as_bytes()).map_err(|_| edge::internal())?;
    Ok((secret, sealed))
}

/// An address that events may be sent to, in its usual form. Where it leads is looked at when something is sent.
fn sound(url: &str) -> Result<String, Problem> {
    let wrong = |why: &str| {
        let shown = shortened(url);
        refused(
            "/url",
            format!(
                "{shown:?} is not an address that events can be sent to: {why}; give one such as \"https://merchant.example/events\""
            ),
        )
    };
    if url.len() > LONGEST_URL {
        return Err(wrong("it is longer than 2000 bytes"));
    }
    let parsed = Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
    let here = match parsed.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(wrong("it has no host")),
    };
    if parsed.scheme() != "https" && !(parsed.scheme() == "http" && here) {
        return Err(wrong("its scheme is not https"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() || parsed.fragment().is_some() {
        return Err(wrong("it has a user, a password or a fragment"));
    }
    Ok(parsed.into())
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn events_are_sent_to_https_or_to_this_machine() {
        for right in
            ["https://merchant.example/x?y=1", "http://localhost:8080/", "http://127.0.0.1:1/", "http://[::1]/"]
        {
            assert_eq!(sound(right).as_deref(), Ok(right));
        }
        for wrong in [
            "http://merchant.example/",
            "ftp://merchant.example/",
            "https://u:p@merchant.example/",
            "/x",
            "",
            "https://",
            "https://a/#b",
        ] {
            assert_eq!(sound(wrong).map_err(|problem| problem.field), Err(Some("/url".into())), "{wrong}");
        }
        assert!(sound(&format!("https://merchant.example/{}", "x".repeat(2000))).is_err());
    }
}
