//! `cartwright history`, `diff`, `stats`: what was done to an install, what differs between two revisions, how they do.

use super::client::{Ask, read};
use super::contexts::ServerFlags;
use super::installs::find;
use super::names::{Moment, Target};
use super::show::{self, JsonFlag, MostFlag};
use crate::complaint::Exit;
use crate::table::{Table, plain};
use crate::words;
use cartwright_store::{HistoryEntry, Install, RevisionHead, Stats as Counts};
use clap::Args;
use owo_colors::OwoColorize;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

const AFTER_HISTORY: &str = "\
Examples:
  cartwright history demo/quotes
  cartwright history demo/quotes --json | jq '.[0].why'";

/// Shows who did what to an install, when and why
#[derive(Args)]
#[command(after_help = AFTER_HISTORY)]
pub struct History {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    most: MostFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn history(it: &History) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    let install: Install = find(&client, &it.install)?.read()?;
    let ask = || Ask::get(&["shops", &install.shop, "installs", &install.id, "history"]);
    let items = client.list(ask, Some(it.most.most()))?;
    let heads = ["when", "what", ">revision", "by", "why"];
    show::list(items, it.json.json, "nothing was done to it yet", &heads, |entry: HistoryEntry| {
        let revision = entry.revision.map_or_else(show::dash, |revision| revision.to_string());
        let why = entry.why.unwrap_or_else(|| " ".into());
        [show::at(entry.at), entry.action.to_string(), revision, entry.actor, why]
    })
}

const AFTER_DIFF: &str = "\
Examples:
  cartwright diff demo/quotes 2 3        what changed from revision 2 to 3
  cartwright diff demo/quotes            from the live revision to the newest";

/// Shows what differs between two revisions: the version, each setting
#[derive(Args)]
#[command(after_help = AFTER_DIFF)]
pub struct Diff {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    /// A revision [default: the live one, else the one before B]
    #[arg(value_name = "A")]
    from: Option<i64>,
    /// Another [default: the newest]
    #[arg(value_name = "B")]
    to: Option<i64>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

/// What differs between two revisions.
#[derive(Deserialize)]
struct RevisionDiff {
    from: RevisionHead,
    to: RevisionHead,
    settings: Vec<Difference>,
    /// There are more than the server tells.
    #[serde(default)]
    more: bool,
}

/// One place that differs, as RFC 6902 tells it, with what stood there.
#[derive(Deserialize)]
struct Difference {
    op: String,
    #[serde(default)]
    path: String,
    from: Option<Value>,
    to: Option<Value>,
}

pub fn diff(it: &Diff) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    let install: Install = find(&client, &it.install)?.read()?;
    let ask = Ask::get(&["shops", &install.shop, "installs", &install.id, "diff"]);
    let answer = client.send(&ask.query("from", it.from).query("to", it.to))?;
    if it.json.json {
        show::document(&answer.document)?;
    } else {
        let name = format!("{}/{}", install.shop, install.name);
        print_diff(&mut anstream::stdout().lock(), &name, &answer.read()?)?;
    }
    Ok(Exit::Done)
}

fn print_diff(out: &mut impl Write, name: &str, diff: &RevisionDiff) -> io::Result<()> {
    let RevisionDiff { from, to, settings, more } = diff;
    writeln!(out, "{name}  {} -> {}", from.number, to.number)?;
    let versions = [("package", &from.package, &to.package), ("version", &from.package_version, &to.package_version)];
    for (what, from, to) in versions.into_iter().filter(|(_, from, to)| from != to) {
        writeln!(out, "  {what} {} -> {}", plain(from).red(), plain(to).green())?;
    }
    settings.iter().try_for_each(|difference| print_difference(out, difference))?;
    if *more {
        writeln!(out, "  and more than the server lists")?;
    }
    if settings.is_empty() && versions.iter().all(|(_, from, to)| from == to) {
        writeln!(out, "  no difference")?;
    }
    Ok(())
}

fn print_difference(out: &mut impl Write, difference: &Difference) -> io::Result<()> {
    const WIDE: usize = 60;
    let path = if difference.path.is_empty() { "(everything)".into() } else { plain(&difference.path) };
    let value = |value: &Option<Value>| show::inline(value.as_ref().unwrap_or(&Value::Null), WIDE);
    match difference.op.as_str() {
        "add" => writeln!(out, "  {}", format_args!("+ {path}  {}", value(&difference.to)).green()),
        "remove" => writeln!(out, "  {}", format_args!("- {path}  {}", value(&difference.from)).red()),
        _ => {
            let (from, to) = (value(&difference.from), value(&difference.to));
            writeln!(out, "  {} {path}  {} -> {}", "~".yellow(), from.red(), to.green())
        }
    }
}

const AFTER_STATS: &str = "\
Examples:
  cartwright stats demo/quotes
  cartwright stats demo/quotes --since 1h
  cartwright stats demo/quotes --json       minute by minute";

/// Shows how an install's revisions do: calls, errors, fallbacks, slow ones, differences
#[derive(Args)]
#[command(after_help = AFTER_STATS)]
pub struct Stats {
    #[arg(value_name = "SHOP/INSTALL")]
    install: Target,
    /// From when on: 90m, 12h, 30d, a day or a timestamp
    #[arg(long, value_name = "WHEN", default_value = "24h")]
    since: Moment,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn stats(it: &Stats) -> anyhow::Result<Exit> {
    let client = it.server.client()?;
    let install: Install = find(&client, &it.install)?.read()?;
    let since = it.since.seconds()?;
    // Not in pages: a day of a few revisions has some thousand minutes.
    let ask = Ask::get(&["shops", &install.shop, "installs", &install.id, "stats"]).query("since", Some(since));
    let (items, _) = client.page(&ask)?;
    if it.json.json {
        show::document(&Value::Array(items))?;
        return Ok(Exit::Done);
    }
    let counts: Vec<Counts> = items.iter().map(read).collect::<Result<_, _>>()?;
    show::table(&summed(&counts), &format!("no call since {}", show::at(since)))?;
    Ok(Exit::Done)
}

/// The minutes of each revision and stage together.
fn summed(counts: &[Counts]) -> Table {
    let mut sums: BTreeMap<_, [i64; 6]> = BTreeMap::new();
    for one in counts {
        let sum = sums.entry((one.revision, one.stage)).or_default();
        let figures = [one.calls, one.errors, one.fallbacks, one.slow, one.different, one.micros];
        sum.iter_mut().zip(figures).for_each(|(sum, figure)| *sum = sum.saturating_add(figure));
    }
    let heads = [">revision", "as", ">calls", ">errors", ">fallbacks", ">slow", ">different", ">mean"];
    let mut table = Table::new(&heads);
    for ((revision, stage), [calls, errors, fallbacks, slow, different, micros]) in sums {
        let share = |part| show::percent(part, calls);
        let mean = Duration::from_micros(micros.checked_div(calls).unwrap_or_default().unsigned_abs());
        table.row(&[
            revision.to_string(),
            stage.to_string(),
            words::count(calls.unsigned_abs()),
            share(errors),
            share(fallbacks),
            share(slow),
            share(different),
            words::time(mean),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(print: impl FnOnce(&mut anstream::StripStream<&mut Vec<u8>>)) -> String {
        let mut out = Vec::new();
        print(&mut anstream::StripStream::new(&mut out));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_diff_tells_version_and_settings_with_what_stood_there() {
        let revision = |number: i64, version: &str| {
            json!({ "install": "i", "number": number, "package": "quote", "packageVersion": version, "digest": "sha256:0",
                "settingsDigest": "sha256:1", "created": 0, "actor": "token:1" })
        };
        let document = json!({
            "from": revision(2, "1.0.0"),
            "to": revision(3, "1.1.0"),
            "versionChanged": true,
            "settings": [
                { "op": "replace", "path": "/zones/0/price", "from": 895, "to": 995 },
                { "op": "add", "path": "/backup", "to": { "price": 1200 } },
                { "op": "remove", "path": "/freeFrom", "from": 5000 },
            ],
            "more": false,
        });
        let print = |document| {
            let diff: RevisionDiff = serde_json::from_value(document).unwrap();
            text(|out| print_diff(out, "demo/quotes", &diff).unwrap())
        };
        insta::assert_snapshot!(print(document));
        let same = json!({ "from": revision(2, "1"), "to": revision(3, "1"), "settings": [] });
        assert!(print(same).ends_with("  no difference\n"));
    }

    #[test]
    fn the_minutes_of_a_revision_are_one_row() {
        let minute = |minute: i64, revision: i64, stage: &str, calls: i64| {
            json!({ "install": "i", "revision": revision, "stage": stage, "minute": minute, "calls": calls, "errors": 1,
                "fallbacks": 0, "slow": 2, "different": 0, "micros": calls * 80 })
        };
        let counts = [minute(0, 2, "live", 600), minute(60, 2, "live", 400), minute(0, 3, "shadow", 10)];
        let counts: Vec<Counts> = counts.into_iter().map(|one| serde_json::from_value(one).unwrap()).collect();
        insta::assert_snapshot!(text(|out| summed(&counts).print(out, 0).unwrap()));
    }
}
