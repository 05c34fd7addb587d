//! The smallest plugin that is of use: one price per started kilogram.

#![cfg_attr(target_family = "wasm", no_std)]

use cartwright_sdk::prelude::*;
use cartwright_sdk::shipping_quote::*;

/// One price per started kilogram.
#[derive(Settings)]
pub struct ByWeight {
    /// Price of a started kilogram.
    #[setting(minimum = 0, maximum = 100_000, unit = "minor-units")]
    pub price_per_kilogram: i64,
    /// What the shopper reads.
    #[setting(default = "Parcel", max_length = 60)]
    pub name: String,
}

impl ShippingQuote for ByWeight {
    fn run(&self, request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
        let grams: u64 = request.lines.iter().map(|line| u64::from(line.quantity) * u64::from(line.weight)).sum();
        let kilograms = i64::try_from(grams.div_ceil(1_000)).unwrap_or(i64::MAX);
        let quote = Quote {
            service: "parcel".into(),
            name: self.name.clone(),
            price: self.price_per_kilogram.saturating_mul(kilograms),
            billable_weight: Grams::try_from(grams).unwrap_or(Grams::MAX),
            ..Quote::default()
        };
        Ok(Answer { quotes: vec![quote], ..Answer::default() })
    }
}

cartwright_sdk::plugin! { ByWeight: shipping_quote }
