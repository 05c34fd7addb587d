//! `cartwright shop`: the merchants of a platform.

use super::authors::done;
use super::client::{Ask, read};
use super::contexts::ServerFlags;
use super::import::{self, Import};
use super::show::{self, JsonFlag, MostFlag};
use crate::complaint::{Complaint, Exit};
use crate::table::plain;
use crate::terminal::status;
use cartwright_store::Shop;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  cartwright shop create demo --name 'Demo Outfitters' --document shop.json
  cartwright shop list
  cartwright shop show demo
  cartwright shop set demo --class large
  cartwright shop import xtask/demo/shops/demo --into demo
  cartwright shop delete demo

A shop's document holds what the host needs to know of it:
  { \"currency\": \"USD\", \"origins\": [\"https://shop.example\"],
    \"limits\": { \"requestsPerSecond\": 100, \"concurrent\": 16, \"cpuPercent\": 25 } }";

/// Makes, shows, changes and deletes shops; takes a folder shop into the store
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct ShopCommand {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Which there are
    List {
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        most: MostFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Makes a shop
    Create {
        /// In addresses: a-z, 0-9 and -, at most 63
        shop: String,
        #[command(flatten)]
        given: Given,
    },
    /// A shop with its document
    Show {
        shop: String,
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Changes what is given, and nothing else
    Set {
        shop: String,
        #[command(flatten)]
        given: Given,
    },
    /// Deletes a shop with all that it has: installs, tokens, secrets, records
    Delete {
        shop: String,
        /// It is meant
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        server: ServerFlags,
    },
    Import(Import),
}

#[derive(Args)]
struct Given {
    /// What people call it
    #[arg(long)]
    name: Option<String>,
    /// What metrics and limits are grouped by
    #[arg(long)]
    class: Option<String>,
    /// A JSON file: currency, limits, recording …; `-` is stdin
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

impl Given {
    fn document(&self) -> Result<Option<Value>, Complaint> {
        self.document.as_deref().map(document_of).transpose()
    }

    fn file(&self) -> String {
        self.document.as_ref().map(|file| file.display().to_string()).unwrap_or_default()
    }
}

fn document_of(file: &Path) -> Result<Value, Complaint> {
    let text = show::json_file(file, "the shop's document")?;
    serde_json::from_str(&text).map_err(|error| Complaint::refused(format!("`{}`: {error}", file.display())))
}

pub fn shop(it: &ShopCommand) -> anyhow::Result<Exit> {
    match &it.command {
        Commands::List { json, most, server } => {
            let items = server.client()?.list(|| Ask::get(&["shops"]), Some(most.most()))?;
            let none = "there is no shop; `cartwright shop create` makes one";
            return show::list(items, json.json, none, &["shop", "name", "class", "created"], |shop: Shop| {
                [shop.id, shop.name, shop.class, show::at(shop.created)]
            });
        }
        Commands::Create { shop, given } => {
            let mut body = json!({ "id": shop, "name": given.name.as_ref().unwrap_or(shop) });
            if let Some(class) = &given.class {
                body["class"] = json!(class);
            }
            body["document"] = given.document()?.unwrap_or_else(|| json!({}));
            let file = given.file();
            let answer = given.server.client()?.send(&Ask::post(&["shops"], &body).origin("/document", &file))?;
            done(&answer, given.json, "Created", shop)?;
        }
        Commands::Show { shop, json, server } => {
            let answer = server.client()?.send(&Ask::get(&["shops", shop]))?;
            if json.json {
                show::document(&answer.document)?;
            } else {
                people(&answer.document)?;
            }
        }
        Commands::Set { shop, given } => set(shop, given)?,
        Commands::Delete { shop, yes, server } => {
            let client = server.client()?;
            let found = client.send(&Ask::get(&["shops", shop]))?;
            show::confirm(&format!("deleting {shop} with all that it has"), shop, *yes)?;
            client.send(&Ask::delete(&["shops", shop]).if_match(found.etag()))?;
            status("Deleted", shop);
        }
        Commands::Import(import) => return import::import(import),
    }
    Ok(Exit::Done)
}

fn set(shop: &str, given: &Given) -> anyhow::Result<()> {
    let document = given.document()?;
    if given.name.is_none() && given.class.is_none() && document.is_none() {
        return Err(Complaint::usage("nothing to change was given")
            .hint("give --name, --class or --document; `cartwright shop show` tells what there is")
            .into());
    }
    let client = given.server.client()?;
    let found = client.send(&Ask::get(&["shops", shop]))?;
    let old: Shop = found.read()?;
    let body = json!({
        "name": given.name.as_ref().unwrap_or(&old.name),
        "class": given.class.as_ref().unwrap_or(&old.class),
        "document": document.unwrap_or(old.document),
    });
    let file = given.file();
    let ask = Ask::put(&["shops", shop], &body).if_match(found.etag()).origin("/document", &file);
    done(&client.send(&ask)?, given.json, "Changed", shop)
}

fn people(document: &Value) -> anyhow::Result<()> {
    use std::io::Write;
    let shop: Shop = read(document)?;
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{} ({})  class {}, made {}, version {}",
        shop.name,
        shop.id,
        shop.class,
        show::at(shop.created),
        shop.version
    )?;
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    for hook in list(document, "hooks") {
        for plugin in list(&hook, "plugins") {
            let text =
                |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(plain).unwrap_or_default();
            let revision = plugin.get("revision").and_then(Value::as_i64).unwrap_or_default();
            let (hook, name, version) = (text(&hook, "hook"), text(&plugin, "name"), text(&plugin, "version"));
            writeln!(out, "  {hook}: {name} {version}, as {}@{revision}", text(&plugin, "installedAs"))?;
        }
    }
    if shop.document.as_object().is_none_or(|members| !members.is_empty()) {
        writeln!(out, "{:#}", shop.document)?;
    }
    Ok(())
}
