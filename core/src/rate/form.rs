//! The binary form of a service: what shoppers pay for it, and nothing of what the carrier asks.

use super::price::{Figures, Service};
use crate::wire::{Reader, Wire, Writer, wire_record};

wire_record!(Figures { freight, minimum_charge, surcharges });

impl Wire for Service {
    fn write(&self, to: &mut Writer) {
        let Self { zones, shopper, carrier: _, billing, eligibility, fixed_markup, promotions, rounding } = self;
        zones.write(to);
        shopper.write(to);
        billing.write(to);
        eligibility.write(to);
        fixed_markup.write(to);
        promotions.write(to);
        rounding.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            zones: Wire::read(from)?,
            shopper: Wire::read(from)?,
            carrier: None,
            billing: Wire::read(from)?,
            eligibility: Wire::read(from)?,
            fixed_markup: Wire::read(from)?,
            promotions: Wire::read(from)?,
            rounding: Wire::read(from)?,
        })
    }
}
