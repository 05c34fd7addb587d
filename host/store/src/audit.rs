//! Who changed what.

use crate::Result;
use crate::db::{Lock, Store};
use crate::model::{Actor, AuditEntry, Json, Listed, Page};
use crate::row::{Get as _, each};

impl Store {
    /// A line about something that the store itself does not change, for example a replay.
    ///
    /// # Errors
    /// [`crate::StoreError::Unavailable`].
    pub async fn add_audit(
        &self,
        actor: &Actor,
        action: &str,
        shop: Option<&str>,
        subject: &str,
        detail: Json,
    ) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            tx.audit(actor, action, shop, subject, detail).await?;
            tx.commit().await
        })
        .await
    }

    /// The newest first; of one shop, or of everything.
    ///
    /// # Errors
    /// [`crate::StoreError::Invalid`] for a page out of range.
    pub async fn audit(&self, shop: Option<&str>, page: &Page) -> Result<Listed<AuditEntry>> {
        let (limit, before) = page.by_number(i64::MAX)?;
        self.bounded(async {
            let rows = match shop {
                None => sqlx::query("SELECT * FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2"),
                Some(_) => sqlx::query("SELECT * FROM audit WHERE seq < $1 AND shop = $3 ORDER BY seq DESC LIMIT $2"),
            };
            let mut rows = rows.bind(before).bind(limit + 1);
            if let Some(shop) = shop {
                rows = rows.bind(shop);
            }
            let rows = rows.fetch_all(&mut *self.reader().await?).await?;
            let entries = each(&rows, |row| {
                Ok(AuditEntry {
                    seq: row.int("seq")?,
                    at: row.int("at")?,
                    actor: row.text("actor")?,
                    request: row.text_or_none("request")?,
                    action: row.text("action")?,
                    shop: row.text_or_none("shop")?,
                    subject: row.text("subject")?,
                    detail: row.json("detail")?,
                })
            })?;
            Ok(Listed::of(entries, limit, |entry| entry.seq.to_string()))
        })
        .await
    }
}
