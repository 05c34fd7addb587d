//! Authors and what they publish.

use super::Json;
use serde::{Deserialize, Serialize};

/// Whose signatures are believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Author {
    pub name: String,
    /// The line of a minisign public key.
    pub public_key: String,
    pub created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<i64>,
}

/// A package's version. Never changes once it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PackageVersion {
    pub package: String,
    pub version: String,
    /// `sha256:<hex>` of the component's bytes.
    pub digest: String,
    /// Of the component, in bytes.
    pub size: i64,
    pub hooks: Vec<String>,
    pub manifest: Json,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Json>,
    /// Whose signature it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The minisign signature's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    pub published: i64,
}

/// What is published. The digest and the signature were checked by the caller; the store keeps the bytes under the digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPackageVersion {
    pub package: String,
    pub version: String,
    pub digest: String,
    pub hooks: Vec<String>,
    pub manifest: Json,
    pub schema: Option<Json>,
    pub author: Option<String>,
    pub signature: Option<String>,
}

/// A package in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Package {
    pub package: String,
    pub versions: i64,
    /// The version that was published last.
    pub newest: String,
    pub published: i64,
}
