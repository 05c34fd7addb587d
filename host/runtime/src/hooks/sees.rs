//! The personal fields that a plugin declared in its manifest. What it did not declare arrives empty: data minimisation is the
//! host's work, not the plugin's promise.

/// One address of a request, under the name that a manifest uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Destination,
    Billing,
    Shipping,
    Origin,
    Address,
}

/// Names that stand for personal fields, in the order of their bits.
const FIELDS: [&str; 21] = [
    "destination.lines",
    "destination.name",
    "destination.phone",
    "billing.lines",
    "billing.name",
    "billing.phone",
    "shipping.lines",
    "shipping.name",
    "shipping.phone",
    "origin.lines",
    "origin.name",
    "origin.phone",
    "address.lines",
    "address.name",
    "address.phone",
    "customer.id",
    "customer.email",
    "payment.card-fingerprint",
    "payment.cardholder",
    "session.ip",
    "session.device",
];

/// What one plugin may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sees(u32);

impl Sees {
    /// The names that a manifest may use.
    pub const FIELDS: &'static [&'static str] = &FIELDS;

    /// Names that are not a personal field are of no effect.
    pub fn declared(fields: &[String]) -> Self {
        let bit = |(index, name): (usize, &&str)| u32::from(fields.iter().any(|field| field == name)) << index;
        Self(FIELDS.iter().enumerate().map(bit).sum())
    }

    /// Whether the field of this name was declared.
    fn bit(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    pub fn lines(self, of: Of) -> bool {
        self.bit(3 * of as usize)
    }

    /// The name, and the company with it.
    pub fn name(self, of: Of) -> bool {
        self.bit(3 * of as usize + 1)
    }

    pub fn phone(self, of: Of) -> bool {
        self.bit(3 * of as usize + 2)
    }

    pub fn customer_id(self) -> bool {
        self.bit(15)
    }

    pub fn customer_email(self) -> bool {
        self.bit(16)
    }

    pub fn card_fingerprint(self) -> bool {
        self.bit(17)
    }

    pub fn cardholder(self) -> bool {
        self.bit(18)
    }

    pub fn ip(self) -> bool {
        self.bit(19)
    }

    pub fn device(self) -> bool {
        self.bit(20)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_opens_its_field_and_no_other() {
        let seen = |sees: Sees| {
            let addresses = [Of::Destination, Of::Billing, Of::Shipping, Of::Origin, Of::Address];
            let of_addresses = addresses.into_iter().flat_map(|of| [sees.lines(of), sees.name(of), sees.phone(of)]);
            let rest = [
                sees.customer_id(),
                sees.customer_email(),
                sees.card_fingerprint(),
                sees.cardholder(),
                sees.ip(),
                sees.device(),
            ];
            of_addresses.chain(rest).collect::<Vec<_>>()
        };
        for (index, name) in FIELDS.iter().enumerate() {
            let expected: Vec<_> = (0..FIELDS.len()).map(|other| other == index).collect();
            assert_eq!(seen(Sees::declared(&[(*name).to_owned()])), expected, "{name}");
        }
        assert_eq!(Sees::declared(&["customer.shoe-size".into()]), Sees::default());
    }
}
