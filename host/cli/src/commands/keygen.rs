//! `cartwright keygen`: a key to sign packages with.

use crate::author::{KeyFlags, of_key, public_file};
use crate::complaint::{Complaint, Exit};
use crate::packaged;
use crate::terminal::{status, warn};
use cartwright_package::{AuthorKey, KeyError};
use clap::Args;
use std::fs;
use std::io::{self, Write};

const AFTER_HELP: &str = "\
Examples:
  cartwright keygen                                  in your home folder, without a password
  cartwright keygen --password-file password.txt
  cartwright keygen --key acme.key                   acme.key and acme.pub, here

The line that it prints is the public key: give it to the platforms that shall accept your packages. Keep a copy of the secret
one: without it nobody can sign in your name, nor can you. The files are those of minisign.";

/// Makes an author's key, and prints its public half
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Keygen {
    #[command(flatten)]
    key: KeyFlags,
}

pub fn keygen(arguments: &Keygen) -> anyhow::Result<Exit> {
    let path = arguments.key.path()?;
    let password = arguments.key.password()?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| Complaint::io("making the folder", folder, &error))?;
    }
    let key = AuthorKey::generate(password.as_deref()).map_err(|error| of_key(&error, &path))?;
    key.write_new(&path).map_err(|error| match &error {
        KeyError::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
            Complaint::failed(format!("`{}` is there already", path.display()))
                .hint("sign with it, or name another file with --key; a key that is overwritten is lost")
        }
        _ => of_key(&error, &path),
    })?;
    let public = key.public_key();
    packaged::write(&public_file(&path), public.to_file().as_bytes())?;
    status("Made", format!("the key {}: `{}`, public `{}`", public.id(), path.display(), public_file(&path).display()));
    if password.is_none() {
        warn("the key has no password: whoever can read its file can sign in your name");
    }
    writeln!(anstream::stdout(), "{public}")?;
    Ok(Exit::Done)
}
