//! `cartwright publish`: a component into the server's catalogue, with its author's signature.

use super::client::{Answer, Ask, Client};
use super::contexts::ServerFlags;
use super::show::{self, JsonFlag};
use crate::author::KeyFlags;
use crate::complaint::{Complaint, Exit};
use crate::packaged::PackageFlags;
use crate::terminal::{Progress, status};
use crate::words;
use cartwright_package::{AuthorKey, Package};
use cartwright_store::PackageVersion;
use clap::Args;

const AFTER_HELP: &str = "\
Examples:
  cartwright publish --sign                  in a plugin project: the component that was built, signed now
  cartwright publish quote.wasm              with the signature beside it, quote.wasm.minisig
  cartwright publish quote.wasm --key acme.key

Name and version are those of the component's manifest; a version once published never changes. Publishing the same
bytes again is fine.";

/// Publishes a component to the server, signed by its author
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Publish {
    #[command(flatten)]
    package: PackageFlags,
    /// Signs it now, with the key that --key names or that lies where `cartwright keygen` puts it
    #[arg(long)]
    sign: bool,
    #[command(flatten)]
    key: KeyFlags,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn publish(it: &Publish) -> anyhow::Result<Exit> {
    let packaged = it.package.read()?;
    let package =
        if it.sign || it.key.is_named() { sign(packaged.package, &it.key.read()?)? } else { packaged.signed()? };
    let client = it.server.client()?;
    let answer = send(&client, &package)?;
    let version: PackageVersion = answer.read()?;
    if it.json.json {
        show::document(&answer.document)?;
    } else {
        let signed = version.author.map_or_else(|| "unsigned".into(), |author| format!("signed by {author}"));
        let verb = if answer.created() { "Published" } else { "Unchanged" };
        let hooks = version.hooks.join(", ");
        status(verb, format!("{}@{} for {hooks} ({}, {signed})", version.package, version.version, version.digest));
    }
    Ok(Exit::Done)
}

/// With this author's signature.
pub fn sign(package: Package, key: &AuthorKey) -> Result<Package, Complaint> {
    let signature = key.sign(package.component(), package.name(), package.version());
    signature.map(|signature| package.with_signature(signature)).map_err(|error| Complaint::failed(error.to_string()))
}

/// Uploads it.
pub fn send(client: &Client, package: &Package) -> Result<Answer, Complaint> {
    let place = ["packages", package.name(), "versions", package.version()];
    let mut ask = Ask::put_bytes(&place, "application/wasm", package.component());
    ask = ask.header("content-digest", package.digest().to_header());
    if let Some(signature) = package.signature() {
        ask = ask.header("cartwright-signature", signature.to_header());
    }
    let size = words::bytes(package.component().len());
    let _progress = Progress::spinner(format!("publishing {} {} ({size})", package.name(), package.version()));
    client.send(&ask)
}
