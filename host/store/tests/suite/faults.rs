//! A store that is down, hangs, is full, locked, newer, or opened by several at once.

use crate::place::{Place, me, new_shop, new_version, on_both, shop};
use cartwright_store::{Page, Store, StoreError, StoreOptions};
use cartwright_test_services::{Postgres, or_leave_out};
use sqlx::Connection as _;
use std::time::{Duration, Instant};

on_both! {
    several_may_bring_the_schema_up_to_date_at_once,
    software_that_is_one_migration_older_keeps_working,
    a_store_that_needs_newer_software_is_refused_with_both_numbers,
}

async fn several_may_bring_the_schema_up_to_date_at_once(place: Place) {
    let opening: Vec<_> = (0..4).map(|_| tokio::spawn(Store::open(place.options()))).collect();
    for (number, opening) in opening.into_iter().enumerate() {
        shop(&opening.await.unwrap().unwrap(), &format!("s{number}")).await;
    }
    assert_eq!(place.open().await.shops(&Page::default()).await.unwrap().items.len(), 4);
}

async fn execute(place: &Place, sql: &'static str) {
    sqlx::any::install_default_drivers();
    let url = place.url.replace(' ', "%20");
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn software_that_is_one_migration_older_keeps_working(place: Place) {
    let running = place.open().await;
    let (number, needs) = running.schema().await.unwrap();
    assert!(needs <= number);
    execute(&place, "ALTER TABLE shops ADD COLUMN region TEXT; CREATE TABLE regions (id TEXT); UPDATE schema SET number = number + 1").await;
    shop(&running, "s").await;
    let opened = place.open().await;
    assert_eq!(opened.shop("s").await.unwrap().id, "s");
    assert_eq!(opened.schema().await.unwrap(), (number + 1, needs));
}

async fn a_store_that_needs_newer_software_is_refused_with_both_numbers(place: Place) {
    let known = place.open().await.schema().await.unwrap().0;
    execute(&place, "UPDATE schema SET number = 90, needs = 89").await;
    let refused = Store::open(place.options()).await.unwrap_err();
    assert_eq!(refused, StoreError::TooNew { found: 90, needed: 89, known });
}

fn impatient(url: &str) -> StoreOptions {
    let mut options = StoreOptions::new(url);
    options.acquire_timeout = Duration::from_secs(1);
    options.timeout = Duration::from_secs(2);
    options
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_down_is_unavailable_soon_and_works_again_when_it_is_back() {
    let Some(postgres) = or_leave_out(Postgres::start()) else { return };
    let store = Store::open(impatient(&postgres.database())).await.unwrap();
    shop(&store, "before").await;
    postgres.stop();
    let began = Instant::now();
    for _ in 0..3 {
        let down = store.create_shop(&me(), &new_shop("while")).await.unwrap_err();
        assert!(down.is_unavailable(), "{down}");
        assert!(store.shop("before").await.unwrap_err().is_unavailable());
    }
    assert!(began.elapsed() < Duration::from_secs(13), "nobody waits longer than the timeout: {:?}", began.elapsed());
    postgres.start_again();
    assert!(store.create_shop(&me(), &new_shop("after")).await.unwrap().created);
    assert_eq!(store.shops(&Page::default()).await.unwrap().items.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_hangs_is_unavailable_within_the_timeout_and_works_again() {
    let Some(postgres) = or_leave_out(Postgres::start()) else { return };
    let store = Store::open(impatient(&postgres.database())).await.unwrap();
    shop(&store, "before").await;
    postgres.pause();
    let began = Instant::now();
    let calls: Vec<_> = (0..20)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.create_shop(&me(), &new_shop(&format!("s{number}"))).await })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap().unwrap_err().is_unavailable());
    }
    assert!(began.elapsed() < Duration::from_secs(5), "they wait together: {:?}", began.elapsed());
    postgres.resume();
    // Connections that hung are thrown away; it may take one or two calls.
    let mut tries = 0;
    while let Err(error) = store.shop("before").await {
        tries += 1;
        assert!(error.is_unavailable() && tries < 10, "{error}");
    }
    assert!(store.create_shop(&me(), &new_shop("after")).await.is_ok());
}

#[tokio::test]
async fn no_postgres_at_the_start_is_unavailable_and_says_what_to_do() {
    let error = Store::open(impatient("postgres://u:secret@127.0.0.1:1/x")).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    assert!(!error.to_string().contains("secret") && error.to_string().contains("start again"), "{error}");
}

#[tokio::test]
async fn a_full_sqlite_is_unavailable_and_what_is_there_stays_readable() {
    let place = Place::sqlite();
    let mut options = place.options();
    options.sqlite_max_pages = Some(200);
    let store = Store::open(options).await.unwrap();
    shop(&store, "s").await;
    let full = store.publish(&me(), &new_version("rates", "1", "sha256:1"), &vec![1; 2_000_000]).await.unwrap_err();
    assert!(full.is_unavailable() && full.to_string().contains("make room"), "{full}");
    assert!(matches!(store.package_version("rates", "1").await, Err(StoreError::NotFound { .. })), "nothing is left");
    assert_eq!(store.shop("s").await.unwrap().id, "s");
    assert!(store.create_shop(&me(), &new_shop("t")).await.unwrap().created, "what still fits is written");
    let roomy = place.open().await;
    assert!(roomy.publish(&me(), &new_version("rates", "1", "sha256:1"), &vec![1; 2_000_000]).await.unwrap().created);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_that_another_process_holds_is_unavailable_and_then_works() {
    let place = Place::sqlite();
    let store = Store::open(impatient(&place.url)).await.unwrap();
    sqlx::any::install_default_drivers();
    let mut other = sqlx::AnyConnection::connect(&place.url.replace(' ', "%20")).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let busy = store.create_shop(&me(), &new_shop("s")).await.unwrap_err();
    assert!(busy.is_unavailable() && busy.to_string().contains("another process"), "{busy}");
    assert!(store.shops(&Page::default()).await.is_ok(), "readers do not wait");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert!(store.create_shop(&me(), &new_shop("s")).await.unwrap().created);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone_and_so_is_its_journal() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::sqlite();
    let path = place.url.strip_prefix("sqlite:").unwrap();
    std::fs::write(path, b"").unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = place.open().await;
    shop(&store, "s").await;
    for end in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{path}{end}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{end}");
    }
}

#[tokio::test]
async fn what_is_no_store_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let no_folder = format!("sqlite:{}/none/x.db", folder.path().display());
    for (url, why) in
        [("mysql://x", "give `sqlite:PATH`"), ("x.db", "give `sqlite:PATH`"), (&no_folder[..], "folder must exist")]
    {
        let refused = Store::open(StoreOptions::new(url)).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Open { .. }) && refused.to_string().contains(why), "{refused}");
    }
    let file = folder.path().join("not a database");
    std::fs::write(&file, vec![b'x'; 5000]).unwrap();
    let refused = Store::open(StoreOptions::new(format!("sqlite:{}", file.display()))).await.unwrap_err();
    assert!(refused.to_string().contains("not a database"), "{refused}");
    let shown = format!("{:?}", StoreOptions::new("postgres://u:secret@h/d?password=secret"));
    assert!(shown.contains("postgres://u@h/d") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_store_in_memory_works_for_tests() {
    let store = Store::open(StoreOptions::new("sqlite::memory:")).await.unwrap();
    shop(&store, "s").await;
    assert_eq!(store.shop("s").await.unwrap().id, "s");
}
