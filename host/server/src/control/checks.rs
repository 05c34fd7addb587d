//! What is checked before anything is kept: names, a shop's document, and settings by the schema and by the plugin itself.
//!
//! What this module must not know: how the plugin is run.

use super::access::Access;
use super::given::refused;
use super::installs::LONGEST_NOTE;
use super::query::{Query, shortened};
use crate::edge;
use crate::platform::check::{Checked, Refused};
use crate::platform::merchant::Document;
use crate::problem::{FieldError, Kind, Problem};
use cartwright_contract::Failure;
use cartwright_package::{check_name, check_version};
use cartwright_runtime::{CallError, InstallError, hooks};
use cartwright_store::{PackageVersion, RecordStage, StoreError};
use serde_json::{Map, Value};

/// Settings and what they are for.
pub struct Checkable {
    pub shop: String,
    pub hook: String,
    pub version: PackageVersion,
    /// JSON text.
    pub settings: String,
}

/// Checks settings for a version on a hook: by its schema, then by its `configure`. What is compiled for that is kept, so that a
/// revision which passed here is ready to answer.
///
/// # Errors
/// What is wrong with the settings, with pointers below `/settings`, or with the package for this hook.
pub async fn settings(access: &Access, checkable: Checkable) -> Result<(Checked, Checkable), Problem> {
    let Checkable { hook, version, .. } = &checkable;
    // Known without fetching the component.
    if !version.hooks.contains(hook) {
        return Err(unfit(Refused::Hook { hook: hook.clone(), served: version.hooks.join(", ") }));
    }
    let secrets = access.store().sealed_secrets(&checkable.shop).await?;
    let secrets: Vec<_> = secrets.into_iter().map(|secret| secret.name).collect();
    let component = access.store().component(&version.digest).await?;
    let catalog = access.platform.catalog.clone();
    let check = move || {
        let Checkable { hook, version, settings, .. } = &checkable;
        let checked = catalog.check(hook, &component, version.schema.as_ref(), settings, &secrets);
        checked.map(|checked| (checked, checkable)).map_err(unfit)
    };
    tokio::task::spawn_blocking(check).await.map_err(|_| edge::internal())?
}

/// Why settings cannot be kept, place by place.
fn unfit(refused: Refused) -> Problem {
    let problem = |detail: String| Problem::new(Kind::RequestRefused, detail);
    match refused {
        Refused::Settings(issues) => {
            let errors: Vec<_> = issues.into_iter().map(|issue| FieldError::of("/settings", issue)).collect();
            let first = errors.first().map(|error| error.detail.clone()).unwrap_or_default();
            let detail = match errors.len() {
                0 | 1 => first,
                count => format!("{count} things are wrong with the settings; the first: {first}"),
            };
            problem(detail).code("SETTINGS").errors(errors)
        }
        Refused::Secret(_) => problem(refused.to_string()).code("SECRET").field("/settings"),
        Refused::Hook { .. } => problem(refused.to_string()).code("HOOK").field("/hook"),
        Refused::Install(error @ InstallError::SettingsTooLarge { .. }) => {
            problem(error.to_string()).code("SETTINGS").field("/settings")
        }
        Refused::Install(InstallError::Configure(error @ CallError::NoSandbox { .. })) => {
            Problem::new(Kind::Overloaded, error.to_string())
        }
        Refused::Install(error @ InstallError::Configure(_)) => {
            problem(error.to_string()).code("CONFIGURE").field("/settings")
        }
        Refused::Install(error) => problem(error.to_string()).code("COMPONENT").field("/version"),
    }
}

/// The version that a body names.
///
/// # Errors
/// When it is not published.
pub async fn published(access: &Access, package: &str, version: &str) -> Result<PackageVersion, Problem> {
    let known = if check_name(package).is_ok() && check_version(version).is_ok() {
        access.store().package_version(package, version).await
    } else {
        Err(StoreError::NotFound { what: "package version", id: String::new() })
    };
    match known {
        Err(StoreError::NotFound { .. }) => {
            let (package, version) = (shortened(package), shortened(version));
            let detail = format!(
                "there is no version {version:?} of the package {package:?}; /v1/packages/{{package}} lists what is published"
            );
            Err(refused("/version", detail))
        }
        version => Ok(version?),
    }
}

/// A shop's document, if the server understands all of it.
///
/// # Errors
/// The first field that it does not.
pub fn shop_document(document: Map<String, Value>) -> Result<Value, Problem> {
    let document = Value::Object(document);
    Document::read(&document.to_string()).map_err(|failure| refused_document("/document", failure))?;
    Ok(document)
}

/// What is wrong in a document that stands at `place` of the body.
pub fn refused_document(place: &str, failure: Failure) -> Problem {
    let field = format!("{place}{}", failure.field.unwrap_or_default());
    Problem::new(Kind::RequestRefused, failure.message).code(failure.code).field(field)
}

/// # Errors
/// When there is no such hook.
pub fn hook(field: &str, name: &str) -> Result<(), Problem> {
    if hooks::ALL.iter().any(|hook| hook.name == name) {
        return Ok(());
    }
    let known: Vec<_> = hooks::ALL.iter().map(|hook| hook.name).collect();
    Err(refused(field, format!("there is no hook {:?}; give one of {}", shortened(name), known.join(", "))))
}

/// The filter by hook of a list.
///
/// # Errors
/// When there is no such hook.
pub fn hook_of(query: &Query) -> Result<Option<&str>, Problem> {
    let name = query.text("hook", 63)?;
    if let Some(name) = name {
        hook("?hook", name)?;
    }
    Ok(name)
}

/// # Errors
/// When it is not 1 to 63 of `a-z`, `0-9` and `-`.
pub fn name(field: &str, name: &str) -> Result<(), Problem> {
    let fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=63).contains(&name.len()) && name.bytes().all(fit) {
        return Ok(());
    }
    Err(refused(field, format!("{:?} is not a name; give 1 to 63 of a-z, 0-9 and -", shortened(name))))
}

/// # Errors
/// When it is too long, or not text.
pub fn note(field: &str, note: Option<&str>) -> Result<(), Problem> {
    match note {
        Some(note) if note.len() > LONGEST_NOTE || note.contains('\0') => {
            Err(refused(field, format!("the text is longer than {LONGEST_NOTE} bytes, or not text; shorten it")))
        }
        _ => Ok(()),
    }
}

/// The filter by stage of a list.
///
/// # Errors
/// When there is no such stage.
pub fn stage_of(query: &Query) -> Result<Option<RecordStage>, Problem> {
    query.word("stage", &RecordStage::ALL.iter().map(|stage| (stage.as_str(), *stage)).collect::<Vec<_>>())
}
