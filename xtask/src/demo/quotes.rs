//! Shipping quotes for a cart, as a table.

use super::ask::{ask, price, text};
use anyhow::{Context, Result};
use serde_json::Value;

/// A cart is asked for once cold and then so often, to show what a checkout pays that is not the day's first.
const REPEATS: usize = 50;

pub fn show(title: &str, shop: &str, cart: &str) -> Result<()> {
    let address = format!("{shop}/quotes");
    let (first, fuel, answer) = ask(&address, cart).with_context(|| title.to_owned())?;
    let mut then = (0..REPEATS).map(|_| Ok(ask(&address, cart)?.0)).collect::<Result<Vec<f64>>>()?;
    then.sort_by(f64::total_cmp);
    println!(
        "\n{title}   ({first:.0} µs in the sandbox the first time, {:.0} µs then; {fuel} fuel)",
        then[REPEATS / 2]
    );
    let quotes = answer["quotes"].as_array().context("the answer has no quotes")?;
    println!("  {:<28} {:>9}  {:<27} {:<24} {:>10}", "service", "price", "arrives", "boxes", "CO2e");
    for quote in quotes {
        println!(
            "  {:<28} {:>9}  {:<27} {:<24} {:>10}",
            text(&quote["name"]),
            if quote["price"] == 0 { "free".into() } else { price(&quote["price"]) },
            dates(&quote["promise"]),
            boxes(quote, &answer["parcels"]),
            quote["emissions"].as_u64().map_or(String::new(), |grams| format!("{grams} g")),
        );
    }
    for reason in answer["reasons"].as_array().into_iter().flatten() {
        println!("  - {}", text(&reason["message"]));
    }
    Ok(())
}

fn dates(promise: &Value) -> String {
    match (promise["earliest"].as_str(), promise["latest"].as_str()) {
        (Some(earliest), Some(latest)) if earliest == latest => earliest.to_owned(),
        (Some(earliest), Some(latest)) => format!("{earliest} to {latest}"),
        _ => String::new(),
    }
}

fn boxes(quote: &Value, parcels: &Value) -> String {
    let of = |index: &Value| index.as_u64().map(|index| text(&parcels[index as usize]["packaging"]));
    let names: Vec<&str> = quote["parcels"].as_array().into_iter().flatten().filter_map(of).collect();
    names.join(" + ")
}
