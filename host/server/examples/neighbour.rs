//! What quiet shops notice of a shop whose plugin burns its whole budget on every call.
//!
//! `cargo run --release -p cartwright-server --example neighbour -- [SECONDS]`: 50 quiet shops ask at a fixed rate, in turns with the noisy
//! one and without; each quiet answer's time counts from the moment when it was due. Prints p50 and p99 of both and their ratio.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Folder, plugin, start};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const QUIET: usize = 50;
/// Connections of the quiet shops, each asking for some of them in turn.
const ASKING: usize = 10;
/// Between two questions on one connection.
const PAUSE: Duration = Duration::from_millis(20);
/// Connections of the noisy shop, each asking as fast as it is answered.
const NOISY: usize = 8;
/// Turns, each without noise and with.
const TURNS: usize = 3;

const CART: &str = r#"{"currency":"USD","destination":{"country":"US","postalCode":"97209"},"lines":[{"id":"1","sku":"a","quantity":1,"unitPrice":1,"weight":1}]}"#;

struct Client {
    reader: BufReader<TcpStream>,
}

impl Client {
    fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        Self { reader: BufReader::new(stream) }
    }

    /// Status of a quote of this shop.
    fn ask(&mut self, shop: &str) -> u16 {
        let request = format!(
            "POST /v1/shops/{shop}/quotes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{CART}",
            CART.len()
        );
        self.reader.get_mut().write_all(request.as_bytes()).expect("sent");
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.reader.read_line(&mut line).expect("an answer");
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().expect("a status");
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length");
            } else if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).expect("a body");
        status
    }
}

/// Times of the quiet shops' answers, and how many the noisy shop got of each status.
fn round(address: SocketAddr, length: Duration, noise: bool) -> (Vec<Duration>, [usize; 2]) {
    let end = Instant::now() + length;
    let (stop, answered, refused) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let mut times = thread::scope(|scope| {
        for _ in 0..if noise { NOISY } else { 0 } {
            scope.spawn(|| {
                let mut client = Client::new(address);
                while !stop.load(Ordering::Relaxed) {
                    let count = if client.ask("noisy") == 200 { &answered } else { &refused };
                    count.fetch_add(1, Ordering::Relaxed);
                    // A client that is turned away waits a little, or it would measure the refusals.
                    thread::sleep(Duration::from_millis(5));
                }
            });
        }
        let asking: Vec<_> = (0..ASKING)
            .map(|number| {
                scope.spawn(move || {
                    let (mut client, mut times) = (Client::new(address), Vec::new());
                    let mut due = Instant::now()
                        + PAUSE * u32::try_from(number).unwrap_or(0) / u32::try_from(ASKING).unwrap_or(1);
                    for turn in 0.. {
                        thread::sleep(due.saturating_duration_since(Instant::now()));
                        // The clock's own wake-up is not the server's doing.
                        let asked = Instant::now();
                        if asked >= end {
                            break;
                        }
                        let shop = format!("quiet-{}", (turn * ASKING + number) % QUIET);
                        assert_eq!(client.ask(&shop), 200);
                        times.push(asked.elapsed());
                        due += PAUSE;
                    }
                    times
                })
            })
            .collect();
        let times: Vec<_> =
            asking.into_iter().flat_map(|thread| thread.join().expect("a quiet shop's answers")).collect();
        stop.store(true, Ordering::Relaxed);
        times
    });
    times.sort();
    (times, [answered.into_inner(), refused.into_inner()])
}

fn at(times: &[Duration], per_mille: usize) -> Duration {
    times[(times.len() - 1) * per_mille / 1000]
}

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10);
    let length = Duration::from_secs(seconds);
    let folder = Arc::new(Folder::new());
    for number in 0..QUIET {
        folder.shop(&format!("quiet-{number}"), plugin::ANSWERS_NOTHING, "[]");
    }
    folder.shop("noisy", plugin::LOOPS, "[]");
    let mut options = folder.options();
    (options.clients.calls, options.clients.calls_of_a_shop) = (64, 48);
    let server = start(options);
    let address = server.address();
    round(address, Duration::from_secs(2), false);
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for turn in 1..=TURNS {
        let (quiet, _) = round(address, length, false);
        let (noisy, [answered, refused]) = round(address, length, true);
        for (name, times) in [("alone", &quiet), ("with noise", &noisy)] {
            println!(
                "{turn}. {name:<10}  p50 {:>8.0?}  p99 {:>8.0?}  of {}",
                at(times, 500),
                at(times, 990),
                times.len()
            );
        }
        println!("   the noisy shop had {answered} answers and {refused} refusals");
        without.extend(quiet);
        with.extend(noisy);
    }
    without.sort();
    with.sort();
    let ratio = |per_mille| at(&with, per_mille).as_secs_f64() / at(&without, per_mille).as_secs_f64();
    println!("with noise against alone: p50 {:.2} times, p99 {:.2} times", ratio(500), ratio(990));
}
