//! Which rule governs a requested return, and what several that govern it together grant.
//!
//! A criterion that is left out holds always; within a list one entry is enough; all criteria of a rule must hold.
//!
//! What this file must not know: money, dates, destinations.

use super::policy::{
    BundleRule, Combine, Fault, Fee, Keep, LabelPayer, Override, OverrideKind, Policy, RemedyTerms, ShippingRefund,
    Terms,
};
use super::window::{Days, Timing, Window, timing};
use crate::money::Minor;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::return_policy::{Condition, DeliveredLine, Remedy, Request, RequestedReturn, Verdict};

/// When a rule holds. Lists are sorted; an empty one holds always.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// Lines with one of these tags or categories.
    pub tags: Vec<String>,
    /// But none of these.
    pub without_tags: Vec<String>,
    pub skus: Vec<String>,
    pub reasons: Vec<String>,
    pub conditions: Vec<Condition>,
    /// Customers in one of these groups.
    pub customers: Vec<String>,
    pub channels: Vec<String>,
    /// Countries where the goods are now.
    pub countries: Vec<String>,
    /// Orders with one of these tags.
    pub order_tags: Vec<String>,
    /// What one unit was paid, tax not included, from and to, both included.
    pub price: (Option<Minor>, Option<Minor>),
    pub gift: Option<bool>,
    /// Whether the reason is the merchant's fault.
    pub merchant_fault: Option<bool>,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub request: &'a Request,
    pub delivered: &'a DeliveredLine,
    pub requested: &'a RequestedReturn,
    pub fault: Fault,
    pub days: Days,
}

fn has(list: &[String], name: &str) -> bool {
    list.binary_search_by(|entry| entry.as_str().cmp(name)).is_ok()
}

pub(super) fn any(list: &[String], names: &[String]) -> bool {
    names.iter().any(|name| has(list, name))
}

impl Criteria {
    /// Puts lists into the order that they are searched in.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        let lists = [
            &mut self.tags,
            &mut self.without_tags,
            &mut self.skus,
            &mut self.reasons,
            &mut self.customers,
            &mut self.channels,
            &mut self.countries,
            &mut self.order_tags,
        ];
        for list in lists {
            list.sort_unstable();
            list.dedup();
        }
        self.conditions.sort_unstable();
        self.conditions.dedup();
        self
    }

    #[must_use]
    pub fn hold(&self, case: &Case<'_>) -> bool {
        let Case { request, delivered, requested, fault, .. } = case;
        let groups = request.customer.as_ref().map_or(&[][..], |customer| &customer.tags);
        let one_of = |list: &[String], name: &str| list.is_empty() || has(list, name);
        let some_of = |list: &[String], names: &[String]| list.is_empty() || any(list, names);
        let price = Minor(delivered.paid / i64::from(delivered.line.quantity.max(1)));
        let gift = delivered.gift;
        one_of(&self.reasons, &requested.reason)
            && (self.conditions.is_empty() || self.conditions.contains(&requested.condition))
            && one_of(&self.channels, &request.channel)
            && one_of(&self.countries, &request.origin.country)
            && one_of(&self.skus, &delivered.line.sku)
            && self.gift.is_none_or(|wanted| wanted == gift)
            && self.merchant_fault.is_none_or(|wanted| wanted == (*fault == Fault::Merchant))
            && self.price.0.is_none_or(|least| price >= least)
            && self.price.1.is_none_or(|most| price <= most)
            && some_of(&self.tags, &delivered.line.tags)
            && !any(&self.without_tags, &delivered.line.tags)
            && some_of(&self.customers, groups)
            && some_of(&self.order_tags, &request.tags)
    }

    /// Whether these hold wherever the others do, as far as the words themselves tell: then a rule with the others that stands
    /// behind never gets its turn.
    #[must_use]
    pub fn cover(&self, others: &Self) -> bool {
        let wider = |mine: &[String], theirs: &[String]| {
            mine.is_empty() || (!theirs.is_empty() && theirs.iter().all(|name| has(mine, name)))
        };
        let conditions = self.conditions.is_empty()
            || (!others.conditions.is_empty() && others.conditions.iter().all(|c| self.conditions.contains(c)));
        wider(&self.tags, &others.tags)
            && self.without_tags.iter().all(|name| has(&others.without_tags, name))
            && wider(&self.skus, &others.skus)
            && wider(&self.reasons, &others.reasons)
            && conditions
            && wider(&self.customers, &others.customers)
            && wider(&self.channels, &others.channels)
            && wider(&self.countries, &others.countries)
            && wider(&self.order_tags, &others.order_tags)
            && self.price.0.is_none_or(|least| others.price.0.is_some_and(|their| their >= least))
            && self.price.1.is_none_or(|most| others.price.1.is_some_and(|their| their <= most))
            && self.gift.is_none_or(|gift| others.gift == Some(gift))
            && self.merchant_fault.is_none_or(|fault| others.merchant_fault == Some(fault))
    }

    /// Whether no return can meet them.
    #[must_use]
    pub fn contradictory(&self) -> bool {
        let prices = matches!(self.price, (Some(least), Some(most)) if least > most);
        prices || (!self.tags.is_empty() && self.tags.iter().all(|tag| has(&self.without_tags, tag)))
    }
}

/// A remedy as the governing rules offer it together, with the timing of its window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    pub terms: RemedyTerms,
    /// Every rule's fee on it.
    pub fees: Vec<Fee>,
    pub timing: Timing,
}

/// What governs one requested return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Governing {
    /// Names of the rules; empty when none matched.
    pub rules: Vec<String>,
    pub outcome: Verdict,
    /// In the first governing rule's order; with several rules, in the contract's.
    pub offered: Vec<Offered>,
    pub shipping: ShippingRefund,
    pub label: LabelPayer,
    pub keep: Keep,
    pub bundle: BundleRule,
    /// Every governing rule offers something, and together they offer nothing.
    pub contradiction: bool,
}

impl Governing {
    fn nothing() -> Self {
        Self {
            rules: Vec::new(),
            outcome: Verdict::Decline,
            offered: Vec::new(),
            shipping: ShippingRefund::None,
            label: LabelPayer::ByFault,
            keep: Keep::Never,
            bundle: BundleRule::Apart,
            contradiction: false,
        }
    }
}

/// Approve, review, decline: the later is stricter.
pub(super) fn stricter(one: Verdict, other: Verdict) -> Verdict {
    one.max(other)
}

/// The rules that govern a case, and what they grant.
#[must_use]
pub fn governing(policy: &Policy, case: &Case<'_>) -> Governing {
    let mut matching = policy.rules.iter().filter(|rule| rule.when.hold(case));
    let (names, terms): (Vec<String>, Vec<&Terms>) = match policy.combine {
        Combine::FirstMatch => matching.next().map(|rule| (rule.id.clone(), &rule.terms)).into_iter().unzip(),
        Combine::MostRestrictive => matching.map(|rule| (rule.id.clone(), &rule.terms)).unzip(),
    };
    let mut governing = match (&terms[..], &policy.otherwise) {
        ([], None) => return Governing::nothing(),
        ([], Some(otherwise)) => together(policy, case, &[otherwise]),
        (terms, _) => together(policy, case, terms),
    };
    governing.rules = names;
    if policy.combine == Combine::MostRestrictive {
        governing.rules.sort_unstable();
    }
    governing
}

/// The strictest of each term. Commutative and associative, so that the order of the rules does not matter.
fn together(policy: &Policy, case: &Case<'_>, terms: &[&Terms]) -> Governing {
    let mut all = Governing::nothing();
    let Some((first, rest)) = terms.split_first() else { return all };
    all.outcome = first.outcome;
    (all.shipping, all.label, all.keep, all.bundle) = (first.shipping, first.label, first.keep, first.bundle);
    for terms in rest {
        all.outcome = stricter(all.outcome, terms.outcome);
        all.shipping = all.shipping.min(terms.shipping);
        all.label = all.label.max(terms.label);
        all.keep = all.keep.min(terms.keep);
        all.bundle = all.bundle.max(terms.bundle);
    }
    // A rule that only declines or sends to a person says nothing of remedies.
    let offering: Vec<&&Terms> = terms.iter().filter(|terms| !terms.remedies.is_empty()).collect();
    let Some((first, rest)) = offering.split_first() else { return all };
    for remedy in &first.remedies {
        let others: Option<Vec<(&Terms, &RemedyTerms)>> = rest
            .iter()
            .map(|terms| Some((**terms, terms.remedies.iter().find(|other| other.remedy == remedy.remedy)?)))
            .collect();
        let Some(others) = others else { continue };
        let mut offered = Offered {
            terms: remedy.clone(),
            fees: alloc::vec![remedy.restocking.unwrap_or(first.restocking)],
            timing: judge(policy, case, remedy.window.as_ref().or(first.window.as_ref())),
        };
        for (terms, other) in others {
            offered.terms.bonus = offered.terms.bonus.min(other.bonus);
            offered.terms.share = offered.terms.share.min(other.share);
            offered.terms.free_label &= other.free_label;
            offered.fees.push(other.restocking.unwrap_or(terms.restocking));
            let timing = judge(policy, case, other.window.as_ref().or(terms.window.as_ref()));
            offered.timing = earlier(offered.timing, timing);
        }
        all.offered.push(offered);
    }
    all.contradiction = all.offered.is_empty();
    if !rest.is_empty() {
        all.offered.sort_by_key(|offered| offered.terms.remedy);
    }
    all
}

fn judge(policy: &Policy, case: &Case<'_>, window: Option<&Window>) -> Timing {
    timing(window, &policy.extensions, &case.days)
}

/// The stricter of two timings: closed with the earlier last day, then unknown, then open with the earlier one.
fn earlier(one: Timing, other: Timing) -> Timing {
    let rank = |timing: &Timing| match *timing {
        Timing::Closed { until } => (0, until.0, false),
        Timing::NotDelivered => (1, 0, false),
        Timing::Open { until, extended } => (2, until.map_or(i32::MAX, |day| day.0), extended),
    };
    if rank(&other) < rank(&one) { other } else { one }
}

/// The first override that holds.
#[must_use]
pub fn overriding<'p>(policy: &'p Policy, case: &Case<'_>) -> Option<&'p Override> {
    policy.overrides.iter().find(|one| {
        let tagged = |tags| any(tags, &case.delivered.line.tags);
        let holds = match &one.kind {
            OverrideKind::FinalSale(tags) => tagged(tags),
            OverrideKind::Hygiene(tags) => case.requested.condition != Condition::Unopened && tagged(tags),
            OverrideKind::Hazardous => case.delivered.line.hazardous,
        };
        holds && !has(&one.except_reasons, &case.requested.reason)
    })
}

/// The remedy that is decided on: the one asked for when it is offered in time, otherwise the first that is.
#[must_use]
pub fn chosen(offered: &[Offered], asked: Remedy) -> Option<usize> {
    let open = |offered: &Offered| !matches!(offered.timing, Timing::Closed { .. });
    let wanted = offered.iter().position(|offered| offered.terms.remedy == asked && open(offered));
    wanted.or_else(|| offered.iter().position(open))
}
