//! Plugins that keep failing: whose turn it is then, and what goes on and back by itself.

use cartwright_platform_tests::{Merchant, Platform, Server, quoting, until};
use serde_json::{Value, json};

/// What the shop offers when nobody else does: the document's backup rate.
const BACKUP: i64 = 777;

fn failing() -> Value {
    json!({ "fails": true })
}

fn install(server: &Server, merchant: &Merchant) -> Value {
    server.api(&merchant.admin).get(&merchant.install("")).ok()
}

/// The newest entry of the install's history with this action.
fn noted(server: &Server, merchant: &Merchant, action: &str) -> Option<Value> {
    let history = server.api(&merchant.admin).list(&merchant.install("/history"));
    history.into_iter().find(|entry| entry["action"] == action)
}

/// Limits that nothing breaks, so that only the breaker acts.
fn without_limits() -> Value {
    json!({ "limits": { "errorRate": 1000, "fallbackRate": 1000, "slowRate": 1000, "slowMillis": 60000 } })
}

#[test]
fn a_breaker_opens_on_a_plugin_that_keeps_failing_and_the_revision_before_takes_over() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    merchant.set_policy(&api, &without_limits());
    let revision = merchant.draft(&api, &failing());
    merchant.activate(&api, revision);

    let answer = merchant.quote(&server, "ann").ok();
    assert_eq!(answer["quotes"][0]["price"], BACKUP, "{answer}");
    assert_eq!(answer["quotes"][0]["backup"], true);
    assert_eq!(answer["fallback"]["code"], "DECLINED");
    assert!(answer["fallback"]["message"].as_str().is_some_and(|told| told.contains("the script says so")), "{answer}");
    assert_eq!(answer["plugins"][0]["failed"]["code"], "DECLINED");

    // Shoppers go on asking; not one of them is left without an answer.
    until("the revision before answers again", || {
        let answer = merchant.quote(&server, "ann").ok();
        let (revision, price) = (&answer["plugins"][0]["revision"], &answer["quotes"][0]["price"]);
        assert!(price == BACKUP || (revision == 1 && price == 500), "{answer}");
        (revision == 1).then_some(())
    });
    let now = install(&server, &merchant);
    assert_eq!(now["live"], 1, "{now}");
    assert!(now.get("breaker").is_none_or(Value::is_null), "what answers now has not failed: {now}");
    let opened = noted(&server, &merchant, "breakerOpened").expect("it is in the history");
    assert_eq!(opened["revision"], revision, "{opened}");
    let back = noted(&server, &merchant, "rolledBack").expect("it is in the history");
    assert_eq!(back["actor"], "server");
    assert!(back["why"].as_str().is_some_and(|why| why.contains("10 calls in a row failed")), "{back}");
    // Records are written some moments after their decision.
    until("every fallback has left a record", || {
        let fallbacks = platform.cli(&server, &["records", "shop", "--fallback", "true", "--json"]).done().json();
        fallbacks.as_array().is_some_and(|records| records.len() >= 10).then_some(())
    });
}

#[test]
fn where_there_is_no_revision_before_the_fallback_answers_at_once_until_a_good_one_comes() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &failing());
    let api = server.api(&merchant.admin);
    merchant.set_policy(&api, &without_limits());
    until("the breaker is open", || {
        assert_eq!(merchant.answers(&server, "ann").1, BACKUP);
        install(&server, &merchant).get("breaker").filter(|breaker| !breaker.is_null()).cloned()
    });
    let answer = merchant.quote(&server, "ann").ok();
    assert_eq!((&answer["quotes"][0]["price"], answer["fallback"].is_object()), (&json!(BACKUP), true), "{answer}");
    assert_eq!(install(&server, &merchant)["live"], 1, "there is nothing to go back to");
    let told = platform.cli(&server, &["installs", "shop"]).done();
    told.says("open:");

    let revision = merchant.draft(&api, &quoting(500));
    merchant.activate(&api, revision);
    until("the good revision answers", || {
        let (by, price) = merchant.answers(&server, "ann");
        assert!(price == BACKUP || (by, price) == (revision, 500), "{by} {price}");
        (price == 500).then_some(())
    });
    until("the breaker is closed", || {
        install(&server, &merchant).get("breaker").is_none_or(Value::is_null).then_some(())
    });
}

#[test]
fn a_plugin_that_never_ends_costs_its_shoppers_a_deadline_and_not_the_answer() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let hostile = cartwright_platform_tests::component("hostile");
    platform.cli(&server, &["publish", hostile.to_str().expect("a path")]).done();
    let api = server.api(&merchant.admin);
    let body = json!({ "package": "hostile", "version": "0.1.0", "settings": { "run": "loop" } });
    let made = api.post(&merchant.install("/revisions"), &body);
    merchant.activate(&api, made.ok()["number"].as_i64().expect("a number"));
    let answer = merchant.quote(&server, "ann").ok();
    assert_eq!(answer["quotes"][0]["price"], BACKUP, "{answer}");
    assert!(answer["plugins"][0]["failed"]["code"].is_string(), "{answer}");
    until("what answered before answers again", || {
        let (revision, price) = merchant.answers(&server, "ann");
        assert!(price == BACKUP || (revision, price) == (1, 500), "{revision} {price}");
        (price == 500).then_some(())
    });
}

#[test]
fn a_candidate_that_does_well_goes_live_by_itself_where_the_policy_says_so() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    merchant.set_policy(
        &api,
        &json!({ "automatic": true, "shadow": { "calls": 20, "seconds": 1 },
        "canary": { "calls": 20, "seconds": 1, "share": 500 } }),
    );
    let revision = merchant.draft(&api, &quoting(600));
    merchant.stage(&api, &json!({ "stage": "shadow", "revision": revision })).ok();
    let mut turn = 0;
    let mut ask = || {
        turn += 1;
        let seen = merchant.answers(&server, &format!("shopper-{turn}"));
        assert!(seen == (1, 500) || seen == (revision, 600), "{seen:?}");
    };
    until("it is live", || {
        (0..10).for_each(|_| ask());
        (install(&server, &merchant)["live"] == revision).then_some(())
    });
    let canary = noted(&server, &merchant, "canary").expect("it was a canary in between");
    let live = noted(&server, &merchant, "activated").expect("it went live");
    assert_eq!(
        (&canary["actor"], &live["actor"], &live["revision"]),
        (&json!("server"), &json!("server"), &json!(revision))
    );
    assert!(live["why"].as_str().is_some_and(|why| why.contains("broke no limit")), "{live}");
    assert_eq!(merchant.answers(&server, "ann"), (revision, 600));
}

#[test]
fn a_candidate_that_fails_is_withdrawn_and_a_shadow_is_never_seen() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    let revision = merchant.draft(&api, &failing());
    for stage in ["shadow", "canary"] {
        let mut body = json!({ "stage": stage, "revision": revision });
        if stage == "canary" {
            body["share"] = json!(500);
        }
        merchant.stage(&api, &body).ok();
        let mut turn = 0;
        until("it is withdrawn", || {
            turn += 1;
            let (_, price) = merchant.answers(&server, &format!("shopper-{turn}"));
            assert!(price == 500 || (stage == "canary" && price == BACKUP), "{stage} {price}");
            install(&server, &merchant).get("candidate").is_none_or(Value::is_null).then_some(())
        });
        let entry = noted(&server, &merchant, "withdrawn").expect("it is in the history");
        assert_eq!((&entry["actor"], &entry["revision"]), (&json!("server"), &json!(revision)), "{entry}");
        assert_eq!(merchant.answers(&server, "ann"), (1, 500));
    }
}

#[test]
fn a_live_revision_that_breaks_a_limit_is_rolled_back_while_it_is_watched() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    let revision = merchant.draft(&api, &failing());
    merchant.activate(&api, revision);
    // Fewer than a breaker wants.
    for _ in 0..5 {
        assert_eq!(merchant.answers(&server, "ann").1, BACKUP);
    }
    until("it is rolled back", || (install(&server, &merchant)["live"] == 1).then_some(()));
    let entry = noted(&server, &merchant, "rolledBack").expect("it is in the history");
    assert!(entry["why"].as_str().is_some_and(|why| why.contains("5 of 5 calls")), "{entry}");
    assert!(noted(&server, &merchant, "breakerOpened").is_none());
    until("the old one answers", || (merchant.answers(&server, "ann") == (1, 500)).then_some(()));
}
