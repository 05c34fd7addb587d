//! `POST /v1/shops/{shop}/quotes`: a cart in, shipping quotes out.
//!
//! The body of an answer depends on the plugin's snapshot and the request only; what differs between two runs stands in headers.
//! What this module must not know: where shops come from, how connections are served.

use crate::app::App;
use crate::body;
use crate::calls::Busy;
use crate::edge::{self, RequestId};
use crate::fallback::{self, Fallback};
use crate::json;
use crate::problem::{Kind, Problem, ProblemDetails};
use crate::shops::{InstalledPlugin, PluginIdentity, Shop};
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cartwright_contract::shipping_quote::{self, Answer, Parcel, Quote};
use cartwright_contract::{Instant, ON_ARRIVAL, Reason};
use cartwright_runtime::hooks::{Hook, ShippingQuote};
use cartwright_runtime::{CallError, LogEntry, Usage};
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::SystemTime;
use utoipa::ToSchema;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const FUEL: HeaderName = HeaderName::from_static("cartwright-fuel");
const MEMORY: HeaderName = HeaderName::from_static("cartwright-memory");

/// The options for a cart, best first, and why others are missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShippingQuotes {
    /// In the order in which the shopper should see them.
    quotes: Vec<Quote>,
    /// All parcels that some quote refers to, each once.
    parcels: Vec<Parcel>,
    /// Why services are missing, or why there are none.
    reasons: Vec<Reason>,
    /// Which plugin was asked.
    plugin: PluginIdentity,
    /// The moment for which the quotes hold: the request's, or when it arrived.
    #[serde(with = "cartwright_contract::json::instant")]
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Present when the plugin failed, so that the shop's backup rates answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<Fallback>,
}

/// Shipping options for a cart: prices, dates, parcels, and the reasons.
///
/// A plugin that fails is no error: the shop's backup rates answer, and `fallback` says why.
#[utoipa::path(
    post,
    path = "/v1/shops/{shop}/quotes",
    tag = "quotes",
    params(("shop" = String, Path, description = "The shop's id")),
    request_body = shipping_quote::Request,
    responses(
        (status = 200, description = "The options; none, with the reason, when no service fits", body = ShippingQuotes, headers(
            ("server-timing" = String, description = "Milliseconds in the plugin: `plugin;dur=0.034`"),
            ("cartwright-fuel" = u64, description = "Fuel that the plugin burnt; the same for the same request, for ever"),
            ("cartwright-memory" = u64, description = "The most memory that the plugin had, in bytes"),
        )),
        (status = 400, description = "Not JSON of the right form", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such shop, or no plugin on this hook", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body or the cart is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is not declared as JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "A field is out of its range, or the plugin refuses it", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Too many calls at once; see `retry-after`", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn quotes(
    State(app): State<Arc<App>>,
    shop: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let shop = app.shop(shop)?;
    if shop.shipping_quote.is_none() {
        return Err(no_plugin(shop));
    }
    let (parts, body) = request.into_parts();
    let body = body::read(&parts.headers, body, &app.clients).await?;
    // Only now, so that a client that sends slowly holds no slot.
    let slot = app.calls.slot(&shop.calls).map_err(|busy| turned_away(shop, busy))?;
    let shop = shop.clone();
    let id = parts.extensions.get::<RequestId>().cloned();
    let job = move || {
        let installed = shop.shipping_quote.as_ref().ok_or_else(|| no_plugin(&shop))?;
        answer(&shop, installed, &body, id.as_ref().map_or("", RequestId::as_str))
    };
    let answered = slot.run(job).await.map_err(|_| edge::internal())??;
    Ok(answered.into_response())
}

fn no_plugin(shop: &Shop) -> Problem {
    let detail = format!("the shop {:?} has no plugin on the hook {}", shop.id.as_str(), ShippingQuote::NAME);
    Problem::new(Kind::NoPlugin, detail)
}

fn turned_away(shop: &Shop, busy: Busy) -> Problem {
    let (whose, detail) = match busy {
        Busy::Server => ("server", "all calls that the server makes at the same moment are under way; try again"),
        Busy::Shop => ("shop", "all calls that a shop may make at the same moment are under way; try again"),
    };
    let id = shop.id.as_str().to_owned();
    metrics::counter!("cartwright_calls_turned_away_total", "shop" => id, "slots" => whose).increment(1);
    Problem::new(Kind::Overloaded, detail)
}

/// A body that is ready to be sent, and what it cost.
struct Answered {
    body: Vec<u8>,
    usage: Usage,
}

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        let timing = format!("plugin;dur={:.3}", self.usage.elapsed.as_secs_f64() * 1000.0);
        let mut response = Response::new(Body::from(self.body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(timing) = HeaderValue::try_from(timing) {
            headers.insert(SERVER_TIMING, timing);
        }
        headers.insert(FUEL, self.usage.fuel.into());
        headers.insert(MEMORY, self.usage.memory.into());
        response
    }
}

/// From the request's bytes to the answer's; may take as long as the plugin's deadline.
fn answer(shop: &Shop, installed: &InstalledPlugin, body: &[u8], id: &str) -> Result<Answered, Problem> {
    let mut request: shipping_quote::Request = json::read(body).map_err(malformed)?;
    if request.at == ON_ARRIVAL {
        request.at = now();
    }
    let decision = installed.plugin.call::<ShippingQuote>(&request, &[]);
    pass_on(&decision.log, shop, id);
    let (answer, fallback) = match checked(decision.outcome)? {
        Ok(answer) => (answer, None),
        Err(fallback) => {
            report(shop, installed, &fallback, id);
            (fallback::answer(&installed.backup_rates, &request), Some(fallback))
        }
    };
    let Answer { quotes, parcels, reasons } = answer;
    let plugin = installed.identity.clone();
    let answered = ShippingQuotes { quotes, parcels, reasons, plugin, at: request.at, fallback };
    // A checked answer to a checked request has no moment that JSON cannot tell; still, a bug here must not take a thread.
    let body = serde_json::to_vec(&answered).map_err(|_| edge::internal())?;
    Ok(Answered { body, usage: decision.usage })
}

fn malformed(wrong: json::Misread) -> Problem {
    let detail = format!("{} at line {} column {}", wrong.message, wrong.line, wrong.column);
    let mut problem = Problem::new(Kind::MalformedJson, detail);
    (problem.field, problem.place) = (Some(wrong.pointer), Some((wrong.line, wrong.column)));
    problem
}

/// The plugin's answer, or why the fallback answers.
fn checked(outcome: Result<Answer, CallError>) -> Result<Result<Answer, Fallback>, Problem> {
    outcome.map(Ok).or_else(|error| refused_or_failed(error).map(Err))
}

/// Whether it is the request that is wrong, or the plugin: only the latter is the fallback's business.
fn refused_or_failed(error: CallError) -> Result<Fallback, Problem> {
    match error {
        CallError::InvalidRequest(failure) => Err(failure.into()),
        CallError::Declined(failure) if failure.field.is_some() => Err(failure.into()),
        CallError::InputTooLarge { .. } => {
            let code = Some(error.code().into());
            Err(Problem { code, ..Problem::new(Kind::BodyTooLarge, format!("{error}; split the order")) })
        }
        CallError::NoSandbox { .. } => Err(Problem::new(Kind::Overloaded, error.to_string())),
        error => Ok(Fallback::from(&error)),
    }
}

/// The plugin's log lines, for its author. What a plugin did not declare to see, it cannot have written.
fn pass_on(log: &[LogEntry], shop: &Shop, request: &str) {
    for LogEntry { level, message } in log {
        tracing::debug!(target: "cartwright::plugin", shop = shop.id.as_str(), request, ?level, "{message}");
    }
}

/// Counts every failure, and writes of the 1st, 2nd, 4th, 8th …, so that a broken plugin does not flood the log. The message may quote
/// the request, so it goes to the client and not into the log.
fn report(shop: &Shop, installed: &InstalledPlugin, fallback: &Fallback, request: &str) {
    let (id, code) = (shop.id.as_str(), fallback.code.as_str());
    metrics::counter!("cartwright_fallbacks_total", "shop" => id.to_owned(), "code" => code.to_owned()).increment(1);
    let failures = installed.failures.fetch_add(1, Ordering::Relaxed) + 1;
    if failures.is_power_of_two() {
        let plugin = installed.identity.name.as_str();
        tracing::warn!(shop = id, plugin, code, failures, request, "a plugin failed; the shop's fallback answers");
    }
}

/// UTC seconds; a clock that stands before 1970 is taken to stand at its beginning.
fn now() -> Instant {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Instant::try_from(since.as_secs()).unwrap_or(Instant::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartwright_contract::Failure;

    fn failure(field: Option<&str>) -> Failure {
        Failure { code: "NO_SUCH_ZONE".into(), message: "no".into(), field: field.map(Into::into) }
    }

    #[test]
    fn a_wrong_request_is_the_clients_and_a_failing_plugin_is_the_fallbacks_business() {
        let status = |error| refused_or_failed(error).err().map(|problem| problem.status().as_u16());
        assert_eq!(status(CallError::InvalidRequest(failure(Some("/lines")))), Some(422));
        assert_eq!(status(CallError::Declined(failure(Some("/lines")))), Some(422));
        assert_eq!(status(CallError::InputTooLarge { size: 2, limit: 1 }), Some(413));
        assert_eq!(status(CallError::NoSandbox { slots: 1 }), Some(503));
        assert_eq!(status(CallError::Declined(failure(None))), None);
        assert_eq!(status(CallError::FuelExhausted { limit: 1 }), None);
        assert_eq!(status(CallError::Panicked { message: "at the disco".into() }), None);
    }
}
