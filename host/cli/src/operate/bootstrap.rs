//! `cartwright bootstrap`: a store and the first token, with nobody there yet who could be asked for one.
//!
//! The one command here that opens the store itself: the server refuses whoever has no token.

use super::contexts::private;
use crate::commands::run::clock;
use crate::complaint::{Complaint, Exit};
use crate::terminal::status;
use cartwright_server::platform::keys::Keys;
use cartwright_server::tenancy::token::{Issued, issue};
use cartwright_store::{Actor, Page, Store, StoreError, StoreOptions, TokenKind, TokenScope};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Examples:
  cartwright bootstrap --store sqlite:cartwright.db --master-key master.key --to platform.token
  cartwright bootstrap --store postgres://cartwright@db/cartwright --master-key master.key > platform.token
  cartwright login --server http://127.0.0.1:8080 --token-file platform.token

It makes the tables, makes the master key where --master-key names a file that is not there yet, and prints a platform
token, this once. Where there is a platform token already it refuses; --again makes another one, for who has lost it.";

/// Makes a server's store, and prints the first platform token
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Bootstrap {
    /// The store: sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "URL", env = "CARTWRIGHT_STORE", hide_env_values = true)]
    store: String,
    /// The file with the key under which secrets are sealed; made when it is missing. The server needs the same
    #[arg(long, value_name = "FILE", env = "CARTWRIGHT_MASTER_KEY")]
    master_key: Option<PathBuf>,
    /// Writes the token to a new file that only you can read, instead of printing it
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Makes a token although there is one already
    #[arg(long)]
    again: bool,
}

pub fn bootstrap(it: &Bootstrap) -> anyhow::Result<Exit> {
    let to = it.to.as_ref().map(|path| private(path).map_err(|error| Complaint::io("writing", path, &error)));
    let to = to.transpose()?;
    let made = it.make();
    if made.is_err()
        && let Some(path) = &it.to
    {
        // It was made for a token that there is not.
        let _ = std::fs::remove_file(path);
    }
    let text = made?;
    if let (Some(mut file), Some(path)) = (to, &it.to) {
        writeln!(file, "{text}").map_err(|error| Complaint::io("writing", path, &error))?;
        status("Wrote", format!("the platform token to `{}`; it is shown this once", path.display()));
    } else {
        status("Made", "a platform token; it is shown this once");
        writeln!(anstream::stdout().lock(), "{text}")?;
    }
    Ok(Exit::Done)
}

impl Bootstrap {
    /// The token's text.
    fn make(&self) -> anyhow::Result<String> {
        if let Some(file) = &self.master_key {
            let there = file.exists();
            Keys::open(file, true).map_err(|error| {
                Complaint::failed(format!("the master key cannot be used: {error}"))
                    .hint("name another file, or mend this one; without its key the store's secrets cannot be read")
            })?;
            if !there {
                status(
                    "Made",
                    format!("the master key `{}`; keep a copy apart from the store's backups", file.display()),
                );
            }
        }
        let now = clock()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let made = runtime.block_on(async {
            let store = Store::open(StoreOptions::new(&self.store)).await?;
            status("Opened", "the store; its tables are there");
            if !self.again && has_platform_token(&store, now).await? {
                return Ok(None);
            }
            let Issued { new, text } = issue(TokenKind::Platform, None, "bootstrap", None, None);
            store.create_token(&Actor::new("cli:bootstrap"), &new).await?;
            Ok(Some(text))
        });
        let made = made.map_err(|error: StoreError| self.refusal(&error))?;
        let message = "the store has a platform token already";
        Ok(made.ok_or_else(|| {
            Complaint::refused(message).hint("ask who has it; or give --again, and revoke the lost one")
        })?)
    }

    fn refusal(&self, error: &StoreError) -> Complaint {
        let complaint = Complaint::failed(error.to_string());
        match error {
            StoreError::Unavailable { .. } => complaint.hint("is the database running, and may this user use it?"),
            StoreError::Open { .. } if self.store.starts_with("sqlite:") => {
                complaint.hint("does the folder exist, and may you write there?")
            }
            _ => complaint,
        }
    }
}

/// One that is good: neither revoked nor expired tokens open anything.
async fn has_platform_token(store: &Store, now: i64) -> Result<bool, StoreError> {
    let mut page = Page::first(Page::MOST);
    loop {
        let listed = store.tokens(TokenScope::All, &page).await?;
        let good = listed.items.iter().any(|token| {
            token.kind == TokenKind::Platform && token.revoked.is_none() && token.expires.is_none_or(|end| end > now)
        });
        match listed.next {
            Some(next) if !good => page.after = Some(next),
            _ => return Ok(good),
        }
    }
}
