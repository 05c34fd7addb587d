use super::{Control, Expect};
use crate::common::ask;
use serde_json::json;

const SHOP: &str = "https://tent.example";

#[test]
fn listed_origins_may_ask_for_decisions_and_nothing_else() {
    let control = Control::start();
    let admin = control.installed("tent");
    let document = json!({"name": "Tent", "document": {"origins": [SHOP]}});
    control.api().put("/v1/shops/tent", &document).is(200);
    admin.post("/v1/shops/tent/installs/tiny/stage", &json!({"stage": "live"})).is(200);
    let preflight = |origin: &str, path: &str| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        ask(control.address(), "OPTIONS", path, &headers, b"")
    };
    let allowed = preflight(SHOP, "/v1/shops/tent/quotes");
    assert_eq!(allowed.status, 204, "{allowed:?}");
    assert_eq!(allowed.header("access-control-allow-origin"), Some(SHOP));
    let sent = allowed.header("access-control-allow-headers").expect("headers");
    for header in ["authorization", "content-type", "cartwright-key", "idempotency-key"] {
        assert!(sent.contains(header), "{sent}");
    }
    assert!(allowed.header("vary").is_some_and(|vary| vary.contains("origin")));

    let page = admin.header("origin", SHOP);
    let reply = page.post("/v1/shops/tent/quotes", &json!({}));
    assert_eq!(reply.header("access-control-allow-origin"), Some(SHOP), "problems are read by pages too: {reply:?}");
    let cart = json!({"currency": "USD", "destination": {"country": "US"},
        "lines": [{"id": "1", "sku": "a", "quantity": 1, "unitPrice": 1, "weight": 1}]});
    let reply = page.post("/v1/shops/tent/quotes", &cart);
    let told = reply.header("access-control-expose-headers").expect("headers");
    for header in ["cartwright-fuel", "server-timing", "x-request-id"] {
        assert!(told.contains(header), "{told}");
    }

    for (origin, path) in [
        ("https://evil.example", "/v1/shops/tent/quotes"),
        ("null", "/v1/shops/tent/quotes"),
        ("https://tent.example.evil.example", "/v1/shops/tent/quotes"),
        (SHOP, "/v1/shops/none/quotes"),
        (SHOP, "/v1/shops/tent/installs"),
        (SHOP, "/v1/tokens"),
    ] {
        let refused = preflight(origin, path);
        assert_eq!(refused.header("access-control-allow-origin"), None, "{origin} {path}: {refused:?}");
    }
    assert_eq!(page.get("/v1/shops/tent/installs").is(200).header("access-control-allow-origin"), None);
}
