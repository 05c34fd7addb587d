//! Connections and transactions: what both databases have in common, and the few places where they differ.

use crate::Result;
use crate::error::StoreError;
use crate::model::{Action, Actor, ChangeKind, Json};
use crate::options::{Clock, StoreOptions};
use crate::row::Get as _;
use sqlx::AnyConnection;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Transaction};
use std::sync::Arc;
use std::time::Duration;

/// An open store; a clone is the same one.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) dialect: Dialect,
    /// With SQLite a single connection, so that writers of this process stand in a queue instead of polling for the file's lock.
    pub(crate) writers: AnyPool,
    /// With PostgreSQL the same as `writers`.
    pub(crate) readers: AnyPool,
    pub(crate) options: StoreOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// What a transaction keeps others from doing. SQLite has one writer anyway; PostgreSQL takes an advisory lock, so that sequence numbers
/// become visible in their order and mutations happen one after the other on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Others may write beside it.
    None,
    /// Whatever writes to the outbox or the audit log.
    Changes,
    /// Claims of shards, deliveries and leases.
    Queue,
    Velocity,
    /// Appends of records, which run beside each other and behind a [`Lock::RecordsBarrier`].
    Records,
    /// Waits until the appends under way are over: every sequence number that was given away is visible then.
    RecordsBarrier,
}

impl Lock {
    /// Numbers of this software's own: "cartwr" and the kind.
    fn number(self) -> i64 {
        0x6361_7274_7772_0000 + if self == Self::RecordsBarrier { Self::Records as i64 } else { self as i64 }
    }
}

/// A transaction that writes. Dropped without `commit` it leaves nothing.
pub(crate) struct Tx {
    inner: Transaction<'static, Any>,
    /// The store's clock, read once.
    pub(crate) at_millis: i64,
}

impl Store {
    /// Ends a call that takes too long: whoever waits for a store must get on without it.
    pub(crate) async fn bounded<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        self.bounded_by(self.inner.options.timeout, call).await
    }

    /// For what is allowed to take long: a minute, or twelve times the timeout.
    pub(crate) async fn bounded_long<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        self.bounded_by(self.inner.options.timeout * 12, call).await
    }

    async fn bounded_by<T>(&self, most: Duration, call: impl Future<Output = Result<T>>) -> Result<T> {
        match tokio::time::timeout(most, call).await {
            Ok(result) => result,
            Err(_) => Err(StoreError::Unavailable {
                why: format!("it did not answer within {} ms", most.as_millis()),
                remedy: "try again; if this lasts, see to the database's load and to the network between",
            }),
        }
    }

    pub(crate) async fn begin(&self, lock: Lock) -> Result<Tx> {
        let Inner { dialect, writers, options, .. } = &*self.inner;
        if *dialect == Dialect::Sqlite {
            let inner = writers.begin_with("BEGIN IMMEDIATE").await?;
            return Ok(Tx { inner, at_millis: options.clock.millis() });
        }
        let mut inner = writers.begin().await?;
        let row = if lock == Lock::None {
            sqlx::query("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS now")
                .fetch_one(&mut *inner)
                .await?
        } else {
            let query = match lock {
                Lock::Records => {
                    "WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared($1)) \
                     SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS now FROM held"
                }
                _ => {
                    "WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock($1)) \
                     SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS now FROM held"
                }
            };
            sqlx::query(query).bind(lock.number()).fetch_one(&mut *inner).await?
        };
        let at_millis = match &options.clock {
            Clock::System => row.int("now")?,
            manual @ Clock::Manual(_) => manual.millis(),
        };
        Ok(Tx { inner, at_millis })
    }

    /// A connection that reads.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Any>> {
        Ok(self.inner.readers.acquire().await?)
    }

    /// Several reads of one state.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Any>> {
        let begin = match self.inner.dialect {
            Dialect::Sqlite => "BEGIN",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        Ok(self.inner.readers.begin_with(begin).await?)
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        self.bounded(async {
            sqlx::query("SELECT 1").execute(&mut *self.reader().await?).await?;
            Ok(())
        })
        .await
    }

    /// Ends all connections; calls that are under way end first.
    pub async fn close(&self) {
        self.inner.writers.close().await;
        self.inner.readers.close().await;
    }
}

impl Tx {
    pub(crate) fn db(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// Seconds.
    pub(crate) fn at(&self) -> i64 {
        self.at_millis.div_euclid(1000)
    }

    pub(crate) async fn commit(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }

    pub(crate) async fn audit(
        &mut self,
        actor: &Actor,
        action: &str,
        shop: Option<&str>,
        subject: &str,
        detail: Json,
    ) -> Result<()> {
        let at = self.at();
        sqlx::query(
            "INSERT INTO audit (at, actor, request, action, shop, subject, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(at)
        .bind(&actor.name)
        .bind(&actor.request)
        .bind(action)
        .bind(shop)
        .bind(subject)
        .bind(detail.to_string())
        .execute(self.db())
        .await?;
        Ok(())
    }

    pub(crate) async fn change(&mut self, kind: ChangeKind, shop: Option<&str>, subject: Option<&str>) -> Result<()> {
        self.tell(kind, shop, None, subject, None).await
    }

    pub(crate) async fn change_of_install(
        &mut self,
        kind: ChangeKind,
        shop: &str,
        install: &str,
        action: Action,
    ) -> Result<()> {
        self.tell(kind, Some(shop), Some(install), None, Some(action)).await
    }

    async fn tell(
        &mut self,
        kind: ChangeKind,
        shop: Option<&str>,
        install: Option<&str>,
        subject: Option<&str>,
        action: Option<Action>,
    ) -> Result<()> {
        let at = self.at();
        sqlx::query("INSERT INTO changes (kind, shop, install, subject, action, at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(kind.as_str())
            .bind(shop)
            .bind(install)
            .bind(subject)
            .bind(action.map(Action::as_str))
            .bind(at)
            .execute(self.db())
            .await?;
        Ok(())
    }
}
