//! Several plugins on one hook, what happens when some or all fail, what each may see, and the two steps of a plan: real
//! components in the real host.

use cartwright_contract::address_validation::{self, Verdict as AddressVerdict};
use cartwright_contract::order_screening::{self, Verdict};
use cartwright_contract::outside::{HttpFailure, HttpReply, HttpResponse};
use cartwright_contract::return_policy::{self, RequestedReturn};
use cartwright_contract::shipping_quote::{Answer, Quote};
use cartwright_contract::{Address, Reason, order_routing};
use cartwright_runtime::composition::{Compose, CompositionError};
use cartwright_runtime::hooks::{AddressValidation, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use cartwright_runtime::outside::{Fetched, NoOutside, Outside, Plan};
use cartwright_runtime::{CallError, Composition, Plugin};
use cartwright_tests::{cart, component, engine};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Mutex;

fn plugin(settings: &Value) -> Plugin {
    engine().install(&component("scripted"), &settings.to_string()).expect("the scripted plugin installs")
}

/// A plugin that answers this.
fn answers(answer: &impl Serialize) -> Plugin {
    plugin(&json!({ "answer": serde_json::to_string(answer).expect("JSON") }))
}

fn fails() -> Plugin {
    plugin(&json!({ "fails": true }))
}

fn together<H: Compose>(plugins: Vec<Plugin>) -> Composition<H> {
    Composition::new(plugins).expect("these plugins stand together")
}

fn message<'a>(reasons: &'a [Reason], code: &str) -> &'a str {
    &reasons.iter().find(|reason| reason.code == code).unwrap_or_else(|| panic!("no {code} in {reasons:?}")).message
}

fn quotes(services: &[(&str, i64)]) -> Answer {
    let quote =
        |(service, price): &(&str, i64)| Quote { service: (*service).into(), price: *price, ..Quote::default() };
    Answer { quotes: services.iter().map(quote).collect(), ..Answer::default() }
}

fn order() -> order_screening::Request {
    let cart = cart(1);
    order_screening::Request {
        at: cart.at,
        order: "1001".into(),
        currency: cart.currency,
        lines: cart.lines,
        billing: Address { lines: vec!["1 Main St".into()], ..cart.destination.clone() },
        shipping: Address { lines: vec!["2 Side St".into()], ..cart.destination },
        payment: order_screening::Payment {
            method: "card".into(),
            card_fingerprint: Some("fp-1".into()),
            cardholder: Some("a name".into()),
            ..Default::default()
        },
        session: order_screening::Session { ip: Some("203.0.113.9".into()), ..Default::default() },
        ..Default::default()
    }
}

#[test]
fn quotes_of_two_plugins_add_up_and_a_plugin_that_fails_costs_only_its_own() {
    let mut plugins = vec![answers(&quotes(&[("slow", 900)])), answers(&quotes(&[("drone", 500)]))];
    let decided = together::<ShippingQuote>(plugins.clone()).decide(&cart(1), &NoOutside).expect("decided");
    let services = |answer: &Answer| answer.quotes.iter().map(|quote| quote.service.clone()).collect::<Vec<_>>();
    assert_eq!(services(&decided.answer), ["drone", "slow"]);
    assert_eq!(decided.fallback, None);

    plugins.insert(0, fails());
    let decided = together::<ShippingQuote>(plugins).decide(&cart(1), &NoOutside).expect("decided");
    assert_eq!(services(&decided.answer), ["drone", "slow"]);
    assert_eq!(decided.fallback, None, "two of three answered");
    assert!(message(&decided.answer.reasons, "PLUGIN_FAILED").contains("the script says so"));
    assert!(matches!(decided.parts[0].error, Some(CallError::Declined(_))));
    assert_eq!(decided.parts[1].error, None);
}

#[test]
fn the_hosts_fallback_answers_when_all_plugins_fail() {
    let backup = |_: &cartwright_contract::shipping_quote::Request| quotes(&[("backup", 895)]);
    let composition = together::<ShippingQuote>(vec![fails(), fails()]).with_fallback(backup);
    let decided = composition.decide(&cart(1), &NoOutside).expect("decided");
    assert_eq!(decided.answer.quotes[0].service, "backup");
    let fallback = decided.fallback.expect("it says that it is a fallback");
    assert_eq!(fallback.code, "DECLINED");
    assert!(fallback.message.contains("the script says so"), "{}", fallback.message);
}

#[test]
fn a_request_that_is_wrong_is_no_reason_for_a_fallback() {
    let mut empty = cart(1);
    empty.lines.clear();
    let error = together::<ShippingQuote>(vec![fails()]).decide(&empty, &NoOutside).expect_err("no lines");
    assert!(matches!(error, CallError::InvalidRequest(_)), "{error}");
}

#[test]
fn routing_has_one_owner_and_is_held_when_it_fails() {
    let two = Composition::<OrderRouting>::new(vec![fails(), fails()]).expect_err("two would ship it twice");
    assert_eq!(two, CompositionError::OneOwner { count: 2, hook: "order-routing" });
    let cart = cart(2);
    let request = order_routing::Request {
        at: cart.at,
        order: "1001".into(),
        currency: cart.currency,
        destination: cart.destination,
        lines: cart.lines,
        ..Default::default()
    };
    let decided = together::<OrderRouting>(vec![fails()]).decide(&request, &NoOutside).expect("decided");
    assert_eq!(decided.answer.disposition, order_routing::Disposition::Hold);
    assert_eq!(decided.answer.shipments, []);
    assert!(decided.fallback.is_some());
}

#[test]
fn the_strictest_screening_stands_and_a_failed_one_is_a_review() {
    let verdict = |plugins| {
        let decided = together::<OrderScreening>(plugins).decide(&order(), &NoOutside).expect("decided");
        (decided.answer.verdict, decided.fallback.is_some())
    };
    let says = |verdict| answers(&order_screening::Answer { verdict, ..Default::default() });
    assert_eq!(
        verdict(vec![says(Verdict::Accept), says(Verdict::Reject), says(Verdict::Review)]),
        (Verdict::Reject, false)
    );
    assert_eq!(verdict(vec![says(Verdict::Accept), fails()]), (Verdict::Review, false));
    assert_eq!(verdict(vec![says(Verdict::Reject), fails()]), (Verdict::Reject, false));
    assert_eq!(verdict(vec![fails()]), (Verdict::Review, true));
}

#[test]
fn the_first_plugin_that_corrects_an_address_does_so_and_the_next_checks_what_it_made_of_it() {
    let address = |city: &str| Address { country: "US".into(), city: Some(city.into()), ..Address::default() };
    let request = address_validation::Request { at: cart(1).at, address: address("Protland"), ..Default::default() };
    let says =
        |verdict, city: &str| address_validation::Answer { verdict, corrected: address(city), ..Default::default() };
    let plugins = vec![
        fails(),
        answers(&says(AddressVerdict::Corrected, "Portland")),
        answers(&says(AddressVerdict::Deliverable, "Portland")),
    ];
    let decided = together::<AddressValidation>(plugins).decide(&request, &NoOutside).expect("decided");
    assert_eq!(decided.answer.verdict, AddressVerdict::Corrected);
    assert_eq!(decided.answer.corrected.city.as_deref(), Some("Portland"));
    let shown: Vec<_> = decided.answer.reasons.iter().filter(|reason| reason.code == "REQUEST").collect();
    assert!(shown[0].message.contains("Protland"), "the one that corrects sees what the shopper wrote");
    assert!(shown[1].message.contains("Portland"), "the one that checks sees the correction: {}", shown[1].message);

    let decided = together::<AddressValidation>(vec![fails()]).decide(&request, &NoOutside).expect("decided");
    assert_eq!((decided.answer.verdict, decided.answer.corrected), (AddressVerdict::Unchecked, request.address));
}

#[test]
fn a_return_that_cannot_be_decided_waits_for_a_person_and_promises_no_money() {
    let cart = cart(1);
    let line = return_policy::DeliveredLine { paid: 1_299, line: cart.lines[0].clone(), ..Default::default() };
    let request = return_policy::Request {
        at: cart.at,
        order: "1001".into(),
        ordered: cart.at - 86_400,
        currency: cart.currency,
        origin: cart.destination,
        lines: vec![line],
        returns: vec![RequestedReturn { quantity: 1, ..Default::default() }],
        ..Default::default()
    };
    let decided = together::<ReturnPolicy>(vec![fails()]).decide(&request, &NoOutside).expect("decided");
    assert_eq!(decided.answer.decisions.len(), 1);
    assert_eq!(decided.answer.decisions[0].verdict, return_policy::Verdict::Review);
    assert_eq!((decided.answer.decisions[0].quantity, decided.answer.total_refund), (1, 0));
    assert!(decided.fallback.is_some());
}

#[test]
fn a_plugin_sees_the_personal_fields_that_it_declared_and_no_others() {
    let decided = together::<OrderScreening>(vec![plugin(&json!({}))]).decide(&order(), &NoOutside).expect("decided");
    let shown: Value = serde_json::from_str(message(&decided.answer.reasons, "REQUEST")).expect("JSON");
    assert_eq!(shown["payment"]["cardFingerprint"], "fp-1");
    assert_eq!(shown["billing"]["lines"], json!(["1 Main St"]));
    assert_eq!(shown["payment"].get("cardholder"), None);
    assert_eq!(shown["shipping"]["lines"], json!([]));
    assert_eq!(shown["session"].get("ip"), None);
    assert_eq!(shown["shipping"]["city"], "San Francisco", "what is not personal is there");
}

#[test]
fn what_a_plugin_may_not_see_of_an_address_it_cannot_lose_either() {
    let given = Address {
        country: "US".into(),
        city: Some("Protland".into()),
        name: Some("a name".into()),
        lines: vec!["1 Main St".into()],
        ..Address::default()
    };
    let corrected = Address { country: "US".into(), city: Some("Portland".into()), ..Address::default() };
    let answer = address_validation::Answer { verdict: AddressVerdict::Corrected, corrected, ..Default::default() };
    let request = address_validation::Request { at: cart(1).at, address: given.clone(), ..Default::default() };
    let decided = together::<AddressValidation>(vec![answers(&answer)]).decide(&request, &NoOutside).expect("decided");
    assert_eq!(decided.answer.corrected, Address { city: Some("Portland".into()), ..given });
}

/// Answers every request of a plan with its own URL, and notes who asked.
#[derive(Default)]
struct Echo {
    hosts: Mutex<Vec<Vec<String>>>,
}

impl Outside for Echo {
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched> {
        let mut hosts = self.hosts.lock().expect("no test panics while it holds this");
        hosts.extend(plans.iter().map(|plan| plan.hosts.to_vec()));
        let of = |plan: &Plan<'_>| {
            let reply = |request: &cartwright_contract::outside::HttpRequest| {
                let body = request.url.clone().into_bytes();
                let outcome = Ok(HttpReply { status: 200, body, ..HttpReply::default() });
                HttpResponse { id: request.id.clone(), outcome }
            };
            Ok(plan.requests.iter().map(reply).collect())
        };
        plans.iter().map(of).collect()
    }
}

fn fetching(host: &str) -> Plugin {
    let fetch = json!([{ "id": "rates", "url": format!("https://{host}/rates"), "timeout": 300 }]);
    plugin(&json!({ "host": host, "fetch": fetch }))
}

#[test]
fn what_plans_ask_for_is_fetched_in_one_go_and_handed_to_each_plugins_run() {
    let outside = Echo::default();
    let plugins = vec![fetching("a.example"), fetching("b.example")];
    let decided = together::<ShippingQuote>(plugins).decide(&cart(1), &outside).expect("decided");
    let seen: Vec<_> = decided.answer.reasons.iter().filter(|reason| reason.code == "RESPONSE").collect();
    assert_eq!(seen[0].message, "rates: 200 https://a.example/rates");
    assert_eq!(seen[1].message, "rates: 200 https://b.example/rates");
    let hosts = outside.hosts.into_inner().expect("no test panicked");
    assert_eq!(hosts, [["a.example"], ["b.example"]], "each may call the host of its own settings");
    assert_eq!(decided.parts[1].requests[0].url, "https://b.example/rates");
    assert_eq!(decided.parts[1].responses.len(), 1, "the answer's whole input is kept with it");
}

#[test]
fn a_plan_that_cannot_be_carried_out_is_the_plugins_failure() {
    struct Refuses;
    impl Outside for Refuses {
        fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched> {
            plans.iter().map(|_| Err("two requests have the same id".into())).collect()
        }
    }
    let decided = together::<ShippingQuote>(vec![fetching("a.example")]).decide(&cart(1), &Refuses).expect("decided");
    assert_eq!(decided.fallback.map(|fallback| fallback.code), Some("PLAN_REFUSED"));
}

#[test]
fn without_a_way_out_a_plan_is_refused_and_the_plugin_still_decides() {
    let decided = together::<ShippingQuote>(vec![fetching("a.example")]).decide(&cart(1), &NoOutside).expect("decided");
    assert_eq!(message(&decided.answer.reasons, "RESPONSE"), format!("rates: {:?}", HttpFailure::NotAllowed));
}
