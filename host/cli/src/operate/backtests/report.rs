//! A backtest's report for people: how many decisions would have changed, how, and what that costs.

use crate::operate::show;
use crate::table::{Table, plain};
use crate::words;
use cartwright_records::{Change, Comparison, Delta, Report, Spread};
use cartwright_store::Job;
use owo_colors::OwoColorize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

/// Examples that are shown; --json has all that the server keeps.
const EXAMPLES: usize = 10;

pub fn print(out: &mut impl Write, shop: &str, job: &Job, report: &Report) -> io::Result<()> {
    let calls = report.calls;
    writeln!(out, "{}", format_args!("{} decisions of {shop} compared", words::count(calls)).bold())?;
    let mut table = Table::new(&["", ">", ">"]);
    let mut row = |name: &str, number: u64| {
        table.row(&[name.to_owned(), words::count(number), share(number, calls)]);
    };
    row("the same", report.same);
    row("changed", report.changed);
    for (name, number) in
        [("failed now, not then", report.failed_on_new), ("failed then, not now", report.failed_on_old)]
    {
        if number > 0 {
            row(name, number);
        }
    }
    table.print(out, 2)?;
    for (why, number) in &report.skipped {
        writeln!(out, "  {} left out: {}", words::count(*number), plain(why))?;
    }
    if job.shards_dead > 0 {
        let warning =
            format_args!("  {} of {} parts were given up: the figures are not whole", job.shards_dead, job.shards);
        writeln!(out, "{}", warning.yellow())?;
    }
    if report.changed == 0 {
        return Ok(());
    }
    by_change(out, report)?;
    figures(out, report)?;
    named(out, "services that come in", &report.added)?;
    named(out, "services that go", &report.removed)?;
    effort(out, report)?;
    examples(out, shop, report)
}

fn share(part: u64, whole: u64) -> String {
    let [part, whole] = [part, whole].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    show::percent(part, whole)
}

fn by_change(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "\n{}", "what changes".bold())?;
    let mut changes: Vec<_> = report.by_change.iter().collect();
    changes.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    let mut table = Table::new(&["", ">", ">"]);
    for (change, number) in changes {
        table.row(&[in_words(*change), words::count(*number), share(*number, report.calls)]);
    }
    table.print(out, 2)
}

/// `serviceAdded` as `service added`.
fn in_words(change: Change) -> String {
    let mut text = String::new();
    let name = serde_json::to_value(change).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push(' ');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn figures(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mut table = Table::new(&["new less old", ">sum", ">mean", ">least", ">most", ">amounts"]);
    for (currency, spread) in report.money.iter().filter(|(_, spread)| spread.count > 0) {
        let money = |amount: i64| signed(amount, &words::money(amount, currency));
        let name = if currency.is_empty() { "money".into() } else { currency.clone() };
        table.row(&of_spread(name, spread, money));
    }
    if report.days.count > 0 {
        table.row(&of_spread("promise, days".into(), &report.days, |days| signed(days, &days.to_string())));
    }
    if !table.is_empty() {
        writeln!(out)?;
        table.print(out, 0)?;
    }
    let mut verdicts = Table::new(&["then", "now", ">decisions"]);
    for (from, to, number) in
        report.verdicts.iter().flat_map(|(from, to)| to.iter().map(move |(to, number)| (from, to, number)))
    {
        if from != to {
            verdicts.row(&[from.clone(), to.clone(), words::count(*number)]);
        }
    }
    if !verdicts.is_empty() {
        writeln!(out)?;
        verdicts.print(out, 0)?;
    }
    Ok(())
}

fn of_spread(name: String, spread: &Spread, tell: impl Fn(i64) -> String) -> [String; 6] {
    let whole = |sum: i128| i64::try_from(sum).unwrap_or(i64::MAX);
    let mean = spread.sum / i128::from(spread.count.max(1));
    let maybe = |value: Option<i64>| value.map_or_else(show::dash, &tell);
    [name, tell(whole(spread.sum)), tell(whole(mean)), maybe(spread.min), maybe(spread.max), words::count(spread.count)]
}

fn signed(value: i64, text: &str) -> String {
    if value > 0 { format!("+{text}") } else { text.to_owned() }
}

fn named(out: &mut impl Write, what: &str, services: &BTreeMap<String, u64>) -> io::Result<()> {
    if services.is_empty() {
        return Ok(());
    }
    let list: Vec<_> =
        services.iter().map(|(name, number)| format!("{} {}", plain(name), words::count(*number))).collect();
    writeln!(out, "\n{what}: {}", list.join(", "))
}

fn effort(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mean = |spread: &Spread| {
        u64::try_from(spread.sum.unsigned_abs() / u128::from(spread.count.max(1))).unwrap_or(u64::MAX)
    };
    let micros = |spread: &Spread| words::time(Duration::from_micros(mean(spread)));
    if report.old_fuel.count == 0 || report.new_fuel.count == 0 {
        return Ok(());
    }
    let fuel = format!("{} -> {}", words::count(mean(&report.old_fuel)), words::count(mean(&report.new_fuel)));
    let time = format!("{} -> {}", micros(&report.old_micros), micros(&report.new_micros));
    writeln!(out, "\nfuel of a decision {fuel}, time {time} (means)")
}

fn examples(out: &mut impl Write, shop: &str, report: &Report) -> io::Result<()> {
    let Some(first) = report.examples.first() else { return Ok(()) };
    writeln!(out, "\n{}", "examples, the largest changes first".bold())?;
    for example in report.examples.iter().take(EXAMPLES) {
        let text = differences(&example.comparison).join("; ");
        writeln!(out, "  {}  {}", example.record, plain(&text))?;
    }
    writeln!(out, "\n`cartwright record {shop} {}` shows the first", first.record)
}

/// What a person would notice, most weighty first.
pub fn differences(comparison: &Comparison) -> Vec<String> {
    let mut told = Vec::new();
    let (old, new) = (&comparison.old, &comparison.new);
    for (what, old, new) in [("error", &old.error, &new.error), ("fallback", &old.fallback, &new.fallback)] {
        if old != new {
            told.push(format!("{what} {} -> {}", show::or_dash(old.as_deref()), show::or_dash(new.as_deref())));
        }
    }
    for (from, to) in comparison.verdicts.iter().filter(|(from, to)| from != to) {
        told.push(format!("{from} -> {to}"));
    }
    for delta in comparison.money.iter().filter(|delta| delta.old != delta.new) {
        let Delta { of, old, new } = delta;
        let money = |amount: i64| words::money(amount, &comparison.currency);
        told.push(format!("{of} {} -> {} {}", money(*old), money(*new), comparison.currency).trim_end().to_owned());
    }
    for delta in comparison.days.iter().filter(|delta| delta.old != delta.new) {
        let day = |day: i64| i32::try_from(day).map_or_else(|_| show::dash(), words::day);
        told.push(format!("{} {} -> {}", delta.of, day(delta.old), day(delta.new)));
    }
    told.extend(comparison.added.iter().map(|service| format!("+ {service}")));
    told.extend(comparison.removed.iter().map(|service| format!("- {service}")));
    if told.is_empty() {
        told.extend(comparison.changes.iter().map(|change| in_words(*change)));
    }
    told
}
