//! Which server is asked, and by whom: flags, the environment, or a context that `cartwright login` wrote.
//!
//! A token goes to the server that it is for and to no other: one that a context holds is never sent to an address that was given
//! besides it.

use super::client::{Client, address, is_readable_on_its_way};
use crate::complaint::Complaint;
use crate::terminal::warn;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// The server that a command asks.
#[derive(Args, Default)]
#[command(next_help_heading = "Server")]
pub struct ServerFlags {
    /// The server's address [env: CARTWRIGHT_SERVER] [default: the current context's]
    #[arg(long, value_name = "URL", value_parser = address)]
    pub server: Option<String>,
    /// Who asks. Other users of this machine can read a command line; better a file, a context or the environment [env: CARTWRIGHT_TOKEN]
    #[arg(long, value_name = "TOKEN", conflicts_with = "token_file")]
    pub token: Option<String>,
    /// A file with the token; `-` is stdin [env: CARTWRIGHT_TOKEN_FILE]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A context that `cartwright login` wrote, other than the current one [env: CARTWRIGHT_CONTEXT]
    #[arg(long, value_name = "NAME", conflicts_with = "server")]
    pub context: Option<String>,
    /// A certificate (PEM) that signed the server's, when no public authority did
    #[arg(long, value_name = "FILE", env = "CARTWRIGHT_CA")]
    pub ca: Option<PathBuf>,
}

/// A server and the token for it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    pub server: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

/// The file of contexts.
#[derive(Default, Serialize, Deserialize)]
#[allow(clippy::struct_field_names)] // as they stand in the file
pub struct Contexts {
    /// The one that is taken when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    #[serde(default)]
    pub contexts: BTreeMap<String, Context>,
    #[serde(skip)]
    file: PathBuf,
}

impl ServerFlags {
    /// The way to the server.
    pub fn client(&self) -> Result<Client, Complaint> {
        let context = self.resolve()?;
        client(&context)
    }

    /// What the flags come to, with the token that is given read. A flag counts before any variable, whichever of two it excludes.
    fn resolve(&self) -> Result<Context, Complaint> {
        let given = match (&self.token, &self.token_file) {
            (Some(token), _) => Some(checked(token, "--token")?),
            (None, Some(file)) => Some(token_of(file)?),
            (None, None) => match (variable("CARTWRIGHT_TOKEN"), variable("CARTWRIGHT_TOKEN_FILE")) {
                (Some(token), _) => Some(checked(&token, "CARTWRIGHT_TOKEN")?),
                (None, Some(file)) => Some(token_of(Path::new(&file))?),
                (None, None) => None,
            },
        };
        let (server, context) = match (&self.server, &self.context) {
            (None, None) => (variable("CARTWRIGHT_SERVER"), variable("CARTWRIGHT_CONTEXT")),
            (server, context) => (server.clone(), context.clone()),
        };
        let mut found = match server {
            Some(server) => {
                let server = address(&server).map_err(|why| {
                    Complaint::usage(format!("CARTWRIGHT_SERVER is {server:?}, which is no address")).hint(why)
                })?;
                // A context of this very server knows its token.
                let known = Contexts::open().ok();
                let known = known.and_then(|contexts| contexts.of_server(&server, given.is_some()).cloned());
                known.unwrap_or(Context { server, token: None, ca: None })
            }
            None => Contexts::open()?.chosen(context.as_deref())?.clone(),
        };
        found.token = given.or(found.token);
        found.ca = self.ca.clone().or(found.ca);
        Ok(found)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The way to a context's server.
pub fn client(context: &Context) -> Result<Client, Complaint> {
    if context.token.is_some() && is_readable_on_its_way(&context.server) {
        warn(format!("others can read the token on its way to `{}`; use https", context.server));
    }
    let mut config = Client::config();
    if let Some(file) = &context.ca {
        let roots = RootCerts::from(authorities(file)?);
        config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    }
    Ok(Client::new(&context.server, context.token.clone(), config.build().into()))
}

fn authorities(file: &Path) -> Result<Vec<Certificate<'static>>, Complaint> {
    let pem = fs::read(file).map_err(|error| Complaint::io("reading the certificate", file, &error))?;
    let wrong = |why: String| {
        Complaint::failed(format!("`{}` holds no certificate that can be read: {why}", file.display()))
            .hint("a PEM file has lines such as -----BEGIN CERTIFICATE-----")
    };
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| wrong(error.to_string()))? {
            found.push(certificate);
        }
    }
    if found.is_empty() { Err(wrong("there is none in it".into())) } else { Ok(found) }
}

/// What a token's file holds, without the end of its last line.
pub fn token_of(file: &Path) -> Result<String, Complaint> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().read_to_string(&mut text)
    } else {
        File::open(file).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| Complaint::io("reading the token", file, &error))?;
    checked(text.trim(), &format!("`{}`", file.display()))
}

/// Nothing of the token is told: it may be a mistyped one of somebody.
fn checked(token: &str, from: &str) -> Result<String, Complaint> {
    let sound = !token.is_empty() && token.len() <= 512 && token.bytes().all(|byte| byte.is_ascii_graphic());
    if sound {
        return Ok(token.to_owned());
    }
    let what = if token.is_empty() { "is empty" } else { "holds no token: there are blanks or other signs in it" };
    Err(Complaint::usage(format!("{from} {what}"))
        .hint("a token is one word such as cw_platform_…, as it was shown once"))
}

impl Contexts {
    /// `$XDG_CONFIG_HOME/cartwright/contexts.json`; empty when there is none yet.
    pub fn open() -> Result<Self, Complaint> {
        let file = file()?;
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self { file, ..Self::default() }),
            Err(error) => return Err(Complaint::io("reading the contexts", &file, &error)),
        };
        let read: Self = serde_json::from_slice(&bytes).map_err(|error| {
            Complaint::failed(format!("`{}` cannot be read: {error}", file.display()))
                .hint("mend it, or delete it and log in again")
        })?;
        Ok(Self { file, ..read })
    }

    /// The one of this name, or the current one.
    pub fn chosen(&self, name: Option<&str>) -> Result<&Context, Complaint> {
        let Some(name) = name.or(self.current.as_deref()) else {
            return Err(Complaint::usage("no server was named").hint(
                "give --server URL, set CARTWRIGHT_SERVER, or `cartwright login --server URL --token-file FILE` once",
            ));
        };
        self.contexts.get(name).ok_or_else(|| {
            let known: Vec<_> = self.contexts.keys().map(String::as_str).collect();
            let hint = match known.as_slice() {
                [] => "there is none yet; `cartwright login` makes one".to_owned(),
                known => format!("there are {}", known.join(", ")),
            };
            Complaint::usage(format!("there is no context {name:?}")).hint(hint)
        })
    }

    /// The current one if it is of this server, else the only one that is. Whose token it is must be beyond doubt, unless one was given.
    fn of_server(&self, server: &str, any: bool) -> Option<&Context> {
        let current = self.current.as_ref().and_then(|name| self.contexts.get(name)).filter(|it| it.server == server);
        let mut others = self.contexts.values().filter(|context| context.server == server);
        current.or_else(|| others.next().filter(|_| any || others.next().is_none()))
    }

    /// Writes it anew, readable by its owner alone; a crash leaves the old file or the new one.
    pub fn save(&self) -> Result<(), Complaint> {
        let failed = |error: &io::Error| Complaint::io("writing the contexts", &self.file, error);
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let text = serde_json::to_string_pretty(self).expect("texts can be written as JSON");
        let aside = self.file.with_extension(format!("{}.new", std::process::id()));
        let written = private(&aside).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()
        });
        written.and_then(|()| fs::rename(&aside, &self.file)).map_err(|error| {
            let _ = fs::remove_file(&aside);
            failed(&error)
        })
    }
}

/// A new file that nobody else may read.
pub fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn file() -> Result<PathBuf, Complaint> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let configuration = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")));
    let folder = configuration.ok_or_else(|| {
        Complaint::failed("there is no place for contexts: neither XDG_CONFIG_HOME nor HOME is set")
            .hint("give --server and --token-file")
    })?;
    Ok(folder.join("cartwright").join("contexts.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contexts(current: Option<&str>, list: &[(&str, &str, &str)]) -> Contexts {
        let context = |(name, server, token): &(&str, &str, &str)| {
            ((*name).to_owned(), Context { server: (*server).into(), token: Some((*token).into()), ca: None })
        };
        Contexts {
            current: current.map(str::to_owned),
            contexts: list.iter().map(context).collect(),
            file: PathBuf::new(),
        }
    }

    #[test]
    fn a_contexts_token_is_for_its_own_server() {
        let two = contexts(Some("a"), &[("a", "https://a", "ta"), ("b", "https://b", "tb")]);
        let token = |server| two.of_server(server, false).and_then(|context| context.token.as_deref());
        assert_eq!((token("https://a"), token("https://b"), token("https://c")), (Some("ta"), Some("tb"), None));
        // Two tokens for one server, none of them current: neither is guessed.
        let same = contexts(None, &[("a", "https://a", "ta"), ("b", "https://a", "tb")]);
        assert!(same.of_server("https://a", false).is_none());
    }

    #[test]
    fn a_context_that_is_not_there_is_told_with_those_that_are() {
        let known = contexts(None, &[("a", "https://a", "t")]);
        assert_eq!(known.chosen(Some("x")).err().unwrap().to_string(), "there is no context \"x\"");
        assert_eq!(known.chosen(None).err().unwrap().to_string(), "no server was named");
        assert_eq!(known.chosen(Some("a")).unwrap().server, "https://a");
    }

    #[test]
    fn a_token_is_one_word_and_is_never_told() {
        for wrong in ["", "a b", "a\nb", "schlüssel"] {
            let told = checked(wrong, "--token").unwrap_err().to_string();
            assert!(told.starts_with("--token ") && (wrong.is_empty() || !told.contains(wrong)), "{told}");
        }
        assert_eq!(checked("cw_platform_1_x", "").unwrap(), "cw_platform_1_x");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone_and_reads_back() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mut written = contexts(Some("a"), &[("a", "https://a", "t")]);
        written.file = folder.path().join("deep/contexts.json");
        written.save().unwrap();
        written.save().unwrap();
        assert_eq!(fs::metadata(&written.file).unwrap().permissions().mode() & 0o777, 0o600);
        let read: Contexts = serde_json::from_slice(&fs::read(&written.file).unwrap()).unwrap();
        assert_eq!(read.chosen(None).unwrap().token.as_deref(), Some("t"));
        assert_eq!(fs::read_dir(written.file.parent().unwrap()).unwrap().count(), 1);
    }
}
