//! What a plan costs besides the services' own time: `cargo run --release -p cartwright-outside --example outside-cost`.
//!
//! The service is on loopback and does nothing but answer.

use cartwright_contract::outside::HttpRequest;
use cartwright_outside::{Blocking, Hosts, Outside, OutsideOptions, Scope};
use std::error::Error;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const TIMES: usize = 20_000;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = [0; 4_096];
                while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {
                    let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"deliverable\":true}";
                    if stream.write_all(reply).await.is_err() {
                        return;
                    }
                }
            });
        }
    });

    let options =
        OutsideOptions { allow_http: true, allow_networks: vec!["127.0.0.0/8".parse()?], ..OutsideOptions::default() };
    let from = Instant::now();
    let outside = Outside::new(options.clone())?;
    println!("{:<44} {:>9.2} us", "set up", from.elapsed().as_secs_f64() * 1e6);
    let scope = Scope::new("demo", Hosts::new([address.to_string()])?);
    let request = |id: usize, cache_for| HttpRequest {
        id: id.to_string(),
        url: format!("http://{address}/v1/address?zip=97209"),
        cache_for,
        ..HttpRequest::default()
    };
    let (one, eight) = ([request(0, 0)], (0..8).map(|id| request(id, 0)).collect::<Vec<_>>());
    let cached = [request(0, 600)];
    for (name, plan) in
        [("a plan of 1, asked", one.as_slice()), ("a plan of 8, asked", &eight), ("a plan of 1, cached", &cached)]
    {
        told(name, || runtime.block_on(outside.fetch(&scope, plan)).is_ok_and(|f| f.responses[0].outcome.is_ok()));
    }
    let blocking = Blocking::new(options)?;
    told("a plan of 1, asked, from a thread", || blocking.fetch(&scope, &one).is_ok());
    told("a plan of 1, cached, from a thread", || blocking.fetch(&scope, &cached).is_ok());
    Ok(())
}

fn told(name: &str, mut once: impl FnMut() -> bool) {
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let from = Instant::now();
        assert!(once(), "{name}");
        took.push(from.elapsed());
    }
    took.sort_unstable();
    let us = |part: usize| took[TIMES * part / 100].as_secs_f64() * 1e6;
    println!("{name:<44} {:>9.2} us median, {:.2} us p99", us(50), us(99));
}
