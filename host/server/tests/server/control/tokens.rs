use super::{Control, Expect};
use cartwright_server::tenancy::authority::{Issued, issue};
use cartwright_store::{Actor, TokenKind};
use serde_json::{Value, json};

fn text(document: &Value) -> String {
    document["secret"].as_str().expect("a secret").to_owned()
}

#[test]
fn a_secret_is_shown_once_and_works_at_once() {
    let control = Control::start();
    control.shop("tent");
    let body = json!({"kind": "shopAdmin", "shop": "tent", "label": "till"});
    let made = control.api().post("/v1/tokens", &body).is(201);
    let (token, secret) = (made.json(), text(&made.json()));
    assert!(secret.starts_with("cw_admin_"), "{token}");
    assert_eq!((&token["label"], &token["shop"]), (&json!("till"), &json!("tent")));
    control.as_token(&secret).get("/v1/shops/tent").is(200);
    let bare = secret.rsplit('_').next().expect("a secret part");
    for path in ["/v1/tokens", "/v1/shops/tent/tokens", "/v1/audit"] {
        let list = control.api().get(path).is(200);
        assert!(list.body.contains(token["id"].as_str().expect("an id")) && !list.body.contains(bare), "{path}");
        assert!(!list.body.contains("hash"), "{path}");
    }
}

#[test]
fn a_rotated_token_has_its_old_secret_for_the_overlap_only() {
    let control = Control::start();
    let admin = control.shop("tent");
    let made = admin.post("/v1/shops/tent/tokens", &json!({"kind": "shopAdmin"})).is(201).json();
    let (id, first) = (made["id"].as_str().expect("an id"), text(&made));
    let rotate = |body: &Value| admin.post(&format!("/v1/shops/tent/tokens/{id}/rotate"), body).is(200).json();
    let status = |secret: &str| control.as_token(secret).get("/v1/shops/tent").status;

    let second = text(&rotate(&json!({"overlap": 3600})));
    assert_eq!((status(&first), status(&second)), (200, 200));
    let third = text(&rotate(&json!({})));
    assert_eq!((status(&first), status(&second), status(&third)), (401, 401, 200));
    // No body at all means no overlap.
    let bare = admin.send("POST", &format!("/v1/shops/tent/tokens/{id}/rotate"), None, b"").is(200).json();
    assert_eq!((status(&third), status(&text(&bare))), (401, 200));
    for wrong in [-1, 2_592_001] {
        let problem = admin.post(&format!("/v1/shops/tent/tokens/{id}/rotate"), &json!({"overlap": wrong}));
        assert_eq!(problem.refused(422, "INVALID")["field"], "/overlap");
    }
}

#[test]
fn a_revoked_or_expired_token_is_good_for_nothing() {
    let control = Control::start();
    let admin = control.shop("tent");
    let made = admin.post("/v1/shops/tent/tokens", &json!({"kind": "shopAdmin"})).is(201).json();
    let (id, secret) = (made["id"].as_str().expect("an id"), text(&made));
    control.as_token(&secret).get("/v1/shops/tent").is(200);
    admin.delete(&format!("/v1/shops/tent/tokens/{id}")).is(204);
    control.as_token(&secret).get("/v1/shops/tent").refused(401, "UNAUTHENTICATED");
    admin.post(&format!("/v1/shops/tent/tokens/{id}/rotate"), &json!({})).refused(409, "CONFLICT");

    let Issued { new, text: expired } = issue(TokenKind::ShopAdmin, Some("tent"), "old", Some(1_000), None);
    control.in_the_store(async |store| store.create_token(&Actor::new("cli:tests"), &new).await.expect("a token"));
    control.as_token(&expired).get("/v1/shops/tent").refused(401, "UNAUTHENTICATED");
    let past = json!({"kind": "shopAdmin", "expires": 1_000});
    assert_eq!(admin.post("/v1/shops/tent/tokens", &past).refused(422, "INVALID")["field"], "/expires");
    let later = json!({"kind": "shopAdmin", "expires": 4_000_000_000_i64});
    admin.post("/v1/shops/tent/tokens", &later).is(201);
}

#[test]
fn nobody_makes_a_token_that_is_worth_more_than_his_own() {
    let control = Control::start();
    let (tent, other) = (control.shop("tent"), control.shop("other"));
    let make = |api: &super::Api<'_>, body: Value| api.post("/v1/shops/tent/tokens", &body);
    assert_eq!(make(&tent, json!({"kind": "platform"})).refused(422, "INVALID")["field"], "/kind");
    assert_eq!(make(&tent, json!({"kind": "shopAdmin", "shop": "other"})).refused(422, "INVALID")["field"], "/shop");
    make(&other, json!({"kind": "shopCheckout"})).refused(403, "FORBIDDEN");
    tent.post("/v1/tokens", &json!({"kind": "platform"})).refused(403, "FORBIDDEN");
    // Another shop's token is as good as none.
    let theirs = other.post("/v1/shops/other/tokens", &json!({"kind": "shopAdmin"})).is(201).json();
    let id = theirs["id"].as_str().expect("an id");
    tent.delete(&format!("/v1/shops/tent/tokens/{id}")).refused(404, "NOT_FOUND");
    tent.post(&format!("/v1/shops/tent/tokens/{id}/rotate"), &json!({})).refused(404, "NOT_FOUND");
    other.get("/v1/shops/other").is(200);
    let api = control.api();
    assert_eq!(api.post("/v1/tokens", &json!({"kind": "shopAdmin"})).refused(422, "INVALID")["field"], "/shop");
    assert_eq!(
        api.post("/v1/tokens", &json!({"kind": "platform", "shop": "tent"})).refused(422, "INVALID")["field"],
        "/shop"
    );
    api.post("/v1/tokens", &json!({"kind": "shopAdmin", "shop": "none"})).refused(404, "UNKNOWN_SHOP");
}

#[test]
fn ten_thousand_tokens_are_listed_page_by_page_and_invented_ones_cost_nothing() {
    let control = Control::start();
    control.shop("tent");
    control.in_the_store(async |store| {
        let actor = Actor::new("cli:tests");
        for number in 0..10_000 {
            let Issued { new, .. } = issue(TokenKind::ShopCheckout, Some("tent"), &number.to_string(), None, None);
            store.create_token(&actor, &new).await.expect("a token");
        }
    });
    let labels: std::collections::BTreeSet<_> =
        control.api().all("/v1/shops/tent/tokens", 200).iter().map(|token| token["label"].to_string()).collect();
    assert_eq!(labels.len(), 10_001, "each once, and the administrator's");
    let Issued { text: never_kept, .. } = issue(TokenKind::Platform, None, "", None, None);
    for _ in 0..200 {
        control.as_token(&never_kept).get("/v1/shops").refused(401, "UNAUTHENTICATED");
    }
}
