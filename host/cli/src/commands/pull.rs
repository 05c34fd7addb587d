//! `cartwright pull`: a package out of an OCI registry.

use crate::author::author;
use crate::complaint::{Complaint, Exit};
use crate::packaged::{self, beside, title};
use crate::registry::{LOGIN, RegistryFlags, reference, wait};
use crate::terminal::{Progress, status, warn};
use cartwright_package::{Digest, DigestError, RegistryOptions, Trust};
use clap::Args;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cartwright pull ghcr.io/acme/flat-rate:1.0.0                             flat-rate-1.0.0.wasm and its .minisig
  cartwright pull ghcr.io/acme/flat-rate:1.0.0 -o plugin.wasm --author acme=acme.pub
  cartwright pull ghcr.io/acme/flat-rate@sha256:6b0d…                      exactly this manifest

Nothing is written before every digest has been checked and, with --author, the signature.";

/// Fetches a component and its signature from an OCI registry
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{LOGIN}"))]
pub struct Pull {
    /// Where from: `HOST/PATH:TAG` or `HOST/PATH@sha256:…`
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// The component's file; the signature goes beside it [default: NAME-VERSION.wasm]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Somebody whose signature counts: a public key or its file, with or without a name; without it, no signature is checked
    #[arg(long = "author", value_name = "[NAME=]KEY")]
    authors: Vec<String>,
    /// The component that is expected, as `sha256:` and 64 digits; refuses another
    #[arg(long, value_name = "DIGEST")]
    expect: Option<String>,
    #[command(flatten)]
    registry: RegistryFlags,
}

pub fn pull(arguments: &Pull) -> anyhow::Result<Exit> {
    let reference = reference(&arguments.reference)?;
    let expected = arguments.expect.as_deref().map(str::parse::<Digest>).transpose();
    let expected = expected.map_err(|error: DigestError| Complaint::usage(error.to_string()))?;
    let authors = arguments.authors.iter().map(|word| author(word)).collect::<Result<Vec<_>, _>>()?;
    let options = RegistryOptions { expected, ..arguments.registry.options()? };
    let progress = Progress::spinner(format!("pulling from {}", reference.registry()));
    let pulled = wait(cartwright_package::pull(&reference, &options))?;
    drop(progress);
    let package = pulled.package;
    if authors.is_empty() {
        let signed = package
            .signature()
            .map_or("it is not signed".into(), |signature| format!("it names the key {}", signature.key()));
        warn(format!("nobody's signature was checked ({signed}); give --author"));
    } else {
        let trust = Trust::new(authors);
        let author = trust
            .verify_package(&package)
            .map_err(|error| Complaint::refused(format!("`{reference}`: {error}")).hint("nothing was written"))?;
        status("Verified", format!("signed by {}", author.name));
    }
    // The name of the package is a file's name: it has no slashes.
    let path =
        arguments.output.clone().unwrap_or_else(|| format!("{}-{}.wasm", package.name(), package.version()).into());
    packaged::write(&path, package.component())?;
    match package.signature() {
        Some(signature) => packaged::write(&beside(&path), signature.to_string().as_bytes())?,
        // One that lay here was for what lay here.
        None => match fs::remove_file(beside(&path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Complaint::io("removing the old signature", &beside(&path), &error).into());
            }
            _ => {}
        },
    }
    status("Pulled", format!("{}: `{}`", title(&package), path.display()));
    writeln!(anstream::stdout(), "{}", pulled.reference)?;
    Ok(Exit::Done)
}
