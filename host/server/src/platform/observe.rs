//! What happens to a decision after its answer is ready: it is counted for rollouts and breakers, recorded, and asked again of shadows.
//!
//! Nothing here waits and nothing here changes the answer. What this module must not know: HTTP, where records and counts go.

use super::Platform;
use super::breakers::Admitted;
use super::merchant::Merchant;
use super::rollouts::counters::{Outcome, Subject};
use crate::app::App;
use crate::decide::{Decided, Failed, asked};
use crate::outside::ShopOutside;
use crate::shops::{Deployed, Figures, Installed, Member, Served, Shop, Stage};
use axum::body::Bytes;
use cartwright_contract::outside::{HttpRequest, HttpResponse};
use cartwright_records::{Call, CompareOptions, Contents, Hook, LogLine, RecordId, Side, compare};
use cartwright_runtime::composition::{Composed, Part};
use cartwright_runtime::outside::{Fetched, Outside, Plan};
use cartwright_runtime::{CallError, Usage};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// A decision whose answer is ready.
pub struct Observed<H: Served> {
    pub installed: Arc<Installed<H>>,
    pub admitted: Admitted,
    pub stage: Stage,
    /// As it was decided: with its moment and its counters.
    pub request: H::Request,
    /// As it is sent.
    pub body: Bytes,
    /// The code of the fallback, if it answered.
    pub fallback: Option<&'static str>,
    pub parts: Vec<Part>,
    pub usage: Usage,
}

/// What a plan asked for and what came of it, as records keep it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Exchange {
    pub requests: Vec<HttpRequest>,
    pub responses: Vec<HttpResponse>,
}

/// The replies of then to all that a plan asks for now, if there are.
pub fn replies<'a, E>(exchanged: impl Fn() -> E, plan: &Plan<'_>) -> Option<Vec<HttpResponse>>
where
    E: Iterator<Item = (&'a HttpRequest, &'a HttpResponse)>,
{
    let reply = |wanted| exchanged().find(|(request, _)| *request == wanted).map(|(_, response)| response.clone());
    plan.requests.iter().map(reply).collect()
}

/// What stands for a shopper whom the platform gave no key: the customer, else the whole request without its moment and counters.
pub fn key_of<R: Serialize>(request: &R) -> Vec<u8> {
    let mut document = serde_json::to_value(request).unwrap_or_default();
    for pointer in ["/customer/id", "/customer/email"] {
        if let Some(text) =
            document.pointer(pointer).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty())
        {
            return text.as_bytes().to_vec();
        }
    }
    if let Some(members) = document.as_object_mut() {
        members.remove("at");
        members.remove("velocities");
    }
    document.to_string().into_bytes()
}

/// Where a decision was made.
pub struct Scene<'a, H: Served> {
    pub app: &'a Arc<App>,
    pub platform: &'a Arc<Platform>,
    pub shop: &'a Arc<Shop>,
    pub merchant: &'a Arc<Merchant>,
    pub deployed: &'a Arc<Deployed<H>>,
}

/// Counts, records under this id of the request where it is to be kept, and asks shadows. Gives the record's id, if there is one.
pub fn decided<H: Served>(
    scene: &Scene<'_, H>,
    observed: Observed<H>,
    request_id: &str,
    recorded: bool,
) -> Option<RecordId> {
    let &Scene { app, platform, shop, merchant, deployed } = scene;
    count(platform, merchant, deployed, &observed);
    let hook = Hook::named(H::NAME)?;
    let id = new_id();
    let request = Arc::new(observed.request);
    let parts = Arc::new(observed.parts);
    let failed = parts.iter().any(|part| part.error.is_some());
    let recording = platform.recording.of(merchant);
    let kept = recorded && recording.wants(hook, id, failed);
    if kept {
        let (request, parts, body) = (request.clone(), parts.clone(), observed.body.clone());
        platform.recording.push(Call {
            id,
            at_millis: now_millis(),
            shop: recording,
            hook,
            stage: record_stage(observed.stage),
            plugins: observed.installed.references.clone(),
            fallback: observed.fallback,
            failed,
            fuel: observed.usage.fuel,
            memory: observed.usage.memory as u64,
            micros: micros(observed.usage.elapsed),
            request_id: Some(request_id.into()),
            bytes: 2 * body.len() + 4096,
            contents: Box::new(move || contents(&*request, &body, &parts)),
        });
    }
    let shadows = deployed.trials.iter().enumerate().filter(|(_, trial)| trial.member.stage == Stage::Shadow);
    for (index, _) in shadows {
        let (app, platform, shop) = (app.clone(), platform.clone(), shop.clone());
        let (merchant, deployed) = (merchant.clone(), deployed.clone());
        let (request, parts, body) = (request.clone(), parts.clone(), observed.body.clone());
        let (fallback, usage) = (observed.fallback, observed.usage);
        let job = move || {
            let (fuel, micros) = (usage.fuel, micros(usage.elapsed));
            let live = Side { answer: Some(&body), fallback, error: None, fuel, micros };
            let scene = Scene { app: &app, platform: &platform, shop: &shop, merchant: &merchant, deployed: &deployed };
            shadow(&scene, index, &request, &parts, live, hook);
        };
        if scene.app.calls.background(&scene.shop.calls, job).is_err() {
            metrics::counter!("cartwright_shadows_skipped_total", "hook" => H::NAME).increment(1);
            tracing::debug!(shop = &*scene.merchant.id, "a shadow was not asked, since too many are under way");
        }
    }
    kept.then_some(id)
}

/// How the call went for every revision that took part in it.
fn count<H: Served>(platform: &Platform, merchant: &Merchant, deployed: &Deployed<H>, observed: &Observed<H>) {
    let figures = deployed.figures.get_or_init(|| Figures::of(&merchant.class, H::NAME));
    figures.seconds.record(observed.usage.elapsed.as_secs_f64());
    #[allow(clippy::cast_precision_loss)] // a histogram's bucket does not need the last bits
    figures.fuel.record(observed.usage.fuel as f64);
    if observed.fallback.is_some() {
        figures.fallbacks.increment(1);
    }
    platform.breakers.record(&observed.installed.members, &observed.admitted, |place| {
        let part = observed.parts.get(place)?;
        (!matches!(part.error, Some(CallError::SwitchedOff))).then(|| part.error.is_none())
    });
    for (member, part) in observed.installed.members.iter().zip(&observed.parts) {
        let outcome = Outcome {
            error: part.error.is_some(),
            fallback: observed.fallback.is_some(),
            slow: part.usage.elapsed > member.slow,
            different: false,
            elapsed: part.usage.elapsed,
        };
        platform.rollouts.counters.count(&subject(member), outcome);
    }
}

fn subject(member: &Member) -> Subject {
    Subject { install: member.install.clone(), revision: member.revision, stage: member.stage }
}

/// Asks a shadow the same, and compares. Its answer goes nowhere but into the counts and a record.
fn shadow<H: Served>(
    scene: &Scene<'_, H>,
    index: usize,
    request: &Arc<H::Request>,
    live_parts: &[Part],
    live: Side<'_>,
    hook: Hook,
) {
    let &Scene { app, platform, shop, merchant, deployed } = scene;
    let Some(trial) = deployed.trials.get(index) else { return };
    let outside = ShopOutside { outside: &app.outside, shop: &shop.id, secrets: &shop.secrets };
    let known = Known { parts: live_parts, outside: &outside };
    let installed = &trial.installed;
    let Ok(decided) = installed.composition.decide(request, &known) else { return };
    let usage = decided.usage();
    let Composed { answer, fallback, parts } = decided;
    let code = fallback.as_ref().map(|fallback| fallback.code);
    let told = Decided::of::<H>(answer, request, asked(installed, &parts), fallback.map(Failed::from));
    let Ok(body) = serde_json::to_vec(&told) else { return };
    let new =
        Side { answer: Some(&body), fallback: code, error: None, fuel: usage.fuel, micros: micros(usage.elapsed) };
    // The request is only asked for its currency.
    let text = serde_json::to_vec(&**request).unwrap_or_default();
    let comparison = compare(hook, &text, live, new, CompareOptions::default());
    let place = installed.members.iter().position(|member| member.stage == Stage::Shadow).unwrap_or(0);
    if let (Some(member), Some(part)) = (installed.members.get(place), parts.get(place)) {
        let outcome = Outcome {
            error: part.error.is_some(),
            fallback: code.is_some(),
            // It runs when the machine has nothing better to do, so its time says nothing.
            slow: false,
            different: !comparison.same,
            elapsed: part.usage.elapsed,
        };
        platform.rollouts.counters.count(&subject(member), outcome);
    }
    let (recording, id) = (platform.recording.of(merchant), new_id());
    // The same decisions are not worth a second record.
    if comparison.same || !recording.wants(hook, id, false) {
        return;
    }
    let (request, body) = (request.clone(), Bytes::from(body));
    platform.recording.push(Call {
        id,
        at_millis: now_millis(),
        shop: recording,
        hook,
        stage: cartwright_records::Stage::Shadow,
        plugins: installed.references.clone(),
        fallback: code,
        failed: parts.iter().any(|part| part.error.is_some()),
        fuel: usage.fuel,
        memory: usage.memory as u64,
        micros: micros(usage.elapsed),
        request_id: None,
        bytes: 2 * body.len() + 4096,
        contents: Box::new(move || contents(&*request, &body, &parts)),
    });
}

/// What was fetched for the live plugins is not fetched again for their shadow.
struct Known<'a> {
    parts: &'a [Part],
    outside: &'a dyn Outside,
}

impl Outside for Known<'_> {
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched> {
        let known = || self.parts.iter().flat_map(|part| part.requests.iter().zip(&part.responses));
        plans
            .iter()
            .map(|plan| match replies(known, plan) {
                Some(replies) => Ok(replies),
                None => self.outside.fetch(std::slice::from_ref(plan)).pop().unwrap_or_else(|| Ok(Vec::new())),
            })
            .collect()
    }
}

/// Serialises what a record holds; runs on the recorder's thread.
fn contents<R: Serialize>(request: &R, body: &[u8], parts: &[Part]) -> Contents {
    Contents {
        request: serde_json::to_vec(request).unwrap_or_default(),
        answer: body.to_vec(),
        parts: parts.iter().map(part).collect(),
    }
}

fn part(part: &Part) -> cartwright_records::Part {
    let failed = part
        .error
        .as_ref()
        .map(|error| cartwright_records::Failed { code: error.code().into(), message: Some(error.to_string()) });
    let line = |entry: &cartwright_runtime::LogEntry| LogLine { level: entry.level, message: entry.message.clone() };
    let exchange = || Exchange { requests: part.requests.clone(), responses: part.responses.clone() };
    cartwright_records::Part {
        failed,
        fuel: part.usage.fuel,
        memory: part.usage.memory as u64,
        micros: micros(part.usage.elapsed),
        log: part.log.iter().map(line).collect(),
        plan: (!part.requests.is_empty()).then(|| serde_json::to_string(&exchange()).unwrap_or_default()),
    }
}

fn record_stage(stage: Stage) -> cartwright_records::Stage {
    match stage {
        Stage::Live => cartwright_records::Stage::Live,
        Stage::Canary => cartwright_records::Stage::Canary,
        Stage::Shadow => cartwright_records::Stage::Shadow,
    }
}

/// For a record: sorts by time, unique over all replicas.
fn new_id() -> RecordId {
    RecordId(Uuid::now_v7().as_u128())
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
