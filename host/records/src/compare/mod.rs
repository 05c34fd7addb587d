//! Two answers to the same request: the same or not, and what a merchant would notice.

mod addresses;
mod quotes;
mod returns;
mod routing;
mod screening;

use crate::hook::Hook;
use crate::summary;
use cartwright_contract::{Reason, address_validation, order_routing, order_screening, return_policy, shipping_quote};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// One of the two, as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Side<'a> {
    /// The answer's JSON, as it was sent or the hook's answer alone; absent when there is none.
    pub answer: Option<&'a [u8]>,
    /// The code of the fallback that answered.
    pub fallback: Option<&'a str>,
    /// The code of the first plugin that failed, or of what refused the request.
    pub error: Option<&'a str>,
    pub fuel: u64,
    pub micros: u64,
}

/// How strict a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Options {
    pub reasons: Reasons,
}

/// Whether other reasons for the same decision count as a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reasons {
    #[default]
    Ignored,
    /// Their codes do, their texts and figures do not.
    Codes,
    /// Codes, texts and figures do.
    Whole,
}

/// A kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// No answer on either side but not both, or for another reason.
    Error,
    /// The fallback on either side but not both, or for another reason.
    Fallback,
    /// Screening's or validation's verdict, routing's disposition, a return's decision; for quotes, options or none.
    Verdict,
    ServiceAdded,
    ServiceRemoved,
    /// The same services in another order.
    Order,
    /// A service's price.
    Price,
    /// A service's or shipment's date.
    Promise,
    /// Screening's score.
    Score,
    /// Routing's total.
    Cost,
    /// Which location ships what.
    Shipments,
    /// Units that nobody ships.
    Backorder,
    /// The address that validation would use.
    Corrected,
    /// What validation says of the address's fields.
    Issues,
    /// What a return gives back: money, credit or new goods.
    Refund,
    /// Where a return goes and how: destination, label, remedies, disposition.
    Handling,
    /// Reasons, when they count.
    Reasons,
    /// Anything else that the answers say differently: parcels, charges, texts.
    Other,
}

impl Change {
    /// As JSON calls it: `serviceAdded`.
    pub fn name(self) -> String {
        name(self)
    }
}

/// A figure on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delta {
    /// The service, or what is counted: `cost`, `refund`.
    pub of: String,
    pub old: i64,
    pub new: i64,
}

impl Delta {
    /// New less old.
    pub fn change(&self) -> i64 {
        self.new.saturating_sub(self.old)
    }
}

/// One side in figures; what does not apply to the hook is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Outcome {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Minor units: the cheapest price, routing's total, what is given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Days since 1970-01-01: the earliest that a service promises, or the latest that a shipment arrives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<i32>,
    /// Services, shipments, issues, decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    pub fuel: u64,
    pub micros: u64,
}

/// Both sides beside each other. Nothing personal is in it: figures, verdicts, and services by names that are no quotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub hook: Hook,
    /// No change at all.
    pub same: bool,
    pub changes: BTreeSet<Change>,
    /// Of the request; empty for an address.
    pub currency: String,
    pub old: Outcome,
    pub new: Outcome,
    /// Services that only the new answer has, and only the old.
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// Amounts that both have, also where they are equal.
    pub money: Vec<Delta>,
    /// Days since 1970-01-01 that both have, also where they are equal.
    pub days: Vec<Delta>,
    /// From what to what, also where they are equal: one, or one for each requested return.
    pub verdicts: Vec<(String, String)>,
}

/// Compares two answers to `request` (its JSON; of it only the currency is read).
pub fn compare(hook: Hook, request: &[u8], old: Side<'_>, new: Side<'_>, options: Options) -> Comparison {
    let mut both = Comparison {
        hook,
        same: false,
        changes: BTreeSet::new(),
        currency: summary::currency(request),
        old: Outcome::of(&old),
        new: Outcome::of(&new),
        added: Vec::new(),
        removed: Vec::new(),
        money: Vec::new(),
        days: Vec::new(),
        verdicts: Vec::new(),
    };
    match hook {
        Hook::ShippingQuote => both.answers::<shipping_quote::Answer>(old, new, options),
        Hook::OrderRouting => both.answers::<order_routing::Answer>(old, new, options),
        Hook::OrderScreening => both.answers::<order_screening::Answer>(old, new, options),
        Hook::AddressValidation => both.answers::<address_validation::Answer>(old, new, options),
        Hook::ReturnPolicy => both.answers::<return_policy::Answer>(old, new, options),
    }
    both.note(Change::Error, both.old.error != both.new.error);
    both.note(Change::Fallback, both.old.fallback != both.new.fallback);
    both.same = both.changes.is_empty();
    both
}

/// What the hooks' answers have in common for whoever compares them.
trait Compared: DeserializeOwned + PartialEq {
    /// Figures of one answer.
    fn outcome(&self, outcome: &mut Outcome);

    /// What a merchant would notice between two.
    fn differences(old: &Self, new: &Self, found: &mut Comparison);

    /// Takes all reasons out, in their order; what is left is the decision.
    fn take_reasons(&mut self) -> Vec<Reason>;
}

impl Outcome {
    fn of(side: &Side<'_>) -> Self {
        Self {
            fallback: side.fallback.map(str::to_owned),
            error: side.error.map(str::to_owned),
            fuel: side.fuel,
            micros: side.micros,
            ..Self::default()
        }
    }

    /// No plugin's answer: none at all, or the fallback's.
    pub fn is_failure(&self) -> bool {
        self.error.is_some() || self.fallback.is_some()
    }
}

impl Comparison {
    fn note(&mut self, change: Change, there: bool) {
        if there {
            self.changes.insert(change);
        }
    }

    /// A verdict on both sides.
    fn verdict(&mut self, old: String, new: String) {
        self.note(Change::Verdict, old != new);
        self.verdicts.push((old, new));
    }

    fn answers<A: Compared>(&mut self, old: Side<'_>, new: Side<'_>, options: Options) {
        let old = read::<A>(old.answer, &mut self.old);
        let new = read::<A>(new.answer, &mut self.new);
        let (Some(mut old), Some(mut new)) = (old, new) else { return };
        A::differences(&old, &new, self);
        let (old_reasons, new_reasons) = (old.take_reasons(), new.take_reasons());
        let other = match options.reasons {
            Reasons::Ignored => false,
            Reasons::Codes => !old_reasons.iter().map(|reason| &reason.code).eq(new_reasons.iter().map(|r| &r.code)),
            Reasons::Whole => old_reasons != new_reasons,
        };
        self.note(Change::Reasons, other);
        self.note(Change::Other, self.changes.is_empty() && old != new);
    }
}

/// The answer, and its figures in `outcome`. What cannot be read, or is not there without a word why, counts as an error.
fn read<A: Compared>(json: Option<&[u8]>, outcome: &mut Outcome) -> Option<A> {
    let answer = json.and_then(parse::<A>);
    match &answer {
        Some(answer) => answer.outcome(outcome),
        None if outcome.error.is_none() => {
            outcome.error = Some(if json.is_some() { "UNREADABLE" } else { "NO_ANSWER" }.into());
        }
        None => {}
    }
    answer
}

/// An answer as the hook gives it, or as it was sent, with what the server adds.
fn parse<A: DeserializeOwned>(json: &[u8]) -> Option<A> {
    let mut value: Value = serde_json::from_slice(json).ok()?;
    let members = value.as_object_mut()?;
    for sent in ["plugins", "at", "fallback"] {
        members.remove(sent);
    }
    serde_json::from_value(value).ok()
}

/// A case of a contract's enum as JSON calls it.
fn name(case: impl Serialize) -> String {
    serde_json::to_value(case).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
