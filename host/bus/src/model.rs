//! What goes over the bus.

use crate::error::Result;
use crate::options::invalid;
use serde::{Deserialize, Serialize};

/// The largest payload in bytes: what a NATS server takes unless told otherwise, less room for headers.
pub(crate) const MAX_PAYLOAD: usize = 1_000_000;

/// That something of a shop has changed, up to this row of the store's outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The shop's id.
    pub shop: String,
    /// The row in the store's outbox.
    pub seq: i64,
}

/// What a replica hears of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// A shop has changed. Of several changes of one shop only the last may be heard.
    Changed(Change),
    /// From now on everything is heard; what came before may not have been. Read the store's outbox from where you stand. The first
    /// thing that is heard, and again after each time that the connection was lost or that too much came at once.
    Resync,
}

/// An order event, as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place among all events; grows, may have gaps.
    pub seq: u64,
    /// When the bus took it, in milliseconds UTC.
    pub at_millis: i64,
    /// What it says.
    pub payload: Vec<u8>,
}

/// What a replica is told of order events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// One event.
    Event(Event),
    /// Events after the asked-for sequence are no longer there (older than eight days), or the bus has lost all it had and counts
    /// anew. What follows begins with the oldest there is; the rest has to come from the store.
    Gap,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number, for [`Bus::retry_dead`](crate::Bus::retry_dead).
    pub number: u64,
    /// The job's kind.
    pub kind: String,
    /// The job's id.
    pub id: String,
    /// Why it was given up.
    pub reason: String,
    /// How often it was handed out.
    pub attempts: u32,
    /// When it was given up, in seconds UTC.
    pub at: i64,
    /// The job's payload.
    pub payload: Vec<u8>,
}

/// Whether the bus can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Connected, and everything there is as it has to be.
    pub up: bool,
    /// Why not, while it is not.
    pub why: String,
    /// Which connection it is: another number is another one.
    pub(crate) times: u64,
}

/// A shop, a kind, an id: a part of a subject or a header.
pub(crate) fn check_word(name: &'static str, value: &str) -> Result<()> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if (1..=128).contains(&value.len()) && value.bytes().all(fits) {
        return Ok(());
    }
    let shown: String = value.chars().take(64).collect();
    Err(invalid(name, shown, "1 to 128 letters, digits, - and _"))
}

pub(crate) fn check_payload(payload: &[u8]) -> Result<()> {
    if payload.len() <= MAX_PAYLOAD {
        return Ok(());
    }
    let size = format!("{} bytes", payload.len());
    Err(invalid(
        "payload",
        size,
        format!("at most {MAX_PAYLOAD} bytes; put what is larger into the store, and its id here"),
    ))
}

/// A reason as it stands in a header: one line, at most 1,000 bytes.
pub(crate) fn one_line(reason: &str) -> String {
    let mut line: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut end = line.len().min(1000);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.truncate(end);
    line
}

pub(crate) fn now_millis() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
