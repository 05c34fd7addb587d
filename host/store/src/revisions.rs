//! Revisions of installs: a version with settings, which never changes.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::installs::expect;
use crate::model::{Action, Actor, ChangeKind, Listed, Made, NewRevision, Page, Revision, RevisionHead};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::any::AnyRow;

impl Store {
    /// Adds a revision as a draft. A second call with the same `once` gives what the first made.
    ///
    /// # Errors
    /// [`StoreError::Stale`], [`StoreError::NotFound`] for an install or version that is not there.
    pub async fn add_revision(
        &self,
        actor: &Actor,
        install: &str,
        new: &NewRevision,
        expected: Option<i64>,
    ) -> Result<Made<Revision>> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            if let Some(once) = &new.once {
                let there = sqlx::query("SELECT * FROM revisions WHERE install = $1 AND once = $2");
                if let Some(row) = there.bind(install).bind(once).fetch_optional(tx.db()).await? {
                    return Ok(Made { it: revision(&row)?, created: false });
                }
            }
            let there = expect(&mut tx, install, expected).await?;
            let number = there.newest + 1;
            let head = insert(&mut tx, actor, install, number, new).await?;
            sqlx::query("UPDATE installs SET version = version + 1 WHERE id = $1")
                .bind(install)
                .execute(tx.db())
                .await?;
            tx.history(actor, install, Action::Drafted, Some(number), new.note.as_deref()).await?;
            let detail = json!({ "revision": number, "package": head.package, "version": head.package_version });
            tx.audit(actor, "install.drafted", Some(&there.shop), install, detail).await?;
            tx.change_of_install(ChangeKind::Install, &there.shop, install, Action::Drafted).await?;
            tx.commit().await?;
            Ok(Made { it: Revision { head, settings: new.settings.clone() }, created: true })
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn revision(&self, install: &str, number: i64) -> Result<Revision> {
        self.bounded(async {
            let row = sqlx::query("SELECT * FROM revisions WHERE install = $1 AND number = $2");
            let row = row.bind(install).bind(number).fetch_optional(&mut *self.reader().await?).await?;
            revision(&row.ok_or_else(|| StoreError::not_found("revision", format!("{install}/{number}")))?)
        })
        .await
    }

    /// Without settings; the newest first.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn revisions(&self, install: &str, page: &Page) -> Result<Listed<RevisionHead>> {
        let (limit, before) = page.by_number(i64::MAX)?;
        self.bounded(async {
            let rows = sqlx::query(
                "SELECT install, number, package, package_version, digest, settings_digest, note, created, actor \
                 FROM revisions WHERE install = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
            );
            let rows = rows.bind(install).bind(before).bind(limit + 1).fetch_all(&mut *self.reader().await?).await?;
            Ok(Listed::of(each(&rows, head)?, limit, |head| head.number.to_string()))
        })
        .await
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    install: &str,
    number: i64,
    new: &NewRevision,
) -> Result<RevisionHead> {
    let version = crate::packages::find_version(tx.db(), &new.package, &new.package_version).await?;
    let version = version
        .ok_or_else(|| StoreError::not_found("package version", format!("{} {}", new.package, new.package_version)))?;
    let head = RevisionHead {
        install: install.to_owned(),
        number,
        package: version.package,
        package_version: version.version,
        digest: version.digest,
        settings_digest: new.settings_digest.clone(),
        note: new.note.clone(),
        created: tx.at(),
        actor: actor.name.clone(),
    };
    sqlx::query(
        "INSERT INTO revisions (install, number, package, package_version, digest, settings_digest, note, created, \
         actor, once, settings) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(install)
    .bind(number)
    .bind(&head.package)
    .bind(&head.package_version)
    .bind(&head.digest)
    .bind(&head.settings_digest)
    .bind(&head.note)
    .bind(head.created)
    .bind(&head.actor)
    .bind(&new.once)
    .bind(&new.settings)
    .execute(tx.db())
    .await?;
    sqlx::query("UPDATE installs SET newest = $2 WHERE id = $1").bind(install).bind(number).execute(tx.db()).await?;
    Ok(head)
}

fn head(row: &AnyRow) -> Result<RevisionHead> {
    Ok(RevisionHead {
        install: row.text("install")?,
        number: row.int("number")?,
        package: row.text("package")?,
        package_version: row.text("package_version")?,
        digest: row.text("digest")?,
        settings_digest: row.text("settings_digest")?,
        note: row.text_or_none("note")?,
        created: row.int("created")?,
        actor: row.text("actor")?,
    })
}

fn revision(row: &AnyRow) -> Result<Revision> {
    Ok(Revision { head: head(row)?, settings: row.text("settings")? })
}
