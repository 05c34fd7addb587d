//! `cartwright login` and `cartwright context`: servers by name, so that commands need no address and no token.

use super::client::{Ask, address};
use super::contexts::{Context, Contexts, client, token_of};
use super::show;
use super::show::JsonFlag;
use crate::complaint::Exit;
use crate::table::Table;
use crate::terminal::status;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

const AFTER_LOGIN: &str = "\
Examples:
  cartwright login --server https://cartwright.example --token-file token
  cartwright login --server http://127.0.0.1:8080 --name local < token

The token is kept in $XDG_CONFIG_HOME/cartwright/contexts.json (or ~/.config/…), which only you can read.
--server, --token, --token-file and --context, or CARTWRIGHT_SERVER, CARTWRIGHT_TOKEN, CARTWRIGHT_TOKEN_FILE
and CARTWRIGHT_CONTEXT, say otherwise for one command.";

/// Keeps a server's address and a token for it, as a context
#[derive(Args)]
#[command(after_help = AFTER_LOGIN)]
pub struct Login {
    /// The server's address
    #[arg(long, value_name = "URL", env = "CARTWRIGHT_SERVER", value_parser = address)]
    server: String,
    /// A file with the token; `-` is stdin
    #[arg(long, value_name = "FILE", default_value = "-")]
    token_file: PathBuf,
    /// What the context is called [default: the server's host]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A certificate (PEM) that signed the server's, when no public authority did
    #[arg(long, value_name = "FILE", env = "CARTWRIGHT_CA")]
    ca: Option<PathBuf>,
}

pub fn login(it: &Login) -> anyhow::Result<Exit> {
    if it.token_file == Path::new("-") && std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        status("Waiting", "for the token; paste it, then Enter and Ctrl-D");
    }
    let token = token_of(&it.token_file)?;
    let ca = it.ca.as_ref().map(std::path::absolute).transpose()?;
    let context = Context { server: it.server.clone(), token: Some(token), ca };
    // Whatever the token may do, this tells whether the server knows it.
    client(&context)?.send_unless(403, &Ask::get(&["packages"]).query("limit", Some(1)))?;
    let host = || it.server.split("//").last().unwrap_or_default().split('/').next().unwrap_or_default().to_owned();
    let name = it.name.clone().unwrap_or_else(host);
    let mut contexts = Contexts::open()?;
    contexts.contexts.insert(name.clone(), context);
    contexts.current = Some(name.clone());
    contexts.save()?;
    status("Logged in", format!("to {} as context {name}", it.server));
    Ok(Exit::Done)
}

const AFTER_CONTEXT: &str = "\
Examples:
  cartwright context list
  cartwright context use local
  cartwright context remove local";

/// Shows the servers that one logged in to, and says which is asked
#[derive(Args)]
#[command(after_help = AFTER_CONTEXT)]
pub struct ContextCommand {
    #[command(subcommand)]
    command: Contextual,
}

#[derive(Subcommand)]
enum Contextual {
    /// Which there are; the current one has a star
    List {
        #[command(flatten)]
        json: JsonFlag,
    },
    /// Makes one the current one
    Use { name: String },
    /// Forgets one and its token; the token stays valid until it is revoked
    Remove { name: String },
}

pub fn context(it: &ContextCommand) -> anyhow::Result<Exit> {
    let mut contexts = Contexts::open()?;
    match &it.command {
        Contextual::List { json: JsonFlag { json: true } } => {
            let one = |(name, context): (&String, &Context)| json!({ "name": name, "server": context.server, "current": contexts.current.as_ref() == Some(name) });
            show::document(&contexts.contexts.iter().map(one).collect())?;
        }
        Contextual::List { .. } => {
            let mut table = Table::new(&["", "context", "server"]);
            for (name, context) in &contexts.contexts {
                let star = if contexts.current.as_ref() == Some(name) { "*" } else { " " };
                table.row(&[star.into(), name.clone(), context.server.clone()]);
            }
            show::table(&table, "there is no context yet; `cartwright login` makes one")?;
        }
        Contextual::Use { name } => {
            let server = contexts.chosen(Some(name))?.server.clone();
            contexts.current = Some(name.clone());
            contexts.save()?;
            status("Using", format!("{name} ({server})"));
        }
        Contextual::Remove { name } => {
            contexts.chosen(Some(name))?;
            contexts.contexts.remove(name);
            contexts.current = contexts.current.filter(|current| current != name);
            contexts.save()?;
            status("Removed", name);
        }
    }
    Ok(Exit::Done)
}
