//! An address check: the verdict, the label, and what was found field by field.

use super::{Shown, named, reasons};
use crate::table::{Table, plain};
use cartwright_runtime::contract::Reason;
use cartwright_runtime::contract::address_validation::{Answer, Request};
use cartwright_runtime::hooks::AddressValidation;
use owo_colors::OwoColorize;
use std::io::{self, Write};

impl Shown for AddressValidation {
    fn show(out: &mut impl Write, _: &Request, answer: &Answer) -> io::Result<()> {
        writeln!(out, "  {}", named(&answer.verdict).bold())?;
        for line in &answer.label {
            writeln!(out, "    {}", plain(line))?;
        }
        let mut table = Table::new(&["field", "severity", "code", "message", "suggestion"]);
        for issue in &answer.issues {
            let suggestion = issue.suggestion.as_ref().map_or_else(
                || "-".into(),
                |suggestion| {
                    let done = if issue.applied { ", applied" } else { "" };
                    format!("{suggestion} ({} %{done})", issue.confidence / 10_000)
                },
            );
            let (field, severity) = (named(&issue.field), named(&issue.severity));
            table.row(&[field, severity, issue.code.clone(), issue.message.clone(), suggestion]);
        }
        if !table.is_empty() {
            table.without_columns_of("-").print(out, 2)?;
        }
        // What an issue has said already stands among the reasons once more, for programs.
        let said = |reason: &Reason| answer.issues.iter().any(|issue| issue.code == reason.code);
        let others: Vec<_> = answer.reasons.iter().filter(|reason| !said(reason)).cloned().collect();
        reasons(out, &others, "", "")
    }
}
