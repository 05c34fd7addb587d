use super::{Control, Expect};
use serde_json::{Value, json};

const WEBHOOKS: &str = "/v1/shops/tent/webhooks";

#[test]
fn a_webhooks_secret_is_shown_once_and_rotated() {
    let control = Control::start();
    let admin = control.shop("tent");
    let made = admin.post(WEBHOOKS, &json!({"url": "https://merchant.example/events"})).is(201).json();
    let secret = made["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("whsec_") && secret.len() > 40, "{made}");
    let id = made["id"].as_str().expect("an id");
    let listed = admin.get(WEBHOOKS).is(200);
    assert_eq!(listed.json()["items"][0]["url"], "https://merchant.example/events");
    assert!(!listed.body.contains(secret) && !admin.get("/v1/shops/tent/audit").body.contains(secret));
    let rotated = admin.post(&format!("{WEBHOOKS}/{id}/rotate"), &json!({"overlap": 60})).is(200).json();
    assert_ne!(rotated["secret"], made["secret"]);
    assert_eq!(rotated["id"], made["id"]);
    let other = control.shop("other");
    other.delete(&format!("/v1/shops/other/webhooks/{id}")).refused(404, "NOT_FOUND");
    admin.delete(&format!("{WEBHOOKS}/{id}")).is(204);
    assert_eq!(admin.get(WEBHOOKS).is(200).json()["items"], json!([]));
}

#[test]
fn addresses_and_events_are_checked() {
    let control = Control::start();
    let admin = control.shop("tent");
    let field = |body: Value| admin.post(WEBHOOKS, &body).refused(422, "INVALID")["field"].clone();
    for url in ["http://merchant.example/", "https://u:p@merchant.example/", "file:///etc/passwd", "x"] {
        assert_eq!(field(json!({"url": url})), "/url");
    }
    let events = json!({"url": "https://merchant.example/", "events": ["install.changed", "order.placed"]});
    assert_eq!(field(events), "/events/1");
    admin.post(WEBHOOKS, &json!({"events": []})).refused(400, "MALFORMED_JSON");
}

#[test]
fn what_is_done_to_an_install_is_on_its_way_to_the_webhook() {
    let control = Control::start();
    let admin = control.installed("tent");
    let url = json!({"url": "https://merchant.example/events", "events": ["install.changed"]});
    let made = admin.post(WEBHOOKS, &url).is(201).json();
    let deliveries = format!("{WEBHOOKS}/{}/deliveries", made["id"].as_str().expect("an id"));
    assert_eq!(admin.get(&deliveries).is(200).json()["items"], json!([]));
    admin.post("/v1/shops/tent/installs/tiny/stage", &json!({"stage": "live"})).is(200);
    let sent = admin.all(&deliveries, 1);
    assert_eq!((sent.len(), &sent[0]["event"]), (1, &json!("install.changed")));
    assert_eq!(sent[0]["payload"]["install"]["live"], 1);
}
