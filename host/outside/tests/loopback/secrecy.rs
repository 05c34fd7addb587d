//! Secrets go to the host that they are for, and nowhere else.

use crate::server::*;
use cartwright_contract::outside::{HttpFailure, HttpRequest, Method};
use cartwright_outside::{Hosts, Outside, Recording, Scope, Secrets};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

const VALUE: &str = "sk-live-0123456789";

fn with_secret(server: &Server) -> Scope {
    Scope { secrets: Secrets::new().with("API_KEY", VALUE).unwrap(), ..scope(server) }
}

fn keyed(server: &Server, path: &str) -> HttpRequest {
    HttpRequest { headers: vec![field("X-Api-Key", "Bearer {{secret:API_KEY}}")], ..get("a", &server.url(path)) }
}

/// What is logged, at the finest level, by every library too.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logged {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_service_sees_the_secret_and_the_plugin_the_recording_and_the_log_do_not() {
    let logged = Logged::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(logged.clone());
    // This test has one thread, so that this covers the connection too.
    let guard = tracing::subscriber::set_default(subscriber.finish());
    let server = Server::start().await;
    let (outside, scope) = (outside(), with_secret(&server));
    // One that repeats the secret in head and body, one that fails afterwards, one that is refused.
    let plan = vec![
        keyed(&server, "/echo"),
        HttpRequest { id: "b".into(), ..keyed(&server, "/hang-up") },
        HttpRequest { id: "c".into(), cache_for: 60, ..keyed(&server, "/endless") },
        HttpRequest { id: "d".into(), ..keyed(&server, "/ok") }
            .clone_with_header("x-other", "{{secret:API_KEY}}{{secret:NO_SUCH}}"),
    ];
    let fetched = outside.fetch(&scope, &plan).await.unwrap();
    drop(guard);

    assert!(server.seen().iter().any(|request| request.contains(&format!("\r\nx-api-key: Bearer {VALUE}\r\n"))));
    let echo = fetched.responses[0].outcome.as_ref().unwrap();
    assert!(echo.headers.contains(&field("x-echo", "Bearer {{secret:API_KEY}}")), "{:?}", echo.headers);
    assert!(String::from_utf8_lossy(&echo.body).contains("x-api-key: Bearer {{secret:API_KEY}}\r\n"));
    assert_eq!(fetched.responses[3].outcome, Err(HttpFailure::NotAllowed));
    let why = fetched.accounts[3].problem.as_ref().unwrap().to_string();
    assert!(why.contains("there is no secret \"NO_SUCH\" for this shop"), "{why}");

    let recording = serde_json::to_string(&Recording::new(plan, fetched.responses.clone())).unwrap();
    assert!(recording.contains("{{secret:API_KEY}}"));
    let log = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("UNKNOWN_SECRET") && log.contains("hyper"), "the log is read at its finest: {log}");
    for (what, text) in [
        ("recording", recording),
        ("accounts", format!("{fetched:?}")),
        ("scope", format!("{scope:?}")),
        ("outside", format!("{outside:?} {:?}", outside.breakers())),
        ("log", log),
    ] {
        assert!(!text.contains("sk-live"), "the {what} shows the secret: {text}");
    }
}

trait CloneWithHeader {
    fn clone_with_header(&self, name: &str, value: &str) -> Self;
}

impl CloneWithHeader for HttpRequest {
    fn clone_with_header(&self, name: &str, value: &str) -> Self {
        let mut request = self.clone();
        request.headers.push(field(name, value));
        request
    }
}

#[tokio::test]
async fn a_secret_is_put_into_values_of_headers_only() {
    let server = Server::start().await;
    let request = HttpRequest {
        method: Method::Post,
        body: b"{{secret:API_KEY}}".to_vec(),
        ..get("a", &server.url("/echo?key=%7B%7Bsecret:API_KEY%7D%7D"))
    };
    let reply = ask(&outside(), &with_secret(&server), &request).await.unwrap();
    assert!(!String::from_utf8_lossy(&reply.body).contains(VALUE));
    assert!(!server.seen()[0].contains(VALUE));
    assert!(server.seen()[0].ends_with("{{secret:API_KEY}}"), "a shopper may write that; it goes out as it is");
}

#[tokio::test]
async fn a_secret_for_another_host_stays_here() {
    let server = Server::start().await;
    let hosts = Hosts::new(["api.example"]).unwrap();
    let secrets = Secrets::new().with_for("API_KEY", VALUE, hosts).unwrap();
    let scope = Scope { secrets, ..scope(&server) };
    assert_eq!(code(&outside(), &scope, &keyed(&server, "/ok")).await, "SECRET_NOT_FOR_HOST");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_cached_reply_is_kept_without_the_secret_and_needs_it_all_the_same() {
    let server = Server::start().await;
    let outside: Outside = outside();
    let scope = with_secret(&server);
    let request = HttpRequest { cache_for: 60, ..keyed(&server, "/echo") };
    for _ in 0..2 {
        let reply = ask(&outside, &scope, &request).await.unwrap();
        assert!(!String::from_utf8_lossy(&reply.body).contains(VALUE));
    }
    assert_eq!(server.count(), 1);
    let without = Scope { secrets: Secrets::new(), ..scope };
    assert_eq!(code(&outside, &without, &request).await, "UNKNOWN_SECRET");
}

#[tokio::test]
async fn cookies_are_not_handed_on() {
    let server = Server::start().await;
    let reply = ask(&outside(), &scope(&server), &get("a", &server.url("/cookie"))).await.unwrap();
    assert!(reply.headers.iter().all(|field| field.name != "set-cookie"), "{:?}", reply.headers);
}
