//! `cartwright author`: whose signatures the server believes.

use super::client::{Answer, Ask};
use super::contexts::ServerFlags;
use super::show::{self, JsonFlag};
use crate::complaint::{Complaint, Exit};
use crate::terminal::status;
use cartwright_store::Author;
use clap::{Args, Subcommand};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  cartwright author add acme --key acme.pub
  cartwright author list
  cartwright author remove acme

An author's key pair is made by `cartwright keygen`; the public half is given to the platform.";

/// Says whose signatures are believed (platform)
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct AuthorCommand {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Believes an author's signatures from now on
    Add {
        name: String,
        /// The file of the public key, as `cartwright keygen` or minisign wrote it
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Whose signatures are believed
    List {
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Believes them no more: what is published stays, nothing new is taken
    Remove {
        name: String,
        #[command(flatten)]
        server: ServerFlags,
    },
}

pub fn author(it: &AuthorCommand) -> anyhow::Result<Exit> {
    match &it.command {
        Commands::Add { name, key, json, server } => {
            let body = json!({ "name": name, "publicKey": public_key(key)? });
            let answer = server.client()?.send(&Ask::post(&["authors"], &body))?;
            done(&answer, *json, "Added", name)?;
        }
        Commands::List { json, server } => {
            let items = server.client()?.list(|| Ask::get(&["authors"]), None)?;
            let none = "no author's signature is believed; `cartwright author add` names one";
            let heads = ["author", "public key", "since", "revoked"];
            return show::list(items, json.json, none, &heads, |author: Author| {
                [author.name, author.public_key, show::at(author.created), show::maybe_at(author.revoked)]
            });
        }
        Commands::Remove { name, server } => {
            server.client()?.send(&Ask::delete(&["authors", name]))?;
            status("Removed", name);
        }
    }
    Ok(Exit::Done)
}

/// The document as JSON, or a status line.
pub fn done(answer: &Answer, json: JsonFlag, verb: &str, what: &str) -> anyhow::Result<()> {
    if json.json {
        show::document(&answer.document)?;
    } else {
        status(verb, what);
    }
    Ok(())
}

/// The key's line; what minisign writes above it is for people.
fn public_key(file: &Path) -> Result<String, Complaint> {
    let text = fs::read_to_string(file).map_err(|error| Complaint::io("reading the public key", file, &error))?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("untrusted comment:"));
    line.map(str::to_owned).ok_or_else(|| {
        Complaint::refused(format!("`{}` holds no public key", file.display()))
            .hint("give the .pub file that `cartwright keygen` wrote")
    })
}
