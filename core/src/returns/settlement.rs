//! The answer's figures: what each remedy comes to, what each grade would give, labels, shipping, totals.
//!
//! What this file must not know: how a verdict or a destination was found.

use super::grade::{Basis, Settled, settle as reckon};
use super::policy::{GradeTerms, Policy, WHOLE};
use super::reasons::{money, reason, share};
use super::sending::Label;
use super::shipping::Shipping;
use super::{Case, REPAIR};
use crate::calendar::Day;
use crate::money::{Minor, Overflow, PartsPerMillion};
use alloc::vec::Vec;
use cartwright_contract::Reason;
use cartwright_contract::answers::LAST_DAY;
use cartwright_contract::return_policy::{
    Answer, Decision, Grade, GradedRefund, Payer, Remedy, RemedyOffer, Request, RequestedReturn, ReturnLabel, Verdict,
};

const GRADES: [Grade; 4] = [Grade::A, Grade::B, Grade::C, Grade::D];

/// The answer to these cases and labels.
pub fn settle(policy: &Policy, request: &Request, cases: Vec<Case>, labels: Vec<Label>) -> Result<Answer, Overflow> {
    let mut answer = Answer::default();
    // What is still to be held back for each label.
    let mut open: Vec<Minor> = labels.iter().map(|label| label.fee).collect();
    let mut shipping = whole_order(request);
    for (index, case) in cases.into_iter().enumerate() {
        let requested = &request.returns[index];
        let label = case.way.label;
        let fee = label.map_or(case.way.earlier_fee, |label| open[label]);
        let worth = i128::from(if shipping.all_by_value { case.worth.goods.0 } else { i64::from(requested.quantity) });
        let rule = case.finding.governing.shipping;
        let (decision, held_back) = decision(policy, request, index, case, fee)?;
        if let Some(label) = label {
            open[label] = open[label].minus(held_back)?;
        }
        let given = decision.remedy.is_some_and(|remedy| !matches!(remedy, Remedy::Exchange | Remedy::Repair));
        if decision.verdict == Verdict::Approve && given {
            shipping.reckoned.add(rule, worth);
        }
        answer.decisions.push(decision);
    }
    for (label, open) in labels.into_iter().zip(open) {
        let fee = label.fee.minus(open)?;
        if open > Minor::ZERO {
            let message = "The label costs more than is given back; only that much is held back.";
            let figures = [money("label-fee", label.fee), money("held-back", fee)];
            answer.reasons.push(reason("LABEL_FEE_REDUCED", message, figures));
        }
        // A fee of which nothing could be held back is the merchant's.
        let paid_by =
            if label.paid_by == Payer::Shopper && fee == Minor::ZERO { Payer::Merchant } else { label.paid_by };
        let decisions = label.cases.iter().map(|&case| case as u32).collect();
        answer.labels.push(ReturnLabel { destination: label.destination, paid_by, fee: fee.0, decisions });
    }
    shipping.reckoned.complete = complete(request, &answer);
    let refund = shipping.reckoned.refund();
    if refund > Minor::ZERO {
        let figures = [money("shipping-refund", refund), money("shipping-paid", shipping.reckoned.paid)];
        answer.reasons.push(reason("SHIPPING_REFUNDED", "Shipping that was paid is given back, too.", figures));
    }
    answer.shipping_refund = refund.0;
    totals(&mut answer)?;
    Ok(answer)
}

struct WholeOrder {
    all_by_value: bool,
    reckoned: Shipping,
}

fn whole_order(request: &Request) -> WholeOrder {
    let paid: i128 = request.lines.iter().map(|line| i128::from(line.paid)).sum();
    let all_by_value = paid > 0;
    let (mut all, mut before) = (paid, 0);
    for line in &request.lines {
        if all_by_value {
            before += i128::from(super::money::of_first(Minor(line.paid), line.returned, line.line.quantity).0);
        } else {
            all += i128::from(line.line.quantity);
            before += i128::from(line.returned);
        }
    }
    let (paid, refunded) = (Minor(request.shipping_paid), Minor(request.shipping_refunded));
    WholeOrder { all_by_value, reckoned: Shipping { paid, refunded, all, before, ..Shipping::default() } }
}

/// Whether with what is approved every unit of the order has come back.
fn complete(request: &Request, answer: &Answer) -> bool {
    let ordered: u64 = request.lines.iter().map(|line| u64::from(line.line.quantity)).sum();
    let before: u64 = request.lines.iter().map(|line| u64::from(line.returned)).sum();
    let comes = |decision: &&Decision| decision.verdict == Verdict::Approve && decision.remedy != Some(REPAIR);
    let now: u64 = answer.decisions.iter().filter(comes).map(|decision| u64::from(decision.quantity)).sum();
    before + now == ordered
}

fn totals(answer: &mut Answer) -> Result<(), Overflow> {
    let (mut refund, mut credit, mut exchange) = (Minor(answer.shipping_refund), Minor::ZERO, Minor::ZERO);
    for decision in answer.decisions.iter().filter(|decision| decision.verdict == Verdict::Approve) {
        let amount = Minor(decision.refund).plus(Minor(decision.bonus_credit))?;
        let total = match decision.remedy {
            Some(Remedy::Refund | Remedy::KeepItem) => &mut refund,
            Some(Remedy::StoreCredit) => &mut credit,
            Some(Remedy::Exchange) => &mut exchange,
            Some(Remedy::Repair) | None => continue,
        };
        *total = total.plus(amount)?;
    }
    (answer.total_refund, answer.total_credit, answer.total_exchange) = (refund.0, credit.0, exchange.0);
    Ok(())
}

/// A day as answers may give it: those before 1970 and after 9999 have no name there.
fn named(day: Day) -> i32 {
    day.0.clamp(0, LAST_DAY)
}

/// The grade that was found, or that is expected; none for what is not shipped at all.
fn graded<'p>(policy: &'p Policy, request: &Request, requested: &RequestedReturn) -> Option<(Grade, &'p GradeTerms)> {
    let physical = request.lines[requested.line as usize].line.physical;
    let grade = requested.grade.unwrap_or_else(|| policy.grading.expected(requested.condition));
    physical.then(|| (grade, policy.grading.of(grade)))
}

/// The decision, and what it holds back for the label.
fn decision(
    policy: &Policy,
    request: &Request,
    index: usize,
    case: Case,
    fee: Minor,
) -> Result<(Decision, Minor), Overflow> {
    let requested = &request.returns[index];
    let Case { finding, status, receive_by, worth, way } = case;
    let mut decision = Decision {
        requested: index as u32,
        verdict: finding.verdict,
        status,
        quantity: requested.quantity,
        rules: finding.governing.rules.clone(),
        until: finding.until.map(named),
        reasons: Vec::new(),
        ..Decision::default()
    };
    let Some(offered) = finding.offered().filter(|_| finding.verdict != Verdict::Decline) else {
        // The last day is told of what came too late, not of what could not come back at all.
        decision.until = decision.until.filter(|_| finding.chosen.is_none());
        decision.reasons = finding.reasons;
        return Ok((decision, Minor::ZERO));
    };
    let grade = graded(policy, request, requested);
    let basis = Basis {
        worth,
        units: requested.quantity,
        fault: finding.fault,
        graded: grade.map_or(WHOLE, |(_, terms)| terms.refund),
        kept: way.keep && offered.terms.remedy != Remedy::KeepItem,
        terms: &offered.terms,
        fees: &offered.fees,
        label_fee: fee,
    };
    let settled = reckon(&basis)?;
    let remedy = offered.terms.remedy;
    decision.remedy = Some(remedy);
    decision.refund = settled.refund.0;
    decision.parts = settled.parts(remedy, &worth);
    decision.bonus_credit = settled.bonus.0;
    decision.keep = way.keep;
    decision.destination = way.destination;
    decision.receive_by = receive_by.filter(|_| !way.keep).map(named);
    if let Some((_, terms)) = grade.filter(|_| !way.keep && remedy != REPAIR) {
        decision.disposition = Some(terms.disposition);
    }
    for offered in &finding.governing.offered {
        use super::window::Timing;
        if matches!(offered.timing, Timing::Closed { .. }) && offered.terms.remedy != remedy {
            continue;
        }
        decision.remedies.push(offer(&basis, offered)?);
    }
    let inspected = requested.grade.is_some() || way.keep || remedy == REPAIR || grade.is_none();
    if !inspected {
        for found in GRADES {
            let terms = policy.grading.of(found);
            let settled = reckon(&Basis { graded: terms.refund, ..basis })?;
            decision.by_grade.push(GradedRefund {
                grade: found,
                refund: settled.refund.0,
                disposition: terms.disposition,
            });
        }
    }
    let graded = basis.graded;
    decision.reasons = finding.reasons;
    explain(&mut decision.reasons, requested, &settled, graded);
    let (bundle, earlier) = (worth.bundle, worth.earlier);
    if bundle != Minor::ZERO {
        let message = if bundle < Minor::ZERO {
            "What is kept of its bundle is counted at unit prices."
        } else {
            "With this the bundle's price comes back as well."
        };
        decision.reasons.push(reason("BUNDLE_REVALUED", message, [money("bundle", bundle)]));
    }
    if earlier != Minor::ZERO {
        let message = "What was given back before is taken off.";
        decision.reasons.push(reason("EARLIER_REFUNDS", message, [money("earlier-refunds", earlier)]));
    }
    Ok((decision, settled.label))
}

/// One remedy as the shopper may choose it.
fn offer(basis: &Basis<'_>, offered: &super::matching::Offered) -> Result<RemedyOffer, Overflow> {
    use super::window::Timing;
    let terms = &offered.terms;
    let settled = reckon(&Basis { terms, fees: &offered.fees, label_fee: Minor::ZERO, ..*basis })?;
    let until = match offered.timing {
        Timing::Open { until, .. } => until,
        Timing::Closed { until } => Some(until),
        Timing::NotDelivered => None,
    };
    Ok(RemedyOffer {
        remedy: terms.remedy,
        amount: settled.refund.plus(settled.bonus)?.0,
        fee: settled.restocking.0,
        bonus: settled.bonus.0,
        free_label: terms.free_label,
        until: until.map(named),
    })
}

fn explain(reasons: &mut Vec<Reason>, requested: &RequestedReturn, settled: &Settled, left: PartsPerMillion) {
    if requested.grade.is_some() && settled.condition == Minor::ZERO {
        reasons.push(reason("GRADE_FOUND", "Inspection found nothing that lowers the refund.", []));
    }
    if settled.condition > Minor::ZERO {
        let (code, message) = if requested.grade.is_some() {
            ("GRADE_LOWERS_REFUND", "Inspection found a grade for which less is given back.")
        } else {
            ("CONDITION_LOWERS_REFUND", "Goods in this condition give less back; inspection has the last word.")
        };
        reasons.push(reason(code, message, [share("share", left), money("condition", settled.condition)]));
    }
    if settled.restocking > Minor::ZERO {
        let message = "The shop keeps a restocking fee.";
        reasons.push(reason("RESTOCKING_FEE", message, [money("restocking-fee", settled.restocking)]));
    }
    if settled.label > Minor::ZERO {
        reasons.push(reason("LABEL_FEE", "The label's fee is held back.", [money("label-fee", settled.label)]));
    }
}
