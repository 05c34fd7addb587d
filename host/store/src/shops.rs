//! Shops.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::ids::{check_name, check_text};
use crate::model::{Actor, ChangeKind, Listed, Made, NewShop, Page, Shop};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

pub(crate) const WHAT: &str = "shop";

impl Store {
    /// Makes a shop. The same again gives what is there.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is another of this id.
    pub async fn create_shop(&self, actor: &Actor, new: &NewShop) -> Result<Made<Shop>> {
        check(new)?;
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let there = sqlx::query("SELECT * FROM shops WHERE id = $1").bind(&new.id).fetch_optional(tx.db()).await?;
            let mut version = 1;
            if let Some(row) = there {
                let there = shop(&row)?;
                if row.int_or_none("removed")?.is_none() {
                    if (&there.name, &there.class, &there.document) == (&new.name, &new.class, &new.document) {
                        return Ok(Made { it: there, created: false });
                    }
                    return Err(StoreError::conflict(WHAT, &new.id, "there is one already, with another content"));
                }
                // A shop that comes back goes on counting, so that nobody takes it for the one that was removed.
                version = there.version + 1;
            }
            let at = tx.at();
            sqlx::query(
                "INSERT INTO shops (id, name, class, document, version, created) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, class = excluded.class, \
                 document = excluded.document, version = excluded.version, created = excluded.created, removed = NULL",
            )
            .bind(&new.id)
            .bind(&new.name)
            .bind(&new.class)
            .bind(new.document.to_string())
            .bind(version)
            .bind(at)
            .execute(tx.db())
            .await?;
            tx.audit(actor, "shop.created", Some(&new.id), &new.id, json!({ "class": new.class })).await?;
            tx.change(ChangeKind::Shop, Some(&new.id), None).await?;
            tx.commit().await?;
            Ok(Made { it: made(new, version, at), created: true })
        })
        .await
    }

    /// Replaces a shop's name, class and document.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when its version is not the expected one, [`StoreError::NotFound`].
    pub async fn update_shop(&self, actor: &Actor, new: &NewShop, expected: Option<i64>) -> Result<Shop> {
        check(new)?;
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let there = expect(&mut tx, &new.id, expected).await?;
            let changed = made(new, there.version + 1, there.created);
            sqlx::query("UPDATE shops SET name = $2, class = $3, document = $4, version = $5 WHERE id = $1")
                .bind(&new.id)
                .bind(&new.name)
                .bind(&new.class)
                .bind(new.document.to_string())
                .bind(changed.version)
                .execute(tx.db())
                .await?;
            tx.audit(actor, "shop.changed", Some(&new.id), &new.id, json!({ "version": changed.version })).await?;
            tx.change(ChangeKind::Shop, Some(&new.id), None).await?;
            tx.commit().await?;
            Ok(changed)
        })
        .await
    }

    /// Removes a shop: its installs are removed, its tokens revoked, its secrets, webhooks and data keys are gone (so the personal fields
    /// of its records cannot be read any more). Records stay until they are pruned; the audit log and histories stay.
    ///
    /// # Errors
    /// [`StoreError::Stale`], [`StoreError::NotFound`].
    pub async fn remove_shop(&self, actor: &Actor, id: &str, expected: Option<i64>) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            expect(&mut tx, id, expected).await?;
            crate::installs::remove_all_of(&mut tx, actor, id).await?;
            let at = tx.at();
            for statement in [
                "UPDATE shops SET removed = $2, version = version + 1 WHERE id = $1",
                "UPDATE tokens SET revoked = $2 WHERE shop = $1 AND revoked IS NULL",
                "UPDATE webhooks SET removed = $2, version = version + 1 WHERE shop = $1 AND removed IS NULL",
                "UPDATE data_keys SET destroyed = $2, wrapped = NULL WHERE shop = $1 AND destroyed IS NULL",
                "UPDATE jobs SET state = 'cancelled', finished = $2, version = version + 1 \
                 WHERE shop = $1 AND state IN ('running', 'worked')",
            ] {
                sqlx::query(statement).bind(id).bind(at).execute(tx.db()).await?;
            }
            sqlx::query("DELETE FROM secrets WHERE shop = $1").bind(id).execute(tx.db()).await?;
            tx.audit(actor, "shop.removed", Some(id), id, json!({})).await?;
            tx.change(ChangeKind::Shop, Some(id), None).await?;
            tx.commit().await?;
            self.forget_destroyed_bytes().await;
            Ok(())
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn shop(&self, id: &str) -> Result<Shop> {
        self.bounded(async { find(&mut *self.reader().await?, id).await }).await
    }

    /// By id.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn shops(&self, page: &Page) -> Result<Listed<Shop>> {
        let (limit, after) = page.by_text()?;
        self.bounded(async {
            let rows = sqlx::query("SELECT * FROM shops WHERE removed IS NULL AND id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(limit + 1)
                .fetch_all(&mut *self.reader().await?)
                .await?;
            Ok(Listed::of(each(&rows, shop)?, limit, |shop| shop.id.clone()))
        })
        .await
    }

    /// Every shop, for the start of a server.
    ///
    /// # Errors
    /// As every read.
    pub async fn shops_all(&self) -> Result<Vec<Shop>> {
        self.bounded_long(async {
            let rows = sqlx::query("SELECT * FROM shops WHERE removed IS NULL ORDER BY id")
                .fetch_all(&mut *self.reader().await?)
                .await?;
            each(&rows, shop)
        })
        .await
    }
}

pub(crate) async fn find(db: &mut AnyConnection, id: &str) -> Result<Shop> {
    let row = sqlx::query("SELECT * FROM shops WHERE id = $1 AND removed IS NULL").bind(id).fetch_optional(db).await?;
    shop(&row.ok_or_else(|| StoreError::not_found(WHAT, id))?)
}

async fn expect(tx: &mut Tx, id: &str, expected: Option<i64>) -> Result<Shop> {
    let there = find(tx.db(), id).await?;
    match expected {
        Some(expected) if expected != there.version => {
            Err(StoreError::Stale { what: WHAT, id: id.to_owned(), expected, found: there.version })
        }
        _ => Ok(there),
    }
}

fn check(new: &NewShop) -> Result<()> {
    check_name("id", &new.id)?;
    check_name("class", &new.class)?;
    check_text("name", &new.name, 1, 200)
}

fn made(new: &NewShop, version: i64, created: i64) -> Shop {
    let NewShop { id, name, class, document } = new.clone();
    Shop { id, name, class, document, version, created }
}

fn shop(row: &AnyRow) -> Result<Shop> {
    Ok(Shop {
        id: row.text("id")?,
        name: row.text("name")?,
        class: row.text("class")?,
        document: row.json("document")?,
        version: row.int("version")?,
        created: row.int("created")?,
    })
}
