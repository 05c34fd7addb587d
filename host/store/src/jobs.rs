//! Backtests: a shard is worked on by one worker at a time, and what comes of it counts once.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::ids::id_or_new;
use crate::model::{
    Actor, ChangeKind, Job, JobState, Json, Listed, Made, NewJob, Page, Shard, ShardClaim, ShardStatus,
};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

const WHAT: &str = "backtest";

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

    /// Takes the next shard of a job, or of the oldest that has one, for `lease` seconds. One whose lease was lost `attempts` times is given up.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; `None` when there is nothing to do now.
    pub async fn claim_shard(
        &self,
        job: Option<&str>,
        worker: &str,
        lease: i64,
        attempts: i64,
    ) -> Result<Option<ShardClaim>> {
        self.claim(job, None, worker, lease, attempts).await
    }

    /// Takes a certain shard, as [`Store::claim_shard`]: for shards that are handed out by a bus. `None` when it is done or another works on it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn claim_shard_number(
        &self,
        job: &str,
        number: i64,
        worker: &str,
        lease: i64,
        attempts: i64,
    ) -> Result<Option<ShardClaim>> {
        self.claim(Some(job), Some(number), worker, lease, attempts).await
    }

    async fn claim(
        &self,
        job: Option<&str>,
        number: Option<i64>,
        worker: &str,
        lease: i64,
        attempts: i64,
    ) -> Result<Option<ShardClaim>> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            loop {
                let row = sqlx::query(
                    "SELECT s.* FROM shards s JOIN jobs j ON j.id = s.job WHERE s.state IN ('waiting', 'claimed') \
                     AND j.state = 'running' AND s.held_until <= $1 AND ($2 = '' OR s.job = $2) AND ($3 < 0 OR s.number = $3) \
                     ORDER BY j.seq, s.number LIMIT 1",
                );
                let row = row.bind(tx.at_millis).bind(job.unwrap_or("")).bind(number.unwrap_or(-1));
                let Some(row) = row.fetch_optional(tx.db()).await? else {
                    tx.commit().await?;
                    return Ok(None);
                };
                let claim = ShardClaim {
                    job: row.text("job")?,
                    number: row.int("number")?,
                    shard: Shard { first: row.int("first")?, last: row.int("last")?, count: row.int("records")? },
                    worker: worker.to_owned(),
                    attempt: row.int("attempts")? + 1,
                    until_millis: tx.at_millis.saturating_add(lease.saturating_mul(1000)),
                };
                if claim.attempt > attempts {
                    let error = row.text_or_none("error")?.unwrap_or_else(|| "its workers ended without a word".to_owned());
                    give_up(&mut tx, &claim, &error).await?;
                    continue;
                }
                sqlx::query(
                    "UPDATE shards SET state = 'claimed', attempts = $3, worker = $4, held_until = $5 WHERE job = $1 AND number = $2",
                )
                .bind(&claim.job)
                .bind(claim.number)
                .bind(claim.attempt)
                .bind(worker)
                .bind(claim.until_millis)
                .execute(tx.db())
                .await?;
                tx.commit().await?;
                return Ok(Some(claim));
            }
        })
        .await
    }

    /// Prolongs a claim.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it was lost: stop.
    pub async fn renew_shard(&self, claim: &ShardClaim, lease: i64) -> Result<ShardClaim> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            held(&mut tx, claim).await?;
            let until_millis = tx.at_millis.saturating_add(lease.saturating_mul(1000));
            let update = sqlx::query("UPDATE shards SET held_until = $3 WHERE job = $1 AND number = $2");
            update.bind(&claim.job).bind(claim.number).bind(until_millis).execute(tx.db()).await?;
            tx.commit().await?;
            Ok(ShardClaim { until_millis, ..claim.clone() })
        })
        .await
    }

    /// Brings a shard's result. With the last one the job is [`JobState::Worked`].
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the claim was lost or the job is over: the result does not count.
    pub async fn finish_shard(&self, claim: &ShardClaim, result: &[u8]) -> Result<Job> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            held(&mut tx, claim).await?;
            sqlx::query("UPDATE shards SET state = 'done', result = $3, error = NULL WHERE job = $1 AND number = $2")
                .bind(&claim.job)
                .bind(claim.number)
                .bind(result)
                .execute(tx.db())
                .await?;
            let job = count(&mut tx, claim, 1, 0).await?;
            tx.commit().await?;
            Ok(job)
        })
        .await
    }

    /// Gives a shard back, to be tried again after `after` seconds, or given up when it had `attempts` of them.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the claim was lost.
    pub async fn fail_shard(&self, claim: &ShardClaim, error: &str, after: i64, attempts: i64) -> Result<Job> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            held(&mut tx, claim).await?;
            let job = if claim.attempt >= attempts {
                give_up(&mut tx, claim, error).await?
            } else {
                let until = tx.at_millis.saturating_add(after.max(0).saturating_mul(1000));
                sqlx::query(
                    "UPDATE shards SET state = 'waiting', held_until = $3, error = $4 WHERE job = $1 AND number = $2",
                )
                .bind(&claim.job)
                .bind(claim.number)
                .bind(until)
                .bind(error)
                .execute(tx.db())
                .await?;
                find(tx.db(), &claim.job).await?.ok_or_else(|| StoreError::not_found(WHAT, &claim.job))?
            };
            tx.commit().await?;
            Ok(job)
        })
        .await
    }

    /// Shards with their results, from number `from` on.
    ///
    /// # Errors
    /// As every read.
    pub async fn shard_results(&self, job: &str, from: i64, limit: u32) -> Result<Vec<ShardStatus>> {
        self.bounded_long(async {
            let rows = sqlx::query("SELECT * FROM shards WHERE job = $1 AND number >= $2 ORDER BY number LIMIT $3");
            let rows = rows.bind(job).bind(from).bind(i64::from(limit)).fetch_all(&mut *self.reader().await?).await?;
            each(&rows, |row| {
                Ok(ShardStatus {
                    number: row.int("number")?,
                    shard: Shard { first: row.int("first")?, last: row.int("last")?, count: row.int("records")? },
                    state: row.word("state")?,
                    attempts: row.int("attempts")?,
                    error: row.text_or_none("error")?,
                    result: row.bytes_or_none("result")?,
                })
            })
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

/// Refuses a claim that another took over, or whose job is over.
async fn held(tx: &mut Tx, claim: &ShardClaim) -> Result<()> {
    let row = sqlx::query(
        "SELECT s.attempts, s.worker, s.state, j.state AS job_state FROM shards s JOIN jobs j ON j.id = s.job \
         WHERE s.job = $1 AND s.number = $2",
    );
    let row = row.bind(&claim.job).bind(claim.number).fetch_optional(tx.db()).await?;
    let id = || format!("{}/{}", claim.job, claim.number);
    let row = row.ok_or_else(|| StoreError::not_found("shard", id()))?;
    let found = row.int("attempts")?;
    // A lease that is over and that nobody took since is still good.
    let mine = found == claim.attempt && row.text_or_none("worker")?.as_deref() == Some(&claim.worker[..]);
    if mine && row.text("state")? == "claimed" && row.text("job_state")? == "running" {
        return Ok(());
    }
    Err(StoreError::Stale { what: "shard", id: id(), expected: claim.attempt, found })
}

async fn give_up(tx: &mut Tx, claim: &ShardClaim, error: &str) -> Result<Job> {
    sqlx::query("UPDATE shards SET state = 'dead', error = $3 WHERE job = $1 AND number = $2")
        .bind(&claim.job)
        .bind(claim.number)
        .bind(error)
        .execute(tx.db())
        .await?;
    count(tx, claim, 0, 1).await
}

/// One more shard is over.
async fn count(tx: &mut Tx, claim: &ShardClaim, done: i64, dead: i64) -> Result<Job> {
    let row = sqlx::query(
        "UPDATE jobs SET shards_done = shards_done + $2, shards_dead = shards_dead + $3, records_done = records_done + $4, \
         version = version + 1, state = CASE WHEN state = 'running' AND shards_done + shards_dead + 1 >= shards THEN 'worked' \
         ELSE state END WHERE id = $1 RETURNING *",
    );
    let row = row.bind(&claim.job).bind(done).bind(dead).bind(claim.shard.count * done);
    job(&row.fetch_one(tx.db()).await?)
}

async fn told(tx: &mut Tx, actor: &Actor, action: &str, job: &Job, detail: Json) -> Result<()> {
    tx.audit(actor, action, Some(&job.shop), &job.id, detail).await?;
    tx.change(ChangeKind::Job, Some(&job.shop), Some(&job.id)).await
}

async fn find(db: &mut AnyConnection, id: &str) -> Result<Option<Job>> {
    let row = sqlx::query("SELECT * FROM jobs WHERE id = $1").bind(id).fetch_optional(db).await?;
    row.as_ref().map(job).transpose()
}

fn job(row: &AnyRow) -> Result<Job> {
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
