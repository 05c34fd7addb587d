//! A decision as a person reads it, and as a program does.

use super::{Decided, Outcome};
use crate::input::Unreadable;
use crate::table::{Table, plain};
use crate::words;
use cartwright_runtime::contract::log::Level;
use cartwright_runtime::contract::shipping_quote::{Answer, Method, Parcel, Quote};
use cartwright_runtime::contract::{Failure, Figure, Reason, Unit};
use cartwright_runtime::{CallError, LogEntry, Usage};
use owo_colors::OwoColorize;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};

/// What a program reads: the same members in the same order whatever became of the input.
#[derive(Serialize)]
struct Row<'a> {
    input: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
    usage: Cost,
    log: Vec<Line<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    fuel: u64,
    fuel_limit: u64,
    memory: usize,
    micros: f64,
}

#[derive(Serialize)]
struct Line<'a> {
    level: Level,
    message: &'a str,
}

impl From<&Usage> for Cost {
    fn from(usage: &Usage) -> Self {
        let Usage { fuel, fuel_limit, memory, elapsed } = *usage;
        Self { fuel, fuel_limit, memory, micros: elapsed.as_secs_f64() * 1e6 }
    }
}

/// One line of JSON.
pub fn as_json(out: &mut impl Write, name: &str, outcome: &Outcome) -> io::Result<()> {
    let row = match outcome {
        Outcome::Unreadable(error) => {
            let message = format!("{} at line {} column {}", error.message, error.line, error.column);
            let failure = Failure { code: error.code.into(), message, field: Some(error.pointer.clone()) };
            let error = json!({ "code": error.code, "message": failure.to_string(), "failure": failure });
            let usage = Cost::from(&Usage::default());
            Row { input: name, at: None, answer: None, error: Some(error), usage, log: Vec::new() }
        }
        Outcome::Decided(decided) => {
            let Decided { request, decision, .. } = &**decided;
            Row {
                input: name,
                at: Some(words::instant(request.at)),
                answer: decision.outcome.as_ref().ok(),
                error: decision.outcome.as_ref().err().map(call_error),
                usage: Cost::from(&decision.usage),
                log: decision.log.iter().map(|LogEntry { level, message }| Line { level: *level, message }).collect(),
            }
        }
    };
    serde_json::to_writer(&mut *out, &row)?;
    writeln!(out)
}

fn call_error(error: &CallError) -> Value {
    let mut object = json!({ "code": error.code(), "message": error.to_string() });
    if let CallError::InvalidRequest(failure) | CallError::Declined(failure) = error {
        object["failure"] = json!(failure);
    }
    object
}

/// A table of quotes, the parcels, the reasons, the cost, the log.
pub fn for_people(out: &mut impl Write, name: &str, outcome: &Outcome) -> io::Result<()> {
    match outcome {
        Outcome::Unreadable(error) => unreadable(out, name, error)?,
        Outcome::Decided(decided) => {
            let Decided { request, decision, open } = &**decided;
            let time = if *open { "the input leaves `at` out" } else { "as the input says" };
            writeln!(out, "{}  {}", name.bold(), format!("{} ({time})", words::instant(request.at)).dimmed())?;
            match &decision.outcome {
                Ok(found) => answer(out, found, &request.currency)?,
                Err(error) => writeln!(out, "  {}: {}", "no answer".red().bold(), told(&error.to_string()))?,
            }
            cost(out, &decision.usage)?;
            log(out, &decision.log)?;
        }
    }
    writeln!(out)
}

fn unreadable(out: &mut impl Write, name: &str, error: &Unreadable) -> io::Result<()> {
    let place = format!("line {} column {}", error.line, error.column);
    let field = if error.pointer.is_empty() { String::new() } else { format!(" at {}", plain(&error.pointer)) };
    writeln!(out, "{}", name.bold())?;
    writeln!(out, "  {}: {}{field}: {} ({place})", "not asked".red().bold(), error.code, plain(&error.message))
}

fn answer(out: &mut impl Write, answer: &Answer, currency: &str) -> io::Result<()> {
    let mut table = Table::new(&["service", "name", ">price", "arrives", "parcels"]);
    for quote in &answer.quotes {
        let price = format!("{} {currency}", words::money(quote.price, currency));
        table.row(&[service(quote), quote.name.clone(), price, arrives(quote), parcels(quote, answer)]);
    }
    if table.is_empty() {
        writeln!(out, "  no service can take this cart")?;
    } else {
        table.without_columns_of("-").print(out, 2)?;
    }
    for quote in &answer.quotes {
        reasons(out, &quote.reasons, currency, &format!("{}: ", plain(&quote.service)))?;
    }
    reasons(out, &answer.reasons, currency, "")
}

fn service(quote: &Quote) -> String {
    let backup = if quote.backup { " (backup)" } else { "" };
    format!("{}{backup}", quote.service)
}

fn arrives(quote: &Quote) -> String {
    let place = match (&quote.location, quote.method) {
        (Some(location), Method::PickUp) => format!(" at {location}"),
        _ => String::new(),
    };
    match &quote.promise {
        Some(promise) => format!("{}{place}", words::days(promise.earliest, promise.latest)),
        None => format!("-{place}"),
    }
}

fn parcels(quote: &Quote, answer: &Answer) -> String {
    let named = |parcel: &Parcel| {
        let packaging = if parcel.packaging.is_empty() { "as it is" } else { &parcel.packaging };
        format!("{packaging} {}", words::grams(parcel.weight))
    };
    let found = quote.parcels.iter().filter_map(|index| answer.parcels.get(*index as usize));
    let mut counted: Vec<(String, usize)> = Vec::new();
    for name in found.map(named) {
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    let text = |(name, count): (String, usize)| if count == 1 { name } else { format!("{count} x {name}") };
    let texts: Vec<_> = counted.into_iter().map(text).collect();
    if texts.is_empty() { "-".into() } else { texts.join(", ") }
}

fn reasons(out: &mut impl Write, reasons: &[Reason], currency: &str, of: &str) -> io::Result<()> {
    for reason in reasons {
        let figures: Vec<_> = reason.figures.iter().map(|figure| shown(figure, currency)).collect();
        let figures = if figures.is_empty() { String::new() } else { format!(" ({})", figures.join(", ")) };
        writeln!(out, "  {of}{} {}{}", plain(&reason.code).yellow(), plain(&reason.message), figures.dimmed())?;
    }
    Ok(())
}

fn shown(figure: &Figure, currency: &str) -> String {
    let Figure { name, value, unit } = figure;
    let value = match unit {
        Unit::Count => value.to_string(),
        Unit::MinorUnits => format!("{} {currency}", words::money(*value, currency)),
        Unit::Grams => u32::try_from(*value).map_or_else(|_| format!("{value} g"), words::grams),
        Unit::Millimetres => format!("{value} mm"),
        Unit::Metres => format!("{value} m"),
        Unit::Seconds => format!("{value} s"),
        Unit::Days => format!("{value} days"),
        Unit::Instant => words::instant(*value),
        Unit::Day => i32::try_from(*value).map_or_else(|_| format!("day {value}"), words::day),
        Unit::PartsPerMillion => format!("{value} ppm"),
    };
    format!("{} {value}", plain(name))
}

fn cost(out: &mut impl Write, usage: &Usage) -> io::Result<()> {
    let text = format!(
        "fuel {} of {} | memory {} | {}",
        words::count(usage.fuel),
        words::count(usage.fuel_limit),
        words::bytes(usage.memory),
        words::time(usage.elapsed)
    );
    writeln!(out, "  {}", text.dimmed())
}

fn log(out: &mut impl Write, log: &[LogEntry]) -> io::Result<()> {
    for entry in log {
        let message = told(&entry.message);
        match entry.level {
            Level::Debug => writeln!(out, "  {} {message}", "log debug".dimmed())?,
            Level::Info => writeln!(out, "  {} {message}", "log info ".green())?,
            Level::Warn => writeln!(out, "  {} {message}", "log warn ".yellow())?,
            Level::Error => writeln!(out, "  {} {message}", "log error".red())?,
        }
    }
    Ok(())
}

/// Text of several lines, indented, without control characters.
fn told(text: &str) -> String {
    text.trim_end().lines().map(plain).collect::<Vec<_>>().join("\n            ")
}
