use super::{Control, Expect, install};
use serde_json::{Value, json};

const VALUE: &str = "s3cr3t-of-the-carrier";

#[test]
fn a_value_goes_in_and_never_comes_out() {
    let control = Control::start();
    let admin = control.installed("tent");
    let secret = "/v1/shops/tent/secrets/carrier";
    let mut answers = vec![admin.put(secret, &json!({"value": VALUE})).is(200)];
    answers.push(admin.put(secret, &json!({"value": format!("{VALUE}2")})).is(200));
    assert_eq!(answers[1].json()["version"], 2);
    answers.push(admin.get("/v1/shops/tent/secrets").is(200));
    assert_eq!(answers[2].json()["items"][0]["name"], "carrier");
    answers.push(admin.get("/v1/shops/tent/audit").is(200));
    answers.push(control.api().get("/v1/audit").is(200));
    answers.push(control.api().get("/metrics"));
    // Mistakes around it do not show it either.
    let bodies = [json!({"valeu": VALUE}), json!(VALUE), json!({"value": [VALUE]}), json!({"value": VALUE, "more": 1})];
    for body in bodies {
        answers.push(admin.put(secret, &body).is(400));
    }
    answers.push(admin.put(secret, &json!({"value": format!("{VALUE}\n")})).is(422));
    answers.push(admin.put(secret, &json!({"value": VALUE.repeat(300)})).is(422));
    for answer in &answers {
        assert!(!answer.body.contains(VALUE), "{answer:?}");
    }
    for name in ["store.db", "store.db-wal"] {
        let Ok(bytes) = std::fs::read(control.path(name)) else { continue };
        assert!(!bytes.windows(VALUE.len()).any(|window| window == VALUE.as_bytes()), "{name}");
    }
    admin.delete(secret).is(204);
    assert_eq!(admin.get("/v1/shops/tent/secrets").is(200).json()["items"], json!([]));
}

#[test]
fn settings_may_speak_of_secrets_that_are_there_only() {
    let control = Control::start();
    let admin = control.installed("tent");
    let body = install("1.0.0", &json!({"free": 1, "key": "{{secret:carrier}}"}));
    let problem = admin.post("/v1/shops/tent/installs", &body).refused(422, "SECRET");
    assert_eq!(problem["field"], "/settings");
    admin.put("/v1/shops/tent/secrets/carrier", &json!({"value": VALUE})).is(200);
    let made = admin.post("/v1/shops/tent/installs", &body).is(201).json();
    let id = made["id"].as_str().expect("an id");
    let revision = admin.get(&format!("/v1/shops/tent/installs/{id}/revisions/1")).is(200);
    assert!(revision.body.contains("{{secret:carrier}}") && !revision.body.contains(VALUE));
}

#[test]
fn names_that_no_plugin_could_use_are_refused() {
    let control = Control::start();
    let admin = control.shop("tent");
    for name in ["a%20b", "a%2Fb", &"x".repeat(65)] {
        let problem: Value = admin.put(&format!("/v1/shops/tent/secrets/{name}"), &json!({"value": "x"})).json();
        assert_eq!(problem["status"], 422, "{problem}");
    }
}
