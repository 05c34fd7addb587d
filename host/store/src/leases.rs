//! Names that one process holds at a time, for what only one replica should do.

use crate::Result;
use crate::db::{Lock, Store};
use crate::model::Lease;
use crate::row::Get as _;

impl Store {
    /// Takes a lease, or prolongs one's own. `None` while another holds it. With PostgreSQL the time is the database's, so that a replica whose
    /// clock is wrong takes nothing away; what is done under a lease is fenced by its term.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`]: then nobody may rely on holding it.
    pub async fn take_lease(&self, name: &str, holder: &str, seconds: i64) -> Result<Option<Lease>> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            let until = tx.at_millis.saturating_add(seconds.saturating_mul(1000));
            let at = tx.at_millis;
            let row = sqlx::query(
                "INSERT INTO leases (name, holder, term, until_millis) VALUES ($1, $2, 1, $3) \
                 ON CONFLICT (name) DO UPDATE SET until_millis = excluded.until_millis, holder = excluded.holder, \
                 term = leases.term + CASE WHEN leases.holder = excluded.holder AND leases.until_millis > $4 THEN 0 ELSE 1 END \
                 WHERE leases.holder = excluded.holder OR leases.until_millis <= $4 RETURNING term",
            );
            let row = row.bind(name).bind(holder).bind(until).bind(at).fetch_optional(tx.db()).await?;
            let Some(row) = row else { return Ok(None) };
            let lease = Lease {
                name: name.to_owned(),
                holder: holder.to_owned(),
                term: row.int("term")?,
                until_millis: until,
            };
            tx.commit().await?;
            Ok(Some(lease))
        })
        .await
    }

    /// Gives a lease back before its end; one that is lost already is none of this caller's.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`]: it ends by itself.
    pub async fn release_lease(&self, lease: &Lease) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            sqlx::query("UPDATE leases SET until_millis = 0 WHERE name = $1 AND holder = $2 AND term = $3")
                .bind(&lease.name)
                .bind(&lease.holder)
                .bind(lease.term)
                .execute(tx.db())
                .await?;
            tx.commit().await
        })
        .await
    }
}
