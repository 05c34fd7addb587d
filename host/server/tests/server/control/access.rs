use super::{Control, Expect, plugin};
use crate::common::{Folder, ask, get, start};
use serde_json::json;

/// What a shop's own token may read, and nobody else's.
const OF_A_SHOP: [&str; 12] = [
    "/v1/shops/tent",
    "/v1/shops/tent/tokens",
    "/v1/shops/tent/installs",
    "/v1/shops/tent/installs/tiny",
    "/v1/shops/tent/installs/tiny/revisions",
    "/v1/shops/tent/installs/tiny/revisions/1",
    "/v1/shops/tent/installs/tiny/history",
    "/v1/shops/tent/installs/tiny/stats",
    "/v1/shops/tent/secrets",
    "/v1/shops/tent/records",
    "/v1/shops/tent/webhooks",
    "/v1/shops/tent/audit",
];
const OF_THE_PLATFORM: [&str; 4] = ["/v1/shops", "/v1/authors", "/v1/tokens", "/v1/audit"];

#[test]
fn without_a_store_the_control_plane_says_how_to_get_one() {
    let folder = Folder::with_a_shop();
    let server = start(folder.options());
    for path in ["/v1/shops", "/v1/tokens", "/v1/shops/demo/installs", "/v1/packages"] {
        let problem = get(server.address(), path);
        assert_eq!(problem.problem(), (404, "UNKNOWN_PATH".into()));
        assert!(problem.body.contains("--store"), "{path}: {}", problem.body);
    }
    // The folder's shops stay open.
    assert_eq!(get(server.address(), "/v1/shops/demo").status, 200);
}

#[test]
fn nobody_gets_anything_without_a_good_token() {
    let control = Control::start();
    control.installed("tent");
    for path in OF_A_SHOP.iter().chain(&OF_THE_PLATFORM).chain(&["/v1/packages", "/v1/shops/none/installs"]) {
        let bare = ask(control.address(), "GET", path, &[], b"");
        assert_eq!(bare.header("www-authenticate").map(|wanted| wanted.starts_with("Bearer")), Some(true), "{path}");
        bare.is(401).refused(401, "UNAUTHENTICATED");
        let stranger = format!("{}x", control.platform);
        control.as_token(&stranger).get(path).refused(401, "UNAUTHENTICATED");
    }
    let basic = ask(control.address(), "GET", "/v1/shops", &[("authorization", "Basic YTpi")], b"");
    basic.refused(401, "UNAUTHENTICATED");
}

#[test]
fn a_shops_token_opens_its_own_shop_and_no_other() {
    let control = Control::start();
    let (tent, other) = (control.installed("tent"), control.shop("other"));
    for path in OF_A_SHOP {
        tent.get(path).is(200);
        control.api().get(path).is(200);
        other.get(path).is(403).refused(403, "FORBIDDEN");
        // Whether a shop exists is nobody's business.
        tent.get(&path.replace("tent", "none")).refused(403, "FORBIDDEN");
    }
    for path in OF_THE_PLATFORM {
        tent.get(path).is(403).refused(403, "FORBIDDEN");
        control.api().get(path).is(200);
    }
    let shop = json!({"id": "new", "name": "New"});
    tent.post("/v1/shops", &shop).refused(403, "FORBIDDEN");
    tent.put("/v1/shops/tent", &json!({"name": "Mine"})).refused(403, "FORBIDDEN");
    tent.publish("tiny", "2.0.0", b"").refused(403, "FORBIDDEN");
    tent.get("/v1/packages/tiny/versions/1.0.0").is(200);
}

#[test]
fn a_checkout_token_decides_and_sees_nothing_else() {
    let control = Control::start();
    let tent = control.installed("tent");
    let made = tent.post("/v1/shops/tent/tokens", &json!({"kind": "shopCheckout"})).is(201).json();
    let checkout = control.as_token(made["secret"].as_str().expect("a secret"));
    for path in OF_A_SHOP {
        checkout.get(path).refused(403, "FORBIDDEN");
    }
    tent.post("/v1/shops/tent/installs/tiny/stage", &json!({"stage": "live"})).is(200);
    let cart = json!({"currency": "USD", "destination": {"country": "US"},
        "lines": [{"id": "1", "sku": "a", "quantity": 1, "unitPrice": 1, "weight": 1}]});
    assert_eq!(checkout.post("/v1/shops/tent/quotes", &cart).status, 200);
    assert_eq!(plugin::ANSWERS_NOTHING, "(i32.const 16)", "which is an answer");
}

#[test]
fn what_is_not_there_is_404_whatever_it_is() {
    let control = Control::start();
    control.installed("tent");
    let api = control.api();
    let gets = [
        "/v1/shops/tent/installs/none",
        "/v1/shops/tent/installs/tiny/revisions/2",
        "/v1/shops/tent/installs/tiny/revisions/0",
        "/v1/shops/tent/installs/tiny/revisions/x",
        "/v1/shops/tent/installs/tiny/diff?from=1&to=9",
        "/v1/shops/tent/records/none",
        "/v1/shops/tent/webhooks/none/deliveries",
        "/v1/packages/none",
        "/v1/packages/none/versions/1",
        "/v1/packages/tiny/versions/9.9.9/component",
    ];
    for path in gets {
        api.get(path).is(404).refused(404, "NOT_FOUND");
    }
    for path in ["/v1/tokens/none", "/v1/authors/none", "/v1/shops/tent/secrets/none", "/v1/shops/tent/webhooks/none"] {
        api.delete(path).is(404).refused(404, "NOT_FOUND");
    }
    for path in ["/v1/shops/none/installs", "/v1/shops/none/audit", "/v1/shops/none/tokens"] {
        api.get(path).refused(404, "UNKNOWN_SHOP");
    }
    assert_eq!(api.send("PATCH", "/v1/shops", None, b"").problem(), (405, "METHOD_NOT_ALLOWED".into()));
}
