//! Requests that are sent twice and done once.

use crate::Result;
use crate::db::{Lock, Store};
use crate::error::StoreError;
use crate::ids::{check_text, new_id};
use crate::model::Idempotency;
use crate::row::Get as _;

/// How long a request that died is waited for, in seconds.
const HELD: i64 = 60;

impl Store {
    /// Begins a request with an idempotency key. `fingerprint` tells requests apart (a hash of method, path and body); `scope` is who asks.
    /// Keys are kept for `keep` seconds.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a key out of range, [`StoreError::Unavailable`].
    pub async fn idempotency(&self, scope: &str, key: &str, fingerprint: &str, keep: i64) -> Result<Idempotency> {
        check_text("idempotency-key", key, 1, 255)?;
        self.bounded(async {
            let mut tx = self.begin(Lock::None).await?;
            let (at, id) = (tx.at(), new_id(tx.at_millis));
            // One whose time is over is as if it were not there.
            let made = sqlx::query(
                "INSERT INTO idempotency (scope, key, fingerprint, id, held_until, expires) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (scope, key) DO UPDATE SET fingerprint = excluded.fingerprint, id = excluded.id, \
                 held_until = excluded.held_until, expires = excluded.expires, status = NULL, body = NULL \
                 WHERE idempotency.expires <= $7",
            );
            let made = made.bind(scope).bind(key).bind(fingerprint).bind(&id).bind(at + HELD).bind(at + keep).bind(at);
            if made.execute(tx.db()).await?.rows_affected() == 1 {
                tx.commit().await?;
                return Ok(Idempotency::Do { id });
            }
            let row = sqlx::query("SELECT * FROM idempotency WHERE scope = $1 AND key = $2");
            let row = row.bind(scope).bind(key).fetch_one(tx.db()).await?;
            if row.text("fingerprint")? != fingerprint {
                return Ok(Idempotency::Other);
            }
            if let Some(status) = row.int_or_none("status")? {
                let status = u16::try_from(status).map_err(|error| StoreError::corrupt("idempotency key", key, error))?;
                return Ok(Idempotency::Done { status, body: row.bytes("body")? });
            }
            // Taken over from one that died: by one caller only, since the row is locked until the end of this transaction.
            let taken = sqlx::query(
                "UPDATE idempotency SET held_until = $3 WHERE scope = $1 AND key = $2 AND held_until <= $4 AND status IS NULL",
            );
            let taken = taken.bind(scope).bind(key).bind(at + HELD).bind(at).execute(tx.db()).await?;
            if taken.rows_affected() == 0 {
                return Ok(Idempotency::Running);
            }
            tx.commit().await?;
            Ok(Idempotency::Do { id: row.text("id")? })
        })
        .await
    }

    /// Keeps the answer. `id` is what [`Idempotency::Do`] gave.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; the request is done all the same, and done again under the same id.
    pub async fn idempotency_done(&self, scope: &str, key: &str, id: &str, status: u16, body: &[u8]) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::None).await?;
            sqlx::query("UPDATE idempotency SET status = $4, body = $5 WHERE scope = $1 AND key = $2 AND id = $3")
                .bind(scope)
                .bind(key)
                .bind(id)
                .bind(i64::from(status))
                .bind(body)
                .execute(tx.db())
                .await?;
            tx.commit().await
        })
        .await
    }

    /// Lets go of a key whose request was refused and changed nothing, so that a corrected one may use it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn idempotency_forget(&self, scope: &str, key: &str, id: &str) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::None).await?;
            sqlx::query("DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND id = $3 AND status IS NULL")
                .bind(scope)
                .bind(key)
                .bind(id)
                .execute(tx.db())
                .await?;
            tx.commit().await
        })
        .await
    }

    /// Lets go of keys whose time is over. Gives how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prune_idempotency(&self) -> Result<u64> {
        self.bounded_long(async {
            let mut tx = self.begin(Lock::None).await?;
            let at = tx.at();
            let gone = sqlx::query("DELETE FROM idempotency WHERE expires <= $1").bind(at).execute(tx.db()).await?;
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }
}
