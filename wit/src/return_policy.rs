//! What may come back, how, for how much, and where to: `return-policy.wit`.

use crate::types::{Address, Coordinates, CountryCode, CurrencyCode, Customer, Day, Instant, Line, MinorUnits, Reason};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

/// The interface, as a component exports it.
pub const INTERFACE: &str = "cartwright:plugin/return-policy@1.0.0";

#[contract]
pub enum Condition {
    Unknown,
    Unopened,
    Opened,
    Worn,
    Damaged,
    Defective,
}

/// What the shopper gets for it.
#[contract]
pub enum Remedy {
    Refund,
    Exchange,
    StoreCredit,
    Repair,
    /// The shopper keeps the goods and gets part of the money back.
    KeepItem,
}

/// What inspection finds: `a` as new, `b` light wear, `c` for parts or second choice, `d` worthless.
#[contract]
pub enum Grade {
    A,
    B,
    C,
    D,
}

/// Where a return stands (return merchandise authorisation).
#[contract]
pub enum RmaStatus {
    Requested,
    Approved,
    Declined,
    InTransit,
    Received,
    Inspected,
    Closed,
    Cancelled,
    Expired,
}

/// One line of the order that was delivered.
#[contract]
pub struct DeliveredLine {
    pub line: Line,
    /// What the shopper paid for the whole line after every discount, tax not included.
    pub paid: MinorUnits,
    /// The tax on it.
    #[contract(default)]
    pub tax: MinorUnits,
    /// Absent while it is on its way, or when nobody knows.
    pub delivered: Option<Instant>,
    /// Units that came back before.
    #[contract(default)]
    pub returned: u32,
    /// What was given back for this line before, tax included: for units that came back, and as goodwill.
    #[contract(default)]
    pub refunded: MinorUnits,
    /// Where it was shipped from.
    #[contract(default)]
    pub location: String,
    /// Lines with the same mark were sold as one bundle; empty for a line sold by itself. What a bundle saves over its lines'
    /// unit prices stands in their `paid`.
    #[contract(default)]
    pub bundle: String,
    /// Bought for somebody else.
    #[contract(default)]
    pub gift: bool,
}

#[contract]
pub struct RequestedReturn {
    /// Index into `lines`.
    pub line: u32,
    pub quantity: u32,
    /// The shop's reason code: `TOO_SMALL`, `DEFECTIVE`.
    #[contract(default)]
    pub reason: String,
    #[contract(default)]
    pub condition: Condition,
    #[contract(default)]
    pub remedy: Remedy,
    /// Where the return stands; `requested` at first.
    #[contract(default)]
    pub status: RmaStatus,
    /// What inspection found; absent before it.
    pub grade: Option<Grade>,
    /// When the shopper first asked; absent when that is `at`. Windows are counted to it, however long the parcel takes.
    pub asked: Option<Instant>,
    /// When it was approved; absent before.
    pub authorised: Option<Instant>,
    /// The destination of the label that was made for it; absent before.
    pub destination: Option<String>,
    /// What is held back from this return for that label.
    #[contract(default)]
    pub label_fee: MinorUnits,
}

#[contract]
pub enum DestinationKind {
    Warehouse,
    Store,
    Refurbisher,
    Supplier,
    Donation,
}

/// Where a return can go.
#[contract]
pub struct Destination {
    /// Unique within the request.
    pub id: String,
    pub kind: DestinationKind,
    pub country: CountryCode,
    pub coordinates: Option<Coordinates>,
    /// The fulfilment locations whose goods it takes back; empty for all. A supplier names those that it dropships from.
    #[contract(default)]
    pub locations: Vec<String>,
    /// What it costs to send one unit there, one figure for each line; empty when the platform knows none.
    #[contract(default)]
    pub unit_costs: Vec<MinorUnits>,
    /// What each parcel to there costs whatever is in it.
    #[contract(default)]
    pub parcel_cost: MinorUnits,
}

/// What the hook is asked.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = ReturnPolicyRequest))]
pub struct Request {
    #[contract(default)]
    pub at: Instant,
    pub order: String,
    pub ordered: Instant,
    pub currency: CurrencyCode,
    /// What the shopper paid for shipping, tax included, and what of it was given back before.
    #[contract(default)]
    pub shipping_paid: MinorUnits,
    #[contract(default)]
    pub shipping_refunded: MinorUnits,
    /// Where the goods are now.
    pub origin: Address,
    pub lines: Vec<DeliveredLine>,
    /// At most 1,000. A line may be there several times, with different reasons, conditions or grades.
    pub returns: Vec<RequestedReturn>,
    pub customer: Option<Customer>,
    /// Units that this customer returned in the last 365 days, this request's not among them.
    #[contract(default)]
    pub returned_units: u32,
    /// Units that this customer bought in the last 365 days, this order's among them.
    #[contract(default)]
    pub bought_units: u32,
    /// Where returns can go; empty when that is the plugin's to know.
    #[contract(default)]
    pub destinations: Vec<Destination>,
    #[contract(default)]
    pub channel: String,
    #[contract(default)]
    pub tags: Vec<String>,
}

#[contract]
#[cfg_attr(feature = "openapi", schema(as = ReturnPolicyVerdict))]
pub enum Verdict {
    Approve,
    /// A person decides.
    Review,
    Decline,
}

#[contract]
pub enum Payer {
    Merchant,
    Shopper,
    Nobody,
}

#[contract]
#[cfg_attr(feature = "openapi", schema(as = ReturnPolicyDisposition))]
pub enum Disposition {
    Restock,
    Refurbish,
    Recycle,
    Dispose,
}

#[contract]
pub enum RefundKind {
    /// What was paid for the goods.
    Goods,
    Tax,
    /// What a bundle's discount changes: negative when the rest of the bundle is kept, positive when the rest comes back.
    Bundle,
    /// What earlier refunds already gave back; negative.
    EarlierRefunds,
    /// What the shop keeps because of the goods' condition or grade; negative.
    Condition,
    /// What the shop keeps because the shopper keeps the goods; negative.
    KeptGoods,
    /// What the shop keeps for its trouble; negative.
    RestockingFee,
    /// What is held back for the label; negative.
    LabelFee,
}

#[contract]
#[derive(Copy)]
pub struct RefundPart {
    pub kind: RefundKind,
    pub amount: MinorUnits,
}

/// What the shopper may have, and what it comes to.
#[contract]
#[derive(Copy)]
pub struct RemedyOffer {
    pub remedy: Remedy,
    /// What it is worth to the shopper, the bonus included, before a label's fee.
    pub amount: MinorUnits,
    /// What the shop keeps of it as restocking fee: 0 or more.
    pub fee: MinorUnits,
    /// What the shop adds to it: 0 or more.
    pub bonus: MinorUnits,
    /// True when the shopper pays nothing for the label with it.
    pub free_label: bool,
    /// The last day on which it could be asked for.
    pub until: Option<Day>,
}

/// What is given back, should inspection find this grade: the bonus not included, a label's fee taken off.
#[contract]
#[derive(Copy)]
pub struct GradedRefund {
    pub grade: Grade,
    pub refund: MinorUnits,
    pub disposition: Disposition,
}

/// What becomes of so many units of one requested return; a request may be split into several decisions.
#[contract]
pub struct Decision {
    /// Index into `returns`.
    pub requested: u32,
    pub verdict: Verdict,
    /// Where the return stands after this decision.
    pub status: RmaStatus,
    /// Units for which this holds. Those of one requested return add up to its quantity.
    pub quantity: u32,
    /// The rules that governed it, by the merchant's names.
    pub rules: Vec<String>,
    /// What the shopper may choose from, the best for the shop first; empty when declined.
    pub remedies: Vec<RemedyOffer>,
    /// The one that the figures below are for: the one that was asked for, or the first that is offered.
    pub remedy: Option<Remedy>,
    /// What is given back for the goods by that remedy, as money, credit or new goods; 0 or more. When a person decides, what
    /// it would be.
    pub refund: MinorUnits,
    /// Adds up to `refund`.
    pub parts: Vec<RefundPart>,
    /// What store credit gives on top.
    pub bonus_credit: MinorUnits,
    /// True when the shopper keeps it.
    pub keep: bool,
    /// The id of the destination it is sent to; absent when it is kept, was never shipped, or a person decides first.
    pub destination: Option<String>,
    /// What becomes of it: as inspection found it, before that as its condition lets expect.
    pub disposition: Option<Disposition>,
    /// One entry for each grade before inspection; empty after it.
    pub by_grade: Vec<GradedRefund>,
    /// The last day on which it could be asked for.
    pub until: Option<Day>,
    /// The last day on which it must be received.
    pub receive_by: Option<Day>,
    pub reasons: Vec<Reason>,
}

/// One label for everything that goes to one destination.
#[contract]
pub struct ReturnLabel {
    pub destination: String,
    pub paid_by: Payer,
    /// What is held back for it: the decisions' parts of the kind `label-fee` together.
    pub fee: MinorUnits,
    /// Indexes into `decisions`.
    pub decisions: Vec<u32>,
}

/// What the hook answers. The totals count what is approved, and nothing that a person decides yet.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = ReturnPolicyAnswer))]
pub struct Answer {
    /// In the order of `returns`.
    pub decisions: Vec<Decision>,
    pub labels: Vec<ReturnLabel>,
    pub shipping_refund: MinorUnits,
    /// Money paid back: the decisions whose remedy is `refund` or `keep-item`, and `shipping-refund`.
    pub total_refund: MinorUnits,
    /// Store credit given: the decisions with that remedy, and their bonuses.
    pub total_credit: MinorUnits,
    /// What counts towards new goods: the decisions whose remedy is `exchange`.
    pub total_exchange: MinorUnits,
    pub reasons: Vec<Reason>,
}
