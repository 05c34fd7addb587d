//! The two steps of a plan over HTTP: the server asks a real service on loopback on the plugin's behalf. How single requests go
//! wrong is tested beside the crate that makes them; here it is who may ask whom, with which secret, and what the shopper gets.

use cartwright_server::{Running, Server, ServerOptions};
use cartwright_tests::{cart, components_folder};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use tempfile::TempDir;

/// A service that answers `/rates` with a price, and never answers `/slow`. What it was sent comes out of the channel.
fn service() -> (SocketAddr, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    let (tell, heard) = channel();
    thread::spawn(move || {
        let mut kept: Vec<TcpStream> = Vec::new();
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let head: Vec<String> =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let slow = head.first().is_some_and(|line| line.contains("/slow"));
            // Nobody listens any more at the end of the test.
            let _ = tell.send(head);
            if !slow {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\n895");
            }
            kept.push(stream);
        }
    });
    (address, heard)
}

struct Shop {
    folder: TempDir,
    running: Running,
}

/// A shop whose plugin's plan is `fetch`, for the hosts in `host`.
fn shop(host: &str, fetch: &Value) -> Shop {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("demo");
    fs::create_dir(&place).expect("a shop's folder");
    let document = json!({
        "name": "demo",
        "plugins": { "shipping-quote": { "component": components_folder().join("scripted.wasm"), "settings": "settings.json" } },
        "secrets": { "RATES_KEY": { "file": "rates.key" } },
    });
    fs::write(place.join("shop.json"), document.to_string()).expect("written");
    fs::write(place.join("rates.key"), "open-sesame-1234\n").expect("written");
    fs::write(place.join("settings.json"), json!({ "host": host, "fetch": fetch }).to_string()).expect("written");
    let mut options = ServerOptions::new(folder.path());
    options.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    options.outside.allow_http = true;
    options.outside.allow_networks = vec!["127.0.0.0/8".parse().expect("a network")];
    let running = Server::prepare(options, &mut |_| {}).expect("it installs").start().expect("a free port");
    Shop { folder, running }
}

/// The lines in which the plugin tells what it was given.
fn responses(shop: &Shop) -> Vec<String> {
    let address = format!("http://{}/v1/shops/demo/quotes", shop.running.address());
    let body = serde_json::to_vec(&cart(1)).expect("JSON");
    let mut response =
        ureq::post(&address).header("content-type", "application/json").send(&body[..]).expect("an answer");
    let answer: Value = response.body_mut().read_json().expect("JSON");
    assert_eq!(answer.get("fallback"), None, "{answer}");
    let reasons = answer["reasons"].as_array().cloned().unwrap_or_default();
    let of_responses = reasons.iter().filter(|reason| reason["code"] == "RESPONSE");
    of_responses.map(|reason| reason["message"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_plans_request_carries_the_shops_secret_and_its_reply_reaches_the_plugin() {
    let (address, heard) = service();
    let url = format!("http://{address}/rates");
    let shop = shop(
        &address.to_string(),
        &json!([{ "id": "rates", "url": url, "authorization": "Bearer {{secret:RATES_KEY}}", "timeout": 2000 }]),
    );
    assert_eq!(responses(&shop), ["rates: 200 895"]);
    let head = heard.recv().expect("it was asked");
    assert!(head.iter().any(|line| line.eq_ignore_ascii_case("authorization: Bearer open-sesame-1234")), "{head:?}");
    assert!(shop.folder.path().exists());
}

#[test]
fn a_reply_is_used_again_for_as_long_as_the_plugin_says() {
    let (address, heard) = service();
    let url = format!("http://{address}/rates");
    let shop = shop(&address.to_string(), &json!([{ "id": "rates", "url": url, "timeout": 2000, "cacheFor": 3600 }]));
    for _ in 0..3 {
        assert_eq!(responses(&shop), ["rates: 200 895"]);
    }
    assert!(heard.recv().is_ok());
    assert!(heard.try_recv().is_err(), "the service was asked once");
}

#[test]
fn who_is_slow_down_or_not_on_the_list_costs_the_plugin_a_reply_and_the_shopper_nothing() {
    let (address, _heard) = service();
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let shop = shop(
        &address.to_string(),
        &json!([
            { "id": "slow", "url": format!("http://{address}/slow"), "timeout": 50 },
            { "id": "other", "url": format!("http://{gone}/rates"), "timeout": 2000 },
            { "id": "rates", "url": format!("http://{address}/rates"), "timeout": 2000 },
        ]),
    );
    assert_eq!(responses(&shop), ["slow: TimedOut", "other: NotAllowed", "rates: 200 895"]);
    let down = self::shop(
        &gone.to_string(),
        &json!([{ "id": "down", "url": format!("http://{gone}/rates"), "timeout": 2000 }]),
    );
    assert_eq!(responses(&down), ["down: Unreachable"]);
}

#[test]
fn a_secret_that_only_the_settings_know_keeps_the_server_from_starting_and_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("demo");
    fs::create_dir(&place).expect("a shop's folder");
    let component = components_folder().join("scripted.wasm");
    let plugin = json!({ "component": component, "settings": "settings.json" });
    let document = json!({ "name": "demo", "plugins": { "shipping-quote": plugin } });
    fs::write(place.join("shop.json"), document.to_string()).expect("written");
    let fetch = json!([{ "id": "a", "url": "https://a.example", "authorization": "{{secret:NOBODYS}}", "timeout": 1 }]);
    fs::write(place.join("settings.json"), json!({ "fetch": fetch }).to_string()).expect("written");
    let Err(error) = Server::prepare(ServerOptions::new(folder.path()), &mut |_| {}) else { panic!("it starts") };
    assert!(error.to_string().contains("NOBODYS"), "{error}");
}

#[test]
fn a_secret_that_is_not_there_keeps_the_server_from_starting_and_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("demo");
    fs::create_dir(&place).expect("a shop's folder");
    let document = json!({ "name": "demo", "secrets": { "RATES_KEY": { "env": "CARTWRIGHT_TEST_NO_SUCH_VARIABLE" } } });
    fs::write(place.join("shop.json"), document.to_string()).expect("written");
    let Err(error) = Server::prepare(ServerOptions::new(folder.path()), &mut |_| {}) else { panic!("it starts") };
    let message = error.to_string();
    assert!(message.contains("/secrets/RATES_KEY"), "{message}");
    assert!(message.contains("CARTWRIGHT_TEST_NO_SUCH_VARIABLE"), "{message}");
}
