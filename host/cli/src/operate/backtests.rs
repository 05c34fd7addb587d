//! `cartwright backtest`: what would have changed, had another version or other settings decided.

mod report;

use super::client::{Ask, Client, read};
use super::contexts::ServerFlags;
use super::installs::find;
use super::names::{Moment, PackageAt, Share, Target};
use super::show::{self, JsonFlag};
use crate::complaint::{Complaint, Exit};
use crate::terminal::{Progress, status};
use cartwright_records::Report;
use cartwright_store::{Install, Job, JobState, PackageVersion};
use clap::Args;
use serde_json::{Value, json};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use report::differences;

const AFTER_HELP: &str = "\
Examples:
  cartwright backtest demo --plugin shipping-quote@1.3.0 --since 30d
  cartwright backtest demo/quotes --settings quotes.json --since 7d --out changes.csv
  cartwright backtest demo/quotes@4 --since 30d --sample 10% --out changes.parquet
  cartwright backtest demo --show 0199b…               the report of an earlier one
  cartwright backtest demo --cancel 0199b…

Recorded decisions are made again on the server's workers, as they were asked then, and compared with what was answered.
Nothing that shoppers see changes. Interrupting the command does not end the backtest; --show shows it later.";

/// Replays recorded decisions against another version or settings, and reports what would have changed
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Backtest {
    /// A shop, or what is tried in place of one of its installs: SHOP/INSTALL or SHOP/INSTALL@REV
    #[arg(value_name = "SHOP[/INSTALL[@REV]]")]
    target: String,
    /// The hook whose decisions are replayed [default: the install's, or the only one that the plugin serves]
    #[arg(long)]
    hook: Option<String>,
    /// Another version
    #[arg(long, value_name = "PACKAGE@VERSION")]
    plugin: Option<PackageAt>,
    /// Other settings, a JSON file; `-` is stdin [default: the install's]
    #[arg(long, short, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Decisions from when on: 12h, 30d, a day or a timestamp
    #[arg(long, value_name = "WHEN", default_value = "30d")]
    since: Moment,
    /// Until when [default: now]
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
    /// Only a part of them, chosen by hash
    #[arg(long, value_name = "PERCENT")]
    sample: Option<Share>,
    /// Writes every compared decision to a file, by its name as CSV or Parquet
    #[arg(long, value_name = "FILE.csv|FILE.parquet", value_parser = out_file)]
    out: Option<PathBuf>,
    /// Starts it and does not wait
    #[arg(long, conflicts_with = "out")]
    no_wait: bool,
    /// Shows an earlier one instead of starting one
    #[arg(long, value_name = "ID", conflicts_with_all = ["hook", "plugin", "settings", "until", "sample", "no_wait"])]
    show: Option<String>,
    /// Ends one that is running instead
    #[arg(long, value_name = "ID", conflicts_with_all = ["hook", "plugin", "settings", "until", "sample", "no_wait", "out", "show"])]
    cancel: Option<String>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

fn out_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match form(&path) {
        Some(_) => Ok(path),
        None => Err("give a file whose name ends in .csv or .parquet".into()),
    }
}

fn form(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?;
    ["csv", "parquet"].into_iter().find(|form| extension.eq_ignore_ascii_case(form))
}

pub fn backtest(it: &Backtest) -> anyhow::Result<Exit> {
    // What cannot be written is told before minutes of work.
    let out = it.out.as_ref().map(|path| File::create(path).map_err(|error| Complaint::io("writing", path, &error)));
    let out = out.transpose()?;
    let client = it.server.client()?;
    let shop = it.target.split('/').next().unwrap_or_default();
    if let Some(id) = &it.cancel {
        let job: Job = client.send(&Ask::delete(&["shops", shop, "backtests", id]))?.read()?;
        status("Cancelled", format!("backtest {id}; it is {} now", job.state));
        return Ok(Exit::Done);
    }
    let job: Job = match &it.show {
        Some(id) => client.send(&Ask::get(&["shops", shop, "backtests", id]))?.read()?,
        None => it.start(&client)?,
    };
    if it.no_wait {
        status("Started", format!("backtest {}; `cartwright backtest {shop} --show {0}` shows it", job.id));
        if it.json.json {
            show::document(&json!(job))?;
        }
        return Ok(Exit::Done);
    }
    let job = wait(&client, shop, job)?;
    let ended = it.tell(shop, &job)?;
    if let (Some(file), Some(path)) = (out, &it.out) {
        let rows = format!("rows.{}", form(path).unwrap_or("csv"));
        let mut writer = BufWriter::new(file);
        client.download(&Ask::get(&["shops", shop, "backtests", &job.id, &rows]), &mut writer)?;
        let file = writer.into_inner().map_err(std::io::IntoInnerError::into_error);
        file.and_then(|file| file.sync_all()).map_err(|error| Complaint::io("writing", path, &error))?;
        status("Wrote", path.display());
    }
    Ok(ended)
}

impl Backtest {
    fn start(&self, client: &Client) -> anyhow::Result<Job> {
        let settings = self.settings.as_ref().map(|file| show::json_file(file, "the settings")).transpose()?;
        let file = self.settings.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
        let (shop, mut body) = self.what(client)?;
        body["since"] = json!(self.since.seconds()?);
        if let Some(until) = self.until {
            body["until"] = json!(until.seconds()?);
        }
        if let Some(Share(per_mille)) = self.sample {
            body["sample"] = json!(per_mille);
        }
        let mut ask = Ask::post(&["shops", &shop, "backtests"], &body);
        if let Some(settings) = &settings {
            ask = ask.member("settings", settings);
        }
        let job: Job = client.send(&ask.origin("/settings", &file))?.read()?;
        status("Started", format!("backtest {} over {} decisions", job.id, job.records));
        Ok(job)
    }

    /// The shop, and what is tried on which hook.
    fn what(&self, client: &Client) -> anyhow::Result<(String, Value)> {
        let mut body = json!({});
        let mut hook = self.hook.clone();
        let mut shop = self.target.clone();
        if let Some(plugin) = &self.plugin {
            body["package"] = json!(plugin.package);
            body["version"] = json!(plugin.version);
        }
        if self.target.contains('/') {
            let target: Target = self.target.parse().map_err(Complaint::usage)?;
            let install: Install = find(client, &target)?.read()?;
            (shop, hook) = (install.shop, Some(install.hook));
            body["install"] = json!(install.id);
            if let Some(revision) = target.revision {
                body["revision"] = json!(revision);
            } else if self.plugin.is_none() && self.settings.is_none() {
                body["revision"] = json!(install.newest);
            }
        } else if self.plugin.is_none() && self.settings.is_none() {
            return Err(Complaint::usage("nothing was given that decides otherwise than what is live")
                .hint("give --plugin PACKAGE@VERSION, --settings FILE or SHOP/INSTALL@REV")
                .into());
        }
        if hook.is_none() {
            hook = self.plugin.as_ref().map(|plugin| only_hook(client, plugin)).transpose()?;
        }
        let hook = hook.ok_or_else(|| {
            Complaint::usage("whose decisions are replayed is not known")
                .hint("give --hook, or name an install: SHOP/INSTALL")
        })?;
        body["hook"] = json!(hook);
        Ok((shop, body))
    }

    fn tell(&self, shop: &str, job: &Job) -> anyhow::Result<Exit> {
        if self.json.json {
            show::document(&json!(job))?;
        }
        if matches!(job.state, JobState::Failed | JobState::Cancelled) {
            let why = job.error.as_deref().unwrap_or("the server does not say why");
            return Err(Complaint::new(Exit::Unanswered, format!("backtest {} {}: {why}", job.id, job.state))
                .hint("start it again; what was recorded is still there")
                .into());
        }
        if !self.json.json {
            let report: Report = read(job.result.as_ref().unwrap_or(&Value::Null))?;
            report::print(&mut anstream::stdout().lock(), shop, job, &report)?;
        }
        Ok(Exit::Done)
    }
}

fn only_hook(client: &Client, plugin: &PackageAt) -> anyhow::Result<String> {
    let version: PackageVersion =
        client.send(&Ask::get(&["packages", &plugin.package, "versions", &plugin.version]))?.read()?;
    match version.hooks.as_slice() {
        [only] => Ok(only.clone()),
        several => {
            let message = format!("{plugin} serves {}", several.join(", "));
            Err(Complaint::usage(message).hint("name one with --hook").into())
        }
    }
}

/// Looks until it is over, with a bar; a server that is away for a while is waited for.
fn wait(client: &Client, shop: &str, mut job: Job) -> anyhow::Result<Job> {
    let (fast, slow) = (Duration::from_millis(200), Duration::from_secs(2));
    let mut pause = fast;
    let total = usize::try_from(job.records).unwrap_or_default();
    let bar = Progress::bar(total, "decisions compared:");
    while matches!(job.state, JobState::Running | JobState::Worked) {
        bar.reach(u64::try_from(job.records_done).unwrap_or_default());
        std::thread::sleep(pause);
        pause = (pause * 5 / 4).min(slow);
        job = client.send(&Ask::get(&["shops", shop, "backtests", &job.id]))?.read()?;
    }
    Ok(job)
}
