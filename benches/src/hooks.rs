//! Table 8: each hook's reference plugin through the sandbox beside the same plugin natively, on the demo shop's order; and routing by size.

use crate::fixtures::{component, engine, root};
use crate::stats::in_turn;
use cartwright_contract::order_routing::{self, Location};
use cartwright_contract::outside::HttpResponse;
use cartwright_contract::{Address, Failure, Line};
use cartwright_runtime::hooks::{AddressValidation, Hook, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use cartwright_sdk::settings::{Configure, configure};
use std::hint::black_box;

/// What a plugin answers natively.
type Natively<P, H> = fn(&P, &<H as Hook>::Request, &[HttpResponse]) -> Result<<H as Hook>::Answer, Failure>;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// One line: the request through both.
fn row<P: Configure, H: Hook>(name: &str, settings: &str, request: &H::Request, natively: Natively<P, H>) {
    let code = component(&H::NAME.replace('-', "_"));
    let plugin = engine().install(&code, settings).expect("the reference plugin installs");
    let native = configure::<P>(settings).expect("the settings hold").plugin;
    let decision = plugin.call::<H>(request, &[]);
    let answer = serde_json::to_value(decision.answer().expect("it answers")).expect("JSON");
    let beside = serde_json::to_value(natively(&native, request, &[]).expect("it answers")).expect("JSON");
    assert_eq!(answer, beside, "the same answer");
    let [direct, sandboxed] = in_turn(
        2_000,
        [&mut || drop(black_box(natively(&native, black_box(request), &[]))), &mut || {
            drop(black_box(plugin.call::<H>(black_box(request), &[])));
        }],
    );
    println!(
        "{name:<28} {:>10.1} {:>11.1} {:>7.2} {:>9.1} {:>11} {:>13}",
        direct.median(),
        sandboxed.median(),
        sandboxed.median() / direct.median(),
        sandboxed.permille(990),
        decision.usage.fuel,
        code.len() / 1_000,
    );
}

/// The same with the demo's settings and a request from a file.
fn demo<P: Configure, H: Hook>(file: &str, natively: Natively<P, H>) {
    let settings = read(&format!("xtask/demo/shops/demo/{}.json", H::NAME));
    let mut request: serde_json::Value = serde_json::from_str(&read(file)).expect("JSON");
    // The carts of the demo leave the time to the server.
    if request.get("at").is_none() {
        request["at"] = "2026-11-23T18:00:00Z".into();
    }
    let request: H::Request = serde_json::from_value(request).expect("a request");
    row::<P, H>(H::NAME, &settings, &request, natively);
}

/// An order of so many lines for so many locations, half of which have any given line; the same on every machine.
fn order(lines: u64, locations: u64) -> order_routing::Request {
    let mut state = lines * 1_000 + locations;
    let mut next = move |below: u64| {
        // Knuth's MMIX generator; its low bits are poor.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let line = |index: u64| Line {
        id: index.to_string(),
        sku: format!("SKU-{index}"),
        quantity: 1,
        unit_price: 2_000,
        weight: 500,
        physical: true,
        ..Line::default()
    };
    let mut location = |index: u64| {
        let far = next(300);
        Location {
            id: format!("L-{index}"),
            country: "US".into(),
            available: (0..lines).map(|_| u32::from(next(2) == 0)).collect(),
            unit_costs: (0..lines).map(|_| (50 + far + next(300)).cast_signed()).collect(),
            shipment_cost: (300 + next(900)).cast_signed(),
            ..Location::default()
        }
    };
    order_routing::Request {
        at: 1_795_424_400,
        order: "1".into(),
        currency: "USD".into(),
        destination: Address { country: "US".into(), ..Address::default() },
        lines: (0..lines).map(line).collect(),
        locations: (0..locations).map(&mut location).collect(),
        ..order_routing::Request::default()
    }
}

pub fn print() {
    println!(
        "{:<28} {:>10} {:>11} {:>7} {:>9} {:>11} {:>13}",
        "hook", "native µs", "sandbox µs", "ratio", "p99 µs", "fuel", "component kB"
    );
    demo::<address_validation::AddressValidationPlugin, AddressValidation>(
        "xtask/demo/orders/address-validation.json",
        cartwright_sdk::address_validation::AddressValidation::run,
    );
    demo::<shipping_quote::ShippingQuotePlugin, ShippingQuote>(
        "xtask/demo/carts/tent-and-stove.json",
        cartwright_sdk::shipping_quote::ShippingQuote::run,
    );
    demo::<order_screening::OrderScreeningPlugin, OrderScreening>(
        "xtask/demo/orders/order-screening-review.json",
        cartwright_sdk::order_screening::OrderScreening::run,
    );
    demo::<::order_routing::OrderRoutingPlugin, OrderRouting>(
        "xtask/demo/orders/order-routing.json",
        cartwright_sdk::order_routing::OrderRouting::run,
    );
    demo::<return_policy::ReturnPolicyPlugin, ReturnPolicy>(
        "xtask/demo/orders/return-policy.json",
        cartwright_sdk::return_policy::ReturnPolicy::run,
    );
    let settings = r#"{ "currency": "USD", "penalties": { "split": 150, "backorder": 5000 } }"#;
    for (lines, locations) in [(3, 20), (5, 200), (10, 200), (20, 100), (30, 50), (30, 200)] {
        row::<::order_routing::OrderRoutingPlugin, OrderRouting>(
            &format!("order-routing, {lines} x {locations}"),
            settings,
            &order(lines, locations),
            cartwright_sdk::order_routing::OrderRouting::run,
        );
    }
    println!("\neach line one request 2,000 times, both ways in turn; routing by lines x locations, half in stock.");
}
