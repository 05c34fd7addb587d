//! Table 6: the quotes endpoint under load, beside a handler that reads the same body and returns a constant of the same size.

use crate::fixtures::{cart, root};
use crate::stats::Timings;
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use cartwright_server::{Server, ServerOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
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
    let target = Target { address: quotes.address(), path: "/v1/shops/demo/quotes", body: &body };
    let answer = target.ask_once();
    let constant = constant(answer);
    let beside = Target { address: constant, path: "/constant", body: &body };

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

struct Target<'a> {
    address: SocketAddr,
    path: &'a str,
    body: &'a str,
}

impl Target<'_> {
    fn request(&self) -> Vec<u8> {
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.path,
            self.body.len()
        );
        [head.as_bytes(), self.body.as_bytes()].concat()
    }

    fn ask_once(&self) -> Vec<u8> {
        let mut connection = BufReader::new(TcpStream::connect(self.address).expect("the server listens"));
        exchange(&mut connection, &self.request())
    }

    /// What each request took, over all connections, for one spell.
    fn load(&self) -> Vec<Duration> {
        let end = Instant::now() + SPELL;
        let request = self.request();
        let connection = || {
            let mut connection = BufReader::new(TcpStream::connect(self.address).expect("the server listens"));
            connection.get_ref().set_nodelay(true).expect("a TCP socket");
            let mut timings = Vec::new();
            while Instant::now() < end {
                let started = Instant::now();
                exchange(&mut connection, &request);
                timings.push(started.elapsed());
            }
            timings
        };
        std::thread::scope(|scope| {
            let connections: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(connection)).collect();
            connections.into_iter().flat_map(|connection| connection.join().expect("no connection breaks")).collect()
        })
    }
}

/// Sends a request and reads the answer's body, which must be a 200 with a length.
fn exchange(connection: &mut BufReader<TcpStream>, request: &[u8]) -> Vec<u8> {
    connection.get_mut().write_all(request).expect("the server reads");
    let mut line = String::new();
    let mut length = 0;
    connection.read_line(&mut line).expect("the server answers");
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    loop {
        line.clear();
        connection.read_line(&mut line).expect("the server answers");
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).expect("the whole body");
    body
}
