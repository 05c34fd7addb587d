//! Opening: the URL, the connections' settings, the migrations.

use crate::Result;
use crate::db::{Dialect, Inner, Store};
use crate::error::StoreError;
use crate::options::StoreOptions;
use crate::row::Get as _;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor as _};
use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The schema that this software brings a store to: the number of its last migration.
const KNOWN: i64 = 1;

impl Store {
    /// Opens a store and brings its schema up to date. Several processes may do so at the same time.
    ///
    /// # Errors
    /// [`StoreError::Open`] for a URL or a file that cannot be used, [`StoreError::Unavailable`] for a server that does not answer,
    /// [`StoreError::TooNew`] for a store that needs newer software.
    pub async fn open(options: StoreOptions) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let refuse = |why: String| StoreError::Open { url: options.shown_url(), why };
        let (dialect, url) = match options.url.split_once(':') {
            Some(("sqlite", rest)) => (Dialect::Sqlite, sqlite_url(rest).map_err(refuse)?),
            Some(("postgres" | "postgresql", _)) => (Dialect::Postgres, options.url.clone()),
            _ => return Err(refuse("give `sqlite:PATH` or `postgres://USER@HOST/DATABASE`".to_owned())),
        };
        // A database's own message may repeat the URL, password and all.
        let connect =
            AnyConnectOptions::from_str(&url).map_err(|error| refuse(error.to_string().replace(&url, "the URL")))?;
        migrate(dialect, &connect, &options).await?;

        let in_memory = dialect == Dialect::Sqlite && url.contains(":memory:");
        let writers =
            pool(dialect, &connect, &options, if dialect == Dialect::Sqlite { 1 } else { options.connections });
        let readers = if dialect == Dialect::Postgres || in_memory {
            writers.clone()
        } else {
            pool(dialect, &connect, &options, options.connections)
        };
        let store = Self { inner: Arc::new(Inner { dialect, writers, readers, options }) };
        if in_memory {
            migrate_on(dialect, &mut *store.reader().await?).await?;
        }
        store.ping().await?;
        Ok(store)
    }

    /// The schema's number, and the oldest that software must know to use it.
    ///
    /// # Errors
    /// As every read.
    pub async fn schema(&self) -> Result<(i64, i64)> {
        self.bounded(async { schema_of(&mut *self.reader().await?).await }).await
    }
}

fn pool(dialect: Dialect, connect: &AnyConnectOptions, options: &StoreOptions, most: u32) -> AnyPool {
    let settings: Arc<str> = settings(dialect, options).into();
    let in_memory = connect.database_url.as_str().contains(":memory:");
    AnyPoolOptions::new()
        .max_connections(most.max(1))
        .acquire_timeout(options.acquire_timeout)
        // A database in memory is gone with its connection.
        .idle_timeout((!in_memory).then_some(Duration::from_mins(10)))
        .max_lifetime((dialect == Dialect::Postgres).then_some(Duration::from_mins(30)))
        .test_before_acquire(true)
        // SQLite rolls a transaction back by itself when the disk is full or fails; sqlx then believes for ever that it is open. After the
        // test above nothing is under way any more, so such a connection is known by this.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .after_connect(move |connection, _| {
            let settings = Arc::clone(&settings);
            Box::pin(async move {
                connection.execute(sqlx::raw_sql(AssertSqlSafe(settings))).await?;
                Ok(())
            })
        })
        .connect_lazy_with(connect.clone())
}

/// Each connection begins with these.
fn settings(dialect: Dialect, options: &StoreOptions) -> String {
    let millis = options.acquire_timeout.as_millis();
    match dialect {
        // FULL: an acknowledged transaction is on the disk. What is deleted is overwritten, for keys that were destroyed.
        Dialect::Sqlite => {
            let most = options.sqlite_max_pages.map(|pages| format!("PRAGMA max_page_count = {pages};"));
            format!(
                "PRAGMA busy_timeout = {millis}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864; \
                 PRAGMA cache_size = -16000; {}",
                most.unwrap_or_default()
            )
        }
        // The server ends what this side has given up, so that a lock is not held by nobody.
        Dialect::Postgres => format!(
            "SET application_name = 'cartwright'; SET lock_timeout = {millis}; SET statement_timeout = {}; \
             SET idle_in_transaction_session_timeout = {}; SET synchronous_commit = on; SET client_min_messages = warning",
            options.timeout.as_millis() * 12,
            options.timeout.as_millis() * 2,
        ),
    }
}

/// The path out of `sqlite:PATH` as a URL in which nothing of it has a meaning; the file is there afterwards, for its owner alone.
fn sqlite_url(rest: &str) -> Result<String, String> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path == ":memory:" {
        return Ok("sqlite::memory:".to_owned());
    }
    if path.is_empty() {
        return Err("a path is missing: `sqlite:PATH`".to_owned());
    }
    make_private(Path::new(path)).map_err(|error| format!("{error}; its folder must exist and be writable"))?;
    // Absolute, since a URL would take `..` apart.
    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    let path = path.to_str().ok_or("the path must be UTF-8")?;
    let mut url = "sqlite:".to_owned();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    Ok(url)
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // The journal and the shared memory beside it take the file's mode.
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().create(true).append(true).open(path).map(drop)
}

/// Over a connection of its own, which waits longer than those that answer requests.
async fn migrate(dialect: Dialect, connect: &AnyConnectOptions, options: &StoreOptions) -> Result<()> {
    let unavailable = |why: String| StoreError::Unavailable {
        why,
        remedy: "see that the database runs and can be reached, then start again",
    };
    let connecting = tokio::time::timeout(options.timeout, AnyConnection::connect_with(connect));
    let mut connection = match connecting.await {
        Err(_) => return Err(unavailable(format!("no connection within {} ms", options.timeout.as_millis()))),
        Ok(Err(error)) => {
            return Err(match StoreError::from(error) {
                StoreError::Unavailable { why, .. } => unavailable(why),
                StoreError::Corrupt { why, .. } => StoreError::Open { url: options.shown_url(), why },
                other => other,
            });
        }
        Ok(Ok(connection)) => connection,
    };
    connection.execute(sqlx::raw_sql(AssertSqlSafe(settings(dialect, options)))).await?;
    let wait = match dialect {
        Dialect::Sqlite => "PRAGMA busy_timeout = 60000",
        Dialect::Postgres => {
            "SET lock_timeout = 60000; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
        }
    };
    connection.execute(sqlx::raw_sql(wait)).await?;
    migrate_on(dialect, &mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// All migrations are one transaction: a process that dies among them leaves none. SQLite's writer's lock and PostgreSQL's advisory one
/// make others wait, who then find them done.
async fn migrate_on(dialect: Dialect, connection: &mut AnyConnection) -> Result<()> {
    let begin = match dialect {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres => "BEGIN",
    };
    let mut transaction = connection.begin_with(begin).await?;
    if dialect == Dialect::Postgres {
        sqlx::query("SELECT pg_advisory_xact_lock(7021238696811331584)").execute(&mut *transaction).await?;
    }
    let (found, needed) = schema_of(&mut transaction).await?;
    if needed > KNOWN {
        return Err(StoreError::TooNew { found, needed, known: KNOWN });
    }
    if found >= KNOWN {
        // Also a newer schema, when what was added does not disturb this software: replicas are updated one after the other.
        return Ok(());
    }
    let migrator = match dialect {
        Dialect::Sqlite => &SQLITE,
        Dialect::Postgres => &POSTGRES,
    };
    let migrator =
        Migrator { locking: false, ignore_missing: true, migrations: migrator.migrations.clone(), ..Migrator::DEFAULT };
    migrator.run_direct(None, &mut *transaction, false).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::corrupt("schema", "migrations", other),
    })?;
    transaction.commit().await?;
    tracing::info!(from = found, to = KNOWN, "the store's schema was brought up to date");
    Ok(())
}

/// Zeros for a store without any.
async fn schema_of(connection: &mut AnyConnection) -> Result<(i64, i64)> {
    let is_there = match connection.backend_name() {
        "SQLite" => "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = 'schema'",
        _ => "SELECT count(*) AS n FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema'",
    };
    if sqlx::query(is_there).fetch_one(&mut *connection).await?.int("n")? == 0 {
        return Ok((0, 0));
    }
    let row = sqlx::query("SELECT number, needs FROM schema").fetch_one(connection).await?;
    Ok((row.int("number")?, row.int("needs")?))
}
