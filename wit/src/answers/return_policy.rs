//! What a return-policy answer has to keep to: quantities conserved, money that adds up, and no more of it than was paid.

use super::{LAST_DAY, breach, index_of};
use crate::return_policy::{
    Answer, Decision, GradedRefund, RefundKind, Remedy, Request, ReturnLabel, RmaStatus, Verdict,
};
use crate::types::{Day, Failure, MinorUnits};
use crate::validate::MOST_MONEY;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec;

impl Answer {
    /// # Errors
    /// The first field, as a JSON pointer into the answer, that is not what the contract says of it: units that appear or vanish,
    /// parts that do not add up to the refund, more given back than was paid, a label for what does not travel with it, totals that
    /// are not the sum of what is approved.
    pub fn check(&self, request: &Request) -> Result<(), Failure> {
        let mut units = vec![0u64; request.returns.len()];
        for (index, decision) in self.decisions.iter().enumerate() {
            index_of(|| format!("/decisions/{index}/requested"), decision.requested, request.returns.len(), "return")?;
            units[decision.requested as usize] += u64::from(decision.quantity);
            one_decision(index, decision, request)?;
        }
        for (index, (decided, requested)) in units.iter().zip(&request.returns).enumerate() {
            if *decided != u64::from(requested.quantity) {
                let message = format!(
                    "{decided} units of requested return {index} are decided on and {} were asked for; decide on each once",
                    requested.quantity
                );
                return Err(breach("/decisions".into(), message));
            }
        }
        labels(self)?;
        no_more_than_paid(self, request)?;
        totals(self, request)
    }
}

fn one_decision(index: usize, decision: &Decision, request: &Request) -> Result<(), Failure> {
    let at = |key: &str| format!("/decisions/{index}/{key}");
    if decision.quantity == 0 {
        return Err(breach(at("quantity"), "a decision about no units; leave it out".into()));
    }
    amount(&at("refund"), decision.refund)?;
    amount(&at("bonusCredit"), decision.bonus_credit)?;
    let sum = decision.parts.iter().try_fold(0, |sum: MinorUnits, part| sum.checked_add(part.amount));
    // A plugin that does not break its refund down says nothing wrong.
    if !decision.parts.is_empty() && sum != Some(decision.refund) {
        let sum = sum.map_or_else(|| "more than 64 bits hold".into(), |sum| format!("{sum}"));
        let message = format!("the parts add up to {sum} and the refund is {}; they are the same", decision.refund);
        return Err(breach(at("parts"), message));
    }
    for (place, offer) in decision.remedies.iter().enumerate() {
        for (key, value) in [("amount", offer.amount), ("fee", offer.fee), ("bonus", offer.bonus)] {
            amount(&at(&format!("remedies/{place}/{key}")), value)?;
        }
        day(&at(&format!("remedies/{place}/until")), offer.until)?;
    }
    if let Some(remedy) = decision.remedy.filter(|remedy| decision.remedies.iter().all(|o| o.remedy != *remedy)) {
        let message = format!("{remedy:?} is not among `remedies`; decide on one that is offered");
        return Err(breach(at("remedy"), message));
    }
    let declined = decision.verdict == Verdict::Decline;
    let gives = decision.refund != 0 || decision.bonus_credit != 0 || !decision.remedies.is_empty();
    if declined && (gives || decision.keep || decision.destination.is_some()) {
        let message = "what is declined gives no remedy, no money and no destination; decide one of the two".into();
        return Err(breach(at("verdict"), message));
    }
    let ended =
        matches!(decision.status, RmaStatus::Declined | RmaStatus::Closed | RmaStatus::Cancelled | RmaStatus::Expired);
    if declined != ended {
        let message = format!("{:?} does not go with the verdict {:?}", decision.status, decision.verdict);
        return Err(breach(at("status"), message));
    }
    if decision.keep && decision.destination.is_some() {
        return Err(breach(at("destination"), "what the shopper keeps is sent nowhere; leave it out".into()));
    }
    if let Some(id) = &decision.destination {
        let sent = request.returns[decision.requested as usize].destination.as_ref();
        let known = request.destinations.iter().any(|destination| destination.id == *id);
        // Without destinations in the request they are the plugin's to know.
        if !request.destinations.is_empty() && !known && sent != Some(id) {
            return Err(breach(at("destination"), format!("{id:?} is no destination of the request; use one that is")));
        }
    }
    grades(index, &decision.by_grade)?;
    day(&at("until"), decision.until)?;
    day(&at("receiveBy"), decision.receive_by)
}

fn grades(index: usize, by_grade: &[GradedRefund]) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for (place, graded) in by_grade.iter().enumerate() {
        amount(&format!("/decisions/{index}/byGrade/{place}/refund"), graded.refund)?;
        if !seen.insert(graded.grade) {
            let message = format!("grade {:?} is there twice; give each grade once", graded.grade);
            return Err(breach(format!("/decisions/{index}/byGrade/{place}/grade"), message));
        }
    }
    Ok(())
}

/// Goods and tax of ten thousand lines, and as much again as a bonus.
const MOST_GIVEN: MinorUnits = MOST_MONEY * 40_000;

fn amount(field: &str, value: MinorUnits) -> Result<(), Failure> {
    if (0..=MOST_GIVEN).contains(&value) {
        return Ok(());
    }
    Err(breach(field.into(), format!("{value} is out of range; give 0 to {MOST_GIVEN} minor units")))
}

fn day(field: &str, value: Option<Day>) -> Result<(), Failure> {
    match value {
        Some(day) if !(0..=LAST_DAY).contains(&day) => {
            Err(breach(field.into(), format!("day {day} is out of range; give a day from 1970 to 9999")))
        }
        _ => Ok(()),
    }
}

fn labels(answer: &Answer) -> Result<(), Failure> {
    let mut labelled = BTreeSet::new();
    for (index, label) in answer.labels.iter().enumerate() {
        amount(&format!("/labels/{index}/fee"), label.fee)?;
        let held_back = held_back(answer, index, label, &mut labelled)?;
        if held_back != label.fee {
            let message = format!(
                "the decisions hold back {held_back} for the label and its fee is {}; they are the same",
                label.fee
            );
            return Err(breach(format!("/labels/{index}/fee"), message));
        }
    }
    Ok(())
}

/// What this label's decisions hold back for it.
fn held_back(
    answer: &Answer,
    index: usize,
    label: &ReturnLabel,
    labelled: &mut BTreeSet<u32>,
) -> Result<MinorUnits, Failure> {
    let mut sum: MinorUnits = 0;
    for (place, decision) in label.decisions.iter().enumerate() {
        let at = || format!("/labels/{index}/decisions/{place}");
        index_of(at, *decision, answer.decisions.len(), "decision")?;
        if !labelled.insert(*decision) {
            return Err(breach(at(), format!("decision {decision} is on another label already; a unit travels once")));
        }
        let decision = &answer.decisions[*decision as usize];
        if decision.destination.as_ref() != Some(&label.destination) {
            return Err(breach(at(), "its destination is not the label's; they are the same".into()));
        }
        let fees = decision.parts.iter().filter(|part| part.kind == RefundKind::LabelFee);
        sum = fees.fold(sum, |sum, part| sum.saturating_sub(part.amount));
    }
    Ok(sum)
}

/// For each line, or for a bundle's lines together.
fn no_more_than_paid(answer: &Answer, request: &Request) -> Result<(), Failure> {
    let mut left: BTreeMap<(&str, u32), i128> = BTreeMap::new();
    let key = |line: u32| {
        let bundle = request.lines[line as usize].bundle.as_str();
        (bundle, if bundle.is_empty() { line } else { 0 })
    };
    for (index, line) in request.lines.iter().enumerate() {
        let open = i128::from(line.paid) + i128::from(line.tax) - i128::from(line.refunded);
        *left.entry(key(index as u32)).or_default() += open;
    }
    for (index, decision) in answer.decisions.iter().enumerate() {
        let requested = &request.returns[decision.requested as usize];
        let Some(left) = left.get_mut(&key(requested.line)) else { continue };
        for (place, graded) in decision.by_grade.iter().enumerate() {
            if i128::from(graded.refund) > *left {
                let message = format!("{} is more than the {left} that is left of what was paid", graded.refund);
                return Err(breach(format!("/decisions/{index}/byGrade/{place}/refund"), message));
            }
        }
        if i128::from(decision.refund) > *left {
            let message = format!("{} is more than the {left} that is left of what was paid", decision.refund);
            return Err(breach(format!("/decisions/{index}/refund"), message));
        }
        *left -= i128::from(decision.refund);
    }
    Ok(())
}

fn totals(answer: &Answer, request: &Request) -> Result<(), Failure> {
    let open = request.shipping_paid.saturating_sub(request.shipping_refunded);
    if !(0..=open).contains(&answer.shipping_refund) {
        let message = format!("{} is not between 0 and the {open} that is left of it", answer.shipping_refund);
        return Err(breach("/shippingRefund".into(), message));
    }
    let approved = |wanted: &[Remedy]| -> i128 {
        let all = answer.decisions.iter().filter(|d| d.verdict == Verdict::Approve);
        let all = all.filter(|d| d.remedy.is_some_and(|remedy| wanted.contains(&remedy)));
        all.map(|d| i128::from(d.refund) + i128::from(d.bonus_credit)).sum()
    };
    let money = approved(&[Remedy::Refund, Remedy::KeepItem]) + i128::from(answer.shipping_refund);
    let sums: [(&str, MinorUnits, i128); 3] = [
        ("totalRefund", answer.total_refund, money),
        ("totalCredit", answer.total_credit, approved(&[Remedy::StoreCredit])),
        ("totalExchange", answer.total_exchange, approved(&[Remedy::Exchange])),
    ];
    for (key, total, sum) in sums {
        if i128::from(total) != sum {
            let message = format!("what is approved adds up to {sum} and the total is {total}; they are the same");
            return Err(breach(String::from("/") + key, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::return_policy::{
        DeliveredLine, Destination, Disposition, Grade, Payer, RefundPart, RemedyOffer, RequestedReturn,
    };
    use crate::types::Line;

    fn request() -> Request {
        let line = DeliveredLine {
            line: Line { quantity: 2, ..Line::default() },
            paid: 900,
            tax: 100,
            refunded: 100,
            ..DeliveredLine::default()
        };
        Request {
            shipping_paid: 50,
            lines: vec![line],
            returns: vec![RequestedReturn { quantity: 2, ..RequestedReturn::default() }],
            destinations: vec![Destination { id: "reno".into(), ..Destination::default() }],
            ..Request::default()
        }
    }

    fn answer() -> Answer {
        let part = |kind, amount| RefundPart { kind, amount };
        let decision = Decision {
            verdict: Verdict::Approve,
            status: RmaStatus::Approved,
            quantity: 2,
            remedies: vec![RemedyOffer { amount: 900, ..RemedyOffer::default() }],
            remedy: Some(Remedy::Refund),
            refund: 850,
            parts: vec![part(RefundKind::Goods, 900), part(RefundKind::LabelFee, -50)],
            destination: Some("reno".into()),
            by_grade: vec![GradedRefund { grade: Grade::A, refund: 850, disposition: Disposition::Restock }],
            until: Some(20_000),
            ..Decision::default()
        };
        let label = ReturnLabel { destination: "reno".into(), paid_by: Payer::Shopper, fee: 50, decisions: vec![0] };
        Answer { decisions: vec![decision], labels: vec![label], total_refund: 850, ..Answer::default() }
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Answer));

    #[test]
    fn every_breach_is_named_and_a_sound_answer_passes() {
        assert_eq!(answer().check(&request()), Ok(()));
        #[rustfmt::skip]
        let breaches: [Breach; 24] = [
            ("/decisions/0/requested", |a| a.decisions[0].requested = 1),
            ("/decisions", |a| a.decisions[0].quantity = 1),
            ("/decisions", |a| { a.decisions.clear(); a.labels.clear(); }),
            ("/decisions/0/quantity", |a| a.decisions[0].quantity = 0),
            ("/decisions/0/refund", |a| a.decisions[0].refund = -1),
            ("/decisions/0/parts", |a| a.decisions[0].refund = 851),
            ("/decisions/0/remedy", |a| a.decisions[0].remedy = Some(Remedy::Repair)),
            ("/decisions/0/remedies/0/fee", |a| a.decisions[0].remedies[0].fee = -1),
            ("/decisions/0/verdict", |a| a.decisions[0].verdict = Verdict::Decline),
            ("/decisions/0/status", |a| a.decisions[0].status = RmaStatus::Declined),
            ("/decisions/0/destination", |a| a.decisions[0].keep = true),
            ("/decisions/0/destination", |a| a.decisions[0].destination = Some("mars".into())),
            ("/decisions/0/byGrade/0/refund", |a| a.decisions[0].by_grade[0].refund = 901),
            ("/decisions/0/byGrade/1/grade", |a| { let g = a.decisions[0].by_grade[0]; a.decisions[0].by_grade.push(g); }),
            ("/decisions/0/until", |a| a.decisions[0].until = Some(-1)),
            ("/decisions/0/receiveBy", |a| a.decisions[0].receive_by = Some(i32::MAX)),
            ("/decisions/0/refund", |a| { a.decisions[0].refund = 901; a.decisions[0].parts.clear(); a.labels.clear(); }),
            ("/labels/0/fee", |a| a.labels[0].fee = 49),
            ("/labels/0/decisions/1", |a| a.labels[0].decisions.push(0)),
            ("/labels/0/decisions/0", |a| a.labels[0].destination = "ohio".into()),
            ("/shippingRefund", |a| a.shipping_refund = 51),
            ("/totalRefund", |a| a.total_refund = 849),
            ("/totalRefund", |a| a.decisions[0].verdict = Verdict::Review),
            ("/totalCredit", |a| a.total_credit = 1),
        ];
        for (field, breach) in breaches {
            let mut answer = answer();
            breach(&mut answer);
            assert_eq!(answer.check(&request()).err().and_then(|failure| failure.field).as_deref(), Some(field));
        }
    }
}
