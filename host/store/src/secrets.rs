//! Sealed secrets, wrapped data keys, and the server's own keys: bytes that mean nothing here.

use crate::Result;
use crate::db::{Dialect, Lock, Store};
use crate::error::StoreError;
use crate::model::{Actor, ChangeKind, DataKey, Listed, Page, SealedSecret, Secret};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::any::AnyRow;

impl Store {
    /// Sets a secret, or replaces it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a shop that is not there, [`StoreError::Stale`].
    pub async fn put_secret(
        &self,
        actor: &Actor,
        shop: &str,
        name: &str,
        sealed: &[u8],
        expected: Option<i64>,
    ) -> Result<Secret> {
        let right = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        if !(1..=63).contains(&name.len()) || !name.bytes().all(right) {
            return Err(StoreError::invalid("name", name, "use 1 to 63 letters, digits, hyphens and underscores"));
        }
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            crate::shops::find(tx.db(), shop).await?;
            let row =
                sqlx::query("SELECT shop, name, version, created, updated FROM secrets WHERE shop = $1 AND name = $2");
            let row = row.bind(shop).bind(name).fetch_optional(tx.db()).await?;
            let there = row.as_ref().map(secret).transpose()?;
            let found = there.as_ref().map_or(0, |secret| secret.version);
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                return Err(StoreError::Stale { what: "secret", id: name.to_owned(), expected, found });
            }
            let at = tx.at();
            let secret = Secret {
                shop: shop.to_owned(),
                name: name.to_owned(),
                version: found + 1,
                created: there.map_or(at, |secret| secret.created),
                updated: at,
            };
            sqlx::query(
                "INSERT INTO secrets (shop, name, sealed, version, created, updated) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (shop, name) DO UPDATE SET sealed = excluded.sealed, version = excluded.version, \
                 updated = excluded.updated",
            )
            .bind(shop)
            .bind(name)
            .bind(sealed)
            .bind(secret.version)
            .bind(secret.created)
            .bind(secret.updated)
            .execute(tx.db())
            .await?;
            tx.audit(actor, "secret.set", Some(shop), name, json!({ "version": secret.version })).await?;
            tx.change(ChangeKind::Secret, Some(shop), Some(name)).await?;
            tx.commit().await?;
            Ok(secret)
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_secret(&self, actor: &Actor, shop: &str, name: &str) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let gone = sqlx::query("DELETE FROM secrets WHERE shop = $1 AND name = $2").bind(shop).bind(name);
            if gone.execute(tx.db()).await?.rows_affected() == 0 {
                return Err(StoreError::not_found("secret", name));
            }
            tx.audit(actor, "secret.removed", Some(shop), name, json!({})).await?;
            tx.change(ChangeKind::Secret, Some(shop), Some(name)).await?;
            tx.commit().await
        })
        .await
    }

    /// By name, without values.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn secrets(&self, shop: &str, page: &Page) -> Result<Listed<Secret>> {
        let (limit, after) = page.by_text()?;
        self.bounded(async {
            let rows = sqlx::query(
                "SELECT shop, name, version, created, updated FROM secrets WHERE shop = $1 AND name > $2 ORDER BY name LIMIT $3",
            );
            let rows = rows.bind(shop).bind(after).bind(limit + 1).fetch_all(&mut *self.reader().await?).await?;
            Ok(Listed::of(each(&rows, secret)?, limit, |secret| secret.name.clone()))
        })
        .await
    }

    /// All of a shop with their sealed values, for the plans' requests.
    ///
    /// # Errors
    /// As every read.
    pub async fn sealed_secrets(&self, shop: &str) -> Result<Vec<SealedSecret>> {
        self.bounded(async {
            let rows =
                sqlx::query("SELECT name, version, sealed FROM secrets WHERE shop = $1 ORDER BY name").bind(shop);
            each(&rows.fetch_all(&mut *self.reader().await?).await?, |row| {
                Ok(SealedSecret { name: row.text("name")?, version: row.int("version")?, sealed: row.bytes("sealed")? })
            })
        })
        .await
    }

    /// The shop's data key that new records use; the given one when there was none. Of several replicas that bring one, all get the first's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a shop that is not there.
    pub async fn data_key_or(&self, shop: &str, wrapped: &[u8]) -> Result<DataKey> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            crate::shops::find(tx.db(), shop).await?;
            let newest = sqlx::query("SELECT * FROM data_keys WHERE shop = $1 ORDER BY number DESC LIMIT 1").bind(shop);
            let newest = newest.fetch_optional(tx.db()).await?.as_ref().map(data_key).transpose()?;
            let number = match newest {
                Some(key) if key.destroyed.is_none() => return Ok(key),
                Some(key) => key.number + 1,
                None => 1,
            };
            let created = tx.at();
            let insert = sqlx::query("INSERT INTO data_keys (shop, number, wrapped, created) VALUES ($1, $2, $3, $4)");
            insert.bind(shop).bind(number).bind(wrapped).bind(created).execute(tx.db()).await?;
            tx.change(ChangeKind::DataKey, Some(shop), None).await?;
            tx.commit().await?;
            Ok(DataKey { shop: shop.to_owned(), number, wrapped: Some(wrapped.to_vec()), created, destroyed: None })
        })
        .await
    }

    /// All keys of a shop, the newest first; destroyed ones without bytes.
    ///
    /// # Errors
    /// As every read.
    pub async fn data_keys(&self, shop: &str) -> Result<Vec<DataKey>> {
        self.bounded(async {
            let rows = sqlx::query("SELECT * FROM data_keys WHERE shop = $1 ORDER BY number DESC").bind(shop);
            each(&rows.fetch_all(&mut *self.reader().await?).await?, data_key)
        })
        .await
    }

    /// Destroys a shop's data keys: what was sealed with them cannot be read by anybody any more. Gives how many there were.
    /// The bytes are overwritten in the database's files too, as far as it can; backups are the operator's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a shop that is not there.
    pub async fn destroy_data_keys(&self, actor: &Actor, shop: &str) -> Result<u64> {
        let count = self
            .bounded(async {
                let mut tx = self.begin(Lock::Changes).await?;
                crate::shops::find(tx.db(), shop).await?;
                let at = tx.at();
                let gone = sqlx::query(
                    "UPDATE data_keys SET wrapped = NULL, destroyed = $2 WHERE shop = $1 AND destroyed IS NULL",
                );
                let count = gone.bind(shop).bind(at).execute(tx.db()).await?.rows_affected();
                tx.audit(actor, "dataKey.destroyed", Some(shop), shop, json!({ "keys": count })).await?;
                tx.change(ChangeKind::DataKey, Some(shop), None).await?;
                tx.commit().await?;
                Ok(count)
            })
            .await?;
        self.forget_destroyed_bytes().await;
        Ok(count)
    }

    /// What was destroyed may still lie in SQLite's journal, or as a dead row in PostgreSQL's files. Best effort: a reader that is busy
    /// keeps it there until later.
    pub(crate) async fn forget_destroyed_bytes(&self) {
        let statement = match self.inner.dialect {
            Dialect::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
            Dialect::Postgres => "VACUUM data_keys, secrets",
        };
        let done = self
            .bounded(async {
                let mut connection = self.inner.writers.acquire().await?;
                sqlx::query(statement).execute(&mut *connection).await?;
                Ok(())
            })
            .await;
        if let Err(error) = done {
            tracing::warn!(%error, "destroyed keys may lie in the database's files for some time yet");
        }
    }

    /// A key of the server's own by name: the given one when there was none. All replicas get the same.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn server_key_or(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let there = sqlx::query("SELECT bytes FROM server_keys WHERE name = $1").bind(name);
            if let Some(row) = there.fetch_optional(tx.db()).await? {
                return row.bytes("bytes");
            }
            let at = tx.at();
            let insert = sqlx::query("INSERT INTO server_keys (name, bytes, created) VALUES ($1, $2, $3)");
            insert.bind(name).bind(bytes).bind(at).execute(tx.db()).await?;
            tx.commit().await?;
            Ok(bytes.to_vec())
        })
        .await
    }
}

fn secret(row: &AnyRow) -> Result<Secret> {
    Ok(Secret {
        shop: row.text("shop")?,
        name: row.text("name")?,
        version: row.int("version")?,
        created: row.int("created")?,
        updated: row.int("updated")?,
    })
}

fn data_key(row: &AnyRow) -> Result<DataKey> {
    Ok(DataKey {
        shop: row.text("shop")?,
        number: row.int("number")?,
        wrapped: row.bytes_or_none("wrapped")?,
        created: row.int("created")?,
        destroyed: row.int_or_none("destroyed")?,
    })
}
