//! `kill -9`: a process that writes what it can and says what was acknowledged is killed at any moment; each acknowledged thing is there, and
//! nothing is there by half.

use crate::place::{Place, me, new_install, new_revision, new_version, on_both, package, shop};
use cartwright_store::{
    Action, JobState, NewJob, NewPackageVersion, Page, RecordFilter, RecordStage, Shard, ShardFilter, ShardState,
    Stage, Store, StoreOptions, StoredRecord,
};
use cartwright_test_services::{Postgres, or_leave_out};
use serde_json::json;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const URL: &str = "CARTWRIGHT_STORE_CRASH_URL";
const ROUND: &str = "CARTWRIGHT_STORE_CRASH_ROUND";
const BATCH: usize = 40;

on_both! {
    what_a_killed_process_acknowledged_is_there_and_nothing_by_half,
}

/// Not a test: what the tests start and kill.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the other tests kill"]
async fn the_process_that_is_killed() {
    let url = std::env::var(URL).expect("started by the other tests only");
    let round = std::env::var(ROUND).unwrap();
    let mut options = StoreOptions::new(url);
    options.timeout = Duration::from_mins(1);
    options.acquire_timeout = Duration::from_mins(1);
    let store = Store::open(options).await.unwrap();
    let (a, b, c) = (store.clone(), store.clone(), store);
    let (r1, r2, r3) = (round.clone(), round.clone(), round);
    // An error ends the process: then the server was killed.
    let _ = tokio::try_join!(
        tokio::spawn(async move { releases(&a, &r1).await }),
        tokio::spawn(async move { records(&b, &r2).await }),
        tokio::spawn(async move { backtests(&c, &r3).await }),
    );
    panic!("it goes on until it is killed");
}

fn component(version: &str) -> Vec<u8> {
    version.bytes().cycle().take(50_000).collect()
}

async fn releases(store: &Store, round: &str) {
    let install = store.install_of("s", "rates").await.unwrap();
    for number in 0.. {
        let version = format!("{round}-{number}");
        let new = new_version("rates", &version, &format!("sha256:{version}"));
        store.publish(&me(), &new, &component(&version)).await.unwrap();
        println!("\npublished {version}");
        let revision = cartwright_store::NewRevision { package_version: version.clone(), ..new_revision(&version) };
        let made = store.add_revision(&me(), &install.id, &revision, None).await.unwrap().it.head.number;
        println!("\ndrafted {made}");
        store.stage(&me(), &install.id, Stage::Shadow { revision: Some(made) }, None, None).await.unwrap();
        let live = store.stage(&me(), &install.id, Stage::Live { revision: Some(made) }, None, None).await.unwrap();
        println!("\nlive {made} {}", live.version);
    }
}

async fn records(store: &Store, round: &str) {
    for number in 0.. {
        let batch = format!("{round}-{number}");
        let records: Vec<_> = (0..BATCH).map(|at| record(&batch, at)).collect();
        store.append_records(&records).await.unwrap();
        println!("\nrecorded {batch}");
    }
}

fn record(batch: &str, number: usize) -> StoredRecord {
    StoredRecord {
        id: format!("{batch}-{number}"),
        at_millis: 1,
        shop: "s".to_owned(),
        hook: "shipping-quote".to_owned(),
        stage: RecordStage::Live,
        installs: vec![],
        plugins: json!([]),
        fallback: None,
        fuel: 1,
        micros: 1,
        summary: json!({}),
        request_id: Some(batch.to_owned()),
        form: 1,
        body: component(batch),
        sealed: None,
        log: None,
    }
}

async fn backtests(store: &Store, round: &str) {
    loop {
        let shards = (1..4).map(|n| Shard { first: n, last: n, count: 1 }).collect();
        let new = NewJob { id: None, shop: "s".into(), document: json!({"round": round}), shards };
        let job = store.create_job(&me(), &new).await.unwrap().it;
        println!("\njob {}", job.id);
        while let Some(claim) = store.claim_shard(Some(&job.id), round, 600, 3).await.unwrap() {
            store.finish_shard(&claim, round.as_bytes()).await.unwrap();
            println!("\nshard {} {}", job.id, claim.number);
        }
    }
}

fn start(url: &str, round: usize, errors: &File) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::the_process_that_is_killed", "--ignored", "--nocapture", "--test-threads=1"])
        .env(URL, url)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(errors.try_clone().unwrap())
        .spawn()
        .unwrap()
}

fn said(errors: &mut File) -> String {
    let mut said = String::new();
    errors.rewind().unwrap();
    errors.read_to_string(&mut said).unwrap();
    said
}

/// What the child acknowledged before it was killed, some moment after it began to.
fn run_and_kill(url: &str, round: usize, kill: impl FnOnce(&mut Child)) -> Vec<String> {
    let mut errors = tempfile::tempfile().unwrap();
    let mut child = start(url, round, &errors);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).split(b'\n');
    let mut acknowledged = Vec::new();
    let mut keep = |line: Vec<u8>| {
        let line = String::from_utf8(line).unwrap();
        let known = ["published ", "drafted ", "live ", "recorded ", "job ", "shard "];
        if known.iter().any(|word| line.starts_with(word)) {
            acknowledged.push(line);
        }
        // Of each kind at least one.
        ["live ", "recorded ", "shard "].iter().all(|word| acknowledged.iter().any(|line| line.starts_with(word)))
    };
    while !keep(lines.next().unwrap_or_else(|| panic!("it ended by itself: {}", said(&mut errors))).unwrap()) {}
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
    // The moment is chance; what follows holds at any.
    std::thread::sleep(Duration::from_micros(u64::from(nanos % 400_000)));
    kill(&mut child);
    // The last line may be cut short by the kill: it is a line only with its end.
    let rest: Vec<_> = lines.map(Result::unwrap).collect();
    child.wait().unwrap();
    let whole = rest.len().saturating_sub(1);
    for line in rest.into_iter().take(whole) {
        keep(line);
    }
    acknowledged
}

async fn what_a_killed_process_acknowledged_is_there_and_nothing_by_half(place: Place) {
    let store = place.open().await;
    prepare(&store).await;
    for round in 0..4 {
        let url = place.url.clone();
        let kill = |child: &mut Child| child.kill().unwrap();
        let acknowledged = tokio::task::spawn_blocking(move || run_and_kill(&url, round, kill)).await.unwrap();
        check(&place.open().await, &acknowledged).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_postgres_acknowledged_is_there_and_nothing_by_half() {
    let Some(postgres) = or_leave_out(Postgres::start()) else { return };
    let url = postgres.database();
    prepare(&Store::open(StoreOptions::new(&url)).await.unwrap()).await;
    let mut acknowledged = Vec::new();
    tokio::task::block_in_place(|| {
        acknowledged = run_and_kill(&url, 0, |child| {
            postgres.kill();
            child.kill().unwrap();
        });
    });
    postgres.start_again();
    check(&Store::open(StoreOptions::new(&url)).await.unwrap(), &acknowledged).await;
}

async fn prepare(store: &Store) {
    shop(store, "s").await;
    package(store).await;
    store.create_install(&me(), &new_install("s", "rates")).await.unwrap();
}

async fn check(store: &Store, acknowledged: &[String]) {
    // A PostgreSQL may still be at what it was sent before the client died: wait behind it, in each of the store's queues.
    store.add_audit(&me(), "test.waited", None, "", json!({})).await.unwrap();
    store.take_lease("test", "test", 0).await.unwrap();
    let shop = ShardFilter { shop: "s".into(), hook: "x".into(), stage: None, since_millis: 0, until_millis: 1 };
    store.shards(&shop, 1).await.unwrap();

    assert!(acknowledged.len() >= 3, "{acknowledged:?}");
    let install = store.install_of("s", "rates").await.unwrap();
    for line in acknowledged {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["published", version] => {
                let there = store.package_version("rates", version).await.unwrap();
                assert_eq!(store.component(&there.digest).await.unwrap(), component(version));
            }
            ["drafted", number] => {
                assert!(store.revision(&install.id, number.parse().unwrap()).await.is_ok(), "{line}");
            }
            ["live", number, version] => {
                assert!(install.live >= Some(number.parse().unwrap()), "{line}: {install:?}");
                assert!(install.version >= version.parse::<i64>().unwrap(), "{line}: {install:?}");
            }
            ["recorded", batch] => {
                let there = store.record("s", &format!("{batch}-{}", BATCH - 1)).await.unwrap();
                assert_eq!(there.body, component(batch));
            }
            ["job", id] => assert_eq!(store.job(id).await.unwrap().shards, 3),
            ["shard", id, number] => {
                let shard = store.shard_results(id, number.parse().unwrap(), 1).await.unwrap().remove(0);
                assert!(shard.state == ShardState::Done && shard.result.is_some(), "{line}");
            }
            _ => panic!("{line}"),
        }
    }
    nothing_by_half(store).await;
}

async fn nothing_by_half(store: &Store) {
    // Each version has its bytes.
    let mut page = Page::first(200);
    loop {
        let part = store.package_versions("rates", &page).await.unwrap();
        for NewPackageVersion { version, digest, .. } in
            part.items.iter().map(|v| new_version("rates", &v.version, &v.digest))
        {
            if version != "1.0.0" {
                assert_eq!(store.component(&digest).await.unwrap(), component(&version));
            }
        }
        match part.next {
            Some(next) => page = Page::after(next, 200),
            None => break,
        }
    }
    // Install, revisions, history, outbox and audit log tell the same.
    let install = store.install_of("s", "rates").await.unwrap();
    let revisions = store.revisions(&install.id, &Page::first(1)).await.unwrap().items;
    assert_eq!(revisions[0].number, install.newest);
    let mut history: HashMap<Action, i64> = HashMap::new();
    let (mut lines, mut last_live, mut page) = (0, None, Page::first(200));
    loop {
        let part = store.history(&install.id, &page).await.unwrap();
        for line in part.items {
            lines += 1;
            *history.entry(line.action).or_default() += 1;
            if line.action == Action::Activated && last_live.is_none() {
                last_live = line.revision;
            }
        }
        match part.next {
            Some(next) => page = Page::after(next, 200),
            None => break,
        }
    }
    assert_eq!(install.live, last_live);
    // Each line came with one version of the install, but for a candidate of the round before that the next one replaced.
    assert_eq!(install.version, lines - history.remove(&Action::Withdrawn).unwrap_or_default());
    let mut told: HashMap<Action, i64> = HashMap::new();
    let mut after = 0;
    loop {
        let part = store.changes(after, 1000).await.unwrap().items;
        let Some(last) = part.last() else { break };
        after = last.seq;
        for action in part.iter().filter_map(|change| change.action) {
            *told.entry(action).or_default() += 1;
        }
    }
    assert_eq!(told, history);
    // Batches are there whole or not at all.
    let mut batches: HashMap<String, usize> = HashMap::new();
    let filter = RecordFilter { shop: "s".to_owned(), ..RecordFilter::default() };
    let mut page = Page::first(200);
    loop {
        let part = store.records(&filter, &page).await.unwrap();
        for head in part.items {
            *batches.entry(head.request_id.unwrap()).or_default() += 1;
        }
        match part.next {
            Some(next) => page = Page::after(next, 200),
            None => break,
        }
    }
    assert!(!batches.is_empty() && batches.values().all(|count| *count == BATCH), "{batches:?}");
    // A job's count is that of its shards.
    let mut page = Page::first(200);
    loop {
        let part = store.jobs("s", &page).await.unwrap();
        for job in part.items {
            let shards = store.shard_results(&job.id, 0, 10).await.unwrap();
            let done = shards.iter().filter(|shard| shard.state == ShardState::Done).count() as i64;
            assert_eq!((shards.len() as i64, done), (job.shards, job.shards_done));
            assert_eq!(job.state == JobState::Worked, done == job.shards);
        }
        match part.next {
            Some(next) => page = Page::after(next, 200),
            None => break,
        }
    }
}
