//! What the commands print: documents as they came, moments, and the question whether it is meant.

use super::client::read;
use crate::complaint::{Complaint, Exit};
use crate::table::{Table, plain};
use crate::terminal::warn;
use crate::words;
use clap::Args;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;

/// For programs instead of people.
#[derive(Args, Clone, Copy, Default)]
pub struct JsonFlag {
    /// Prints the server's documents as JSON
    #[arg(long)]
    pub json: bool,
}

/// How many of a list.
#[derive(Args, Clone, Copy)]
pub struct MostFlag {
    /// How many are shown; the server gives the newest first where that is what one looks for
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
}

impl MostFlag {
    pub fn most(self) -> usize {
        self.most as usize
    }
}

/// As JSON, on stdout.
pub fn document(document: &Value) -> io::Result<()> {
    writeln!(anstream::stdout().lock(), "{document:#}")
}

/// A table, or a sentence when it has no rows.
pub fn table(table: &Table, none: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    if table.is_empty() { writeln!(out, "{none}") } else { table.print(&mut out, 0) }
}

/// A list: as JSON, as a table, or a sentence when there is nothing in it.
pub fn list<T: DeserializeOwned, const N: usize>(
    items: Vec<Value>,
    json: bool,
    none: &str,
    heads: &[&'static str; N],
    row: impl Fn(T) -> [String; N],
) -> anyhow::Result<Exit> {
    if json {
        document(&Value::Array(items))?;
        return Ok(Exit::Done);
    }
    let mut rows = Table::new(heads);
    for item in &items {
        rows.row(&row(read(item)?));
    }
    table(&rows.without_columns_of("-"), none)?;
    Ok(Exit::Done)
}

/// UTC seconds as `2026-11-22 08:00:05`.
pub fn at(seconds: i64) -> String {
    words::instant(seconds).replace('T', " ").trim_end_matches('Z').to_owned()
}

/// UTC milliseconds, likewise.
pub fn at_millis(millis: i64) -> String {
    match jiff::Timestamp::from_millisecond(millis) {
        Ok(instant) => format!("{instant:.3}").replace('T', " ").trim_end_matches('Z').to_owned(),
        Err(_) => format!("{millis} ms"),
    }
}

/// A moment, or a dash.
pub fn maybe_at(seconds: Option<i64>) -> String {
    seconds.map_or_else(dash, at)
}

pub fn dash() -> String {
    "-".into()
}

/// A text, or a dash.
pub fn or_dash(text: Option<&str>) -> String {
    text.map_or_else(dash, str::to_owned)
}

/// The first figures of a digest.
pub fn short(digest: &str) -> String {
    digest.strip_prefix("sha256:").unwrap_or(digest).chars().take(12).collect()
}

/// Part of a whole, in per cent with one decimal.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return dash();
    }
    let mille = (i128::from(part) * 1000 + i128::from(whole) / 2) / i128::from(whole);
    format!("{}.{} %", mille / 10, mille % 10)
}

/// JSON in one line, at most so many characters.
pub fn inline(value: &Value, most: usize) -> String {
    let text = plain(&value.to_string());
    if text.chars().count() <= most {
        return text;
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A file's text, checked to be JSON here, so that line and column are those of the file.
pub fn json_file(path: &Path, what: &str) -> Result<String, Complaint> {
    let doing = format!("reading {what}");
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    let text = text.map_err(|error| Complaint::io(&doing, path, &error))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim().to_owned();
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Complaint::refused(format!("`{}` is no JSON: {error}", path.display()))
            .hint("nothing was sent; mend the file and try again")),
    }
}

/// Lets the user type a name before what cannot be undone; `--yes` has said so already.
pub fn confirm(what: &str, name: &str, yes: bool) -> Result<(), Complaint> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Complaint::usage(format!("{what} cannot be undone, and nobody is there to be asked"))
            .hint("give --yes if it is meant"));
    }
    warn(format!("{what} cannot be undone"));
    let mut err = anstream::stderr().lock();
    let _ = write!(err, "type {name} to go on: ").and_then(|()| err.flush());
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.is_ok() && line.trim() == name {
        return Ok(());
    }
    Err(Complaint::failed("it was not confirmed; nothing was done"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc_without_letters() {
        assert_eq!(at(1_795_334_405), "2026-11-22 08:00:05");
        assert_eq!(at_millis(1_795_334_405_007), "2026-11-22 08:00:05.007");
        assert_eq!(maybe_at(None), "-");
    }

    #[test]
    fn a_part_is_rounded_to_a_tenth_of_a_per_cent() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!((percent(0, 5), percent(5, 5), percent(0, 0)), ("0.0 %".into(), "100.0 %".into(), "-".into()));
    }

    #[test]
    fn long_json_is_cut_at_a_character() {
        assert_eq!(inline(&serde_json::json!({"a": "ää"}), 8), "{\"a\":\"ä…");
    }
}
