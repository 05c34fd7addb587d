//! What another version would have decided: the report, the rows, and what happens when a worker dies.

use super::world::{World, wait};
use serde_json::json;

const HOOK: &str = "shipping-quote";

#[test]
fn another_version_is_reported_with_what_it_would_have_cost() {
    let world = World::new();
    let server = world.serve();
    let at = server.address();
    world.decide(at, 12);
    let id = world.begin(at, &json!({"hook": HOOK, "version": "1.1.0", "since": 0}));
    let job = world.ended(at, &id);
    assert_eq!(
        (job["state"].as_str(), &job["records"], &job["recordsDone"]),
        (Some("done"), &json!(12), &json!(12)),
        "{job}"
    );
    let report = &job["result"];
    assert_eq!((&report["calls"], &report["same"], &report["changed"]), (&json!(12), &json!(0), &json!(12)), "{job}");
    assert_eq!(report["money"]["USD"]["sum"], 1_200, "{job}");
    assert_eq!(report["byChange"], json!({"price": 12}), "{job}");
    assert_eq!(report["examples"].as_array().map(Vec::len), Some(12));
    assert_eq!(job["document"]["exchanges"][0]["install"], world.install.id.as_str());
    // What is exchanged is one of the install's own revisions, or none: asked alike, reported alike.
    let again = world.begin(at, &json!({"hook": HOOK, "install": "flat", "revision": 2, "since": 0}));
    assert_eq!(world.ended(at, &again)["result"]["money"], report["money"]);

    let rows = world.ask(at, "GET", &format!("/v1/shops/demo/backtests/{id}/rows.csv"), None);
    assert_eq!(rows.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(rows.body.lines().count(), 13, "{}", rows.body);
    assert!(rows.body.lines().skip(1).all(|row| row.contains(",500,600,")), "{}", rows.body);
    let list = world.ask(at, "GET", "/v1/shops/demo/backtests", None).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(list["items"][0].get("result"), None);
}

#[test]
fn decisions_that_are_asked_as_they_were_made_are_the_same() {
    let world = World::new();
    let server = world.serve();
    let at = server.address();
    world.decide(at, 5);
    let asked = [json!({"hook": HOOK, "since": 0}), json!({"hook": HOOK, "settings": {"other": true}, "since": 0})];
    for body in asked {
        let job = world.ended(at, &world.begin(at, &body));
        assert_eq!((&job["result"]["calls"], &job["result"]["same"]), (&json!(5), &json!(5)), "{job}");
    }
    let none = world.ended(at, &world.begin(at, &json!({"hook": HOOK, "since": 0, "until": 1})));
    assert_eq!((none["state"].as_str(), &none["result"]["calls"]), (Some("done"), &json!(0)), "{none}");
}

#[test]
fn what_was_erased_is_counted_and_not_asked() {
    let world = World::new();
    let server = world.serve();
    let at = server.address();
    world.decide(at, 3);
    assert_eq!(world.ask(at, "POST", "/v1/shops/demo/erasure", Some(&json!({}))).status / 100, 2);
    let job = world.ended(at, &world.begin(at, &json!({"hook": HOOK, "version": "1.1.0", "since": 0})));
    assert_eq!((&job["result"]["calls"], &job["result"]["skipped"]), (&json!(0), &json!({"erased": 3})), "{job}");
}

#[test]
fn a_request_that_is_sent_twice_makes_one_backtest_and_a_wrong_one_none() {
    let world = World::new();
    let server = world.serve();
    let at = server.address();
    let body = json!({"hook": HOOK, "version": "1.1.0", "since": 0});
    let send = || world.ask_with(at, "POST", "/v1/shops/demo/backtests", &[("idempotency-key", "k1")], Some(&body));
    let (first, second) = (send(), send());
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    let refused = [
        (json!({"hook": "hok", "since": 0}), "/hook"),
        (json!({"hook": "order-routing", "install": "flat", "since": 0}), "/hook"),
        (json!({"hook": HOOK, "install": "nobody", "since": 0}), "/install"),
        (json!({"hook": HOOK, "revision": 1, "since": 0}), "/install"),
        (json!({"hook": HOOK, "install": "flat", "revision": 9, "since": 0}), "/revision"),
        (json!({"hook": HOOK, "version": "9.9.9", "since": 0}), "/version"),
        (json!({"hook": HOOK, "since": 10, "until": 10}), "/since"),
        (json!({"hook": HOOK, "since": 0, "sample": 0}), "/sample"),
    ];
    for (body, field) in refused {
        let reply = world.ask(at, "POST", "/v1/shops/demo/backtests", Some(&body));
        assert_eq!((reply.status, reply.json()["field"].as_str()), (422, Some(field)), "{body}: {reply:?}");
    }
    let unknown = world.ask(at, "GET", "/v1/shops/demo/backtests/019aa9d0-3c00-7000-8000-000000000001", None);
    assert_eq!(unknown.problem(), (404, "NOT_FOUND".into()));
    assert_eq!(
        world.ask(at, "GET", "/v1/shops/demo/backtests", None).json()["items"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn a_shard_whose_worker_died_is_done_by_another_and_counts_once() {
    let world = World::new();
    let server = world.serve();
    world.decide(server.address(), 4);
    drop(server);
    // As a process that was killed leaves it: the job made, its shard claimed, nobody at work.
    let body = json!({"hook": HOOK, "exchanges": [], "since": 0, "until": 4_000_000_000_i64, "sample": 1000});
    let id = world.runtime.block_on(async {
        let filter = cartwright_store::ShardFilter {
            shop: "demo".into(),
            hook: HOOK.into(),
            stage: None,
            since_millis: 0,
            until_millis: i64::MAX,
        };
        let shards = world.store.shards(&filter, 500).await.expect("shards");
        let new = cartwright_store::NewJob { id: None, shop: "demo".into(), document: body, shards };
        let job = world.store.create_job(&cartwright_store::Actor::new("test"), &new).await.expect("a job").it;
        let claim = world.store.claim_shard_number(&job.id, 0, "killed", 2, 5).await.expect("a store");
        assert!(claim.is_some());
        job.id
    });
    let server = world.serve();
    let job = world.ended(server.address(), &id);
    assert_eq!((job["state"].as_str(), &job["recordsDone"]), (Some("done"), &json!(4)), "{job}");
    assert_eq!((&job["result"]["calls"], &job["result"]["missing"]), (&json!(4), &json!({})), "{job}");
    let told = wait(|| {
        let cancelled = world.ask(server.address(), "DELETE", &format!("/v1/shops/demo/backtests/{id}"), None);
        Some(cancelled.json())
    });
    assert_eq!(told["state"], "done", "what is over stays as it is");
}
