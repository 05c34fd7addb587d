use super::{Control, Expect, plugin};
use serde_json::json;

#[test]
fn a_shop_is_made_read_changed_and_removed() {
    let control = Control::start();
    let api = control.api();
    let body = json!({"id": "tent", "name": "Tent & Trail", "document": {"currency": "USD"}});
    let made = api.post("/v1/shops", &body).is(201);
    assert_eq!((made.header("location"), made.header("etag")), (Some("/v1/shops/tent"), Some("\"1\"")));
    assert_eq!((&made.json()["class"], &made.json()["version"]), (&json!("standard"), &json!(1)));

    let read = api.get("/v1/shops/tent").is(200);
    assert_eq!(read.header("etag"), Some("\"1\""));
    assert_eq!((&read.json()["document"]["currency"], &read.json()["hooks"]), (&json!("USD"), &json!([])));

    let changed = json!({"name": "Tent", "class": "large", "document": {"currency": "EUR"}});
    let reply = api.header("if-match", "\"1\"").put("/v1/shops/tent", &changed).is(200);
    assert_eq!((reply.header("etag"), &reply.json()["name"]), (Some("\"2\""), &json!("Tent")));
    let stale = api.header("if-match", "\"1\"").put("/v1/shops/tent", &changed).refused(412, "STALE");
    assert!(stale["detail"].as_str().expect("a detail").contains('2'), "it names what is there: {stale}");

    api.header("if-match", "\"1\"").delete("/v1/shops/tent").refused(412, "STALE");
    let gone = api.header("if-match", "\"2\"").delete("/v1/shops/tent").is(204);
    assert_eq!((gone.body.as_str(), gone.header("content-type")), ("", None));
    api.get("/v1/shops/tent").refused(404, "UNKNOWN_SHOP");
}

#[test]
fn what_is_wrong_in_a_shop_is_told_with_its_place() {
    let control = Control::start();
    let api = control.api();
    let post = |body| api.post("/v1/shops", &body);
    let field = |problem: serde_json::Value| problem["field"].as_str().unwrap_or_default().to_owned();
    let document = json!({"id": "a", "name": "A", "document": {"limits": {"burst": 0}}});
    assert_eq!(field(post(document).refused(422, "OUT_OF_RANGE")), "/document/limits/burst");
    let misspelt = json!({"id": "a", "name": "A", "document": {"curency": "USD"}});
    assert!(post(misspelt).refused(422, "MALFORMED")["detail"].to_string().contains("curency"));
    assert_eq!(field(post(json!({"id": "A/b", "name": "A"})).refused(422, "OUT_OF_RANGE")), "/id");
    assert_eq!(field(post(json!({"id": "a", "name": 7})).refused(400, "MALFORMED_JSON")), "/name");
    post(json!({"id": "a", "name": "A", "nmae": "B"})).refused(400, "MALFORMED_JSON");
    post(json!({"id": "a", "name": "A"})).is(201);
    post(json!({"id": "a", "name": "B"})).refused(409, "CONFLICT");
    // The same again is what is there already.
    post(json!({"id": "a", "name": "A"})).is(201);
    api.header("if-match", "1").put("/v1/shops/a", &json!({"name": "A"})).refused(422, "IF_MATCH");
    api.put("/v1/shops/b", &json!({"name": "B"})).refused(404, "UNKNOWN_SHOP");
}

#[test]
fn lists_go_page_by_page_and_miss_nothing() {
    let control = Control::start();
    for number in 0..7 {
        control.api().post("/v1/shops", &json!({"id": format!("shop-{number}"), "name": "x"})).is(201);
    }
    for limit in [1, 2, 3, 7, 200] {
        let ids: Vec<_> = control.api().all("/v1/shops", limit).iter().map(|shop| shop["id"].to_string()).collect();
        assert_eq!(ids, (0..7).map(|number| format!("\"shop-{number}\"")).collect::<Vec<_>>());
    }
    let wrong = |query: &str| control.api().get(&format!("/v1/shops?{query}")).refused(422, "PARAMETER");
    for query in ["limit=0", "limit=201", "limit=x", "after=", "page=2", "limit=1&limit=2"] {
        assert!(wrong(query)["field"].as_str().is_some_and(|field| field.starts_with('?')), "{query}");
    }
}

#[test]
fn a_shop_shows_what_is_live_and_what_is_tried() {
    let control = Control::start();
    let admin = control.installed("tent");
    assert_eq!(admin.get("/v1/shops/tent").is(200).json()["hooks"], json!([]), "a draft answers nothing");
    let stage = "/v1/shops/tent/installs/tiny/stage";
    admin.post(stage, &json!({"stage": "live"})).is(200);
    let shown = admin.get("/v1/shops/tent").is(200).json();
    let plugin = &shown["hooks"][0]["plugins"][0];
    assert_eq!((&shown["hooks"][0]["hook"], &plugin["name"]), (&json!("shipping-quote"), &json!("tiny")));
    assert_eq!((&plugin["revision"], &plugin["installedAs"]), (&json!(1), &json!("tiny")));
    control.publish("1.1.0", plugin::TRAPS);
    admin.post("/v1/shops/tent/installs/tiny/revisions", &json!({"version": "1.1.0"})).is(201);
    admin.post(stage, &json!({"stage": "shadow"})).is(200);
    let plugin = admin.get("/v1/shops/tent").is(200).json()["hooks"][0]["plugins"][0].clone();
    assert_eq!((&plugin["version"], &plugin["candidate"]["stage"]), (&json!("1.0.0"), &json!("shadow")));
}

#[test]
fn who_changed_what_is_in_the_audit_log() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.shop("other");
    control.api().header("x-request-id", "order-17").put("/v1/shops/tent", &json!({"name": "Tent"})).is(200);
    let all = control.api().all("/v1/audit", 2);
    let entry = all.iter().find(|entry| entry["request"] == "order-17").expect("the change");
    assert!(entry["actor"].as_str().expect("an actor").starts_with("token:"), "{entry}");
    assert_eq!(entry["shop"], "tent");
    let own = admin.all("/v1/shops/tent/audit", 200);
    assert!(!own.is_empty() && own.iter().all(|entry| entry["shop"] == "tent"), "{own:?}");
    admin.get("/v1/audit").refused(403, "FORBIDDEN");
}
