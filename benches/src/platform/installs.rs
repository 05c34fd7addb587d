//! Table 10: a server over 10,000 installs of 50 packages in 2,000 shops: its start, its memory, the first and the second call of an install
//! that nobody asked before, and calls drawn with a Zipf law.

use super::address;
use super::store::{HOOKS, PACKAGES, SHOPS, demo, fill, shop};
use crate::client::{Connection, Question};
use crate::stats::{Timings, time};
use cartwright_platform_tests::{Platform, Server};
use cartwright_test_services::{Nats, Postgres, or_leave_out};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// Installs that are asked for the first time, of a package that another shop has asked for: for each hook.
const COLD: usize = 10;
const CONNECTIONS: usize = 8;
/// How long calls are drawn with nothing compiled before; after a restart half as long.
const SPELL: Duration = Duration::from_mins(1);

pub fn print() {
    println!(
        "{} installs of {} packages (the five reference plugins, {PACKAGES} packages each) in {SHOPS} shops",
        SHOPS * HOOKS.len(),
        PACKAGES * HOOKS.len()
    );
    measure("SQLite", &Platform::sqlite());
    let services = or_leave_out(Postgres::start()).zip(or_leave_out(Nats::start()));
    if let Some((postgres, nats)) = services {
        measure("PostgreSQL and NATS", &Platform::postgres(&postgres.database(), &nats.url()));
    }
}

/// One install's question, by hook and shop.
struct Questions<'a> {
    token: &'a str,
    bodies: [String; HOOKS.len()],
}

impl Questions<'_> {
    fn of(&self, hook: usize, number: usize) -> Question {
        let path = format!("/v1/shops/{}/{}", shop(number), HOOKS[hook].1);
        Question::post(&path, Some(self.token), &self.bodies[hook])
    }
}

fn measure(name: &str, platform: &Platform) {
    eprintln!("({name}: writing the installs)");
    fill(platform.store());
    let questions = Questions { token: &platform.token, bodies: HOOKS.map(|(.., file)| demo(file)) };
    println!("\n{name}");

    let server = start(platform, "nothing compiled before");
    let mut connection = Connection::to(address(&server));
    let mut ask = |hook, number| time(|| drop(connection.answer(&questions.of(hook, number)))).0;
    // Shop 0 is the first of its package, and the others have the same one.
    let twice = |ask: &mut dyn FnMut(usize, usize) -> Duration, shops: std::ops::Range<usize>| {
        let installs = (0..HOOKS.len()).flat_map(|hook| shops.clone().map(move |shop| (hook, shop * PACKAGES)));
        let calls = installs.map(|(hook, number)| (ask(hook, number), ask(hook, number)));
        let (first, second) = calls.unzip();
        (Timings::of(first), Timings::of(second))
    };
    let (of_a_package, _) = twice(&mut ask, 0..1);
    let (first, second) = twice(&mut ask, 1..1 + COLD);
    row("first call, nobody has called the package before", &of_a_package);
    row("first call, another shop has called the package", &first);
    row("second call", &second);
    zipf(&server, &questions, SPELL);
    server.terminate();

    let server = start(platform, "started again");
    let mut connection = Connection::to(address(&server));
    let mut ask = |hook, number| time(|| drop(connection.answer(&questions.of(hook, number)))).0;
    let (first, second) = twice(&mut ask, 0..1 + COLD);
    row("first call, compiled before the restart", &first);
    row("second call", &second);
    zipf(&server, &questions, SPELL / 2);
    server.terminate();
}

fn start(platform: &Platform, how: &str) -> Server {
    let (took, server) = time(|| platform.serve("bench"));
    println!("  {how}: listening after {:.2} s, {:.0} MB resident", took.as_secs_f64(), megabytes(server.memory()));
    server
}

fn row(what: &str, timings: &Timings) {
    let milliseconds = |permille| timings.permille(permille) / 1e3;
    println!("    {what:<50} median {:>8.2} ms, slowest {:>8.1} ms", milliseconds(500), milliseconds(1_000));
}

#[allow(clippy::cast_precision_loss)] // far below 2^52
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Calls of installs drawn by the law of Zipf (the install of rank n is asked n times less often than the first), for a spell.
fn zipf(server: &Server, questions: &Questions, spell: Duration) {
    let mut sum = 0.0;
    let sums: Vec<f64> = (1..=SHOPS * HOOKS.len())
        .map(|rank| {
            sum += 1.0 / f64::from(u32::try_from(rank).expect("thousands"));
            sum
        })
        .collect();
    let seen = Mutex::new(BTreeSet::new());
    let end = Instant::now() + spell;
    let draw = |seed: u64| {
        let mut connection = Connection::to(address(server));
        // Knuth's MMIX generator; its low bits are poor.
        let mut state = seed;
        let (mut new, mut known, mut refused) = (Vec::new(), Vec::new(), 0_usize);
        while Instant::now() < end {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = f64::from((state >> 32) as u32) / f64::from(u32::MAX) * sum;
            let install = sums.partition_point(|sum| *sum < at).min(sums.len() - 1);
            // Neighbours in rank are of other hooks and other packages.
            let (hook, number) = (install % HOOKS.len(), install / HOOKS.len());
            let first = seen.lock().expect("nobody panics").insert(install);
            let (took, (status, _)) = time(|| connection.ask(&questions.of(hook, number)));
            match (status, first) {
                (200, true) => new.push(took),
                (200, false) => known.push(took),
                _ => refused += 1,
            }
        }
        (new, known, refused)
    };
    let (mut new, mut known, mut refused) = (Vec::new(), Vec::new(), 0);
    thread::scope(|scope| {
        let draw = &draw;
        let drawing: Vec<_> = (1..=CONNECTIONS as u64).map(|seed| scope.spawn(move || draw(seed))).collect();
        for drawn in drawing {
            let (first, later, not) = drawn.join().expect("no connection breaks");
            new.extend(first);
            known.extend(later);
            refused += not;
        }
    });
    let all = new.len() + known.len();
    println!(
        "    {all} calls by Zipf in {} s on {CONNECTIONS} connections, {} of them the first of their install, {refused} not answered:",
        spell.as_secs(),
        new.len(),
    );
    for (what, timings) in
        [("all", [new.clone(), known.clone()].concat()), ("the first of an install", new), ("the others", known)]
    {
        if timings.is_empty() {
            continue;
        }
        let timings = Timings::of(timings);
        println!(
            "      {what:<24} p50 {:>8.2} ms, p99 {:>8.2} ms",
            timings.permille(500) / 1e3,
            timings.permille(990) / 1e3
        );
    }
    println!("    then {:.0} MB resident", megabytes(server.memory()));
}
