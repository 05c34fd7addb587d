//! What a call gives: the answer or the reason why there is none, and what it cost.

use crate::error::CallError;
use cartwright_contract::log::Level;
use std::time::Duration;

/// What a call used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Fuel burnt; the same for the same input, for ever.
    pub fuel: u64,
    /// The fuel that it could have burnt.
    pub fuel_limit: u64,
    /// The most linear memory that the instance had, in bytes.
    pub memory: usize,
    /// From the request in the host's hands to the answer in the host's hands.
    pub elapsed: Duration,
}

impl Usage {
    /// Both calls together: memory is the larger of the two, everything else adds up.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            fuel: self.fuel.saturating_add(other.fuel),
            fuel_limit: self.fuel_limit.saturating_add(other.fuel_limit),
            memory: self.memory.max(other.memory),
            elapsed: self.elapsed + other.elapsed,
        }
    }
}

/// A line that the plugin wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    pub level: Level,
    pub message: String,
}

/// One call: its outcome, its cost, its log.
#[derive(Debug, Clone)]
pub struct Decision<A> {
    pub outcome: Result<A, CallError>,
    pub usage: Usage,
    pub log: Vec<LogEntry>,
}

impl<A> Decision<A> {
    /// The answer.
    ///
    /// # Errors
    /// Why there is none.
    pub fn answer(&self) -> Result<&A, CallError> {
        self.outcome.as_ref().map_err(Clone::clone)
    }
}
