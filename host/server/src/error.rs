//! Why a server does not start.

use crate::platform::PlatformError;
use crate::tls::TlsError;
use cartwright_contract::settings::Issue;
use cartwright_runtime::EngineError;
use std::fmt;
use std::path::PathBuf;

/// Why a server could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An option is out of its range.
    #[error("{option} is {value}; give {right}")]
    Option { option: &'static str, value: usize, right: String },
    /// Shops are described wrongly, or their plugins are refused. All that was found, not only the first.
    #[error("the shops' configuration was refused:{}", list(.0))]
    Configuration(Vec<ConfigurationIssue>),
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Outside(#[from] cartwright_outside::OptionsError),
    #[error("the velocity counters cannot be opened: {0}")]
    Velocity(#[from] cartwright_velocity::OpenError),
    #[error("the key that signs estimate bundles cannot be opened: {0}")]
    SigningKey(std::io::Error),
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// The address is taken, or not this machine's.
    #[error("the server cannot listen: {0}")]
    Listen(std::io::Error),
    #[error("the server's thread cannot be started: {0}")]
    Thread(std::io::Error),
    /// There is nothing to serve.
    #[error("neither a folder of shops nor a store is given; give one of them")]
    Nothing,
}

fn list(issues: &[ConfigurationIssue]) -> String {
    issues.iter().fold(String::new(), |list, issue| list + "\n  " + &issue.to_string())
}

/// One thing that is wrong in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationIssue {
    pub file: PathBuf,
    /// Where, what stands there, what is wrong with it, and what would be right. The path is empty for the file as a whole, the
    /// value when there is none to show, the remedy when the message already says it.
    pub issue: Issue,
}

impl ConfigurationIssue {
    pub(crate) fn new(
        file: impl Into<PathBuf>,
        pointer: impl Into<String>,
        value: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let issue = Issue { path: pointer.into(), value: value.into(), message: message.into(), remedy: remedy.into() };
        Self { file: file.into(), issue }
    }
}

impl fmt::Display for ConfigurationIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Issue { path, value, message, remedy } = &self.issue;
        write!(f, "{}: ", self.file.display())?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(message)?;
        if !value.is_empty() {
            write!(f, " (found {value})")?;
        }
        if !remedy.is_empty() {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}
