//! Whether a revision would work, before anybody is told that it was kept: settings against the package's schema, then by the plugin itself.
//!
//! What this module must not know: HTTP, who asks.

use super::catalog::Catalog;
use crate::outside;
use cartwright_contract::settings::Issue;
use cartwright_runtime::InstallError;
use serde_json::Value;

/// What a check found out.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What the plugin finds odd in the settings.
    pub warnings: Vec<Issue>,
    /// Digest of component and settings in one.
    pub snapshot: String,
}

/// Why a revision cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Each with its place in the settings, as a JSON pointer.
    #[error("the settings do not fit: {}", first(.0))]
    Settings(Vec<Issue>),
    #[error("the settings speak of the secret {0:?}, which the shop does not have; set it first")]
    Secret(String),
    #[error("the package does not serve the hook {hook}; it serves {served}")]
    Hook { hook: String, served: String },
    #[error(transparent)]
    Install(InstallError),
}

impl Catalog {
    /// Installs a component with these settings, without keeping it for anybody, and leaves it in the engine's cache. Takes up to seconds; not
    /// to be called on a thread of the runtime.
    ///
    /// # Errors
    /// Everything that is wrong with the settings by the schema; else what the plugin itself says.
    pub fn check(
        &self,
        hook: &str,
        component: &[u8],
        schema: Option<&Value>,
        settings: &str,
        secrets: &[String],
    ) -> Result<Checked, Refused> {
        let document: Value = serde_json::from_str(settings).map_err(|error| {
            let message = format!("this is not JSON: {error}");
            Refused::Settings(vec![issue(String::new(), message, "give a JSON document")])
        })?;
        if let Some(schema) = schema {
            let issues = against(schema, &document);
            if !issues.is_empty() {
                return Err(Refused::Settings(issues));
            }
        }
        if let Some(missing) = outside::secrets_named(settings).find(|name| !secrets.iter().any(|known| known == name))
        {
            return Err(Refused::Secret(missing.to_owned()));
        }
        let plugin = self.engine().install(component, settings).map_err(|error| match error {
            InstallError::SettingsRefused(issues) => Refused::Settings(issues),
            error => Refused::Install(error),
        })?;
        let served = &plugin.facts().hooks;
        if !served.iter().any(|name| name == hook) {
            return Err(Refused::Hook { hook: hook.to_owned(), served: served.join(", ") });
        }
        Ok(Checked { warnings: plugin.warnings().to_vec(), snapshot: plugin.snapshot().to_owned() })
    }
}

/// What a JSON Schema says against a document. A schema that cannot be read says nothing: the plugin checks its settings itself.
fn against(schema: &Value, document: &Value) -> Vec<Issue> {
    let Ok(validator) = jsonschema::validator_for(schema) else { return Vec::new() };
    let found = validator.iter_errors(document).map(|error| {
        let value: String = error.instance().to_string().chars().take(200).collect();
        let at = error.instance_path().to_string();
        Issue { value, ..issue(at, error.to_string(), "") }
    });
    found.collect()
}

fn issue(pointer: String, message: String, remedy: &str) -> Issue {
    Issue { path: pointer, value: String::new(), message, remedy: remedy.into() }
}

fn first(issues: &[Issue]) -> String {
    issues.first().map(ToString::to_string).unwrap_or_default()
}
