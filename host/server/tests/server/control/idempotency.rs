use super::{Control, Expect, install};
use crate::common::plugin::ANSWERS_NOTHING;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn what_is_sent_twice_under_one_key_is_done_once() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.publish("1.0.0", ANSWERS_NOTHING);
    let body = install("1.0.0", &json!({"free": 1}));
    let keyed = admin.header("idempotency-key", "order-1");
    let first = keyed.post("/v1/shops/tent/installs", &body).is(201);
    let second = keyed.post("/v1/shops/tent/installs", &body).is(201);
    assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), (None, Some("true")));
    assert_eq!(first.json(), second.json());
    for name in ["location", "etag", "content-type"] {
        assert_eq!(first.header(name), second.header(name), "{name}");
    }
    assert_eq!(admin.all("/v1/shops/tent/installs", 200).len(), 1);
    let other = install("1.0.0", &json!({"free": 2}));
    keyed.post("/v1/shops/tent/installs", &other).refused(422, "IDEMPOTENCY_KEY_REUSED");
    keyed.post("/v1/shops/tent/tokens", &body).is(400);
    // Another caller's key is another key.
    control.api().header("idempotency-key", "order-1").post("/v1/shops/tent/installs", &body).is(201);
    assert_eq!(admin.all("/v1/shops/tent/installs", 200).len(), 2);
}

#[test]
fn a_refused_request_may_be_corrected_under_its_key() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.publish("1.0.0", ANSWERS_NOTHING);
    let keyed = admin.header("idempotency-key", "order-1");
    keyed.post("/v1/shops/tent/installs", &install("1.0.0", &json!({}))).refused(422, "SETTINGS");
    keyed.post("/v1/shops/tent/installs", &install("1.0.0", &json!({"free": 1}))).is(201);
}

#[test]
fn a_token_that_is_made_twice_has_the_same_secret_and_the_store_never_had_it() {
    let control = Control::start();
    let admin = control.shop("tent");
    let keyed = admin.header("idempotency-key", "a token");
    let make = || keyed.post("/v1/shops/tent/tokens", &json!({"kind": "shopCheckout"})).is(201).json();
    let (first, second) = (make(), make());
    assert_eq!(first, second);
    let secret = first["secret"].as_str().expect("a secret").rsplit('_').next().expect("its end").to_owned();
    for name in ["store.db", "store.db-wal"] {
        let Ok(bytes) = std::fs::read(control.path(name)) else { continue };
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{name}");
    }
}

#[test]
fn twins_at_the_same_moment_make_one_thing() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.publish("1.0.0", ANSWERS_NOTHING);
    let keyed = admin.header("idempotency-key", "twins");
    let body = install("1.0.0", &json!({"free": 1}));
    let replies: Vec<_> = std::thread::scope(|scope| {
        let send = || keyed.post("/v1/shops/tent/installs", &body);
        let running: Vec<_> = (0..6).map(|_| scope.spawn(send)).collect();
        running.into_iter().map(|running| running.join().expect("no panic")).collect()
    });
    let mut ids = BTreeSet::new();
    for reply in replies {
        if reply.status == 409 {
            assert_eq!(reply.header("retry-after"), Some("1"));
            reply.refused(409, "IDEMPOTENCY_KEY_IN_USE");
        } else {
            ids.insert(reply.is(201).json()["id"].to_string());
        }
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(admin.all("/v1/shops/tent/installs", 200).len(), 1);
}

#[test]
fn every_creation_takes_a_key() {
    let control = Control::start();
    let admin = control.installed("tent");
    let key = cartwright_package::AuthorKey::generate(None).expect("a key").public_key().to_string();
    let creations = [
        ("/v1/shops", json!({"id": "new", "name": "New"})),
        ("/v1/authors", json!({"name": "acme", "publicKey": key})),
        ("/v1/tokens", json!({"kind": "platform"})),
        ("/v1/shops/tent/tokens", json!({"kind": "shopCheckout"})),
        ("/v1/shops/tent/installs/tiny/revisions", json!({"settings": {"free": 2}})),
        ("/v1/shops/tent/installs/tiny/stage", json!({"stage": "live"})),
        ("/v1/shops/tent/webhooks", json!({"url": "https://merchant.example/"})),
        ("/v1/shops/tent/erasure", json!({})),
    ];
    let api = control.api();
    for (path, body) in creations {
        let keyed = api.header("idempotency-key", path);
        let (first, second) = (keyed.post(path, &body), keyed.post(path, &body));
        assert_eq!((first.status, &first.body), (second.status, &second.body), "{path}");
        assert!((200..300).contains(&first.status), "{path}: {first:?}");
        assert_eq!(second.header("idempotency-replayed"), Some("true"), "{path}");
    }
    assert_eq!(admin.all("/v1/shops/tent/installs/tiny/revisions", 200).len(), 2);
    let long = "x".repeat(256);
    for wrong in ["", long.as_str()] {
        let keyed = api.header("idempotency-key", wrong);
        keyed.post("/v1/shops", &json!({"id": "b", "name": "B"})).refused(422, "IDEMPOTENCY_KEY");
    }
}
