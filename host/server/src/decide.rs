//! A request of any hook in, the decision out.
//!
//! The body of an answer depends on the plugins' snapshots and the request only; what differs between two runs stands in headers.
//! What this module must not know: where shops come from, how connections are served, what a hook is about.

use crate::app::App;
use crate::body;
use crate::calls::{Busy, Ended};
use crate::edge::{self, RequestId};
use crate::json;
use crate::outside::ShopOutside;
use crate::platform::observe::{self, Observed, Scene};
use crate::problem::{Kind, Problem};
use crate::shops::{Deployed, Installed, Place, PluginIdentity, Served, Shop, Stage};
use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cartwright_contract::Instant;
use cartwright_contract::moment::Timed;
use cartwright_records::RecordId;
use cartwright_runtime::composition::{self, Composed, Part};
use cartwright_runtime::{CallError, LogEntry, Usage};
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::SystemTime;
use utoipa::ToSchema;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const FUEL: HeaderName = HeaderName::from_static("cartwright-fuel");
/// What a platform calls a shopper, a cart or a session: requests with the same key are answered by the same revision.
pub const KEY: HeaderName = HeaderName::from_static("cartwright-key");
/// The id of the decision's record, for replays.
const RECORD: HeaderName = HeaderName::from_static("cartwright-record");
const MEMORY: HeaderName = HeaderName::from_static("cartwright-memory");

/// A hook's answer, who gave it, and for which moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decided<A> {
    #[serde(flatten)]
    answer: A,
    /// The plugins that were asked, in the merchant's order.
    plugins: Vec<Asked>,
    /// The moment for which the answer holds: the request's, or when it arrived.
    #[serde(with = "cartwright_contract::json::instant")]
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Present when no plugin answered, so that the hook's fallback does.
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<Failed>,
}

/// A plugin that was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {
    #[serde(flatten)]
    identity: PluginIdentity,
    /// Why it gave no answer, if it gave none.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Failed>,
}

/// Why a plugin did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Failed {
    /// Stable, in upper snake case: the limit that was broken, `PANICKED`, `DECLINED`.
    #[schema(example = "FUEL_EXHAUSTED")]
    code: String,
    /// A sentence for people.
    message: String,
}

impl From<&CallError> for Failed {
    fn from(error: &CallError) -> Self {
        Self { code: error.code().into(), message: error.to_string() }
    }
}

impl From<composition::Fallback> for Failed {
    fn from(fallback: composition::Fallback) -> Self {
        Self { code: fallback.code.into(), message: fallback.message }
    }
}

/// Reads the request, asks the shop's plugins on a thread of its own, and writes the answer.
///
/// # Errors
/// What is wrong with the request, or that the server is busy.
pub async fn decide<H: Served>(
    app: &Arc<App>,
    shop: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let shop = app.shop(shop)?;
    ask::<H, _>(app, &shop, request, Kept::Recorded, |body: &[u8]| json::read(body), Decided::of::<H>).await
}

impl<A> Decided<A> {
    /// The body of an answer.
    pub fn of<H: Served<Answer = A>>(
        answer: A,
        request: &H::Request,
        plugins: Vec<Asked>,
        fallback: Option<Failed>,
    ) -> Self {
        Self { answer, plugins, at: request.at(), fallback }
    }
}

/// Whether a decision leaves a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Recorded,
    /// It is counted and not kept.
    Passing,
}

/// The same for a body of another form: `read` makes the request of it, and `tell` what is sent of the answer.
///
/// # Errors
/// As [`decide`].
pub async fn ask<H: Served, B: Serialize>(
    app: &Arc<App>,
    shop: &Arc<Shop>,
    request: Request,
    kept: Kept,
    read: impl FnOnce(&[u8]) -> Result<H::Request, json::Misread> + Send + 'static,
    tell: impl FnOnce(H::Answer, &H::Request, Vec<Asked>, Option<Failed>) -> B + Send + 'static,
) -> Result<Response, Problem> {
    if H::of(&shop.hooks).is_none() {
        return Err(no_plugin::<H>(shop));
    }
    let (parts, body) = request.into_parts();
    admit(app, shop, &parts.headers, kept).await?;
    let body = body::read(&parts.headers, body, &app.clients).await?;
    // Only now, so that a client that sends slowly holds no slot.
    let slot = app.calls.slot(&shop.calls).map_err(|busy| turned_away(shop, busy))?;
    let (app, shop, label) = (app.clone(), shop.clone(), shop.label().to_owned());
    let asker = Asker { headers: parts.headers, id: parts.extensions.get::<RequestId>().cloned(), kept };
    let job = move || {
        let place = H::of(&shop.hooks).ok_or_else(|| no_plugin::<H>(&shop))?;
        let request = read(&body).map_err(malformed)?;
        answer(&app, &shop, place, request, tell, &asker)
    };
    let answered = slot.run(job).await.map_err(|ended| lost(&label, ended))??;
    Ok(answered.into_response())
}

/// Whether this caller may ask a shop of the store now. The shops of a folder are open to whoever reaches the server.
async fn admit(app: &App, shop: &Shop, headers: &HeaderMap, kept: Kept) -> Result<(), Problem> {
    let (Some(platform), Some(merchant)) = (&app.platform, &shop.merchant) else { return Ok(()) };
    // Product pages have no token, and what they are told is anybody's.
    if kept == Kept::Recorded {
        platform.authority.authenticate(headers).await?.checkout_of(shop.id.as_str())?;
    }
    merchant.tenant.admit()
}

fn no_plugin<H: Served>(shop: &Shop) -> Problem {
    let detail = format!("the shop {:?} has no plugin on the hook {}", shop.id.as_str(), H::NAME);
    Problem::new(Kind::NoPlugin, detail)
}

fn turned_away(shop: &Shop, busy: Busy) -> Problem {
    let (whose, detail) = match busy {
        Busy::Server => ("server", "all calls that the server makes at the same moment are under way; try again"),
        Busy::Shop => ("shop", "all calls that a shop may make at the same moment are under way; try again"),
        Busy::Share => ("share", ABOVE_ITS_SHARE),
    };
    away(shop.label(), whose, detail)
}

const ABOVE_ITS_SHARE: &str = "the shop's plugins have used more than their share of the processors, and its calls wait for what others leave over; try again";

fn away(label: &str, whose: &'static str, detail: &'static str) -> Problem {
    metrics::counter!("cartwright_calls_turned_away_total", "shop" => label.to_owned(), "slots" => whose).increment(1);
    Problem::new(Kind::Overloaded, detail)
}

/// Why a call that had its slot was never made, or broke.
fn lost(label: &str, ended: Ended) -> Problem {
    match ended {
        Ended::Crashed => edge::internal(),
        Ended::Late | Ended::Refused => away(label, "share", ABOVE_ITS_SHARE),
    }
}

/// Who asks, beside the body.
struct Asker {
    headers: HeaderMap,
    id: Option<RequestId>,
    kept: Kept,
}

impl Asker {
    fn id(&self) -> &str {
        self.id.as_ref().map_or("", RequestId::as_str)
    }
}

/// A body that is ready to be sent, and what it cost.
struct Answered {
    body: Bytes,
    usage: Usage,
    /// Under which the decision is kept.
    record: Option<RecordId>,
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
        if let Some(Ok(record)) = self.record.map(|id| HeaderValue::try_from(id.to_string())) {
            headers.insert(RECORD, record);
        }
        response
    }
}

/// From the request to the answer's bytes; may take as long as the plugins' deadlines.
fn answer<H: Served, B: Serialize>(
    app: &Arc<App>,
    shop: &Arc<Shop>,
    place: &Place<H>,
    mut request: H::Request,
    tell: impl FnOnce(H::Answer, &H::Request, Vec<Asked>, Option<Failed>) -> B,
    asker: &Asker,
) -> Result<Answered, Problem> {
    request.arrive(now());
    let subjects = H::complete(&app.velocity, &shop.id, &mut request);
    let deployed = place.deployed();
    let (installed, stage) = choose(&deployed, asker.headers.get(KEY).map(HeaderValue::as_bytes), &request);
    let outside = ShopOutside { outside: &app.outside, shop: &shop.id, secrets: &shop.secrets };
    let breakers = app.platform.as_ref().map(|platform| &platform.breakers);
    let admitted = breakers.map(|breakers| breakers.admit(&installed.members)).unwrap_or_default();
    let decided = installed.composition.decide_without(&admitted.off, &request, &outside).map_err(|error| {
        // A request that is itself at fault says nothing of the plugins.
        if let Some(breakers) = breakers {
            breakers.record(&installed.members, &admitted, |_| None);
        }
        refused(error)
    })?;
    if let Some(subjects) = &subjects {
        H::remember(&app.velocity, &shop.id, &request, subjects);
    }
    report(shop, installed, &decided, asker.id());
    let usage = decided.usage();
    let Composed { answer, fallback, parts } = decided;
    let code = fallback.as_ref().map(|fallback| fallback.code);
    let answered = tell(answer, &request, asked(installed, &parts), fallback.map(Failed::from));
    // A checked answer to a checked request has no moment that JSON cannot tell; still, a bug here must not take a thread.
    let body = Bytes::from(serde_json::to_vec(&answered).map_err(|_| edge::internal())?);
    let mut record = None;
    if let (Some(platform), Some(merchant)) = (&app.platform, &shop.merchant) {
        let installed = installed.clone();
        let observed =
            Observed { installed, admitted, stage, request, body: body.clone(), fallback: code, parts, usage };
        let scene = Scene { app, platform, shop, merchant, deployed: &deployed };
        record = observe::decided(&scene, observed, asker.id(), asker.kept == Kept::Recorded);
    }
    Ok(Answered { body, usage, record })
}

/// Which revision answers this request: the live one, or a canary that draws it.
fn choose<'a, H: Served>(
    deployed: &'a Deployed<H>,
    key: Option<&[u8]>,
    request: &H::Request,
) -> (&'a Arc<Installed<H>>, Stage) {
    let mut canaries = deployed.trials.iter().filter(|trial| trial.member.stage == Stage::Canary).peekable();
    if canaries.peek().is_none() {
        return (&deployed.live, Stage::Live);
    }
    let key = key.map_or_else(|| observe::key_of(request), <[u8]>::to_vec);
    let drawn = canaries.find(|trial| trial.takes(&key));
    drawn.map_or((&deployed.live, Stage::Live), |trial| (&trial.installed, Stage::Canary))
}

/// The plugins that were asked, as an answer tells of them.
pub fn asked<H: Served>(installed: &Installed<H>, parts: &[Part]) -> Vec<Asked> {
    let asked = |(identity, part): (&PluginIdentity, &Part)| Asked {
        identity: identity.clone(),
        failed: part.error.as_ref().map(Failed::from),
    };
    installed.identities.iter().zip(parts).map(asked).collect()
}

fn malformed(wrong: json::Misread) -> Problem {
    let detail = format!("{} at line {} column {}", wrong.message, wrong.line, wrong.column);
    let mut problem = Problem::new(Kind::MalformedJson, detail);
    (problem.field, problem.place) = (Some(wrong.pointer), Some((wrong.line, wrong.column)));
    problem
}

/// Why the request itself cannot be answered.
fn refused(error: CallError) -> Problem {
    match error {
        CallError::InvalidRequest(failure) | CallError::Declined(failure) => failure.into(),
        CallError::InputTooLarge { .. } => {
            let code = Some(error.code().into());
            Problem { code, ..Problem::new(Kind::BodyTooLarge, format!("{error}; split the order")) }
        }
        error => Problem::new(Kind::Overloaded, error.to_string()),
    }
}

/// Passes the plugins' log lines on, for their authors (what a plugin did not declare to see, it cannot have written). Counts every
/// failure, and writes of the 1st, 2nd, 4th, 8th …, so that a broken plugin does not flood the log. The message may quote the
/// request, so it goes to the client and not into the log.
fn report<H: Served>(shop: &Shop, installed: &Installed<H>, decided: &Composed<H::Answer>, request: &str) {
    let id = shop.id.as_str();
    for (part, identity) in decided.parts.iter().zip(&installed.identities) {
        for LogEntry { level, message } in &part.log {
            tracing::debug!(target: "cartwright::plugin", shop = id, request, ?level, "{message}");
        }
        let Some(error) = &part.error else { continue };
        let failures = installed.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if failures.is_power_of_two() {
            let (plugin, code) = (identity.name.as_str(), error.code());
            tracing::warn!(shop = id, hook = H::NAME, plugin, code, failures, request, "a plugin failed");
        }
    }
    if let Some(fallback) = &decided.fallback {
        let labels =
            [("shop", shop.label().to_owned()), ("hook", H::NAME.to_owned()), ("code", fallback.code.to_owned())];
        metrics::counter!("cartwright_fallbacks_total", &labels).increment(1);
    }
}

/// UTC seconds; a clock that stands before 1970 is taken to stand at its beginning.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Instant::try_from(since.as_secs()).unwrap_or(Instant::MAX)
}
