//! What is personal in a request, and what becomes of it.

use crate::hook::Hook;
use crate::keys::DataKey;
use std::sync::Arc;

/// What becomes of a shop's personal data in its records.
#[derive(Debug, Clone)]
pub enum Personal {
    /// Sealed with the shop's data key; gone when that key is destroyed.
    Encrypt(Arc<DataKey>),
    /// Left out. Such a record can be counted and read, but not replayed.
    Omit,
}
