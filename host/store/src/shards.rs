//! Shards of backtests: each is worked on by one worker at a time, and what comes of it counts once.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::jobs::{WHAT, find, job};
use crate::model::{Job, Shard, ShardClaim, ShardStatus};
use crate::row::{Get as _, each};

impl Store {
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

    /// Brings a shard's result. With the last one the job is [`crate::JobState::Worked`].
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
