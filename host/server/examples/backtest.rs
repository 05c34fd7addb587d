//! How many decisions a second a backtest asks again, on one server whose workers have the machine for themselves.
//!
//! `cargo run --release -p cartwright-server --example backtest -- [DECISIONS [COMPONENT SETTINGS CART]]`: has so many decisions made and
//! recorded, then asks them of another version of the package: a plugin of a few instructions, or the component that is given (as both
//! versions), a shipping-quote plugin.

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/backtest/world.rs"]
mod world;

use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};
use world::World;

/// Connections that make the decisions.
const ASKING: usize = 4;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let count: usize = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(5_000);
    let (world, cart) = match &arguments[..] {
        [_, component, settings, cart] => {
            let component = fs::read(component).expect("a component");
            let settings = fs::read_to_string(settings).expect("settings");
            let cart = serde_json::from_slice(&fs::read(cart).expect("a cart")).expect("JSON");
            (World::of([component.clone(), component], &settings), cart)
        }
        _ => (World::new(), serde_json::from_str::<Value>(world::CART).expect("JSON")),
    };
    let server = world.serve();
    let at = server.address();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for number in 0..ASKING {
            let (world, cart) = (&world, &cart);
            scope.spawn(move || {
                for _ in (number..count).step_by(ASKING) {
                    let reply = world.ask(at, "POST", "/v1/shops/demo/quotes", Some(cart));
                    assert_eq!(reply.status, 200, "{reply:?}");
                }
            });
        }
    });
    println!("{count} decisions made in {:.1} s", began.elapsed().as_secs_f64());
    // The records are on their way for some moments.
    std::thread::sleep(Duration::from_secs(2));
    for turn in 1..=3 {
        let began = Instant::now();
        let id = world.begin(at, &json!({"hook": "shipping-quote", "version": "1.1.0", "since": 0}));
        let job = world.ended(at, &id);
        let seconds = began.elapsed().as_secs_f64();
        let calls = job["result"]["calls"].as_f64().unwrap_or(0.0);
        assert_eq!(job["state"], "done", "{job}");
        println!("{turn}. {calls} decisions asked again in {seconds:.2} s: {:.0} a second", calls / seconds);
    }
}
