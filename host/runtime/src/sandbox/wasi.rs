//! A deterministic WASI for components that import it: components from other languages, or from Rust's std.
//!
//! The clock stands at the request's time, and waiting takes no time; randomness is drawn from the request; stdout and stderr are
//! the log; there are no files, no arguments, no environment and no network.

use super::Sandbox;
use crate::decision::LogEntry;
use cartwright_contract::log::Level;
use std::time::Duration;
use wasmtime::Result;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::clocks::{HostMonotonicClock, HostWallClock, WasiClocks, WasiClocksView};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView};
use wasmtime_wasi::p2::bindings::{self, clocks::monotonic_clock, sync};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// The WASI interfaces that are offered, without their patch version. Sockets and HTTP are not among them.
pub const OFFERED: &[&str] = &[
    "wasi:cli/environment@0.2",
    "wasi:cli/exit@0.2",
    "wasi:cli/stdin@0.2",
    "wasi:cli/stdout@0.2",
    "wasi:cli/stderr@0.2",
    "wasi:cli/terminal-input@0.2",
    "wasi:cli/terminal-output@0.2",
    "wasi:cli/terminal-stdin@0.2",
    "wasi:cli/terminal-stdout@0.2",
    "wasi:cli/terminal-stderr@0.2",
    "wasi:clocks/monotonic-clock@0.2",
    "wasi:clocks/wall-clock@0.2",
    "wasi:filesystem/preopens@0.2",
    "wasi:filesystem/types@0.2",
    "wasi:io/error@0.2",
    "wasi:io/poll@0.2",
    "wasi:io/streams@0.2",
    "wasi:random/insecure-seed@0.2",
    "wasi:random/insecure@0.2",
    "wasi:random/random@0.2",
];

/// One call's WASI.
pub struct Wasi {
    context: WasiCtx,
    table: ResourceTable,
    stdout: MemoryOutputPipe,
    stderr: MemoryOutputPipe,
}

impl Wasi {
    fn new(at: i64, seed: [u8; 32], log_limit: usize) -> Self {
        let stdout = MemoryOutputPipe::new(log_limit);
        let stderr = MemoryOutputPipe::new(log_limit);
        let mut start = [0; 16];
        start.copy_from_slice(&seed[..16]);
        let context = WasiCtxBuilder::new()
            .stdout(stdout.clone())
            .stderr(stderr.clone())
            .wall_clock(StoppedClock(at))
            .monotonic_clock(StoppedClock(at))
            .secure_random(Seeded::new(seed))
            .insecure_random(Seeded::new(seed))
            .insecure_random_seed(u128::from_le_bytes(start))
            .max_random_size(1 << 20)
            .build();
        Self { context, table: ResourceTable::new(), stdout, stderr }
    }

    /// What was written, a line each.
    pub fn into_log(self) -> impl Iterator<Item = LogEntry> {
        let lines = |pipe: MemoryOutputPipe, level| {
            let text = String::from_utf8_lossy(&pipe.contents()).into_owned();
            let entries: Vec<_> = text.lines().map(|line| LogEntry { level, message: line.to_owned() }).collect();
            entries
        };
        lines(self.stdout, Level::Info).into_iter().chain(lines(self.stderr, Level::Error))
    }
}

impl WasiView for Sandbox {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let (at, seed, log_limit) = (self.at, self.seed, self.log_limit);
        let wasi = self.wasi.get_or_insert_with(|| Box::new(Wasi::new(at, seed, log_limit)));
        WasiCtxView { ctx: &mut wasi.context, table: &mut wasi.table }
    }
}

/// A clock that stands at so many UTC seconds.
struct StoppedClock(i64);

impl HostWallClock for StoppedClock {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }
    fn now(&self) -> Duration {
        Duration::from_secs(u64::try_from(self.0).unwrap_or(0))
    }
}

impl HostMonotonicClock for StoppedClock {
    fn resolution(&self) -> u64 {
        1_000_000_000
    }
    fn now(&self) -> u64 {
        u64::try_from(self.0).unwrap_or(0).saturating_mul(1_000_000_000)
    }
}

/// An endless stream of bytes drawn from a seed; written out here because its output must never change.
struct Seeded(blake3::OutputReader);

impl Seeded {
    fn new(seed: [u8; 32]) -> Self {
        Self(blake3::Hasher::new_keyed(&seed).finalize_xof())
    }
}

impl rand::TryRng for Seeded {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

/// Waiting that is over at once: a sandbox must not hold its thread, and its clock stands anyway.
struct Elapsed;

#[wasmtime_wasi::async_trait]
impl Pollable for Elapsed {
    async fn ready(&mut self) {}
}

/// The monotonic clock with [`Elapsed`] in place of real timers.
struct TimelessClock<'a>(&'a mut Sandbox);

impl TimelessClock<'_> {
    fn elapsed(&mut self) -> Result<Resource<DynPollable>> {
        let table = self.0.ctx().table;
        let elapsed = table.push(Elapsed)?;
        subscribe(table, elapsed)
    }
}

impl monotonic_clock::Host for TimelessClock<'_> {
    fn now(&mut self) -> Result<u64> {
        Ok(HostMonotonicClock::now(&StoppedClock(self.0.at)))
    }
    fn resolution(&mut self) -> Result<u64> {
        Ok(HostMonotonicClock::resolution(&StoppedClock(self.0.at)))
    }
    fn subscribe_instant(&mut self, _when: u64) -> Result<Resource<DynPollable>> {
        self.elapsed()
    }
    fn subscribe_duration(&mut self, _duration: u64) -> Result<Resource<DynPollable>> {
        self.elapsed()
    }
}

struct HasTable;
impl HasData for HasTable {
    type Data<'a> = &'a mut ResourceTable;
}

struct HasTimelessClock;
impl HasData for HasTimelessClock {
    type Data<'a> = TimelessClock<'a>;
}

/// Adds the interfaces named in [`OFFERED`].
pub fn add_to(linker: &mut Linker<Sandbox>) -> Result<()> {
    type T = Sandbox;
    fn table(sandbox: &mut Sandbox) -> &mut ResourceTable {
        sandbox.ctx().table
    }

    bindings::cli::environment::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::exit::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::stdin::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::stdout::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::stderr::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::terminal_input::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::terminal_output::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::terminal_stdin::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::terminal_stdout::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    bindings::cli::terminal_stderr::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    monotonic_clock::add_to_linker::<T, HasTimelessClock>(linker, |sandbox| TimelessClock(sandbox))?;
    bindings::clocks::wall_clock::add_to_linker::<T, WasiClocks>(linker, T::clocks)?;
    bindings::filesystem::preopens::add_to_linker::<T, WasiFilesystem>(linker, T::filesystem)?;
    sync::filesystem::types::add_to_linker::<T, WasiFilesystem>(linker, T::filesystem)?;
    sync::io::error::add_to_linker::<T, HasTable>(linker, table)?;
    sync::io::poll::add_to_linker::<T, HasTable>(linker, table)?;
    sync::io::streams::add_to_linker::<T, HasTable>(linker, table)?;
    bindings::random::insecure::add_to_linker::<T, WasiRandom>(linker, T::random)?;
    bindings::random::insecure_seed::add_to_linker::<T, WasiRandom>(linker, T::random)?;
    bindings::random::random::add_to_linker::<T, WasiRandom>(linker, T::random)?;
    Ok(())
}
