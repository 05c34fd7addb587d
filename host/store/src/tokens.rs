//! Tokens. The store has hashes only; making, showing and comparing secrets is the server's.

use crate::Result;
use crate::db::{Lock, Store, Tx};
use crate::error::StoreError;
use crate::ids::{check_text, id_or_new};
use crate::model::{Actor, ChangeKind, Listed, Made, NewToken, Page, Token, TokenKind, TokenProof, TokenScope};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::any::AnyRow;

const WHAT: &str = "token";

impl Store {
    /// Makes a token. A second call with the same id replaces the hash: the secret of the first was never shown.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a shop that is not there, [`StoreError::Conflict`] for an id of a token of another kind or shop.
    pub async fn create_token(&self, actor: &Actor, new: &NewToken) -> Result<Made<Token>> {
        check_text("label", &new.label, 0, 200)?;
        match (new.kind, &new.shop) {
            (TokenKind::Platform, Some(shop)) => {
                return Err(StoreError::invalid("shop", shop, "a platform token is for no shop"));
            }
            (TokenKind::ShopAdmin | TokenKind::ShopCheckout, None) => {
                return Err(StoreError::invalid("shop", "", "name the shop that the token is for"));
            }
            _ => {}
        }
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let id = id_or_new(new.id.as_deref(), tx.at_millis)?;
            let row = sqlx::query("SELECT * FROM tokens WHERE id = $1").bind(&id).fetch_optional(tx.db()).await?;
            if let Some(there) = row.as_ref().map(token).transpose()? {
                if (there.kind, &there.shop) != (new.kind, &new.shop) {
                    return Err(StoreError::conflict(WHAT, id, format!("is a {} token already; give no id", there.kind)));
                }
                let update = sqlx::query("UPDATE tokens SET hash = $2 WHERE id = $1").bind(&id).bind(&new.hash[..]);
                update.execute(tx.db()).await?;
                tx.audit(actor, "token.created", new.shop.as_deref(), &id, json!({ "again": true })).await?;
                tx.change(ChangeKind::Token, new.shop.as_deref(), Some(&id)).await?;
                tx.commit().await?;
                return Ok(Made { it: there, created: false });
            }
            if let Some(shop) = &new.shop {
                crate::shops::find(tx.db(), shop).await?;
            }
            let token = Token {
                id,
                kind: new.kind,
                shop: new.shop.clone(),
                label: new.label.clone(),
                created: tx.at(),
                expires: new.expires,
                revoked: None,
            };
            sqlx::query(
                "INSERT INTO tokens (id, kind, shop, label, created, expires, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&token.id)
            .bind(token.kind.as_str())
            .bind(&token.shop)
            .bind(&token.label)
            .bind(token.created)
            .bind(token.expires)
            .bind(&new.hash[..])
            .execute(tx.db())
            .await?;
            let detail = json!({ "kind": token.kind, "label": token.label, "expires": token.expires });
            told(&mut tx, actor, "token.created", &token, detail).await?;
            tx.commit().await?;
            Ok(Made { it: token, created: true })
        })
        .await
    }

    /// Gives a token another secret; the old one counts for `overlap` seconds more. The hash before the old one counts no longer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`] for one that was revoked.
    pub async fn rotate_token(
        &self,
        actor: &Actor,
        id: &str,
        hash: &[u8],
        overlap: i64,
        expires: Option<i64>,
    ) -> Result<Token> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut token = find(&mut tx, id).await?;
            if token.revoked.is_some() {
                return Err(StoreError::conflict(WHAT, id, "was revoked: make a new one"));
            }
            token.expires = expires.or(token.expires);
            let until = tx.at().saturating_add(overlap.max(0));
            sqlx::query(
                "UPDATE tokens SET hash_before = hash, before_until = $3, hash = $2, expires = $4 WHERE id = $1",
            )
            .bind(id)
            .bind(hash)
            .bind(until)
            .bind(token.expires)
            .execute(tx.db())
            .await?;
            told(&mut tx, actor, "token.rotated", &token, json!({ "overlap": overlap })).await?;
            tx.commit().await?;
            Ok(token)
        })
        .await
    }

    /// Ends a token at once. Again is fine.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn revoke_token(&self, actor: &Actor, id: &str) -> Result<Token> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut token = find(&mut tx, id).await?;
            if token.revoked.is_some() {
                return Ok(token);
            }
            token.revoked = Some(tx.at());
            sqlx::query("UPDATE tokens SET revoked = $2, hash_before = NULL, before_until = NULL WHERE id = $1")
                .bind(id)
                .bind(token.revoked)
                .execute(tx.db())
                .await?;
            told(&mut tx, actor, "token.revoked", &token, json!({})).await?;
            tx.commit().await?;
            Ok(token)
        })
        .await
    }

    /// What is needed to check a token: also one that expired or was revoked, which the caller looks at.
    ///
    /// # Errors
    /// As every read; `None` when there is none.
    pub async fn token_proof(&self, id: &str) -> Result<Option<TokenProof>> {
        self.bounded(async {
            let row = sqlx::query("SELECT * FROM tokens WHERE id = $1").bind(id);
            let Some(row) = row.fetch_optional(&mut *self.reader().await?).await? else { return Ok(None) };
            let before = row.bytes_or_none("hash_before")?.zip(row.int_or_none("before_until")?);
            Ok(Some(TokenProof { token: token(&row)?, hash: row.bytes("hash")?, before }))
        })
        .await
    }

    /// As they were made, with those that were revoked.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn tokens(&self, scope: TokenScope<'_>, page: &Page) -> Result<Listed<Token>> {
        let (limit, after) = page.by_number(0)?;
        self.bounded(async {
            let rows = match scope {
                TokenScope::All => sqlx::query("SELECT * FROM tokens WHERE seq > $1 ORDER BY seq LIMIT $2"),
                TokenScope::Shop(_) => {
                    sqlx::query("SELECT * FROM tokens WHERE seq > $1 AND shop = $3 ORDER BY seq LIMIT $2")
                }
            };
            let mut rows = rows.bind(after).bind(limit + 1);
            if let TokenScope::Shop(shop) = scope {
                rows = rows.bind(shop);
            }
            let rows = rows.fetch_all(&mut *self.reader().await?).await?;
            let with_seq = each(&rows, |row| Ok((row.int("seq")?, token(row)?)))?;
            let listed = Listed::of(with_seq, limit, |(seq, _)| seq.to_string());
            Ok(Listed { items: listed.items.into_iter().map(|(_, token)| token).collect(), next: listed.next })
        })
        .await
    }
}

async fn told(tx: &mut Tx, actor: &Actor, action: &str, token: &Token, detail: crate::model::Json) -> Result<()> {
    tx.audit(actor, action, token.shop.as_deref(), &token.id, detail).await?;
    tx.change(ChangeKind::Token, token.shop.as_deref(), Some(&token.id)).await
}

async fn find(tx: &mut Tx, id: &str) -> Result<Token> {
    let row = sqlx::query("SELECT * FROM tokens WHERE id = $1").bind(id).fetch_optional(tx.db()).await?;
    token(&row.ok_or_else(|| StoreError::not_found(WHAT, id))?)
}

fn token(row: &AnyRow) -> Result<Token> {
    Ok(Token {
        id: row.text("id")?,
        kind: row.word("kind")?,
        shop: row.text_or_none("shop")?,
        label: row.text("label")?,
        created: row.int("created")?,
        expires: row.int_or_none("expires")?,
        revoked: row.int_or_none("revoked")?,
    })
}
