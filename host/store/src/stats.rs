//! Counters of rollouts, by the minute.

use crate::Result;
use crate::db::{Lock, Store};
use crate::model::{RecordStage, Stats};
use crate::row::{Get as _, each};
use sqlx::any::AnyRow;

impl Store {
    /// Adds counts. `batch` is an id of the caller's: the same batch again is ignored, so that it may be repeated after an error.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`].
    pub async fn add_stats(&self, batch: &str, stats: &[Stats]) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::None).await?;
            let at = tx.at();
            let first = sqlx::query("INSERT INTO stats_batches (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING");
            if first.bind(batch).bind(at).execute(tx.db()).await?.rows_affected() == 0 {
                return Ok(());
            }
            // Replicas that lock the same rows do so in the same order.
            let mut sorted: Vec<&Stats> = stats.iter().collect();
            sorted.sort_by(|a, b| key(a).cmp(&key(b)));
            for stats in sorted {
                sqlx::query(
                    "INSERT INTO stats (install, minute, revision, stage, calls, errors, fallbacks, slow, different, micros) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                     ON CONFLICT (install, minute, revision, stage) DO UPDATE SET \
                     calls = stats.calls + excluded.calls, errors = stats.errors + excluded.errors, \
                     fallbacks = stats.fallbacks + excluded.fallbacks, slow = stats.slow + excluded.slow, \
                     different = stats.different + excluded.different, micros = stats.micros + excluded.micros",
                )
                .bind(&stats.install)
                .bind(stats.minute - stats.minute.rem_euclid(60))
                .bind(stats.revision)
                .bind(stats.stage.as_str())
                .bind(stats.calls)
                .bind(stats.errors)
                .bind(stats.fallbacks)
                .bind(stats.slow)
                .bind(stats.different)
                .bind(stats.micros)
                .execute(tx.db())
                .await?;
            }
            tx.commit().await
        })
        .await
    }

    /// The minutes of an install from `since` to before `until`, in order.
    ///
    /// # Errors
    /// As every read.
    pub async fn stats(&self, install: &str, since: i64, until: i64) -> Result<Vec<Stats>> {
        self.bounded(async {
            let rows = sqlx::query(
                "SELECT * FROM stats WHERE install = $1 AND minute >= $2 AND minute < $3 ORDER BY minute, revision, stage",
            );
            let rows = rows.bind(install).bind(since).bind(until).fetch_all(&mut *self.reader().await?).await?;
            each(&rows, stats)
        })
        .await
    }

    /// The sum over the minutes from `since` on, of a revision at a stage; its minute is `since`.
    ///
    /// # Errors
    /// As every read.
    pub async fn stats_sum(&self, install: &str, revision: i64, stage: RecordStage, since: i64) -> Result<Stats> {
        self.bounded(async {
            let row = sqlx::query(
                "SELECT $1 AS install, $2 AS revision, $3 AS stage, $4 AS minute, \
                 CAST(coalesce(sum(calls), 0) AS BIGINT) AS calls, CAST(coalesce(sum(errors), 0) AS BIGINT) AS errors, \
                 CAST(coalesce(sum(fallbacks), 0) AS BIGINT) AS fallbacks, CAST(coalesce(sum(slow), 0) AS BIGINT) AS slow, \
                 CAST(coalesce(sum(different), 0) AS BIGINT) AS different, \
                 CAST(coalesce(sum(micros), 0) AS BIGINT) AS micros \
                 FROM stats WHERE install = $1 AND revision = $2 AND stage = $3 AND minute >= $4",
            );
            let row = row.bind(install).bind(revision).bind(stage.as_str()).bind(since);
            stats(&row.fetch_one(&mut *self.reader().await?).await?)
        })
        .await
    }

    /// Lets go of minutes from before a time. Gives how many rows.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`].
    pub async fn prune_stats(&self, before: i64) -> Result<u64> {
        self.bounded_long(async {
            let mut tx = self.begin(Lock::None).await?;
            let gone = sqlx::query("DELETE FROM stats WHERE minute < $1").bind(before).execute(tx.db()).await?;
            sqlx::query("DELETE FROM stats_batches WHERE at < $1").bind(before).execute(tx.db()).await?;
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }
}

fn key(stats: &Stats) -> (&str, i64, i64, RecordStage) {
    (&stats.install, stats.minute, stats.revision, stats.stage)
}

fn stats(row: &AnyRow) -> Result<Stats> {
    Ok(Stats {
        install: row.text("install")?,
        revision: row.int("revision")?,
        stage: row.word("stage")?,
        minute: row.int("minute")?,
        calls: row.int("calls")?,
        errors: row.int("errors")?,
        fallbacks: row.int("fallbacks")?,
        slow: row.int("slow")?,
        different: row.int("different")?,
        micros: row.int("micros")?,
    })
}
