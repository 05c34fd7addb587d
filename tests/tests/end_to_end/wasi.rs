//! What a component finds when it asks the world around it: a clock that stands at the request's time, randomness drawn from the
//! request, waiting that takes no time, and nothing else.

use cartwright_contract::shipping_quote::{Answer, Request};
use cartwright_runtime::hooks::ShippingQuote;
use cartwright_runtime::{Decision, Plugin};
use cartwright_tests::{cart, component, engine};

fn plugin() -> Plugin {
    engine().install(&component("worldly"), "{}").expect("what it imports is offered")
}

fn ask(plugin: &Plugin, request: &Request) -> Decision<Answer> {
    plugin.call::<ShippingQuote>(request, &[])
}

fn told(decision: &Decision<Answer>, code: &str) -> String {
    let answer = decision.answer().expect("it answers");
    answer.reasons.iter().find(|reason| reason.code == code).expect(code).message.clone()
}

#[test]
fn it_does_import_wasi() {
    let imports = &plugin().facts().imports.clone();
    for interface in ["wasi:clocks/wall-clock", "wasi:clocks/monotonic-clock", "wasi:random/", "wasi:filesystem/"] {
        assert!(imports.iter().any(|import| import.starts_with(interface)), "{interface} is not among {imports:?}");
    }
}

#[test]
fn the_clock_stands_at_the_requests_time() {
    let request = cart(1);
    assert_eq!(told(&ask(&plugin(), &request), "CLOCK"), request.at.to_string());
}

#[test]
fn randomness_is_the_same_for_the_same_request_and_another_for_another() {
    let plugin = plugin();
    let random = |lines| told(&ask(&plugin, &cart(lines)), "RANDOM");
    assert_eq!(random(1), random(1));
    assert_ne!(random(1), random(2));
}

#[test]
fn an_hours_sleep_takes_no_time_by_the_plugins_clock() {
    // Nor by ours: with a real clock behind it this test would take that hour.
    assert_eq!(told(&ask(&plugin(), &cart(1)), "SLEPT"), "0");
}

#[test]
fn there_are_no_files_and_no_environment_and_stdout_is_the_log() {
    let decision = ask(&plugin(), &cart(1));
    assert_eq!(told(&decision, "FILES"), "none");
    assert_eq!(told(&decision, "ENVIRONMENT"), "0");
    assert!(decision.log.iter().any(|entry| entry.message.contains("printed")), "{:?}", decision.log);
}
