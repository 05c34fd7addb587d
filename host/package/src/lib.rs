//! A plugin as it travels: component, digest, the author's signature; to and from OCI registries.
//!
//! A package is the component itself. Manifest and settings schema are sections of its bytes, so the one [`Digest`] and the one
//! [`Signature`] hold for everything; beside it go only a name, a version and `component.wasm.minisig`.
//!
//! ```
//! use cartwright_package::{Author, AuthorKey, Package, Trust};
//!
//! let key = AuthorKey::generate(None)?;                                     // `cartwright keygen`
//! let package = Package::new("flat-rate", "1.0.0", b"\0asm...".to_vec())?;
//! let signature = key.sign(package.component(), package.name(), package.version())?;
//! let package = package.with_signature(signature);
//!
//! let trust = Trust::new([Author { name: "acme".into(), key: key.public_key() }]);
//! assert_eq!(trust.verify_package(&package)?.name, "acme");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What this crate must not know: how a component is read or run (its [`Facts`] are told by the caller), where packages are kept
//! on a server, and how a server is asked.

mod digest;
mod keys;
mod package;
pub mod registry;
mod signature;
mod statement;

pub use digest::{Digest, DigestError};
pub use keys::{AuthorKey, KeyError, KeyId, PublicKey};
pub use package::{MAX_COMPONENT, NameError, Package, check_name, check_version};
pub use registry::{
    Auth, Facts, Pulled, Pushed, Reference, ReferenceError, RegistryError, RegistryOptions, pull, push,
};
pub use signature::{Author, Signature, SignatureError, Trust};
pub use statement::Statement;
