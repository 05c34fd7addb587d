//! Errors of `oci-client` in this crate's words.

use super::RegistryError;
use crate::digest::shortened;
use oci_client::errors::{OciDistributionError, OciErrorCode};

/// What an error should name.
pub struct Trouble {
    pub registry: String,
    pub reference: String,
}

impl Trouble {
    pub fn of(&self, error: OciDistributionError) -> RegistryError {
        use OciDistributionError as Oci;
        match error {
            Oci::RequestError(error) if error.is_builder() || error.is_decode() => self.unexpected(&last_cause(&error)),
            Oci::RequestError(error) => match error.status() {
                Some(status) => self.of_status(status.as_u16(), ""),
                None if error.is_timeout() => self.unreachable("it does not answer"),
                None => self.unreachable(&last_cause(&error)),
            },
            Oci::UnauthorizedError { .. } => self.of_status(401, ""),
            Oci::AuthenticationFailure(why) => self.unauthorized(&shortened(&why)),
            Oci::ServerError { code, message, .. } => self.of_status(code, &message),
            Oci::ImageManifestNotFoundError(_) => self.not_found(),
            Oci::RegistryError { envelope, .. } => {
                use OciErrorCode as Code;
                let said: Vec<_> = envelope.errors.iter().map(|error| error.message.as_str()).collect();
                let said = shortened(&said.join("; "));
                match envelope.errors.first().map(|error| &error.code) {
                    Some(
                        Code::ManifestUnknown
                        | Code::NameUnknown
                        | Code::NotFound
                        | Code::BlobUnknown
                        | Code::ManifestBlobUnknown,
                    ) => self.not_found(),
                    Some(Code::Unauthorized | Code::Denied) => self.unauthorized(&said),
                    Some(Code::Toomanyrequests) => self.unreachable(&format!("too many requests: {said}")),
                    _ => self.unexpected(&said),
                }
            }
            Oci::DigestError(error) => RegistryError::WrongDigest {
                reference: self.reference.clone(),
                what: "the manifest",
                why: error.to_string(),
            },
            error => self.unexpected(&error.to_string()),
        }
    }

    fn of_status(&self, status: u16, message: &str) -> RegistryError {
        let message = shortened(message.trim());
        let colon = if message.is_empty() { "" } else { ": " };
        match status {
            401 => self.unauthorized(&format!("it wants a login, or another one{colon}{message}")),
            403 => self.unauthorized(&format!("the login is not allowed to do this{colon}{message}")),
            404 => self.not_found(),
            408 | 429 | 500.. => self.unreachable(&format!("it answers with status {status}{colon}{message}")),
            _ => self.unexpected(&format!("status {status}{colon}{message}")),
        }
    }

    pub fn unauthorized(&self, why: &str) -> RegistryError {
        RegistryError::Unauthorized { registry: self.registry.clone(), why: why.into() }
    }

    pub fn unexpected(&self, why: &str) -> RegistryError {
        RegistryError::Unexpected { registry: self.registry.clone(), why: shortened(why) }
    }

    fn unreachable(&self, why: &str) -> RegistryError {
        RegistryError::Unreachable { registry: self.registry.clone(), why: why.into() }
    }

    fn not_found(&self) -> RegistryError {
        RegistryError::NotFound { reference: self.reference.clone() }
    }
}

/// What was at the bottom of it: `Connection refused` rather than `error sending request`.
pub fn last_cause(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    shortened(&last.to_string())
}
