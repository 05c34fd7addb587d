//! What can go wrong, and what to do.

/// A result of the bus.
pub type Result<T, E = BusError> = std::result::Result<T, E>;

/// Why the bus did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// NATS is not there, hangs, or could not take it now; may be tried again. What was sent may have arrived all the same: jobs and
    /// events carry an id, by which a second time is left out.
    #[error("the bus could not {what}: {why}")]
    Unavailable {
        /// What was asked.
        what: &'static str,
        /// What stood in the way.
        why: String,
    },
    /// NATS is there and not as it has to be; somebody must change its set-up. Says how.
    #[error("{0}")]
    Misconfigured(String),
    /// What was asked makes no sense; trying again does not help.
    #[error("{name} `{value}`: {why}")]
    Invalid {
        /// What is wrong: `shop`, `kind`, `id`, `payload`.
        name: &'static str,
        /// Its value, or its size.
        value: String,
        /// What it has to be.
        why: String,
    },
    /// There is no such dead letter (any more).
    #[error("there is no dead letter {0}; it was tried again already, or it was too old")]
    NoDeadLetter(u64),
}

impl BusError {
    /// Whether the same may work later.
    pub fn may_be_tried_again(&self) -> bool {
        matches!(self, BusError::Unavailable { .. })
    }
}
