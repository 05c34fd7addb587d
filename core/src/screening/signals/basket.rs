//! Signals of what is bought: value, quantities, tags, service.
//!
//! What this file must not know: what a signal is worth.

use super::{Signal, SignalRules, Signals, Value, Wanted};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_screening::Request;

const WHOLE_PPM: i128 = 1_000_000;

pub fn read<'r>(request: &'r Request, rules: &SignalRules, signals: &mut Signals<'r>) {
    // The contract's ranges keep a line below 10^14 and an order at 10,000 lines: these sums fit.
    let (mut value, mut resaleable, mut units, mut shipped) = (0_i64, 0_i64, 0_i64, false);
    let mut by_sku: BTreeMap<&str, i64> = BTreeMap::new();
    let mut highest = 0;
    for line in &request.lines {
        let quantity = i64::from(line.quantity);
        let worth = line.unit_price.saturating_mul(quantity).saturating_sub(line.discount);
        value = value.saturating_add(worth);
        if line.tags.iter().any(|tag| rules.resaleable_tags.contains(tag)) {
            resaleable = resaleable.saturating_add(worth);
        }
        units += quantity;
        shipped |= line.physical;
        // Several lines of one SKU are one thing; a line without SKU is a thing of its own.
        let of_thing = if line.sku.is_empty() {
            quantity
        } else {
            let of_sku = by_sku.entry(&line.sku).or_default();
            *of_sku += quantity;
            *of_sku
        };
        highest = highest.max(of_thing);
    }
    signals.set(Signal::OrderValue, Value::Number(value));
    let share = rules
        .normal_order_value
        .filter(|normal| *normal > 0)
        .map(|normal| i64::try_from(i128::from(value) * WHOLE_PPM / i128::from(normal)).unwrap_or(i64::MAX));
    signals.set(Signal::OrderValueToNormal, Value::number(share));
    signals.set(Signal::ResaleableGoods, Value::Number(resaleable));
    signals.set(Signal::RushShipping, Value::Flag(rules.rush_services.contains(&request.service)));
    signals.set(Signal::Quantity, Value::Number(units));
    signals.set(Signal::HighestQuantity, Value::Number(highest));
    signals.set(Signal::DigitalGoods, Value::Flag(!shipped));
    signals.set(Signal::Service, Value::non_empty(&request.service));
    signals.set(Signal::Channel, Value::non_empty(&request.channel));
}

/// Which of the wanted tags lines, order and customer bear: each tag of the request is looked up once, whatever the conditions.
pub fn tags(request: &Request, wanted: &Wanted) -> [Vec<bool>; 3] {
    let found = |tags: &mut dyn Iterator<Item = &String>| {
        let mut found = vec![false; wanted.tags.len()];
        tags.filter_map(|tag| wanted.tag(tag)).for_each(|at| found[at] = true);
        found
    };
    let customer = request.customer.iter().flat_map(|customer| &customer.tags);
    [
        found(&mut request.lines.iter().flat_map(|line| &line.tags)),
        found(&mut request.tags.iter()),
        found(&mut { customer }),
    ]
}
