//! Table 11: what quiet shops notice of a shop whose plugin burns its whole budget on every call. Each quiet answer's time counts from the
//! moment when it was asked; quiet shops ask at a fixed rate, in turns with the noisy one and without.

use crate::client::{Connection, Question};
use crate::fixtures::components_folder;
use crate::stats::Timings;
use cartwright_server::{Server, ServerOptions};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const QUIET: usize = 50;
/// Connections of the quiet shops, each asking for some of them in turn.
const ASKING: usize = 10;
/// Between two questions on one connection.
const PAUSE: Duration = Duration::from_millis(20);
/// Connections of the noisy shop.
const NOISY: usize = 8;
/// Between an answer to the noisy shop and its next question: without, refusals would be measured.
const BREATH: Duration = Duration::from_millis(5);
const SPELL: Duration = Duration::from_secs(5);
/// Turns, each without noise and with.
const TURNS: usize = 3;

const CART: &str = r#"{"currency":"USD","destination":{"country":"US","postalCode":"97209"},"lines":[{"id":"1","sku":"a","quantity":1,"unitPrice":1,"weight":1}]}"#;

fn shop(folder: &Path, id: &str, settings: &str) {
    let folder = folder.join(id);
    std::fs::create_dir_all(&folder).expect("a folder");
    let component = components_folder().join("hostile.wasm");
    let plugin = json!({ "component": component, "settings": "settings.json" });
    let shop = json!({ "name": id, "plugins": { "shipping-quote": plugin } });
    std::fs::write(folder.join("settings.json"), settings).expect("a file");
    std::fs::write(folder.join("shop.json"), shop.to_string()).expect("a file");
}

fn question(shop: &str) -> Question {
    Question::post(&format!("/v1/shops/{shop}/quotes"), None, CART)
}

/// Times of the quiet shops' answers, and how many answers and refusals the noisy shop got.
fn spell(address: SocketAddr, noise: bool) -> (Vec<Duration>, [usize; 2]) {
    let end = Instant::now() + SPELL;
    let (stop, answered, refused) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let quiet = |number: usize| {
        let (mut connection, mut times) = (Connection::to(address), Vec::new());
        let share = |part: usize| u32::try_from(part).expect("small");
        let mut due = Instant::now() + PAUSE * share(number) / share(ASKING);
        for turn in 0.. {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            // The clock's own wake-up is not the server's doing.
            let asked = Instant::now();
            if asked >= end {
                break;
            }
            connection.answer(&question(&format!("quiet-{}", (turn * ASKING + number) % QUIET)));
            times.push(asked.elapsed());
            due += PAUSE;
        }
        times
    };
    let noisy = || {
        let (mut connection, question) = (Connection::to(address), question("noisy"));
        while !stop.load(Ordering::Relaxed) {
            let count = if connection.ask(&question).0 == 200 { &answered } else { &refused };
            count.fetch_add(1, Ordering::Relaxed);
            thread::sleep(BREATH);
        }
    };
    let times = thread::scope(|scope| {
        for _ in 0..if noise { NOISY } else { 0 } {
            scope.spawn(noisy);
        }
        let asking: Vec<_> = (0..ASKING).map(|number| scope.spawn(move || quiet(number))).collect();
        let times = asking.into_iter().flat_map(|thread| thread.join().expect("a quiet shop's answers")).collect();
        stop.store(true, Ordering::Relaxed);
        times
    });
    (times, [answered.into_inner(), refused.into_inner()])
}

pub fn print() {
    let folder = tempfile::tempdir().expect("a folder of shops");
    for number in 0..QUIET {
        shop(folder.path(), &format!("quiet-{number}"), "{}");
    }
    shop(folder.path(), "noisy", r#"{ "run": "loop" }"#);
    let mut options = ServerOptions::new(folder.path());
    options.listen.set_port(0);
    let server = Server::prepare(options, &mut |_| {}).expect("the shops install");
    let server = server.start().expect("the server listens");
    let address = server.address();

    let (mut alone, mut beside, mut noise) = (Vec::new(), Vec::new(), [0; 2]);
    spell(address, false);
    for _ in 0..TURNS {
        alone.extend(spell(address, false).0);
        let (times, [answered, refused]) = spell(address, true);
        beside.extend(times);
        noise = [noise[0] + answered, noise[1] + refused];
    }
    let (alone, beside) = (Timings::of(alone), Timings::of(beside));
    println!("{:<34} {:>10} {:>10}", format!("{QUIET} quiet shops"), "p50 µs", "p99 µs");
    for (name, timings) in [("by themselves", &alone), ("beside the noisy one", &beside)] {
        println!("{name:<34} {:>10.0} {:>10.0}", timings.median(), timings.permille(990));
    }
    println!(
        "{:<34} {:>10.2} {:>10.2}",
        "times",
        beside.median() / alone.median(),
        beside.permille(990) / alone.permille(990)
    );
    println!("\nthe noisy shop had {} answers, all its fallback's, and {} refusals.", noise[0], noise[1]);
}
