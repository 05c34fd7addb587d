use super::{Api, Control, Expect};
use crate::common::plugin::{ANSWERS_NOTHING, DECLINES};
use serde_json::{Value, json};
use std::sync::Barrier;

const TINY: &str = "/v1/shops/tent/installs/tiny";

/// Revisions 1 (answers), 2 (declines) and 3 (answers), all drafts.
fn three(control: &Control) -> Api<'_> {
    let admin = control.installed("tent");
    control.publish("1.1.0", DECLINES);
    control.publish("1.2.0", ANSWERS_NOTHING);
    for version in ["1.1.0", "1.2.0"] {
        admin.post(&format!("{TINY}/revisions"), &json!({"version": version})).is(201);
    }
    admin
}

fn stage(api: &Api<'_>, body: &Value) -> Value {
    api.post(&format!("{TINY}/stage"), body).is(200).json()
}

/// Code of the fallback, if it answers.
fn quotes(api: &Api<'_>) -> Value {
    let cart = json!({"currency": "USD", "destination": {"country": "US"},
        "lines": [{"id": "1", "sku": "a", "quantity": 1, "unitPrice": 1, "weight": 1}]});
    let reply = api.post("/v1/shops/tent/quotes", &cart);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["fallback"]["code"].clone()
}

#[test]
fn an_install_goes_from_draft_to_shadow_to_canary_to_live_and_back() {
    let control = Control::start();
    let admin = three(&control);
    let live = stage(&admin, &json!({"stage": "live", "revision": 1, "why": "first"}));
    assert_eq!((&live["live"], &live["candidate"]), (&json!(1), &Value::Null));
    assert_eq!(quotes(&admin), Value::Null, "the switch is made when the answer is there");

    let shadow = stage(&admin, &json!({"stage": "shadow", "revision": 2}));
    assert_eq!((&shadow["candidate"]["revision"], &shadow["candidate"]["stage"]), (&json!(2), &json!("shadow")));
    assert_eq!(quotes(&admin), Value::Null, "a shadow is never shown");
    let canary = stage(&admin, &json!({"stage": "canary", "share": 250}));
    assert_eq!((&canary["candidate"]["revision"], &canary["candidate"]["share"]), (&json!(2), &json!(250)));
    let live = stage(&admin, &json!({"stage": "live"}));
    assert_eq!((&live["live"], &live["previous"], &live["candidate"]), (&json!(2), &json!(1), &Value::Null));
    assert_eq!(quotes(&admin), "DECLINED");

    let back = admin.post(&format!("{TINY}/rollback"), &json!({"why": "it declines"})).is(200);
    assert_eq!((&back.json()["live"], back.header("etag").is_some()), (&json!(1), true));
    assert_eq!(quotes(&admin), Value::Null);
    admin.post(&format!("{TINY}/rollback"), &json!({})).refused(409, "CONFLICT");

    let history = admin.all(&format!("{TINY}/history"), 3);
    let actions: Vec<_> = history.iter().rev().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(actions, ["created", "drafted", "drafted", "activated", "shadow", "canary", "activated", "rolledBack"]);
    assert_eq!(history[0]["why"], "it declines");
    assert!(history[0]["actor"].as_str().is_some_and(|actor| actor.starts_with("token:")));
}

#[test]
fn a_candidate_is_withdrawn_and_replaced() {
    let control = Control::start();
    let admin = three(&control);
    stage(&admin, &json!({"stage": "live", "revision": 1}));
    stage(&admin, &json!({"stage": "shadow", "revision": 2}));
    assert_eq!(stage(&admin, &json!({"stage": "shadow"}))["candidate"]["revision"], 3, "the newest");
    assert_eq!(stage(&admin, &json!({"stage": "withdrawn"}))["candidate"], Value::Null);
    admin.post(&format!("{TINY}/stage"), &json!({"stage": "withdrawn"})).refused(409, "CONFLICT");
}

#[test]
fn what_cannot_be_staged_is_told_with_its_field() {
    let control = Control::start();
    let admin = three(&control);
    let field = |body: Value| admin.post(&format!("{TINY}/stage"), &body).refused(422, "INVALID")["field"].clone();
    assert_eq!(field(json!({"stage": "live", "revision": 4})), "/revision");
    assert_eq!(field(json!({"stage": "live", "revision": 0})), "/revision");
    assert_eq!(field(json!({"stage": "canary", "share": 0})), "/share");
    assert_eq!(field(json!({"stage": "canary", "share": 1001})), "/share");
    assert_eq!(field(json!({"stage": "shadow", "share": 10})), "/share");
    assert_eq!(field(json!({"stage": "withdrawn", "revision": 1})), "/revision");
    let wrong = admin.post(&format!("{TINY}/stage"), &json!({"stage": "draft"})).refused(400, "MALFORMED_JSON");
    assert_eq!(wrong["field"], "/stage");
}

#[test]
fn of_two_activations_at_once_one_wins_and_the_other_is_told() {
    let control = Control::start();
    let admin = three(&control);
    stage(&admin, &json!({"stage": "live", "revision": 2}));
    for round in 0..5 {
        let tag = admin.get(TINY).is(200).header("etag").expect("a version").to_owned();
        let barrier = Barrier::new(2);
        let activate = |revision: i64| {
            let api = admin.header("if-match", &tag);
            barrier.wait();
            api.post(&format!("{TINY}/stage"), &json!({"stage": "live", "revision": revision})).status
        };
        let mut statuses = std::thread::scope(|scope| {
            let other = scope.spawn(|| activate(1 + round % 2));
            [activate(3), other.join().expect("no panic")]
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let reset = json!({"stage": "live", "revision": if round % 2 == 0 { 1 } else { 2 }});
        stage(&admin, &reset);
    }
}

#[test]
fn a_policy_is_checked_and_kept() {
    let control = Control::start();
    let admin = control.installed("tent");
    let policy =
        json!({"automatic": true, "canary": {"share": 50, "calls": 10, "seconds": 60}, "limits": {"errorRate": 5}});
    let install = admin.put(&format!("{TINY}/policy"), &policy).is(200);
    assert_eq!(install.json()["policy"], policy);
    let wrong = |body: Value| admin.put(&format!("{TINY}/policy"), &body);
    assert_eq!(wrong(json!({"canary": {"share": 2000}})).problem().0, 422);
    assert_eq!(wrong(json!({"canary": {"share": 2000}})).json()["field"], "/canary/share");
    assert_eq!(wrong(json!({"limits": {"errorRate": "5"}})).json()["field"], "/limits/errorRate");
    wrong(json!({"automatik": true})).refused(422, "MALFORMED");
    admin.header("if-match", "\"1\"").put(&format!("{TINY}/policy"), &policy).refused(412, "STALE");
    // Without a share of its own a canary takes the policy's.
    stage(&admin, &json!({"stage": "live"}));
    admin.post(&format!("{TINY}/revisions"), &json!({"settings": {"free": 9}})).is(201);
    assert_eq!(stage(&admin, &json!({"stage": "canary"}))["candidate"]["share"], 50);
}

#[test]
fn the_statistics_take_filters_and_refuse_others() {
    let control = Control::start();
    let admin = control.installed("tent");
    for query in ["", "?revision=1&stage=live", "?since=2020-01-01T00:00:00Z&until=4000000000"] {
        admin.get(&format!("{TINY}/stats{query}")).is(200);
    }
    for query in ["?stage=draft", "?revision=x", "?since=yesterday", "?from=1"] {
        admin.get(&format!("{TINY}/stats{query}")).refused(422, "PARAMETER");
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let mut control = Control::start();
    let admin = three(&control);
    stage(&admin, &json!({"stage": "live", "revision": 2}));
    let (token, before) = (admin.token.clone(), admin.get(TINY).is(200).json());
    control.start_again();
    let admin = control.as_token(&token);
    assert_eq!(admin.get(TINY).is(200).json(), before);
    assert_eq!(quotes(&admin), "DECLINED");
}
