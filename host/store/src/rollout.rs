//! How a revision becomes the one that answers, and how it is taken back.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::installs::{WHAT, expect};
use crate::model::{
    Action, Actor, BreakerState, Candidate, CandidateStage, ChangeKind, HistoryEntry, Install, Json, Listed, Page,
    Stage,
};
use crate::row::{Get as _, each};
use serde_json::json;

impl Store {
    /// Puts a revision somewhere. Live: what was live becomes `previous`; any candidate is over, and when it is another revision its
    /// history says so. Shadow or canary: replaces the candidate there is. The same again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody was first, [`StoreError::NotFound`], [`StoreError::Conflict`] for a candidate that is live
    /// already or a withdrawal without candidate.
    pub async fn stage(
        &self,
        actor: &Actor,
        install: &str,
        stage: Stage,
        expected: Option<i64>,
        why: Option<&str>,
    ) -> Result<Install> {
        if let Stage::Canary { share, .. } = stage
            && !(1..=1000).contains(&share)
        {
            return Err(StoreError::invalid("share", &share.to_string(), "give 1 to 1000 per mille"));
        }
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let there = expect(&mut tx, install, expected).await?;
            let chosen = |given: Option<i64>, or_candidate: bool| {
                let candidate = there.candidate.as_ref().filter(|_| or_candidate).map(|candidate| candidate.revision);
                given.or(candidate).unwrap_or(there.newest)
            };
            let after = match stage {
                Stage::Withdrawn => withdraw(&mut tx, actor, &there, why).await?,
                Stage::Live { revision } => activate(&mut tx, actor, &there, chosen(revision, true), why).await?,
                Stage::Shadow { revision } => {
                    let candidate = (chosen(revision, false), CandidateStage::Shadow, 0);
                    try_out(&mut tx, actor, &there, candidate, why).await?
                }
                Stage::Canary { revision, share } => {
                    let candidate = (chosen(revision, true), CandidateStage::Canary, share);
                    try_out(&mut tx, actor, &there, candidate, why).await?
                }
            };
            // Nothing to commit is a success too.
            let Some(after) = after else { return Ok(there) };
            let after = save(&mut tx, after).await?;
            tx.commit().await?;
            Ok(after)
        })
        .await
    }

    /// Makes `previous` live again; there is no `previous` then, so that a second rollback does not bring back what the first took away.
    /// A candidate is withdrawn.
    ///
    /// # Errors
    /// [`StoreError::Stale`], [`StoreError::NotFound`], [`StoreError::Conflict`] when there is nothing to go back to.
    pub async fn rollback(
        &self,
        actor: &Actor,
        install: &str,
        expected: Option<i64>,
        why: Option<&str>,
    ) -> Result<Install> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut there = expect(&mut tx, install, expected).await?;
            let Some(back_to) = there.previous else {
                let why = "has no revision before the live one; put the revision that you want live";
                return Err(StoreError::conflict(WHAT, install, why));
            };
            displace(&mut tx, actor, &mut there, None, "the live revision was rolled back").await?;
            let from = there.live.replace(back_to);
            there.previous = None;
            told(&mut tx, actor, &there, Action::RolledBack, Some(back_to), why, json!({ "from": from })).await?;
            close_breaker(&mut tx, actor, &mut there).await?;
            let after = save(&mut tx, there).await?;
            tx.commit().await?;
            Ok(after)
        })
        .await
    }

    /// Sets or takes away the rules for promotion.
    ///
    /// # Errors
    /// [`StoreError::Stale`], [`StoreError::NotFound`].
    pub async fn set_policy(
        &self,
        actor: &Actor,
        install: &str,
        policy: Option<Json>,
        expected: Option<i64>,
    ) -> Result<Install> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut there = expect(&mut tx, install, expected).await?;
            if there.policy == policy {
                return Ok(there);
            }
            there.policy = policy;
            told(&mut tx, actor, &there, Action::PolicyChanged, None, None, json!({ "policy": there.policy })).await?;
            let after = save(&mut tx, there).await?;
            tx.commit().await?;
            Ok(after)
        })
        .await
    }

    /// Sets when the install is asked among those of its hook.
    ///
    /// # Errors
    /// [`StoreError::Stale`], [`StoreError::NotFound`].
    pub async fn set_position(
        &self,
        actor: &Actor,
        install: &str,
        position: i64,
        expected: Option<i64>,
    ) -> Result<Install> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut there = expect(&mut tx, install, expected).await?;
            if there.position == position {
                return Ok(there);
            }
            let from = std::mem::replace(&mut there.position, position);
            told(&mut tx, actor, &there, Action::Moved, None, None, json!({ "from": from, "to": position })).await?;
            let after = save(&mut tx, there).await?;
            tx.commit().await?;
            Ok(after)
        })
        .await
    }

    /// Opens a breaker or closes it (`None`). Of several replicas that notice the same, one is told `true` and tells others. An open one that is
    /// opened again only gets its new end, silently: that is no change of the install.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_breaker(
        &self,
        actor: &Actor,
        install: &str,
        breaker: Option<&BreakerState>,
        why: Option<&str>,
    ) -> Result<(Install, bool)> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut there = expect(&mut tx, install, None).await?;
            let first = there.breaker.is_some() != breaker.is_some();
            if !first && there.breaker.as_ref() == breaker {
                return Ok((there, false));
            }
            there.breaker = breaker.cloned();
            if first {
                let action = if breaker.is_some() { Action::BreakerOpened } else { Action::BreakerClosed };
                let why = why.or(breaker.map(|breaker| breaker.why.as_str()));
                told(&mut tx, actor, &there, action, there.live, why, json!({ "breaker": there.breaker })).await?;
            } else {
                tx.change_of_install(ChangeKind::Breaker, &there.shop, install, Action::BreakerOpened).await?;
            }
            // Not a new version: whoever edits the install has seen nothing that is stale now.
            let breaker = there.breaker.as_ref().map(|breaker| json!(breaker).to_string());
            let update = sqlx::query("UPDATE installs SET breaker = $2 WHERE id = $1").bind(install).bind(breaker);
            update.execute(tx.db()).await?;
            tx.commit().await?;
            Ok((there, first))
        })
        .await
    }

    /// Takes an install away. Its revisions and history stay readable; its name is free.
    ///
    /// # Errors
    /// [`StoreError::Stale`], [`StoreError::NotFound`].
    pub async fn remove_install(
        &self,
        actor: &Actor,
        install: &str,
        expected: Option<i64>,
        why: Option<&str>,
    ) -> Result<Install> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut there = expect(&mut tx, install, expected).await?;
            there.candidate = None;
            there.removed = Some(tx.at());
            told(&mut tx, actor, &there, Action::Removed, there.live, why, json!({})).await?;
            let after = save(&mut tx, there).await?;
            tx.commit().await?;
            Ok(after)
        })
        .await
    }

    /// The newest line first.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn history(&self, install: &str, page: &Page) -> Result<Listed<HistoryEntry>> {
        let (limit, before) = page.by_number(i64::MAX)?;
        self.bounded(async {
            let rows =
                sqlx::query("SELECT * FROM history WHERE install = $1 AND number < $2 ORDER BY number DESC LIMIT $3");
            let rows = rows.bind(install).bind(before).bind(limit + 1).fetch_all(&mut *self.reader().await?).await?;
            let entries = each(&rows, |row| {
                Ok(HistoryEntry {
                    install: row.text("install")?,
                    number: row.int("number")?,
                    at: row.int("at")?,
                    actor: row.text("actor")?,
                    action: row.word("action")?,
                    revision: row.int_or_none("revision")?,
                    why: row.text_or_none("why")?,
                })
            })?;
            Ok(Listed::of(entries, limit, |entry| entry.number.to_string()))
        })
        .await
    }
}

async fn withdraw(tx: &mut Tx, actor: &Actor, there: &Install, why: Option<&str>) -> Result<Option<Install>> {
    let Some(candidate) = &there.candidate else {
        return Err(StoreError::conflict(WHAT, &there.id, "has no candidate to withdraw"));
    };
    let after = Install { candidate: None, ..there.clone() };
    let detail = json!({ "revision": candidate.revision, "stage": candidate.stage });
    told(tx, actor, &after, Action::Withdrawn, Some(candidate.revision), why, detail).await?;
    Ok(Some(after))
}

async fn activate(
    tx: &mut Tx,
    actor: &Actor,
    there: &Install,
    revision: i64,
    why: Option<&str>,
) -> Result<Option<Install>> {
    must_exist(there, revision)?;
    if there.live == Some(revision) {
        // It stays as it is; what was tried beside it is over.
        let why = why.or(Some("the live revision was activated again"));
        return if there.candidate.is_some() { withdraw(tx, actor, there, why).await } else { Ok(None) };
    }
    let mut after = there.clone();
    displace(tx, actor, &mut after, Some(revision), "another revision was activated").await?;
    after.previous = after.live.replace(revision);
    told(tx, actor, &after, Action::Activated, Some(revision), why, json!({ "previous": after.previous })).await?;
    close_breaker(tx, actor, &mut after).await?;
    Ok(Some(after))
}

/// A breaker is open because of the revision that was live; another one begins with it closed.
async fn close_breaker(tx: &mut Tx, actor: &Actor, install: &mut Install) -> Result<()> {
    if install.breaker.take().is_some() {
        let why = Some("another revision answers");
        told(tx, actor, install, Action::BreakerClosed, install.live, why, json!({})).await?;
        sqlx::query("UPDATE installs SET breaker = NULL WHERE id = $1").bind(&install.id).execute(tx.db()).await?;
    }
    Ok(())
}

async fn try_out(
    tx: &mut Tx,
    actor: &Actor,
    there: &Install,
    (revision, stage, share): (i64, CandidateStage, i64),
    why: Option<&str>,
) -> Result<Option<Install>> {
    must_exist(there, revision)?;
    if there.live == Some(revision) {
        let why = format!("answers with revision {revision} already; make a new revision to try one");
        return Err(StoreError::conflict(WHAT, &there.id, why));
    }
    if there.candidate.as_ref().is_some_and(|c| (c.revision, c.stage, c.share) == (revision, stage, share)) {
        return Ok(None);
    }
    let mut after = there.clone();
    displace(tx, actor, &mut after, Some(revision), "another candidate was staged").await?;
    after.candidate = Some(Candidate { revision, stage, share, since: tx.at() });
    let action = match stage {
        CandidateStage::Shadow => Action::Shadow,
        CandidateStage::Canary => Action::Canary,
    };
    told(tx, actor, &after, action, Some(revision), why, json!({ "share": share })).await?;
    Ok(Some(after))
}

fn must_exist(there: &Install, revision: i64) -> Result<()> {
    if (1..=there.newest).contains(&revision) {
        return Ok(());
    }
    Err(StoreError::not_found("revision", format!("{}/{revision}", there.id)))
}

/// Ends the candidate there is; when it is not the one that goes on, the history says why.
async fn displace(tx: &mut Tx, actor: &Actor, install: &mut Install, by: Option<i64>, why: &str) -> Result<()> {
    let Some(candidate) = install.candidate.take() else { return Ok(()) };
    if by == Some(candidate.revision) {
        return Ok(());
    }
    tx.history(actor, &install.id, Action::Withdrawn, Some(candidate.revision), Some(why)).await
}

/// Everything that an action leaves beside the install itself.
async fn told(
    tx: &mut Tx,
    actor: &Actor,
    install: &Install,
    action: Action,
    revision: Option<i64>,
    why: Option<&str>,
    mut detail: Json,
) -> Result<()> {
    tx.history(actor, &install.id, action, revision, why).await?;
    detail["revision"] = json!(revision);
    detail["why"] = json!(why);
    tx.audit(actor, &format!("install.{action}"), Some(&install.shop), &install.id, detail).await?;
    let kind = match action {
        Action::BreakerOpened | Action::BreakerClosed => ChangeKind::Breaker,
        _ => ChangeKind::Install,
    };
    tx.change_of_install(kind, &install.shop, &install.id, action).await
}

async fn save(tx: &mut Tx, mut install: Install) -> Result<Install> {
    install.version += 1;
    let candidate = install.candidate.as_ref();
    sqlx::query(
        "UPDATE installs SET position = $2, live = $3, previous = $4, candidate = $5, candidate_stage = $6, \
         candidate_share = $7, candidate_since = $8, policy = $9, version = $10, removed = $11 WHERE id = $1",
    )
    .bind(&install.id)
    .bind(install.position)
    .bind(install.live)
    .bind(install.previous)
    .bind(candidate.map(|candidate| candidate.revision))
    .bind(candidate.map(|candidate| candidate.stage.as_str()))
    .bind(candidate.map(|candidate| candidate.share))
    .bind(candidate.map(|candidate| candidate.since))
    .bind(install.policy.as_ref().map(ToString::to_string))
    .bind(install.version)
    .bind(install.removed)
    .execute(tx.db())
    .await?;
    Ok(install)
}

impl Tx {
    /// The next line of an install's history.
    pub(crate) async fn history(
        &mut self,
        actor: &Actor,
        install: &str,
        action: Action,
        revision: Option<i64>,
        why: Option<&str>,
    ) -> Result<()> {
        let at = self.at();
        let number = sqlx::query("UPDATE installs SET lines = lines + 1 WHERE id = $1 RETURNING lines");
        let number = number.bind(install).fetch_one(self.db()).await?.int("lines")?;
        sqlx::query(
            "INSERT INTO history (install, number, at, actor, action, revision, why) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(install)
        .bind(number)
        .bind(at)
        .bind(&actor.name)
        .bind(action.as_str())
        .bind(revision)
        .bind(why)
        .execute(self.db())
        .await?;
        Ok(())
    }
}
