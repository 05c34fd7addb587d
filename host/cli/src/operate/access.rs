//! `cartwright token`: who may ask the server for what.

use super::authors::done;
use super::client::{Answer, Ask};
use super::contexts::{ServerFlags, private};
use super::names::Span;
use super::show::{self, JsonFlag};
use crate::commands::run::clock;
use crate::complaint::{Complaint, Exit};
use crate::terminal::status;
use cartwright_store::{Token, TokenKind};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  cartwright token create --kind checkout --shop demo --label storefront --to storefront.token
  cartwright token create --kind admin --shop demo --label owner --expires 90d > owner.token
  cartwright token list --shop demo
  cartwright token rotate 0199… --shop demo --overlap 10m --to storefront.token
  cartwright token revoke 0199… --shop demo

Kinds:
  platform   everything
  admin      everything of its own shop
  checkout   decisions of its own shop, and nothing else
A token is shown once; the server keeps only its hash.";

/// Makes, lists, rotates and revokes tokens
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct TokenCommand {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Platform,
    Admin,
    Checkout,
}

#[derive(Subcommand)]
enum Commands {
    /// Makes a token and prints it, this once
    Create {
        /// What it is good for
        #[arg(long, value_enum)]
        kind: Kind,
        /// The shop of an admin or a checkout token
        #[arg(long, required_if_eq_any([("kind", "admin"), ("kind", "checkout")]))]
        shop: Option<String>,
        /// What it is called in lists
        #[arg(long, default_value = "cli")]
        label: String,
        /// For how long it is good, such as 90d [default: until it is revoked]
        #[arg(long, value_name = "TIME")]
        expires: Option<Span>,
        #[command(flatten)]
        once: Once,
    },
    /// Which there are, without what proves them
    List {
        /// Those of one shop
        #[arg(long)]
        shop: Option<String>,
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Gives a token a new secret and prints it, this once
    Rotate {
        id: String,
        /// The shop that it is of
        #[arg(long)]
        shop: Option<String>,
        /// For how long the old secret is good beside the new one
        #[arg(long, value_name = "TIME", default_value = "10m")]
        overlap: Span,
        #[command(flatten)]
        once: Once,
    },
    /// Makes a token worthless
    Revoke {
        id: String,
        /// The shop that it is of
        #[arg(long)]
        shop: Option<String>,
        #[command(flatten)]
        server: ServerFlags,
    },
}

/// How what is shown once is shown.
#[derive(Args)]
pub struct Once {
    /// Writes it to a new file that only you can read, instead of printing it
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    to: Option<PathBuf>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    pub server: ServerFlags,
}

pub fn token(it: &TokenCommand) -> anyhow::Result<Exit> {
    match &it.command {
        Commands::Create { kind, shop, label, expires, once } => {
            let to = once.prepare()?;
            let kind = match kind {
                Kind::Platform => TokenKind::Platform,
                Kind::Admin => TokenKind::ShopAdmin,
                Kind::Checkout => TokenKind::ShopCheckout,
            };
            let mut body = json!({ "kind": kind, "label": label });
            if let Some(Span(seconds)) = expires {
                body["expires"] = json!(clock()?.saturating_add(*seconds));
            }
            let answer = once.server.client()?.send(&Ask::post(&path(shop.as_deref(), &[]), &body))?;
            once.show(to, &answer, &format!("{kind} token {}", id(&answer)))?;
        }
        Commands::List { shop, json, server } => {
            let items = server.client()?.list(|| Ask::get(&path(shop.as_deref(), &[])), None)?;
            let heads = ["id", "kind", "shop", "label", "created", "expires", "revoked"];
            return show::list(items, json.json, "there is no token", &heads, |token: Token| {
                let (shop, expires) = (show::or_dash(token.shop.as_deref()), show::maybe_at(token.expires));
                let (created, revoked) = (show::at(token.created), show::maybe_at(token.revoked));
                [token.id, token.kind.to_string(), shop, token.label, created, expires, revoked]
            });
        }
        Commands::Rotate { id, shop, overlap, once } => {
            let to = once.prepare()?;
            let body = json!({ "overlap": overlap.0 });
            let answer = once.server.client()?.send(&Ask::post(&path(shop.as_deref(), &[id, "rotate"]), &body))?;
            once.show(to, &answer, &format!("a new secret of token {id}"))?;
        }
        Commands::Revoke { id, shop, server } => {
            let answer = server.client()?.send(&Ask::delete(&path(shop.as_deref(), &[id])))?;
            done(&answer, JsonFlag::default(), "Revoked", id)?;
        }
    }
    Ok(Exit::Done)
}

fn path<'a>(shop: Option<&'a str>, rest: &[&'a str]) -> Vec<&'a str> {
    let start: &[&str] = if shop.is_some() { &["shops"] } else { &[] };
    [start, shop.as_slice(), &["tokens"], rest].concat()
}

fn id(answer: &Answer) -> &str {
    answer.document.get("id").and_then(Value::as_str).unwrap_or_default()
}

impl Once {
    /// The file for it, before anything is made that could not be written then.
    pub fn prepare(&self) -> Result<Option<File>, Complaint> {
        let file = self.to.as_deref().map(|path| (path, private(path)));
        let opened = file.map(|(path, file)| file.map_err(|error| not_written(path, &error)));
        opened.transpose()
    }

    /// What is secret goes alone to stdout or into the file.
    pub fn show(&self, to: Option<File>, answer: &Answer, what: &str) -> anyhow::Result<()> {
        let secret = ["secret", "token"].iter().find_map(|name| answer.document.get(name)?.as_str());
        let secret = secret.ok_or_else(|| {
            Complaint::failed(format!("the server's answer does not show {what}"))
                .hint("it was shown when it was first made; rotate it to get another one")
        })?;
        if let (Some(mut file), Some(path)) = (to, &self.to) {
            writeln!(file, "{secret}").map_err(|error| not_written(path, &error))?;
            status("Wrote", format!("{what} to `{}`; it is shown this once", path.display()));
        } else if self.json.json {
            show::document(&answer.document)?;
        } else {
            status("Made", format!("{what}; it is shown this once"));
            writeln!(anstream::stdout().lock(), "{secret}")?;
        }
        Ok(())
    }
}

fn not_written(path: &Path, error: &io::Error) -> Complaint {
    let complaint = Complaint::io("writing", path, error);
    if error.kind() == io::ErrorKind::AlreadyExists {
        complaint.hint("name a file that is not there yet")
    } else {
        complaint
    }
}
