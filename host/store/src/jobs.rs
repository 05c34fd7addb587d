//! Backtests; who works on their shards is in `shards.rs`.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::ids::id_or_new;
use crate::model::{Actor, ChangeKind, Job, JobState, Json, Listed, Made, NewJob, Page};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

pub(crate) const WHAT: &str = "backtest";

impl Store {
    /// Makes a job with its shards. A second call with the same id gives what the first made. Without shards it is `worked` at once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a shop that is not there.
    pub async fn create_job(&self, actor: &Actor, new: &NewJob) -> Result<Made<Job>> {
        self.bounded_long(async {
            let mut tx = self.begin(Lock::Changes).await?;
            crate::shops::find(tx.db(), &new.shop).await?;
            let id = id_or_new(new.id.as_deref(), tx.at_millis)?;
            if new.id.is_some()
                && let Some(there) = find(tx.db(), &id).await?
            {
                return Ok(Made { it: there, created: false });
            }
            let job = Job {
                id,
                shop: new.shop.clone(),
                actor: actor.name.clone(),
                document: new.document.clone(),
                state: if new.shards.is_empty() { JobState::Worked } else { JobState::Running },
                shards: i64::try_from(new.shards.len()).unwrap_or(i64::MAX),
                shards_done: 0,
                shards_dead: 0,
                records: new.shards.iter().map(|shard| shard.count).sum(),
                records_done: 0,
                result: None,
                error: None,
                version: 1,
                created: tx.at(),
                finished: None,
            };
            sqlx::query(
                "INSERT INTO jobs (id, shop, actor, document, state, shards, shards_done, shards_dead, records, records_done, \
                 version, created) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, 0, 1, $8)",
            )
            .bind(&job.id)
            .bind(&job.shop)
            .bind(&job.actor)
            .bind(job.document.to_string())
            .bind(job.state.as_str())
            .bind(job.shards)
            .bind(job.records)
            .bind(job.created)
            .execute(tx.db())
            .await?;
            for (number, shard) in (0_i64..).zip(&new.shards) {
                sqlx::query(
                    "INSERT INTO shards (job, number, first, last, records, state, attempts, held_until) \
                     VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0)",
                )
                .bind(&job.id)
                .bind(number)
                .bind(shard.first)
                .bind(shard.last)
                .bind(shard.count)
                .execute(tx.db())
                .await?;
            }
            let detail = json!({ "shards": job.shards, "records": job.records });
            told(&mut tx, actor, "backtest.created", &job, detail).await?;
            tx.commit().await?;
            Ok(Made { it: job, created: true })
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn job(&self, id: &str) -> Result<Job> {
        self.bounded(async {
            find(&mut *self.reader().await?, id).await?.ok_or_else(|| StoreError::not_found(WHAT, id))
        })
        .await
    }

    /// Of a shop, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn jobs(&self, shop: &str, page: &Page) -> Result<Listed<Job>> {
        let (limit, before) = page.by_number(i64::MAX)?;
        self.bounded(async {
            let rows = sqlx::query("SELECT * FROM jobs WHERE shop = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
            let rows = rows.bind(shop).bind(before).bind(limit + 1).fetch_all(&mut *self.reader().await?).await?;
            let with_seq = each(&rows, |row| Ok((row.int("seq")?, job(row)?)))?;
            let listed = Listed::of(with_seq, limit, |(seq, _)| seq.to_string());
            Ok(Listed { items: listed.items.into_iter().map(|(_, job)| job).collect(), next: listed.next })
        })
        .await
    }

    /// Jobs that are not over, the oldest first: what a worker that starts looks for.
    ///
    /// # Errors
    /// As every read.
    pub async fn open_jobs(&self) -> Result<Vec<Job>> {
        self.bounded(async {
            let rows = sqlx::query("SELECT * FROM jobs WHERE state IN ('running', 'worked') ORDER BY seq");
            each(&rows.fetch_all(&mut *self.reader().await?).await?, job)
        })
        .await
    }

    /// Ends a job: with its report, or with what went wrong. Of several that do so one is told `true`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`] for a report while shards are not over.
    pub async fn finish_job(
        &self,
        actor: &Actor,
        id: &str,
        result: std::result::Result<&Json, &str>,
    ) -> Result<(Job, bool)> {
        let state = if result.is_ok() { JobState::Done } else { JobState::Failed };
        self.end_job(actor, id, state, result.ok(), result.err()).await
    }

    /// Ends a job without a report.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn cancel_job(&self, actor: &Actor, id: &str) -> Result<(Job, bool)> {
        self.end_job(actor, id, JobState::Cancelled, None, None).await
    }

    async fn end_job(
        &self,
        actor: &Actor,
        id: &str,
        state: JobState,
        result: Option<&Json>,
        error: Option<&str>,
    ) -> Result<(Job, bool)> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            // Workers count under the row's own lock.
            let touch = sqlx::query("UPDATE jobs SET version = version WHERE id = $1").bind(id);
            touch.execute(tx.db()).await?;
            let mut job = find(tx.db(), id).await?.ok_or_else(|| StoreError::not_found(WHAT, id))?;
            match (job.state, state) {
                (JobState::Running, JobState::Done) => {
                    let why = format!(
                        "{} of {} shards are not over",
                        job.shards - job.shards_done - job.shards_dead,
                        job.shards
                    );
                    return Err(StoreError::conflict(WHAT, id, why));
                }
                (JobState::Running | JobState::Worked, _) => {}
                _ => return Ok((job, false)),
            }
            job.state = state;
            job.result = result.cloned();
            job.error = error.map(ToOwned::to_owned);
            job.version += 1;
            job.finished = Some(tx.at());
            sqlx::query(
                "UPDATE jobs SET state = $2, result = $3, error = $4, version = $5, finished = $6 WHERE id = $1",
            )
            .bind(id)
            .bind(state.as_str())
            .bind(job.result.as_ref().map(ToString::to_string))
            .bind(&job.error)
            .bind(job.version)
            .bind(job.finished)
            .execute(tx.db())
            .await?;
            told(&mut tx, actor, &format!("backtest.{state}"), &job, json!({ "error": job.error })).await?;
            tx.commit().await?;
            Ok((job, true))
        })
        .await
    }
}

async fn told(tx: &mut Tx, actor: &Actor, action: &str, job: &Job, detail: Json) -> Result<()> {
    tx.audit(actor, action, Some(&job.shop), &job.id, detail).await?;
    tx.change(ChangeKind::Job, Some(&job.shop), Some(&job.id)).await
}

pub(crate) async fn find(db: &mut AnyConnection, id: &str) -> Result<Option<Job>> {
    let row = sqlx::query("SELECT * FROM jobs WHERE id = $1").bind(id).fetch_optional(db).await?;
    row.as_ref().map(job).transpose()
}

pub(crate) fn job(row: &AnyRow) -> Result<Job> {
    Ok(Job {
        id: row.text("id")?,
        shop: row.text("shop")?,
        actor: row.text("actor")?,
        document: row.json("document")?,
        state: row.word("state")?,
        shards: row.int("shards")?,
        shards_done: row.int("shards_done")?,
        shards_dead: row.int("shards_dead")?,
        records: row.int("records")?,
        records_done: row.int("records_done")?,
        result: row.json_or_none("result")?,
        error: row.text_or_none("error")?,
        version: row.int("version")?,
        created: row.int("created")?,
        finished: row.int_or_none("finished")?,
    })
}
