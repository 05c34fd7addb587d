//! A routing: who ships what, what that costs, and what other ways would have cost.

use super::{Shown, named, reasons};
use crate::table::Table;
use crate::words;
use cartwright_runtime::contract::order_routing::{Answer, Request};
use cartwright_runtime::contract::{LineUnits, MinorUnits};
use cartwright_runtime::hooks::OrderRouting;
use owo_colors::OwoColorize;
use std::io::{self, Write};

impl Shown for OrderRouting {
    fn show(out: &mut impl Write, request: &Request, answer: &Answer) -> io::Result<()> {
        let currency = &request.currency;
        let money = |amount: MinorUnits| format!("{} {currency}", words::money(amount, currency));
        let queue = answer.queue.as_ref().map(|queue| format!(" in {queue}")).unwrap_or_default();
        let proven = match answer.total - answer.bound {
            0 => "no assignment costs less".into(),
            gap => format!("at most {} above the cheapest", money(gap)),
        };
        writeln!(out, "  {}{queue}, {} ({proven})", named(&answer.disposition).bold(), money(answer.total))?;
        let mut table = Table::new(&["location", "units", ">cost", "service", "arrives"]);
        for shipment in &answer.shipments {
            let cost = shipment.costs.iter().map(|cost| cost.amount).sum();
            let service = shipment.service.clone().unwrap_or_else(|| "-".into());
            let arrives = shipment.arrives.map_or_else(|| "-".into(), words::day);
            let units = units(request, &shipment.lines);
            table.row(&[shipment.location.clone(), units, money(cost), service, arrives]);
        }
        if !answer.backordered.is_empty() {
            let nobody = ["nobody".into(), units(request, &answer.backordered), "-".into(), "-".into(), "-".into()];
            table.row(&nobody);
        }
        if !table.is_empty() {
            table.without_columns_of("-").print(out, 2)?;
        }
        for cost in &answer.costs {
            writeln!(out, "  {}: {}", named(&cost.kind), money(cost.amount))?;
        }
        for comparison in &answer.comparisons {
            let (rule, total) = (&comparison.rule, money(comparison.total));
            writeln!(out, "  {rule} would have cost {total} in {} shipments", comparison.shipments)?;
        }
        reasons(out, &answer.reasons, currency, "")
    }
}

/// As `2 x MUG, 1 x POT`.
fn units(request: &Request, units: &[LineUnits]) -> String {
    let sku = |index: u32| request.lines.get(index as usize).map_or("?", |line| line.sku.as_str());
    let texts: Vec<_> = units.iter().map(|units| format!("{} x {}", units.quantity, sku(units.line))).collect();
    texts.join(", ")
}
