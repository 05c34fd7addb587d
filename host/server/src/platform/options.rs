//! How a [`super::Platform`] is set up, and why it does not start.
//!
//! What this module must not know: what the options are used for.

use super::velocity::VelocityError;
use cartwright_bus::BusError;
use cartwright_records::RecorderOptions;
use cartwright_store::{StoreError, StoreOptions};
use std::io;
use std::path::PathBuf;

/// Where a platform keeps and spreads what its merchants install.
#[derive(Debug, Clone)]
pub struct PlatformOptions {
    pub store: StoreOptions,
    /// `nats://…` of a server with JetStream; `None` for one process alone, which then looks at the store for what others do.
    pub bus: Option<String>,
    /// The file of the key under which secrets and shops' keys are sealed; all replicas share it.
    pub master_key: PathBuf,
    /// Whether that file may be made when it is missing. Replicas must not each make their own.
    pub make_master_key: bool,
    /// Copies of components and settings, so that known shops are answered while the store is away; `None` keeps none.
    pub cache: Option<PathBuf>,
    pub records: RecorderOptions,
    /// Hooks of shops that may be installed at the same moment, some 0.2 to 1 MB each.
    pub resident: usize,
    /// Calls of one shop at the same moment, whatever its document says.
    pub calls_of_a_shop: usize,
    /// Whether packages without a trusted author's signature may be published.
    pub unsigned: bool,
}

/// Why the shops of a store cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the bus: {0}")]
    Bus(#[from] BusError),
    #[error("the master key in {}: {error}", file.display())]
    MasterKey { file: PathBuf, error: io::Error },
    #[error("the folder for copies of components: {0}")]
    Cache(io::Error),
    #[error("the recorder of decisions does not start: {0}")]
    Recorder(io::Error),
    #[error("the velocity counters: {0}")]
    Velocity(#[from] VelocityError),
}
