//! The shops that this server answers for, with their plugins installed.
//!
//! Each shop installs its own: two shops with the same component and settings share the compiled file in the engine's cache, and
//! nothing else. What this module must not know: HTTP.

use crate::calls::ShopCalls;
use crate::config::{BackupRate, PluginConfiguration, PluginsByHook, ShopConfiguration, ShopId, Stock};
use crate::error::ConfigurationIssue;
use crate::estimates::bundle::Today;
use crate::{fallback, outside};
use cartwright_contract::CurrencyCode;
use cartwright_contract::settings::Issue;
use cartwright_outside::Secrets;
use cartwright_runtime::composition::{Compose, CompositionError};
use cartwright_runtime::hooks::{AddressValidation, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use cartwright_runtime::{Composition, Engine, InstallError, Plugin};
use cartwright_velocity::{Subjects, Velocity};
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
    Installed {
        shop: &'a ShopId,
        hook: &'static str,
        plugin: &'a PluginIdentity,
        /// What the plugin finds odd in the shop's settings.
        warnings: &'a [Issue],
        took: Duration,
    },
}

/// One shop.
#[derive(Debug)]
pub struct Shop {
    pub id: ShopId,
    pub name: String,
    pub hooks: Hooks,
    pub secrets: Secrets,
    pub calls: ShopCalls,
    pub estimates: Estimates,
}

/// What a shop's pages are told before there is an order.
#[derive(Debug, Default)]
pub struct Estimates {
    pub currency: Option<CurrencyCode>,
    pub stock: Stock,
    pub today: Today,
}

/// Who answers at each hook; nobody where the merchant has installed nothing.
#[derive(Debug, Default)]
pub struct Hooks {
    pub shipping_quote: Option<Installed<ShippingQuote>>,
    pub order_routing: Option<Installed<OrderRouting>>,
    pub order_screening: Option<Installed<OrderScreening>>,
    pub address_validation: Option<Installed<AddressValidation>>,
    pub return_policy: Option<Installed<ReturnPolicy>>,
}

/// A hook's plugins.
#[derive(Debug)]
pub struct Installed<H: Compose> {
    pub composition: Composition<H>,
    /// One for each plugin, in their order.
    pub identities: Vec<PluginIdentity>,
    /// Calls that ended in the fallback since the start.
    pub failures: AtomicU64,
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

/// A hook that shops can have plugins on.
pub trait Served: Compose {
    fn of(hooks: &Hooks) -> Option<&Installed<Self>>
    where
        Self: Sized;

    /// Puts into a request what only the host knows; gives what the request is counted by, where it is.
    fn complete(_velocity: &Velocity, _shop: &ShopId, _request: &mut Self::Request) -> Option<Subjects> {
        None
    }

    /// Counts an answered request, for later ones that will ask about it.
    fn remember(_velocity: &Velocity, _shop: &ShopId, _request: &Self::Request, _subjects: &Subjects) {}
}

macro_rules! served {
    ($($hook:ident: $field:ident),*) => {$(
        impl Served for $hook {
            fn of(hooks: &Hooks) -> Option<&Installed<Self>> {
                hooks.$field.as_ref()
            }
        }
    )*};
}

served!(
    ShippingQuote: shipping_quote,
    OrderRouting: order_routing,
    AddressValidation: address_validation,
    ReturnPolicy: return_policy
);

impl Served for OrderScreening {
    fn of(hooks: &Hooks) -> Option<&Installed<Self>> {
        hooks.order_screening.as_ref()
    }

    /// The velocity counters, for a platform that keeps none of its own.
    fn complete(velocity: &Velocity, shop: &ShopId, request: &mut Self::Request) -> Option<Subjects> {
        let subjects = velocity.subjects(shop.as_str(), request);
        if request.velocities.is_empty() {
            request.velocities = velocity.count(&subjects, request.at);
        }
        Some(subjects)
    }

    fn remember(velocity: &Velocity, shop: &ShopId, request: &Self::Request, subjects: &Subjects) {
        if let Err(error) = velocity.record(subjects, request.payment.amount, request.at) {
            tracing::error!(shop = shop.as_str(), %error, "a velocity counter was not written");
        }
    }
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
        let of = configurations.iter().map(|shop| shop.plugins.count()).sum();
        let mut installer = Installer { engine, progress, issues: Vec::new(), number: 0, of };
        let mut shops = BTreeMap::new();
        for shop in configurations {
            let hooks = installer.hooks(&shop);
            let secrets = outside::secrets(&shop).unwrap_or_else(|found| {
                installer.issues.extend(found);
                Secrets::new()
            });
            let ShopConfiguration { id, name, currency, stock, .. } = shop;
            let calls = ShopCalls::new(calls_of_a_shop);
            let estimates = Estimates { currency, stock, today: Today::default() };
            shops.insert(id.clone(), Arc::new(Shop { id, name, hooks, secrets, calls, estimates }));
        }
        if installer.issues.is_empty() { Ok(Self(shops)) } else { Err(installer.issues) }
    }
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
    ) -> Option<Installed<H>> {
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
            Ok(composition) => {
                Some(Installed { composition: finish(composition), identities, failures: AtomicU64::new(0) })
            }
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
    let identity = PluginIdentity { name, version: manifest.version.clone(), snapshot: plugin.snapshot().to_owned() };
    Ok((plugin, identity))
}
