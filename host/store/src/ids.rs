//! Ids and names: made, and checked at the door.

use crate::Result;
use crate::error::StoreError;
use uuid::{NoContext, Timestamp, Uuid};

/// A new UUIDv7 of this time.
pub(crate) fn new_id(at_millis: i64) -> String {
    let millis = u64::try_from(at_millis).unwrap_or(0);
    let nanos = u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, millis / 1000, nanos)).to_string()
}

/// The caller's id, or a new one.
pub(crate) fn id_or_new(given: Option<&str>, at_millis: i64) -> Result<String> {
    match given {
        None => Ok(new_id(at_millis)),
        Some(id) => match Uuid::parse_str(id) {
            Ok(uuid) => Ok(uuid.to_string()),
            Err(_) => Err(StoreError::invalid("id", id, "give a UUID, or none for a new one")),
        },
    }
}

/// `[a-z0-9-]{1,63}`.
pub(crate) fn check_name(field: &'static str, name: &str) -> Result<()> {
    let right = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if (1..=63).contains(&name.len()) && name.bytes().all(right) {
        return Ok(());
    }
    Err(StoreError::invalid(field, name, "use 1 to 63 lower-case letters, digits and hyphens"))
}

/// Text of a length in bytes, without control characters.
pub(crate) fn check_text(field: &'static str, text: &str, least: usize, most: usize) -> Result<()> {
    if (least..=most).contains(&text.len()) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(StoreError::invalid(field, text, format!("use {least} to {most} bytes without control characters")))
}
