//! A shop's way to the outside world: what its plugins' plans ask for, made by [`cartwright_outside`] on the shop's behalf.
//!
//! What this module must not know: how requests are made, what a plugin does with the replies.

use crate::config::{SecretSource, ShopConfiguration, ShopId};
use crate::error::ConfigurationIssue;
use cartwright_outside::{Blocking, Hosts, Scope, Secrets};
use cartwright_runtime::outside::{Fetched, Outside, Plan};
use std::fs;
use std::thread;

/// The way out for one shop.
pub struct ShopOutside<'a> {
    pub outside: &'a Blocking,
    pub shop: &'a ShopId,
    pub secrets: &'a Secrets,
}

impl ShopOutside<'_> {
    fn carry_out(&self, plan: &Plan<'_>) -> Fetched {
        if plan.requests.is_empty() {
            return Ok(Vec::new());
        }
        let hosts = Hosts::new(plan.hosts).map_err(|error| error.to_string())?;
        let scope = Scope { secrets: self.secrets.clone(), ..Scope::new(self.shop.as_str(), hosts) };
        let fetched = self.outside.fetch(&scope, plan.requests).map_err(|error| error.to_string())?;
        for account in &fetched.accounts {
            let Some(problem) = &account.problem else { continue };
            let (shop, host) = (self.shop.as_str(), account.host.as_deref().unwrap_or("?"));
            tracing::info!(shop, host, request = account.id, %problem, "a plugin's request got no reply");
        }
        Ok(fetched.responses)
    }
}

impl Outside for ShopOutside<'_> {
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched> {
        if let [plan] = plans {
            return vec![self.carry_out(plan)];
        }
        // Side by side: a shopper waits for the slowest, not for all of them in turn.
        thread::scope(|scope| {
            let running: Vec<_> = plans.iter().map(|plan| scope.spawn(|| self.carry_out(plan))).collect();
            let ended = running.into_iter().map(thread::ScopedJoinHandle::join);
            ended.map(|plan| plan.unwrap_or_else(|_| Err("the server failed at it".into()))).collect()
        })
    }
}

/// The names of the secrets that a settings document refers to, as `{{secret:NAME}}`.
pub fn secrets_named(settings: &str) -> impl Iterator<Item = &str> {
    settings.split("{{secret:").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name)
}

/// The values of a shop's secrets.
///
/// # Errors
/// Every secret that is not where it is said to be, or cannot stand in a header.
pub fn secrets(shop: &ShopConfiguration) -> Result<Secrets, Vec<ConfigurationIssue>> {
    let (mut secrets, mut issues) = (Secrets::new(), Vec::new());
    for (name, source) in &shop.secrets {
        let mut refuse = |message: String, remedy: &str| {
            let at = format!("/secrets/{name}");
            issues.push(ConfigurationIssue::new(&shop.file, at, "", message, remedy));
        };
        let value = match source {
            SecretSource::Env(variable) => std::env::var(variable)
                .map_err(|error| (format!("the variable {variable:?}: {error}"), "set it where the server is started")),
            SecretSource::File(file) => fs::read_to_string(file).map_err(|error| {
                let message = format!("the file {:?} cannot be read: {error}", file.display().to_string());
                (message, "give its path, relative to the folder of this file")
            }),
        };
        match value {
            Err((message, remedy)) => refuse(message, remedy),
            Ok(value) => match secrets.clone().with(name, value.trim_end_matches(['\r', '\n'])) {
                Ok(more) => secrets = more,
                Err(error) => refuse(error.to_string(), "change its name or its value"),
            },
        }
    }
    if issues.is_empty() { Ok(secrets) } else { Err(issues) }
}
