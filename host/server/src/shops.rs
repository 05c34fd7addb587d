//! The shops that this server answers for, with their plugins installed.
//!
//! Each shop installs its own: two shops with the same component and settings share the compiled file in the engine's cache, and
//! nothing else. What this module must not know: HTTP.

use crate::calls::ShopCalls;
use crate::config::{BackupRate, PluginConfiguration, ShopConfiguration, ShopId};
use crate::error::ConfigurationIssue;
use cartwright_runtime::hooks::{Hook, ShippingQuote};
use cartwright_runtime::{Engine, InstallError, Plugin};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};
use utoipa::ToSchema;

/// What [`crate::Server::prepare`] is doing.
#[derive(Debug)]
pub enum Progress<'a> {
    /// Begins to install plugin `number` (counted from 1) of `of`; compiling takes up to some seconds.
    Installing { shop: &'a ShopId, hook: &'static str, component: &'a Path, number: usize, of: usize },
    /// It is ready.
    Installed { shop: &'a ShopId, hook: &'static str, plugin: &'a InstalledPlugin, took: Duration },
}

/// One shop.
#[derive(Debug)]
pub struct Shop {
    pub id: ShopId,
    pub name: String,
    pub shipping_quote: Option<InstalledPlugin>,
    pub calls: ShopCalls,
}

/// A plugin and what answers when it fails.
pub struct InstalledPlugin {
    pub plugin: Plugin,
    pub identity: PluginIdentity,
    pub backup_rates: Vec<BackupRate>,
    /// Calls that ended in the fallback since the start.
    pub(crate) failures: AtomicU64,
}

impl std::fmt::Debug for InstalledPlugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InstalledPlugin").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// Which plugin answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PluginIdentity {
    /// From its manifest, or the name of its file when it has none.
    #[schema(example = "shipping-quote")]
    pub name: String,
    /// From its manifest; empty when it has none.
    #[schema(example = "1.0.0")]
    pub version: String,
    /// Digest of component and settings in one; the same answer to the same request comes from the same snapshot.
    pub snapshot: String,
}

/// All shops, by their ids.
#[derive(Debug)]
pub struct Shops(BTreeMap<ShopId, Arc<Shop>>);

impl Shops {
    pub fn get(&self, id: &str) -> Option<&Arc<Shop>> {
        self.0.get(id)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Installs what the shops are configured with.
    ///
    /// # Errors
    /// Everything that is wrong with any plugin or its settings.
    pub fn install(
        engine: &Engine,
        configurations: Vec<ShopConfiguration>,
        calls_of_a_shop: usize,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Self, Vec<ConfigurationIssue>> {
        let of = configurations.iter().filter(|shop| shop.shipping_quote.is_some()).count();
        let (mut shops, mut issues, mut number) = (BTreeMap::new(), Vec::new(), 0);
        for shop in configurations {
            let mut installed = None;
            if let Some(configuration) = &shop.shipping_quote {
                number += 1;
                let (id, hook, component) = (&shop.id, ShippingQuote::NAME, configuration.component.as_path());
                progress(Progress::Installing { shop: id, hook, component, number, of });
                let started = Instant::now();
                match install(engine, &shop, configuration) {
                    Ok(plugin) => {
                        progress(Progress::Installed { shop: id, hook, plugin: &plugin, took: started.elapsed() });
                        installed = Some(plugin);
                    }
                    Err(found) => issues.extend(found),
                }
            }
            let ShopConfiguration { id, name, .. } = shop;
            let calls = ShopCalls::new(calls_of_a_shop);
            shops.insert(id.clone(), Arc::new(Shop { id, name, shipping_quote: installed, calls }));
        }
        if issues.is_empty() { Ok(Self(shops)) } else { Err(issues) }
    }
}

fn install(
    engine: &Engine,
    shop: &ShopConfiguration,
    configuration: &PluginConfiguration,
) -> Result<InstalledPlugin, Vec<ConfigurationIssue>> {
    let PluginConfiguration { component, settings } = configuration;
    let at = |key: &str| format!("/plugins/{}/{key}", ShippingQuote::NAME);
    let refuse = |key: &str, path: &Path, message: String, remedy: &str| {
        vec![ConfigurationIssue::new(&shop.file, at(key), format!("{:?}", path.display().to_string()), message, remedy)]
    };
    let unreadable = |key: &str, path: &Path, error: &std::io::Error| {
        let remedy = format!("give the {key} file's path, relative to the folder of this file");
        refuse(key, path, format!("the file cannot be read: {error}"), &remedy)
    };
    let code = fs::read(component).map_err(|error| unreadable("component", component, &error))?;
    let document = fs::read_to_string(settings).map_err(|error| unreadable("settings", settings, &error))?;

    let plugin = engine.install(&code, &document).map_err(|error| match error {
        InstallError::SettingsRefused(issues) => {
            issues.into_iter().map(|issue| ConfigurationIssue { file: settings.clone(), issue }).collect()
        }
        // The engine's messages say what would be right.
        InstallError::SettingsTooLarge { .. } => refuse("settings", settings, error.to_string(), ""),
        error => refuse("component", component, error.to_string(), ""),
    })?;
    let facts = plugin.facts();
    if !facts.hooks.iter().any(|hook| hook == ShippingQuote::NAME) {
        let message = format!("the component does not serve this hook; it serves {}", facts.hooks.join(", "));
        return Err(refuse("component", component, message, "give a component that exports the hook's interface"));
    }
    let stem = || component.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = Some(&facts.manifest.name).filter(|name| !name.is_empty()).cloned().unwrap_or_else(stem);
    let identity =
        PluginIdentity { name, version: facts.manifest.version.clone(), snapshot: plugin.snapshot().to_owned() };
    let backup_rates = shop.backup_rates.clone();
    Ok(InstalledPlugin { plugin, identity, backup_rates, failures: AtomicU64::new(0) })
}
