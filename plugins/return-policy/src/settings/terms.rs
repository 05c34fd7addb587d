//! What a rule grants: windows, remedies, fees.
//!
//! What this file must not know: when a rule holds.

use super::words::{Price, Share, Span};
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::returns::policy;
use cartwright_core::returns::window;
use cartwright_sdk::contract::return_policy as contract;
use cartwright_sdk::prelude::Settings;

/// What rules grant. What is left out comes from the terms named by `like`, or is as it is described here.
#[derive(Settings, Debug, Clone, Default)]
pub struct Terms {
    /// The name of other terms, of which everything holds that is left out here.
    pub like: Option<String>,
    /// What the rule leads to; `approve` when left out.
    pub outcome: Option<Outcome>,
    /// Within what time it must be asked for; at any time when left out.
    pub window: Option<Window>,
    /// What the shopper may have, the best for the shop first; a refund when left out.
    #[setting(max_items = 5)]
    pub remedies: Option<Vec<Remedy>>,
    /// What the shop keeps for its trouble; nothing when left out. Never kept when the merchant is at fault.
    pub restocking: Option<Fee>,
    /// What is given back of the shipping that was paid; `none` when left out.
    pub shipping: Option<Shipping>,
    /// Who pays for the label; `byFault` when left out.
    pub label: Option<Label>,
    /// Whether the shopper may keep what is refunded; `never` when left out.
    pub keep: Option<Keep>,
    /// What returning part of a bundle means; `apart` when left out.
    pub bundle: Option<Bundle>,
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It may come back on these terms.
    Approve,
    /// A person decides.
    Review,
    /// It does not come back.
    Decline,
}

impl Outcome {
    pub fn verdict(self) -> contract::Verdict {
        match self {
            Self::Approve => contract::Verdict::Approve,
            Self::Review => contract::Verdict::Review,
            Self::Decline => contract::Verdict::Decline,
        }
    }
}

/// A time in which a return may be asked for, in the shop's calendar days. The day it is counted from is not counted.
#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How long it is: `30 days`, `6 months`, `1 year`.
    pub length: Span,
    /// What it is counted from.
    #[setting(default)]
    pub from: CountedFrom,
    /// Whether the policy's extensions make it longer.
    #[setting(default = true)]
    pub extended: bool,
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountedFrom {
    /// The day of delivery.
    #[default]
    Delivery,
    /// The day of the order.
    Order,
}

impl Window {
    pub fn core(&self) -> window::Window {
        let from = match self.from {
            CountedFrom::Delivery => window::From::Delivery,
            CountedFrom::Order => window::From::Order,
        };
        window::Window { from, length: self.length.0, extended: self.extended }
    }
}

/// A remedy and what differs with it.
#[derive(Settings, Debug, Clone)]
pub struct Remedy {
    /// Which one.
    pub remedy: Kind,
    /// Its own window; the rule's when left out.
    pub window: Option<Window>,
    /// Its own restocking fee; the rule's when left out. `{}` is none.
    pub restocking: Option<Fee>,
    /// For store credit: what the shop adds, in millionths of the refund.
    pub bonus_ppm: Option<Share>,
    /// For keeping the item: the share of the refund that the shopper gets, in millionths.
    pub share_ppm: Option<Share>,
    /// Whether the shopper pays nothing for the label with it.
    #[setting(default = false)]
    pub free_label: bool,
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Money back.
    Refund,
    /// Other goods.
    Exchange,
    /// Credit in the shop.
    StoreCredit,
    /// The goods come back repaired.
    Repair,
    /// The shopper keeps the goods and gets part of the money back.
    KeepItem,
}

impl Kind {
    pub fn contract(self) -> contract::Remedy {
        match self {
            Self::Refund => contract::Remedy::Refund,
            Self::Exchange => contract::Remedy::Exchange,
            Self::StoreCredit => contract::Remedy::StoreCredit,
            Self::Repair => contract::Remedy::Repair,
            Self::KeepItem => contract::Remedy::KeepItem,
        }
    }
}

/// A restocking fee on one requested return.
#[derive(Settings, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fee {
    /// A share of the goods' price without tax, in millionths.
    pub share_ppm: Option<Share>,
    /// An amount for each unit.
    pub per_unit: Option<Price>,
    /// At least so much.
    pub minimum: Option<Price>,
    /// At most so much.
    pub maximum: Option<Price>,
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shipping {
    /// Nothing.
    None,
    /// The goods' share of it by value.
    Proportional,
    /// All of it, once the whole order has come back.
    WhenComplete,
    /// All of it.
    Outbound,
}

impl Shipping {
    pub fn core(self) -> policy::ShippingRefund {
        match self {
            Self::None => policy::ShippingRefund::None,
            Self::Proportional => policy::ShippingRefund::Proportional,
            Self::WhenComplete => policy::ShippingRefund::WhenComplete,
            Self::Outbound => policy::ShippingRefund::Outbound,
        }
    }
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The merchant, always.
    Merchant,
    /// The merchant when the reason is the merchant's fault, the shopper otherwise.
    ByFault,
    /// The shopper, always.
    Shopper,
}

impl Label {
    pub fn core(self) -> policy::LabelPayer {
        match self {
            Self::Merchant => policy::LabelPayer::Merchant,
            Self::ByFault => policy::LabelPayer::ByFault,
            Self::Shopper => policy::LabelPayer::Shopper,
        }
    }
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It comes back.
    Never,
    /// It is kept when sending costs at least what it is worth to the shop.
    WhenCheaper,
    /// It is always kept.
    Always,
}

impl Keep {
    pub fn core(self) -> policy::Keep {
        match self {
            Self::Never => policy::Keep::Never,
            Self::WhenCheaper => policy::Keep::WhenCheaper,
            Self::Always => policy::Keep::Always,
        }
    }
}

#[derive(Settings, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// A line of a bundle is worth what it cost within the bundle.
    Apart,
    /// What is kept of a bundle counts at its unit prices, and what is left of the bundle's price is given back.
    Revalue,
    /// A bundle comes back whole or not at all, unless the merchant is at fault.
    Whole,
}

impl Bundle {
    pub fn core(self) -> policy::BundleRule {
        match self {
            Self::Apart => policy::BundleRule::Apart,
            Self::Revalue => policy::BundleRule::Revalue,
            Self::Whole => policy::BundleRule::Whole,
        }
    }
}
