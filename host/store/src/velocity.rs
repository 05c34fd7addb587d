//! Orders that the velocity counters keep.

use crate::Result;
use crate::db::{Lock, Store};
use crate::model::VelocityEvent;
use crate::row::{Get as _, each};

impl Store {
    /// Appends events (`at` in seconds, and their form, which the store does not read), all or none. Gives the last one's sequence number.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`].
    pub async fn append_velocity(&self, events: &[(i64, Vec<u8>)]) -> Result<i64> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Velocity).await?;
            let mut last = 0;
            for (at, body) in events {
                let row = sqlx::query("INSERT INTO velocity (at, body) VALUES ($1, $2) RETURNING seq");
                last = row.bind(*at).bind(&body[..]).fetch_one(tx.db()).await?.int("seq")?;
            }
            tx.commit().await?;
            Ok(last)
        })
        .await
    }

    /// Events after a sequence number, in the order in which they were appended, of all replicas. Those from before `oldest` are left out.
    ///
    /// # Errors
    /// As every read.
    pub async fn velocity(&self, after: i64, oldest: i64, limit: u32) -> Result<Vec<VelocityEvent>> {
        self.bounded(async {
            let rows = sqlx::query("SELECT * FROM velocity WHERE seq > $1 AND at >= $2 ORDER BY seq LIMIT $3");
            let rows =
                rows.bind(after).bind(oldest).bind(i64::from(limit)).fetch_all(&mut *self.reader().await?).await?;
            each(&rows, |row| Ok(VelocityEvent { seq: row.int("seq")?, at: row.int("at")?, body: row.bytes("body")? }))
        })
        .await
    }

    /// Lets go of at most `limit` events from before a time. Gives how many.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`].
    pub async fn prune_velocity(&self, before: i64, limit: u32) -> Result<u64> {
        self.bounded_long(async {
            let mut tx = self.begin(Lock::None).await?;
            let gone = sqlx::query(
                "DELETE FROM velocity WHERE seq IN (SELECT seq FROM velocity WHERE at < $1 ORDER BY at LIMIT $2)",
            );
            let gone = gone.bind(before).bind(i64::from(limit)).execute(tx.db()).await?;
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }
}
