//! OCI registries, as `push` and `pull` ask them.

use crate::complaint::{Complaint, Exit};
use cartwright_package::{Auth, Reference, RegistryError, RegistryOptions};
use clap::Args;

const USER: &str = "CARTWRIGHT_REGISTRY_USER";
const PASSWORD: &str = "CARTWRIGHT_REGISTRY_PASSWORD";
const TOKEN: &str = "CARTWRIGHT_REGISTRY_TOKEN";

/// For the help of a command that has [`RegistryFlags`].
pub const LOGIN: &str = "\
Login, where the registry wants one, by environment variables:
  CARTWRIGHT_REGISTRY_USER and CARTWRIGHT_REGISTRY_PASSWORD, or CARTWRIGHT_REGISTRY_TOKEN";

#[derive(Args)]
pub struct RegistryFlags {
    /// Asks the registry without TLS; one on this machine is asked so anyway
    #[arg(long)]
    plain_http: bool,
}

impl RegistryFlags {
    pub fn options(&self) -> Result<RegistryOptions, Complaint> {
        let variable = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        let auth = match (variable(TOKEN), variable(USER), variable(PASSWORD)) {
            (Some(token), ..) => Auth::Token(token.trim().into()),
            (None, Some(user), Some(password)) => Auth::Password { user, password },
            (None, None, None) => Auth::Anonymous,
            (None, ..) => return Err(Complaint::usage(format!("of {USER} and {PASSWORD} only one is set"))),
        };
        Ok(RegistryOptions { auth, plain_http: self.plain_http, ..RegistryOptions::default() })
    }
}

pub fn reference(word: &str) -> Result<Reference, Complaint> {
    word.parse().map_err(|error: cartwright_package::ReferenceError| Complaint::usage(error.to_string()))
}

/// Waits for a registry.
pub fn wait<T>(work: impl Future<Output = Result<T, RegistryError>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work).map_err(|error| of_registry(&error))?)
}

fn of_registry(error: &RegistryError) -> Complaint {
    let exit = match error {
        RegistryError::NotAPlugin(_)
        | RegistryError::Signature(_)
        | RegistryError::Name(_)
        | RegistryError::TooLarge { .. }
        | RegistryError::WrongDigest { .. }
        | RegistryError::Moved { .. }
        | RegistryError::Taken { .. }
        | RegistryError::TakenByOther { .. } => Exit::Refused,
        RegistryError::NoVersion { .. } | RegistryError::PushByDigest { .. } => Exit::Usage,
        _ => Exit::Failed,
    };
    let complaint = Complaint::new(exit, error.to_string());
    match error {
        RegistryError::Unauthorized { .. } => {
            complaint.hint(format!("set {USER} and {PASSWORD}, or {TOKEN}, and ask who may do this there"))
        }
        RegistryError::Unreachable { .. } => {
            complaint.hint("check host and port and try again; a registry without TLS wants --plain-http")
        }
        RegistryError::NotFound { .. } => complaint.hint("check path and tag; some registries hide what wants a login"),
        RegistryError::LayerMissing { .. } | RegistryError::WrongDigest { .. } => {
            complaint.hint("the registry is damaged there; push it again")
        }
        RegistryError::Moved { .. } => complaint.hint("name the manifest's digest instead: REPOSITORY@sha256:…"),
        RegistryError::NoVersion { .. } => complaint.hint("add the version as a tag, as in :1.0.0"),
        error if error.may_be_tried_again() => complaint.hint("try again; what has arrived is not sent twice"),
        _ => complaint,
    }
}
