//! Three servers on one store and one bus: what one is told, all do, and work is shared.

use cartwright_platform_tests::{
    Answer, Api, Load, Merchant, REPLICAS, Replicated, Server, answers, backtest, cart, quoting, until,
};
use serde_json::{Value, json};
use std::time::Instant;

#[test]
fn an_activation_reaches_all_replicas_under_load_without_a_failed_request() {
    let Some(replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();
    let load = Load::on(&merchant, &replicated.addresses(), 3);
    for round in 0..4 {
        // Each replica is told once.
        let api = replicated.api(round % 3, &merchant);
        let revision = merchant.draft(&api, &quoting(500 + 100 * (i64::try_from(round).expect("small") + 1)));
        let start = Instant::now();
        merchant.activate(&api, revision);
        let acknowledged = start.elapsed();
        let spread = replicated.all_answer(&merchant, (revision, 400 + 100 * revision));
        eprintln!("revision {revision}: acknowledged after {acknowledged:?}, on all replicas {spread:?} later");
        let settled = Instant::now();
        let enough = until("each replica answered after that", || {
            let seen = load.so_far();
            let after =
                |address: &str| seen.answers.iter().any(|answer| answer.began > settled && answer.address == address);
            replicated.addresses().iter().all(|address| after(address)).then_some(seen)
        });
        let old: Vec<_> =
            enough.answers.iter().filter(|answer| answer.began > settled && answer.revision < revision).collect();
        assert!(old.is_empty(), "a replica that had switched went back: {old:?}");
    }
    // Back again is a switch like any other.
    replicated.api(1, &merchant).post(&merchant.install("/rollback"), &json!({})).ok();
    replicated.all_answer(&merchant, (4, 800));
    load.end().all_well();
}

#[test]
fn a_replica_that_was_away_or_stood_still_catches_up() {
    let Some(mut replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();

    // Ended, and started again.
    let away = replicated.servers.remove(2);
    away.terminate();
    let api = replicated.api(0, &merchant);
    let revision = merchant.draft(&api, &quoting(600));
    merchant.activate(&api, revision);
    replicated.all_answer(&merchant, (2, 600));
    replicated.servers.push(replicated.platform.serve("three"));
    assert_eq!(merchant.answers(&replicated.servers[2], "ann"), (2, 600), "its first answer is of what is live now");

    // Killed, and a shop that it never knew.
    replicated.servers.remove(2).kill();
    let other = Merchant::open(&replicated.platform, &replicated.servers[1], "other", &quoting(500));
    replicated.servers.push(replicated.platform.serve("three"));
    assert_eq!(other.answers(&replicated.servers[2], "ann"), (1, 500));

    // It stood still while the others went on.
    replicated.servers[2].pause();
    let api = replicated.api(1, &merchant);
    let revision = merchant.draft(&api, &quoting(700));
    merchant.activate(&api, revision);
    for server in &replicated.servers[..2] {
        until("the others answer with the new one", || answers(server, &merchant, (3, 700)));
    }
    replicated.servers[2].resume();
    replicated.all_answer(&merchant, (3, 700));
    // A token that was revoked while it stood is good nowhere.
    let made = api.post("/v1/shops/shop/tokens", &json!({ "kind": "shopCheckout", "label": "till" })).ok();
    let (id, till) = (made["id"].as_str().expect("an id"), made["secret"].as_str().expect("a secret").to_owned());
    let status = |server: &Server| server.api(&till).post("/v1/shops/shop/quotes", &cart("ann")).status;
    assert!(replicated.servers.iter().all(|server| status(server) == 200));
    replicated.servers[2].pause();
    assert_eq!(
        api.ask("DELETE", &format!("/v1/shops/shop/tokens/{id}"), &[], None).expect("an answer").status / 100,
        2
    );
    replicated.servers[2].resume();
    for server in &replicated.servers {
        until("the revoked token is refused", || (status(server) == 401).then_some(()));
    }
}

#[test]
fn all_three_are_replaced_under_load_without_a_failed_request() {
    let notice = ["--notice", "1s"];
    let Some(mut replicated) = Replicated::start(&notice) else { return };
    let merchant = replicated.merchant();
    let load = Load::on(&merchant, &replicated.addresses(), 3);
    until("storefronts ask", || (load.so_far().answers.len() > 60).then_some(()));
    for (number, name) in REPLICAS.iter().enumerate() {
        let old = replicated.servers.remove(0);
        let gone = old.address.clone();
        old.terminate();
        load.remove(&gone);
        let new = replicated.platform.serve_with(name, &notice);
        load.add(&new.address);
        until("the balancer sends requests to the new one", || load.sends_to(&new.address).then_some(()));
        replicated.servers.push(new);
        // In the middle of it, somebody switches.
        if number == 1 {
            let api = replicated.api(0, &merchant);
            let revision = merchant.draft(&api, &quoting(600));
            merchant.activate(&api, revision);
        }
    }
    replicated.all_answer(&merchant, (2, 600));
    let (addresses, start) = (replicated.addresses(), Instant::now());
    until("each of the new ones answered", || {
        let seen = load.so_far();
        let answered =
            |address: &str| seen.answers.iter().any(|answer| answer.began > start && answer.address == address);
        addresses.iter().all(|address| answered(address)).then_some(())
    });
    load.end().all_well();
}

/// What a report says, without what a clock said.
fn findings(job: &Value) -> Value {
    /// What a clock measured is another figure each time.
    fn without_times(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| !name.to_lowercase().contains("micros"));
                members.values_mut().for_each(without_times);
            }
            Value::Array(items) => items.iter_mut().for_each(without_times),
            _ => {}
        }
    }
    let mut result = job["result"].clone();
    assert!(result.is_object(), "{job}");
    without_times(&mut result);
    result
}

#[test]
fn a_backtest_is_shared_and_a_worker_that_is_killed_in_the_middle_changes_nothing() {
    const DECISIONS: usize = 2_400;
    // As short as it is by default: a report does not depend on how busy the machine is.
    let Some(mut replicated) = Replicated::start(&["--deadline", "500ms"]) else { return };
    let merchant = replicated.merchant();
    let api = replicated.api(0, &merchant);
    let dearer = merchant.draft(&api, &quoting(600));
    // Carts that take a while, so that there is a middle.
    let mut large = cart("ann");
    let line = large["lines"][0].clone();
    let lines = (0..60).map(|number| {
        let mut line = line.clone();
        line["id"] = json!(number.to_string());
        line
    });
    large["lines"] = lines.collect();
    std::thread::scope(|scope| {
        for server in &replicated.servers {
            scope.spawn(|| {
                let checkout = server.api(&merchant.checkout);
                for _ in 0..DECISIONS / 3 {
                    checkout.post("/v1/shops/shop/quotes", &large).ok();
                }
            });
        }
    });
    until("all of them are recorded", || {
        let found: usize = replicated.sql("SELECT count(*) FROM records").parse().expect("a number");
        (found >= DECISIONS).then_some(())
    });
    let recorded: u64 = replicated.sql("SELECT count(*) FROM records").parse().expect("a number");
    let body = json!({ "hook": "shipping-quote", "install": "quotes", "revision": dearer, "since": 0 });
    let undisturbed = backtest(&api, &api.post("/v1/shops/shop/backtests", &body).ok());
    assert_eq!(undisturbed["state"], "done", "{undisturbed}");
    assert_eq!(
        (&undisturbed["result"]["calls"], &undisturbed["result"]["changed"]),
        (&json!(recorded), &json!(recorded))
    );
    let workers = "SELECT count(DISTINCT split_part(worker, '/', 1)) FROM shards";
    eprintln!("undisturbed: {} shards by {} replicas", undisturbed["shards"], replicated.sql(workers));

    let job = api.post("/v1/shops/shop/backtests", &body).ok();
    let place = format!("/v1/shops/shop/backtests/{}", job["id"].as_str().expect("an id"));
    let killed = replicated.servers.remove(2);
    let then = until("it is in the middle", || {
        let job = api.get(&place).ok();
        (job["shardsDone"].as_i64() > Some(0)).then_some(job)
    });
    killed.kill();
    let claimed = replicated.sql("SELECT count(*) FROM shards WHERE state = 'claimed'");
    eprintln!("killed after {} of {} shards, {claimed} were being worked on", then["shardsDone"], then["shards"]);
    assert_eq!(then["state"], "running", "it was over already: {then}");
    let disturbed = backtest(&replicated.servers[1].api(&merchant.admin), &job);
    assert_eq!(disturbed["state"], "done", "{disturbed}");
    assert_eq!(findings(&disturbed), findings(&undisturbed));
    assert_eq!((&disturbed["shardsDone"], &disturbed["shardsDead"]), (&disturbed["shards"], &json!(0)));
    let rows = api.get(&format!("{place}/rows.csv")).text();
    assert_eq!(rows.lines().count() as u64, recorded + 1, "each decision once");
}

#[test]
fn what_is_asked_of_two_replicas_at_once_is_decided_once() {
    let Some(replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();
    let (one, other) = (replicated.api(0, &merchant), replicated.api(1, &merchant));
    let both = |ask: &(dyn Fn(&Api) -> Answer + Sync)| {
        std::thread::scope(|scope| {
            let first = scope.spawn(|| ask(&one));
            let second = scope.spawn(|| ask(&other));
            [first, second].map(|asked| asked.join().expect("an answer"))
        })
    };
    for round in 0..5 {
        // The same request twice makes one revision, whichever replica it reaches.
        let (key, body) =
            (format!("draft-{round}"), json!({ "settings": quoting(600 + round), "note": format!("round {round}") }));
        let before = one.list(&merchant.install("/revisions")).len();
        let drafts = both(&|api| {
            until("the same request is not under way elsewhere", || {
                let answer = api.send("POST", &merchant.install("/revisions"), &[("idempotency-key", &key)], &body);
                (answer.status != 409).then_some(answer)
            })
        });
        assert_eq!(drafts[0].ok()["number"], drafts[1].ok()["number"]);
        assert_eq!(one.list(&merchant.install("/revisions")).len(), before + 1);

        // Of two who have seen the same version, one is told.
        let etag = one.get(&merchant.install("")).etag().to_owned();
        let number = drafts[0].ok()["number"].clone();
        let staged = both(&|api| {
            let body = json!({ "stage": "live", "revision": number });
            api.send("POST", &merchant.install("/stage"), &[("if-match", &etag)], &body)
        });
        let mut statuses = staged.each_ref().map(|answer| answer.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", staged[0], staged[1]);
        replicated.all_answer(&merchant, (number.as_i64().expect("a number"), 600 + round));
    }
    let history = one.list(&merchant.install("/history"));
    let activated = history.iter().filter(|entry| entry["action"] == "activated").count();
    assert_eq!(activated, 6, "once a round, and the first: {history:?}");
}
