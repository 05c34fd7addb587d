//! A recorded decision gives the same bytes again, and another revision shows what it would have changed.

use super::world::{CART, World, wait};
use serde_json::{Value, json};
use std::sync::Barrier;
use std::thread;

#[test]
fn a_decision_gives_the_same_bytes_again_and_another_revision_says_what_it_would_change() {
    let world = World::new();
    let server = world.serve();
    let at = server.address();
    let record = &world.decide(at, 1)[0];
    let path = format!("/v1/shops/demo/records/{record}/replay");
    let same = world.ask(at, "POST", &path, None);
    assert_eq!(same.status, 200, "{same:?}");
    assert_eq!(same.json()["same"], true, "{same:?}");
    assert_eq!(same.json()["comparison"]["same"], true);
    let other = world.ask(at, "POST", &path, Some(&json!({"revision": 2}))).json();
    assert_eq!(other["same"], false);
    assert_eq!(other["comparison"]["changes"], json!(["price"]));
    assert_eq!(
        (&other["comparison"]["old"]["amount"], &other["comparison"]["new"]["amount"]),
        (&json!(500), &json!(600))
    );
    let named = world.ask(at, "POST", &path, Some(&json!({"revision": 2, "install": "flat"}))).json();
    assert_eq!(named["replayed"], other["replayed"]);
}

#[test]
fn what_cannot_be_asked_again_is_told_with_the_reason() {
    let world = World::new();
    let server = world.serve();
    let at = server.address();
    let record = &world.decide(at, 1)[0];
    let path = format!("/v1/shops/demo/records/{record}/replay");
    let of = |path: &str, body| world.ask(at, "POST", path, Some(&body));
    let reply = of(&path, json!({"revision": 3}));
    assert_eq!((reply.status, reply.json()["field"].as_str()), (422, Some("/revision")), "{reply:?}");
    let reply = of(&path, json!({"install": "flat"}));
    assert_eq!((reply.status, reply.json()["field"].as_str()), (422, Some("/revision")), "{reply:?}");
    let reply = of(&path, json!({"revision": 1, "install": "nobody"}));
    assert_eq!((reply.status, reply.json()["field"].as_str()), (422, Some("/install")), "{reply:?}");
    let unknown = "/v1/shops/demo/records/019aa9d0-3c00-7000-8000-000000000001/replay";
    assert_eq!(of(unknown, json!({})).problem(), (404, "NOT_FOUND".into()));
    assert_eq!(of("/v1/shops/demo/records/x/replay", json!({})).problem(), (404, "NOT_FOUND".into()));
    assert_eq!(world.ask(at, "POST", "/v1/shops/demo/erasure", Some(&json!({}))).status / 100, 2);
    assert_eq!(of(&path, json!({})).problem(), (409, "PERSONAL_GONE".into()));
}

#[test]
fn what_a_shop_decides_first_is_kept_whole_however_many_ask_at_once() {
    const AT_ONCE: usize = 4;
    let world = World::new();
    let server = world.serve();
    let (at, ready) = (server.address(), Barrier::new(AT_ONCE));
    let cart: Value = serde_json::from_str(CART).expect("JSON");
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                ready.wait();
                let reply = world.ask(at, "POST", "/v1/shops/demo/quotes", Some(&cart));
                assert_eq!(reply.status, 200, "{reply:?}");
            });
        }
    });
    let records = wait(|| {
        let page = world.ask(at, "GET", "/v1/shops/demo/records", None).json();
        page["items"].as_array().filter(|items| items.len() == AT_ONCE).cloned()
    });
    for record in records {
        let path = format!("/v1/shops/demo/records/{}", record["id"].as_str().expect("an id"));
        let record = world.ask(at, "GET", &path, None).json();
        assert_eq!(record["personal"], "present", "{record}");
    }
}
