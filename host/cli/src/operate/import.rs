//! `cartwright shop import`: a folder shop into the store, as often as one likes: what is there already stays as it is.

use super::client::{Ask, Client, read};
use super::contexts::ServerFlags;
use super::installs::warnings;
use super::publish;
use super::secrets::value_of;
use super::show;
use super::stages::stage;
use crate::author::KeyFlags;
use crate::complaint::{Complaint, Exit};
use crate::packaged::PackageFlags;
use crate::terminal::{Progress, status};
use cartwright_package::Package;
use cartwright_store::{Install, RevisionHead, Shop};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  cartwright shop import xtask/demo/shops/demo --into demo --sign
  cartwright shop import shops/demo --into demo          components that are signed beside them, or unsigned

The folder is one that `cartwright serve --shops` takes. Its components are published, each plugin becomes an install that
is named by its package, secrets are set from where shop.json says they are, and everything is made live. Done again, only
what changed is changed.";

/// Takes a folder shop (shop.json) into the server: components, settings, secrets
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Import {
    /// The shop's folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The shop; made if it is not there yet
    #[arg(long, value_name = "SHOP")]
    into: String,
    /// Signs the components now, with the key that --key names or that lies where `cartwright keygen` puts it
    #[arg(long)]
    sign: bool,
    #[command(flatten)]
    key: KeyFlags,
    /// Leaves what changed as a draft instead of making it live
    #[arg(long)]
    drafts: bool,
    #[command(flatten)]
    server: ServerFlags,
}

/// `shop.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopFile {
    name: String,
    #[serde(default)]
    plugins: BTreeMap<String, OneOrSeveral>,
    #[serde(default)]
    fallbacks: BTreeMap<String, Value>,
    #[serde(default)]
    secrets: BTreeMap<String, Source>,
    currency: Option<Value>,
    stock: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrSeveral {
    One(Plugin),
    Several(Vec<Plugin>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plugin {
    component: PathBuf,
    settings: PathBuf,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Source {
    Env(String),
    File(PathBuf),
}

impl OneOrSeveral {
    fn all(&self) -> &[Plugin] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        }
    }
}

/// A plugin with all that it takes.
struct Wanted {
    hook: String,
    name: String,
    package: Package,
    settings: String,
    file: String,
}

pub fn import(it: &Import) -> anyhow::Result<Exit> {
    // All files first: what is missing is told before anything is changed.
    let (file, shop) = read_folder(&it.folder)?;
    let wanted = it.plugins(&shop)?;
    let secrets = secrets(&it.folder, &shop)?;
    let client = it.server.client()?;
    put_shop(&client, &it.into, &file, &shop)?;
    for (name, value) in &secrets {
        client.send(&Ask::put(&["shops", &it.into, "secrets", name], &json!({ "value": value })))?;
        status("Set", format!("the secret {name}"));
    }
    let id = it.into.as_str();
    let there = client.list(|| Ask::get(&["shops", id, "installs"]), None)?;
    let there: Vec<Install> = there.iter().map(read).collect::<Result<_, _>>()?;
    let progress = Progress::bar(wanted.len(), "plugins:");
    for plugin in &wanted {
        let created = publish::send(&client, &plugin.package)?.created();
        let what = format!("{}@{}", plugin.package.name(), plugin.package.version());
        progress.aside(|| status(if created { "Published" } else { "Unchanged" }, what));
        let found = there.iter().find(|install| install.hook == plugin.hook && install.name == plugin.name);
        let (verb, what) = it.put_plugin(&client, plugin, found)?;
        progress.aside(|| status(verb, what));
        progress.step();
    }
    drop(progress);
    status("Imported", format!("{} as {}", it.folder.display(), it.into));
    Ok(Exit::Done)
}

fn read_folder(folder: &Path) -> Result<(String, ShopFile), Complaint> {
    let file = folder.join("shop.json");
    let text = show::json_file(&file, "the shop")?;
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let shop: ShopFile = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        Complaint::refused(format!("`{}`: at `{}`, {}", file.display(), error.path(), error.inner()))
            .hint("`cartwright serve --help` shows a shop.json")
    })?;
    Ok((file.display().to_string(), shop))
}

fn secrets(folder: &Path, shop: &ShopFile) -> Result<Vec<(String, String)>, Complaint> {
    let one = |(name, source): (&String, &Source)| {
        let value = match source {
            Source::File(file) => value_of(&folder.join(file))?,
            Source::Env(variable) => std::env::var(variable).map_err(|_| {
                Complaint::failed(format!("the secret {name} is in the variable {variable}, which is not set"))
                    .hint(format!("set it, or take {name} out of shop.json and `cartwright secret set` it"))
            })?,
        };
        Ok((name.clone(), value))
    };
    shop.secrets.iter().map(one).collect()
}

/// The shop, with its document, as shop.json says it. What else stands in its document stays.
fn put_shop(client: &Client, id: &str, file: &str, shop: &ShopFile) -> anyhow::Result<()> {
    let place = ["shops", id];
    let found = client.send_unless(404, &Ask::get(&place))?;
    let old: Option<Shop> = found.as_ref().map(super::client::Answer::read).transpose()?;
    let mut document = old.as_ref().map_or_else(|| json!({}), |old| old.document.clone());
    let rates = shop.fallbacks.get("shipping-quote");
    for (name, value) in [("currency", shop.currency.as_ref()), ("stock", shop.stock.as_ref()), ("backupRates", rates)]
    {
        if let Some(value) = value {
            document[name] = value.clone();
        }
    }
    let body = json!({ "name": shop.name, "document": document });
    match old {
        None => {
            let mut body = body;
            body["id"] = json!(id);
            client.send(&Ask::post(&["shops"], &body).origin("", file))?;
            status("Created", id);
        }
        Some(old) if old.name == shop.name && old.document == document => status("Unchanged", id),
        Some(old) => {
            let mut body = body;
            body["class"] = json!(old.class);
            let etag = found.as_ref().and_then(super::client::Answer::etag);
            client.send(&Ask::put(&place, &body).if_match(etag).origin("", file))?;
            status("Changed", id);
        }
    }
    Ok(())
}

impl Import {
    fn plugins(&self, shop: &ShopFile) -> Result<Vec<Wanted>, Complaint> {
        let key = (self.sign || self.key.is_named()).then(|| self.key.read()).transpose()?;
        let mut wanted: Vec<Wanted> = Vec::new();
        for (hook, plugins) in &shop.plugins {
            for plugin in plugins.all() {
                let path = self.folder.join(&plugin.component);
                let packaged = PackageFlags::of(path).read()?;
                let package = match &key {
                    Some(key) => publish::sign(packaged.package, key)?,
                    None => packaged.signed()?,
                };
                let file = self.folder.join(&plugin.settings);
                let settings = show::json_file(&file, "the settings")?;
                let twins = wanted.iter().filter(|it| it.hook == *hook && it.package.name() == package.name()).count();
                let name = install_name(package.name(), twins);
                let file = file.display().to_string();
                wanted.push(Wanted { hook: hook.clone(), name, package, settings, file });
            }
        }
        Ok(wanted)
    }

    /// Installs it, or makes a revision of what is installed where that differs; and makes it live.
    fn put_plugin(
        &self,
        client: &Client,
        wanted: &Wanted,
        found: Option<&Install>,
    ) -> anyhow::Result<(&'static str, String)> {
        let (shop, package, version) = (self.into.as_str(), wanted.package.name(), wanted.package.version());
        let (id, etag, revision, new) = match found {
            None => {
                let body = json!({ "hook": wanted.hook, "name": wanted.name, "package": package, "version": version });
                let ask = Ask::post(&["shops", shop, "installs"], &body).member("settings", &wanted.settings);
                let answer = client.send(&ask.origin("/settings", &wanted.file))?;
                warnings(&answer.document);
                let install: Install = answer.read()?;
                (install.id, answer.etag().map(str::to_owned), install.newest, true)
            }
            Some(install) => {
                let place = ["shops", shop, "installs", &install.id];
                let number = if self.drafts { install.newest } else { install.live.unwrap_or(install.newest) };
                let now = client.send(&Ask::get(&[&place[..], &["revisions", &number.to_string()]].concat()))?;
                let head: RevisionHead = now.read()?;
                let settings = now.document.get("settings").and_then(Value::as_str).unwrap_or_default();
                let same = head.package == package && head.package_version == version && settings == wanted.settings;
                if same && (self.drafts || install.live == Some(number)) {
                    return Ok(("Unchanged", format!("{shop}/{}@{number} on {}", install.name, install.hook)));
                }
                let etag = format!("\"{}\"", install.version);
                if same {
                    (install.id.clone(), Some(etag), number, false)
                } else {
                    let body = json!({ "package": package, "version": version });
                    let ask =
                        Ask::post(&[&place[..], &["revisions"]].concat(), &body).member("settings", &wanted.settings);
                    let answer = client.send(&ask.if_match(Some(&etag)).origin("/settings", &wanted.file))?;
                    warnings(&answer.document);
                    let made: RevisionHead = answer.read()?;
                    let now = client.send(&Ask::get(&place))?;
                    (install.id.clone(), now.etag().map(str::to_owned), made.number, false)
                }
            }
        };
        let what = format!("{shop}/{}@{revision} ({package} {version} on {})", wanted.name, wanted.hook);
        if self.drafts {
            return Ok((if new { "Installed" } else { "Drafted" }, what));
        }
        let body = json!({ "stage": "live", "revision": revision, "why": "imported from a folder" });
        stage(client, shop, &id, etag.as_deref(), &body)?;
        Ok(("Activated", what))
    }
}

/// `shipping-quote`, and the second one of a hook `shipping-quote-2`.
fn install_name(package: &str, twins: usize) -> String {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let name: String = package.to_ascii_lowercase().chars().map(|c| if fits(c) { c } else { '-' }).take(60).collect();
    if twins == 0 { name } else { format!("{name}-{}", twins + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_install_has_its_packages_name_in_letters_that_names_may_have() {
        assert_eq!(install_name("shipping-quote", 0), "shipping-quote");
        assert_eq!(install_name("Acme.Flat_Rate", 1), "acme-flat-rate-2");
    }
}
