//! `cartwright records`, `record`, `logs`: what was decided, on what, and what the plugins said meanwhile.

use super::client::{Ask, Client, read};
use super::contexts::ServerFlags;
use super::names::Moment;
use super::show::{self, JsonFlag, MostFlag};
use crate::complaint::Exit;
use crate::table::plain;
use crate::words;
use cartwright_store::{RecordHead, RecordLog};
use clap::{Args, ValueEnum};
use owo_colors::OwoColorize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

const AFTER_RECORDS: &str = "\
Examples:
  cartwright records demo
  cartwright records demo --hook shipping-quote --since 2h --fallback true
  cartwright records demo --install quotes --stage canary --most 500 --json";

/// Lists a shop's decisions, the newest first
#[derive(Args)]
#[command(after_help = AFTER_RECORDS)]
pub struct Records {
    shop: String,
    #[command(flatten)]
    filter: Filter,
    /// Those that the fallback answered, or those that it did not
    #[arg(long, value_name = "true|false")]
    fallback: Option<bool>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    most: MostFlag,
    #[command(flatten)]
    server: ServerFlags,
}

/// Which decisions.
#[derive(Args)]
struct Filter {
    /// Of one hook, such as shipping-quote
    #[arg(long)]
    hook: Option<String>,
    /// Those that this install had a part in
    #[arg(long)]
    install: Option<String>,
    /// What it was at that time
    #[arg(long, value_enum)]
    stage: Option<Stage>,
    /// From when on: 90m, 12h, 30d, a day or a timestamp
    #[arg(long, value_name = "WHEN")]
    since: Option<Moment>,
    /// Until when
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    Live,
    Canary,
    Shadow,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Canary => "canary",
            Self::Shadow => "shadow",
        }
    }
}

/// The filter with its moments fixed.
#[derive(Clone)]
struct Fixed {
    hook: Option<String>,
    install: Option<String>,
    stage: Option<&'static str>,
    since: Option<i64>,
    until: Option<i64>,
}

impl Filter {
    fn fixed(&self) -> anyhow::Result<Fixed> {
        Ok(Fixed {
            hook: self.hook.clone(),
            install: self.install.clone(),
            stage: self.stage.map(Stage::word),
            since: self.since.map(Moment::seconds).transpose()?,
            until: self.until.map(Moment::seconds).transpose()?,
        })
    }
}

impl Fixed {
    fn ask(&self, shop: &str, what: &str) -> Ask<'static> {
        let ask = Ask::get(&["shops", shop, what]).query("hook", self.hook.as_ref());
        let ask = ask.query("install", self.install.as_ref()).query("stage", self.stage);
        ask.query("since", self.since).query("until", self.until)
    }
}

pub fn records(it: &Records) -> anyhow::Result<Exit> {
    let filter = it.filter.fixed()?;
    let ask = || filter.ask(&it.shop, "records").query("fallback", it.fallback);
    let items = it.server.client()?.list(ask, Some(it.most.most()))?;
    let heads = ["when", "hook", "stage", ">time", ">fuel", "fallback", "answer", "record"];
    show::list(items, it.json.json, "no decision was recorded", &heads, row)
}

fn row(head: RecordHead) -> [String; 8] {
    let time = words::time(Duration::from_micros(head.micros.unsigned_abs()));
    let (fuel, fallback) = (words::count(head.fuel.unsigned_abs()), show::or_dash(head.fallback.as_deref()));
    let (stage, answer) = (head.stage.to_string(), summary(&head.summary));
    [show::at_millis(head.at_millis), head.hook, stage, time, fuel, fallback, answer, head.id]
}

/// `quotes 3, cheapest 8.95 USD` is what a person wants; without knowing the hooks it is names and values.
fn summary(summary: &Value) -> String {
    const WIDE: usize = 48;
    let Some(members) = summary.as_object() else { return show::inline(summary, WIDE) };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let simple = members.iter().filter(|(_, value)| !value.is_null());
    let joined = simple.map(|(name, value)| format!("{name} {}", text(value))).collect::<Vec<_>>().join(", ");
    if joined.chars().count() <= WIDE { joined } else { joined.chars().take(WIDE - 1).chain(['…']).collect() }
}

const AFTER_RECORD: &str = "\
Examples:
  cartwright record demo 0199a…
  cartwright record demo 0199a… --json | jq .answer";

/// Shows one decision: request, answer, plugins, log
#[derive(Args)]
#[command(after_help = AFTER_RECORD)]
pub struct RecordCommand {
    shop: String,
    /// As `cartwright records` and the response header `cartwright-record` show it
    #[arg(value_name = "ID")]
    record: String,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn record(it: &RecordCommand) -> anyhow::Result<Exit> {
    let answer = it.server.client()?.send(&Ask::get(&["shops", &it.shop, "records", &it.record]))?;
    if it.json.json {
        show::document(&answer.document)?;
        return Ok(Exit::Done);
    }
    let mut out = anstream::stdout().lock();
    let Some(members) = answer.document.as_object() else {
        show::document(&answer.document)?;
        return Ok(Exit::Done);
    };
    // What is short stands first, what is long has its own heading.
    let (short, long): (Vec<_>, Vec<_>) = members
        .iter()
        .filter(|(_, value)| !value.is_null())
        .partition(|(_, value)| !value.is_object() && !value.is_array());
    let multi = |value: &Value| value.as_str().is_some_and(|text| text.contains('\n'));
    let wide = short.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in short.iter().filter(|(_, value)| !multi(value)) {
        let value = match (name.as_str(), value.as_i64()) {
            ("atMillis", Some(millis)) => show::at_millis(millis),
            _ => value.as_str().map_or_else(|| value.to_string(), plain),
        };
        writeln!(out, "{:wide$}  {value}", name.dimmed())?;
    }
    for (name, value) in short.iter().filter(|(_, value)| multi(value)) {
        writeln!(out, "{}", name.bold())?;
        for line in value.as_str().unwrap_or_default().lines() {
            writeln!(out, "  {}", plain(line))?;
        }
    }
    for (name, value) in long {
        writeln!(out, "{}\n{value:#}", name.bold())?;
    }
    Ok(Exit::Done)
}

const AFTER_LOGS: &str = "\
Examples:
  cartwright logs demo --since 1h
  cartwright logs demo --install quotes --follow
  cartwright logs demo --stage shadow --json";

/// Shows what a shop's plugins logged, by default since a day ago
#[derive(Args)]
#[command(after_help = AFTER_LOGS)]
pub struct Logs {
    shop: String,
    #[command(flatten)]
    filter: Filter,
    /// Goes on with what comes, until it is interrupted
    #[arg(long, short, conflicts_with = "until")]
    follow: bool,
    /// Prints one JSON object for each decision that logged
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    most: MostFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn logs(it: &Logs) -> anyhow::Result<Exit> {
    /// Who does not say since when gets a day, in seconds: a shop may have millions of decisions, and few that logged.
    const DAY: i64 = 86_400;
    /// Between two looks: short for a person, long for a server.
    const PAUSE: Duration = Duration::from_secs(1);
    let client = it.server.client()?;
    let mut filter = it.filter.fixed()?;
    if filter.since.is_none() {
        filter.since = Some(Moment::Ago(DAY).seconds()?);
    }
    let mut told = Told::default();
    let mut most = it.most.most();
    loop {
        let fresh = told.fresh(look(&client, &filter, &it.shop, most)?)?;
        let mut out = anstream::stdout().lock();
        for (log, document) in &fresh {
            if it.json { writeln!(out, "{document}")? } else { print_log(&mut out, log)? }
        }
        if !it.follow && !it.json && fresh.is_empty() {
            writeln!(out, "nothing was logged since {}", show::at(filter.since.unwrap_or_default()))?;
        }
        out.flush()?;
        drop(out);
        if !it.follow {
            return Ok(Exit::Done);
        }
        // A second back: what is written in one batch may have been decided before what is told already.
        filter.since = told.last_millis.map(|millis| millis / 1000 - Told::BACK).or(filter.since);
        most = usize::MAX;
        std::thread::sleep(PAUSE);
    }
}

fn look(client: &Client, filter: &Fixed, shop: &str, most: usize) -> anyhow::Result<Vec<Value>> {
    Ok(client.list(|| filter.ask(shop, "logs"), Some(most))?)
}

fn print_log(out: &mut impl Write, log: &RecordLog) -> std::io::Result<()> {
    for line in log.log.lines() {
        let head = format!("{} {} {}", show::at_millis(log.at_millis), log.hook, log.stage);
        writeln!(out, "{}  {}", head.dimmed(), plain(line))?;
    }
    Ok(())
}

/// What was printed already.
#[derive(Default)]
struct Told {
    /// Of those that may come again.
    ids: BTreeSet<(i64, String)>,
    last_millis: Option<i64>,
}

impl Told {
    /// Seconds that are looked at again.
    const BACK: i64 = 5;

    /// Those that were not told yet, in the order of their time.
    fn fresh(&mut self, items: Vec<Value>) -> anyhow::Result<Vec<(RecordLog, Value)>> {
        let mut fresh = Vec::new();
        for item in items {
            let log: RecordLog = read(&item)?;
            if self.ids.insert((log.at_millis, log.id.clone())) {
                fresh.push((log, item));
            }
        }
        fresh.sort_by(|(one, _), (other, _)| (one.at_millis, &one.id).cmp(&(other.at_millis, &other.id)));
        self.last_millis = self.last_millis.max(fresh.last().map(|(log, _)| log.at_millis));
        if let Some(last) = self.last_millis {
            self.ids = self.ids.split_off(&(last - (Self::BACK + 1) * 1000, String::new()));
        }
        Ok(fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn log(id: &str, at_millis: i64) -> Value {
        json!({ "id": id, "atMillis": at_millis, "hook": "h", "stage": "live", "installs": [], "log": "x" })
    }

    #[test]
    fn following_tells_each_decision_once_even_one_that_comes_late() {
        let mut told = Told::default();
        let mut ids = |items: Vec<Value>| {
            let fresh = told.fresh(items).unwrap();
            fresh.into_iter().map(|(log, _)| log.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(vec![log("b", 10_002), log("a", 10_001)]), ["a", "b"]);
        assert_eq!(ids(vec![log("b", 10_002), log("a", 10_001)]), [""; 0]);
        assert_eq!(ids(vec![log("c", 10_900), log("late", 10_000), log("b", 10_002)]), ["late", "c"]);
        // What is too old to come again is forgotten.
        assert_eq!(ids(vec![log("d", 60_000)]), ["d"]);
        assert_eq!(told.ids.len(), 1);
    }

    #[test]
    fn a_summary_is_names_and_values_in_one_short_line() {
        assert_eq!(
            summary(&json!({ "quotes": 3, "cheapest": "8.95 USD", "none": null })),
            "cheapest 8.95 USD, quotes 3"
        );
        assert_eq!(summary(&json!({ "services": "x".repeat(99) })).chars().count(), 48);
    }
}
