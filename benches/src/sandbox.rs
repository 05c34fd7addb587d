//! Table 1: what the sandbox costs on top of the decision.

use crate::fixtures::{cart, component, demo_settings, engine};
use crate::stats::in_turn;
use cartwright_runtime::hooks::ShippingQuote as Hook;
use cartwright_sdk::settings::configure;
use cartwright_sdk::shipping_quote::ShippingQuote as _;
use shipping_quote::ShippingQuotePlugin;
use std::hint::black_box;

pub fn print() {
    let engine = engine();
    let settings = demo_settings();
    let plugin = engine.install(&component("shipping_quote"), &settings).expect("the reference plugin installs");
    let empty = engine.install(&component("hostile"), "{}").expect("the empty plugin installs");
    let native = configure::<ShippingQuotePlugin>(&settings).expect("the settings hold").plugin;
    println!(
        "{:<8} {:>11} {:>12} {:>7} {:>13} {:>11} {:>14} {:>10}",
        "lines", "native µs", "sandbox µs", "ratio", "overhead µs", "p99 µs", "empty call µs", "fuel"
    );
    for lines in [1, 10, 100] {
        let cart = cart(lines);
        let decision = plugin.call::<Hook>(&cart, &[]);
        assert_eq!(
            decision.answer().expect("it answers"),
            &native.run(&cart, &[]).expect("it answers"),
            "the same answer"
        );
        let [natively, sandboxed, nothing] = in_turn(
            5_000,
            [
                &mut || drop(black_box(native.run(black_box(&cart), &[]))),
                &mut || drop(black_box(plugin.call::<Hook>(black_box(&cart), &[]))),
                &mut || drop(black_box(empty.call::<Hook>(black_box(&cart), &[]))),
            ],
        );
        println!(
            "{lines:<8} {:>11.1} {:>12.1} {:>7.2} {:>13.1} {:>11.1} {:>14.1} {:>10}",
            natively.median(),
            sandboxed.median(),
            sandboxed.median() / natively.median(),
            sandboxed.median() - natively.median(),
            sandboxed.permille(990),
            nothing.median(),
            decision.usage.fuel,
        );
    }
    println!(
        "\nsandbox: fresh instance of the configured snapshot, fuel, deadline and memory limit on; empty call: a plugin that answers nothing."
    );
}
