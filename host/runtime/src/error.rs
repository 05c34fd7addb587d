//! What can go wrong, one enum per boundary; each message says what was wrong, with which value, and what would be right.

use cartwright_contract::Failure;
use cartwright_contract::settings::Issue;
use std::time::Duration;

/// The engine could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the engine could not start: {0:#}; check the limits on address space and memory of this process")]
pub struct EngineError(#[from] pub(crate) wasmtime::Error);

/// A component or its settings were refused.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error(
        "the component is {size} bytes, more than the limit of {limit}; build it in release mode, strip names, or raise the limit"
    )]
    ComponentTooLarge { size: usize, limit: usize },
    #[error("the settings are {size} bytes, more than the limit of {limit}; shorten them or raise the limit")]
    SettingsTooLarge { size: usize, limit: usize },
    #[error("this is not a WebAssembly component: {0}; build one with `cargo build --target wasm32-wasip2 --release`")]
    NotAComponent(String),
    #[error("the component imports `{name}`, which the host does not offer; it offers {offered}")]
    ImportNotOffered { name: String, offered: String },
    #[error("the component does not export `{expected}`; it exports {found}")]
    ExportMissing { expected: String, found: String },
    #[error(
        "the export `{export}` does not have the contract's type: {message}; build it against the WIT files of that version"
    )]
    WrongType { export: String, message: String },
    #[error("the settings were refused:{}", list(.0))]
    SettingsRefused(Vec<Issue>),
    #[error("`configure` did not finish: {0}")]
    Configure(CallError),
    #[error("the component could not be compiled: {0}")]
    Compile(String),
}

fn list(issues: &[Issue]) -> String {
    issues.iter().fold(String::new(), |text, issue| text + "\n  " + &issue.to_string())
}

/// A call that gave no answer. The process, other calls and other plugins are not touched by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The request is outside of the contract's ranges; no plugin was asked.
    #[error("the request is not valid: {0}")]
    InvalidRequest(Failure),
    /// The plugin's own word that it cannot decide.
    #[error("the plugin declined: {0}")]
    Declined(Failure),
    /// The answer is not what the contract says of an answer, so nobody gets to see it.
    #[error("the plugin's answer breaks the contract: {0}")]
    BrokenAnswer(Failure),
    /// What the plugin asks of the outside world cannot be carried out at all.
    #[error("the plugin's plan was refused: {message}")]
    PlanRefused { message: String },
    #[error("the plugin does not serve the hook `{hook}`; it serves {served}")]
    HookNotServed { hook: String, served: String },
    #[error("the input is {size} bytes, more than the limit of {limit}")]
    InputTooLarge { size: usize, limit: usize },
    #[error("the answer is more than the limit of {limit} bytes")]
    OutputTooLarge { limit: usize },
    #[error("the log is more than the limit of {limit} bytes")]
    LogTooLarge { limit: usize },
    #[error("the plugin used up its fuel of {limit}; it loops, or the limit is too low for this input")]
    FuelExhausted { limit: u64 },
    #[error("the plugin ran past its deadline of {limit:?}")]
    DeadlinePassed { limit: Duration },
    #[error("the plugin asked for {wanted} bytes of memory, more than the limit of {limit}")]
    MemoryExceeded { wanted: usize, limit: usize },
    #[error("the plugin asked for a table of {wanted} elements, more than the limit of {limit}")]
    TableExceeded { wanted: usize, limit: usize },
    #[error("the plugin exhausted its call stack; its recursion is too deep")]
    StackExhausted,
    #[error("the plugin panicked: {message}")]
    Panicked { message: String },
    #[error("the plugin trapped: {message}")]
    Trapped { message: String },
    #[error("the plugin is switched off, since it kept failing")]
    SwitchedOff,
    #[error("no sandbox was free: all {slots} are in use; try again, or allow more")]
    NoSandbox { slots: u32 },
}

impl CallError {
    /// Whether it is the request that is wrong, not the plugin: no fallback helps then.
    pub fn is_of_the_request(&self) -> bool {
        match self {
            Self::InvalidRequest(_) | Self::InputTooLarge { .. } => true,
            Self::Declined(failure) => failure.field.is_some(),
            _ => false,
        }
    }

    /// A stable name for metrics and records.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "INVALID_REQUEST",
            Self::Declined(_) => "DECLINED",
            Self::BrokenAnswer(_) => "ANSWER_BREAKS_CONTRACT",
            Self::PlanRefused { .. } => "PLAN_REFUSED",
            Self::HookNotServed { .. } => "HOOK_NOT_SERVED",
            Self::InputTooLarge { .. } => "INPUT_TOO_LARGE",
            Self::OutputTooLarge { .. } => "OUTPUT_TOO_LARGE",
            Self::LogTooLarge { .. } => "LOG_TOO_LARGE",
            Self::FuelExhausted { .. } => "FUEL_EXHAUSTED",
            Self::DeadlinePassed { .. } => "DEADLINE_PASSED",
            Self::MemoryExceeded { .. } => "MEMORY_EXCEEDED",
            Self::TableExceeded { .. } => "TABLE_EXCEEDED",
            Self::StackExhausted => "STACK_EXHAUSTED",
            Self::Panicked { .. } => "PANICKED",
            Self::Trapped { .. } => "TRAPPED",
            Self::SwitchedOff => "SWITCHED_OFF",
            Self::NoSandbox { .. } => "NO_SANDBOX",
        }
    }
}
