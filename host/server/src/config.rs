//! The folder of shops: one folder for each, in it `shop.json` and what that names.
//!
//! What this module must not know: HTTP, what a plugin does, how one is installed.

use crate::error::ConfigurationIssue;
use crate::json;
use cartwright_contract::CurrencyCode;
use cartwright_contract::validate::{LONGEST_NAME, MOST_MONEY};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The file in a shop's folder that says what else belongs to it.
pub const SHOP_FILE: &str = "shop.json";

/// A shop's name in addresses: 1 to 63 of `a-z`, `0-9` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShopId(String);

impl ShopId {
    /// The text as an id, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        ((1..=63).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// As it stands in addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ShopId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one `shop.json` says, with paths that no longer depend on where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopConfiguration {
    pub id: ShopId,
    pub file: PathBuf,
    pub name: String,
    /// Each hook's plugins, in the merchant's order.
    pub plugins: PluginsByHook,
    /// What answers when the shipping-quote plugins fail.
    pub backup_rates: Vec<BackupRate>,
    /// Of all prices, for estimates; a plugin that describes itself says it too.
    pub currency: Option<CurrencyCode>,
    /// What pages may be told of the stock.
    pub stock: Stock,
    /// What stands behind `{{secret:NAME}}` in the plugins' requests to the outside.
    pub secrets: BTreeMap<String, SecretSource>,
}

/// Units of each SKU at each location.
pub type Stock = BTreeMap<String, BTreeMap<String, u32>>;

/// Where a secret is kept: never in shop.json itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretSource {
    /// A variable of the server's environment.
    Env(String),
    /// A file, relative to the folder of shop.json; the end of its last line does not count.
    File(PathBuf),
}

/// The plugins of each hook, in the merchant's order; none where a shop has none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PluginsByHook {
    #[serde(deserialize_with = "one_or_several")]
    pub shipping_quote: Vec<PluginConfiguration>,
    #[serde(deserialize_with = "one_or_several")]
    pub order_routing: Vec<PluginConfiguration>,
    #[serde(deserialize_with = "one_or_several")]
    pub order_screening: Vec<PluginConfiguration>,
    #[serde(deserialize_with = "one_or_several")]
    pub address_validation: Vec<PluginConfiguration>,
    #[serde(deserialize_with = "one_or_several")]
    pub return_policy: Vec<PluginConfiguration>,
}

impl PluginsByHook {
    /// Plugins on all hooks together.
    pub fn count(&self) -> usize {
        let Self { shipping_quote, order_routing, order_screening, address_validation, return_policy } = self;
        [shipping_quote, order_routing, order_screening, address_validation, return_policy].map(Vec::len).iter().sum()
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut PluginConfiguration> {
        [
            &mut self.shipping_quote,
            &mut self.order_routing,
            &mut self.order_screening,
            &mut self.address_validation,
            &mut self.return_policy,
        ]
        .into_iter()
        .flatten()
    }
}

/// One plugin, or a list of them.
fn one_or_several<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<PluginConfiguration>, D::Error> {
    struct OneOrSeveral;
    impl<'d> Visitor<'d> for OneOrSeveral {
        type Value = Vec<PluginConfiguration>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a plugin with `component` and `settings`, or a list of them")
        }

        fn visit_map<A: MapAccess<'d>>(self, map: A) -> Result<Self::Value, A::Error> {
            PluginConfiguration::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'d>>(self, seq: A) -> Result<Self::Value, A::Error> {
            let plugins = Vec::deserialize(SeqAccessDeserializer::new(seq))?;
            if plugins.is_empty() {
                return Err(A::Error::custom("an empty list of plugins; leave the hook out, or give it one"));
            }
            Ok(plugins)
        }
    }
    deserializer.deserialize_any(OneOrSeveral)
}

/// A component and the merchant's settings for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PluginConfiguration {
    pub component: PathBuf,
    pub settings: PathBuf,
}

/// A price that is offered when the plugin fails: flat, for any destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BackupRate {
    pub service: String,
    /// What the shopper reads.
    pub name: String,
    /// In minor units.
    pub price: i64,
    /// Carts in other currencies do not get this rate.
    pub currency: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopFile {
    name: String,
    #[serde(default)]
    plugins: PluginsByHook,
    #[serde(default)]
    fallbacks: FallbacksByHook,
    #[serde(default)]
    secrets: BTreeMap<String, SecretSource>,
    currency: Option<CurrencyCode>,
    #[serde(default)]
    stock: Stock,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FallbacksByHook {
    #[serde(default)]
    shipping_quote: Vec<BackupRate>,
}

/// Reads all shops, in the order of their ids.
///
/// # Errors
/// Everything that is wrong in any of them.
pub fn read(folder: &Path) -> Result<Vec<ShopConfiguration>, Vec<ConfigurationIssue>> {
    let unreadable = |error: &std::io::Error| {
        let remedy = "give the folder that holds one folder for each shop";
        vec![ConfigurationIssue::new(folder, "", "", format!("the folder cannot be read: {error}"), remedy)]
    };
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(&error))? {
        let path = entry.map_err(|error| unreadable(&error))?.path();
        // Files beside the shops, and what editors, version control and mounted secrets hide there, are nobody's shop.
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            folders.push(path);
        }
    }
    folders.sort();
    let (mut shops, mut issues) = (Vec::new(), Vec::new());
    for folder in &folders {
        match read_shop(folder) {
            Ok(shop) => shops.push(shop),
            Err(found) => issues.extend(found),
        }
    }
    if folders.is_empty() {
        let remedy = format!("make a folder for each shop and put a `{SHOP_FILE}` into it");
        issues.push(ConfigurationIssue::new(folder, "", "", "the folder holds no shop", remedy));
    }
    if issues.is_empty() { Ok(shops) } else { Err(issues) }
}

fn read_shop(folder: &Path) -> Result<ShopConfiguration, Vec<ConfigurationIssue>> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(id) = ShopId::parse(&name) else {
        let message = "the folder's name is not a shop's id";
        let remedy = "name it with 1 to 63 of a-z, 0-9 and -, or begin its name with a dot when it is no shop";
        return Err(vec![ConfigurationIssue::new(folder, "", format!("{name:?}"), message, remedy)]);
    };
    let file = folder.join(SHOP_FILE);
    let bytes = fs::read(&file).map_err(|error| {
        let remedy = "every shop's folder holds a file of this name";
        vec![ConfigurationIssue::new(&file, "", "", format!("the file cannot be read: {error}"), remedy)]
    })?;
    let found: ShopFile = json::read(&bytes).map_err(|wrong| vec![misread(&file, &bytes, wrong)])?;

    let issues = check(&file, &found);
    if !issues.is_empty() {
        return Err(issues);
    }
    let ShopFile { name, mut plugins, fallbacks, mut secrets, currency, stock } = found;
    for plugin in plugins.all_mut() {
        plugin.component = folder.join(&plugin.component);
        plugin.settings = folder.join(&plugin.settings);
    }
    for secret in secrets.values_mut() {
        if let SecretSource::File(file) = secret {
            *file = folder.join(&file);
        }
    }
    Ok(ShopConfiguration { id, file, name, plugins, backup_rates: fallbacks.shipping_quote, currency, stock, secrets })
}

fn misread(file: &Path, bytes: &[u8], wrong: json::Misread) -> ConfigurationIssue {
    let document: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    // A missing or unknown field has no value of its own; to show the object around it would bury the message.
    let value = document.as_ref().and_then(|document| document.pointer(&wrong.pointer));
    let value =
        value.filter(|value| !value.is_object() && !value.is_array()).map(|value| shortened(&value.to_string()));
    let remedy = format!("see line {} column {}", wrong.line, wrong.column);
    ConfigurationIssue::new(file, wrong.pointer, value.unwrap_or_default(), wrong.message, remedy)
}

fn check(file: &Path, shop: &ShopFile) -> Vec<ConfigurationIssue> {
    let mut issues = Vec::new();
    let mut refuse = |pointer: String, value: String, message: &str, remedy: &str| {
        issues.push(ConfigurationIssue::new(file, pointer, shortened(&value), message, remedy));
    };
    let named = |text: &str| (1..=LONGEST_NAME).contains(&text.len());
    if !named(&shop.name) {
        refuse("/name".into(), format!("{:?}", shop.name), "this is not a name", "give 1 to 255 bytes");
    }
    let is_currency = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some(currency) = shop.currency.as_deref().filter(|code| !is_currency(code)) {
        let remedy = "give an ISO 4217 code such as \"USD\"";
        refuse("/currency".into(), format!("{currency:?}"), "this is not a currency's code", remedy);
    }
    let rates = &shop.fallbacks.shipping_quote;
    for (index, rate) in rates.iter().enumerate() {
        let at = |key: &str| format!("/fallbacks/shipping-quote/{index}/{key}");
        for (key, text) in [("service", &rate.service), ("name", &rate.name)] {
            if !named(text) {
                refuse(at(key), format!("{text:?}"), "this is not a name", "give 1 to 255 bytes");
            }
        }
        if !(0..=MOST_MONEY).contains(&rate.price) {
            let remedy = "give 0 to 100000000000000, in the currency's minor unit";
            refuse(at("price"), rate.price.to_string(), "the price is out of range", remedy);
        }
        if !is_currency(&rate.currency) {
            let remedy = "give an ISO 4217 code such as \"USD\"";
            refuse(at("currency"), format!("{:?}", rate.currency), "this is not a currency's code", remedy);
        }
        if rates[..index].iter().any(|other| (&other.service, &other.currency) == (&rate.service, &rate.currency)) {
            let remedy = "keep one rate for a service and currency";
            refuse(at("service"), format!("{:?}", rate.service), "this service has a rate in this currency", remedy);
        }
    }
    issues
}

/// The first 200 characters, so that a message stays readable.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
