//! What all plugins of a process share: compiler settings, the pool of sandboxes, the clock of deadlines, the linker.

use crate::cache::Cache;
use crate::error::EngineError;
use crate::functions::Functions;
use crate::limits::Limits;
use crate::sandbox::{self, Sandbox, TABLE_ELEMENTS};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::component::Linker;
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

/// How an [`Engine`] is set up.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Calls that may run at the same moment; each holds a sandbox of the pool. A slot reserves 4 GiB of address space, no memory.
    pub sandboxes: u32,
    /// Where compiled plugins are kept between runs; `None` keeps none. Must not be writable by anyone else: the files are machine code.
    pub cache: Option<PathBuf>,
    /// The limits of plugins that are installed without limits of their own.
    pub limits: Limits,
    /// Bytes of compiled functions that are kept in memory for the next merchant of the same package; 0 keeps none.
    pub functions: usize,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { sandboxes: 512, cache: None, limits: Limits::default(), functions: 256 << 20 }
    }
}

/// Installs plugins. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub wasmtime: wasmtime::Engine,
    pub linker: Linker<Sandbox>,
    pub cache: Option<Cache>,
    pub limits: Limits,
    pub sandboxes: u32,
}

/// Core instances of one component: the plugin's own, and the two that wit-component adds when it has imports; interpreters have more.
const CORE_INSTANCES: u32 = 8;
/// What a returned slot keeps of its pages, so that the next call of the same plugin does not fault them in again.
const KEEP_MEMORY: usize = 2 << 20;
const KEEP_TABLE: usize = 64 << 10;
/// The call stack of a plugin; threads that call need somewhat more than this.
const STACK: usize = 1 << 20;

impl Engine {
    /// How often deadlines are looked at.
    pub const TICK: Duration = Duration::from_millis(5);

    /// # Errors
    /// When the process may not reserve the pool's address space, or the cache folder cannot be used.
    pub fn new(options: EngineOptions) -> Result<Self, EngineError> {
        // Compiling shares one pool of threads a process. They are made here, or the first to compile would hand them its own rank, and that may
        // be the lowest: a job that nobody waits for.
        let _made_before = rayon::ThreadPoolBuilder::new().build_global();
        let wasmtime = {
            let mut config = configuration(options.sandboxes);
            if options.functions > 0 {
                config.enable_incremental_compilation(Arc::new(Functions::within(options.functions)))?;
            }
            wasmtime::Engine::new(&config)?
        };
        keep_time(&wasmtime);
        let linker = sandbox::linker(&wasmtime)?;
        let cache = options.cache.map(Cache::open).transpose().map_err(wasmtime::Error::from)?;
        let shared = Shared { wasmtime, linker, cache, limits: options.limits, sandboxes: options.sandboxes };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The limits of plugins that are installed without limits of their own.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }
}

fn configuration(sandboxes: u32) -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(sandboxes)
        .total_core_instances(sandboxes.saturating_mul(CORE_INSTANCES))
        .total_memories(sandboxes)
        .total_tables(sandboxes.saturating_mul(2))
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(1)
        .max_memory_size(Limits::MOST_MEMORY)
        .table_elements(TABLE_ELEMENTS)
        // A slot that last held another component costs three times as much to take; so keep them apart as long as there are slots.
        .max_unused_warm_slots(sandboxes)
        .linear_memory_keep_resident(KEEP_MEMORY)
        .table_keep_resident(KEEP_TABLE)
        .pagemap_scan(Enabled::Auto);

    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        // The same bits on every machine: NaNs have one form, and what differs between processors is off.
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        // Not used, and each costs time in every call.
        .concurrency_support(false)
        .wasm_backtrace_max_frames(None);
    config
}

/// Advances the engine's epoch for as long as it lives.
fn keep_time(engine: &wasmtime::Engine) {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(Engine::TICK);
        }
    };
    std::thread::Builder::new()
        .name("cartwright-deadlines".into())
        .spawn(tick)
        .expect("a process that cannot start one thread cannot run plugins");
}
