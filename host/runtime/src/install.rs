//! From a component and a merchant's settings to a [`Plugin`] that answers in microseconds.
//!
//! validate -> read hooks and imports -> instantiate -> `configure(settings)` -> snapshot -> compile -> cache. What is expensive to
//! build from settings is built here once, never in the checkout.

use crate::cache::Entry;
use crate::component::{self, ComponentFacts};
use crate::engine::Engine;
use crate::error::InstallError;
use crate::hooks::typed::exported;
use crate::hooks::{self, HookEntry, SETTINGS};
use crate::limits::Limits;
use crate::plugin::{Plugin, Setup, name_the_panic, open, outcome_of};
use crate::sandbox::{LOG, OFFERED_WASI, Sandbox};
use crate::snapshot;
use cartwright_contract::settings::Issue;
use std::hash::{Hash, Hasher};
use wasmtime::Store;
use wasmtime::component::{Component, ComponentExportIndex, Instance, InstancePre, TypedFunc};

/// `configure`: warnings, or the errors for which the plugin does not work.
pub(crate) type Configure = TypedFunc<(&'static str,), (Result<Vec<Issue>, Vec<Issue>>,)>;

impl Engine {
    /// Installs a component with a merchant's settings, a JSON document, under the engine's limits.
    ///
    /// # Errors
    /// When the component or its settings are refused; the error says what to change.
    pub fn install(&self, component: &[u8], settings: &str) -> Result<Plugin, InstallError> {
        self.install_with(component, settings, self.limits().clone())
    }

    /// As [`Engine::install`], with limits for this plugin.
    ///
    /// # Errors
    /// When the component or its settings are refused; the error says what to change.
    pub fn install_with(&self, component: &[u8], settings: &str, limits: Limits) -> Result<Plugin, InstallError> {
        if component.len() > limits.component {
            return Err(InstallError::ComponentTooLarge { size: component.len(), limit: limits.component });
        }
        if settings.len() > limits.settings {
            return Err(InstallError::SettingsTooLarge { size: settings.len(), limit: limits.settings });
        }
        let facts = component::read(component)?;
        check_imports(&facts)?;
        check_exports(&facts)?;

        let digest = self.digest(component, settings, &limits);
        if let Some(plugin) = self.cached(&digest, &facts, settings, &limits)? {
            return Ok(plugin);
        }
        let (code, entry) = self.prepare(component, settings, &limits)?;
        if let Some(cache) = &self.shared.cache
            && let Err(error) = code
                .serialize()
                .map_err(|e| e.to_string())
                .and_then(|code| cache.put(&digest, &entry, &code).map_err(|e| e.to_string()))
        {
            tracing::warn!(%error, "a compiled plugin could not be kept; it is compiled again after a restart");
        }
        self.plugin(&code, facts, settings, limits, entry)
    }

    fn cached(
        &self,
        digest: &str,
        facts: &ComponentFacts,
        settings: &str,
        limits: &Limits,
    ) -> Result<Option<Plugin>, InstallError> {
        let Some((path, entry)) = self.shared.cache.as_ref().and_then(|cache| cache.get(digest)) else {
            return Ok(None);
        };
        // SAFETY: the cache has just checked, under a key that only this host's user can read, that this host wrote the file.
        match unsafe { Component::deserialize_file(&self.shared.wasmtime, path) } {
            Ok(code) => self.plugin(&code, facts.clone(), settings, limits.clone(), entry).map(Some),
            Err(error) => {
                tracing::warn!(%error, "a cached plugin does not fit this host; it is compiled again");
                Ok(None)
            }
        }
    }

    /// Configures, snapshots and compiles.
    fn prepare(&self, component: &[u8], settings: &str, limits: &Limits) -> Result<(Component, Entry), InstallError> {
        let engine = &self.shared.wasmtime;
        let compile = |bytes: &[u8]| Component::new(engine, bytes).map_err(|e| InstallError::Compile(format!("{e:#}")));
        match snapshot::instrument(component) {
            Ok(instrumented) => {
                let (mut store, instance, warnings) =
                    self.configured(&compile(&instrumented.bytes)?, settings, limits)?;
                let configure_fuel = limits.configure_fuel - store.get_fuel().unwrap_or(0);
                // Reading the instance's memory is the host's work; it must not end for want of the plugin's fuel or time.
                store.set_epoch_deadline(u64::MAX / 2);
                let _ = store.set_fuel(u64::MAX);
                store.set_hostcall_fuel(usize::MAX);
                let bytes = instrumented
                    .snapshot(&mut store, instance)
                    .map_err(|e| InstallError::Compile(format!("its configured memory could not be kept: {e:#}")))?;
                let snapshot = blake3::hash(&bytes).to_hex().to_string();
                Ok((compile(&bytes)?, Entry { warnings, unsnapshotted: None, snapshot, configure_fuel }))
            }
            Err(reason) => {
                let code = compile(component)?;
                let (store, _, warnings) = self.configured(&code, settings, limits)?;
                let configure_fuel = limits.configure_fuel - store.get_fuel().unwrap_or(0);
                let snapshot = blake3::hash(component).to_hex().to_string();
                Ok((code, Entry { warnings, unsnapshotted: Some(format!("{reason:#}")), snapshot, configure_fuel }))
            }
        }
    }

    /// A configured instance and the plugin's warnings.
    fn configured(
        &self,
        code: &Component,
        settings: &str,
        limits: &Limits,
    ) -> Result<(Store<Sandbox>, Instance, Vec<Issue>), InstallError> {
        let pre = self.link(code)?;
        let budget = Limits { fuel: limits.configure_fuel, deadline: limits.configure_deadline, ..limits.clone() };
        let mut store = open(&self.shared.wasmtime, &budget, budget.fuel, 0, [0; 32]);
        let ended = |mut store: Store<Sandbox>, error| {
            let error = outcome_of(&mut store, &error, &budget, budget.fuel, self.shared.sandboxes);
            InstallError::Configure(name_the_panic(error, &store.into_data().into_log()))
        };
        let instance = match pre.instantiate(&mut store) {
            Ok(instance) => instance,
            Err(error) => return Err(ended(store, error)),
        };
        check_types(code, &mut store, instance)?;
        let configure = configure_of(code, &mut store, instance)?;
        match configure.call(&mut store, (settings,)) {
            Ok((Ok(warnings),)) => Ok((store, instance, warnings)),
            Ok((Err(issues),)) => Err(InstallError::SettingsRefused(issues)),
            Err(error) => Err(ended(store, error)),
        }
    }

    fn link(&self, code: &Component) -> Result<InstancePre<Sandbox>, InstallError> {
        self.shared
            .linker
            .instantiate_pre(code)
            .map_err(|e| InstallError::WrongType { export: "an import".into(), message: format!("{e:#}") })
    }

    fn plugin(
        &self,
        code: &Component,
        facts: ComponentFacts,
        settings: &str,
        limits: Limits,
        entry: Entry,
    ) -> Result<Plugin, InstallError> {
        let function = |interface: &str, function: &str| {
            let instance = code.get_export_index(None, interface)?;
            code.get_export_index(Some(&instance), function)
        };
        let indexes = |of: &dyn Fn(&HookEntry) -> Option<ComponentExportIndex>| {
            hooks::ALL.iter().filter_map(|hook| Some((hook.name, of(hook)?))).collect()
        };
        let runs = indexes(&|hook| function(hook.interface, "run"));
        let plans = indexes(&|hook| function(hook.plan, "plan"));
        let describe = function(hooks::ESTIMATE_BUNDLE, "describe");
        let hosts = hosts_of(&facts.manifest.calls, settings);
        let configure = entry.unsnapshotted.as_ref().map(|_| settings.to_owned());
        let pre = self.link(code)?;
        Ok(Plugin::new(Setup {
            engine: self.clone(),
            pre,
            runs,
            plans,
            describe,
            hosts,
            configure,
            facts,
            limits,
            entry,
        }))
    }

    /// Names a cache entry: everything that the compiled code depends on.
    fn digest(&self, component: &[u8], settings: &str, limits: &Limits) -> String {
        struct Update(blake3::Hasher);
        impl Hasher for Update {
            fn finish(&self) -> u64 {
                0
            }
            fn write(&mut self, bytes: &[u8]) {
                self.0.update(bytes);
            }
        }
        let mut digest = Update(blake3::Hasher::new());
        self.shared.wasmtime.precompile_compatibility_hash().hash(&mut digest);
        (env!("CARGO_PKG_VERSION"), component, settings, limits.memory).hash(&mut digest);
        digest.0.finalize().to_hex().to_string()
    }
}

/// Whether the host offers what a component imports under this name, as `wasi:clocks/wall-clock@0.2.6`.
pub fn is_offered(import: &str) -> bool {
    // Interfaces of the contract that hold only types have nothing to offer or refuse.
    import == LOG
        || import.starts_with("cartwright:plugin/")
        || OFFERED_WASI.iter().any(|wasi| import.starts_with(wasi))
}

fn check_imports(facts: &ComponentFacts) -> Result<(), InstallError> {
    match facts.imports.iter().find(|name| !is_offered(name)) {
        Some(name) => Err(InstallError::ImportNotOffered {
            name: name.clone(),
            offered: format!("{LOG} and {}", OFFERED_WASI.join(", ")),
        }),
        None => Ok(()),
    }
}

fn check_exports(facts: &ComponentFacts) -> Result<(), InstallError> {
    let found = || if facts.exports.is_empty() { "nothing".to_owned() } else { facts.exports.join(", ") };
    if !facts.exports.iter().any(|export| export == SETTINGS) {
        return Err(InstallError::ExportMissing { expected: SETTINGS.into(), found: found() });
    }
    if facts.hooks.is_empty() {
        let hooks: Vec<_> = hooks::ALL.iter().map(|hook| hook.interface).collect();
        return Err(InstallError::ExportMissing { expected: format!("one of {}", hooks.join(", ")), found: found() });
    }
    Ok(())
}

/// Checks once, here, what every call then relies on.
fn check_types(code: &Component, store: &mut Store<Sandbox>, instance: Instance) -> Result<(), InstallError> {
    configure_of(code, store, instance)?;
    hooks::ALL.iter().try_for_each(|hook| (hook.check_types)(code, store, instance))?;
    hooks::typed::check_describe(code, store, instance)
}

/// The hosts that a manifest's `calls` name. `settings:/service/host` stands for what the merchant's settings say there: a
/// plugin that is written once for many merchants cannot know their services.
fn hosts_of(calls: &[String], settings: &str) -> Vec<String> {
    let mut document = None;
    let host = |call: &String| match call.strip_prefix("settings:") {
        None => Some(call.clone()),
        Some(pointer) => {
            let document =
                document.get_or_insert_with(|| serde_json::from_str::<serde_json::Value>(settings).unwrap_or_default());
            document.pointer(pointer)?.as_str().map(str::to_owned)
        }
    };
    calls.iter().filter_map(host).collect()
}

fn configure_of(code: &Component, store: &mut Store<Sandbox>, instance: Instance) -> Result<Configure, InstallError> {
    let settings = code.get_export_index(None, SETTINGS).ok_or_else(|| InstallError::ExportMissing {
        expected: SETTINGS.into(),
        found: "another version of it".into(),
    })?;
    let configure = exported(code, &settings, SETTINGS, "configure")?;
    instance
        .get_typed_func(store, configure)
        .map_err(|e| InstallError::WrongType { export: format!("{SETTINGS}#configure"), message: format!("{e:#}") })
}

/// Configures an instance of a plugin that could not be snapshotted.
pub(crate) fn configure_again(
    code: &Component,
    store: &mut Store<Sandbox>,
    instance: Instance,
    settings: &str,
) -> wasmtime::Result<()> {
    let failed = |e: InstallError| wasmtime::Error::msg(e.to_string());
    let configure = configure_of(code, store, instance).map_err(failed)?;
    match configure.call(store, (settings,))? {
        (Ok(_),) => Ok(()),
        (Err(issues),) => Err(failed(InstallError::SettingsRefused(issues))),
    }
}
