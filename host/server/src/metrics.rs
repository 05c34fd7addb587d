//! What is counted, and the text in which Prometheus reads it.
//!
//! What this module must not know: what causes the numbers.

use axum::http::{Method, StatusCode};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

/// How often samples are moved into their buckets; until then each takes memory of its own.
pub const UPKEEP: Duration = Duration::from_secs(5);

const SECONDS: &[f64] = &[
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
    0.5, 1.0, 2.5, 5.0, 10.0,
];
const FUEL: &[f64] = &[1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8, 3e8, 1e9];

/// The process's recorder, set up on first use; `None` when whoever embeds this server has already set another.
pub fn recorder() -> Option<PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(set_up).clone()
}

fn set_up() -> Option<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_fuel".into()), FUEL))
        .ok()?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    describe_counter!("cartwright_http_requests_total", "Requests that were answered.");
    describe_histogram!(
        "cartwright_http_request_seconds",
        Unit::Seconds,
        "From a request's head to its answer's head."
    );
    describe_gauge!("cartwright_http_requests_in_flight", "Requests that are being answered.");
    describe_counter!("cartwright_fallbacks_total", "Calls of plugins that failed, so that the fallback answered.");
    describe_counter!("cartwright_calls_turned_away_total", "Requests that found no slot for a call.");
    describe_histogram!(
        "cartwright_decision_seconds",
        Unit::Seconds,
        "Decisions of the store's shops, all plugins of the hook together."
    );
    describe_histogram!("cartwright_decision_fuel", "Fuel that decisions of the store's shops burnt.");
    describe_counter!(
        "cartwright_decision_fallbacks_total",
        "Decisions of the store's shops that nobody gave but the fallback."
    );
    describe_counter!(
        "cartwright_breakers_opened_total",
        "Revisions that kept failing, so that they are not asked for a while."
    );
    describe_counter!("cartwright_shadows_skipped_total", "Shadows that were not asked, since too much was under way.");
    describe_counter!("cartwright_switches_refused_total", "Changes of shops that could not be installed here.");
    describe_histogram!("cartwright_install_seconds", Unit::Seconds, "Installing a plugin when it is first asked.");
    describe_gauge!("cartwright_breakers_open", "Revisions that are not asked at the moment, since they kept failing.");
    describe_gauge!(
        "cartwright_lane_waiting",
        "Calls of noisy shops, and jobs that nobody waits for, that wait for their turn."
    );
    describe_gauge!("cartwright_resident_hooks", "Hooks of shops that are kept installed.");
    describe_gauge!("cartwright_changes_seen", "The newest change of the store that took effect here.");
    describe_gauge!("cartwright_store_available", "Whether the store could be read when it was last tried.");
    describe_gauge!("cartwright_shops", "Shops that this server answers for.");
    describe_histogram!("cartwright_call_seconds", Unit::Seconds, "Calls of plugins, sandbox included.");
    describe_histogram!("cartwright_call_fuel", "Fuel that calls of plugins burnt.");
    describe_counter!("cartwright_call_errors_total", "Calls of plugins that gave no answer.");
    Some(handle)
}

/// Counts a request as in flight for as long as it lives, also when its client goes away.
pub struct InFlight(metrics::Gauge);

impl InFlight {
    pub fn begin() -> Self {
        let gauge = metrics::gauge!("cartwright_http_requests_in_flight");
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// Records one answered request. `route` is the pattern, not the address, so that labels stay few.
pub fn answered(route: String, method: &Method, status: StatusCode, took: Duration) {
    let method = match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    };
    let status = status.as_str().to_owned();
    metrics::counter!("cartwright_http_requests_total", "route" => route.clone(), "method" => method, "status" => status)
        .increment(1);
    metrics::histogram!("cartwright_http_request_seconds", "route" => route).record(took.as_secs_f64());
}
