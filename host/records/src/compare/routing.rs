//! Who ships what, at what cost, until when.

use super::{Change, Compared, Comparison, Delta, Outcome, name};
use cartwright_contract::order_routing::{Answer, Shipment};
use cartwright_contract::{Day, LineUnits, Reason};
use std::mem::take;

/// Location by location, what leaves from there; in whichever order the answer says it.
fn sent(shipments: &[Shipment]) -> Vec<(&str, Vec<(u32, u32)>)> {
    let mut sent: Vec<_> =
        shipments.iter().map(|shipment| (shipment.location.as_str(), units(&shipment.lines))).collect();
    sent.sort();
    sent
}

fn units(lines: &[LineUnits]) -> Vec<(u32, u32)> {
    let mut units: Vec<_> = lines.iter().map(|units| (units.line, units.quantity)).collect();
    units.sort_unstable();
    units
}

/// When the last shipment is there.
fn arrives(answer: &Answer) -> Option<Day> {
    answer.shipments.iter().filter_map(|shipment| shipment.arrives).max()
}

impl Compared for Answer {
    fn outcome(&self, outcome: &mut Outcome) {
        outcome.verdict = Some(name(self.disposition));
        outcome.amount = Some(self.total);
        outcome.day = arrives(self);
        outcome.count = u32::try_from(self.shipments.len()).ok();
    }

    fn differences(old: &Self, new: &Self, found: &mut Comparison) {
        found.verdict(name(old.disposition), name(new.disposition));
        found.money.push(Delta { of: "cost".into(), old: old.total, new: new.total });
        found.note(Change::Cost, old.total != new.total);
        found.note(Change::Shipments, sent(&old.shipments) != sent(&new.shipments));
        found.note(Change::Backorder, units(&old.backordered) != units(&new.backordered));
        found.note(Change::Promise, arrives(old) != arrives(new));
        if let (Some(before), Some(after)) = (arrives(old), arrives(new)) {
            found.days.push(Delta { of: "arrives".into(), old: before.into(), new: after.into() });
        }
    }

    fn take_reasons(&mut self) -> Vec<Reason> {
        take(&mut self.reasons)
    }
}
