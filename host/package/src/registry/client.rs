//! Push and pull, over `oci-client`.

use super::{Facts, Pulled, Pushed, Reference, RegistryError, RegistryOptions};
use crate::Package;

/// Puts a package into a registry; without a tag, under its version.
pub async fn push(
    _reference: &Reference,
    _package: &Package,
    _facts: &Facts,
    _options: &RegistryOptions,
) -> Result<Pushed, RegistryError> {
    todo!("next commit")
}

/// Fetches a package from a registry.
pub async fn pull(_reference: &Reference, _options: &RegistryOptions) -> Result<Pulled, RegistryError> {
    todo!("next commit")
}
