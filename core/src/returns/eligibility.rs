//! Whether a requested return is approved, declined or shown to a person, and why.
//!
//! In this order, and the strictest outcome counts: the shop's explicit overrides, the governing rules, the window of each remedy, what a
//! person must approve, limits on serial returners. What was authorised stays authorised: later steps of a return are not judged
//! again.
//!
//! What this file must not know: what it is worth, and where it goes.

use super::matching::{Case, Governing, Offered, any, chosen, governing, overriding, stricter};
use super::policy::{Combine, Fault, OverrideKind, Policy, RemedyTerms};
use super::reasons::{count, date, day, list, money, reason, share};
use super::rma::ended;
use super::serial::{History, exceeded};
use super::window::{Days, Timing};
use crate::calendar::{Day, Instant};
use crate::money::Minor;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::Reason;
use cartwright_contract::return_policy::{Remedy, Request, RequestedReturn, RmaStatus, Verdict};

/// What was found about one requested return.
#[derive(Debug)]
pub struct Finding {
    pub verdict: Verdict,
    pub governing: Governing,
    /// Index into the governing rules' offers; `None` when nothing is left to offer.
    pub chosen: Option<usize>,
    pub fault: Fault,
    /// The last day on which the chosen remedy could be asked for, or on which the last one could.
    pub until: Option<Day>,
    pub reasons: Vec<Reason>,
}

impl Finding {
    pub fn offered(&self) -> Option<&Offered> {
        self.governing.offered.get(self.chosen?)
    }

    fn add(&mut self, outcome: Verdict, reason: Reason) {
        // What speaks for it is no reason of a decline.
        if outcome == Verdict::Approve && self.verdict == Verdict::Decline {
            return;
        }
        self.verdict = stricter(self.verdict, outcome);
        self.reasons.push(reason);
    }
}

/// Judges every requested return of a request.
pub struct Judge<'a> {
    policy: &'a Policy,
    request: &'a Request,
    /// What the requests that are open are worth together.
    at_stake: Minor,
    history: History,
}

/// Whose fault the return is; `None` for a reason that the shop does not know.
fn fault(policy: &Policy, requested: &RequestedReturn) -> Option<Fault> {
    policy.reasons.known.get(&requested.reason).copied()
}

impl<'a> Judge<'a> {
    /// `gross` is what each requested return is worth, tax included.
    pub fn new(policy: &'a Policy, request: &'a Request, gross: &[Minor]) -> Self {
        let open = |requested: &RequestedReturn| requested.status == RmaStatus::Requested;
        let stakes = request.returns.iter().zip(gross).filter(|(requested, _)| open(requested));
        // Sums of what was paid; the contract's ranges keep them within 64 bits.
        let at_stake = Minor(stakes.map(|(_, worth)| worth.0).sum());
        let own = request
            .returns
            .iter()
            .filter(|requested| open(requested) && fault(policy, requested) != Some(Fault::Merchant));
        let asked = own.map(|requested| u64::from(requested.quantity)).sum();
        let history = History { returned: request.returned_units, bought: request.bought_units, asked };
        Self { policy, request, at_stake, history }
    }

    /// The shop's calendar days of one requested return.
    fn days(&self, requested: &RequestedReturn) -> (Days, bool) {
        let local = |moment: i64| self.policy.zone.to_local(Instant(moment)).0;
        let ordered = local(self.request.ordered);
        let known = self.request.lines[requested.line as usize].delivered.map(local);
        let assumed = self.policy.assumed_transit.map(|days| ordered.plus(days.into()));
        let asked = local(requested.asked.unwrap_or(self.request.at));
        (Days { ordered, delivered: known.or(assumed), asked }, known.is_none() && assumed.is_some())
    }

    pub fn find(&self, index: usize) -> Finding {
        let (policy, request) = (self.policy, self.request);
        let requested = &request.returns[index];
        let delivered = &request.lines[requested.line as usize];
        let known = fault(policy, requested);
        let (days, assumed) = self.days(requested);
        let case = Case { request, delivered, requested, fault: known.unwrap_or(Fault::Shopper), days };
        let mut found = Finding {
            verdict: Verdict::Approve,
            governing: governing(policy, &case),
            chosen: None,
            fault: case.fault,
            until: None,
            reasons: Vec::new(),
        };
        if requested.status != RmaStatus::Requested {
            standing(&mut found, requested);
            return found;
        }
        if known.is_none() {
            let unknown = || {
                let message = if requested.reason.is_empty() {
                    "No reason was given.".to_string()
                } else {
                    format!("The shop has no reason \"{}\".", requested.reason)
                };
                reason("UNKNOWN_REASON", message, [])
            };
            // A shop that lists no reasons asks for none.
            if policy.reasons.unknown != Verdict::Approve {
                found.add(policy.reasons.unknown, unknown());
            }
        }
        if let Some(exception) = overriding(policy, &case) {
            let (code, message) = match &exception.kind {
                OverrideKind::FinalSale(_) => ("FINAL_SALE", "These goods were sold as final sale."),
                OverrideKind::Hygiene(_) => ("HYGIENE_GOODS_OPENED", "Hygiene goods come back unopened only."),
                OverrideKind::Hazardous => ("HAZARDOUS_GOODS", "Dangerous goods cannot be sent back as other goods."),
            };
            found.add(exception.outcome, reason(code, message, []));
        }
        self.rules(&mut found);
        timing(&mut found, requested.remedy, assumed, &days);
        self.approval(&mut found, &case);
        if found.fault == Fault::Merchant && found.verdict != Verdict::Decline {
            found.add(Verdict::Approve, reason("MERCHANT_FAULT", "The shop bears the cost of its own mistake.", []));
        }
        found
    }

    fn rules(&self, found: &mut Finding) {
        let governing = &found.governing;
        let names = list(&governing.rules);
        let outcome = governing.outcome;
        if governing.rules.is_empty() && self.policy.otherwise.is_none() {
            let message = "No rule of the shop takes this back.";
            found.add(Verdict::Decline, reason("NOT_RETURNABLE", message, []));
        } else if outcome == Verdict::Decline {
            found.add(outcome, reason("DECLINED_BY_RULE", format!("The rule {} declines it.", or_else(&names)), []));
        } else if governing.contradiction && outcome == Verdict::Approve {
            let message = match self.policy.combine {
                Combine::MostRestrictive if governing.rules.len() > 1 => {
                    format!("The rules {names} contradict each other: no remedy is offered by all of them.")
                }
                _ => format!("The rule {} offers no remedy.", or_else(&names)),
            };
            found.add(Verdict::Review, reason("CONTRADICTORY_RULES", message, []));
        } else if outcome == Verdict::Review {
            found.add(
                outcome,
                reason("REVIEW_BY_RULE", format!("The rule {} wants a person to look.", or_else(&names)), []),
            );
        }
    }

    fn approval(&self, found: &mut Finding, case: &Case<'_>) {
        if found.verdict == Verdict::Decline {
            return;
        }
        let approval = &self.policy.approval;
        if let Some(above) = approval.above.filter(|above| self.at_stake > *above) {
            let figures = [money("worth", self.at_stake), money("limit", above)];
            let message = "What is asked back is worth more than the shop approves by rule.";
            found.add(Verdict::Review, reason("ABOVE_APPROVAL_VALUE", message, figures));
        }
        if approval.reasons.binary_search(&case.requested.reason).is_ok() {
            let message = format!("A person looks at returns for the reason {}.", case.requested.reason);
            found.add(Verdict::Review, reason("REASON_NEEDS_APPROVAL", message, []));
        }
        if approval.conditions.contains(&case.requested.condition) {
            let condition = format!("{:?}", case.requested.condition).to_lowercase();
            let message = format!("A person looks at goods whose condition is {condition}.");
            found.add(Verdict::Review, reason("CONDITION_NEEDS_APPROVAL", message, []));
        }
        if any(&approval.tags, &case.delivered.line.tags) {
            found.add(Verdict::Review, reason("GOODS_NEED_APPROVAL", "A person looks at goods of this kind.", []));
        }
        let groups = self.request.customer.as_ref().map_or(&[][..], |customer| &customer.tags);
        if found.fault == Fault::Merchant || any(&self.policy.serial_exempt, groups) {
            return;
        }
        if let Some(serial) = exceeded(&self.policy.serial, &self.history) {
            let mut figures = alloc::vec![
                count("returned-units", serial.units),
                count("bought-units", self.history.bought),
                share("rate", serial.rate),
            ];
            figures.extend(serial.limit.rate.map(|limit| share("rate-limit", limit)));
            figures.extend(serial.limit.units.map(|limit| count("units-limit", limit)));
            let message = "This customer has returned more within 365 days than the shop's limit.";
            found.add(serial.limit.outcome, reason("SERIAL_RETURNER", message, figures));
        }
    }
}

fn or_else(names: &str) -> String {
    if names.is_empty() { "for everything else".into() } else { names.into() }
}

/// Which remedy is left in time, and what its window says.
fn timing(found: &mut Finding, asked: Remedy, assumed: bool, days: &Days) {
    let offered = &found.governing.offered;
    if offered.is_empty() {
        return;
    }
    let Some(index) = chosen(offered, asked) else {
        let ends = offered.iter().filter_map(|offered| match offered.timing {
            Timing::Closed { until } => Some(until),
            _ => None,
        });
        let until = ends.max();
        found.until = until;
        let last = until.unwrap_or(days.asked);
        let message = format!("It could be asked back until {}; it was on {}.", date(last), date(days.asked));
        let figures = [day("until", last), day("asked", days.asked)];
        found.add(Verdict::Decline, reason("WINDOW_CLOSED", message, figures));
        return;
    };
    let (remedy, timing) = (offered[index].terms.remedy, offered[index].timing);
    let closed = offered.iter().find(|offered| offered.terms.remedy == asked).map(|offered| offered.timing);
    found.chosen = Some(index);
    if remedy != asked {
        let article = if remedy == Remedy::Exchange { "an" } else { "a" };
        let asked_article = if asked == Remedy::Exchange { "An" } else { "A" };
        let (asked, remedy) = (words(asked), words(remedy));
        let message = match closed {
            Some(Timing::Closed { until }) => {
                format!(
                    "{asked_article} {asked} could be asked for until {}; {article} {remedy} still can.",
                    date(until)
                )
            }
            _ => format!("{asked_article} {asked} is not offered for it; {article} {remedy} is."),
        };
        found.add(Verdict::Approve, reason("REMEDY_NOT_OFFERED", message, []));
    }
    match timing {
        Timing::NotDelivered => {
            let message = "Its window is counted from the delivery, and nobody knows that it was delivered.";
            found.add(Verdict::Review, reason("DELIVERY_UNKNOWN", message, []));
        }
        Timing::Open { until: Some(until), extended } => {
            found.until = Some(until);
            let (code, message) = if extended {
                ("WINDOW_EXTENDED", format!("What was bought then may come back until {}.", date(until)))
            } else {
                ("WITHIN_WINDOW", format!("It may be asked back until {}.", date(until)))
            };
            found.add(Verdict::Approve, reason(code, message, [day("until", until), day("asked", days.asked)]));
            if assumed {
                let message = "The delivery is not known; the shop's usual transit time was assumed.";
                let figures: Vec<_> = days.delivered.map(|delivered| day("delivered", delivered)).into_iter().collect();
                found.add(Verdict::Approve, reason("DELIVERY_ASSUMED", message, figures));
            }
        }
        Timing::Open { until: None, .. } => {
            found.add(Verdict::Approve, reason("NO_TIME_LIMIT", "It may be asked back at any time.", []));
        }
        Timing::Closed { .. } => {}
    }
}

fn words(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Refund => "refund",
        Remedy::Exchange => "exchange",
        Remedy::StoreCredit => "store credit",
        Remedy::Repair => "repair",
        Remedy::KeepItem => "refund for keeping it",
    }
}

/// A return that was decided before: it stays as it is, and what was authorised is paid for on the terms that govern it.
fn standing(found: &mut Finding, requested: &RequestedReturn) {
    if ended(requested.status) {
        let message = format!("This return has ended: it is {}.", format!("{:?}", requested.status).to_lowercase());
        found.add(Verdict::Decline, reason("RETURN_ENDED", message, []));
        return;
    }
    let offered = &mut found.governing.offered;
    let index = offered.iter().position(|offered| offered.terms.remedy == requested.remedy);
    let index = index.unwrap_or_else(|| {
        // A person authorised what no rule offers.
        let timing = Timing::Open { until: None, extended: false };
        offered.push(Offered { terms: RemedyTerms::plain(requested.remedy), fees: Vec::new(), timing });
        offered.len() - 1
    });
    found.until = match offered[index].timing {
        Timing::Open { until, .. } => until,
        Timing::Closed { until } => Some(until),
        Timing::NotDelivered => None,
    };
    found.chosen = Some(index);
    found.reasons.push(reason("AUTHORISED", "It was approved before and is not judged again.", []));
}
