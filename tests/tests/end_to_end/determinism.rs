//! The same request gives the same bytes: again, from many threads, after a restart, and natively.

use cartwright_contract::shipping_quote::Request;
use cartwright_runtime::hooks::ShippingQuote as Hook;
use cartwright_runtime::{Engine, EngineOptions, Plugin};
use cartwright_sdk::settings::configure;
use cartwright_sdk::shipping_quote::ShippingQuote as _;
use cartwright_tests::{cart, component, demo_settings, engine};
use shipping_quote::ShippingQuotePlugin;

fn bytes(plugin: &Plugin, request: &Request) -> (Vec<u8>, u64) {
    let decision = plugin.call::<Hook>(request, &[]);
    (serde_json::to_vec(decision.answer().expect("it answers")).expect("JSON"), decision.usage.fuel)
}

#[test]
fn the_same_request_gives_the_same_bytes_and_fuel_a_thousand_times_from_eight_threads_and_after_a_restart() {
    let plugin = engine().install(&component("shipping_quote"), &demo_settings()).expect("installs");
    let request = cart(10);
    let first = bytes(&plugin, &request);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..125 {
                    assert_eq!(bytes(&plugin, &request), first);
                }
            });
        }
    });
    let restarted = Engine::new(EngineOptions { sandboxes: 2, ..EngineOptions::default() }).expect("an engine");
    let again = restarted.install(&component("shipping_quote"), &demo_settings()).expect("installs");
    assert_eq!(again.snapshot(), plugin.snapshot(), "the snapshot is the same");
    assert_eq!(bytes(&again, &request), first);
}

#[test]
fn the_sandbox_and_the_native_function_give_the_same_bytes() {
    let plugin = engine().install(&component("shipping_quote"), &demo_settings()).expect("installs");
    let native = configure::<ShippingQuotePlugin>(&demo_settings()).expect("the settings hold").plugin;
    // ZIP codes from every region and some other countries; carts of one to thirty lines; instants over a year and its clock changes.
    let places = [
        ("US", "CA", "94107"),
        ("US", "NY", "11201"),
        ("US", "HI", "96815"),
        ("US", "AK", "99501"),
        ("US", "TX", "75201"),
        ("CA", "ON", "M5V 2T6"),
        ("GB", "", "SW1A 1AA"),
        ("JP", "13", "100-0001"),
        ("BR", "SP", "01310-100"),
    ];
    for (index, (country, subdivision, postal_code)) in (0u32..90).zip(places.into_iter().cycle()) {
        let mut request = cart(1 + (index * 7) % 30);
        request.at += i64::from(index) * (4 * 86_400 + 3_607);
        request.destination.country = country.into();
        request.destination.subdivision = (!subdivision.is_empty()).then(|| subdivision.into());
        request.destination.postal_code = Some(postal_code.into());
        request.lines[0].hazardous = index.is_multiple_of(11);
        let natively = native.run(&request, &[]).expect("it answers");
        let sandboxed = plugin.call::<Hook>(&request, &[]).outcome.expect("it answers");
        assert_eq!(
            serde_json::to_string(&sandboxed).expect("JSON"),
            serde_json::to_string(&natively).expect("JSON"),
            "{country} {postal_code}"
        );
    }
}
