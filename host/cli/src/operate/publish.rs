//! `cartwright publish`: a component into the server's catalogue, with its author's signature.

use super::client::{Answer, Ask, Client};
use super::contexts::ServerFlags;
use super::names::PackageAt;
use super::show::{self, JsonFlag};
use crate::complaint::{Complaint, Exit};
use crate::load;
use crate::terminal::{Progress, status};
use crate::words;
use cartwright_package::{AuthorKey, Digest, MAX_COMPONENT, Signature, check_name, check_version};
use cartwright_runtime::component;
use cartwright_store::PackageVersion;
use clap::Args;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  cartwright publish --key author.key                 in a plugin project: the component that was built
  cartwright publish quote.wasm --signature quote.wasm.minisig
  cartwright publish quote.wasm                       signed beside it (quote.wasm.minisig), or not at all

Name and version are those of the component's manifest; a version once published never changes. Publishing the same
bytes again is fine.";

/// Publishes a component to the server, signed by its author
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Publish {
    /// The plugin; may be left out in a plugin project, which has one
    component: Option<PathBuf>,
    /// The author's secret key, as `cartwright keygen` wrote it: signs the component now
    #[arg(long, value_name = "FILE", env = "CARTWRIGHT_AUTHOR_KEY", conflicts_with = "signature")]
    key: Option<PathBuf>,
    /// The key's password, when it has one: a file with it; `-` is stdin
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// A signature that `cartwright sign` made [default: COMPONENT.minisig, where there is one]
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// What it is published as, for a component whose manifest does not say it
    #[arg(long, value_name = "PACKAGE@VERSION")]
    r#as: Option<PackageAt>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

/// A component with what it is published as.
pub struct Packed {
    pub name: String,
    pub version: String,
    pub hooks: Vec<String>,
    pub component: Vec<u8>,
    pub digest: Digest,
}

impl Packed {
    /// Reads a component; where its manifest has no name or version, these are taken.
    pub fn read(path: &Path, name: Option<(&str, &str)>) -> Result<Self, Complaint> {
        let component = load::bytes_of(path)?;
        if component.len() > MAX_COMPONENT {
            let (size, most) = (words::bytes(component.len()), words::bytes(MAX_COMPONENT));
            return Err(Complaint::refused(format!("`{}` has {size}; a component has at most {most}", path.display()))
                .hint("build it with --release, and strip it"));
        }
        let facts = component::read(&component).map_err(|error| load::refusal(&error, path, None))?;
        let (name, version) = match (&facts.manifest, name) {
            (manifest, _) if !manifest.name.is_empty() => (manifest.name.clone(), manifest.version.clone()),
            (_, Some((name, version))) => (name.to_owned(), version.to_owned()),
            _ => {
                return Err(Complaint::refused(format!("`{}` has no manifest that names it", path.display()))
                    .hint("build it with the SDK, or say what it is: --as PACKAGE@VERSION"));
            }
        };
        check_name(&name).and_then(|()| check_version(&version)).map_err(|error| Complaint::refused(error.to_string()))?;
        let digest = Digest::of(&component);
        Ok(Self { name, version, hooks: facts.hooks, component, digest })
    }

    /// Sends it; `true` when it was not there yet.
    pub fn publish(&self, client: &Client, signature: Option<&Signature>) -> Result<(Answer, bool), Complaint> {
        let place = ["packages", &self.name, "versions", &self.version];
        let mut ask = Ask::put_bytes(&place, "application/wasm", &self.component);
        ask = ask.header("content-digest", self.digest.to_header());
        if let Some(signature) = signature {
            ask = ask.header("cartwright-signature", signature.to_header());
        }
        let size = words::bytes(self.component.len());
        let progress = Progress::spinner(format!("publishing {} {} ({size})", self.name, self.version));
        let answer = client.send(&ask)?;
        drop(progress);
        let created = answer.created();
        Ok((answer, created))
    }
}

pub fn publish(it: &Publish) -> anyhow::Result<Exit> {
    let path = load::component_or_projects(it.component.clone())?;
    let named = it.r#as.as_ref().map(|at| (at.package.as_str(), at.version.as_str()));
    let packed = Packed::read(&path, named)?;
    let signature = it.signature(&path, &packed)?;
    let client = it.server.client()?;
    let (answer, created) = packed.publish(&client, signature.as_ref())?;
    let version: PackageVersion = answer.read()?;
    if it.json.json {
        show::document(&answer.document)?;
    } else {
        let signed = version.author.map_or_else(|| "unsigned".into(), |author| format!("signed by {author}"));
        let verb = if created { "Published" } else { "Unchanged" };
        let hooks = version.hooks.join(", ");
        status(verb, format!("{}@{} for {hooks} ({}, {signed})", version.package, version.version, version.digest));
    }
    Ok(Exit::Done)
}

impl Publish {
    fn signature(&self, component: &Path, packed: &Packed) -> Result<Option<Signature>, Complaint> {
        if let Some(file) = &self.key {
            let password = self.password_file.as_deref().map(super::secrets::value_of).transpose()?;
            let key = AuthorKey::read(file, password.as_deref()).map_err(|error| Complaint::failed(error.to_string()))?;
            let signature = key.sign(&packed.component, &packed.name, &packed.version);
            return signature.map(Some).map_err(|error| Complaint::failed(error.to_string()));
        }
        match &self.signature {
            Some(file) => read_signature(file).map(Some),
            None => beside(component),
        }
    }
}

/// The signature that lies beside a component, if one does.
pub fn beside(component: &Path) -> Result<Option<Signature>, Complaint> {
    let mut name = OsString::from(component);
    name.push(".minisig");
    let file = PathBuf::from(name);
    if file.is_file() { read_signature(&file).map(Some) } else { Ok(None) }
}

fn read_signature(file: &Path) -> Result<Signature, Complaint> {
    let text = fs::read_to_string(file).map_err(|error| Complaint::io("reading the signature", file, &error))?;
    Signature::parse(&text).map_err(|error| Complaint::refused(format!("`{}`: {error}", file.display())))
}
