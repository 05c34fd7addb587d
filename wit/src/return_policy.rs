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
    pub delivered: Option<Instant>,
    /// Units that came back before, and what was refunded for them, tax included.
    #[contract(default)]
    pub returned: u32,
    #[contract(default)]
    pub refunded: MinorUnits,
    /// Where it was shipped from.
    #[contract(default)]
    pub location: String,
    /// Lines with the same mark were sold as one bundle; empty for a line sold by itself.
    #[contract(default)]
    pub bundle: String,
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
    pub returns: Vec<RequestedReturn>,
    pub customer: Option<Customer>,
    /// Units that this customer returned in the last 365 days, and units bought in that time.
    #[contract(default)]
    pub returned_units: u32,
    #[contract(default)]
    pub bought_units: u32,
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
    /// What the shop keeps for its trouble; negative.
    RestockingFee,
    /// What the shop keeps because of the goods' condition or grade; negative.
    Condition,
    /// What earlier refunds already gave back; negative.
    EarlierRefunds,
}

#[contract]
pub struct RefundPart {
    pub kind: RefundKind,
    pub amount: MinorUnits,
}

/// What is paid back, should inspection find this grade.
#[contract]
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
    pub status: RmaStatus,
    /// Units for which this holds.
    pub quantity: u32,
    /// What the shopper may choose from, the best for the shop first; empty when declined.
    pub remedies: Vec<Remedy>,
    /// Never negative; for any remedy, what the goods count for.
    pub refund: MinorUnits,
    /// Adds up to `refund`.
    pub parts: Vec<RefundPart>,
    /// What store credit gives on top.
    pub bonus_credit: MinorUnits,
    /// True when the shopper keeps it.
    pub keep: bool,
    /// The id of the destination it is sent to.
    pub destination: Option<String>,
    pub disposition: Option<Disposition>,
    pub by_grade: Vec<GradedRefund>,
    /// The last day on which it could be asked for.
    pub until: Option<Day>,
    pub reasons: Vec<Reason>,
}

/// One label for everything that goes to one destination.
#[contract]
pub struct ReturnLabel {
    pub destination: String,
    pub paid_by: Payer,
    /// What is held back from the refund for it.
    pub fee: MinorUnits,
    /// Indexes into `decisions`.
    pub decisions: Vec<u32>,
}

/// What the hook answers.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = ReturnPolicyAnswer))]
pub struct Answer {
    pub decisions: Vec<Decision>,
    pub labels: Vec<ReturnLabel>,
    pub shipping_refund: MinorUnits,
    /// What the shopper gets back in all: refunds and shipping, less the labels' fees. Never negative.
    pub total_refund: MinorUnits,
    pub reasons: Vec<Reason>,
}
