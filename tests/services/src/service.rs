//! What can be done to every service.

use crate::port::Port;
use crate::process::{Process, TICK};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a service may take until it answers; a recovery on a busy machine takes seconds.
const READY: Duration = Duration::from_mins(1);

/// How long a service may take to stop in good order before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a service is run.
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    /// Runs it in the foreground, on the same port and data each time.
    pub(crate) command: Box<dyn Fn() -> Command + Send + Sync>,
    /// Whether it answers. Bounded: a service that is not there yet must not block.
    pub(crate) answers: Box<dyn Fn() -> bool + Send + Sync>,
    /// The signal that stops it in good order.
    pub(crate) stop: &'static str,
    /// The signal that ends it at once and with all its children, when nothing is wanted of it any more.
    pub(crate) last: &'static str,
}

/// A service on a port of 127.0.0.1, with its data in a temporary folder. All by `&self`, so that one thread can take away what
/// others use.
pub struct Service {
    recipe: Recipe,
    port: Port,
    running: Mutex<Option<Process>>,
    folder: TempDir,
}

impl Service {
    pub(crate) fn start(recipe: Recipe, port: Port, folder: TempDir) -> Service {
        let service = Service { recipe, port, running: Mutex::new(None), folder };
        service.start_again();
        service
    }

    /// The port that it keeps as long as this value lives.
    pub fn port(&self) -> u16 {
        self.port.number
    }

    /// The folder with its data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops it in good order and waits for it. Its data and its port stay. Nothing happens if it does not run.
    pub fn stop(&self) {
        if let Some(process) = self.running().take() {
            process.end(self.recipe.stop, PATIENCE);
        }
    }

    /// Ends it, and all its processes, as `kill -9` does. Its data stay as they lie.
    pub fn kill(&self) {
        if let Some(process) = self.running().take() {
            process.kill();
        }
    }

    /// Starts it after [`stop`](Self::stop) or [`kill`](Self::kill), on the same port and data, and waits until it answers. Nothing
    /// happens if it runs.
    pub fn start_again(&self) {
        let mut running = self.running();
        if running.is_some() {
            return;
        }
        let command = (self.recipe.command)();
        let mut process = Process::start(command, &self.log(), self.folder.path(), self.recipe.last);
        let started = Instant::now();
        loop {
            if let Some(status) = process.ended() {
                panic!("{} ended with {status} instead of starting:\n{}", self.recipe.name, self.log_end());
            }
            if (self.recipe.answers)() {
                break;
            }
            if started.elapsed() > READY {
                process.kill();
                panic!("{} did not answer within {} s:\n{}", self.recipe.name, READY.as_secs(), self.log_end());
            }
            sleep(TICK);
        }
        *running = Some(process);
    }

    /// Lets it hang: connections stay open, new ones are taken by the kernel, nothing is answered. Returns when all its processes stand.
    pub fn pause(&self) {
        if let Some(process) = self.running().as_mut() {
            process.pause();
        }
    }

    /// Lets it go on after [`pause`](Self::pause).
    pub fn resume(&self) {
        if let Some(process) = self.running().as_mut() {
            process.resume();
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The last lines of its log.
    pub fn log_end(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    fn running(&self) -> MutexGuard<'_, Option<Process>> {
        // A panic of another test does not make the process that runs less true.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(process) = self.running().take() {
            process.end(self.recipe.last, PATIENCE);
        }
    }
}
