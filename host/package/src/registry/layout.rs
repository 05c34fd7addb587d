//! The CNCF's layout of a wasm artifact: one configuration that says what it is, one layer that is the component.

use super::RegistryError;
use crate::{Digest, Package, Signature};
use oci_client::manifest::{OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub const CONFIG_TYPE: &str = "application/vnd.wasm.config.v0+json";
pub const LAYER_TYPE: &str = "application/wasm";
/// The largest configuration that is read, in bytes.
pub const MAX_CONFIG: usize = 1 << 20;

const TITLE: &str = "org.opencontainers.image.title";
const VERSION: &str = "org.opencontainers.image.version";
const DESCRIPTION: &str = "org.opencontainers.image.description";
const CREATED: &str = "org.opencontainers.image.created";
const HOOKS: &str = "dev.cartwright.hooks";
const SIGNATURE: &str = "dev.cartwright.signature";

/// What a component says of itself, for those who look at the artifact without loading it. The caller has it from the runtime.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub exports: Vec<String>,
    pub imports: Vec<String>,
    pub hooks: Vec<String>,
    pub description: String,
    /// Seconds UTC since 1970.
    pub created: i64,
}

/// The configuration's document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    created: Option<String>,
    architecture: String,
    os: String,
    layer_digests: Vec<String>,
    component: Option<Component>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Component {
    #[serde(default)]
    exports: Vec<String>,
    #[serde(default)]
    imports: Vec<String>,
}

impl Config {
    pub fn new(package: &Package, facts: &Facts) -> Self {
        Self {
            created: rfc3339(facts.created),
            architecture: "wasm".into(),
            os: "wasip2".into(),
            layer_digests: vec![package.digest().to_string()],
            component: Some(Component { exports: facts.exports.clone(), imports: facts.imports.clone() }),
        }
    }

    /// Whether the configuration speaks of this layer.
    pub fn check(bytes: &[u8], layer: Digest) -> Result<(), RegistryError> {
        let config: Self = serde_json::from_slice(bytes)
            .map_err(|error| other(format!("its configuration cannot be read: {error}")))?;
        if config.architecture != "wasm" || config.component.is_none() {
            return Err(other(format!(
                "its configuration is for architecture `{}`, os `{}`; a plugin is a component for `wasm`, `wasip2`",
                config.architecture.escape_debug(),
                config.os.escape_debug()
            )));
        }
        if config.layer_digests != [layer.to_string()] {
            return Err(other(format!("its configuration does not name its layer {layer}")));
        }
        Ok(())
    }
}

fn rfc3339(seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(seconds).ok().map(|at| at.to_string())
}

pub fn other(why: impl Into<String>) -> RegistryError {
    RegistryError::NotAPlugin(why.into())
}

/// The manifest of what is pushed.
pub fn manifest(package: &Package, facts: &Facts, config: &[u8]) -> OciImageManifest {
    let descriptor = |media_type: &str, digest: Digest, size: usize| OciDescriptor {
        media_type: media_type.into(),
        digest: digest.to_string(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        ..OciDescriptor::default()
    };
    let mut annotations = BTreeMap::from([
        (TITLE.to_owned(), package.name().to_owned()),
        (VERSION.to_owned(), package.version().to_owned()),
    ]);
    let mut say = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            annotations.insert(key.into(), value);
        }
    };
    say(DESCRIPTION, Some(facts.description.clone()));
    say(CREATED, rfc3339(facts.created));
    say(HOOKS, Some(facts.hooks.join(",")));
    say(SIGNATURE, package.signature().map(ToString::to_string));
    OciImageManifest {
        schema_version: 2,
        media_type: Some(OCI_IMAGE_MEDIA_TYPE.into()),
        config: descriptor(CONFIG_TYPE, Digest::of(config), config.len()),
        layers: vec![descriptor(LAYER_TYPE, package.digest(), package.component().len())],
        subject: None,
        artifact_type: None,
        annotations: Some(annotations),
    }
}

/// What a manifest says before anything else is fetched.
#[derive(Debug)]
pub struct Artifact {
    pub name: String,
    pub version: String,
    pub signature: Option<Signature>,
    pub config: Digest,
    pub layer: Digest,
    /// Of the layer, in bytes.
    pub size: usize,
}

impl Artifact {
    /// Reads a manifest, which other tools may have made: without annotations, the path's last part and the tag are name and
    /// version.
    pub fn read(manifest: &OciImageManifest, repository: &str, tag: Option<&str>) -> Result<Self, RegistryError> {
        if manifest.config.media_type != CONFIG_TYPE {
            return Err(wrong_type("configuration", &manifest.config.media_type, CONFIG_TYPE));
        }
        let layer = match manifest.layers.as_slice() {
            [layer] => layer,
            layers => return Err(other(format!("it has {} layers; a plugin has one, its component", layers.len()))),
        };
        if layer.media_type != LAYER_TYPE {
            return Err(wrong_type("layer", &layer.media_type, LAYER_TYPE));
        }
        let digest = |descriptor: &OciDescriptor| descriptor.digest.parse().map_err(|error| other(format!("{error}")));
        let size = |descriptor: &OciDescriptor| usize::try_from(descriptor.size).unwrap_or(usize::MAX);
        if size(&manifest.config) > MAX_CONFIG {
            return Err(other("its configuration is larger than 1 MiB"));
        }
        let said = |key: &str| manifest.annotations.as_ref().and_then(|all| all.get(key)).map(String::as_str);
        let name = said(TITLE).or(repository.rsplit('/').next()).unwrap_or_default();
        let version = said(VERSION).or(tag).ok_or_else(|| other(format!("it says no version: `{VERSION}`")))?;
        Ok(Self {
            name: name.into(),
            version: version.into(),
            signature: said(SIGNATURE).map(Signature::parse).transpose()?,
            config: digest(&manifest.config)?,
            layer: digest(layer)?,
            size: size(layer),
        })
    }
}

fn wrong_type(what: &str, found: &str, wanted: &str) -> RegistryError {
    other(format!("its {what} is `{}`, that of a plugin `{wanted}`", crate::digest::shortened(found)))
}
