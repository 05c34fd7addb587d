//! Table 6: the quotes endpoint under load, beside a handler that reads the same body and returns a constant of the same size.

use crate::client::{Connection, Question};
use crate::fixtures::{cart, root};
use crate::stats::{Timings, time};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use cartwright_server::{Server, ServerOptions};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 8;
const SPELL: Duration = Duration::from_secs(2);
/// Each endpoint is asked in so many spells, in turn with the other.
const SPELLS: usize = 3;

pub fn print() {
    let mut options = ServerOptions::new(root().join("xtask/demo/shops"));
    options.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::prepare(options, &mut |_| {}).expect("the demo shop installs");
    let quotes = server.start().expect("the server listens");
    let body = serde_json::to_string(&cart(10)).expect("a cart is JSON");
    let target = Target::new(quotes.address(), "/v1/shops/demo/quotes", &body);
    let constant = constant(Connection::to(target.address).answer(&target.question));
    let beside = Target::new(constant, "/constant", &body);

    let mut all = [(Vec::new(), 0.0), (Vec::new(), 0.0)];
    for _ in 0..SPELLS {
        for (target, (timings, seconds)) in [&target, &beside].into_iter().zip(&mut all) {
            let started = Instant::now();
            timings.extend(target.load());
            *seconds += started.elapsed().as_secs_f64();
        }
    }
    println!("{:<26} {:>12} {:>10} {:>10}", "endpoint", "requests/s", "p50 µs", "p99 µs");
    let mut rates = [0.0; 2];
    for (((timings, seconds), name), rate) in all.into_iter().zip(["quotes, 10 lines", "a constant"]).zip(&mut rates) {
        *rate = f64::from(u32::try_from(timings.len()).expect("fewer than 2^32 in some seconds")) / seconds;
        let timings = Timings::of(timings);
        println!("{name:<26} {rate:>12.0} {:>10.0} {:>10.0}", timings.median(), timings.permille(990));
    }
    println!(
        "\nthe constant's rate over the quotes': {:.2}; {CONNECTIONS} connections, generator on the same machine.",
        rates[1] / rates[0]
    );
}

/// A server on a thread of its own whose one handler reads the body and answers `answer`.
fn constant(answer: Vec<u8>) -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a tokio runtime");
        runtime.block_on(async {
            let answer = Bytes::from(answer);
            let handler = move |_body: Bytes| async move { ([("content-type", "application/json")], answer.clone()) };
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            tell.send(listener.local_addr().expect("it is bound")).expect("the bench waits");
            axum::serve(listener, Router::new().route("/constant", post(handler))).await.expect("it serves");
        });
    });
    told.recv().expect("the server starts")
}

struct Target {
    address: SocketAddr,
    question: Question,
}

impl Target {
    fn new(address: SocketAddr, path: &str, body: &str) -> Self {
        Self { address, question: Question::post(path, None, body) }
    }

    /// What each request took, over all connections, for one spell.
    fn load(&self) -> Vec<Duration> {
        let end = Instant::now() + SPELL;
        let connection = || {
            let mut connection = Connection::to(self.address);
            let mut timings = Vec::new();
            while Instant::now() < end {
                let (took, _) = time(|| connection.answer(&self.question));
                timings.push(took);
            }
            timings
        };
        std::thread::scope(|scope| {
            let connections: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(connection)).collect();
            connections.into_iter().flat_map(|connection| connection.join().expect("no connection breaks")).collect()
        })
    }
}
