//! Two answers to the same request: the same or not, and what a merchant would notice.

use crate::hook::Hook;
use serde::{Deserialize, Serialize};
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

/// Both sides beside each other. Everything in it but the verdicts of returns is public.
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
    todo!("{hook} {request:?} {old:?} {new:?} {options:?}")
}
