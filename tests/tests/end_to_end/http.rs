//! The demo shop over HTTP, with the reference plugin and with one that fails.

use cartwright_server::{Running, Server, ServerOptions};
use cartwright_tests::{cart, component, components_folder, demo_settings, engine, root};
use serde_json::{Value, json};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;

struct Shop {
    _folder: TempDir,
    running: Running,
}

/// A server with two shops: `demo` as in the demo, `broken` with a plugin that loops.
fn start() -> Shop {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = |name: &str, component: &str, settings: &str| {
        let place = folder.path().join(name);
        fs::create_dir(&place).expect("a shop's folder");
        let component = components_folder().join(component);
        let backup = json!([{ "service": "standard", "name": "Standard shipping", "price": 895, "currency": "USD" }]);
        let document = json!({
            "name": name,
            "plugins": { "shipping-quote": { "component": component, "settings": "settings.json" } },
            "fallbacks": { "shipping-quote": backup },
        });
        fs::write(place.join("shop.json"), document.to_string()).expect("written");
        fs::write(place.join("settings.json"), settings).expect("written");
    };
    shop("demo", "shipping_quote.wasm", &demo_settings());
    shop("broken", "hostile.wasm", r#"{"run": "loop"}"#);
    let running = serve(folder.path());
    Shop { _folder: folder, running }
}

fn serve(shops: &Path) -> Running {
    let mut options = ServerOptions::new(shops);
    options.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    Server::prepare(options, &mut |_| {}).expect("both shops install").start().expect("a free port")
}

impl Shop {
    fn post(&self, shop: &str, body: &[u8]) -> (u16, Value, String) {
        let address = format!("http://{}/v1/shops/{shop}/quotes", self.running.address());
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut response =
            agent.post(&address).header("content-type", "application/json").send(body).expect("an answer");
        let text = response.body_mut().read_to_string().expect("text");
        (response.status().as_u16(), serde_json::from_str(&text).expect("JSON"), text)
    }
}

#[test]
fn a_cart_gets_quotes_and_the_same_bytes_as_the_plugin_itself() {
    let shop = start();
    let request = cart(10);
    let body = serde_json::to_vec(&request).expect("JSON");
    let (status, answer, text) = shop.post("demo", &body);
    assert_eq!(status, 200, "{text}");
    assert!(answer["quotes"].as_array().is_some_and(|quotes| quotes.len() > 2), "{text}");
    assert_eq!(answer.get("fallback"), None);
    for _ in 0..20 {
        assert_eq!(shop.post("demo", &body).2, text, "every time the same bytes");
    }
    let plugin = engine().install(&component("shipping_quote"), &demo_settings()).expect("installs");
    let decision = plugin.call::<cartwright_runtime::hooks::ShippingQuote>(&request, &[]);
    let direct = serde_json::to_value(decision.answer().expect("it answers")).expect("JSON");
    for part in ["quotes", "parcels", "reasons"] {
        assert_eq!(answer[part], direct[part]);
    }
    assert_eq!(answer["plugins"][0]["snapshot"], plugin.snapshot());
}

#[test]
fn every_cart_of_the_demo_is_quoted() {
    let shop = start();
    for entry in fs::read_dir(root().join("xtask/demo/carts")).expect("the demo's carts").flatten() {
        let (status, answer, text) = shop.post("demo", &fs::read(entry.path()).expect("a cart"));
        assert_eq!(status, 200, "{}: {text}", entry.path().display());
        assert!(answer["quotes"].as_array().is_some_and(|quotes| !quotes.is_empty()), "{text}");
    }
}

#[test]
fn a_plugin_that_loops_costs_its_shop_the_plugin_and_nobody_else_anything() {
    let shop = start();
    let body = serde_json::to_vec(&cart(3)).expect("JSON");
    let (status, answer, text) = shop.post("broken", &body);
    assert_eq!(status, 200, "{text}");
    assert_eq!(answer["fallback"]["code"], "FUEL_EXHAUSTED");
    assert_eq!((&answer["quotes"][0]["price"], &answer["quotes"][0]["backup"]), (&json!(895), &json!(true)));
    assert_eq!(shop.post("demo", &body).1.get("fallback"), None, "the neighbour is served as before");
}

#[test]
fn bad_bodies_are_problems_that_name_the_place() {
    let shop = start();
    let good = serde_json::to_string(&cart(1)).expect("JSON");
    let changed = |from: &str, to: &str| good.replacen(from, to, 1).into_bytes();
    let bodies: [(Vec<u8>, u16, &str); 7] = [
        (good.as_bytes()[..good.len() / 2].to_vec(), 400, ""),
        (changed("\"quantity\":1", "\"quantity\":\"one\""), 400, "/lines/0/quantity"),
        (changed("\"quantity\":1", "\"quantity\":1,\"quantity\":2"), 400, ""),
        (changed("\"quantity\":1", "\"quantity\":0"), 422, "/lines/0/quantity"),
        (changed("\"currency\":\"USD\"", "\"currency\":\"EUR\""), 422, "/currency"),
        ("[".repeat(200_000).into_bytes(), 400, ""),
        (vec![b' '; 10 << 20], 413, ""),
    ];
    for (body, status, field) in bodies {
        let (found, problem, text) = shop.post("demo", &body);
        assert_eq!(found, status, "{text}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{text}");
        if !field.is_empty() {
            assert_eq!(problem["field"], field, "{text}");
        }
    }
    assert_eq!(shop.post("demo", good.as_bytes()).0, 200, "the next one is served as before");
    assert_eq!(shop.post("nobody", good.as_bytes()).0, 404);
}
