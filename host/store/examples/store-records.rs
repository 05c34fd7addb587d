//! What the store costs, on SQLite and on PostgreSQL: records of 8 kB a second, changes a second, and reading 10,000 installs at a server's start.
//!
//! `cargo run --release -p cartwright-store --example store-records [INSTALLS]`

#![allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)] // counts of a bench

use cartwright_store::{
    Actor, NewInstall, NewPackageVersion, NewRevision, NewShop, Page, RecordFilter, RecordStage, ShardFilter, Stage,
    Store, StoreOptions, StoredRecord,
};
use cartwright_test_services::{Postgres, or_leave_out};
use std::time::{Duration, Instant};

const PACKAGES: usize = 50;
const SHOPS: usize = 2000;
const SECONDS: u64 = 5;

#[tokio::main]
async fn main() {
    let installs = std::env::args().nth(1).map_or(10_000, |count| count.parse().expect("a number of installs"));
    println!("| store | what | |\n|---|---|---|");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    measure("SQLite", &url, installs).await;
    if let Some(postgres) = or_leave_out(Postgres::shared()) {
        measure("PostgreSQL", &postgres.database(), installs).await;
    }
}

async fn measure(name: &str, url: &str, installs: usize) {
    let mut options = StoreOptions::new(url);
    options.timeout = Duration::from_mins(1);
    options.acquire_timeout = Duration::from_mins(1);
    let store = Store::open(options.clone()).await.expect("a store");
    for (size, writers) in [(1, 1), (64, 1), (256, 1), (256, 2)] {
        let began = Instant::now();
        let tasks: Vec<_> = (0..writers)
            .map(|writer| tokio::spawn(append(store.clone(), format!("{size}-{writers}-{writer}"), size)))
            .collect();
        let mut count = 0;
        for task in tasks {
            count += task.await.expect("a writer");
        }
        let each = count as f64 / began.elapsed().as_secs_f64();
        println!("| {name} | records/s, {writers} writer(s), batches of {size} | {each:.0} |");
    }
    read(name, &store).await;
    install(name, &store, installs).await;

    let store = Store::open(options).await.expect("a store");
    for time in ["first", "second"] {
        let began = Instant::now();
        let mut live = 0;
        store.installs_all(|one| live += usize::from(one.live.is_some())).await.expect("installs");
        assert_eq!(live, installs);
        println!(
            "| {name} | reading {installs} installs, {time} time | {:.0} ms |",
            began.elapsed().as_secs_f64() * 1e3
        );
    }
    let began = Instant::now();
    for number in 0..200 {
        store.installed(&shop(number * 7 % SHOPS)).await.expect("a shop's installs");
    }
    println!("| {name} | what one shop has installed | {:.0} µs |", began.elapsed().as_secs_f64() * 1e6 / 200.0);
}

async fn append(store: Store, name: String, size: usize) -> usize {
    let mut noise = 1_u32;
    // Bodies that do not compress, as the records crate's own are compressed.
    let body: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 24) as u8
    })
    .take(8192)
    .collect();
    let (began, mut count) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(SECONDS) {
        let batch: Vec<_> = (count..count + size)
            .map(|number| StoredRecord {
                id: format!("{name}-{number}"),
                at_millis: number as i64,
                shop: shop(number % 10),
                hook: "shipping-quote".to_owned(),
                stage: RecordStage::Live,
                installs: vec!["019a0000-0000-7000-8000-000000000000".to_owned()],
                plugins: serde_json::json!([{"digest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]),
                fallback: None,
                fuel: 1_150_000,
                micros: 85,
                summary: serde_json::json!({"options": 6}),
                request_id: Some(format!("{number:032x}")),
                form: 1,
                body: body.clone(),
                sealed: None,
                log: None,
            })
            .collect();
        store.append_records(&batch).await.expect("appended");
        count += size;
    }
    count
}

async fn read(name: &str, store: &Store) {
    let filter = RecordFilter { shop: shop(3), ..RecordFilter::default() };
    let began = Instant::now();
    for _ in 0..50 {
        store.records(&filter, &Page::first(50)).await.expect("records");
    }
    println!("| {name} | a page of 50 records | {:.2} ms |", began.elapsed().as_secs_f64() * 1e3 / 50.0);
    let filter = ShardFilter {
        shop: shop(3),
        hook: "shipping-quote".to_owned(),
        stage: None,
        since_millis: 0,
        until_millis: i64::MAX,
    };
    let began = Instant::now();
    let shards = store.shards(&filter, 500).await.expect("shards");
    let count: i64 = shards.iter().map(|shard| shard.count).sum();
    println!("| {name} | cutting {count} records into shards | {:.0} ms |", began.elapsed().as_secs_f64() * 1e3);
    let (began, mut read) = (Instant::now(), 0);
    for shard in shards.iter().take(10) {
        read += store.shard_records(&filter, shard, 0, 500).await.expect("a shard").len();
    }
    println!("| {name} | records/s read by shard | {:.0} |", read as f64 / began.elapsed().as_secs_f64());
}

async fn install(name: &str, store: &Store, installs: usize) {
    let actor = Actor::new("bench");
    for number in 0..PACKAGES {
        let new = NewPackageVersion {
            package: format!("package-{number}"),
            version: "1.0.0".to_owned(),
            digest: format!("sha256:{number:064x}"),
            hooks: vec!["shipping-quote".to_owned()],
            manifest: serde_json::json!({}),
            schema: None,
            author: None,
            signature: None,
        };
        store.publish(&actor, &new, &number.to_le_bytes()).await.expect("published");
    }
    for number in 0..SHOPS {
        let document = serde_json::json!({"currency": "USD"});
        let new = NewShop { id: shop(number), name: shop(number), class: "standard".to_owned(), document };
        store.create_shop(&actor, &new).await.expect("a shop");
    }
    let (began, mut slowest) = (Instant::now(), Duration::ZERO);
    for number in 0..installs {
        let settings = format!("{{\"rows\":[{}{number}]}}", "1234567,".repeat(250));
        let new = NewInstall {
            id: None,
            shop: shop(number % SHOPS),
            hook: "shipping-quote".to_owned(),
            name: format!("install-{number}"),
            position: None,
            policy: None,
            revision: NewRevision {
                package: format!("package-{}", number % PACKAGES),
                package_version: "1.0.0".to_owned(),
                settings,
                settings_digest: format!("sha256:{number:064x}"),
                note: None,
                once: None,
            },
        };
        let made = store.create_install(&actor, &new).await.expect("installed").it;
        let switching = Instant::now();
        store.stage(&actor, &made.id, Stage::Live { revision: None }, Some(made.version), None).await.expect("live");
        slowest = slowest.max(switching.elapsed());
    }
    let each = (installs * 2) as f64 / began.elapsed().as_secs_f64();
    println!("| {name} | changes/s, one after the other (installs and activations) | {each:.0} |");
    println!("| {name} | the slowest activation of {installs} | {:.1} ms |", slowest.as_secs_f64() * 1e3);
}

fn shop(number: usize) -> String {
    format!("shop-{number}")
}
