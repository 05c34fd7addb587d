//! Three servers on one store and one bus: what one is told, all do; and nothing that goes away takes a checkout with it.

use cartwright_platform_tests::{Api, Load, Merchant, Platform, Seen, Server, cart, quoting, until};
use cartwright_test_services::{Nats, Postgres, or_leave_out};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const NAMES: [&str; 3] = ["one", "two", "three"];

/// A platform of its own, with services that this test may take away.
struct Replicated {
    servers: Vec<Server>,
    platform: Platform,
    database: String,
    nats: Nats,
    postgres: Postgres,
}

impl Replicated {
    /// Nothing, where the services are not installed.
    fn start(more: &[&str]) -> Option<Self> {
        let postgres = or_leave_out(Postgres::start())?;
        let nats = or_leave_out(Nats::start())?;
        let database = postgres.database();
        let platform = Platform::postgres(&database, &nats.url());
        let servers = NAMES.map(|name| platform.serve_with(name, more)).into();
        Some(Self { servers, platform, database, nats, postgres })
    }

    /// A shop whose revision 1 quotes 500, live on all replicas.
    fn merchant(&self) -> Merchant {
        let merchant = Merchant::open(&self.platform, &self.servers[0], "shop", &quoting(500));
        self.all_answer(&merchant, (1, 500));
        merchant
    }

    fn api(&self, number: usize, merchant: &Merchant) -> Api {
        self.servers[number].api(&merchant.admin)
    }

    /// Waits until each replica answers with this revision and price; tells how long that took.
    fn all_answer(&self, merchant: &Merchant, wanted: (i64, i64)) -> Duration {
        let start = Instant::now();
        for server in &self.servers {
            until(&format!("{} answers {wanted:?}", server.address), || answers(server, merchant, wanted));
        }
        start.elapsed()
    }

    fn addresses(&self) -> Vec<&str> {
        self.servers.iter().map(|server| server.address.as_str()).collect()
    }

    fn sql(&self, sql: &str) -> String {
        self.postgres.execute(self.database.rsplit('/').next().expect("a name"), sql)
    }
}

/// A replica that has not heard of the shop yet says 404, one without a revision 404 too.
fn answers(server: &Server, merchant: &Merchant, wanted: (i64, i64)) -> Option<()> {
    let answer = merchant.quote(server, "ann");
    if answer.status == 404 {
        return None;
    }
    let document = answer.ok();
    let seen = (document["plugins"][0]["revision"].as_i64()?, document["quotes"][0]["price"].as_i64()?);
    (seen == wanted).then_some(())
}

/// Each answer is of one revision and of no mixture; and none failed.
fn all_well(seen: &Seen) {
    assert!(seen.failed.is_empty(), "{} failed, the first: {}", seen.failed.len(), seen.failed[0]);
    assert!(seen.answers.len() > 50, "only {} requests were made", seen.answers.len());
    for answer in &seen.answers {
        assert_eq!(answer.price, 400 + 100 * answer.revision, "{answer:?} is neither old nor new");
    }
}

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
    all_well(&load.end());
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
    all_well(&load.end());
}

/// The job when it is over.
fn backtest(api: &Api, job: &Value) -> Value {
    let place = format!("/v1/shops/shop/backtests/{}", job["id"].as_str().expect("an id"));
    until("the backtest is over", || {
        let job = api.get(&place).ok();
        (!["running", "worked"].contains(&job["state"].as_str().expect("a state"))).then_some(job)
    })
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
    all_well(&load.end());
}

fn server_status(replicated: &Replicated, merchant: &Merchant) -> [u16; 3] {
    [0, 1, 2].map(|number| replicated.api(number, merchant).get("/v1/shops/shop/installs").status)
}

#[test]
fn all_three_are_replaced_under_load_without_a_failed_request() {
    let notice = ["--notice", "1s"];
    let Some(mut replicated) = Replicated::start(&notice) else { return };
    let merchant = replicated.merchant();
    let load = Load::on(&merchant, &replicated.addresses(), 3);
    until("storefronts ask", || (load.so_far().answers.len() > 60).then_some(()));
    for (number, name) in NAMES.iter().enumerate() {
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
    all_well(&load.end());
}

/// What a report says, without what a clock said.
fn findings(job: &Value) -> Value {
    let mut result = job["result"].clone();
    let members = result.as_object_mut().unwrap_or_else(|| panic!("{job}"));
    members.retain(|name, _| !name.to_lowercase().contains("micros"));
    for example in members.get_mut("examples").and_then(Value::as_array_mut).into_iter().flatten() {
        let comparison = example["comparison"].as_object_mut().expect("a comparison");
        comparison.retain(|name, _| !name.to_lowercase().contains("micros"));
    }
    result
}

#[test]
fn a_backtest_is_shared_and_a_worker_that_is_killed_in_the_middle_changes_nothing() {
    const DECISIONS: usize = 2_400;
    let Some(mut replicated) = Replicated::start(&[]) else { return };
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
