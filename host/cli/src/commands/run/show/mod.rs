//! A decision as a person reads it, and as a program does.

mod address_validation;
mod order_routing;
mod order_screening;
mod return_policy;
mod shipping_quote;

use super::{Decided, Outcome};
use crate::input::Unreadable;
use crate::table::plain;
use crate::words;
use cartwright_runtime::contract::log::Level;
use cartwright_runtime::contract::moment::Timed;
use cartwright_runtime::contract::{Failure, Figure, Reason, Unit};
use cartwright_runtime::hooks::Hook;
use cartwright_runtime::{CallError, LogEntry, Usage};
use owo_colors::OwoColorize;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};

/// A hook whose answers a person can read here.
pub trait Shown: Hook {
    /// The answer, without its reasons' codes being lost.
    fn show(out: &mut impl Write, request: &Self::Request, answer: &Self::Answer) -> io::Result<()>;
}

/// What a program reads: the same members in the same order whatever became of the input.
#[derive(Serialize)]
struct Row<'a, A> {
    input: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a A>,
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
pub fn as_json<H: Shown>(out: &mut impl Write, name: &str, outcome: &Outcome<H>) -> io::Result<()> {
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
                at: Some(words::instant(request.at())),
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

/// The answer, the reasons, the cost, the log.
pub fn for_people<H: Shown>(out: &mut impl Write, name: &str, outcome: &Outcome<H>) -> io::Result<()> {
    match outcome {
        Outcome::Unreadable(error) => unreadable(out, name, error)?,
        Outcome::Decided(decided) => {
            let Decided { request, decision, open } = &**decided;
            let time = if *open { "the input leaves `at` out" } else { "as the input says" };
            writeln!(out, "{}  {}", name.bold(), format!("{} ({time})", words::instant(request.at())).dimmed())?;
            match &decision.outcome {
                Ok(found) => H::show(out, request, found)?,
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

/// A case of the contract's as JSON names it: `matchAll`.
fn named(case: &impl Serialize) -> String {
    let name = serde_json::to_value(case).ok();
    name.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}
