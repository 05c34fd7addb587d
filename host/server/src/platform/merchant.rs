//! What only a shop of the store has: the document that its merchant may change, and what the platform allows it.
//!
//! What this module must not know: how it is kept, HTTP.

use crate::config::{BackupRate, Stock};
use crate::json::{self, Misread};
use crate::tenancy::limits::ShopLimits;
use crate::tenancy::tenant::Tenant;
use cartwright_contract::CurrencyCode;
use cartwright_contract::Failure;
use cartwright_contract::validate::{LONGEST_NAME, MOST_MONEY};
use cartwright_records::{Hook, Sampling, ShopRecording};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;
use utoipa::ToSchema;

/// A shop of the store, as calls need it.
#[derive(Debug)]
pub struct Merchant {
    /// As in records, which keep it with every decision.
    pub id: Arc<str>,
    /// Shops of one class share their labels in metrics, so that thousands of shops do not make thousands of time series.
    pub class: Arc<str>,
    pub document: Document,
    /// Its rate, its slots and its account, which outlive a change of its installs.
    pub tenant: Arc<Tenant>,
    /// How its decisions are recorded, once the key for it is known.
    pub recording: OnceLock<Arc<ShopRecording>>,
    /// Until when that key is not asked for again, since the store did not give it.
    pub key_asked: Mutex<Option<Instant>>,
}

impl Merchant {
    pub fn new(id: &str, class: &str, document: Document, tenant: Arc<Tenant>) -> Self {
        Self {
            id: id.into(),
            class: class.into(),
            document,
            tenant,
            recording: OnceLock::new(),
            key_asked: Mutex::default(),
        }
    }
}

/// What stands in a shop's document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Document {
    /// Of all prices, for estimates; a plugin that describes itself says it too. ISO 4217.
    #[schema(value_type = Option<String>, example = "USD")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<CurrencyCode>,
    /// What answers when the shipping-quote plugins fail.
    pub backup_rates: Vec<BackupRate>,
    /// What pages may be told of the stock: units of each SKU at each location.
    pub stock: Stock,
    /// Pages that may ask for decisions from a browser, as `https://shop.example`.
    pub origins: Vec<String>,
    pub limits: ShopLimits,
    pub recording: Recording,
}

/// Which decisions are kept, and what of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Recording {
    /// Decisions of a thousand that are kept, 0 to 1000; those that ended in a fallback always are, unless it is 0.
    #[schema(minimum = 0, maximum = 1_000)]
    pub share: u32,
    /// The same for single hooks, by name.
    pub hooks: BTreeMap<String, u32>,
    /// What is done with names, addresses, e-mail addresses and the like.
    pub personal: Personal,
    /// Days after which a record is deleted.
    #[schema(minimum = 1, maximum = 3_650)]
    pub keep_days: u32,
}

/// What is done with personal fields in records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Personal {
    /// Encrypted under the shop's key, which can be destroyed.
    #[default]
    Encrypt,
    /// Left out; such a decision can be counted and not replayed.
    Omit,
}

impl Default for Recording {
    fn default() -> Self {
        Self { share: 1_000, hooks: BTreeMap::new(), personal: Personal::default(), keep_days: 90 }
    }
}

impl Recording {
    /// The same as the recorder takes it.
    pub fn sampling(&self) -> Sampling {
        let share = |share: u32| u16::try_from(share).unwrap_or(u16::MAX);
        Sampling {
            share: share(self.share),
            hooks: self.hooks.iter().filter_map(|(hook, of)| Some((Hook::named(hook)?, share(*of)))).collect(),
            keep_failures: self.share > 0,
        }
    }
}

impl Document {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// The first place that is not of the right form or range, as a JSON pointer into the document.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let value = json::read(text.as_bytes()).map_err(misread)?;
        ShopLimits::of(&value).map_err(|error| refuse(error.pointer, error.message))?;
        let document: Self = json::read(text.as_bytes()).map_err(misread)?;
        document.check().map(|()| document)
    }

    fn check(&self) -> Result<(), Failure> {
        let within = |pointer: &str, value: u32, least: u32, most: u32| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            Err(refuse(pointer.into(), format!("{value} is out of range; give {least} to {most}")))
        };
        let is_currency = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if let Some(code) = self.currency.as_deref().filter(|code| !is_currency(code)) {
            return Err(refuse(
                "/currency".into(),
                format!("{code:?} is not an ISO 4217 code; give one such as \"USD\""),
            ));
        }
        for (index, rate) in self.backup_rates.iter().enumerate() {
            let at = |key: &str| format!("/backupRates/{index}/{key}");
            for (key, text) in [("service", &rate.service), ("name", &rate.name)] {
                if !(1..=LONGEST_NAME).contains(&text.len()) {
                    return Err(refuse(at(key), format!("{text:?} is not a name; give 1 to {LONGEST_NAME} bytes")));
                }
            }
            if !(0..=MOST_MONEY).contains(&rate.price) {
                let message = format!("{} is out of range; give 0 to {MOST_MONEY} minor units", rate.price);
                return Err(refuse(at("price"), message));
            }
            if !is_currency(&rate.currency) {
                let message = format!("{:?} is not an ISO 4217 code; give one such as \"USD\"", rate.currency);
                return Err(refuse(at("currency"), message));
            }
        }
        for (index, origin) in self.origins.iter().enumerate() {
            let sound = ["https://", "http://"].iter().any(|scheme| {
                origin.strip_prefix(scheme).is_some_and(|host| !host.is_empty() && !host.contains(['/', ' ', '*']))
            });
            if !sound {
                let message =
                    format!("{origin:?} is not an origin; give a scheme and a host such as \"https://shop.example\"");
                return Err(refuse(format!("/origins/{index}"), message));
            }
        }
        within("/recording/share", self.recording.share, 0, 1_000)?;
        within("/recording/keepDays", self.recording.keep_days, 1, 3_650)?;
        for (hook, share) in &self.recording.hooks {
            if !cartwright_runtime::hooks::ALL.iter().any(|entry| entry.name == hook) {
                let names: Vec<_> = cartwright_runtime::hooks::ALL.iter().map(|entry| entry.name).collect();
                let message = format!("{hook:?} is not a hook; the hooks are {}", names.join(", "));
                return Err(refuse(format!("/recording/hooks/{hook}"), message));
            }
            within(&format!("/recording/hooks/{hook}"), *share, 0, 1_000)?;
        }
        Ok(())
    }
}

fn misread(wrong: Misread) -> Failure {
    Failure { code: "MALFORMED".into(), message: wrong.message, field: Some(wrong.pointer) }
}

fn refuse(field: String, message: String) -> Failure {
    Failure { code: "OUT_OF_RANGE".into(), message, field: Some(field) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_document_has_every_default() {
        let document = Document::read("{}").expect("nothing has to be given");
        assert_eq!(document, Document::default());
        assert_eq!(document.recording.sampling(), Sampling::default());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_its_remedy() {
        for (text, field, word) in [
            (r#"{"currency":"dollars"}"#, "/currency", "USD"),
            (r#"{"limits":{"burst":0}}"#, "/limits/burst", "burst is 0; give 1"),
            (r#"{"recording":{"hooks":{"quotes":1}}}"#, "/recording/hooks/quotes", "shipping-quote"),
            (r#"{"recording":{"hooks":{"shipping-quote":1001}}}"#, "/recording/hooks/shipping-quote", "0 to 1000"),
            (r#"{"origins":["shop.example/x"]}"#, "/origins/0", "https://shop.example"),
            (
                r#"{"backupRates":[{"service":"s","name":"","price":1,"currency":"USD"}]}"#,
                "/backupRates/0/name",
                "bytes",
            ),
            (r#"{"burts":1}"#, "/burts", "burts"),
        ] {
            let failure = Document::read(text).expect_err(text);
            assert_eq!(failure.field.as_deref(), Some(field), "{failure:?}");
            assert!(failure.message.contains(word), "{failure:?}");
        }
    }
}
