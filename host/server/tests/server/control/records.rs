use super::{Api, Control, Expect};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const NAME: &str = "Zacharias Quill";

fn decide(api: &Api<'_>) -> (String, Value) {
    let cart = json!({"currency": "USD", "destination": {"country": "US", "name": NAME},
        "lines": [{"id": "1", "sku": "a", "quantity": 1, "unitPrice": 1, "weight": 1}]});
    let reply = api.post("/v1/shops/tent/quotes", &cart);
    assert_eq!(reply.status, 200, "{reply:?}");
    (reply.header("cartwright-record").expect("a record").to_owned(), reply.json())
}

/// Records reach the store some moments after their decision.
fn arrived(api: &Api<'_>, id: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let reply = api.get(&format!("/v1/shops/tent/records/{id}"));
        if reply.status == 200 {
            return reply.is(200).json();
        }
        assert_eq!(reply.status, 404, "{reply:?}");
        assert!(Instant::now() < end, "the record did not come");
        std::thread::yield_now();
    }
}

#[test]
fn a_decision_is_read_as_it_was_until_its_shop_is_erased() {
    let control = Control::start();
    let admin = control.installed("tent");
    admin.post("/v1/shops/tent/installs/tiny/stage", &json!({"stage": "live"})).is(200);
    let (id, answer) = decide(&admin);
    let record = arrived(&admin, &id);
    assert_eq!(
        (&record["personal"], &record["hook"], &record["stage"]),
        (&json!("present"), &json!("shipping-quote"), &json!("live"))
    );
    assert_eq!(record["answer"], answer);
    assert_eq!(record["request"]["destination"]["name"], NAME);
    assert_eq!(record["parts"].as_array().map(Vec::len), Some(1));

    let listed = admin.get("/v1/shops/tent/records?hook=shipping-quote&install=tiny&stage=live&fallback=false").is(200);
    assert_eq!(listed.json()["items"][0]["id"], id);
    assert!(!listed.body.contains(NAME));
    for nothing in ["hook=order-routing", "stage=shadow", "fallback=true", "until=1000", "since=4000000000"] {
        let reply = admin.get(&format!("/v1/shops/tent/records?{nothing}")).is(200);
        assert_eq!(reply.json()["items"], json!([]), "{nothing}");
    }
    for wrong in ["hok=x", "stage=draft", "fallback=maybe", "since=soon"] {
        admin.get(&format!("/v1/shops/tent/records?{wrong}")).refused(422, "PARAMETER");
    }
    control.shop("other").get(&format!("/v1/shops/other/records/{id}")).refused(404, "NOT_FOUND");

    assert_eq!(admin.post("/v1/shops/tent/erasure", &json!({})).is(200).json()["keys"], 1);
    let erased = admin.get(&format!("/v1/shops/tent/records/{id}")).is(200);
    assert_eq!(erased.json()["personal"], "erased");
    assert!(!erased.body.contains(NAME), "{erased:?}");
    let (after, _) = decide(&admin);
    assert_eq!(arrived(&admin, &after)["personal"], "present", "what comes after has a key of its own");
}

#[test]
fn logs_are_read_with_the_same_filters() {
    let control = Control::start();
    let admin = control.installed("tent");
    admin.post("/v1/shops/tent/installs/tiny/stage", &json!({"stage": "live"})).is(200);
    let (id, _) = decide(&admin);
    arrived(&admin, &id);
    assert_eq!(
        admin.get("/v1/shops/tent/logs?install=tiny&since=2020-01-01T00:00:00Z").is(200).json()["items"],
        json!([])
    );
    admin.get("/v1/shops/tent/logs?install=none").refused(404, "NOT_FOUND");
    admin.get("/v1/shops/tent/logs?level=info").refused(422, "PARAMETER");
}
