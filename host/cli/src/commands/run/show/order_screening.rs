//! A screening: the verdict, and what each signal added to the score.

use super::{Shown, named, reasons};
use crate::table::Table;
use cartwright_runtime::contract::order_screening::{Answer, Request};
use cartwright_runtime::hooks::OrderScreening;
use owo_colors::OwoColorize;
use std::io::{self, Write};

impl Shown for OrderScreening {
    fn show(out: &mut impl Write, request: &Request, answer: &Answer) -> io::Result<()> {
        writeln!(out, "  {}, score {} of 1000", named(&answer.verdict).bold(), answer.score)?;
        let mut table = Table::new(&["signal", ">points", "why"]);
        for contribution in &answer.contributions {
            let reason = &contribution.reason;
            table.row(&[reason.code.clone(), contribution.points.to_string(), reason.message.clone()]);
        }
        if !table.is_empty() {
            table.print(out, 2)?;
        }
        reasons(out, &answer.reasons, &request.currency, "")
    }
}
