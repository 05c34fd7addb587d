//! Table 2: a large rate table costs nothing in a call, because it is in the snapshot.

use crate::fixtures::{cart, component, demo_settings, engine};
use crate::stats::{in_turn, time};
use cartwright_runtime::hooks::ShippingQuote;
use serde_json::{Map, Value};
use std::hint::black_box;

/// The demo settings with so many postal prefixes for each origin of each zone table.
fn with_prefixes(count: usize) -> String {
    let mut settings: Value = serde_json::from_str(&demo_settings()).expect("the demo settings are JSON");
    let tables = settings["zoneTables"].as_object_mut().expect("the demo shop has zone tables");
    for table in tables.values_mut() {
        let zones = table["zones"].as_array().expect("a zone table has zones").clone();
        let Some(origins) = table["from"].as_object_mut() else { continue };
        for origin in origins.values_mut() {
            let Some(prefixes) = origin.get_mut("prefixes").and_then(Value::as_object_mut) else { continue };
            let Some(us) = prefixes.get_mut("US") else { continue };
            // Spread over the country; five digits each, so that none is the other's beginning.
            let row = |index: usize| (format!("{:05}", index * (100_000 / count)), zones[index % zones.len()].clone());
            *us = Value::Object((0..count).map(row).collect::<Map<_, _>>());
        }
    }
    settings.to_string()
}

pub fn print() {
    let engine = engine();
    let cart = cart(10);
    let plugins = [100, 40_000].map(|prefixes| {
        let settings = with_prefixes(prefixes);
        let (took, plugin) = time(|| engine.install(&component("shipping_quote"), &settings).expect("it installs"));
        assert!(plugin.call::<ShippingQuote>(&cart, &[]).outcome.is_ok());
        (prefixes, settings.len(), took, plugin)
    });
    let [(.., few), (.., many)] = &plugins;
    let timings = in_turn(
        5_000,
        [&mut || drop(black_box(few.call::<ShippingQuote>(black_box(&cart), &[]))), &mut || {
            drop(black_box(many.call::<ShippingQuote>(black_box(&cart), &[])));
        }],
    );
    println!(
        "{:<10} {:>14} {:>12} {:>11} {:>16} {:>10}",
        "prefixes", "settings kB", "install ms", "call µs", "configure fuel", "call fuel"
    );
    for ((prefixes, size, took, plugin), timings) in plugins.iter().zip(&timings) {
        let fuel = plugin.call::<ShippingQuote>(&cart, &[]).usage.fuel;
        let (milliseconds, kilobytes) = (took.as_secs_f64() * 1e3, size / 1000);
        println!(
            "{prefixes:<10} {kilobytes:>14} {milliseconds:>12.0} {:>11.1} {:>16} {fuel:>10}",
            timings.median(),
            plugin.configure_fuel()
        );
    }
    println!("\nratio of the calls: {:.2}", timings[1].median() / timings[0].median());
}
