//! Webhooks and their deliveries: at least once, by one worker at a time.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::ids::{check_text, id_or_new};
use crate::model::{
    Actor, ChangeKind, Delivery, DeliveryClaim, DeliveryOutcome, DeliveryState, Json, Listed, Made, NewWebhook, Page,
    Webhook,
};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::any::AnyRow;

const WHAT: &str = "webhook";

impl Store {
    /// Makes an endpoint. A second call with the same id replaces the secret, since the first one's was never shown.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a shop that is not there.
    pub async fn create_webhook(&self, actor: &Actor, new: &NewWebhook) -> Result<Made<Webhook>> {
        check_text("url", &new.url, 1, 2000)?;
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            crate::shops::find(tx.db(), &new.shop).await?;
            let id = id_or_new(new.id.as_deref(), tx.at_millis)?;
            let there = sqlx::query("SELECT * FROM webhooks WHERE id = $1 AND shop = $2 AND removed IS NULL");
            if let Some(row) = there.bind(&id).bind(&new.shop).fetch_optional(tx.db()).await? {
                let update = sqlx::query("UPDATE webhooks SET secret = $2 WHERE id = $1").bind(&id).bind(&new.secret[..]);
                update.execute(tx.db()).await?;
                tx.commit().await?;
                return Ok(Made { it: webhook(&row)?, created: false });
            }
            let webhook = Webhook {
                id,
                shop: new.shop.clone(),
                url: new.url.clone(),
                events: new.events.clone(),
                created: tx.at(),
                version: 1,
                disabled: None,
            };
            sqlx::query(
                "INSERT INTO webhooks (id, shop, url, events, secret, version, created) VALUES ($1, $2, $3, $4, $5, 1, $6)",
            )
            .bind(&webhook.id)
            .bind(&webhook.shop)
            .bind(&webhook.url)
            .bind(json!(webhook.events).to_string())
            .bind(&new.secret[..])
            .bind(webhook.created)
            .execute(tx.db())
            .await?;
            told(&mut tx, actor, "webhook.created", &webhook, json!({ "url": webhook.url, "events": webhook.events })).await?;
            tx.commit().await?;
            Ok(Made { it: webhook, created: true })
        })
        .await
    }

    /// Gives an endpoint another signing secret; for `overlap` seconds events are signed with both. One that was given up works again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn rotate_webhook(
        &self,
        actor: &Actor,
        shop: &str,
        id: &str,
        secret: &[u8],
        overlap: i64,
    ) -> Result<Webhook> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut webhook = find(&mut tx, shop, id).await?;
            webhook.version += 1;
            webhook.disabled = None;
            let until = tx.at().saturating_add(overlap.max(0));
            sqlx::query(
                "UPDATE webhooks SET secret_before = secret, before_until = $3, secret = $2, version = $4, disabled = NULL \
                 WHERE id = $1",
            )
            .bind(id)
            .bind(secret)
            .bind(until)
            .bind(webhook.version)
            .execute(tx.db())
            .await?;
            told(&mut tx, actor, "webhook.rotated", &webhook, json!({ "overlap": overlap })).await?;
            tx.commit().await?;
            Ok(webhook)
        })
        .await
    }

    /// What waits for it is given up.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_webhook(&self, actor: &Actor, shop: &str, id: &str) -> Result<()> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let webhook = find(&mut tx, shop, id).await?;
            let at = tx.at();
            let update = sqlx::query("UPDATE webhooks SET removed = $2, version = version + 1 WHERE id = $1");
            update.bind(id).bind(at).execute(tx.db()).await?;
            give_up(&mut tx, id, "the webhook was removed").await?;
            told(&mut tx, actor, "webhook.removed", &webhook, json!({})).await?;
            tx.commit().await
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn webhook(&self, shop: &str, id: &str) -> Result<Webhook> {
        self.bounded(async {
            let row = sqlx::query("SELECT * FROM webhooks WHERE id = $1 AND shop = $2 AND removed IS NULL");
            let row = row.bind(id).bind(shop).fetch_optional(&mut *self.reader().await?).await?;
            webhook(&row.ok_or_else(|| StoreError::not_found(WHAT, id))?)
        })
        .await
    }

    /// As they were made.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn webhooks(&self, shop: &str, page: &Page) -> Result<Listed<Webhook>> {
        let (limit, after) = page.by_number(0)?;
        self.bounded(async {
            let rows = sqlx::query(
                "SELECT * FROM webhooks WHERE shop = $1 AND seq > $2 AND removed IS NULL ORDER BY seq LIMIT $3",
            );
            let rows = rows.bind(shop).bind(after).bind(limit + 1).fetch_all(&mut *self.reader().await?).await?;
            let with_seq = each(&rows, |row| Ok((row.int("seq")?, webhook(row)?)))?;
            let listed = Listed::of(with_seq, limit, |(seq, _)| seq.to_string());
            Ok(Listed { items: listed.items.into_iter().map(|(_, webhook)| webhook).collect(), next: listed.next })
        })
        .await
    }

    /// Puts an event on its way to each of the shop's endpoints that wants it. The same event again is ignored: replicas may all tell of it.
    /// Gives how many deliveries were made.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn enqueue_event(&self, shop: &str, event: &str, event_id: &str, payload: &Json) -> Result<u64> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            let at = tx.at();
            let rows = sqlx::query("SELECT id, events FROM webhooks WHERE shop = $1 AND removed IS NULL AND disabled IS NULL");
            let mut made = 0;
            for row in rows.bind(shop).fetch_all(tx.db()).await? {
                let wanted: Vec<String> = row.json("events")?;
                if !wanted.is_empty() && !wanted.iter().any(|wanted| wanted == event) {
                    continue;
                }
                let insert = sqlx::query(
                    "INSERT INTO deliveries (webhook, event_id, event, payload, state, attempts, due, held_until, created) \
                     VALUES ($1, $2, $3, $4, 'pending', 0, $5, 0, $5) ON CONFLICT (webhook, event_id) DO NOTHING",
                );
                let insert = insert.bind(row.text("id")?).bind(event_id).bind(event).bind(payload.to_string()).bind(at);
                made += insert.execute(tx.db()).await?.rows_affected();
            }
            tx.commit().await?;
            Ok(made)
        })
        .await
    }

    /// Takes deliveries that are due, for `lease` seconds; until then nobody else gets them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn claim_deliveries(&self, limit: u32, lease: i64) -> Result<Vec<DeliveryClaim>> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Queue).await?;
            let at = tx.at();
            let rows = sqlx::query(
                "SELECT d.*, w.url AS w_url, w.secret AS w_secret, w.secret_before AS w_before, w.before_until AS w_until \
                 FROM deliveries d JOIN webhooks w ON w.id = d.webhook \
                 WHERE d.state = 'pending' AND d.due <= $1 AND d.held_until <= $1 ORDER BY d.due, d.seq LIMIT $2",
            );
            let rows = rows.bind(at).bind(i64::from(limit)).fetch_all(tx.db()).await?;
            let mut claims = Vec::with_capacity(rows.len());
            for row in &rows {
                let mut delivery = delivery(row)?;
                delivery.attempts += 1;
                let update = sqlx::query("UPDATE deliveries SET attempts = $2, held_until = $3 WHERE seq = $1");
                let update = update.bind(delivery.seq).bind(delivery.attempts).bind(at.saturating_add(lease));
                update.execute(tx.db()).await?;
                let before = row.int_or_none("w_until")?.is_some_and(|until| until > at);
                claims.push(DeliveryClaim {
                    attempt: delivery.attempts,
                    delivery,
                    url: row.text("w_url")?,
                    secret: row.bytes("w_secret")?,
                    secret_before: if before { row.bytes_or_none("w_before")? } else { None },
                });
            }
            tx.commit().await?;
            Ok(claims)
        })
        .await
    }

    /// Tells how an attempt went.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the lease was over and another has made the next attempt, or it was given up.
    pub async fn finish_delivery(&self, claim: &DeliveryClaim, outcome: &DeliveryOutcome) -> Result<()> {
        self.bounded(async {
            // Disabling an endpoint is a change that replicas follow.
            let disables = matches!(outcome, DeliveryOutcome::Failed { disable: true, .. });
            let mut tx = self.begin(if disables { Lock::Changes } else { Lock::Queue }).await?;
            let at = tx.at();
            let seq = claim.delivery.seq;
            let row = sqlx::query("SELECT state, attempts FROM deliveries WHERE seq = $1").bind(seq);
            let row = row.fetch_optional(tx.db()).await?;
            let row = row.ok_or_else(|| StoreError::not_found("delivery", &claim.delivery.event_id))?;
            let found = row.int("attempts")?;
            if found != claim.attempt || row.word::<DeliveryState>("state")? != DeliveryState::Pending {
                let id = claim.delivery.event_id.clone();
                return Err(StoreError::Stale { what: "delivery", id, expected: claim.attempt, found });
            }
            let (state, due, status, error) = match outcome {
                DeliveryOutcome::Delivered { status } => (DeliveryState::Delivered, at, Some(*status), None),
                DeliveryOutcome::Retry { after, status, error } => {
                    (DeliveryState::Pending, at.saturating_add((*after).max(0)), *status, Some(error))
                }
                DeliveryOutcome::Failed { status, error, .. } => (DeliveryState::Failed, at, *status, Some(error)),
            };
            sqlx::query(
                "UPDATE deliveries SET state = $2, due = $3, held_until = 0, status = $4, error = $5, finished = $6 WHERE seq = $1",
            )
            .bind(seq)
            .bind(state.as_str())
            .bind(due)
            .bind(status)
            .bind(error)
            .bind((state != DeliveryState::Pending).then_some(at))
            .execute(tx.db())
            .await?;
            if disables {
                let id = &claim.delivery.webhook;
                let row = sqlx::query("UPDATE webhooks SET disabled = $2, version = version + 1 WHERE id = $1 RETURNING *");
                let row = row.bind(id).bind(at).fetch_one(tx.db()).await?;
                give_up(&mut tx, id, "the webhook was given up").await?;
                let actor = Actor::new("server");
                told(&mut tx, &actor, "webhook.disabled", &webhook(&row)?, json!({ "error": error })).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// Of an endpoint, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn deliveries(&self, webhook: &str, page: &Page) -> Result<Listed<Delivery>> {
        let (limit, before) = page.by_number(i64::MAX)?;
        self.bounded(async {
            let rows =
                sqlx::query("SELECT * FROM deliveries WHERE webhook = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
            let rows = rows.bind(webhook).bind(before).bind(limit + 1).fetch_all(&mut *self.reader().await?).await?;
            Ok(Listed::of(each(&rows, delivery)?, limit, |delivery| delivery.seq.to_string()))
        })
        .await
    }

    /// When the next delivery is due, in seconds UTC; `None` when none waits.
    ///
    /// # Errors
    /// As every read.
    pub async fn next_delivery_due(&self) -> Result<Option<i64>> {
        self.bounded(async {
            let row = sqlx::query(
                "SELECT min(CASE WHEN held_until > due THEN held_until ELSE due END) AS due FROM deliveries WHERE state = 'pending'",
            );
            row.fetch_one(&mut *self.reader().await?).await?.int_or_none("due")
        })
        .await
    }

    /// Lets go of deliveries that were over before a time. Gives how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prune_deliveries(&self, before: i64) -> Result<u64> {
        self.bounded_long(async {
            let mut tx = self.begin(Lock::Queue).await?;
            let gone = sqlx::query("DELETE FROM deliveries WHERE finished < $1").bind(before).execute(tx.db()).await?;
            tx.commit().await?;
            Ok(gone.rows_affected())
        })
        .await
    }
}

async fn give_up(tx: &mut Tx, webhook: &str, why: &str) -> Result<()> {
    let at = tx.at();
    sqlx::query(
        "UPDATE deliveries SET state = 'failed', error = $2, finished = $3 WHERE webhook = $1 AND state = 'pending'",
    )
    .bind(webhook)
    .bind(why)
    .bind(at)
    .execute(tx.db())
    .await?;
    Ok(())
}

async fn told(tx: &mut Tx, actor: &Actor, action: &str, webhook: &Webhook, detail: Json) -> Result<()> {
    tx.audit(actor, action, Some(&webhook.shop), &webhook.id, detail).await?;
    tx.change(ChangeKind::Webhook, Some(&webhook.shop), Some(&webhook.id)).await
}

async fn find(tx: &mut Tx, shop: &str, id: &str) -> Result<Webhook> {
    let row = sqlx::query("SELECT * FROM webhooks WHERE id = $1 AND shop = $2 AND removed IS NULL").bind(id).bind(shop);
    webhook(&row.fetch_optional(tx.db()).await?.ok_or_else(|| StoreError::not_found(WHAT, id))?)
}

fn webhook(row: &AnyRow) -> Result<Webhook> {
    Ok(Webhook {
        id: row.text("id")?,
        shop: row.text("shop")?,
        url: row.text("url")?,
        events: row.json("events")?,
        created: row.int("created")?,
        version: row.int("version")?,
        disabled: row.int_or_none("disabled")?,
    })
}

fn delivery(row: &AnyRow) -> Result<Delivery> {
    Ok(Delivery {
        seq: row.int("seq")?,
        webhook: row.text("webhook")?,
        event_id: row.text("event_id")?,
        event: row.text("event")?,
        payload: row.json("payload")?,
        state: row.word("state")?,
        attempts: row.int("attempts")?,
        due: row.int("due")?,
        status: row.int_or_none("status")?,
        error: row.text_or_none("error")?,
        created: row.int("created")?,
        finished: row.int_or_none("finished")?,
    })
}
