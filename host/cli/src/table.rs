//! Columns that stand under one another.

use owo_colors::OwoColorize;
use std::io::{self, Write};

/// Rows of text; a column may be aligned right.
pub struct Table {
    heads: Vec<&'static str>,
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A head that starts with `>` stands over a column that is aligned right.
    pub fn new(heads: &[&'static str]) -> Self {
        let right = heads.iter().map(|head| head.starts_with('>')).collect();
        let heads = heads.iter().map(|head| head.trim_start_matches('>')).collect();
        Self { heads, right, rows: Vec::new() }
    }

    /// One cell a head.
    pub fn row<const N: usize>(&mut self, cells: &[String; N]) {
        // What a plugin wrote must not move the cursor or colour the terminal.
        self.rows.push(cells.iter().map(|cell| plain(cell)).collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Leaves out a column in which every cell is this text.
    pub fn without_columns_of(mut self, text: &str) -> Self {
        for column in (0..self.heads.len()).rev() {
            if self.rows.iter().all(|row| row[column] == text) {
                self.heads.remove(column);
                self.right.remove(column);
                self.rows.iter_mut().for_each(|row| drop(row.remove(column)));
            }
        }
        self
    }

    pub fn print(&self, out: &mut impl Write, indent: usize) -> io::Result<()> {
        let mut widths: Vec<_> = self.heads.iter().map(|head| width(head)).collect();
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                widths[column] = widths[column].max(width(cell));
            }
        }
        let padded = |cells: &mut dyn Iterator<Item = &str>| {
            let mut text = " ".repeat(indent);
            for (column, cell) in cells.enumerate() {
                let gap = " ".repeat(widths[column] - width(cell));
                let (before, after) = if self.right[column] { (gap.as_str(), "") } else { ("", gap.as_str()) };
                text.extend([before, cell, after, "  "]);
            }
            text.truncate(text.trim_end().len());
            text
        };
        if self.heads.iter().any(|head| !head.is_empty()) {
            writeln!(out, "{}", padded(&mut self.heads.iter().copied()).dimmed())?;
        }
        self.rows.iter().try_for_each(|row| writeln!(out, "{}", padded(&mut row.iter().map(String::as_str))))
    }
}

/// Without control characters; a line break becomes a space.
pub fn plain(text: &str) -> String {
    text.chars().filter_map(|c| if c == '\n' { Some(' ') } else { (!c.is_control()).then_some(c) }).collect()
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_one_another_without_empty_ones_and_control_characters() {
        let mut table = Table::new(&["service", ">price", "arrives", "name"]);
        table.row(&["ground".into(), "8.95".into(), "-".into(), "Ground".into()]);
        table.row(&["pick-up".into(), "12,345.00".into(), "-".into(), "Pick\u{1b}[2J up".into()]);
        let table = table.without_columns_of("-");
        let mut out = Vec::new();
        table.print(&mut anstream::StripStream::new(&mut out), 2).unwrap();
        let lines =
            ["  service      price  name", "  ground        8.95  Ground", "  pick-up  12,345.00  Pick[2J up", ""];
        assert_eq!(String::from_utf8(out).unwrap(), lines.join("\n"));
    }
}
