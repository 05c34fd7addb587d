//! A merchant's return policy, compiled: rules in their order, what each grants, and what holds for all of them.
//!
//! What this file must not know: orders, and how settings are written.

use super::matching::Criteria;
use super::window::{Extension, Window};
use crate::calendar::Zone;
use crate::money::{Minor, PartsPerMillion};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::return_policy::{
    Condition, Destination, DestinationKind, Disposition, Grade, Remedy, Verdict,
};

/// One whole in millionths.
pub const WHOLE: PartsPerMillion = PartsPerMillion(1_000_000);

/// What a shop takes back. Made once, at install.
#[derive(Debug, Clone)]
pub struct Policy {
    /// ISO 4217; requests in another currency are refused.
    pub currency: String,
    /// Whose calendar days windows are counted in.
    pub zone: Zone,
    pub combine: Combine,
    /// Looked at before the rules, in this order; the first that holds decides, whatever the rules say.
    pub overrides: Vec<Override>,
    /// In the merchant's order.
    pub rules: Vec<Rule>,
    /// What holds where no rule matches; declined without it.
    pub otherwise: Option<Terms>,
    /// Later last days for what was bought at certain times.
    pub extensions: Vec<Extension>,
    /// Whose delivery date is unknown counts as delivered so many days after the order; a person looks at it without it.
    pub assumed_transit: Option<u16>,
    pub reasons: Reasons,
    pub grading: Grading,
    pub approval: Approval,
    /// Limits on serial returners; the strictest that is exceeded counts.
    pub serial: Vec<SerialLimit>,
    /// Groups of customers for whom these limits do not hold.
    pub serial_exempt: Vec<String>,
    /// Where returns go when the request names no destinations.
    pub destinations: Vec<Place>,
    /// What it costs to send to a destination of the request for which the platform knows no unit costs.
    pub estimate: Freight,
    /// Whether a return may go to a destination in another country.
    pub cross_border: bool,
    pub labels: Labels,
    pub deadlines: Deadlines,
}

/// How several rules that match one return work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Combine {
    /// The first that matches governs alone: the order of the rules matters.
    #[default]
    FirstMatch,
    /// All that match govern together and the strictest of each of their terms holds: the order of the rules does not matter.
    MostRestrictive,
}

/// A rule: when it holds, and what it grants.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The merchant's name for it, unique.
    pub id: String,
    pub when: Criteria,
    pub terms: Terms,
}

/// What a governing rule grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub outcome: Verdict,
    /// Within what time it must be asked for; `None` is any time.
    pub window: Option<Window>,
    /// What the shopper may have, the best for the shop first; never empty unless the outcome is to decline.
    pub remedies: Vec<RemedyTerms>,
    /// What the shop keeps for its trouble, unless the merchant is at fault or the goods are kept.
    pub restocking: Fee,
    pub shipping: ShippingRefund,
    pub label: LabelPayer,
    pub keep: Keep,
    pub bundle: BundleRule,
}

/// One remedy as a rule offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyTerms {
    pub remedy: Remedy,
    /// Its own window; the rule's without it.
    pub window: Option<Window>,
    /// Its own restocking fee; the rule's without it.
    pub restocking: Option<Fee>,
    /// What store credit gives on top of the refund, in millionths of it.
    pub bonus: PartsPerMillion,
    /// The share of the refund that the shopper gets who keeps the goods, for [`Remedy::KeepItem`].
    pub share: PartsPerMillion,
    /// The shopper pays nothing for the label with it.
    pub free_label: bool,
}

impl RemedyTerms {
    /// The remedy on the rule's own terms.
    #[must_use]
    pub fn plain(remedy: Remedy) -> Self {
        Self { remedy, window: None, restocking: None, bonus: PartsPerMillion(0), share: WHOLE, free_label: false }
    }
}

/// A fee on one requested return: a share of the goods' price without tax and an amount for each unit, within limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fee {
    /// 0 to [`WHOLE`].
    pub share: PartsPerMillion,
    /// 0 or more.
    pub per_unit: Minor,
    pub minimum: Option<Minor>,
    /// Not below the minimum.
    pub maximum: Option<Minor>,
}

/// What is given back of the shipping that the shopper paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ShippingRefund {
    /// Nothing.
    #[default]
    None,
    /// The goods' share of it by value.
    Proportional,
    /// All of it, once the whole order has come back.
    WhenComplete,
    /// All of it.
    Outbound,
}

/// Who pays for sending it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LabelPayer {
    Merchant,
    /// The merchant when the reason is the merchant's fault, the shopper otherwise.
    #[default]
    ByFault,
    Shopper,
}

/// Whether the shopper may keep what is refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Keep {
    #[default]
    Never,
    /// When nothing that it could be sent to is worth the sending.
    WhenCheaper,
    Always,
}

/// What returning part of a bundle means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum BundleRule {
    /// Its lines are what they cost within the bundle.
    #[default]
    Apart,
    /// What is kept is revalued at its unit prices, and the refund is what is left of the bundle's price.
    Revalue,
    /// A bundle comes back whole or not at all, unless the merchant is at fault.
    Whole,
}

/// An explicit exception that no rule softens.
#[derive(Debug, Clone)]
pub struct Override {
    pub kind: OverrideKind,
    /// [`Verdict::Decline`] or [`Verdict::Review`].
    pub outcome: Verdict,
    /// Reasons for which it does not hold, sorted: what arrived defective may be returned though its sale was final.
    pub except_reasons: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverrideKind {
    /// Lines with one of these tags, sorted.
    FinalSale(Vec<String>),
    /// Lines with one of these tags, sorted, unless they are unopened.
    Hygiene(Vec<String>),
    /// Dangerous goods, by the line's own mark.
    Hazardous,
}

/// The shop's reason codes.
#[derive(Debug, Clone, Default)]
pub struct Reasons {
    pub known: BTreeMap<String, Fault>,
    /// What becomes of a return with a reason that is not known, or with none. [`Verdict::Approve`] takes it as the shopper's fault.
    pub unknown: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Merchant,
    Shopper,
}

/// What grades mean, and what grade a condition lets expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grading {
    /// By grade, `a` to `d`.
    pub grades: [GradeTerms; 4],
    /// By condition, in the contract's order.
    pub expected: [Grade; 6],
}

impl Grading {
    #[must_use]
    pub fn of(&self, grade: Grade) -> &GradeTerms {
        &self.grades[grade as usize]
    }

    /// The grade that inspection is expected to find.
    #[must_use]
    pub fn expected(&self, condition: Condition) -> Grade {
        self.expected[condition as usize]
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradeTerms {
    pub disposition: Disposition,
    /// The share of the refund that is left, unless the merchant is at fault: 0 to [`WHOLE`].
    pub refund: PartsPerMillion,
    /// What the goods are still worth to the shop where they go, in millionths of what was paid without tax: 0 to [`WHOLE`].
    pub recovers: PartsPerMillion,
    /// The kinds of destination that take it.
    pub kinds: Vec<DestinationKind>,
}

/// When a person must approve.
#[derive(Debug, Clone, Default)]
pub struct Approval {
    /// What all requested returns are worth, tax included, above which a person decides.
    pub above: Option<Minor>,
    /// Sorted.
    pub reasons: Vec<String>,
    pub conditions: Vec<Condition>,
    /// Lines with one of these tags, sorted.
    pub tags: Vec<String>,
}

/// A limit on serial returners. Both figures must be exceeded where both are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SerialLimit {
    /// Returned units, this request's included, in millionths of the bought ones.
    pub rate: Option<PartsPerMillion>,
    /// Returned units, this request's included.
    pub units: Option<u32>,
    /// Bought units below which the rate says nothing.
    pub least_bought: u32,
    /// [`Verdict::Review`] or [`Verdict::Decline`].
    pub outcome: Verdict,
}

/// A destination of the shop's own.
#[derive(Debug, Clone)]
pub struct Place {
    /// `unit_costs` is empty and `parcel_cost` 0: `freight` says both.
    pub destination: Destination,
    pub freight: Freight,
}

/// What sending costs where no figures come with the request. All 0 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freight {
    pub per_parcel: Minor,
    /// Receiving and handling a unit.
    pub per_unit: Minor,
    /// For each kilogram, to the gram.
    pub per_kilogram: Minor,
    /// For each kilogram and 100 kilometres, where both ends are known.
    pub per_kilogram_and_100_km: Minor,
}

/// What the shopper pays for a label.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    pub fee: LabelFee,
    /// Groups of customers who pay nothing.
    pub free_for: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelFee {
    Flat(Minor),
    /// By the weight of the goods on the label: up to so many grams, the fee. Ascending; above the last, the last.
    ByWeight(Vec<(u64, Minor)>),
}

impl Default for LabelFee {
    fn default() -> Self {
        Self::Flat(Minor::ZERO)
    }
}

/// Within what time goods must arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deadlines {
    /// Days from approval until they must be received; no limit without it.
    pub receive_within: Option<u16>,
    /// More days for what the carrier has already.
    pub transit_grace: u16,
}
