//! Plugins that misbehave: each call ends with the name of what it breached, and the next is served as before.

use cartwright_contract::shipping_quote::Answer;
use cartwright_runtime::hooks::ShippingQuote;
use cartwright_runtime::{CallError, Decision, Engine, EngineOptions, InstallError, Limits, Plugin};
use cartwright_tests::{cart, component, engine};
use std::time::Duration;

fn limits() -> Limits {
    Limits { deadline: Duration::from_millis(200), configure_fuel: 100_000_000, ..Limits::default() }
}

fn installed(run: &str) -> Plugin {
    installed_with(run, limits())
}

fn installed_with(run: &str, limits: Limits) -> Plugin {
    let settings = format!("{{\"run\": \"{run}\"}}");
    engine().install_with(&component("hostile"), &settings, limits).expect("it behaves until it is called")
}

fn call(plugin: &Plugin) -> Decision<Answer> {
    plugin.call::<ShippingQuote>(&cart(3), &[])
}

fn error_of(run: &str) -> CallError {
    let plugin = installed(run);
    let error = call(&plugin).outcome.expect_err("it misbehaves");
    assert_eq!(call(&plugin).outcome.expect_err("it misbehaves again"), error, "the second call is judged alike");
    assert!(call(&installed("none")).outcome.is_ok(), "a neighbour is served as before");
    error
}

#[test]
fn a_loop_ends_with_its_fuel() {
    let CallError::FuelExhausted { limit } = error_of("loop") else { panic!("not named") };
    assert!(limit >= limits().fuel);
    let decision = call(&installed("loop"));
    assert!(
        decision.usage.fuel >= decision.usage.fuel_limit * 99 / 100,
        "what was burnt is told: {:?}",
        decision.usage
    );
}

#[test]
fn a_loop_with_more_fuel_than_time_ends_at_its_deadline() {
    let patient = Limits { fuel: u64::MAX / 4, ..limits() };
    let error = call(&installed_with("loop", patient)).outcome.expect_err("it loops");
    assert_eq!(error, CallError::DeadlinePassed { limit: Duration::from_millis(200) });
}

#[test]
fn endless_recursion_ends_and_is_named() {
    assert!(error_of("recurse").to_string().contains("too deep"), "{}", error_of("recurse"));
}

#[test]
fn endless_allocation_ends_at_the_memory_limit() {
    let error = error_of("allocate");
    let CallError::MemoryExceeded { wanted, limit } = error else { panic!("{error}") };
    assert_eq!(limit, limits().memory);
    assert!(wanted > limit);
}

#[test]
fn a_flood_of_log_ends_at_the_log_limit() {
    assert_eq!(error_of("floodLog"), CallError::LogTooLarge { limit: limits().log });
    let decision = call(&installed("floodLog"));
    assert!(decision.log.iter().map(|entry| entry.message.len()).sum::<usize>() <= limits().log);
}

#[test]
fn an_answer_of_megabytes_ends_at_the_output_limit() {
    assert_eq!(error_of("hugeAnswer"), CallError::OutputTooLarge { limit: limits().output });
}

#[test]
fn a_panic_is_told_with_its_message_and_place() {
    let CallError::Panicked { message } = error_of("panic") else { panic!("not named") };
    assert!(message.contains("the rate table has no row for zone 9"), "{message}");
    assert!(message.contains("lib.rs:"), "{message}");
}

#[test]
fn a_trap_is_told_with_its_kind() {
    let CallError::Trapped { message } = error_of("trap") else { panic!("not named") };
    assert!(message.contains("unreachable"), "{message}");
}

#[test]
fn a_plugin_that_declines_is_heard() {
    let CallError::Declined(failure) = error_of("decline") else { panic!("not named") };
    assert_eq!(failure.code, "NO_RATE_TABLE");
}

#[test]
fn nothing_survives_a_call() {
    let plugin = installed("remember");
    for _ in 0..20 {
        let decision = call(&plugin);
        assert_eq!(decision.answer().expect("it answers").reasons[0].message, "call 1 of this instance");
    }
}

#[test]
fn misbehaving_in_configure_refuses_the_install_and_names_the_limit() {
    for (misdeed, words) in [
        ("loop", "used up its fuel of 100000000"),
        ("recurse", "too deep"),
        ("allocate", "of memory, more than the limit of"),
        ("floodLog", "the log is more than the limit of"),
        ("panic", "the rate table has no row for zone 9"),
        ("trap", "unreachable"),
    ] {
        let settings = format!("{{\"configure\": \"{misdeed}\"}}");
        let refused = engine().install_with(&component("hostile"), &settings, limits()).err().expect(misdeed);
        assert!(matches!(refused, InstallError::Configure(_)), "{misdeed}: {refused}");
        assert!(refused.to_string().contains(words), "{misdeed}: {refused}");
    }
}

#[test]
fn a_request_larger_than_the_input_limit_is_refused_with_both_sizes() {
    let plugin = installed_with("none", Limits { input: 10_000, ..limits() });
    let error = plugin.call::<ShippingQuote>(&cart(200), &[]).outcome.expect_err("200 lines are more than 10 kB");
    let CallError::InputTooLarge { size, limit } = error else { panic!("{error}") };
    assert!(size > limit && limit == 10_000);
}

#[test]
fn a_request_outside_of_the_contract_reaches_no_plugin() {
    let mut request = cart(2);
    request.lines[1].quantity = 0;
    let error = installed("loop").call::<ShippingQuote>(&request, &[]).outcome.expect_err("quantity 0");
    assert!(error.to_string().contains("/lines/1/quantity: 0 is out of range"), "{error}");
}

#[test]
fn when_all_sandboxes_are_busy_a_call_is_told_so_and_later_ones_are_served() {
    let small = Engine::new(EngineOptions { sandboxes: 1, ..EngineOptions::default() }).expect("a small engine");
    let patient = Limits { fuel: u64::MAX / 4, ..limits() };
    let busy = small.install_with(&component("hostile"), r#"{"run": "loop"}"#, patient).expect("installs");
    let quick = small.install(&component("hostile"), "{}").expect("installs");
    std::thread::scope(|scope| {
        let looping = scope.spawn(|| {
            while call(&busy).outcome.expect_err("it loops") == (CallError::NoSandbox { slots: 1 }) {
                std::thread::yield_now();
            }
        });
        let full = loop {
            match call(&quick).outcome {
                Err(error) => break error,
                Ok(_) => assert!(!looping.is_finished(), "the loop held the only sandbox for 200 ms unnoticed"),
            }
        };
        assert_eq!(full, CallError::NoSandbox { slots: 1 });
        looping.join().expect("the looping call returns");
    });
    assert!(call(&quick).outcome.is_ok());
}
