//! What all requests share.
//!
//! What this module must not know: how a request is answered.

use crate::calls::Calls;
use crate::estimates::key::SigningKey;
use crate::options::ClientLimits;
use crate::platform::Platform;
use crate::problem::{Kind, Problem};
use crate::shops::{Shop, Shops};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use cartwright_outside::Blocking;
use cartwright_velocity::Velocity;
use metrics_exporter_prometheus::PrometheusHandle;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The state of a server that is ready to answer.
pub struct App {
    pub shops: Arc<Shops>,
    pub calls: Calls,
    pub clients: ClientLimits,
    pub metrics: Option<PrometheusHandle>,
    pub outside: Blocking,
    pub velocity: Arc<Velocity>,
    /// Signs estimate bundles.
    pub signing: SigningKey,
    /// A folder of files that are served beside the API.
    pub site: Option<PathBuf>,
    /// Shops of a store, where there is one.
    pub platform: Option<Arc<Platform>>,
    draining: AtomicBool,
}

/// What a server is made of.
pub struct Made {
    pub shops: Arc<Shops>,
    pub clients: ClientLimits,
    pub metrics: Option<PrometheusHandle>,
    pub outside: Blocking,
    pub velocity: Arc<Velocity>,
    pub signing: SigningKey,
    pub site: Option<PathBuf>,
    pub platform: Option<Arc<Platform>>,
}

impl App {
    pub fn new(made: Made) -> Self {
        let Made { shops, clients, metrics, outside, velocity, signing, site, platform } = made;
        let (calls, draining) = (Calls::new(clients.calls), AtomicBool::new(false));
        Self { shops, calls, clients, metrics, outside, velocity, signing, site, platform, draining }
    }

    /// Brings the gauges up to date that nobody else keeps.
    #[allow(clippy::cast_precision_loss)] // gauges do not need the last bits
    pub fn measure(&self) {
        let (calls, jobs) = self.calls.waiting();
        metrics::gauge!("cartwright_lane_waiting", "what" => "calls").set(calls as f64);
        metrics::gauge!("cartwright_lane_waiting", "what" => "jobs").set(jobs as f64);
        metrics::gauge!("cartwright_shops").set(self.shops.len() as f64);
        if let Some(platform) = &self.platform {
            metrics::gauge!("cartwright_breakers_open").set(platform.breakers.open() as f64);
        }
    }

    /// From now on `/readyz` says no.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub fn draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// The shop that an address names.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn shop(&self, named: Result<Path<String>, PathRejection>) -> Result<Arc<Shop>, Problem> {
        let unknown = |name: &str| {
            let name: String = name.chars().take(63).collect();
            Problem::new(Kind::UnknownShop, format!("there is no shop {name:?}; give a shop's id as configured"))
        };
        let Path(name) = named.map_err(|rejection| unknown(&rejection.body_text()))?;
        self.shops.get(&name).ok_or_else(|| unknown(&name))
    }
}
