//! Who may do what, what nobody is told, and two who do something at once.

use cartwright_platform_tests::{Merchant, Platform, cart, quoting};
use serde_json::{Value, json};

#[test]
fn what_is_secret_goes_in_and_never_out() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    let value = "hunter2-and-then-some";
    assert_eq!(api.put("/v1/shops/shop/secrets/CARRIER", &json!({ "value": value })).status, 200);
    let hook = api.post("/v1/shops/shop/webhooks", &json!({ "url": "https://merchant.example/cartwright" })).ok();
    let signing = hook["secret"].as_str().expect("it is shown once").to_owned();
    merchant.quote(&server, "ann").ok();
    api.put("/v1/shops/shop/secrets/CARRIER", &json!({ "value": format!("{value}\u{e9}") })).refused(422, "INVALID");
    let everything = [
        "",
        "/secrets",
        "/tokens",
        "/installs",
        "/installs/quotes",
        "/installs/quotes/revisions/1",
        "/installs/quotes/history",
        "/records",
        "/logs",
        "/audit",
        "/webhooks",
        "/backtests",
    ];
    let mut told = String::new();
    for path in everything {
        let answer = api.get(&format!("/v1/shops/shop{path}"));
        assert_eq!(answer.status, 200, "{answer}");
        told += &answer.text();
    }
    let platform_api = server.api(&platform.token);
    for path in ["/v1/tokens", "/v1/audit", "/v1/shops", "/metrics"] {
        let answer = platform_api.get(path);
        assert_eq!(answer.status, 200, "{answer}");
        told += &answer.text();
    }
    told += &server.log();
    let proof = |token: &str| token.splitn(4, '_').last().expect("its secret part").to_owned();
    let tokens = [&merchant.admin, &merchant.checkout, &platform.token].map(|token| proof(token));
    for secret in tokens.iter().map(String::as_str).chain([value, &signing]) {
        assert!(!told.contains(secret), "{secret}");
        let at_rest = std::fs::read(platform.path("store.db")).expect("the store");
        assert!(!at_rest.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} at rest");
    }
    assert!(told.contains("CARRIER"), "its name is told");
}

#[test]
fn a_token_ends_when_it_is_revoked_and_an_old_secret_when_its_time_is_over() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    let made = api.post("/v1/shops/shop/tokens", &json!({ "kind": "shopCheckout", "label": "till" })).ok();
    let (token, old) = (made["id"].as_str().expect("an id"), made["secret"].as_str().expect("a secret"));
    let status = |secret: &str| server.api(secret).post("/v1/shops/shop/quotes", &cart("ann")).status;
    assert_eq!(status(old), 200);
    let rotated = api.post(&format!("/v1/shops/shop/tokens/{token}/rotate"), &json!({ "overlap": 3600 })).ok();
    let new = rotated["secret"].as_str().expect("a secret");
    assert_eq!((status(old), status(new)), (200, 200), "both are good for the overlap");
    let rotated = api.post(&format!("/v1/shops/shop/tokens/{token}/rotate"), &json!({})).ok();
    let newest = rotated["secret"].as_str().expect("a secret");
    assert_eq!((status(old), status(new), status(newest)), (401, 401, 200));
    assert_eq!(
        api.ask("DELETE", &format!("/v1/shops/shop/tokens/{token}"), &[], None).expect("an answer").status / 100,
        2
    );
    assert_eq!(status(newest), 401);
    // Nobody can make a token that may do more than its maker.
    let platform_token = api.post("/v1/shops/shop/tokens", &json!({ "kind": "platform", "label": "x" }));
    assert!([403, 422].contains(&platform_token.status), "{platform_token}");
    api.post("/v1/tokens", &json!({ "kind": "platform", "label": "x" })).refused(403, "FORBIDDEN");
}

#[test]
fn of_two_at_once_one_is_told_and_what_is_sent_twice_is_done_once() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    let (two, three) = (merchant.draft(&api, &quoting(600)), merchant.draft(&api, &quoting(700)));
    let etag = api.get(&merchant.install("")).etag().to_owned();
    let stage = |revision: i64| {
        let body = json!({ "stage": "live", "revision": revision });
        server.api(&merchant.admin).send("POST", &merchant.install("/stage"), &[("if-match", &etag)], &body)
    };
    let (one, other) = std::thread::scope(|scope| {
        let first = scope.spawn(|| stage(two));
        let second = scope.spawn(|| stage(three));
        (first.join().expect("an answer"), second.join().expect("an answer"))
    });
    let (done, refused, live) = if one.status == 200 { (one, other, two) } else { (other, one, three) };
    assert_eq!(done.ok()["live"], live);
    refused.refused(412, "STALE");
    assert_eq!(merchant.answers(&server, "ann").0, live);

    let body =
        json!({ "hook": "order-routing", "name": "ship", "package": "scripted", "version": "0.1.0", "settings": {} });
    let send = |body: &Value| api.send("POST", "/v1/shops/shop/installs", &[("idempotency-key", "the-same")], body);
    let (first, second) = (send(&body), send(&body));
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(second.headers.get("idempotency-replayed").map(String::as_str), Some("true"));
    let other =
        json!({ "hook": "order-routing", "name": "other", "package": "scripted", "version": "0.1.0", "settings": {} });
    assert_eq!(send(&other).status, 422);
    assert_eq!(api.list("/v1/shops/shop/installs?hook=order-routing").len(), 1);
}
