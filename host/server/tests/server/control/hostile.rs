use super::{Control, Expect, install};
use crate::common::plugin::ANSWERS_NOTHING;
use serde_json::json;

const JSON: Option<&str> = Some("application/json");

#[test]
fn bodies_that_are_no_json_are_refused_with_their_place() {
    let control = Control::start();
    let admin = control.installed("tent");
    let paths = [
        "/v1/shops/tent/installs",
        "/v1/shops/tent/installs/tiny/revisions",
        "/v1/shops/tent/installs/tiny/stage",
        "/v1/shops/tent/installs/tiny/rollback",
        "/v1/shops/tent/tokens",
        "/v1/shops/tent/webhooks",
    ];
    let deep = "[".repeat(100_000);
    let deep_settings = format!(r#"{{"hook":"shipping-quote","package":"tiny","version":"1.0.0","settings":{deep}"#);
    let bodies: [&[u8]; 8] = [
        b"{",
        b"[]",
        b"null",
        b"{}x",
        b"\xff\xfe",
        b"{\"kind\":\"\xc3\x28\"}",
        deep.as_bytes(),
        deep_settings.as_bytes(),
    ];
    for path in paths {
        for body in bodies {
            // A record whose members may all be left out can be written as an empty list.
            if path.ends_with("/rollback") && body == b"[]" {
                continue;
            }
            let reply = admin.send("POST", path, JSON, body);
            assert!(matches!(reply.status, 400 | 422), "{path}: {reply:?}");
            reply.problem();
        }
        admin.send("POST", path, None, b"{}").refused(415, "UNSUPPORTED_MEDIA_TYPE");
        admin.send("POST", path, Some("text/plain"), b"{}").refused(415, "UNSUPPORTED_MEDIA_TYPE");
        admin.header("content-encoding", "gzip").send("POST", path, JSON, b"{}").refused(415, "UNSUPPORTED_MEDIA_TYPE");
    }
}

#[test]
fn settings_deeper_than_anybody_writes_are_refused_and_not_followed() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.publish("1.0.0", ANSWERS_NOTHING);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!(r#"{{"hook":"shipping-quote","package":"tiny","version":"1.0.0","settings":{deep}}}"#);
    admin.send("POST", "/v1/shops/tent/installs", JSON, body.as_bytes()).refused(422, "SETTINGS");
}

#[test]
fn bodies_have_limits_and_settings_a_larger_one() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.publish("1.0.0", ANSWERS_NOTHING);
    let large = "x".repeat(3 << 20);
    admin.post("/v1/shops/tent/tokens", &json!({"kind": "shopAdmin", "label": large})).refused(413, "BODY_TOO_LARGE");
    // Settings may have megabytes; these are merely wrong.
    let settings = json!({"free": 1, "key": large});
    admin.post("/v1/shops/tent/installs", &install("1.0.0", &settings)).is(201);
    let huge = json!({"free": 1, "key": "x".repeat(17 << 20)});
    admin.post("/v1/shops/tent/installs", &install("1.0.0", &huge)).refused(413, "BODY_TOO_LARGE");
    let component = vec![0; (32 << 20) + 1];
    control.api().publish("tiny", "9.0.0", &component).refused(413, "BODY_TOO_LARGE");
}

#[test]
fn names_with_slashes_dots_and_broken_encodings_name_nothing() {
    let control = Control::start();
    control.installed("tent");
    let api = control.api();
    for name in ["..%2Ftent", "%2e%2e", "%ff", "tent%00", "TENT", "tent%2F..", "%F0%9F%8F%95", &"x".repeat(3000)] {
        for path in [
            format!("/v1/shops/{name}"),
            format!("/v1/shops/{name}/installs"),
            format!("/v1/shops/tent/installs/{name}"),
            format!("/v1/packages/{name}"),
            format!("/v1/shops/tent/records/{name}"),
        ] {
            let reply = api.get(&path);
            assert_eq!(reply.status, 404, "{path}: {reply:?}");
            reply.problem();
            assert!(reply.body.len() < 2_000, "{path}: an answer that is as long as what was asked");
        }
    }
}

#[test]
fn queries_with_anything_in_them_are_answered_with_a_problem() {
    let control = Control::start();
    let api = control.api();
    for query in ["after=%ff", "after=zzz%27%3B--", "limit=%00", "after=99999999999999999999999", "%00=1", "limit"] {
        let reply = api.get(&format!("/v1/tokens?{query}"));
        assert!(matches!(reply.status, 200 | 422), "{query}: {reply:?}");
    }
}
