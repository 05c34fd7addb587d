//! Table 14: recorded decisions that a backtest asks again in a second, by one worker and by three, on PostgreSQL and NATS.

use super::address;
use super::store::demo;
use crate::client::{Connection, Question};
use crate::fixtures::cart;
use crate::stats::time;
use cartwright_platform_tests::{Merchant, Replicated, backtest, until};
use serde_json::{Value, json};
use std::thread;

const DECISIONS: usize = 10_000;
const CONNECTIONS: usize = 4;
const TURNS: usize = 2;

pub fn print() {
    let Some(mut replicated) = Replicated::start(&[]) else { return };
    let settings = demo("shops/demo/shipping-quote.json");
    let settings: Value = serde_json::from_str(&settings).expect("JSON");
    let merchant =
        Merchant::open_with(&replicated.platform, &replicated.servers[0], "shop", "shipping-quote", &settings);
    let body = serde_json::to_string(&cart(10)).expect("a cart is JSON");
    let question = Question::post("/v1/shops/shop/quotes", Some(&merchant.checkout), &body);
    let at = address(&replicated.servers[0]);
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut connection = Connection::to(at);
                (0..DECISIONS / CONNECTIONS).for_each(|_| drop(connection.answer(&question)));
            });
        }
    });
    until("all of them are recorded", || {
        (replicated.sql("SELECT count(*) FROM records").trim() == DECISIONS.to_string()).then_some(())
    });
    // Free delivery from a larger amount than the cart: the same work, and every answer differs.
    let dearer = settings.to_string().replace(r#""from":7500"#, r#""from":50000"#);
    assert_ne!(dearer, settings.to_string(), "the demo's shop has a threshold");
    let revision = merchant.draft(&replicated.api(0, &merchant), &serde_json::from_str(&dearer).expect("JSON"));

    println!("{DECISIONS} decisions of 10 lines by the reference plugin, asked of other settings");
    let measure = |workers: usize, replicated: &Replicated| {
        let api = replicated.api(0, &merchant);
        for turn in 1..=TURNS {
            let wanted = json!({ "hook": "shipping-quote", "install": "quotes", "revision": revision, "since": 0 });
            let (took, job) = time(|| backtest(&api, &api.post("/v1/shops/shop/backtests", &wanted).ok()));
            assert_eq!((&job["state"], &job["result"]["calls"]), (&json!("done"), &json!(DECISIONS)), "{job}");
            let rate = f64::from(u32::try_from(DECISIONS).expect("thousands")) / took.as_secs_f64();
            println!(
                "{workers} worker(s), {turn}. time: {rate:>8.0} decisions/s ({:.1} s in all, {} changed)",
                took.as_secs_f64(),
                job["result"]["changed"]
            );
        }
    };
    measure(3, &replicated);
    replicated.servers.truncate(1);
    measure(1, &replicated);
    let cores = thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\nall of them, PostgreSQL and NATS share {cores} cores: more workers are faster where they have cores of their own."
    );
}
