//! Which revisions are asked: those that decided, but for what is exchanged. Each is looked up and installed once a shard.
//!
//! What this module must not know: what they answer.

use super::document::Exchange;
use crate::platform::Platform;
use crate::platform::catalog::{Catalog, Unavailable};
use crate::platform::deploy::Supply;
use crate::platform::members::member;
use crate::shops::{Member, Stage};
use cartwright_records::PluginRef;
use cartwright_runtime::Plugin;
use cartwright_store::{Store, StoreError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// Digests of component and settings.
type Key = (Arc<str>, Arc<str>);

/// What a shard has looked up.
pub struct Members {
    store: Store,
    catalog: Arc<Catalog>,
    runtime: Handle,
    exchanges: Vec<Exchange>,
    known: HashMap<(String, i64), Option<Member>>,
    plugins: Arc<Mutex<HashMap<Key, Plugin>>>,
}

/// Why a decision cannot be asked.
#[derive(Debug)]
pub enum Missing {
    /// It may be there later.
    Later(StoreError),
    /// It never will be; a word for the report.
    Gone(&'static str),
}

impl Members {
    pub fn new(platform: &Platform, runtime: Handle, exchanges: &[Exchange]) -> Self {
        let (store, catalog) = (platform.store.clone(), platform.catalog.clone());
        let (exchanges, known, plugins) = (exchanges.to_vec(), HashMap::new(), Arc::default());
        Self { store, catalog, runtime, exchanges, known, plugins }
    }

    /// Installs what decided, with the exchanges made. Not to be called on a thread of the runtime.
    ///
    /// # Errors
    /// When something of it cannot be had.
    pub fn of(&mut self, decided: &[PluginRef]) -> Result<Vec<Member>, Missing> {
        if !self.exchanges.is_empty() && !(0..decided.len()).any(|place| self.exchanges(decided, place)) {
            return Err(Missing::Gone("otherInstalls"));
        }
        let members: Vec<_> = decided.iter().map(|plugin| self.one(plugin)).collect::<Result<_, _>>()?;
        for member in &members {
            self.install(member)?;
        }
        Ok(members)
    }

    /// Whether something else is asked at this place.
    pub fn exchanges(&self, decided: &[PluginRef], place: usize) -> bool {
        let install = decided.get(place).map(|plugin| &plugin.install);
        self.exchanges.iter().any(|exchange| Some(&exchange.install) == install)
    }

    /// Gives what was installed by [`Members::of`].
    pub fn supply(&self) -> Supply {
        let plugins = self.plugins.clone();
        Arc::new(move |member: &Member| {
            let plugins = plugins.lock().unwrap_or_else(PoisonError::into_inner);
            plugins.get(&key(member)).cloned().ok_or_else(|| "it was not installed before it was asked".to_owned())
        })
    }

    fn one(&mut self, plugin: &PluginRef) -> Result<Member, Missing> {
        if let Some(exchange) = self.exchanges.iter().find(|exchange| exchange.install == plugin.install) {
            return Ok(instead(exchange));
        }
        let place = (plugin.install.clone(), plugin.revision);
        if let Some(known) = self.known.get(&place) {
            return known.clone().ok_or(Missing::Gone("revisionGone"));
        }
        let found = match self.runtime.block_on(self.store.revision(&plugin.install, plugin.revision)) {
            Ok(revision) => Some(member(&plugin.install, &revision.head)),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(Missing::Later(error)),
        };
        self.known.insert(place, found.clone());
        found.ok_or(Missing::Gone("revisionGone"))
    }

    fn install(&self, member: &Member) -> Result<(), Missing> {
        if self.plugins.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&key(member)) {
            return Ok(());
        }
        // The settings of no revision stand nowhere but in the job.
        let of_the_job = self.exchanges.iter().find(|exchange| exchange.settings_digest == *member.settings);
        let settings = of_the_job.map(|exchange| self.catalog.know_settings(&member.settings, &exchange.settings));
        let plugin = settings.unwrap_or(Ok(())).and_then(|()| self.catalog.plugin(member));
        let plugin = plugin.map_err(|error| match error {
            Unavailable::Store(error @ StoreError::Unavailable { .. }) => Missing::Later(error),
            error => {
                let (install, revision) = (&*member.install, member.revision);
                tracing::warn!(install, revision, %error, "a backtest cannot ask a revision");
                Missing::Gone("notInstallable")
            }
        })?;
        self.plugins.lock().unwrap_or_else(PoisonError::into_inner).insert(key(member), plugin);
        Ok(())
    }
}

fn key(member: &Member) -> Key {
    (member.digest.clone(), member.settings.clone())
}

/// What is asked instead of what stood there.
fn instead(exchange: &Exchange) -> Member {
    Member {
        install: exchange.install.as_str().into(),
        revision: exchange.revision.unwrap_or(0),
        stage: Stage::Live,
        package: exchange.package.as_str().into(),
        version: exchange.version.as_str().into(),
        digest: exchange.digest.as_str().into(),
        settings: exchange.settings_digest.as_str().into(),
        share: 0,
        slow: Duration::MAX,
    }
}
