//! Reads a component without running it: hooks, imports, manifest, settings schema, size.

use crate::error::InstallError;
use crate::hooks;
use serde::{Deserialize, Serialize};
use wasmparser::{Encoding, Parser, Payload};

/// The custom section with the [`Manifest`], as the SDK writes it.
pub const MANIFEST_SECTION: &str = "cartwright:manifest";
/// The custom section with the JSON Schema of the settings.
pub const SCHEMA_SECTION: &str = "cartwright:settings-schema";

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Manifest {
    pub name: String,
    pub version: String,
    pub description: String,
    /// The version of the SDK that it was built with.
    pub sdk: String,
    /// Personal fields that it wants to see, such as `customer.email`; the others arrive empty.
    pub sees: Vec<String>,
    /// Hosts that its `plan` step wants to call.
    pub calls: Vec<String>,
}

/// What can be known of a component without running it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentFacts {
    /// Names of the hooks that it serves, as `shipping-quote`.
    pub hooks: Vec<String>,
    /// Interfaces that it imports, as `wasi:clocks/wall-clock@0.2.6`.
    pub imports: Vec<String>,
    /// Interfaces that it exports.
    pub exports: Vec<String>,
    /// Empty when the component was not built with the SDK.
    pub manifest: Manifest,
    /// JSON Schema of the settings, when the component carries it.
    pub settings_schema: Option<String>,
    /// Bytes of the component's file.
    pub size: usize,
}

/// Reads a component's outermost imports and exports and its custom sections.
///
/// # Errors
/// When the bytes are not a component.
pub fn read(bytes: &[u8]) -> Result<ComponentFacts, InstallError> {
    let broken = |message: String| InstallError::NotAComponent(message);
    let mut facts = ComponentFacts {
        hooks: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        manifest: Manifest::default(),
        settings_schema: None,
        size: bytes.len(),
    };
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|e| broken(e.to_string()))? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(broken("it is a core module".into()));
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    facts.imports.push(import.map_err(|e| broken(e.to_string()))?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    facts.exports.push(export.map_err(|e| broken(e.to_string()))?.name.name.to_owned());
                }
            }
            Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                facts.manifest = serde_json::from_slice(section.data())
                    .map_err(|e| broken(format!("its section `{MANIFEST_SECTION}` cannot be read: {e}")))?;
            }
            Payload::CustomSection(section) if section.name() == SCHEMA_SECTION => {
                facts.settings_schema = Some(String::from_utf8_lossy(section.data()).into_owned());
            }
            _ => {}
        }
    }
    let exported = |interface: &str| facts.exports.iter().any(|export| export == interface);
    facts.hooks = hooks::ALL.iter().filter(|hook| exported(hook.interface)).map(|hook| hook.name.to_owned()).collect();
    Ok(facts)
}
