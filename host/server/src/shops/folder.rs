//! The shops of a folder, with their plugins installed at the start.
//!
//! Each shop installs its own: two shops with the same component and settings share the compiled file in the engine's cache, and
//! nothing else. What this module must not know: HTTP, the store.

use super::{Estimates, Hooks, Installed, Place, PluginIdentity, Progress, Shop};
use crate::calls::ShopCalls;
use crate::config::{BackupRate, PluginConfiguration, PluginsByHook, ShopConfiguration};
use crate::error::ConfigurationIssue;
use crate::estimates::bundle::Today;
use crate::{fallback, outside};
use cartwright_outside::Secrets;
use cartwright_runtime::composition::{Compose, CompositionError};
use cartwright_runtime::hooks::ShippingQuote;
use cartwright_runtime::{Composition, Engine, InstallError, Plugin};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Installs what the shops are configured with.
///
/// # Errors
/// Everything that is wrong with any plugin or its settings.
pub fn install_all(
    engine: &Engine,
    configurations: Vec<ShopConfiguration>,
    calls_of_a_shop: usize,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Vec<Arc<Shop>>, Vec<ConfigurationIssue>> {
    let of = configurations.iter().map(|shop| shop.plugins.count()).sum();
    let mut installer = Installer { engine, progress, issues: Vec::new(), number: 0, of };
    let mut shops = Vec::new();
    for shop in configurations {
        let hooks = installer.hooks(&shop);
        let secrets = outside::secrets(&shop).unwrap_or_else(|found| {
            installer.issues.extend(found);
            Secrets::new()
        });
        let ShopConfiguration { id, name, currency, stock, .. } = shop;
        let calls = ShopCalls::new(calls_of_a_shop);
        let estimates = Estimates { currency, stock, today: Today::default() };
        shops.push(Arc::new(Shop { id, name, hooks, secrets, calls, estimates, merchant: None }));
    }
    if installer.issues.is_empty() { Ok(shops) } else { Err(installer.issues) }
}

/// Installs one plugin after the other and collects what is wrong with any of them.
struct Installer<'a> {
    engine: &'a Engine,
    progress: &'a mut dyn FnMut(Progress<'_>),
    issues: Vec<ConfigurationIssue>,
    /// Plugins begun so far.
    number: usize,
    of: usize,
}

impl Installer<'_> {
    fn hooks(&mut self, shop: &ShopConfiguration) -> Hooks {
        let PluginsByHook { shipping_quote, order_routing, order_screening, address_validation, return_policy } =
            &shop.plugins;
        let rates: Vec<BackupRate> = shop.backup_rates.clone();
        let with_rates = |composition: Composition<ShippingQuote>| {
            composition.with_fallback(move |request| fallback::quotes(&rates, request))
        };
        Hooks {
            shipping_quote: self.hook(shop, shipping_quote, with_rates),
            order_routing: self.hook(shop, order_routing, |composition| composition.with_fallback(fallback::routing)),
            order_screening: self.hook(shop, order_screening, |composition| composition),
            address_validation: self.hook(shop, address_validation, |composition| composition),
            return_policy: self.hook(shop, return_policy, |composition| composition),
        }
    }

    fn hook<H: Compose>(
        &mut self,
        shop: &ShopConfiguration,
        configured: &[PluginConfiguration],
        finish: impl FnOnce(Composition<H>) -> Composition<H>,
    ) -> Option<Arc<Place<H>>> {
        let (mut plugins, mut identities) = (Vec::new(), Vec::new());
        for (index, configuration) in configured.iter().enumerate() {
            self.number += 1;
            let (id, component) = (&shop.id, configuration.component.as_path());
            let (number, of) = (self.number, self.of);
            (self.progress)(Progress::Installing { shop: id, hook: H::NAME, component, number, of });
            let started = Instant::now();
            // A single plugin stands in shop.json without a list around it.
            let place = if configured.len() == 1 { String::new() } else { format!("/{index}") };
            match install(self.engine, shop, &format!("/plugins/{}{place}", H::NAME), configuration) {
                Ok((plugin, identity)) => {
                    let took = started.elapsed();
                    let warnings = plugin.warnings();
                    let (hook, plugin_of) = (H::NAME, &identity);
                    (self.progress)(Progress::Installed { shop: id, hook, plugin: plugin_of, warnings, took });
                    plugins.push(plugin);
                    identities.push(identity);
                }
                Err(found) => self.issues.extend(found),
            }
        }
        if configured.is_empty() || plugins.len() < configured.len() {
            return None;
        }
        match Composition::new(plugins) {
            Ok(composition) => Some(Arc::new(Place::fixed(Installed::new(finish(composition), identities)))),
            Err(error) => {
                let remedy = match error {
                    CompositionError::HookNotServed { .. } => "give a component that exports the hook's interface",
                    // The message says it.
                    CompositionError::OneOwner { .. } => "",
                };
                let (at, message) = (format!("/plugins/{}", H::NAME), error.to_string());
                self.issues.push(ConfigurationIssue::new(&shop.file, at, "", message, remedy));
                None
            }
        }
    }
}

/// `at` is the plugin's place in shop.json, as a JSON pointer.
fn install(
    engine: &Engine,
    shop: &ShopConfiguration,
    at: &str,
    configuration: &PluginConfiguration,
) -> Result<(Plugin, PluginIdentity), Vec<ConfigurationIssue>> {
    let PluginConfiguration { component, settings } = configuration;
    let refuse = |key: &str, path: &Path, message: String, remedy: &str| {
        let value = format!("{:?}", path.display().to_string());
        vec![ConfigurationIssue::new(&shop.file, format!("{at}/{key}"), value, message, remedy)]
    };
    let unreadable = |key: &str, path: &Path, error: &std::io::Error| {
        let remedy = format!("give the {key} file's path, relative to the folder of this file");
        refuse(key, path, format!("the file cannot be read: {error}"), &remedy)
    };
    let code = fs::read(component).map_err(|error| unreadable("component", component, &error))?;
    let document = fs::read_to_string(settings).map_err(|error| unreadable("settings", settings, &error))?;

    if let Some(name) = outside::secrets_named(&document).find(|name| !shop.secrets.contains_key(*name)) {
        let message = format!("the settings speak of the secret {name:?}, which the shop does not have");
        return Err(refuse("settings", settings, message, "add it to `secrets` of this file"));
    }
    let plugin = engine.install(&code, &document).map_err(|error| match error {
        InstallError::SettingsRefused(issues) => {
            issues.into_iter().map(|issue| ConfigurationIssue { file: settings.clone(), issue }).collect()
        }
        // The engine's messages say what would be right.
        InstallError::SettingsTooLarge { .. } => refuse("settings", settings, error.to_string(), ""),
        error => refuse("component", component, error.to_string(), ""),
    })?;
    let manifest = &plugin.facts().manifest;
    let stem = || component.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = Some(&manifest.name).filter(|name| !name.is_empty()).cloned().unwrap_or_else(stem);
    let identity = PluginIdentity {
        name,
        version: manifest.version.clone(),
        snapshot: plugin.snapshot().to_owned(),
        revision: None,
    };
    Ok((plugin, identity))
}
