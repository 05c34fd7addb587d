//! A request and an answer of each hook, of the contract's own types, and calls that hand them over.

use cartwright_contract::{
    Address, Coordinates, Customer, Line, Reason, address_validation, order_routing, order_screening, return_policy,
    shipping_quote,
};
use cartwright_records::{
    Call, Contents, Failed, Hook, LogLine, Part, Personal, PluginRef, RecordId, Sampling, ShopRecording, Stage,
};
use std::sync::Arc;

/// Stands in every personal value, and nowhere else.
pub const MARK: &str = "PERSONAL";
/// The same for numbers: millionths of a degree.
pub const MARKED_DEGREES: i32 = 45_678_901;

#[allow(clippy::unnecessary_wraps)] // the fields are options
fn marked(what: &str) -> Option<String> {
    Some(format!("{MARK} {what} \"ü\\"))
}

fn address(of: &str) -> Address {
    Address {
        country: "US".into(),
        subdivision: Some("OR".into()),
        city: Some("Portland".into()),
        postal_code: Some("97209".into()),
        lines: vec![format!("{MARK} {of} line 1"), format!("]}},{MARK}")],
        name: marked(of),
        company: marked(of),
        phone: marked(of),
        residential: Some(true),
        coordinates: Some(Coordinates { latitude: MARKED_DEGREES, longitude: -MARKED_DEGREES }),
    }
}

#[allow(clippy::unnecessary_wraps)] // the field is an option
fn customer() -> Option<Customer> {
    Some(Customer { id: marked("id"), email: marked("email"), tags: vec!["vip".into()], orders: 3 })
}

fn line() -> Line {
    Line { id: "1".into(), sku: "TENT".into(), quantity: 2, unit_price: 5_000, weight: 900, ..Line::default() }
}

pub fn reason(message: &str) -> Reason {
    Reason { code: "BECAUSE".into(), message: message.into(), figures: Vec::new() }
}

/// A request of this hook with every personal field set, as the server writes it.
pub fn request(hook: Hook) -> Vec<u8> {
    let (at, currency) = (1_763_737_200, String::from("USD"));
    let json = match hook {
        Hook::ShippingQuote => serde_json::to_vec(&shipping_quote::Request {
            at,
            currency,
            destination: address("destination"),
            lines: vec![line()],
            customer: customer(),
            ..shipping_quote::Request::default()
        }),
        Hook::OrderRouting => serde_json::to_vec(&order_routing::Request {
            at,
            currency,
            order: "D-1".into(),
            destination: address("destination"),
            lines: vec![line()],
            customer: customer(),
            ..order_routing::Request::default()
        }),
        Hook::OrderScreening => serde_json::to_vec(&order_screening::Request {
            at,
            currency,
            order: "D-1".into(),
            lines: vec![line()],
            customer: customer(),
            billing: address("billing"),
            shipping: address("shipping"),
            payment: order_screening::Payment {
                method: "card".into(),
                amount: 5_000,
                card_fingerprint: marked("card"),
                cardholder: marked("cardholder"),
                ..order_screening::Payment::default()
            },
            session: order_screening::Session {
                ip: marked("ip"),
                device: marked("device"),
                user_agent: marked("agent"),
                ip_country: Some("US".into()),
                ..order_screening::Session::default()
            },
            ..order_screening::Request::default()
        }),
        Hook::AddressValidation => {
            serde_json::to_vec(&address_validation::Request { at, address: address("address"), locale: "en".into() })
        }
        Hook::ReturnPolicy => serde_json::to_vec(&return_policy::Request {
            at,
            currency,
            order: "D-1".into(),
            origin: address("origin"),
            lines: vec![return_policy::DeliveredLine {
                line: line(),
                paid: 10_000,
                ..return_policy::DeliveredLine::default()
            }],
            customer: customer(),
            ..return_policy::Request::default()
        }),
    };
    json.unwrap()
}

/// An answer of this hook that quotes what is personal, with what the server adds.
pub fn quoting_answer(hook: Hook) -> Vec<u8> {
    let reasons = vec![reason(&format!("{MARK} was told"))];
    let answer = match hook {
        Hook::ShippingQuote => serde_json::to_value(shipping_quote::Answer { reasons, ..Default::default() }),
        Hook::OrderRouting => serde_json::to_value(order_routing::Answer { reasons, ..Default::default() }),
        Hook::OrderScreening => serde_json::to_value(order_screening::Answer { reasons, ..Default::default() }),
        Hook::AddressValidation => {
            serde_json::to_value(address_validation::Answer { corrected: address("address"), ..Default::default() })
        }
        Hook::ReturnPolicy => serde_json::to_value(return_policy::Answer { reasons, ..Default::default() }),
    };
    sent(answer.unwrap())
}

/// As the server sends it.
pub fn sent(mut answer: serde_json::Value) -> Vec<u8> {
    let members = answer.as_object_mut().unwrap();
    members.insert("plugins".into(), serde_json::json!([{"name":"p","version":"1.0.0"}]));
    members.insert("at".into(), "2026-11-21T15:00:00Z".into());
    serde_json::to_vec_pretty(&answer).unwrap()
}

/// What a plugin did, with everything that it may have quoted.
pub fn part() -> Part {
    let level = cartwright_contract::log::Level::Warn;
    Part {
        failed: Some(Failed { code: "PANICKED".into(), message: marked("panic") }),
        fuel: 1_000,
        memory: 65_536,
        micros: 40,
        log: vec![LogLine { level, message: format!("{MARK} in the log") }],
        plan: Some(format!(r#"{{"requests":[{{"url":"https://api.example/?q={MARK}"}}],"responses":[]}}"#)),
    }
}

pub fn plugin(sees_personal: bool) -> PluginRef {
    PluginRef {
        install: "019aa9d0-3c00-7000-8000-000000000001".into(),
        revision: 3,
        name: "p".into(),
        version: "1.0.0".into(),
        digest: format!("sha256:{}", "0".repeat(64)),
        snapshot: "1".repeat(64),
        sees_personal,
    }
}

pub fn shop(personal: Personal) -> Arc<ShopRecording> {
    Arc::new(ShopRecording { shop: "demo".into(), class: "standard".into(), sampling: Sampling::default(), personal })
}

/// A call that hands over these contents.
pub fn call(id: u128, shop: &Arc<ShopRecording>, hook: Hook, sees_personal: bool, contents: Contents) -> Call {
    Call {
        id: RecordId(id),
        at_millis: 1_763_737_200_000,
        shop: shop.clone(),
        hook,
        stage: Stage::Live,
        plugins: Arc::new([plugin(sees_personal)]),
        fallback: None,
        failed: false,
        fuel: 1_000,
        memory: 65_536,
        micros: 40,
        request_id: Some("r-1".into()),
        bytes: contents.request.len() + contents.answer.len(),
        contents: Box::new(move || contents),
    }
}
