//! The outbox that replicas follow.

use crate::Result;
use crate::db::{Lock, Store};
use crate::model::{Change, Changes};
use crate::row::{Get as _, each};

impl Store {
    /// What changed after a sequence number, in order, at most `limit`. Nothing that comes later has a smaller number.
    ///
    /// # Errors
    /// As every read.
    pub async fn changes(&self, after: i64, limit: u32) -> Result<Changes> {
        self.bounded(async {
            let mut snapshot = self.snapshot().await?;
            let rows = sqlx::query("SELECT * FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2");
            let rows = rows.bind(after).bind(i64::from(limit)).fetch_all(&mut *snapshot).await?;
            let items = each(&rows, |row| {
                Ok(Change {
                    seq: row.int("seq")?,
                    kind: row.word("kind")?,
                    shop: row.text_or_none("shop")?,
                    install: row.text_or_none("install")?,
                    subject: row.text_or_none("subject")?,
                    action: row.text_or_none("action")?.map(|word| word.parse()).transpose()?,
                    at: row.int("at")?,
                })
            })?;
            let pruned = sqlx::query("SELECT changes_pruned FROM schema").fetch_one(&mut *snapshot).await?;
            Ok(Changes { items, missed: after < pruned.int("changes_pruned")? })
        })
        .await
    }

    /// The newest change's number; 0 before the first.
    ///
    /// # Errors
    /// As every read.
    pub async fn last_change(&self) -> Result<i64> {
        self.bounded(async {
            let row = sqlx::query(
                "SELECT coalesce((SELECT max(seq) FROM changes), (SELECT changes_pruned FROM schema)) AS last",
            );
            row.fetch_one(&mut *self.reader().await?).await?.int("last")
        })
        .await
    }

    /// Lets go of changes from before a time, all but the newest; who has not read them is told `missed`. Gives how many.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`].
    pub async fn prune_changes(&self, before: i64) -> Result<u64> {
        self.bounded_long(async {
            let mut tx = self.begin(Lock::Changes).await?;
            // Up to the first that is young: after a jump of the clock an old one may stand behind it.
            let upto = sqlx::query(
                "SELECT coalesce((SELECT min(seq) - 1 FROM changes WHERE at >= $1), (SELECT max(seq) - 1 FROM changes), 0) AS upto",
            );
            let upto = upto.bind(before).fetch_one(tx.db()).await?.int("upto")?;
            let gone = sqlx::query("DELETE FROM changes WHERE seq <= $1").bind(upto).execute(tx.db()).await?;
            if gone.rows_affected() > 0 {
                sqlx::query("UPDATE schema SET changes_pruned = $1").bind(upto).execute(tx.db()).await?;
            }
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }
}
