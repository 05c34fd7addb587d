//! What is checked before anything is kept: names, a shop's document, and settings by the schema and by the plugin itself.
//!
//! What this module must not know: how the plugin is run.

use super::access::Access;
use super::given::refused;
use super::installs::LONGEST_NOTE;
use super::query::{Query, shortened};
use crate::edge;
use crate::platform::{Checked, Document};
use crate::problem::{Kind, Problem};
use cartwright_contract::Failure;
use cartwright_runtime::hooks;
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
    if !version.hooks.contains(hook) {
        let (name, serves) = (format!("{} {}", version.package, version.version), version.hooks.join(", "));
        let detail = format!("{name} does not serve the hook {hook}; it serves {serves}; install it on one of these");
        return Err(refused("/hook", detail));
    }
    let secrets = access.platform.secrets(&checkable.shop).await?;
    let component = access.store().component(&version.digest).await?;
    let catalog = access.platform.catalog.clone();
    let check = move || {
        let Checkable { hook, version, settings, .. } = &checkable;
        let checked = catalog.check(hook, version, &component, settings, &secrets)?;
        Ok((checked, checkable))
    };
    tokio::task::spawn_blocking(check).await.map_err(|_| edge::internal())?
}

/// The version that a body names.
///
/// # Errors
/// When it is not published.
pub async fn published(access: &Access, package: &str, version: &str) -> Result<PackageVersion, Problem> {
    match access.store().package_version(package, version).await {
        Err(StoreError::NotFound { .. }) => {
            let (package, version) = (shortened(package), shortened(version));
            let detail = format!("there is no version {version:?} of the package {package:?}; /v1/packages/{{package}} lists what is published");
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
