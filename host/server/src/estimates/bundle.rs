//! The estimate bundle of a shop: what its plugin says of itself, wrapped, signed, compressed, and kept for the day.
//!
//! All integers are little-endian:
//!
//! | bytes | |
//! |---|---|
//! | 4 | `CWEB` |
//! | 2 | version of this form, 1 |
//! | 4 | length of the header |
//! | … | the header: JSON in UTF-8, [`Header`] |
//! | 4 | length of the payload; 0 when the plugin cannot be described |
//! | … | the payload, as `cartwright_core::bundle` has it |
//! | 64 | Ed25519 signature of everything before it |
//!
//! What this module must not know: HTTP.

use super::key::SigningKey;
use crate::config::Stock;
use crate::shops::{Installed, PluginIdentity, Shop};
use cartwright_contract::{CurrencyCode, Instant};
use cartwright_core::bundle;
use cartwright_runtime::hooks::ShippingQuote;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

const MAGIC: &[u8; 4] = b"CWEB";
const VERSION: u16 = 1;
const DAY: Instant = 86_400;
/// Orders of so many days from the beginning of the day on can be answered.
const DAYS: Instant = 8;
/// More units than that are not told: a shopper may know that there are enough, not how many.
const MOST_UNITS: u32 = 10;

/// What a page reads before it loads anything else.
#[derive(Serialize)]
struct Header<'a> {
    shop: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    plugin: Option<&'a PluginIdentity>,
    #[serde(with = "cartwright_contract::json::instant")]
    issued: Instant,
    #[serde(with = "cartwright_contract::json::instant")]
    from: Instant,
    #[serde(with = "cartwright_contract::json::instant")]
    until: Instant,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    stock: Stock,
    #[serde(skip_serializing_if = "Option::is_none")]
    undescribed: Option<&'a str>,
}

/// A bundle as it is sent.
#[derive(Debug)]
pub struct Published {
    /// In quotes, as the header wants it.
    pub etag: String,
    pub bytes: Vec<u8>,
    /// With brotli.
    pub compressed: Vec<u8>,
    /// Of all prices, as far as it is known.
    pub currency: Option<CurrencyCode>,
    day: Instant,
}

/// Today's bundle of one shop.
#[derive(Debug, Default)]
pub struct Today(Mutex<Option<Arc<Published>>>);

impl Today {
    /// The bundle for orders from the beginning of yesterday on; made once a day, the same for every server with this key. May take as long as
    /// the plugin's `configure` may.
    pub fn bundle(&self, shop: &Shop, key: &SigningKey, now: Instant) -> Arc<Published> {
        let day = now.div_euclid(DAY) * DAY;
        // One makes it, the others wait for it.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(published) if published.day == day => published.clone(),
            _ => kept.insert(Arc::new(publish(shop, key, day))).clone(),
        }
    }
}

fn publish(shop: &Shop, key: &SigningKey, day: Instant) -> Published {
    // Clocks that are a little slow may ask for yesterday.
    let (from, until) = (day - DAY, day + DAYS * DAY);
    let live = shop.hooks.shipping_quote.as_ref().map(|place| place.deployed().live.clone());
    let described = describe(live.as_deref(), from, until);
    let (payload, undescribed) = match &described {
        Ok(payload) => (payload.as_slice(), None),
        Err(why) => (&[][..], Some(why.as_str())),
    };
    let described = bundle::read(payload).ok().map(|shop| shop.currency);
    let currency = shop.estimates.currency.clone().or(described);
    let plugin = live.as_ref().and_then(|live| live.identities.first());
    let stock = shop.estimates.stock.iter().map(|(location, units)| (location.clone(), capped(units))).collect();
    let id = shop.id.as_str();
    let header =
        Header { shop: id, currency: currency.as_deref(), plugin, issued: day, from, until, stock, undescribed };
    let bytes = wrap(&serde_json::to_vec(&header).unwrap_or_default(), payload, key);
    let etag = format!("\"{}\"", &blake3::hash(&bytes).to_hex()[..32]);
    Published { etag, compressed: compress(&bytes), bytes, currency, day }
}

fn capped(units: &BTreeMap<String, u32>) -> BTreeMap<String, u32> {
    units.iter().map(|(sku, units)| (sku.clone(), (*units).min(MOST_UNITS))).collect()
}

/// The plugin's payload, or why there is none.
fn describe(installed: Option<&Installed<ShippingQuote>>, from: Instant, until: Instant) -> Result<Vec<u8>, String> {
    let Some(installed) = installed else {
        return Err("the shop has no plugin for shipping quotes".into());
    };
    let [plugin] = installed.composition.plugins() else {
        return Err("several plugins quote together, which a bundle cannot describe".into());
    };
    if plugin.plans::<ShippingQuote>() {
        return Err("the plugin asks the outside world, which a browser cannot do in its place".into());
    }
    let decision = plugin.describe(from, until).ok_or("the plugin does not describe itself")?;
    let payload = decision.outcome.map_err(|error| error.to_string())?;
    match bundle::read(&payload) {
        Ok(_) => Ok(payload),
        Err(unreadable) => Err(format!("what the plugin says of itself cannot be read ({})", unreadable.code())),
    }
}

fn wrap(header: &[u8], payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(header.len() + payload.len() + 128);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    for part in [header, payload] {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    let signature = key.sign(&bytes);
    bytes.extend_from_slice(&signature);
    bytes
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    {
        let mut writer = brotli::CompressorWriter::new(&mut compressed, 4096, 11, 22);
        // Writing into memory does not fail.
        let _ = writer.write_all(bytes);
    }
    compressed
}
