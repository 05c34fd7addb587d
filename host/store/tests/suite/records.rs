use crate::place::{Place, START, on_both};
use cartwright_store::{
    Listed, Page, RecordFilter, RecordHead, RecordStage, ShardFilter, Stats, Store, StoreError, StoredRecord,
};
use serde_json::json;

on_both! {
    a_record_comes_back_as_it_was_given,
    a_batch_that_is_repeated_is_there_once,
    records_are_found_by_each_filter,
    the_newest_comes_first_whatever_the_clock_said,
    shards_cover_each_record_once_and_do_not_grow,
    pruning_takes_the_old_ones_of_the_shop_only,
    stats_add_up_and_a_repeated_batch_does_not_count,
    stats_of_two_replicas_at_once_all_count,
}

const HOUR: i64 = 3_600_000;

fn record(number: i64) -> StoredRecord {
    StoredRecord {
        id: format!("r{number:04}"),
        at_millis: START * 1000 + number * HOUR,
        shop: "s".to_owned(),
        hook: "shipping-quote".to_owned(),
        stage: RecordStage::Live,
        installs: vec!["i-1".to_owned(), "i-2".to_owned()],
        plugins: json!([{"digest": "sha256:10"}]),
        fallback: None,
        fuel: 1 << 40,
        micros: 85,
        summary: json!({"options": 6}),
        request_id: Some("q".to_owned()),
        form: 1,
        body: (0..=255).cycle().take(8000).collect(),
        sealed: None,
        log: None,
    }
}

fn all() -> RecordFilter {
    RecordFilter { shop: "s".to_owned(), ..RecordFilter::default() }
}

fn ids(listed: &Listed<RecordHead>) -> Vec<&str> {
    listed.items.iter().map(|head| &head.id[..]).collect()
}

async fn a_record_comes_back_as_it_was_given(place: Place) {
    let store = place.open().await;
    let whole = StoredRecord {
        fallback: Some("timed-out".to_owned()),
        sealed: Some(vec![0, 1, 2]),
        log: Some("a line\nanother".to_owned()),
        ..record(1)
    };
    let bare = StoredRecord { installs: vec![], request_id: None, body: vec![], ..record(2) };
    store.append_records(&[whole.clone(), bare.clone()]).await.unwrap();
    assert_eq!(store.record("s", "r0001").await.unwrap(), whole);
    assert_eq!(store.record("s", "r0002").await.unwrap(), bare);
    assert!(matches!(store.record("t", "r0001").await, Err(StoreError::NotFound { .. })), "another shop's");
    let logs = store.record_logs(&all(), &Page::default()).await.unwrap().items;
    assert_eq!((logs.len(), &logs[0].log[..]), (1, "a line\nanother"));
}

async fn a_batch_that_is_repeated_is_there_once(place: Place) {
    let store = place.open().await;
    let batch: Vec<_> = (0..70).map(record).collect();
    store.append_records(&batch[..50]).await.unwrap();
    store.append_records(&batch).await.unwrap();
    store.append_records(&[]).await.unwrap();
    assert_eq!(store.records(&all(), &Page::first(200)).await.unwrap().items.len(), 70);
}

async fn records_are_found_by_each_filter(place: Place) {
    let store = place.open().await;
    let mut batch: Vec<_> = (0..6).map(record).collect();
    batch[1].hook = String::from("order-routing");
    batch[2].stage = RecordStage::Shadow;
    batch[3].fallback = Some("refused".to_owned());
    batch[4].installs = vec!["i-22".to_owned()];
    batch[5].shop = String::from("t");
    store.append_records(&batch).await.unwrap();
    let found = async |filter: RecordFilter| {
        let listed = store.records(&filter, &Page::default()).await.unwrap();
        ids(&listed).join(" ")
    };
    assert_eq!(found(all()).await, "r0004 r0003 r0002 r0001 r0000");
    assert_eq!(found(RecordFilter { hook: Some("order-routing".into()), ..all() }).await, "r0001");
    assert_eq!(found(RecordFilter { stage: Some(RecordStage::Shadow), ..all() }).await, "r0002");
    assert_eq!(found(RecordFilter { fallback: Some(true), ..all() }).await, "r0003");
    assert_eq!(found(RecordFilter { fallback: Some(false), ..all() }).await, "r0004 r0002 r0001 r0000");
    assert_eq!(found(RecordFilter { install: Some("i-22".into()), ..all() }).await, "r0004");
    assert_eq!(found(RecordFilter { install: Some("i-2".into()), ..all() }).await, "r0003 r0002 r0001 r0000");
    assert_eq!(found(RecordFilter { install: Some("%".into()), ..all() }).await, "", "no pattern of the caller's");
    let at = |number: i64| Some(START * 1000 + number * HOUR);
    let between = RecordFilter { since_millis: at(1), until_millis: at(3), ..all() };
    assert_eq!(found(between.clone()).await, "r0002 r0001");
    let everything = RecordFilter {
        hook: Some("shipping-quote".into()),
        install: Some("i-1".into()),
        stage: Some(RecordStage::Shadow),
        fallback: Some(false),
        ..between
    };
    assert_eq!(found(everything).await, "r0002");
    assert_eq!(found(RecordFilter { shop: "s' OR '1'='1".into(), ..all() }).await, "");
}

async fn the_newest_comes_first_whatever_the_clock_said(place: Place) {
    let store = place.open().await;
    let mut batch: Vec<_> = (0..9).map(record).collect();
    for (number, record) in batch.iter_mut().enumerate() {
        record.at_millis = START * 1000 - (number as i64 % 3) * HOUR;
    }
    store.append_records(&batch).await.unwrap();
    let first = store.records(&all(), &Page::first(5)).await.unwrap();
    assert_eq!(ids(&first), ["r0008", "r0007", "r0006", "r0005", "r0004"]);
    store.append_records(&[record(50)]).await.unwrap();
    let second = store.records(&all(), &Page::after(first.next.unwrap(), 5)).await.unwrap();
    assert_eq!((ids(&second), &second.next), (vec!["r0003", "r0002", "r0001", "r0000"], &None));
}

async fn shard_ids(store: &Store, filter: &ShardFilter, size: u32) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for shard in store.shards(filter, size).await.unwrap() {
        let (mut ids, mut after) = (Vec::new(), 0);
        loop {
            let part = store.shard_records(filter, &shard, after, 3).await.unwrap();
            let Some((last, _)) = part.last() else { break };
            after = *last;
            ids.extend(part.into_iter().map(|(_, record)| record.id));
        }
        assert_eq!(ids.len() as i64, shard.count);
        out.push(ids);
    }
    out
}

async fn shards_cover_each_record_once_and_do_not_grow(place: Place) {
    let store = place.open().await;
    let mut batch: Vec<_> = (0..40).map(record).collect();
    for (number, record) in batch.iter_mut().enumerate() {
        match number % 8 {
            3 => record.hook = String::from("order-routing"),
            5 => record.shop = String::from("t"),
            7 => record.stage = RecordStage::Shadow,
            _ => {}
        }
    }
    store.append_records(&batch).await.unwrap();
    let filter = ShardFilter {
        shop: "s".to_owned(),
        hook: "shipping-quote".to_owned(),
        stage: Some(RecordStage::Live),
        since_millis: batch[2].at_millis,
        until_millis: batch[38].at_millis,
    };
    let wanted: Vec<String> = (2..38).filter(|n| ![3, 5, 7].contains(&(n % 8))).map(|n| record(n).id).collect();
    let shards = shard_ids(&store, &filter, 7).await;
    assert_eq!(shards.concat(), wanted);
    assert_eq!(shards.iter().map(Vec::len).collect::<Vec<_>>(), [7, 7, 7, 1]);
    let cut = store.shards(&filter, 7).await.unwrap();
    let late = StoredRecord { id: "late".to_owned(), ..record(10) };
    store.append_records(&[late]).await.unwrap();
    let mut counted = 0;
    for shard in &cut {
        counted += store.shard_records(&filter, shard, 0, 100).await.unwrap().len();
    }
    assert_eq!(counted, wanted.len(), "what is written later is in no shard that was cut before");
    assert!(store.shards(&ShardFilter { hook: "none".into(), ..filter.clone() }, 7).await.unwrap().is_empty());
    assert!(matches!(store.shards(&filter, 0).await, Err(StoreError::Invalid { field: "size", .. })));
}

async fn pruning_takes_the_old_ones_of_the_shop_only(place: Place) {
    let store = place.open().await;
    let mut batch: Vec<_> = (0..10).map(record).collect();
    batch[0].shop = String::from("t");
    store.append_records(&batch).await.unwrap();
    let before = record(4).at_millis;
    assert_eq!(store.prune_records(Some("s"), before, 2).await.unwrap(), 2);
    assert_eq!(store.prune_records(Some("s"), before, 2).await.unwrap(), 1);
    assert_eq!(store.records(&all(), &Page::default()).await.unwrap().items.len(), 6);
    assert!(store.record("t", "r0000").await.is_ok());
    assert_eq!(store.prune_records(None, before, 100).await.unwrap(), 1);
    assert!(store.record("t", "r0000").await.is_err());
}

fn stats(minute: i64, calls: i64) -> Stats {
    let (install, stage) = ("i-1".to_owned(), RecordStage::Canary);
    Stats { install, revision: 2, stage, minute, calls, errors: 1, fallbacks: 2, slow: 3, different: 4, micros: 900 }
}

async fn stats_add_up_and_a_repeated_batch_does_not_count(place: Place) {
    let store = place.open().await;
    store.add_stats("b1", &[stats(START, 10), stats(START + 60, 1)]).await.unwrap();
    store.add_stats("b2", &[stats(START + 59, 5)]).await.unwrap();
    store.add_stats("b2", &[stats(START, 5)]).await.unwrap();
    let minutes = store.stats("i-1", START, START + 600).await.unwrap();
    assert_eq!(
        minutes.iter().map(|m| (m.minute - START, m.calls, m.micros)).collect::<Vec<_>>(),
        [(0, 15, 1800), (60, 1, 900)]
    );
    let sum = store.stats_sum("i-1", 2, RecordStage::Canary, START).await.unwrap();
    assert_eq!((sum.calls, sum.errors, sum.fallbacks, sum.slow, sum.different), (16, 3, 6, 9, 12));
    let none = store.stats_sum("i-1", 3, RecordStage::Canary, START).await.unwrap();
    assert_eq!((none.calls, none.revision), (0, 3));
    assert_eq!(store.prune_stats(START + 60).await.unwrap(), 1);
    assert_eq!(store.stats("i-1", 0, START + 600).await.unwrap().len(), 1);
}

async fn stats_of_two_replicas_at_once_all_count(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let add = async |store: &Store, name: &str| {
        for number in 0..10 {
            store.add_stats(&format!("{name}{number}"), &[stats(START, 1), stats(START + 60, 1)]).await.unwrap();
        }
    };
    tokio::join!(add(&store, "a"), add(&other, "b"));
    assert_eq!(store.stats_sum("i-1", 2, RecordStage::Canary, START).await.unwrap().calls, 40);
}
