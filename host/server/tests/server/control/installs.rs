use super::{Control, Expect, install, tiny};
use crate::common::plugin::{self, ANSWERS_NOTHING, REFUSES_A_ZONE};
use serde_json::{Value, json};

const INSTALLS: &str = "/v1/shops/tent/installs";

#[test]
fn what_is_installed_is_a_draft_with_its_settings_as_they_were_written() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.publish("1.0.0", ANSWERS_NOTHING);
    // Members in this order, a number in this form: settings are kept byte for byte.
    let settings = r#"{ "zones": ["a"],  "free": 100 }"#;
    let body = format!(
        r#"{{"hook":"shipping-quote","package":"tiny","version":"1.0.0","note":"first","settings":{settings}}}"#
    );
    let made = admin.send("POST", INSTALLS, Some("application/json"), body.as_bytes()).is(201);
    let install = made.json();
    assert_eq!(
        made.header("location"),
        Some(format!("{INSTALLS}/{}", install["id"].as_str().expect("an id")).as_str())
    );
    assert_eq!(made.header("etag"), Some("\"1\""));
    assert_eq!((&install["name"], &install["newest"], &install["live"]), (&json!("tiny"), &json!(1), &Value::Null));
    assert_eq!(install["warnings"], json!([]));

    let revision = admin.get(&format!("{INSTALLS}/tiny/revisions/1")).is(200).json();
    assert_eq!((&revision["settings"], &revision["note"]), (&json!(settings), &json!("first")));
    let by_id = admin.get(&format!("{INSTALLS}/{}", install["id"].as_str().expect("an id"))).is(200);
    assert_eq!(by_id.json()["id"], install["id"]);
    assert_eq!(by_id.header("etag"), Some("\"1\""));
    assert_eq!(admin.all(INSTALLS, 1).len(), 1);
    assert_eq!(admin.get(&format!("{INSTALLS}?hook=order-routing")).is(200).json()["items"], json!([]));
    admin.get(&format!("{INSTALLS}?hook=quotes")).refused(422, "INVALID");
}

#[test]
fn settings_that_do_not_fit_are_told_place_by_place() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.publish("1.0.0", ANSWERS_NOTHING);
    let settings = json!({"free": -1, "zones": ["long name"], "colour": 1});
    let problem = admin.post(INSTALLS, &install("1.0.0", &settings)).refused(422, "SETTINGS");
    let errors = problem["errors"].as_array().expect("errors");
    let fields: Vec<_> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
    assert!(fields.contains(&"/settings/free") && fields.contains(&"/settings/zones/0"), "{problem}");
    assert!(errors.iter().all(|error| !error["detail"].as_str().expect("a detail").is_empty()));
    assert_eq!(problem["field"], fields[0]);
    assert_eq!(admin.get(INSTALLS).is(200).json()["items"], json!([]), "nothing was kept");
    admin.post(INSTALLS, &install("1.0.0", &json!({}))).refused(422, "SETTINGS");
    admin.post(INSTALLS, &install("1.0.0", &json!("text"))).refused(422, "SETTINGS");
}

#[test]
fn what_the_plugin_itself_refuses_points_below_settings_too() {
    let control = Control::start();
    let admin = control.shop("tent");
    control.api().publish("tiny", "1.0.0", &tiny("tiny", "1.0.0", REFUSES_A_ZONE, ANSWERS_NOTHING)).is(201);
    let problem = admin.post(INSTALLS, &install("1.0.0", &json!({"free": 1}))).refused(422, "SETTINGS");
    assert_eq!(problem["field"], "/settings/zones/0");
    assert_eq!(problem["detail"], "no such zone (found 1); give a zone");
    control.api().publish("tiny", "2.0.0", &tiny("tiny", "2.0.0", plugin::TRAPS, ANSWERS_NOTHING)).is(201);
    admin.post(INSTALLS, &install("2.0.0", &json!({"free": 1}))).refused(422, "CONFIGURE");
}

#[test]
fn names_are_unique_on_a_hook_and_found_when_none_is_given() {
    let control = Control::start();
    let admin = control.installed("tent");
    let body = install("1.0.0", &json!({"free": 1}));
    assert_eq!(admin.post(INSTALLS, &body).is(201).json()["name"], "tiny-2");
    let with = |member: &str, value: Value| {
        let mut body = body.clone();
        body[member] = value;
        admin.post(INSTALLS, &body)
    };
    with("name", json!("tiny")).refused(409, "CONFLICT");
    for wrong in [json!(""), json!("a/b"), json!("Ä"), json!("x".repeat(64))] {
        assert_eq!(with("name", wrong).refused(422, "INVALID")["field"], "/name");
    }
    assert_eq!(with("hook", json!("quotes")).refused(422, "INVALID")["field"], "/hook");
    assert_eq!(with("hook", json!("order-routing")).refused(422, "HOOK")["field"], "/hook");
    assert_eq!(with("position", json!(-1)).refused(422, "INVALID")["field"], "/position");
    assert_eq!(with("note", json!("x".repeat(1001))).refused(422, "INVALID")["field"], "/note");
    assert_eq!(with("position", json!(0)).is(201).json()["position"], 0);
}

#[test]
fn a_revision_takes_what_it_does_not_say_from_the_newest() {
    let control = Control::start();
    let admin = control.installed("tent");
    control.publish("1.1.0", ANSWERS_NOTHING);
    let revisions = format!("{INSTALLS}/tiny/revisions");
    let second =
        admin.post(&revisions, &json!({"settings": {"free": 2, "zones": ["a", "b"]}, "note": "why"})).is(201).json();
    assert_eq!((&second["number"], &second["packageVersion"]), (&json!(2), &json!("1.0.0")));
    let third = admin.post(&revisions, &json!({"version": "1.1.0"})).is(201).json();
    assert_eq!((&third["number"], &third["settings"]), (&json!(3), &second["settings"]));
    assert_eq!(
        admin.post(&revisions, &json!({"settings": {"free": "2"}})).refused(422, "SETTINGS")["field"],
        "/settings/free"
    );
    assert_eq!(admin.post(&revisions, &json!({"package": "other"})).refused(422, "INVALID")["field"], "/version");
    assert_eq!(admin.post(&revisions, &json!({"version": "9"})).refused(422, "INVALID")["field"], "/version");
    admin.post(&revisions, &json!({"note": "nothing"})).refused(422, "INVALID");
    admin.header("if-match", "\"1\"").post(&revisions, &json!({"settings": {"free": 3}})).refused(412, "STALE");
    let numbers: Vec<_> = admin.all(&revisions, 2).iter().map(|revision| revision["number"].clone()).collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert!(
        admin.all(&revisions, 2).iter().all(|revision| revision.get("settings").is_none()),
        "settings may be large"
    );

    let diff = admin.get(&format!("{INSTALLS}/tiny/diff?from=1&to=3")).is(200).json();
    let expected = json!([
        {"op": "replace", "path": "/free", "from": 1, "to": 2},
        {"op": "add", "path": "/zones", "to": ["a", "b"]},
    ]);
    assert_eq!((&diff["settings"], &diff["versionChanged"], &diff["more"]), (&expected, &json!(true), &json!(false)));
    assert_eq!((&diff["from"]["packageVersion"], &diff["to"]["packageVersion"]), (&json!("1.0.0"), &json!("1.1.0")));
    let newest = admin.get(&format!("{INSTALLS}/tiny/diff")).is(200).json();
    assert_eq!((&newest["from"]["number"], &newest["to"]["number"]), (&json!(2), &json!(3)));
}

#[test]
fn a_schema_that_old_settings_do_not_fit_says_where() {
    let control = Control::start();
    let admin = control.installed("tent");
    let narrow = r#"{"type":"object","required":["free"],"properties":{"free":{"type":"integer","minimum":5}}}"#;
    let component = plugin::with_section(plugin::plugin(ANSWERS_NOTHING), "cartwright:settings-schema", narrow);
    control.api().publish("tiny", "2.0.0", &component).is(201);
    let problem =
        admin.post(&format!("{INSTALLS}/tiny/revisions"), &json!({"version": "2.0.0"})).refused(422, "SETTINGS");
    assert_eq!(problem["field"], "/settings/free");
    admin.post(&format!("{INSTALLS}/tiny/revisions"), &json!({"version": "2.0.0", "settings": {"free": 5}})).is(201);
}

#[test]
fn what_is_removed_answers_nothing_and_its_name_is_free() {
    let control = Control::start();
    let admin = control.installed("tent");
    let id = admin.get(&format!("{INSTALLS}/tiny")).is(200).json()["id"].as_str().expect("an id").to_owned();
    admin.header("if-match", "\"9\"").delete(&format!("{INSTALLS}/tiny")).refused(412, "STALE");
    admin.header("if-match", "\"1\"").delete(&format!("{INSTALLS}/tiny")).is(204);
    admin.get(&format!("{INSTALLS}/tiny")).refused(404, "NOT_FOUND");
    assert_eq!(admin.get(INSTALLS).is(200).json()["items"], json!([]));
    let history = admin.get(&format!("{INSTALLS}/{id}/history")).is(200).json();
    assert_eq!(history["items"][0]["action"], "removed");
    admin.post(INSTALLS, &install("1.0.0", &json!({"free": 1}))).is(201);
}
