//! What can go wrong between here and a registry.

use crate::{Digest, NameError, SignatureError};
use std::time::Duration;

/// Why nothing was pushed or pulled.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// It may be tried again.
    #[error("the registry `{registry}` cannot be reached: {why}")]
    Unreachable { registry: String, why: String },
    /// It may be tried again.
    #[error("the registry `{registry}` has not finished within {} s", deadline.as_secs())]
    TooSlow { registry: String, deadline: Duration },
    /// It may be tried again.
    #[error("the download of {what} from `{registry}` was cut off after {received} of {size} bytes")]
    Cut { registry: String, what: &'static str, received: usize, size: usize },
    #[error("the registry `{registry}` does not let you: {why}")]
    Unauthorized { registry: String, why: String },
    #[error("`{reference}` is not there")]
    NotFound { reference: String },
    #[error("the manifest of `{reference}` names {what} {digest}, which the registry does not have")]
    LayerMissing { reference: String, what: &'static str, digest: Digest },
    #[error("{what} of `{reference}` has not the digest that it is addressed by: {why}")]
    WrongDigest { reference: String, what: &'static str, why: String },
    #[error("`{reference}` is now the component {found}, not {expected}: its tag was moved")]
    Moved { reference: String, expected: Digest, found: Digest },
    #[error(
        "`{reference}` is there already, with the other component {found}; a version never changes, so count it up"
    )]
    Taken { reference: String, found: Digest },
    #[error("`{reference}` is there already, and is not a plugin: {why}")]
    TakenByOther { reference: String, why: String },
    #[error("the component has {size} bytes; at most {limit} are carried")]
    TooLarge { size: usize, limit: usize },
    #[error("what lies there is not a plugin: {0}")]
    NotAPlugin(String),
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error("`{reference}` names neither a tag nor a digest")]
    NoVersion { reference: String },
    #[error("`{reference}` names a digest; a push makes one, so name only a tag")]
    PushByDigest { reference: String },
    #[error("the registry `{registry}` answered what was not expected: {why}")]
    Unexpected { registry: String, why: String },
}

impl RegistryError {
    /// Whether the same may work later.
    pub fn may_be_tried_again(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::TooSlow { .. } | Self::Cut { .. })
    }
}
