//! What a shop's pages ask before there is an order: bundles, the key, estimates by the server.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cartwright_contract::estimate::{Estimate, Question};
use cartwright_contract::shipping_quote::Request;
use cartwright_core::{bundle, shipping_quote};
use cartwright_server::{Running, Server, ServerOptions};
use cartwright_tests::{cart, components_folder, demo_settings};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;
use ureq::http::Response;

struct Pages {
    folder: TempDir,
    running: Running,
}

/// The demo shop with some stock, one that asks two plugins, one whose plugin does not describe itself, and a site.
fn start() -> Pages {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = |name: &str, plugins: Value, more: Value| {
        let place = folder.path().join("shops").join(name);
        fs::create_dir_all(&place).expect("a shop's folder");
        let mut document = json!({ "name": name, "plugins": { "shipping-quote": plugins } });
        document.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        fs::write(place.join("shop.json"), document.to_string()).expect("written");
        fs::write(place.join("settings.json"), demo_settings()).expect("written");
        fs::write(place.join("loop.json"), r#"{"run": "loop"}"#).expect("written");
    };
    let plugin =
        |file: &str, settings: &str| json!({ "component": components_folder().join(file), "settings": settings });
    let quotes = || plugin("shipping_quote.wasm", "settings.json");
    shop("demo", quotes(), json!({ "stock": { "reno": { "TENT": 4_000, "STOVE": 0 } } }));
    shop("two", json!([quotes(), quotes()]), json!({ "currency": "USD" }));
    shop("hostile", plugin("hostile.wasm", "loop.json"), json!({}));
    fs::create_dir(folder.path().join("site")).expect("a folder");
    fs::write(folder.path().join("site/index.html"), "<!doctype html><title>Shop</title>").expect("written");
    let running = serve(folder.path());
    Pages { folder, running }
}

fn serve(folder: &Path) -> Running {
    let mut options = ServerOptions::new(folder.join("shops"));
    options.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    options.state = Some(folder.join("state"));
    options.site = Some(folder.join("site"));
    Server::prepare(options, &mut |_| {}).expect("the shops install").start().expect("a free port")
}

/// A bundle taken apart.
struct Parts {
    header: Value,
    payload: Vec<u8>,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

fn take_apart(bytes: &[u8]) -> Parts {
    let length = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    assert_eq!((&bytes[..4], &bytes[4..6]), (&b"CWEB"[..], &[1, 0][..]));
    let header = 10..10 + length(6);
    let payload = header.end + 4..header.end + 4 + length(header.end);
    assert_eq!(bytes.len(), payload.end + 64);
    Parts {
        header: serde_json::from_slice(&bytes[header]).expect("JSON"),
        payload: bytes[payload.clone()].to_vec(),
        signed: bytes[..payload.end].to_vec(),
        signature: bytes[payload.end..].to_vec(),
    }
}

impl Pages {
    fn agent() -> ureq::Agent {
        ureq::Agent::config_builder().http_status_as_error(false).build().into()
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> (Response<ureq::Body>, Vec<u8>) {
        let mut request = Self::agent().get(format!("http://{}{path}", self.running.address()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().expect("an answer");
        let body = response.body_mut().read_to_vec().expect("a body");
        (response, body)
    }

    fn bundle(&self, shop: &str) -> Parts {
        take_apart(&self.get(&format!("/v1/shops/{shop}/estimate-bundle"), &[]).1)
    }

    fn key(&self) -> Vec<u8> {
        let document: Value = serde_json::from_slice(&self.get("/v1/shops/demo/estimate-key", &[]).1).expect("JSON");
        assert_eq!(document["algorithm"], "Ed25519");
        URL_SAFE_NO_PAD.decode(document["key"].as_str().expect("a key")).expect("base64url")
    }

    fn estimates(&self, shop: &str, question: &Value) -> (u16, Value) {
        let address = format!("http://{}/v1/shops/{shop}/estimates", self.running.address());
        let request = Self::agent().post(&address).header("content-type", "application/json");
        let mut response = request.send(question.to_string()).expect("an answer");
        let status = response.status().as_u16();
        (status, response.body_mut().read_json().expect("JSON"))
    }
}

/// A question of the tests' cart for a moment within the bundle.
fn question(at: &Value) -> Question {
    let Request { destination, lines, .. } = cart(5);
    let document = json!({
        "at": at,
        "destination": { "country": destination.country, "postalCode": destination.postal_code },
        "lines": lines,
    });
    serde_json::from_value(document).expect("a question")
}

#[test]
fn a_bundle_is_signed_with_the_published_key_and_answers_as_the_server_does() {
    let pages = start();
    let Parts { header, payload, mut signed, signature } = pages.bundle("demo");
    let key = UnparsedPublicKey::new(&ED25519, pages.key());
    assert!(key.verify(&signed, &signature).is_ok());
    signed[20] ^= 1;
    assert!(key.verify(&signed, &signature).is_err(), "one bit of the header");

    let question = question(&header["issued"]);
    let shop = bundle::read(&payload).expect("a bundle of this version");
    let request = question.clone().into_request("USD".into());
    let answer = shipping_quote::quote(&shop, &request).expect("an answer");
    let estimate = Estimate::of(answer, question.at, "USD".into());
    assert!(estimate.options.len() > 2);
    let (status, mut told) = pages.estimates("demo", &serde_json::to_value(&question).expect("JSON"));
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["plugins"][0]["snapshot"], header["plugin"]["snapshot"]);
    told.as_object_mut().expect("an object").remove("plugins");
    assert_eq!(told, serde_json::to_value(&estimate).expect("JSON"));
}

#[test]
fn a_bundle_stays_the_same_and_is_not_sent_twice() {
    let pages = start();
    let (first, body) = pages.get("/v1/shops/demo/estimate-bundle", &[("origin", "https://shop.example")]);
    let header = |response: &Response<ureq::Body>, name: &str| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    assert_eq!(header(&first, "access-control-allow-origin"), "*");
    assert!(header(&first, "access-control-expose-headers").contains("date"));
    assert!(!header(&first, "date").is_empty());
    let etag = header(&first, "etag");
    for tag in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}")] {
        let (again, body) = pages.get("/v1/shops/demo/estimate-bundle", &[("if-none-match", &tag)]);
        assert_eq!((again.status().as_u16(), body.len()), (304, 0), "{tag}");
        assert!(!header(&again, "date").is_empty(), "a page sets its clock by it");
    }
    assert_eq!(pages.get("/v1/shops/demo/estimate-bundle", &[("if-none-match", "\"other\"")]).1, body);

    let (compressed, less) = pages.get("/v1/shops/demo/estimate-bundle", &[("accept-encoding", "br")]);
    assert_eq!(header(&compressed, "content-encoding"), "br");
    assert!(less.len() <= 10_000, "the demo shop's bundle is {} bytes", less.len());

    let restarted = Pages { running: serve(pages.folder.path()), folder: tempfile::tempdir().expect("a folder") };
    assert_eq!(restarted.get("/v1/shops/demo/estimate-bundle", &[]).1, body, "the same key, the same bundle");
}

#[test]
fn stock_is_hinted_at_and_not_told() {
    let header = start().bundle("demo").header;
    assert_eq!(header["stock"], json!({ "reno": { "TENT": 10, "STOVE": 0 } }));
}

#[test]
fn what_cannot_be_described_says_why_and_the_server_answers_instead() {
    let pages = start();
    let Parts { header, payload, .. } = pages.bundle("two");
    assert_eq!((payload.len(), &header["currency"]), (0, &json!("USD")));
    assert!(header["undescribed"].as_str().is_some_and(|why| why.contains("several plugins")), "{header}");
    let (status, estimate) = pages.estimates("two", &serde_json::to_value(question(&header["issued"])).expect("JSON"));
    assert_eq!((status, estimate["plugins"].as_array().map(Vec::len)), (200, Some(2)), "{estimate}");

    let Parts { header, payload, .. } = pages.bundle("hostile");
    assert_eq!(payload.len(), 0);
    assert!(header["undescribed"].as_str().is_some_and(|why| why.contains("does not describe itself")), "{header}");
    let (status, problem) =
        pages.estimates("hostile", &serde_json::to_value(question(&header["issued"])).expect("JSON"));
    assert_eq!(status, 404);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("currency")), "{problem}");
}

#[test]
fn a_wrong_question_is_told_with_field_and_remedy() {
    let pages = start();
    let (status, problem) = pages.estimates("demo", &json!({ "destination": { "country": "Narnia" }, "lines": [] }));
    assert_eq!((status, &problem["field"]), (422, &json!("/destination/country")), "{problem}");
    let (status, problem) = pages.estimates("demo", &json!({ "destination": { "country": "US" }, "lines": "none" }));
    assert_eq!((status, &problem["field"]), (400, &json!("/lines")), "{problem}");
    assert_eq!(pages.get("/v1/shops/nobody/estimate-bundle", &[]).0.status().as_u16(), 404);
}

#[test]
fn a_site_stands_beside_the_api_and_hides_nothing_of_it() {
    let pages = start();
    let (index, body) = pages.get("/", &[]);
    assert_eq!(index.status().as_u16(), 200);
    assert!(String::from_utf8_lossy(&body).contains("<title>Shop</title>"));
    let (unknown, body) = pages.get("/v1/nothing", &[]);
    let problem: Value = serde_json::from_slice(&body).expect("a problem");
    assert_eq!((unknown.status().as_u16(), &problem["status"]), (404, &json!(404)));
    assert_eq!(pages.get("/../state/estimate-signing.key", &[]).0.status().as_u16(), 404);
    assert_eq!(pages.get("/%2e%2e/state/estimate-signing.key", &[]).0.status().as_u16(), 404);
}
