//! Installs; their revisions are in `revisions.rs`, and how these go live in `rollout.rs`.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::ids::{check_name, id_or_new};
use crate::model::{
    Action, Actor, BreakerState, Candidate, ChangeKind, Install, Installed, Listed, Made, NewInstall, Page,
    RevisionHead,
};
use crate::row::{Get as _, each};
use futures_util::TryStreamExt as _;
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

pub(crate) const WHAT: &str = "install";

/// All columns of an install with its live revision (`l_…`) and its candidate's (`c_…`).
macro_rules! installed {
    ($rest:literal) => {
        concat!(
            "SELECT i.*, l.number AS l_number, l.package AS l_package, l.package_version AS l_package_version, \
             l.digest AS l_digest, l.settings_digest AS l_settings_digest, l.note AS l_note, l.created AS l_created, \
             l.actor AS l_actor, c.number AS c_number, c.package AS c_package, c.package_version AS c_package_version, \
             c.digest AS c_digest, c.settings_digest AS c_settings_digest, c.note AS c_note, c.created AS c_created, \
             c.actor AS c_actor FROM installs i \
             LEFT JOIN revisions l ON l.install = i.id AND l.number = i.live \
             LEFT JOIN revisions c ON c.install = i.id AND c.number = i.candidate ",
            $rest
        )
    };
}

impl Store {
    /// Installs a package's version on a shop's hook; its revision 1 is a draft. A second call with the same id gives what the first made.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a name that the hook has already, [`StoreError::NotFound`] for a shop or version that is not there.
    pub async fn create_install(&self, actor: &Actor, new: &NewInstall) -> Result<Made<Install>> {
        check_name("name", &new.name)?;
        check_name("hook", &new.hook)?;
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let id = id_or_new(new.id.as_deref(), tx.at_millis)?;
            if new.id.is_some()
                && let Some(there) = find_with_removed(tx.db(), &id).await?
            {
                return Ok(Made { it: there, created: false });
            }
            crate::shops::find(tx.db(), &new.shop).await?;
            let same = sqlx::query("SELECT id FROM installs WHERE shop = $1 AND hook = $2 AND name = $3 AND removed IS NULL");
            let same = same.bind(&new.shop).bind(&new.hook).bind(&new.name).fetch_optional(tx.db()).await?;
            if let Some(there) = same {
                let why = format!("the hook {} has one of this name, {}; choose another name", new.hook, there.text("id")?);
                return Err(StoreError::conflict(WHAT, &new.name, why));
            }
            let last = sqlx::query(
                "SELECT max(position) AS last FROM installs WHERE shop = $1 AND hook = $2 AND removed IS NULL",
            );
            let last = last.bind(&new.shop).bind(&new.hook).fetch_one(tx.db()).await?.int_or_none("last")?;
            let install = Install {
                id,
                shop: new.shop.clone(),
                hook: new.hook.clone(),
                name: new.name.clone(),
                position: new.position.unwrap_or_else(|| last.map_or(0, |last| last.saturating_add(1))),
                live: None,
                previous: None,
                candidate: None,
                policy: new.policy.clone(),
                breaker: None,
                newest: 1,
                version: 1,
                created: tx.at(),
                removed: None,
            };
            sqlx::query(
                "INSERT INTO installs (id, shop, hook, name, position, policy, newest, lines, version, created) \
                 VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 1, $7)",
            )
            .bind(&install.id)
            .bind(&install.shop)
            .bind(&install.hook)
            .bind(&install.name)
            .bind(install.position)
            .bind(install.policy.as_ref().map(ToString::to_string))
            .bind(install.created)
            .execute(tx.db())
            .await?;
            let revision = crate::revisions::insert(&mut tx, actor, &install.id, 1, &new.revision).await?;
            tx.history(actor, &install.id, Action::Created, Some(1), new.revision.note.as_deref()).await?;
            let detail = json!({
                "hook": install.hook, "name": install.name, "package": revision.package, "version": revision.package_version,
            });
            tx.audit(actor, "install.created", Some(&install.shop), &install.id, detail).await?;
            tx.change_of_install(ChangeKind::Install, &install.shop, &install.id, Action::Created).await?;
            tx.commit().await?;
            Ok(Made { it: install, created: true })
        })
        .await
    }

    /// Also one that was removed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn install(&self, id: &str) -> Result<Install> {
        self.bounded(async {
            find_with_removed(&mut *self.reader().await?, id).await?.ok_or_else(|| StoreError::not_found(WHAT, id))
        })
        .await
    }

    /// A shop's install by its id, or by its name where only one hook has it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`] for a name that several hooks have.
    pub async fn install_of(&self, shop: &str, id_or_name: &str) -> Result<Install> {
        self.bounded(async {
            let rows = sqlx::query(
                "SELECT * FROM installs WHERE shop = $1 AND ((name = $2 AND removed IS NULL) OR id = $2) ORDER BY seq LIMIT 2",
            );
            let rows = rows.bind(shop).bind(id_or_name).fetch_all(&mut *self.reader().await?).await?;
            match &each(&rows, install)?[..] {
                [] => Err(StoreError::not_found(WHAT, id_or_name)),
                [one] => Ok(one.clone()),
                [one, other, ..] => {
                    let why = format!("is the name of {} ({}) and of {} ({}); give the id", one.id, one.hook, other.id, other.hook);
                    Err(StoreError::conflict(WHAT, id_or_name, why))
                }
            }
        })
        .await
    }

    /// A shop's installs without those that were removed, as they were installed.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn installs(&self, shop: &str, hook: Option<&str>, page: &Page) -> Result<Listed<Install>> {
        let (limit, after) = page.by_number(0)?;
        self.bounded(async {
            let rows = sqlx::query(
                "SELECT * FROM installs WHERE shop = $1 AND seq > $2 AND removed IS NULL AND ($3 = '' OR hook = $3) \
                 ORDER BY seq LIMIT $4",
            );
            let rows = rows.bind(shop).bind(after).bind(hook.unwrap_or("")).bind(limit + 1);
            let rows = rows.fetch_all(&mut *self.reader().await?).await?;
            let with_seq = each(&rows, |row| Ok((row.int("seq")?, install(row)?)))?;
            let listed = Listed::of(with_seq, limit, |(seq, _)| seq.to_string());
            Ok(Listed { items: listed.items.into_iter().map(|(_, install)| install).collect(), next: listed.next })
        })
        .await
    }

    /// What a shop has installed now, of one state: for the switch of a replica. In the order in which a hook asks them.
    ///
    /// # Errors
    /// As every read.
    pub async fn installed(&self, shop: &str) -> Result<Vec<Installed>> {
        self.bounded(async {
            let rows = sqlx::query(installed!("WHERE i.shop = $1 AND i.removed IS NULL ORDER BY i.position, i.seq"));
            each(&rows.bind(shop).fetch_all(&mut *self.reader().await?).await?, installed)
        })
        .await
    }

    /// Everything that is installed, of one state, shop by shop, for the start of a server: read [`Store::last_change`] first, and follow from there.
    ///
    /// # Errors
    /// As every read; what was handed over before stays handed over.
    pub async fn installs_all(&self, mut each: impl FnMut(Installed)) -> Result<()> {
        self.bounded_long(async {
            let mut connection = self.reader().await?;
            let query = sqlx::query(installed!("WHERE i.removed IS NULL ORDER BY i.shop, i.position, i.seq"));
            let mut rows = query.fetch(&mut *connection);
            while let Some(row) = rows.try_next().await? {
                each(installed(&row)?);
            }
            Ok(())
        })
        .await
    }
}

/// Within a removal of the shop, whose own change tells of it.
pub(crate) async fn remove_all_of(tx: &mut Tx, actor: &Actor, shop: &str) -> Result<()> {
    let rows = sqlx::query("SELECT id, live FROM installs WHERE shop = $1 AND removed IS NULL").bind(shop);
    for row in rows.fetch_all(tx.db()).await? {
        tx.history(actor, &row.text("id")?, Action::Removed, row.int_or_none("live")?, Some("the shop was removed"))
            .await?;
    }
    let at = tx.at();
    sqlx::query(
        "UPDATE installs SET removed = $2, version = version + 1, candidate = NULL, candidate_stage = NULL, \
         candidate_share = NULL, candidate_since = NULL WHERE shop = $1 AND removed IS NULL",
    )
    .bind(shop)
    .bind(at)
    .execute(tx.db())
    .await?;
    Ok(())
}

async fn find_with_removed(db: &mut AnyConnection, id: &str) -> Result<Option<Install>> {
    let row = sqlx::query("SELECT * FROM installs WHERE id = $1").bind(id).fetch_optional(db).await?;
    row.as_ref().map(install).transpose()
}

/// One that is not removed, at the expected version.
pub(crate) async fn expect(tx: &mut Tx, id: &str, expected: Option<i64>) -> Result<Install> {
    let there = find_with_removed(tx.db(), id).await?.filter(|install| install.removed.is_none());
    let there = there.ok_or_else(|| StoreError::not_found(WHAT, id))?;
    match expected {
        Some(expected) if expected != there.version => {
            Err(StoreError::Stale { what: WHAT, id: id.to_owned(), expected, found: there.version })
        }
        _ => Ok(there),
    }
}

pub(crate) fn install(row: &AnyRow) -> Result<Install> {
    let candidate = match row.int_or_none("candidate")? {
        None => None,
        Some(revision) => Some(Candidate {
            revision,
            stage: row.word("candidate_stage")?,
            share: row.int("candidate_share")?,
            since: row.int("candidate_since")?,
        }),
    };
    let breaker = match row.text_or_none("breaker")? {
        None => None,
        Some(text) => Some(
            serde_json::from_str::<BreakerState>(&text)
                .map_err(|error| StoreError::corrupt("column", "breaker", error))?,
        ),
    };
    Ok(Install {
        id: row.text("id")?,
        shop: row.text("shop")?,
        hook: row.text("hook")?,
        name: row.text("name")?,
        position: row.int("position")?,
        live: row.int_or_none("live")?,
        previous: row.int_or_none("previous")?,
        candidate,
        policy: row.json_or_none("policy")?,
        breaker,
        newest: row.int("newest")?,
        version: row.int("version")?,
        created: row.int("created")?,
        removed: row.int_or_none("removed")?,
    })
}

fn installed(row: &AnyRow) -> Result<Installed> {
    let install = install(row)?;
    let id = || install.id.clone();
    let live = match row.int_or_none("l_number")? {
        None if install.live.is_some() => return Err(StoreError::corrupt(WHAT, id(), "its live revision is missing")),
        None => None,
        Some(number) => Some(RevisionHead {
            install: id(),
            number,
            package: row.text("l_package")?,
            package_version: row.text("l_package_version")?,
            digest: row.text("l_digest")?,
            settings_digest: row.text("l_settings_digest")?,
            note: row.text_or_none("l_note")?,
            created: row.int("l_created")?,
            actor: row.text("l_actor")?,
        }),
    };
    let candidate = match row.int_or_none("c_number")? {
        None => None,
        Some(number) => Some(RevisionHead {
            install: id(),
            number,
            package: row.text("c_package")?,
            package_version: row.text("c_package_version")?,
            digest: row.text("c_digest")?,
            settings_digest: row.text("c_settings_digest")?,
            note: row.text_or_none("c_note")?,
            created: row.int("c_created")?,
            actor: row.text("c_actor")?,
        }),
    };
    Ok(Installed { install, live, candidate })
}
