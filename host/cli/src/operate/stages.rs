//! `cartwright shadow`, `canary`, `activate`, `withdraw`, `rollback`, `policy`: from a draft to what answers, and back.
//!
//! Each says to the server which version of the install it has seen, so that of two people at once one is told.

use super::authors::done;
use super::client::{Answer, Ask, Client};
use super::contexts::ServerFlags;
use super::installs::find;
use super::names::{Share, Target};
use super::show::{self, JsonFlag};
use crate::complaint::{Complaint, Exit};
use crate::terminal::status;
use cartwright_store::Install;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// What all of them take.
#[derive(Args)]
struct Common {
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// Only if the install still is of this version, as `installs --json` shows it [default: the one it is of now]
    #[arg(long, value_name = "N")]
    expect: Option<i64>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

const AFTER_SHADOW: &str = "\
Examples:
  cartwright shadow demo/quotes        the newest revision
  cartwright shadow demo/quotes@3
  cartwright stats demo/quotes         how it compares";

/// Runs a revision beside the live one: compared, never shown
#[derive(Args)]
#[command(after_help = AFTER_SHADOW)]
pub struct Shadow {
    #[arg(value_name = "SHOP/INSTALL[@REV]")]
    install: Target,
    #[command(flatten)]
    common: Common,
}

pub fn shadow(it: &Shadow) -> anyhow::Result<Exit> {
    let say = |install: &Install| {
        let revision = install.candidate.as_ref().map(|candidate| candidate.revision).unwrap_or_default();
        ("Shadowing", format!("{}@{revision}: it is asked beside {}, and never shown", name(install), live(install)))
    };
    it.common.put(&it.install, json!({ "stage": "shadow" }), say)
}

const AFTER_CANARY: &str = "\
Examples:
  cartwright canary demo/quotes --share 10%
  cartwright canary demo/quotes@3 --share 0.5%

Who gets it is chosen by hash, so that a shopper sees the same one each time.";

/// Lets a revision answer a share of the requests
#[derive(Args)]
#[command(after_help = AFTER_CANARY)]
pub struct Canary {
    #[arg(value_name = "SHOP/INSTALL[@REV]")]
    install: Target,
    /// Of the requests, from 0.1% to 100%
    #[arg(long, value_name = "PERCENT", default_value = "10%")]
    share: Share,
    #[command(flatten)]
    common: Common,
}

pub fn canary(it: &Canary) -> anyhow::Result<Exit> {
    let say = |install: &Install| {
        let revision = install.candidate.as_ref().map(|candidate| candidate.revision).unwrap_or_default();
        (
            "Canary",
            format!("{}@{revision} answers {} of the requests, {} the others", name(install), it.share, live(install)),
        )
    };
    it.common.put(&it.install, json!({ "stage": "canary", "share": it.share.0 }), say)
}

const AFTER_ACTIVATE: &str = "\
Examples:
  cartwright activate demo/quotes       the candidate, else the newest revision
  cartwright activate demo/quotes@3 --why 'new zones'
  cartwright rollback demo/quotes       back to what was live before";

/// Makes a revision live: from one moment on it answers every request
#[derive(Args)]
#[command(after_help = AFTER_ACTIVATE)]
pub struct Activate {
    #[arg(value_name = "SHOP/INSTALL[@REV]")]
    install: Target,
    #[command(flatten)]
    common: Common,
}

pub fn activate(it: &Activate) -> anyhow::Result<Exit> {
    it.common.put(&it.install, json!({ "stage": "live" }), |install| ("Activated", answers(install)))
}

const AFTER_WITHDRAW: &str = "\
Examples:
  cartwright withdraw demo/quotes --why 'wrong zones'";

/// Ends a shadow or a canary; the live revision goes on
#[derive(Args)]
#[command(after_help = AFTER_WITHDRAW)]
pub struct Withdraw {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    #[command(flatten)]
    common: Common,
}

pub fn withdraw(it: &Withdraw) -> anyhow::Result<Exit> {
    it.common.put(&it.install, json!({ "stage": "withdrawn" }), |install| ("Withdrawn", answers(install)))
}

const AFTER_ROLLBACK: &str = "\
Examples:
  cartwright rollback demo/quotes --why 'prices are off'";

/// Makes the revision live that was live before
#[derive(Args)]
#[command(after_help = AFTER_ROLLBACK)]
pub struct Rollback {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    #[command(flatten)]
    common: Common,
}

pub fn rollback(it: &Rollback) -> anyhow::Result<Exit> {
    let client = it.common.server.client()?;
    let found = find(&client, &it.install)?;
    let install: Install = found.read()?;
    let body = it.common.with_why(json!({}));
    let ask = Ask::post(&["shops", &install.shop, "installs", &install.id, "rollback"], &body);
    let answer = client.send(&ask.if_match(it.common.etag(&found).as_deref()))?;
    done(&answer, it.common.json, "Rolled back", &answers(&answer.read()?))?;
    Ok(Exit::Done)
}

impl Common {
    fn with_why(&self, mut body: Value) -> Value {
        if let Some(why) = &self.why {
            body["why"] = json!(why);
        }
        body
    }

    fn etag(&self, found: &Answer) -> Option<String> {
        self.expect.map(|version| format!("\"{version}\"")).or_else(|| found.etag().map(str::to_owned))
    }

    fn put<'a>(
        &self,
        target: &Target,
        mut body: Value,
        say: impl Fn(&Install) -> (&'a str, String),
    ) -> anyhow::Result<Exit> {
        let client = self.server.client()?;
        let found = find(&client, target)?;
        let install: Install = found.read()?;
        if let Some(revision) = target.revision {
            body["revision"] = json!(revision);
        }
        let body = self.with_why(body);
        let answer = stage(&client, &install.shop, &install.id, self.etag(&found).as_deref(), &body)?;
        let (verb, what) = say(&answer.read()?);
        done(&answer, self.json, verb, &what)?;
        Ok(Exit::Done)
    }
}

/// Puts a revision where the body says.
pub fn stage(
    client: &Client,
    shop: &str,
    install: &str,
    etag: Option<&str>,
    body: &Value,
) -> Result<Answer, Complaint> {
    client.send(&Ask::post(&["shops", shop, "installs", install, "stage"], body).if_match(etag))
}

fn name(install: &Install) -> String {
    format!("{}/{}", install.shop, install.name)
}

fn live(install: &Install) -> String {
    install.live.map_or_else(|| "nothing".into(), |live| format!("the live revision {live}"))
}

fn answers(install: &Install) -> String {
    let name = name(install);
    match (install.live, install.previous) {
        (Some(live), Some(previous)) => format!("{name}: revision {live} answers; a rollback goes to {previous}"),
        (Some(live), None) => format!("{name}: revision {live} answers"),
        (None, _) => format!("{name}: no revision answers"),
    }
}

const AFTER_POLICY: &str = "\
Examples:
  cartwright policy demo/quotes                       shows it
  cartwright policy demo/quotes --file policy.json    sets it

A policy says when a candidate goes on and when it is taken back; rates are per mille:
  { \"automatic\": true,
    \"shadow\": { \"calls\": 500, \"seconds\": 3600 },
    \"canary\": { \"calls\": 1000, \"seconds\": 3600, \"share\": 100 },
    \"limits\": { \"errorRate\": 5, \"fallbackRate\": 5, \"slowRate\": 20, \"slowMillis\": 5 } }";

/// Shows or sets when a candidate is promoted and when it is rolled back
#[derive(Args)]
#[command(after_help = AFTER_POLICY)]
pub struct Policy {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    /// A JSON file with the policy; `-` is stdin
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn policy(it: &Policy) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    let found = find(&client, &it.install)?;
    let install: Install = found.read()?;
    let Some(file) = &it.file else {
        match (&install.policy, it.json.json) {
            (Some(policy), _) => show::document(policy)?,
            (None, true) => show::document(&Value::Null)?,
            (None, false) => status("Policy", format!("{} has none of its own; the server's counts", name(&install))),
        }
        return Ok(Exit::Done);
    };
    let text = show::json_file(file, "the policy")?;
    let body: Value =
        serde_json::from_str(&text).map_err(|error| Complaint::refused(format!("`{}`: {error}", file.display())))?;
    let file = file.display().to_string();
    let ask = Ask::put(&["shops", &install.shop, "installs", &install.id, "policy"], &body).origin("", &file);
    done(&client.send(&ask.if_match(found.etag()))?, it.json, "Set", &format!("the policy of {}", name(&install)))?;
    Ok(Exit::Done)
}
