//! Decisions on returns: verdict, money and way of each.

use super::{Shown, named, reasons};
use crate::table::{Table, plain};
use crate::words;
use cartwright_runtime::contract::MinorUnits;
use cartwright_runtime::contract::return_policy::{Answer, Request};
use cartwright_runtime::hooks::ReturnPolicy;
use owo_colors::OwoColorize;
use std::io::{self, Write};

impl Shown for ReturnPolicy {
    fn show(out: &mut impl Write, request: &Request, answer: &Answer) -> io::Result<()> {
        let currency = &request.currency;
        let money = |amount: MinorUnits| format!("{} {currency}", words::money(amount, currency));
        let sku = |requested: u32| {
            let line = request.returns.get(requested as usize).and_then(|one| request.lines.get(one.line as usize));
            line.map_or("?", |line| line.line.sku.as_str()).to_owned()
        };
        let mut table = Table::new(&["return", "verdict", ">refund", "remedies", "goes to", "until"]);
        for decision in &answer.decisions {
            let remedies: Vec<_> = decision.remedies.iter().map(|offer| named(&offer.remedy)).collect();
            let place = match (&decision.destination, decision.keep) {
                (_, true) => "kept by the shopper".into(),
                (Some(place), false) => place.clone(),
                (None, false) => "-".into(),
            };
            table.row(&[
                format!("{} x {}", decision.quantity, sku(decision.requested)),
                named(&decision.verdict),
                money(decision.refund),
                remedies.join(", "),
                place,
                decision.until.map_or_else(|| "-".into(), words::day),
            ]);
        }
        table.without_columns_of("-").print(out, 2)?;
        for label in &answer.labels {
            let fee = if label.fee == 0 { String::new() } else { format!(", {} held back", money(label.fee)) };
            writeln!(out, "  label to {}: paid by the {}{fee}", plain(&label.destination), named(&label.paid_by))?;
        }
        writeln!(out, "  back to the shopper: {}", money(answer.total_refund).bold())?;
        for (what, amount) in [("store credit", answer.total_credit), ("for new goods", answer.total_exchange)] {
            if amount != 0 {
                writeln!(out, "  {what}: {}", money(amount))?;
            }
        }
        for decision in &answer.decisions {
            reasons(out, &decision.reasons, currency, &format!("{}: ", plain(&sku(decision.requested))))?;
        }
        reasons(out, &answer.reasons, currency, "")
    }
}
