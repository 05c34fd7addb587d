//! A recorded decision again: with the revisions of then it gives the same bytes, with another revision it shows what would have changed.
//!
//! What this module must not know: HTTP, who asks.

use super::Platform;
use super::again::{self, Decision};
use super::keys::SealError;
use super::members;
use crate::config::BackupRate;
use crate::shops::Member;
use cartwright_records::{
    CompareOptions, Comparison, Hook, OpenError, Opened, PersonalState, PluginRef, RecordId, Side, compare, open,
    sealed_with,
};
use cartwright_store::{StoreError, StoredRecord};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A record, opened as far as its key is there.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub row: StoredRecord,
    pub opened: Opened,
    pub plugins: Vec<PluginRef>,
}

/// What a decision came to this time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// Whether the answer is the same, byte for byte.
    pub same: bool,
    /// The answer that was recorded, as it was sent.
    pub recorded: String,
    /// The answer of this time, as it would be sent.
    pub replayed: String,
    /// What differs in the decision, whatever the bytes say.
    #[schema(value_type = Object)]
    pub comparison: Comparison,
    pub fuel_recorded: u64,
    pub fuel_replayed: u64,
}

/// Why a decision cannot be asked again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the record's key: {0}")]
    Key(#[from] SealError),
    #[error("the record cannot be opened: {0}")]
    Open(#[from] OpenError),
    #[error("what was personal in the record was {0}, and a decision without it would be another one")]
    Gone(&'static str),
    #[error("the record's id {0:?} is not one; give it as a list of records shows it")]
    Id(String),
    #[error("the decision was not made by the install {0:?}; give one of: {1}")]
    Install(String, String),
    /// Nothing is wrong with the record; this server cannot do it.
    #[error("the decision cannot be made again: {0}")]
    Refused(String),
}

/// Another revision in the place of the one that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// The install's id.
    pub install: String,
    pub revision: i64,
}

impl Platform {
    /// One record of a shop, opened.
    ///
    /// # Errors
    /// When it is not there or was changed.
    pub async fn record(&self, shop: &str, id: &str) -> Result<Recorded, ReplayError> {
        let number: RecordId = id.parse().map_err(|_| ReplayError::Id(id.chars().take(64).collect()))?;
        let row = self.store.record(shop, id).await?;
        let opened = self.open_record(&row, number).await?;
        let plugins = serde_json::from_value(row.plugins.clone()).unwrap_or_default();
        Ok(Recorded { row, opened, plugins })
    }

    async fn open_record(&self, row: &StoredRecord, id: RecordId) -> Result<Opened, ReplayError> {
        let sealed = row.sealed.as_deref();
        let needed = sealed.map(sealed_with).transpose().map_err(SealError::from)?;
        let keys = if needed.is_some() { self.keys.data_keys(&self.store, &row.shop).await? } else { Vec::new() };
        let key = keys.iter().find(|key| Some(key.id()) == needed);
        Ok(open(&row.shop, id, &row.body, sealed, key)?)
    }

    /// Asks a recorded decision again, with the revisions of then or with one of them exchanged.
    ///
    /// # Errors
    /// Why it cannot be asked again.
    pub async fn replay(
        self: &Arc<Self>,
        shop: &str,
        id: &str,
        instead: Option<Instead>,
    ) -> Result<Replayed, ReplayError> {
        let recorded = self.record(shop, id).await?;
        let members = self.members_of(&recorded, instead.as_ref()).await?;
        let answer = whole(&recorded.opened)?.to_vec();
        let rates = self.rates_of(shop);
        let supply = self.catalog.supply();
        let hook = recorded.row.hook.clone();
        let asked = recorded.opened.clone();
        let exchanged = |place: usize| {
            let install = recorded.plugins.get(place).map(|plugin| &plugin.install);
            instead.as_ref().is_some_and(|instead| Some(&instead.install) == install)
        };
        let off = again::switched_off(&asked.parts, exchanged);
        let job = move || again::ask(&hook, &members, &rates, &supply, &asked.request, &asked.parts, &off);
        let again = tokio::task::spawn_blocking(job).await.map_err(|crash| ReplayError::Refused(crash.to_string()))?;
        let again = again.map_err(ReplayError::Refused)?;
        Ok(replayed(&recorded, &answer, &again))
    }

    /// The revisions that decided, with everything that is needed to install them again.
    ///
    /// # Errors
    /// When the store does not have one of them, or `instead` names an install that took no part.
    pub async fn members_of(&self, recorded: &Recorded, instead: Option<&Instead>) -> Result<Vec<Member>, ReplayError> {
        if let Some(instead) = instead
            && !recorded.plugins.iter().any(|plugin| plugin.install == instead.install)
        {
            let there: Vec<_> = recorded.plugins.iter().map(|plugin| plugin.install.as_str()).collect();
            return Err(ReplayError::Install(instead.install.clone(), there.join(", ")));
        }
        let mut members = Vec::with_capacity(recorded.plugins.len());
        for plugin in &recorded.plugins {
            let other = instead.filter(|instead| instead.install == plugin.install);
            let revision = other.map_or(plugin.revision, |instead| instead.revision);
            members.push(self.member(&plugin.install, revision).await?);
        }
        Ok(members)
    }

    async fn member(&self, install: &str, revision: i64) -> Result<Member, StoreError> {
        let head = self.store.revision(install, revision).await?.head;
        Ok(members::member(install, &head))
    }

    /// The backup rates that the shop has now; what it had then is not recorded.
    pub fn rates_of(&self, shop: &str) -> Vec<BackupRate> {
        let merchant = self.shops.get(shop).and_then(|shop| shop.merchant.clone());
        merchant.map(|merchant| merchant.document.backup_rates.clone()).unwrap_or_default()
    }
}

/// The recorded answer, if nothing of the record is out of reach.
///
/// # Errors
/// When something personal was erased or never kept.
pub fn whole(opened: &Opened) -> Result<&[u8], ReplayError> {
    match (opened.personal, &opened.answer) {
        (PersonalState::Present, Some(answer)) => Ok(answer),
        (PersonalState::Omitted, _) => Err(ReplayError::Gone("never kept")),
        _ => Err(ReplayError::Gone("erased")),
    }
}

impl ReplayError {
    /// One word for it, as reports count by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Gone("never kept") => "omitted",
            Self::Gone(_) => "erased",
            _ => "damaged",
        }
    }
}

/// What differs between the recorded answer and the one of this time.
pub fn compared(row: &StoredRecord, opened: &Opened, answer: &[u8], again: &Decision) -> Comparison {
    let hook = Hook::named(&row.hook).unwrap_or(Hook::ShippingQuote);
    let number = |number: i64| u64::try_from(number).unwrap_or(0);
    let failed = opened.parts.iter().find_map(|part| part.failed.as_ref());
    let old = Side {
        answer: Some(answer),
        fallback: row.fallback.as_deref(),
        error: failed.map(|failed| failed.code.as_str()),
        fuel: number(row.fuel),
        micros: number(row.micros),
    };
    let new = Side {
        answer: Some(&again.body),
        fallback: again.fallback.as_deref(),
        error: again.error.as_deref(),
        fuel: again.fuel,
        micros: u64::try_from(again.elapsed.as_micros()).unwrap_or(u64::MAX),
    };
    compare(hook, &opened.request, old, new, CompareOptions::default())
}

fn replayed(recorded: &Recorded, answer: &[u8], again: &Decision) -> Replayed {
    Replayed {
        same: answer == again.body,
        recorded: String::from_utf8_lossy(answer).into_owned(),
        replayed: String::from_utf8_lossy(&again.body).into_owned(),
        comparison: compared(&recorded.row, &recorded.opened, answer, again),
        fuel_recorded: u64::try_from(recorded.row.fuel).unwrap_or(0),
        fuel_replayed: again.fuel,
    }
}
