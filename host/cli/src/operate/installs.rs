//! `cartwright install`, `installs`, `settings`, `set`, `uninstall`: what a merchant has on the hooks, and its revisions.

use super::authors::done;
use super::client::{Answer, Ask, Client, read};
use super::contexts::ServerFlags;
use super::names::{PackageAt, Target};
use super::show::{self, JsonFlag};
use super::stages;
use crate::complaint::{Complaint, Exit};
use crate::table::plain;
use crate::terminal::{status, warn};
use cartwright_store::{Candidate, CandidateStage, Install, Revision, RevisionHead};
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

const AFTER_INSTALL: &str = "\
Examples:
  cartwright install demo shipping-quote shipping-quote@1.2.0 --settings quotes.json
  cartwright install demo shipping-quote same-day@0.3.0 -s same-day.json --name same-day --activate

The settings are checked against the package's schema and by the plugin itself before anything is kept; an error
points at the field. What is installed is a draft until it is tried or activated:
  cartwright shadow demo/NAME        beside the live one, compared, never shown
  cartwright canary demo/NAME --share 10%
  cartwright activate demo/NAME";

/// Installs a package's version on a shop's hook, with settings
#[derive(Args)]
#[command(after_help = AFTER_INSTALL)]
pub struct InstallCommand {
    shop: String,
    /// Such as shipping-quote
    hook: String,
    #[arg(value_name = "PACKAGE@VERSION")]
    package: PackageAt,
    /// The merchant's settings, a JSON file; `-` is stdin
    #[arg(long, short, value_name = "FILE")]
    settings: PathBuf,
    /// What it is called in the shop: a-z, 0-9 and - [default: the package's name]
    #[arg(long)]
    name: Option<String>,
    /// Where it stands among the hook's plugins, which are asked in this order [default: last]
    #[arg(long)]
    position: Option<i64>,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Makes it live at once
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn install(it: &InstallCommand) -> anyhow::Result<Exit> {
    let settings = show::json_file(&it.settings, "the settings")?;
    let file = it.settings.display().to_string();
    let mut body = json!({ "hook": it.hook, "package": it.package.package, "version": it.package.version });
    for (name, value) in [("name", it.name.as_ref()), ("note", it.note.as_ref())] {
        if let Some(value) = value {
            body[name] = json!(value);
        }
    }
    if let Some(position) = it.position {
        body["position"] = json!(position);
    }
    let client = it.server.client()?;
    let ask = Ask::post(&["shops", &it.shop, "installs"], &body).member("settings", &settings);
    let mut answer = client.send(&ask.origin("/settings", &file))?;
    warnings(&answer.document);
    let made: Install = answer.read()?;
    let name = format!("{}/{}", made.shop, made.name);
    if it.activate {
        answer = stages::stage(
            &client,
            &made.shop,
            &made.id,
            answer.etag(),
            &json!({ "stage": "live", "revision": made.newest }),
        )?;
    }
    let (verb, hint) = if it.activate {
        ("Activated", String::new())
    } else {
        ("Installed", format!(", a draft; `cartwright activate {name}` makes it live"))
    };
    done(&answer, it.json, verb, &format!("{name}@{} ({} on {}){hint}", made.newest, it.package, made.hook))?;
    Ok(Exit::Done)
}

/// What the plugin finds odd in the settings.
pub fn warnings(document: &Value) {
    for warning in document.get("warnings").and_then(Value::as_array).into_iter().flatten() {
        let text = |name| warning.get(name).and_then(Value::as_str);
        let message = text("message").or_else(|| text("detail")).or_else(|| warning.as_str()).map(plain);
        let place = text("path").or_else(|| text("field")).or_else(|| text("pointer")).map(plain);
        match (place, message) {
            (Some(place), Some(message)) => warn(format!("in the settings, {place}: {message}")),
            (None, Some(message)) => warn(format!("in the settings, {message}")),
            _ => warn(format!("in the settings, {}", plain(&warning.to_string()))),
        }
    }
}

const AFTER_INSTALLS: &str = "\
Examples:
  cartwright installs demo                  what is installed, and what answers
  cartwright installs demo/quotes           one of them with its revisions
  cartwright installs demo --json | jq '.[] | select(.candidate)'

An install is named SHOP/NAME; where two hooks have one of that name, SHOP/HOOK/NAME.";

/// Lists what a shop has installed, or the revisions of one install
#[derive(Args)]
#[command(after_help = AFTER_INSTALLS)]
pub struct Installs {
    #[arg(value_name = "SHOP[/INSTALL]")]
    shop: String,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn installs(it: &Installs) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    if it.shop.contains('/') {
        let target: Target = it.shop.parse().map_err(Complaint::usage)?;
        return revisions(&client, &target, it.json);
    }
    let shop = it.shop.as_str();
    let items = client.list(|| Ask::get(&["shops", shop, "installs"]), None)?;
    let none = "nothing is installed; `cartwright install` does it";
    let heads = ["hook", "install", ">live", "candidate", ">before", ">newest", "breaker", "since"];
    show::list(items, it.json.json, none, &heads, |install: Install| {
        let number = |number: Option<i64>| number.map_or_else(show::dash, |number| number.to_string());
        let candidate = install.candidate.as_ref().map_or_else(show::dash, candidate);
        let breaker = install.breaker.map_or_else(show::dash, |breaker| format!("open: {}", breaker.why));
        let (live, previous) = (number(install.live), number(install.previous));
        let (newest, since) = (install.newest.to_string(), show::at(install.created));
        [install.hook, install.name, live, candidate, previous, newest, breaker, since]
    })
}

/// `3 canary 10%`.
fn candidate(candidate: &Candidate) -> String {
    match candidate.stage {
        CandidateStage::Shadow => format!("{} shadow", candidate.revision),
        CandidateStage::Canary => {
            let share = super::names::Share(u32::try_from(candidate.share).unwrap_or_default());
            format!("{} canary {share}", candidate.revision)
        }
    }
}

fn revisions(client: &Client, target: &Target, json: JsonFlag) -> anyhow::Result<Exit> {
    let found = find(client, target)?;
    let install: Install = found.read()?;
    let items = client.list(|| Ask::get(&["shops", &install.shop, "installs", &install.id, "revisions"]), None)?;
    if !json.json {
        let mut out = anstream::stdout().lock();
        writeln!(
            out,
            "{}/{} on {}, id {}, version {}",
            install.shop, install.name, install.hook, install.id, install.version
        )?;
    }
    let heads = [">revision", "is", "package", "version", "settings", "by", "made", "note"];
    show::list(items, json.json, "it has no revision", &heads, |revision: RevisionHead| {
        let number = revision.number;
        let is = match &install.candidate {
            _ if install.live == Some(number) => "live".into(),
            Some(candidate) if candidate.revision == number => candidate.stage.to_string(),
            _ if install.previous == Some(number) => "before".into(),
            _ => "draft".into(),
        };
        let (settings, made) = (show::short(&revision.settings_digest), show::at(revision.created));
        let note = revision.note.unwrap_or_else(|| " ".into());
        [number.to_string(), is, revision.package, revision.package_version, settings, revision.actor, made, note]
    })
}

/// The install with its version; a hook that was named is looked up.
pub fn find(client: &Client, target: &Target) -> Result<Answer, Complaint> {
    let shop = target.shop.as_str();
    let Some(hook) = &target.hook else { return client.send(&Ask::get(&["shops", shop, "installs", &target.install])) };
    let all = client.list(|| Ask::get(&["shops", shop, "installs"]), None)?;
    let is_it = |install: &&Value| install["hook"] == hook.as_str() && install["name"] == target.install.as_str();
    let Some(id) = all.iter().find(is_it).and_then(|install| install["id"].as_str()) else {
        let message = format!("{shop} has no install {:?} on {hook:?}", target.install);
        return Err(Complaint::refused(message).hint(format!("`cartwright installs {shop}` lists them")));
    };
    client.send(&Ask::get(&["shops", shop, "installs", id]))
}

const AFTER_SETTINGS: &str = "\
Examples:
  cartwright settings demo/quotes > quotes.json      the live revision's
  cartwright settings demo/quotes@2
  $EDITOR quotes.json && cartwright set demo/quotes --settings quotes.json";

/// Prints a revision's settings, byte for byte as they were given
#[derive(Args)]
#[command(after_help = AFTER_SETTINGS)]
pub struct Settings {
    #[arg(value_name = "SHOP/INSTALL[@REV]")]
    install: Target,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn settings(it: &Settings) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    let install: Install = find(&client, &it.install)?.read()?;
    let number = it.install.revision.or(install.live).unwrap_or(install.newest).to_string();
    let ask = Ask::get(&["shops", &install.shop, "installs", &install.id, "revisions", &number]);
    let document = client.send(&ask)?.document;
    let text = match document.get("settings") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => format!("{other:#}"),
        None => read::<Revision>(&document)?.settings,
    };
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(Exit::Done)
}

const AFTER_SET: &str = "\
Examples:
  cartwright set demo/quotes --settings quotes.json --note 'free from 50'
  cartwright set demo/quotes --version 1.3.0
  cartwright set demo/quotes --settings quotes.json --version 1.3.0 --activate

What is left out is taken from the newest revision. The new revision is a draft until it is tried or activated.";

/// Makes a new revision: other settings, another version
#[derive(Args)]
#[command(after_help = AFTER_SET)]
pub struct Set {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    /// The merchant's settings, a JSON file; `-` is stdin
    #[arg(long, short, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Another version of the package
    #[arg(long, value_name = "VERSION", required_unless_present_any = ["settings", "package"])]
    version: Option<String>,
    /// Another package, with its version
    #[arg(long, value_name = "PACKAGE@VERSION", conflicts_with = "version")]
    package: Option<PackageAt>,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Makes it live at once
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn set(it: &Set) -> anyhow::Result<Exit> {
    let settings = it.settings.as_ref().map(|file| show::json_file(file, "the settings")).transpose()?;
    let file = it.settings.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
    if it.install.revision.is_some() {
        return Err(Complaint::usage(format!("`{}` names a revision; revisions never change", it.install))
            .hint("leave out what follows the @: a new revision is made")
            .into());
    }
    let mut body = json!({});
    let package = it.package.as_ref();
    let version = package.map(|at| &at.version).or(it.version.as_ref());
    for (name, value) in [("package", package.map(|at| &at.package)), ("version", version), ("note", it.note.as_ref())]
    {
        if let Some(value) = value {
            body[name] = json!(value);
        }
    }
    let client = it.server.client()?;
    let found = find(&client, &it.install)?;
    let install: Install = found.read()?;
    let mut ask = Ask::post(&["shops", &install.shop, "installs", &install.id, "revisions"], &body);
    if let Some(settings) = &settings {
        ask = ask.member("settings", settings);
    }
    let mut answer = client.send(&ask.if_match(found.etag()).origin("/settings", &file))?;
    warnings(&answer.document);
    let made: RevisionHead = answer.read()?;
    let name = format!("{}/{}", install.shop, install.name);
    if it.activate {
        let now = client.send(&Ask::get(&["shops", &install.shop, "installs", &install.id]))?;
        let body = json!({ "stage": "live", "revision": made.number });
        answer = stages::stage(&client, &install.shop, &install.id, now.etag(), &body)?;
    }
    let (verb, hint) = if it.activate { ("Activated", "") } else { ("Drafted", ", not live yet") };
    let what = format!("{name}@{} ({} {}){hint}", made.number, made.package, made.package_version);
    done(&answer, it.json, verb, &what)?;
    Ok(Exit::Done)
}

const AFTER_UNINSTALL: &str = "\
Examples:
  cartwright uninstall demo/quotes
  cartwright uninstall demo/quotes --yes";

/// Takes a plugin off a shop's hook
#[derive(Args)]
#[command(after_help = AFTER_UNINSTALL)]
pub struct Uninstall {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    /// It is meant
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn uninstall(it: &Uninstall) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    let found = find(&client, &it.install)?;
    let install: Install = found.read()?;
    show::confirm(&format!("taking {} off {}", it.install, install.hook), &install.name, it.yes)?;
    client.send(&Ask::delete(&["shops", &install.shop, "installs", &install.id]).if_match(found.etag()))?;
    status("Uninstalled", format!("{}/{} from {}", install.shop, install.name, install.hook));
    Ok(Exit::Done)
}
