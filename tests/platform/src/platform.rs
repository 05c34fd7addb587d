//! A store, its key and its first token; and the servers on it.

use crate::cli::{self, Said};
use crate::server::Server;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What servers share: a store, a bus, a master key. They end before it does.
pub struct Platform {
    folder: TempDir,
    store: String,
    bus: Option<String>,
    /// Of the kind `platform`, made by `cartwright bootstrap`.
    pub token: String,
    unsigned: bool,
}

impl Platform {
    /// On an `SQLite` store in a temporary folder.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = format!("sqlite:{}", folder.path().join("store.db").display());
        Self::on(folder, store, None)
    }

    /// On this empty `PostgreSQL` database, with this NATS server.
    pub fn postgres(store: &str, bus: &str) -> Self {
        Self::on(tempfile::tempdir().expect("a folder"), store.to_owned(), Some(bus.to_owned()))
    }

    fn on(folder: TempDir, store: String, bus: Option<String>) -> Self {
        let made =
            cli::run(folder.path(), None, None, &["bootstrap", "--store", &store, "--master-key", "master.key"]).done();
        let token = made.out.trim().to_owned();
        assert!(token.starts_with("cw_platform_"), "{made}");
        Self { folder, store, bus, token, unsigned: true }
    }

    /// Its servers take only what an author whom they know has signed.
    #[must_use]
    pub fn signed_only(self) -> Self {
        Self { unsigned: false, ..self }
    }

    /// Where its servers keep what they know, as `--store` takes it.
    pub fn store(&self) -> &str {
        &self.store
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in the folder in which commands run; gives its name.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn file<'a>(&self, name: &'a str, contents: impl AsRef<[u8]>) -> &'a str {
        std::fs::write(self.path(name), contents).expect("a file");
        name
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a server on it and waits until it listens. Servers of one name share their cache, as one that is started again does.
    pub fn serve(&self, name: &str) -> Server {
        self.serve_with(name, &[])
    }

    /// The same with more arguments. How busy this machine is must not decide who answers, so calls have a deadline that is far off where none
    /// is given; a plugin that never ends is ended by its fuel.
    pub fn serve_with(&self, name: &str, more: &[&str]) -> Server {
        let mut arguments: Vec<OsString> = ["serve", "--log", "json", "--store", &self.store].map(Into::into).into();
        arguments.extend(["--master-key".into(), self.path("master.key").into()]);
        arguments.extend(["--cache".into(), self.path(&format!("cache-{name}")).into()]);
        if let Some(bus) = &self.bus {
            arguments.extend(["--bus".into(), bus.into()]);
        }
        if self.unsigned {
            arguments.push("--unsigned".into());
        }
        if !more.contains(&"--deadline") {
            arguments.extend(["--deadline", "20s"].map(Into::into));
        }
        arguments.extend(more.iter().map(Into::into));
        Server::start(&arguments, self.folder.path(), &self.path(&format!("{name}.log")))
    }

    /// A command as the platform.
    pub fn cli(&self, server: &Server, arguments: &[&str]) -> Said {
        self.cli_as(server, &self.token, arguments)
    }

    /// A command as whoever has this token.
    pub fn cli_as(&self, server: &Server, token: &str, arguments: &[&str]) -> Said {
        cli::run(self.folder.path(), Some(&server.address), Some(token), arguments)
    }

    /// A command that asks no server.
    pub fn local(&self, arguments: &[&str]) -> Said {
        cli::run(self.folder.path(), None, None, arguments)
    }
}
