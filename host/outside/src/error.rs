//! What can go wrong, one enum per boundary. None of these texts holds a secret, a URL's path or query, or a body: they go into logs.

use cartwright_contract::outside::HttpFailure;
use std::time::Duration;

/// The client could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    #[error("the {index}. of the extra roots is not a certificate: {message}; give it as DER")]
    Root { index: usize, message: String },
    #[error("TLS could not be set up: {0}")]
    Tls(String),
    #[error("the option `{name}` is {value}; it must be {right}")]
    Number { name: &'static str, value: usize, right: &'static str },
    #[error("the option `{name}` is {value:?}; it must be at most {most:?}")]
    TooLong { name: &'static str, value: Duration, most: Duration },
    #[error("the threads for blocking callers could not be started: {0}")]
    Threads(std::io::Error),
}

/// A name or value of a [`Scope`](crate::Scope) that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    #[error("{0:?} is not a host; write a name such as \"api.example.com\", with a port where it is not the usual one")]
    Host(String),
    #[error(
        "{0:?} stands for many hosts; name each one, so that nobody can register a name that fits and receive the shop's data"
    )]
    Wildcard(String),
    #[error(
        "{0:?} is not a secret's name; use letters, digits, `_`, `-` and `.`, {longest} at the most",
        longest = crate::secrets::LONGEST_NAME
    )]
    SecretName(String),
    #[error("the secret {name:?} {what}; a secret is one line of visible characters")]
    SecretValue { name: String, what: &'static str },
}

/// A plan that is not carried out at all: a mistake of the plugin. The call then takes the hook's fallback.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("the plan asks for {found} requests, more than the limit of {limit}")]
    TooManyRequests { found: usize, limit: usize },
    #[error("the plan's requests {first} and {second} are both called {id:?}; an id is unique within one plan")]
    DuplicateId { id: String, first: usize, second: usize },
    #[error("the plan's request {index} has an id of {length} bytes; it has 1 to {limit}")]
    BadId { index: usize, length: usize, limit: usize },
}

impl PlanError {
    /// A stable name for metrics and records.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyRequests { .. } => "TOO_MANY_REQUESTS",
            Self::DuplicateId { .. } => "DUPLICATE_ID",
            Self::BadId { .. } => "BAD_ID",
        }
    }
}

/// Why one request has no reply, for the operator and the plugin's author. The plugin is told [`Problem::failure`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("the URL is refused: {0}")]
    Url(String),
    #[error("the manifest does not name {host}; it names {declared}")]
    HostNotDeclared { host: String, declared: String },
    #[error("the operator does not allow {host} for this shop; allowed are {granted}")]
    HostNotGranted { host: String, granted: String },
    #[error("{host} is at {address}, which is not a public address; the operator would have to allow its network")]
    AddressNotAllowed { host: String, address: String },
    #[error("the header {name:?} is refused: {why}")]
    Header { name: String, why: String },
    #[error("there is no secret {name:?} for this shop; the merchant sets it, or the plugin misspells it")]
    UnknownSecret { name: String },
    #[error("the secret {name:?} may not be sent to {host}")]
    SecretNotForHost { name: String, host: String },
    #[error("a GET carries no body; this one has {0} bytes")]
    BodyOfGet(usize),
    #[error("the request's {what} has {found}, more than the limit of {limit}")]
    RequestTooLarge { what: &'static str, found: usize, limit: usize },
    #[error("{host} could not be asked: {message}")]
    Unreachable { host: String, message: String },
    #[error("{host} did not answer in full within {limit:?}")]
    TimedOut { host: String, limit: Duration },
    #[error("the shop's other requests left no place for one to {host} within {limit:?}")]
    NoPlace { host: String, limit: Duration },
    #[error("the {what} of {host}'s reply is more than the limit of {limit}")]
    ReplyTooLarge { host: String, what: &'static str, limit: usize },
    #[error("{host} failed too often of late; it is asked again in {again:?}")]
    BreakerOpen { host: String, again: Duration },
}

impl Problem {
    /// What the plugin is told.
    pub fn failure(&self) -> HttpFailure {
        match self {
            Self::Url(_)
            | Self::HostNotDeclared { .. }
            | Self::HostNotGranted { .. }
            | Self::AddressNotAllowed { .. }
            | Self::Header { .. }
            | Self::UnknownSecret { .. }
            | Self::SecretNotForHost { .. }
            | Self::BodyOfGet(_) => HttpFailure::NotAllowed,
            Self::RequestTooLarge { .. } | Self::ReplyTooLarge { .. } => HttpFailure::TooLarge,
            Self::Unreachable { .. } => HttpFailure::Unreachable,
            Self::TimedOut { .. } | Self::NoPlace { .. } => HttpFailure::TimedOut,
            Self::BreakerOpen { .. } => HttpFailure::BreakerOpen,
        }
    }

    /// A stable name for metrics and records.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Url(_) => "URL_REFUSED",
            Self::HostNotDeclared { .. } => "HOST_NOT_DECLARED",
            Self::HostNotGranted { .. } => "HOST_NOT_GRANTED",
            Self::AddressNotAllowed { .. } => "ADDRESS_NOT_ALLOWED",
            Self::Header { .. } => "HEADER_REFUSED",
            Self::UnknownSecret { .. } => "UNKNOWN_SECRET",
            Self::SecretNotForHost { .. } => "SECRET_NOT_FOR_HOST",
            Self::BodyOfGet(_) => "BODY_OF_GET",
            Self::RequestTooLarge { .. } => "REQUEST_TOO_LARGE",
            Self::Unreachable { .. } => "UNREACHABLE",
            Self::TimedOut { .. } => "TIMED_OUT",
            Self::NoPlace { .. } => "NO_PLACE",
            Self::ReplyTooLarge { .. } => "REPLY_TOO_LARGE",
            Self::BreakerOpen { .. } => "BREAKER_OPEN",
        }
    }

    /// Whether it speaks against the host that was asked. What the plugin or the operator got wrong does not.
    pub(crate) fn host_failed(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::TimedOut { .. })
    }
}
