//! The decision points, as a record names them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A decision point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hook {
    ShippingQuote,
    OrderRouting,
    OrderScreening,
    AddressValidation,
    ReturnPolicy,
}

impl Hook {
    pub const ALL: [Self; 5] =
        [Self::ShippingQuote, Self::OrderRouting, Self::OrderScreening, Self::AddressValidation, Self::ReturnPolicy];

    /// As in `shipping-quote`, which is what the runtime calls it too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ShippingQuote => "shipping-quote",
            Self::OrderRouting => "order-routing",
            Self::OrderScreening => "order-screening",
            Self::AddressValidation => "address-validation",
            Self::ReturnPolicy => "return-policy",
        }
    }

    /// The hook of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hook| hook.name() == name)
    }
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
