//! `cartwright secret` and `cartwright erase`: what a shop trusts the server with, and taking it back.

use super::client::Ask;
use super::contexts::ServerFlags;
use super::show::{self, JsonFlag};
use crate::complaint::{Complaint, Exit};
use crate::terminal::status;
use cartwright_store::Secret;
use clap::{Args, Subcommand};
use serde_json::json;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

/// More is no password or key.
const LARGEST: u64 = 64 << 10;

const AFTER_SECRET: &str = "\
Examples:
  cartwright secret set demo RATES_KEY --file rates.key
  pass show rates | cartwright secret set demo RATES_KEY
  cartwright secret list demo
  cartwright secret remove demo RATES_KEY

A plugin's plan writes {{secret:RATES_KEY}} where the value belongs; the plugin never sees it, and no command shows it.
The end of the file's last line does not count.";

/// Sets, lists and removes what plugins' plans need to be let in elsewhere
#[derive(Args)]
#[command(after_help = AFTER_SECRET)]
pub struct SecretCommand {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Sets a secret; its value comes from stdin or a file, never from the command line
    Set {
        shop: String,
        name: String,
        /// The file with the value; `-` is stdin
        #[arg(long, value_name = "FILE", default_value = "-")]
        file: PathBuf,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Which there are; values are never shown
    List {
        shop: String,
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Removes a secret
    Remove {
        shop: String,
        name: String,
        #[command(flatten)]
        server: ServerFlags,
    },
}

pub fn secret(it: &SecretCommand) -> anyhow::Result<Exit> {
    match &it.command {
        Commands::Set { shop, name, file, server } => {
            let client = server.client()?;
            let value = value_of(file)?;
            client.send(&Ask::put(&["shops", shop, "secrets", name], &json!({ "value": value })))?;
            status("Set", format!("the secret {name} of {shop}"));
        }
        Commands::List { shop, json, server } => {
            let items = server.client()?.list(|| Ask::get(&["shops", shop, "secrets"]), None)?;
            return show::list(
                items,
                json.json,
                "there is no secret",
                &["secret", "set", "first set"],
                |secret: Secret| [secret.name, show::at(secret.updated), show::at(secret.created)],
            );
        }
        Commands::Remove { shop, name, server } => {
            server.client()?.send(&Ask::delete(&["shops", shop, "secrets", name]))?;
            status("Removed", format!("the secret {name} of {shop}"));
        }
    }
    Ok(Exit::Done)
}

/// What a secret's file holds. Nothing of it is told, whatever is wrong.
pub fn value_of(file: &Path) -> Result<String, Complaint> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        if io::stdin().is_terminal() {
            status("Waiting", "for the value; paste it, then Enter and Ctrl-D");
        }
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Complaint::io("reading the secret", file, &error))?;
    let refused = |why: &str| Complaint::refused(format!("`{}` {why}", file.display()));
    if bytes.len() as u64 > LARGEST {
        return Err(refused("is too large for a secret").hint("a secret has at most 64 KiB"));
    }
    let text =
        String::from_utf8(bytes).map_err(|_| refused("is no UTF-8 text").hint("encode it, for example as base64"))?;
    let value = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if value.is_empty() { Err(refused("is empty").hint("nothing was set")) } else { Ok(value.to_owned()) }
}

const AFTER_ERASE: &str = "\
Examples:
  cartwright erase demo
  cartwright erase demo --yes

The key with which the personal fields of the shop's records are encrypted is destroyed: nobody can read them again, in
no backup either. What is not personal stays. A new key is made for what comes after.";

/// Makes the personal fields of a shop's records unreadable, for ever
#[derive(Args)]
#[command(after_help = AFTER_ERASE)]
pub struct Erase {
    shop: String,
    /// It is meant
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn erase(it: &Erase) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    // A mistyped name is told before anybody is asked whether it is meant.
    client.send(&Ask::get(&["shops", &it.shop]))?;
    show::confirm(&format!("erasing the personal fields of {}'s records", it.shop), &it.shop, it.yes)?;
    let answer = client.send(&Ask::post(&["shops", &it.shop, "erasure"], &json!({})))?;
    super::authors::done(&answer, it.json, "Erased", &format!("the personal fields of {}'s records", it.shop))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_last_line_is_no_part_of_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        for (text, value) in [("k", "k"), ("k\n", "k"), ("k\r\n", "k"), ("k\n\n", "k\n"), (" k ", " k ")] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(value_of(&file).unwrap(), value, "{text:?}");
        }
        for bytes in [&b""[..], b"\n", b"\xff\xfe", &vec![b'a'; 70_000]] {
            std::fs::write(&file, bytes).unwrap();
            assert!(value_of(&file).is_err());
        }
    }
}
