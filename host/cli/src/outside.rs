//! What plugins may ask of the outside world, in the words of a command line.

use crate::complaint::Complaint;
use cartwright_outside::{Blocking, Hosts, IpNet, OutsideOptions, Scope, Secrets};
use cartwright_runtime::outside::{Fetched, NoOutside, Outside, Plan};
use clap::Args;

#[derive(Args)]
pub struct OutsideFlags {
    /// Lets plugins' plans use plain http too; what is sent can then be read on the way
    #[arg(long)]
    allow_http: bool,
    /// A network that plugins' plans may reach although it is not public, such as 10.1.0.0/16; may be repeated
    #[arg(long, value_name = "CIDR")]
    allow_network: Vec<IpNet>,
}

impl OutsideFlags {
    pub fn options(&self) -> OutsideOptions {
        OutsideOptions {
            allow_http: self.allow_http,
            allow_networks: self.allow_network.clone(),
            ..OutsideOptions::default()
        }
    }
}

/// The way out of one command.
#[derive(Args)]
pub struct WayFlags {
    /// Makes the requests that the plugin's plan asks for; without it they are refused, and the plugin is told so
    #[arg(long)]
    outside: bool,
    /// What stands behind {{secret:NAME}} in these requests; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    secret: Vec<(String, String)>,
    #[command(flatten)]
    limits: OutsideFlags,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("give a name and a value, as API_KEY=abc")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl WayFlags {
    /// The way out, if one is wanted.
    pub fn way(&self) -> anyhow::Result<Box<dyn Outside>> {
        if !self.outside {
            return Ok(Box::new(NoOutside));
        }
        let mut secrets = Secrets::new();
        for (name, value) in &self.secret {
            secrets = secrets.with(name, value).map_err(|error| Complaint::usage(format!("--secret: {error}")))?;
        }
        Ok(Box::new(Way { outside: Blocking::new(self.limits.options())?, secrets }))
    }
}

/// One shop's requests, of one plugin.
struct Way {
    outside: Blocking,
    secrets: Secrets,
}

impl Outside for Way {
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched> {
        let one = |plan: &Plan<'_>| {
            let hosts = Hosts::new(plan.hosts).map_err(|error| error.to_string())?;
            let scope = Scope { secrets: self.secrets.clone(), ..Scope::new("command-line", hosts) };
            let fetched = self.outside.fetch(&scope, plan.requests).map_err(|error| error.to_string())?;
            Ok(fetched.responses)
        };
        plans.iter().map(one).collect()
    }
}
