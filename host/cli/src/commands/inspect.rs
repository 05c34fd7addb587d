//! `cartwright inspect`: what a component says of itself, read without running it.

use crate::complaint::Exit;
use crate::load;
use crate::table::{Table, plain};
use crate::words;
use anyhow::Context;
use cartwright_runtime::component::{self, ComponentFacts};
use cartwright_runtime::hooks::Sees;
use cartwright_runtime::install::is_offered;
use clap::Args;
use owo_colors::OwoColorize;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  cartwright inspect                         in a plugin project: the component that was built
  cartwright inspect plugin.wasm
  cartwright inspect plugin.wasm --schema    the settings' JSON Schema alone
  cartwright inspect plugin.wasm --json | jq .hooks";

/// Shows a component: hooks, imports, what it sees and calls, settings schema, size
///
/// Nothing of the component is run. An import that the host does not offer is marked; such a component is refused.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Inspect {
    /// The plugin; may be left out in a plugin project, which has one
    component: Option<PathBuf>,
    /// Prints the JSON Schema of the settings, and nothing else
    #[arg(long, conflicts_with = "json")]
    schema: bool,
    /// Prints everything as one JSON object
    #[arg(long)]
    json: bool,
}

pub fn inspect(arguments: &Inspect) -> anyhow::Result<Exit> {
    let path = load::component_or_projects(arguments.component.clone())?;
    let facts = component::read(&load::bytes_of(&path)?).map_err(|error| load::refusal(&error, &path, None))?;
    let mut out = anstream::stdout().lock();
    if arguments.schema {
        let schema = schema_of(&facts)?.with_context(|| {
            format!("`{}` carries no settings schema; it was not built with the SDK", path.display())
        })?;
        writeln!(out, "{schema:#}")?;
    } else if arguments.json {
        writeln!(out, "{:#}", as_json(&path, &facts)?)?;
    } else {
        print(&mut out, &path, &facts)?;
    }
    Ok(Exit::Done)
}

fn schema_of(facts: &ComponentFacts) -> anyhow::Result<Option<Value>> {
    let parsed = facts.settings_schema.as_deref().map(serde_json::from_str).transpose();
    parsed.context("the component's settings schema is not JSON; build it again with the SDK")
}

fn as_json(path: &Path, facts: &ComponentFacts) -> anyhow::Result<Value> {
    let imports: Vec<_> =
        facts.imports.iter().map(|name| json!({ "name": name, "offered": is_offered(name) })).collect();
    Ok(json!({
        "component": path.display().to_string(),
        "size": facts.size,
        "manifest": facts.manifest,
        "hooks": facts.hooks,
        "imports": imports,
        "exports": facts.exports,
        "settingsSchema": schema_of(facts)?,
    }))
}

/// For people.
pub fn print(out: &mut impl Write, path: &Path, facts: &ComponentFacts) -> io::Result<()> {
    let manifest = &facts.manifest;
    let name = if manifest.name.is_empty() { "a plugin without a name" } else { &manifest.name };
    writeln!(out, "{} {}", plain(name).bold(), plain(&manifest.version))?;
    if !manifest.description.is_empty() {
        writeln!(out, "{}", plain(&manifest.description))?;
    }
    writeln!(out)?;
    let heading = |first: usize, name: &'static str| if first == 0 { name } else { "" };
    let mut table = Table::new(&["", ""]);
    table.row(&["component".into(), format!("{} ({})", path.display(), words::bytes(facts.size))]);
    if !manifest.sdk.is_empty() {
        table.row(&["sdk".into(), manifest.sdk.clone()]);
    }
    table.row(&["hooks".into(), or_none(&facts.hooks.join(", "), "none; the host has nothing to ask it")]);
    for (index, import) in facts.imports.iter().enumerate() {
        let mark = if is_offered(import) { "" } else { "  (not offered: the host refuses the plugin)" };
        table.row(&[heading(index, "imports").into(), format!("{import}{mark}")]);
    }
    if facts.imports.is_empty() {
        table.row(&["imports".into(), "nothing".into()]);
    }
    let unknown = |field: &str| if Sees::FIELDS.contains(&field) { "" } else { "  (no personal field has this name)" };
    for (index, field) in manifest.sees.iter().enumerate() {
        table.row(&[heading(index, "sees").into(), format!("{field}{}", unknown(field))]);
    }
    if manifest.sees.is_empty() {
        table.row(&["sees".into(), "no personal fields; they arrive empty".into()]);
    }
    table.row(&["calls".into(), or_none(&manifest.calls.join(", "), "no hosts")]);
    table.print(out, 2)?;
    print_settings(out, facts)
}

fn or_none(text: &str, none: &str) -> String {
    if text.is_empty() { none.into() } else { text.into() }
}

fn print_settings(out: &mut impl Write, facts: &ComponentFacts) -> io::Result<()> {
    let Some(schema) = facts.settings_schema.as_deref().and_then(|schema| serde_json::from_str::<Value>(schema).ok())
    else {
        return writeln!(out, "\n  settings unknown: the component carries no readable schema");
    };
    let Some(Value::Object(properties)) = schema.get("properties") else { return Ok(()) };
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let mut table = Table::new(&["setting", "type", "", "what it is"]);
    for (name, property) in properties {
        let need = if required(name) { "required" } else { "optional" };
        let what = property["description"].as_str().unwrap_or_default();
        let sentence = what.split_once(". ").map_or(what, |(first, _)| first).trim_end_matches('.');
        table.row(&[name.clone(), type_of(property), need.into(), sentence.into()]);
    }
    if table.is_empty() {
        return writeln!(out, "\n  no settings");
    }
    writeln!(out)?;
    table.print(out, 2)
}

/// A word for what a property holds: its type, or the name of the definition that it refers to.
fn type_of(property: &Value) -> String {
    match (&property["type"], property["$ref"].as_str()) {
        (Value::String(array), _) if array == "array" => match type_of(&property["items"]).as_str() {
            "any" => "list".into(),
            items => format!("list of {items}"),
        },
        (Value::String(one), _) => one.clone(),
        (Value::Array(several), _) => {
            several.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect::<Vec<_>>().join(" or ")
        }
        (_, Some(reference)) => reference.rsplit('/').next().unwrap_or(reference).into(),
        _ => "any".into(),
    }
}
