//! The reference plugins on the demo shop's orders: in the sandbox as natively, and over HTTP.

use cartwright_contract::outside::HttpResponse;
use cartwright_contract::{address_validation, order_routing, order_screening, return_policy};
use cartwright_runtime::hooks::{AddressValidation, Hook, OrderRouting, OrderScreening, ReturnPolicy};
use cartwright_sdk::settings::{Configure, configure};
use cartwright_server::{Running, Server, ServerOptions};
use cartwright_tests::{component, components_folder, engine, root};
use serde_json::{Value, json};
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The demo shop's settings for a hook.
fn settings(hook: &str) -> String {
    let path = root().join(format!("xtask/demo/shops/demo/{hook}.json"));
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The demo's requests of a hook, by file.
fn orders(hook: &str) -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = fs::read_dir(root().join("xtask/demo/orders"))
        .expect("the demo's orders")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(hook)))
        .collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("readable"))).collect()
}

/// What a plugin answers natively.
type Natively<P, H> =
    fn(&P, &<H as Hook>::Request, &[HttpResponse]) -> Result<<H as Hook>::Answer, cartwright_contract::Failure>;

fn the_same_natively_and_in_the_sandbox<P: Configure, H: Hook>(natively: Natively<P, H>, least: usize) {
    let settings = settings(H::NAME);
    let plugin = engine().install(&component(&H::NAME.replace('-', "_")), &settings).expect("it installs");
    let native = configure::<P>(&settings).expect("the settings hold").plugin;
    let orders = orders(H::NAME);
    assert!(orders.len() >= least, "{} requests of {}", orders.len(), H::NAME);
    for (file, text) in orders {
        let request: H::Request = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let decision = plugin.call::<H>(&request, &[]);
        let natively = natively(&native, &request, &[]).expect("it answers natively");
        let sandboxed = decision.outcome.unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        assert_eq!(
            serde_json::to_value(&sandboxed).expect("JSON"),
            serde_json::to_value(&natively).expect("JSON"),
            "{}",
            file.display()
        );
        let share = decision.usage.fuel * 100 / decision.usage.fuel_limit;
        assert!(share < 60, "{} takes {share} % of its fuel", file.display());
    }
}

#[test]
fn an_order_is_routed_in_the_sandbox_as_natively() {
    the_same_natively_and_in_the_sandbox::<::order_routing::OrderRoutingPlugin, OrderRouting>(
        cartwright_sdk::order_routing::OrderRouting::run,
        3,
    );
}

#[test]
fn an_order_is_screened_in_the_sandbox_as_natively() {
    the_same_natively_and_in_the_sandbox::<::order_screening::OrderScreeningPlugin, OrderScreening>(
        cartwright_sdk::order_screening::OrderScreening::run,
        3,
    );
}

#[test]
fn an_address_is_checked_in_the_sandbox_as_natively() {
    the_same_natively_and_in_the_sandbox::<::address_validation::AddressValidationPlugin, AddressValidation>(
        cartwright_sdk::address_validation::AddressValidation::run,
        3,
    );
}

#[test]
fn a_return_is_decided_in_the_sandbox_as_natively() {
    the_same_natively_and_in_the_sandbox::<::return_policy::ReturnPolicyPlugin, ReturnPolicy>(
        cartwright_sdk::return_policy::ReturnPolicy::run,
        5,
    );
}

/// A server with the demo shop, from the components that were built for these tests.
fn demo_shop() -> (tempfile::TempDir, Running) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("demo");
    fs::create_dir(&place).expect("a shop's folder");
    let file = root().join("xtask/demo/shops/demo/shop.json");
    let mut shop: Value = serde_json::from_str(&fs::read_to_string(file).expect("readable")).expect("JSON");
    for (hook, plugin) in shop["plugins"].as_object_mut().expect("plugins by hook") {
        plugin["component"] = json!(components_folder().join(format!("{}.wasm", hook.replace('-', "_"))));
        fs::write(place.join(format!("{hook}.json")), settings(hook)).expect("written");
    }
    fs::write(place.join("shop.json"), shop.to_string()).expect("written");
    let mut options = ServerOptions::new(folder.path());
    options.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let running = Server::prepare(options, &mut |_| {}).expect("the demo shop installs").start().expect("a free port");
    (folder, running)
}

fn post(running: &Running, hook: &str, body: &str) -> (u16, Value) {
    let address = format!("http://{}/v1/shops/demo/{hook}", running.address());
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.post(&address).header("content-type", "application/json").send(body).expect("an answer");
    (response.status().as_u16(), response.body_mut().read_json().expect("JSON"))
}

#[test]
fn the_demo_shop_answers_at_every_hook_and_bad_requests_name_their_field() {
    let (_folder, running) = demo_shop();
    let hooks = [
        ("address-validation", "address-validations", "verdict", "/address/country", "country"),
        ("order-screening", "screenings", "score", "/payment/amount", "amount"),
        ("order-routing", "routings", "total", "/lines/0/quantity", "quantity"),
        ("return-policy", "returns", "totalRefund", "/returns/0/quantity", "quantity"),
    ];
    for (hook, address, member, field, key) in hooks {
        for (file, text) in orders(hook) {
            let (status, answer) = post(&running, address, &text);
            assert_eq!(status, 200, "{}: {answer}", file.display());
            assert_eq!(answer.get("fallback"), None, "{}: {answer}", file.display());
            assert!(answer.get(member).is_some(), "{}: {answer}", file.display());
            assert_eq!(answer["plugins"][0]["name"], hook);
        }
        let (_, text) = orders(hook).remove(0);
        let mut broken: Value = serde_json::from_str(&text).expect("JSON");
        let place = broken.pointer_mut(field).unwrap_or_else(|| panic!("{hook} has no {field}"));
        *place = if key == "country" { json!("Freedonia") } else { json!(-1) };
        let (status, problem) = post(&running, address, &broken.to_string());
        assert!(status == 400 || status == 422, "{hook}: {problem}");
        assert_eq!(problem["field"], field, "{hook}: {problem}");
    }
}

#[test]
fn the_host_counts_orders_for_a_platform_that_does_not() {
    let (_folder, running) = demo_shop();
    let file = root().join("xtask/demo/orders/order-screening.json");
    let text = fs::read_to_string(file).expect("the order that is accepted");
    let mut request: Value = serde_json::from_str(&text).expect("JSON");
    request.as_object_mut().expect("an object").remove("velocities");
    // Now: the counters refuse orders from a time that they no longer keep.
    request.as_object_mut().expect("an object").remove("at");
    let mut scores = Vec::new();
    for order in 0..12 {
        request["order"] = json!(format!("V-{order}"));
        let (status, answer) = post(&running, "screenings", &request.to_string());
        assert_eq!(status, 200, "{answer}");
        scores.push(answer["score"].as_u64().expect("a score"));
    }
    assert_eq!(scores[0], 0, "the first order of this card is as safe as the demo says");
    assert!(scores.is_sorted() && scores[11] > 0, "the twelfth within the hour is not: {scores:?}");
    let (_, again) = post(&running, "screenings", &request.to_string());
    assert_eq!(again["score"], scores[11], "an order that is screened again is not counted against itself");
}

#[test]
fn the_contracts_requests_are_the_ones_that_the_examples_are() {
    fn all<R: serde::de::DeserializeOwned + serde::Serialize>(hook: &str) {
        for (file, text) in orders(hook) {
            let request: R = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            let again = serde_json::to_string(&request).expect("JSON");
            let back: R = serde_json::from_str(&again).expect("what was written can be read");
            assert_eq!(serde_json::to_string(&back).expect("JSON"), again, "{}", file.display());
        }
    }
    all::<address_validation::Request>("address-validation");
    all::<order_screening::Request>("order-screening");
    all::<order_routing::Request>("order-routing");
    all::<return_policy::Request>("return-policy");
}
