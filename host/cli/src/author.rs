//! An author's keys on this machine: where they lie, and the password of the secret one.

use crate::complaint::Complaint;
use cartwright_package::{Author, AuthorKey, KeyError, PublicKey};
use clap::Args;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Instead of `--password-file`: for machines that build and sign.
const PASSWORD: &str = "CARTWRIGHT_KEY_PASSWORD";

#[derive(Args)]
pub struct KeyFlags {
    /// The secret key; its public half lies beside it as `.pub` [default: $XDG_CONFIG_HOME/cartwright/author.key or
    /// ~/.config/cartwright/author.key]
    #[arg(long, value_name = "FILE", env = "CARTWRIGHT_KEY")]
    key: Option<PathBuf>,
    /// A file whose first line is the key's password; the variable `CARTWRIGHT_KEY_PASSWORD` does as well
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl KeyFlags {
    /// Whether a key was named, and not only may lie where one is looked for.
    pub fn is_named(&self) -> bool {
        self.key.is_some()
    }

    pub fn path(&self) -> Result<PathBuf, Complaint> {
        self.key.clone().or_else(per_user).ok_or_else(|| {
            Complaint::usage("there is no home folder to keep the author's key in").hint("name a file with --key")
        })
    }

    /// None, if the key needs none.
    pub fn password(&self) -> Result<Option<String>, Complaint> {
        let Some(file) = &self.password_file else {
            return Ok(std::env::var(PASSWORD).ok().filter(|password| !password.is_empty()));
        };
        let text = fs::read_to_string(file).map_err(|error| Complaint::io("reading the password", file, &error))?;
        match text.lines().next() {
            Some(password) if !password.is_empty() => Ok(Some(password.into())),
            _ => Err(Complaint::usage(format!("the first line of `{}` holds no password", file.display()))),
        }
    }

    /// The key itself, to sign with.
    pub fn read(&self) -> Result<AuthorKey, Complaint> {
        let path = self.path()?;
        AuthorKey::read(&path, self.password()?.as_deref()).map_err(|error| of_key(&error, &path))
    }
}

fn per_user() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let settings = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(settings.join("cartwright").join("author.key"))
}

/// Where the public half of a key lies.
pub fn public_file(secret: &Path) -> PathBuf {
    secret.with_extension("pub")
}

/// An error about the key in this file.
pub fn of_key(error: &KeyError, path: &Path) -> Complaint {
    let of_file = || format!("the key `{}` cannot be used: {error}", path.display());
    match error {
        KeyError::Io { doing: "reading", source, .. } if source.kind() == io::ErrorKind::NotFound => {
            Complaint::failed(format!("there is no key `{}`", path.display()))
                .hint("make one with `cartwright keygen`, or name it with --key")
        }
        KeyError::Io { doing, source, .. } => Complaint::io(&format!("{doing} the key"), path, source),
        KeyError::PasswordMissing | KeyError::WrongPassword => {
            Complaint::failed(of_file()).hint(format!("give it with --password-file or in {PASSWORD}"))
        }
        _ => Complaint::failed(of_file()),
    }
}

/// An author as the command line names one: the line of a public key, or a file with it; before it, as `acme=`, a name.
pub fn author(word: &str) -> Result<Author, Complaint> {
    // A key's 42 bytes are base64 without `=`.
    let (name, key) = word.split_once('=').map_or((None, word), |(name, key)| (Some(name), key));
    let key = match key.parse::<PublicKey>() {
        Ok(public) => public,
        Err(not_a_key) => match fs::read_to_string(key) {
            Ok(text) => text.parse().map_err(|error: KeyError| of_key(&error, Path::new(key)))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Complaint::usage(not_a_key.to_string()).hint("give the line, or the name of a .pub file"));
            }
            Err(error) => return Err(Complaint::io("reading the public key", Path::new(key), &error)),
        },
    };
    Ok(Author { name: name.map_or_else(|| key.id().to_string(), Into::into), key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_a_key_with_or_without_a_name() {
        let key = AuthorKey::generate(None).unwrap().public_key();
        let named = author(&format!("acme={key}")).unwrap();
        assert_eq!((named.name.as_str(), named.key), ("acme", key));
        assert_eq!(author(&key.to_string()).unwrap().name, key.id().to_string());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("acme.pub");
        fs::write(&file, key.to_file()).unwrap();
        assert_eq!(author(&format!("acme={}", file.display())).unwrap(), named);
        assert!(author("no-such-file").unwrap_err().to_string().contains("is not a public key"));
    }
}
