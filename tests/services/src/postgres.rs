//! PostgreSQL.

use crate::missing::Missing;
use crate::port::Port;
use crate::programs::{ask, id, on_path};
use crate::service::{Recipe, Service};
use std::ops::Deref;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, os::unix::fs::chown};

const REMEDY: &str = "as root `cargo xtask setup`, or `apt-get install --no-install-recommends postgresql`";

/// What a program of PostgreSQL is run as: it refuses root.
#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

/// A cluster of its own, with `fsync=on`: what it has acknowledged is there after [`kill`](Service::kill).
pub struct Postgres {
    service: Service,
    programs: PathBuf,
    databases: AtomicU32,
}

impl Postgres {
    /// Makes a cluster (some seconds) and starts it. For tests that stop or pause it; others share [`shared`](Self::shared).
    ///
    /// # Errors
    /// When its program is not installed.
    pub fn start() -> Result<Postgres, Missing> {
        let programs = programs()?;
        let user = user()?;
        let port = Port::take();
        let folder = tempfile::Builder::new().prefix("cartwright-pg-").tempdir().expect("a temporary folder");
        if let Some(user) = user {
            chown(folder.path(), Some(user.uid), Some(user.gid)).expect("root may give a folder away");
        }
        make_cluster(&programs, user, folder.path());
        let number = port.number;
        let server = programs.join("postgres");
        let place = folder.path().to_owned();
        let answers = programs.join("pg_isready");
        let recipe = Recipe {
            name: "PostgreSQL",
            command: Box::new(move || {
                let mut command = as_user(&server, user);
                command.current_dir(&place).arg("-D").arg(place.join("data"));
                command.args(["-p", &number.to_string()]);
                command
            }),
            answers: Box::new(move || {
                let number = number.to_string();
                ask(&answers, &["-q", "-t", "1", "-h", "127.0.0.1", "-p", &number, "-U", "postgres"]).is_some()
            }),
            stop: "INT",
            last: "QUIT",
        };
        let service = Service::start(recipe, port, folder);
        Ok(Postgres { service, programs, databases: AtomicU32::new(0) })
    }

    /// The cluster that all tests of this process share; it ends with the process.
    ///
    /// # Errors
    /// When its program is not installed.
    pub fn shared() -> Result<&'static Postgres, Missing> {
        static SHARED: OnceLock<Result<Postgres, Missing>> = OnceLock::new();
        SHARED.get_or_init(Postgres::start).as_ref().map_err(Clone::clone)
    }

    /// A new, empty database: its `postgres://…` URL.
    ///
    /// # Panics
    /// When the cluster does not answer.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The URL of a database by name.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port())
    }

    /// Runs SQL as the superuser, by psql; what it prints, without headings.
    ///
    /// # Panics
    /// When it fails.
    pub fn execute(&self, database: &str, sql: &str) -> String {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database), "-c", sql]);
        let output = command.output().expect("psql lies beside postgres");
        assert!(output.status.success(), "`{sql}`: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Deref for Postgres {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

fn make_cluster(programs: &Path, user: Option<User>, folder: &Path) {
    let mut command = as_user(&programs.join("initdb"), user);
    command.current_dir(folder).arg("-D").arg(folder.join("data"));
    command.args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]);
    let output = command.output().expect("initdb was found");
    assert!(output.status.success(), "initdb failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let socket = folder.display().to_string().replace('\'', "''");
    let settings = format!(
        "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{socket}'\nfsync = on\nmax_connections = 300\n\
         shared_buffers = 32MB\nlogging_collector = off\n"
    );
    let file = folder.join("data/postgresql.conf");
    let own = fs::read_to_string(&file).expect("initdb wrote it");
    fs::write(&file, own + &settings).expect("the cluster's settings");
}

fn as_user(program: &Path, user: Option<User>) -> Command {
    let mut command = Command::new(program);
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
    // What the caller has set for its own databases is not for this one.
    for variable in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE"] {
        command.env_remove(variable);
    }
    command
}

/// Whom PostgreSQL runs as: root runs it as `postgres`, everybody else as themselves.
fn user() -> Result<Option<User>, Missing> {
    if id("-u", None) != Some(0) {
        return Ok(None);
    }
    match (id("-u", Some("postgres")), id("-g", Some("postgres"))) {
        (Some(uid), Some(gid)) => Ok(Some(User { uid, gid })),
        _ => Err(Missing { what: "there is no user `postgres`, as whom root runs PostgreSQL".into(), remedy: REMEDY }),
    }
}

/// The folder with `postgres`, `initdb`, `psql` and `pg_isready`: Debian's newest, else pg_config's, else one on PATH.
fn programs() -> Result<PathBuf, Missing> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let configured = ask(Path::new("pg_config"), &["--bindir"]).map(PathBuf::from);
    let linked =
        on_path("postgres").into_iter().filter_map(|file| Some(file.canonicalize().ok()?.parent()?.to_owned()));
    let folders = versions.into_iter().map(|(_, folder)| folder).chain(configured).chain(linked);
    let whole =
        |folder: &PathBuf| ["postgres", "initdb", "psql", "pg_isready"].iter().all(|name| folder.join(name).is_file());
    folders.into_iter().find(whole).ok_or_else(|| Missing {
        what: "PostgreSQL's server is neither in /usr/lib/postgresql/*/bin nor on PATH".into(),
        remedy: REMEDY,
    })
}
