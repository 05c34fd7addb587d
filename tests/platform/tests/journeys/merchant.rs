//! A merchant's way on one server: from a package that is published to a decision that is made again.

use cartwright_platform_tests::{Answer, Api, Merchant, Platform, Server, cart, component, quoting, root, until};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The demo's settings, each price of the first service this much higher.
fn demo(more: i64) -> Value {
    let text = std::fs::read(root().join("xtask/demo/shops/demo/shipping-quote.json")).expect("the demo's settings");
    let mut settings: Value = serde_json::from_slice(&text).expect("JSON");
    for row in settings["services"][0]["rate"]["prices"].as_object_mut().expect("a table").values_mut() {
        for price in row.as_array_mut().expect("prices") {
            *price = json!(price.as_i64().expect("a price") + more);
        }
    }
    settings
}

/// The record of a decision, once it is there.
fn record_of(api: &Api, shop: &str, answer: &Answer) -> Value {
    let request = answer.headers.get("x-request-id").expect("every answer has one");
    until("the decision's record is there", || {
        let records = api.list(&format!("/v1/shops/{shop}/records"));
        records.into_iter().find(|record| record["requestId"] == request.as_str() && record["stage"] != "shadow")
    })
}

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

fn calls(api: &Api, merchant: &str, stage: &str) -> BTreeMap<String, i64> {
    let minutes = api.get(&format!("/v1/shops/{merchant}/installs/quotes/stats?stage={stage}")).ok();
    let mut sums = BTreeMap::new();
    for minute in minutes["items"].as_array().expect("minutes") {
        for name in ["calls", "different", "errors", "fallbacks"] {
            *sums.entry(name.to_owned()).or_default() += minute[name].as_i64().expect("a count");
        }
    }
    sums
}

#[test]
fn a_merchant_installs_tries_switches_goes_back_and_replays() {
    let platform = Platform::sqlite();
    let mut server = platform.serve("one");
    let api = server.api(&platform.token);
    let plugin = component("shipping_quote");
    platform.cli(&server, &["publish", plugin.to_str().expect("a path")]).done();
    platform.cli(&server, &["shop", "create", "demo", "--name", "Demo Outfitters"]).done();
    let token = |kind| {
        platform.cli(&server, &["token", "create", "--kind", kind, "--shop", "demo"]).done().out.trim().to_owned()
    };
    let merchant = Merchant { shop: "demo".into(), admin: token("admin"), checkout: token("checkout") };
    let run = |server: &Server, arguments: &[&str]| platform.cli_as(server, &merchant.admin, arguments);

    // A mistake in the settings is told with its place, and nothing is kept.
    let mut wrong = demo(0);
    wrong["services"][0]["rate"] = json!(5);
    platform.file("wrong.json", wrong.to_string());
    let install = ["install", "demo", "shipping-quote", "shipping-quote@0.1.0", "--name", "quotes", "--settings"];
    run(&server, &[&install[..], &["wrong.json"]].concat()).ended(3).says("`wrong.json`: /services/0/rate");
    let body = json!({ "hook": "shipping-quote", "package": "shipping-quote", "version": "0.1.0", "settings": wrong });
    let problem = api.post("/v1/shops/demo/installs", &body).refused(422, "SETTINGS");
    assert_eq!(problem["field"], "/settings/services/0/rate", "{problem}");
    let missing = json!({ "hook": "shipping-quote", "package": "shipping-quote", "version": "7.0.0", "settings": {} });
    assert_eq!(api.post("/v1/shops/demo/installs", &missing).json()["field"], "/version");
    assert_eq!(api.list("/v1/shops/demo/installs"), [json!(null); 0]);

    platform.file("quotes.json", demo(0).to_string());
    run(&server, &[&install[..], &["quotes.json"]].concat()).done();
    assert_eq!(merchant.quote(&server, "ann").status, 404, "a draft answers nobody");
    run(&server, &["activate", "demo/quotes"]).done();
    merchant.set_policy(&server.api(&merchant.admin), &json!({}));
    let first = merchant.quote(&server, "ann");
    assert_eq!(first.ok()["plugins"][0]["revision"], 1, "{first}");
    let first_record = record_of(&api, "demo", &first);

    // Who may ask.
    let asks = |token: Option<&str>| Api::new(&server.address, token).post("/v1/shops/demo/quotes", &cart("ann"));
    asks(None).refused(401, "UNAUTHENTICATED");
    asks(Some("cw_checkout_nobody_nothing")).refused(401, "UNAUTHENTICATED");
    platform.cli(&server, &["shop", "create", "other"]).done();
    let foreign = platform.cli(&server, &["token", "create", "--kind", "checkout", "--shop", "other"]).done();
    asks(Some(foreign.out.trim())).refused(403, "FORBIDDEN");
    server.api(&merchant.checkout).get("/v1/shops/demo/records").refused(403, "FORBIDDEN");
    server.api(&merchant.admin).get("/v1/shops/other").refused(403, "FORBIDDEN");

    // Another price: a draft, its difference, a shadow that is counted and compared and never shown.
    platform.file("dearer.json", demo(100).to_string());
    run(&server, &["set", "demo/quotes", "--settings", "dearer.json", "--note", "dearer"]).done();
    run(&server, &["diff", "demo/quotes"]).done().says("/services/0/rate/prices/1/0");
    let stale = platform.cli_as(&server, &merchant.admin, &["shadow", "demo/quotes", "--expect", "1"]);
    stale.ended(3).says("it has changed since it was read");
    run(&server, &["shadow", "demo/quotes"]).done();
    let price_of = |answer: &Answer| {
        let document = answer.ok();
        let quotes = document["quotes"].as_array().expect("quotes").clone();
        let ground =
            quotes.into_iter().find(|quote| quote["service"] == "ground").unwrap_or_else(|| panic!("{answer}"));
        (document["plugins"][0]["revision"].as_i64().expect("a revision"), ground["price"].as_i64().expect("a price"))
    };
    let (_, price) = price_of(&first);
    for shopper in 0..5 {
        assert_eq!(
            price_of(&merchant.quote(&server, &format!("shadow-{shopper}"))),
            (1, price),
            "a shadow is never shown"
        );
    }
    until("five shadows are counted, and all differ", || {
        let sums = calls(&api, "demo", "shadow");
        (sums.get("calls") == Some(&5) && sums.get("different") == Some(&5) && sums.get("errors") == Some(&0))
            .then_some(())
    });

    // Canary for everybody, then live: the new price.
    run(&server, &["canary", "demo/quotes", "--share", "100%"]).done();
    assert_eq!(price_of(&merchant.quote(&server, "canary")).0, 2);
    run(&server, &["activate", "demo/quotes", "--why", "new prices"]).done();
    let second = merchant.quote(&server, "ann");
    let (revision, dearer) = price_of(&second);
    assert!(revision == 2 && dearer > price, "{second}");
    let second_record = record_of(&api, "demo", &second);

    // What was decided then is decided again, to the byte, by what decided then: also in another process.
    let replay = |server: &Server, record: &str, body: &Value| {
        server.api(&merchant.admin).post(&format!("/v1/shops/demo/records/{record}/replay"), body).ok()
    };
    for restarted in [false, true] {
        if restarted {
            server.terminate();
            server = platform.serve("one");
        }
        for (answer, record) in [(&first, &first_record), (&second, &second_record)] {
            let replayed = replay(&server, id(record), &json!({}));
            assert_eq!(replayed["recorded"], answer.text(), "the record is what was sent");
            assert_eq!((&replayed["replayed"], &replayed["same"]), (&replayed["recorded"], &json!(true)));
            run(&server, &["replay", "demo", id(record)]).done().says("byte for byte");
        }
    }
    let api = server.api(&platform.token);
    let other = replay(&server, id(&first_record), &json!({ "revision": 2 }));
    assert_eq!(other["same"], false);
    assert!(other["comparison"].to_string().contains("price"), "{other}");
    run(&server, &["replay", "demo", id(&first_record), "--revision", "2"]).ended(4);

    // A backtest of the dearer prices over what was decided: every decision of the old price would have been dearer.
    let report = run(&server, &["backtest", "demo/quotes@2", "--since", "1h", "--out", "rows.csv"]).done();
    report.says("what changes");
    let rows = std::fs::read_to_string(platform.path("rows.csv")).expect("rows");
    let table: Vec<Vec<&str>> = rows.lines().map(|line| line.split(',').collect()).collect();
    let column =
        |name: &str| table[0].iter().position(|head| *head == name).unwrap_or_else(|| panic!("{name}: {rows}"));
    let (record, same) = (column("record"), column("same"));
    let of_the_first = table.iter().find(|row| row[record] == id(&first_record)).unwrap_or_else(|| panic!("{rows}"));
    assert_eq!(of_the_first[same], "false");
    let of_the_second = table.iter().find(|row| row[record] == id(&second_record)).unwrap_or_else(|| panic!("{rows}"));
    assert_eq!(of_the_second[same], "true");

    // Back, and what was done by whom.
    run(&server, &["rollback", "demo/quotes", "--why", "prices are off"]).done();
    assert_eq!(price_of(&merchant.quote(&server, "ann")), (1, price));
    let history = api.list("/v1/shops/demo/installs/quotes/history");
    let actions: Vec<_> = history.iter().rev().filter_map(|entry| entry["action"].as_str()).collect();
    let expected = ["created", "activated", "policyChanged", "drafted", "shadow", "canary", "activated", "rolledBack"];
    assert_eq!(actions, expected);
    assert_eq!(history[0]["why"], "prices are off");
    let audit = server.api(&merchant.admin).list("/v1/shops/demo/audit");
    assert!(audit.iter().any(|entry| entry["action"] == "install.rolledBack"), "{audit:?}");
    assert!(
        audit.iter().all(|entry| entry["shop"] == "demo" && entry["actor"].as_str().is_some_and(|by| !by.is_empty()))
    );
}

#[test]
fn a_canary_answers_its_share_and_each_shopper_always_the_same() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    let revision = merchant.draft(&api, &quoting(600));
    let stage =
        |share: i64| merchant.stage(&api, &json!({ "stage": "canary", "revision": revision, "share": share })).ok();
    let checkout = server.api(&merchant.checkout);
    let by_key = |key: &str, shopper: &str| {
        let answer = checkout.send("POST", &merchant.path("/quotes"), &[("cartwright-key", key)], &cart(shopper)).ok();
        answer["quotes"][0]["price"] == 600
    };
    stage(300);
    let drawn: Vec<bool> = (0..400).map(|number| by_key(&format!("key-{number}"), "ann")).collect();
    let count = drawn.iter().filter(|drawn| **drawn).count();
    // Five standard deviations.
    assert!((75..=165).contains(&count), "{count} of 400 at 30 %");
    for (number, before) in drawn.iter().enumerate().step_by(7) {
        assert_eq!(by_key(&format!("key-{number}"), "ben"), *before, "the key decides, whatever is in the cart");
    }
    // Whoever has it keeps it when more get it.
    stage(600);
    for (number, before) in drawn.iter().enumerate().step_by(7).filter(|(_, before)| **before) {
        assert_eq!(by_key(&format!("key-{number}"), "ann"), *before);
    }
    // Without a key the customer decides.
    let by_customer = |shopper: &str| merchant.answers(&server, shopper).0;
    let once: Vec<i64> = (0..40).map(|number| by_customer(&format!("shopper-{number}"))).collect();
    let twice: Vec<i64> = (0..40).map(|number| by_customer(&format!("shopper-{number}"))).collect();
    assert_eq!(once, twice);
    assert!(once.contains(&1) && once.contains(&revision), "{once:?}");
    until("calls of the canary are counted", || {
        calls(&api, "shop", "canary").get("calls").filter(|calls| **calls > 0).copied()
    });
}

#[test]
fn after_an_erasure_a_record_can_be_counted_and_neither_read_nor_replayed() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let api = server.api(&merchant.admin);
    let answer = merchant.quote(&server, "ann");
    assert!(answer.text().contains("ann@shop.example"), "the plugin tells what it saw: {answer}");
    let record = record_of(&api, "shop", &answer);
    let place = format!("/v1/shops/shop/records/{}", id(&record));
    let before = api.get(&place).ok();
    assert_eq!(before["personal"], "present");
    assert!(before.to_string().contains("ann@shop.example"), "{before}");

    // At rest it is nowhere, not even before the erasure.
    let at_rest = |word: &str| {
        let files = ["store.db", "store.db-wal"].map(|name| std::fs::read(platform.path(name)).unwrap_or_default());
        files.iter().any(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
    };
    assert!(!at_rest("ann@shop.example") && at_rest("shipping-quote"));

    assert_eq!(api.post("/v1/shops/shop/erasure", &json!({})).ok()["keys"], 1);
    let after = api.get(&place).ok();
    assert_eq!(after["personal"], "erased", "{after}");
    assert_eq!((&after["fuel"], &after["stage"]), (&record["fuel"], &json!("live")));
    assert!(!after.to_string().contains("ann@shop.example"), "{after}");
    api.post(&format!("{place}/replay"), &json!({})).refused(409, "PERSONAL_GONE");

    // What comes after is recorded under a new key.
    let next = merchant.quote(&server, "ben");
    let record = record_of(&api, "shop", &next);
    let replayed = api.post(&format!("/v1/shops/shop/records/{}/replay", id(&record)), &json!({})).ok();
    assert_eq!(replayed["same"], true, "{replayed}");
}

#[test]
fn what_a_plugin_logs_its_merchant_reads_and_nobody_else() {
    let platform = Platform::sqlite();
    let server = platform.serve("one");
    let merchant = Merchant::open(&platform, &server, "shop", &quoting(500));
    let hostile = component("hostile");
    platform.cli(&server, &["publish", hostile.to_str().expect("a path")]).done();
    let api = server.api(&merchant.admin);
    let body = json!({ "package": "hostile", "version": "0.1.0", "settings": { "run": "floodLog" } });
    let made = api.post(&merchant.install("/revisions"), &body).ok();
    merchant.activate(&api, made["number"].as_i64().expect("a number"));
    let answer = merchant.quote(&server, "ann");
    assert_eq!(answer.ok()["fallback"]["code"], "LOG_TOO_LARGE", "{answer}");
    let logs = until("its log is there", || Some(api.list("/v1/shops/shop/logs")).filter(|logs| !logs.is_empty()));
    assert_eq!(logs.len(), 1, "{logs:?}");
    assert_eq!(logs[0]["requestId"].as_str(), answer.headers.get("x-request-id").map(String::as_str));
    assert!(logs[0]["log"].as_str().is_some_and(|log| log.starts_with("info flood ")), "{logs:?}");
    platform.cli_as(&server, &merchant.admin, &["logs", "shop", "--install", "quotes"]).done().says("flood");
    server.api(&merchant.checkout).get("/v1/shops/shop/logs").refused(403, "FORBIDDEN");
    let stranger = Merchant { shop: "stranger".into(), ..merchant.clone() };
    server.api(&platform.token).post("/v1/shops", &json!({ "id": "stranger", "name": "Stranger" })).ok();
    let made =
        server.api(&platform.token).post(&stranger.path("/tokens"), &json!({ "kind": "shopAdmin", "label": "x" })).ok();
    server.api(made["secret"].as_str().expect("a secret")).get("/v1/shops/shop/logs").refused(403, "FORBIDDEN");
}
