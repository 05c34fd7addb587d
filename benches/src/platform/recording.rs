//! Table 12: what recording every decision costs those who wait for it, and how many decisions a second are kept. Two shops of one store that
//! differ in this alone are asked in turn.

use super::address;
use super::store::demo;
use crate::client::{Connection, Question};
use crate::fixtures::cart;
use crate::stats::{Timings, time};
use cartwright_platform_tests::{Merchant, Platform, Server, until};
use cartwright_store::{ShardFilter, Store, StoreOptions};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

const TURNS: usize = 5;
const SPELL: Duration = Duration::from_secs(3);
/// Below saturation: so many connections, with this pause between an answer and the next question.
const CALM: (usize, Duration) = (2, Duration::from_millis(10));
/// At saturation.
const BUSY: (usize, Duration) = (8, Duration::ZERO);

/// A shop whose decisions are kept, so many of a thousand, and its shoppers' question.
fn shop(platform: &Platform, server: &Server, name: &str, share: u32) -> Question {
    let settings: Value = serde_json::from_str(&demo("shops/demo/shipping-quote.json")).expect("JSON");
    let merchant = Merchant::open_with(platform, server, name, "shipping-quote", &settings);
    let (api, path) = (server.api(&platform.token), format!("/v1/shops/{name}"));
    let there = api.get(&path);
    let mut document = there.ok()["document"].clone();
    document["recording"] = json!({ "share": share });
    let changed = json!({ "name": name, "class": "standard", "document": document });
    api.send("PUT", &path, &[("if-match", there.etag())], &changed).ok();
    let cart = serde_json::to_string(&cart(10)).expect("a cart is JSON");
    Question::post(&format!("{path}/quotes"), Some(&merchant.checkout), &cart)
}

/// What each answer took.
fn spell(address: SocketAddr, question: &Question, (connections, pause): (usize, Duration)) -> Vec<Duration> {
    let end = Instant::now() + SPELL;
    let ask = || {
        let (mut connection, mut times) = (Connection::to(address), Vec::new());
        while Instant::now() < end {
            times.push(time(|| connection.answer(question)).0);
            thread::sleep(pause);
        }
        times
    };
    thread::scope(|scope| {
        let asking: Vec<_> = (0..connections).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().flat_map(|thread| thread.join().expect("no connection breaks")).collect()
    })
}

/// What became of the decisions so far: how many are in the store, and how many there was no room for.
struct Fates {
    stored: usize,
    dropped: usize,
}

impl Fates {
    fn of(platform: &Platform, server: &Server) -> Self {
        let metrics = server.api(&platform.token).get("/metrics").text();
        let sum = |name: &str| {
            let lines = metrics.lines().filter(|line| line.starts_with(name));
            lines.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).sum()
        };
        Self { stored: sum("cartwright_records_stored_total"), dropped: sum("cartwright_records_dropped_total") }
    }

    /// When so many decisions have met theirs: what one shop left behind must not be written on the other's time.
    fn settled(platform: &Platform, server: &Server, asked: usize) -> Self {
        until("every decision is stored or dropped", || {
            let fates = Self::of(platform, server);
            (fates.stored + fates.dropped >= asked).then_some(fates)
        })
    }
}

pub fn print() {
    let platform = Platform::sqlite();
    let server = platform.serve("bench");
    let kept = shop(&platform, &server, "kept", 1_000);
    let unkept = shop(&platform, &server, "unkept", 0);
    let at = address(&server);
    spell(at, &unkept, CALM);
    let mut asked = spell(at, &kept, CALM).len();
    println!("{:<34} {:>10} {:>10} {:>10} {:>16}", "a 10-line cart", "calls/s", "p50 µs", "p99 µs", "records dropped");
    for (name, load) in [("calm: 2 connections, with pauses", CALM), ("busy: 8 connections, without", BUSY)] {
        let before = Fates::settled(&platform, &server, asked);
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            without.extend(spell(at, &unkept, load));
            let times = spell(at, &kept, load);
            asked += times.len();
            with.extend(times);
            Fates::settled(&platform, &server, asked);
        }
        let dropped = Fates::of(&platform, &server).dropped - before.dropped;
        let rate = |times: &[Duration]| {
            let seconds = SPELL.as_secs_f64() * f64::from(u32::try_from(TURNS).expect("few"));
            f64::from(u32::try_from(times.len()).expect("thousands")) / seconds
        };
        let rates = [rate(&without), rate(&with)];
        let (without, with) = (Timings::of(without), Timings::of(with));
        println!("{name}");
        for (name, rate, timings, dropped) in [
            ("  no decision kept", rates[0], &without, ""),
            ("  every decision kept", rates[1], &with, &*dropped.to_string()),
        ] {
            println!(
                "{name:<34} {rate:>10.0} {:>10.0} {:>10.0} {dropped:>16}",
                timings.median(),
                timings.permille(990)
            );
        }
        println!(
            "{:<34} {:>10.3} {:>10.3} {:>10.3}",
            "  times",
            rates[1] / rates[0],
            with.median() / without.median(),
            with.permille(990) / without.permille(990)
        );
    }
    let Fates { stored, dropped } = Fates::settled(&platform, &server, asked);
    server.terminate();
    println!(
        "\n{asked} decisions were to be kept: {} are in the store ({stored} by its own count), {dropped} were dropped and counted.",
        count(platform.store())
    );
}

/// Records in the store.
fn count(url: &str) -> i64 {
    let runtime = tokio::runtime::Runtime::new().expect("a tokio runtime");
    runtime.block_on(async {
        let store = Store::open(StoreOptions::new(url)).await.expect("the store opens");
        let filter = ShardFilter {
            shop: "kept".into(),
            hook: "shipping-quote".into(),
            stage: None,
            since_millis: 0,
            until_millis: i64::MAX,
        };
        store.shards(&filter, 10_000).await.expect("shards").iter().map(|shard| shard.count).sum()
    })
}
