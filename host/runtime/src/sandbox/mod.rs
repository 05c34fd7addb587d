//! What surrounds one instance: its memory limit, its log, its WASI.

mod wasi;

use crate::decision::LogEntry;
use crate::error::CallError;
use crate::limits::Limits;
use cartwright_contract::log::Level;
use wasmtime::component::{Linker, WasmStr};
use wasmtime::{ResourceLimiter, StoreContextMut};

pub use wasi::OFFERED as OFFERED_WASI;

/// The interface that a plugin logs through.
pub const LOG: &str = "cartwright:plugin/log@1.0.0";

/// The data of one store, so of one call.
pub struct Sandbox {
    memory_limit: usize,
    memory: usize,
    log_limit: usize,
    log_size: usize,
    log: Vec<LogEntry>,
    at: i64,
    seed: [u8; 32],
    /// Made when a component first uses WASI: most never do, and making it costs more than a small call.
    wasi: Option<Box<wasi::Wasi>>,
    /// The limit that ended the call, when one did.
    breach: Option<CallError>,
}

impl Sandbox {
    /// `at` is where the clock stands, in UTC seconds; `seed` is what randomness is drawn from.
    pub fn new(limits: &Limits, at: i64, seed: [u8; 32]) -> Self {
        Self {
            memory_limit: limits.memory,
            memory: 0,
            log_limit: limits.log,
            log_size: 0,
            log: Vec::new(),
            at,
            seed,
            wasi: None,
            breach: None,
        }
    }

    /// The most linear memory so far, in bytes.
    pub fn memory(&self) -> usize {
        self.memory
    }

    pub fn take_breach(&mut self) -> Option<CallError> {
        self.breach.take()
    }

    /// The log, with what was written to stdout and stderr at its end.
    pub fn into_log(mut self) -> Vec<LogEntry> {
        if let Some(wasi) = self.wasi.take() {
            self.log.extend(wasi.into_log());
        }
        self.log
    }

    fn write(&mut self, level: Level, message: &str) -> wasmtime::Result<()> {
        self.log_size = self.log_size.saturating_add(message.len());
        if self.log_size > self.log_limit {
            return Err(self.refuse(CallError::LogTooLarge { limit: self.log_limit }));
        }
        self.log.push(LogEntry { level, message: message.to_owned() });
        Ok(())
    }

    fn refuse(&mut self, breach: CallError) -> wasmtime::Error {
        let error = wasmtime::Error::msg(breach.to_string());
        self.breach.get_or_insert(breach);
        error
    }
}

/// An error, rather than -1 to the guest, ends the call with the limit's name; a guest that met -1 would only trap.
impl ResourceLimiter for Sandbox {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        if desired > self.memory_limit {
            let breach = CallError::MemoryExceeded { wanted: desired, limit: self.memory_limit };
            return Err(self.refuse(breach));
        }
        self.memory += desired - current;
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        if desired > TABLE_ELEMENTS {
            return Err(self.refuse(CallError::TableExceeded { wanted: desired, limit: TABLE_ELEMENTS }));
        }
        Ok(true)
    }
}

/// Function pointers of one table. A plugin in Rust has some hundreds, an interpreter some thousands.
pub const TABLE_ELEMENTS: usize = 50_000;

/// Everything that a component may import.
pub fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Sandbox>> {
    let mut linker = Linker::new(engine);
    linker.instance(LOG)?.func_wrap(
        "write",
        |mut store: StoreContextMut<'_, Sandbox>, (level, message): (Level, WasmStr)| {
            let message = message.to_str(&store)?.into_owned();
            store.data_mut().write(level, &message)
        },
    )?;
    wasi::add_to(&mut linker)?;
    Ok(linker)
}
