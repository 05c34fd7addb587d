//! Whether an order is safe to fulfil: `order-screening.wit`.

use crate::types::{Address, Coordinates, CountryCode, CurrencyCode, Customer, Instant, Line, MinorUnits, Reason};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract_macros::contract;

/// The interface, as a component exports it.
pub const INTERFACE: &str = "cartwright:plugin/order-screening@1.0.0";

/// What the card's issuer says of the billing address (address verification service).
#[contract]
pub enum AvsResult {
    NotChecked,
    MatchAll,
    MatchPostalCode,
    MatchStreet,
    NoMatch,
    Unavailable,
}

/// What the card's issuer says of the card's security code.
#[contract]
pub enum CvvResult {
    NotChecked,
    MatchAll,
    NoMatch,
    Unavailable,
}

#[contract]
pub enum ThreeDSecure {
    NotTried,
    Authenticated,
    Attempted,
    Failed,
    NotEnrolled,
}

#[contract]
pub enum CardFunding {
    Unknown,
    Credit,
    Debit,
    Prepaid,
}

#[contract]
pub struct Payment {
    /// `card`, `wallet`, `invoice`; empty when unknown.
    pub method: String,
    pub amount: MinorUnits,
    #[contract(default)]
    pub avs: AvsResult,
    #[contract(default)]
    pub cvv: CvvResult,
    #[contract(default)]
    pub three_d_secure: ThreeDSecure,
    #[contract(default)]
    pub funding: CardFunding,
    /// Where the card was issued, by its first digits (BIN).
    pub card_country: Option<CountryCode>,
    /// A keyed hash that stands for the card. Personal.
    pub card_fingerprint: Option<String>,
    /// The name on the card. Personal.
    pub cardholder: Option<String>,
    /// Attempts on this order that were declined before.
    #[contract(default)]
    pub declined_attempts: u32,
}

/// Where the order came from, as the platform sees it.
#[contract]
pub struct Session {
    /// IPv4 or IPv6. Personal.
    pub ip: Option<String>,
    pub ip_country: Option<CountryCode>,
    pub ip_coordinates: Option<Coordinates>,
    /// True for an address of a proxy, VPN, Tor or hosting company; absent when nobody knows.
    pub ip_anonymous: Option<bool>,
    /// Personal.
    pub device: Option<String>,
    pub user_agent: Option<String>,
}

/// What the shop knows of the customer from before this order.
#[contract]
pub struct History {
    /// When the customer's account was opened.
    pub customer_since: Option<Instant>,
    /// When the shop first saw this e-mail address; the order's own moment for one that it never saw.
    pub email_first_seen: Option<Instant>,
    /// Orders that were paid and kept.
    #[contract(default)]
    pub completed_orders: u32,
    #[contract(default)]
    pub chargebacks: u32,
    /// Orders that were rejected or cancelled as unsafe.
    #[contract(default)]
    pub rejected_orders: u32,
    #[contract(default)]
    pub spent: MinorUnits,
}

#[contract]
pub enum VelocityKey {
    Card,
    Email,
    Ip,
    Device,
    ShippingAddress,
}

/// How often something was seen of late, this order not counted. The host keeps these counters.
#[contract]
pub struct Velocity {
    pub key: VelocityKey,
    /// Width of the window that ends now, in seconds: 3600, 86400 and 604800 are what screening looks at. Each key and window at
    /// most once.
    pub window: u32,
    #[contract(default)]
    pub orders: u32,
    #[contract(default)]
    pub amount: MinorUnits,
}

/// What the hook is asked.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = OrderScreeningRequest))]
pub struct Request {
    #[contract(default)]
    pub at: Instant,
    pub order: String,
    pub currency: CurrencyCode,
    pub lines: Vec<Line>,
    pub customer: Option<Customer>,
    pub history: Option<History>,
    pub billing: Address,
    pub shipping: Address,
    /// The service that the shopper chose; empty when nothing is shipped.
    #[contract(default)]
    pub service: String,
    pub payment: Payment,
    #[contract(default)]
    pub session: Session,
    #[contract(default)]
    pub velocities: Vec<Velocity>,
    #[contract(default)]
    pub channel: String,
    #[contract(default)]
    pub tags: Vec<String>,
}

#[contract]
#[cfg_attr(feature = "openapi", schema(as = OrderScreeningVerdict))]
pub enum Verdict {
    Accept,
    /// A person looks at it before anything ships.
    Review,
    Reject,
}

/// What one signal added to the score.
#[contract]
pub struct Contribution {
    pub reason: Reason,
    /// May be negative.
    pub points: i32,
}

/// What the hook answers.
#[contract]
#[cfg_attr(feature = "openapi", schema(as = OrderScreeningAnswer))]
pub struct Answer {
    pub verdict: Verdict,
    /// 0 (safe) to 1000: the sum of the contributions, held within these ends.
    pub score: u32,
    pub contributions: Vec<Contribution>,
    /// What led to the verdict: the list, rule or threshold. At least one, unless the order is accepted.
    pub reasons: Vec<Reason>,
}
