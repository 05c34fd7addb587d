//! To and from OCI registries, in the [layout of the CNCF] for wasm artifacts, so that other tools can read what is pushed here.
//!
//! A tag that is the package's version never gets another component: pushing the same again is fine, another is refused. Other tags
//! (`stable`) are pointers and may be moved. What is pulled has been checked against the digests of its manifest; whether its
//! author is known is [`crate::Trust::verify_package`]'s.
//!
//! [layout of the CNCF]: https://tag-runtime.cncf.io/wgs/wasm/deliverables/wasm-oci-artifact/

mod client;
mod download;
mod error;
mod layout;
mod reference;
mod trouble;

pub use client::{pull, push};
pub use error::RegistryError;
pub use layout::Facts;
pub use reference::{Reference, ReferenceError};

use crate::{Digest, Package};
use std::fmt;
use std::time::Duration;

/// Who asks.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Auth {
    #[default]
    Anonymous,
    /// Also exchanged for a token, where the registry wants that.
    Password {
        user: String,
        password: String,
    },
    Token(String),
}

/// Without what is secret.
impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("Anonymous"),
            Self::Password { user, .. } => write!(f, "Password({user:?})"),
            Self::Token(_) => f.write_str("Token"),
        }
    }
}

/// How a registry is asked.
#[derive(Debug, Clone)]
pub struct RegistryOptions {
    pub auth: Auth,
    /// Without TLS. The loopback is asked so anyway; for others, name and password would go over the network in clear.
    pub plain_http: bool,
    /// For one push or pull from beginning to end.
    pub deadline: Duration,
    /// For a connection to be made, and for a registry that has fallen silent.
    pub patience: Duration,
    /// The largest component that is pulled or pushed, in bytes.
    pub max_component: usize,
    /// The component that is expected, where it is known; pulling another is an error.
    pub expected: Option<Digest>,
}

impl Default for RegistryOptions {
    fn default() -> Self {
        Self {
            auth: Auth::Anonymous,
            plain_http: false,
            deadline: Duration::from_mins(5),
            patience: Duration::from_secs(15),
            max_component: crate::MAX_COMPONENT,
            expected: None,
        }
    }
}

/// What lies in a registry after a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// With the tag, and with the manifest's digest: what to pull for exactly this.
    pub reference: Reference,
    /// False if the same component, signed with the same key, was there under this tag already; then nothing was changed.
    pub created: bool,
}

/// What came from a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// Its name and version are what the artifact says; they count once the signature has been verified.
    pub package: Package,
    /// As asked for, with the manifest's digest.
    pub reference: Reference,
}
