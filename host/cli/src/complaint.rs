//! How anything that went wrong is told: what failed with which value, the hint, the exit code.

use crate::words;
use owo_colors::OwoColorize;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// What the process ends with; `--help` explains the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Refused = 3,
    Unanswered = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error with its remedy.
#[derive(Debug)]
pub struct Complaint {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Complaint {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    /// Something failed that is neither the command line nor the plugin.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// The command line asks for what cannot be.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The component or its settings.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Exit::Refused, message)
    }

    /// A file or folder, what was tried with it, and the system's word.
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        let complaint = Self::failed(format!("{doing} `{}` failed: {}", path.display(), words::of_io(error)));
        match error.kind() {
            io::ErrorKind::NotFound => complaint.hint("check the path; it is taken from the current folder"),
            io::ErrorKind::PermissionDenied => complaint.hint("check who may use it with `ls -ld`"),
            _ => complaint,
        }
    }

    #[cfg(test)]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Complaint {}

/// Prints an error and says what the process ends with.
pub fn tell(error: &anyhow::Error) -> Exit {
    // A reader that has seen enough, as in `cartwright run … | head`, is no failure.
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return Exit::Done;
    }
    let complaint = error.downcast_ref::<Complaint>();
    let mut stderr = anstream::stderr().lock();
    // Nobody is left to be told when stderr is closed.
    let _ = writeln!(stderr, "{}: {error:#}", "error".red().bold());
    if let Some(hint) = complaint.and_then(|complaint| complaint.hint.as_ref()) {
        let _ = writeln!(stderr, "{}: {hint}", "hint".cyan().bold());
    }
    complaint.map_or(Exit::Failed, |complaint| complaint.exit)
}
