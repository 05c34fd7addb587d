//! The quotes endpoint with plugins of a few instructions: what is refused, what falls back, what stays the same.

use crate::common::plugin::{ANSWERS_NOTHING, DECLINES, DECLINES_A_FIELD, LOOPS, PAYS_THE_SHOPPER, TRAPS};
use crate::common::{Folder, ask, get, quotes, raw, start};
use serde_json::json;
use std::time::Duration;

const CART: &str = r#"{"at":"2026-11-21T15:00:00Z","currency":"USD","destination":{"country":"US","postalCode":"94107"},
    "lines":[{"id":"1","sku":"boot","quantity":1,"unitPrice":12900,"weight":1400}]}"#;
const RATES: &str = r#"[{"service":"standard","name":"Standard shipping","price":895,"currency":"USD"}]"#;

#[test]
fn an_answer_is_the_same_bytes_every_time_and_its_cost_stands_in_headers() {
    let folder = Folder::new();
    folder.shop("quick", ANSWERS_NOTHING, "[]");
    let server = start(folder.options());
    let first = quotes(server.address(), "quick", CART);
    assert_eq!(first.status, 200, "{first:?}");
    let body = first.json();
    assert_eq!(body["at"], "2026-11-21T15:00:00Z");
    assert_eq!(body["quotes"], json!([]));
    assert_eq!(body["plugins"][0]["name"], "plugin");
    assert_eq!(body.get("fallback"), None);
    assert!(first.header("server-timing").is_some_and(|timing| timing.starts_with("plugin;dur=")));
    assert!(first.header("cartwright-memory").is_some_and(|bytes| bytes == "4194304"));
    for _ in 0..20 {
        let again = quotes(server.address(), "quick", CART);
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("cartwright-fuel"), first.header("cartwright-fuel"));
    }
    drop(server);
    let restarted = start(folder.options());
    assert_eq!(quotes(restarted.address(), "quick", CART).body, first.body);
}

#[test]
fn a_cart_without_a_moment_is_quoted_for_now() {
    let folder = Folder::new();
    folder.shop("quick", ANSWERS_NOTHING, "[]");
    let server = start(folder.options());
    let cart = CART.replace(r#""at":"2026-11-21T15:00:00Z","#, "");
    let at = quotes(server.address(), "quick", cart).json()["at"].as_str().expect("a moment").to_owned();
    assert!(at.as_str() > "2026" && at.ends_with('Z'), "{at}");
}

#[test]
fn a_plugin_that_fails_is_answered_by_the_backup_rates_and_the_reason() {
    let folder = Folder::new();
    folder.shop("traps", TRAPS, RATES);
    folder.shop("loops", LOOPS, RATES);
    folder.shop("declines", DECLINES, RATES);
    folder.shop("poor", TRAPS, "[]");
    let mut options = folder.options();
    options.plugins.fuel = 100_000;
    let server = start(options);
    for (shop, code) in [("traps", "TRAPPED"), ("loops", "FUEL_EXHAUSTED"), ("declines", "DECLINED")] {
        let reply = quotes(server.address(), shop, CART);
        assert_eq!(reply.status, 200, "{reply:?}");
        let body = reply.json();
        assert_eq!(body["fallback"]["code"], code);
        assert_eq!(body["quotes"][0]["price"], 895);
        assert_eq!(body["quotes"][0]["backup"], true);
    }
    let poor = quotes(server.address(), "poor", CART).json();
    assert_eq!((&poor["quotes"], &poor["reasons"][0]["code"]), (&json!([]), &json!("NO_BACKUP_RATE")));
    assert_eq!(poor["fallback"]["code"], "TRAPPED");
    let metrics = get(server.address(), "/metrics").body;
    assert!(
        metrics.contains(r#"cartwright_fallbacks_total{shop="traps",hook="shipping-quote",code="TRAPPED"} 1"#),
        "{metrics}"
    );
}

#[test]
fn an_answer_that_breaks_the_contract_is_never_passed_on() {
    let folder = Folder::new();
    folder.shop("generous", PAYS_THE_SHOPPER, RATES);
    let server = start(folder.options());
    let body = quotes(server.address(), "generous", CART).json();
    assert_eq!(body["fallback"]["code"], "ANSWER_BREAKS_CONTRACT", "{body}");
    assert_eq!(body["quotes"][0]["price"], 895);
}

#[test]
fn what_the_request_says_wrongly_is_a_problem_that_names_the_field() {
    let folder = Folder::new();
    folder.shop("quick", ANSWERS_NOTHING, RATES);
    folder.shop("picky", DECLINES_A_FIELD, RATES);
    let server = start(folder.options());
    let refused = |shop: &str, cart: &str| {
        let reply = quotes(server.address(), shop, cart);
        let (status, code) = reply.problem();
        (status, code, reply.json()["field"].as_str().unwrap_or_default().to_owned())
    };
    let problem = |status, code: &str, field: &str| (status, code.to_owned(), field.to_owned());
    assert_eq!(refused("picky", CART), problem(422, "OUT_OF_BOXES", "/lines/0/size"));
    let none = CART.replace("\"quantity\":1", "\"quantity\":0");
    assert_eq!(refused("quick", &none), problem(422, "OUT_OF_RANGE", "/lines/0/quantity"));
    let negative = CART.replace("\"quantity\":1", "\"quantity\":-1");
    assert_eq!(refused("quick", &negative), problem(400, "MALFORMED_JSON", "/lines/0/quantity"));
    assert_eq!(refused("quick", &CART[..CART.len() - 2]).0, 400);
    assert_eq!(refused("quick", &format!("{CART}{CART}")), problem(400, "MALFORMED_JSON", ""));
    assert_eq!(refused("quick", &"[".repeat(1_000_000)).0, 400);
    assert_eq!(refused("quick", ""), problem(400, "MALFORMED_JSON", ""));
    let wrong = quotes(server.address(), "quick", "{\n  \"currency\": 5}").json();
    assert_eq!((&wrong["line"], &wrong["column"], &wrong["field"]), (&json!(2), &json!(15), &json!("/currency")));
}

#[test]
fn bodies_that_are_too_large_wrongly_declared_or_slow_are_refused() {
    let folder = Folder::new();
    folder.shop("quick", ANSWERS_NOTHING, RATES);
    let mut options = folder.options();
    options.clients.upload = Duration::from_millis(100);
    let server = start(options);
    let address = server.address();
    let large = " ".repeat(10_000_000);
    assert_eq!(quotes(address, "quick", large).problem(), (413, "BODY_TOO_LARGE".into()));
    let post =
        |headers: &[(&str, &str)]| ask(address, "POST", "/v1/shops/quick/quotes", headers, CART.as_bytes()).problem();
    let unsupported = (415, "UNSUPPORTED_MEDIA_TYPE".to_owned());
    assert_eq!(post(&[("content-type", "text/plain")]), unsupported);
    assert_eq!(post(&[("content-type", "application/json"), ("content-encoding", "gzip")]), unsupported);
    let slow = b"POST /v1/shops/quick/quotes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    assert!(raw(address, slow).starts_with("HTTP/1.1 408 "));
}

#[test]
fn a_shop_whose_plugin_burns_its_deadline_is_turned_away_and_the_others_are_served() {
    let folder = Folder::new();
    folder.shop("slow", LOOPS, RATES);
    folder.shop("quick", ANSWERS_NOTHING, RATES);
    let mut options = folder.options();
    (options.clients.calls, options.clients.calls_of_a_shop) = (2, 1);
    options.plugins.fuel = u64::MAX / 2;
    let server = start(options);
    let address = server.address();
    let replies: Vec<_> = std::thread::scope(|scope| {
        let slow: Vec<_> = (0..6).map(|_| scope.spawn(|| quotes(address, "slow", CART))).collect();
        for _ in 0..10 {
            assert_eq!(quotes(address, "quick", CART).status, 200);
        }
        slow.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let answered = replies.iter().filter(|reply| reply.status == 200);
    assert!(answered.clone().count() >= 1);
    for reply in answered {
        assert_eq!(reply.json()["fallback"]["code"], "DEADLINE_PASSED");
    }
    let away: Vec<_> = replies.iter().filter(|reply| reply.status != 200).collect();
    assert!(!away.is_empty());
    for reply in away {
        assert_eq!(reply.problem(), (503, "OVERLOADED".into()));
        assert_eq!(reply.header("retry-after"), Some("1"));
    }
}
