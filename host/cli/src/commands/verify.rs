//! `cartwright verify`: whether a known author signed this, as this version of this package.

use crate::author::{KeyFlags, author, public_file};
use crate::complaint::{Complaint, Exit};
use crate::packaged::{PackageFlags, title};
use crate::terminal::status;
use cartwright_package::{SignatureError, Trust};
use clap::Args;
use std::io::Write;

const AFTER_HELP: &str = "\
Examples:
  cartwright verify plugin.wasm                              against your own key
  cartwright verify plugin.wasm --author acme=acme.pub
  cartwright verify plugin.wasm --author acme=RWQf6LRC…      --author may come several times

Prints the author's name. The platform checks the same when a package is published, and again when it is loaded.";

/// Checks a component's signature against authors' public keys
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Verify {
    #[command(flatten)]
    package: PackageFlags,
    /// Somebody whose signature counts: a public key or its file, with or without a name [default: your own key]
    #[arg(long = "author", value_name = "[NAME=]KEY")]
    authors: Vec<String>,
    #[command(flatten)]
    key: KeyFlags,
}

pub fn verify(arguments: &Verify) -> anyhow::Result<Exit> {
    let packaged = arguments.package.read()?;
    let authors = if arguments.authors.is_empty() {
        let public = public_file(&arguments.key.path()?);
        if !public.is_file() {
            let message = format!("no author was given, and there is no `{}`", public.display());
            return Err(Complaint::usage(message).hint("name one with --author").into());
        }
        vec![author(&public.to_string_lossy())?]
    } else {
        arguments.authors.iter().map(|word| author(word)).collect::<Result<_, _>>()?
    };
    let path = packaged.path.clone();
    let signed = packaged.signed()?;
    let trust = Trust::new(authors);
    let author = trust.verify_package(&signed).map_err(|error| refused(&error, &path))?;
    status("Verified", title(&signed));
    writeln!(anstream::stdout(), "{}", author.name)?;
    Ok(Exit::Done)
}

fn refused(error: &SignatureError, path: &std::path::Path) -> Complaint {
    let complaint = Complaint::refused(format!("`{}`: {error}", path.display()));
    match error {
        SignatureError::UnknownKey { .. } => {
            complaint.hint("ask the author for the public key, by another way than the package")
        }
        SignatureError::Forged { .. } => complaint.hint("do not use it; ask its author"),
        _ => complaint,
    }
}
