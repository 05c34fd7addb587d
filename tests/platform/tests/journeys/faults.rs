//! A bus or a store that is away, hangs or was tampered with: nothing that goes away takes a checkout with it.

use cartwright_platform_tests::{Load, Merchant, Replicated, backtest, quoting, until};
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn without_the_bus_changes_arrive_all_the_same_and_with_it_again_they_go_on() {
    let Some(replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();
    let load = Load::on(&merchant, &replicated.addresses(), 2);
    let api = replicated.api(0, &merchant);
    replicated.nats.stop();
    let revision = merchant.draft(&api, &quoting(600));
    merchant.activate(&api, revision);
    let spread = replicated.all_answer(&merchant, (2, 600));
    eprintln!("without NATS: on all replicas after {spread:?}");
    replicated.nats.start_again();
    let revision = merchant.draft(&api, &quoting(700));
    merchant.activate(&api, revision);
    replicated.all_answer(&merchant, (3, 700));
    // Hanging is worse than being away.
    replicated.nats.pause();
    let revision = merchant.draft(&api, &quoting(800));
    merchant.activate(&api, revision);
    replicated.all_answer(&merchant, (4, 800));
    replicated.nats.resume();
    // Backtests go over the bus.
    let body = json!({ "hook": "shipping-quote", "install": "quotes", "revision": 1, "since": 0 });
    let job = api.post("/v1/shops/shop/backtests", &body).ok();
    let done = backtest(&replicated.servers[1].api(&merchant.admin), &job);
    assert_eq!(done["state"], "done", "{done}");
    load.end().all_well();
}

#[test]
fn while_the_store_is_away_checkouts_go_on_and_nothing_acknowledged_is_lost() {
    let Some(replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();
    let api = replicated.api(0, &merchant);
    let drafted = merchant.draft(&api, &quoting(600));
    let load = Load::on(&merchant, &replicated.addresses(), 2);
    until("storefronts ask", || (load.so_far().answers.len() > 20).then_some(()));
    for how in ["stopped", "killed", "hanging"] {
        match how {
            "stopped" => replicated.postgres.stop(),
            "killed" => replicated.postgres.kill(),
            _ => replicated.postgres.pause(),
        }
        let before = load.so_far().answers.len();
        for server in &replicated.servers {
            let start = Instant::now();
            let problem = server
                .api(&merchant.admin)
                .post(&merchant.install("/stage"), &json!({ "stage": "live", "revision": drafted }));
            problem.refused(503, "UNAVAILABLE");
            assert!(problem.headers.contains_key("retry-after"), "{problem}");
            assert!(problem.text().contains("try again"), "{problem}");
            assert!(start.elapsed() < Duration::from_secs(15), "{how}: it took {:?} to say so", start.elapsed());
            let listed = server.api(&merchant.admin).get("/v1/shops/shop/records");
            listed.refused(503, "UNAVAILABLE");
        }
        until("checkouts were answered meanwhile", || (load.so_far().answers.len() > before + 60).then_some(()));
        let during = merchant.quote(&replicated.servers[0], &format!("during-{how}"));
        assert_eq!(during.ok()["plugins"][0]["revision"], 1);
        let request = during.headers.get("x-request-id").expect("every answer has one").clone();
        if how == "hanging" {
            replicated.postgres.resume();
        } else {
            replicated.postgres.start_again();
        }
        until("the store is used again", || (server_status(&replicated, &merchant) == [200; 3]).then_some(()));
        until("the decision that was made meanwhile is recorded", || {
            let found = replicated.sql(&format!("SELECT count(*) FROM records WHERE request_id = '{request}'"));
            assert!(["0", "1"].contains(&found.as_str()), "it is recorded {found} times");
            (found == "1").then_some(())
        });
    }
    let revisions = api.list(&merchant.install("/revisions"));
    assert_eq!(revisions.len(), 2, "the draft that was acknowledged is there: {revisions:?}");
    merchant.activate(&api, drafted);
    replicated.all_answer(&merchant, (2, 600));
    load.end().all_well();
}

fn server_status(replicated: &Replicated, merchant: &Merchant) -> [u16; 3] {
    [0, 1, 2].map(|number| replicated.api(number, merchant).get("/v1/shops/shop/installs").status)
}

#[test]
fn a_component_that_was_changed_in_the_store_is_never_run() {
    let Some(replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();
    replicated.sql("UPDATE components SET bytes = set_byte(bytes, 1000, (get_byte(bytes, 1000) + 1) % 256)");
    // It has nothing in its cache.
    let fresh = replicated.platform.serve("four");
    for _ in 0..3 {
        let answer = merchant.quote(&fresh, "ann").ok();
        assert_eq!(
            (&answer["quotes"][0]["service"], answer["fallback"].is_object()),
            (&json!("backup"), true),
            "{answer}"
        );
    }
    assert!(fresh.log().contains("something changed them"), "{}", fresh.log_end());
    let refused =
        fresh.api(&merchant.admin).post(&merchant.install("/revisions"), &json!({ "settings": quoting(600) }));
    assert!(refused.status >= 400, "{refused}");
    // Who has it as it was published goes on.
    assert_eq!(merchant.answers(&replicated.servers[0], "ann"), (1, 500));
}

#[test]
fn a_server_that_cannot_reach_its_store_says_what_to_do_and_does_not_start() {
    let Some(replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();
    replicated.postgres.stop();
    let database = replicated.database.as_str();
    let said = replicated.platform.local(&[
        "serve",
        "--store",
        database,
        "--master-key",
        "master.key",
        "--listen",
        "127.0.0.1:0",
    ]);
    assert_eq!(said.code, 1, "{said}");
    let password_free = said.err.to_lowercase();
    assert!(password_free.contains("store") && !password_free.contains("panicked"), "{said}");
    // Those that run go on.
    assert_eq!(merchant.answers(&replicated.servers[0], "ann"), (1, 500));
    replicated.postgres.start_again();
    let again = replicated.platform.serve("four");
    assert_eq!(merchant.answers(&again, "ann"), (1, 500));
}
