//! Table 3: from a component and settings to a plugin that is ready, and what an idle plugin holds.

use crate::fixtures::{component, demo_settings};
use crate::stats::time;
use cartwright_contract::shipping_quote::Request;
use cartwright_runtime::hooks::ShippingQuote;
use cartwright_runtime::{Engine, EngineOptions, Plugin};
use std::path::Path;
use std::time::Duration;

/// Installed beside each other: shops with the same component and settings of their own.
const MANY: u32 = 1_000;

fn engine(cache: &Path) -> Engine {
    Engine::new(EngineOptions { cache: Some(cache.to_owned()), ..EngineOptions::default() }).expect("an engine starts")
}

/// Resident memory of this process, in bytes.
fn resident() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = pages.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(f64::NAN);
    pages * 4096.0
}

pub fn print() {
    let folder = tempfile::tempdir().expect("a folder for the cache");
    println!("{:<34} {:>12} {:>12} {:>14}", "component", "size kB", "cold ms", "from cache ms");
    for (name, title, settings) in [
        ("hostile", "a plugin that does nothing", "{}".to_owned()),
        ("shipping_quote", "the reference plugin", demo_settings()),
    ] {
        let bytes = component(name);
        let install = || {
            let engine = engine(folder.path());
            time(|| engine.install(&bytes, &settings).expect("it installs")).0
        };
        let (cold, warm) = (milliseconds(install()), milliseconds(install()));
        println!("{title:<34} {:>12} {cold:>12.0} {warm:>14.1}", bytes.len() / 1000);
    }
    next_merchants();
    many(folder.path());
}

/// The reference plugin for one merchant after another, with settings of their own and nothing on the disk: what compiling it once leaves for the next.
fn next_merchants() {
    const MERCHANTS: u8 = 5;
    let bytes = component("shipping_quote");
    let engine = Engine::new(EngineOptions::default()).expect("an engine starts");
    let install = |merchant: u8| {
        let settings = demo_settings() + &" ".repeat(merchant.into());
        milliseconds(time(|| engine.install(&bytes, &settings).expect("it installs")).0)
    };
    let first = install(0);
    let next = (1..=MERCHANTS).map(install).sum::<f64>() / f64::from(MERCHANTS);
    println!(
        "\nthe reference plugin for the first merchant {first:.0} ms, for each of the next {MERCHANTS} {next:.0} ms"
    );
}

/// A thousand plugins with settings of their own: their install from the cache, their memory, and a call of each.
fn many(cache: &Path) {
    let bytes = component("hostile");
    // White space is no setting, but it makes the document, and so the snapshot, one of its own.
    let settings: Vec<String> = (0..MANY).map(|index| format!("{{}}{}", " ".repeat(index as usize))).collect();
    let install = |engine: &Engine| -> Vec<Plugin> {
        settings.iter().map(|settings| engine.install(&bytes, settings).expect("it installs")).collect()
    };
    eprintln!("(installing {MANY} plugins cold takes some minutes)");
    let cold = time(|| install(&engine(cache))).0;

    let engine = engine(cache);
    let before = resident();
    let (warm, plugins) = time(|| install(&engine));
    let idle = resident();
    let cart = Request { at: 1, ..crate::fixtures::cart(1) };
    let call = || {
        for plugin in &plugins {
            assert!(plugin.call::<ShippingQuote>(&cart, &[]).outcome.is_ok());
        }
    };
    let (first, second) = (time(call).0, time(call).0);
    let each = |bytes: f64| bytes / 1000.0 / f64::from(MANY);
    let per_call = |took: Duration| took.as_secs_f64() * 1e6 / f64::from(MANY);
    println!("\n{MANY} plugins of their own on one engine:");
    println!("  installed cold in {:.1} s, from the cache in {:.2} s", cold.as_secs_f64(), warm.as_secs_f64());
    println!(
        "  memory of an idle plugin: {:.0} kB; once all have been called: {:.0} kB",
        each(idle - before),
        each(resident() - before)
    );
    println!("  first call of each: {:.1} µs; second: {:.1} µs", per_call(first), per_call(second));
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}
